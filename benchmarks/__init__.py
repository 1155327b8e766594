"""Measurements on real recordings, and what they share: the corpus, and a git repository made from a case.

Nothing here imports recdiff; it is always run as a process of its own, the way a user runs it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"


class RunError(Exception):
    """A program that a benchmark ran ended with an error; the message has its command and its stderr."""


@dataclass(frozen=True)
class Repository:
    """A git repository whose two commits are the two sides of one case."""

    path: Path
    old: str
    new: str

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Run git here and return its stdout. Raises RunError."""
        return _run(["git", *arguments], self.path, stdin)

    def recdiff(self, *arguments: str) -> bytes:
        """Run recdiff from this checkout here and return its stdout. Raises RunError."""
        return _run(recdiff_command(*arguments), self.path)


def environment() -> dict[str, str]:
    """Variables for git and recdiff: the repository's configuration alone, a fixed identity, no terminal.

    Modules are compiled once, as those of an installed package are.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        inherited.pop(name, None)
    return inherited | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Benchmark",
        "GIT_AUTHOR_EMAIL": "benchmark@example.org",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
        "GIT_COMMITTER_NAME": "Benchmark",
        "GIT_COMMITTER_EMAIL": "benchmark@example.org",
        "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "bytecode"),
        "PYTHONIOENCODING": "utf-8",
    }


def recdiff_command(*arguments: str) -> list[str]:
    """The command line that runs recdiff from this checkout."""
    return [sys.executable, "-m", "recdiff", *arguments]


def ogx_cases(corpus: Path) -> list[Path]:
    """The folders of the OGX cases, by name. Raises FileNotFoundError where there is no corpus."""
    folder = corpus / "ogx"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder: give the corpus with --corpus")
    return sorted(case for case in folder.iterdir() if (case / "new").is_dir())


def read_side(case: Path, side: str) -> dict[str, bytes]:
    """Every recording of a case's `old` or `new` side: path inside the repository, content."""
    folder = case / side
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def build_repository(case: Path, folder: Path, *, packed: bool = False) -> Repository:
    """Commit the old side, replace it with the new side, commit. `packed` stores it the way a clone would."""
    folder.mkdir(parents=True)
    _run(["git", "init", "--quiet", "--initial-branch=main"], folder)
    commits = []
    for side in ("old", "new"):
        for entry in folder.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry)
        if (case / side).is_dir():
            shutil.copytree(case / side, folder, dirs_exist_ok=True)
        # With an empty index git reads every file: copies keep the corpus' times, and some keep their size.
        _run(["git", "read-tree", "--empty"], folder)
        _run(["git", "-c", "core.autocrlf=false", "add", "--all", "--force"], folder)
        _run(["git", "commit", "--quiet", "--allow-empty", "--message", f"{case.name}: {side}"], folder)
        commits.append(_run(["git", "rev-parse", "HEAD"], folder).decode().strip())
    if packed:
        _run(["git", "gc", "--quiet"], folder)
    return Repository(folder, *commits)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first column to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = []
    for row in (header, *rows):
        cells = [
            cell.ljust(width) if column == 0 or not _is_number(cell) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit() or cell[:1] == "-"


def run_recdiff(arguments: Sequence[str], folder: Path) -> bytes:
    """Run recdiff from this checkout in any folder and return its stdout. Raises RunError."""
    return _run(recdiff_command(*arguments), folder)


def ended(command: Sequence[str], code: int, stderr: bytes) -> str:
    """One line for a program that ended with an error: the command, the code, and the last line that it said."""
    lines = stderr.decode("utf-8", "replace").split("\n")
    said = next((line.strip() for line in reversed(lines) if line.strip()), "no message")
    return f"{' '.join(command[1:4])} ended with {code}: {said[:300]}"


def _run(command: Sequence[str], folder: Path, stdin: bytes = b"") -> bytes:
    done = subprocess.run(command, cwd=folder, env=environment(), input=stdin, capture_output=True, check=False)
    if done.returncode:
        raise RunError(ended(command, done.returncode, done.stderr))
    return done.stdout
