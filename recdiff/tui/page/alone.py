"""The page of a recording without another side: the conversation that it holds, from question to outcome."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from recdiff.jsonvalue import Json, is_empty
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Section, Span, Text
from recdiff.tui.page.jsonlines import one_line
from recdiff.tui.page.meters import meters_text
from recdiff.tui.page.pairs import conversation_section, interactions
from recdiff.tui.page.talk import beside_reply, reply
from recdiff.tui.page.values import json_blocks, named
from recdiff.views import MESSAGES

if TYPE_CHECKING:
    from recdiff.opening import Opened

_SAID_APART = frozenset((*MESSAGES, "model"))
_SHORT = 80
"""Columns of a value that stands beside its key."""


def alone_sections(opened: Opened) -> Iterator[Section]:
    """Conversation, reply, usage, request and what else the recording holds, interaction by interaction."""
    side = opened.latest
    views = interactions(side)
    if side is not None and side.error:
        why = (Span(visible(side.error), "error"),)
        yield Section("why", "Cannot be read now", why, False, lambda: iter((Line(why),)), "error")
    for index, view in enumerate(views):
        yield from _interaction(view, index, f" {index + 1}" if len(views) > 1 else "")
    extra = side.view.get("extra") if side and side.view else None
    if not is_empty(extra):
        yield Section("extra", "Beside it", (), False, lambda: json_blocks(extra))


def _interaction(view: dict[str, Json], index: int, number: str) -> Iterator[Section]:
    yield from conversation_section(view, index, number, is_open=True)
    response, request = view.get("response"), view.get("request")
    key = number if index else ""
    title, style = ("Error", "error") if _part(response, "error") is not None else ("Reply", "text")
    yield Section(f"reply{key}", f"{title}{number}", _how(view), True, partial(reply, response), style)
    usage = _part(response, "reply", "usage")
    if not is_empty(usage):
        note = (Span(meters_text(usage), "faint"),)
        yield Section(f"usage{key}", f"Usage{number}", note, False, partial(json_blocks, usage))
    beside = beside_reply(response)
    if beside:
        note = (Span(visible(", ".join(_keys(beside))), "faint"),)
        yield Section(f"beside{key}", f"Also in the reply{number}", note, False, partial(_named_values, beside))
    is_open = index == 0 and is_empty(_part(request, "body"))
    note = (Span(_called(request), "faint"),)
    yield Section(f"request{key}", f"Request{number}", note, is_open, partial(_request, request), "request")


def _part(value: Json, *keys: str) -> Json:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _keys(beside: dict[str, Json]) -> Iterator[str]:
    for place, value in beside.items():
        yield from value if isinstance(value, dict) else [place]


def _how(view: dict[str, Json]) -> Text:
    told = [_part(view, "response", "protocol"), _part(view, "response", "status")]
    answered = _part(view, "response", "reply", "model")
    if answered != _part(view, "request", "model"):
        told.append(answered)
    if _part(view, "response", "streamed"):
        told.append(f"streamed in {_part(view, 'response', 'events')} chunks")
    return (Span(visible(" · ".join(str(part) for part in told if part)), "faint"),)


def _called(request: Json) -> str:
    method, url = _part(request, "method"), _part(request, "url") or _part(request, "tool_name")
    return visible(" ".join(str(part) for part in (method, url) if part))


def _request(request: Json) -> Iterator[Block]:
    """Everything that was asked but what the conversation shows."""
    if not isinstance(request, dict):
        yield from json_blocks(request)
        return
    body = request.get("body")
    yield from _named_values({key: value for key, value in request.items() if key != "body" and not is_empty(value)})
    if isinstance(body, dict):
        yield from _named_values({key: value for key, value in body.items() if key not in _SAID_APART})
    elif not is_empty(body):
        yield from _named_values({"body": body})


def _named_values(values: dict[str, Json]) -> Iterator[Block]:
    for key, value in values.items():
        text = value if isinstance(value, str) and "\n" not in value else one_line(value, _SHORT)
        if text is not None and len(text) <= 4 * _SHORT:
            yield named(visible(key), (Span(visible(text)),))
        else:
            yield named(visible(key), ())
            yield from json_blocks(value, indent=6)
