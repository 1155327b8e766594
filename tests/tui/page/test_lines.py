"""A page's lines: made when they are looked at, folded by section, each change marked once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recdiff.model import Change
from recdiff.tui.page.blocks import Block, Line, Page, Section, Sides, Span, plain, words_of
from recdiff.tui.page.layout import Shape
from recdiff.tui.page.lines import GUTTER, PageLines
from tests.recordings import Answer, chat_single
from tests.tui.page.opened import page, pair


def change(number: int) -> Change:
    return Change("data", f"/interactions/0/response/body/{number}", "changed", 1, 2, f"body.{number}", "")


class Made:
    """A section of many lines that counts those that were made."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made = 0

    def blocks(self) -> Iterator[Block]:
        for number in range(self.count):
            self.made += 1
            yield Line(plain(f"line {number}"))


def sections(*blocks: Made, is_open: bool = True) -> Page:
    found = [
        Section(f"s{number}", f"Section {number}", plain("note"), is_open, one.blocks)
        for number, one in enumerate(blocks)
    ]
    return Page("key", (Line(plain("title")),), tuple(found))


def lines_of(shown: Page, width: int = 80, folded: tuple[str, ...] = ()) -> PageLines:
    return PageLines(shown, Shape(width), lambda section: section.is_open and section.key not in folded)


def texts(lines: PageLines) -> list[str]:
    lines.make(10**6)
    return [words_of(lines[index].text) for index in range(len(lines))]


def test_a_page_is_its_title_and_the_open_sections() -> None:
    shown = sections(Made(2), Made(1))
    assert texts(lines_of(shown)) == [
        "  title", "▾ Section 0   note", "  line 0", "  line 1", "", "▾ Section 1   note", "  line 0", "",
    ]  # fmt: skip
    assert texts(lines_of(shown, folded=("s0",))) == [
        "  title", "▸ Section 0   note", "▾ Section 1   note", "  line 0", "",
    ]  # fmt: skip


def test_no_more_is_made_than_is_looked_at() -> None:
    first, second = Made(50_000), Made(1)
    lines = lines_of(sections(first, second))
    assert lines.make(60)
    assert len(lines) == 60 and not lines.is_whole
    assert first.made <= 61 and second.made == 0
    assert not lines.make(10)


def test_a_folded_section_costs_nothing() -> None:
    folded = Made(5)
    texts(lines_of(sections(folded, is_open=False)))
    assert folded.made == 0


def test_a_head_is_found_wherever_its_section_begins() -> None:
    lines = lines_of(sections(Made(100), Made(3)))
    assert lines.head_of(0) == 1
    assert lines.head_of(1) == 103
    assert lines[103].role == "head"
    assert lines.head_of(7) == 107  # no such section: the end
    assert lines.is_whole


def test_each_change_is_marked_on_its_first_line() -> None:
    first, second = change(1), change(2)
    blocks = [
        Line(plain("name"), change=first), Line(plain("value"), change=first), Line(plain("between")),
        Line(plain("other"), change=second),
    ]  # fmt: skip
    lines = lines_of(Page("key", (), (Section("s", "S", (), True, lambda: iter(blocks), changes=(first, second)),)))
    lines.make(100)
    found = [(lines[index].begins, lines[index].changes) for index in range(len(lines))]
    assert found == [
        (False, (first, second)), (True, (first,)), (False, (first,)), (False, ()), (True, (second,)), (False, ()),
    ]  # fmt: skip


def test_the_first_of_rows_that_differ_is_a_place_to_go_to() -> None:
    same, other = plain("a"), plain("b")
    rows = [Sides(same, same, True), Sides(same, other, False), Sides(same, other, False), Sides(same, same, True),
            Sides(None, other, False)]  # fmt: skip
    lines = lines_of(Page("key", (), (Section("s", "S", (), True, lambda: iter(rows)),)), 120)
    lines.make(100)
    assert [lines[index].begins for index in range(1, 6)] == [False, True, False, False, True]


@pytest.mark.parametrize("width", [10, 14, 24, 40])
def test_a_head_fits(width: int) -> None:
    section = Section("s", "A rather long title", plain("and a note beside it"), False, lambda: iter(()))
    (head,) = texts(lines_of(Page("key", (), (section,)), width))
    assert len(head) <= max(width - GUTTER, 10)
    assert head.startswith("▸ A rath")


def test_a_note_that_tells_all_is_not_said_twice() -> None:
    shown = page(pair(chat_single(Answer()), chat_single(Answer(finish="length"))))
    opened, folded = texts(lines_of(shown)), texts(lines_of(shown, folded=("finish",)))
    assert "▾ Finish" in opened
    assert '  finish_reason       "stop" → "length"' in opened
    assert "▸ Finish   stop → length" in folded


def test_lines_have_their_section_and_role() -> None:
    lines = lines_of(sections(Made(1)))
    lines.make(10)
    assert [(lines[index].role, lines[index].section) for index in range(len(lines))] == [
        ("title", -1), ("head", 0), ("body", 0), ("gap", 0),
    ]  # fmt: skip
    assert lines[1].text[0] == Span("▾ ", "faint")


def test_a_fault_in_one_section_leaves_the_others() -> None:
    def broken() -> Iterator[Block]:
        yield Line((Span("begun"),))
        raise ValueError("odd \x1b[31m")

    sections = (
        Section("a", "A", (), True, broken),
        Section("b", "B", (), True, lambda: iter((Line((Span("whole"),)),))),
    )
    lines = PageLines(Page("k", (), sections), Shape(100), lambda section: section.is_open)
    lines.make(100)
    text = "\n".join(words_of(lines[index].text) for index in range(len(lines)))
    assert "begun" in text and "whole" in text
    assert "this is a bug in recdiff: ValueError: odd \\x1b[31m" in text
