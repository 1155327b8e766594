"""Lines of a diff as rows of two columns, the words that differ told inside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from recdiff.tui.page.blocks import Sides, Span, Text
from recdiff.tui.page.ends import line_runs


def sided(lines: Iterable[tuple[str, str]]) -> Iterator[Sides]:
    """Rows from lines of a unified diff, each as its sign and its text; `\\` is what git says of a missing newline."""
    old: list[Text] = []
    new: list[Text] = []
    last = " "
    for sign, text in lines:
        if sign == "\\":
            told = (Span(f"\\{text}", "faint"),)
            if last == " ":
                yield from _changed(old, new)
                yield Sides(told, told, is_same=True)
                old, new = [], []
            else:
                (old if last == "-" else new).append(told)
            continue
        if sign == " " or (sign == "-" and new):
            yield from _changed(old, new)
            old, new = [], []
        last = sign
        if sign == "-":
            old.append((Span(text, "removed"),))
        elif sign == "+":
            new.append((Span(text, "added"),))
        else:
            yield Sides((Span(text),), (Span(text),), is_same=True)
    yield from _changed(old, new)


def _changed(old: list[Text], new: list[Text]) -> Iterator[Sides]:
    for before, after in zip_longest(old, new):
        if before is None or after is None or before[0].style == "faint" or after[0].style == "faint":
            yield Sides(before, after, is_same=False)
        else:
            was, now = before[0].text, after[0].text  # git, in a hurry, also says of a line that stayed that it went
            yield Sides(*_words(was, now), is_same=was == now)


def _words(old: str, new: str) -> tuple[Text, Text]:
    runs = line_runs(old, new)
    return (
        tuple(Span(run.old, "" if run.kept else "removed") for run in runs if run.old),
        tuple(Span(run.new, "" if run.kept else "added") for run in runs if run.new),
    )
