"""Tool arguments: compared as JSON, argument by argument, and no value of theirs says nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import recordings as made
from tests.recordings import Answer, chat_single, check_account, compared, hidden, load, told


def anthropic(value: Any) -> Any:
    """A message that calls a tool with this input."""
    return made.anthropic_single([{"type": "tool_use", "id": "t", "name": "f", "input": value}])


def anthropic_stream(value: Any) -> Any:
    """The same message, streamed: its block begins with an input that is only the stream's frame."""
    return made.anthropic_lines([{"type": "tool_use", "id": "t", "name": "f", "input": value}])


def server_tool(value: Any) -> Any:
    """A message in which the server called a tool of its own."""
    return made.anthropic_single([{"type": "server_tool_use", "id": "t", "name": "f", "input": value}])


def gemini(value: Any) -> Any:
    """A response that calls a function with these arguments."""
    return made.gemini_single([{"function_call": {"name": "f", "args": value}}])


def ollama(value: Any) -> Any:
    """A chat response that calls a tool with these arguments."""
    document = made.ollama_chat(stream=False)
    document["response"]["body"]["__data__"]["message"]["tool_calls"][0]["function"]["arguments"] = value
    return document


def openai(text: str) -> Any:
    """A completion that calls a tool with these arguments, as text."""
    return chat_single(Answer(None, calls=[("c", "f", text)]))


PARSED = [anthropic, anthropic_stream, server_tool, gemini, ollama]


@pytest.mark.parametrize("build", PARSED)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"city": ""}, {"town": []}),
        ({"city": ""}, {"town": None}),
        ({"city": ""}, {}),
        ({"city": ""}, {"city": None}),
        ({"city": {}}, {"city": []}),
        ({"a": {"b": None}}, {"a": {"c": None}}),
        ({}, {"a": None}),
    ],
)
def test_arguments_that_are_empty_have_names(build: Callable[[Any], Any], old: Any, new: Any) -> None:
    for before, after in ((build(old), build(new)), (build(new), build(old))):
        ledger = compared(before, after)
        assert ledger.changes
        assert not ledger.hidden.keys() & {"empty-value", "json-layout"}
        check_account(load(before), load(after), ledger)


@pytest.mark.parametrize("value", [{}, {"city": ""}, {"a": {"b": None}}, {"a": []}])
def test_empty_arguments_streamed_or_whole_are_the_same(value: Any) -> None:
    assert {change[0] for change in told(anthropic(value), anthropic_stream(value))} == {"provenance"}


@pytest.mark.parametrize("build", [anthropic, gemini, ollama])
def test_no_arguments_and_null_are_empty_values(build: Callable[[Any], Any]) -> None:
    assert hidden(build({}), build(None)) == {"empty-value": [1, 1]}


@pytest.mark.parametrize(("old", "new"), [('"abc"', "abc"), ("abc", '"abc"'), ('"1"', "1"), ("", "{}"), ("null", "")])
def test_json_and_text_that_is_none_are_no_layout(old: str, new: str) -> None:
    assert [(change[0], change[2], change[3]) for change in told(openai(old), openai(new))] == [
        ("tool", *_shown(old, new))
    ]


def _shown(old: str, new: str) -> tuple[Any, Any]:
    return {('"1"', "1"): ("1", 1), ("", "{}"): ("", {}), ("null", ""): (None, "")}.get((old, new), (old, new))


@pytest.mark.parametrize(("old", "new"), [('"abc"', ' "abc"'), ("{}", "{ }"), ("[1,2]", "[1, 2]"), ("null", " null")])
def test_white_space_around_json_is_layout(old: str, new: str) -> None:
    assert hidden(openai(old), openai(new)) == {"json-layout": [1, 1]}


def test_an_argument_that_stayed_is_the_same_leaf() -> None:
    ledger = compared(anthropic({"a": 1, "b": 2}), anthropic({"a": 1, "b": 3}))
    assert [(change.old, change.new) for change in ledger.changes] == [(2, 3)]
    assert ledger.shown == [1, 1]
