"""The best pairing of a whole set and its ties, against every possible one."""

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
    pairs = assign(scores).pairs
    assert is_pairing(pairs, scores)
    assert sum(scores[pair] for pair in pairs) == pytest.approx(best(scores))
    assert pairs == sorted(pairs)


@MANY
@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_of_the_scores_does_not_matter(scores: dict[tuple[int, int], float], rng: random.Random) -> None:
    items = list(scores.items())
    rng.shuffle(items)
    assert assign(dict(items)) == assign(scores)


def optima(scores: dict[tuple[int, int], float]) -> list[set[tuple[int, int]]]:
    """Every pairing of the greatest total, by trying each."""
    rows = sorted({row for row, _ in scores})
    columns = [*sorted({column for _, column in scores}), *([-1] * len(rows))]
    found = {
        frozenset(pair for pair in zip(rows, order, strict=True) if pair in scores)
        for order in permutations(columns, len(rows))
    }
    total = {pairs: sum(scores[pair] for pair in pairs) for pairs in found}
    return [set(pairs) for pairs in found if max(total.values()) - total[pairs] <= 1e-9]


FEW = st.sampled_from([0.25, 0.5, 0.75, 1.0]) | st.sampled_from([0.1, 0.3, 0.9])
SMALL = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), FEW, max_size=12)


@MANY
@given(SMALL)
def test_sure_are_the_pairs_that_every_best_pairing_has(scores: dict[tuple[int, int], float]) -> None:
    assert set(assign(scores).sure) == set.intersection(*optima(scores))


@MANY
@given(SMALL, st.sampled_from([1, 10**9, 10**40]))
def test_whole_numbers_are_exact(scores: dict[tuple[int, int], float], scale: int) -> None:
    whole = {pair: round(score * 100) * scale + (1 if scale > 1 else 0) for pair, score in scores.items()}
    assert set(assign(whole).sure) == set.intersection(*optima(whole))  # type: ignore[arg-type]


@MANY
@given(SCORES, st.permutations(range(5)), st.permutations(range(5)), st.booleans())
def test_sure_pairs_do_not_depend_on_positions(
    scores: dict[tuple[int, int], float], rows: list[int], columns: list[int], large: bool
) -> None:
    turned = {(rows[row], columns[column]): score for (row, column), score in scores.items()}
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr(assignment, "_MOST_CELLS", 1)
        expected = {(rows[row], columns[column]) for row, column in assign(scores).sure}
        assert set(assign(turned).sure) == expected


@pytest.mark.parametrize("count", [3, 4, 7])
def test_a_ring_of_exchanges_is_a_tie(count: int) -> None:
    ring = {(index, (index + step) % count): 0.8 for index in range(count) for step in (0, 1)}
    assert assign(ring).sure == []
    assert assign({**ring, (0, 0): 0.9}).sure == [(index, index) for index in range(count)]


def test_a_chain_of_exchanges_to_a_free_partner_is_a_tie() -> None:
    chain = {(0, 0): 0.8, (0, 1): 0.7, (1, 1): 0.7, (1, 2): 0.8}
    assert assign(chain).sure == [(0, 0), (1, 2)]
    assert assign({(0, 0): 0.8, (0, 1): 0.8, (1, 1): 0.7, (1, 2): 0.7}).sure == []


def test_a_tie_beside_the_sure_pairs_leaves_them() -> None:
    scores = {(0, 0): 0.9, (1, 1): 0.5, (1, 2): 0.5, (0, 1): 0.1}
    assert assign(scores).sure == [(0, 0)]


def test_not_the_first_that_fits() -> None:
    assert assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}).pairs == [(0, 1), (1, 0)]
    assert assign({(0, 0): 0.9, (1, 0): 0.95, (2, 0): 0.9}).pairs == [(1, 0)]
    assert assign({}) == ([], [])


def test_a_component_that_is_too_large_is_still_a_pairing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(3)
    scores = {(row, column): rng.random() + 0.1 for row in range(12) for column in range(9)}
    wanted = assign(scores).pairs
    monkeypatch.setattr(assignment, "_MOST_CELLS", 10)
    greedy = assign(scores).pairs
    assert is_pairing(greedy, scores)
    assert len(greedy) == len(wanted) == 9
    assert max(scores, key=scores.__getitem__) in greedy
    assert max(scores, key=scores.__getitem__) in assign(scores).sure


def test_many_rows_and_columns() -> None:
    scores = {(row, column): 1.0 / (1 + abs(row - column)) for row in range(120) for column in range(120)}
    assert assign(scores).pairs == [(index, index) for index in range(120)]
