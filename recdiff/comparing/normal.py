"""One recording without its noise: the form in which two recordings are equal that differ in noise alone.

Comparing two recordings can ask what the other side says; here there is one side, so what is compared within a
tolerance is rounded, and ids are numbered by their first appearance. Two values on either side of a rounding's edge
may differ here and be noise to a comparison; never the other way round.
"""

from __future__ import annotations

from contextlib import suppress
from math import ceil, floor, log10, sqrt
from typing import NamedTuple, TypeAlias

from recdiff.comparing.links import unsigned
from recdiff.comparing.vectors import as_vector
from recdiff.jsonvalue import Json, canonical, embedded, is_empty
from recdiff.model import Interaction, Recording
from recdiff.rules.defaults import RECORDER_MAPPING
from recdiff.rules.engine import EVERYWHERE, IN_JSON_TEXT, NO_DEFAULTS, ONLY_OWN, Reach, RuleSet
from recdiff.rules.ids import is_id_place, is_in_arguments, kept_ids
from recdiff.views import interaction_view

Path: TypeAlias = tuple[str | int, ...]

_DIGITS = 3
"""Digits that a score is rounded to: two scores further apart than the tolerance never become one."""
_ANGLE = 4e-3
"""How far two vectors of one rounding may be apart for their length: less than the tolerance of the cosine, 4.5e-3."""

_NOT_COMPARED = frozenset(("events", "protocol"))
"""What a view says of the wire alone."""


class Mark(NamedTuple):
    """What stands for a value that is not printed as it is: an id's number, a vector in short, an unsigned link."""

    text: str


class JsonText(NamedTuple):
    """The value of a string that is JSON text: its layout says nothing."""

    value: Normal


Normal: TypeAlias = "bool | int | float | str | Mark | JsonText | list[Normal] | dict[str, Normal] | None"
"""JSON without its noise, keys sorted, with marks in it."""


class _Absent:
    pass


_ABSENT = _Absent()


def normal_form(recording: Recording, rules: RuleSet) -> dict[str, Normal]:
    """What a recording says, without what the rules hide: `test_id`, `interactions` and `extra` of its view."""
    return _Normalising(rules).recording(recording)


def fingerprint(recording: Recording, rules: RuleSet) -> str:
    """A name for what a recording says: the same for two that differ in noise alone, a rounding's edge aside."""
    import hashlib

    said = repr(normal_form(recording, rules))  # keys are sorted, and every mark says what it is
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


class _Normalising:
    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.ids: dict[str, int] = {}
        self.kept: frozenset[Path] = frozenset()

    def recording(self, recording: Recording) -> dict[str, Normal]:
        found: dict[str, Normal] = {}
        if recording.test_id is not None:
            found["test_id"] = recording.test_id
        interactions: list[Normal] = [self.interaction(interaction) for interaction in recording.interactions]
        found["interactions"] = interactions
        extra: dict[str, Normal] = {}
        for key, value in sorted(recording.top.items()):
            if key == "test_id" and isinstance(value, str):
                continue
            if key == "id_normalization_mapping" and self.rules.is_on(RECORDER_MAPPING):
                continue
            kept = self.value(value, ("extra", key), EVERYWHERE)
            if not isinstance(kept, _Absent):
                extra[key] = kept
        if extra:
            found["extra"] = extra
        return found

    def interaction(self, interaction: Interaction) -> dict[str, Normal]:
        view = interaction_view(interaction)
        request, response = view["request"], view["response"]
        assert isinstance(request, dict) and isinstance(response, dict)
        self.kept = kept_ids(interaction.request, response.get("body"))
        asked: dict[str, Normal] = {}
        for key, value in sorted(request.items()):
            if key not in interaction.request.at:  # a view's own word for what another key says
                continue
            reach = ONLY_OWN if key == "body" and "tool_name" in request else EVERYWHERE
            self._put(asked, key, value, ("request", key), reach)
        answered: dict[str, Normal] = {}
        for key, value in sorted(response.items()):
            if key in _NOT_COMPARED:
                continue
            reach = ONLY_OWN if key == "error" else NO_DEFAULTS if key == "status" else EVERYWHERE
            if value is not None or key not in ("error", "status", "body", "reply"):
                self._put(answered, key, value, ("response", key), reach)
        for place, flag in interaction.response.frame.items():
            if place.endswith("/is_streaming") and not (flag is None or isinstance(flag, bool)):
                answered["is_streaming"] = Mark(f"flag {canonical(flag).decode('utf-8', 'replace')}")
        return {"request": asked, "response": answered}

    def _put(self, into: dict[str, Normal], key: str, value: Json, path: Path, reach: Reach) -> None:
        kept = self.value(value, path, reach)
        if not isinstance(kept, _Absent):
            into[key] = kept

    def value(self, value: Json, path: Path, reach: Reach) -> Normal | _Absent:
        """A value without its noise, or nothing where all of it is."""
        if (is_in_arguments(path) and path[-1] != "arguments") or path in self.kept:
            reach = ONLY_OWN
        if _is_reply_arguments(path):
            reach = ONLY_OWN
            if value is None:
                return _ABSENT
        elif reach.empties and isinstance(path[-1], str) and is_empty(value):
            return _ABSENT
        rule = self.rules.hiding(path, value, value, reach)
        if rule is not None:
            return _ABSENT if rule.action != "tolerance" else _rounded(value)
        if reach is not ONLY_OWN:
            vector = as_vector(value, path)
            if vector is not None:
                return _vector_mark(vector)
        if isinstance(value, dict):
            inside: dict[str, Normal] = {}
            for key, item in sorted(value.items()):
                self._put(inside, key, item, (*path, key), reach)
            # A reply's `extra` is our own container; only what is in it was recorded.
            return inside if inside or path[-1] != "extra" or path[:2] != ("response", "reply") else _ABSENT
        if isinstance(value, list):
            kept = (self.value(item, (*path, index), reach) for index, item in enumerate(value))
            return [Mark("noise") if isinstance(item, _Absent) else item for item in kept]
        return self._text(value, path, reach) if isinstance(value, str) else value

    def _text(self, text: str, path: Path, reach: Reach) -> Normal:
        if reach is EVERYWHERE and text and is_id_place(path):
            return Mark(f"id {self.ids.setdefault(text, len(self.ids) + 1)}")
        if reach is EVERYWHERE and (link := unsigned(text)) is not None:
            return Mark(f"signed {link}")
        in_body = path[:2] == ("response", "body")
        if reach is not IN_JSON_TEXT and (in_body or path[-1] == "arguments"):
            parsed = embedded(text)
            if parsed is not None:
                kept = self.value(parsed, path, IN_JSON_TEXT if in_body else ONLY_OWN)
                return JsonText({} if isinstance(kept, _Absent) else kept)
        return text


def _is_reply_arguments(path: Path) -> bool:
    """Whether a path is of what a reply calls a tool with: no arguments at all and none in an object are two things."""
    return path[:2] == ("response", "reply") and path[-1] == "arguments"


def _rounded(value: Json) -> Normal:
    if isinstance(value, (int, float)):
        return round(float(value), _DIGITS) + 0.0
    return Mark("noise")


def _vector_mark(vector: list[float]) -> Mark:
    """A vector in short: its dimension, its first numbers, and a digest of all of them, rounded.

    Rounded so finely that two vectors of one digest are within both tolerances, whatever their dimension and length.
    """
    numbers: list[Json] = list(vector)
    with suppress(OverflowError, ValueError):  # an integer that no float can hold
        digits = _digits_of(vector)
        numbers = [round(float(number), digits) + 0.0 for number in vector]
    import hashlib  # 4 ms, for vectors alone

    digest = hashlib.sha256(canonical(numbers)).hexdigest()[:12]
    first = " ".join(f"{float(number):.2f}" for number in vector[:4])
    return Mark(f"vector of {len(vector)}: {first} … {digest}")


def _digits_of(vector: list[float]) -> int:
    length = sqrt(sum([float(number) ** 2 for number in vector]))
    if not length:
        return _DIGITS
    room = _ANGLE * 10.0 ** floor(log10(length))  # a power of ten, so that noise in the length changes nothing
    return max(_DIGITS, ceil(log10(sqrt(len(vector)) / room)))
