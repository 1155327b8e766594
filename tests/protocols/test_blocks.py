"""Blocks of one choice: their texts in the order of the blocks, and which kinds follow each other."""

from __future__ import annotations

from typing import Any

import pytest

from recdiff.protocols.blocks import CALL, Blocks, spelled
from recdiff.protocols.slots import Collapsed, Path, Run

HERE: Path = ("choices", 0)


def settled(*steps: tuple[Any, ...]) -> Collapsed:
    """A choice of these steps: (number, kind) begins a block, (number, part, piece) is a piece of one."""
    found = Collapsed()
    blocks = Blocks(found, HERE)
    for place, step in enumerate(steps):
        if len(step) == 2:
            blocks.begin(*step)
        else:
            blocks.say(*step, f"/{place}")
    blocks.settle()
    return found


def test_texts_come_in_the_order_of_their_blocks() -> None:
    found = settled((1, "text", "b"), (0, "text", "a"), (1, "text", "c"))
    assert list(found.slots[*HERE, "text"].cells()) == [("a", "/1"), ("b", "/0"), ("c", "/2")]
    assert found.runs == {HERE: [Run("text", 3)]}


@pytest.mark.parametrize(
    ("steps", "runs"),
    [
        ([], None),
        ([(0, "text"), (0, "text", "")], None),
        ([(0, "text"), (0, "text", "ab"), (1, CALL), (2, CALL), (3, "text", "c")], "text 2 tool_calls 2 text 1"),
        ([(0, "text", "a"), (1, "text", ""), (2, "text", "b")], "text 2"),
        ([(0, "text", "a"), (1, "code"), (2, "text", "")], "text 1 code 1"),
        ([(0, "reasoning"), (1, "text", "a")], "reasoning 0 text 1"),
        ([(0, "reasoning"), (1, "reasoning"), (1, "reasoning", "hm")], "reasoning 2"),
        ([(0, "reasoning", ""), (1, "text", "a")], "text 1"),
        ([(0, "text", {"a": 1}), (1, CALL), (2, "text", None)], "text 1 tool_calls 1"),
        ([(5, CALL), (-1, "text", "a")], "text 1 tool_calls 1"),
    ],
)
def test_neighbours_of_one_kind_are_one_run(steps: list[tuple[Any, ...]], runs: str | None) -> None:
    found = settled(*steps).runs.get(HERE)
    assert (found and " ".join(f"{run.kind} {run.extent}" for run in found)) == runs


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        ([], None),
        ([Run("text", 5)], None),
        ([Run(CALL, 2)], None),
        ([Run("reasoning", 0)], ["reasoning[0:0]"]),
        (
            [Run("text", 1), Run("code", 1), Run("text", 2), Run("code", 2)],
            ["text[0:1]", "code[0]", "text[1:3]", "code[1:3]"],
        ),
    ],
)
def test_runs_are_slices_of_what_the_reply_joins(runs: list[Run], found: Any) -> None:
    assert spelled(runs) == found
