"""What the rules took out of sight: counted by rule, every leaf on demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from recdiff.model import FileReview, HiddenLeaf
from recdiff.reports.values import sides_of
from recdiff.safe import shortened, visible
from recdiff.tui.page.blocks import Block, Line, Section, Span

if TYPE_CHECKING:
    from recdiff.opening import Hidden

_WIDEST = 60
"""Columns of one hidden value."""
_FEW = 1_000
"""Leaves that are listed at once where nothing else changed; more are for whoever asks."""


def hidden_section(entry: FileReview, hidden: Callable[[], Hidden]) -> Section:
    """A section that is open where there is nothing else to see; what it lists is made once, when it is opened."""
    total = sum(entry.hidden.values())
    by_count = sorted(entry.hidden.items(), key=lambda item: (-item[1], item[0]))
    rules = visible(", ".join(f"{name} {count:,}" for name, count in by_count))
    title = f"Hidden: {total:,} difference{'s' if total != 1 else ''} by {len(entry.hidden)} rule" + (
        "s" if len(entry.hidden) != 1 else ""
    )
    is_open = entry.status == "noise" and total <= _FEW
    once = cache(hidden)
    return Section("hidden", title, (Span(rules, "faint"),), is_open, lambda: _blocks(once()))


def _blocks(hidden: Hidden) -> Iterator[Block]:
    if hidden.is_stale:
        told = "The files changed since this range was read; this is what they hide now. ctrl+r reads the range again."
        yield Line((Span(told, "mark"),))
    by_rule: dict[str, list[HiddenLeaf]] = defaultdict(list)
    for leaf in hidden.leaves:
        by_rule[leaf.rule].append(leaf)
    for rule in sorted(by_rule, key=lambda name: (-len(by_rule[name]), name)):
        yield Line((Span(visible(rule), "strong"), Span(f"  {len(by_rule[rule]):,}", "faint")))
        for leaf in by_rule[rule]:
            old, new = (shortened(side, _WIDEST) for side in sides_of(leaf))
            yield Line(
                (Span(f"{visible(leaf.place)}  ", "faint"), Span(old), Span(" → ", "faint"), Span(new)),
                indent=4,
                hang=4,
            )
