"""A changed text by rows and in one flow: both texts are in it, and no change is ever left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.words import Run, runs_of
from recdiff.tui.page import texts, words
from recdiff.tui.page.blocks import Text, words_of
from recdiff.tui.page.texts import text_runs
from recdiff.tui.page.words import Row, flow_of, rows_of
from tests.recordings import MANY

WORDS = ("red ", "green ", "blue ", "\n", "\n\n", "3.5 ", "漢字 ", "e\u0301 ", "🚀 ", " ", "end. ", "x")
said = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
many_lines = st.lists(st.sampled_from(("a\n", "b\n", "c c\n", "d\n", "long line of words\n", "\n")), max_size=40)
long_texts = many_lines.map("".join)


def text_of(lines: Sequence[Text], *, without: str = "") -> str:
    """Lines as one text, less the spans of a style and the marks of ends of lines that changed."""
    kept = ("".join(span.text for span in line if span.style != without or not without) for line in lines)
    return "\n".join(kept).replace("⏎", "")


def sides(rows: Sequence[Row]) -> tuple[str, str]:
    return text_of([line for row in rows for line in row.old]), text_of([line for row in rows for line in row.new])


@MANY
@given(said, said)
def test_rows_hold_both_texts(old: str, new: str) -> None:
    assert sides(list(rows_of(runs_of(old, new), whole=True))) == (old, new)


@MANY
@given(said, said)
def test_a_row_is_the_same_where_nothing_in_it_changed(old: str, new: str) -> None:
    for row in rows_of(runs_of(old, new)):
        assert row.is_same == (not any(span.style in ("added", "removed") for line in row[0] + row[1] for span in line))


@MANY
@given(said, said)
def test_a_flow_holds_both_texts(old: str, new: str) -> None:
    lines = list(flow_of(runs_of(old, new), whole=True))
    assert text_of(lines, without="added").replace("\n", "") == old.replace("\n", "")
    assert text_of(lines, without="removed").replace("\n", "") == new.replace("\n", "")


def changed(lines: Sequence[Text]) -> str:
    """What is removed and added."""
    return "".join(f"{span.style}{span.text}" for line in lines for span in line if span.style in ("added", "removed"))


@MANY
@given(long_texts, long_texts)
def test_leaving_out_hides_no_change(old: str, new: str) -> None:
    runs = runs_of(old, new)
    assert changed(list(flow_of(runs))) == changed(list(flow_of(runs, whole=True)))
    for side in (0, 1):
        short, whole = (
            [line for row in rows for line in row[side]] for rows in (rows_of(runs), rows_of(runs, whole=True))
        )
        assert changed(short) == changed(whole)


@MANY
@given(long_texts, long_texts)
def test_what_is_left_out_is_counted(old: str, new: str) -> None:
    runs = runs_of(old, new)
    whole = list(rows_of(runs, whole=True))
    count = 0
    for row in rows_of(runs):
        text = words_of(row.old[0]) if row.old else ""
        count += int(text.split()[1].replace(",", "")) if text.startswith("⋯ ") else 1
    assert count == len(whole)


@MANY
@given(long_texts, long_texts)
def test_both_shapes_show_the_same_changed_words(old: str, new: str) -> None:
    runs = runs_of(old, new)
    rows = list(rows_of(runs))
    beside = {style: "".join(changed(row[side]) for row in rows) for side, style in ((0, "removed"), (1, "added"))}
    flow = list(flow_of([*runs, Run("kept" * 1_000, "kept" * 1_000)]))  # so much is kept that it is one flow
    for style, words_beside in beside.items():
        spans = [span.text for line in flow for span in line if span.style == style]
        assert "".join(f"{style}{text}" for text in spans) == words_beside


def test_far_from_changes_lines_are_left_out_and_one_alone_is_shown() -> None:
    lines = [f"line {number}\n" for number in range(20)]
    old, new = "".join(lines), "".join(lines).replace("line 9\n", "line nine\n")
    assert [words_of(row.new[0]) for row in rows_of(runs_of(old, new))] == [
        "⋯ 7 unchanged lines", "line 7", "line 8", "line nine", "line 10", "line 11", "⋯ 9 unchanged lines",
    ]  # fmt: skip
    old, new = "".join(lines[:4]), "".join(lines[:3]) + "another\n"
    assert [words_of(row.new[0]) for row in rows_of(runs_of(old, new))] == [
        "line 0", "line 1", "line 2", "another", "",
    ]  # fmt: skip


def test_the_middle_of_a_long_unchanged_line_is_left_out() -> None:
    runs = [Run("word " * 400, "word " * 400), Run("old", "new")]
    (row,) = rows_of(runs)
    assert "unchanged characters…" in words_of(row.old[0])
    assert words_of(row.old[0]).endswith("word old")
    (whole,) = rows_of(runs, whole=True)
    assert words_of(whole.old[0]) == "word " * 400 + "old"


def test_an_end_of_line_that_came_is_marked() -> None:
    (flow, second) = flow_of(runs_of("one two three", "one two\nthree"))
    assert "⏎" in words_of(flow)
    assert words_of(second) == "three"


def test_texts_with_little_in_common_are_told_one_after_the_other() -> None:
    lines = list(flow_of(runs_of("one two\nthree", "seven eight")))
    assert [words_of(line) for line in lines] == ["one two", "three", "seven eight"]
    assert [{span.style for span in line} for line in lines] == [{"removed"}, {"removed"}, {"added"}]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("old", "new"), [(1_000, 1_000), (1_000, 1), (0, 1_000), (450, 700)])
def test_a_long_changed_stretch_comes_in_rows_of_its_own(old: int, new: int, whole: bool) -> None:
    before, after = (
        "\n".join(f"{name} {number}" for number in range(count)) for name, count in (("a", old), ("b", new))
    )
    runs = [Run("start ", "start "), Run(before, after), Run(" end\nlast", " end\nlast")]
    rows = list(rows_of(runs, whole=whole))
    assert len(rows) > 2
    assert sides(rows) == ("".join(run.old for run in runs), "".join(run.new for run in runs))


def test_the_first_rows_of_a_long_stretch_make_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    real = words.visible

    def counting(text: str) -> str:
        nonlocal seen
        seen += 1
        return real(text)

    monkeypatch.setattr(words, "visible", counting)
    before, after = ("".join(f"{name} {number}\n" for number in range(50_000)) for name in "ab")
    for runs in ([Run(before, after)], [Run(before, before), Run("x", "y"), Run(before, before)]):
        assert len(list(islice(rows_of(runs), 2))) == 2
        assert len(list(islice(flow_of(runs), 2))) == 2
    assert seen < 2_000


@MANY
@given(long_texts, long_texts, st.booleans())
def test_long_texts_are_compared_by_lines_first(old: str, new: str, by_sentences: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_BY_WORDS", 0)
        patch.setattr(texts, "_LONG_LINES", 0 if by_sentences else 10_000)
        patch.setattr(texts, "_MOST_WORDS", 30)
        runs = text_runs(old, new)
    assert "".join(run.old for run in runs) == old
    assert "".join(run.new for run in runs) == new
    assert all(runs[index].kept != runs[index + 1].kept or not runs[index].kept for index in range(len(runs) - 1))


def test_of_a_long_text_only_the_lines_that_differ_are_told() -> None:
    lines = [f"this is line {number} of many" for number in range(20_000)]
    other = [
        *lines[:500],
        "a new line",
        *lines[500:9_000],
        *lines[9_001:15_000],
        "line 15000 is another",
        *lines[15_001:],
    ]
    runs = text_runs("\n".join(lines), "\n".join(other))
    differing = [run for run in runs if not run.kept]
    assert differing[0] == Run("", "a new line\n")
    assert differing[1] == Run("this is line 9000 of many\n", "")
    assert sum(len(run.old) + len(run.new) for run in differing) < 100
