"""How one change, or one file, reads in a line of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, Change, FileReview
from recdiff.reports.paint import Paint, is_vector
from recdiff.safe import visible

_OBVIOUS = {"text": "text", "finish": "finish_reason", "model": "model", "error": "error"}
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
        parent, name = _named_item(change)
        if name is None:
            yield change_line(change, paint)
        elif parent not in said:
            said.add(parent)
            yield _items_line([other for other in ordered if _named_item(other)[0] == parent], paint)
    if usage:
        yield f"{paint('minor', 'usage     ')} " + ", ".join(_meter(change) for change in usage)


def _named_item(change: Change) -> tuple[str, str | None]:
    """The list and the name of an item that came or went; no name for any other change."""
    parent, _, last = change.pattern.rpartition("/")
    if change.kind in ("added", "removed") and change.change_class == "data" and last.startswith("["):
        return parent, last[1:-1].replace("~1", "/").replace("~0", "~")
    return change.pattern, None


def _items_line(changes: Sequence[Change], paint: Paint) -> str:
    most = len(changes) if paint.is_full else _MOST_NAMED
    named = [(change.kind, visible(_named_item(change)[1] or "")) for change in changes[:most]]
    items = " ".join(paint.added(name) if kind == "added" else paint.removed(name) for kind, name in named)
    more = f" … and {len(changes) - most} more (--full)" if len(changes) > most else ""
    place = changes[0].label.rpartition("[")[0]
    name = paint("data", f"{changes[0].change_class:<10}")
    return f"{name} {visible(place)}  {items}{more}"


def change_line(change: Change, paint: Paint) -> str:
    """One change in one line: class, place, and how it changed."""
    name = paint(style_of(change.change_class), f"{change.change_class:<10}")
    return f"{name} {visible(_place(change))}{change_text(change, paint)}"


def obvious_place(change_class: str) -> str | None:
    """The place that a class says already."""
    return _OBVIOUS.get(change_class)


def _place(change: Change) -> str:
    """The label, less what the class says already."""
    words = change.label.removeprefix("choices[0].")
    if change.change_class == "tool" and words.startswith("tool_calls["):
        named = words.removeprefix("tool_calls[").replace("]", "", 1).replace(".arguments.", ".")
        return "" if named.isdigit() else f"{named}  "
    return "" if words == obvious_place(change.change_class) else f"{words}  "


def change_text(change: Change, paint: Paint) -> str:
    """How a value changed, without its place."""
    if change.kind == "added":
        return paint.added(_one_sided(change, change.new, paint))
    if change.kind == "removed":
        return paint.removed(_one_sided(change, change.old, paint))
    if change.kind == "moved":
        return f"order: {paint.change(change.old, change.new)}"
    old, new = change.old, change.new
    if isinstance(old, dict) and isinstance(new, dict) and is_vector(old) and is_vector(new):
        return paint.vector(old, new)
    return paint.change(change.old, change.new)


def _one_sided(change: Change, value: Json, paint: Paint) -> str:
    if change.change_class == "tool":
        return _call(value, paint)
    if change.change_class == "error" and isinstance(value, dict) and value.keys() == {"message", "data"}:
        return _exception(value, paint)
    return paint.value(value)


def _exception(error: dict[str, Json], paint: Paint) -> str:
    """An exception by its type and message; the rest of what was recorded repeats it."""
    data = error["data"]
    kind = data.get("type") if isinstance(data, dict) else None
    message = error["message"] if error["message"] is not None else data
    return f"{visible(str(kind))}: {paint.value(message)}" if kind else paint.value(message)


def _call(value: Json, paint: Paint) -> str:
    if isinstance(value, dict) and "name" in value and "arguments" in value:
        arguments = value["arguments"]
        if isinstance(arguments, dict):
            inside = ", ".join(f"{visible(key)}: {paint.value(item)}" for key, item in arguments.items())
        else:
            inside = paint.value(arguments) if arguments is not None else ""
        return f"{visible(str(value['name']))}({inside})"
    return paint.value(value)


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
        return short_name(entry.path)
    why = f", paired: {entry.pairing}" if entry.pairing else ""
    return f"{short_name(entry.old_path)} → {short_name(entry.new_path)}{why}"


def short_name(path: str) -> str:
    """A file's name without its folders, a long hash cut in its middle."""
    name = visible(path.rpartition("/")[2])
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:12]}…{stem[-8:]}.{ending}" if dot and len(stem) > 24 else name


def hidden_lines(entry: FileReview, paint: Paint) -> Iterator[str]:
    """Every hidden leaf of a file with its rule and its place."""
    for leaf in entry.hidden_leaves:
        place = leaf.new_path or leaf.old_path or ""
        old = paint.value(leaf.old) if leaf.old_path is not None else "(none)"
        new = paint.value(leaf.new) if leaf.new_path is not None else "(none)"
        yield f" {leaf.rule:<20} {visible(place)}  {paint('removed', old)} → {paint('added', new)}"
