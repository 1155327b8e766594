"""Meters (tokens, durations): how far each of them went up or down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recdiff.jsonvalue import Json
from recdiff.model import Change
from recdiff.reports.values import as_number, number, step_of
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Span, Text
from recdiff.tui.page.values import change_blocks


def meters_note(found: Sequence[Change], width: int) -> Text:
    """All steps in one line, as far as they fit."""
    told: list[str] = []
    for change in found:
        part = _meter(change)
        if len(", ".join([*told, part])) > width:
            break
        told.append(part)
    more = len(found) - len(told)
    rest = f"{' and ' if told else ''}{more} {'more' if told else 'changes'}" if more else ""
    return (Span(", ".join(told) + rest, "faint"),)


def meter_blocks(found: Sequence[Change]) -> Iterator[Block]:
    """Each meter with its old and its new value, and the step between them."""
    for change in found:
        blocks = list(change_blocks(change, name=change.label.removeprefix("usage.")))
        step = step_of(change)
        first = blocks[0]
        if step and len(blocks) == 1 and isinstance(first, Line):
            yield first._replace(text=(*first.text, Span(f"   {step}", "faint")))
        else:
            yield from blocks


def meters_text(usage: Json) -> str:
    """Meters and what they show."""
    counts = usage if isinstance(usage, dict) else {}
    numbers = ((key, as_number(value)) for key, value in counts.items())
    return visible(", ".join(f"{_words(key)} {number(value)}" for key, value in numbers if value is not None))


def _meter(change: Change) -> str:
    """A meter's change as a difference: `−12 completion tokens`."""
    name = visible(_words(change.label.removeprefix("usage.").rpartition(".")[2]))
    step = step_of(change)
    return f"{step} {name}" if step else f"{name} {change.kind}"


def _words(key: str) -> str:
    return key.replace("_", " ")
