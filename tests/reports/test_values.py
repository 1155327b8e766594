"""What a changed value says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from recdiff.comparing.words import runs_of
from recdiff.jsonvalue import Json, canonical
from recdiff.model import Change, HiddenLeaf, Kind
from recdiff.reports.values import (
    apart,
    as_number,
    call_text,
    compared,
    exception_text,
    is_vector,
    literal,
    number,
    pretty,
    said,
    sides_of,
    step_of,
    told_apart,
    vector_text,
)
from recdiff.safe import visible
from tests.recordings import QUICK, json_values
from tests.recordings import vector as numbers


def change(old: Json, new: Json, kind: Kind = "changed") -> Change:
    return Change("data", "/a", kind, old, new, "a", "/a")


def vector(dimension: Json = 3, cosine: Json = 0.5, largest: Json = 0.25) -> Json:
    return {"dimension": dimension, "cosine": cosine, "largest": largest}


def test_vectors_are_told_by_how_far_they_are_apart() -> None:
    assert vector_text(change(vector(), vector())) == "3 dimensions, cosine 0.500000, largest difference 0.25"
    assert vector_text(change(vector(), vector(4))) == "3 → 4 dimensions"
    assert vector_text(change(vector(), vector(3, None))) == "3 dimensions, not comparable"


@pytest.mark.parametrize("other", [vector("\x1b[31m"), {"dimension": 3}, [1, 2, 3], "text", None])
def test_what_only_looks_like_a_vector_is_none(other: Json) -> None:
    assert not is_vector(other)
    assert vector_text(change(vector(), other)) is None and vector_text(change(other, vector())) is None


def test_a_call_reads_like_a_call() -> None:
    arguments: Json = {"city": "A\x1b[m", "days": 3, "why": None}
    assert call_text({"name": "wind", "arguments": arguments}) == 'wind(city: "A\\x1b[m", days: 3, why: null)'
    assert call_text({"name": "wind", "arguments": None}) == "wind()"
    assert call_text({"name": "wind", "arguments": "no json"}) == 'wind("no json")'
    assert call_text({"name": "wind", "arguments": {"a": "b"}}, said) == "wind(a: b)"
    assert call_text({"name": "wind"}) is None and call_text("wind") is None


def test_an_exception_is_its_type_and_message() -> None:
    recorded: Json = {"type": "Timeout", "args": [1]}
    assert exception_text({"message": "too\nslow", "data": recorded}) == "Timeout: too\nslow"
    assert exception_text({"message": None, "data": ["a"]}) == '["a"]'
    assert exception_text({"message": "m", "data": {}, "code": 1}) is None


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [(10, 12, "+2"), (12, 10, "−2"), (1, 1.5, "+0.5"), (0.1, 0.3, "+0.2"), (1, "2", ""), (None, 1, ""), (True, 2, "")],
)
def test_a_step_is_between_two_numbers(old: Json, new: Json, step: str) -> None:
    assert step_of(change(old, new)) == step


def test_true_is_no_number() -> None:
    assert as_number(True) is None and as_number(0) == 0 and as_number("1") is None


def test_json_in_texts_is_compared_as_json() -> None:
    old, new = compared('{"b":1, "a":2}', '{"a": 3,\n"b": 1}')
    assert json.loads(old) == {"a": 2, "b": 1} and json.loads(new) == {"a": 3, "b": 1} and "\n" in old


def test_where_the_json_is_the_same_the_letters_that_differ_are_told() -> None:
    sides = '{"a": 1}', '{"a":1}'
    assert compared(*sides) == sides
    assert compared(None, {"a": 1}) == ("", '{\n  "a": 1\n}')


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("caf\u00e9", "cafe\u0301", ("caf\\xe9", "cafe\\u0301")),
        ("a b", "a\u00a0b", ("a b", "a\\xa0b")),
        ("co-op", "co\u2011op", ("co-op", "co\\u2011op")),
        ("\u4eca, \u5929", "\u4eca\uff0c \u5929", ("\u4eca, \u5929", "\u4eca\uff0c \u5929")),
        ("x\u2003\U0001f600 y", "x \U0001f600 y", ("x\\u2003\U0001f600 y", "x \U0001f600 y")),
        ("caf\u00e9", "caf\u00e8", ("caf\u00e9", "caf\u00e8")),
        ("caf\u00e9", "caf\u00e9", ("caf\u00e9", "caf\u00e9")),
    ],
)
def test_letters_that_only_look_alike_are_spelled(old: str, new: str, told: tuple[str, str]) -> None:
    assert told_apart(old, new) == told


def test_letters_that_only_look_alike_are_spelled_in_the_words_that_changed_alone() -> None:
    old, new = "\u4eca\u5929 caf\u00e9 one two", "\u4eca\u5929 cafe\u0301 one two"
    runs = apart(runs_of(*compared(old, new)))
    assert next(run for run in runs if run.kept).old.startswith("\u4eca\u5929")
    (changed,) = (run for run in runs if not run.kept)
    assert changed.old.endswith("\\xe9") and changed.new.endswith("e\\u0301")


def test_numbers_beyond_all_others_are_no_fault() -> None:
    huge = 10**400
    assert step_of(change(1.5, huge)) == "" and step_of(change(1, huge)).startswith("+9")
    assert number(10**5000) == "a huge number"
    assert vector_text(change(vector(), vector(3, huge))) == "3 dimensions, not comparable"


@QUICK
@given(json_values.filter(lambda value: not isinstance(value, str)))
def test_lines_for_comparing_are_the_value(value: Json) -> None:
    assert canonical(json.loads(pretty(value))) == canonical(value)


def test_lines_for_comparing_do_not_depend_on_what_numbers_are() -> None:
    old, new = numbers(50, seed=1), [1.0] * 50
    for vectors in (old, new):
        assert pretty({"embedding": vectors, "index": 0}).count("\n") == 11


@QUICK
@given(json_values)
def test_one_line_is_one_line_and_visible(value: Json) -> None:
    assert visible(literal(value)) == literal(value)


def test_a_side_that_has_no_such_place_says_so() -> None:
    assert sides_of(HiddenLeaf("r", None, "/b", None, "x")) == ("(none)", '"x"')
    assert sides_of(HiddenLeaf("r", "/a", None, None, None)) == ("null", "(none)")
    assert [HiddenLeaf("r", *paths, 1, 2).place for paths in (("/a", "/b"), ("/a", None))] == ["/b", "/a"]
