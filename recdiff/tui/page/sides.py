"""Lines of a diff as rows of two columns, the words that differ told inside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from recdiff.comparing.words import runs_of
from recdiff.tui.page.blocks import Sides, Span, Text

_LONGEST = 2_000
"""Characters of a line beyond which its words are not compared."""


def sided(lines: Iterable[tuple[str, str]]) -> Iterator[Sides]:
    """Rows from lines of a unified diff, each as its sign and its text; `\\` is what git says of a missing newline."""
    old: list[str] = []
    new: list[str] = []
    for sign, text in lines:
        if sign == "-":
            if new:
                yield from _changed(old, new)
                old, new = [], []
            old.append(text)
        elif sign == "+":
            new.append(text)
        else:
            yield from _changed(old, new)
            old, new = [], []
            span = (Span(text if sign == " " else f"\\{text}", "" if sign == " " else "faint"),)
            yield Sides(span, span, is_same=True)
    yield from _changed(old, new)


def _changed(old: list[str], new: list[str]) -> Iterator[Sides]:
    for before, after in zip_longest(old, new):
        if before is None or after is None:
            yield Sides(_whole(before, "removed"), _whole(after, "added"), is_same=False)
        else:
            yield Sides(*_words(before, after), is_same=False)


def _whole(text: str | None, style: str) -> Text | None:
    return None if text is None else (Span(text, style),)


def _words(old: str, new: str) -> tuple[Text, Text]:
    if len(old) + len(new) > _LONGEST:
        return (Span(old, "removed"),), (Span(new, "added"),)
    runs = runs_of(old, new)
    return (
        tuple(Span(run.old, "" if run.kept else "removed") for run in runs if run.old),
        tuple(Span(run.new, "" if run.kept else "added") for run in runs if run.new),
    )
