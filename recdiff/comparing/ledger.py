"""The account of one pair: every differing leaf is shown in a change or hidden under a rule, and counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from recdiff.comparing.pieces import Pieces
from recdiff.jsonvalue import leaf_count, leaves
from recdiff.model import Change, HiddenLeaf
from recdiff.protocols.slots import Cell
from recdiff.rules.ids import IdSighting

__all__ = ["Cell", "Ledger", "trail_of"]


@dataclass(slots=True)
class Ledger:
    """What was found in one pair. `hidden[rule]` counts leaves of the old and of the new file.

    With `trace`, `trail` lists every hidden leaf and `shown_at` every shown one, and `shown` counts those.
    """

    trace: bool = False
    changes: list[Change] = field(default_factory=list)
    hidden: dict[str, list[int]] = field(default_factory=dict)
    shown: list[int] = field(default_factory=lambda: [0, 0])
    sightings: list[IdSighting] = field(default_factory=list)
    trail: list[HiddenLeaf] = field(default_factory=list)
    shown_at: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    def hide(self, rule: str, old: Iterable[Cell], new: Iterable[Cell]) -> None:
        """Count all leaves of these values under a rule; a leaf of one side stands beside one of the other."""
        if self.trace:
            pairs = trail_of(rule, old, new)
            self.trail.extend(pairs)
            counts = (
                sum(leaf.old_path is not None for leaf in pairs),
                sum(leaf.new_path is not None for leaf in pairs),
            )
        else:
            counts = _count(old), _count(new)
        if any(counts):
            tally = self.hidden.setdefault(rule, [0, 0])
            tally[0] += counts[0]
            tally[1] += counts[1]

    def show(self, change: Change, old: Iterable[Cell] = (), new: Iterable[Cell] = ()) -> None:
        """Record a change, and all leaves of these values as shown by it."""
        self.changes.append(change)
        self.cover(old, new)

    def cover(self, old: Iterable[Cell], new: Iterable[Cell]) -> None:
        """Note leaves as shown by a change that is recorded already; only a trace has a use for them."""
        if not self.trace:
            return
        for side, cells in enumerate((old, new)):
            found = [place for value, at in cells for place, _ in leaves(value, at)]
            self.shown_at[side].extend(found)
            self.shown[side] += len(found)

    def sight(self, change: Change, old: Iterable[Cell], new: Iterable[Cell]) -> None:
        """Note an id that differs, with all pieces that spell it; the whole test decides whether it was renamed."""
        trail = tuple(trail_of("", old, new)) if self.trace else ()
        leaves = _count(old), _count(new)
        self.sightings.append(IdSighting(str(change.old), str(change.new), change, leaves, trail))


def trail_of(rule: str, old: Iterable[Cell], new: Iterable[Cell]) -> list[HiddenLeaf]:
    """The leaves of both sides, beside each other in order."""
    olds = [leaf for value, at in old for leaf in leaves(value, at)]
    news = [leaf for value, at in new for leaf in leaves(value, at)]
    found = []
    for left, right in zip_longest(olds, news):
        found.append(
            HiddenLeaf(
                rule,
                left[0] if left else None,
                right[0] if right else None,
                left[1] if left else None,
                right[1] if right else None,
            )
        )
    return found


def _count(cells: Iterable[Cell]) -> int:
    if isinstance(cells, Pieces):
        return cells.leaf_count()
    return sum([leaf_count(value) if isinstance(value, (dict, list)) else 1 for value, _ in cells])
