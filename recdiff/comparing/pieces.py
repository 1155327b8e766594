"""The pieces of two slots that have no equal on the other side: counted at once, spelled out only when asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from recdiff.jsonvalue import Json, canonical, leaf_count, token_of
from recdiff.protocols.slots import KEPT_APART, Cell, Slot

_CONTAINERS = {dict, list}


class Pieces:
    """The pieces of a slot that the other side has not, or has less often; iterating gives each with its place.

    A stream's noise is thousands of pieces: which ones, and where they stand, is found out only when it is asked.
    """

    __slots__ = ("_others", "_positions", "_size", "_slot", "_tokens", "_values")

    def __init__(
        self,
        slot: Slot | None,
        values: Sequence[Json],
        tokens: Sequence[Hashable],
        others: Sequence[Hashable],
        common: int,
    ) -> None:
        self._slot = slot
        self._values = values
        self._tokens = tokens
        self._others = others
        self._positions: Sequence[int] | None = None
        self._size = len(tokens) - common

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Cell]:
        if not self._size or self._slot is None:
            return iter(())
        cells = list(self._slot.cells())
        return iter(cells if self.is_all else [cells[position] for position in self._found()])

    @property
    def is_all(self) -> bool:
        """Whether these are all pieces of a slot that has some."""
        return 0 < self._size == len(self._values)

    def values(self) -> list[Json]:
        """The values alone."""
        return [self._values[position] for position in self._found()]

    def leaf_count(self) -> int:
        """How many leaves of the file these pieces are."""
        if {*map(type, self._values)}.isdisjoint(_CONTAINERS):
            return self._size
        return sum(map(leaf_count, self.values()))

    def _found(self) -> Sequence[int]:
        """Positions of the pieces: of those that both sides have, the later ones are more than the others have."""
        if self._positions is None:
            budget = Counter(self._others)
            kept: list[int] = []
            for position, token in enumerate(self._tokens):
                if budget[token] > 0:
                    budget[token] -= 1
                else:
                    kept.append(position)
            self._positions = kept
        return self._positions


def _common(tokens: Sequence[Hashable], others: Sequence[Hashable]) -> int:
    """How many tokens have a partner among the others."""
    here, there = set(tokens), set(others)
    if here.isdisjoint(there):
        return 0
    if len(here) == 1 == len(there):
        return min(len(tokens), len(others))
    left, right = Counter(tokens), Counter(others)
    return sum([min(count, right[token]) for token, count in left.items() if token in right])


def left_over(old: Slot | None, new: Slot | None) -> tuple[Pieces, Pieces] | None:
    """The pieces of either side that have no equal piece on the other, in order; None for equal slots.

    Both may be empty and the slots still not equal: the same pieces in another order.
    """
    here, there = _all_values(old), _all_values(new)
    if len(here) == len(there) and here == there and canonical(here) == canonical(there):
        return None
    before, after = _tokens(here, there)
    common = _common(before, after)
    return Pieces(old, here, before, after, common), Pieces(new, there, after, before, common)


def _all_values(slot: Slot | None) -> list[Json]:
    if slot is None:
        return []
    return [*slot.values, *(value for value, _ in slot.echoes)] if slot.echoes else slot.values


def _tokens(old: list[Json], new: list[Json]) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
    """What stands for each value where equality is asked: the values themselves, where their types keep them apart."""
    if {*map(type, old), *map(type, new)} <= KEPT_APART:
        return old, new  # type: ignore[return-value]
    return tuple(map(_token, old)), tuple(map(_token, new))


def _token(value: Json) -> Hashable:
    return value if type(value) is str else token_of(value)
