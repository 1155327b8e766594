"""Embeddings: vectors of numbers, compared as vectors and not as hundreds of numbers."""

from __future__ import annotations

import base64
import binascii
import struct
from math import isfinite, sqrt
from operator import mul
from typing import NamedTuple

from recdiff.jsonvalue import Json
from recdiff.rules.defaults import COSINE_TOLERANCE, LARGEST_TOLERANCE

_SHORTEST = 16
"""A list of fractions of at least this length is a vector wherever it stands."""


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


def is_vector_place(path: tuple[str | int, ...]) -> bool:
    """Whether a path names an embedding: `data[0].embedding`, `embeddings[0]`."""
    return path[-1] in ("embedding", "vector") or (
        len(path) > 1 and path[-2] == "embeddings" and isinstance(path[-1], int)
    )


def as_vector(value: Json, path: tuple[str | int, ...]) -> list[float] | None:
    """The numbers of a vector: a list of numbers, or base64 of little-endian 32-bit floats at an embedding's place."""
    if isinstance(value, list):
        if not value or not all(type(item) is float or type(item) is int for item in value):
            return None
        if is_vector_place(path) or (len(value) >= _SHORTEST and any(type(item) is float for item in value)):
            return value  # type: ignore[return-value]
        return None
    if isinstance(value, str) and value and is_vector_place(path):
        return _decode(value)
    return None


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
