"""Text cut to the columns of a terminal, lazily: a line of 5 MB costs no more than what is looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size, split_graphemes

from recdiff.tui.page.blocks import Span, Text, words_of

_EARLIEST = 0.4
"""Share of a line that must be filled for a break between words to be taken; else the word is cut."""

_FIRST_FLAG, _LAST_FLAG = "\U0001f1e6", "\U0001f1ff"
"""Letters of which two make a flag."""

_LONGEST_SIGN = 24
"""Letters of one sign: a family of emoji has seven, a letter may carry many marks."""


def width_of(text: Text) -> int:
    """How many columns a text takes."""
    return sum(cell_len(span.text) for span in text)


def wrapped(text: Text, width: int, hang: int = 0) -> Iterator[Text]:
    """A text in lines of at most `width` columns, broken between words; all but the first are `hang` columns less.

    A space at a break is dropped. Signs of several letters stay whole where a line has room for them.
    """
    cutter = _Cutter(text)
    for start, end in _lines(words_of(text), max(width, 2), max(width - hang, 2)):
        yield cutter.take(start, end)


def cropped(text: Text, width: int) -> Text:
    """The beginning of a text, at most `width` columns of it; `…` says that its end was cut."""
    plain = words_of(text)
    if _offset(plain, width) >= len(plain):
        return text
    return (*_Cutter(text).take(0, _offset(plain, max(width - 1, 0))), Span("…", "faint"))


class _Cutter:
    """Takes stretches of a text, one after the other, without looking at what lies before them again."""

    def __init__(self, text: Text) -> None:
        self._spans = text
        self._index = 0
        self._at = 0

    def take(self, start: int, end: int) -> Text:
        """The letters from `start` to `end`; both only grow from call to call."""
        found: list[Span] = []
        while self._index < len(self._spans):
            text, style = self._spans[self._index]
            following = self._at + len(text)
            if following > start and self._at < end:
                found.append(Span(text[max(start - self._at, 0) : end - self._at], style))
            if following > end:
                break
            self._index += 1
            self._at = following
        return tuple(found)


def _lines(plain: str, first: int, others: int) -> Iterator[tuple[int, int]]:
    """Where each line of a text begins and ends."""
    start, size, width = 0, len(plain), first
    while True:
        stop = start + _offset(plain, width, start)
        if stop >= size:
            yield start, size
            return
        stop = max(stop, start + 1)
        space = plain.rfind(" ", start, stop + 1)
        is_between = space - start >= (stop - start) * _EARLIEST
        yield start, space if is_between else stop
        start, width = space + 1 if is_between else stop, others
        if start >= size:
            return


def _offset(plain: str, columns: int, start: int = 0) -> int:
    """How many letters from `start` on fit into so many columns."""
    window = plain[start : start + columns + 1]
    if window.isascii():
        return min(len(window), columns)
    widths = [_columns[letter] for letter in window]
    if all(widths):
        return bisect_right(list(accumulate(widths)), columns)
    return _offset_by_signs(plain, columns, start)


def _offset_by_signs(plain: str, columns: int, start: int) -> int:
    count = used = 0
    window = plain[start : start + columns + _LONGEST_SIGN]
    while True:
        for end, width in _signs(window):
            if used + width > columns:
                return count
            if end < len(window) or start + end >= len(plain):
                count, used = end, used + width
        if start + len(window) >= len(plain):
            return count
        count = used = 0  # letters without a width, or the last sign goes on: look further
        window = plain[start : start + 2 * len(window)]


def _signs(text: str) -> Iterator[tuple[int, int]]:
    """Where each sign that a reader sees as one ends, and its columns."""
    spans, _ = split_graphemes(text)
    index = 0
    while index < len(spans):
        start, end, width = spans[index]
        if index + 1 < len(spans) and _is_flag(text[start]) and _is_flag(text[end]):
            _, end, more = spans[index + 1]
            width += more
            index += 1
        yield end, width
        index += 1


class _Columns(dict[str, int]):
    """The columns of each letter that was seen; 0 for one that may be a part of a sign."""

    def __missing__(self, letter: str) -> int:
        self[letter] = 0 if _is_flag(letter) else get_character_cell_size(letter)
        return self[letter]


_columns = _Columns()


def _is_flag(letter: str) -> bool:
    return _FIRST_FLAG <= letter <= _LAST_FLAG
