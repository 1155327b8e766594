"""What the page tells of one recording: its changes by class, what others share with it, what was hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, Change, ChangeClass, FileReview, Group, HiddenLeaf
from recdiff.naming import ListItem, item_of
from recdiff.reports.html.blocks import LINE, Block, Blocks
from recdiff.reports.html.limits import Limits
from recdiff.reports.html.rows import ADDED, KEPT, REMOVED, Row
from recdiff.reports.values import sides_of
from recdiff.safe import shortened, visible

_MUST_SEE: frozenset[ChangeClass] = frozenset(("error", "tool", "finish", "text"))
"""Classes that are told with each recording, also where others share them."""
_MANY = 3
"""Recordings of a group from which on its change is told with the group, and folded in each of them."""
_MOST_APART = 12
"""Items of a list that came or went, beyond which they share a line."""
_WIDEST = 60
"""Columns of one hidden value."""


def is_shared(change: Change, groups: Mapping[str, Group]) -> bool:
    """Whether a change is folded with its recording, because it is told once for many."""
    group = groups.get(change.group or "")
    return group is not None and group.files >= _MANY and change.change_class not in _MUST_SEE


def has_own_change(entry: FileReview, groups: Mapping[str, Group]) -> bool:
    """Whether a recording says something that no group says for it."""
    return any(change.level == "meaningful" and not is_shared(change, groups) for change in entry.changes)


class Sections:
    """Makes the sections of recordings. Equal blocks stand once in `table`; a section names them by their numbers."""

    def __init__(self, blocks: Blocks, groups: Sequence[Group], limits: Limits) -> None:
        self.table: list[Json] = []
        self.rules: list[str] = []
        self._numbers: dict[str, int] = {}
        self._blocks = blocks
        self._groups = {group.id: group for group in groups}
        self._group_numbers = {group.id: number for number, group in enumerate(groups)}
        self._limits = limits

    def of(self, entry: FileReview) -> dict[str, Json]:
        """Own changes as `[class, blocks]` by weight, shared ones the same way, and how many are left out."""
        ordered = sorted(entry.changes, key=lambda change: CLASSES.index(change.change_class))
        told = ordered[: self._limits.changes]
        found: dict[str, Json] = {
            "own": self._by_class([change for change in told if not is_shared(change, self._groups)]),
            "shared": self._by_class([change for change in told if is_shared(change, self._groups)]),
            "hidden": list(self._hidden(entry)),
        }
        if len(ordered) > len(told):
            found["left"] = len(ordered) - len(told)
        return found

    def number(self, change: Change) -> int:
        """The number of a change's block, without the group that it belongs to."""
        return self._kept(self._blocks.of(change, self._limits).data())

    def _by_class(self, changes: Iterable[Change]) -> list[Json]:
        classes: dict[ChangeClass, list[Change]] = defaultdict(list)
        for change in changes:
            classes[change.change_class].append(change)
        return [[CLASSES.index(name), list(self._numbered(found))] for name, found in classes.items()]

    def _numbered(self, changes: Sequence[Change]) -> Iterator[int]:
        lists: dict[str, list[tuple[Change, ListItem]]] = defaultdict(list)
        for change in changes:
            item = item_of(change)
            if item:
                lists[item.of].append((change, item))
        for change in changes:
            item = item_of(change)
            items = lists[item.of] if item else []
            if len(items) > _MOST_APART:
                if change is items[0][0]:
                    yield self._kept(_items(items).data())
                continue
            data = self._blocks.of(change, self._limits).data()
            if change.group in self._group_numbers:
                data.append(self._group_numbers[change.group])
            yield self._kept(data)

    def _kept(self, data: list[Json]) -> int:
        key = repr(data)
        number = self._numbers.setdefault(key, len(self.table))
        if number == len(self.table):
            self.table.append(data)
        return number

    def _hidden(self, entry: FileReview) -> Iterator[Json]:
        """Each rule by its number in `rules`, its count, and some of what it hid."""
        leaves: dict[str, list[HiddenLeaf]] = defaultdict(list)
        for leaf in entry.hidden_leaves:
            if len(leaves[leaf.rule]) < self._limits.samples:
                leaves[leaf.rule].append(leaf)
        for rule, count in sorted(entry.hidden.items(), key=lambda item: (-item[1], item[0])):
            if rule not in self.rules:
                self.rules.append(rule)
            yield [self.rules.index(rule), count, [list(sample_of(leaf)) for leaf in leaves[rule]]]


def sample_of(leaf: HiddenLeaf) -> tuple[str, str, str]:
    """A hidden difference: where, old and new, each in few words."""
    old, new = (shortened(side, _WIDEST) for side in sides_of(leaf))
    return visible(leaf.place), old, new


def _items(items: Sequence[tuple[Change, ListItem]]) -> Block:
    """Many items of one list in one block, by their names."""
    row: Row = []
    for change, item in items:
        name = visible(item.name)
        row += [(ADDED, f"+ {name}") if change.kind == "added" else (REMOVED, f"− {name}"), (KEPT, "   ")]
    return Block(visible(items[0][1].place), LINE, [row[:-1]])
