"""Streams chunk by chunk: every chunk of both sides, equal ones beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.tui.page.blocks import Sides, Text, words_of
from recdiff.tui.page.inorder import in_order
from tests.recordings import CALLS, MANY, Answer, anthropic_lines, chat_single, chat_stream, unknown_body
from tests.tui.page.opened import alone, keys, missing, page, pair, section

chunks = st.lists(st.sampled_from(("·", " the", "Hello", " world", ".", " again and again")), max_size=70)


@MANY
@given(chunks, chunks)
def test_all_items_stand_in_rows_in_their_order(old: list[str], new: list[str]) -> None:
    rows = list(in_order(iter(old), iter(new), key=str))
    assert [row[0] for row in rows if row[0] is not None] == old
    assert [row[1] for row in rows if row[1] is not None] == new
    assert (None, None) not in rows


@MANY
@given(chunks)
def test_equal_streams_stand_side_by_side(items: list[str]) -> None:
    assert all(before == after for before, after in in_order(iter(items), iter(items), key=str))


def test_after_what_came_both_go_on_together() -> None:
    old = ["The", " sky", " is", " blue", " today"]
    new = ["The", " summer", " sky", " is", " blue", " today"]
    assert list(in_order(iter(old), iter(new), key=str)) == [
        ("The", "The"), (None, " summer"), (" sky", " sky"), (" is", " is"), (" blue", " blue"), (" today", " today"),
    ]  # fmt: skip


def test_a_short_item_alone_says_nothing() -> None:
    rows = list(in_order(iter(["a", ".", "b"]), iter(["c", "d", ".", "e"]), key=str))
    assert rows == [("a", "c"), (".", "d"), ("b", "."), (None, "e")]


def test_the_first_rows_take_no_more_than_they_look_at() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield str(taken)

    assert len(list(islice(in_order(endless(), endless(), key=str), 10))) == 10
    assert taken < 120


def told(text: Text | None) -> str | None:
    return None if text is None else words_of(text)


def test_a_chunk_says_what_it_adds() -> None:
    shown = page(alone(chat_stream(CALLS)), "stream")
    rows = [told(block.new) for block in section(shown, "chunks0").blocks() if isinstance(block, Sides)]
    assert rows[:3] == [" 1 ·", " 2 ▏I ", " 3 ▏should "]
    assert " 7 → get_weather " in rows
    assert ' 8 ▏{"city": ' in rows
    assert "19  ■ tool_calls" in rows
    assert rows[-1] == "20  usage"


def test_old_and_new_chunks_are_aligned() -> None:
    opened = pair(chat_stream(Answer("The sky is blue.")), chat_stream(Answer("The summer sky is blue.")))
    (one,) = page(opened, "stream").sections
    assert words_of(one.note) == "7 → 8"
    rows = [(told(block.old), told(block.new), block.is_same) for block in one.blocks() if isinstance(block, Sides)]
    assert rows[1:4] == [
        ("2 ▏The ", "2 ▏The ", True), (None, "3 ▏summer ", False), ("3 ▏sky ", "4 ▏sky ", True),
    ]  # fmt: skip


@pytest.mark.parametrize("document", [chat_single, anthropic_lines, unknown_body])
def test_every_kind_of_response_has_its_chunks(document: object) -> None:
    assert callable(document)
    opened = alone(document())
    (one,) = page(opened, "stream").sections
    assert opened.new is not None and opened.new.recording is not None
    count = len(opened.new.recording.interactions[0].response.events)
    assert sum(isinstance(block, Sides) for block in one.blocks()) == count


def test_sides_that_cannot_be_read_have_no_stream() -> None:
    opened = pair(chat_stream(), chat_stream())._replace(old=missing(None), new=missing(None))
    assert keys(page(opened, "stream")) == ["none"]
