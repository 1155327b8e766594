"""`recdiff git mergetool BASE LOCAL REMOTE MERGED`: git's `mergetool.recdiff.cmd`, for a recording in conflict.

It shows what each side changed since the base, and takes one side whole. 0 says that the conflict is settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recdiff.cli import output
from recdiff.errors import UsageError
from recdiff.reports.paint import Paint
from recdiff.safe import visible

_QUESTION = "Take [o]urs, [t]heirs, the [b]ase, or [l]eave it in conflict? "


def main(words: list[str]) -> int:
    """Ask which side to take. Raises UsageError for words that are not git's, or files that cannot be read."""
    if len(words) != 4:
        raise UsageError("git hands over BASE LOCAL REMOTE MERGED: this command is for mergetool.recdiff.cmd")
    merged = words[3]
    base, ours, theirs = map(_content, words[:3])
    colour = output.has_git_colour("color.diff")
    output.page(_told(merged, base, ours, theirs, Paint(colour)), pager=False)
    if not output.is_conversation():
        output.complain(f"{merged}: left in conflict: nobody is at the terminal to take a side")
        return 1
    sides = {"o": ours, "t": theirs, "b": base}
    while (word := output.answer(_QUESTION).lower()[:1]) not in ("l", "q", ""):
        taken = sides.get(word)
        if taken is not None:
            output.replace(Path(merged), taken, mode=Path(merged).stat().st_mode & 0o777)
            return 0
        output.write("There is no base: both sides added this file.\n" if word == "b" else "Answer o, t, b or l.\n")
    return 1


def _content(name: str) -> bytes | None:
    """The bytes of a side; None where it does not have the file."""
    try:
        data = Path(name).read_bytes() if name and name != "/dev/null" else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    return data or None


def _told(path: str, base: bytes | None, ours: bytes | None, theirs: bytes | None, paint: Paint) -> Iterator[str]:
    """What each side changed since the base; without one, how theirs differs from ours."""
    if base is None:
        yield from _compared(path, "theirs against ours (both added it)", ours, theirs, paint)
        return
    yield from _compared(path, "ours since the base", base, ours, paint)
    yield from _compared(path, "theirs since the base", base, theirs, paint)


def _compared(path: str, what: str, old: bytes | None, new: bytes | None, paint: Paint) -> Iterator[str]:
    from recdiff.drivers.verdict import verdict
    from recdiff.reports.single import lines

    yield ""
    yield paint("mark", f"── {what} ──")
    found = verdict(path, old, path, new, rules_root=".")
    if found.entry is not None:
        yield from lines(found.entry, paint)
    else:
        yield f"{visible(path)}: the same bytes" if old == new else f"{visible(path)}: no recording"
