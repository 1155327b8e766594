"""Text by words: the runs are both texts, and changed words are found where they stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.words import Run, piece_runs_of, runs_of
from tests.recordings import MANY

TEXT = st.text("ab .,-'\n漢é", max_size=25) | st.text(max_size=12)


def run_by(old: str, new: str, pieces: bool) -> list[Run]:
    """Runs by words, or by pieces of them whatever little is kept."""
    return (piece_runs_of(old, new, 0) or []) if pieces else runs_of(old, new)


@MANY
@given(TEXT, TEXT, st.booleans())
def test_the_runs_are_both_texts(old: str, new: str, pieces: bool) -> None:
    runs = run_by(old, new, pieces)
    assert "".join(run.old for run in runs) == old
    assert "".join(run.new for run in runs) == new
    assert all(run.old or run.new for run in runs)
    assert not any(not one.kept and not other.kept for one, other in pairwise(runs))


@MANY
@given(TEXT, st.booleans())
def test_equal_texts_are_kept(text: str, pieces: bool) -> None:
    assert [run.kept for run in run_by(text, text, pieces)] == [True] * bool(text)


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


@MANY
@given(TEXT, TEXT, st.floats(0, 30))
def test_pieces_that_keep_too_little_are_none_exactly_then(old: str, new: str, least: float) -> None:
    all_runs = piece_runs_of(old, new, 0) or []
    kept = sum(len(run.old) for run in all_runs if run.kept)
    assert piece_runs_of(old, new, least) == (all_runs if kept >= least else None)
