"""The title of a page: which test, what was called, which files, and what changed at a glance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, FileReview
from recdiff.safe import visible
from recdiff.tui.page.blocks import Line, Span, Text
from recdiff.tui.page.pairs import interactions

if TYPE_CHECKING:
    from recdiff.opening import Opened, Side

_HASH = re.compile(r"[0-9a-f]{20,}")
_OF_HASH = 8
"""Characters of a hash that are enough to know a file by."""
_TIED = "\N{NO-BREAK SPACE}"


def title_of(opened: Opened, *, whole_paths: bool = False) -> Iterator[Line]:
    """The lines above the sections. Hashes in file names are shortened unless `whole_paths` are asked for."""
    entry = opened.entry
    if entry.test_id:
        file, _, function = entry.test_id.partition("::")
        yield Line((Span(visible(function or file), "heading"),), 1, 2)
        if function:
            yield Line((Span(visible(file), "faint"),), 1, 2)
    about = _about(opened)
    if about:
        yield Line((Span(about, "faint"),), 1, 2)
    yield Line(_paths(entry, whole_paths), 1, 2)
    chips = _at_a_glance(entry)
    if chips:
        yield Line(chips, 1, 2)
    if entry.unshown:
        classes = ", ".join(dict.fromkeys(change.change_class for change in entry.unshown))
        told = (
            f"{len(entry.unshown):,} more change{'s' if len(entry.unshown) > 1 else ''} left out by --only: {classes}"
        )
        yield Line((Span(told, "mark"),), 1, 2)
    if entry.status != "unreadable":
        for name, side in (("old", opened.old), ("new", opened.new)):
            if side is not None and side.view is None:
                yield Line((Span(f"the {name} file: {visible(side.error)}", "error"),), 1, 2)
    yield Line((), 0)


def _about(opened: Opened) -> str:
    """What was called, the model, how it answered, and why the two sides are a pair."""
    sides = tuple(_first(side) for side in (opened.old, opened.new))
    parts = [_changed(*(_called(view) for view in sides)), _changed(*(_model(view) for view in sides))]
    parts.append(_streams(*sides))
    if opened.entry.pairing:
        parts.append(f"paired: {visible(opened.entry.pairing)}")
    return " · ".join(filter(None, parts))


def _changed(old: str, new: str) -> str:
    if old and new and old != new:
        return f"{old} → {new}"
    return new or old


def _first(side: Side | None) -> dict[str, Json]:
    views = interactions(side)
    return views[0] if views else {}


def _called(view: dict[str, Json]) -> str:
    request = view.get("request")
    if not isinstance(request, dict):
        return ""
    return visible(str(request.get("tool_name") or request.get("endpoint") or request.get("url") or ""))


def _model(view: dict[str, Json]) -> str:
    request = view.get("request")
    return visible(str(request.get("model") or "")) if isinstance(request, dict) else ""


def _streams(*views: dict[str, Json]) -> str:
    """How many chunks came; nothing where nothing was streamed."""
    counts = []
    for view in views:
        response = view.get("response")
        if isinstance(response, dict):
            counts.append(response.get("events") if response.get("streamed") else None)
    if not counts or counts == [None] * len(counts):
        return ""
    if None in counts:
        return " → ".join("not streamed" if count is None else f"streamed in {count:,} chunks" for count in counts)
    return f"streamed in {' → '.join(f'{count:,}' for count in dict.fromkeys(counts))} chunks"


def _paths(entry: FileReview, whole: bool) -> Text:
    old, new = entry.old_path, entry.new_path
    if not old or not new or old == new:
        return (Span(_path(entry.path, whole), "faint"),)
    folder = old.rpartition("/")[0]
    if folder == new.rpartition("/")[0]:
        old, new = old[len(folder) :].lstrip("/"), new[len(folder) :].lstrip("/")
    else:
        folder = ""
    before = (Span(f"{visible(folder)}/", "faint"),) if folder else ()
    return (*before, Span(_path(old, whole), "removed"), Span(" → "), Span(_path(new, whole), "added"))


def _path(path: str, whole: bool) -> str:
    return visible(path) if whole else short_path(path)


def short_path(path: str) -> str:
    """A path whose hashes are as long as people need to know a file by."""
    return visible(_HASH.sub(lambda found: f"{found[0][:_OF_HASH]}…", path))


def chips(counts: Mapping[str, int]) -> Text:
    """A flag for each class that there is, with its count; none of them is torn at the end of a line."""
    spans: list[Span] = []
    for name, count in counts.items():
        told = f"⚑{_TIED}{name}{f'{_TIED}{count:,}' if count > 1 else ''}"
        spans += [Span("  " if spans else ""), Span(told, name if name in CLASSES else "mark")]
    return tuple(span for span in spans if span.text)


def _at_a_glance(entry: FileReview) -> Text:
    """What changed, or what became of the recording."""
    counts = Counter(change.change_class for change in entry.changes)
    marks = entry.synopsis.marks if entry.synopsis else ()
    flags = chips({**{name: counts[name] for name in CLASSES if counts[name]}, **dict.fromkeys(marks, 1)})
    if entry.status not in ("noise", "unreadable", "added", "removed"):
        return flags
    words = "no meaningful change" if entry.status == "noise" else entry.status
    style = entry.status if entry.status in ("added", "removed") else "mark"
    return (Span(words, style), *((Span("  "), *flags) if flags else ()))
