"""What text and Markdown tell of a review in the same words: groups, tests, recordings without another side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from recdiff.jsonvalue import same
from recdiff.model import Change, FileReview, Group, Review
from recdiff.naming import is_obvious
from recdiff.reports.changes import change_text
from recdiff.reports.paint import Paint
from recdiff.safe import shortened, visible
from recdiff.testids import split_test_id

NO_TEST = "(no test id)"


def is_picked(review: Review) -> bool:
    """Whether changes of some classes were asked for, minor ones perhaps."""
    return review.selection is not None and review.selection.by_class


def is_told_above(change_class: str, review: Review) -> bool:
    """Whether equal changes of a class stand above the tests; meters stand with their recordings unless asked for."""
    return change_class != "usage" or is_picked(review)


def group_text(group: Group, sample: Change | None, paint: Paint, apart: str) -> str:
    """The change itself where all recordings share it whole; else the title, which says what they share.

    `apart` stands between the place and what happened there.
    """
    if sample is None or not (same(sample.old, group.old) and same(sample.new, group.new)):
        is_placed = group.title.startswith(f"{group.place}: ")
        return visible(group.title.replace(": ", apart, 1) if is_placed else group.title)
    place = "" if is_obvious(group.place, group.change_class) else f"{visible(group.place)}{apart}"
    return place + change_text(sample, paint)


def test_of(entry: FileReview) -> tuple[str, str]:
    """The test's file and its function; without a test, the folder."""
    function, _ = split_test_id(entry.test_id)
    file, _, name = (function or "").partition("::")
    return (file, name) if file else (entry.path.rpartition("/")[0], NO_TEST)


def tells_most(entry: FileReview) -> tuple[bool, bool, bool]:
    """Of several recordings of a test, the one to tell: what a reviewer must not miss, then a conversation."""
    if entry.synopsis is None:
        return False, False, False
    where = entry.synopsis.endpoint
    return bool(entry.synopsis.marks), where.endswith(("completions", "messages", "/chat")), bool(entry.synopsis.asked)


def marks_of(entries: Iterable[FileReview]) -> Counter[str]:
    """What a reviewer of recordings without another side must not miss, with counts."""
    return Counter(mark for entry in entries if entry.synopsis for mark in entry.synopsis.marks)


def said_alone(entry: FileReview, most: int) -> str:
    """What a recording without another side was asked and how it came out, each in at most so many columns."""
    if entry.synopsis is None:
        return ""
    asked, outcome = (shortened(visible(text), most) for text in (entry.synopsis.asked, entry.synopsis.outcome))
    return f"“{asked}” ⇒ {outcome}" if asked else f"{shortened(visible(entry.synopsis.endpoint), most)} ⇒ {outcome}"
