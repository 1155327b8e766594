"""Replies that answer in blocks: which block stands between which, where the words themselves did not change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import groupby

from recdiff.comparing.place import Place
from recdiff.comparing.tree import Comparison
from recdiff.model import Kind
from recdiff.protocols.blocks import spelled
from recdiff.protocols.slots import Run


def compare_blocks(on: Comparison, here: Place, old: Sequence[Run], new: Sequence[Run]) -> None:
    """Show blocks in another order, or cut elsewhere by another block. `here` is the place of their choice.

    Kinds of which one side has more are changes of their own; they are left out, and what they parted is one again.
    """
    if old == new:
        return
    before, after = _totals(old), _totals(new)
    kept = {kind for kind in before.keys() | after.keys() if before[kind] == after[kind]}
    kinds = [run.kind for run in old], [run.kind for run in new]
    reordered = kinds[0] != kinds[1] and sorted(kinds[0]) == sorted(kinds[1])
    if not reordered and _only(kept, old) == _only(kept, new):
        return
    left, right = spelled(old), spelled(new)
    kind: Kind = "changed"
    if left is None or right is None:
        kind = "added" if left is None else "removed"
    elif reordered and sorted(old) == sorted(new):
        kind = "moved"
    on.ledger.show(on.change(here.below(("extra", "blocks")), kind, left, right))


def _totals(runs: Sequence[Run]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for kind, extent in runs:
        totals[kind] += extent
    return totals


def _only(kept: Collection[str], runs: Sequence[Run]) -> list[tuple[str, int]]:
    staying = (run for run in runs if run.kind in kept)
    return [(kind, sum(run.extent for run in group)) for kind, group in groupby(staying, key=lambda run: run.kind)]
