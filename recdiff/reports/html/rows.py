"""A changed text as rows of pieces: kept, removed and added, cut where both sides have the end of a line.

The page shows the same rows as one flow, or the old side of each beside the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from recdiff.comparing.words import Run
from recdiff.jsonvalue import Json
from recdiff.reports.changedtext import ends_of, near_changes
from recdiff.reports.html.limits import Limits
from recdiff.safe import visible

KEPT, REMOVED, ADDED, NOTE, NOTE_OLD, NOTE_NEW = range(6)
"""What a piece is: text of both sides, of one of them, or a word of recdiff's in the place of what is left out."""

Piece: TypeAlias = tuple[int, str]
Row: TypeAlias = list[Piece]


class _Line(NamedTuple):
    row: Row

    @property
    def is_same(self) -> bool:
        return not any(kind in (REMOVED, ADDED) for kind, _ in self.row)


def rows_of(runs: Sequence[Run], limits: Limits) -> list[Row]:
    """How a text became another, far from any change shortened."""
    return [line.row for line in near_changes(map(_Line, _rows(runs, limits)), _far)]


def changed(text: str, kind: int, limits: Limits) -> Row:
    """A stretch that one side has; the middle of a very long one is left out."""
    if text.isspace():
        text = text.replace("\n", "⏎\n")
    if not text or len(text) <= limits.longest:
        return [(kind, visible(text, lines=True))] if text else []
    half = limits.longest // 2
    note = (NOTE_OLD if kind == REMOVED else NOTE_NEW, _left_out(len(text) - 2 * half, "character"))
    return [(kind, visible(text[:half], lines=True)), note, (kind, visible(text[-half:], lines=True))]


def flat(row: Row) -> list[Json]:
    """A row as the page's data has it: kind, text, kind, text."""
    return [part for piece in row for part in piece]


def _rows(runs: Sequence[Run], limits: Limits) -> Iterator[Row]:
    row: Row = []
    for run in runs:
        if not run.kept:
            row += [*changed(run.old, REMOVED, limits), *changed(run.new, ADDED, limits)]
            continue
        for index, part in enumerate(run.old.split("\n")):
            if index:
                yield row
                row = []
            row += _kept(part, limits)
    if row:
        yield row


def _kept(part: str, limits: Limits) -> Row:
    """A stretch of one line that both sides have; the words beside a change stay."""
    if len(part) <= limits.long:
        return [(KEPT, visible(part, lines=True))] if part else []
    head, tail = ends_of(part, limits.end)
    note = _left_out(len(part) - len(head) - len(tail), "unchanged character")
    return [(KEPT, visible(head, lines=True)), (NOTE, note), (KEPT, visible(tail, lines=True))]


def _far(count: int) -> _Line:
    return _Line([(NOTE, _left_out(count, "unchanged line"))])


def _left_out(count: int, noun: str) -> str:
    return f" ⋯ {count:,} {noun}{'' if count == 1 else 's'} ⋯ "
