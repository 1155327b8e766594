"""Selectors: patterns over the paths of a recording, such as `response.**.score`. Parse, match, index.

    request.body.model          keys, joined by dots; the first step is `request`, `response` or `**`
    response.*.seed             `*`: any one key or position
    choices[*].text             `[*]` or `[]`: any one position; `[3]`: that position
    response.**.score           `**`: any number of steps, also none
    usage.*_duration            `*` inside a key: any characters of that key
    headers."a.b"               a quoted key stands for itself, `*` included; so does `headers['a.b']`;
                                inside the quotes, a backslash escapes a quote or itself

A selector names whole paths: `response.error` is that place, `response.error.**` also all below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, NamedTuple, TypeAlias, TypeVar

Path: TypeAlias = tuple[str | int, ...]
T = TypeVar("T")

FIRST_STEPS = ("request", "response")
"""What a path starts with, and a selector that does not start with `**`."""

_BARE = re.compile(r"[^.\[\]\"'\\?{}\s]+")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\[\"'\\])*)\"|'((?:[^'\\]|\\[\"'\\])*)'", re.DOTALL)
_POSITION = re.compile(r"\[([0-9]{1,9})\]")
_WELL_ESCAPED = re.compile(r"(?:[^\\]|\\[\"'\\])*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Wildcard(Enum):
    """The steps that name no key and no position."""

    ANY = "*"
    ANY_INDEX = "[*]"
    DEEP = "**"


class Glob(NamedTuple):
    """A key with `*` in it, cut at its stars: `*_duration` is `("", "_duration")`."""

    pieces: tuple[str, ...]

    def matches(self, key: str) -> bool:
        """Whether the key has all pieces in their order; linear, whatever a recorded key holds."""
        head, *middle, tail = self.pieces
        if len(key) < len(head) + len(tail) or not key.startswith(head) or not key.endswith(tail):
            return False
        at, end = len(head), len(key) - len(tail)
        for piece in middle:
            found = key.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True


Step: TypeAlias = str | int | Wildcard | Glob
"""A literal key is a `str`, a position an `int`."""


class SelectorError(ValueError):
    """A selector that cannot be parsed; `position` counts characters from 0, the message columns from 1."""

    def __init__(self, text: str, position: int, problem: str) -> None:
        super().__init__(f"selector {text!r}, column {position + 1}: {problem}")
        self.text = text
        self.position = position
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Selector:
    """A parsed selector: `text` as written, `steps` in order."""

    text: str
    steps: tuple[Step, ...]
    _runs: tuple[tuple[Step, ...], ...] = field(init=False, repr=False, compare=False)
    """The steps between the `**`s: the first run is held to a path's start, the last one to its end."""

    def __post_init__(self) -> None:
        runs: list[list[Step]] = [[]]
        for step in self.steps:
            if step is Wildcard.DEEP:
                runs.append([])
            else:
                runs[-1].append(step)
        object.__setattr__(self, "_runs", tuple(map(tuple, runs)))

    def matches(self, path: Path) -> bool:
        """Whether the selector names exactly this path."""
        runs, length = self._runs, len(path)
        head = runs[0]
        if len(runs) == 1:
            return length == len(head) and _fits(head, path, 0)
        tail = runs[-1]
        at, end = len(head), length - len(tail)
        if at > end or not _fits(tail, path, end) or not _fits(head, path, 0):
            return False
        for run in runs[1:-1]:
            # The earliest fit leaves the most room for the runs after it, so there is nothing to go back to.
            while at + len(run) <= end and not _fits(run, path, at):
                at += 1
            at += len(run)
            if at > end:
                return False
        return True


def _fits(run: tuple[Step, ...], path: Path, at: int) -> bool:
    for step in run:
        part = path[at]
        at += 1
        if isinstance(step, Wildcard):
            if step is Wildcard.ANY_INDEX and not isinstance(part, int):
                return False
        elif isinstance(step, Glob):
            if not isinstance(part, str) or not step.matches(part):
                return False
        elif step != part:
            return False
    return True


class SelectorIndex(Generic[T]):
    """Which of many selectors match a path, found by the path's last key instead of by trying all of them.

    A path's last key is known whatever positions follow it, so `**.embedding[*]` is found by `embedding` too.
    Selectors without such a key (`response.*`, `**.x-*`, `response.error.**`) are tried for every path that
    has the keys they need.
    """

    __slots__ = ("_by_key", "_needed", "_others")

    def __init__(self, entries: Iterable[tuple[Selector, T]]) -> None:
        known = [(last_key(selector), _needed_key(selector), selector, payload) for selector, payload in entries]
        self._others = tuple(entry[1:] for entry in known if entry[0] is None)
        self._needed = frozenset(needed for needed, _, _ in self._others)
        # Each list is made whole here, so that a lookup finds the order of definition without sorting.
        self._by_key = {
            key: tuple(entry[1:] for entry in known if entry[0] is None or entry[0] == key)
            for key in {entry[0] for entry in known if entry[0] is not None}
        }

    def find(self, path: Path) -> tuple[T, ...]:
        """The payloads whose selectors match, in the order of their definition."""
        at = len(path) - 1
        while at > 0 and isinstance(path[at], int):
            at -= 1
        entries = self._by_key.get(path[at]) if path else None  # type: ignore[arg-type]  # no position is in it
        if entries is None:
            if None not in self._needed and self._needed.isdisjoint(path):
                return ()
            entries = self._others
        return tuple(
            payload
            for needed, selector, payload in entries
            if (needed is None or needed in path) and selector.matches(path)
        )


def last_key(selector: Selector) -> str | None:
    """The literal key that every matching path has as its last key; None where wildcards leave it open."""
    for step in reversed(selector.steps):
        if isinstance(step, str):
            return step
        if step is not Wildcard.ANY_INDEX and not isinstance(step, int):
            return None
    return None


def _needed_key(selector: Selector) -> str | None:
    """A key that stands in every matching path, the last one written: it tells the most paths apart."""
    return next((step for step in reversed(selector.steps) if isinstance(step, str)), None)


def parse_selector(text: str) -> Selector:
    """Parse a selector. Raises SelectorError, which says where and what would be right."""
    if not text:
        raise SelectorError(text, 0, "the selector is empty")
    steps: list[Step] = []
    at = 0
    while True:
        step, at = _step(text, at, first=not steps)
        if step is not Wildcard.DEEP or steps[-1:] != [step]:  # `**.**` says no more than `**`
            steps.append(step)
        if len(steps) == 1:
            _check_first(text, step)
        if at == len(text):
            return Selector(text, tuple(steps))
        if text[at] == ".":
            at += 1
            if at == len(text):
                raise SelectorError(text, at - 1, "the selector ends with a dot")
        elif text[at] != "[":
            raise SelectorError(text, at, f"expected '.' or '[' before {text[at]!r}")


def _step(text: str, at: int, *, first: bool) -> tuple[Step, int]:
    """One step and where it ends; `text[at]` exists."""
    start = text[at]
    if start == "[":
        if not first and text[at - 1] == ".":
            raise SelectorError(text, at, "an empty step: write '[' without the dot before it")
        return _bracket(text, at)
    if start in "\"'":
        return _quoted(text, at)
    bare = _BARE.match(text, at)
    if bare is None:
        if start == ".":
            raise SelectorError(text, at, "an empty step: a dot stands between two keys")
        raise SelectorError(text, at, f"{start!r} cannot stand in a bare key; {_hint(start)}")
    end = bare.end()
    if end < len(text) and text[end] not in ".[":
        raise SelectorError(text, end, f"{text[end]!r} cannot stand in a bare key; {_hint(text[end])}")
    return _bare(text, at, bare.group()), end


def _hint(character: str) -> str:
    if character == "?":
        return "the only wildcards are '*' and '**'"
    return "a ']' needs its '['" if character == "]" else "put the key into quotes"


def _bare(text: str, at: int, key: str) -> Step:
    if key == "*":
        return Wildcard.ANY
    if key == "**":
        return Wildcard.DEEP
    if "**" in key:
        what = "at most two stars are a step" if not key.strip("*") else "'**' is a step of its own"
        raise SelectorError(text, at + key.index("**"), f"{what}: '**' is any number of steps, '*' any one")
    if "*" in key:
        return Glob(tuple(key.split("*")))
    if key.isascii() and key.isdecimal():
        # As a key it would match no list, which is what whoever writes it means most of the time.
        raise SelectorError(text, at, f"a number: write '[{key}]' for a position, '\"{key}\"' for a key")
    return key


def _quoted(text: str, at: int) -> tuple[str, int]:
    found = _QUOTED.match(text, at)
    if found is None:
        end = _WELL_ESCAPED.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty text too
        if end < len(text):
            raise SelectorError(text, end, r"inside quotes, '\' escapes a quote or itself: write '\\' for one")
        raise SelectorError(text, at, f"the quote {text[at]} is not closed")
    key = found[1] if found[1] is not None else found[2]
    return _ESCAPED.sub(r"\1", key), found.end()


def _bracket(text: str, at: int) -> tuple[Step, int]:
    for any_index in ("[]", "[*]"):
        if text.startswith(any_index, at):
            return Wildcard.ANY_INDEX, at + len(any_index)
    position = _POSITION.match(text, at)
    if position:
        return int(position[1]), position.end()
    if text[at + 1 : at + 2] in ("'", '"'):
        key, end = _quoted(text, at + 1)
        if text[end : end + 1] != "]":
            raise SelectorError(text, at, "the bracket '[' is not closed")
        return key, end + 1
    inside, closed, _ = text[at + 1 :].partition("]")
    if not closed:
        raise SelectorError(text, at, "the bracket '[' is not closed")
    if re.fullmatch(r"[-+]?[0-9]+", inside):
        raise SelectorError(text, at + 1, f"no such position: {inside}; positions count from 0, like '[3]'")
    raise SelectorError(text, at + 1, "a bracket holds a position, '*' or a quoted key: [3], [*], ['a.b']")


def _check_first(text: str, step: Step) -> None:
    if step is Wildcard.DEEP or step in FIRST_STEPS:
        return
    known = "a selector starts with 'request', 'response' or '**'"
    if isinstance(step, str):
        import difflib  # only a mistake needs it

        near = difflib.get_close_matches(step.lower(), FIRST_STEPS, n=1)
        if near:
            raise SelectorError(text, 0, f"{known}; did you mean {near[0]!r}?")
    raise SelectorError(text, 0, f"{known} (which finds a key anywhere: '**.score')")
