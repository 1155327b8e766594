"""One pair from test id to the last chunk: parts that no protocol and no rule is about, and bodies never seen."""

from __future__ import annotations

from typing import Any

import pytest

from recdiff.comparing.recordings import compare_recordings
from recdiff.formats import plain
from recdiff.rules.engine import RuleSet
from tests import recordings as made
from tests.recordings import RULES, Answer, changes, chat_single, chat_stream, compared, hidden, load, recording, told


def test_another_test_id_is_one_change() -> None:
    old, new = made.tool_invocation(), made.tool_invocation()
    new["test_id"] = new["request"]["test_id"] = "t.py::test_other"
    assert [change[:2] for change in told(old, new)] == [("provenance", "/test_id")]
    assert compared(old, new).shown == [2, 2]


def test_a_request_test_id_of_its_own_is_shown() -> None:
    old, new = made.tool_invocation(), made.tool_invocation()
    new["request"]["test_id"] = "t.py::test_other"
    assert [change[:2] for change in told(old, new)] == [("provenance", "/request/test_id")]


def test_unknown_keys_of_the_container_are_compared() -> None:
    old, new = chat_single(), chat_single()
    new["recorder"] = {"version": 2}
    assert told(old, new) == [("data", "/extra/recorder", None, {"version": 2})]
    new["request"]["priority"] = 1
    new["response"]["latency"] = {"total": 4}
    assert {change[1] for change in told(old, new)} == {"/extra/recorder", "/request/priority", "/response/latency"}


def test_the_recorders_mapping_is_noise() -> None:
    old, new = chat_single(), chat_single()
    new["id_normalization_mapping"] = {"a": "b", "c": {"d": 1}}
    ledger = compared(old, new)
    assert (ledger.changes, list(ledger.hidden)) == ([], ["recorder-mapping"])
    del new["id_normalization_mapping"]
    assert hidden(old, new) == {"recorder-mapping": [1, 0]}
    shown = compared(
        old, made.with_value(old, "/id_normalization_mapping", {"a": 1}), RuleSet(disabled=["recorder-mapping"])
    )
    assert [change.path for change in shown.changes] == ["/extra/id_normalization_mapping/a"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (chat_single(), made.exception(), "added"),
        (made.exception(), chat_single(), "removed"),
        (chat_single(), made.exception(body=chat_single()["response"]["body"]), "added"),
    ],
)
def test_an_exception_that_came_or_went(old: Any, new: Any, kind: str) -> None:
    errors = [change for change in changes(old, new) if change.change_class == "error"]
    assert [(change.path, change.kind) for change in errors] == [("/interactions/0/response/error", kind)]


def test_an_exception_without_a_word() -> None:
    silent = recording(None, is_exception=True)
    quiet = recording(None)
    assert [(change[0], change[1]) for change in told(quiet, silent)] == [("error", "/response/error")]
    assert told(silent, silent) == []


@pytest.mark.parametrize(("old", "new"), [(200, 201), (200, None), (None, 500), (200, "200"), (200, 200.0), (1, True)])
def test_a_status_is_never_hidden(old: Any, new: Any) -> None:
    assert [change[:2] for change in told(recording({}, status=old), recording({}, status=new))] == [
        ("error", "/response/status")
    ]


def test_a_status_that_is_absent_or_null_says_the_same() -> None:
    assert hidden(recording({}), recording({}, status=None)) == {"empty-value": [0, 1]}


@pytest.mark.parametrize("name", ["chat-single", "chat-stream", "tool-invocation", "model-list", "embeddings"])
def test_a_new_sdk_type_is_one_provenance_change(name: str) -> None:
    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: f"new.{item}" if key == "__type__" else renamed(item) for key, item in value.items()}
        return [renamed(item) for item in value] if isinstance(value, list) else value

    old = made.BUILDERS[name]()
    assert [change[:2] for change in told(old, renamed(old))] == [("provenance", "/response/type")]


def test_one_sdk_type_among_many_is_seen() -> None:
    old = chat_stream()
    new = made.with_value(old, "/response/body/2/__type__", "vendor.Chunk")
    assert [change[:2] for change in told(old, new)] == [("provenance", "/response/type")]


BODIES: list[Any] = [
    None, "text", 0, 1, True, 1.5, [1], ["a", "b"], [0], [{"a": 1}], {"a": 1}, {"a": False}, {"error": "x"},
    {"type": "error", "message": "x"}, {"choices": "none"}, ["data: {\"b\": 1}", ""], ["data: x"], made.typed("A", [1]),
    [made.typed("A", {"x": 1}), made.typed("B", {"x": 1})], [made.typed("A", {"x": 1}), 5], {"__type__": "A"},
]  # fmt: skip
"""Bodies that all say something else."""


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize("number", range(len(BODIES)))
def test_bodies_of_every_type_are_compared_with_each_other(number: int, streaming: bool) -> None:
    old = recording(BODIES[number], streaming=streaming)
    for other, body in enumerate(BODIES):
        assert bool(changes(old, recording(body, streaming=streaming))) is (number != other)


@pytest.mark.parametrize("body", ["", [], {}])
def test_a_body_that_says_nothing_is_no_body(body: Any) -> None:
    assert told(recording(None), recording(body)) == []


def test_a_response_without_a_body() -> None:
    old = made.exception()
    without = made.without(old, "/response/body")
    assert told(old, without) == []
    assert told(without, made.exception(body={"a": 1}))


def nested(levels: int, leaf: Any, key: str | None = None) -> Any:
    """A value inside so many lists or objects."""
    value = leaf
    for _ in range(levels):
        value = {key: value} if key else [value]
    return value


@pytest.mark.parametrize("key", [None, "a", "embedding", "arguments", "id"])
def test_deep_nesting_is_compared(key: str | None) -> None:
    old, new = recording({"x": nested(240, 1, key)}), recording({"x": nested(240, 2, key)})
    assert [change[0] for change in told(old, new)] == ["data"]


def test_deep_nesting_on_one_side() -> None:
    assert told(recording({"x": nested(240, 1)}), recording({"x": nested(3, 1)}))
    assert told(recording({}), recording({"x": nested(240, 1)}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Answer("x" * 5_000_000), Answer("x" * 5_000_000 + "y")),
        (Answer("word " * 1_000_000), Answer("word " * 999_999 + "other")),
    ],
)
def test_long_texts_are_one_change(old: Answer, new: Answer) -> None:
    documents = [chat_single(answer) for answer in (old, new)]
    assert [change[0] for change in told(*documents)] == ["text"]


def test_long_strings_of_json_are_one_change() -> None:
    old, new = (recording({"x": "[" + "1," * 20_000 + end}) for end in ("1]", "2]"))
    assert len(told(old, new)) == 1


def test_many_items_and_calls_are_compared() -> None:
    old, new = ({"x": [{"text": f"{index} {word}"} for index in range(400)]} for word in ("one", "two"))
    assert len(told(recording(old), recording(new))) == 400
    many = [[(f"c{index}", "f", f'{{"n": {index + step}}}') for index in range(150)] for step in (0, 1)]
    assert told(*(chat_single(Answer(None, calls=calls)) for calls in many))


def test_a_plain_file_is_compared_by_its_keys() -> None:
    def read(document: Any) -> Any:
        return plain.read("a.json", document)

    ledger = compare_recordings(read({"a": 1, "test_id": "t"}), read({"a": 2, "test_id": "t"}), RULES)
    assert [(change.change_class, change.path) for change in ledger.changes] == [("data", "/extra/a")]
    ledger = compare_recordings(read([1, 2]), read([1, 3]), RULES)
    assert [(change.path, change.old, change.new) for change in ledger.changes] == [("/extra//1", 2, 3)]


def test_no_document_is_changed_by_comparing() -> None:
    for name, build in made.BUILDERS.items():
        old, new = load(build()), load(made.chat_stream(made.CALLS))
        before = (repr(old), repr(new))
        compare_recordings(old, new, RULES, trace=True)
        assert (repr(old), repr(new)) == before, name
