"""A change as a block of the page: its place, and how its value changed, in one line or in rows of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recdiff.comparing.words import Run, runs_of
from recdiff.jsonvalue import Json, canonical
from recdiff.model import Change, ChangeClass
from recdiff.naming import place_of
from recdiff.reports.changedtext import is_rewritten
from recdiff.reports.html.limits import Limits
from recdiff.reports.html.rows import ADDED, KEPT, NOTE, REMOVED, Piece, Row, changed, flat, rows_of
from recdiff.reports.values import (
    apart,
    call_text,
    compared,
    exception_text,
    literal,
    pretty,
    step_of,
    told_apart,
    vector_text,
)
from recdiff.safe import visible

LINE, WORDS, ONE_SIDED, REWRITTEN = range(4)
"""How a block is shown: in one line; in rows, which may stand side by side; in rows of which one side has nothing; in
rows which in one flow are all of the old side, then all of the new one."""

_SHORT = 60
"""Characters up to which a value stands in one line with its place."""
_SAID: frozenset[ChangeClass] = frozenset(("error", "finish", "model", "text"))
"""Classes whose strings need no quotes: nothing else than a string could stand there."""


class Block(NamedTuple):
    """A place and what happened there."""

    place: str
    kind: int
    rows: list[Row]

    def data(self) -> list[Json]:
        """As the page's data has it."""
        return [self.place, self.kind, [flat(row) for row in self.rows]]


class Blocks:
    """Makes blocks. What became of each text is found once, also where it is then told again in fewer words."""

    def __init__(self) -> None:
        self._runs: dict[int, tuple[Change, Sequence[Run]]] = {}

    def of(self, change: Change, limits: Limits) -> Block:
        """The block of one change."""
        place = visible(place_of(change))
        vector = vector_text(change)
        if vector:
            return Block(place, LINE, [[(KEPT, vector)]])
        if change.kind in ("added", "removed"):
            return _one_sided(change, place, limits)
        if change.kind == "moved":
            return Block(place, LINE, [[(KEPT, "order: "), *_arrow(change.old, change.new, limits)]])
        if _is_short(change.old) and _is_short(change.new):
            return Block(place, LINE, [[*_arrow(change.old, change.new, limits), *_step(change)]])
        runs = self._runs_of(change)
        return Block(place, REWRITTEN if is_rewritten(runs) else WORDS, rows_of(runs, limits))

    def _runs_of(self, change: Change) -> Sequence[Run]:
        if id(change) not in self._runs:
            self._runs[id(change)] = change, apart(runs_of(*compared(change.old, change.new)))
        return self._runs[id(change)][1]


def _one_sided(change: Change, place: str, limits: Limits) -> Block:
    is_new = change.kind == "added"
    value = change.new if is_new else change.old
    sign, kind = ("+ ", ADDED) if is_new else ("− ", REMOVED)
    told_by = {"tool": call_text, "error": exception_text}.get(change.change_class)
    told = told_by(value) if told_by else None
    if told is None:
        is_said = isinstance(value, str) and value and change.change_class in _SAID
        told = str(value) if is_said else literal(value)
        whole = pretty(value)
    else:
        whole = told
    if len(told) <= 2 * _SHORT and "\n" not in whole[: 2 * _SHORT]:
        return Block(place, LINE, [[(kind, sign + visible(told))]])
    return Block(place, ONE_SIDED, [changed(whole, kind, limits)])


def _arrow(old: Json, new: Json, limits: Limits) -> Row:
    """Old and new after each other; strings without quotes where both are strings."""
    both = isinstance(old, str) and isinstance(new, str)
    sides = told_apart(*(visible(str(value)) if both and value else literal(value) for value in (old, new)))
    return [
        *changed(sides[0], REMOVED, limits),
        (KEPT, " → "),
        *changed(sides[1], ADDED, limits),
    ]


def _step(change: Change) -> list[Piece]:
    """How much a meter went up or down."""
    step = step_of(change) if change.change_class == "usage" else ""
    return [(NOTE, f"  {step}")] if step else []


def _is_short(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT and "\n" not in value
    return len(canonical(value)) <= _SHORT
