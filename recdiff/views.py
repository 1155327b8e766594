"""What `recdiff show` prints: a recording normalised, its streams collapsed. Every change's path leads into it."""

from __future__ import annotations

from recdiff.jsonvalue import Json
from recdiff.model import Interaction, Recording
from recdiff.protocols import protocol_of
from recdiff.protocols.blocks import spelled
from recdiff.protocols.slots import Collapsed, Path
from recdiff.wire.sse import DONE

MESSAGES = ("messages", "contents", "input", "prompt", "query")
"""Where a request's body may hold what was said."""

_CHOICE_PARTS = ("text", "reasoning", "refusal", "finish_reason")


def recording_view(recording: Recording) -> dict[str, Json]:
    """The whole recording, in the shape of the `recdiff show --format json` contract."""
    view: dict[str, Json] = {
        "path": recording.path,
        "format": recording.format,
        "test_id": recording.test_id,
        "error": None,
        "interactions": [interaction_view(interaction) for interaction in recording.interactions],
    }
    extra = {key: value for key, value in recording.top.items() if key != "test_id"}
    if extra:
        view["extra"] = extra
    return view


def interaction_view(interaction: Interaction) -> dict[str, Json]:
    """One interaction: the request, and the response with either a reply or a body."""
    response = interaction.response
    protocol = protocol_of(interaction.request, response)
    reply = reply_view(protocol.collapse(response.events)) if protocol else None
    streamed = response.shape in ("stream", "lines") and response.streamed
    view: dict[str, Json] = {
        "status": response.view.get("status"),
        "streamed": response.streamed,
        "events": sum([event.payload != DONE for event in response.events]) if streamed else 0,
        "protocol": protocol.name if protocol else None,
        "error": response.error,
        "body": None if reply is not None else body_view(interaction),
        "reply": reply,
    }
    if response.types:
        view["type"] = response.types[0] if len(response.types) == 1 else list(response.types)
    view.update((key, value) for key, value in response.view.items() if key not in view)
    return {"request": interaction.request.view, "response": view}


def body_view(interaction: Interaction) -> Json:
    """The body of a response that no protocol reads: its payloads without what the container put around them."""
    response = interaction.response
    if response.shape == "none":
        return None
    if response.shape == "single":
        return response.events[0].payload
    return [event.payload for event in response.events]


def reply_view(collapsed: Collapsed) -> dict[str, Json]:
    """A collapsed reply as nested JSON; choices and tool calls are lists in index order."""
    nested: dict[str | int, object] = {}
    for path, slot in collapsed.slots.items():
        if slot.combine != "shell":
            _put(nested, path, slot.value())
        else:
            _make_room(nested, path)
    for path, runs in collapsed.runs.items():
        blocks = spelled(runs)
        if blocks is not None:
            _put(nested, (*path, "extra", "blocks"), blocks)
    choices = nested.pop("choices", {})
    assert isinstance(choices, dict)
    view: dict[str, Json] = {
        "model": _as_json(nested.pop("model", None)),
        "usage": _as_json(nested.pop("usage", None)),
        "choices": [_choice_view(index, choices[index]) for index in sorted(choices)],
        "extra": _as_json(nested.pop("extra", {})),
    }
    view.update((str(key), _as_json(value)) for key, value in nested.items())
    return view


def _make_room(nested: dict[str | int, object], path: Path) -> None:
    """A choice or call of which only the frame was sent has a place in its list."""
    here = nested
    for step in path[:-2]:  # the two last steps are `shell` and the frame's key
        inner = here.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        here = inner


def _put(nested: dict[str | int, object], path: Path, value: Json) -> None:
    here: dict[str | int, object] = nested
    for step in path[:-1]:
        inner = here.setdefault(step, {})
        if not isinstance(inner, dict):  # a value and a container at one path: keep both
            beside: dict[str | int, object] = {"": inner}
            here[step] = inner = beside
        here = inner
    there = here.get(path[-1])
    if isinstance(there, dict):
        there[""] = value
    else:
        here[path[-1]] = value


def _choice_view(index: object, choice: object) -> Json:
    assert isinstance(choice, dict)
    calls = choice.pop("tool_calls", {})
    assert isinstance(calls, dict)
    view: dict[str, Json] = {"index": index if isinstance(index, int) else 0}
    view.update((part, _as_json(choice.pop(part, None))) for part in _CHOICE_PARTS)
    view["tool_calls"] = [_call_view(calls[number]) for number in sorted(calls)]
    view["logprobs"] = _as_json(choice.pop("logprobs", None))
    view["extra"] = _as_json(choice.pop("extra", {}))
    view.update((str(key), _as_json(value)) for key, value in choice.items())
    return view


def _call_view(call: object) -> Json:
    assert isinstance(call, dict)
    view: dict[str, Json] = {
        "id": _as_json(call.pop("id", None)),
        "name": _as_json(call.pop("name", None)),
        "arguments": _as_json(call.pop("arguments", None)),
    }
    view.update((str(key), _as_json(value)) for key, value in call.items())
    return view


def _as_json(value: object) -> Json:
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    return value  # type: ignore[return-value]


def turns_of(body: Json) -> int:
    """How long the conversation of a request's body is: the number of messages, or 1 for a prompt."""
    if isinstance(body, dict):
        for key in MESSAGES:
            if key in body:
                value = body[key]
                return len(value) if isinstance(value, list) else 1
    return 0
