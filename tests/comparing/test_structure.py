"""The structure that is left over: every leaf that differs lies in a difference, or the whole is shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recdiff.comparing.structure import MOST_LEAVES, differences
from recdiff.jsonvalue import leaves, same
from tests.recordings import QUICK

LEAVES = st.sampled_from([None, True, False, 0, 1, 1.0, "1", "", "x", [], {}, 2**70, float("nan"), "\ud800"])
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "__b__", "", "c/d~", "0", "'q\"", "\n"]), inner, max_size=3)
    ),
    max_leaves=8,
)
LISTS = st.lists(TREES, min_size=1, max_size=3)


def at(value: Any, steps: tuple[str | int, ...]) -> Any:
    """What the steps lead to."""
    for step in steps:
        value = value[step]
    return value


@QUICK
@given(LISTS, LISTS)
@example([[1]], [[True]])
@example([{"__data__": {"x": 1}}], [{"__data__": {"x": 2}}])
@example([[1, 2, 3]], [[1, 3]])
@example([{"a": 1, "c/d~": 2}], [{"0": 3}])
def test_every_leaf_that_differs_lies_in_a_difference(old: list[Any], new: list[Any]) -> None:
    found = differences(old, new)
    if found is None:
        return
    roots = {difference.steps for difference in found}
    for difference in found:
        if difference.kind in ("changed", "removed"):
            assert same(at(old, difference.steps), difference.old)
        if difference.kind in ("changed", "added"):
            assert same(at(new, difference.steps), difference.new)
    one, other = dict(leaves(old)), dict(leaves(new))
    for place in one.keys() | other.keys():
        if place not in one or place not in other or not same(one[place], other[place]):
            steps = tuple(place.split("/")[1:])
            texts = [tuple(str(step).replace("~", "~0").replace("/", "~1") for step in root) for root in roots]
            assert any(steps[: len(root)] == root for root in texts), place


def test_no_difference_lies_in_another() -> None:
    found = differences([[1, [2, 3]], {"a": [1]}], [[1, [2]], {"a": "x", "b": 1}])
    assert found is not None
    steps = [difference.steps for difference in found]
    assert not any(one != other and other[: len(one)] == one for one in steps for other in steps)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ([[1, 2]], [[1, 3]], [("changed", (0, 1), 2, 3)]),
        ([[1]], [["1"]], [("changed", (0, 0), 1, "1")]),
        ([["a", "b"]], [["a"]], [("removed", (0, 1), "b", None)]),
        ([["a"]], [["a", "b"]], [("added", (0, 1), None, "b")]),
        ([[{"__data__": 1}]], [[{"__data__": 2}]], [("changed", (0, 0, "__data__"), 1, 2)]),
        ([[{"a": 1, "b": 2, "c": 3}]], [[{"a": 1, "z": 9}]], None),
    ],
)
def test_what_is_found(old: Any, new: Any, wanted: Any) -> None:
    found = differences(old, new)
    assert found is not None
    told = [(difference.kind, difference.steps, difference.old, difference.new) for difference in found]
    assert told == wanted or wanted is None
    assert len(told) == (len(wanted) if wanted else 3)


@pytest.mark.parametrize(("old", "new"), [([[1]], [[True]]), ([[1]], [[1.0]]), ([[0]], [[False]])])
def test_types_that_python_takes_for_equal_are_never_equal(old: Any, new: Any) -> None:
    assert differences(old, new) is None or differences(old, new)


def test_large_stretches_are_shown_whole() -> None:
    assert differences([list(range(MOST_LEAVES))], [list(range(MOST_LEAVES))[::-1]]) is None


def test_deep_stretches_never_end_in_an_error() -> None:
    def nested(depth: int, leaf: Any) -> Any:
        value = leaf
        for _ in range(depth):
            value = [value]
        return [value]

    found = differences(nested(240, 1), nested(240, 2))
    assert found is None or [difference.new for difference in found] == [2]
