"""A conversation as blocks: the messages of a request, and what the reply says."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.comparing.words import Run
from recdiff.jsonvalue import Json, is_empty
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text, Words
from recdiff.tui.page.values import literal, named, pretty
from recdiff.views import MESSAGES

_SAID = ("content", "text", "parts", "input_text", "output", "thinking", "refusal")
_LONGEST = 4_000
"""Characters of one message; a base64 picture is longer and says nothing to a reader."""


def messages(body: Json) -> list[Json]:
    """The messages of a request's body, whatever its API calls them; a prompt is one."""
    if isinstance(body, dict):
        for key in MESSAGES:
            if not is_empty(body.get(key)):
                value = body[key]
                return value if isinstance(value, list) else [value]
    return []


def conversation(body: Json) -> Iterator[Block]:
    """Every message of a request: who spoke, what was said, which tools were called."""
    for index, message in enumerate(messages(body)):
        yield from _message(message, index)


def tools_offered(body: Json) -> Text:
    """The names of the tools that a request offers, or nothing."""
    tools = body.get("tools") if isinstance(body, dict) else None
    names = [_tool_name(tool) for tool in tools] if isinstance(tools, list) else []
    return (Span(f"{len(names)} tools offered: ", "faint"), Span(visible(", ".join(names)), "faint")) if names else ()


def _tool_name(tool: Json) -> str:
    if not isinstance(tool, dict):
        return literal(tool)
    inner = tool.get("function")
    return str((inner.get("name") if isinstance(inner, dict) else None) or tool.get("name") or tool.get("type") or "?")


def _message(message: Json, index: int) -> Iterator[Block]:
    if not isinstance(message, dict):
        yield Line((Span(f"{index + 1:>2} ", "faint"), *_text(_said(message))), hang=3)
        return
    role = str(message.get("role") or message.get("type") or "message")
    said = next((_said(message[key]) for key in _SAID if not is_empty(message.get(key))), "")
    head: Text = (Span(f"{index + 1:>2} ", "faint"), Span(visible(role), "name"))
    answered = message.get("tool_call_id") or message.get("call_id")
    if answered:
        head = (*head, Span(f" answers {visible(str(answered))}", "faint"))
    yield Line(head)
    if said:
        yield from spoken(said)
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else [message] if message.get("type") == "function_call" else []:
        yield Line((Span("→ ", "tool"), *call_text(call)), indent=5, hang=4)


def spoken(text: str, style: str = "", *, indent: int = 5) -> Iterator[Block]:
    """A text of several lines, as it was said."""
    shown = text if len(text) <= _LONGEST else text[:_LONGEST]
    for line in shown.split("\n"):
        yield Line((Span(visible(line.removesuffix("\r")), style),), indent=indent)
    if len(text) > _LONGEST:
        yield Line((Span(f"… {len(text) - _LONGEST:,} characters more (x shows all)", "faint"),), indent=indent)


def call_text(call: Json) -> Text:
    """A tool call in one line: its name and arguments."""
    if not isinstance(call, dict):
        return (Span(literal(call)),)
    function = call.get("function")
    inner = function if isinstance(function, dict) else call
    arguments = inner.get("arguments")
    shown = visible(arguments) if isinstance(arguments, str) else "" if arguments is None else literal(arguments)
    return (Span(visible(str(inner.get("name"))), "strong"), Span(f"({shown})"))


def reply(view: Json) -> Iterator[Block]:
    """What a response says: reasoning, text, refusal, tool calls and the reason why it ended, choice by choice."""
    response = view if isinstance(view, dict) else {}
    if response.get("error") is not None:
        yield from _error(response["error"])
    said = response.get("reply")
    if isinstance(said, dict):
        choices = said.get("choices")
        for index, choice in enumerate(choices if isinstance(choices, list) else []):
            if isinstance(choice, dict):
                if index or len(choices if isinstance(choices, list) else []) > 1:
                    yield Line((Span(f"choice {index + 1}", "name"),))
                yield from _choice(choice)
    elif not is_empty(response.get("body")):
        yield from json_blocks(response.get("body"))
    elif response.get("error") is None:
        yield Line((Span("nothing", "faint"),))


def _choice(choice: dict[str, Json]) -> Iterator[Block]:
    for key in ("reasoning", "text", "refusal"):
        value = choice.get(key)
        if not is_empty(value):
            if key != "text":
                yield Line((Span(key, "name"),))
            yield from spoken(value if isinstance(value, str) else pretty(value), "faint" if key == "reasoning" else "")
    calls = choice.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        yield Line((Span("→ ", "tool"), *call_text(call)), indent=5, hang=4)
    finish = choice.get("finish_reason")
    yield named("finish", (Span(visible(str(finish)) if finish is not None else "none: broken off", "finish"),))


def _error(error: Json) -> Iterator[Block]:
    parts = error if isinstance(error, dict) else {"message": error}
    for key, value in parts.items():
        if not is_empty(value):
            yield Line((Span(visible(key), "error"),))
            yield from json_blocks(value, indent=5)


def json_blocks(value: Json, *, indent: int = 4) -> Iterator[Block]:
    """A value over several lines."""
    yield Words((Run(text := pretty(value), text),), indent=indent, whole=len(text) <= _LONGEST)


def _said(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(filter(None, map(_said, value)))
    if isinstance(value, dict):
        for key in _SAID:
            if not is_empty(value.get(key)):
                return _said(value[key])
        return literal(value)
    return "" if value is None else str(value)


def _text(said: str) -> Text:
    return (Span(visible(said)),)
