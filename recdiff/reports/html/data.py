"""The data of the page: every file, the three trees they stand in, groups, and the blocks of all changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from recdiff.arranging import ARRANGEMENTS, Arrangement, Branch, Leaf, arrange
from recdiff.filtering import classes_of
from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, Change, FileReview, Group, Review
from recdiff.naming import about, asked
from recdiff.reports.html.blocks import Blocks
from recdiff.reports.html.limits import Limits
from recdiff.reports.html.sections import Sections, has_own_change
from recdiff.safe import shortened, visible

_LONGEST_QUESTION = 100
"""Characters of what a pair was asked, which its search needs."""
_MOST_SAMPLES = 3
"""Texts in which a group's change is shown."""


def trees_of(review: Review) -> dict[str, Json]:
    """The tree of each arrangement, in which files and groups are numbers."""
    numbers = {id(entry): number for number, entry in enumerate(review.files)}
    groups = {group.id: number for number, group in enumerate(review.groups)}
    return {
        by: [_branch(branch, numbers, groups) for branch in arrange(review.files, review.groups, by)]
        for by in ARRANGEMENTS
    }


def page_data(review: Review, blocks: Blocks, limits: Limits, link_base: str | None) -> dict[str, Json]:
    """All that the script needs beside the trees. Every string of it is visible already."""
    sections = Sections(blocks, review.groups, limits)
    known = {group.id: group for group in review.groups}
    files: list[Json] = [
        {**_facts(entry, limits, link_base), "isOpen": _is_open(entry, known), **sections.of(entry)}
        for entry in review.files
    ]
    members = _members(review)
    groups: list[Json] = [_group(group, members[group.id], sections) for group in review.groups]
    return {
        "by": _first_arrangement(review, known),
        "classes": list(CLASSES),
        "files": [{key: value for key, value in file.items() if value} for file in files if isinstance(file, dict)],
        "groups": groups,
        "blocks": sections.table,
        "rules": [visible(rule) for rule in sections.rules],
    }


def _first_arrangement(review: Review, groups: Mapping[str, Group]) -> Arrangement:
    """By test, as everywhere; by group where groups tell all of most recordings, whose tests are but closed rows."""
    meaningful = [entry for entry in review.files if entry.status == "meaningful"]
    own = sum(has_own_change(entry, groups) for entry in meaningful)
    return "test" if 2 * own >= len(meaningful) else "group"


def _facts(entry: FileReview, limits: Limits, link_base: str | None) -> dict[str, Json]:
    """What is known of a file beside its changes."""
    synopsis = entry.synopsis
    there = classes_of(entry)
    counts = {name: sum(change.change_class == name for change in entry.changes) for name in there}
    return {
        "status": entry.status,
        "test": visible(entry.test_id or ""),
        "old": visible(entry.old_path or ""),
        "new": visible(entry.new_path or ""),
        "href": _address(link_base, entry.new_path),
        "about": visible(about(entry)),
        "pairing": visible(entry.pairing),
        "chips": [[index, counts[name]] for index, name in enumerate(CLASSES) if name in there],
        "error": visible(entry.error or ""),
        "asked": shortened(visible(synopsis.asked), limits.said) if synopsis else "",
        "outcome": shortened(visible(synopsis.outcome), limits.said) if synopsis else "",
        "question": "" if synopsis else shortened(visible(asked(entry)), _LONGEST_QUESTION),
        "marks": [visible(mark) for mark in synopsis.marks] if synopsis else [],
    }


def _address(base: str | None, path: str | None) -> str:
    """Where a file is on the web, if anywhere; a path with `..` would lead out of the base."""
    if not base or not path or not {"", ".", ".."}.isdisjoint(path.split("/")):
        return ""
    try:
        return f"{base}/{quote(path.encode('utf-8', 'surrogateescape'))}"
    except UnicodeEncodeError:  # no path that git could have given
        return ""


def _is_open(entry: FileReview, groups: Mapping[str, Group]) -> bool:
    """Whether a reader need not open it: what is to be reviewed, unless a group tells all of it."""
    return entry.status == "unreadable" or (entry.status == "meaningful" and has_own_change(entry, groups))


def _branch(branch: Branch, numbers: Mapping[int, int], groups: Mapping[str, int]) -> dict[str, Json]:
    """A branch as the script has it; a leaf is the number of its file and its title."""
    inside: list[Json] = []
    for child in branch.children:
        if isinstance(child, Leaf):
            inside.append([numbers[id(child.entry)], visible(child.title)])
        else:
            inside.append(_branch(child, numbers, groups))
    found: dict[str, Json] = {"kind": branch.kind, "title": visible(branch.title), "inside": inside}
    if branch.group:
        found["group"] = groups[branch.group.id]
    return found


def _group(group: Group, members: Sequence[tuple[FileReview, Change]], sections: Sections) -> dict[str, Json]:
    """A group with its change as it stands in its first recordings."""
    different: dict[str, tuple[str, Change]] = {}
    for entry, change in members:
        name = visible(entry.path.rpartition("/")[2])
        different.setdefault(repr((change.kind, change.old, change.new)), (name, change))
    samples = list(different.values())[:_MOST_SAMPLES]
    return {
        "class": CLASSES.index(group.change_class),
        "title": visible(group.title),
        "files": group.files,
        "texts": len(different),
        "samples": [[name, sections.number(change)] for name, change in samples],
    }


def _members(review: Review) -> dict[str, list[tuple[FileReview, Change]]]:
    """The changes of each group, with the files that they are in."""
    found: dict[str, list[tuple[FileReview, Change]]] = defaultdict(list)
    for entry in review.files:
        for change in entry.changes:
            if change.group:
                found[change.group].append((entry, change))
    return found
