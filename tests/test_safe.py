"""Recorded text on a terminal: nothing that is obeyed, hidden or reordered gets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recdiff.safe import cells, shortened, visible
from tests.recordings import MANY

TEXT = st.text(st.characters(), max_size=30) | st.text(
    st.sampled_from("a \n\r\t\x1b[31m\x07\x9b\x7f\x00\u202e\u2066\u200b\u200d\ufeff\u061c\ud800\U000e0041😀👩é漢"),
    max_size=20,
)
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f]")
REORDERS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@MANY
@given(TEXT)
@example("\x1b[2J\x1b]0;title\x07\x9b31m")
@example("\r\nabc\rdef")
@example("a\u202eb\u2066c\ud800\ufeff")
def test_nothing_is_obeyed_hidden_or_reordered(text: str) -> None:
    shown = visible(text)
    assert not OBEYED.search(shown)
    assert not REORDERS.search(shown)
    shown.encode("utf-8")  # no lone surrogate
    assert not any(line_end in shown for line_end in "\u2028\u2029\x85\x0b\x0c")
    assert shown.splitlines() in ([], [shown])


@MANY
@given(TEXT)
def test_lines_and_tabs_stay_where_they_are_asked_for(text: str) -> None:
    shown = visible(text, lines=True)
    assert not OBEYED.search(shown.replace("\n", "").replace("\t", ""))
    assert shown.count("\n") == text.count("\n")
    assert shown.count("\t") == text.count("\t")


@MANY
@given(TEXT)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    kept = visible(text, lines=True)
    assert visible(kept, lines=True) == kept


@MANY
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20))
def test_letters_signs_and_spaces_are_never_touched(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\r\nd", "a⏎b⇥c⏎d"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b0m\x07", "\\x9b0m\\x07"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("a\u200db", "a\\u200db"),
        ("e\u0301 漢字 ñ", "e\u0301 漢字 ñ"),
    ],
)
def test_what_is_unsafe_is_spelled(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("character", ["\u206a", "\u206f", "\u115f", "\u3164", "\uffa0", "\U000e0100", "\U0001d173"])
def test_invisible_characters_are_spelled(character: str) -> None:
    assert visible(f"pay{character}pal") != f"pay{character}pal"


@MANY
@given(TEXT.map(visible), st.integers(1, 20))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    short = shortened(text, width)
    assert cells(short) <= width
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("", 0)])
def test_columns_of_a_text(text: str, width: int) -> None:
    assert cells(text) == width
