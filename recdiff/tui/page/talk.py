"""A conversation as blocks: the messages of a request, and what the reply says."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.jsonvalue import Json, is_empty
from recdiff.reports.values import is_numbers
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text
from recdiff.tui.page.content import call_line, content_blocks, spoken
from recdiff.tui.page.values import in_short, json_blocks, named
from recdiff.views import MESSAGES

_SAID = ("content", "parts")
_OF_MESSAGE = frozenset(("role", "type", "id", "index", "status", "tool_calls", "tool_call_id", "call_id", *_SAID))
"""Keys of a message that are told in their own way, or say nothing to a reader."""


def messages(body: Json) -> list[Json]:
    """The messages of a request's body, whatever its API calls them; a prompt is one, and so are numbers for words."""
    if isinstance(body, dict):
        for key in MESSAGES:
            if not is_empty(body.get(key)):
                value = body[key]
                return value if isinstance(value, list) and not _are_numbers(value) else [value]
    return []


def _are_numbers(value: list[Json]) -> bool:
    return is_numbers(value) or all(isinstance(item, (int, float)) for item in value)


def conversation(body: Json, *, whole: bool = False) -> Iterator[Block]:
    """Every message of a request: who spoke, what was said, which tools were called."""
    for index, message in enumerate(messages(body)):
        yield from _message(message, index, whole)


def tools_offered(body: Json) -> Text:
    """The names of the tools that a request offers, or nothing."""
    tools = body.get("tools") if isinstance(body, dict) else None
    names = [name for tool in tools for name in _tool_names(tool)] if isinstance(tools, list) else []
    if not names:
        return ()
    return (Span(visible(f"{len(names)} tool{'s' if len(names) > 1 else ''} offered: {', '.join(names)}"), "faint"),)


def _tool_names(tool: Json) -> list[str]:
    if not isinstance(tool, dict):
        return [in_short(tool)]
    declared = next((tool[key] for key in ("function_declarations", "functionDeclarations") if key in tool), None)
    if isinstance(declared, list):
        return [name for one in declared for name in _tool_names(one)]
    inner = tool.get("function")
    return [
        str((inner.get("name") if isinstance(inner, dict) else None) or tool.get("name") or tool.get("type") or "?")
    ]


def _message(message: Json, index: int, whole: bool) -> Iterator[Block]:
    number = Span(f"{index + 1:>2} ", "faint")
    if not isinstance(message, dict):
        blocks = list(content_blocks(message, indent=2, whole=whole))
        first = blocks[0] if blocks else Line(())
        if isinstance(first, Line):
            yield first._replace(text=(number, *first.text), hang=3)
            yield from (block._replace(indent=block.indent + 3) for block in blocks[1:])
        return
    head: Text = (number, Span(visible(str(message.get("role") or message.get("type") or "message")), "name"))
    answered = message.get("tool_call_id") or message.get("call_id")
    if answered and message.get("type") != "function_call":
        head = (*head, Span(f" answers {visible(str(answered))}", "faint"))
    yield Line(head)
    said = {key: message[key] for key in _SAID if not is_empty(message.get(key))}
    if said:
        yield from (block for value in said.values() for block in content_blocks(value, whole=whole))
        for key, value in message.items():
            if key not in _OF_MESSAGE and not is_empty(value):
                yield Line((Span(f"{visible(key)}: ", "name"), Span(in_short(value, 400), "faint")), 5, 4)
    elif any(key not in _OF_MESSAGE and not is_empty(value) for key, value in message.items()):
        yield from content_blocks({key: value for key, value in message.items() if key != "role"}, whole=whole)
    calls = message.get("tool_calls")
    yield from (call_line(call) for call in (calls if isinstance(calls, list) else []))


def reply(view: Json, *, whole: bool = False) -> Iterator[Block]:
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
                yield from _choice(choice, whole, streamed=response.get("streamed") is True)
    elif not is_empty(response.get("body")):
        yield from json_blocks(response.get("body"))
    elif response.get("error") is None:
        yield Line((Span("nothing", "faint"),))


def beside_reply(view: Json) -> dict[str, Json]:
    """What a reply holds beside what `reply` tells, by its place."""
    said = view.get("reply") if isinstance(view, dict) else None
    found: dict[str, Json] = {}
    if isinstance(said, dict):
        found["reply"] = said.get("extra")
        choices = said.get("choices")
        for index, choice in enumerate(choices if isinstance(choices, list) else []):
            if isinstance(choice, dict):
                found[f"choice {index + 1}"] = choice.get("extra")
                found[f"logprobs {index + 1}"] = choice.get("logprobs")
    return {key: value for key, value in found.items() if not is_empty(value)}


def _choice(choice: dict[str, Json], whole: bool, *, streamed: bool) -> Iterator[Block]:
    for key in ("reasoning", "text", "refusal"):
        value = choice.get(key)
        if not is_empty(value):
            if key != "text":
                yield Line((Span(key, "name"),))
            style = "faint" if key == "reasoning" else ""
            if isinstance(value, str):
                yield from spoken(value, style, whole=whole)
            else:
                yield from json_blocks(value, indent=5, style=style)
    calls = choice.get("tool_calls")
    yield from (call_line(call) for call in (calls if isinstance(calls, list) else []))
    extra = choice.get("extra")
    others = extra.get("content") if isinstance(extra, dict) else None  # blocks that are no text and no call
    for block in others.values() if isinstance(others, dict) else ():
        yield from content_blocks(block, whole=whole)
    finish = choice.get("finish_reason")
    none = "none: broken off" if streamed else "none"
    yield named("finish", (Span(visible(str(finish)) if finish is not None else none, "finish"),))


def _error(error: Json) -> Iterator[Block]:
    parts = error if isinstance(error, dict) else {"message": error}
    for key, value in parts.items():
        if not is_empty(value):
            yield Line((Span(visible(key), "error"),))
            yield from json_blocks(value, indent=5)
