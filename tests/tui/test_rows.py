"""Rows of the list: what a title keeps where it is too wide, and what stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.arranging import Leaf
from recdiff.model import FileReview, Synopsis
from recdiff.safe import cells
from recdiff.tui.widgets.rows import beside, cut_in_middle, fitted
from tests.building import RepoBuilder
from tests.cli.running import recorded
from tests.tui.running import FOLDER, opened, played


def entry(asked: str = "", about: str = "chat/completions · streamed", model: str = "tide-1") -> FileReview:
    return FileReview("meaningful", "a.json", "a.json", "path", "ogx", "t.py::t", about=about, model=model, asked=asked)


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("test_tool_choice[first]", 40, "test_tool_choice[first]"),
        ("test_tool_choice_get_boiling_point[first]", 22, "test_tool_cho…t[first]"),
        ("漢字漢字漢字漢字", 9, "漢字…字"),
    ],
)
def test_a_title_keeps_both_ends(text: str, width: int, cut: str) -> None:
    assert cut_in_middle(text, width) == cut


@given(st.text("ab漢é", max_size=60), st.integers(4, 40))
def test_a_title_fits(text: str, width: int) -> None:
    found = cut_in_middle(text, width)
    assert cells(found) <= width or found == text
    assert found == text or "…" in found


@pytest.mark.parametrize(
    ("title", "width", "others", "told"),
    [
        ("test_x[a] 4 “What is it?”", 40, (), "test_x[a] 4 “What is it?”"),
        ("test_x[a] 4 “What is it, then, and why?”", 30, (), "test_x[a] 4 “What is it, then…"),
        ("test_tool_choice[a-b-c] 4 “What is it?”", 26, (), "test_tool_choice[a-b-c] 4"),
        ("test_tool_choice[a-b-c] 4 “What is it?”", 20, (), "test_tool_choice[a-…"),
        ("test_tool_choice[a-b-c] 4 “What is it?”", 20, ("test_tool_choice[a-b-c] 5 “What?”",), "test_tool_choice[…4"),
        ("test_tool_choice[a-b-c]", 20, ("test_other",), "test_tool_choice[a-…"),
    ],
)
def test_a_title_says_which_row_it_is(title: str, width: int, others: tuple[str, ...], told: str) -> None:
    assert fitted(title, width, others) == told and cells(told) <= width


@pytest.mark.parametrize("width", [20, 24, 38, 48, 80, 200])
def test_rows_that_differ_are_told_apart(width: int) -> None:
    name = "test_compact.py::TestCompact::test_{}[client_with_models-txt=azure/gpt-4o] {} “What is it?”"
    titles = [name.format(test, number) for test in ("basic", "with_tools", "stream") for number in (1, 2)]
    shown = [fitted(title, width, [other for other in titles if other != title]) for title in titles]
    assert all(cells(text) <= width for text in shown)
    assert len(set(shown)) == len(titles)
    assert width < 38 or all(word in text for word, text in zip(["basic", "basic", "with_"], shown, strict=False))


@pytest.mark.parametrize(
    ("found", "room", "told"),
    [
        (entry("Which colour?"), 60, "“Which colour?”  chat/completions · streamed · tide-1"),
        (entry("Which colour?"), 40, "“Which colour?”"),
        (entry("Which colour\nis the sky?"), 20, "“Which colour is t…”"),
        (entry("Which colour?"), 12, ""),
        (entry(), 60, "chat/completions · streamed · tide-1"),
        (entry(), 20, "chat/completions · …"),
        (entry("wind(city: 'X')", "wind", ""), 60, "“wind(city: 'X')”"),
        (entry()._replace(synopsis=Synopsis("/v1/messages", "m", "Ask\x1b", "said"), about="", model=""), 60,
         "“Ask\\x1b”  messages · m"),
    ],
)  # fmt: skip
def test_what_was_asked_stands_beside_the_test(found: FileReview, room: int, told: str) -> None:
    assert beside(Leaf("k", found, "test_x"), room) == told
    assert cells(beside(Leaf("k", found, "test_x"), room)) <= room
    assert "Which" not in beside(Leaf("k", found, "2 “Which colour?”"), room)


@played
async def test_a_pair_says_what_was_asked(project: RepoBuilder) -> None:
    async with opened(project.path, size=(200, 40)) as here:
        row = next(row for row in here.rows if "test_text" in row)
        assert "“Which colour?”  chat/completions · tide-1  text" in row


@played
async def test_a_title_is_cut_where_it_does_not_become_anothers(project: RepoBuilder) -> None:
    names = {
        "a": "test_that_has_a_very_long_name_which_nobody_can_read_first",
        "b": "test_that_has_a_very_long_name_which_nobody_can_read_second",
        "c": "test_of_something_else_with_an_equally_long_name_third",
    }
    for said in ("One", "Two"):
        for name, test in names.items():
            content = recorded(said, test_id=f"tests/test_long.py::{test}", asked="x", created=len(said))
            project.write(f"{FOLDER}/{name}.json", content, add=said == "One")
        if said == "One":
            project.git("commit", "--quiet", "-m", "long names")
    async with opened(project.path) as here:
        await here.go("a")
        titles = [row.strip().removeprefix("○ ").split("…") for row in here.rows if "○ test_" in row and "…" in row]
        ends = [(head[:7], tail.split()[0]) for head, tail in titles]
        assert ends == [("test_of", "text"), ("test_th", "first"), ("test_th", "second")]
