"""A changed text as rows: both sides are in them whole, or what is left out is said in its place."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.words import runs_of
from recdiff.reports.html.limits import STEPS, Limits
from recdiff.reports.html.rows import (
    ADDED,
    KEPT,
    NOTE,
    NOTE_NEW,
    NOTE_OLD,
    REMOVED,
    Row,
    changed,
    flat,
    rows_of,
)
from recdiff.safe import visible

WHOLE = Limits(long=10**9, end=10**9, longest=10**9, changes=10**9, samples=10**9, said=10**9)
WORDS = st.lists(st.sampled_from(["tide", "nine", "<b>", "0.5", ",", " ", " ", "\n", "\u202e", "é"]), max_size=30)


def side(rows: list[Row], kinds: tuple[int, ...]) -> str:
    return "\n".join("".join(text for kind, text in row if kind in kinds) for row in rows)


def near(old: str, new: str, limits: Limits = STEPS[0]) -> list[Row]:
    return rows_of(runs_of(old, new), limits)


@given(WORDS.map("".join), WORDS.map("".join))
def test_rows_hold_both_texts(old: str, new: str) -> None:
    rows = near(old, new, WHOLE)
    if any(kind == NOTE for row in rows for kind, _ in row):
        return
    for text, kinds in ((old, (KEPT, REMOVED)), (new, (KEPT, ADDED))):
        told = side(rows, kinds).replace("⏎", "")
        assert told.rstrip("\n") == visible(text, lines=True).replace("⏎", "").rstrip("\n")


def test_lines_far_from_a_change_are_counted() -> None:
    lines = [f"line {number}" for number in range(20)]
    rows = near("\n".join(lines), "\n".join([*lines[:10], "line ten", *lines[11:]]))
    assert rows[0] == [(NOTE, " ⋯ 8 unchanged lines ⋯ ")]
    assert [text for row in rows[1:3] for _, text in row] == ["line 8", "line 9"]
    assert rows[3] == [(KEPT, "line "), (REMOVED, "10"), (ADDED, "ten")]
    assert rows[-1] == [(NOTE, " ⋯ 7 unchanged lines ⋯ ")]


def test_one_line_far_from_a_change_is_shown() -> None:
    rows = near("a\nb\nc\nd", "a\nb\nc\ne")
    assert rows[0] == [(KEPT, "a")]


def test_the_middle_of_a_long_line_is_counted() -> None:
    words = " ".join(f"word{number}" for number in range(400))
    row = near(f"{words} nine", f"{words} ten")[0]
    assert [kind for kind, _ in row] == [KEPT, NOTE, KEPT, REMOVED, ADDED]
    shown = len(row[0][1]) + len(row[2][1])
    assert int(re.sub(r"\D", "", row[1][1])) + shown == len(words) + 1
    assert shown <= 2 * STEPS[0].end


def test_a_very_long_change_is_cut_in_its_middle() -> None:
    limits = STEPS[-1]
    old, new = changed("x" * 1000, REMOVED, limits), changed("y" * 1000, ADDED, limits)
    assert [kind for kind, _ in old] == [REMOVED, NOTE_OLD, REMOVED]
    assert [kind for kind, _ in new] == [ADDED, NOTE_NEW, ADDED]
    assert old[1][1] == f" ⋯ {1000 - limits.longest} characters ⋯ "


def test_line_ends_that_came_or_went_are_seen() -> None:
    assert changed("\n\n", ADDED, WHOLE) == [(ADDED, "⏎\n⏎\n")]
    assert near("a\nb", "a b")[0][0] == (KEPT, "a")


def test_control_characters_are_spelled() -> None:
    assert near("a \x1b[31m\r\nb", "a \u202e\nb")[0] == [
        (KEPT, "a "),
        (REMOVED, "\\x1b[31m\\x0d\n"),
        (ADDED, "\\u202e\n"),
        (KEPT, "b"),
    ]


def test_flat() -> None:
    assert flat([(KEPT, "a"), (ADDED, "b")]) == [KEPT, "a", ADDED, "b"]
