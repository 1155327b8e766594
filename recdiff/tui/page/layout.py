"""Blocks as lines of a screen, for a width and a view: lazily, so that a long page costs what is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from recdiff.model import Change
from recdiff.tui.page.blocks import Block, Line, Sides, Span, Text, Words
from recdiff.tui.page.words import flow_of, rows_of
from recdiff.tui.page.wrapping import cropped, width_of, wrapped

_NARROWEST = 35
"""Columns that each of two texts side by side must have; with fewer, one flow reads better."""
BETWEEN = " │ "
_UNWRAPPED = 4_000
"""Columns of a line that is not wrapped; what is beyond can be read wrapped."""
_LEAST_TEXT = 0.6
"""Share of the columns that indentation leaves to the text, however narrow the page is."""

_BRACKETS = {"removed": "[-{}-]", "added": "{{+{}+}}"}


class Shape(NamedTuple):
    """How to lay out: the columns there are, old beside new or in one flow, long lines wrapped or not.

    `brackets` puts changed words between `[-` and `-]`, `{+` and `+}`, for terminals without colour.
    """

    width: int
    beside: bool = True
    wrap: bool = True
    brackets: bool = False

    @property
    def half(self) -> int:
        """The columns of each side; too few for two sides where there is no room."""
        return (self.width - len(BETWEEN)) // 2

    @property
    def has_two_sides(self) -> bool:
        """Whether old stands beside new here."""
        return self.beside and self.half >= _NARROWEST


class ScreenLine(NamedTuple):
    """A line of the screen, and the change that it belongs to. `differs` says that a row has two sides that differ."""

    text: Text
    change: Change | None = None
    differs: bool = False


def lay_out(blocks: Iterable[Block], shape: Shape) -> Iterator[ScreenLine]:
    """The lines of blocks, one after the other."""
    for block in blocks:
        if isinstance(block, Line):
            for text in _indented(block.text, shape, block.indent, block.hang):
                yield ScreenLine(text, block.change)
        elif isinstance(block, Words):
            for text in _words(block, shape):
                yield ScreenLine(text, block.change)
        else:
            for text in _sides(block, shape):
                yield ScreenLine(text, differs=not block.is_same)


def _indented(text: Text, shape: Shape, indent: int, hang: int = 0) -> Iterator[Text]:
    room = int(shape.width * (1 - _LEAST_TEXT))
    indent = min(indent, room)
    if not shape.wrap:
        yield (*_pad(indent), *cropped(text, _UNWRAPPED))
        return
    hang = min(hang, room - indent)
    for index, part in enumerate(wrapped(text, shape.width - indent, hang)):
        yield (*_pad(indent + hang if index else indent), *part)


def _pad(columns: int) -> Text:
    return (Span(" " * columns),) if columns else ()


def _within(block: Words | Sides, shape: Shape) -> tuple[Text, Shape]:
    """A block's indentation, and the shape of what stands right of it."""
    indent = min(block.indent, int(shape.width * (1 - _LEAST_TEXT)))
    return _pad(indent), shape._replace(width=shape.width - indent)


def _words(block: Words, shape: Shape) -> Iterator[Text]:
    pad, inner = _within(block, shape)
    runs = block.runs
    is_two = any(run.old for run in runs) and any(run.new for run in runs) and not all(run.kept for run in runs)
    if inner.has_two_sides and is_two:
        for row in rows_of(block.runs, whole=block.whole):
            yield from ((*pad, *line) for line in _beside(row.old, row.new, inner))
        return
    for text in flow_of(block.runs, whole=block.whole):
        for line in _indented(_marked(text, shape), inner, 0):
            yield (*pad, *line)


def _sides(block: Sides, shape: Shape) -> Iterator[Text]:
    pad, inner = _within(block, shape)
    if inner.has_two_sides:
        old, new = ((text,) if text is not None else () for text in (block.old, block.new))
        yield from ((*pad, *line) for line in _beside(old, new, inner))
        return
    narrower = inner._replace(width=inner.width - 2)
    if block.is_same and block.old is not None:
        yield from ((*pad, Span("  "), *line) for line in _indented(block.old, narrower, 0))
        return
    for text, sign, style in ((block.old, "- ", "removed"), (block.new, "+ ", "added")):
        if text is not None:
            for index, line in enumerate(_indented(text, narrower, 0)):
                yield (*pad, Span(sign if not index else "  ", style), *line)


def _beside(old: Sequence[Text], new: Sequence[Text], shape: Shape) -> Iterator[Text]:
    """Old lines on the left, new ones on the right, each in its half."""
    left, right = (_column([_marked(text, shape) for text in lines], shape) for lines in (old, new))
    for before, after in zip_longest(left, right):
        text: list[Span] = list(before or ())
        room = shape.half - (width_of(before) if before else 0)
        text.append(Span(f"{' ' * room}{BETWEEN}", "faint"))
        text.extend(after or ())
        yield tuple(text)


def _marked(text: Text, shape: Shape) -> Text:
    """A text whose changed words stand between brackets, where no colour tells them."""
    if not shape.brackets:
        return text
    return tuple(span._replace(text=_BRACKETS.get(span.style, "{}").format(span.text)) for span in text)


def _column(lines: Sequence[Text], shape: Shape) -> Iterator[Text]:
    for text in lines:
        if shape.wrap:
            yield from wrapped(text, shape.half)
        else:
            yield cropped(text, shape.half)
