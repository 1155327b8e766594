"""The whole text of both replies, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from recdiff.comparing.words import Run, runs_of
from recdiff.jsonvalue import Json, is_empty
from recdiff.tui.page.blocks import Block, Section, Span, Words
from recdiff.tui.page.pairs import interactions
from recdiff.tui.page.values import pretty

if TYPE_CHECKING:
    from recdiff.opening import Opened

_PARTS = ("reasoning", "text", "refusal")


def whole_sections(opened: Opened) -> Iterator[Section]:
    """A section for each text of each choice, and for bodies that are no replies."""
    sides = tuple(dict(_texts(interactions(side))) for side in (opened.old, opened.new))
    places = list(dict.fromkeys((*sides[0], *sides[1])))
    if not places:
        yield Section("none", "No text", (Span("neither side says anything", "faint"),), False, lambda: iter(()))
    for place in places:
        old, new = (side.get(place) for side in sides)
        sizes = " → ".join(f"{len(text):,}" for text in (old, new) if text is not None)
        same = old == new
        note = (Span(f"{sizes} characters{', unchanged' if same else ''}", "faint"),)
        yield Section(place, place, note, True, partial(_blocks, old, new), "text")


def _blocks(old: str | None, new: str | None) -> Iterator[Block]:
    runs = runs_of(old, new) if old is not None and new is not None else [Run(old or "", new or "")]
    yield Words(tuple(runs), whole=True)


def _texts(views: list[dict[str, Json]]) -> Iterator[tuple[str, str]]:
    for number, view in enumerate(views):
        before = f"{number + 1}: " if len(views) > 1 else ""
        response = view.get("response")
        said = response.get("reply") if isinstance(response, dict) else None
        choices = said.get("choices") if isinstance(said, dict) else None
        for index, choice in enumerate(choices if isinstance(choices, list) else []):
            for part in _PARTS:
                value = choice.get(part) if isinstance(choice, dict) else None
                if not is_empty(value):
                    where = f" of choice {index + 1}" if index else ""
                    yield f"{before}{part.capitalize()}{where}", value if isinstance(value, str) else pretty(value)
        body = response.get("body") if isinstance(response, dict) else None
        if not is_empty(body):
            yield f"{before}Body", pretty(body)
