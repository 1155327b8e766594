"""A recording in two lines: what was asked, how it came out, and what a reviewer must not miss."""

from __future__ import annotations

import random
from typing import Any

import pytest

from recdiff.formats import plain
from recdiff.model import Synopsis
from recdiff.synopsis import synopsis_of
from tests import recordings as made
from tests.recordings import BUILDERS, Answer, chat_single, chat_stream, is_recording, load, mutated, recording, request


def synopsis(document: Any) -> Synopsis:
    """The synopsis of a document."""
    return synopsis_of(load(document))


@pytest.mark.parametrize(
    ("name", "asked", "outcome", "marks"),
    [
        ("chat-single", "What is the capital of France?", "The capital of France is Paris.", ()),
        ("chat-stream", "What is the capital of France?", "The capital of France is Paris.", ()),
        ("chat-single-refusal", "What is the capital of France?", "I cannot help.", ()),
        ("completion-single", "Roses are red,", "Violets are blue. · [length]", ("length",)),
        ("ollama-generate", "Hi", "Hello there, friend.", ()),
        ("anthropic-lines", "Weather?", "→ get_weather(city: 'Paris', days: 3) · I will look it up.", ()),
        ("gemini-single", "Say bonjour.", "→ get_weather(city: 'Paris', days: 3) · Bonjour to you all.", ()),
        ("interaction-single", "Say hello.", "→ get_weather(city: 'Paris', days: 3) · Hello from the interaction.", ()),
        ("embeddings", "hello", "2 vectors", ()),
        ("model-list", "", "3 items", ()),
        ("error-status", "x", None, ("exception",)),
        ("exception", "What is the capital of France?", None, ("exception",)),
        ("exception-after-chunks", "What is the capital of France?", None, ("exception",)),
    ],
)
def test_what_was_asked_and_how_it_came_out(name: str, asked: str, outcome: str | None, marks: tuple[str, ...]) -> None:
    found = synopsis(BUILDERS[name]())
    assert (found.asked, found.marks) == (asked, marks)
    assert found.outcome == outcome or (outcome is None and found.outcome.startswith(("exception:", "status 400:")))


@pytest.mark.parametrize("build", [chat_single, chat_stream])
@pytest.mark.parametrize(
    ("answer", "marks"),
    [
        (Answer("Hi"), ()),
        (Answer("Hi", finish="length"), ("length",)),
        (Answer(None), ("empty",)),
        (Answer(""), ("empty",)),
        (Answer(None, finish="length"), ("length", "empty")),
        (Answer(None, reasoning="Hm."), ("empty",)),
        (Answer(None, refusal="No."), ()),
        (made.CALLS, ()),
    ],
)
def test_marks(build: Any, answer: Answer, marks: tuple[str, ...]) -> None:
    assert synopsis(build(answer)).marks == marks


def test_a_stream_that_broke_off_is_marked() -> None:
    found = synopsis(chat_stream(Answer("Half a", finish=None)))
    assert found.marks
    assert "Half a" in found.outcome


def test_no_choices_at_all_is_empty() -> None:
    assert synopsis(recording([made.chunk([])], streaming=True)).marks == ("empty",)


def test_the_last_turn_is_what_was_asked() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "One"}, {"type": "text", "text": "two?"}]},
        {"role": "assistant", "content": "Yes."},
    ]
    assert synopsis(chat_single(asked=request(messages))).asked == "One two?"
    assert synopsis(chat_single(asked=request([*messages, {"role": "tool", "content": "42"}]))).asked == "42"
    assert synopsis(chat_single(asked=request(messages[:1]))).asked == "Be brief."


def test_tools_say_how_they_were_called() -> None:
    found = synopsis(made.tool_invocation("done"))
    assert (found.endpoint, found.outcome) == ("web_search", "done")
    assert found.asked == "web_search(query: 'latest Python version', limit: 5, strict: false)"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (None, "nothing"), ([], "nothing"), ("", "nothing"), (["a"], "1 item"), ({"chunks": [1, 2]}, "2 chunks"),
        ({"data": [{"embedding": [1]}]}, "1 vector"), ({"data": [{"id": 1}]}, "1 item"),
        ({"models": [{"a": 1}, 2]}, "2 models"),
        ({"content": "text"}, "text"), ("text", "text"), (5, "5"), (False, "false"),
    ],
)  # fmt: skip
def test_bodies_in_words(body: Any, outcome: str) -> None:
    found = synopsis(recording(body, asked=request(endpoint="/x")))
    assert (found.outcome, found.marks) == (outcome, ("empty",) if outcome == "nothing" else ())


def test_long_texts_are_cut() -> None:
    found = synopsis(
        chat_single(Answer("x" * 5_000_000), asked=request([{"role": "user", "content": "y" * 5_000_000}]))
    )
    assert len(found.asked) + len(found.outcome) < 2_000


@pytest.mark.parametrize("name", ["completion-single", "anthropic-single", "unknown-body"])
def test_any_recording_has_a_synopsis(name: str) -> None:
    for seed in range(40):
        document = mutated(BUILDERS[name](), random.Random(seed), 4)
        if is_recording(document):
            found = synopsis(document)
            assert all(isinstance(part, str) for part in (found.endpoint, found.model, found.asked, found.outcome))


def test_a_stream_with_two_finish_reasons_has_a_synopsis() -> None:
    body = [*made.answer_chunks(0, Answer("Hi", finish="stop")), made.delta_chunk(0, {}, finish="length")]
    assert "Hi" in synopsis(recording(body, streaming=True)).outcome


@pytest.mark.parametrize("role", [{"a": 1}, ["user"]])
def test_a_role_that_is_no_text_has_a_synopsis(role: Any) -> None:
    asked = request([{"role": role, "content": "What?"}])
    assert "What?" in synopsis(chat_single(asked=asked)).asked


@pytest.mark.parametrize(
    "body", [None, "x", 5, [1], {"messages": "x"}, {"messages": [None, 5, {"role": 7}]}, {"input": {"a": 1}}]
)
def test_any_request_has_a_synopsis(body: Any) -> None:
    found = synopsis(recording({}, asked={"url": "http://h/x", "body": body}))
    assert isinstance(found.asked, str)


def test_a_file_without_interactions() -> None:
    assert synopsis_of(plain.read("a.json", {"a": 1})).outcome == "no interaction"
