"""Tool calls as a table: each call, its arguments line by line, and how each of them changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recdiff.jsonvalue import Json
from recdiff.model import Change
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text
from recdiff.tui.page.talk import call_text
from recdiff.tui.page.values import change_blocks, literal, named

_LONG = 120
"""Characters of an unchanged argument that are shown."""


def calls_note(found: Sequence[Change]) -> Text:
    """Which tools the changes are of."""
    names = dict.fromkeys(_tool_named(change) for change in found)
    return (Span(", ".join(visible(name) for name in names if name), "faint"),)


def call_blocks(found: Sequence[Change], views: Sequence[Sequence[dict[str, Json]]]) -> Iterator[Block]:
    """Every call of the new reply with its changes at their arguments; then the calls that are gone."""
    rest = list(found)
    for at, call in _calls(views[1] if len(views) > 1 else ()):
        mine = [change for change in rest if change.path == at or change.path.startswith(f"{at}/")]
        rest = [change for change in rest if not any(change is other for other in mine)]
        yield from _call(at, call, mine)
    for change in rest:
        if change.kind == "removed":
            yield Line((Span("− ", "removed"), *_styled(call_text(change.old), "removed")), hang=4, change=change)
        else:
            yield from change_blocks(change)


def _call(at: str, call: dict[str, Json], changes: Sequence[Change]) -> Iterator[Block]:
    whole = next((change for change in changes if change.path == at and change.kind == "added"), None)
    if whole is not None:
        yield Line((Span("+ ", "added"), *_styled(call_text(call), "added")), hang=4, change=whole)
        return
    by_place = {change.path: change for change in changes}
    name = by_place.pop(f"{at}/name", None)
    title = visible(str(call.get("name")))
    if name is not None:
        yield named("", (Span(literal(name.old), "removed"), Span(" → "), Span(literal(name.new), "added")), name)
    else:
        faint = "" if changes else "faint"
        yield Line((Span(title, "strong"), Span("" if changes else "  unchanged", faint)))
    arguments = call.get("arguments")
    if isinstance(arguments, dict):
        for key, value in arguments.items():
            place = f"{at}/arguments/{key.replace('~', '~0').replace('/', '~1')}"
            own = [by_place.pop(path) for path in list(by_place) if path == place or path.startswith(f"{place}/")]
            if own:
                for change in own:
                    deeper = change.path.removeprefix(place).replace("/", ".")
                    yield from _further_in(change_blocks(change, name=f"{key}{deeper}"))
            else:
                text = literal(value)
                shown = text if len(text) <= _LONG else f"{text[:_LONG]}…"
                yield named(visible(key), (Span(shown, "faint"),), indent=4)
    for change in by_place.values():
        place = change.path.removeprefix(f"{at}/").removeprefix("arguments/").replace("/", ".") or "arguments"
        yield from _further_in(change_blocks(change, name=place))


def _further_in(blocks: Iterator[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block._replace(indent=block.indent + 2)


def _calls(views: Sequence[dict[str, Json]]) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every tool call of a side, with the pointer that changes name it by."""
    for number, view in enumerate(views):
        response = view.get("response")
        said = response.get("reply") if isinstance(response, dict) else None
        choices = said.get("choices") if isinstance(said, dict) else None
        for index, choice in enumerate(choices if isinstance(choices, list) else []):
            calls = choice.get("tool_calls") if isinstance(choice, dict) else None
            for position, call in enumerate(calls if isinstance(calls, list) else []):
                if isinstance(call, dict):
                    yield f"/interactions/{number}/response/reply/choices/{index}/tool_calls/{position}", call


def _tool_named(change: Change) -> str:
    words = change.label.removeprefix("choices[0].")
    if words.startswith("tool_calls["):
        return words.removeprefix("tool_calls[").partition("]")[0]
    value = change.new if change.kind == "added" else change.old
    return str(value.get("name")) if isinstance(value, dict) and "name" in value else ""


def _styled(text: Text, style: str) -> Text:
    return tuple(Span(span.text, style) for span in text)
