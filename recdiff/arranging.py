"""A review's files in the order in which people look at them: by test, by folder, or by what changed alike; filters.

A face shows the tree that `arrange` makes. Recorded text stays raw here; a face makes it visible. The order depends on
the entries alone, not on how they came in; what names an entry is its two paths.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from recdiff.model import FileReview, Group, Status
from recdiff.naming import asked, short_name, title_of
from recdiff.testids import split_test_id

Arrangement: TypeAlias = Literal["test", "folder", "group"]
BranchKind: TypeAlias = Literal[
    "file", "test", "folder", "group", "groups", "added", "removed", "unreadable", "minor", "noise", "notes",
]  # fmt: skip
"""What stands together; `notes`, which `arrange` never makes, is for what a face tells of the range itself."""

ARRANGEMENTS: tuple[Arrangement, ...] = ("test", "folder", "group")

_LONGEST_TITLE = 200
_MOST_READ = 2_000
"""Characters of a text that a title is made from."""
_DEEPEST = 40
"""Levels of folders in the tree; below, each folder stands for itself, so that no walk of the tree is too deep."""


# The tree


class Leaf(NamedTuple):
    """A recording or pair at one place of the tree, titled by what a person knows it by."""

    key: str
    entry: FileReview
    title: str


class Branch(NamedTuple):
    """What stands together. No two keys of a tree are equal, and a key stays when more files are read."""

    key: str
    kind: BranchKind
    title: str
    children: tuple[Branch | Leaf, ...]
    group: Group | None = None

    def every(self) -> Iterator[FileReview]:
        """All entries below, in order, each once, also where it stands in several groups."""
        seen: set[int] = set()
        rest: list[Branch | Leaf] = [self]
        while rest:
            item = rest.pop()
            if isinstance(item, Branch):
                rest.extend(reversed(item.children))
            elif id(item.entry) not in seen:
                seen.add(id(item.entry))
                yield item.entry


def leaf_key(entry: FileReview, branch: str) -> str:
    """The key of an entry's leaf. `branch` is the key of where it belongs: its test also while it is the only one."""
    return "|".join((branch, entry.old_path or "", entry.new_path or ""))


class _Placed(NamedTuple):
    """An entry and what its test's id says. `is_lost` where that names no test file: then `place` is the folder."""

    is_lost: bool
    place: str
    name: str
    parameters: str
    turns: int
    said: str
    entry: FileReview

    @property
    def test(self) -> str:
        """Name and parameters as pytest writes them; the short name of the file where there is no test."""
        return f"{self.name}{self.bracket}" or short_name(self.entry.path)

    @property
    def bracket(self) -> str:
        """The parameters in brackets, where there are any."""
        return f"[{self.parameters}]" if self.parameters else ""


def arrange(files: Sequence[FileReview], groups: Sequence[Group], by: Arrangement) -> tuple[Branch, ...]:
    """The tree of a review. Each file stands in it at least once, each group that has files here once."""
    every = sorted(map(_placed, files), key=_order)
    of: dict[Status, list[_Placed]] = defaultdict(list)
    for placed in every:
        of[placed.entry.status].append(placed)
    minor = _listed("minor", "Minor only", of["minor"])
    noise = _listed("noise", "Noise only", of["noise"])
    if by == "folder":
        told = [placed for placed in every if placed.entry.status not in ("minor", "noise")]
        return _with_own_keys((*_folders(told), *minor, *noise), set())
    ending = (*_lone("added", of["added"]), *_lone("removed", of["removed"]), *minor, *noise)
    unreadable = _listed("unreadable", "Unreadable", of["unreadable"])
    metered = [group for group in groups if group.change_class == "usage"]
    others = [group for group in groups if group.change_class != "usage"]
    if by == "group":
        known = {group.id for group in groups}
        own = _by_test("own:", [placed for placed in of["meaningful"] if _has_own_change(placed.entry, known)])
        alone = (Branch("own", "test", "Changed on their own", own),) if own else ()
        return _with_own_keys((*unreadable, *_groups([*others, *metered], every), *alone, *ending), set())
    shared = _groups(others, every)
    many = (Branch("groups", "groups", "The same change in many", shared),) if shared else ()
    return _with_own_keys((*unreadable, *_by_test("", of["meaningful"]), *many, *ending), set())


def _placed(entry: FileReview) -> _Placed:
    function, parameters = split_test_id(entry.test_id)
    file, _, name = (function or "").partition("::")
    said = _what(entry)
    if not file:
        return _Placed(True, entry.path.rpartition("/")[0], "", "", entry.turns, said, entry)
    return _Placed(False, file, name, parameters, entry.turns, said, entry)


def _order(placed: _Placed) -> tuple[object, ...]:
    """By test file, test and turn; recordings without a test last, by folder and name."""
    entry = placed.entry
    turn = (0, "") if placed.is_lost else (placed.turns, placed.said)
    return (*placed[:4], *turn, entry.path, entry.old_path or "", entry.new_path or "", entry.status)


def _what(entry: FileReview) -> str:
    """What was asked, else what was called."""
    said = asked(entry)
    if said:
        return f"“{said}”"
    return entry.about or (entry.synopsis.endpoint if entry.synopsis else "") or short_name(entry.path)


def _has_own_change(entry: FileReview, known: set[str]) -> bool:
    """Whether a meaningful change is in no group; true also where no group would show the entry at all."""
    own = any(change.level == "meaningful" and change.group not in known for change in entry.changes)
    return own or not any(change.group in known for change in entry.changes)


def _by_test(prefix: str, entries: Sequence[_Placed], *, flat: bool = False) -> tuple[Branch, ...]:
    """A branch for each test file, then for each folder of recordings without a test.

    A test function has a branch where it has several recordings, unless `flat`.
    """
    homes = [(home, list(inside)) for home, inside in groupby(entries, key=lambda placed: placed[:2])]
    names = Counter(_last(place) for (is_lost, place), _ in homes if not is_lost)
    found: list[Branch] = []
    for (is_lost, place), inside in homes:
        if is_lost:
            key = f"{prefix}folder:{place or '.'}"
            found.append(Branch(key, "folder", _title(place or "."), _leaves(inside, lambda placed: placed.test, key)))
            continue
        title = _last(place) if names[_last(place)] == 1 else place
        functions: list[Branch | Leaf] = []
        for name, members in groupby(inside, key=lambda placed: placed.name):
            functions += _function(f"{prefix}test:{place}::{name}", name, list(members), flat)
        found.append(Branch(f"{prefix}file:{place}", "file", _title(title), tuple(functions)))
    return tuple(found)


def _function(key: str, name: str, members: Sequence[_Placed], flat: bool) -> tuple[Branch | Leaf, ...]:
    if flat or len(members) == 1:
        return _leaves(members, lambda placed: placed.test, key)
    differ = len({placed.parameters for placed in members}) > 1
    inside = _leaves(members, lambda placed: placed.bracket if differ else "", key, says_what=True)
    title = name if differ else members[0].test
    return (Branch(key, "test", _title(title), inside),) if name else inside


def _leaves(
    entries: Sequence[_Placed], head: Callable[[_Placed], str], key: str, *, says_what: bool = False
) -> tuple[Leaf, ...]:
    """Leaves titled by their head; those of one test also by their number in it and by what was asked."""
    totals = Counter(_test_of(placed) for placed in entries)
    numbers: Counter[object] = Counter()
    leaves = []
    for placed in entries:
        test = _test_of(placed)
        numbers[test] += 1
        number = str(numbers[test]) if totals[test] > 1 else ""
        words = (head(placed), number, placed.said if number or says_what else "")
        leaves.append(Leaf(leaf_key(placed.entry, key), placed.entry, _title(" ".join(filter(None, words)))))
    return tuple(leaves)


def _test_of(placed: _Placed) -> object:
    return id(placed.entry) if placed.is_lost else placed[1:4]


def _groups(groups: Sequence[Group], entries: Sequence[_Placed]) -> tuple[Branch, ...]:
    of: dict[str, list[_Placed]] = defaultdict(list)
    for placed in entries:
        for name in {change.group for change in placed.entry.changes if change.group}:
            of[name].append(placed)

    def with_file(placed: _Placed) -> str:
        return placed.test if placed.is_lost else "::".join(filter(None, (_last(placed.place), placed.test)))

    found = []
    for group in groups:
        if of[group.id]:
            key = f"group:{group.id}"
            is_of_one_file = len({placed[:2] for placed in of[group.id]}) == 1
            head = (lambda placed: placed.test) if is_of_one_file else with_file
            found.append(Branch(key, "group", _title(title_of(group)), _leaves(of[group.id], head, key), group))
    return tuple(found)


def _lone(status: Literal["added", "removed"], entries: Sequence[_Placed]) -> tuple[Branch, ...]:
    inside = _by_test(f"{status}:", entries, flat=True)
    return (Branch(status, status, f"{status.capitalize()} {len(entries):,}", inside),) if entries else ()


def _listed(
    status: Literal["unreadable", "minor", "noise"], words: str, entries: Sequence[_Placed]
) -> tuple[Branch, ...]:
    """One branch with all leaves in it, by test; of those that cannot be read, by path."""
    if status == "unreadable":
        entries = sorted(entries, key=lambda placed: placed.entry.path)
    leaves = []
    for placed in entries:
        folder, slash, _ = placed.entry.path.rpartition("/")
        title = f"{folder}{slash}{short_name(placed.entry.path)}" if status == "unreadable" else _file_title(placed)
        leaves.append(Leaf(leaf_key(placed.entry, status), placed.entry, _title(title)))
    return (Branch(status, status, f"{words} {len(leaves):,}", tuple(leaves)),) if leaves else ()


def _file_title(placed: _Placed) -> str:
    """File and test; a hash, which nobody knows anything by, stands behind the test."""
    name = short_name(placed.entry.path)
    if placed.test == name:
        return name
    return f"{placed.test} · {name}" if "…" in name else f"{name} · {placed.test}"


def _folders(entries: Iterable[_Placed]) -> tuple[Branch, ...]:
    """Nested folders; one that holds nothing but another folder is one branch with it."""
    by_path = sorted(entries, key=lambda placed: placed.entry.path)
    inside = _inside([(placed.entry.path.split("/")[:-1], placed) for placed in by_path], 0, 0)
    top = tuple(item for item in inside if isinstance(item, Leaf))
    found = tuple(item for item in inside if isinstance(item, Branch))
    return (*found, Branch("folder:.", "folder", ".", top)) if top else found


def _inside(members: Sequence[tuple[list[str], _Placed]], level: int, depth: int) -> tuple[Branch | Leaf, ...]:
    """What stands in the folder that all members share up to `level`: folders first, then files."""
    folders: dict[str, list[tuple[list[str], _Placed]]] = defaultdict(list)
    leaves: list[Leaf] = []
    for steps, placed in members:
        if len(steps) == level:
            key = leaf_key(placed.entry, f"folder:{'/'.join(steps) or '.'}")
            leaves.append(Leaf(key, placed.entry, _title(_file_title(placed))))
        else:
            folders[steps[level] if depth < _DEEPEST else "/".join(steps[level:])].append((steps, placed))
    branches = []
    for _, inside in sorted(folders.items()):
        every = [steps for steps, _ in inside]
        ends = zip(min(every), max(every), strict=False)
        shared = [first for first, _ in takewhile(lambda step: step[0] == step[1], ends)]
        title = _title("/".join(shared[level:]) or "/")
        key = f"folder:{'/'.join(shared)}"
        branches.append(Branch(key, "folder", title, _inside(inside, len(shared), depth + 1)))
    return (*branches, *leaves)


_Item = TypeVar("_Item", Branch, Leaf, Branch | Leaf)


def _with_own_keys(items: Iterable[_Item], taken: set[str]) -> tuple[_Item, ...]:
    """The same tree with a number behind each key that was there before: recorded names may be made to collide."""
    found: list[_Item] = []
    for item in items:
        key, number = item.key, 1
        while key in taken:
            number += 1
            key = f"{item.key}|{number}"
        taken.add(key)
        if isinstance(item, Branch):
            found.append(item._replace(key=key, children=_with_own_keys(item.children, taken)))
        else:
            found.append(item if key == item.key else item._replace(key=key))
    return tuple(found)


# Words


def _line(text: str) -> str:
    return " ".join(text[:_MOST_READ].split())


def _title(text: str) -> str:
    line = _line(text) or "(blank)"
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"


def _last(path: str) -> str:
    return path.rpartition("/")[2] or path
