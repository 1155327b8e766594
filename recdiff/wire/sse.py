"""Server-sent events, as lines that a recorder kept apart (the WHATWG HTML standard, section 9.2)."""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.errors import UnreadableError
from recdiff.jsonvalue import Json, loads
from recdiff.model import Event

DONE = "[DONE]"
"""The last event of a stream that came to its end (OpenAI, Gemini's interactions); it carries no data."""


def looks_like_sse(lines: Sequence[str]) -> bool:
    """Whether every line is a field, a comment or blank, and some line holds data."""
    fields = ("data:", "event:", "id:", "retry:", ":")
    return any(line.startswith("data:") for line in lines) and all(
        not line.strip() or line.startswith(fields) for line in lines
    )


def decode_lines(lines: Sequence[str], at: str) -> tuple[Event, ...]:
    """Events from lines: `at` is the pointer of the list that holds them, one line a string.

    Data that is JSON is parsed; other data stays a string. An `event:` name that the data does not repeat under
    `type` or `event_type` is added as `event`, unless the data has a key of that name. Data after the last blank line
    counts: recorders drop that line. Data that is no object stands under `data` beside the event's name. The end
    of a stream is an event whose payload is `DONE`.
    """
    events: list[Event] = []
    data: list[str] = []
    name = ""
    place = ""
    for number, line in enumerate((*lines, "")):
        if not line.strip():
            if data:
                _dispatch(events, name, "\n".join(data), place)
            data, name = [], ""
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            place = place if data else f"{at}/{number}"
            data.append(value)
        elif field == "event":
            name = value
    return tuple(events)


def _dispatch(events: list[Event], name: str, data: str, place: str) -> None:
    if data == DONE and name in ("", "done"):
        events.append(Event(DONE, place, place))
        return
    payload: Json
    try:
        payload = loads(data.encode("utf-8"))
    except (UnreadableError, UnicodeEncodeError):
        payload = data
    if name and not isinstance(payload, dict):
        payload = {"event": name, "data": payload}
    elif name and isinstance(payload, dict) and name not in (payload.get("type"), payload.get("event_type")):
        payload = {"event": name, **payload}
    events.append(Event(payload, place, place))
