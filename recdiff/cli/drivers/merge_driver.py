"""`recdiff git merge-driver %O %A %B %L %P %S %X %Y`: git's `merge.recdiff.driver`.

The merged content replaces the file of `%A`, whole or not at all; 0 says that it is merged, 1 that it is a conflict.
"""

from __future__ import annotations

import os
from pathlib import Path

from recdiff.cli import output
from recdiff.drivers import is_off
from recdiff.drivers.merging import Outcome, Sides, by_lines, merge
from recdiff.errors import RecdiffError, UsageError


def main(words: list[str]) -> int:
    """Merge the three files that git names. Raises UsageError for words that are not git's."""
    if not 3 <= len(words) <= 8:
        raise UsageError("git hands over %O %A %B %L %P %S %X %Y: this command is for merge.recdiff.driver")
    base, ours, theirs, size, path, *labels = [*words, *("%L", "%P", "%S", "%X", "%Y")[len(words) - 3 :]]
    if path == "%P":
        path = ours
    marker_size = int(size) if size.isdigit() else 7
    sides = Sides(path, _content(base), _content(ours), _content(theirs), _labels(labels), marker_size)
    outcome = _outcome(sides)
    if outcome.content != sides.ours:
        output.replace(Path(ours), outcome.content)
    if outcome.why:
        output.complain(f"{path}: {'CONFLICT: ' if outcome.is_conflict else ''}{outcome.why}")
    return int(outcome.is_conflict)


def _outcome(sides: Sides) -> Outcome:
    if is_off():
        return by_lines(sides, "")
    try:
        return merge(sides, rules_root=".")
    except RecdiffError as error:
        return by_lines(sides, f"{error}; merged by lines, as git does")
    except Exception as error:
        if os.environ.get("RECDIFF_DEBUG"):
            raise
        return by_lines(sides, f"a bug in recdiff: {type(error).__name__}: {error}; merged by lines, as git does")


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {(error.strerror or str(error)).lower()}") from None


def _labels(words: list[str]) -> tuple[str, str, str]:
    """What git calls base, ours and theirs; before git 2.44 it leaves the placeholders as they are."""
    base, ours, theirs = (
        word if word and not word.startswith("%") else name
        for word, name in zip(words, ("base", "ours", "theirs"), strict=False)
    )
    return ours, base, theirs
