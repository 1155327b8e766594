"""Two streams side by side, lazily: what both have stands in one row, as far as a few items ahead can tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

_AHEAD = 40
"""Items of either stream that are looked at."""
_TELLING = 4
"""Characters from which on an item stands for itself; a shorter one must be followed by equal ones."""

_Item = TypeVar("_Item")


def in_order(
    old: Iterator[_Item], new: Iterator[_Item], key: Callable[[_Item], str]
) -> Iterator[tuple[_Item | None, _Item | None]]:
    """All items of both in rows, in their order; equal ones together, those that differ side by side."""
    left: deque[_Item] = deque()
    right: deque[_Item] = deque()
    while True:
        left.extend(islice(old, _AHEAD - len(left)))
        right.extend(islice(new, _AHEAD - len(right)))
        if not left and not right:
            return
        if left and right and key(left[0]) == key(right[0]):
            yield left.popleft(), right.popleft()
            continue
        before, after = _next_equal([key(item) for item in left], [key(item) for item in right])
        for place in range(max(before, after)):
            yield left.popleft() if place < before else None, right.popleft() if place < after else None


def _next_equal(left: Sequence[str], right: Sequence[str]) -> tuple[int, int]:
    """How many items of each come before the nearest that both have; one of each where there is none."""
    places: dict[str, list[int]] = {}
    for index, item in enumerate(right):
        places.setdefault(item, []).append(index)
    best: tuple[int, int] | None = None
    for before, item in enumerate(left):
        for after in places.get(item, ()):
            if best is not None and before + after >= sum(best):
                break
            if _tells(left, right, before, after):
                best = before, after
                break
    return best or (1 if left else 0, 1 if right else 0)


def _tells(left: Sequence[str], right: Sequence[str], before: int, after: int) -> bool:
    """Whether two equal items are no chance: by what they say, or because the next ones are equal too."""
    if len(left[before].strip()) >= _TELLING:
        return True
    return before + 1 < len(left) and after + 1 < len(right) and left[before + 1] == right[after + 1]
