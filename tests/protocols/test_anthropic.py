"""Anthropic's messages, streamed and single; the anthropic SDK's accumulator as a witness."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.protocols.anthropic import collapse
from recdiff.rules.ids import consistent
from tests import recordings as made
from tests.recordings import QUICK, compared, cut_by, events_of, leaves_in, leaves_of, reply_of, said, told


def lines(*events: dict[str, Any]) -> dict[str, Any]:
    """A streamed message of these events, after its beginning."""
    start = {"type": "message_start", "message": {"id": "m", "role": "assistant", "model": "claude-x", "content": []}}
    return made.anthropic_lines(events=[start, *events])


def block(index: int, begin: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of one block."""
    found = [{"type": "content_block_start", "index": index, "content_block": begin}]
    found += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
    return [*found, {"type": "content_block_stop", "index": index}]


def test_a_stream_says_what_a_single_message_says() -> None:
    wanted = {
        "text": "I will look it up.",
        "reasoning": "The user wants the weather.",
        "finish_reason": "tool_use",
        "calls": [("get_weather", {"city": "Paris", "days": 3})],
    }
    assert said(made.anthropic_single()) == said(made.anthropic_lines()) == wanted
    assert reply_of(made.anthropic_lines())["usage"] == {"input_tokens": 70, "output_tokens": 32}
    assert reply_of(made.anthropic_lines())["choices"][0]["tool_calls"][0]["id"] == "toolu_1"


def test_blocks_of_other_types_stay_whole() -> None:
    for document in (made.anthropic_single(), made.anthropic_lines()):
        extra = reply_of(document)["choices"][0]["extra"]["content"]["3"]
        assert (extra["type"], extra["id"], extra["name"]) == ("server_tool_use", "srv_1", "web_search")
    assert reply_of(made.anthropic_single())["choices"][0]["extra"]["content"]["3"]["input"] == {"query": "Paris"}


def test_a_server_tool_result_is_kept() -> None:
    result = {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": [{"url": "https://a"}]}
    single = made.anthropic_single([result])
    assert reply_of(single)["choices"][0]["extra"]["content"]["0"] == result
    assert reply_of(lines(*block(0, result)))["choices"][0]["extra"]["content"]["0"] == result


CITED = {"cited_text": "blue", "document_index": 0}
SEEN = {"cited_text": "sky", "document_index": 1}


def cited(*texts: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A streamed message of these texts with their citations."""
    found = []
    for index, (text, citations) in enumerate(texts):
        deltas = [{"type": "text_delta", "text": piece} for piece in made.words(text)]
        deltas[1:1] = [{"type": "citations_delta", "citation": citation} for citation in citations]
        found += block(index, {"type": "text", "text": "", "citations": []}, *deltas)
    return lines(*found)


def test_citations_stand_at_their_block() -> None:
    choice = reply_of(cited(("Hm. ", []), ("The sky is blue.", [CITED, SEEN])))["choices"][0]
    assert choice["text"] == "Hm. The sky is blue."
    assert choice["extra"]["content"]["1"]["citations"] == [CITED, SEEN]


def test_citations_streamed_or_whole_are_the_same() -> None:
    blocks = [{"type": "text", "text": "The sky is blue.", "citations": [CITED, SEEN]}]
    streamed = cited(("The sky is blue.", [CITED, SEEN]))
    whole = made.anthropic_single(blocks)["response"]["body"]["content"]
    single = lines()
    single["response"]["body"] = made.sse(
        [{"type": "message_start", "message": {"id": "m", "role": "assistant", "model": "claude-x", "content": whole}}]
    )
    assert told(single, streamed) == []


def test_a_citation_of_another_block_is_a_change() -> None:
    old, new = cited(("a b", [CITED]), ("c", [])), cited(("a b", []), ("c", [CITED]))
    assert {change[1].rpartition("/content/")[2] for change in told(old, new)} == {"0/citations", "1/citations"}


def test_a_citation_of_many_that_changed_is_told_alone() -> None:
    old, new = (
        made.anthropic_single([{"type": "text", "text": "a", "citations": [CITED, other]}])
        for other in (SEEN, {**SEEN, "document_index": 2})
    )
    assert [(change[2], change[3]) for change in told(old, new)] == [(1, 2)]


def searched(name: str, of: str | None = None) -> dict[str, Any]:
    """A message in which the server searched, under this id; its result may name another."""
    call = {"type": "server_tool_use", "id": name, "name": "web_search", "input": {"query": "q"}}
    result = {"type": "web_search_tool_result", "tool_use_id": of or name, "content": [{"url": "u"}]}
    return made.anthropic_single([call, result, {"type": "text", "text": "ok"}])


def test_ids_of_server_tools_are_ids() -> None:
    ledger = compared(searched("srv_1"), searched("srv_2"))
    assert ledger.changes == []
    assert [(seen.old, seen.new) for seen in ledger.sightings if seen.change] == [("srv_1", "srv_2")] * 2


@pytest.mark.parametrize(("name", "of"), [("srv_1", "srv_2"), ("srv_2", "srv_1")])
def test_an_id_of_a_server_tool_that_stayed_counts(name: str, of: str) -> None:
    ledger = compared(searched("srv_1"), searched(name, of))
    assert not {pair for pair in consistent(ledger.sightings) if pair[0] != pair[1]}


def test_deltas_never_seen_stay() -> None:
    document = lines(*block(0, {"type": "text", "text": ""}, {"type": "color_delta", "color": "red", "text": "x"}))
    choice = reply_of(document)["choices"][0]
    assert choice["text"] == "x"
    assert choice["extra"]["content"]["0"]["color"] == "red"
    assert choice["extra"]["delta"] == "color_delta"


@pytest.mark.parametrize(
    "event", [{"type": "new_event", "x": {"y": 1}}, {"type": "ping", "x": {"y": 1}}, {"x": {"y": 1}}]
)
def test_events_never_seen_stay(event: dict[str, Any]) -> None:
    assert reply_of(lines(event))["extra"]["x"] == {"y": 1}


def test_an_error_event_is_an_error() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    quiet, broken = (
        lines(*block(0, {"type": "text", "text": "Hi"})),
        lines(*block(0, {"type": "text", "text": "Hi"}), error),
    )
    assert [change[0] for change in told(quiet, broken)] == ["error"]
    assert reply_of(broken)["extra"]["error"]["message"] == "Overloaded"


def test_pieces_of_arguments_without_a_beginning_stay() -> None:
    delta = {
        "type": "content_block_delta",
        "index": 4,
        "delta": {"type": "input_json_delta", "partial_json": '{"a":1}'},
    }
    assert reply_of(lines(delta))["choices"][0]["extra"]["content"]["4"]["input"] == '{"a":1}'


@pytest.mark.parametrize("content", ["a text", {"a": 1}, ["a text"], [["x"]]])
def test_content_never_seen_stays(content: Any) -> None:
    document = made.anthropic_single()
    document["response"]["body"]["content"] = content
    extra = reply_of(document)["choices"][0]["extra"]["content"]
    assert extra == ({"0": content[0]} if isinstance(content, list) else content)


def test_the_input_that_a_call_begins_with_is_not_lost() -> None:
    pieces = [{"type": "input_json_delta", "partial_json": piece} for piece in ('{"a"', ": 1}")]
    old, new = (
        lines(*block(0, {"type": "tool_use", "id": "t", "name": "f", "input": begun}, *pieces))
        for begun in ({}, {"b": 2})
    )
    assert [change[0] for change in told(old, new)] == ["tool"]


BLOCKS = st.lists(
    st.builds(lambda text: {"type": "text", "text": text}, st.text("ab é\n", min_size=1, max_size=9))
    | st.builds(
        lambda text: {"type": "thinking", "thinking": text, "signature": "s"}, st.text("hm ", min_size=1, max_size=9)
    )
    | st.builds(
        lambda name, value: {"type": "tool_use", "id": f"toolu_{name}", "name": name, "input": value},
        st.sampled_from("fg"),
        st.dictionaries(st.text("ab:", max_size=2), st.integers() | st.text('x"{', max_size=3), max_size=2),
    ),
    min_size=1,
    max_size=4,
)


@QUICK
@given(BLOCKS, st.randoms(use_true_random=False))
def test_collapsing_agrees_with_the_anthropic_sdk(blocks: list[dict[str, Any]], rng: random.Random) -> None:
    messages = pytest.importorskip("anthropic.lib.streaming._messages")
    snapshot, buffers = None, dict[int, bytes]()
    events = made.anthropic_events(blocks, cut_by(rng))
    for event in events:
        if event["type"] != "ping":
            snapshot = messages.accumulate_event(event=event, current_snapshot=snapshot, json_bufs=buffers)
    assert snapshot is not None
    found = said(made.anthropic_lines(events=events))
    assert found.get("text", "") == "".join(part.text for part in snapshot.content if part.type == "text")
    assert found.get("reasoning", "") == "".join(part.thinking for part in snapshot.content if part.type == "thinking")
    assert found.get("calls", []) == [(part.name, part.input) for part in snapshot.content if part.type == "tool_use"]
    assert found["finish_reason"] == snapshot.stop_reason
    assert leaves_of(collapse(events_of(events))) == leaves_in(events_of(events))
