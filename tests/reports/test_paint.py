"""How a value reads in a line of a text report."""

from __future__ import annotations

from typing import Any

import pytest

from recdiff.model import Change
from recdiff.reports.changes import change_line
from recdiff.reports.paint import Paint

BRIEF = {"dimension": 24, "cosine": None, "largest": None}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (BRIEF, None, "a vector of 24 dimensions → null"),
        ([], BRIEF, "[] → a vector of 24 dimensions"),
        ({**BRIEF, "dimension": "x"}, 1, '{"cosine":null,"dimension":"x","largest":null} → 1'),
    ],
)
def test_a_vector_that_came_or_went(old: Any, new: Any, line: str) -> None:
    assert Paint().change(old, new) == line


def test_a_vector_alone() -> None:
    assert Paint().value(BRIEF) == "a vector of 24 dimensions"


def test_a_recorded_object_with_the_keys_of_a_vector_is_no_vector() -> None:
    fake = {"dimension": "\x1b[31mred", "cosine": 0.5, "largest": 1}
    change = Change("data", "/x", "changed", fake, {**fake, "cosine": 0.6}, "x", "/x")
    assert "\x1b" not in change_line(change, Paint())
    odd = {"dimension": "\x1b[31mred", "cosine": 0.5}
    assert "\x1b" not in change_line(change._replace(old=odd, new={**odd, "cosine": 1}), Paint())
