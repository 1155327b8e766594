"""Lines of a diff in two columns: each column is its file."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recdiff.gitonce import unified_diff
from recdiff.reports.changedtext import common_end, common_start
from recdiff.tui.page.blocks import Sides, words_of
from recdiff.tui.page.ends import line_runs
from recdiff.tui.page.sides import sided
from tests.recordings import MANY, QUICK

LINES = (
    "one",
    "two",
    "three four",
    "",
    "  indented: 1,",
    "  indented: 2,",
    "word " * 900,
    "x" * 2_500,
    "-minus",
    "\\ back",
)
files = st.lists(st.sampled_from(LINES), max_size=12)
strings = st.text("ab ", max_size=30)


def rows_of(old: bytes, new: bytes) -> list[Sides]:
    lines = unified_diff(old, new, context=1_000)
    told = (line for line in lines if not line.startswith(b"@@"))
    return list(sided((line[:1].decode(), line[1:].removesuffix(b"\n").decode()) for line in told))


@QUICK
@given(files, files, st.booleans(), st.booleans())
def test_each_column_is_its_file(old: list[str], new: list[str], old_ends: bool, new_ends: bool) -> None:
    sides = ["\n".join(lines) + ("\n" if lines and ends else "") for lines, ends in ((old, old_ends), (new, new_ends))]
    if sides[0] == sides[1]:
        return
    rows = rows_of(*(side.encode() for side in sides))
    for column, side in enumerate(sides):
        found = [text for row in rows if (text := row[column]) is not None]
        told = [words_of(text) for text in found]
        if side and not side.endswith("\n"):
            assert told.pop() == "\\ No newline at end of file"
        assert told == side.removesuffix("\n").split("\n") if side else told == []


@QUICK
@given(files, files)
@example(["two"] * 4, [*["one"] * 3, "two", *["one"] * 4])
def test_a_row_says_whether_it_differs(old: list[str], new: list[str]) -> None:
    if old == new:
        return
    for row in rows_of(*("".join(f"{line}\n" for line in lines).encode() for lines in (old, new))):
        assert row.is_same == (row.old is not None and row.old == row.new)


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ([("-", "a b"), ("+", "a c")], [("a b", "a c")]),
        ([("-", "a"), ("-", "b"), ("+", "c")], [("a", "c"), ("b", None)]),
        ([("-", "a"), ("+", "c"), ("-", "b")], [("a", "c"), ("b", None)]),
        ([(" ", "x"), ("+", "y")], [("x", "x"), (None, "y")]),
        ([("-", "a"), ("\\", " No newline"), ("+", "a")], [("a", "a"), ("\\ No newline", None)]),
        ([("-", "a"), ("+", "a"), ("\\", " No newline")], [("a", "a"), (None, "\\ No newline")]),
        ([(" ", "a"), ("\\", " No newline")], [("a", "a"), ("\\ No newline", "\\ No newline")]),
    ],
)
def test_lines_that_changed_stand_beside_each_other(
    lines: list[tuple[str, str]], rows: list[tuple[str | None, str | None]]
) -> None:
    found = [(row.old and words_of(row.old), row.new and words_of(row.new)) for row in sided(lines)]
    assert found == rows


def test_words_that_changed_are_told_in_long_lines_too() -> None:
    old = "start " + "word " * 2_000 + "end"
    (row,) = sided([("-", old), ("+", old.replace("start", "begin"))])
    assert row.old is not None and row.new is not None
    assert [span.text for span in row.old if span.style == "removed"] == ["start"]
    assert [span.text for span in row.new if span.style == "added"] == ["begin"]


@MANY
@given(strings, strings)
def test_common_ends_are_those_that_letters_tell(old: str, new: str) -> None:
    start = common_start(old, new)
    assert old[:start] == new[:start]
    assert old[start : start + 1] != new[start : start + 1] or start == min(len(old), len(new))
    assert common_end(old, new) == common_start(old[::-1], new[::-1])


@MANY
@given(st.text("abc ", max_size=12), st.text("abc ", max_size=12), st.text("ab ", max_size=200), st.booleans())
def test_runs_of_a_long_line_are_the_line(old: str, new: str, around: str, is_long: bool) -> None:
    around = around * (20 if is_long else 1)
    before, after = around + old + around, around + new + around
    runs = line_runs(before, after)
    assert "".join(run.old for run in runs) == before
    assert "".join(run.new for run in runs) == after
