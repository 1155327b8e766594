"""The page of a branch: a group's change once, or what stands below, recording by recording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recdiff.arranging import Branch
from recdiff.filtering import classes_of
from recdiff.model import CLASSES, FileReview, Group, Review
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Page, Section, Sides, Span
from recdiff.tui.page.values import change_blocks

_MOST_SAMPLES = 3


def branch_page(branch: Branch) -> Page:
    """What a branch holds; for a group, its change as it stands in the first recordings."""
    entries = tuple(branch.every())
    total = f"{len(entries):,} recording{'s' if len(entries) != 1 else ''}"
    title = [Line((Span(visible(branch.title), "heading"),), 1, 2), Line((Span(total, "faint"),), 1)]
    statuses = Counter(entry.status for entry in entries)
    classes = Counter(name for entry in entries for name in classes_of(entry))
    chips = [Span(f"⚑ {name} {classes[name]}  ", name) for name in CLASSES if classes[name]]
    if chips and branch.group is None:
        title.append(Line(tuple(chips), 1, 2))
    elif len(statuses) == 1 and branch.group is None:
        title.append(Line((Span(next(iter(statuses)), "faint"),), 1))
    title.append(Line((), 0))
    sections = [*_group_section(branch.group, entries)] if branch.group else []
    sections.append(Section("entries", "Recordings", (Span(total, "faint"),), True, lambda: _listed(entries)))
    return Page(f"branch:{branch.key}", tuple(title), tuple(sections))


def empty_page(words: str, hint: str = "") -> Page:
    """A page that only says something."""
    lines = [Line((), 0), Line((Span(visible(words)),), 2, 0)]
    if hint:
        lines.append(Line((Span(visible(hint), "faint"),), 2, 0))
    return Page("", tuple(lines), ())


def notes_section(review: Review) -> Iterator[Section]:
    """What the reader must know of the whole range and no file says."""
    notes = (*review.rules_changed, *review.notes)
    if notes:
        yield Section(
            "notes",
            "Notes on this range",
            (Span(str(len(notes)), "faint"),),
            True,
            lambda: (Line((Span(visible(note), "mark"),), hang=2) for note in notes),
        )


def _group_section(group: Group, entries: Sequence[FileReview]) -> Iterator[Section]:
    changes = [(entry, change) for entry in entries for change in entry.changes if change.group == group.id]
    different = list({(repr(change.old), repr(change.new)): (entry, change) for entry, change in changes}.values())
    found = tuple(change for _, change in changes)

    def blocks() -> Iterator[Block]:
        for entry, change in different[:_MOST_SAMPLES]:
            if len(different) > 1:
                yield Line((Span(f"in {visible(entry.path.rpartition('/')[2])}", "faint"),))
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


def _listed(entries: Sequence[FileReview]) -> Iterator[Block]:
    for entry in entries:
        counts = Counter(change.change_class for change in entry.changes)
        chips: list[Span] = [Span(f"  {name}", name) for name in CLASSES if counts[name]]
        name = visible(entry.test_id or entry.path)
        yield Line((Span(name), *chips), hang=4)
        if entry.synopsis:
            said = " ".join(f"“{entry.synopsis.asked}” ⇒ {entry.synopsis.outcome}".split())[:200]
            yield Line((Span(visible(said), "faint"),), indent=4, hang=2)
