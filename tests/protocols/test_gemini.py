"""Gemini's content chunks, as the SDK dumps them and as the API sends them."""

from __future__ import annotations

from typing import Any

import pytest

from tests import recordings as made
from tests.recordings import recording, reply_of, said, told

WANTED = {
    "text": "Bonjour to you all.",
    "reasoning": "The user greets. I greet back.",
    "finish_reason": "STOP",
    "calls": [("get_weather", {"city": "Paris", "days": 3})],
}


def camel(value: Any) -> Any:
    """The same payload as the REST API spells it."""
    if isinstance(value, dict):
        return {_camel(key): camel(item) for key, item in value.items()}
    return [camel(item) for item in value] if isinstance(value, list) else value


def _camel(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(part.title() for part in rest)


def parts(*found: Any) -> dict[str, Any]:
    """A response with these parts."""
    return recording({"candidates": [{"content": {"parts": list(found), "role": "model"}}], "model_version": "g"})


def test_a_stream_says_what_a_single_response_says() -> None:
    assert said(made.gemini_stream()) == said(made.gemini_single()) == WANTED
    assert reply_of(made.gemini_stream())["usage"] == reply_of(made.gemini_single())["usage"]
    assert reply_of(made.gemini_stream())["model"] == "gemini-2.0-flash"


def test_camel_case_says_the_same() -> None:
    single = made.gemini_single()
    single["response"]["body"] = camel(single["response"]["body"])
    assert said(single) == WANTED
    assert reply_of(single)["model"] == "gemini-2.0-flash"
    assert reply_of(single)["usage"]["totalTokenCount"] == 14


def test_thoughts_are_reasoning() -> None:
    assert said(parts({"text": "Hm.", "thought": True}, {"text": "Yes.", "thought": False}, {"text": " No."})) == {
        "reasoning": "Hm.",
        "text": "Yes. No.",
    }


def test_calls_count_on_over_parts_and_chunks() -> None:
    call = {"functionCall": {"name": "f", "args": {"a": 1}, "id": "1", "new": 2}}
    first, second = parts(call, {"text": "and"}, call), parts(call)
    document = recording([first["response"]["body"], second["response"]["body"]], streaming=True)
    calls = reply_of(document)["choices"][0]["tool_calls"]
    assert [(made["name"], made["arguments"], made["id"], made["extra"]) for made in calls] == [
        ("f", {"a": 1}, "1", {"new": 2})
    ] * 3


def test_parts_never_seen_stay() -> None:
    blob = {"inline_data": {"mime_type": "image/png", "data": "aGk="}}
    extra = reply_of(parts(blob, "a text", {"executable_code": {"code": "1"}}))["choices"][0]["extra"]
    assert extra["inline_data"] == blob["inline_data"]
    assert extra["executable_code"] == {"code": "1"}
    assert extra["parts"] == "a text"


@pytest.mark.parametrize("candidates", ["none", {"0": {"a": 1}}])
def test_candidates_that_are_no_list_stay(candidates: Any) -> None:
    document = recording({"candidates": candidates, "model_version": "g"})
    assert reply_of(document)["extra"]["candidates"] == candidates


def test_unknown_keys_stay() -> None:
    candidate = {"content": {"parts": [], "new": 1}, "safety_ratings": [{"blocked": True}], "index": 0}
    document = recording({"candidates": [candidate], "model_version": "g", "prompt_feedback": {"block_reason": "X"}})
    reply = reply_of(document)
    assert reply["choices"][0]["extra"] == {"new": 1, "safety_ratings": [{"blocked": True}]}
    assert reply["extra"]["prompt_feedback"] == {"block_reason": "X"}


def test_candidates_by_index() -> None:
    def candidate(index: int, text: str) -> dict[str, Any]:
        return {"index": index, "content": {"parts": [{"text": text}]}}

    chunks = [{"candidates": [candidate(1, "b"), candidate(0, "a")], "model_version": "g"}] * 2
    document = recording(chunks, streaming=True)
    assert [said(document, choice)["text"] for choice in (0, 1)] == ["aa", "bb"]


@pytest.mark.parametrize("key", ["thought_signature", "thoughtSignature"])
def test_a_sealed_thought_is_noise_and_the_thought_is_not(key: str) -> None:
    old, new = (parts({"text": "Hm.", "thought": True, key: seal}) for seal in ("YQ==", "Yg=="))
    assert told(old, new) == []
    new["response"]["body"]["candidates"][0]["content"]["parts"][0]["text"] = "Ha."
    assert [change[0] for change in told(old, new)] == ["text"]


CODE = {"code_execution_result": {"outcome": "OK", "output": "1"}}


def test_equal_parts_are_parts_of_their_own() -> None:
    assert (
        reply_of(parts({"text": "a"}, CODE, CODE))["choices"][0]["extra"]["code_execution_result"]
        == [CODE["code_execution_result"]] * 2
    )
    assert [change[0] for change in told(parts({"text": "a"}, CODE, CODE), parts({"text": "a"}, CODE))] == ["data"]
    assert [change[0] for change in told(parts("a", "a"), parts("a"))] == ["data"]


def test_what_every_part_of_a_text_repeats_is_said_once() -> None:
    pieces = [{"text": text, "mood": "calm"} for text in ("a ", "b ", "c")]
    assert reply_of(parts(*pieces))["choices"][0]["extra"]["mood"] == "calm"
    assert told(parts(*pieces), parts({"text": "a b c", "mood": "calm"})) == []
