"""Embeddings: vectors of numbers, compared as vectors and not as hundreds of numbers."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Hashable
from math import isfinite, sqrt
from operator import mul
from typing import NamedTuple, cast

from recdiff.jsonvalue import Json, token_of
from recdiff.rules.defaults import COSINE_TOLERANCE, LARGEST_TOLERANCE
from recdiff.rules.ids import is_in_arguments

Path = tuple[str | int, ...]

_NAMES = frozenset(("embedding", "vector"))
_LISTS = frozenset(("embedding", "embeddings", "vector", "vectors"))
_ENCODINGS = frozenset(("float", "base64", "int8", "uint8", "binary", "ubinary"))
"""Keys of Cohere's `embeddings`, each with a list of its own."""

_SHORTEST = 64
"""A list of so many fractions, of both signs, is a vector whatever its name; prices, grades and logprobs have one."""

_IN_OUTLINE = 16


class VectorDifference(NamedTuple):
    """How far two vectors are apart. `cosine` and `largest` are None where the dimensions differ."""

    old_dimension: int
    new_dimension: int
    cosine: float | None
    largest: float | None

    @property
    def is_noise(self) -> bool:
        """Whether the difference is within the tolerance of the `embedding-tolerance` rule."""
        if self.cosine is None or self.largest is None:
            return False
        return 1 - self.cosine <= COSINE_TOLERANCE and self.largest <= LARGEST_TOLERANCE

    def side(self, dimension: int) -> dict[str, Json]:
        """What stands in a change in place of a vector's numbers."""
        return {"dimension": dimension, "cosine": self.cosine, "largest": self.largest}


def is_vector_place(path: Path) -> bool:
    """Whether a path names one: `data[0].embedding`, `embeddings[0]`, `embeddings.float[0]`, `embedding.values`."""
    last = path[-1]
    if isinstance(last, int):
        return len(path) > 1 and (
            path[-2] in _LISTS or (len(path) > 2 and path[-2] in _ENCODINGS and path[-3] == "embeddings")
        )
    return last in _NAMES or (last == "values" and len(path) > 1 and is_vector_place(path[:-1]))


def as_vector(value: Json, path: Path) -> list[float] | None:
    """The numbers of a vector: a list of numbers, or base64 of little-endian 32-bit floats at an embedding's place.

    In the arguments of a tool there are none: those say what they say.
    """
    if isinstance(value, list):
        numbers = _numbers(value)
        if numbers is None or is_in_arguments(path):
            return None
        return numbers if is_vector_place(path) or _is_clearly_one(numbers, path) else None
    if isinstance(value, str) and value and is_vector_place(path) and not is_in_arguments(path):
        return _decode(value)
    return None


def as_vectors(old: Json, new: Json, old_path: Path, new_path: Path) -> tuple[list[float] | None, list[float] | None]:
    """Both sides of a difference as vectors; numbers that stand against a vector are one."""
    before, after = as_vector(old, old_path), as_vector(new, new_path)
    if before is not None and after is None and isinstance(new, list):
        return before, _numbers(new)
    if after is not None and before is None and isinstance(old, list):
        return _numbers(old), after
    return before, after


def _numbers(value: list[Json]) -> list[float] | None:
    if not value or not all(type(item) is float or type(item) is int for item in value):
        return None
    return cast("list[float]", value)


def _is_clearly_one(numbers: list[float], path: Path) -> bool:
    """Whether numbers without a vector's name are one; not in a reply, whose lists are logprobs and the like."""
    return (
        len(numbers) >= _SHORTEST
        and path[:2] != ("response", "reply")
        and min(numbers) < 0 < max(numbers)
        and any(type(number) is float for number in numbers)
    )


def hold_vectors(items: list[Json], path: Path) -> bool:
    """Whether a list at a path holds vectors, or lists of them."""
    for index, item in enumerate(items):
        there = (*path, index)
        if as_vector(item, there) is not None or (isinstance(item, list) and hold_vectors(item, there)):
            return True
    return False


def outline(value: Json, path: Path) -> Hashable:
    """What two vectors share that differ in their last digits, mostly; for any other value, its canonical bytes."""
    vector = as_vector(value, path)
    if vector is None:
        return token_of(value)
    try:
        return len(vector), *(round(float(number), 2) for number in vector[:_IN_OUTLINE])
    except OverflowError:  # an integer that no float can hold
        return token_of(value)


def without_numbers(value: Json, path: Path) -> Json:
    """A value in which every vector is its dimension, which is what a change prints of vectors that came or went."""
    kind = type(value)
    if kind is str:
        if not is_vector_place(path):
            return value
    elif kind is not dict and kind is not list:
        return value
    vector = as_vector(value, path)
    if vector is not None:
        return VectorDifference(len(vector), len(vector), None, None).side(len(vector))
    if isinstance(value, dict):
        return {key: without_numbers(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [without_numbers(item, (*path, index)) for index, item in enumerate(value)]
    return value


def _decode(text: str) -> list[float] | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not data or len(data) % 4:
        return None
    numbers = [number for (number,) in struct.iter_unpack("<f", data)]
    return numbers if all(map(isfinite, numbers)) else None


def compare(old: list[float], new: list[float]) -> VectorDifference:
    """How far two vectors are apart. Two zero vectors point the same way; one alone does not."""
    if len(old) != len(new):
        return VectorDifference(len(old), len(new), None, None)
    try:
        largest = max(abs(a - b) for a, b in zip(old, new, strict=True))
        old_scale, new_scale = max(map(abs, old)) or 1.0, max(map(abs, new)) or 1.0
        left, right = [a / old_scale for a in old], [b / new_scale for b in new]
        norms = sqrt(sum(map(mul, left, left))) * sqrt(sum(map(mul, right, right)))
        cosine = sum(map(mul, left, right)) / norms if norms else float(not any(old) and not any(new))
        if isfinite(cosine) and isfinite(largest):
            return VectorDifference(len(old), len(new), min(1.0, cosine), float(largest))
    except OverflowError:  # an integer that no float can hold
        pass
    return VectorDifference(len(old), len(new), None, None)
