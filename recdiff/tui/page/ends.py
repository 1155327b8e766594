"""What two texts have in common at their ends, found by halving: slices compare at the speed of memory."""

from __future__ import annotations

from recdiff.comparing.words import Run, runs_of

_BY_WORDS = 2_000
"""Characters of both lines up to which their words are compared."""
_LONGEST_WORD = 60
"""Characters to go back to a word's beginning."""


def common_start(old: str, new: str) -> int:
    """How many characters two texts begin with in common."""
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


def line_runs(old: str, new: str) -> list[Run]:
    """How one line became another, by words; of long lines, only what stands between their common ends."""
    if len(old) + len(new) <= _BY_WORDS:
        return runs_of(old, new)
    start = common_start(old, new)
    start = max(start - _LONGEST_WORD, old.rfind(" ", 0, start) + 1, 0)
    end = common_end(old[start:], new[start:])
    space = old.find(" ", len(old) - end)
    end = max(end - _LONGEST_WORD, len(old) - space if space >= 0 else 0, 0)
    since = len(old) - end
    left, right = old[start:since], new[start : len(new) - end]
    runs = runs_of(left, right) if len(left) + len(right) <= _BY_WORDS else [Run(left, right)]
    return [run for run in (Run(old[:start], old[:start]), *runs, Run(old[since:], old[since:])) if any(run)]
