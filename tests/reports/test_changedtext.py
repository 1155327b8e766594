"""What of a changed text is shown."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.words import Run, runs_of
from recdiff.reports.changedtext import NEAR, Far, ends_of, is_rewritten, near_changes


class Item(NamedTuple):
    name: str
    is_same: bool


def shown(marks: str) -> list[str]:
    """What is shown of lines, each a letter: `.` stays, `x` changes."""
    lines = [Item(f"{mark}{number}", mark == ".") for number, mark in enumerate(marks)]
    return [item.name for item in near_changes(lines, lambda count: Item(f"{count} more", is_same=True))]


def test_lines_near_a_change_are_shown_and_the_others_counted() -> None:
    assert shown("....x....") == ["2 more", ".2", ".3", "x4", ".5", ".6", "2 more"]
    assert shown("...x...") == [".0", ".1", ".2", "x3", ".4", ".5", ".6"]
    assert shown("x.......x") == ["x0", ".1", ".2", "3 more", ".6", ".7", "x8"]
    assert shown("....") == ["4 more"] and shown("") == []


@given(st.text(".x", max_size=40))
def test_every_line_is_shown_or_counted_and_all_that_is_near(marks: str) -> None:
    found = shown(marks)
    assert sum(int(name.split()[0]) if name.endswith("more") else 1 for name in found) == len(marks)
    for number, mark in enumerate(marks):
        is_near = "x" in marks[max(number - NEAR, 0) : number + NEAR + 1]
        assert not is_near or f"{mark}{number}" in found


def test_what_was_not_made_is_counted_too() -> None:
    lines = [Item("a", is_same=False), Far(40), Item("b", is_same=True), Far(2), Item("c", is_same=False)]
    told = [item.name for item in near_changes(lines, lambda count: Item(f"{count} more", is_same=True))]
    assert told == ["a", "43 more", "c"]


def test_what_has_little_in_common_is_rewritten() -> None:
    assert is_rewritten(runs_of("all of this", "none like that one"))
    assert not is_rewritten(runs_of("all of this stays", "all of this goes"))


def test_a_text_that_only_grew_is_not_rewritten() -> None:
    runs = runs_of("yes", "yes, and a good deal more than anybody had asked for")
    assert any(run.kept for run in runs) and not is_rewritten(runs)
    assert not is_rewritten([Run("", "all of it is new")])


@given(st.text("ab ", max_size=60), st.integers(1, 30))
def test_ends_are_the_ends(text: str, size: int) -> None:
    head, tail = ends_of(text, size)
    assert text.startswith(head) and text.endswith(tail) and len(head) <= size and len(tail) <= size
