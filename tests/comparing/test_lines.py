"""Responses kept as SSE lines: a line is one leaf, whatever many things it says."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import recordings as made
from tests.recordings import QUICK, anthropic_lines, check_account, compared, hidden, load, sse, told


def events(*found: dict[str, Any]) -> Any:
    """A streamed message of one text block that says these deltas."""
    begin = {"type": "message_start", "message": {"id": "m", "role": "assistant", "model": "c", "content": []}}
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    return anthropic_lines(events=[begin, block, *found, {"type": "message_stop"}])


def text(piece: str) -> dict[str, Any]:
    """A piece of text."""
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}


def balanced(old: Any, new: Any) -> Any:
    """The account of two documents, checked."""
    ledger = compared(old, new)
    check_account(load(old), load(new), ledger)
    return ledger


def test_a_line_that_says_something_else_is_one_leaf() -> None:
    old, new = events(text("Hello "), text("world")), events(text("Hello "), text("there"))
    ledger = balanced(old, new)
    assert [(change.change_class, change.old, change.new) for change in ledger.changes] == [
        ("text", "Hello world", "Hello there")
    ]
    assert (ledger.shown, ledger.hidden) == ([1, 1], {})


def test_lines_cut_elsewhere_are_hidden_with_their_frames() -> None:
    ledger = balanced(events(text("Hello world")), events(text("Hello "), text("world")))
    assert (ledger.changes, list(ledger.hidden)) == ([], ["chunking"])


def test_a_line_of_noise_and_meaning_is_shown() -> None:
    old, new = anthropic_lines(), anthropic_lines()
    new["response"]["body"][1] = new["response"]["body"][1].replace("msg_1", "msg_2").replace("claude-x", "claude-y")
    ledger = balanced(old, new)
    assert [change.change_class for change in ledger.changes] == ["model"]
    assert (ledger.shown, ledger.hidden) == ([1, 1], {})


def test_a_line_of_noise_is_hidden_under_its_rule() -> None:
    old, new = anthropic_lines(), anthropic_lines()
    new["response"]["body"][1] = new["response"]["body"][1].replace("msg_1", "msg_2")
    assert hidden(old, new) == {"response-id": [1, 1]}


def test_white_space_in_a_line_is_noise() -> None:
    old = events(text("Hello "), text("world"))
    new = made.with_value(old, "/response/body", [line.replace('": ', '":') for line in old["response"]["body"]])
    assert not balanced(old, new).changes


def test_an_id_waits_with_its_line() -> None:
    old, new = anthropic_lines(), anthropic_lines()
    new["response"]["body"] = [line.replace("toolu_1", "toolu_2") for line in new["response"]["body"]]
    ledger = balanced(old, new)
    (seen,) = (sighting for sighting in ledger.sightings if sighting.change)
    assert (seen.old, seen.new, seen.leaves) == ("toolu_1", "toolu_2", (1, 1))
    assert (ledger.changes, ledger.hidden) == ([], {})


def test_an_id_on_a_line_with_another_change() -> None:
    old, new = anthropic_lines(), anthropic_lines()
    lines = [line.replace("toolu_1", "toolu_2").replace("get_weather", "get_time") for line in new["response"]["body"]]
    ledger = balanced(old, made.with_value(new, "/response/body", lines))
    assert [change.change_class for change in ledger.changes] == ["tool"]
    assert ledger.shown == [1, 1]


@pytest.mark.parametrize("line", ["data: [DONE]", ": a comment", "retry: 10", "data: "])
def test_lines_that_say_nothing(line: str) -> None:
    old = anthropic_lines()
    new = made.with_value(old, "/response/body", [*old["response"]["body"], "", line])
    assert not [change for change in balanced(old, new).changes if change.change_class != "data"]


@pytest.mark.parametrize(
    "payload", ["not json", '{"type": "new", "x": 1}', "5", '{"type": "error", "error": {"m": 1}}']
)
def test_lines_that_say_something_new_are_shown(payload: str) -> None:
    old = anthropic_lines()
    new = made.with_value(old, "/response/body", [*old["response"]["body"], "", f"data: {payload}"])
    assert balanced(old, new).changes


@QUICK
@given(
    st.lists(st.sampled_from(["a", "b ", "c"]), max_size=4),
    st.lists(st.sampled_from(["a", "b ", "c"]), max_size=4),
    st.randoms(use_true_random=False),
)
def test_any_two_streams_of_lines_balance(old: list[str], new: list[str], rng: random.Random) -> None:
    before, after = events(*map(text, old)), events(*map(text, new))
    rng.shuffle(after["response"]["body"][-2:])
    ledger = balanced(before, after)
    if "".join(old) != "".join(new):
        assert "text" in {change.change_class for change in ledger.changes}


def test_lines_of_an_unknown_protocol_are_a_body() -> None:
    old, new = (
        made.recording(sse([{"a": 1}, {"b": value}]), streaming=True, asked=made.request(endpoint="/x"))
        for value in (1, 2)
    )
    assert [(change[0], change[2], change[3]) for change in told(old, new)] == [("data", 1, 2)]
    balanced(old, new)


def without_end(document: Any, *said: str) -> Any:
    """A stream that broke off: without the lines that say its end."""
    lines = [line for line in document["response"]["body"] if not any(word in line for word in said)]
    return made.with_value(document, "/response/body", lines)


def chat_lines(*ends: str) -> Any:
    """A chat stream, kept as lines."""
    chunks = [item["__data__"] for item in made.chat_stream()["response"]["body"]]
    return made.recording([*sse(chunks), *ends], streaming=True)


BROKEN = [
    (anthropic_lines(), without_end(anthropic_lines(), "message_stop"), "message_stop"),
    (made.interaction_lines(), without_end(made.interaction_lines(), "done", "[DONE]"), "[DONE]"),
    (chat_lines("data: [DONE]", ""), chat_lines(), "[DONE]"),
]


@pytest.mark.parametrize(("whole", "broken", "end"), BROKEN, ids=["anthropic", "interaction", "chat"])
def test_a_stream_that_broke_off_is_an_error(whole: Any, broken: Any, end: str) -> None:
    place = "/response/reply/extra/ended_by"
    assert told(whole, broken) == [("error", place, end, None)]
    assert told(broken, whole) == [("error", place, None, end)]
    assert made.reply_of(whole)["extra"]["ended_by"] == end
    assert "ended_by" not in made.reply_of(broken)["extra"]
    balanced(whole, broken)


@pytest.mark.parametrize("build", [made.anthropic_lines, made.interaction_lines])
def test_only_streams_have_an_end(build: Any) -> None:
    whole, broken = build(), without_end(build(), "message_stop", "done", "[DONE]")
    single = made.anthropic_single() if build is made.anthropic_lines else made.interaction_single()
    for stream in (whole, broken):
        single["request"] = stream["request"]
        single["response"].pop("status", None)
        assert {change[1] for change in told(single, stream)} == {"/response/streamed"}
        balanced(single, stream)


def test_chunks_of_an_sdk_hold_no_end() -> None:
    lines, chunks = chat_lines("data: [DONE]"), made.chat_stream()
    lines["request"] = chunks["request"]
    assert {change[0] for change in told(chunks, lines)} == {"provenance"}


def test_an_end_is_no_event() -> None:
    assert made.response_of(chat_lines())["events"] == made.response_of(chat_lines("data: [DONE]"))["events"]


def test_lines_of_an_unknown_protocol_that_broke_off() -> None:
    old = made.recording([*sse([{"a": 1}]), "data: [DONE]"], streaming=True, asked=made.request(endpoint="/x"))
    new = without_end(old, "[DONE]")
    assert [(change[0], change[2]) for change in told(old, new)] == [("data", "[DONE]")]
