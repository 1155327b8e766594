"""Which files somebody wants to see: by class, by status, by words, undecided alone; and the numbers above the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from recdiff.jsonvalue import Json, children
from recdiff.model import CLASSES, STATUSES, FileReview


class Filter(NamedTuple):
    """Which files somebody wants to see: every condition that is set must hold."""

    classes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    words: str = ""
    """Each word, in any case, must be in the paths, the test's id, or in what changed or was said."""
    undecided: bool = False


_MARKS: Mapping[str, str] = {"exception": "error", "length": "finish", "broken off": "finish", "empty": "text"}
"""The class in which a recording without another side counts, by what a reviewer must not miss of it."""


def classes_of(entry: FileReview) -> frozenset[str]:
    """The classes of an entry's changes, or of the marks of a recording without another side."""
    found = {str(change.change_class) for change in entry.changes}
    if entry.synopsis and entry.status in ("added", "removed"):
        found.update(_MARKS[mark] for mark in entry.synopsis.marks if mark in _MARKS)
    return frozenset(found)


class Searcher:
    """Finds words in entries. It keeps the text of each, so that only the first search has to gather it."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str | None, str | None], tuple[FileReview, str]] = {}

    def finds(self, entry: FileReview, words: Sequence[str]) -> bool:
        """Whether all words, casefolded already, are somewhere in an entry."""
        name = entry.old_path, entry.new_path
        kept = self._texts.get(name)
        if kept is None or kept[0] is not entry:
            kept = self._texts[name] = entry, "\n".join(_texts(entry)).casefold()
        return all(word in kept[1] for word in words)


def _texts(entry: FileReview) -> Iterator[str]:
    yield from filter(
        None, (entry.old_path, entry.new_path, entry.test_id, entry.about, entry.model, entry.asked, entry.error)
    )
    if entry.synopsis:
        yield from (entry.synopsis.endpoint, entry.synopsis.model, entry.synopsis.asked, entry.synopsis.outcome)
        yield from entry.synopsis.marks
    for change in entry.changes:
        yield change.label
        yield from _strings(change.old)
        yield from _strings(change.new)


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        yield from value if isinstance(value, dict) else ()
        for item in children(value):
            yield from _strings(item)


def passing(
    files: Iterable[FileReview], wanted: Filter, is_open: Callable[[FileReview], bool], searcher: Searcher
) -> tuple[FileReview, ...]:
    """The files that a filter lets through, in their order."""
    words = wanted.words.casefold().split()
    return tuple(
        entry
        for entry in files
        if (not wanted.statuses or entry.status in wanted.statuses)
        and (not wanted.classes or not wanted.classes.isdisjoint(classes_of(entry)))
        and (not wanted.undecided or is_open(entry))
        and (not words or searcher.finds(entry, words))
    )


class Counts(NamedTuple):
    """How many files there are of each status and of each class (a file counts in several), zeros included."""

    statuses: Mapping[str, int]
    classes: Mapping[str, int]
    undecided: int
    total: int


def counts(files: Sequence[FileReview], is_open: Callable[[FileReview], bool]) -> Counts:
    """The numbers above a review's tree."""
    statuses = Counter(entry.status for entry in files)
    classes = Counter(name for entry in files for name in classes_of(entry))
    return Counts(
        {status: statuses[status] for status in STATUSES},
        {name: classes[name] for name in CLASSES},
        sum(map(is_open, files)),
        len(files),
    )
