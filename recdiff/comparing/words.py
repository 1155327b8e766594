"""Text by words: how one text became another, as runs of kept, removed and added words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from recdiff.comparing.alignment import MOST_BITS, stretches

_WORD = re.compile(r"\w+(?:[.'’-]\w+)*|\s+|[^\w\s]", re.UNICODE)
"""Words as people read them: `0.75`, `don't`, `gpt-4o.azure.com` are one."""
_PIECE = re.compile(r"\w+|\s+|[^\w\s]", re.UNICODE)
"""Words at their smallest, which one rewrite shares wherever it stands."""

_MOST_LETTERS = 300_000
"""Characters of both texts beyond which only the common beginning and end are kept (words are quadratic at worst)."""

_LONGEST_WORD = 60
"""Characters to go back to a word's beginning where texts are too long to be cut into words."""

_SHORT_ISLAND = 3
"""A kept run of fewer characters without a letter between two changed ones reads better as part of the change."""


class Run(NamedTuple):
    """A stretch of a text: kept where `old == new`, else what was removed and what was added in its place."""

    old: str
    new: str

    @property
    def kept(self) -> bool:
        """Whether both texts have it."""
        return self.old == self.new


def runs_of(old: str, new: str) -> list[Run]:
    """How `old` became `new`, by words. Joined, the runs are the two texts."""
    if len(old) + len(new) > _MOST_LETTERS:
        return _trimmed(old, new)
    return _runs(old, new, _WORD.findall(old), _WORD.findall(new))


def piece_runs_of(old: str, new: str, least: float) -> list[Run] | None:
    """How `old` became `new`, by the smallest pieces of words; None where fewer than `least` characters stay.

    Most texts that have little in common are told by their pieces alone, before any order is looked for.
    """
    if len(old) + len(new) > _MOST_LETTERS:
        runs = _trimmed(old, new)
    else:
        left, right = _PIECE.findall(old), _PIECE.findall(new)
        there = set(right)
        if sum([len(piece) for piece in left if piece in there]) < least:
            return None
        runs = _runs(old, new, left, right)
    return runs if sum([len(run.old) for run in runs if run.kept]) >= least else None


def _runs(old: str, new: str, left: list[str], right: list[str]) -> list[Run]:
    if len(left) * len(right) > MOST_BITS:
        return _trimmed(old, new)
    runs: list[Run] = []
    for old_from, old_to, new_from, new_to, _ in stretches(left, right):
        runs.append(Run("".join(left[old_from:old_to]), "".join(right[new_from:new_to])))
    return _joined(runs)


def _joined(runs: list[Run]) -> list[Run]:
    """Runs without islands of white space or signs between two changes."""
    found: list[Run] = []
    for index, run in enumerate(runs):
        island = (
            run.kept
            and found
            and not found[-1].kept
            and index + 1 < len(runs)
            and (run.old.isspace() or (len(run.old) < _SHORT_ISLAND and not any(map(str.isalnum, run.old))))
        )
        if found and (island or (not run.kept and not found[-1].kept)):
            before = found.pop()
            found.append(Run(before.old + run.old, before.new + run.new))
        else:
            found.append(run)
    return found


def _trimmed(old: str, new: str) -> list[Run]:
    start = _common(min(len(old), len(new)), lambda size: old[:size] == new[:size])
    start = max(start - _LONGEST_WORD, old.rfind(" ", 0, start) + 1) if start else 0
    room = min(len(old), len(new)) - start
    end = _common(room, lambda size: old[len(old) - size :] == new[len(new) - size :])
    word_end = old.find(" ", len(old) - end)
    end = max(end - _LONGEST_WORD, len(old) - word_end) if end and word_end >= 0 else end
    middle = Run(old[start : len(old) - end], new[start : len(new) - end])
    runs = [Run(old[:start], old[:start]), middle, Run(old[len(old) - end :], old[len(old) - end :])]
    return [run for run in runs if run.old or run.new]


def _common(most: int, agree: Callable[[int], bool]) -> int:
    """The largest size up to `most` at which two ends agree, found by halving: slices compare at memory speed."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if agree(middle):
            low = middle
        else:
            high = middle - 1
    return low
