"""A changed text as lines: one flow with its changes in it, or old beside new, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recdiff.comparing.words import Run
from recdiff.reports.changedtext import NEAR, Far, ends_of, is_rewritten, near_changes
from recdiff.safe import visible
from recdiff.tui.page.blocks import Span, Text

_LONG = 700
"""Characters of unchanged text in one line, beyond which its middle is left out."""
_END = 240
"""Characters that stay at either end of such a stretch."""
_AT_ONCE = 200
"""Lines of a changed stretch that make one row: what is longer is several, so that the first costs no more."""


class Row(NamedTuple):
    """The same place of both texts: lines of the old one and of the new one."""

    old: tuple[Text, ...]
    new: tuple[Text, ...]
    is_same: bool


class _FlowLine(NamedTuple):
    text: Text
    is_same: bool


def rows_of(runs: Iterable[Run], *, whole: bool = False) -> Iterator[Row]:
    """Both texts as rows, cut where both have the end of a line; far from any change they are left out."""
    rows = _rows(runs, whole=whole)
    if whole:
        return (row for row in rows if isinstance(row, Row))
    return near_changes(rows, lambda count: Row((_left_out(count),), (_left_out(count),), is_same=True))


def flow_of(runs: Sequence[Run], *, whole: bool = False) -> Iterator[Text]:
    """Both texts as one, changed words in their places; the old text and then the new one where too little stayed."""
    flows: list[Sequence[Run]] = [runs]
    if is_rewritten(runs):
        flows = [(Run("".join(run.old for run in runs), ""),), (Run("", "".join(run.new for run in runs)),)]
    for flow in flows:
        lines = _flow_lines(flow, whole=whole)
        if whole:
            yield from (line.text for line in lines if isinstance(line, _FlowLine))
        else:
            yield from (line.text for line in near_changes(lines, _far))


def _flow_lines(runs: Iterable[Run], *, whole: bool) -> Iterator[_FlowLine | Far]:
    line: list[Span] = []
    is_same = True
    for run in runs:
        for said, style in ((run.old, ""),) if run.kept else ((run.old, "removed"), (run.new, "added")):
            for part in _parts(said, cut=run.kept and not whole):
                if part.begins:
                    yield _FlowLine(tuple(line), is_same)
                    line, is_same = [], True
                    if part.skipped:
                        yield Far(part.skipped)
                shown = _shown(part.text, style, whole=whole) + ("⏎" if style and part.is_bare else "")
                if shown:
                    line.append(Span(shown, style))
                    is_same = is_same and not style
    yield _FlowLine(tuple(line), is_same)


def _rows(runs: Iterable[Run], *, whole: bool) -> Iterator[Row | Far]:
    sides = _Sides()
    for run in runs:
        if run.kept:
            for part in _parts(run.old, cut=not whole):
                if part.begins:
                    yield sides.row()
                    if part.skipped:
                        yield Far(part.skipped)
                if part.text:
                    span = Span(_shown(part.text, "", whole=whole))
                    sides.old[-1].append(span)
                    sides.new[-1].append(span)
        else:
            yield from sides.change(run)
    yield sides.row()


class _Sides:
    """The lines of either side that are no row yet; the last of them may go on."""

    def __init__(self) -> None:
        self.old: list[list[Span]] = [[]]
        self.new: list[list[Span]] = [[]]
        self._is_same = True

    def row(self) -> Row:
        """All of them as a row; both sides begin a line."""
        row = Row(tuple(map(tuple, self.old)), tuple(map(tuple, self.new)), self._is_same)
        self.old, self.new, self._is_same = [[]], [[]], True
        return row

    def change(self, run: Run) -> Iterator[Row]:
        """Take what changed; a long stretch is given away as rows as far as both sides have ended their lines."""
        self._is_same = False
        olds, news = run.old.split("\n"), run.new.split("\n")
        for start in range(0, max(len(olds), len(news)), _AT_ONCE):
            if start:
                old, new = _closed(self.old, len(olds) > start), _closed(self.new, len(news) > start)
                yield Row(old, new, is_same=False)
            _extend(self.old, olds, start, "removed", is_bare=run.old.isspace())
            _extend(self.new, news, start, "added", is_bare=run.new.isspace())


def _closed(lines: list[list[Span]], goes_on: bool) -> tuple[Text, ...]:
    """Take the lines that are at their end: all where the next begins one, else all but the last."""
    count = len(lines) if goes_on else len(lines) - 1
    closed = tuple(map(tuple, lines[:count]))
    del lines[:count]
    return closed


def _extend(lines: list[list[Span]], parts: Sequence[str], start: int, style: str, *, is_bare: bool) -> None:
    for index in range(start, min(start + _AT_ONCE, len(parts))):
        if index:
            lines.append([])
        shown = visible(parts[index]) + ("⏎" if is_bare and index < len(parts) - 1 else "")
        if shown:
            lines[-1].append(Span(shown, style))


class _Part(NamedTuple):
    """What a text has of one line.

    `begins` says that a line begins here, after `skipped` ones; `is_bare` that it ends and there is nothing else.
    """

    text: str
    begins: bool
    is_bare: bool
    skipped: int = 0


def _parts(said: str, *, cut: bool) -> Iterator[_Part]:
    """A text by its lines; with `cut`, the lines far from its ends are only counted."""
    is_bare = said.isspace()
    lines = said.split("\n")
    last = len(lines) - 1
    until, since = len(lines), len(lines)
    if cut and last > 2 * NEAR + 2:
        until, since = NEAR + 1, last - NEAR
    for index in range(until):
        yield _Part(lines[index], index > 0, is_bare and index < last)
    for index in range(since, len(lines)):
        yield _Part(lines[index], True, is_bare and index < last, since - until if index == since else 0)


def _shown(part: str, style: str, *, whole: bool) -> str:
    """A stretch of one line; the middle of a long unchanged one is left out, and the words beside a change stay."""
    if whole or style or len(part) <= _LONG:
        return visible(part)
    head, tail = ends_of(part, _END)
    left_out = len(part) - len(head) - len(tail)
    return f"{visible(head)} …{left_out:,} unchanged characters… {visible(tail)}"


def _far(count: int) -> _FlowLine:
    return _FlowLine(_left_out(count), is_same=True)


def _left_out(count: int) -> Text:
    return (Span(f"⋯ {count:,} unchanged lines", "faint"),)
