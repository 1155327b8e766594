"""OpenAI's chat and text completions: real shapes, odd ones, and the openai SDK's own accumulator as a witness."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.protocols.openai import collapse
from tests import recordings as made
from tests.recordings import (
    CALLS,
    QUICK,
    Answer,
    chat_single,
    chat_stream,
    chunk,
    cut_by,
    delta_chunk,
    events_of,
    leaves_in,
    leaves_of,
    recording,
    reply_of,
    request,
    response_of,
    said,
)


def stream(*chunks: Any, **more: Any) -> dict[str, Any]:
    """A recording of these chunks."""
    return recording(list(chunks), streaming=True, asked=request(stream=True), **more)


def pieces(key: str, *values: Any) -> dict[str, Any]:
    """A stream whose deltas hold these values under one key."""
    return stream(*(chunk([{"index": 0, "delta": {key: value}}]) for value in values))


def calls(*deltas: Any) -> dict[str, Any]:
    """A stream of pieces of tool calls."""
    return stream(*(chunk([{"index": 0, "delta": {"tool_calls": [delta]}}]) for delta in deltas))


def test_a_stream_and_a_single_response_say_the_same() -> None:
    answers = (Answer("Hi there.", reasoning="Be brief."), CALLS)
    for choice in (0, 1):
        assert said(chat_stream(*answers), choice) == said(chat_single(*answers), choice)
    assert said(chat_single(*answers), 1)["calls"][1] == ("get_time", {"zone": "Europe/Paris", "precise": False})


def test_azure_begins_without_model_or_choices() -> None:
    reply = reply_of(made.azure_stream())
    assert reply["model"] == "llama3.2:3b"
    assert [choice["index"] for choice in reply["choices"]] == [0]
    assert reply["choices"][0]["text"] == "Bonjour à tous"
    assert reply["choices"][0]["extra"] == {"content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}
    assert reply["extra"]["prompt_filter_results"][0]["prompt_index"] == 0
    assert reply["extra"]["obfuscation"][0] == "hUy00"


def test_filter_results_that_differ_between_chunks_are_all_kept() -> None:
    document = made.azure_stream()
    found = {"hate": {"filtered": True, "severity": "high"}}
    document["response"]["body"][3]["__data__"]["choices"][0]["content_filter_results"] = found
    assert found in reply_of(document)["choices"][0]["extra"]["content_filter_results"]


def test_together_says_the_text_twice() -> None:
    assert said(made.together_stream())["text"] == said(made.together_stream(doubled=False))["text"] == "One two three"
    assert "text" not in reply_of(made.together_stream())["choices"][0]["extra"]


def test_together_text_that_differs_is_extra_content() -> None:
    document = made.together_stream()
    document["response"]["body"][2]["__data__"]["choices"][0]["text"] = "deux "
    choice = reply_of(document)["choices"][0]
    assert (choice["text"], choice["extra"]["text"]) == ("One two three", "One deux three")


def test_together_text_alone_is_the_text() -> None:
    document = made.together_stream()
    for item in document["response"]["body"]:
        item["__data__"]["choices"][0]["delta"]["content"] = ""
    assert said(document)["text"] == "One two three"


@pytest.mark.parametrize(
    ("delta", "reasoning", "extra"),
    [
        ({"reasoning": "Hm."}, "Hm.", {}),
        ({"reasoning_content": "Hm."}, "Hm.", {}),
        ({"reasoning": "Hm.", "reasoning_content": "Hm."}, "Hm.", {}),
        ({"reasoning": "Hm.", "reasoning_content": None}, "Hm.", {}),
        ({"reasoning": None, "reasoning_content": "Hm."}, "Hm.", {}),
        ({"reasoning": "", "reasoning_content": "Hm."}, "Hm.", {}),
        ({"reasoning": "Hm.", "reasoning_content": "Ha."}, "Hm.", {"reasoning_content": "Ha."}),
        ({"reasoning": "Hm.", "reasoning_content": ""}, "Hm.", {}),
    ],
)
def test_reasoning_by_either_name(delta: dict[str, Any], reasoning: str, extra: dict[str, Any]) -> None:
    choice = reply_of(stream(chunk([{"index": 0, "delta": delta}])))["choices"][0]
    assert (choice["reasoning"], choice["extra"]) == (reasoning, extra)


def test_a_refusal() -> None:
    assert said(chat_stream(Answer(None, refusal="I cannot do that.", finish="stop"))) == {
        "refusal": "I cannot do that.",
        "finish_reason": "stop",
    }


def test_logprobs_go_on_over_chunks() -> None:
    answer = Answer("one two three", logprobs=True)
    streamed, single = chat_stream(answer), chat_single(answer)
    tokens = [token["token"] for token in reply_of(streamed)["choices"][0]["logprobs"]["content"]]
    assert tokens == ["one ", "two ", "three"]
    assert reply_of(streamed)["choices"][0]["logprobs"] == reply_of(single)["choices"][0]["logprobs"]


def test_the_last_usage_counts() -> None:
    usages = [{"total_tokens": 1}, None, {"total_tokens": 7, "prompt_tokens": 3}, None]
    assert reply_of(stream(*(chunk([], usage=usage) for usage in usages)))["usage"] == usages[2]


def test_a_stream_that_broke_off_has_no_finish_reason() -> None:
    assert said(stream(*made.answer_chunks(0, Answer("Half a sent", finish=None)))) == {"text": "Half a sent"}


def test_an_exception_after_some_chunks_keeps_both() -> None:
    document = made.exception(body=made.answer_chunks(0, Answer("Half", finish=None)), streaming=True)
    assert said(document) == {"text": "Half"}
    assert response_of(document)["error"]["message"].startswith("Error code: 400")


@pytest.mark.parametrize("streamed", [True, False])
def test_a_legacy_function_call(streamed: bool) -> None:
    if streamed:
        document = pieces("function_call", {"name": "f", "arguments": ""}, {"arguments": '{"a"'}, {"arguments": ":1}"})
    else:
        document = chat_single()
        message = document["response"]["body"]["__data__"]["choices"][0]["message"]
        message["function_call"] = {"name": "f", "arguments": '{"a":1}'}
    assert said(document)["calls"] == [("f", {"a": 1})]


def test_unknown_keys_at_every_level() -> None:
    call = {
        "index": 0, "id": "c", "type": "function", "new_in_call": 4,
        "function": {"name": "f", "arguments": "{}", "new_in_function": [5]},
    }  # fmt: skip
    choice = {"index": 0, "delta": {"new_in_delta": {"x": 3}, "tool_calls": [call]}, "new_in_choice": 2}
    reply = reply_of(stream(chunk([choice], new_in_chunk="one")))
    assert reply["extra"]["new_in_chunk"] == "one"
    assert reply["choices"][0]["extra"] == {"new_in_choice": 2, "new_in_delta": {"x": 3}}
    assert reply["choices"][0]["tool_calls"][0]["extra"] == {"new_in_call": 4, "new_in_function": [5]}


@pytest.mark.parametrize("value", ["system", ["assistant"], {"a": 1}])
def test_a_role_never_seen_is_extra_content(value: Any) -> None:
    assert reply_of(pieces("role", value))["choices"][0]["extra"]["role"] == value


@pytest.mark.parametrize("value", [5, True, False, 0])
@pytest.mark.parametrize("key", ["role", "tool_calls", "function_call"])
def test_a_number_where_a_frame_is_expected_is_extra_content(key: str, value: Any) -> None:
    assert reply_of(pieces(key, value))["choices"][0]["extra"] == {key: value}


@pytest.mark.parametrize("key", ["object", "type"])
def test_objects_and_types_never_seen_are_extra_content(key: str) -> None:
    document = stream(
        chunk([{"index": 0, "delta": {"tool_calls": [{"index": 0, key: "custom"}]}}], **{key: "new.thing"})
    )
    reply = reply_of(document)
    assert reply["extra"][key] == "new.thing"
    assert reply["choices"][0]["tool_calls"][0]["extra"][key] == "custom"


@pytest.mark.parametrize(
    ("choices", "extra"),
    [("none", "none"), ({"0": {"text": "x"}}, {"0": {"text": "x"}}), (["x"], "x"), ([["y"]], ["y"]), ([3], 3)],
)
def test_choices_never_seen_are_extra_content(choices: Any, extra: Any) -> None:
    assert reply_of(stream(chunk(choices)))["extra"]["choices"] == extra


@pytest.mark.parametrize("payload", ["text", 5, ["a"]])
def test_payloads_that_are_no_objects_are_extra_content(payload: Any) -> None:
    document = stream(chunk([]), payload)
    document["response"]["body"] = [
        item["__data__"] if isinstance(item, dict) else item for item in document["response"]["body"]
    ]
    assert reply_of(document)["extra"]["event"] == payload


@pytest.mark.parametrize("value", [None, []])
def test_no_tool_calls_in_any_spelling(value: Any) -> None:
    without = chat_single()
    message = without["response"]["body"]["__data__"]["choices"][0]["message"]
    message["tool_calls"] = value
    missing = made.without(without, "/response/body/__data__/choices/0/message/tool_calls")
    assert reply_of(without) == reply_of(missing)
    assert made.told(without, missing) == []


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["get_", "weather"], "get_weather"),
        (["get_weather", None, None], "get_weather"),
        (["get_weather", "get_weather"], "get_weather"),
        (["", "get_weather", ""], "get_weather"),
        ([None], None),
    ],
)
def test_a_tool_name_in_pieces_or_repeated(names: list[Any], name: Any) -> None:
    document = calls(*({"index": 0, "function": {"name": piece}} for piece in names))
    assert reply_of(document)["choices"][0]["tool_calls"][0]["name"] == name


@pytest.mark.parametrize(
    ("fragments", "arguments"),
    [
        (['{"a"', ": 1}"], {"a": 1}),
        (["", "{}"], {}),
        ([""], ""),
        ([None], None),
        (['{"a": 1, "a": 2}'], '{"a": 1, "a": 2}'),
        (['{"a": '], '{"a": '),
        (["not json"], "not json"),
        (['{"n": 123456789012345678901234567890}'], {"n": 123456789012345678901234567890}),
        ([{"a": 1}], {"a": 1}),
        (["[1, ", "2]"], [1, 2]),
    ],
)
def test_arguments_are_json_or_the_text_as_recorded(fragments: list[Any], arguments: Any) -> None:
    document = calls(*({"index": 0, "function": {"arguments": piece}} for piece in fragments))
    assert reply_of(document)["choices"][0]["tool_calls"][0]["arguments"] == arguments


def test_arguments_in_pieces_of_both_kinds_are_all_kept() -> None:
    document = calls(*({"index": 0, "function": {"arguments": piece}} for piece in ('{"a": 1}', {"b": 2})))
    assert '"b"' in json.dumps(reply_of(document)["choices"][0]["tool_calls"][0]["arguments"])


def test_calls_come_in_index_order_and_by_position_without_one() -> None:
    named = [{"index": index, "function": {"name": f"f{index}"}} for index in (2, 0, 1)]
    assert [name for name, _ in said(calls(*named))["calls"]] == ["f0", "f1", "f2"]
    document = chat_single(CALLS)
    assert [name for name, _ in said(document)["calls"]] == ["get_weather", "get_time"]


def test_text_beside_other_content_keeps_its_words() -> None:
    thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]
    text = reply_of(pieces("content", thinking, "no ", "no ", "yes"))["choices"][0]["text"]
    assert text == [thinking, "no no yes"]


def test_two_entries_of_one_index_in_a_chunk_keep_their_order() -> None:
    def entry(text: str) -> dict[str, Any]:
        return {"index": 0, "delta": {"content": text}}

    assert said(stream(chunk([entry("a"), entry("b")]), chunk([entry("c"), entry("d")])))["text"] == "abcd"


ANSWERS = st.lists(
    st.builds(
        Answer,
        text=st.none() | st.text('ab\n é😀"\\', min_size=1, max_size=12),
        refusal=st.none() | st.text("no ", min_size=1, max_size=6),
        finish=st.sampled_from(["stop", "length", "tool_calls"]),
        calls=st.lists(
            st.tuples(
                st.sampled_from(["call_1", "call_2"]),
                st.sampled_from(["get_weather", "f"]),
                st.dictionaries(
                    st.text('ab:"', max_size=3), st.integers() | st.text("x{}\\", max_size=3), max_size=2
                ).map(json.dumps),
            ),
            max_size=3,
        ),
    ),
    min_size=1,
    max_size=3,
)


def without_null(value: Any) -> Any:
    """A payload without null keys, which the SDK's accumulator would take for values."""
    if isinstance(value, dict):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    return [without_null(item) for item in value] if isinstance(value, list) else value


@QUICK
@given(ANSWERS, st.randoms(use_true_random=False))
def test_collapsing_agrees_with_the_openai_sdk(answers: list[Answer], rng: random.Random) -> None:
    streaming = pytest.importorskip("openai.lib.streaming.chat._completions")
    types = pytest.importorskip("openai.types.chat")
    document = chat_stream(*answers, cut=cut_by(rng), rng=rng)
    beginnings = [{"index": index, "delta": {"role": "assistant"}} for index in range(len(answers))]
    document["response"]["body"].insert(0, chunk(beginnings))  # the SDK wants choice 0 to come first
    state = streaming.ChatCompletionStreamState()
    for item in document["response"]["body"]:
        state.handle_chunk(types.ChatCompletionChunk.model_validate(without_null(item["__data__"])))
    snapshot = state.current_completion_snapshot
    reply = reply_of(document)
    assert [choice.index for choice in snapshot.choices] == [choice["index"] for choice in reply["choices"]]
    for wanted, choice in zip(snapshot.choices, reply["choices"], strict=True):
        assert (wanted.message.content or "") == (choice["text"] or "")
        assert (wanted.message.refusal or "") == (choice["refusal"] or "")
        assert wanted.finish_reason == choice["finish_reason"]
        found = [(call["id"], call["name"], call["arguments"]) for call in choice["tool_calls"]]
        assert found == [
            (call.id, call.function.name, json.loads(call.function.arguments))
            for call in wanted.message.tool_calls or ()
        ]


@QUICK
@given(ANSWERS, st.randoms(use_true_random=False))
def test_every_piece_keeps_its_place(answers: list[Answer], rng: random.Random) -> None:
    events = events_of(
        [item["__data__"] for item in chat_stream(*answers, cut=cut_by(rng), rng=rng)["response"]["body"]]
    )
    assert leaves_of(collapse(events)) == leaves_in(events)


def test_text_completions() -> None:
    assert said(made.completion_stream("One two")) == said(made.completion_single("One two"))
    assert said(made.completion_single("One two")) == {"text": "One two", "finish_reason": "length"}


def test_several_text_completions_interleaved() -> None:
    def piece(index: int, text: str, finish: str | None = None) -> dict[str, Any]:
        return chunk([{"index": index, "text": text, "finish_reason": finish}], object="text_completion")

    document = stream(piece(1, "b"), piece(0, "a"), piece(1, "B", "stop"), piece(0, "A", "length"))
    assert [said(document, choice)["text"] for choice in (0, 1)] == ["aA", "bB"]


def test_delta_chunks_have_the_shape_of_the_sdk() -> None:
    types = pytest.importorskip("openai.types.chat")
    parsed = types.ChatCompletionChunk.model_validate(delta_chunk(0, {"content": "x"})["__data__"])
    assert parsed.choices[0].delta.content == "x"
