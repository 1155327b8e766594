"""Gemini's `generateContent` and `streamGenerateContent`, as the google-genai SDK dumps them and as the API sends them.

Source of the format: `GenerateContentResponse` (google-genai 1.x, snake_case) and the v1beta REST API (camelCase).
Parts: `text` (reasoning where `thought` is true) and function calls; other parts stay whole as extra content.
"""

from __future__ import annotations

from collections.abc import Sequence

from recdiff.jsonvalue import Json, escape, is_empty
from recdiff.model import Event
from recdiff.protocols.blocks import CALL, Blocks
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
_BESIDE_CONTENT = frozenset(
    ("thought", "thought_signature", "thoughtSignature", "video_metadata", "videoMetadata", "part_metadata")
)
"""Keys of a part that say something of its content; any other key is what the part is."""
_CALL: dict[str, tuple[Path, Combine]] = {
    "id": (("id",), "id"),
    "name": (("name",), "name"),
    "args": (("arguments",), "arguments"),
}


class _Answer:
    """What was seen of one candidate: its parts, which count on from chunk to chunk, and how many of them are calls."""

    def __init__(self, found: Collapsed, here: Path) -> None:
        self.blocks = Blocks(found, here)
        self.calls = 0


def collapse(events: Sequence[Event]) -> Collapsed:
    """Chunks, or one response: each candidate is a choice."""
    found = Collapsed()
    answers: dict[Path, _Answer] = {}
    for event in events:
        payload, at = event.payload, event.at
        if not isinstance(payload, dict) or not payload:
            found.stray(payload, at)
            continue
        for key, value in payload.items():
            if key == "candidates" and isinstance(value, list) and value:
                for position, candidate in enumerate(value):
                    _take_candidate(found, candidate, position, f"{at}/candidates/{position}", answers)
            elif key == "candidates":
                found.frame((), key, (value,), (f"{at}/candidates",), "")
            else:
                path, combine = _TOP.get(key) or (("extra", key), "value")
                found.add(path, combine, value, f"{at}/{escape(key)}")
    for answer in answers.values():
        answer.blocks.settle()
    return found


def _take_candidate(found: Collapsed, candidate: Json, position: int, at: str, answers: dict[Path, _Answer]) -> None:
    if not isinstance(candidate, dict) or not candidate:
        found.frame((), "candidates", (candidate,), (at,), "")
        return
    index = candidate.get("index")
    here: Path = ("choices", index if type(index) is int else position)
    for key, value in candidate.items():
        place = f"{at}/{escape(key)}"
        if key == "content" and isinstance(value, dict) and value:
            _take_content(found, here, value, place, answers)
        elif key == "index":
            found.frame(here, key, (value,), (place,), "", kind=int)
        elif key == "content":
            found.frame(here, key, (value,), (place,), "")
        else:
            path, combine = _CANDIDATE.get(key) or (("extra", key), "value")
            found.add((*here, *path), combine, value, place)


def _take_content(
    found: Collapsed, here: Path, content: dict[str, Json], at: str, answers: dict[Path, _Answer]
) -> None:
    answer = answers.get(here)
    if answer is None:
        answer = answers[here] = _Answer(found, here)
    for key, value in content.items():
        place = f"{at}/{escape(key)}"
        if key == "parts" and isinstance(value, list) and value:
            for position, part in enumerate(value):
                _take_part(found, here, part, f"{place}/{position}", answer)
        elif key in ("parts", "role"):
            found.frame(here, key, (value,), (place,), "", ("model",))
        else:
            found.add((*here, "extra", key), "value", value, place)


def _take_part(found: Collapsed, here: Path, part: Json, at: str, answer: _Answer) -> None:
    number = len(answer.blocks)
    if not isinstance(part, dict) or not part:
        answer.blocks.begin(number, "parts")
        found.add((*here, "extra", "parts"), "each", part, at)
        return
    content = next((key for key, value in part.items() if key not in _BESIDE_CONTENT and not is_empty(value)), None)
    if content is not None and content != "text":
        answer.blocks.begin(number, CALL if content in _CALLS else content)
    for key, value in part.items():
        place = f"{at}/{escape(key)}"
        if key == "text":
            answer.blocks.say(number, "reasoning" if part.get("thought") is True else "text", value, place)
        elif key == "thought":
            found.frame(here, key, (value,), (place,), "", kind=bool)
        elif key in _CALLS and isinstance(value, dict) and value:
            _take_call(found, (*here, CALL, answer.calls), value, place)
            answer.calls += 1
        else:
            found.add((*here, "extra", key), "each" if key == content else "value", value, place)


def _take_call(found: Collapsed, call: Path, function: dict[str, Json], at: str) -> None:
    for name, item in function.items():
        path, combine = _CALL.get(name) or (("extra", name), "value")
        found.add((*call, *path), combine, item, f"{at}/{escape(name)}")
