"""A change as a block of the page: its place, and how its value changed, in one line or in rows of words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from recdiff.comparing.words import Run, runs_of
from recdiff.jsonvalue import Json, canonical, embedded
from recdiff.model import Change, ChangeClass
from recdiff.reports.html.limits import Limits
from recdiff.reports.html.rows import ADDED, KEPT, NOTE, REMOVED, Piece, Row, changed, flat, is_rewritten, rows_of
from recdiff.safe import visible

LINE, WORDS, ONE_SIDED, REWRITTEN = range(4)
"""How a block is shown: in one line; in rows, which may stand side by side; in rows of which one side has nothing; in
rows which in one flow are all of the old side, then all of the new one."""

_SHORT = 60
"""Characters up to which a value stands in one line with its place."""
_VECTOR = {"dimension", "cosine", "largest"}
_SAID: frozenset[ChangeClass] = frozenset(("error", "finish", "model", "text"))
"""Classes whose strings need no quotes: nothing else than a string could stand there."""
_OBVIOUS = {"text": "text", "finish": "finish_reason", "model": "model", "error": "error"}


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
        place = place_of(change)
        if _is_vector(change):
            return Block(place, LINE, [_vector(change)])
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
            self._runs[id(change)] = change, _runs(change.old, change.new)
        return self._runs[id(change)][1]


def place_of(change: Change) -> str:
    """The label, less what the section's title says already."""
    words = change.label.removeprefix("choices[0].")
    if change.change_class == "tool" and words.startswith("tool_calls["):
        named = words.removeprefix("tool_calls[").replace("]", "", 1).replace(".arguments.", ".")
        words = "" if named.isdigit() else named
    if change.change_class == "usage":
        words = words.removeprefix("usage.")
    return "" if words == _OBVIOUS.get(change.change_class) else visible(words)


def literal(value: Json) -> str:
    """A value in one line as JSON has it; strings between quotes."""
    text = f'"{value}"' if isinstance(value, str) else canonical(value).decode("utf-8", "surrogatepass")
    return visible(text)


def call_of(value: Json) -> str | None:
    """A tool call as `name(key: value)`; None for what is no call."""
    if not isinstance(value, dict) or "name" not in value or "arguments" not in value:
        return None
    arguments = value["arguments"]
    if isinstance(arguments, dict):
        inside = ", ".join(f"{key}: {literal(item)}" for key, item in arguments.items())
    else:
        inside = "" if arguments is None else arguments if isinstance(arguments, str) else literal(arguments)
    return f"{value['name']}({inside})"


def exception_of(value: Json) -> str | None:
    """An exception by its type and message, the rest of what was recorded repeats it; None for what is none."""
    if not isinstance(value, dict) or value.keys() != {"message", "data"}:
        return None
    data = value["data"]
    kind = data.get("type") if isinstance(data, dict) else None
    message = value["message"] if value["message"] is not None else data
    text = message if isinstance(message, str) else literal(message)
    return f"{kind}: {text}" if kind else text


def _one_sided(change: Change, place: str, limits: Limits) -> Block:
    is_new = change.kind == "added"
    value = change.new if is_new else change.old
    sign, kind = ("+ ", ADDED) if is_new else ("− ", REMOVED)
    told = {"tool": call_of, "error": exception_of}.get(change.change_class, lambda _: None)(value)
    if told is None:
        is_said = isinstance(value, str) and value and change.change_class in _SAID
        told = str(value) if is_said else literal(value)
        whole = _pretty(value)
    else:
        whole = told
    if len(told) <= 2 * _SHORT and "\n" not in whole[: 2 * _SHORT]:
        return Block(place, LINE, [[(kind, sign + visible(told))]])
    return Block(place, ONE_SIDED, [changed(whole, kind, limits)])


def _arrow(old: Json, new: Json, limits: Limits) -> Row:
    """Old and new after each other; strings without quotes where both are strings."""
    both = isinstance(old, str) and isinstance(new, str)
    sides = [visible(str(value)) if both and value else literal(value) for value in (old, new)]
    return [
        *changed(sides[0], REMOVED, limits),
        (KEPT, " → "),
        *changed(sides[1], ADDED, limits),
    ]


def _step(change: Change) -> list[Piece]:
    """How much a meter went up or down."""
    old, new = change.old, change.new
    if change.change_class != "usage" or isinstance(old, bool) or isinstance(new, bool):
        return []
    if not isinstance(old, (int, float)) or not isinstance(new, (int, float)):
        return []
    step = new - old
    return [(NOTE, f"  {'+' if step >= 0 else '−'}{abs(step):,}")]


def _vector(change: Change) -> Row:
    """How far apart two vectors are."""
    old, new = change.old, change.new
    assert isinstance(old, dict) and isinstance(new, dict)
    if old.get("dimension") != new.get("dimension"):
        sides = [literal(side.get("dimension")) for side in (old, new)]
        return [(REMOVED, sides[0]), (KEPT, " → "), (ADDED, sides[1]), (KEPT, " dimensions")]
    head = f"a vector of {literal(new.get('dimension'))} dimensions"
    cosine, largest = new.get("cosine"), new.get("largest")
    if not isinstance(cosine, (int, float)) or not isinstance(largest, (int, float)):
        return [(KEPT, f"{head}, not comparable")]
    return [(KEPT, f"{head}: cosine {cosine:.6f}, largest difference {largest:.2g}")]


def _is_vector(change: Change) -> bool:
    """Whether both sides are what recdiff says of a vector; an object that only looks so is told as it stands."""
    return all(
        isinstance(value, dict) and value.keys() == _VECTOR and isinstance(value["dimension"], int)
        for value in (change.old, change.new)
    )


def _is_short(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT and "\n" not in value
    return len(canonical(value)) <= _SHORT


def _runs(old: Json, new: Json) -> Sequence[Run]:
    """Two values by words: JSON, and text that is JSON on both sides, by its lines when printed well."""
    if isinstance(old, str) and isinstance(new, str):
        before, after = embedded(old), embedded(new)
        if before is None or after is None:
            return runs_of(old, new)
        runs = runs_of(_pretty(before), _pretty(after))
        return runs_of(old, new) if all(run.kept for run in runs) else runs
    return runs_of(_pretty(old), _pretty(new))


def _pretty(value: Json) -> str:
    """A value over several lines, not yet visible; a string as it is."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
