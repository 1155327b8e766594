"""The structure that no comparer of ours explains: stretches of lists without names, handed to DeepDiff.

DeepDiff is imported here and only when there is such a stretch (its import costs more than a whole small review). Its
defaults are wrong for recordings: it would skip keys that start with `__` and collapse objects with few common keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from recdiff.comparing.place import pointer
from recdiff.jsonvalue import Json, leaf_count, leaves, same
from recdiff.model import Kind

MOST_LEAVES = 2_000
"""Leaves up to which a stretch is looked into; a larger one is one change (DeepDiff needs 14 µs a leaf)."""

Steps = tuple[str | int, ...]


class Difference(NamedTuple):
    """One difference inside a stretch: the steps that lead to it on both sides, and the values there."""

    kind: Kind
    steps: Steps
    old: Json
    new: Json


def differences(old: list[Json], new: list[Json]) -> list[Difference] | None:
    """How two lists differ position by position, or None where the lists are better shown whole.

    None means: too large, too deep, or DeepDiff sees no difference where the canonical bytes do.
    """
    if leaf_count(old) + leaf_count(new) > MOST_LEAVES:
        return None
    from deepdiff import DeepDiff

    try:
        tree = DeepDiff(
            old,
            new,
            ignore_private_variables=False,
            threshold_to_diff_deeper=0,
            zip_ordered_iterables=True,
            ignore_nan_inequality=True,
            view="tree",
        )
        found = list(_read(tree))
    except (RecursionError, ValueError, TypeError):
        return None
    return found if _explains(found, old, new) else None


def _read(tree: object) -> Iterator[Difference]:
    kinds: dict[str, Kind] = {
        "values_changed": "changed",
        "type_changes": "changed",
        "dictionary_item_added": "added",
        "iterable_item_added": "added",
        "dictionary_item_removed": "removed",
        "iterable_item_removed": "removed",
    }
    assert isinstance(tree, dict)
    for report, levels in tree.items():
        kind = kinds.get(report)
        if kind is None:
            raise ValueError(report)
        for level in levels:
            old = None if kind == "added" else level.t1
            new = None if kind == "removed" else level.t2
            yield Difference(kind, tuple(level.path(output_format="list")), old, new)


def _explains(found: list[Difference], old: list[Json], new: list[Json]) -> bool:
    """Whether every leaf that differs lies in a difference (DeepDiff takes `[1]` and `[true]` for equal)."""
    roots = {pointer(difference.steps) for difference in found}
    olds, news = dict(leaves(old)), dict(leaves(new))
    for place in olds.keys() | news.keys():
        if place in olds and place in news and same(olds[place], news[place]):
            continue
        steps = place.split("/")
        if not any("/".join(steps[:depth]) in roots for depth in range(len(steps) + 1)):
            return False
    return True
