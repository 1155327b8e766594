"""What files, recordings and places of changes are called, wherever a person reads of them. Nothing is visible yet."""

from __future__ import annotations

from typing import NamedTuple

from recdiff.jsonvalue import unescape
from recdiff.model import Change, FileReview, Group

_OBVIOUS = {"text": "text", "finish": "finish_reason", "model": "model", "error": "error"}
_LONGEST_STEM = 24
"""Letters of a file's name beyond which it is a hash, or as good as one."""


def short_name(path: str) -> str:
    """A file's name without its folders, a long hash cut in its middle."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:12]}…{stem[-8:]}.{ending}" if dot and len(stem) > _LONGEST_STEM else name


def about(entry: FileReview) -> str:
    """The endpoint, or what was called, and the model."""
    called = entry.about or (entry.synopsis.endpoint.removeprefix("/v1/") if entry.synopsis else "")
    model = entry.model or (entry.synopsis.model if entry.synopsis else "")
    return " · ".join(filter(None, (called, model)))


def label_of(change: Change) -> str:
    """The label of a change, less the choice where that is the first, of which there is mostly one."""
    return change.label.removeprefix("choices[0].")


def place_of(change: Change) -> str:
    """The label of a change, less what its class says already."""
    words = label_of(change)
    if change.change_class == "tool" and words.startswith("tool_calls["):
        named = words.removeprefix("tool_calls[").replace("]", "", 1).replace(".arguments.", ".")
        return "" if named.isdigit() else named
    if change.change_class == "usage":
        return words.removeprefix("usage.")
    return "" if words == _OBVIOUS.get(change.change_class) else words


def is_obvious(place: str, change_class: str) -> bool:
    """Whether a group's place is what its class says already."""
    obvious = _OBVIOUS.get(change_class)
    return place in (obvious, f"choices[].{obvious}")


def title_of(group: Group) -> str:
    """What a group of equal changes is known by, less the place where its class says that already."""
    return group.title.removeprefix(f"{group.place}: ") if is_obvious(group.place, group.change_class) else group.title


def asked(entry: FileReview) -> str:
    """What was asked, in one line; nothing where nobody knows."""
    return " ".join((entry.synopsis.asked if entry.synopsis else entry.asked).split())


class ListItem(NamedTuple):
    """A named item of a list that came or went: the pattern and the label of its list, and its name."""

    of: str
    place: str
    name: str


def item_of(change: Change) -> ListItem | None:
    """The item of a list of data that came or went; None for any other change."""
    of, _, last = change.pattern.rpartition("/")
    if change.kind not in ("added", "removed") or change.change_class != "data" or not last.startswith("["):
        return None
    name = unescape(last[1:-1])
    label = label_of(change)
    place = label.removesuffix(f"[{name}]")
    return ListItem(of, label.rpartition("[")[0] if place == label else place, name)
