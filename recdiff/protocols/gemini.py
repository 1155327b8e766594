"""Gemini's `generateContent` and `streamGenerateContent`, as the google-genai SDK dumps them and as the API sends them.

Source of the format: `GenerateContentResponse` (google-genai 1.x, snake_case) and the v1beta REST API (camelCase).
Parts: `text` (reasoning where `thought` is true) and function calls; other parts stay whole as extra content.
"""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event
from recdiff.protocols.slots import Collapsed, Combine, Path

_TOP: dict[str, tuple[Path, Combine]] = {
    "model_version": (("model",), "value"),
    "modelVersion": (("model",), "value"),
    "usage_metadata": (("usage",), "merge"),
    "usageMetadata": (("usage",), "merge"),
}
_CANDIDATE: dict[str, tuple[Path, Combine]] = {
    "finish_reason": (("finish_reason",), "value"),
    "finishReason": (("finish_reason",), "value"),
}
_CALLS = frozenset(("function_call", "functionCall"))
_CALL: dict[str, tuple[Path, Combine]] = {
    "id": (("id",), "id"),
    "name": (("name",), "name"),
    "args": (("arguments",), "arguments"),
}


def collapse(events: Sequence[Event]) -> Collapsed:
    """Chunks, or one response: each candidate is a choice."""
    found = Collapsed()
    calls: dict[Path, int] = {}
    for event in events:
        payload, at = event.payload, event.at
        if not isinstance(payload, dict) or not payload:
            found.add(("extra", "event"), "value", payload, at)
            continue
        for key, value in payload.items():
            if key == "candidates" and isinstance(value, list) and value:
                for position, candidate in enumerate(value):
                    _take_candidate(found, candidate, position, f"{at}/candidates/{position}", calls)
            elif key == "candidates":
                found.frame((), key, (value,), (f"{at}/candidates",), "")
            else:
                path, combine = _TOP.get(key) or (("extra", key), "value")
                found.add(path, combine, value, f"{at}/{escape(key)}")
    return found


def _take_candidate(found: Collapsed, candidate: Json, position: int, at: str, calls: dict[Path, int]) -> None:
    if not isinstance(candidate, dict) or not candidate:
        found.frame((), "candidates", (candidate,), (at,), "")
        return
    index = candidate.get("index")
    here: Path = ("choices", index if type(index) is int else position)
    for key, value in candidate.items():
        place = f"{at}/{escape(key)}"
        if key == "content" and isinstance(value, dict) and value:
            _take_content(found, here, value, place, calls)
        elif key == "index":
            found.frame(here, key, (value,), (place,), "", kind=int)
        elif key == "content":
            found.frame(here, key, (value,), (place,), "")
        else:
            path, combine = _CANDIDATE.get(key) or (("extra", key), "value")
            found.add((*here, *path), combine, value, place)


def _take_content(found: Collapsed, here: Path, content: dict[str, Json], at: str, calls: dict[Path, int]) -> None:
    for key, value in content.items():
        place = f"{at}/{escape(key)}"
        if key == "parts" and isinstance(value, list) and value:
            for position, part in enumerate(value):
                _take_part(found, here, part, f"{place}/{position}", calls)
        elif key in ("parts", "role"):
            found.frame(here, key, (value,), (place,), "", ("model",))
        else:
            found.add((*here, "extra", key), "value", value, place)


def _take_part(found: Collapsed, here: Path, part: Json, at: str, calls: dict[Path, int]) -> None:
    if not isinstance(part, dict) or not part:
        found.add((*here, "extra", "parts"), "value", part, at)
        return
    thought = part.get("thought") is True
    for key, value in part.items():
        place = f"{at}/{escape(key)}"
        if key == "text":
            found.block(here, calls=False)
            found.add((*here, "reasoning" if thought else "text"), "join", value, place)
        elif key == "thought":
            found.frame(here, key, (value,), (place,), "", kind=bool)
        elif key in _CALLS and isinstance(value, dict) and value:
            number = calls[here] = calls.get(here, -1) + 1
            found.block(here, calls=True)
            for name, item in value.items():
                path, combine = _CALL.get(name) or (("extra", name), "value")
                found.add((*here, "tool_calls", number, *path), combine, item, f"{place}/{escape(name)}")
        else:
            found.add((*here, "extra", key), "value", value, place)
