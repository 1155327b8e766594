"""Blocks laid out: every line fits, whatever the shape, and both shapes show the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recdiff.comparing.words import runs_of
from recdiff.model import Change
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Sides, Span, Words, words_of
from recdiff.tui.page.layout import BETWEEN, ScreenLine, Shape, lay_out
from tests.recordings import MANY
from tests.tui.page.test_wrapping import PIECES

CHANGE = Change("text", "/interactions/0/response/reply/choices/0/text", "changed", "a", "b", "text", "")

texts = st.lists(st.sampled_from((*PIECES, "\n", "long word ")), max_size=40).map("".join)
lines = st.builds(
    lambda text, indent, hang: Line((Span(visible(text)), Span(visible(text), "added")), indent, hang),
    texts, st.integers(0, 12), st.integers(0, 30),
)  # fmt: skip
words = st.builds(
    lambda old, new, indent, whole: Words(tuple(runs_of(old, new)), indent, None, whole),
    texts, texts, st.integers(0, 12), st.booleans(),
)  # fmt: skip
rows = st.builds(
    lambda old, new, indent: Sides((Span(visible(old)),), (Span(visible(new)),), old == new, indent),
    texts, texts, st.integers(0, 12),
)  # fmt: skip
blocks = st.lists(st.one_of(lines, words, rows), max_size=4)


def width(line: ScreenLine) -> int:
    return sum(cell_len(span.text) for span in line.text)


@MANY
@given(blocks, st.integers(8, 130), st.booleans(), st.booleans())
def test_every_line_fits(shown: list[Block], columns: int, beside: bool, brackets: bool) -> None:
    for line in lay_out(shown, Shape(columns, beside, True, brackets)):
        assert width(line) <= columns


@MANY
@given(st.lists(st.one_of(words, rows), max_size=3), st.integers(80, 130))
def test_side_by_side_fits_where_nothing_is_wrapped(shown: list[Block], columns: int) -> None:
    for line in lay_out(shown, Shape(columns, wrap=False)):
        assert width(line) <= columns or BETWEEN not in words_of(line.text)


def told(shown: list[Block], shape: Shape, style: str) -> str:
    """Everything in one style, without the marks and spaces that a shape adds."""
    spans = [span.text for line in lay_out(shown, shape) for span in line.text if span.style == style]
    return "".join("".join(spans).replace("- ", "").replace("+ ", "").split())


@MANY
@given(texts, texts, st.sampled_from(("removed", "added")))
def test_both_shapes_show_the_same_changed_words(old: str, new: str, style: str) -> None:
    kept = "kept words " * 200
    block = Words(tuple(runs_of(f"{old}\n{kept}", f"{new}\n{kept}")))
    assert told([block], Shape(100, beside=True), style) == told([block], Shape(100, beside=False), style)


@pytest.mark.parametrize("beside", [True, False])
def test_what_is_one_sided_has_the_whole_width(beside: bool) -> None:
    block = Words(tuple(runs_of("", "word " * 40)), indent=4)
    found = [words_of(line.text) for line in lay_out([block], Shape(100, beside))]
    assert all(line.startswith("    word") for line in found)
    assert len(found) == 3


def test_lines_carry_their_change() -> None:
    shown = [Line((Span("name"),), change=CHANGE), Words(tuple(runs_of("one", "two")), change=CHANGE), Line(())]
    assert [line.change for line in lay_out(shown, Shape(100))] == [CHANGE, CHANGE, None]


def test_rows_that_differ_say_so() -> None:
    same, other = (Span("a"),), (Span("b"),)
    shown: list[Block] = [Sides(same, same, True), Sides(same, other, False), Sides(None, other, False)]
    assert [line.differs for line in lay_out(shown, Shape(100))] == [False, True, True]
    flow = [(words_of(line.text), line.differs) for line in lay_out(shown, Shape(40))]
    assert flow == [("  a", False), ("- a", True), ("+ b", True), ("+ b", True)]


def test_two_sides_need_room() -> None:
    block = Words(tuple(runs_of("the old words", "the new words")), indent=4)
    wide, narrow = ([words_of(line.text) for line in lay_out([block], Shape(columns))] for columns in (90, 70))
    assert wide == ["    the old words" + " " * 28 + " │ the new words"]
    assert narrow == ["    the oldnew words"]


def test_brackets_stand_around_what_changed() -> None:
    block = Words(tuple(runs_of("the sky is blue today", "the sky is grey today")), indent=2)
    wide, narrow = (
        [words_of(line.text) for line in lay_out([block], Shape(columns, brackets=True))] for columns in (90, 60)
    )
    assert wide == ["  the sky is [-blue-] today" + " " * 18 + "│ the sky is {+grey+} today"]
    assert narrow == ["  the sky is [-blue-]{+grey+} today"]


def test_indentation_leaves_room_for_text_on_a_narrow_screen() -> None:
    block = Line((Span("a few words in a row"),), indent=30, hang=30)
    found = [words_of(line.text) for line in lay_out([block], Shape(20))]
    assert found == ["        a few words", "        in a row"]
