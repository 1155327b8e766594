"""Ollama's own API: `/api/chat` and `/api/generate`, streamed and single.

Source of the format: `ChatResponse` and `GenerateResponse` of the ollama SDK (0.6), which older OGX recordings hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event
from recdiff.protocols.slots import Collapsed, Combine, Path

_CHOICE: Path = ("choices", 0)
_COUNTS = frozenset(("prompt_eval_count", "eval_count"))
_KNOWN: dict[str, tuple[Path, Combine]] = {
    "model": (("model",), "value"),
    "done": (("extra", "done"), "last"),
    "done_reason": ((*_CHOICE, "finish_reason"), "value"),
    "response": ((*_CHOICE, "text"), "join"),
    "thinking": ((*_CHOICE, "reasoning"), "join"),
    "context": (("extra", "context"), "last"),
}
_MESSAGE: dict[str, tuple[Path, Combine]] = {
    "content": ((*_CHOICE, "text"), "join"),
    "thinking": ((*_CHOICE, "reasoning"), "join"),
}


def collapse(events: Sequence[Event]) -> Collapsed:
    """`response` or `message` pieces become one choice; the counts are its usage."""
    found = Collapsed()
    calls = 0
    for event in events:
        payload, at = event.payload, event.at
        if not isinstance(payload, dict) or not payload:
            found.stray(payload, at)
            continue
        for key, value in payload.items():
            if key == "message" and isinstance(value, dict) and value:
                calls = _take_message(found, value, f"{at}/message", calls)
            elif key in _COUNTS:
                found.add(("usage", key), "last", value, f"{at}/{key}")
            else:
                path, combine = _KNOWN.get(key) or (("extra", key), "value")
                found.add(path, combine, value, f"{at}/{escape(key)}")
    return found


def _take_message(found: Collapsed, message: dict[str, Json], at: str, calls: int) -> int:
    """Place one message; returns how many tool calls there are so far (each comes whole, without an index)."""
    for key, value in message.items():
        known = _MESSAGE.get(key)
        if known:
            found.add(*known, value, f"{at}/{key}")
        elif key == "tool_calls" and isinstance(value, list) and value:
            for position, call in enumerate(value):
                _take_call(found, (*_CHOICE, "tool_calls", calls), call, f"{at}/tool_calls/{position}")
                calls += 1
        elif key in ("tool_calls", "role"):
            found.frame(_CHOICE, key, (value,), (f"{at}/{key}",), "", ("assistant",))
        else:
            found.add((*_CHOICE, "extra", key), "value", value, f"{at}/{escape(key)}")
    return calls


def _take_call(found: Collapsed, there: Path, call: Json, at: str) -> None:
    if not isinstance(call, dict) or not call:
        found.add((*there, "extra", "call"), "value", call, at)
        return
    for key, value in call.items():
        if key == "function" and isinstance(value, dict) and value:
            for part, item in value.items():
                place = f"{at}/function/{escape(part)}"
                if part == "name":
                    found.add((*there, "name"), "name", item, place)
                elif part == "arguments":
                    found.add((*there, "arguments"), "arguments", item, place)
                else:
                    found.add((*there, "extra", part), "value", item, place)
        elif key == "id":
            found.add((*there, "id"), "id", value, f"{at}/id")
        else:
            found.add((*there, "extra", key), "value", value, f"{at}/{escape(key)}")
