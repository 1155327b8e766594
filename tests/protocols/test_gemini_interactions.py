"""Gemini's interactions."""

from __future__ import annotations

from typing import Any

import pytest

from recdiff.rules.ids import consistent
from tests import recordings as made
from tests.recordings import compared, reply_of, said, told


def events(*found: dict[str, Any]) -> dict[str, Any]:
    """A streamed interaction of these events."""
    document = made.interaction_lines([])
    begin = {"interaction": {"object": "interaction", "model": "g"}, "event_type": "interaction.start"}
    document["response"]["body"] = made.sse([begin, *found], "event_type")
    return document


def test_a_stream_says_what_a_single_interaction_says() -> None:
    wanted = {
        "text": "Hello from the interaction.",
        "finish_reason": "completed",
        "calls": [("get_weather", {"city": "Paris", "days": 3})],
    }
    assert said(made.interaction_lines()) == said(made.interaction_single()) == wanted
    for document in (made.interaction_lines(), made.interaction_single()):
        reply = reply_of(document)
        assert (reply["model"], reply["usage"]["total_tokens"]) == ("gemini-2.5-flash-lite", 16)
        assert reply["choices"][0]["tool_calls"][0]["id"] == "fn_1"
        assert reply["choices"][0]["extra"]["signature"] == "c2lnbmVk"


def test_the_last_status_is_how_it_ended() -> None:
    statuses = [{"status": status, "event_type": "interaction.status_update"} for status in ("in_progress", "failed")]
    assert said(events(*statuses)) == {"finish_reason": "failed"}


def test_a_thought_with_text_is_reasoning() -> None:
    begin = {"index": 0, "content": {"type": "thought"}, "event_type": "content.start"}
    deltas = [{"index": 0, "delta": {"text": text}, "event_type": "content.delta"} for text in ("Hm, ", "so.")]
    assert said(events(begin, *deltas)) == {"reasoning": "Hm, so."}


def test_arguments_in_pieces() -> None:
    begin = {"index": 1, "content": {"type": "function_call", "name": "f"}, "event_type": "content.start"}
    deltas = [
        {"index": 1, "delta": {"arguments": piece}, "event_type": "content.delta"} for piece in ('{"a"', ": [1]}")
    ]
    assert said(events(begin, *deltas)) == {"calls": [("f", {"a": [1]})]}


def test_outputs_and_events_never_seen_stay() -> None:
    image = {"index": 2, "content": {"type": "image", "data": "aGk="}, "event_type": "content.start"}
    strange = {"event_type": "content.sparkle", "sparkle": 3}
    reply = reply_of(events(image, strange))
    assert reply["choices"][0]["extra"]["outputs"]["2"]["data"] == "aGk="
    assert reply["choices"][0]["extra"]["type"] == "image"
    assert reply["extra"]["sparkle"] == 3
    assert reply["extra"]["event_type"] == "content.sparkle"


@pytest.mark.parametrize("outputs", ["text", {"a": 1}, ["text"], [["x"]]])
def test_outputs_of_other_types_stay(outputs: Any) -> None:
    document = made.interaction_single()
    document["response"]["body"]["outputs"] = outputs
    reply = reply_of(document)
    found = reply["extra"].get("outputs") or reply["choices"][0]["extra"]["outputs"]
    assert found == ({"0": outputs[0]} if isinstance(outputs, list) else outputs)


def test_an_error_body_is_an_error() -> None:
    changes = told(made.error_status("no such field"), made.error_status("no such tool"))
    assert [(change[0], change[1]) for change in changes] == [("error", "/response/body/error/message")]


def test_a_stream_that_ended_otherwise_is_a_change() -> None:
    old, new = made.interaction_lines(), made.interaction_lines()
    new["response"]["body"] = [line.replace("completed", "incomplete") for line in new["response"]["body"]]
    assert [change[0] for change in told(old, new)] == ["finish"]


def searched(name: str, of: str) -> dict[str, Any]:
    """An interaction in which Google searched, under this id; its result names one."""
    call = {"type": "google_search_call", "id": name, "arguments": {"queries": ["q"]}}
    return made.interaction_single([call, {"type": "google_search_result", "call_id": of, "result": [{"url": "u"}]}])


def test_ids_of_server_tools_are_ids() -> None:
    ledger = compared(searched("a", "a"), searched("b", "b"))
    assert ledger.changes == []
    assert {pair for pair in consistent(ledger.sightings) if pair[0] != pair[1]} == {("a", "b")}
    mixed = consistent(compared(searched("a", "a"), searched("b", "a")).sightings)
    assert not {pair for pair in mixed if pair[0] != pair[1]}


def ended(*statuses: str) -> dict[str, Any]:
    """A streamed interaction that goes through these statuses."""
    updates = [
        {"interaction_id": "i", "status": status, "event_type": "interaction.status_update"} for status in statuses
    ]
    done = {"interaction": {"status": "completed"}, "event_type": "interaction.complete"}
    return events({"interaction": {"status": "in_progress"}, "event_type": "interaction.start"}, *updates, done)


def test_a_status_on_the_way_is_a_change() -> None:
    assert [(change[0], change[2], change[3]) for change in told(ended("in_progress"), ended("failed"))] == [
        ("finish", "completed", ["failed", "completed"])
    ]
    assert told(ended("in_progress"), ended("in_progress", "in_progress")) == []
    assert told(ended("in_progress"), ended()) == []


def test_a_single_interaction_that_goes_on_says_so() -> None:
    old, new = made.interaction_single(), made.interaction_single()
    new["response"]["body"]["status"] = "in_progress"
    assert [(change[0], change[3]) for change in told(old, new)] == [("finish", "in_progress")]
