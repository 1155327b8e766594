"""A change as blocks of a page: words of a text, keys of JSON, a vector in short, what came or went."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.jsonvalue import Json, canonical
from recdiff.model import Change
from recdiff.reports.changedtext import common_start
from recdiff.reports.values import apart, compared, literal, told_apart, vector_text
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text, Words
from recdiff.tui.page.jsonlines import blob_text, is_blob, json_lines, one_line
from recdiff.tui.page.texts import text_runs

_SHORT = 60
"""Characters up to which a value stands in one line with its name."""
_SHORT_BOTH = 72
"""Characters up to which two values do; of longer ones, the words that differ are easier to see."""
_NAME = 18
"""Columns of a name before its value."""


def change_blocks(change: Change, *, name: str | None = None, indent: int = 2) -> Iterator[Block]:
    """A change under its name; a short one in one line. `name` replaces the place that the change knows."""
    label = visible(change.label if name is None else name)
    vector = vector_text(change)
    if vector:
        yield named(label, (Span(vector),), change, indent=indent)
    elif change.kind == "moved":
        yield named(label, (Span("order: "), *_arrow(literal(change.old), literal(change.new))), change, indent=indent)
    elif change.kind in ("added", "removed"):
        yield from _one_sided(change, label, indent)
    elif _size(change.old) + _size(change.new) <= _SHORT_BOTH:
        yield named(label, _arrow(literal(change.old), literal(change.new)), change, indent=indent)
    elif is_blob(change.old) and is_blob(change.new):
        yield named(label, _blobs(str(change.old), str(change.new)), change, indent=indent)
    else:
        null = "  was null" if change.old is None else "  is null now" if change.new is None else ""
        yield Line((Span(label, "strong"), Span(null, "faint")), indent, change=change)
        yield Words(tuple(apart(text_runs(*compared(change.old, change.new)))), indent + 2, change)


def named(name: str, text: Text, change: Change | None = None, *, indent: int = 2) -> Line:
    """A line of a name and what belongs to it."""
    pad = max(_NAME - len(name), 0) + 2
    return Line((Span(name, "strong"), Span(" " * pad), *text), indent, _NAME + 2 if len(name) <= _NAME else 4, change)


def in_short(value: Json, width: int = _SHORT) -> str:
    """A value in one line of about so many columns: whole, or by its beginning and its size."""
    if isinstance(value, str):
        if len(value) > width:
            return f'"{visible(value[:width])}…" {len(value):,} characters'
        return literal(value)
    text = one_line(value, width)
    if text is not None:
        return visible(text)
    if isinstance(value, list):
        return f"[{len(value):,} item{'s' if len(value) != 1 else ''}]"
    return f"{{{visible(', '.join(value))[:width]}}}" if isinstance(value, dict) else literal(value)


def json_blocks(value: Json, *, indent: int = 4, style: str = "", change: Change | None = None) -> Iterator[Block]:
    """A value over several lines; vectors and bytes by their beginning."""
    for line in value.split("\n") if isinstance(value, str) and not is_blob(value) else json_lines(value):
        yield Line((Span(visible(line), style),), indent, _hang(line), change)


def _one_sided(change: Change, label: str, indent: int) -> Iterator[Block]:
    is_new = change.kind == "added"
    value = change.new if is_new else change.old
    style, sign = ("added", "+ ") if is_new else ("removed", "− ")
    if _size(value) <= _SHORT:
        yield named(label, (Span(f"{sign}{literal(value)}", style),), change, indent=indent)
        return
    yield Line((Span(label, "strong"), Span(f"  {change.kind}", style)), indent, change=change)
    yield from json_blocks(value, indent=indent + 2, style=style, change=change)


def _hang(line: str) -> int:
    """A wrapped line of JSON goes on below its own beginning."""
    return len(line) - len(line.lstrip(" ")) + 2 if line.startswith(" ") else 0


def _size(value: Json) -> int:
    """The columns of a value in one line; very many for a text of several lines."""
    if isinstance(value, str):
        return 10**9 if "\n" in value else len(value)
    return len(canonical(value))


def _arrow(old: str, new: str) -> Text:
    before, after = told_apart(old, new)
    return (Span(before, "removed"), Span(" → "), Span(after, "added"))


def _blobs(old: str, new: str) -> Text:
    differ = f"  from character {common_start(old, new) + 1:,} on"
    return (*_arrow(blob_text(old), blob_text(new)), Span(differ, "faint"))
