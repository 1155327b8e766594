"""What a source is: two sides of a range, the files that differ, and their bytes in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias

from recdiff.errors import UnreadableError

SideName: TypeAlias = Literal["old", "new"]

LINK_MODE = "120000"
SUBMODULE_MODE = "160000"


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One side of a file that differs.

    `path` is relative to the repository's root (or the folder's), with `/`, as git knows it: never a path of the
    disk; bytes that are no UTF-8 are kept as surrogates (`os.fsdecode`). `oid` is None where the bytes are on disk.
    """

    path: str
    mode: str
    oid: str | None = None

    @property
    def is_file(self) -> bool:
        """False for symbolic links and submodules, which are reported and never followed."""
        return self.mode not in (LINK_MODE, SUBMODULE_MODE)


class ChangedFile(NamedTuple):
    """A path that differs: added (no old), removed (no new), or modified. Renames are never guessed here.

    `unmerged` is a path that a merge left open; in the index, whose bytes nobody has settled, it `is_open` too.
    """

    old: FileVersion | None
    new: FileVersion | None
    unmerged: bool = False
    is_open: bool = False

    @property
    def path(self) -> str:
        """The new path, or the old one where the file is gone."""
        version = self.new or self.old
        return version.path if version else ""


class Listing(NamedTuple):
    """What differs, in path order, and what was seen and left alone (a line each, for people)."""

    files: tuple[ChangedFile, ...]
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """Where old and new bytes come from. Each method may raise GitError; `close` ends child processes."""

    @property
    def label(self) -> str:
        """The range as people know it: `main...HEAD`, `HEAD → work tree`."""

    @property
    def old_label(self) -> str:
        """The old side's name."""

    @property
    def new_label(self) -> str:
        """The new side's name."""

    def listing(self) -> Listing:
        """The files that differ, without reading them."""

    def prefetch(self, versions: Sequence[FileVersion]) -> None:
        """Ask a partial clone's remote once for every blob of these that is not here; else do nothing."""

    def read(self, versions: Iterable[FileVersion]) -> Iterator[tuple[FileVersion, bytes | UnreadableError]]:
        """The bytes of each version, in the order asked, one at a time; an error stands in for one that fails."""

    def read_root_file(self, name: str, side: SideName) -> bytes | None:
        """A file at the top of one side (`.recdiff.toml`, `pyproject.toml`), or None where it is not there."""

    def read_beside(self, path: str, side: SideName) -> bytes | None:
        """Any other file of one side (a test's source); None where it is not there or cannot be read."""

    def close(self) -> None:
        """End child processes. May be called twice."""
