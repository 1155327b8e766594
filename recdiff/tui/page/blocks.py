"""The nouns of a page: text in styles, blocks of it, and sections that fold. All text in them is visible already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from recdiff.comparing.words import Run
from recdiff.model import Change


class Span(NamedTuple):
    """A stretch of text in one style: a class of change, or one of `STYLES`."""

    text: str
    style: str = ""


Text: TypeAlias = tuple[Span, ...]

STYLES = (
    "heading", "faint", "strong", "removed", "added", "mark", "accepted", "rejected",
    "keyword", "string", "number", "comment", "name",
)  # fmt: skip
"""Styles beside the classes of change; what each looks like is the style sheet's business."""


class Line(NamedTuple):
    """A line across the page; what does not fit goes on `hang` columns further in."""

    text: Text
    indent: int = 2
    hang: int = 0
    change: Change | None = None


class Words(NamedTuple):
    """A text that changed, word by word; unchanged stretches are shortened unless it is asked for `whole`."""

    runs: tuple[Run, ...]
    indent: int = 2
    change: Change | None = None
    whole: bool = False


class Sides(NamedTuple):
    """One row of two columns: the same line of both sides, or what one of them has in its place."""

    old: Text | None
    new: Text | None
    is_same: bool
    indent: int = 0


Block: TypeAlias = Line | Words | Sides


class Section(NamedTuple):
    """A part of a page under a title. `note` stands beside it; where it `tells_all`, only while that is folded."""

    key: str
    title: str
    note: Text
    is_open: bool
    blocks: Callable[[], Iterator[Block]]
    style: str = "heading"
    changes: tuple[Change, ...] = ()
    tells_all: bool = False


class Page(NamedTuple):
    """What the right side shows: lines of its own, which never fold, and sections."""

    key: str
    title: tuple[Line, ...]
    sections: tuple[Section, ...]


def plain(text: str, style: str = "") -> Text:
    """One span."""
    return (Span(text, style),)


def words_of(text: Text) -> str:
    """The letters of a text, without styles."""
    return "".join(span.text for span in text)
