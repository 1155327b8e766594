"""From an opened entry to its page: the title, the sections that its status asks for, and the other views of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, FileReview
from recdiff.safe import visible
from recdiff.testfunctions import FunctionSource
from recdiff.tui.page.alone import alone_sections
from recdiff.tui.page.blocks import Line, Page, Section, Span, Text
from recdiff.tui.page.broken import broken_sections
from recdiff.tui.page.hidden import hidden_section
from recdiff.tui.page.pairs import interactions, pair_sections
from recdiff.tui.page.raw import raw_sections
from recdiff.tui.page.source import test_section
from recdiff.tui.page.timeline import timeline_sections
from recdiff.tui.page.whole import whole_sections

if TYPE_CHECKING:
    from recdiff.opening import Hidden, Opened, Side

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
    title = list(_title(given.opened))
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


def _title(opened: Opened) -> Iterator[Line]:
    entry = opened.entry
    if entry.test_id:
        file, _, function = entry.test_id.partition("::")
        yield Line((Span(visible(function or file), "heading"),), 1, 2)
        yield Line((Span(visible(file), "faint"),), 1, 2) if function else Line((), 1)
    yield Line(_about(opened), 1, 2)
    yield Line(_paths(entry), 1, 2)
    chips = _chips(entry)
    if chips:
        yield Line(chips, 1, 2)
    yield Line((), 0)


def _about(opened: Opened) -> Text:
    """What was called, the model, how it answered, and why the two sides are a pair."""
    sides = tuple(_first(side) for side in (opened.old, opened.new))
    parts = [_changed(*(_called(view) for view in sides)), _changed(*(_model(view) for view in sides))]
    streams = tuple(_stream(view) for view in sides)
    parts.append(_changed(*streams))
    if opened.entry.pairing:
        parts.append(f"paired: {visible(opened.entry.pairing)}")
    return (Span(" · ".join(filter(None, parts)), "faint"),)


def _changed(old: str, new: str) -> str:
    if old and new and old != new:
        return f"{old} → {new}"
    return new or old


def _first(side: Side | None) -> dict[str, Json]:
    views = interactions(side)
    return views[0] if views else {}


def _called(view: dict[str, Json]) -> str:
    request = view.get("request")
    if not isinstance(request, dict):
        return ""
    return visible(str(request.get("tool_name") or request.get("endpoint") or request.get("url") or ""))


def _model(view: dict[str, Json]) -> str:
    request = view.get("request")
    return visible(str(request.get("model") or "")) if isinstance(request, dict) else ""


def _stream(view: dict[str, Json]) -> str:
    response = view.get("response")
    if not isinstance(response, dict):
        return ""
    return f"streamed in {response.get('events')} chunks" if response.get("streamed") else "not streamed"


def _paths(entry: FileReview) -> Text:
    old, new = entry.old_path, entry.new_path
    if old and new and old != new:
        return (Span(visible(old), "removed"), Span(" → "), Span(visible(new), "added"))
    return (Span(visible(entry.path), "faint"),)


def _chips(entry: FileReview) -> Text:
    """What changed, at a glance."""
    counts = Counter(change.change_class for change in entry.changes)
    spans: list[Span] = []
    for name in CLASSES:
        if counts[name]:
            spans += [Span(f"⚑ {name}{f' {counts[name]}' if counts[name] > 1 else ''}", name), Span("  ")]
    for mark in entry.synopsis.marks if entry.synopsis else ():
        spans += [Span(f"⚑ {mark}", "mark"), Span("  ")]
    if entry.status in ("noise", "unreadable", "added", "removed"):
        words = "no meaningful change" if entry.status == "noise" else entry.status
        spans.insert(0, Span(f"{words}  ", entry.status if entry.status in ("added", "removed") else "mark"))
    return tuple(spans)
