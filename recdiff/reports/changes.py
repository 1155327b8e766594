"""How one change, or one file, reads in a line of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, Change, FileReview
from recdiff.naming import item_of, place_of, short_name
from recdiff.reports.paint import Paint
from recdiff.reports.values import call_text, exception_text, sides_of, vector_text
from recdiff.safe import visible

_MOST_LINES = 60
"""Changes of one recording, told a line each; `--full` tells all."""
_MOST_NAMED = 12
"""Items of a list that came or went, named in one line; `--full` names all."""


def style_of(change_class: str) -> str:
    """The style of a class's name."""
    return "minor" if change_class in ("usage", "provenance") else change_class


def change_lines(changes: Sequence[Change], paint: Paint) -> Iterator[str]:
    """All changes of a recording, the weightiest first; meters in one line, named items of one list in one line."""
    ordered = sorted(changes, key=lambda change: CLASSES.index(change.change_class))
    if len(ordered) > _MOST_LINES and not paint.is_full:
        counts = Counter(change.change_class for change in ordered[_MOST_LINES:])
        yield from change_lines(ordered[:_MOST_LINES], paint)
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        yield f"… and {len(ordered) - _MOST_LINES:,} more changes: {told} (--full)"
        return
    usage = [change for change in ordered if change.change_class == "usage"]
    said: set[str] = set()
    for change in ordered:
        if change.change_class == "usage":
            continue
        item = item_of(change)
        if item is None:
            yield change_line(change, paint)
        elif item.of not in said:
            said.add(item.of)
            others = ((other, item_of(other)) for other in ordered)
            names = [(other.kind, its.name) for other, its in others if its is not None and its.of == item.of]
            yield _items_line(item.place, names, paint)
    if usage:
        yield f"{paint('minor', 'usage     ')} " + ", ".join(_meter(change) for change in usage)


def _items_line(place: str, names: Sequence[tuple[str, str]], paint: Paint) -> str:
    """Items of one list of data that came or went, each by its kind and its name."""
    most = len(names) if paint.is_full else _MOST_NAMED
    items = " ".join(
        paint.added(visible(name)) if kind == "added" else paint.removed(visible(name)) for kind, name in names[:most]
    )
    more = f" … and {len(names) - most} more (--full)" if len(names) > most else ""
    return f"{paint('data', 'data      ')} {visible(place)}  {items}{more}"


def change_line(change: Change, paint: Paint) -> str:
    """One change in one line: class, place, and how it changed."""
    name = paint(style_of(change.change_class), f"{change.change_class:<10}")
    place = visible(place_of(change))
    return f"{name} {place}{'  ' if place else ''}{change_text(change, paint)}"


def change_text(change: Change, paint: Paint) -> str:
    """How a value changed, without its place."""
    if change.kind == "added":
        return paint.added(_one_sided(change, change.new, paint))
    if change.kind == "removed":
        return paint.removed(_one_sided(change, change.old, paint))
    if change.kind == "moved":
        return f"order: {paint.change(change.old, change.new)}"
    return vector_text(change) or paint.change(change.old, change.new)


def _one_sided(change: Change, value: Json, paint: Paint) -> str:
    told = {"tool": call_text, "error": exception_text}.get(change.change_class)
    return (told(value, paint.value) if told else None) or paint.value(value)


def _meter(change: Change) -> str:
    name = visible(change.label.removeprefix("usage."))
    if change.kind in ("added", "removed"):
        value = change.new if change.kind == "added" else change.old
        told = ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)
        return f"{'+' if change.kind == 'added' else '−'} {name} {visible(told)}"
    return f"{name} {visible(str(change.old))} → {visible(str(change.new))}"


def paths_of(entry: FileReview) -> str:
    """The file's name, or both names and why they are a pair."""
    if entry.old_path == entry.new_path or entry.old_path is None or entry.new_path is None:
        return visible(short_name(entry.path))
    why = f", paired: {entry.pairing}" if entry.pairing else ""
    return f"{visible(short_name(entry.old_path))} → {visible(short_name(entry.new_path))}{why}"


def hidden_lines(entry: FileReview, paint: Paint) -> Iterator[str]:
    """Every hidden leaf of a file with its rule and its place."""
    for leaf in entry.hidden_leaves:
        old, new = sides_of(leaf, paint.value)
        yield f" {leaf.rule:<20} {visible(leaf.place)}  {paint('removed', old)} → {paint('added', new)}"
