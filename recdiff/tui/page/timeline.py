"""The stream, chunk by chunk: what each of them added, old beside new."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from recdiff.jsonvalue import Json, is_empty
from recdiff.model import Event, Interaction
from recdiff.protocols import Protocol, protocol_of
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Section, Sides, Span, Text, words_of
from recdiff.tui.page.inorder import in_order
from recdiff.tui.page.jsonlines import blob_text, is_blob
from recdiff.tui.page.values import in_short
from recdiff.views import reply_view

if TYPE_CHECKING:
    from recdiff.opening import Opened, Side

_WIDEST = 400
"""Columns of a chunk that say what it holds, where no protocol reads it."""


class _Chunk(NamedTuple):
    """One chunk: its place in the stream, and what it says."""

    number: str
    said: Text

    @property
    def words(self) -> str:
        """What it is known by."""
        return words_of(self.said)


def timeline_sections(opened: Opened) -> Iterator[Section]:
    """A section for each interaction: a row for each chunk, equal ones beside each other."""
    sides = tuple(_interactions(side) for side in (opened.old, opened.new))
    for number in range(max(map(len, sides))):
        pair = tuple(side[number] if number < len(side) else None for side in sides)
        counts = " → ".join(f"{len(one.response.events):,}" for one in pair if one)
        title = f"Chunks {number + 1}" if max(map(len, sides)) > 1 else "Chunks"
        yield Section(f"chunks{number}", title, (Span(counts, "faint"),), True, partial(_blocks, *pair))
    if not any(sides):
        yield Section("none", "No stream", (Span("it cannot be read", "faint"),), False, lambda: iter(()))


def _interactions(side: Side | None) -> tuple[Interaction, ...]:
    return side.recording.interactions if side and side.recording else ()


def _blocks(old: Interaction | None, new: Interaction | None) -> Iterator[Block]:
    left, right = (_chunks(one) if one else iter(()) for one in (old, new))
    for before, after in in_order(left, right, key=lambda chunk: chunk.words):
        is_same = before is not None and after is not None and before.words == after.words
        yield Sides(_row(before, is_same), _row(after, is_same), is_same)


def _row(chunk: _Chunk | None, is_same: bool) -> Text | None:
    return (Span(chunk.number, "faint" if is_same else "mark"), *chunk.said) if chunk else None


def _chunks(interaction: Interaction) -> Iterator[_Chunk]:
    protocol = protocol_of(interaction.request, interaction.response)
    width = len(str(len(interaction.response.events)))
    for number, event in enumerate(interaction.response.events):
        yield _Chunk(f"{number + 1:>{width}} ", _chunk(event, protocol))


def _chunk(event: Event, protocol: Protocol | None) -> Text:
    if protocol is None or not isinstance(event.payload, dict):
        return _plainly(event.payload)
    try:
        said = reply_view(protocol.collapse([event]))
    except Exception:  # one chunk alone may be no reply; its payload is
        return _plainly(event.payload)
    spans = tuple(_said(said))
    return spans or (Span("·", "faint"),)


def _said(reply: dict[str, Json]) -> Iterator[Span]:
    choices = reply.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        if not isinstance(choice, dict):
            continue
        for part in ("reasoning", "text", "refusal"):
            if not is_empty(choice.get(part)):
                style = "faint" if part == "reasoning" else ""
                yield Span(f"▏{visible(str(choice[part]))}", style)
        calls = choice.get("tool_calls")
        for call in calls if isinstance(calls, list) else []:
            if isinstance(call, dict):
                yield Span(_call(call), "tool")
        if choice.get("finish_reason") is not None:
            yield Span(f" ■ {visible(str(choice['finish_reason']))}", "finish")
    if not is_empty(reply.get("usage")):
        yield Span(" usage", "usage")


def _call(call: dict[str, Json]) -> str:
    """A piece of a call: its name where it begins, else what it adds to the arguments."""
    arguments = call.get("arguments")
    shown = arguments if isinstance(arguments, str) else "" if is_empty(arguments) else in_short(arguments, _WIDEST)
    name = "" if call.get("name") is None else f"→ {visible(str(call['name']))} "
    return f"{name}▏{visible(shown)}" if shown else name or "·"


def _plainly(payload: Json) -> Text:
    if isinstance(payload, str):
        return (Span(visible(blob_text(payload) if is_blob(payload) else payload)),)
    return (Span(in_short(payload, _WIDEST)),)
