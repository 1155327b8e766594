"""The page of a pair: what changed, section by section, the weightiest first; then what did not change, folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from recdiff.comparing.words import runs_of
from recdiff.jsonvalue import Json, canonical
from recdiff.model import CLASSES, Change, ChangeClass
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Section, Span, Text, Words
from recdiff.tui.page.talk import conversation, messages, reply, tools_offered
from recdiff.tui.page.toolcalls import call_blocks, calls_note
from recdiff.tui.page.values import change_blocks, literal, named, pretty

if TYPE_CHECKING:
    from recdiff.opening import Opened, Side

_TITLES: dict[ChangeClass, str] = {
    "error": "Error", "tool": "Tool calls", "finish": "Finish", "request": "Request", "model": "Model",
    "text": "Reply", "data": "Data", "usage": "Usage", "provenance": "Provenance",
}  # fmt: skip
_FOLDED: frozenset[ChangeClass] = frozenset(("usage", "provenance"))
_MOST_NAMED = 12
"""Items that came or went, beyond which they share a line."""
_SHORT_NOTE = 80
"""Columns of what stands beside a title."""


def pair_sections(opened: Opened) -> Iterator[Section]:
    """The sections of a recording that both sides have."""
    changes = opened.entry.changes
    views = tuple(interactions(side) for side in (opened.old, opened.new))
    for name in CLASSES:
        found = tuple(change for change in changes if change.change_class == name)
        if found:
            yield _changed(name, found, views)
    told = {change.change_class for change in changes}
    latest = views[1] or views[0]
    if "text" not in told or "tool" not in told:
        yield Section("reply", "Reply" if "text" not in told else "Whole reply", _reply_note(told), False,
                      lambda: (block for view in latest for block in reply(view.get("response"))))  # fmt: skip
    yield from conversation_section(latest)
    yield _whole_request(views)


def interactions(side: Side | None) -> list[dict[str, Json]]:
    """The views of a side's interactions."""
    found = side.view.get("interactions") if side and side.view else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def conversation_section(views: Sequence[dict[str, Json]], *, is_open: bool = False) -> Iterator[Section]:
    """What was said before the reply."""
    bodies = [request_body(view) for view in views]
    count = sum(len(messages(body)) for body in bodies)
    if not count:
        return

    def blocks() -> Iterator[Block]:
        for body in bodies:
            offered = tools_offered(body)
            if offered:
                yield Line(offered)
            yield from conversation(body)

    note = (Span(f"{count} message{'s' if count > 1 else ''}", "faint"),)
    yield Section("conversation", "Conversation", note, is_open, blocks)


def request_body(view: dict[str, Json]) -> Json:
    """The body of an interaction's request."""
    request = view.get("request")
    return request.get("body") if isinstance(request, dict) else None


def _changed(name: ChangeClass, found: tuple[Change, ...], views: tuple[list[dict[str, Json]], ...]) -> Section:
    makers: dict[str, Callable[[], Iterator[Block]]] = {
        "tool": lambda: call_blocks(found, views),
        "data": lambda: _data_blocks(found),
        "usage": lambda: _meter_blocks(found),
    }

    def plainly() -> Iterator[Block]:
        for change in found:
            yield from change_blocks(change, name=_name_of(change))

    return Section(
        key=name,
        title=_TITLES[name],
        note=_note(name, found),
        is_open=name not in _FOLDED,
        blocks=makers.get(name, plainly),
        style=name,
        changes=found,
    )


def _name_of(change: Change) -> str:
    """The label, less what the section's title says already."""
    words = change.label.removeprefix("choices[0].")
    if change.change_class == "text" and words == "text":
        return "text"
    return words


def _note(name: ChangeClass, found: Sequence[Change]) -> Text:
    """What a folded section says: its one change where that is short, else how many there are."""
    if name == "tool":
        return calls_note(found)
    if name == "usage":
        return _joined([_meter(change) for change in found])
    if len(found) == 1 and name in ("finish", "model", "provenance", "error"):
        change = found[0]
        old, new = ("nothing" if value is None else _bare(value) for value in (change.old, change.new))
        if len(old) + len(new) <= _SHORT_NOTE:
            return (Span(old, "removed"), Span(" → "), Span(new, "added"))
    return (Span(f"{len(found)} changes" if len(found) > 1 else "1 change", "faint"),)


def _bare(value: Json) -> str:
    return visible(value) if isinstance(value, str) else literal(value)


def _joined(parts: Sequence[str]) -> Text:
    told: list[str] = []
    for part in parts:
        if len(", ".join([*told, part])) > _SHORT_NOTE:
            break
        told.append(part)
    more = len(parts) - len(told)
    rest = f"{' and ' if told else ''}{more} {'more' if told else 'changes'}" if more else ""
    return (Span(", ".join(told) + rest, "faint"),)


def _meter(change: Change) -> str:
    """A meter's change as a difference: `−12 completion tokens`."""
    name = visible(change.label.removeprefix("usage.").replace("_", " "))
    if (
        isinstance(change.old, (int, float))
        and isinstance(change.new, (int, float))
        and not isinstance(change.old, bool)
    ):
        step = change.new - change.old
        return f"{'+' if step >= 0 else '−'}{abs(step):,} {name}"
    return f"{name} {change.kind}"


def _meter_blocks(found: Sequence[Change]) -> Iterator[Block]:
    for change in found:
        blocks = list(change_blocks(change, name=change.label.removeprefix("usage.")))
        first = blocks[0]
        if len(blocks) == 1 and isinstance(first, Line) and change.kind == "changed":
            yield first._replace(text=(*first.text, Span(f"   {_meter(change).split(' ')[0]}", "faint")))
        else:
            yield from blocks


def _data_blocks(found: Sequence[Change]) -> Iterator[Block]:
    """Data in its own form: items of a list by their names, vectors in short, the rest by words."""
    lists: dict[str, list[tuple[Change, str]]] = {}
    for change in found:
        parent, _, last = change.pattern.rpartition("/")
        if change.kind in ("added", "removed") and last.startswith("["):
            lists.setdefault(parent, []).append((change, last[1:-1].replace("~1", "/").replace("~0", "~")))
        else:
            yield from change_blocks(change)
    for items in lists.values():
        place = items[0][0].label.rpartition("[")[0]
        if len(items) <= _MOST_NAMED:
            yield Line((Span(visible(place), "strong"),))
            for change, name in items:
                sign, style = ("+ ", "added") if change.kind == "added" else ("− ", "removed")
                yield Line((Span(f"{sign}{visible(name)}", style), _beside_name(change, name)), 4, 2, change)
        else:
            spans = [
                Span(f"{'+' if change.kind == 'added' else '−'}{visible(name)}  ", change.kind)
                for change, name in items
            ]
            yield named(visible(place), tuple(spans))


def _beside_name(change: Change, name: str) -> Span:
    """What an item holds beside its name, in one line."""
    value = change.new if change.kind == "added" else change.old
    rest = {key: item for key, item in value.items() if item != name} if isinstance(value, dict) else {}
    text = literal(rest) if rest and len(canonical(rest)) <= _SHORT_NOTE else ""
    return Span(f"  {text}" if text else "", "faint")


def _reply_note(told: set[ChangeClass]) -> Text:
    changed = told & {"text", "tool", "finish", "error"}
    return (Span("as it is now" if changed else "unchanged", "faint"),)


def _whole_request(views: tuple[list[dict[str, Json]], ...]) -> Section:
    """The request as JSON, old and new, every line of it."""

    def blocks() -> Iterator[Block]:
        for index in range(max(map(len, views))):
            old, new = (pretty(side[index].get("request")) if index < len(side) else "" for side in views)
            yield Words(tuple(runs_of(old, new)), whole=True)

    requests = [[canonical(view.get("request")) for view in side] for side in views]
    note = "" if requests[0] == requests[1] else "old and new"
    return Section("request-whole", "Whole request", (Span(note or "unchanged", "faint"),), False, blocks)
