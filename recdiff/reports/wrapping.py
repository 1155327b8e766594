"""Long lines folded for a terminal, below the column in which their text begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from recdiff.safe import cells, shortened

_PART = re.compile(r"\x1b\[[0-9;]*m|[ ]+|[^ \x1b]+")
_PLAIN = re.compile(r"\x1b\[[0-9;]*m")
_COLUMNS = re.compile(r" +\S+ +(?:\d+ recordings? +)?")
_NARROWEST = 40
_DEEPEST = 32


def wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Lines of at most `width` columns, broken at spaces; colour goes on below. Under 40 columns nothing is folded.

    Lines hold visible text and the report's own colours, nothing else that starts with ESC.
    """
    for line in lines:
        if width < _NARROWEST or cells(_PLAIN.sub("", line)) <= width:
            yield line
        else:
            yield from _fold(line, width)


def _fold(line: str, width: int) -> Iterator[str]:
    columns = _COLUMNS.match(_PLAIN.sub("", line))
    indent = min(columns.end(), _DEEPEST) if columns else 2
    now, used, style = "", 0, ""
    for part in _parts(line, width - indent):
        if part.startswith("\x1b"):
            style = "" if part == "\x1b[m" else part
            now += part
            continue
        size = cells(part)
        if used + size > width and used > indent:
            yield now.rstrip(" ") + ("\x1b[m" if style else "")
            now, used = " " * indent + style, indent
            if part.isspace():
                continue
        now += part
        used += size
    yield now


def _parts(line: str, room: int) -> Iterator[str]:
    """Colours, spaces and words; a word longer than a line is cut."""
    for part in _PART.findall(line):
        while not part.startswith("\x1b") and cells(part) > room:
            cut = len(shortened(part, room)) - 1 or 1
            yield part[:cut]
            part = part[cut:]
        if part:
            yield part
