"""The best pairing of a whole set: a maximum-weight assignment, component by component."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import inf

Pair = tuple[int, int]

_MOST_CELLS = 250_000
"""Rows × columns of one component up to which the best assignment is computed; beyond, the likeliest go first."""


def assign(scores: Mapping[Pair, float]) -> list[Pair]:
    """Pairs (row, column), each row and column at most once, of the greatest total score; scores are over 0.

    A pair that is not in `scores` cannot be. Ties are broken by position, so the result depends on nothing else.
    """
    pairs: list[Pair] = []
    for component in _components(scores):
        rows = sorted({row for row, _ in component})
        columns = sorted({column for _, column in component})
        if len(rows) * len(columns) > _MOST_CELLS:
            pairs.extend(_greedy(component, scores))
        elif len(rows) == 1 or len(columns) == 1:
            pairs.append(max(component, key=lambda pair: (scores[pair], -pair[0], -pair[1])))
        else:
            pairs.extend(_best(rows, columns, scores))
    return sorted(pairs)


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


def _greedy(component: list[Pair], scores: Mapping[Pair, float]) -> list[Pair]:
    rows: set[int] = set()
    columns: set[int] = set()
    pairs: list[Pair] = []
    for row, column in sorted(component, key=lambda pair: (-scores[pair], pair)):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append((row, column))
    return pairs


def _best(rows: list[int], columns: list[int], scores: Mapping[Pair, float]) -> list[Pair]:
    """The Hungarian method with potentials, on the smaller side (Kuhn 1955; Jonker and Volgenant 1987)."""
    if len(rows) > len(columns):
        turned = {(column, row): score for (row, column), score in scores.items()}
        return [(row, column) for column, row in _best(columns, rows, turned)]
    size, width = len(rows), len(columns)
    cost = [[-scores.get((row, column), 0.0) for column in columns] for row in rows]
    of_row, of_column = [0.0] * (size + 1), [0.0] * (width + 1)
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
    found = ((rows[matched[column] - 1], columns[column - 1]) for column in range(1, width + 1) if matched[column])
    return [pair for pair in found if pair in scores]
