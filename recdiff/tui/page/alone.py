"""The page of a recording without another side: the conversation that it holds, from question to outcome."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from recdiff.jsonvalue import Json, is_empty
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Section, Span, Text
from recdiff.tui.page.pairs import conversation_section, interactions
from recdiff.tui.page.talk import json_blocks, reply
from recdiff.tui.page.values import literal, named, pretty

if TYPE_CHECKING:
    from recdiff.opening import Opened

_OF_REQUEST = ("method", "url", "endpoint", "model", "tool_name")
_SAID_APART = frozenset(("messages", "contents", "input", "prompt", "query", "model"))


def alone_sections(opened: Opened) -> Iterator[Section]:
    """Request, conversation, reply, usage and what else the recording holds."""
    side = opened.latest
    views = interactions(side)
    yield from conversation_section(views, is_open=True)
    for index, view in enumerate(views):
        number = f" {index + 1}" if len(views) > 1 else ""
        response = view.get("response")
        yield Section(f"reply{number}", f"Reply{number}", _how(response), True, partial(reply, response), "text")
        usage = _part(response, "reply", "usage")
        if not is_empty(usage):
            yield Section(f"usage{number}", f"Usage{number}", _meters(usage), False, partial(json_blocks, usage))
    for index, view in enumerate(views):
        number = f" {index + 1}" if len(views) > 1 else ""
        request = view.get("request")
        yield Section(
            f"request{number}",
            f"Request{number}",
            (Span(_called(request), "faint"),),
            index == 0 and is_empty(_part(request, "body")),
            partial(_request, request),
            "request",
        )
    extra = side.view.get("extra") if side and side.view else None
    if not is_empty(extra):
        yield Section("extra", "Beside it", (), False, lambda: json_blocks(extra))


def _part(value: Json, *keys: str) -> Json:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _how(response: Json) -> Text:
    told = [_part(response, "protocol"), _part(response, "status")]
    if _part(response, "streamed"):
        told.append(f"streamed in {_part(response, 'events')} chunks")
    return (Span(visible(" · ".join(str(part) for part in told if part is not None)), "faint"),)


def _called(request: Json) -> str:
    method, url = _part(request, "method"), _part(request, "url") or _part(request, "tool_name")
    return visible(" ".join(str(part) for part in (method, url) if part))


def _meters(usage: Json) -> Text:
    counts = {key: value for key, value in usage.items() if isinstance(value, (int, float))} if isinstance(
        usage, dict
    ) else {}  # fmt: skip
    return (Span(visible(", ".join(f"{key.replace('_', ' ')} {value:,}" for key, value in counts.items())), "faint"),)


def _request(request: Json) -> Iterator[Block]:
    if not isinstance(request, dict):
        yield from json_blocks(request)
        return
    for key in _OF_REQUEST:
        if not is_empty(request.get(key)):
            yield named(key, (Span(visible(str(request[key]))),))
    body = request.get("body")
    rest = {key: value for key, value in body.items() if key not in _SAID_APART} if isinstance(body, dict) else {}
    for key, value in rest.items():
        if len(pretty(value)) <= 80 or isinstance(value, (int, float)):
            yield named(visible(key), (Span(literal(value)),))
        else:
            yield named(visible(key), ())
            yield from json_blocks(value, indent=6)
