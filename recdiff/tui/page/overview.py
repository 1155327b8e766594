"""The page of a branch: a group's change once, or what stands below, recording by recording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from recdiff.arranging import Branch
from recdiff.filtering import classes_of
from recdiff.model import CLASSES, ChangeClass, FileReview, Group, Review
from recdiff.safe import shortened, visible
from recdiff.tui.page.blocks import Block, Line, Page, Section, Sides, Span, Text
from recdiff.tui.page.title import chips, short_path
from recdiff.tui.page.values import change_blocks

_MOST_SAMPLES = 3
_MOST_SAID = 90
"""Columns of what was asked, and of the outcome."""


def branch_page(branch: Branch) -> Page:
    """What a branch holds; for a group, its change as it stands in the first recordings."""
    entries = tuple(branch.every())
    total = f"{len(entries):,} recording{'s' if len(entries) != 1 else ''}"
    title = [Line((Span(visible(branch.title), "heading"),), 1, 2), Line((Span(total, "faint"),), 1)]
    statuses = Counter(entry.status for entry in entries)
    classes = Counter(name for entry in entries for name in classes_of(entry))
    flags = chips({name: classes[name] for name in CLASSES if classes[name]})
    if flags and branch.group is None:
        title.append(Line(flags, 1, 2))
    elif len(statuses) == 1 and branch.group is None:
        title.append(Line((Span(next(iter(statuses)), "faint"),), 1))
    title.append(Line((), 0))
    own = branch.group.change_class if branch.group else None
    sections = [*_group_section(branch.group, entries)] if branch.group else []
    sections.append(Section("entries", "Recordings", (Span(total, "faint"),), True, lambda: _listed(entries, own)))
    return Page(f"branch:{branch.key}", tuple(title), tuple(sections))


def empty_page(words: str, hint: str = "") -> Page:
    """A page that only says something."""
    lines = [Line((), 0), Line((Span(visible(words)),), 2, 0)]
    if hint:
        lines.append(Line((Span(visible(hint), "faint"),), 2, 0))
    return Page("", tuple(lines), ())


def notes_page(branch: Branch, review: Review) -> Page:
    """What the reader must know of the whole range and no recording says; or the files that are no recordings."""
    told: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
        ("rules", "How the rules change", review.rules_changed, "mark"),
        ("notes", "Notes", review.notes, ""),
    )
    hint = "The new side's rules are in force here." if review.rules_changed else ""
    if branch.key == "others":
        told = (("others", "They differ too, and are no recordings", review.others, ""),)
        hint = ""
    sections = [
        Section(key, title, (Span(f"{len(lines):,}", "faint"),), True, partial(_listed_notes, lines), style)
        for key, title, lines, style in told
        if lines
    ]
    top = [Line((Span(visible(branch.title), "heading"),), 1)]
    if hint:
        top.append(Line((Span(hint, "faint"),), 1))
    return Page(f"branch:{branch.key}", (*top, Line((), 0)), tuple(sections))


def _listed_notes(lines: Sequence[str]) -> Iterator[Block]:
    for line in lines:
        yield Line((Span(visible(line)),), 4, 2)


def _group_section(group: Group, entries: Sequence[FileReview]) -> Iterator[Section]:
    changes = [(entry, change) for entry in entries for change in entry.changes if change.group == group.id]
    different = list({(repr(change.old), repr(change.new)): (entry, change) for entry, change in changes}.values())
    found = tuple(change for _, change in changes)

    def blocks() -> Iterator[Block]:
        for entry, change in different[:_MOST_SAMPLES]:
            if len(different) > 1:
                yield Line((Span(f"in {short_path(entry.path.rpartition('/')[2])}", "faint"),))
            yield from (_without_mark(block) for block in change_blocks(change))
        if len(different) > _MOST_SAMPLES:
            told = f"and {len(different) - _MOST_SAMPLES:,} more texts with the same rewrite"
            yield Line((Span(told, "faint"),))

    note = (Span("the same everywhere" if len(different) == 1 else f"in {len(different):,} different texts", "faint"),)
    yield Section("change", f"{group.change_class} · {visible(group.place)}", note, True, blocks, group.change_class,
                  found)  # fmt: skip


def _without_mark(block: Block) -> Block:
    """A sample stands for all recordings of its group, not for the one that it was taken from."""
    return block if isinstance(block, Sides) else block._replace(change=None)


def _listed(entries: Sequence[FileReview], own: ChangeClass | None) -> Iterator[Block]:
    """Every recording, under the file of its test; those of one test with the same to say are one line.

    `own` is a class that all of them have, which is not worth a chip.
    """
    files: dict[str, list[FileReview]] = {}
    for entry in entries:
        files.setdefault(_file_of(entry), []).append(entry)
    for file, members in files.items():
        yield Line((Span(visible(file), "faint"),), hang=2)
        for (name, classes, said), same in groupby(members, key=lambda entry: _told(entry, own)):
            count = sum(1 for _ in same)
            times = (Span(f"  ×{count}", "faint"),) if count > 1 else ()
            yield Line((Span(visible(name)), *times, *classes), 4, 4)
            if said:
                yield Line((Span(visible(said), "faint"),), 6, 2)


def _file_of(entry: FileReview) -> str:
    """Where the test of a recording is; the folder of one without a test."""
    return (entry.test_id or "").partition("::")[0] or entry.path.rpartition("/")[0] or "."


def _told(entry: FileReview, own: ChangeClass | None) -> tuple[str, Text, str]:
    """What a recording is known by in a list: its test or file, the classes of its changes, what it says."""
    counts = Counter(change.change_class for change in entry.changes)
    classes = tuple(Span(f"  {name}", name) for name in CLASSES if counts[name] and name != own)
    said = ""
    if entry.synopsis:
        asked, outcome = (" ".join(text.split()) for text in (entry.synopsis.asked, entry.synopsis.outcome))
        said = f"“{shortened(asked, _MOST_SAID)}” ⇒ {shortened(outcome, _MOST_SAID)}"
    name = (entry.test_id or "").partition("::")[2] or short_path(entry.path.rpartition("/")[2])
    return name, classes, said
