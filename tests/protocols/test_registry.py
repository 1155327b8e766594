"""Which protocol a response speaks, and what all of them owe: every leaf of every payload stays in the account."""

from __future__ import annotations

import copy
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.protocols import REGISTRY, protocol_of
from tests import recordings as made
from tests.recordings import BUILDERS, QUICK, events_of, leaves_in, leaves_of, load, recording, request, typed

PROTOCOLS = {
    "chat": "openai-chat",
    "completion": "openai-completions",
    "ollama-generate": "ollama-generate",
    "ollama-chat": "ollama-chat",
    "anthropic": "anthropic-messages",
    "gemini": "gemini-content",
    "interaction": "gemini-interactions",
    "exception-after-chunks": "openai-chat",
}


def spoken(document: Any) -> str | None:
    """The name of the protocol that a document's response speaks."""
    (interaction,) = load(document).interactions
    protocol = protocol_of(interaction.request, interaction.response)
    return protocol.name if protocol else None


@pytest.mark.parametrize("name", BUILDERS)
def test_the_protocol_of_every_shape(name: str) -> None:
    wanted = [protocol for start, protocol in PROTOCOLS.items() if name.startswith(start)]
    assert spoken(BUILDERS[name]()) == (wanted[-1] if wanted else None)


@pytest.mark.parametrize(
    ("body", "endpoint", "protocol"),
    [
        ({"object": "chat.completion", "choices": []}, "/x", "openai-chat"),
        (typed("a.b.ChatCompletion", {}), "/x", "openai-chat"),
        (typed("other.Thing", {"object": "chat.completion"}), "/x", "openai-chat"),
        ({"choices": []}, "/v1/chat/completions", "openai-chat"),
        ({"choices": []}, "/v1/completions", "openai-completions"),
        ({"choices": []}, "/v1/other", None),
        ({"type": "message", "content": [], "role": "assistant"}, "/x", "anthropic-messages"),
        ({"type": "message"}, "/x", None),
        ({"candidates": [], "modelVersion": "g"}, "/x", "gemini-content"),
        ({"candidates": []}, "/x", None),
        ({"done": True, "model": "m", "response": ""}, "/x", "ollama-generate"),
        ({"done": True, "model": "m", "message": {}}, "/x", "ollama-chat"),
        ({"object": "interaction"}, "/x", "gemini-interactions"),
        ({"object": ["chat.completion"]}, "/x", None),
        ({"type": {"a": 1}, "object": {"b": 1}, "event_type": []}, "/x", None),
        ("text", "/v1/chat/completions", None),
        (None, "/v1/chat/completions", None),
        ([], "/v1/chat/completions", None),
        ([None, 5, {"object": "chat.completion.chunk"}], "/x", "openai-chat"),
        ({"type": "error", "error": {"message": "overloaded"}}, "/v1/messages", None),
    ],
)
def test_the_look_of_a_payload(body: Any, endpoint: str, protocol: str | None) -> None:
    assert spoken(recording(body, asked=request(endpoint=endpoint))) == protocol


@pytest.mark.parametrize(
    ("status", "protocol"), [(200, "anthropic-messages"), (399, "anthropic-messages"), (529, None)]
)
def test_an_error_speaks_no_protocol(status: int, protocol: str | None) -> None:
    document = made.anthropic_single()
    document["response"]["status"] = status
    assert spoken(document) == protocol


def test_an_unknown_type_in_another_chunk_changes_nothing() -> None:
    document = made.chat_stream()
    document["response"]["body"][3]["__type__"] = "vendor.NewChunk"
    assert spoken(document) == "openai-chat"


PAYLOADS = {
    name: [event.payload for event in load(build()).interactions[0].response.events] for name, build in BUILDERS.items()
}
SPEAKERS = {name: spoken(build()) for name, build in BUILDERS.items() if spoken(build())}


@pytest.mark.parametrize("name", SPEAKERS)
def test_every_leaf_stays_in_the_account(name: str) -> None:
    protocol = REGISTRY[str(SPEAKERS[name])]
    events = events_of(PAYLOADS[name])
    assert leaves_of(protocol.collapse(events)) == leaves_in(events)


STRANGE = ("x", 5, True, 0.5, None, "", "assistant", {"a": 1}, [1], [], {}, [{}], [[]])


def _mangled(payloads: list[Any], rng: random.Random, values: tuple[Any, ...], *, keys: tuple[str, ...]) -> list[Any]:
    mangled = copy.deepcopy(payloads)
    for _ in range(rng.randrange(1, 4)):
        places = [place for payload in mangled for place in _containers(payload)]
        place = rng.choice(places) if places else mangled
        if isinstance(place, dict):
            key = rng.choice([*place, *keys])
            place[key] = copy.deepcopy(rng.choice(values))
        elif place:
            place[rng.randrange(len(place))] = copy.deepcopy(rng.choice(values))
    return mangled


def _containers(value: Any) -> list[Any]:
    if not isinstance(value, (dict, list)):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(found for item in inner for found in _containers(item))]


@QUICK
@given(st.sampled_from(sorted(SPEAKERS)), st.randoms(use_true_random=False))
def test_every_leaf_of_strange_payloads_stays_in_the_account(name: str, rng: random.Random) -> None:
    protocol = REGISTRY[str(SPEAKERS[name])]
    events = events_of(_mangled(PAYLOADS[name], rng, STRANGE, keys=("index", "extra", "content")))
    assert leaves_of(protocol.collapse(events)) == leaves_in(events)


@pytest.mark.parametrize(
    ("protocol", "payload"),
    [
        ("openai-chat", {"choices": [{"index": 0, "delta": {"tool_calls": [{}]}}]}),
        ("ollama-chat", {}),
        ("ollama-chat", {"message": {"tool_calls": [{}]}}),
        ("anthropic-messages", {}),
        ("gemini-content", {}),
        ("gemini-content", {"candidates": [{}]}),
        ("gemini-interactions", {}),
    ],
)
def test_an_empty_object_stays_in_the_account(protocol: str, payload: Any) -> None:
    events = events_of([payload])
    assert leaves_of(REGISTRY[protocol].collapse(events)) == leaves_in(events)


@pytest.mark.parametrize("kind", [{"a": 1}, ["message"], {}])
def test_a_type_that_is_no_text_is_extra_content(kind: Any) -> None:
    events = events_of([{"type": "message_start", "message": {}}, {"type": kind, "x": 1}])
    assert leaves_of(REGISTRY["anthropic-messages"].collapse(events)) == leaves_in(events)


@pytest.mark.parametrize("name", [name for name in REGISTRY if name != "anthropic-messages"])
@pytest.mark.parametrize("kind", [{"a": 1}, ["message"], 7, None])
def test_kinds_of_other_types_are_extra_content(name: str, kind: Any) -> None:
    payload = {"type": kind, "object": kind, "event_type": kind, "role": kind, "index": kind, "id": kind, "model": kind}
    nested = {
        "choices": [{**payload, "delta": {**payload, "tool_calls": [{**payload, "function": payload}]}}],
        "candidates": [{**payload, "content": {**payload, "parts": [payload]}}],
        "message": {**payload, "tool_calls": [{**payload, "function": payload}]},
        "outputs": [payload],
        "delta": payload,
        "content": payload,
    }
    events = events_of([{**payload, **nested}, payload, kind, [kind], "text", 5, None])
    assert leaves_of(REGISTRY[name].collapse(events)) == leaves_in(events)


def test_types_of_two_protocols_do_not_depend_on_hashing() -> None:
    root = Path(__file__).resolve().parents[2]
    code = (
        "from tests.recordings import *\n"
        "from recdiff.protocols import protocol_of\n"
        "body = [typed('a.ChatCompletionChunk', {'x': 1}), typed('b.GenerateResponse', {'y': 1})]\n"
        "(found,) = load(recording(body, streaming=True)).interactions\n"
        "print(protocol_of(found.request, found.response).name)"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("4", "5")
    }
    assert len(seen) == 1
