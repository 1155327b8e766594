"""What no project rule may hide, and which selectors are refused because they aim at it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.rules.protected import aims_at_protected, is_protected
from recdiff.rules.selectors import Path, parse_selector

PROTECTED: list[tuple[Path, str]] = [
    (("response", "status"), "the HTTP status"),
    (("response", "error"), "the exception"),
    (("response", "error", "message"), "the exception"),
    (("response", "error", "args", 0, "x"), "the exception"),
    (("response", "reply", "choices", 0, "finish_reason"), "the finish reason"),
    (("response", "body", "stop_reason"), "the finish reason"),
    (("response", "body", "done_reason"), "the finish reason"),
    (("response", "body", "candidates", 0, "finishReason"), "the finish reason"),
    (("request", "model"), "the model"),
    (("request", "body", "model"), "the model"),
    (("response", "reply", "model"), "the model"),
    (("response", "body", "model"), "the model"),
    (("response", "body", "data", 3, "model_id"), "the model"),
    (("response", "body", "modelVersion"), "the model"),
    (("response", "body", "model_version"), "the model"),
    (("response", "body", "model", "name"), "the model"),
    (("request", "tool_name"), "the name of a called tool"),
    (("response", "body", "tool_calls", 0, "tool_name"), "the name of a called tool"),
    (("response", "reply", "choices", 0, "tool_calls", 1, "name"), "the name of a called tool"),
    (("request", "body", "messages", 1, "tool_calls", 0, "function", "name"), "the name of a called tool"),
    (("response", "body", "content", 0, "name"), "the name of a called tool"),
    (("response", "body", "output", 2, "name"), "the name of a called tool"),
    (("response", "body", "outputs", 2, "name"), "the name of a called tool"),
    (("response", "body", "parts", 0, "function_call", "name"), "the name of a called tool"),
    (("response", "body", "parts", 0, "functionCall", "name"), "the name of a called tool"),
    (("response", "body", "message", "function_call", "name"), "the name of a called tool"),
    (("response", "body", "content", 0, "toolUse", "name"), "the name of a called tool"),
    (("response", "body", "content_block", "name"), "the name of a called tool"),
]

FREE: list[Path] = [
    ("response",),
    ("response", "status", "x"),
    ("response", "body", "status"),
    ("request", "status"),
    ("request", "error"),
    ("response", "body", "error"),
    ("response", "body", "models", 0, "name"),
    ("response", "body", "name"),
    ("response", "body", "model_kwargs"),
    ("response", "reply", "choices", 0, "text"),
    ("response", "reply", "choices", 0, "tool_calls", 0, "id"),
    ("response", "reply", "choices", 0, "tool_calls", 0, "arguments", "name"),
    ("response", "reply", "choices", 0, "tool_calls", 0, "arguments", "user", "name"),
    ("response", "body", "content", 0, "input", "name"),
    ("response", "body", "content", "name"),
    ("response", "body", "tool_calls", "name"),
    ("request", "body", "tools", 0, "function", "name"),
    ("name",),
    (),
]


@pytest.mark.parametrize("path", [path for path, _ in PROTECTED])
def test_protected(path: Path) -> None:
    assert is_protected(path)


@pytest.mark.parametrize("path", FREE)
def test_free(path: Path) -> None:
    assert not is_protected(path)


def written(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


@pytest.mark.parametrize(("path", "words"), PROTECTED)
def test_a_selector_that_names_a_protected_place_is_told_what_it_would_hide(path: Path, words: str) -> None:
    text = written(path)
    assert aims_at_protected(parse_selector(text)) == words
    assert aims_at_protected(parse_selector(text.replace("[0]", "[*]"))) == words
    assert aims_at_protected(parse_selector(text.replace("[0]", ".*"))) == words


@pytest.mark.parametrize("path", [path for path in FREE if path[:1] in (("request",), ("response",))])
def test_a_selector_that_names_a_free_place_may_be_loaded(path: Path) -> None:
    assert aims_at_protected(parse_selector(written(path))) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("response.error.**", "the exception"),
        ("response.error.*", "the exception"),
        ("response.error[*]", "the exception"),
        ("response.error.x-*", "the exception"),
        ("response.**.finish_reason", "the finish reason"),
        ("**.model", "the model"),
        ("**.model.**", "the model"),
        ("**.tool_calls[*].name", "the name of a called tool"),
        ("**.tool_calls.*.function.name", "the name of a called tool"),
        ("**.tool_calls.**.name", "the name of a called tool"),
        ("**.tool_name", "the name of a called tool"),
        ("**.content.*.name", "the name of a called tool"),
    ],
)
def test_wildcards_do_not_disguise_an_aim(text: str, words: str) -> None:
    assert aims_at_protected(parse_selector(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "**",
        "response",
        "response.*",
        "response.**",
        "response[*]",
        "response.reply.**",
        "response.reply.choices[*].*",
        "**.status",
        "**.error",
        "**.name",
        "**.finish_*",
        "**.m*del",
        "**.tool_calls[*].*",
        "**.tool_calls[*].arguments.**",
        "**.content[*].**",
    ],
)
def test_a_selector_that_only_reaches_too_far_may_be_loaded(text: str) -> None:
    assert aims_at_protected(parse_selector(text)) is None


@given(st.lists(st.sampled_from(["model", "error", "status", "name", "content", "tool_calls", "x", 0]), max_size=5))
def test_a_concrete_selector_aims_at_what_is_protected(parts: list[str | int]) -> None:
    path: Path = ("response", *parts)
    assert (aims_at_protected(parse_selector(written(path))) is not None) == is_protected(path)
