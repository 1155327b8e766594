"""Two branches that re-recorded one recording: the side that carries the meaning is taken whole, or it is a conflict.

A response is never put together from two: a text merge of two recordings is a recording of something that never was.
"""

from __future__ import annotations

from typing import NamedTuple

from recdiff import formats
from recdiff.drivers.verdict import verdict
from recdiff.errors import UnreadableError
from recdiff.gitonce import merged, setting
from recdiff.model import CLASSES, FileReview


class Sides(NamedTuple):
    """The three contents of one path, and what git calls them; a base that is empty is no base (added on both)."""

    path: str
    base: bytes
    ours: bytes
    theirs: bytes
    labels: tuple[str, str, str] = ("ours", "base", "theirs")
    marker_size: int = 7


class Outcome(NamedTuple):
    """What a merge came to: the content, whether somebody has to decide, and why, in one line."""

    content: bytes
    is_conflict: bool
    why: str


def merge(sides: Sides, *, rules_root: str | None) -> Outcome:
    """Merge one recording by what it means. What is no recording on both sides is merged by `git merge-file`.

    Raises GitError where git cannot be asked.
    """
    if not all(map(_is_recording, (sides.ours, sides.theirs))):
        return by_lines(sides, "a side cannot be read as a recording: merged by lines, as git does")
    apart = _difference(sides, sides.ours, sides.theirs, rules_root)
    if apart is None:
        return Outcome(sides.ours, False, "kept ours: the sides differ in noise alone")
    if _is_recording(sides.base):
        if _difference(sides, sides.base, sides.ours, rules_root) is None:
            return Outcome(sides.theirs, False, "took theirs: ours differs from the base in noise alone")
        if _difference(sides, sides.base, sides.theirs, rules_root) is None:
            return Outcome(sides.ours, False, "kept ours: theirs differs from the base in noise alone")
        why = "both sides changed its meaning"
    else:
        why = "both sides added it, and they differ in meaning" if not sides.base else "the base cannot be read"
    classes = {change.change_class for change in apart.changes}
    what = ", ".join(name for name in CLASSES if name in classes)
    return Outcome(
        _conflict(sides), True, f"{why} ({what}); take one side whole, for example by git mergetool -t recdiff"
    )


def by_lines(sides: Sides, why: str) -> Outcome:
    """What git itself would make of the three contents. Raises GitError."""
    content, is_conflict = merged(sides.ours, sides.base, sides.theirs, sides.labels, sides.marker_size)
    return Outcome(content, is_conflict, why)


def _is_recording(data: bytes) -> bool:
    try:
        formats.load("", data)
    except UnreadableError:
        return False
    return True


def _difference(sides: Sides, old: bytes, new: bytes, rules_root: str | None) -> FileReview | None:
    """The review of two contents that differ in more than noise; None for noise alone."""
    if old == new:
        return None
    entry = verdict(sides.path, old, sides.path, new, rules_root=rules_root).entry
    return None if entry is None or entry.status == "noise" else entry


def _conflict(sides: Sides) -> bytes:
    """Both sides whole between git's markers: no JSON, so that nobody commits it unseen, and no line in between."""
    ours, base, theirs = (label.encode("utf-8", "surrogateescape") for label in sides.labels)
    size = sides.marker_size
    parts = [b"<" * size + b" " + ours, _ended(sides.ours)]
    if setting("merge.conflictStyle") in ("diff3", "zdiff3"):
        parts += [b"|" * size + b" " + base, _ended(sides.base)]
    parts += [b"=" * size, _ended(sides.theirs), b">" * size + b" " + theirs]
    return b"\n".join(part for part in parts if part) + b"\n"


def _ended(content: bytes) -> bytes:
    return content.removesuffix(b"\n")
