"""Ids that providers draw anew: where they stand, and whether a test renamed them one to one.

A test's recordings name a tool call in one reply and answer it in the next request. If every old id became one new id,
and back, over all recordings of the test that differ, the new names mean nothing. Otherwise each of them is a change.
Ids inside text or arguments are text, and never looked at here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from recdiff.jsonvalue import Json
from recdiff.model import Change, HiddenLeaf

Path = tuple[str | int, ...]

REFERENCES = frozenset(("tool_call_id", "call_id", "tool_use_id", "item_id", "message_id", "previous_response_id"))
"""Keys that name a call, message or item of an earlier reply."""

_OWNERS = frozenset(
    (
        "messages", "tool_calls", "content", "contents", "parts", "input", "output", "outputs", "items",
        "function_call", "functionCall", "function_response", "functionResponse",
    )
)  # fmt: skip
"""Lists (and part objects) whose entries have an `id` of their own."""

_ARGUMENTS = frozenset(("arguments", "args", "kwargs"))


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
    return owner in _OWNERS


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
