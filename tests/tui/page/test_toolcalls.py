"""Tool calls as a table: each argument with its old and its new value, calls that came, went, moved or were renamed."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.jsonvalue import Json
from recdiff.opening import Opened
from recdiff.tui.page.blocks import words_of
from tests.recordings import QUICK, Answer, chat_single, chat_stream
from tests.tui.page.opened import page, pair, said, section
from tests.tui.page.test_account import assert_accounted

Call = tuple[str, Json]


def calling(*calls: Call, stream: bool = True) -> dict[str, Json]:
    """A recording whose reply is these calls, by name and arguments; arguments that are a text stand as they are."""
    spelled = [("call_1", name, value if isinstance(value, str) else json.dumps(value)) for name, value in calls]
    answer = Answer(text=None, calls=spelled, finish="tool_calls")
    return chat_stream(answer) if stream else chat_single(answer)


def lines(*sides: list[Call], width: int = 120) -> list[str]:
    """What the section of tool calls says of two lists of calls."""
    opened = pair(*(calling(*calls) for calls in sides))
    assert_accounted(opened, page(opened))
    return said(section(page(opened), "tool"), width)


def note(*sides: list[Call]) -> str:
    opened = pair(*(calling(*calls) for calls in sides))
    return words_of(section(page(opened), "tool").note)


def row(name: str, value: str, indent: int = 4) -> str:
    return f"{' ' * indent}{name:<20}{value}"


def test_an_argument_is_shown_with_its_old_and_its_new_value_among_the_others() -> None:
    old, new = {"liquid": "polyjuice", "celsius": True}, {"liquid": "polyjuice", "celsius": "true"}
    assert lines([("boil", old)], [("boil", new)]) == [
        "  boil",
        row("liquid", '"polyjuice"'),
        row("celsius", 'true → "true"'),
    ]
    assert note([("boil", old)], [("boil", new)]) == "boil"


def test_arguments_that_came_and_went_belong_to_their_call_wherever_it_stood() -> None:
    old: list[Call] = [("gone", {}), ("keep", {"a": 1, "b": 2, "old": "x"})]
    assert lines(old, [("keep", {"a": 1, "b": 3, "new": "y"})]) == [
        "  keep",
        row("a", "1"),
        row("b", "2 → 3"),
        row("new", '+ "y"'),
        row("old", '− "x"'),
        "  − gone({})",
    ]
    assert note(old, [("keep", {"a": 1, "b": 3, "new": "y"})]) == "keep, − gone"


def test_calls_that_came_moved_and_stayed() -> None:
    old: list[Call] = [("a", {"x": 1}), ("b", {"y": 2}), ("c", {"z": 3})]
    new: list[Call] = [("b", {"y": 2}), ("c", {"z": 4}), ("d", {"q": [1, {"r": "s"}]}), ("a", {"x": 1})]
    assert lines(old, new) == [
        "  b  unchanged",
        row("y", "2"),
        "  c",
        row("z", "3 → 4"),
        '  + d({"q":[1,{"r":"s"}]})',
        "  a  unchanged",
        row("x", "1"),
        row("tool_calls", 'order: ["a","b","c"] → ["b","c","a"]', 2),
    ]
    assert note(old, new) == "c, + d, in another order"


def test_a_renamed_tool_says_both_names_once() -> None:
    old, new = ("find", {"q": 1, "deep": {"a": [1, 2]}}), ("search", {"q": 1, "deep": {"a": [1, 3]}})
    assert lines([old], [new]) == ["  find → search", row("q", "1"), row("deep.a.1", "2 → 3")]
    assert note([old], [new]) == "find → search"


def test_arguments_that_are_no_json_are_one_argument() -> None:
    assert lines([("f", '{"q": 1')], [("f", '{"q": 1, oh')]) == ["  f", row("arguments", '"{"q": 1" → "{"q": 1, oh"')]
    assert lines([("f", '{"q": 1}')], [("f", '{"q": 1')])[0] == "  f"


def test_equal_calls_keep_their_partners() -> None:
    old: list[Call] = [("f", {"n": 1}), ("f", {"n": 2}), ("f", {"n": 3})]
    new: list[Call] = [("f", {"n": 2}), ("f", {"n": 4}), ("f", {"n": 3})]
    assert lines(old, new)[:4] == ["  f  unchanged", row("n", "2"), "  f", row("n", "1 → 4")]


def test_long_arguments_are_told_by_the_lines_that_changed() -> None:
    text = "\n".join(f"line {number} is here" for number in range(30))
    new = text.replace("line 17 is here", "line 17 is there")
    found = lines([("write", {"path": "a.py", "text": text})], [("write", {"path": "a.py", "text": new})])
    assert "      line 17 is [-here-]{+there+}" in found
    assert len(found) == 10


def test_a_long_call_that_came_has_its_arguments_below_its_name() -> None:
    script = "import os\n" * 12
    found = lines([("f", {})], [("f", {}), ("run", {"language": "python", "script": script})])
    assert found[:1] == ["  f  unchanged"]
    assert found[1:4] == ["  + run", row("language", '"python"'), "    script"]
    assert found.count("      import os") == 12


def test_a_long_unchanged_argument_is_shortened() -> None:
    (_, shown, _) = lines([("f", {"a": "x" * 5_000, "b": 1})], [("f", {"a": "x" * 5_000, "b": 2})])
    assert shown == row("a", f'"{"x" * 70}…" 5,000 characters')


def test_calls_of_several_choices_are_told_apart() -> None:
    def answers(first: str, second: str) -> list[Answer]:
        return [Answer(calls=[("call_1", name, '{"q": 1}')], finish="tool_calls") for name in (first, second)]

    opened = pair(chat_single(*answers("a", "b")), chat_single(*answers("a", "c")))
    assert_accounted(opened, page(opened))
    assert said(section(page(opened), "tool")) == ["  a  unchanged", row("q", "1"), "  b → c", row("q", "1")]


names = st.sampled_from(("get", "put", "a/b", "x~y", "[z]"))
keys = st.sampled_from(("q", "a/b", "~", "", "n"))
values = st.sampled_from((1, 2, "x", [1], {"d": 1}, {"d": 2}, "y" * 90))
arguments = st.dictionaries(keys, values, max_size=3) | st.sampled_from(("", "{", "[1, 2]", "no"))
calls = st.lists(st.tuples(names, arguments), max_size=4)


@QUICK
@given(calls, calls, st.booleans(), st.booleans())
def test_every_change_of_calls_is_told_once(old: list[Call], new: list[Call], streamed: bool, single: bool) -> None:
    opened = pair(calling(*old, stream=streamed), calling(*new, stream=not single))
    assert_accounted(opened, page(opened))


@pytest.mark.parametrize("seed", range(3))
def test_changes_whose_calls_are_not_there_any_more_are_told_all_the_same(seed: int) -> None:
    old, new = calling(("f", {"a": 1}), ("g", {"b": 1})), calling(("f", {"a": 2}), ("h", {"b": 3}))
    opened = pair(old, new)
    lost: Opened = pair(calling(), calling())  # the files as they are now
    stale = opened._replace(old=lost.old, new=lost.new)
    random.Random(seed).shuffle(list(stale.entry.changes))
    assert_accounted(stale, page(stale))
