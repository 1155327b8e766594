"""One file's review as git's readers meet it between other files: a heading, then what changed; noise in one line."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.model import FileReview
from recdiff.reports.changes import change_lines, hidden_lines
from recdiff.reports.paint import Paint, counted, plural
from recdiff.reports.text import one_noise_line, told_alone
from recdiff.safe import visible


def lines(entry: FileReview, paint: Paint, *, hidden: bool = False) -> Iterator[str]:
    """The review of one recording or pair, without newlines. `hidden` lists every hidden leaf below it."""
    if entry.status == "noise":
        yield one_noise_line(entry)
    else:
        yield from _heading(entry, paint)
        yield from _changes(entry, paint)
    if hidden:
        yield from (f"  {line}" for line in hidden_lines(entry, paint))


def _heading(entry: FileReview, paint: Paint) -> Iterator[str]:
    path = visible(entry.path)
    if entry.old_path and entry.new_path and entry.old_path != entry.new_path:
        path = f"{visible(entry.old_path)} → {path}"
    yield paint("heading", f"━━ {path} ━━")
    if entry.test_id:
        about = paint("faint", f"  {visible(entry.about)}") if entry.about else ""
        yield f" {visible(entry.test_id)}{about}"


def _changes(entry: FileReview, paint: Paint) -> Iterator[str]:
    if entry.status == "unreadable":
        yield f"   {paint('error', 'unreadable')} {visible(entry.error or '')}"
        return
    if entry.status in ("added", "removed"):
        sign = "new recording" if entry.status == "added" else "recording removed"
        yield f"   {paint(entry.status, sign)}  {told_alone(entry, paint)}".rstrip()
        return
    yield from (f"   {line}" for line in change_lines(entry.changes, paint))
    if entry.hidden:
        total = plural(sum(entry.hidden.values()), "difference")
        yield paint("faint", f"   hidden {total}: {counted(list(entry.hidden.items()))}")
