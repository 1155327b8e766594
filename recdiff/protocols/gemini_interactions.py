"""Gemini's Interactions API: an interaction, or the events of a streamed one.

Source of the format: the v1beta `interactions` endpoint as of 2026-04 (`interaction.start`,
`interaction.status_update`, `content.start`, `content.delta`, `content.stop`, `interaction.complete`; outputs of type
`text`, `thought` and `function_call`). `status` is how the turn ended, which is its finish reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event
from recdiff.protocols.blocks import CALL, Blocks
from recdiff.protocols.slots import Collapsed, Combine, Path

_CHOICE: Path = ("choices", 0)
_EVENT_TYPES = frozenset(
    (
        "interaction.start", "interaction.status_update", "interaction.complete", "interaction.created",
        "content.start", "content.delta", "content.stop",
    )
)  # fmt: skip
_UNDER_WAY = "in_progress"
"""The status of a stream that goes on; of a single interaction, it is how the turn ended."""
_OUTPUT_TYPES = frozenset(("text", "thought", "thought_signature", "function_call"))
_KINDS = {"text": "text", "thought": "reasoning", "function_call": CALL}
_IN_OUTPUTS: dict[str, Combine] = {"id": "id", "call_id": "id", "arguments": "arguments"}
"""How the pieces of an output's keys come together, where they are not one value."""
_INTERACTION: dict[str, tuple[Path, Combine]] = {
    "model": (("model",), "value"),
    "usage": (("usage",), "merge"),
    "status": ((*_CHOICE, "finish_reason"), "value"),
}


def collapse(events: Sequence[Event]) -> Collapsed:
    """Outputs become one choice; each `function_call` is a tool call."""
    found = Collapsed()
    blocks = Blocks(found, _CHOICE)
    for event in events:
        payload, at = event.payload, event.at
        if not isinstance(payload, dict) or not payload:
            found.stray(payload, at)
        elif "event_type" in payload or ("outputs" not in payload and "delta" in payload):
            _take_event(found, payload, at, blocks)
        else:
            _take_interaction(found, payload, at, blocks)
    blocks.settle()
    return found


def _take_event(found: Collapsed, payload: dict[str, Json], at: str, blocks: Blocks) -> None:
    index = payload.get("index")
    number = index if type(index) is int else 0
    for key, value in payload.items():
        place = f"{at}/{escape(key)}"
        if key == "interaction" and isinstance(value, dict) and value:
            if value.get("status") == _UNDER_WAY:
                found.frame(_CHOICE, "status", (_UNDER_WAY,), (f"{place}/status",), "", (_UNDER_WAY,))
                value = {name: item for name, item in value.items() if name != "status"}
            _take_interaction(found, value, place, blocks)
        elif key in ("content", "delta") and isinstance(value, dict) and value:
            _take_output(found, number, value, place, blocks)
        elif key == "status" and value == _UNDER_WAY:
            found.frame(_CHOICE, key, (value,), (place,), "", (_UNDER_WAY,))
        elif key == "status":
            found.add((*_CHOICE, "finish_reason"), "value", value, place)
        elif key == "index":
            found.frame((), key, (value,), (place,), "", kind=int)
        elif key == "event_type":
            found.frame((), key, (value,), (place,), "", _EVENT_TYPES)
        elif key == "interaction_id":
            found.add(("extra", "id"), "value", value, place)
        else:
            found.add(("extra", key), "value", value, place)


def _take_interaction(found: Collapsed, interaction: dict[str, Json], at: str, blocks: Blocks) -> None:
    for key, value in interaction.items():
        place = f"{at}/{escape(key)}"
        if key == "outputs" and isinstance(value, list) and value:
            for number, output in enumerate(value):
                if isinstance(output, dict) and output:
                    _take_output(found, number, output, f"{place}/{number}", blocks)
                else:
                    found.add((*_CHOICE, "extra", "outputs", number), "value", output, f"{place}/{number}")
        elif key in ("outputs", "object", "role"):
            found.frame((), key, (value,), (place,), "", ("interaction", "model"))
        else:
            path, combine = _INTERACTION.get(key) or (("extra", key), "value")
            found.add(path, combine, value, place)


def _take_output(found: Collapsed, number: int, output: dict[str, Json], at: str, blocks: Blocks) -> None:
    """A whole output, the beginning of a streamed one, or a delta of it."""
    if blocks.kind(number) is None:
        kind = str(output.get("type"))
        blocks.begin(number, _KINDS.get(kind, kind))
    kind = str(blocks.kind(number))
    call: Path = (*_CHOICE, CALL, number)
    for key, value in output.items():
        place = f"{at}/{escape(key)}"
        if key == "type":
            found.frame(_CHOICE, "type", (value,), (place,), "", _OUTPUT_TYPES)
        elif kind == CALL and key == "id":
            found.add((*call, "id"), "id", value, place)
        elif kind == CALL and key == "name":
            found.add((*call, "name"), "name", value, place)
        elif kind == CALL and key in ("arguments", "partial_arguments"):
            found.add((*call, "arguments"), "arguments", value, place)
        elif kind == CALL:
            found.add((*call, "extra", key), "value", value, place)
        elif key == "text":
            blocks.say(number, "reasoning" if kind == "reasoning" else "text", value, place)
        elif key == "signature":
            found.add((*_CHOICE, "extra", "signature"), "value", value, place)
        else:
            found.add((*_CHOICE, "extra", "outputs", number, key), _IN_OUTPUTS.get(key, "value"), value, place)
