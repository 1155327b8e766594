"""The pieces of two slots that have no equal on the other side: counted at once, spelled out only when asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from recdiff.jsonvalue import Json, canonical, leaf_count
from recdiff.protocols.slots import Cell, Slot

_KEPT_APART = {str, int, type(None)}
"""Types of which no two values are equal unless they are the same JSON (1, 1.0 and true are equal in Python)."""
_CONTAINERS = {dict, list}


class Pieces:
    """Some pieces of a slot, by position; iterating gives each with its place in the file.

    A stream's noise is thousands of pieces: their places are text that nobody reads unless every leaf is listed.
    """

    __slots__ = ("_positions", "_slot", "_values")

    def __init__(self, slot: Slot | None, values: Sequence[Json], positions: Sequence[int]) -> None:
        self._slot = slot
        self._values = values
        self._positions = positions

    def __len__(self) -> int:
        return len(self._positions)

    def __iter__(self) -> Iterator[Cell]:
        if not self._positions or self._slot is None:
            return iter(())
        cells = list(self._slot.cells())
        if len(cells) == len(self._positions):
            return iter(cells)
        return iter([cells[position] for position in self._positions])

    @property
    def is_all(self) -> bool:
        """Whether these are all pieces of a slot that has some."""
        return 0 < len(self._positions) == len(self._values)

    def values(self) -> list[Json]:
        """The values alone."""
        return [self._values[position] for position in self._positions]

    def leaf_count(self) -> int:
        """How many leaves of the file these pieces are."""
        if {*map(type, self._values)}.isdisjoint(_CONTAINERS):
            return len(self._positions)
        return sum(map(leaf_count, self.values()))


def left_over(old: Slot | None, new: Slot | None) -> tuple[Pieces, Pieces]:
    """The pieces of either side that have no equal piece on the other, in order."""
    here, there = _all_values(old), _all_values(new)
    if len(here) == len(there) and canonical(here) == canonical(there):
        return Pieces(old, here, ()), Pieces(new, there, ())
    before, after = _tokens(here, there)
    return Pieces(old, here, _unmatched(before, after)), Pieces(new, there, _unmatched(after, before))


def _all_values(slot: Slot | None) -> list[Json]:
    if slot is None:
        return []
    return [*slot.values, *(value for value, _ in slot.echoes)] if slot.echoes else slot.values


def _tokens(old: list[Json], new: list[Json]) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
    """What stands for each value where equality is asked: the values themselves, where their types keep them apart."""
    if {*map(type, old), *map(type, new)} <= _KEPT_APART:
        return old, new  # type: ignore[return-value]
    return tuple(map(_token, old)), tuple(map(_token, new))


def _token(value: Json) -> Hashable:
    return value if type(value) is str else canonical(value)


def _unmatched(tokens: Sequence[Hashable], others: Sequence[Hashable]) -> Sequence[int]:
    """Positions of the tokens that are more than the others have, the later ones of each."""
    here, there = set(tokens), set(others)
    if here.isdisjoint(there):
        return range(len(tokens))
    if len(here) == 1 == len(there):
        return range(min(len(tokens), len(others)), len(tokens))
    budget = Counter(others)
    kept: list[int] = []
    for position, token in enumerate(tokens):
        if budget[token] > 0:
            budget[token] -= 1
        else:
            kept.append(position)
    return kept
