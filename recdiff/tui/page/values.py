"""A change as blocks of a page: words of a text, keys of JSON, a vector in short, what came or went."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from recdiff.comparing.words import Run, runs_of
from recdiff.jsonvalue import Json, canonical, embedded
from recdiff.model import Change
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text, Words

_SHORT = 60
"""Characters up to which a value stands in one line with its name."""
_NAME = 18
"""Columns of a name before its value."""
_VECTOR = {"dimension", "cosine", "largest"}


def change_blocks(change: Change, *, name: str | None = None, whole: bool = False) -> Iterator[Block]:
    """A change under its name; a short one in one line. `name` replaces the place that the change knows."""
    label = visible(change.label if name is None else name)
    if _is_vector(change):
        yield named(label, vector_text(change), change)
    elif change.kind == "moved":
        yield named(label, (Span("order: "), *_arrow(literal(change.old), literal(change.new))), change)
    elif change.kind in ("added", "removed"):
        yield from _one_sided(change, label)
    elif _is_short(change.old) and _is_short(change.new):
        yield named(label, _arrow(literal(change.old), literal(change.new)), change)
    else:
        yield Line((Span(label, "strong"),), change=change)
        yield Words(tuple(_runs(change.old, change.new)), indent=4, change=change, whole=whole)


def named(name: str, text: Text, change: Change | None = None, *, indent: int = 2) -> Line:
    """A line of a name and what belongs to it."""
    pad = max(_NAME - len(name), 0) + 2
    return Line((Span(name, "strong"), Span(" " * pad), *text), indent=indent, hang=4, change=change)


def literal(value: Json) -> str:
    """A value in one line as JSON has it; strings between quotes."""
    if isinstance(value, str):
        return f'"{visible(value)}"'
    return visible(canonical(value).decode("utf-8", "replace"))


def pretty(value: Json) -> str:
    """A value over several lines, not yet visible; a string as it is."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False)


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


def _one_sided(change: Change, label: str) -> Iterator[Block]:
    is_new = change.kind == "added"
    value = change.new if is_new else change.old
    style, sign = ("added", "+ ") if is_new else ("removed", "− ")
    if _is_short(value):
        yield named(label, (Span(f"{sign}{literal(value)}", style),), change)
        return
    yield Line((Span(label, "strong"), Span(f"  {change.kind}", style)), change=change)
    text = pretty(value)
    yield Words((Run("", text) if is_new else Run(text, ""),), indent=4, change=change)


def _is_short(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT and "\n" not in value
    return len(canonical(value)) <= _SHORT


def _arrow(old: str, new: str) -> Text:
    return (Span(old, "removed"), Span(" → "), Span(new, "added"))


def _runs(old: Json, new: Json) -> Sequence[Run]:
    """Two values by words: JSON, and text that is JSON on both sides, by its lines when printed well."""
    if isinstance(old, str) and isinstance(new, str):
        before, after = embedded(old), embedded(new)
        if before is not None and after is not None:
            return runs_of(pretty(before), pretty(after))
        return runs_of(old, new)
    return runs_of(pretty(old), pretty(new))
