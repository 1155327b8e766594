"""Server-sent events from lines: what counts as such, and what each event holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.wire.sse import decode_lines, looks_like_sse
from tests.recordings import QUICK


def payloads(*lines: str) -> list[Any]:
    """What the events hold."""
    return [event.payload for event in decode_lines(lines, "/b")]


@pytest.mark.parametrize(
    ("lines", "is_sse"),
    [
        (["data: 1"], True),
        (["event: a", "data: {}", ""], True),
        ([": comment", "data:x", "id: 4", "retry: 10", "  "], True),
        (["event: a", ""], False),
        ([], False),
        (["data: 1", "plain"], False),
        (["database"], False),
        (['{"a": 1}'], False),
    ],
)
def test_what_looks_like_events(lines: list[str], is_sse: bool) -> None:
    assert looks_like_sse(lines) is is_sse


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['data: {"type": "a"}', ""], [{"type": "a"}]),
        (['data: {"type": "a"}'], [{"type": "a"}]),
        (['data:{"a":1}', "", "data:2", ""], [{"a": 1}, 2]),
        (["data: [1,", "data: 2]", ""], [[1, 2]]),
        (["data: no json", ""], ["no json"]),
        (["data: [DONE]", ""], ["[DONE]"]),
        (["data: [DONE] ", ""], ["[DONE] "]),
        (["event: ping", ""], []),
        (["event: delta", 'data: {"a": 1}', ""], [{"event": "delta", "a": 1}]),
        (["event: delta", "data: 5", ""], [{"event": "delta", "data": 5}]),
        (["event: done", "data: [DONE]", ""], ["[DONE]"]),
        (["event: error", "data: [DONE]", ""], [{"event": "error", "data": "[DONE]"}]),
        (["", "", "data: 1", "", "", "data: 2"], [1, 2]),
        ([": hello", "id: 4", "data: 1", ""], [1]),
        (['data: {"a": 1, "a": 2}', ""], ['{"a": 1, "a": 2}']),
        (['data: "\\ud800"', ""], ["\ud800"]),
        (["data: \ud800", ""], ["\ud800"]),
        (["data: 123456789012345678901234567890"], [123456789012345678901234567890]),
    ],
)
def test_events_of_lines(lines: list[str], found: list[Any]) -> None:
    assert payloads(*lines) == found


def test_the_event_name_is_not_said_twice() -> None:
    assert payloads("event: a", 'data: {"type": "a"}', "") == [{"type": "a"}]
    assert payloads("event: a", 'data: {"event_type": "a"}', "") == [{"event_type": "a"}]


@pytest.mark.parametrize("key", ["type", "event_type"])
def test_an_event_name_that_contradicts_its_data_is_kept(key: str) -> None:
    assert payloads("event: error", f'data: {{"{key}": "stop"}}', "") == [{"event": "error", key: "stop"}]


def test_each_event_knows_its_first_data_line() -> None:
    events = decode_lines(["event: a", "data: [1,", "data: 2]", "", "data: 3"], "/response/body")
    assert [(event.at, event.carrier) for event in events] == [
        ("/response/body/1", "/response/body/1"),
        ("/response/body/4", "/response/body/4"),
    ]


@QUICK
@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=4), st.integers() | st.text(st.characters(codec="utf-8"), max_size=6), max_size=3
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_written_is_read(objects: list[dict[str, Any]]) -> None:
    lines = [line for payload in objects for line in (f"data: {json.dumps(payload)}", "")]
    assert looks_like_sse(lines)
    assert payloads(*lines) == objects


@QUICK
@given(
    st.lists(
        st.sampled_from(["data:", "data: ", "data: 1", "event: x", "", ":", "id", "data", "\ud800", "data: [DONE]"])
    )
)
def test_any_lines_are_read(lines: list[str]) -> None:
    carriers = [event.carrier for event in decode_lines(lines, "/b")]
    assert len(set(carriers)) == len(carriers) <= sum(line.startswith("data") for line in lines)
