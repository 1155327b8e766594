"""Ollama's chat and generate."""

from __future__ import annotations

from typing import Any

import pytest

from tests import recordings as made
from tests.recordings import recording, reply_of, said, told, typed


def chat(*payloads: dict[str, Any]) -> dict[str, Any]:
    """A chat stream of these payloads."""
    return recording([typed("ollama._types.ChatResponse", payload) for payload in payloads], streaming=True)


@pytest.mark.parametrize("build", [made.ollama_generate, made.ollama_chat])
def test_a_stream_says_what_a_single_response_says(build: Any) -> None:
    streamed, single = build("One two three."), build("One two three.", stream=False)
    assert said(streamed) == said(single)
    assert said(streamed)["text"] == "One two three."
    assert said(streamed)["finish_reason"] == "stop"
    assert reply_of(streamed)["usage"] == reply_of(single)["usage"] == {"prompt_eval_count": 26, "eval_count": 5}
    assert reply_of(streamed)["model"] == "llama3.2:3b"


def test_calls_come_whole_and_count_on_over_chunks() -> None:
    def call(name: str) -> dict[str, Any]:
        return {"function": {"name": name, "arguments": {"a": name}, "index": 0}, "id": f"id-{name}", "new": 1}

    reply = reply_of(
        chat(
            {"message": {"tool_calls": [call("f"), call("g")]}}, {"message": {"content": "", "tool_calls": [call("h")]}}
        )
    )
    calls = reply["choices"][0]["tool_calls"]
    assert [(made["name"], made["arguments"], made["id"]) for made in calls] == [
        (name, {"a": name}, f"id-{name}") for name in "fgh"
    ]
    assert calls[0]["extra"] == {"index": 0, "new": 1}


def test_thinking_is_reasoning() -> None:
    assert said(chat({"message": {"thinking": "Hm, "}}, {"message": {"thinking": "so."}})) == {"reasoning": "Hm, so."}


def test_unknown_keys_stay() -> None:
    reply = reply_of(chat({"message": {"content": "x", "images": ["i"], "new": 2}, "newer": 3}))
    assert reply["choices"][0]["extra"] == {"images": ["i"], "new": 2}
    assert reply["extra"]["newer"] == 3


@pytest.mark.parametrize("message", ["text", ["a"], 5, False])
def test_a_message_that_is_no_object_stays(message: Any) -> None:
    assert reply_of(chat({"message": message}))["extra"]["message"] == message


@pytest.mark.parametrize(("key", "value"), [("role", "tool"), ("tool_calls", "none"), ("role", ["assistant"])])
def test_a_frame_never_seen_stays(key: str, value: Any) -> None:
    assert reply_of(chat({"message": {key: value}}))["choices"][0]["extra"] == {key: value}


def test_done_and_context_are_the_last_ones() -> None:
    reply = reply_of(made.ollama_generate())
    assert (reply["extra"]["done"], reply["extra"]["context"]) == (True, [1, 2, 3])
    broken = reply_of(chat({"done": False, "message": {"content": "x"}}))
    assert broken["extra"]["done"] is False


def test_a_stream_that_broke_off_is_a_change() -> None:
    whole = made.ollama_chat()
    broken = made.without(whole, f"/response/body/{len(whole['response']['body']) - 1}")
    classes = {change[0] for change in told(whole, broken)}
    assert {"finish", "tool"} <= classes


def test_it_agrees_with_the_ollama_sdk() -> None:
    ollama = pytest.importorskip("ollama")
    document = made.ollama_chat()
    parsed = [ollama.ChatResponse.model_validate(item["__data__"]) for item in document["response"]["body"]]
    assert said(document)["text"] == "".join(chunk.message.content or "" for chunk in parsed)
    (call,) = parsed[-1].message.tool_calls
    assert said(document)["calls"] == [(call.function.name, call.function.arguments)]
