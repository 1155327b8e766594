"""Opened entries and their pages, made of documents or of real recordings, and what a test asks of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from recdiff.comparing.recordings import compare_recordings
from recdiff.jsonvalue import Json
from recdiff.model import Change, FileReview, status_of
from recdiff.opening import Hidden, Opened, Opener, Side, side_of
from recdiff.pipeline import Options, review
from recdiff.rules.config import ProjectConfig
from recdiff.rules.engine import RuleSet
from recdiff.sources.folders import open_folders
from recdiff.testfunctions import FunctionSource
from recdiff.tui.page.blocks import Block, Line, Page, Section, Sides, Span, Text, words_of
from recdiff.tui.page.layout import Shape, lay_out
from recdiff.tui.page.making import Given, View, page_of
from tests.recordings import CORPUS

PATH = "recordings/a.json"
WIDTHS = (24, 40, 60, 78, 120, 200)

Document: TypeAlias = dict[str, Any]


# Entries


def written(document: Json) -> bytes:
    """A document as a recorder writes it."""
    return json.dumps(document, indent=2).encode()


def pair(old: Document, new: Document) -> Opened:
    """Two documents as an opened pair, judged without its test: each id that differs is a change."""
    before, after = side_of(PATH, written(old)), side_of(PATH, written(new))
    assert before.recording is not None and after.recording is not None
    ledger = compare_recordings(before.recording, after.recording, RuleSet())
    changes = [*ledger.changes, *(seen.change for seen in ledger.sightings if seen.change is not None)]
    hidden = {rule: max(sides) for rule, sides in ledger.hidden.items() if max(sides)}
    test_id = after.recording.test_id
    entry = FileReview(status_of(changes), PATH, PATH, "path", "ogx", test_id, hidden=hidden, changes=tuple(changes))
    return Opened(entry, before, after)


def alone(document: Document, *, removed: bool = False) -> Opened:
    """One document as an opened entry without another side."""
    side = side_of(PATH, written(document))
    assert side.recording is not None
    test_id = side.recording.test_id
    if removed:
        return Opened(FileReview("removed", PATH, None, None, "ogx", test_id), side, None)
    return Opened(FileReview("added", None, PATH, None, "ogx", test_id), None, side)


def unreadable(old: bytes | None, new: bytes | None, error: str = "no JSON") -> Opened:
    """Bytes that are no recording."""
    sides = [None if data is None else side_of(PATH, data) for data in (old, new)]
    paths = [None if data is None else PATH for data in (old, new)]
    return Opened(FileReview("unreadable", paths[0], paths[1], None, None, None, error=error), *sides)


def missing(side: Side | None, error: str = "the file is gone") -> Side:
    """A side whose file was lost after the review."""
    return Side(side.path if side else PATH, b"", None, None, error)


def corpus_cases() -> list[str]:
    """The names of the cases of real re-recordings; none where they are missing."""
    folder = CORPUS / "ogx"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@cache
def corpus(case: str) -> tuple[tuple[FileReview, ...], Opener]:
    """A real re-recording: every entry, and what opens them."""
    folder = CORPUS / "ogx" / case
    found = review(open_folders(str(folder / "old"), str(folder / "new")), Options(ProjectConfig()))
    return found.files, Opener(open_folders(str(folder / "old"), str(folder / "new")), ProjectConfig())


def sample(entries: Sequence[FileReview], most: int) -> list[FileReview]:
    """A few entries of every kind: of each status and each set of places that changed, as far as there are `most`."""
    kinds: dict[object, list[FileReview]] = {}
    for entry in entries:
        kind = entry.status, tuple(sorted({(change.pattern, change.kind) for change in entry.changes}))
        kinds.setdefault(kind, []).append(entry)
    rounds = max((len(of_kind) for of_kind in kinds.values()), default=0)
    ordered = [of_kind[turn] for turn in range(rounds) for of_kind in kinds.values() if turn < len(of_kind)]
    return ordered[:most]


# Pages


def page(
    opened: Opened, view: View = "meaning", *, function: FunctionSource | None = None, hidden: Hidden | None = None
) -> Page:
    """The page of an opened entry."""
    return page_of(Given(opened, function, lambda: hidden or Hidden((), is_stale=False)), view)


def section(shown: Page, key: str) -> Section:
    """The one section of that name."""
    (found,) = (one for one in shown.sections if one.key == key)
    return found


def keys(shown: Page) -> list[str]:
    """The names of the sections, in their order."""
    return [one.key for one in shown.sections]


def every_block(shown: Page) -> Iterator[Block]:
    """The blocks of all sections, folded ones too."""
    for one in shown.sections:
        yield from one.blocks()


def every_text(shown: Page, shape: Shape) -> Iterator[Text]:
    """All that a page shows in a shape: title, heads, and every line of every section."""
    for line in lay_out(shown.title, shape):
        yield line.text
    for one in shown.sections:
        yield (Span(one.title), *one.note)
        for line in lay_out(one.blocks(), shape):
            yield line.text


def said(one: Section, width: int = 120, *, beside: bool = False) -> list[str]:
    """The lines of a section as plain text, changed words between brackets."""
    lines = lay_out(one.blocks(), Shape(width, beside, brackets=True))
    return [words_of(line.text).rstrip() for line in lines]


def title(shown: Page, width: int = 200) -> list[str]:
    """The lines above the sections."""
    return [words_of(line.text).strip() for line in lay_out(shown.title, Shape(width))]


def changes_in(blocks: Iterator[Block]) -> list[Change]:
    """The changes that blocks belong to, each once for every stretch of blocks."""
    found: list[Change] = []
    for block in blocks:
        if not isinstance(block, Sides) and block.change is not None and (not found or found[-1] is not block.change):
            found.append(block.change)
    return found


def shared_lines(blocks: Iterator[Block]) -> str:
    """What lines say that belong to no single change."""
    return "\n".join(words_of(block.text) for block in blocks if isinstance(block, Line) and block.change is None)


def temporary(folder: Path, old: Document | None, new: Document | None) -> tuple[str, str]:
    """Two folders with one recording each."""
    for name, document in (("old", old), ("new", new)):
        (folder / name).mkdir(parents=True)
        if document is not None:
            (folder / name / "a.json").write_bytes(written(document))
    return str(folder / "old"), str(folder / "new")
