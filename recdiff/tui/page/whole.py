"""The whole text of both replies, nothing left out, and the whole conversation before them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from recdiff.comparing.words import Run
from recdiff.jsonvalue import Json, is_empty
from recdiff.reports.values import pretty
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Section, Span, Text, Words
from recdiff.tui.page.content import spoken
from recdiff.tui.page.jsonlines import json_lines
from recdiff.tui.page.pairs import conversation_section, interactions
from recdiff.tui.page.texts import text_runs

if TYPE_CHECKING:
    from recdiff.opening import Opened

_PARTS = ("reasoning", "text", "refusal")


def whole_sections(opened: Opened) -> Iterator[Section]:
    """A section for each text of each choice, for bodies that are no replies, and for what was said before."""
    sides = tuple(interactions(side) for side in (opened.old, opened.new))
    texts = tuple(dict(_texts(views)) for views in sides)
    places = list(dict.fromkeys((*texts[0], *texts[1])))
    if not places:
        yield Section("none", "No text", (Span("neither side says anything", "faint"),), False, lambda: iter(()))
    is_pair = opened.old is not None and opened.new is not None
    for place in places:
        old, new = (side.get(place) for side in texts)
        blocks = partial(_compared, old, new) if is_pair else partial(_alone, old if new is None else new)
        yield Section(place, place, _note([old, new], is_pair=is_pair), True, blocks, "text")
    latest = sides[1] or sides[0]
    for index, view in enumerate(latest):
        number = f" {index + 1}" if len(latest) > 1 else ""
        yield from conversation_section(view, index, number, whole=True)


def _note(texts: list[Json], *, is_pair: bool) -> Text:
    """How long a text is; a body is printed when it is looked at."""
    sizes = " → ".join(dict.fromkeys(f"{len(text):,}" for text in texts if isinstance(text, str)))
    told = [f"{sizes} characters"] if sizes else []
    if is_pair and texts[0] == texts[1]:
        told.append("unchanged")
    return (Span(", ".join(told), "faint"),)


def _compared(old: Json, new: Json) -> Iterator[Block]:
    before, after = ("" if value is None else pretty(value) for value in (old, new))
    yield Words(text_runs(before, after) if before and after else (Run(before, after),), whole=True)


def _alone(value: Json) -> Iterator[Block]:
    if isinstance(value, str):
        yield from spoken(value, indent=2, whole=True)
    else:
        yield from (Line((Span(visible(line)),)) for line in json_lines(value, is_brief=False))


def _texts(views: list[dict[str, Json]]) -> Iterator[tuple[str, Json]]:
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
                    yield f"{before}{part.capitalize()}{where}", value
        body = response.get("body") if isinstance(response, dict) else None
        if not is_empty(body):
            yield f"{before}Body", body
