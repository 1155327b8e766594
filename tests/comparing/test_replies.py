"""Two replies: cut elsewhere they are the same, streamed or not they say the same, and what differs is one change."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.replies import ranks
from recdiff.jsonvalue import resolve
from recdiff.protocols.slots import Collapsed
from recdiff.rules.engine import RuleSet
from recdiff.views import recording_view
from tests import recordings as made
from tests.recordings import (
    CALLS,
    QUICK,
    SINGLE_AND_STREAM,
    Answer,
    changes,
    chat_single,
    chat_stream,
    check_account,
    compared,
    cut_by,
    hidden,
    load,
    told,
)


@QUICK
@given(st.sampled_from(sorted(SINGLE_AND_STREAM)), st.randoms(use_true_random=False))
def test_cutting_a_stream_elsewhere_is_noise(name: str, rng: random.Random) -> None:
    _, stream = SINGLE_AND_STREAM[name]
    old, new = stream(cut_by(rng)), stream(cut_by(rng))
    assert hidden(old, new).keys() <= {"chunking", "envelope", "empty-value"}


def test_the_input_of_a_server_tool_is_one_text() -> None:
    single = made.anthropic_single(made.BLOCKS[3:])
    old, new = (made.anthropic_lines(made.BLOCKS[3:], cut) for cut in (made.words, lambda text: [text]))
    assert hidden(old, new).keys() <= {"chunking", "json-layout"}
    assert {change[0] for change in told(single, old)} == {"provenance"}


def test_arguments_cut_elsewhere_are_other_chunks() -> None:
    old, new = (made.anthropic_lines(made.BLOCKS[2:3], cut) for cut in (made.words, lambda text: [text]))
    assert list(hidden(old, new)) == ["chunking"]


@QUICK
@given(st.sampled_from(sorted(SINGLE_AND_STREAM)), st.randoms(use_true_random=False))
def test_a_single_response_that_says_the_same_differs_in_provenance_alone(name: str, rng: random.Random) -> None:
    single, stream = SINGLE_AND_STREAM[name]
    old, new = single(), stream(cut_by(rng))
    for before, after in ((old, new), (new, old)):
        after = copy.deepcopy(after)
        after["request"] = before["request"]
        after["response"].pop("status", None)
        before = copy.deepcopy(before)
        before["response"].pop("status", None)
        assert {change[0] for change in told(before, after)} == {"provenance"}
        assert {change[1] for change in told(before, after)} <= {"/response/streamed", "/response/type"}


@QUICK
@given(
    st.lists(st.sampled_from(["a", "b", " ", "1"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["a", "b", " ", "1"]), min_size=1, max_size=4),
)
def test_pieces_are_the_same_where_their_text_is(old: list[str], new: list[str]) -> None:
    streams = [chat_stream(Answer("".join(pieces)), cut=lambda _, pieces=pieces: pieces) for pieces in (old, new)]
    assert bool(told(*streams)) is ("".join(old) != "".join(new))


@pytest.mark.parametrize("build", [chat_single, chat_stream])
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (Answer("a b"), Answer("a c"), [("text", "text", "a b", "a c")]),
        (Answer(reasoning="x"), Answer(reasoning="y"), [("text", "reasoning", "x", "y")]),
        (Answer(None, refusal="x"), Answer(None, refusal="y"), [("text", "refusal", "x", "y")]),
        (Answer(finish="stop"), Answer(finish="length"), [("finish", "finish_reason", "stop", "length")]),
        (Answer("a"), Answer(None), [("text", "text", "a", None)]),
        (Answer("a"), Answer("a", reasoning="Hm."), [("text", "reasoning", None, "Hm.")]),
        (Answer("a", reasoning="Hm."), Answer("a", reasoning="Hm.", reasoning_key="reasoning_content"), []),
        (Answer("a "), Answer("a"), [("text", "text", "a ", "a")]),
    ],
)
def test_what_an_answer_says(build: Any, old: Answer, new: Answer, found: Any) -> None:
    told_here = [
        (kind, path.removeprefix("/response/reply/choices/0/"), one or None, other or None)
        for kind, path, one, other in told(build(old), build(new))
    ]
    assert told_here == found


def calls(*found: tuple[str, str, str], text: str | None = None) -> Answer:
    """An answer that calls tools: (id, name, arguments)."""
    return Answer(text, calls=list(found), finish="tool_calls")


F = ("call_1", "f", '{"a": 1, "b": [1, 2]}')
G = ("call_2", "g", '{"q": "x"}')


@pytest.mark.parametrize("build", [chat_single, chat_stream])
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([F, G], [F], [("removed", "/1", {"name": "g", "arguments": {"q": "x"}}, None)]),
        ([G], [F, G], [("added", "/0", None, {"name": "f", "arguments": {"a": 1, "b": [1, 2]}})]),
        ([F], [("call_1", "f", '{"a": 2, "b": [1, 2]}')], [("changed", "/0/arguments/a", 1, 2)]),
        ([F], [("call_1", "f", '{"b": [1, 2], "a":1}')], []),
        ([F], [("call_1", "f", '{"a": 1, "b": [2]}')], [("removed", "/0/arguments/b/0", 1, None)]),
        ([F], [("call_1", "f", '{"a": true, "b": [1, 2]}')], [("changed", "/0/arguments/a", 1, True)]),
        ([F], [("call_1", "f", '{"a": 1, "b": [1, 2], "c": null}')], [("added", "/0/arguments/c", None, None)]),
        (
            [F],
            [("call_1", "f", '{"a": 1, "b": [1, 2]')],
            [("changed", "/0/arguments", {"a": 1, "b": [1, 2]}, F[2][:-1])],
        ),
        ([F], [("call_1", "h", F[2])], [("changed", "/0/name", "f", "h")]),
        ([F, G], [G, F], [("moved", "", ["f", "g"], ["g", "f"])]),
        ([("c", "f", '{"x": ""}')], [("c", "f", '{"x": null}')], [("changed", "/0/arguments/x", "", None)]),
        ([("c", "f", '{"created": 1}')], [("c", "f", '{"created": 2}')], [("changed", "/0/arguments/created", 1, 2)]),
        (
            [("c", "f", '{"score": 0.1}')],
            [("c", "f", '{"score": 0.1001}')],
            [("changed", "/0/arguments/score", 0.1, 0.1001)],
        ),
        (
            [("c", "f", '{"item_id": "a"}')],
            [("c", "f", '{"item_id": "b"}')],
            [("changed", "/0/arguments/item_id", "a", "b")],
        ),
        ([("c", "f", '{"j": "{}"}')], [("c", "f", '{"j": "{ }"}')], [("changed", "/0/arguments/j", "{}", "{ }")]),
    ],
)
def test_tool_calls(build: Any, old: Any, new: Any, found: Any) -> None:
    shown = [
        (
            change.kind,
            change.path.removeprefix("/interactions/0/response/reply/choices/0/tool_calls"),
            change.old,
            change.new,
        )
        for change in changes(build(calls(*old)), build(calls(*new)))
    ]
    assert shown == found
    assert {change[0] for change in told(build(calls(*old)), build(calls(*new)))} <= {"tool"}


def test_calls_are_aligned_by_what_they_call() -> None:
    old = [("a", "f", '{"n": 1}'), ("b", "f", '{"n": 2}'), ("c", "g", "{}")]
    new = [("b", "f", '{"n": 2}'), ("c", "g", "{}"), ("d", "f", '{"n": 3}')]
    shown = {
        (change.kind, change.path.rsplit("/tool_calls", 1)[-1])
        for change in changes(*map(chat_single, (calls(*old), calls(*new))))
    }
    assert ("changed", "/2/arguments/n") in shown
    assert not any(path == "/0" or path == "/1" for _, path in shown)


def test_choices_come_and_go() -> None:
    one, two = chat_stream(Answer("a")), chat_stream(Answer("a"), Answer("b"))
    assert {(change[1], change[2], change[3]) for change in told(one, two)} == {
        ("/response/reply/choices/1/text", None, "b"),
        ("/response/reply/choices/1/finish_reason", None, "stop"),
    }
    assert {change[1] for change in told(two, one)} == {
        "/response/reply/choices/1/text",
        "/response/reply/choices/1/finish_reason",
    }


def test_choices_stand_where_the_shown_list_has_them() -> None:
    reply = Collapsed()
    for index in (7, 2):
        reply.add(("choices", index, "text"), "join", "x", "/x")
    assert ranks(reply) == {("choices", 2): 0, ("choices", 7): 1}


def choices_of(*choices: Any) -> Any:
    """A completion of these choices."""
    return made.with_value(chat_single(), "/response/body/__data__/choices", list(choices))


def choice(index: int, text: str | None = None, finish: str | None = None, **more: Any) -> Any:
    """One choice; without a text it is nothing but a frame."""
    message = {"role": "assistant"} | ({} if text is None else {"content": text})
    return {"index": index, "message": message, "finish_reason": finish, **more}


@pytest.mark.parametrize("empty", [choice(1), choice(1, ""), {"index": 1}, choice(1, "", seed=5)])
def test_a_choice_that_says_nothing_is_a_choice(empty: Any) -> None:
    one, two = choices_of(choice(0, "a", "stop")), choices_of(choice(0, "a", "stop"), empty)
    for old, new, kind in ((one, two, "added"), (two, one, "removed")):
        (change,) = changes(old, new)
        assert (change.kind, change.path) == (kind, "/interactions/0/response/reply/choices/1")
        shown = change.new if kind == "added" else change.old
        assert resolve(recording_view(load(two)), change.path) == shown
        check_account(load(old), load(new), compared(old, new))


@pytest.mark.parametrize("choices", [[], None, [{}]])
def test_no_choices_are_no_choice(choices: Any) -> None:
    old = chat_stream()
    new = made.with_value(old, "/response/body", [*old["response"]["body"], made.chunk(choices)])
    assert not told(old, new)


def test_a_frame_before_what_changed_has_its_position() -> None:
    old, new = (choices_of(choice(0), choice(1, text)) for text in ("a", "b"))
    ((_, path, *_),) = told(old, new)
    assert resolve(recording_view(load(new)), "/interactions/0" + path) == "b"
    calls = [
        [{"index": 0, "type": "function"}, {"index": 1, "function": {"name": "f", "arguments": text}}]
        for text in ("[1]", "[2]")
    ]
    old, new = (
        made.with_value(chat_single(), "/response/body/__data__/choices/0/message/tool_calls", found) for found in calls
    )
    ((_, path, *_),) = told(old, new)
    assert resolve(recording_view(load(new)), "/interactions/0" + path) == [2]


def test_logprobs_are_compared() -> None:
    old, new = chat_single(Answer("one two", logprobs=True)), chat_single(Answer("one two", logprobs=True))
    new["response"]["body"]["__data__"]["choices"][0]["logprobs"]["content"][1]["logprob"] = -0.2501
    assert [change[0] for change in told(old, new)] == ["data"]


@pytest.mark.parametrize(("old", "new"), [(None, {"total_tokens": 1}), ({"total_tokens": 1}, {"total_tokens": 2})])
def test_usage_is_minor(old: Any, new: Any) -> None:
    documents = [made.with_value(chat_single(), "/response/body/__data__/usage", usage) for usage in (old, new)]
    assert {(change.change_class, change.level) for change in changes(*documents)} == {("usage", "minor")}


def test_usage_in_other_chunks_is_the_same_usage() -> None:
    def with_usage(*usages: Any) -> Any:
        chunks = [made.chunk([], usage=usage) for usage in usages]
        return made.recording(chunks, streaming=True)

    final = {"total_tokens": 9, "prompt_tokens": 4}
    assert hidden(with_usage({"total_tokens": 1}, final), with_usage(None, final)).keys() == {"chunking"}
    assert [change[0] for change in told(with_usage(final, None), with_usage({**final, "total_tokens": 8}, None))] == [
        "usage"
    ]


def test_together_doubles_its_text_or_not() -> None:
    assert hidden(made.together_stream(), made.together_stream(doubled=False)).keys() == {"chunking"}
    odd = made.together_stream()
    odd["response"]["body"][2]["__data__"]["choices"][0]["text"] = "deux "
    assert [change[:2] for change in told(made.together_stream(), odd)] == [
        ("data", "/response/reply/choices/0/extra/text")
    ]


def test_azure_filter_results_are_compared() -> None:
    old, new = made.azure_stream(), made.azure_stream()
    choice = new["response"]["body"][3]["__data__"]["choices"][0]
    choice["content_filter_results"] = {"hate": {"filtered": True, "severity": "high"}}
    assert [change[0] for change in told(old, new)] == ["data"]
    new["response"]["body"][0]["__data__"]["prompt_filter_results"] = []
    assert len(told(old, new)) > 1


def test_an_exception_after_some_chunks() -> None:
    whole = made.recording(made.answer_chunks(0, Answer("Half an hour")), streaming=True)
    broken = made.exception(body=made.answer_chunks(0, Answer("Half an hour"))[:3], streaming=True)
    assert {change[0] for change in told(whole, broken)} == {"error", "text", "finish"}
    longer = made.exception(body=made.answer_chunks(0, Answer("Half an hour"))[:4], streaming=True)
    assert {change[0] for change in told(broken, longer)} == {"text"}


@pytest.mark.parametrize("rule", ["chunking", "empty-value", "json-layout"])
def test_a_rule_that_is_off_hides_nothing(rule: str) -> None:
    pairs = {
        "chunking": (chat_stream(), chat_stream(cut=lambda text: [text])),
        "empty-value": (chat_single(), made.without(chat_single(), "/response/body/__data__/service_tier")),
        "json-layout": (chat_single(calls(("c", "f", "{}"))), chat_single(calls(("c", "f", "{ }")))),
    }
    assert not compared(*pairs[rule]).changes
    assert compared(*pairs[rule], RuleSet(disabled=[rule])).changes


@pytest.mark.parametrize("rule", ["chunking", "envelope", "empty-value"])
def test_frames_are_shown_where_their_rule_is_off(rule: str) -> None:
    base = chat_single()
    role = "/response/body/__data__/choices/0/message/role"
    pairs = {
        "chunking": (chat_stream(), chat_stream(cut=lambda text: [text])),
        "envelope": (base, made.without(base, role)),
        "empty-value": (base, made.without(base, "/response/body/__data__/choices/0/message/tool_calls")),
    }
    assert rule in compared(*pairs[rule]).hidden
    assert rule not in compared(*pairs[rule], RuleSet(disabled=[rule])).hidden


def test_a_call_that_is_streamed_or_whole_is_the_same_call() -> None:
    assert not [change for change in told(chat_stream(CALLS), chat_single(CALLS)) if change[0] != "provenance"]


def test_arguments_that_are_no_json_are_text() -> None:
    old, new = (chat_single(calls(("c", "f", text))) for text in ("not json", "no json"))
    assert [change[2:] for change in told(old, new)] == [("not json", "no json")]
    assert json.dumps(made.said(old)["calls"]) == '[["f", "not json"]]'
