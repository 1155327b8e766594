"""Embeddings: what is a vector, when two are the same, and what a change says of them."""

from __future__ import annotations

import base64
import struct
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.vectors import as_vector, compare, is_vector_place
from tests import recordings as made
from tests.recordings import MANY, embeddings, told, vector

PLACE = ("response", "body", "data", 0, "embedding")


def packed(numbers: list[float], order: str = "<") -> str:
    """Numbers as the API's base64: 32-bit floats, little-endian."""
    return base64.b64encode(struct.pack(f"{order}{len(numbers)}f", *numbers)).decode()


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (PLACE, True),
        (("response", "body", "embeddings", 3), True),
        (("response", "body", "vector"), True),
        (("response", "body", "embeddings", "float", 3), True),
        (("response", "body", "embeddings", "base64", 3), True),
        (("response", "body", "embedding", "values"), True),
        (("response", "body", "embeddings", 0, "values"), True),
        (("response", "body", "embedding", 0), True),
        (("response", "body", "vectors", 0), True),
        (("response", "body", "values"), False),
        (("response", "body", "prices", 3), False),
        (("response", "body", "float", 3), False),
        (("response", "body", "data"), False),
        (("embeddings",), False),
        (("response", "body", "embeddings", "x"), False),
    ],
)
def test_where_an_embedding_stands(path: tuple[str | int, ...], is_one: bool) -> None:
    assert is_vector_place(path) is is_one


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ([1, 2], True), ([0.5], True), ([], False), ([1, "2"], False), ([True, 1.0], False), ([None], False),
        ([[1.0]], False), ("", False), ("not base64!", False), ("aGk=", False), (packed([1.0, 2.0]), True),
        (packed([nan]), False), (packed([inf]), False), ({"0": 1.0}, False), (None, False), (5, False),
    ],
)  # fmt: skip
def test_what_is_a_vector_there(value: Any, is_one: bool) -> None:
    assert (as_vector(value, PLACE) is not None) is is_one


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ([0.5, -0.5] * 32, True),
        ([0.5, -0.5] * 31, False),
        ([0.5] * 500, False),  # prices, grades
        ([-0.5] * 500, False),  # logprobs
        ([1, -1] * 100, False),
        (packed([1.0, -1.0] * 40), False),
    ],
)
def test_what_is_a_vector_elsewhere(value: Any, is_one: bool) -> None:
    assert (as_vector(value, ("response", "body", "numbers")) is not None) is is_one
    assert (as_vector(value, ("response", "body", 3)) is not None) is is_one


@pytest.mark.parametrize(
    "path",
    [
        ("response", "reply", "choices", 0, "extra", "numbers"),
        ("request", "body", "messages", 0, "tool_calls", 0, "function", "arguments", "numbers"),
        ("request", "body", "messages", 0, "tool_calls", 0, "function", "arguments", "embedding"),
        ("request", "kwargs", "vector"),
    ],
)
def test_what_is_no_vector_whatever_it_holds(path: tuple[str | int, ...]) -> None:
    assert as_vector([0.5, -0.5] * 100, path) is None


@pytest.mark.parametrize("key", ["prices", "grades", "token_logprobs"])
def test_a_list_of_fractions_is_compared_number_by_number(key: str) -> None:
    old, new = [0.001 * index for index in range(1, 30)], [0.001 * index for index in range(1, 30)]
    new[7] += 0.0001
    assert told(made.recording({key: old}), made.recording({key: new})) == [
        ("data", f"/response/body/{key}/7", old[7], new[7])
    ]


def test_base64_is_little_endian() -> None:
    assert as_vector(packed([0.5, -2.0]), PLACE) == [0.5, -2.0]
    assert as_vector(packed([0.5, -2.0], ">"), PLACE) != [0.5, -2.0]


@pytest.mark.parametrize(
    ("old", "new", "noise"),
    [
        ([1.0, 0.0], [1.0, 0.0009], True),
        ([1.0, 0.0], [1.0, 0.0011], False),
        ([1.0, 0.0], [1.001, 0.0], True),
        ([1000.0, 0.0], [1000.5, 0.0], False),
        ([0.001, 0.0], [0.0, 0.001], False),  # small numbers, another direction
        ([1.0, 0.0], [-1.0, 0.0], False),
        ([0.0, 0.0], [0.0, 0.0], True),
        ([0.0, 0.0], [0.0, 0.0001], False),
        ([1.0], [1.0, 0.0], False),
        ([1, 0], [1.0, 0.0], True),
        ([1e308, 1e308], [1e308, 1e308], True),
        ([1e-320, 0.0], [2e-320, 0.0], True),
        ([nan, 1.0], [nan, 1.0], False),
        ([nan, 1.0], [1.0, nan], False),
        ([inf, 1.0], [inf, 1.0], False),
        ([10**400, 1], [1.5, 1], False),
    ],
)
def test_tolerances(old: list[float], new: list[float], noise: bool) -> None:
    assert compare(old, new).is_noise is noise
    assert compare(new, old).is_noise is noise


@pytest.mark.parametrize(("old", "new"), [([10**400, 1], [10**399, 1]), ([10**400], [0]), ([-(10**400)], [10**400])])
def test_integers_that_no_float_can_hold(old: list[float], new: list[float]) -> None:
    assert not compare(old, new).is_noise


@MANY
@given(st.lists(st.floats() | st.integers(-(10**30), 10**30), min_size=1, max_size=4), st.data())
def test_any_numbers_are_compared(old: list[float], data: st.DataObject) -> None:
    new = data.draw(st.lists(st.floats() | st.integers(-(10**30), 10**30), min_size=1, max_size=4))
    difference = compare(old, new)
    assert difference.is_noise is compare(new, old).is_noise
    if len(old) != len(new):
        assert (difference.cosine, difference.largest, difference.is_noise) == (None, None, False)
    if difference.cosine is not None:
        assert -1.0001 <= difference.cosine <= 1.0
    if difference.is_noise:
        assert all(abs(a - b) <= 1e-3 for a, b in zip(old, new, strict=True))


def shifted(by: float) -> list[float]:
    """A vector with one number moved."""
    moved = vector()
    moved[5] += by
    return moved


def test_a_difference_within_tolerance_is_hidden_and_counted() -> None:
    assert made.hidden(embeddings(vector()), embeddings(shifted(1e-4))) == {"embedding-tolerance": [1, 1]}


def test_a_vector_that_differs_is_one_change_without_its_numbers() -> None:
    (change,) = told(embeddings(vector(), vector()), embeddings(vector(), shifted(0.2)))
    assert change[:2] == ("data", "/response/body/data/1/embedding")
    assert {side["dimension"] for side in change[2:]} == {32}
    assert 0.19 < change[3]["largest"] < 0.21
    assert change[3]["cosine"] < 1


def test_another_dimension_is_a_change() -> None:
    (change,) = told(embeddings(vector(32)), embeddings(vector(48)))
    assert [side["dimension"] for side in change[2:]] == [32, 48]
    assert change[2]["cosine"] is None


def test_base64_against_a_list_is_the_same_vector() -> None:
    as_list = [struct.unpack("<f", struct.pack("<f", number))[0] for number in vector()]
    assert made.hidden(embeddings(as_list), embeddings(packed(vector()))) == {"embedding-tolerance": [32, 1]}
    assert made.hidden(embeddings(packed(vector())), embeddings(packed(shifted(1e-4)))) == {
        "embedding-tolerance": [1, 1]
    }
    assert told(embeddings(packed(vector())), embeddings(packed(shifted(0.2))))


def test_base64_that_is_none_is_compared_as_text() -> None:
    assert told(embeddings("no vector"), embeddings("no vector either"))[0][2:] == ("no vector", "no vector either")


@pytest.mark.parametrize("value", [None, "", [], 0, [None], ["x"] * 20])
def test_a_vector_that_is_none_any_more(value: Any) -> None:
    assert told(embeddings(vector()), embeddings(value))
    assert told(embeddings(value), embeddings(vector()))


BODIES: list[Any] = [
    lambda *found: {"model": "m", "embeddings": list(found)},
    lambda *found: {"embeddings": {"float": list(found)}},
    lambda *found: {"embedding": list(found)},
    lambda *found: list(found),
    lambda *found: [list(found)],
    lambda *found: {"embeddings": [{"values": one} for one in found]},
    lambda *found: {"embeddings": [packed(one) for one in found]},
]
"""Where APIs put several vectors: Ollama, Cohere, llama.cpp, bare, one list for each token, Gemini, base64."""


def moved(numbers: list[float], by: float = 1e-7) -> list[float]:
    """A vector with every number moved."""
    return [number + by for number in numbers]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("dimension", [64, 1500])
def test_lists_of_vectors_are_compared_as_vectors(body: Any, dimension: int) -> None:
    found = [vector(dimension, seed) for seed in range(3)]
    near = [moved(one) for one in found]
    ledger = made.compared(made.recording(body(*found)), made.recording(body(*near)))
    assert not ledger.changes
    assert ledger.hidden.keys() == {"embedding-tolerance"}
    near[1] = moved(near[1], 0.2)
    (change,) = told(made.recording(body(*found)), made.recording(body(*near)))
    assert change[2].keys() == change[3].keys() == {"dimension", "cosine", "largest"}
    assert 0.19 < change[3]["largest"] < 0.21


@pytest.mark.parametrize("body", BODIES)
def test_a_vector_that_came_or_went_is_one_change_without_its_numbers(body: Any) -> None:
    found = [vector(64, seed) for seed in range(4)]
    near = [moved(one, 1e-9) for one in found]
    for old, new in ((found, near[1:]), (near[1:], found), (found, near[:-1]), (found[:1], near)):
        changes = told(made.recording(body(*old)), made.recording(body(*new)))
        assert len(changes) == abs(len(old) - len(new))
        assert "0.0" not in str(changes)


def test_an_object_that_came_prints_no_vector() -> None:
    (change,) = told(embeddings(vector()), embeddings(vector(), vector(48)))
    assert change[3] == {
        "embedding": {"dimension": 48, "cosine": None, "largest": None}, "index": 1, "object": "embedding",
    }  # fmt: skip


def test_a_body_that_came_prints_no_vector() -> None:
    old, new = made.recording([vector(64)]), made.recording({"embeddings": [vector(64)]})
    (change,) = told(old, new)
    brief = {"dimension": 64, "cosine": None, "largest": None}
    assert change[2:] == ([brief], {"embeddings": [brief]})


@pytest.mark.parametrize("value", [None, 0, "", ["x"] * 20, [], {"a": 1}, [None]])
def test_a_vector_against_anything_else_is_one_change_without_its_numbers(value: Any) -> None:
    (change,) = told(embeddings(vector(16)), embeddings(value))
    assert change[2:] == ({"dimension": 16, "cosine": None, "largest": None}, value)


def test_numbers_against_a_vector_are_one() -> None:
    old, new = made.recording({"x": vector(70)}), made.recording({"x": vector(60)})
    assert [side["dimension"] for side in told(old, new)[0][2:]] == [70, 60]


def test_an_argument_prints_its_numbers() -> None:
    old = made.chat_single(made.Answer(None, calls=[("c", "plot", "{}")]))
    new = made.chat_single(made.Answer(None, calls=[("c", "plot", '{"vector": [0.5, -0.5]}')]))
    assert [change[3] for change in told(old, new)] == [[0.5, -0.5]]
    added = told(made.chat_single(made.Answer(None)), new)
    assert {"name": "plot", "arguments": {"vector": [0.5, -0.5]}} in [change[3] for change in added]


@pytest.mark.parametrize("dimension", [64, 700])
def test_vectors_that_changed_places_are_compared_at_their_places(dimension: int) -> None:
    a, b, c = (vector(dimension, seed) for seed in range(3))
    changes = told(made.recording({"embeddings": [a, b, c]}), made.recording({"embeddings": [b, a, c]}))
    assert [change[1] for change in changes] == [f"/response/body/embeddings/{index}" for index in (0, 1)]


def test_vectors_do_not_move() -> None:
    a, b = vector(seed=1), vector(seed=2)
    assert len(told(embeddings(a, b), embeddings(b, a))) == 2
