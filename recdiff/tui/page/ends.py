"""How one line became another, also a very long one."""

from __future__ import annotations

from recdiff.comparing.words import Run, runs_of
from recdiff.reports.changedtext import common_end, common_start

_BY_WORDS = 2_000
"""Characters of both lines up to which their words are compared."""
_LONGEST_WORD = 60
"""Characters to go back to a word's beginning."""


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
