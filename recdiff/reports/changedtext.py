"""What of a changed text is shown: what stands near a change; old and new whole where too little stayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from recdiff.comparing.words import Run

NEAR = 2
"""Unchanged lines that are shown on either side of a changed one."""
_LEAST_KEPT = 0.35
"""Share of a text that must stay for its changes to be shown word by word."""


def is_rewritten(runs: Sequence[Run]) -> bool:
    """Whether so little of two texts stayed that old and new read better whole; never where one side lost nothing."""
    size = max(sum(len(run.old) for run in runs), sum(len(run.new) for run in runs))
    kept = sum(len(run.old.strip()) for run in runs if run.kept)
    return kept < _LEAST_KEPT * size and all(any(run[side] for run in runs if not run.kept) for side in (0, 1))


def ends_of(text: str, size: int) -> tuple[str, str]:
    """The beginning and the end of a text, cut between words, each of at most so many characters."""
    head, tail = text[:size], text[-size:]
    return head.rpartition(" ")[0] or head, tail.partition(" ")[2] or tail


def common_start(old: str, new: str) -> int:
    """How many characters two texts begin with in common, found by halving: slices compare at the speed of memory."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(old: str, new: str) -> int:
    """How many characters two texts end with in common."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low


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
            after = 0
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
