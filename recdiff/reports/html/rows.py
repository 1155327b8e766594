"""A changed text as rows of pieces: kept, removed and added, cut where both sides have the end of a line.

The page shows the same rows as one flow, or the old side of each beside the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from recdiff.comparing.words import Run
from recdiff.jsonvalue import Json
from recdiff.reports.html.limits import Limits
from recdiff.safe import visible

KEPT, REMOVED, ADDED, NOTE, NOTE_OLD, NOTE_NEW = range(6)
"""What a piece is: text of both sides, of one of them, or a word of recdiff's in the place of what is left out."""

Piece: TypeAlias = tuple[int, str]
Row: TypeAlias = list[Piece]

_LEAST_KEPT = 0.35
"""Share of a text that must stay for it to be shown as one flow of words."""
_NEAR = 2
"""Unchanged lines that are shown on either side of a changed one."""


def rows_of(runs: Sequence[Run], limits: Limits) -> list[Row]:
    """How a text became another, far from any change shortened."""
    return list(_near_changes(list(_rows(runs, limits))))


def is_rewritten(runs: Sequence[Run]) -> bool:
    """Whether so little stayed that in one flow old and new read better whole."""
    size = max(sum(len(run.old) for run in runs), sum(len(run.new) for run in runs))
    return sum(len(run.old.strip()) for run in runs if run.kept) < _LEAST_KEPT * size


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
    head, tail = part[: limits.end], part[-limits.end :]
    head, tail = head.rpartition(" ")[0] or head, tail.partition(" ")[2] or tail
    note = _left_out(len(part) - len(head) - len(tail), "unchanged character")
    return [(KEPT, visible(head, lines=True)), (NOTE, note), (KEPT, visible(tail, lines=True))]


def _near_changes(rows: Sequence[Row]) -> Iterator[Row]:
    near = [False] * len(rows)
    for index, row in enumerate(rows):
        if any(kind in (REMOVED, ADDED) for kind, _ in row):
            for other in range(max(index - _NEAR, 0), min(index + _NEAR + 1, len(rows))):
                near[other] = True
    index = 0
    while index < len(rows):
        end = index
        while end < len(rows) and not near[end]:
            end += 1
        if end - index > 1:
            yield [(NOTE, _left_out(end - index, "unchanged line"))]
            index = end
        else:
            yield rows[index]
            index += 1


def _left_out(count: int, noun: str) -> str:
    return f" ⋯ {count:,} {noun}{'' if count == 1 else 's'} ⋯ "
