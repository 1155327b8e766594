"""Anthropic's Messages API: a message, or the events of a stream.

Source of the format: the Messages API of 2023-06-01 (`message_start`, `content_block_start`, `content_block_delta`
with `text_delta`, `input_json_delta`, `thinking_delta`, `signature_delta` and `citations_delta`, `content_block_stop`,
`message_delta`, `message_stop`, `ping`, `error`). Blocks of other types stay whole as extra content.
"""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event
from recdiff.protocols.slots import Collapsed, Combine, Path

_CHOICE: Path = ("choices", 0)
_MESSAGE: dict[str, tuple[Path, Combine]] = {
    "model": (("model",), "value"),
    "usage": (("usage",), "merge"),
    "stop_reason": ((*_CHOICE, "finish_reason"), "value"),
    "stop_sequence": ((*_CHOICE, "extra", "stop_sequence"), "value"),
}
_DELTAS: dict[str, tuple[Path, Combine]] = {
    "text": (("text",), "join"),
    "thinking": (("reasoning",), "join"),
    "partial_json": (("arguments",), "arguments"),
}
_DELTA_TYPES = frozenset(("text_delta", "input_json_delta", "thinking_delta", "signature_delta", "citations_delta"))
_CALL_TYPES = frozenset(("tool_use",))
_TEXT_TYPES = frozenset(("text", "thinking"))


def collapse(events: Sequence[Event]) -> Collapsed:
    """Messages and stream events become one choice; each `tool_use` block is a tool call, in block order."""
    found = Collapsed()
    kinds: dict[int, str] = {}
    for event in events:
        payload, at = event.payload, event.at
        if not isinstance(payload, dict) or not payload:
            found.add(("extra", "event"), "value", payload, at)
            continue
        if payload.get("type") not in _EVENT_NAMES:
            _take_message(found, payload, at, kinds)
        else:
            _take_event(found, payload, at, kinds)
    return found


_EVENT_NAMES = (
    "message_start", "content_block_start", "content_block_delta", "content_block_stop",
    "message_delta", "message_stop", "ping", "error",
)  # fmt: skip


def _take_event(found: Collapsed, payload: dict[str, Json], at: str, kinds: dict[int, str]) -> None:
    index = payload.get("index")
    number = index if type(index) is int else 0
    for key, value in payload.items():
        place = f"{at}/{escape(key)}"
        if key == "message" and isinstance(value, dict) and value:
            _take_message(found, value, place, kinds)
        elif key == "content_block" and isinstance(value, dict) and value:
            _take_block(found, number, value, place, kinds)
        elif key == "delta" and isinstance(value, dict) and value:
            if payload.get("type") == "message_delta":
                _take_message(found, value, place, kinds)
            else:
                _take_delta(found, number, value, place, kinds)
        elif key == "usage":
            found.add(("usage",), "merge", value, place)
        elif key == "index":
            found.frame((), key, (value,), (place,), "", kind=int)
        elif key in ("type", "message", "content_block", "delta"):
            found.frame((), key, (value,), (place,), "", _EVENT_NAMES)
        else:
            found.add(("extra", key), "value", value, place)


def _take_message(found: Collapsed, message: dict[str, Json], at: str, kinds: dict[int, str]) -> None:
    for key, value in message.items():
        place = f"{at}/{escape(key)}"
        if key == "content" and isinstance(value, list) and value:
            for number, block in enumerate(value):
                if isinstance(block, dict) and block:
                    _take_block(found, number, block, f"{place}/{number}", kinds)
                else:
                    found.add((*_CHOICE, "extra", "content", number), "value", block, f"{place}/{number}")
        elif key in ("content", "role", "type"):
            found.frame(_CHOICE, key, (value,), (place,), "", ("assistant", "message"))
        else:
            path, combine = _MESSAGE.get(key) or (("extra", key), "value")
            found.add(path, combine, value, place)


def _take_block(found: Collapsed, number: int, block: dict[str, Json], at: str, kinds: dict[int, str]) -> None:
    """A whole block, or the beginning of a streamed one."""
    kind = str(block.get("type"))
    kinds[number] = kind
    found.block(_CHOICE, calls=kind in _CALL_TYPES)
    call: Path = (*_CHOICE, "tool_calls", number)
    extra: Path = (*_CHOICE, "extra", "content", number)
    for key, value in block.items():
        place = f"{at}/{escape(key)}"
        if kind in _CALL_TYPES:
            if key == "id":
                found.add((*call, "id"), "id", value, place)
            elif key == "name":
                found.add((*call, "name"), "name", value, place)
            elif key == "input":
                found.add((*call, "arguments"), "arguments", value, place)
            elif key == "type":
                found.frame(call, key, (value,), (place,), "", _CALL_TYPES)
            else:
                found.add((*call, "extra", key), "value", value, place)
        elif kind in _TEXT_TYPES and key in ("text", "thinking"):
            found.add((*_CHOICE, *_DELTAS[key][0]), "join", value, place)
        elif kind in _TEXT_TYPES and key == "type":
            found.frame(_CHOICE, "type", (value,), (place,), "", _TEXT_TYPES)
        elif kind in _TEXT_TYPES and key == "signature":
            found.add((*_CHOICE, "extra", "signature"), "value", value, place)
        else:
            found.add((*extra, key), "arguments" if key == "input" else "value", value, place)


def _take_delta(found: Collapsed, number: int, delta: dict[str, Json], at: str, kinds: dict[int, str]) -> None:
    kind = kinds.get(number, "")
    for key, value in delta.items():
        place = f"{at}/{escape(key)}"
        if key == "type":
            found.frame(_CHOICE, "delta", (value,), (place,), "", _DELTA_TYPES)
        elif key == "partial_json" and kind in _CALL_TYPES:
            found.add((*_CHOICE, "tool_calls", number, "arguments"), "arguments", value, place)
        elif key in ("text", "thinking"):
            path, combine = _DELTAS[key]
            found.add((*_CHOICE, *path), combine, value, place)
        elif key == "signature":
            found.add((*_CHOICE, "extra", "signature"), "value", value, place)
        elif key == "citation":
            found.add((*_CHOICE, "extra", "citations"), "extend", value, place)
        elif key == "partial_json":
            pieces: Combine = "arguments" if kind else "join"
            found.add((*_CHOICE, "extra", "content", number, "input"), pieces, value, place)
        else:
            found.add((*_CHOICE, "extra", "content", number, key), "value", value, place)
