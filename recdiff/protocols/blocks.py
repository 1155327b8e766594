"""Blocks: a choice that answers in parts (text, thought, tool call, code), each part known by its index.

The texts of all parts are one text in the reply, joined in the order of the parts, whatever order a stream sent them
in. What that text no longer tells, which part stands between which, is kept as runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Literal, TypeAlias

from recdiff.jsonvalue import Json
from recdiff.protocols.slots import Cell, Collapsed, Path, Run

Spoken: TypeAlias = Literal["text", "reasoning"]
"""The parts of a reply that blocks say piece by piece."""

CALL = "tool_calls"
"""The kind of a block that calls a tool."""


class _Block:
    """One part: its kind where it was announced, and what it says, each piece with its place."""

    __slots__ = ("kind", "pieces")

    def __init__(self) -> None:
        self.kind: str | None = None
        self.pieces: dict[Spoken, list[Cell]] = {}


class Blocks:
    """The parts of one choice. `settle` puts them into the reply once all are there."""

    def __init__(self, found: Collapsed, here: Path) -> None:
        self._found = found
        self._here = here
        self._blocks: dict[int, _Block] = {}

    def __len__(self) -> int:
        return len(self._blocks)

    def kind(self, number: int) -> str | None:
        """What a block was announced as; None where it was not."""
        block = self._blocks.get(number)
        return block.kind if block else None

    def begin(self, number: int, kind: str | None) -> None:
        """Announce a block: `text`, `reasoning`, `tool_calls`, or the type of other content."""
        self._block(number).kind = kind

    def say(self, number: int, part: Spoken, value: Json, place: str) -> None:
        """Take a piece of what a block says."""
        self._found.slot((*self._here, part), "join")  # parts keep the order in which they first came
        self._block(number).pieces.setdefault(part, []).append((value, place))

    def _block(self, number: int) -> _Block:
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = _Block()
        return block

    def settle(self) -> None:
        """Join the texts in the order of the blocks, and note which kinds of blocks follow each other."""
        for _, block in sorted(self._blocks.items()):
            for part, pieces in block.pieces.items():
                values, places = [value for value, _ in pieces], [place for _, place in pieces]
                self._found.slot((*self._here, part), "join").take(values, places, "")
        runs = _merged(run for _, block in sorted(self._blocks.items()) for run in _runs_of(block))
        if runs:
            self._found.runs[self._here] = runs


def _runs_of(block: _Block) -> Iterator[Run]:
    """A block as runs; one that was announced as a thought is there even where the thought is sealed."""
    lengths = {part: sum(map(_length, pieces)) for part, pieces in block.pieces.items()}
    if block.kind == "reasoning":
        lengths.setdefault("reasoning", 0)
    elif block.kind is not None and block.kind != "text":
        yield Run(block.kind, 1)
    for part, length in lengths.items():
        if length or block.kind == part == "reasoning":
            yield Run(part, length)


def _length(piece: Cell) -> int:
    value = piece[0]
    return len(value) if isinstance(value, str) else value is not None


def _merged(runs: Iterator[Run]) -> list[Run]:
    return [
        Run(kind, sum(run.extent for run in neighbours)) for kind, neighbours in groupby(runs, key=attrgetter("kind"))
    ]


def spelled(runs: Sequence[Run]) -> list[Json] | None:
    """Runs as slices of what the reply joins: `text[0:12]`, `tool_calls[0]`, `text[12:17]`.

    None where there is nothing to tell: a single run says no more than the reply itself, unless it is a sealed thought.
    """
    if len(runs) < 2 and all(run.extent for run in runs):
        return None
    found: list[Json] = []
    passed: dict[str, int] = {}
    for kind, extent in runs:
        start = passed.get(kind, 0)
        end = passed[kind] = start + extent
        if kind not in ("text", "reasoning") and extent == 1:
            found.append(f"{kind}[{start}]")
        else:
            found.append(f"{kind}[{start}:{end}]")
    return found
