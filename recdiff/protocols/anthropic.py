"""Anthropic's Messages API: a message, or the events of a stream.

Source of the format: the Messages API of 2023-06-01 (`message_start`, `content_block_start`, `content_block_delta`
with `text_delta`, `input_json_delta`, `thinking_delta`, `signature_delta` and `citations_delta`, `content_block_stop`,
`message_delta`, `message_stop`, `ping`, `error`). Blocks of other types stay whole as extra content.
"""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event
from recdiff.protocols.blocks import CALL, Blocks, Spoken
from recdiff.protocols.slots import ENDED_BY, Collapsed, Combine, Path
from recdiff.wire.sse import DONE

_CHOICE: Path = ("choices", 0)
_MESSAGE: dict[str, tuple[Path, Combine]] = {
    "model": (("model",), "value"),
    "usage": (("usage",), "merge"),
    "stop_reason": ((*_CHOICE, "finish_reason"), "value"),
    "stop_sequence": ((*_CHOICE, "extra", "stop_sequence"), "value"),
}
_SPOKEN: dict[str, Spoken] = {"text": "text", "thinking": "reasoning"}
_DELTA_TYPES = frozenset(("text_delta", "input_json_delta", "thinking_delta", "signature_delta", "citations_delta"))
_KINDS = {"tool_use": CALL, "text": "text", "thinking": "reasoning"}
_IN_BLOCKS: dict[str, Combine] = {"id": "id", "tool_use_id": "id", "input": "arguments", "citations": "items"}
"""How the pieces of a block's keys come together, where they are not one value."""


def collapse(events: Sequence[Event]) -> Collapsed:
    """Messages and stream events become one choice; each `tool_use` block is a tool call, in block order."""
    found = Collapsed()
    blocks = Blocks(found, _CHOICE)
    for event in events:
        payload, at = event.payload, event.at
        if not isinstance(payload, dict) or not payload:
            _take_stray(found, payload, at)
            continue
        if payload.get("type") not in _EVENT_NAMES:
            _take_message(found, payload, at, blocks)
        else:
            _take_event(found, payload, at, blocks)
    blocks.settle()
    return found


_EVENT_NAMES = (
    "message_start", "content_block_start", "content_block_delta", "content_block_stop",
    "message_delta", "message_stop", "ping", "error",
)  # fmt: skip


_LAST_EVENT = "message_stop"


def _take_stray(found: Collapsed, payload: Json, at: str) -> None:
    """What is no object. A message ends with `message_stop`; what a proxy adds after it is its frame."""
    if payload == DONE:
        found.frame((), "done", (payload,), (at,), "", (DONE,))
    else:
        found.stray(payload, at)


def _take_event(found: Collapsed, payload: dict[str, Json], at: str, blocks: Blocks) -> None:
    index = payload.get("index")
    number = index if type(index) is int else 0
    for key, value in payload.items():
        place = f"{at}/{escape(key)}"
        if key == "message" and isinstance(value, dict) and value:
            _take_message(found, value, place, blocks)
        elif key == "content_block" and isinstance(value, dict) and value:
            _take_block(found, number, value, place, blocks)
        elif key == "delta" and isinstance(value, dict) and value:
            if payload.get("type") == "message_delta":
                _take_message(found, value, place, blocks)
            else:
                _take_delta(found, number, value, place, blocks)
        elif key == "usage":
            found.add(("usage",), "merge", value, place)
        elif key == "type" and value == _LAST_EVENT:
            found.add(ENDED_BY, "last", value, place)
        elif key == "index":
            found.frame((), key, (value,), (place,), "", kind=int)
        elif key in ("type", "message", "content_block", "delta"):
            found.frame((), key, (value,), (place,), "", _EVENT_NAMES)
        else:
            found.add(("extra", key), "value", value, place)


def _take_message(found: Collapsed, message: dict[str, Json], at: str, blocks: Blocks) -> None:
    for key, value in message.items():
        place = f"{at}/{escape(key)}"
        if key == "content" and isinstance(value, list) and value:
            for number, block in enumerate(value):
                if isinstance(block, dict) and block:
                    _take_block(found, number, block, f"{place}/{number}", blocks)
                else:
                    found.add((*_CHOICE, "extra", "content", number), "value", block, f"{place}/{number}")
        elif key in ("content", "role", "type"):
            found.frame(_CHOICE, key, (value,), (place,), "", ("assistant", "message"))
        else:
            path, combine = _MESSAGE.get(key) or (("extra", key), "value")
            found.add(path, combine, value, place)


def _take_block(found: Collapsed, number: int, block: dict[str, Json], at: str, blocks: Blocks) -> None:
    """A whole block, or the beginning of a streamed one."""
    kind = str(block.get("type"))
    blocks.begin(number, _KINDS.get(kind, kind))
    for key, value in block.items():
        place = f"{at}/{escape(key)}"
        if key == "type" and kind in _KINDS:
            here = (*_CHOICE, CALL, number) if _KINDS[kind] == CALL else _CHOICE
            found.frame(here, key, (value,), (place,), "", _KINDS)
        elif blocks.kind(number) == CALL:
            _take_of_call(found, (*_CHOICE, CALL, number), key, value, place)
        elif kind in _KINDS and key in _SPOKEN:
            blocks.say(number, _SPOKEN[key], value, place)
        else:
            _take_of_block(found, number, key, value, place, is_known=kind in _KINDS)


def _take_of_call(found: Collapsed, call: Path, key: str, value: Json, place: str) -> None:
    if key == "id":
        found.add((*call, "id"), "id", value, place)
    elif key == "name":
        found.add((*call, "name"), "name", value, place)
    elif key == "input":
        found.add((*call, "arguments"), "arguments", value, place)
    else:
        found.add((*call, "extra", key), "value", value, place)


def _take_of_block(found: Collapsed, number: int, key: str, value: Json, place: str, *, is_known: bool) -> None:
    """What a block holds beside its text: all of it, where its type is not known."""
    if is_known and key == "signature":
        found.add((*_CHOICE, "extra", "signature"), "value", value, place)
    else:
        found.add((*_CHOICE, "extra", "content", number, key), _IN_BLOCKS.get(key, "value"), value, place)


def _take_delta(found: Collapsed, number: int, delta: dict[str, Json], at: str, blocks: Blocks) -> None:
    kind = blocks.kind(number)
    for key, value in delta.items():
        place = f"{at}/{escape(key)}"
        if key == "type":
            found.frame(_CHOICE, "delta", (value,), (place,), "", _DELTA_TYPES)
        elif key in _SPOKEN:
            blocks.say(number, _SPOKEN[key], value, place)
        elif key == "partial_json" and kind == CALL:
            _take_of_call(found, (*_CHOICE, CALL, number), "input", value, place)
        elif key == "partial_json":
            pieces: Combine = "join" if kind is None else "arguments"
            found.add((*_CHOICE, "extra", "content", number, "input"), pieces, value, place)
        elif key == "citation":
            found.add((*_CHOICE, "extra", "content", number, "citations"), "items", value, place)
        else:
            _take_of_block(found, number, key, value, place, is_known=True)
