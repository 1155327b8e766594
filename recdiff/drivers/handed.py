"""What git hands to a diff program: two files on disk, the path that the repository knows, modes, and a rename.

Source of the format: git's own documentation of GIT_EXTERNAL_DIFF (`git help git`): 7 arguments for a file, 9 for a
rename, 1 for a path that a merge left open. A side that is not there is `/dev/null` with `.` for its id and mode.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from recdiff.errors import UnreadableError, UsageError
from recdiff.gitonce import Content, ask, plain_diff
from recdiff.gitoutput import blob_oid

SUBMODULE = "160000"
LINK = "120000"
_NOWHERE = "/dev/null"


class Unmerged(NamedTuple):
    """A path that a merge left open: git hands over its name alone."""

    path: str


class Handed(NamedTuple):
    """Both sides of one file. `about` is what git says of a rename (`similarity index …`), one line each."""

    old_path: str
    new_path: str
    old: Content | None
    new: Content | None
    about: str = ""

    @property
    def is_file(self) -> bool:
        """Whether both sides are files: links and submodules are no recordings."""
        return all(side is None or side.mode not in (LINK, SUBMODULE) for side in (self.old, self.new))

    @property
    def mode_change(self) -> str | None:
        """`old mode 100644, new mode 100755` where the mode changed, or None."""
        if self.old is None or self.new is None or self.old.mode == self.new.mode:
            return None
        return f"old mode {self.old.mode}, new mode {self.new.mode}"


def handed_over(words: Sequence[str]) -> Handed | Unmerged:
    """Read the arguments of GIT_EXTERNAL_DIFF. Raises UsageError for another number, UnreadableError for a file."""
    if len(words) == 1:
        return Unmerged(words[0])
    if len(words) not in (7, 9):
        raise UsageError(f"git hands over 1, 7 or 9 arguments, not {len(words)}: this command is for GIT_EXTERNAL_DIFF")
    path, old_file, _, old_mode, new_file, _, new_mode = words[:7]
    new_path, about = (words[7], words[8]) if len(words) == 9 else (path, "")
    return Handed(path, new_path, read_side(old_file, old_mode), read_side(new_file, new_mode), about)


def read_side(file: str, mode: str = "") -> Content | None:
    """One side as git put it on disk, or None for `/dev/null`. Raises UnreadableError."""
    if file == _NOWHERE:
        return None
    try:
        return Content(Path(file).read_bytes(), mode if mode.isdigit() else "100644")
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be read: {error.strerror}") from None


def mode_in_index(path: str) -> str:
    """The mode that the index has of a path: git tells a difftool none, and lays links out as files. Empty for none."""
    answer = ask("ls-files", "--stage", "-z", "--", f":(top,literal){path}")
    return os.fsdecode(answer.out[:6]) if answer.status == 0 else ""


def links_in_index() -> frozenset[str]:
    """The paths that are links or submodules in the index. Raises GitError where git is missing."""
    answer = ask("ls-files", "--stage", "-z", "--full-name", ":(top)")
    entries = (entry.partition(b"\t") for entry in answer.out.split(b"\0") if entry)
    return frozenset(os.fsdecode(path) for said, _, path in entries if said[:6] in (b"120000", b"160000"))


def as_git_would(handed: Handed, *, colour: bool) -> bytes:
    """The diff that git itself would print for these two sides. Raises GitError."""
    old, new = handed.old, handed.new
    plain = plain_diff(handed.old_path, old, handed.new_path, new, colour=colour, about=handed.about)
    for side in (old, new):
        if side is not None and side.mode == SUBMODULE:
            short = blob_oid(side.data, "sha1")[:7].encode()
            plain = plain.replace(short, _commit_of(side.data)[:7], 1)
    if any(side is not None and side.mode == SUBMODULE for side in (old, new)):
        plain = plain.replace(b"100644", b"160000", 1)
    return plain


def _commit_of(content: bytes) -> bytes:
    """The commit in `Subproject commit 6e9f3cb…`, which is what git hands over of a submodule."""
    return content.removeprefix(b"Subproject commit ").split(b"-")[0].strip()
