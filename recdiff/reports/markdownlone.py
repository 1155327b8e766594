"""The rest of a Markdown comment: recordings that came or went, files that nobody can read, and what rules hid."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Literal

from recdiff.arranging import arrange
from recdiff.model import FileReview, Review
from recdiff.reports.fitting import Item, Section, block
from recdiff.reports.inert import code
from recdiff.reports.links import Links
from recdiff.reports.markdownchanged import LONGEST_NAME, LONGEST_TITLE, Detail
from recdiff.reports.paint import plural
from recdiff.reports.telling import NO_TEST, marks_of, said_alone, tells_most, test_of

_AT_LINE = re.compile(r"\bat line (\d{1,9})\b")


def lone(review: Review, status: Literal["added", "removed"], detail: Detail, links: Links) -> Section:
    """Added or removed recordings: a line for each test, with what was asked and how it came out."""
    entries = [entry for entry in review.files if entry.status == status]
    tests: dict[tuple[str, str], list[FileReview]] = defaultdict(list)
    for branch in arrange(entries, (), "test"):
        for entry in branch.every():
            tests[test_of(entry)].append(entry)
    items = [_item(status, test, found, detail, links) for test, found in tests.items()]
    heading = f"<b>{status.capitalize()}: {plural(len(entries), 'recording')}</b>{_marks(entries)}"

    def frame(shown: str, left: int) -> str:
        if not shown:
            return f"<p>{heading}</p>" if items else ""
        more = f"<li>… and {left:,} more</li>" if left else ""
        return block(f"<details><summary>{heading}</summary>", "<ul>", shown, more, "</ul></details>")

    return Section(items, frame, turn=4, share=0.15, noun=status)


def _item(status: str, test: tuple[str, str], entries: Sequence[FileReview], detail: Detail, links: Links) -> Item:
    marks = _marks(entries)
    file, name = test
    title = "::".join(filter(None, (file.rpartition("/")[2] if name != NO_TEST else file, name)))

    def make() -> str:
        first = max(entries, key=tells_most)
        times = f" ×{len(entries):,}" if len(entries) > 1 else ""
        told = f" {code(said_alone(first, detail.said), 5 * detail.said)}" if first.synopsis else ""
        named = links.file(first, code(title, LONGEST_TITLE))
        return f"<li>{'+' if status == 'added' else '−'} {named}{times}{marks}{told}</li>"

    return Item(make, (0 if marks else 1,), len(entries))


def _marks(entries: Sequence[FileReview]) -> str:
    """What a reviewer of recordings without another side must not miss, with counts."""
    told = ", ".join(f"{mark} {count:,}" if count > 1 else mark for mark, count in marks_of(entries).items())
    return f" · <b>⚑ {code(told, LONGEST_NAME)}</b>" if told else ""


def unreadable(review: Review, detail: Detail, links: Links) -> Section:
    """Each file that cannot be read, with the reason."""
    entries = [entry for entry in review.files if entry.status == "unreadable"]

    def item(entry: FileReview) -> str:
        reason = entry.error or ""
        path = links.file(entry, code(entry.path, 2 * LONGEST_TITLE), line_in(reason))
        return f"<li>{path}: {code(reason, detail.row)}</li>"

    def frame(shown: str, left: int) -> str:
        heading = f"<p><b>Unreadable: {plural(len(entries), 'file')}</b></p>" if entries else ""
        more = f"<li>… and {left:,} more</li>" if left else ""
        return block(heading, "<ul>", shown, more, "</ul>") if shown else heading

    items = [Item(partial(item, entry)) for entry in entries]
    return Section(items, frame, turn=1, share=0.3, noun="unreadable")


def line_in(reason: str) -> int | None:
    """The line of the new file that a reason names; the last one, since a key that stands in it may hold such words."""
    if reason.startswith("old side: ") and "; new side: " not in reason:
        return None
    found = _AT_LINE.findall(reason)
    return int(found[-1]) if found else None


def rules_of(review: Review) -> Section:
    """How many differences were hidden, and by which rules."""
    hidden: Counter[str] = Counter()
    for entry in review.files:
        hidden.update(entry.hidden)

    def item(name: str, count: int) -> str:
        return f"{code(name, LONGEST_NAME)} {count:,}"

    def frame(shown: str, left: int) -> str:
        told = f"Hidden: {plural(hidden.total(), 'difference')} by {plural(len(hidden), 'rule')}"
        more = f" · … and {plural(left, 'more rule')}" if shown and left else ""
        return f"<p>{': '.join(filter(None, (told, shown)))}{more}</p>" if hidden else ""

    ordered = sorted(hidden.items(), key=lambda counted: (-counted[1], counted[0]))
    items = [Item(partial(item, name, count)) for name, count in ordered]
    return Section(items, frame, turn=2, share=0.1, noun="rules", separator=" · ")
