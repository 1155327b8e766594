"""Ids that providers draw anew: where they stand, and whether a test renamed them one to one.

A test's recordings name a tool call in one reply and answer it in the next request. If every old id became one new id,
and back, over all recordings of the test that differ, the new names mean nothing. Otherwise each of them is a change.
Ids inside text or arguments are text, and never looked at here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from recdiff.jsonvalue import Json, canonical, leaves, same
from recdiff.model import Change, HiddenLeaf, Request

Path = tuple[str | int, ...]

REFERENCES = frozenset(("tool_call_id", "call_id", "tool_use_id", "item_id", "message_id", "previous_response_id"))
"""Keys that name a call, message or item of an earlier reply."""

ID_OWNERS = frozenset(
    (
        "messages", "tool_calls", "content", "contents", "parts", "input", "output", "outputs", "items",
        "function_call", "functionCall", "function_response", "functionResponse",
    )
)  # fmt: skip
"""Lists (and part objects) whose entries have an `id` of their own."""

_ARGUMENTS = frozenset(("arguments", "args", "kwargs"))

_OF_RESPONSE = ("id", "response_id", "request_id")
"""Keys of a body that are names of the response itself, and drawn for it, unless the request said them first."""

RESPONSE_IDS: frozenset[Path] = frozenset(
    (*part, key)
    for part in (("response", "body"), ("response", "reply", "extra"))
    for key in (*_OF_RESPONSE, "responseId")
)
"""Where a response is named: a later request may refer to it."""

_BETWEEN_STEPS = re.compile(r"[/?&=#]+")


class IdSighting(NamedTuple):
    """One place where an id stands on both sides. `change` is shown if the id was not renamed consistently."""

    old: str
    new: str
    change: Change | None = None
    leaves: tuple[int, int] = (0, 0)
    trail: tuple[HiddenLeaf, ...] = ()


def is_id_place(path: Path) -> bool:
    """Whether the value at a path of a request or response is such an id."""
    last = path[-1]
    if (last != "id" and last not in REFERENCES) or is_in_arguments(path):
        return False
    if last in REFERENCES:
        return True
    if len(path) < 3:
        return False
    owner = path[-3] if isinstance(path[-2], int) else path[-2]
    return owner in ID_OWNERS


def is_in_arguments(path: Path) -> bool:
    """Whether a path lies in the arguments of a tool, which say what they say: no rule of recdiff's own acts there."""
    if not _ARGUMENTS.isdisjoint(path):
        return True
    # the arguments of Anthropic's tool_use; `input` directly in a request's body is the whole conversation
    return "input" in path[3:]


def ids_in(value: Json, path: Path) -> Iterator[str]:
    """Every such id below a path, in document order."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                if (key == "id" or key in REFERENCES) and item and is_id_place((*path, key)):
                    yield item
            elif isinstance(item, (dict, list)):
                yield from ids_in(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, (dict, list)):
                yield from ids_in(item, (*path, index))


def consistent(sightings: Iterable[IdSighting]) -> set[tuple[str, str]]:
    """The (old, new) pairs among all sightings of one test that are one to one, both ways."""
    forward: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for sighting in sightings:
        forward[sighting.old].add(sighting.new)
        back[sighting.new].add(sighting.old)
    return {(old, new) for old, news in forward.items() if len(news) == 1 for new in news if len(back[new]) == 1}


def kept_ids(request: Request, body: Json) -> frozenset[Path]:
    """Places of ids in one side's body that name what was asked for, so that no server drew them for the response.

    A model's id is such a name; so is every id that the request says, in its url, its endpoint or its body.
    """
    if not isinstance(body, dict):
        return frozenset()
    is_model = body.get("object") == "model" or body.get("type") == "model"
    return frozenset(
        ("response", "body", key)
        for key in _OF_RESPONSE
        if key in body and ((is_model and key == "id") or _says(request, body[key]))
    )


def _says(request: Request, name: Json) -> bool:
    """Whether a request names something, as a step of its url or as a value of its own."""
    if isinstance(name, bool) or not isinstance(name, (str, int)) or name == "":
        return False
    from urllib.parse import unquote  # 3 ms, for responses without a protocol alone

    view = request.view
    for place in ("url", "endpoint"):
        if str(name) in _BETWEEN_STEPS.split(unquote(str(view.get(place) or ""))):
            return True
    body = view.get("body")
    if isinstance(name, str):
        return canonical(name) in canonical(body)  # with its quotes on, so that no longer text holds it
    return any(same(said, name) for _, said in leaves(body))
