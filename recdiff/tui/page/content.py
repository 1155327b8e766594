"""What somebody said, whatever the API calls it: texts, pictures, calls of tools and their results, as blocks."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.jsonvalue import Json, is_empty
from recdiff.reports.values import is_numbers, literal
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text
from recdiff.tui.page.jsonlines import blob_text, is_blob
from recdiff.tui.page.values import in_short, json_blocks

_TEXTS = ("text", "refusal", "content", "parts", "output", "result", "summary")
"""Keys of a part that hold what it says, or further parts."""
_THOUGHTS = ("thinking", "reasoning", "reasoning_content", "thought")
_CALLS = ("function_call", "functionCall", "tool_use", "server_tool_use", "mcp_call", "custom_tool_call")
_RESULTS = ("tool_result", "function_response", "functionResponse", "function_call_output")
_MEDIA = ("image_url", "source", "inline_data", "inlineData", "file_data", "fileData", "input_audio", "file", "image")
_ANSWERED = ("tool_use_id", "tool_call_id", "call_id", "name")

_MOST_LINES = 24
"""Lines of one text that are shown; of a longer one, the first and the last."""
_FIRST, _LAST = 14, 6
_LONGEST = 1_500
"""Characters of one line that are shown where a text is shortened."""
_MORE = "x shows all"


def content_blocks(value: Json, *, indent: int = 5, whole: bool = False) -> Iterator[Block]:
    """What a message holds. Long texts by their first and last lines, unless they are asked for `whole`."""
    if isinstance(value, str):
        yield from spoken(value, indent=indent, whole=whole)
    elif isinstance(value, list):
        if is_numbers(value):
            yield Line((Span(in_short(value)),), indent)
        else:
            for item in value:
                yield from content_blocks(item, indent=indent, whole=whole)
    elif isinstance(value, dict):
        yield from _part(value, indent, whole)
    elif value is not None:
        yield Line((Span(literal(value)),), indent)


def spoken(text: str, style: str = "", *, indent: int = 5, whole: bool = False) -> Iterator[Block]:
    """A text of several lines, as it was said."""
    lines = text.split("\n")
    if whole or len(lines) <= _MOST_LINES:
        yield from (_line(line, style, indent, whole) for line in lines)
        return
    yield from (_line(line, style, indent, whole) for line in lines[:_FIRST])
    yield Line((Span(f"⋯ {len(lines) - _FIRST - _LAST:,} more lines ({_MORE})", "faint"),), indent)
    yield from (_line(line, style, indent, whole) for line in lines[-_LAST:])


def _line(line: str, style: str, indent: int, whole: bool) -> Line:
    line = line.removesuffix("\r")
    if whole or len(line) <= _LONGEST:
        return Line((Span(visible(line), style),), indent)
    if is_blob(line):
        return Line((Span(visible(blob_text(line)), style),), indent)
    more = f"… {len(line) - _LONGEST:,} more characters ({_MORE})"
    return Line((Span(visible(line[:_LONGEST]), style), Span(more, "faint")), indent)


def call_text(call: Json) -> Text:
    """A tool call in one line: its name and arguments."""
    if not isinstance(call, dict):
        return (Span(literal(call)),)
    inner = _inner(call, ("function", *_CALLS)) or call
    arguments = next((inner[key] for key in ("arguments", "input", "args") if key in inner), None)
    shown = visible(arguments) if isinstance(arguments, str) else "" if arguments is None else literal(arguments)
    return (Span(visible(str(inner.get("name"))), "strong"), Span(f"({shown})"))


def _inner(part: dict[str, Json], keys: tuple[str, ...]) -> dict[str, Json] | None:
    """The object that stands under the first of some keys."""
    return next((value for key in keys if isinstance(value := part.get(key), dict)), None)


def call_line(call: Json, indent: int = 5) -> Line:
    """A tool call that somebody made."""
    return Line((Span("→ ", "tool"), *call_text(call)), indent, 4)


def _part(part: dict[str, Json], indent: int, whole: bool) -> Iterator[Block]:
    kind = part.get("type")
    if kind in _CALLS or _inner(part, _CALLS) is not None:
        yield call_line(part, indent)
        return
    result = part if kind in _RESULTS else _inner(part, _RESULTS)
    if result is not None:
        answered = next((result[key] for key in _ANSWERED if not is_empty(result.get(key))), "")
        yield Line((Span(f"← {visible(str(answered))}", "faint"),), indent)
        said = next((result[key] for key in ("content", "output", "response") if not is_empty(result.get(key))), None)
        if isinstance(said, dict):
            yield from json_blocks(said, indent=indent)
        else:
            yield from content_blocks(said, indent=indent, whole=whole)
        return
    media = next((part[key] for key in _MEDIA if not is_empty(part.get(key))), None)
    if media is not None:
        yield Line((Span(_media(str(kind or "file"), media), "faint"),), indent)
        return
    yield from _texts(part, indent, whole)


def _texts(part: dict[str, Json], indent: int, whole: bool) -> Iterator[Block]:
    is_told = False
    for key in _THOUGHTS:
        value = part.get(key)
        if isinstance(value, str) and value:
            yield Line((Span(key, "name"),), indent)
            yield from spoken(value, "faint", indent=indent, whole=whole)
            is_told = True
    if part.get("type") == "reasoning" or part.get("thought") is True:
        yield Line((Span("thought", "name"),), indent)
    for key in _TEXTS:
        if not is_empty(part.get(key)):
            yield from content_blocks(part[key], indent=indent, whole=whole)
            is_told = True
    if not is_told and not is_empty(part):
        yield from json_blocks(part, indent=indent)


def _media(kind: str, value: Json) -> str:
    """A picture, a sound or a file in one line."""
    told: list[str] = []
    for item in value.values() if isinstance(value, dict) else [value]:
        if isinstance(item, str) and item:
            told.append(blob_text(item) if is_blob(item) else item)
    return visible(f"[{kind}: {', '.join(told)}]" if told else f"[{kind}]")
