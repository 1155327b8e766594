"""What stands near a change is shown; what is further away is counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol, TypeVar

NEAR = 2
"""Unchanged lines that are shown on either side of a changed one."""


class Far(NamedTuple):
    """So many unchanged lines that are too far from any change to be made at all."""

    lines: int


class Shown(Protocol):
    """A line, or lines that stand beside each other."""

    @property
    def is_same(self) -> bool:
        """Whether nothing of it changed."""


_Line = TypeVar("_Line", bound=Shown)


def near_changes(lines: Iterable[_Line | Far], told: Callable[[int], _Line]) -> Iterator[_Line]:
    """Lines near changed ones, lazily; `told` makes the line that says how many were left out. One alone is shown."""
    waiting: deque[_Line] = deque()  # the last few, which may stand before a change
    left_out: list[_Line] = []  # what went before them; one at most is remembered
    skipped = 0
    after = 0
    for line in lines:
        if isinstance(line, Far):
            skipped += len(waiting) + line.lines
            waiting.clear()
        elif not line.is_same:
            yield from _skipped(skipped, left_out, told)
            yield from waiting
            waiting.clear()
            left_out, skipped, after = [], 0, NEAR
            yield line
        elif after:
            after -= 1
            yield line
        else:
            waiting.append(line)
            if len(waiting) > NEAR:
                left_out = [waiting.popleft()]
                skipped += 1
    if skipped + len(waiting) == 1 and waiting:
        left_out = [waiting[0]]
    yield from _skipped(skipped + len(waiting), left_out, told)


def _skipped(count: int, last: list[_Line], told: Callable[[int], _Line]) -> Iterator[_Line]:
    if count == 1 and last:
        yield from last
    elif count:
        yield told(count)
