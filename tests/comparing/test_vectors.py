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
    [([0.5] * 16, True), ([0.5] * 15, False), (list(range(20)), False), (packed([1.0] * 20), False)],
)
def test_what_is_a_vector_elsewhere(value: Any, is_one: bool) -> None:
    assert (as_vector(value, ("response", "body", "numbers")) is not None) is is_one


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


def test_vectors_do_not_move() -> None:
    a, b = vector(seed=1), vector(seed=2)
    assert len(told(embeddings(a, b), embeddings(b, a))) == 2
