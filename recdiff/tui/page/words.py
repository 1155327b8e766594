"""A changed text as lines: one flow with its changes in it, or old beside new, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from recdiff.comparing.words import Run
from recdiff.safe import visible
from recdiff.tui.page.blocks import Span, Text

_LEAST_KEPT = 0.35
"""Share of a text that must stay for it to be shown as one flow; below, old and new read better whole."""
_NEAR = 2
"""Unchanged lines that are shown on either side of a changed one."""
_LONG = 700
"""Characters of unchanged text in one line, beyond which its middle is left out."""
_END = 240
"""Characters that stay at either end of such a stretch."""


class Row(NamedTuple):
    """The same place of both texts: lines of the old one and of the new one."""

    old: tuple[Text, ...]
    new: tuple[Text, ...]
    is_same: bool


def rows_of(runs: Sequence[Run], *, whole: bool = False) -> list[Row]:
    """Both texts as rows, cut where both have the end of a line; far from any change they are left out."""
    rows = list(_rows(runs, whole=whole))
    return rows if whole else list(_near_changes(rows))


def flow_of(runs: Sequence[Run], *, whole: bool = False, brackets: bool = False) -> Iterator[Text]:
    """Both texts as one, changed words in their places; as old text and new text where too little stayed.

    `brackets` puts changed words between `[-` and `-]`, `{+` and `+}`, for terminals without colour.
    """
    size = max(sum(len(run.old) for run in runs), sum(len(run.new) for run in runs))
    kept = sum(len(run.old.strip()) for run in runs if run.kept)
    if kept < _LEAST_KEPT * size and len(runs) > 1:
        runs = (Run("".join(run.old for run in runs), ""), Run("", "".join(run.new for run in runs)))
    previous_kept: list[Text] = []
    for text, is_changed in _flow_lines(runs, whole=whole, brackets=brackets):
        if whole:
            yield text
        elif is_changed:
            yield from _elided(previous_kept)
            previous_kept = []
            yield text
        else:
            previous_kept.append(text)
    if not whole:
        yield from _elided(previous_kept)


def _flow_lines(runs: Sequence[Run], *, whole: bool, brackets: bool) -> Iterator[tuple[Text, bool]]:
    line: list[Span] = []
    is_changed = False
    for run in runs:
        for said, style in ((run.old, ""),) if run.kept else ((run.old, "removed"), (run.new, "added")):
            parts = said.split("\n")
            for index, part in enumerate(parts):
                if index:
                    yield tuple(line), is_changed
                    line, is_changed = [], False
                ends = bool(style) and index < len(parts) - 1 and said.isspace()
                shown = _shown(part, style, whole=whole) + ("⏎" if ends else "")
                if shown:
                    line.append(Span(_bracketed(shown, style) if brackets else shown, style))
                    is_changed = is_changed or bool(style)
    yield tuple(line), is_changed


def _bracketed(text: str, style: str) -> str:
    return f"[-{text}-]" if style == "removed" else f"{{+{text}+}}" if style == "added" else text


def _rows(runs: Sequence[Run], *, whole: bool) -> Iterator[Row]:
    sides: tuple[list[list[Span]], list[list[Span]]] = ([[]], [[]])
    is_same = True
    for run in runs:
        if run.kept:
            for index, part in enumerate(run.old.split("\n")):
                if index:
                    yield _row(sides, is_same)
                    sides, is_same = ([[]], [[]]), True
                if part:
                    span = Span(_shown(part, "", whole=whole))
                    sides[0][-1].append(span)
                    sides[1][-1].append(span)
            continue
        is_same = False
        for side, said, style in ((sides[0], run.old, "removed"), (sides[1], run.new, "added")):
            parts = said.split("\n")
            for index, part in enumerate(parts):
                if index:
                    side.append([])
                shown = visible(part) + ("⏎" if index < len(parts) - 1 and said.isspace() else "")
                if shown:
                    side[-1].append(Span(shown, style))
    yield _row(sides, is_same)


def _row(sides: tuple[list[list[Span]], list[list[Span]]], is_same: bool) -> Row:
    old, new = (tuple(tuple(line) for line in side) for side in sides)
    return Row(old, new, is_same)


def _shown(part: str, style: str, *, whole: bool) -> str:
    """A stretch of one line; the middle of a long unchanged one is left out, and the words beside a change stay."""
    if whole or style or len(part) <= _LONG:
        return visible(part)
    head, tail = part[:_END], part[-_END:]
    head, tail = head.rpartition(" ")[0] or head, tail.partition(" ")[2] or tail
    left_out = len(part) - len(head) - len(tail)
    return f"{visible(head)} …{left_out:,} unchanged characters… {visible(tail)}"


def _near_changes(rows: Sequence[Row]) -> Iterator[Row]:
    near = [False] * len(rows)
    for index, row in enumerate(rows):
        if not row.is_same:
            for other in range(max(index - _NEAR, 0), min(index + _NEAR + 1, len(rows))):
                near[other] = True
    index = 0
    while index < len(rows):
        if near[index]:
            yield rows[index]
            index += 1
            continue
        end = index
        while end < len(rows) and not near[end]:
            end += 1
        if end - index == 1:
            yield rows[index]
        else:
            told = _left_out(end - index)
            yield Row((told,), (told,), True)
        index = end


def _elided(lines: list[Text]) -> Iterator[Text]:
    """Unchanged lines between two changed ones: the nearest of them."""
    if len(lines) <= 2 * _NEAR + 1:
        yield from lines
        return
    yield from lines[:_NEAR]
    yield _left_out(len(lines) - 2 * _NEAR)
    yield from lines[-_NEAR:]


def _left_out(count: int) -> Text:
    return (Span(f"⋯ {count:,} unchanged lines", "faint"),)
