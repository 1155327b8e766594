"""Slots: where the pieces of a streamed (or single) response come together, each piece with its place in the file.

A protocol walks events and puts every leaf into a slot. A slot knows how its pieces make one value. The reply is
built from slots, and two responses are compared slot by slot, so that a text cut elsewhere is still the same text
and every leaf of the file keeps an account.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from recdiff.errors import UnreadableError
from recdiff.jsonvalue import Json, canonical, is_empty, loads, token_of
from recdiff.wire.sse import DONE

Path: TypeAlias = tuple[str | int, ...]

Cell: TypeAlias = tuple[Json, str]
"""A value of the parsed file and its JSON pointer there."""

Combine: TypeAlias = Literal[
    "join", "value", "last", "merge", "extend", "items", "each", "arguments", "name", "id", "shell"
]
"""How pieces make a value:

join       text fragments, in order
value      one value, however often it is repeated; several distinct ones make a list
last       the latest that is not empty (running totals)
merge      objects, later keys over earlier ones
extend     lists, one after the other
items      items, alone or several in a list, one after the other
each       values of their own, in order, also where two are equal
arguments  fragments of JSON text, or the parsed object itself
name       fragments, or the whole name repeated
id         a name that the provider made up for this recording; compared over the whole test
shell      the wire's own frame (`object`, `index`, an empty list of choices); no part of the reply
"""


class Slot:
    """The pieces of one part of a reply, in order, each with its place in the file.

    `echoes` are pieces that say the same once more (Together's doubled `text`): accounted with the slot, not read.
    """

    __slots__ = ("_runs", "combine", "echoes", "values")

    def __init__(self, combine: Combine) -> None:
        self.combine = combine
        self.values: list[Json] = []
        self.echoes: list[Cell] = []
        self._runs: list[tuple[Sequence[str], str]] = []

    def take(self, values: Sequence[Json], ats: Sequence[str], below: str) -> None:
        """Add one piece for each value; `ats[i] + below` is the JSON pointer of `values[i]`."""
        self.values.extend(values)
        self._runs.append((ats, below))

    @property
    def places(self) -> list[str]:
        """The JSON pointer of each piece; spelled out only here, since most pieces are never asked for theirs."""
        return [at + below for ats, below in self._runs for at in ats]

    def value(self) -> Json:
        """What the pieces make together; None where all of them are empty."""
        return _COMBINERS[self.combine](self.values)

    def cells(self) -> Iterator[Cell]:
        """Every piece with its place, echoes last."""
        yield from zip(self.values, self.places, strict=True)
        yield from self.echoes


class Run(NamedTuple):
    """Neighbouring blocks of one kind: how many characters of text they say, or how many blocks they are."""

    kind: str
    extent: int


ENDED_BY: Path = ("extra", "ended_by")
"""What a stream says at its end, where its protocol has a word for it; one that broke off does not."""


class Collapsed:
    """The slots of one response, by their path in the reply: `("choices", 0, "text")`.

    `runs` holds, for each choice of a protocol that answers in blocks, which kinds of blocks follow each other.
    """

    __slots__ = ("runs", "slots")

    def __init__(self) -> None:
        self.slots: dict[Path, Slot] = {}
        self.runs: dict[Path, list[Run]] = {}

    def slot(self, path: Path, combine: Combine) -> Slot:
        """The slot at `path`, which is made with `combine` where it is new."""
        found = self.slots.get(path)
        if found is None:
            found = self.slots[path] = Slot(combine)
        return found

    def add(self, path: Path, combine: Combine, value: Json, place: str) -> None:
        """Put one piece into the slot at `path`."""
        self.slot(path, combine).take((value,), (place,), "")

    def stray(self, payload: Json, place: str) -> None:
        """Take a payload that is no object: the end of a stream, or what no protocol says."""
        if payload == DONE:
            self.add(ENDED_BY, "last", payload, place)
        else:
            self.add(("extra", "event"), "value", payload, place)

    def forget_end(self) -> None:
        """Make the end of the stream part of its frame: only a stream of the same form has one too."""
        end = self.slots.pop(ENDED_BY, None)
        if end is not None:
            end.combine = "shell"
            self.slots["shell", ENDED_BY[-1]] = end

    def frame(
        self,
        here: Path,
        key: str,
        values: Sequence[Json],
        ats: Sequence[str],
        below: str,
        known: Collection[str] = (),
        kind: type | None = None,
    ) -> None:
        """Take values of the wire's own frame: words that are `known`, those of one type, or empty ones.

        Any other is extra content, so that a role or a type never seen before is compared.
        """
        if all(_is_frame(value, known, kind) for value in once(values)):
            self.slot((*here, "shell", key), "shell").take(values, ats, below)
        else:
            self.slot((*here, "extra", key), "value").take(values, ats, below)

    def echo(self, of: Path, path: Path) -> bool:
        """Fold the slot at `path` into the one at `of` where it says the same or nothing; else leave it."""
        doubled, original = self.slots.get(path), self.slots.get(of)
        if doubled is None or original is None:
            return False
        value = doubled.value()
        if value not in (None, "") and value != original.value():
            return False
        original.echoes.extend(doubled.cells())
        del self.slots[path]
        return True

    def move(self, path: Path, to: Path) -> None:
        """Give a slot another path."""
        if path in self.slots and to not in self.slots:
            self.slots[to] = self.slots.pop(path)


_STRINGS = {str, type(None)}
KEPT_APART = {str, int, type(None)}
"""Types of which no two values are equal unless they are the same JSON (1, 1.0 and true are equal in Python)."""


def _is_frame(value: Json, known: Collection[str], kind: type | None) -> bool:
    if isinstance(value, str) and value:
        return value in known
    return type(value) is kind or value is None or value == "" or value == [] or value == {}


def parse_arguments(text: str) -> Json:
    """Tool arguments as JSON, or the string as recorded where it is none (or none that can be read exactly)."""
    try:
        return loads(text.encode("utf-8"))
    except (UnreadableError, UnicodeEncodeError):
        return text


def once(values: Sequence[Json]) -> Sequence[Json]:
    """The values without repeated scalars, in order; a stream repeats most of its values in every chunk."""
    if {*map(type, values)} <= KEPT_APART:
        return list(dict.fromkeys(values))
    return values


def distinct(values: list[Json]) -> list[Json]:
    """The values that are not empty, each once, in order of appearance."""
    found: list[Json] = []
    seen: set[bytes | str] = set()
    for value in once(values):
        if value is None or value == "":
            continue
        token = value if isinstance(value, str) else token_of(value)
        if token not in seen:
            seen.add(token)
            if not is_empty(value):
                found.append(value)
    return found


def _join(values: list[Json]) -> Json:
    if {*map(type, values)} <= _STRINGS:
        fragments = [value for value in values if isinstance(value, str)]
        return "".join(fragments) if fragments else None
    return _beside_other_content(values)


def _beside_other_content(values: list[Json]) -> Json:
    """Text beside content that is no text (Mistral's thinking parts): both in order, neighbouring text joined."""
    found: list[Json] = []
    for value in values:
        if isinstance(value, str) and found and isinstance(found[-1], str):
            found[-1] += value
        elif value is not None:
            found.append(value)
    return found[0] if len(found) == 1 else found


def _value(values: list[Json]) -> Json:
    found = without_repeats(values)
    if not found:
        return next((value for value in values if value is not None), None)
    return found[0] if len(found) == 1 else found


def without_repeats(values: list[Json]) -> list[Json]:
    """The values that are not empty, each once for as long as it is repeated: they may be a text that nobody knows."""
    if {*map(type, values)} <= KEPT_APART:
        if values and values.count(values[0]) == len(values):  # most of what a stream repeats
            return values[:1] if values[0] is not None and values[0] != "" else []
        said = [value for value in values if value is not None and value != ""]
        return [value for value, before in zip(said, [None, *said], strict=False) if value != before]
    found: list[Json] = []
    before: bytes | str = b""
    for value in values:
        token = value if isinstance(value, str) else canonical(value)
        if token != before and not is_empty(value):
            found.append(value)
            before = token
    return found


def _last(values: list[Json]) -> Json:
    return next((value for value in reversed(values) if not is_empty(value)), None)


def _merge(values: list[Json]) -> Json:
    if any(not (value is None or isinstance(value, dict)) for value in values):
        return _value(values)
    merged: dict[str, Json] = {}
    for value in values:
        if isinstance(value, dict):
            merged.update((key, item) for key, item in value.items() if item is not None or key not in merged)
    return merged or None


def _extend(values: list[Json]) -> Json:
    if any(not (value is None or isinstance(value, list)) for value in values):
        return _value(values)
    return [item for value in values if isinstance(value, list) for item in value] or None


def _items(values: list[Json]) -> Json:
    found: list[Json] = []
    for value in values:
        found.extend(value if isinstance(value, list) else () if value is None else (value,))
    return found or None


def _each(values: list[Json]) -> Json:
    found = [value for value in values if not is_empty(value)]
    return found[0] if len(found) == 1 else found or next((value for value in values if value is not None), None)


def _arguments(values: list[Json]) -> Json:
    text = "".join(value for value in values if isinstance(value, str))
    whole = _whole_arguments([value for value in values if value is not None and not isinstance(value, str)])
    if text and whole in ([], [{}]):  # a streamed call begins with `{}`, which is the stream's frame
        return parse_arguments(text)
    if text:  # both kinds at once: none of them is lost
        return [*whole, parse_arguments(text)]
    if whole:
        return whole[0] if len(whole) == 1 else whole
    return next((value for value in values if value is not None), None)


def _whole_arguments(values: list[Json]) -> list[Json]:
    """Parsed arguments, each once; a bare `{}` only where there are no others. Empty values in them have names."""
    found = {token_of(value): value for value in values}
    if len(found) > 1:
        found.pop(b"{}", None)
    return list(found.values())


def _name(values: list[Json]) -> Json:
    found = distinct(values)
    if len(found) > 1 and all(isinstance(value, str) for value in found):
        return "".join(value for value in values if isinstance(value, str))
    return _value(values)


_COMBINERS = {
    "join": _join,
    "value": _value,
    "last": _last,
    "merge": _merge,
    "extend": _extend,
    "items": _items,
    "each": _each,
    "arguments": _arguments,
    "name": _name,
    "id": _value,
    "shell": _value,
}
