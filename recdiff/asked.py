"""What a recording was asked, in a line: the last thing that was said to the model, or what was called with what."""

from __future__ import annotations

from recdiff.jsonvalue import Json, canonical, is_empty
from recdiff.model import Recording, Request

LONGEST = 400
"""Characters kept of what was asked or answered; a face shows fewer."""
_MOST_TALK = frozenset(("user", "human", "tool", "function"))


def asked_of(recording: Recording) -> str:
    """The first interaction's question."""
    return _asked(recording.interactions[0].request)[:LONGEST] if recording.interactions else ""


def _asked(request: Request) -> str:
    body = request.view.get("body")
    if request.view.get("tool_name"):
        return f"{request.view['tool_name']}({brief(body)})"
    if not isinstance(body, dict):
        return brief(body)
    for key in ("messages", "contents", "input", "prompt", "query"):
        if key in body:
            return _last_said(body[key])
    return brief(body)


def _last_said(value: Json) -> str:
    """The last thing that a user or a tool said, or the prompt itself."""
    if isinstance(value, list):
        said = [item for item in value if isinstance(item, dict) and str(item.get("role")) in _MOST_TALK]
        if said:
            return _text_of(said[-1])
        return ", ".join(_text_of(item) for item in value[:3]) + (", …" if len(value) > 3 else "")
    return _text_of(value)


def _text_of(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(filter(None, map(_text_of, value)))
    if isinstance(value, dict):
        for key in ("content", "text", "parts", "output", "input_text"):
            if not is_empty(value.get(key)):
                return _text_of(value[key])
        return brief(value) if "role" not in value else ""
    return "" if value is None else str(value)


def brief(value: Json) -> str:
    """A value in few marks."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ", ".join(
            f"{key}: {brief(item) if not isinstance(item, str) else repr(item)}" for key, item in value.items()
        )
    return "" if value is None else canonical(value).decode("utf-8", "replace")
