"""One recording as lines that stay when it is recorded again: for git's own diff, log, blame and grep.

A line for each message and tool call; texts go on below, a sentence a line, so that a changed sentence is one changed
line. What is noise is not there, and how much of it there was is not told. Two recordings that differ in meaning never
have the same lines: what looks like something else is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from recdiff.comparing.normal import JsonText, Mark, Normal
from recdiff.jsonvalue import Json, canonical, embedded
from recdiff.safe import visible

VERSION = 1
"""Raised with every change of what is printed: git keeps these lines in a cache that knows only the command's words."""

_SENTENCE_END = re.compile("(?<=[.!?…]) (?=\\S)|(?<=[.!?…][\"'”’)\\]]) (?=\\S)|(?<=[。！？])(?=\\S)")
_LINE_END = "⏎"
_LONGEST_WORD = 400
"""Characters without a space beyond which a text is data (base64), told by its size and a digest."""
_UNBROKEN = re.compile(rf"\S{{{_LONGEST_WORD},}}")
_MESSAGES = ("messages", "contents", "input")
_TEXT_PARTS = frozenset(("text", "input_text", "output_text"))
_SPOKEN = ("reasoning", "text", "refusal")


def lines(form: dict[str, Normal], rule_names: Iterable[str]) -> Iterator[str]:
    """A recording's normal form (`comparing.normal`) as lines without newlines, made visible.

    `rule_names` are the rules that left something out wherever they could; all are named, so that the line is
    the same for every recording.
    """
    if form.get("test_id"):
        yield f"test: {_word(form['test_id'])}"
    interactions = form.get("interactions")
    several = isinstance(interactions, list) and len(interactions) > 1
    for number, interaction in enumerate(interactions if isinstance(interactions, list) else [], 1):
        if isinstance(interaction, dict):
            if several:
                yield f"interaction {number}:"
            yield from _request(_object(interaction.get("request")))
            yield from _response(_object(interaction.get("response")))
    for key, value in sorted(_object(form.get("extra")).items()):
        yield from _named(key, value, "")
    yield f"noise left out: {', '.join(rule_names)}"


def _object(value: Normal) -> dict[str, Normal]:
    return value if isinstance(value, dict) else {}


def _request(request: dict[str, Normal]) -> Iterator[str]:
    rest = dict(request)
    where = [rest.pop(key) for key in ("method", "url") if isinstance(rest.get(key), str)]
    yield f"request: {' '.join(map(_word, where))}" if where else "request:"
    body = rest.pop("body", None)
    for key, value in rest.items():
        yield from _named(key, value, "  ")
    if not isinstance(body, dict):
        if body is not None:
            yield from _named("body", body, "  ")
        return
    for key, value in body.items():
        if key not in _MESSAGES:
            yield from _named(f"body.{key}", value, "  ")
    for key in _MESSAGES:
        if isinstance(body.get(key), list):
            yield f"  {key}:"
            for message in _items(body[key]):
                yield from _message(message, "    ")
        elif key in body:
            yield from _named(f"body.{key}", body[key], "  ")


def _items(value: Normal) -> list[Normal]:
    return value if isinstance(value, list) else []


def _message(message: Normal, indent: str) -> Iterator[str]:
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        yield from _entry(message, indent)
        return
    rest = dict(message)
    role = _word(rest.pop("role"))
    content = rest.pop("content", None)
    if isinstance(content, str):
        yield from _said(f"{indent}{role}: ", content, indent)
    elif isinstance(content, list):
        yield f"{indent}{role}:"
        for part in content:
            yield from _part(part, indent + "  ")
    elif content is not None:
        yield f"{indent}{role}: {_compact(content)}"
    else:
        yield f"{indent}{role}"
    calls = rest.pop("tool_calls", None)
    for call in _items(calls):
        yield from _call(call, indent + "  ")
    if calls is not None and not isinstance(calls, list):
        yield from _named("tool_calls", calls, indent + "  ")
    for key, value in rest.items():
        yield from _named(key, value, indent + "  ")


def _part(part: Normal, indent: str) -> Iterator[str]:
    """A part of a message: text by sentences, anything else as it is."""
    if isinstance(part, dict) and part.keys() == {"type", "text"} and isinstance(part["type"], str):
        text = part["text"]
        if part["type"] in _TEXT_PARTS and isinstance(text, str):
            yield from _said(f"{indent}{part['type']}: ", text, indent)
            return
    yield from _entry(part, indent)


def _call(call: Normal, indent: str) -> Iterator[str]:
    """A tool call in one line: of a message (`function`), or of a reply (`name` and `arguments`)."""
    if isinstance(call, dict):
        function = call.get("function")
        flat = call.keys() <= {"id", "name", "arguments"} and "name" in call
        nested = _object(function).keys() == {"name", "arguments"} and call.get("type") == "function"
        if flat or (nested and call.keys() <= {"id", "index", "type", "function"}):
            told = call if flat else _object(function)
            beside = f"  index {_compact(call['index'])}" if "index" in call else ""
            beside += f"  {_compact(call['id'])}" if "id" in call else ""
            yield f"{indent}call {_word(told['name'])} {_compact(told.get('arguments'))}{beside}"
            return
    yield from _named("call", call, indent)


def _response(response: dict[str, Normal]) -> Iterator[str]:
    rest = dict(response)
    reply, body = rest.pop("reply", None), rest.pop("body", None)
    how = "streamed" if rest.pop("streamed", None) is True else "single"
    yield f"response: {how}"
    for key, value in rest.items():
        yield from _named(key, value, "  ")
    if isinstance(reply, dict):
        yield from _reply(reply)
    elif reply is not None:
        yield from _named("reply", reply, "  ")
    if body is not None:
        yield from _named("body", body, "  ")


def _reply(reply: dict[str, Normal]) -> Iterator[str]:
    yield "  reply:"
    for key, value in reply.items():
        if key not in ("choices", "usage"):
            yield from _named(key, value, "    ")
    choices = _items(reply.get("choices"))
    for choice in choices:
        yield from _choice(_object(choice), alone=len(choices) == 1)
    if "usage" in reply:
        yield from _named("usage", reply["usage"], "    ")


def _choice(choice: dict[str, Normal], *, alone: bool) -> Iterator[str]:
    rest = dict(choice)
    index = rest.pop("index", 0)
    if not alone or index != 0:
        yield f"    choice {_compact(index)}:"
    for key in _SPOKEN:
        value = rest.pop(key, None)
        if isinstance(value, str):
            yield from _said(f"    {key}: ", value, "    ")
        elif value is not None:
            yield from _named(key, value, "    ")
    for call in _items(rest.pop("tool_calls", None)):
        yield from _call(call, "    ")
    if "finish_reason" in rest:
        yield f"    finish: {_word(rest.pop('finish_reason'))}"
    for key, value in rest.items():
        yield from _named(key, value, "    ")


def _named(key: str, value: Normal, indent: str) -> Iterator[str]:
    """A key and its value: on one line, or what is in it below."""
    name = f"{indent}{_key(key)}:"
    if isinstance(value, str):
        yield from _said(f"{name} ", value, indent)
    elif isinstance(value, dict) and value and not _is_short(value):
        yield name
        for inner, item in value.items():
            yield from _named(inner, item, indent + "  ")
    elif isinstance(value, list) and value and not _is_short(value):
        yield name
        for item in value:
            yield from _entry(item, indent + "  ")
    else:
        yield f"{name} {_compact(value)}"


def _entry(item: Normal, indent: str) -> Iterator[str]:
    """An item of a list: a dash, then its keys below one another."""
    if isinstance(item, dict) and item and not _is_short(item):
        yield f"{indent}-"
        for key, value in item.items():
            yield from _named(key, value, indent + "  ")
    elif isinstance(item, str):
        yield from _said(f"{indent}- ", item, indent)
    elif isinstance(item, list) and item and not _is_short(item):
        yield f"{indent}-"
        for inner in item:
            yield from _entry(inner, indent + "  ")
    else:
        yield f"{indent}- {_compact(item)}"


def _is_short(value: Normal) -> bool:
    """Whether a container reads well on one line: small, and of scalars alone."""
    items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return all(not isinstance(item, (dict, list, JsonText)) for item in items) and len(_compact(value)) <= 80


def _said(head: str, text: str, indent: str) -> Iterator[str]:
    """A text by sentences: the first behind `head`, the others below; a line of the text itself ends in `⏎`."""
    if _looks_like_no_text(text):
        head = f"{head}“"
    shown = _UNBROKEN.sub(_digested, text)
    if _LINE_END in text or visible(text, lines=True) != text:
        shown = shown.replace("\\", "\\\\").replace(_LINE_END, "\\u23ce")
        head = f"{head}(escaped) "
    now = head
    recorded_lines = shown.split("\n")
    for number, line in enumerate(recorded_lines):
        ending = _LINE_END if number < len(recorded_lines) - 1 else ""
        sentences = _SENTENCE_END.split(line)
        for place, sentence in enumerate(sentences):
            yield now + visible(sentence, lines=True) + (ending if place == len(sentences) - 1 else "")
            now = indent + "      "
        now = indent + "    "


_OTHER = re.compile(
    r"null|true|false|-?[0-9][0-9.eE+-]*|<(?:id|vector|signed|json|noise)\b.*|(?:“|\(escaped\)).*", re.DOTALL
)


def _looks_like_no_text(text: str) -> bool:
    """Whether a text would read like a number, JSON or a mark where nothing told them apart."""
    return not text or _OTHER.fullmatch(text) is not None or embedded(text) is not None


def _digested(match: re.Match[str]) -> str:
    import hashlib  # 4 ms, for data alone

    text = match.group()
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[:40]}…(+{len(text) - 40} characters, sha256 {digest})"


def _key(key: str) -> str:
    return visible(key) if key.isprintable() and ": " not in key and key else _compact(key)


def _word(value: Normal) -> str:
    """A name: as it is, where it cannot be mistaken for anything else."""
    if isinstance(value, str) and value == visible(value) and not _looks_like_no_text(value):
        return value
    return _compact(value)


def _compact(value: Normal) -> str:
    """A value on one line, as JSON; a mark in angle brackets."""
    text = _marked(value)
    return visible(_UNBROKEN.sub(_digested, text))


def _marked(value: Normal) -> str:
    if isinstance(value, Mark):
        return f"<{value.text}>"
    if isinstance(value, JsonText):
        return f"<json {_marked(value.value)}>"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(key)}: {_marked(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_marked, value)) + "]"
    return _json(value)


def _json(value: Json) -> str:
    return canonical(value).decode("utf-8", "surrogatepass")
