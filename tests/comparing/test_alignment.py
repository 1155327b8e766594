"""Which item of an old list became which of the new one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.comparing.alignment import align, best_in_order, essence, stretches
from recdiff.jsonvalue import canonical
from tests.recordings import MANY, QUICK

ITEMS = st.lists(
    st.sampled_from(
        [1, "a", None, [], {}, {"id": "x"}, {"id": "y", "n": 1}, {"role": "user", "content": "hello there"}]
    )
    | st.builds(lambda name, n: {"id": name, "n": n}, st.sampled_from("abc"), st.integers(0, 2)),
    max_size=6,
)


@QUICK
@given(ITEMS, ITEMS)
def test_every_item_stands_in_the_alignment_once(old: list[Any], new: list[Any]) -> None:
    items = align(("x",), old, new).items
    assert sorted(item.old for item in items if item.old is not None) == list(range(len(old)))
    assert [item.new for item in items if item.new is not None] == list(range(len(new)))
    assert not any(item.old is None and item.new is None for item in items)


@QUICK
@given(ITEMS)
def test_a_list_is_aligned_with_itself(items: list[Any]) -> None:
    alignment = align(("x",), items, items)
    assert [(item.old, item.new) for item in alignment.items] == [(index, index) for index in range(len(items))]
    assert not alignment.moved


def named(*names: Any, key: str = "id") -> list[Any]:
    """Items with a name."""
    return [{key: name, "n": index} for index, name in enumerate(names)]


@pytest.mark.parametrize("key", ["id", "model", "name", "url", "document_id", "chunk_id", "index"])
def test_items_with_names_of_their_own_are_aligned_by_them(key: str) -> None:
    alignment = align(("x",), named(1, 2, 3, key=key), named(3, 1, 4, key=key))
    assert [(item.old, item.new, item.name) for item in alignment.items] == [
        (2, 0, "3"), (0, 1, "1"), (None, 2, "4"), (1, None, "2"),
    ]  # fmt: skip
    assert (alignment.keyed, alignment.moved) == (True, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (named("a", "a"), named("a", "b")),
        (named("a", ""), named("a", "b")),
        (named("a", True), named("a", True)),
        ([{"id": "a"}, {"n": 1}], [{"id": "a"}]),
        (named("a"), named("b")),
        ([], named("a")),
        ([{"id": ["a"]}], [{"id": ["a"]}]),
        (named(1, "1"), named(1)),
    ],
)
def test_names_that_are_none(old: list[Any], new: list[Any]) -> None:
    assert not align(("x",), old, new).keyed


def calls(*said: str) -> list[Any]:
    """Tool calls from `id:what`."""
    return [
        {"id": name, "type": "function", "function": {"name": "f", "arguments": what}}
        for name, what in (one.split(":") for one in said)
    ]


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        (["a:0", "b:1"], ["a:0", "c:1"], [(0, 0), (1, 1)]),  # one id was kept
        (["1:0", "2:1"], ["2:0", "3:1"], [(0, 0), (1, 1)]),  # ids shifted
        (["1:0", "2:1"], ["2:0", "1:1"], [(0, 0), (1, 1)]),  # ids swapped
        (["a:0", "b:1"], ["b:1", "a:0"], [(1, 0), (0, 1)]),  # calls swapped
        (["a:0", "b:1"], ["a:9", "b:8"], [(0, 0), (1, 1)]),
        (["a:0", "b:1"], ["b:8", "a:9"], [(1, 0), (0, 1)]),  # content tells nothing: by id
        (["a:0", "b:1"], ["c:7", "a:9", "b:8"], [(None, 0), (0, 1), (1, 2)]),
        (["a:0", "b:0"], ["b:0", "c:0"], [(0, 0), (1, 1)]),
        (["a:0", "b:0"], ["x:0", "a:0", "b:0"], [(None, 0), (0, 1), (1, 2)]),  # one more of the same
        (["1:0", "2:1"], ["2:0", "3:9"], [(0, 0), (1, 1)]),  # what stayed says that ids shifted
        (["1:0", "2:1", "3:2"], ["1:0", "3:9"], [(0, 0), (2, 1), (1, None)]),
        (["a:0", "b:1"], ["a:0"], [(0, 0), (1, None)]),
    ],
)
@pytest.mark.parametrize("path", [("messages", 0, "tool_calls"), ("response", "body", "output"), ("input",)])
def test_ids_that_are_drawn_anew_align_where_content_does_not(
    path: Any, old: list[str], new: list[str], pairs: list[Any]
) -> None:
    alignment = align(path, calls(*old), calls(*new))
    assert [(item.old, item.new) for item in alignment.items] == pairs
    order = [pair[0] for pair in pairs if None not in pair]
    assert alignment.moved is (order != sorted(order))


@QUICK
@given(st.data())
def test_every_call_stands_in_the_alignment_once(data: st.DataObject) -> None:
    some = st.lists(st.builds(lambda name, what: f"{name}:{what}", st.sampled_from("abcde"), st.integers(0, 2)))
    old, new = (calls(*{one[0]: one for one in data.draw(some)}.values()) for _ in range(2))
    items = align(("tool_calls",), old, new).items
    assert sorted(item.old for item in items if item.old is not None) == list(range(len(old)))
    assert [item.new for item in items if item.new is not None] == list(range(len(new)))


def test_names_of_things_are_no_drawn_ids() -> None:
    old, new = [{"id": "a", "price": 1}, {"id": "b", "price": 2}], [{"id": "a", "price": 2}, {"id": "b", "price": 1}]
    assert [(item.old, item.new) for item in align(("body", "items"), old, new).items] == [(0, 0), (1, 1)]


def test_tools_are_named_by_their_functions() -> None:
    old, new = (
        [{"type": "function", "function": {"name": name}} for name in names] for names in (("f", "g"), ("g", "h"))
    )
    assert [(item.old, item.new) for item in align(("request", "body", "tools"), old, new).items] == [
        (1, 0), (None, 1), (0, None),
    ]  # fmt: skip


def test_messages_are_aligned_by_what_they_say() -> None:
    old = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is the capital of France?"}]
    new = [old[0], {"role": "user", "content": "Hello!"}, {"role": "user", "content": "What's the capital of France?"}]
    assert [(item.old, item.new) for item in align(("messages",), old, new).items] == [(0, 0), (None, 1), (1, 2)]


def test_messages_that_differ_in_ids_and_empty_keys_are_the_same() -> None:
    old = [{"role": "tool", "tool_call_id": "a", "content": "1"}, {"role": "tool", "tool_call_id": "b", "content": "2"}]
    new = [{"role": "tool", "tool_call_id": "c", "content": "2", "name": None}]
    assert {(item.old, item.new) for item in align(("messages",), old, new).items} == {(1, 0), (0, None)}


@pytest.mark.parametrize(
    ("value", "core"),
    [
        ({"id": "x", "a": [{"call_id": "y", "b": 1}]}, {"a": [{"b": 1}]}),
        ({"a": None, "b": "", "c": [], "d": {"e": None}, "f": 0, "g": False}, {"f": 0, "g": False}),
        ([None, "", {"id": 1}], [None, "", {}]),
        ("id", "id"),
    ],
)
def test_the_essence_of_a_value(value: Any, core: Any) -> None:
    assert canonical(essence(value)) == canonical(core)


@MANY
@given(st.lists(st.integers(0, 4), max_size=8), st.lists(st.integers(0, 4), max_size=8))
def test_stretches_cover_both_sequences(old: list[int], new: list[int]) -> None:
    runs = stretches(old, new)
    at = (0, 0)
    kept = 0
    for old_from, old_to, new_from, new_to, equal in runs:
        assert (old_from, new_from) == at
        assert not equal or old[old_from:old_to] == new[new_from:new_to]
        kept += (old_to - old_from) * equal
        at = (old_to, new_to)
    assert at == (len(old), len(new))
    assert kept == _longest(old, new)


def _longest(old: list[int], new: list[int]) -> int:
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, j in itertools.product(range(len(old)), range(len(new))):
        best[i + 1][j + 1] = best[i][j] + 1 if old[i] == new[j] else max(best[i][j + 1], best[i + 1][j])
    return best[-1][-1]


@MANY
@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), max_size=4))
def test_the_best_pairs_in_order_are_the_best(scores: list[list[int]]) -> None:
    pairs = best_in_order(len(scores), 3, lambda a, b: float(scores[a][b]), least=2.0)
    assert pairs == sorted(set(pairs), key=lambda pair: pair[0])
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(pairs))
    assert all(scores[a][b] >= 2 for a, b in pairs)
    possible = [
        sum(scores[a][b] for a, b in zip(rows, columns, strict=True))
        for size in range(min(len(scores), 3) + 1)
        for rows in itertools.combinations(range(len(scores)), size)
        for columns in itertools.combinations(range(3), size)
        if all(scores[a][b] >= 2 for a, b in zip(rows, columns, strict=True))
    ]
    assert sum(scores[a][b] for a, b in pairs) == max(possible)


def test_long_lists_without_names_are_aligned_at_all() -> None:
    old = [{"text": f"old {index}"} for index in range(300)]
    new = [{"text": f"new {index}", "more": 1} for index in range(290)]
    assert len(align(("x",), old, new).items) >= 300
