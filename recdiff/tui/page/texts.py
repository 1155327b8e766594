"""Two texts as runs, however long they are: the lines that differ are found first where words alone are too many."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from recdiff.comparing.alignment import stretches
from recdiff.comparing.words import Run, runs_of
from recdiff.tui.page.ends import line_runs

_BY_WORDS = 60_000
"""Characters of both texts up to which all words are compared with all."""
_LONG_LINES = 2_000
"""Characters of a line, on average, from which on sentences are compared instead of lines."""
_MOST_WORDS = 40_000
"""Characters of differing lines that are told by words; of what differs after them, only common ends are kept."""

_SENTENCE = re.compile(r" (?<=[.!?\n] )")


def text_runs(old: str, new: str) -> tuple[Run, ...]:
    """How `old` became `new`. Joined, the runs are the two texts."""
    if old == new:
        return (Run(old, new),)
    if len(old) + len(new) <= _BY_WORDS:
        return tuple(runs_of(old, new))
    lines = old.count("\n") + new.count("\n")
    if lines * _LONG_LINES > len(old) + len(new):
        return _joined(_by_units(old.splitlines(keepends=True), new.splitlines(keepends=True)))
    return _joined(_by_units(_sentences(old), _sentences(new)))


def _sentences(text: str) -> list[str]:
    found = _SENTENCE.split(text)
    return [f"{sentence} " for sentence in found[:-1]] + found[-1:]


def _by_units(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    room = _MOST_WORDS
    for old_from, old_to, new_from, new_to in _stretches(old, new):
        before, after = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if before == after:
            yield Run(before, before)
        elif before and after and len(before) + len(after) <= room:
            room -= len(before) + len(after)
            yield from runs_of(before, after)
        else:
            yield from line_runs(before, after)


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs of which no two neighbours are both kept or both changed."""
    found: list[Run] = []
    for is_kept, group in groupby(runs, key=lambda run: run.kept):
        olds, news = zip(*group, strict=True)
        old = "".join(olds)
        found.append(Run(old, old if is_kept else "".join(news)))
    return tuple(found)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where both are the same and where not, aligned at what either has once; between that by a longest common part."""
    left = right = since = 0  # what is before `since` and equal was not given yet
    for a, b in (*_anchors(old, new), (len(old), len(new))):
        if a != left or b != right:
            if since < left:
                yield since, left, right - (left - since), right
            for old_from, old_to, new_from, new_to, _ in stretches(old[left:a], new[right:b]):
                yield left + old_from, left + old_to, right + new_from, right + new_to
            since = a
        left, right = a + 1, b + 1
    if since < len(old):
        yield since, len(old), len(new) - (len(old) - since), len(new)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """What either text has once, as its places on both sides: the most that rise in both."""
    here, there = Counter(old), Counter(new)
    places = {unit: index for index, unit in enumerate(new) if there[unit] == 1}
    pairs = [(index, places[unit]) for index, unit in enumerate(old) if here[unit] == 1 and unit in places]
    others = [place for _, place in pairs]
    return pairs if others == sorted(others) else [pairs[number] for number in _rising(others)]


def _rising(places: Sequence[int]) -> list[int]:
    """Which items make a longest rising sequence."""
    ends: list[int] = []  # the least place at which a rising sequence of each length ends, and which item that is
    tails: list[int] = []
    before: list[int] = []
    for number, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(tails[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        tails[length : length + 1] = [number]
    found: list[int] = []
    number = tails[-1] if tails else -1
    while number >= 0:
        found.append(number)
        number = before[number]
    return found[::-1]
