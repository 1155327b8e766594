"""The OGX container: every shape of request and body, and that every leaf of the file has a place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recdiff import formats
from recdiff.errors import NotARecordingError, UnreadableError
from recdiff.formats import ogx
from recdiff.model import Interaction
from recdiff.wire.sse import DONE
from tests import recordings as made
from tests.recordings import BUILDERS, load, recording, request, typed


def interaction(document: dict[str, Any]) -> Interaction:
    """The one interaction of a document."""
    (found,) = load(document).interactions
    return found


@pytest.mark.parametrize("name", BUILDERS)
def test_every_shape_is_recognised(name: str) -> None:
    document = BUILDERS[name]()
    loaded = load(document, "recordings/x.json")
    assert (loaded.format, loaded.path, loaded.test_id) == ("ogx", "recordings/x.json", document["test_id"])
    assert loaded.document == document
    assert loaded.top == {key: value for key, value in document.items() if key not in ("request", "response")}


@pytest.mark.parametrize("name", BUILDERS)
def test_places_of_a_request_and_a_response_lead_to_their_values(name: str) -> None:
    document = BUILDERS[name]()
    found = interaction(document)
    for key, place in found.request.at.items():
        assert made.at(document, place) == found.request.view[key]
    assert {place.split("/")[2] for place in found.request.at.values()} == set(document["request"])
    told = {*found.response.at.values(), *found.response.frame}
    assert {place.split("/")[2] for place in told} | {"body"} == set(document["response"])
    for place, value in found.response.frame.items():
        assert made.at(document, place) == value


@pytest.mark.parametrize("name", BUILDERS)
def test_places_of_payloads_lead_to_them(name: str) -> None:
    document = BUILDERS[name]()
    response = interaction(document).response
    for event in response.events:
        there = made.at(document, event.at)
        said = there if not event.carrier else DONE if there == f"data: {DONE}" else made.data_of(there)
        assert said == event.payload
    for place, kind in zip(response.type_places, [made.at(document, at) for at in response.type_places], strict=True):
        assert place.endswith("/__type__")
        assert kind in response.types


@pytest.mark.parametrize(
    ("name", "shape", "events"),
    [
        ("chat-single", "single", 1),
        ("chat-stream", "stream", 9),
        ("anthropic-lines", "lines", 29),
        ("model-list", "list", 3),
        ("gemini-stream", "stream", 12),
        ("exception", "none", 0),
        ("exception-after-chunks", "stream", 3),
        ("unknown-body", "single", 1),
    ],
)
def test_shape_and_number_of_payloads(name: str, shape: str, events: int) -> None:
    response = interaction(BUILDERS[name]()).response
    assert (response.shape, len(response.events)) == (shape, events)


@pytest.mark.parametrize(
    "document",
    [
        None, 7, "text", [], {}, {"request": {}}, {"request": {}, "response": {}}, {"request": [], "response": {}},
        {"request": {"url": "x"}, "response": {}}, {"request": {"url": "x"}, "response": []},
        {"request": {"headers": {}}, "response": {"body": None}}, {"interactions": [], "version": 1},
        {"request": None, "response": {"body": 1}}, [{"request": {"url": "x"}, "response": {"body": 1}}],
    ],
)  # fmt: skip
def test_other_content_is_no_recording(document: Any) -> None:
    assert not ogx.recognises(document)
    with pytest.raises(NotARecordingError):
        formats.recording_from("x.json", document)


def test_broken_bytes_are_unreadable_and_not_just_no_recording() -> None:
    with pytest.raises(UnreadableError) as caught:
        formats.load("x.json", b'{"request": {')
    assert not isinstance(caught.value, NotARecordingError)


@pytest.mark.parametrize("test_id", [None, "", 7, ["t"], {"a": 1}, True])
def test_a_test_id_is_a_text_or_unknown(test_id: Any) -> None:
    assert load(recording({}, test_id=test_id)).test_id is None


@pytest.mark.parametrize("key", ["body", "payload", "kwargs"])
def test_the_request_body_by_any_name(key: str) -> None:
    asked = {"url": "http://h/x", "method": "POST", key: {"model": "m", "n": 1}}
    view = interaction(recording({}, asked=asked)).request.view
    assert (view["body"], view["model"], view["url"], view["method"]) == (asked[key], "m", "http://h/x", "POST")
    assert key == "body" or key not in view


def test_a_request_with_two_bodies_keeps_both() -> None:
    view = interaction(recording({}, asked={"url": "u", "body": {"a": 1}, "payload": {"b": 2}})).request.view
    assert (view["body"], view["payload"]) == ({"a": 1}, {"b": 2})


def test_a_file_processor_request_keeps_its_keys() -> None:
    view = interaction(
        recording({}, asked={"provider": "pypdf", "api": "file_processors", "file_id": "f1"})
    ).request.view
    assert (view["provider"], view["api"], view["file_id"], view["body"]) == ("pypdf", "file_processors", "f1", None)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, None),
        ({"is_exception": False}, None),
        ({"is_exception": True}, {"message": None, "data": None}),
        ({"exception_message": "x"}, {"message": "x", "data": None}),
        ({"is_exception": True, "exception_data": {"a": 1}}, {"message": None, "data": {"a": 1}}),
        ({"is_exception": False, "exception_message": None, "exception_data": None}, None),
    ],
)
def test_what_was_raised(more: dict[str, Any], error: Any) -> None:
    assert interaction(recording(None, **more)).response.error == error


def test_a_response_without_a_body() -> None:
    document = made.exception()
    del document["response"]["body"]
    response = interaction(document).response
    assert (response.shape, response.events, response.has_null_body) == ("none", (), False)
    assert interaction(made.exception()).response.has_null_body


@pytest.mark.parametrize(
    ("body", "shape", "payloads"),
    [
        ([], "stream", []),
        ({}, "single", [{}]),
        ("text", "single", ["text"]),
        (0, "single", [0]),
        (False, "single", [False]),
        ([None, 1, "x"], "stream", [None, 1, "x"]),
        (["plain", "lines"], "stream", ["plain", "lines"]),
        ([typed("A", 1), {"__type__": "A", "__data__": 2, "more": 3}], "stream", [typed("A", 1), None]),
        ([typed("A", 1), 5], "stream", [typed("A", 1), 5]),
        (typed("A", None), "single", [None]),
        ({"__type__": 5, "__data__": 1}, "single", [{"__type__": 5, "__data__": 1}]),
    ],
)
def test_bodies_never_seen_keep_every_payload(body: Any, shape: str, payloads: list[Any]) -> None:
    response = interaction(recording(body, streaming=isinstance(body, list))).response
    wanted = [
        body[number] if payload is None and isinstance(body, list) else payload
        for number, payload in enumerate(payloads)
    ]
    assert response.shape == shape
    assert [event.payload for event in response.events] == wanted


@pytest.mark.parametrize(
    ("status", "known"), [(200, 200), (400, 400), (None, None), ("200", None), (200.0, None), ([200], None)]
)
def test_a_status_is_a_whole_number_or_unknown(status: Any, known: int | None) -> None:
    assert interaction(recording({}, status=status)).response.status == known


@pytest.mark.parametrize("key", ["error", "streamed"])
def test_unknown_keys_of_a_response_do_not_replace_what_recdiff_says(key: str) -> None:
    response = interaction({**made.exception(), "response": {**made.exception()["response"], key: "x"}}).response
    assert isinstance(response.error, dict)
    assert response.error["message"] == made.exception()["response"]["exception_message"]
    assert response.view["streamed"] is False


def test_a_payload_that_only_looks_wrapped_stays_as_it_is() -> None:
    response = interaction(recording({"__type__": "A", "__data__": {"x": 1}, "other": 2})).response
    assert response.types == ()
    assert response.events[0].payload == {"__type__": "A", "__data__": {"x": 1}, "other": 2}


def test_the_model_of_the_request_itself_wins() -> None:
    asked = {**request(model="in-body"), "model": "beside"}
    assert interaction(recording({}, asked=asked)).request.view["model"] == "beside"


def test_loading_takes_bytes_with_a_mark_of_order() -> None:
    data = b"\xef\xbb\xbf" + json.dumps(made.chat_single()).encode()
    assert formats.load("x.json", data).document == made.chat_single()
