"""The best pairing of a whole set, against every possible one."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.pairing import assignment
from recdiff.pairing.assignment import assign
from tests.recordings import MANY

SCORES = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.sampled_from([0.25, 0.5, 0.75, 1.0, 0.9, 0.1]), max_size=14
)


def best(scores: dict[tuple[int, int], float]) -> float:
    """The greatest total of all pairings, by trying each."""
    rows = sorted({row for row, _ in scores})
    columns = [*sorted({column for _, column in scores}), *([-1] * len(rows))]
    return max(
        sum(scores.get(pair, 0.0) for pair in zip(rows, order, strict=True))
        for order in permutations(columns, len(rows))
    )


def is_pairing(pairs: list[tuple[int, int]], scores: dict[tuple[int, int], float]) -> bool:
    """Whether every row and column stands once, in pairs that can be."""
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    return len(set(rows)) == len(rows) and len(set(columns)) == len(columns) and set(pairs) <= scores.keys()


@MANY
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 3)), st.sampled_from([0.25, 0.5, 0.75, 1.0, 0.1]), max_size=10
    )
)
def test_the_pairing_is_the_best_of_all(scores: dict[tuple[int, int], float]) -> None:
    pairs = assign(scores)
    assert is_pairing(pairs, scores)
    assert sum(scores[pair] for pair in pairs) == pytest.approx(best(scores))
    assert pairs == sorted(pairs)


@MANY
@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_of_the_scores_does_not_matter(scores: dict[tuple[int, int], float], rng: random.Random) -> None:
    items = list(scores.items())
    rng.shuffle(items)
    assert assign(dict(items)) == assign(scores)


def test_not_the_first_that_fits() -> None:
    assert assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}) == [(0, 1), (1, 0)]
    assert assign({(0, 0): 0.9, (1, 0): 0.95, (2, 0): 0.9}) == [(1, 0)]
    assert assign({}) == []


def test_a_component_that_is_too_large_is_still_a_pairing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(3)
    scores = {(row, column): rng.random() + 0.1 for row in range(12) for column in range(9)}
    wanted = assign(scores)
    monkeypatch.setattr(assignment, "_MOST_CELLS", 10)
    greedy = assign(scores)
    assert is_pairing(greedy, scores)
    assert len(greedy) == len(wanted) == 9
    assert max(scores, key=scores.__getitem__) in greedy


def test_many_rows_and_columns() -> None:
    scores = {(row, column): 1.0 / (1 + abs(row - column)) for row in range(120) for column in range(120)}
    assert assign(scores) == [(index, index) for index in range(120)]
