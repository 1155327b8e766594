"""Tool calls as a table: each call, its arguments line by line, and how each of them changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from recdiff.jsonvalue import Json, canonical, unescape
from recdiff.model import Change
from recdiff.naming import label_of
from recdiff.reports.values import literal
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text
from recdiff.tui.page.content import call_text
from recdiff.tui.page.values import change_blocks, in_short, json_blocks, named

_LONG = 70
"""Columns of an unchanged argument."""
_IN_CALL = re.compile(r"(.*/tool_calls/\d+)(?:/|$)")
_NAMED = re.compile(r"/tool_calls/\[([^/]*)\]/")

Views: TypeAlias = Sequence[Sequence[dict[str, Json]]]
"""The interactions of either side, the old one first."""


class _Call(NamedTuple):
    """One call of one side; `at` is the pointer by which changes name it."""

    at: str
    view: dict[str, Json]

    @property
    def name(self) -> str:
        return str(self.view.get("name"))


def calls_note(found: Sequence[Change], views: Views) -> Text:
    """Which tools the changes are of."""
    old, new = ({call.at: call.name for calls in _by_choice(side).values() for call in calls} for side in views)
    told: dict[str, None] = {}
    renamed = {str(change.new) for change in found if _is_rename(change)}
    for change in found:
        match = _IN_CALL.match(change.path)
        named_by = _NAMED.search(change.pattern)
        if _is_rename(change):
            told[f"{change.old} → {change.new}"] = None
        elif named_by:  # what is called on the new side
            told[unescape(named_by[1])] = None
        elif match:
            sign = {"added": "+ ", "removed": "− "}.get(change.kind, "") if match[1] == change.path else ""
            told[f"{sign}{(old if change.kind == 'removed' else new).get(match[1], '')}"] = None
        elif change.kind == "moved":
            told["in another order"] = None
    return (Span(visible(", ".join(name for name in told if name not in renamed)), "faint"),)


def call_blocks(found: Sequence[Change], views: Views) -> Iterator[Block]:
    """Every call of the new reply with its changes at their arguments, then those that are gone; each change once."""
    rest = list(found)
    olds, news = (_by_choice(side) for side in views)
    gone = {change.path for change in found if change.kind == "removed"}
    came = {change.path: change for change in found if change.kind == "added"}
    for choice in dict.fromkeys((*news, *olds)):
        before, after = olds.get(choice, []), news.get(choice, [])
        stayed = [call for call in before if call.at not in gone], [call for call in after if call.at not in came]
        partners = _partners(*stayed)
        for call in after:
            whole = came.get(call.at)
            if whole is not None:
                _strike(rest, [whole])
                yield from _whole(call, whole)
            else:
                mine = [change for change in rest if _is_of(change, partners.get(call.at), call)]
                _strike(rest, mine)
                yield from _call(call, mine)
        for call in before:
            for change in [change for change in rest if change.path == call.at and change.kind == "removed"]:
                _strike(rest, [change])
                yield from _whole(call, change)
    for change in rest:
        yield from change_blocks(change, name=label_of(change))


def _strike(rest: list[Change], mine: Sequence[Change]) -> None:
    """Take changes from those that are still to be told."""
    rest[:] = [change for change in rest if not any(change is other for other in mine)]


def _is_of(change: Change, old: _Call | None, new: _Call) -> bool:
    call = old if change.kind == "removed" else new
    return call is not None and change.path.startswith(f"{call.at}/")


def _by_choice(views: Sequence[dict[str, Json]]) -> dict[tuple[int, str], list[_Call]]:
    """The calls of one side, by their interaction and the index of their choice."""
    found: dict[tuple[int, str], list[_Call]] = {}
    for number, view in enumerate(views):
        response = view.get("response")
        said = response.get("reply") if isinstance(response, dict) else None
        choices = said.get("choices") if isinstance(said, dict) else None
        for index, choice in enumerate(choices if isinstance(choices, list) else []):
            calls = choice.get("tool_calls") if isinstance(choice, dict) else None
            at = f"/interactions/{number}/response/reply/choices/{index}/tool_calls"
            if isinstance(choice, dict) and isinstance(calls, list) and calls:
                key = number, literal(choice.get("index"))
                found[key] = [
                    _Call(f"{at}/{place}", call) for place, call in enumerate(calls) if isinstance(call, dict)
                ]
    return found


def _partners(old: list[_Call], new: list[_Call]) -> dict[str, _Call]:
    """Which old call each new one was compared with: an equal one, else one of its name, else the next in order."""
    found: dict[str, _Call] = {}
    left, right = list(old), list(new)
    for token in (_said, lambda call: canonical(call.view.get("name")), lambda _: b""):
        for before in list(left):
            after = next((call for call in right if token(call) == token(before)), None)
            if after is not None:
                found[after.at] = before
                left.remove(before)
                right.remove(after)
    return found


def _said(call: _Call) -> bytes:
    return canonical([call.view.get("name"), call.view.get("arguments")])


def _is_rename(change: Change) -> bool:
    match = _IN_CALL.match(change.path)
    return match is not None and change.path == f"{match[1]}/name" and change.kind == "changed"


def _call(call: _Call, changes: Sequence[Change]) -> Iterator[Block]:
    """One call that both sides have: its name, then its arguments in their order, what changed in its place."""
    rest = list(changes)
    renamed = next((change for change in rest if _is_rename(change)), None)
    if renamed is not None:
        rest.remove(renamed)
        old, new = (visible(str(value)) for value in (renamed.old, renamed.new))
        yield Line((Span(old, "removed"), Span(" → "), Span(new, "added")), 2, 4, renamed)
    else:
        yield Line((Span(visible(call.name), "strong"), Span("" if changes else "  unchanged", "faint")))
    arguments = call.view.get("arguments")
    if isinstance(arguments, dict) and all(_inside(change) for change in rest):
        for key, value in arguments.items():
            own = [change for change in rest if _argument(change) == key]
            rest = [change for change in rest if _argument(change) != key]
            for change in own:
                yield from change_blocks(change, name=_place(change), indent=4)
            if not own:
                yield named(visible(key), (Span(in_short(value, _LONG), "faint"),), indent=4)
    for change in rest:
        yield from change_blocks(change, name=_place(change), indent=4)


def _steps(change: Change) -> list[str]:
    """Where a change is below its call."""
    match = _IN_CALL.match(change.path)
    below = change.path[match.end(1) + 1 :] if match else change.path
    return [unescape(step) for step in below.split("/")]


def _inside(change: Change) -> bool:
    """Whether a change is not of all arguments together."""
    return _steps(change) != ["arguments"]


def _argument(change: Change) -> str | None:
    """The argument that a change is of."""
    steps = _steps(change)
    return steps[1] if steps[0] == "arguments" and len(steps) > 1 else None


def _place(change: Change) -> str:
    steps = _steps(change)
    return ".".join(steps[1:] if steps[0] == "arguments" and len(steps) > 1 else steps)


def _whole(call: _Call, change: Change) -> Iterator[Block]:
    """A call that came or went: in one line, or its arguments below its name."""
    style, sign = ("added", "+ ") if change.kind == "added" else ("removed", "− ")
    text = call_text(call.view)
    arguments = call.view.get("arguments")
    if not isinstance(arguments, dict) or sum(len(span.text) for span in text) <= _LONG:
        yield Line((Span(sign, style), *(Span(span.text, style) for span in text)), 2, 4, change)
        return
    yield Line((Span(f"{sign}{visible(call.name)}", style),), 2, 4, change)
    for key, value in arguments.items():
        if len(canonical(value)) <= _LONG and "\n" not in str(value):
            yield named(visible(key), (Span(literal(value), style),), change, indent=4)
        else:
            yield Line((Span(visible(key), "strong"),), 4, change=change)
            yield from json_blocks(value, indent=6, style=style, change=change)
