"""The page of a branch: a group's change once, and the recordings below, each test told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from recdiff.arranging import Arrangement, Branch, arrange
from recdiff.model import Review
from recdiff.pipeline import Options, review
from recdiff.rules.config import ProjectConfig
from recdiff.sources.folders import open_folders
from recdiff.tui.page.blocks import Page, words_of
from recdiff.tui.page.layout import Shape
from recdiff.tui.page.overview import branch_page, empty_page, notes_page
from tests.recordings import Answer, chat_single, request
from tests.tui.page.opened import changes_in, corpus, corpus_cases, keys, said, section, title, written
from tests.tui.page.test_account import HOSTILE, assert_safe

TEST = "tests/test_a.py::test_{}"


def reviewed(folder: Path, *recordings: tuple[str, str | None, str | None, str]) -> Review:
    """A review of recordings by their test, old and new text, and the url that they asked on the new side."""
    for number, (test, old, new, host) in enumerate(recordings):
        for side, text, url in (("old", old, "http://old.example"), ("new", new, host)):
            (folder / side).mkdir(parents=True, exist_ok=True)
            if text is not None:
                asked = {**request([{"role": "user", "content": f"Question {number}"}]), "url": f"{url}/v1"}
                document = {**chat_single(Answer(text), asked=asked), "test_id": test}
                (folder / side / f"{number}.json").write_bytes(written(document))
    return review(open_folders(str(folder / "old"), str(folder / "new")), Options(ProjectConfig()))


def branches(found: Review, by: Arrangement) -> tuple[Branch, ...]:
    return arrange(found.files, found.groups, by)


def page_of(found: Review, by: Arrangement, number: int = 0) -> Page:
    return branch_page(branches(found, by)[number])


def test_a_group_tells_its_change_once_for_all(tmp_path: Path) -> None:
    rows = [(TEST.format(number), "Yes", "Yes", "http://new.example") for number in range(3)]
    shown = page_of(reviewed(tmp_path, *rows), "group")
    assert keys(shown) == ["change", "entries"]
    change = section(shown, "change")
    assert change.title == "request · url"
    assert words_of(change.note) == "the same everywhere"
    assert said(change) == ['  url                 "http://old.example/v1" → "http://new.example/v1"']
    assert len(change.changes) == 3
    assert changes_in(change.blocks()) == []
    assert said(section(shown, "entries")) == ["  tests/test_a.py", *(f"    test_{number}" for number in range(3))]


def test_recordings_of_one_test_with_the_same_to_say_are_one_line(tmp_path: Path) -> None:
    rows = [(TEST.format("a"), "Yes", f"No {number}", "http://old.example") for number in range(3)]
    shown = page_of(reviewed(tmp_path, *rows, (TEST.format("b"), "Yes", "Maybe", "http://old.example")), "test")
    assert title(shown)[1:] == ["4 recordings", "⚑\xa0text\xa04", ""]
    assert said(section(shown, "entries")) == ["  tests/test_a.py", "    test_a  ×3  text", "    test_b  text"]


def test_recordings_without_another_side_say_what_they_are(tmp_path: Path) -> None:
    found = reviewed(tmp_path, (TEST.format("a"), None, "It is " + "very " * 40 + "late.", "http://new.example"))
    shown = page_of(found, "test")
    lines = said(section(shown, "entries"), 400)
    assert lines[:2] == ["  tests/test_a.py", "    test_a"]
    assert lines[2].startswith("      “Question 0” ⇒ It is very")
    assert lines[2].endswith("…")


@pytest.mark.parametrize("by", ["test", "folder", "group"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_made_visible(tmp_path: Path, hostile: str, by: Arrangement) -> None:
    rows = [(f"tests/{hostile}.py::test_{hostile}", "Yes", f"No {hostile}", f"http://{hostile}") for _ in range(2)]
    found = reviewed(tmp_path, *rows, (hostile, None, hostile, "http://x"))
    for branch in branches(found, by):
        assert_safe(branch_page(branch), Shape(60))


@pytest.mark.parametrize("case", corpus_cases() or ["none"])
def test_branches_of_real_recordings_are_safe(case: str) -> None:
    if not corpus_cases():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    entries, _ = corpus(case)
    for branch in arrange(entries, (), "test"):
        assert_safe(branch_page(branch), Shape(78))


def test_an_empty_page_says_something() -> None:
    assert title(empty_page("Nothing \x1b here", "A hint"))[1:] == ["Nothing \\x1b here", "A hint"]


def test_notes_on_the_range_have_a_page() -> None:
    none = Review("a..b", "a", "b", (), (), 0)
    branch = Branch("notes", "notes", "Rules \x1b", ())
    page = notes_page(branch, none._replace(notes=("no link \x1b",), rules_changed=("a rule went", "one came")))
    assert title(page) == ["Rules \\x1b", "The new side's rules are in force here.", ""]
    rules, notes = page.sections
    assert said(rules) == ["    a rule went", "    one came"] and words_of(rules.note) == "2"
    assert said(notes) == ["    no link \\x1b"] and rules.is_open and notes.is_open
    assert [section.key for section in notes_page(branch, none._replace(notes=("a",))).sections] == ["notes"]


def test_files_that_are_no_recordings_have_a_page() -> None:
    page = notes_page(
        Branch("others", "notes", "2 other files", ()), Review("", "", "", (), (), 2, others=("a", "\x1b"))
    )
    (others,) = page.sections
    assert title(page) == ["2 other files", ""] and said(others) == ["    a", "    \\x1b"]
