"""Two values at one place, through a whole recording: what is one change, where it stands, and what hides nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recdiff.comparing.recordings import compare_recordings
from recdiff.comparing.tree import MOST_CHANGES, differ_in_signature
from recdiff.rules.engine import RuleSet
from tests import recordings as made
from tests.recordings import changes, compared, recording, told


def body(value: Any) -> Any:
    """A response body that no protocol knows."""
    return recording({"x": value})


def bodies(old: Any, new: Any) -> list[tuple[str, str, Any, Any]]:
    """Kind, path below the body's key, old and new of every change."""
    return [
        (change.kind, change.path.removeprefix("/interactions/0/response/body/x"), change.old, change.new)
        for change in changes(body(old), body(new))
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (1, 2, [("changed", "", 1, 2)]),
        (1, True, [("changed", "", 1, True)]),
        (1, 1.0, [("changed", "", 1, 1.0)]),
        (1, "1", [("changed", "", 1, "1")]),
        (None, 0, [("changed", "", None, 0)]),
        (None, False, [("changed", "", None, False)]),
        ("", 0, [("changed", "", "", 0)]),
        ({"a": 0}, {}, [("removed", "/a", 0, None)]),
        ({}, {"a": False}, [("added", "/a", None, False)]),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, [("changed", "/a/b", 1, 2), ("added", "/a/c", None, 3)]),
        ({"a/b": 1}, {"a/b": 2}, [("changed", "/a~1b", 1, 2)]),
        ({"__data__": 1}, {"__data__": 2}, [("changed", "/__data__", 1, 2)]),
        ([1, 2, 3], [1, 3], [("removed", "/1", 2, None)]),
        ([1, 3], [1, 2, 3], [("added", "/1", None, 2)]),
        ([[1, 2], [3]], [[1, 9], [3]], [("changed", "/0/1", 2, 9)]),
        ([1], [True], [("changed", "/0", 1, True)]),
        ([[1]], [[True]], [("changed", "/0/0", 1, True)]),
        ({"a": [1]}, "text", [("changed", "", {"a": [1]}, "text")]),
        ([{"id": "a", "n": 1}, {"id": "b"}], [{"id": "b"}, {"id": "a", "n": 2}], None),
    ],
)
def test_each_difference_is_one_change(old: Any, new: Any, found: Any) -> None:
    if found is None:
        assert bodies(old, new) == [("changed", "/1/n", 1, 2), ("moved", "", ["a", "b"], ["b", "a"])]
    else:
        assert bodies(old, new) == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, ""), ("", []), ([], {}), ({"a": None}, {}), ({}, {"a": {"b": ""}}), ({"a": []}, {"a": None}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)  # fmt: skip
def test_what_says_nothing_is_no_change(old: Any, new: Any) -> None:
    assert bodies(old, new) == []


def test_a_list_in_another_order_is_a_change() -> None:
    assert bodies(["a", "b"], ["b", "a"])
    assert bodies([{"n": 1}, {"n": 2}], [{"n": 2}, {"n": 1}])


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ('{"a": 1, "b": [2]}', '{ "b":[2],"a":1 }', {"json-layout": [1, 1]}),
        ('{"a": 0.5, "score": 0.1}', '{"a": 0.5, "score": 0.1004}', {"search-score": [1, 1]}),
        ('{"a": null}', '{"a": ""}', {"empty-value": [1, 1]}),
    ],
)
def test_json_text_in_a_response_is_compared_as_json(old: str, new: str, rules: Any) -> None:
    assert made.hidden(body(old), body(new)) == rules


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": 1}', '{"a": 1.0}'),
        ('{"id": "x"}', '{"id": "y"}'),
        ('{"created": 1}', '{"created": 2}'),
        ('{"score": 0.1}', '{"score": 0.2}'),
        ('{"a": 1}', '{"a": 1'),
        ("[1]", "[true]"),
        ('{"a": 1, "a": 2}', '{"a": 2, "a": 1}'),
    ],
)
def test_json_text_that_says_something_else_is_one_change(old: str, new: str) -> None:
    assert bodies(old, new) == [("changed", "", old, new)]


def test_layout_in_a_request_is_a_change_but_in_arguments() -> None:
    def asked(arguments: str, content: str) -> Any:
        call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
        return made.chat_single(asked=made.request([{"role": "assistant", "content": content, "tool_calls": [call]}]))

    assert made.hidden(asked('{"a":1}', "x"), asked('{"a": 1}', "x")) == {"json-layout": [1, 1]}
    assert told(asked("{}", '{"a":1}'), asked("{}", '{"a": 1}'))
    assert told(asked('{"a":1}', "x"), asked('{"a":2}', "x"))


@pytest.mark.parametrize(
    ("key", "old", "new", "hidden"),
    [
        ("score", 0.5, 0.5009, True),
        ("score", 0.5, 0.502, False),
        ("score", 0.5, None, False),
        ("score", 1, True, False),
        ("score", 10**400, 10**399, False),
        ("score", 10**400, 0.5, False),
        ("distance", -0.5, -0.5005, True),
        ("scores", [0.5, 0.1], [0.5005, 0.1], True),
        ("rank", 0.5, 0.5001, False),
    ],
)
def test_scores_within_tolerance(key: str, old: Any, new: Any, hidden: bool) -> None:
    assert bool(told(recording({key: old}), recording({key: new}))) is not hidden


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("https://h/p?a=1&sig=x&se=1", "https://h/p?a=1&sig=y&se=2", True),
        ("https://h/p?a=1&X-Amz-Signature=x", "https://h/p?a=1&X-Amz-Signature=y&X-Amz-Date=3", True),
        ("https://h/p?a=1&sig=x", "https://h/p?a=2&sig=y", False),
        ("https://h/p?sig=x", "https://h/q?sig=y", False),
        ("https://h/p?sig=x", "https://i/p?sig=y", False),
        ("https://h/p?sig=x#a", "https://h/p?sig=x#b", False),
        ("https://h/p?sig=x", "https://h/p", False),
        ("https://h/p?a=1", "https://h/p?a=2", False),
        ("see https://h/p?sig=x", "see https://h/p?sig=y", False),
        ("https://h/p?sig=x and more", "https://h/p?sig=y and more", False),
        ("ftp://h/p?sig=x", "ftp://h/p?sig=y", False),
        ("https://[h/p?sig=x", "https://[h/p?sig=y", False),
    ],
)
def test_links_that_differ_in_their_signature(old: str, new: str, same: bool) -> None:
    assert differ_in_signature(old, new) is same


def test_a_signed_link_in_a_text_is_text() -> None:
    old, new = (made.chat_single(made.Answer(f"https://h/p?a=1&sig={sig}")) for sig in "xy")
    assert [change[0] for change in told(old, new)] == ["text"]


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ({"messages": [{"role": "user", "content": "LINK"}]}, False),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "LINK"}]}]}, False),
        ({"messages": [{"role": "user", "content": ["LINK"]}]}, False),
        ({"prompt": "LINK"}, False),
        ({"prompt": ["a", "LINK"]}, False),
        ({"input": ["LINK"], "encoding_format": "float"}, False),
        ({"input": [{"type": "function_call_output", "call_id": "c", "output": "LINK"}]}, False),
        ({"instructions": "LINK"}, False),
        ({"messages": [{"content": [{"type": "image_url", "image_url": {"url": "LINK"}}]}]}, True),
        ({"messages": [{"content": [{"type": "image_url", "image_url": "LINK"}]}]}, True),
        ({"input": [{"content": [{"type": "input_file", "file_url": "LINK"}]}]}, True),
    ],
)
def test_what_is_said_is_text_though_it_be_a_signed_link(said: Any, hidden: bool) -> None:
    old, new = (
        recording({"x": 1}, asked={**made.request(), "body": json.loads(json.dumps(said).replace("LINK", link))})
        for link in ("https://h/p?sig=x&se=1", "https://h/p?sig=y&se=2")
    )
    assert bool(told(old, new)) is not hidden
    if "output" not in str(said):
        old, new = (recording(document["request"]["body"]) for document in (old, new))
        assert bool(told(old, new)) is not hidden


def test_files_that_a_response_puts_out_are_links() -> None:
    old, new = (recording({"output": [f"https://h/p.png?sig={sig}&se=1"]}) for sig in "xy")
    assert made.hidden(old, new) == {"signed-url": [1, 1]}


def test_a_request_echo_is_one_change() -> None:
    old, new = (made.chat_single(asked=made.request(model=model)) for model in ("a", "b"))
    assert told(old, new) == [("model", "/request/model", "a", "b")]
    assert compared(old, new).shown == [2, 2]


def test_an_exception_message_that_its_data_repeats_is_one_change() -> None:
    changes = told(made.exception("first"), made.exception("second"))
    assert changes == [("error", "/response/error/message", "first", "second")]


@pytest.mark.parametrize(
    ("pointer", "value", "kind"),
    [
        ("/request/url", "http://elsewhere/v1/chat/completions", "request"),
        ("/request/method", "GET", "request"),
        ("/request/body/messages/0/content", "Else?", "request"),
        ("/request/body/model", "other", "model"),
        ("/request/headers", {"X": "1"}, "request"),
        ("/request/body/stream", True, "provenance"),
        ("/request/provider_metadata/openai_sdk_version", "9", "provenance"),
        ("/test_id", "other.py::test_x", "provenance"),
        ("/response/body/__type__", "other.ChatCompletion", "provenance"),
        ("/response/body/__data__/model", "other", "model"),
        ("/response/body/__data__/usage/total_tokens", 99, "usage"),
        ("/response/body/__data__/choices/0/message/content", "Lyon.", "text"),
        ("/response/body/__data__/choices/0/message/refusal", "No.", "text"),
        ("/response/body/__data__/choices/0/finish_reason", "length", "finish"),
        ("/response/body/__data__/service_tier", "flex", "data"),
        ("/response/body/__data__/choices/0/message/annotations", ["x"], "data"),
        ("/response/status", 500, "error"),
        ("/response/exception_message", "boom", "error"),
        ("/new_top", 1, "data"),
    ],
)
def test_the_class_of_a_change(pointer: str, value: Any, kind: str) -> None:
    old = made.chat_single()
    new = made.with_value(old, pointer, value)
    assert kind in {change[0] for change in told(old, new)}
    if pointer != "/response/status":
        assert {change[0] for change in told(old, new)} == {kind}


def test_an_error_body_is_an_error_whatever_changes_in_it() -> None:
    old, new = made.error_status(), made.error_status()
    new["response"]["body"]["error"]["code"] = "other"
    new["response"]["body"]["hint"] = {"x": 1}
    assert {change[0] for change in told(old, new)} == {"error"}


def test_turning_a_rule_off_shows_what_it_hid() -> None:
    old, new = recording({"created": 1766000000}), recording({"created": 1766000001})
    assert told(old, new) == []
    assert [change.path for change in compared(old, new, RuleSet(disabled=["created"])).changes] == [
        "/interactions/0/response/body/created"
    ]


def test_a_flood_of_changes_is_told_in_few_and_accounted_whole() -> None:
    def flood(shift: int) -> dict[str, Any]:
        items = [{"k": number + shift, "v": [number % 7 + shift, shift], "s": "same"} for number in range(3_000)]
        return made.recording({"data": items, "beside": [[shift]], "kept": True})

    before, after = made.load(flood(0)), made.load(flood(1))
    ledger = compare_recordings(before, after, made.RULES, trace=True)
    assert MOST_CHANGES <= len(ledger.changes) < MOST_CHANGES + 10
    rest = next(change for change in ledger.changes if change.path.endswith("/data"))
    assert isinstance(rest.old, list) and isinstance(rest.new, list) and len(rest.old) == len(rest.new) > 1_000
    made.check_account(before, after, ledger)
