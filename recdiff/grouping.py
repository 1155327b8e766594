"""The same change in several recordings, found once: equal values, or the same rewrite inside longer strings.

The result depends on the changes alone, not on the order of files. A change is in one group or in none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias, cast

from recdiff.comparing.words import piece_runs_of
from recdiff.jsonvalue import Json, canonical, token_of, unescape
from recdiff.model import CLASSES, Change, ChangeClass, FileReview, Group

_LEAST_FILES = 2

_LEAST_FILES_OF_A_KEY = 3
_GROUPED_BY_KEY: frozenset[ChangeClass] = frozenset(("request", "data", "usage", "provenance"))
"""Classes in which a key with other values everywhere is one change; what a model said is looked at one by one."""

_SPOKEN = ("/text", "/reasoning", "/refusal")
_MOST_REWRITES = 6
"""Different rewrites in one string beyond which it is not the same text, rewritten."""

_MOST_SPELLINGS = 12
"""Ways in which the white space around few rewrites may differ."""
_LONGEST_WORD = 200

_LEAST_KEPT = 0.5
"""Share of a string that must stay for the rest to be a rewrite of it."""

_SHORT_VALUE = 60
"""Characters up to which a title shows a whole string."""

_WORD_END = re.compile(r"[\w.-]*\Z")
_WORD_START = re.compile(r"[\w.-]*")

Rewrite: TypeAlias = tuple[tuple[str, str], ...]
_Spot: TypeAlias = tuple[int, int]
"""A change, by the position of its file and its position there."""


def group_changes(files: Sequence[FileReview]) -> tuple[tuple[FileReview, ...], tuple[Group, ...]]:
    """Give every change that stands in several files its group. Groups come by weight, then by number of files."""
    families: dict[bytes, list[_Spot]] = defaultdict(list)
    for file_index, entry in enumerate(files):
        for change_index, change in enumerate(entry.changes):
            families[_equality(change)].append((file_index, change_index))
    chosen: dict[_Spot, bytes] = {}
    groups: dict[bytes, Group] = {}
    for key, places in families.items():
        if _file_count(places) >= _LEAST_FILES:
            first = files[places[0][0]].changes[places[0][1]]
            rewrite = rewrite_of(first) if _is_long(first) else None
            groups[key] = _group(key, _changes(files, places), places, _spelled(rewrite) if rewrite else None)
            chosen.update(dict.fromkeys(places, key))
    for key, (places, shared, members) in _rewritten(files, families).items():
        if _file_count(places) >= _LEAST_FILES and len(members) > 1:
            for family in members:
                groups.pop(family, None)
            groups[key] = _group(key, _changes(files, places), places, shared)
            chosen.update(dict.fromkeys(places, key))
    for key, places in _keys_that_came_or_went(files, families, chosen).items():
        if _file_count(places) >= _LEAST_FILES_OF_A_KEY:
            groups[key] = _group_of_key(key, _changes(files, places), places)
            chosen.update(dict.fromkeys(places, key))
    return _with_groups(files, chosen, groups)


def _keys_that_came_or_went(
    files: Sequence[FileReview], families: dict[bytes, list[_Spot]], chosen: dict[_Spot, bytes]
) -> dict[bytes, list[_Spot]]:
    """Keys that many recordings gained or lost, each with a value of its own: an id, a new meter."""
    found: dict[bytes, list[_Spot]] = defaultdict(list)
    for places in families.values():
        change = files[places[0][0]].changes[places[0][1]]
        last = change.pattern.rpartition("/")[2]
        if (
            places[0] not in chosen
            and change.kind in ("added", "removed")
            and change.change_class in _GROUPED_BY_KEY
            and last != "*"
            and not last.startswith("[")
        ):
            found[token_of([change.change_class, change.pattern, change.kind, "key"])].extend(places)
    return found


def _group_of_key(key: bytes, changes: list[Change], places: list[_Spot]) -> Group:
    first = changes[0]
    said = {canonical(change.new if first.kind == "added" else change.old) for change in changes}
    samples = sorted(_quote(change.new if first.kind == "added" else change.old) for change in changes)
    return Group(
        id=_name_of(key),
        change_class=first.change_class,
        title=f"{place_of(first)} {first.kind}, {len(said)} different values: {samples[0]}, …, {samples[-1]}",
        place=place_of(first),
        old=None,
        new=None,
        files=_file_count(places),
    )


def _name_of(key: bytes) -> str:
    """A group's id: the same for the same change, whatever else the review holds."""
    import hashlib

    return hashlib.sha256(key).hexdigest()[:12]


def _is_long(change: Change) -> bool:
    """Whether a title says more with the rewrite than with both strings."""
    return any(isinstance(value, str) and len(value) > _SHORT_VALUE for value in (change.old, change.new))


def _equality(change: Change) -> bytes:
    values: list[Json] = [change.change_class, change.pattern, change.kind, change.old, change.new]
    return token_of(values)


def _rewritten(
    files: Sequence[FileReview], families: dict[bytes, list[_Spot]]
) -> dict[bytes, tuple[list[_Spot], Rewrite, set[bytes]]]:
    """Changes by the rewrite that they share: where they stand, the rewrite as spelled, the equal changes that join."""
    found: dict[bytes, tuple[list[_Spot], Rewrite, set[bytes]]] = {}
    for family, places in families.items():
        change = files[places[0][0]].changes[places[0][1]]
        rewrite = rewrite_of(change)
        if rewrite is None:
            continue
        bare = sorted({(old, new) for old, new, _ in rewrite})
        key = token_of([change.change_class, change.pattern, "rewrite", *(cast(Json, list(pair)) for pair in bare)])
        spelled = _spelled(rewrite)
        if key not in found:
            found[key] = ([], spelled, set())
        elif found[key][1] != spelled:  # other words around the same rewrite: say the rewrite alone
            found[key] = (found[key][0], tuple(bare), found[key][2])
        found[key][0].extend(places)
        found[key][2].add(family)
    return found


def _spelled(rewrite: list[tuple[str, str, tuple[str, str]]]) -> Rewrite:
    """A rewrite with the words around it, where those are the same wherever it stands."""
    wholes: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for old, new, whole in rewrite:
        wholes[old, new].add(whole)
    return tuple(sorted(next(iter(whole)) if len(whole) == 1 else bare for bare, whole in wholes.items()))


def rewrite_of(change: Change) -> list[tuple[str, str, tuple[str, str]]] | None:
    """What was rewritten inside a string that stayed for the most part: (old, new, both with the word around them).

    None where the change is no such rewrite.
    """
    old, new = change.old, change.new
    if change.kind != "changed" or not isinstance(old, str) or not isinstance(new, str):
        return None
    if change.change_class == "text" and change.pattern.endswith(_SPOKEN):  # what a model said is read one by one
        return None
    if min(len(old), len(new)) < _LEAST_KEPT * max(len(old), len(new)):
        return None
    runs = piece_runs_of(old, new, _LEAST_KEPT * max(len(old), len(new)))
    if runs is None or len({run for run in runs if not run.kept}) > _MOST_REWRITES + _MOST_SPELLINGS:
        return None
    found: list[tuple[str, str, tuple[str, str]]] = []
    for index, run in enumerate(runs):
        if not run.kept:
            before = _WORD_END.search(runs[index - 1].old[-_LONGEST_WORD:]) if index else None
            after = _WORD_START.match(runs[index + 1].old) if index + 1 < len(runs) else None
            head, tail = before.group() if before else "", after.group() if after else ""
            found.append((*_trimmed(run.old, run.new), (head + run.old + tail, head + run.new + tail)))
    different = {(before, after) for before, after, _ in found}
    return found if 0 < len(different) <= _MOST_REWRITES else None


def _trimmed(old: str, new: str) -> tuple[str, str]:
    """A rewrite without the white space around it, unless white space is all of it."""
    left, right = old.strip(), new.strip()
    return (left, right) if left != right else (old, new)


def _file_count(places: Iterable[_Spot]) -> int:
    return len({file_index for file_index, _ in places})


def _changes(files: Sequence[FileReview], places: Iterable[_Spot]) -> list[Change]:
    return [files[file_index].changes[change_index] for file_index, change_index in places]


def _group(key: bytes, changes: list[Change], places: list[_Spot], rewrite: Rewrite | None) -> Group:
    first = min(changes, key=lambda change: (change.path, canonical(change.old), canonical(change.new)))
    old, new = first.old, first.new
    if rewrite is not None and len(rewrite) == 1 and any(change.old != old for change in changes):
        old, new = rewrite[0]
    return Group(
        id=_name_of(key),
        change_class=first.change_class,
        title=_title(first, rewrite),
        place=place_of(first),
        old=old,
        new=new,
        files=_file_count(places),
    )


def place_of(change: Change) -> str:
    """Where a change stands, in words that hold for every recording: `messages[].content`."""
    steps = change.pattern.split("/")[1:]
    words = ""
    for step in steps[_prefix(steps) :]:
        step = unescape(step)
        if step == "*":
            words += "[]"
        elif step.startswith("["):
            words += step
        else:
            words += f".{step}" if words else step
    return words


def _prefix(steps: list[str]) -> int:
    if steps in (["request", "model"], ["response", "reply", "model"], ["request", "body", "model"]):
        return len(steps) - 2
    if steps[:2] in (["request", "body"], ["response", "reply"], ["response", "body"]) and len(steps) > 2:
        return 2
    return 1 if steps[0] in ("request", "response") and len(steps) > 1 else 0


def _title(change: Change, rewrite: Rewrite | None) -> str:
    place = place_of(change)
    if rewrite is not None:
        return f"{place}: " + "; ".join(_rewritten_words(old, new) for old, new in rewrite)
    if change.kind == "added":
        return f"{place} added: {_quote(change.new)}"
    if change.kind == "removed":
        return f"{place} removed: {_quote(change.old)}"
    return f"{place}: {_quote(change.old)} → {_quote(change.new)}"


def _rewritten_words(old: str, new: str) -> str:
    if not old or not new:
        return f"{'+' if new else '−'} “{_quote(new or old)}”"
    return f"{_quote(old)} → {_quote(new)}"


def _quote(value: Json) -> str:
    text = value if isinstance(value, str) else canonical(value).decode("utf-8", "replace")
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:60]}…{text[-15:]}"


def _with_groups(
    files: Sequence[FileReview], chosen: dict[_Spot, bytes], groups: dict[bytes, Group]
) -> tuple[tuple[FileReview, ...], tuple[Group, ...]]:
    grouped = []
    for file_index, entry in enumerate(files):
        changes = tuple(
            change._replace(group=groups[chosen[file_index, change_index]].id)
            if (file_index, change_index) in chosen
            else change
            for change_index, change in enumerate(entry.changes)
        )
        grouped.append(entry._replace(changes=changes) if changes else entry)
    ordered = sorted(
        groups.values(),
        key=lambda group: (CLASSES.index(group.change_class), -group.files, group.title, group.id),
    )
    return tuple(grouped), tuple(ordered)
