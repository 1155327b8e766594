"""Which of the files that differ are recordings: their content decides; a path may add to it, never take away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from recdiff.formats import SUFFIXES
from recdiff.sources.base import ChangedFile

_OTHER_SUFFIXES = frozenset(
    (
        ".py", ".pyi", ".pyc", ".ipynb", ".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".lock", ".sh", ".bash",
        ".zsh", ".fish", ".bat", ".ps1", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".css", ".scss", ".html",
        ".htm", ".xml", ".svg", ".c", ".h", ".cc", ".cpp", ".hpp", ".rs", ".go", ".java", ".kt", ".swift", ".rb",
        ".php", ".pl", ".lua", ".sql", ".proto", ".csv", ".tsv", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico",
        ".bmp", ".pdf", ".zip", ".gz", ".xz", ".bz2", ".zst", ".tar", ".whl", ".so", ".dylib", ".dll", ".exe",
        ".bin", ".onnx", ".pt", ".gguf", ".woff", ".woff2", ".ttf", ".otf", ".mp3", ".mp4", ".wav", ".mov", ".db",
        ".sqlite", ".parquet", ".pkl", ".npy", ".npz", ".tf", ".hcl", ".mdx", ".patch", ".diff",
    )
)  # fmt: skip
"""Endings of files that hold no recordings, so that a range of code costs no reading."""

PLACES = {"recordings": SUFFIXES, "cassettes": SUFFIXES | {".yaml", ".yml"}}
"""Names of folders that say that recordings live there, and how the names of those end."""
_SMELL = re.compile(rb'"(?:request|response|__type__|is_streaming)"\s*:')


def is_named_like_a_recording(path: str) -> bool:
    """Whether a file may be a recording, by the ending of its name."""
    return PurePosixPath(path).suffix.lower() not in _OTHER_SUFFIXES


@dataclass(slots=True)
class Candidates:
    """Decides which files are read, and which of those that cannot be read still count as recordings.

    `matches` are the project's own path patterns. Folders in which a recording was found are remembered: a broken
    file beside recordings is a broken recording.
    """

    matches: Callable[[str], bool] | None = None
    folders: set[PurePosixPath] = field(default_factory=set)

    def is_worth_reading(self, changed: ChangedFile) -> bool:
        """Whether a file may be a recording, by its name alone."""
        if self._matched(changed.path):
            return True
        return is_named_like_a_recording(changed.path)

    def found(self, path: str) -> None:
        """Note that the file at this path is a recording."""
        self.folders.add(PurePosixPath(path).parent)

    def smells_of_recording(self, path: str, data: bytes) -> bool:
        """Whether bytes that cannot be parsed were a recording: by the words in them, or by name and neighbours."""
        named = PurePosixPath(path).suffix.lower() in SUFFIXES
        return (named and PurePosixPath(path).parent in self.folders) or _SMELL.search(data[:100_000]) is not None

    def is_placed(self, path: str) -> bool:
        """Whether a path alone says that it is a recording: by the project's word, or by its folder and its ending."""
        named = PurePosixPath(path)
        endings = (endings for place, endings in PLACES.items() if place in named.parts[:-1])
        return self._matched(path) or any(named.suffix.lower() in known for known in endings)

    def _matched(self, path: str) -> bool:
        return self.matches is not None and self.matches(path)
