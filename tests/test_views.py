"""What `recdiff show` prints: the contract's shape for every recording, and a place for every change."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff import formats
from recdiff.formats import plain
from recdiff.jsonvalue import resolve
from recdiff.model import Recording
from recdiff.protocols.slots import Collapsed
from recdiff.views import recording_view, reply_view
from tests import recordings as made
from tests.recordings import (
    BUILDERS,
    CORPUS,
    QUICK,
    RULES,
    Answer,
    chat_single,
    chat_stream,
    corpus_pairs,
    is_recording,
    load,
    mutated,
    response_of,
)

from recdiff.comparing.recordings import compare_recordings  # isort: skip


@pytest.mark.parametrize("name", BUILDERS)
def test_the_contract_of_every_shape(name: str) -> None:
    view = recording_view(load(BUILDERS[name](), "recordings/x.json"))
    assert {"path", "format", "test_id", "error", "interactions"} <= view.keys()
    assert (view["path"], view["format"], view["error"]) == ("recordings/x.json", "ogx", None)
    (interaction,) = view["interactions"]
    assert {"method", "url", "endpoint", "model", "body"} <= interaction["request"].keys()
    response = interaction["response"]
    assert {"status", "streamed", "events", "protocol", "error", "body", "reply"} <= response.keys()
    assert isinstance(response["events"], int)
    if response["reply"] is not None:
        assert response["body"] is None
        assert {"model", "usage", "choices", "extra"} <= response["reply"].keys()
        for choice in response["reply"]["choices"]:
            assert {
                "index",
                "text",
                "reasoning",
                "refusal",
                "finish_reason",
                "tool_calls",
                "logprobs",
                "extra",
            } <= choice.keys()
            assert all({"id", "name", "arguments"} <= call.keys() for call in choice["tool_calls"])
    json.dumps(view)


@pytest.mark.parametrize(
    ("name", "streamed", "events", "protocol"),
    [
        ("chat-single", False, 0, "openai-chat"),
        ("chat-stream", True, 9, "openai-chat"),
        ("anthropic-lines", True, 29, "anthropic-messages"),
        ("gemini-stream", True, 12, "gemini-content"),
        ("model-list", False, 0, None),
        ("exception", False, 0, None),
        ("exception-after-chunks", True, 3, "openai-chat"),
        ("error-status", False, 0, None),
    ],
)
def test_how_a_response_came(name: str, streamed: bool, events: int, protocol: str | None) -> None:
    response = response_of(BUILDERS[name]())
    assert (response["streamed"], response["events"], response["protocol"]) == (streamed, events, protocol)


def test_bodies_that_no_protocol_reads_are_their_payloads() -> None:
    assert response_of(made.model_list("a", "b"))["body"][1] == {
        "id": "b", "created": 1770761891, "object": "model", "owned_by": "library",
    }  # fmt: skip
    assert response_of(made.unknown_body()) | {"body": 0} == response_of(made.unknown_body()) | {"body": 0}
    assert response_of(made.unknown_body())["body"] == made.unknown_body()["response"]["body"]
    assert response_of(made.error_status())["body"]["error"]["message"] == "no such field"
    assert response_of(made.exception())["body"] is None


def test_sdk_types_and_unknown_keys_are_shown() -> None:
    document = chat_single()
    document["response"]["latency"] = 3
    document["recorder"] = {"version": 1}
    view = recording_view(load(document))
    assert view["interactions"][0]["response"]["latency"] == 3
    assert view["interactions"][0]["response"]["type"].endswith(".ChatCompletion")
    assert view["extra"] == {"id_normalization_mapping": {}, "recorder": {"version": 1}}


def test_the_request_by_the_contracts_names() -> None:
    view = recording_view(load(made.tool_invocation()))["interactions"][0]["request"]
    assert (view["method"], view["url"], view["tool_name"]) == (None, None, "web_search")
    assert view["body"] == {"query": "latest Python version", "limit": 5, "strict": False}


def test_calls_and_choices_are_lists_in_index_order() -> None:
    found = Collapsed()
    for index in (3, 1):
        for call in (2, 0):
            found.add(("choices", index, "tool_calls", call, "name"), "name", f"{index}{call}", f"/{index}/{call}")
    choices = reply_view(found)["choices"]
    assert [(choice["index"], [call["name"] for call in choice["tool_calls"]]) for choice in choices] == [
        (1, ["10", "12"]), (3, ["30", "32"]),
    ]  # fmt: skip


def test_a_reply_without_anything() -> None:
    assert reply_view(Collapsed()) == {"model": None, "usage": None, "choices": [], "extra": {}}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_value_and_what_is_below_it_are_both_kept(order: tuple[int, int]) -> None:
    cells = [(("extra", "a"), "text"), (("extra", "a", 0, "b"), "inner")]
    found = Collapsed()
    for number in order:
        path, value = cells[number]
        found.add(path, "value", value, f"/{number}")
    text = json.dumps(reply_view(found))
    if order == (0, 1):
        assert "text" in text
    assert "inner" in text or order == (1, 0)


def test_a_value_after_what_is_below_it_is_kept_too() -> None:
    found = Collapsed()
    found.add(("extra", "a", 0, "b"), "value", "inner", "/0")
    found.add(("extra", "a"), "value", "text", "/1")
    assert "inner" in json.dumps(reply_view(found))


# ------------------------------------------------------------------------------------- places of changes


def places_resolve(old: Recording, new: Recording) -> int:
    """Every change's path leads into the right side's view; the number of changes."""
    before, after = recording_view(old), recording_view(new)
    ledger = compare_recordings(old, new, RULES)
    changes = [*ledger.changes, *(seen.change for seen in ledger.sightings if seen.change)]
    for change in changes:
        resolve(before if change.kind == "removed" else after, change.path)
    return len(changes)


@pytest.mark.parametrize("name", BUILDERS)
def test_every_change_between_two_shapes_has_a_place(name: str) -> None:
    for other in BUILDERS:
        assert bool(places_resolve(load(BUILDERS[name]()), load(BUILDERS[other]()))) is (name != other)


@QUICK
@given(st.sampled_from(sorted(BUILDERS)), st.randoms(use_true_random=False), st.integers(1, 5))
def test_every_change_of_mutated_recordings_has_a_place(name: str, rng: random.Random, times: int) -> None:
    old, new = mutated(BUILDERS[name](), rng, times - 1), mutated(BUILDERS[name](), rng, times)
    if is_recording(old) and is_recording(new):
        assert places_resolve(load(old), load(new)) >= 0


@pytest.mark.parametrize("name", BUILDERS)
def test_many_mutations_have_a_place(name: str) -> None:
    for seed in range(15):
        rng = random.Random(seed)
        new = mutated(BUILDERS[name](), rng, 1 + seed % 3)
        if is_recording(new):
            assert places_resolve(load(BUILDERS[name]()), load(new)) >= 0


def test_the_value_at_a_place_is_the_changes_own() -> None:
    old, new = chat_stream(Answer("a", reasoning="b"), made.CALLS), chat_stream(Answer("c", reasoning="d"))
    new["response"]["extra"] = {"x": [1]}
    for before, after in ((old, new), (new, old)):
        one, other = load(before), load(after)
        views = recording_view(one), recording_view(other)
        for change in compare_recordings(one, other, RULES).changes:
            if change.kind == "removed" and "/tool_calls/" not in change.path:
                assert resolve(views[0], change.path) == change.old
            elif change.kind in ("added", "changed") and "/tool_calls/" not in change.path:
                assert resolve(views[1], change.path) == change.new


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real recordings is not at ../shared/corpus")
def test_every_change_of_the_corpus_has_a_place() -> None:
    count = 0
    for old, new in corpus_pairs():
        count += places_resolve(formats.load(old.name, old.read_bytes()), formats.load(new.name, new.read_bytes()))
    assert count > 500


def test_a_plain_file_shows_its_keys() -> None:
    view = recording_view(plain.read("a.json", {"a": 1, "test_id": "t"}))
    assert (view["format"], view["test_id"], view["interactions"], view["extra"]) == ("json", "t", [], {"a": 1})
    assert recording_view(plain.read("a.json", [1]))["extra"] == {"": [1]}
