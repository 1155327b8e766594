"""Every change of an entry is on its page in exactly one section, and nothing recorded reaches a page as it is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recdiff.model import Change
from recdiff.opening import Opened
from recdiff.safe import visible
from recdiff.tui.page.blocks import Page
from recdiff.tui.page.layout import Shape, lay_out
from recdiff.tui.page.making import VIEWS, Given, View, page_of
from tests import recordings
from tests.recordings import BUILDERS, QUICK, mutated
from tests.tui.page.opened import (
    WIDTHS,
    alone,
    changes_in,
    corpus,
    corpus_cases,
    every_text,
    page,
    pair,
    sample,
    shared_lines,
    unreadable,
)  # fmt: skip

HOSTILE = (
    "\x1b[31mred\x1b[0m", "\x9b2J", "\u202eright to left", "\x00", "\ud800", "[/", "[@click=app.quit]x[/]", "a\rb",
    "tab\there", "\u2028", "\U000e0041\U000e0042", "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "\u200d",
)  # fmt: skip


def assert_accounted(opened: Opened, shown: Page) -> None:
    """Each change is that of some block, or named in a line that several share, of the one section that claims it."""
    for change in opened.entry.changes:
        owners = [one for one in shown.sections if any(change is mine for mine in one.changes)]
        assert [one.key for one in owners] == [change.change_class]
        blocks = list(owners[0].blocks())
        told = changes_in(iter(blocks))
        if sum(change is mine for mine in told) != 1:
            assert not any(change is mine for mine in told)
            assert _name(change) in shared_lines(iter(blocks))
    for one in shown.sections:
        claimed = changes_in(one.blocks())
        assert all(any(change is mine for mine in one.changes) for change in claimed)


def _name(change: Change) -> str:
    """The name of an item that came or went."""
    last = change.pattern.rpartition("/")[2]
    assert last.startswith("[") and change.kind in ("added", "removed")
    return visible(last[1:-1].replace("~1", "/").replace("~0", "~"))


def assert_safe(shown: Page, shape: Shape) -> None:
    """What a page shows is visible, and no wider than it may be."""
    for text in every_text(shown, shape):
        for span in text:
            assert visible(span.text) == span.text
    for one in shown.sections:
        for line in lay_out(one.blocks(), shape):
            assert sum(cell_len(span.text) for span in line.text) <= shape.width


@QUICK
@given(st.sampled_from(sorted(BUILDERS)), st.integers(0, 2**32), st.sampled_from(WIDTHS), st.booleans())
def test_mutated_recordings_are_accounted_for(kind: str, seed: int, width: int, beside: bool) -> None:
    rng = random.Random(seed)
    old = BUILDERS[kind]()
    try:
        opened = pair(mutated(old, rng, 2), mutated(old, rng, 4))
    except AssertionError:  # one side is no recording any more
        return
    shown = page(opened)
    assert_accounted(opened, shown)
    assert_safe(shown, Shape(width, beside))


@QUICK
@given(st.sampled_from(sorted(BUILDERS)), st.sampled_from(sorted(BUILDERS)))
def test_recordings_of_two_kinds_are_accounted_for(old: str, new: str) -> None:
    opened = pair(BUILDERS[old](), BUILDERS[new]())
    assert_accounted(opened, page(opened))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_every_kind_has_a_page_of_its_own(kind: str, view: View) -> None:
    document = BUILDERS[kind]()
    for opened in (alone(document), alone(document, removed=True), pair(document, document)):
        for width in (24, 120):
            assert_safe(page(opened, view), Shape(width))


@pytest.mark.parametrize(
    ("hostile", "view"), [*((text, "meaning") for text in HOSTILE), *(("".join(HOSTILE), view) for view in VIEWS)]
)
def test_hostile_text_is_made_visible_wherever_it_stands(hostile: str, view: View) -> None:
    names = ("chat-stream-calls", "tool-invocation", "exception", "unknown-body", "anthropic-lines", "model-list")
    for kind in names:
        old = BUILDERS[kind]()
        new = everywhere(old, hostile)
        for opened in (pair(old, new), pair(new, old), alone(new)):
            assert_safe(page(opened, view), Shape(100, brackets=True))


def everywhere(document: recordings.Json, hostile: str) -> recordings.Json:
    """A document with something at the end of each of its texts and keys that mean nothing to a reader of the wire."""
    known = {"role", "type", "object", "url", "method", "endpoint", "__type__", "index", "finish_reason"}
    if isinstance(document, dict):
        made = {key: value if key in known else everywhere(value, hostile) for key, value in document.items()}
        return made | {hostile: hostile} if "content" in document or "answer" in document else made
    if isinstance(document, list):
        return [everywhere(item, hostile) for item in document]
    is_event = isinstance(document, str) and document.startswith(("data:", "event:"))
    return f"{document}{hostile}" if isinstance(document, str) and not is_event else document


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_bytes_and_paths_are_made_visible(view: View) -> None:
    data = "".join(HOSTILE).encode("utf-8", "surrogatepass") + b"\xff\xfe\n<<<<<<< ours\n\x1b[2J" + b"x" * 10_000
    for opened in (unreadable(data, data + b"\n"), unreadable(None, data, "\x1b[31mno"), unreadable(b"", data)):
        entry = opened.entry._replace(new_path="a\x1b[31m.json", test_id="tests/a.py::test_\x1b[31m[\u202e]")
        assert_safe(page(opened._replace(entry=entry), view), Shape(60))


@pytest.mark.parametrize("case", corpus_cases() or ["none"])
def test_real_recordings_are_accounted_for(case: str) -> None:
    if not corpus_cases():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    entries, opener = corpus(case)
    rng = random.Random(case)
    for entry in sample(entries, 16):
        opened = opener.open(entry)
        shown = page_of(Given(opened, None, lambda opened=opened: opener.hidden(opened)))  # type: ignore[misc]
        assert_accounted(opened, shown)
        assert_safe(shown, Shape(rng.choice(WIDTHS), rng.random() < 0.5))
