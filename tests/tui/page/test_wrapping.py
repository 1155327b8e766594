"""Text cut to columns: nothing lost, nothing wider than asked for, and nothing looked at that is not shown."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recdiff.safe import visible
from recdiff.tui.page import wrapping
from recdiff.tui.page.blocks import Span, Text, words_of
from recdiff.tui.page.wrapping import cropped, width_of, wrapped
from tests.recordings import MANY

FAMILY = "\u200d".join("👨👩👧👦")
FLAG, HEART, THUMB = "🇩🇪", "❤️", "👍🏽"
ACCENT = "\N{COMBINING ACUTE ACCENT}"
PIECES = (
    "a", "bc", " ", "  ", "word ", "漢", "かな", "ｗ", "é", f"e{ACCENT}", f"a{ACCENT}{ACCENT}", "🚀", "⏎", "…", "\xa0",
    FAMILY, FLAG, HEART, THUMB,
)  # fmt: skip

plain_texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
spans = st.builds(Span, (plain_texts | st.text(max_size=40)).map(visible), st.sampled_from(("", "added", "removed")))
styled_texts = st.lists(spans, max_size=6).map(tuple)
widths = st.integers(2, 40)


def letters(text: Text) -> list[tuple[str, str]]:
    """Each letter with its style."""
    return [(letter, span.style) for span in text for letter in span.text]


@MANY
@given(styled_texts, widths, st.integers(0, 12))
def test_no_line_is_wider_than_asked_for(text: Text, width: int, hang: int) -> None:
    for index, line in enumerate(wrapped(text, width, hang)):
        assert sum(cell_len(span.text) for span in line) <= max(width - hang if index else width, 2)


@MANY
@given(styled_texts, widths, st.integers(0, 12))
def test_lines_are_the_text_and_its_styles_without_the_spaces_at_breaks(text: Text, width: int, hang: int) -> None:
    whole = letters(text)
    places = {0}
    for line in wrapped(text, width, hang):
        shown = letters(line)
        ends = {place + len(shown) for place in places if whole[place : place + len(shown)] == shown}
        places = ends | {end + 1 for end in ends if end < len(whole) and whole[end][0] == " "}
    assert len(whole) in places


@MANY
@given(plain_texts, widths)
def test_signs_of_several_letters_stay_whole(text: str, width: int) -> None:
    lines = [words_of(line) for line in wrapped((Span(text),), width)]
    for sign in (FAMILY, FLAG, HEART, THUMB):
        assert sum(line.count(sign) for line in lines) == text.count(sign)


@MANY
@given(styled_texts, st.integers(0, 40))
def test_cropped_text_is_its_beginning_and_says_that_it_was_cut(text: Text, width: int) -> None:
    found = cropped(text, width)
    if found == text:
        assert width_of(text) <= width
    else:
        assert found[-1] == Span("…", "faint")
        assert words_of(text).startswith(words_of(found[:-1]))
        assert width_of(found) <= max(width, 1)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("abc", 10, ["abc"]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("averylongword", 5, ["avery", "longw", "ord"]),
        ("a averylongword", 6, ["a aver", "ylongw", "ord"]),
        ("漢字かな", 5, ["漢字", "かな"]),
        (f"{FLAG}{FLAG}x", 3, [FLAG, f"{FLAG}x"]),
        (f"a{FAMILY}b", 3, [f"a{FAMILY}", "b"]),
        (f"x{ACCENT * 500}y", 2, [f"x{ACCENT * 500}y"]),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert [words_of(line) for line in wrapped((Span(text),), width)] == lines


def test_a_hanging_line_has_less_room() -> None:
    lines = [words_of(line) for line in wrapped((Span("one two three four"),), 10, hang=4)]
    assert lines == ["one two", "three", "four"]


@pytest.mark.parametrize("letter", ["x", "é", "漢", "x\N{COMBINING ACUTE ACCENT}", HEART])
def test_the_first_line_of_five_megabytes_looks_at_no_more(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = letter * 5_000_000
    looked_at = 0
    within = wrapping._offset

    def counting(plain: str, columns: int, start: int = 0) -> int:
        nonlocal looked_at
        found = within(plain, columns, start)
        looked_at += found
        return found

    monkeypatch.setattr(wrapping, "_offset", counting)
    lines = wrapped((Span(text),), 80)
    (first,) = islice(lines, 1)
    assert 40 <= width_of(first) <= 80
    assert looked_at <= 200


def test_taking_lines_one_by_one_walks_over_the_spans_once() -> None:
    text = tuple(Span("ab ", style) for style in ("added", "removed") * 5_000)
    cutter = wrapping._Cutter(text)
    for start in range(0, 30_000, 60):
        assert words_of(cutter.take(start, start + 60)) == "ab " * 20
        assert cutter._index >= (start + 60) // 3 - 1
