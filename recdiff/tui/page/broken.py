"""The page of what cannot be read: why, and the bytes of both sides, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Section, Span, Text
from recdiff.tui.page.raw import raw_sections

if TYPE_CHECKING:
    from recdiff.opening import Opened, Side

_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def broken_sections(opened: Opened) -> Iterator[Section]:
    """The reason, then the lines that differ, then each side's file."""
    reason = visible(opened.entry.error or "it cannot be read")

    def why() -> Iterator[Block]:
        yield Line((Span(reason, "error"),), hang=2)
        yield Line((Span("It is shown as it is; nothing of it was compared.", "faint"),))

    yield Section("why", "Unreadable", (), True, why, "error")
    if opened.old and opened.new:
        yield from raw_sections(opened)
    for name, side in (("old", opened.old), ("new", opened.new)):
        if side is not None:
            yield Section(f"bytes-{name}", f"The {name} file", _size(side), opened.old is None or opened.new is None,
                          partial(bytes_blocks, side.data))  # fmt: skip


def _size(side: Side) -> Text:
    problem = f" · {visible(side.error)}" if side.error else ""
    return (Span(f"{len(side.data):,} bytes{problem}", "faint"),)


def bytes_blocks(data: bytes) -> Iterator[Block]:
    """A file's lines with their numbers; bytes that are no UTF-8 as `\\xff`."""
    if not data:
        yield Line((Span("(no bytes)", "faint"),))
        return
    at, number = 0, 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        text = visible(data[at:end].decode("utf-8", "backslashreplace"))
        number += 1
        style = "mark" if text.startswith(_CONFLICT) else ""
        yield Line((Span(f"{number:>5} ", "faint"), Span(text, style)), indent=0, hang=6)
        at = end + 1
    if not data.endswith(b"\n"):
        yield Line((Span("      (no newline at its end)", "faint"),), indent=0)
