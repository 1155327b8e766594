"""Text by words: the runs are both texts, and changed words are found where they stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.words import Run, runs_of
from tests.recordings import MANY

TEXT = st.text("ab .,-'\n漢é", max_size=25) | st.text(max_size=12)


@MANY
@given(TEXT, TEXT, st.booleans())
def test_the_runs_are_both_texts(old: str, new: str, pieces: bool) -> None:
    runs = runs_of(old, new, pieces=pieces)
    assert "".join(run.old for run in runs) == old
    assert "".join(run.new for run in runs) == new
    assert all(run.old or run.new for run in runs)
    assert not any(not one.kept and not other.kept for one, other in pairwise(runs))


@MANY
@given(TEXT, st.booleans())
def test_equal_texts_are_kept(text: str, pieces: bool) -> None:
    assert [run.kept for run in runs_of(text, text, pieces=pieces)] == [True] * bool(text)


def changed(old: str, new: str) -> list[tuple[str, str]]:
    """The runs that differ."""
    return [(run.old, run.new) for run in runs_of(old, new) if not run.kept]


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("the cat sat", "the dog sat", [("cat", "dog")]),
        ("it is 0.75 now", "it is 0.76 now", [("0.75", "0.76")]),
        ("don't go", "do go", [("don't", "do")]),
        ("a b c d", "a d", [("b c ", "")]),
        ("", "new text", [("", "new text")]),
        ("red, green", "blue; yellow", [("red, green", "blue; yellow")]),
        ("gpt-4o.azure.com ok", "gpt-5.azure.com ok", [("gpt-4o.azure.com", "gpt-5.azure.com")]),
        ("one\ntwo", "one two", [("\n", " ")]),
    ],
)
def test_words_as_people_read_them(old: str, new: str, runs: list[tuple[str, str]]) -> None:
    assert changed(old, new) == runs


@pytest.mark.parametrize(
    ("head", "old", "new", "tail"),
    [
        ("word " * 40_000, "one", "other", " end" * 40_000),
        ("x" * 2_500_000, "", "y", "x" * 2_500_000),
        ("a" * 3_000_000 + " ", "b", "c", ""),
        ("", "b", "", " c" * 900_000),
        ("é漢 " * 200_000, "1", "12", "\n" * 10),
    ],
)
def test_long_texts_keep_their_common_beginning_and_end(head: str, old: str, new: str, tail: str) -> None:
    runs = runs_of(f"{head}{old}{tail}", f"{head}{new}{tail}")
    assert "".join(run.old for run in runs) == f"{head}{old}{tail}"
    assert "".join(run.new for run in runs) == f"{head}{new}{tail}"
    (changed_run,) = (run for run in runs if not run.kept)
    assert len(changed_run.old) + len(changed_run.new) < 1_000


def test_long_texts_that_share_nothing() -> None:
    assert runs_of("a" * 2_000_000, "b" * 2_000_000) == [Run("a" * 2_000_000, "b" * 2_000_000)]
