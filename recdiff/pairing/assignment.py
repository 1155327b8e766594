"""The best pairing of a whole set: a maximum-weight assignment, component by component."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

Pair = tuple[int, int]

_MOST_CELLS = 250_000
"""Rows × columns of one component up to which the best assignment is computed; beyond, the likeliest go first."""

_SAME = 1e-9
"""Totals that are no further apart are as good."""


class Assignment(NamedTuple):
    """One pairing of the greatest total score, and those of its pairs that every other such pairing has too.

    `pairs` breaks ties by position; `sure` has no pair of a tie, and is the same in whatever order rows stand.
    """

    pairs: list[Pair]
    sure: list[Pair]


def assign(scores: Mapping[Pair, float]) -> Assignment:
    """Pair rows with columns, each at most once, for the greatest total score; scores are over 0.

    A pair (row, column) that is not in `scores` cannot be.
    """
    solutions = list(_solutions(scores))
    return Assignment(
        sorted(pair for pairs, _ in solutions for pair in pairs), sorted(pair for _, sure in solutions for pair in sure)
    )


def _solutions(scores: Mapping[Pair, float]) -> Iterator[tuple[list[Pair], list[Pair]]]:
    """Pairs and sure pairs of each component."""
    for component in _components(scores):
        rows = sorted({row for row, _ in component})
        columns = sorted({column for _, column in component})
        if len(rows) * len(columns) > _MOST_CELLS:
            yield _greedy(component, scores)
        elif len(rows) == 1 or len(columns) == 1:
            best = max(component, key=lambda pair: (scores[pair], -pair[0], -pair[1]))
            as_good = [pair for pair in component if scores[best] - scores[pair] <= _SAME]
            yield [best], as_good if len(as_good) == 1 else []
        else:
            yield _best(rows, columns, scores)


def _components(scores: Mapping[Pair, float]) -> list[list[Pair]]:
    """Possible pairs that share rows or columns, together; small components are solved in no time."""
    by_row: dict[int, list[int]] = defaultdict(list)
    by_column: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(scores):
        by_row[row].append(column)
        by_column[column].append(row)
    seen: set[int] = set()
    found: list[list[Pair]] = []
    for start in by_row:
        if start in seen:
            continue
        seen.add(start)
        waiting, component = [start], []
        while waiting:
            row = waiting.pop()
            for column in by_row[row]:
                component.append((row, column))
                fresh = [other for other in by_column[column] if other not in seen]
                seen.update(fresh)
                waiting.extend(fresh)
        found.append(component)
    return found


def _greedy(component: list[Pair], scores: Mapping[Pair, float]) -> tuple[list[Pair], list[Pair]]:
    """The likeliest pairs first. A row or column whose likeliest pair is tied is sure of no other either."""
    rows: set[int] = set()
    columns: set[int] = set()
    pairs: list[Pair] = []
    for row, column in sorted(component, key=lambda pair: (-scores[pair], pair)):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append((row, column))
    gone: tuple[set[int], set[int]] = set(), set()
    sure: list[Pair] = []
    levels: dict[float, list[Pair]] = defaultdict(list)
    for pair in component:
        levels[scores[pair]].append(pair)
    for score in sorted(levels, reverse=True):
        free = [pair for pair in levels[score] if pair[0] not in gone[0] and pair[1] not in gone[1]]
        times = Counter(row for row, _ in free), Counter(column for _, column in free)
        sure.extend((row, column) for row, column in free if times[0][row] == 1 == times[1][column])
        gone[0].update(times[0])
        gone[1].update(times[1])
    return pairs, sure


def _best(rows: list[int], columns: list[int], scores: Mapping[Pair, float]) -> tuple[list[Pair], list[Pair]]:
    """The Hungarian method with potentials, on the smaller side (Kuhn 1955; Jonker and Volgenant 1987)."""
    if len(rows) > len(columns):
        turned = {(column, row): score for (row, column), score in scores.items()}
        pairs, sure = _best(columns, rows, turned)
        return [(row, column) for column, row in pairs], [(row, column) for column, row in sure]
    size, width = len(rows), len(columns)
    cost = [[-scores.get((row, column), 0) for column in columns] for row in rows]
    of_row: list[float] = [0] * (size + 1)
    of_column: list[float] = [0] * (width + 1)
    matched, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, size + 1):
        matched[0] = row
        here = 0
        least = [inf] * (width + 1)
        used = [False] * (width + 1)
        while matched[here]:
            used[here] = True
            line, delta, there = matched[here], inf, 0
            for column in range(1, width + 1):
                if used[column]:
                    continue
                reduced = cost[line - 1][column - 1] - of_row[line] - of_column[column]
                if reduced < least[column]:
                    least[column], way[column] = reduced, here
                if least[column] < delta:
                    delta, there = least[column], column
            for column in range(width + 1):
                if used[column]:
                    of_row[matched[column]] += delta
                    of_column[column] -= delta
                else:
                    least[column] -= delta
            here = there
        while here:
            matched[here], here = matched[way[here]], way[here]
    exchanges = _exchanges(matched, cost, of_row, of_column)
    circling = in_cycles(exchanges)
    pairs, sure = [], []
    for column in range(1, width + 1):
        pair = (rows[matched[column] - 1], columns[column - 1])
        if matched[column] and pair in scores:
            pairs.append(pair)
            if column not in circling:
                sure.append(pair)
    return pairs, sure


def _exchanges(
    matched: list[int], cost: list[list[float]], of_row: list[float], of_column: list[float]
) -> list[list[int]]:
    """For each column, the columns that its row could have at no loss; 0 stands for all columns without a row.

    Such an exchange has a reduced cost of 0. Following them round leads from one best assignment to another, and
    every other best assignment is such a round: one that goes over 0 leaves a column and takes one that is free.
    """
    found: list[list[int]] = [[] for _ in matched]
    for column in range(1, len(matched)):
        row = matched[column]
        if not row:
            continue
        if of_column[column] >= -_SAME:
            found[0].append(column)
        for other in range(1, len(matched)):
            if other != column and cost[row - 1][other - 1] - of_row[row] - of_column[other] <= _SAME:
                found[column].append(other if matched[other] else 0)
    return found


def in_cycles(edges: list[list[int]]) -> set[int]:
    """The nodes of a directed graph that lie on a cycle of more than one (Tarjan 1972, without recursion)."""
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    found: set[int] = set()
    for start in range(len(edges)):
        if start in number:
            continue
        work = [(start, iter(edges[start]))]
        number[start] = lowest[start] = len(number)
        path.append(start)
        on_path.add(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = lowest[other] = len(number)
                    path.append(other)
                    on_path.add(other)
                    work.append((other, iter(edges[other])))
                    break
                if other in on_path:
                    lowest[node] = min(lowest[node], number[other])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    together = path[path.index(node) :]
                    del path[-len(together) :]
                    on_path.difference_update(together)
                    if len(together) > 1:
                        found.update(together)
    return found
