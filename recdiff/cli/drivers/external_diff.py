"""`recdiff git external-diff`: the diff of one file as git's `diff.recdiff.command` or GIT_EXTERNAL_DIFF.

It always ends with 0, because git ends its whole diff for one driver that does not. What it cannot read, it says, and
prints the diff that git itself would have printed.
"""

from __future__ import annotations

import os

from recdiff.cli import output
from recdiff.drivers import is_off
from recdiff.drivers.handed import Handed, Unmerged, as_git_would, handed_over
from recdiff.errors import GitError, RecdiffError, UnreadableError
from recdiff.safe import visible


def main(words: list[str]) -> int:
    """Print what changed in the file that git hands over. Raises UsageError for words that are not git's."""
    try:
        handed = handed_over(words)
    except UnreadableError as error:
        output.complain(str(error))
        return 0
    if isinstance(handed, Unmerged):
        output.write(f"* Unmerged path {visible(handed.path)}\n")
        return 0
    colour = output.has_git_colour("color.diff")
    reason = None
    try:
        if not is_off() and handed.is_file and _shown(handed, colour=colour):
            return 0
    except output.ReaderGoneError:
        raise
    except RecdiffError as error:
        reason = str(error)
    except Exception as error:
        if os.environ.get("RECDIFF_DEBUG"):
            raise
        reason = f"this is a bug in recdiff: {type(error).__name__}: {error}"
    if reason:
        output.complain(f"{handed.new_path}: {reason}")
    _plainly(handed, colour=colour)
    return 0


def _shown(handed: Handed, *, colour: bool) -> bool:
    """Print the review of the file; False where it is no recording."""
    from recdiff.drivers.verdict import verdict
    from recdiff.reports.paint import Paint
    from recdiff.reports.single import lines

    old, new = (side.data if side else None for side in (handed.old, handed.new))
    found = verdict(handed.old_path, old, handed.new_path, new, rules_root=".")
    if found.problem:
        output.complain(found.problem)
    if found.entry is None:
        return False
    paint = Paint(colour)
    if os.environ.get("GIT_DIFF_PATH_COUNTER", "1") != "1" and found.entry.status != "noise":
        output.write("\n")
    output.page(lines(found.entry, paint), pager=False)
    if handed.mode_change:
        output.write(f"   {handed.mode_change}\n")
    if found.entry.status == "unreadable":
        _plainly(handed, colour=colour)
    return True


def _plainly(handed: Handed, *, colour: bool) -> None:
    try:
        output.write_bytes(as_git_would(handed, colour=colour))
    except GitError as error:
        output.complain(f"{handed.new_path}: no plain diff: {error}")
