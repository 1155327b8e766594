"""Both files as they are, line beside line, as git aligns them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from recdiff.errors import GitError
from recdiff.gitonce import unified_diff
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Section, Span
from recdiff.tui.page.sides import sided

if TYPE_CHECKING:
    from recdiff.opening import Opened, Side

_WHOLE = 10_000_000
"""Lines around a change: all of them."""


def raw_sections(opened: Opened) -> Iterator[Section]:
    """One section of every line of both files."""
    sizes = " → ".join(f"{len(side.data):,} bytes" for side in (opened.old, opened.new) if side)
    problems = [side.error for side in (opened.old, opened.new) if side and side.error and not side.data]
    note = (Span(f"{sizes}{'  ' if problems else ''}{visible('; '.join(problems))}", "faint"),)
    compared = cache(lambda: unified_diff(_data(opened.old), _data(opened.new), context=_WHOLE))
    title = "Both files" if opened.old and opened.new else "The file"
    yield Section("raw", title, note, True, lambda: _blocks(opened, compared))


def _blocks(opened: Opened, compared: Callable[[], list[bytes]]) -> Iterator[Block]:
    if opened.old is None or opened.new is None:
        from recdiff.tui.page.broken import bytes_blocks

        yield from bytes_blocks(_data(opened.latest))
        return
    try:
        lines = compared()
    except GitError as error:
        yield Line((Span(visible(f"the lines cannot be compared: {error}"), "error"),))
        return
    if not lines:
        yield Line((Span("the same bytes", "faint"),))
        return
    yield from sided((line[:1].decode("latin-1"), _text(line[1:])) for line in lines if not line.startswith(b"@@"))


def _data(side: Side | None) -> bytes:
    return side.data if side else b""


def _text(line: bytes) -> str:
    return visible(line.removesuffix(b"\n").decode("utf-8", "backslashreplace"))
