"""From an opened entry to its page: the title, the sections that its status asks for, and the other views of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from recdiff.model import FileReview
from recdiff.testfunctions import FunctionSource
from recdiff.tui.page.alone import alone_sections
from recdiff.tui.page.blocks import Line, Page, Section, Span
from recdiff.tui.page.broken import broken_sections
from recdiff.tui.page.hidden import hidden_section
from recdiff.tui.page.pairs import pair_sections
from recdiff.tui.page.raw import raw_sections
from recdiff.tui.page.source import test_section
from recdiff.tui.page.timeline import timeline_sections
from recdiff.tui.page.title import title_of
from recdiff.tui.page.whole import whole_sections

if TYPE_CHECKING:
    from recdiff.opening import Hidden, Opened

View: TypeAlias = Literal["meaning", "raw", "text", "stream"]
VIEWS: tuple[View, ...] = ("meaning", "raw", "text", "stream")
_VIEW_TITLES: dict[View, str] = {
    "meaning": "", "raw": "the files as they are", "text": "the whole text", "stream": "the stream, chunk by chunk",
}  # fmt: skip


class Given(NamedTuple):
    """What a page is made from: the opened entry, its test's source, and how to list what was hidden."""

    opened: Opened
    function: FunctionSource | None
    hidden: Callable[[], Hidden]


def page_of(given: Given, view: View = "meaning") -> Page:
    """The page of an entry in one of its views."""
    entry = given.opened.entry
    makers: dict[View, Callable[[], Iterator[Section]]] = {
        "meaning": lambda: _meaning(given),
        "raw": lambda: raw_sections(given.opened),
        "text": lambda: whole_sections(given.opened),
        "stream": lambda: timeline_sections(given.opened),
    }
    title = list(title_of(given.opened, whole_paths=view == "raw"))
    if view != "meaning":
        title.append(Line((Span(_VIEW_TITLES[view], "mark"), Span("  (the same key or escape goes back)", "faint")), 1))
    return Page(key_of(entry), tuple(title), tuple(makers[view]()))


def key_of(entry: FileReview) -> str:
    """What names an entry's page."""
    return f"{entry.old_path}\0{entry.new_path}"


def _meaning(given: Given) -> Iterator[Section]:
    entry = given.opened.entry
    if entry.status == "unreadable":
        yield from broken_sections(given.opened)
    elif entry.status in ("added", "removed"):
        yield from alone_sections(given.opened)
    else:
        yield from pair_sections(given.opened)
    if given.function:
        yield test_section(given.function)
    if entry.hidden:
        yield hidden_section(entry, given.hidden)
