"""What pairing looks at in one recording."""

from __future__ import annotations

from typing import Any

import pytest

from recdiff.pairing.traits import Traits, traits_of
from recdiff.testids import split_test_id
from tests import recordings as made
from tests.recordings import chat_single, load, request


def traits(document: Any) -> Traits:
    """The traits of a document."""
    return traits_of(load(document))


@pytest.mark.parametrize(
    ("test_id", "parts"),
    [
        ("a.py::T::test_x[b-c]", ("a.py::T::test_x", "b-c")),
        ("a.py::test_x", ("a.py::test_x", "")),
        ("a.py::test_x[a[0]]", ("a.py::test_x", "a[0]")),
        ("", (None, "")),
        (None, (None, "")),
    ],
)
def test_a_test_id_as_function_and_parameters(test_id: str | None, parts: tuple[str | None, str]) -> None:
    assert split_test_id(test_id) == parts


@pytest.mark.parametrize("name", made.BUILDERS)
def test_every_shape_has_traits(name: str) -> None:
    found = traits(made.BUILDERS[name]())
    assert found.where
    assert found.is_model_list is (name == "model-list")
    assert found == traits(made.BUILDERS[name]())


@pytest.mark.parametrize(
    ("change", "exact", "equal"),
    [
        ({}, True, True),
        ({"temperature": None}, None, True),
        ({"temperature": 0}, False, False),
        ({"seed": False}, False, False),
        ({"model": "other"}, False, False),
        ({"messages": []}, False, False),
        ({"tool_call_id": "x"}, False, True),
    ],
)
def test_requests_that_are_equal(change: dict[str, Any], exact: bool | None, equal: bool) -> None:
    one, other = traits(chat_single()), traits(chat_single(asked=request()))
    assert one.exact == other.exact
    changed = chat_single()
    changed["request"]["body"].update(change)
    assert exact is None or (traits(changed).exact == one.exact) is exact
    assert (traits(changed).equal == one.equal) is equal


def test_ids_of_a_request_do_not_count() -> None:
    def asked(name: str, said: str) -> Traits:
        messages = [{"role": "tool", "tool_call_id": name, "content": said}]
        return traits(chat_single(asked=request(messages)))

    assert asked("a", "x").equal == asked("b", "x").equal
    assert asked("a", "x").exact != asked("b", "x").exact
    assert asked("a", "x").equal != asked("a", "y").equal


def test_where_a_request_went() -> None:
    assert traits(made.tool_invocation()).where == "web_search"
    assert traits(made.anthropic_single()).where == "http://0.0.0.0:11434/v1/messages"
    assert traits(chat_single()).where == "/v1/chat/completions"
    assert traits(made.model_list(host="https://h:9")).host == "h:9"
    assert traits(made.model_list(host="http://[bad")).host == ""


def test_file_processors_are_told_apart_by_their_file() -> None:
    def asked(file_id: str) -> Traits:
        return traits(made.recording({}, asked={"provider": "pypdf", "api": "file_processors", "file_id": file_id}))

    assert asked("a").equal == asked("a").equal
    assert asked("a").equal != asked("b").equal


@pytest.mark.parametrize(
    ("body", "turns"),
    [
        ({"messages": [1, 2]}, 2),
        ({"prompt": "x"}, 1),
        ({"input": ["a"]}, 1),
        ({"contents": [1, 2, 3]}, 3),
        ({}, 0),
        ("x", 0),
    ],
)
def test_the_length_of_a_conversation(body: Any, turns: int) -> None:
    assert traits(made.recording({}, asked={"url": "u", "body": body})).turns == turns


@pytest.mark.parametrize("body", [None, "text", 5, [1], {"a": [{}]}, {"messages": "x" * 100_000}])
def test_any_body_has_traits(body: Any) -> None:
    found = traits(made.recording({}, asked={"url": "http://h/x", "body": body}))
    assert len(found.text) < 50_000
