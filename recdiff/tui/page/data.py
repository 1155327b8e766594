"""Data in its own form: items of a list by their names, vectors in short, the rest by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recdiff.model import Change
from recdiff.naming import ListItem, item_of, label_of
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span
from recdiff.tui.page.jsonlines import one_line
from recdiff.tui.page.values import change_blocks, named

_MOST_NAMED = 12
"""Items that came or went, beyond which they share a line."""
_BESIDE = 70
"""Columns of what an item holds, beside its name."""


def data_blocks(found: Sequence[Change]) -> Iterator[Block]:
    """What changed in data; items of one list that came or went stand together."""
    lists: dict[str, list[tuple[Change, ListItem]]] = {}
    for change in found:
        item = item_of(change)
        if item is None:
            yield from change_blocks(change, name=label_of(change))
        else:
            lists.setdefault(item.of, []).append((change, item))
    for items in lists.values():
        yield from _items(items)


def _items(items: Sequence[tuple[Change, ListItem]]) -> Iterator[Block]:
    place = visible(items[0][1].place)
    if len(items) <= _MOST_NAMED:
        yield Line((Span(place, "strong"),))
        for change, item in items:
            sign, style = ("+ ", "added") if change.kind == "added" else ("− ", "removed")
            yield Line((Span(f"{sign}{visible(item.name)}", style), _beside_name(change, item.name)), 4, 2, change)
        return
    for kind, sign in (("added", "+"), ("removed", "−")):
        names = [item.name for change, item in items if change.kind == kind]
        if names:
            spans = [span for name in names for span in (Span("  "), Span(f"{sign}{visible(name)}", kind))]
            yield named(place, (Span(f"{len(names):,} {kind}:", "faint"), *spans))


def _beside_name(change: Change, name: str) -> Span:
    """What an item holds beside its name, in one line."""
    value = change.new if change.kind == "added" else change.old
    rest = {key: item for key, item in value.items() if item != name} if isinstance(value, dict) else value
    text = one_line(rest, _BESIDE) if rest else None
    if text is None and isinstance(rest, dict):
        text = ", ".join(rest) if rest else None
    return Span(f"  {visible(text)}" if text else "", "faint")
