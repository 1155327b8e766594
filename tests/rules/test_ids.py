"""Ids that providers draw anew: renamed one to one through a test they are noise, else each is a change."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.model import FileReview, Request
from recdiff.rules.config import ProjectConfig
from recdiff.rules.ids import IdSighting, consistent, ids_in, is_id_place, kept_ids
from tests import recordings as made
from tests.recordings import QUICK, Answer, chat_single, chat_stream, request
from tests.test_pipeline import reviewed


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (("request", "body", "messages", 1, "tool_calls", 0, "id"), True),
        (("request", "body", "messages", 1, "tool_call_id"), True),
        (("request", "body", "input", 2, "call_id"), True),
        (("request", "body", "input", 2, "id"), True),
        (("request", "body", "previous_response_id"), True),
        (("request", "body", "contents", 0, "parts", 0, "function_call", "id"), True),
        (("request", "body", "messages", 0, "content", 0, "tool_use_id"), True),
        (("response", "body", "output", 0, "id"), True),
        (("response", "reply", "choices", 0, "tool_calls", 0, "id"), True),
        (("request", "body", "id"), False),
        (("request", "id"), False),
        (("response", "body", "id"), False),
        (("response", "body", "data", 0, "id"), False),
        (("request", "body", "messages", 0, "content"), False),
        (("request", "body", "user_id"), False),
        (("test_id",), False),
    ],
)
def test_where_such_an_id_stands(path: tuple[str | int, ...], is_one: bool) -> None:
    assert is_id_place(path) is is_one


@pytest.mark.parametrize(
    "path",
    [
        ("request", "body", "messages", 1, "tool_calls", 0, "function", "arguments", "item_id"),
        ("request", "body", "messages", 1, "content", 0, "input", "id"),
        ("request", "body", "contents", 0, "parts", 0, "functionCall", "args", "items", 0, "id"),
    ],
)
def test_ids_in_arguments_are_arguments(path: tuple[str | int, ...]) -> None:
    assert not is_id_place(path)


def test_ids_below_a_place() -> None:
    messages = [
        {"id": "m", "tool_calls": [{"id": "c1", "function": {"arguments": '{"id": "x"}'}}]},
        {"tool_call_id": "c1"},
    ]
    assert list(ids_in(messages, ("request", "body", "messages"))) == ["m", "c1", "c1"]
    assert list(ids_in({"id": "r", "tool_call_id": 5, "item_id": ""}, ("response", "body"))) == []


NAMES = st.sampled_from("abcd")


@QUICK
@given(st.lists(st.tuples(NAMES, NAMES), max_size=8), st.randoms(use_true_random=False))
def test_consistent_is_one_to_one_both_ways(pairs: list[tuple[str, str]], rng: random.Random) -> None:
    found = consistent(IdSighting(old, new) for old, new in pairs)
    assert found == {(old, new) for old, new in pairs if all((old == a) == (new == b) for a, b in pairs)}
    rng.shuffle(pairs)
    assert consistent(IdSighting(old, new) for old, new in pairs) == found


# ------------------------------------------------------------------------------------------------- through a test


def conversation(
    *names: str, answer: str | None = None, test_id: str = "t.py::test_a", text: str = "it is sunny"
) -> Any:
    """A recording of a test: earlier calls by these ids in the request, a further call by `answer` in the reply."""
    messages: list[Any] = [{"role": "user", "content": "Weather?"}]
    for name in names:
        call = {"id": name, "type": "function", "function": {"name": "f", "arguments": '{"id": "inside"}'}}
        messages += [
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": name, "content": text},
        ]
    said = Answer(None, calls=[(answer, "f", '{"id": "inside"}')], finish="tool_calls") if answer else Answer("Sunny.")
    document = chat_single(said, asked=request(messages))
    document["test_id"] = test_id
    return document


def files(*pairs: tuple[Any, Any]) -> tuple[FileReview, ...]:
    """A review of these pairs, each at a path of its own."""
    old = {f"recordings/{number}.json": pair[0] for number, pair in enumerate(pairs)}
    new = {f"recordings/{number}.json": pair[1] for number, pair in enumerate(pairs)}
    return reviewed(old, new).files


def statuses(*pairs: tuple[Any, Any]) -> list[str]:
    """The status of each pair."""
    return [entry.status for entry in files(*pairs)]


def test_a_consistent_renaming_is_noise() -> None:
    pairs = [
        (conversation(answer="call_1"), conversation(answer="call_9")),
        (conversation("call_1", answer="call_2"), conversation("call_9", answer="call_8")),
        (conversation("call_1", "call_2"), conversation("call_9", "call_8")),
    ]
    found = files(*pairs)
    assert [entry.status for entry in found] == ["noise"] * 3
    assert [entry.hidden["renamed-id"] for entry in found] == [1, 3, 4]


@QUICK
@given(st.integers(2, 4), st.randoms(use_true_random=False), st.booleans())
def test_any_renaming_one_to_one_is_noise_and_no_other(count: int, rng: random.Random, broken: bool) -> None:
    names = [f"call_{number}" for number in range(count)]
    others = [f"new_{number}" for number in range(count)]
    rng.shuffle(others)
    renamed = dict(zip(names, others, strict=True))
    old = [conversation(*names[:number], answer=names[number]) for number in range(count)]
    new = [json.loads(_renamed(json.dumps(document), renamed)) for document in old]
    if broken:
        wrong = rng.randrange(1, count)
        new[wrong]["request"]["body"]["messages"][1]["tool_calls"][0]["id"] = "elsewhere"
    found = files(*zip(old, new, strict=True))
    if not broken:
        assert {entry.status for entry in found} == {"noise"}
        assert {rule for entry in found for rule in entry.hidden} == {"renamed-id"}
    else:
        shown = {change.old for entry in found for change in entry.changes}
        assert names[0] in shown
        assert found[0].status == "meaningful"


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return text


@pytest.mark.parametrize(
    "pairs",
    [
        # an id that became two
        [(conversation("a"), conversation("x")), (conversation("a"), conversation("y"))],
        # two ids that became one
        [(conversation("a", "b"), conversation("x", "x"))],
        # an id that stayed in one recording and changed in another
        [(conversation("a", text="old"), conversation("a", text="new")), (conversation("a"), conversation("x"))],
        # the new name was there before
        [(conversation("a", "b"), conversation("b", "b"))],
        # a reply that kept its id while the request that follows has another
        [
            (conversation("a", answer="b", text="1"), conversation("a", answer="b", text="2")),
            (conversation("b"), conversation("x")),
        ],
    ],
)
def test_an_inconsistent_renaming_is_shown(pairs: list[tuple[Any, Any]]) -> None:
    found = files(*pairs)
    assert "meaningful" in {entry.status for entry in found}
    assert not any("renamed-id" in entry.hidden for entry in found)


def test_two_ids_that_changed_places_are_one_to_one() -> None:
    assert statuses((conversation("a", "b"), conversation("b", "a"))) == ["noise"]


def test_tests_do_not_share_their_ids() -> None:
    pairs = [
        (conversation("a", test_id="t.py::test_1"), conversation("x", test_id="t.py::test_1")),
        (conversation("a", test_id="t.py::test_2"), conversation("y", test_id="t.py::test_2")),
    ]
    assert statuses(*pairs) == ["noise", "noise"]


def test_without_a_test_each_file_is_its_own() -> None:
    pairs: list[tuple[Any, Any]] = [(conversation("a"), conversation("x")), (conversation("a"), conversation("y"))]
    for pair in pairs:
        for document in pair:
            document["test_id"] = None
    assert statuses(*pairs) == ["noise", "noise"]


def test_a_renaming_with_a_new_test_id() -> None:
    pair = (conversation("a"), conversation("x", test_id="t.py::test_b"))
    (entry,) = files(pair)
    assert [change.change_class for change in entry.changes] == ["provenance"]
    assert entry.hidden["renamed-id"] == 2


@pytest.mark.parametrize("place", ["content", "arguments", "text"])
def test_ids_in_text_and_arguments_are_never_hidden(place: str) -> None:
    def document(name: str) -> Any:
        found = conversation(name, answer=name)
        text = json.dumps(found)
        if place == "arguments":
            return json.loads(text.replace("inside", name))
        if place == "content":
            return json.loads(text.replace("it is sunny", f"{name} says sunny"))
        found["response"] = chat_single(Answer(f"as {name} said"))["response"]
        return found

    (entry,) = files((document("call_1"), document("call_2")))
    assert entry.status == "meaningful"
    assert entry.hidden["renamed-id"] >= 2
    assert all("call_1" in json.dumps(change.old) for change in entry.changes)


def test_streams_name_their_calls_too() -> None:
    old, new = (chat_stream(Answer(None, calls=[(name, "f", "{}")])) for name in "ab")
    (entry,) = files((old, new))
    assert (entry.status, entry.hidden) == ("noise", {"renamed-id": 1})


def test_the_rule_can_be_turned_off() -> None:
    old, new = conversation("a"), conversation("x")
    config = ProjectConfig(disabled=frozenset({"renamed-id"}))
    (entry,) = reviewed({"a.json": old}, {"a.json": new}, config=config).files
    assert entry.status == "meaningful"
    assert [change.new for change in entry.changes] == ["x", "x"]


def test_ids_in_lines_that_stayed() -> None:
    kept = (made.anthropic_lines(), made.anthropic_lines())
    kept[1]["request"]["payload"]["max_tokens"] = 65

    def follow_up(name: str) -> Any:
        document = made.anthropic_single(made.BLOCKS[:2])
        result = {"type": "tool_result", "tool_use_id": name, "content": "sunny"}
        document["request"]["payload"]["messages"] = [{"role": "user", "content": [result]}]
        return document

    found = files(kept, (follow_up("toolu_1"), follow_up("toolu_2")))
    assert [change.old for change in found[1].changes] == ["toolu_1"]


@pytest.mark.parametrize("name", ["anthropic", "gemini", "interaction"])
def test_ids_of_every_protocol(name: str) -> None:
    single, stream = made.SINGLE_AND_STREAM[name]
    for build in (single, lambda: stream(made.words)):
        old = build()
        new = json.loads(json.dumps(old).replace("toolu_1", "id_9").replace("fc_1", "id_9").replace("fn_1", "id_9"))
        (entry,) = files((old, new))
        assert (entry.status, entry.hidden) == ("noise", {"renamed-id": 1})


def test_an_id_that_became_empty_is_shown() -> None:
    assert statuses((conversation("a"), conversation(""))) == ["meaningful"]


def follow_up(key: str, name: str, text: str = "x") -> Any:
    """A request of the Responses API that refers to an earlier one by a key."""
    said: dict[str, Any] = {"model": "m", "input": [{"type": "function_call_output", "output": text}]}
    if key == "previous_response_id":
        said[key] = name
    else:
        said["input"][0][key] = name
    return {"method": "POST", "url": "http://h/v1/responses", "endpoint": "/v1/responses", "model": "m", "body": said}


def answered(body: Any, asked: Any = None) -> Any:
    """A response that no protocol reads, of one test."""
    return made.recording({"object": "response", **body}, asked=asked, test_id="t.py::test_a")


@pytest.mark.parametrize("key", ["call_id", "tool_call_id", "item_id"])
def test_a_reference_that_stayed_in_an_equal_response_counts(key: str) -> None:
    def document(asked: str) -> Any:
        body = {"output": [{"type": "function_call", key: "call_1", "arguments": "{}"}]}
        return answered(body, follow_up(key, asked))

    (entry,) = files((document("call_1"), document("call_9")))
    assert [(change.old, change.new) for change in entry.changes] == [("call_1", "call_9")]


def test_a_reference_that_stayed_in_an_equal_part_of_a_reply_counts() -> None:
    def document(asked: str, text: str) -> Any:
        document = chat_single(Answer(text), annotations=[{"item_id": "item_1"}])
        document["test_id"], document["request"] = "t.py::test_a", follow_up("item_id", asked)
        return document

    (entry,) = files((document("item_1", "a"), document("item_9", "b")))
    assert ("item_1", "item_9") in [(change.old, change.new) for change in entry.changes]


@pytest.mark.parametrize(
    ("drawn", "referred", "status"),
    [
        (("resp_1", "resp_9"), ("resp_1", "resp_9"), "noise"),
        (("resp_1", "resp_9"), ("resp_1", "resp_7"), "meaningful"),
        (("resp_1", "resp_9"), ("resp_0", "resp_9"), "meaningful"),
        (("resp_1", "resp_1"), ("resp_1", "resp_7"), "meaningful"),
        (("resp_1", "resp_9"), ("other_1", "other_2"), "noise"),
    ],
)
@pytest.mark.parametrize("shape", ["body", "single", "stream"])
def test_a_reference_goes_with_the_response_that_it_names(
    drawn: tuple[str, str], referred: tuple[str, str], status: str, shape: str
) -> None:
    def first(name: str, text: str) -> Any:
        if shape == "body":
            return answered({"id": name, "note": text})
        if shape == "single":
            return {**chat_single(Answer(text), id=name), "test_id": "t.py::test_a"}
        document = {**chat_stream(Answer(text)), "test_id": "t.py::test_a"}
        for item in document["response"]["body"]:
            item["__data__"]["id"] = name
        return document

    before, after = (answered({}, follow_up("previous_response_id", name)) for name in referred)
    found = files((first(drawn[0], "a"), first(drawn[1], "b")), (before, after))
    assert {entry.path: entry.status for entry in found}["recordings/1.json"] == status


def test_responses_that_all_got_one_name_make_no_noise() -> None:
    pairs = [(answered({"id": f"resp_{number}"}), answered({"id": "resp"})) for number in range(3)]
    assert statuses(*pairs) == ["noise"] * 3


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (("a1", "b1"), ("a1", "c1"), "noise"),
        (("call_1", "call_2"), ("call_2", "call_3"), "noise"),
        (("c1", "c2"), ("c2", "c1"), "noise"),
        (("a1", "b1"), ("a1", "b1"), "noise"),
    ],
)
@pytest.mark.parametrize("results", ["renamed", "swapped"])
def test_parallel_calls_that_are_renamed(old: Any, new: Any, status: str, results: str) -> None:
    def document(names: tuple[str, str], answers: tuple[str, str]) -> Any:
        called = [
            {"id": name, "type": "function", "function": {"name": "f", "arguments": f'{{"n": {number}}}'}}
            for number, name in enumerate(names)
        ]
        messages: list[Any] = [{"role": "assistant", "content": None, "tool_calls": called}]
        messages += [
            {"role": "tool", "tool_call_id": name, "content": f"r{number}"} for number, name in enumerate(answers)
        ]
        return {**chat_single(asked=request(messages)), "test_id": "t.py::test_a"}

    after = document(new, new if results == "renamed" else new[::-1])
    after["id_normalization_mapping"] = {"x": "y"}
    (entry,) = files((document(old, old), after))
    assert entry.status == (status if results == "renamed" else "meaningful")


# ------------------------------------------------------------------------------------- ids that say what was asked for


def _asked(url: str, body: Any = None) -> Request:
    return Request({"url": f"https://api.example.org{url}", "endpoint": url, "body": body}, {})


@pytest.mark.parametrize(
    ("request_", "body", "kept"),
    [
        (_asked("/v1/models/x"), {"object": "model", "id": "m"}, ["id"]),
        (_asked("/v1/models/x"), {"type": "model", "id": "claude-3", "request_id": "req_1"}, ["id"]),
        (_asked("/v1/files/file-1"), {"object": "file", "id": "file-1"}, ["id"]),
        (_asked("/v1/files/file%201?x=1"), {"object": "file", "id": "file 1"}, ["id"]),
        (_asked("/v1/files?after=file-1"), {"object": "file", "id": "file-1"}, ["id"]),
        (_asked("/v1/files/file-10"), {"object": "file", "id": "file-1"}, []),
        (_asked("/v1/files"), {"object": "file", "id": "file-1"}, []),
        (_asked("/v1/x", {"files": ["file-1"]}), {"id": "file-1", "response_id": "r"}, ["id"]),
        (_asked("/v1/x", {"response_id": "r"}), {"id": "file-1", "response_id": "r"}, ["response_id"]),
        (_asked("/v1/x", {"text": "is file-1 there?"}), {"id": "file-1"}, []),
        (_asked("/v1/x", {"user": 5, "a": [12]}), {"id": 5, "request_id": 1}, ["id"]),
        (_asked("/v1/users/5"), {"id": 5}, ["id"]),
        (_asked("/v1/x", {"text": "5"}), {"id": 5}, []),
        (_asked("/v1/x", {"on": True}), {"id": True}, []),
        (_asked("/v1/x", {"a": ""}), {"id": ""}, []),
        (_asked("/v1/x", {"a": None}), {"id": None}, []),
        (_asked("/v1/x"), [{"object": "model", "id": "m"}], []),
        (_asked("/v1/x"), None, []),
    ],
)
def test_ids_that_the_request_said_first(request_: Request, body: Any, kept: list[str]) -> None:
    assert kept_ids(request_, body) == {("response", "body", key) for key in kept}


@pytest.mark.parametrize(
    ("body", "url"),
    [({"type": "model", "id": "claude-3"}, "/v1/models/c"), ({"object": "file", "id": "f1"}, "/v1/files/f1")],
)
def test_another_id_than_the_one_that_was_asked_for_is_shown(body: Any, url: str) -> None:
    asked = {"method": "GET", "url": f"https://h{url}", "endpoint": url, "body": None}
    old, new = made.recording(body, asked=asked), made.recording({**body, "id": "other"}, asked=asked)
    assert made.told(old, new) == [("data", "/response/body/id", body["id"], "other")]
