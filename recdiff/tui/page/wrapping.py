"""Text cut to the columns of a terminal, lazily: a line of 5 MB costs no more than what is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from recdiff.tui.page.blocks import Span, Text, words_of

_EARLIEST = 0.4
"""Share of a line that must be filled for a break between words to be taken; else the word is cut."""

_AS_PICTURE = "\ufe0f"
"""What makes the sign before it a picture of two columns."""


def width_of(text: Text) -> int:
    """How many columns a text takes."""
    return sum(cell_len(span.text) for span in text)


def wrapped(text: Text, width: int, hang: int = 0) -> Iterator[Text]:
    """A text in lines of at most `width` columns, broken between words; all but the first are `hang` columns less."""
    whole = words_of(text)
    start = 0
    for end in _ends(whole, max(width, 2), max(width - hang, 2)):
        is_broken = end < len(whole) and whole[end - 1] == " "
        yield _slice(text, start, end - 1 if is_broken else end)
        start = end


def cropped(text: Text, start: int, width: int) -> Text:
    """The columns of a text from `start` on, at most `width` of them; `…` says that its end was cut."""
    plain = words_of(text)
    begin = _offset(plain, start) if start else 0
    rest = plain[begin : begin + 4 * width + 8]
    fits = _offset(rest, width)
    if begin + fits >= len(plain):
        return _slice(text, begin, len(plain)) if begin else text
    return (*_slice(text, begin, begin + _offset(rest, max(width - 1, 0))), Span("…", "faint"))


def _offset(plain: str, columns: int) -> int:
    """How many letters fit into so many columns."""
    head = plain[:columns]
    if head.isascii():
        return len(head)
    used = 0
    for index, letter in enumerate(plain):
        used += 1 if letter == _AS_PICTURE else cell_len(letter)
        if used > columns:
            return index
    return len(plain)


def _ends(plain: str, first: int, others: int) -> Iterator[int]:
    """Where each line of a text ends, the last at its end."""
    start, size, width = 0, len(plain), first
    while True:
        stop = start + width
        if size <= start + width // 2:
            break
        window = plain[start : stop + 1]
        if window.isascii():
            if size <= stop:
                break
        else:
            stop = start + _offset(window, width)
            if stop >= size:
                break
            stop = max(stop, start + 1)
        space = plain.rfind(" ", start, stop + 1)
        end = space + 1 if space - start >= (stop - start) * _EARLIEST else stop
        yield end
        start, width = end, others
    yield size


def _slice(text: Text, start: int, end: int) -> Text:
    if len(text) == 1:
        return (Span(text[0].text[start:end], text[0].style),)
    found: list[Span] = []
    at = 0
    for span in text:
        following = at + len(span.text)
        if following > start and at < end:
            found.append(Span(span.text[max(start - at, 0) : end - at], span.style))
        at = following
        if at >= end:
            break
    return tuple(found)
