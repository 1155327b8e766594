"""A change as blocks of a page: words of a text, keys of JSON, a vector in short, what came or went."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.comparing.words import Run
from recdiff.jsonvalue import Json, canonical, embedded
from recdiff.model import Change
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text, Words
from recdiff.tui.page.ends import common_start
from recdiff.tui.page.jsonlines import blob_text, is_blob, json_lines, one_line, pretty
from recdiff.tui.page.texts import text_runs

__all__ = ["change_blocks", "in_short", "json_blocks", "literal", "named", "number", "pretty", "vector_text"]

_SHORT = 60
"""Characters up to which a value stands in one line with its name."""
_SHORT_BOTH = 72
"""Characters up to which two values do; of longer ones, the words that differ are easier to see."""
_NAME = 18
"""Columns of a name before its value."""
_VECTOR = {"dimension", "cosine", "largest"}


def change_blocks(change: Change, *, name: str | None = None, indent: int = 2) -> Iterator[Block]:
    """A change under its name; a short one in one line. `name` replaces the place that the change knows."""
    label = visible(change.label if name is None else name)
    if _is_vector(change):
        yield named(label, vector_text(change), change, indent=indent)
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
        yield Words(_runs(change.old, change.new), indent + 2, change)


def named(name: str, text: Text, change: Change | None = None, *, indent: int = 2) -> Line:
    """A line of a name and what belongs to it."""
    pad = max(_NAME - len(name), 0) + 2
    return Line((Span(name, "strong"), Span(" " * pad), *text), indent, _NAME + 2 if len(name) <= _NAME else 4, change)


def literal(value: Json) -> str:
    """A value in one line as JSON has it; strings between quotes."""
    if isinstance(value, str):
        return f'"{visible(value)}"'
    return visible(canonical(value).decode("utf-8", "replace"))


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


def number(value: float) -> str:
    """A number as people write it, without the noise that floating point leaves."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def json_blocks(value: Json, *, indent: int = 4, style: str = "", change: Change | None = None) -> Iterator[Block]:
    """A value over several lines; vectors and bytes by their beginning."""
    for line in value.split("\n") if isinstance(value, str) and not is_blob(value) else json_lines(value):
        yield Line((Span(visible(line), style),), indent, _hang(line), change)


def vector_text(change: Change) -> Text:
    """How far apart two vectors are."""
    old, new = change.old, change.new
    assert isinstance(old, dict) and isinstance(new, dict)
    if old.get("dimension") != new.get("dimension"):
        return _arrow(f"{old.get('dimension')}", f"{new.get('dimension')} dimensions")
    cosine, largest = new.get("cosine"), new.get("largest")
    if not isinstance(cosine, (int, float)) or not isinstance(largest, (int, float)):
        return (Span(f"a vector of {new.get('dimension')} dimensions, not comparable"),)
    return (
        Span(f"a vector of {new.get('dimension')} dimensions: cosine "),
        Span(f"{cosine:.6f}", "strong"),
        Span(f", largest difference {largest:.2g}"),
    )


def _is_vector(change: Change) -> bool:
    return all(isinstance(value, dict) and value.keys() == _VECTOR for value in (change.old, change.new))


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
    return (Span(old, "removed"), Span(" → "), Span(new, "added"))


def _blobs(old: str, new: str) -> Text:
    differ = f"  from character {common_start(old, new) + 1:,} on"
    return (*_arrow(blob_text(old), blob_text(new)), Span(differ, "faint"))


def _runs(old: Json, new: Json) -> tuple[Run, ...]:
    """Two values by words: JSON, and text that is JSON on both sides, by its lines when printed well."""
    if isinstance(old, str) and isinstance(new, str):
        inside = embedded(old), embedded(new)
        if None not in inside:
            old, new = inside
    before, after = ("" if value is None else pretty(value) for value in (old, new))
    return text_runs(before, after)
