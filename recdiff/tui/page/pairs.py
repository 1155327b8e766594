"""The page of a pair: what changed, section by section, the weightiest first; then what did not change, folded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, Change, ChangeClass
from recdiff.naming import label_of
from recdiff.reports.values import literal, pretty, told_apart
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Section, Span, Text, Words
from recdiff.tui.page.data import data_blocks
from recdiff.tui.page.meters import meter_blocks, meters_note
from recdiff.tui.page.talk import conversation, messages, reply, tools_offered
from recdiff.tui.page.texts import text_runs
from recdiff.tui.page.toolcalls import call_blocks, calls_note
from recdiff.tui.page.values import change_blocks

if TYPE_CHECKING:
    from recdiff.opening import Opened, Side

_TITLES: dict[ChangeClass, str] = {
    "error": "Error", "tool": "Tool calls", "finish": "Finish", "request": "Request", "model": "Model",
    "text": "Reply", "data": "Data", "usage": "Usage", "provenance": "Provenance",
}  # fmt: skip
_FOLDED: frozenset[ChangeClass] = frozenset(("usage", "provenance"))
_SHORT_NOTE = 80
"""Columns of what stands beside a title."""
_PLACE = re.compile(r"/interactions/(\d+)/(request|response)")


def pair_sections(opened: Opened) -> Iterator[Section]:
    """The sections of a recording that both sides have."""
    changes = opened.entry.changes
    views = tuple(interactions(side) for side in (opened.old, opened.new))
    for name in CLASSES:
        found = tuple(change for change in changes if change.change_class == name)
        if found:
            yield _changed(name, found, views)
    places = {match.groups() for change in changes if (match := _PLACE.match(change.path))}
    has_text = any(change.change_class == "text" for change in changes)
    latest = views[1] or views[0]
    for index, view in enumerate(latest):
        number = f" {index + 1}" if len(latest) > 1 else ""
        title = f"{'Whole reply' if has_text else 'Reply'}{number}"
        note = "as it is now" if (str(index), "response") in places else "unchanged"
        yield Section(_key("reply", index), title, (Span(note, "faint"),), False, partial(reply, view.get("response")))
        yield from conversation_section(view, index, number)
        yield _whole_request(views, index, number, changed=(str(index), "request") in places)


def interactions(side: Side | None) -> list[dict[str, Json]]:
    """The views of a side's interactions."""
    found = side.view.get("interactions") if side and side.view else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def conversation_section(
    view: dict[str, Json], index: int = 0, number: str = "", *, is_open: bool = False, whole: bool = False
) -> Iterator[Section]:
    """What was said before the reply."""
    body = request_body(view)
    count = len(messages(body))
    if not count:
        return

    def blocks() -> Iterator[Block]:
        offered = tools_offered(body)
        if offered:
            yield Line(offered, hang=2)
        yield from conversation(body, whole=whole)

    note = (Span(f"{count} message{'s' if count > 1 else ''}", "faint"),)
    yield Section(_key("conversation", index), f"Conversation{number}", note, is_open, blocks)


def request_body(view: dict[str, Json]) -> Json:
    """The body of an interaction's request."""
    request = view.get("request")
    return request.get("body") if isinstance(request, dict) else None


def _key(name: str, index: int) -> str:
    """The key of a section that each interaction has; the first goes by the name alone."""
    return f"{name} {index + 1}" if index else name


def _changed(name: ChangeClass, found: tuple[Change, ...], views: tuple[list[dict[str, Json]], ...]) -> Section:
    makers: dict[str, Callable[[Sequence[Change]], Iterator[Block]]] = {
        "tool": lambda some: call_blocks(some, views),
        "data": data_blocks,
        "usage": meter_blocks,
    }
    told = _one_change(name, found[0]) if len(found) == 1 else None
    return Section(
        key=name,
        title=_TITLES[name],
        note=told or _note(name, found, views),
        is_open=name not in _FOLDED,
        blocks=lambda: _by_interaction(found, makers.get(name, _plainly), max(map(len, views), default=0)),
        style=name,
        changes=found,
        tells_all=told is not None,
    )


def _by_interaction(
    found: Sequence[Change], make: Callable[[Sequence[Change]], Iterator[Block]], count: int
) -> Iterator[Block]:
    """Changes of several interactions one after the other, each under its number."""
    numbers = [match[1] if (match := _PLACE.match(change.path)) else "" for change in found]
    if count < 2:
        yield from make(found)
        return
    for number in dict.fromkeys(numbers):
        if number:
            yield Line((Span(f"interaction {int(number) + 1} of {count}", "name"),))
        yield from make([change for change, its in zip(found, numbers, strict=True) if its == number])


def _plainly(found: Sequence[Change]) -> Iterator[Block]:
    for change in found:
        name = label_of(change)
        if change.change_class == "model":
            name += " asked" if "/request/" in change.path else " answered"
        yield from change_blocks(change, name=name)


def _note(name: ChangeClass, found: Sequence[Change], views: tuple[list[dict[str, Json]], ...]) -> Text:
    """What stands beside a title: what the changes are of, or how many there are."""
    if name == "tool":
        return calls_note(found, views)
    if name == "usage":
        return meters_note(found, _SHORT_NOTE)
    return (Span(f"{len(found)} changes" if len(found) > 1 else "1 change", "faint"),)


def _one_change(name: ChangeClass, change: Change) -> Text | None:
    """A section's only change, where it is short enough to stand beside the title."""
    if name not in ("finish", "model", "provenance", "error"):
        return None
    old, new = told_apart(*(_bare(value) for value in (change.old, change.new)))
    if len(old) + len(new) > _SHORT_NOTE:
        return None
    place = visible(f"{change.label.rpartition('.')[2]}  ") if name == "provenance" else ""
    return (Span(place, "faint"), Span(old, "removed"), Span(" → "), Span(new, "added"))


def _bare(value: Json) -> str:
    """A value without quotes; of an error, its message."""
    said = value.get("message") if isinstance(value, dict) else value
    if said is None:
        return "nothing" if value is None else literal(value)
    return visible(said) if isinstance(said, str) else literal(said)


def _whole_request(views: tuple[list[dict[str, Json]], ...], index: int, number: str, *, changed: bool) -> Section:
    """The request as JSON, old and new, every line of it."""
    sides = [side[index].get("request") if index < len(side) else None for side in views]

    def blocks() -> Iterator[Block]:
        yield Words(text_runs(*("" if side is None else pretty(side) for side in sides)), whole=True)

    note = (Span("old and new" if changed or sides[0] != sides[1] else "unchanged", "faint"),)
    return Section(_key("request-whole", index), f"Whole request{number}", note, False, blocks)
