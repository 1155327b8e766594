"""Reading: while it goes on, when it fails, when it is done again; what other sessions and the disk do meanwhile."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from recdiff.decisions import Decisions
from recdiff.errors import GitError
from recdiff.model import FileReview, Review
from recdiff.pipeline import Found, Progress
from recdiff.tui.app import ReviewApp, run
from recdiff.tui.subject import Facts, Reading, _LeftError
from tests.building import RepoBuilder
from tests.cli.running import recorded
from tests.tui.running import FOLDER, SKY, Stage, facts_of, opened, played, subject_of, two_choices


def review_of(folder: Path) -> Review:
    """What a range comes to."""
    return subject_of(folder).read(lambda *_: None, lambda _: None)


class Held:
    """A reading that finds what it is told to, and ends when it is told to."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.found: Found = lambda _: None
        self.progress: Progress = lambda *_: None
        self.has_begun, self.may_end = threading.Event(), threading.Event()
        self.reading = Reading(self._read).start()
        self.has_begun.wait(10)

    def _read(self, progress: Progress, found: Found) -> Review:
        self.progress, self.found = progress, found
        self.has_begun.set()
        assert self.may_end.wait(60)
        return self.review

    def end(self) -> None:
        self.may_end.set()
        self.reading.wait(10)


def names(here: Stage) -> list[str]:
    return sorted(Path(entry.path).stem for entry in here.app.session.files)


# While it is read


@played
async def test_the_list_fills_and_keys_answer_while_files_are_read(project: RepoBuilder) -> None:
    review = review_of(project.path)
    by_name = {Path(entry.path).stem: entry for entry in review.files}
    held = Held(review)
    async with opened(project.path, reading=held.reading) as here:
        assert names(here) == [] and "reading 0/0" in here.painted()[0]
        for key in ("a", "r", "n", "N", "t", "u", "c", "h", "x", "A", "enter", "z", "y", "e", "G", "right", "escape"):
            await here.press(key)
        assert here.app.screen is here.review and here.app.session.tally().total == 0
        await here.press("t", "t")
        held.progress(3, 13)
        for name in ("both", "call", "finish"):
            held.found(by_name[name])
        await here.until(lambda: names(here) == ["both", "call", "finish"])
        await here.until(lambda: "reading 3/13" in here.painted()[0])
        assert any("test_call" in row for row in here.rows)
        await here.go("call")
        await here.press("a")
        assert here.state("call") == "accepted" and here.here == "finish"
        await here.press("slash", *"finish", "enter")
        assert [row for row in here.rows if "test_both" in row] and not [row for row in here.rows if "test_call" in row]
        await here.press("F", "ctrl+r")
        await here.go("finish")
        await here.press("c", *"later", "enter")
        held.end()
        await here.until(lambda: len(names(here)) == 13)
        await here.settle()
        assert here.here == here.on_show == "finish" and "reading" not in here.painted()[0]
        assert here.summary.words() == "1 of 10 decided" and here.subtitle.endswith("“later”")


@pytest.mark.parametrize(("keys", "where"), [((), "both"), (("down",), "minor"), (("tab",), "noise")])
@played
async def test_a_review_begins_at_the_first_undecided_unless_the_reader_went_elsewhere(
    project: RepoBuilder, keys: tuple[str, ...], where: str
) -> None:
    for name in ("broken", "shared_a", "shared_b", "shared_c"):
        project.git("checkout", "--quiet", "--", f"{FOLDER}/{name}.json")
    review = review_of(project.path)
    by_name = {Path(entry.path).stem: entry for entry in review.files}
    held = Held(review)
    async with opened(project.path, reading=held.reading) as here:
        held.found(by_name["quiet_first"])
        await here.until(lambda: here.tree.item_here() is not None)
        await here.settle()
        assert here.here == "noise"
        held.found(by_name["meter"])
        held.found(by_name["gone"])
        held.found(by_name["quiet_second"])
        await here.until(lambda: len(names(here)) == 4)
        if keys == ("down",):
            await here.press("g")
        await here.press(*keys)
        held.end()
        await here.until(lambda: here.app.session.review is not None)
        await here.settle()
        assert here.here == where


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+c", 130)])
@played
async def test_leaving_waits_for_no_reading(project: RepoBuilder, key: str, code: int) -> None:
    held = Held(review_of(project.path))
    async with opened(project.path, reading=held.reading) as here:
        held.found(held.review.files[0])
        await here.until(lambda: len(names(here)) == 1)
        await here.pilot.press(key)
        assert here.app._exit and here.app.return_code == code
        assert held.reading._thread.is_alive() and here.app.session.review is None
    with pytest.raises(_LeftError):
        held.progress(1, 2)
    held.end()


def test_how_a_review_was_left_is_told(project: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    def press(app: ReviewApp, **_: object) -> None:
        decisions, entries = app.session.decisions, {Path(entry.path).stem: entry for entry in review.files}
        app.session.finish(review)
        decisions.decide(decisions.points(entries["call"]), "rejected")
        decisions.remark(decisions.points(entries["call"]), "wrong type")
        decisions.decide(decisions.points(entries["text"]), "accepted")

    review = review_of(project.path)
    monkeypatch.setattr(ReviewApp, "run", press)
    outcome, code = run(subject_of(project.path), facts_of(project.path), Reading(lambda *_: review))
    assert (code, outcome.error, outcome.unkept) == (0, "", "")
    assert outcome.rejected == ((f"{SKY}::test_call[tide-1]  (call.json)", "wrong type"),)
    assert outcome.tally == (2, 1, 10) and outcome.review is review


# What is to be known of the range


RULE = """\
[[rules]]
name = "some-meters"
selector = "response.body.metadata.battery"
action = "hide"
reason = "it varies"
"""


@played
async def test_a_range_that_changes_the_rules_says_so_before_anything_else(project: RepoBuilder) -> None:
    project.write(".recdiff.toml", RULE, add=False)
    async with opened(project.path, paints=True) as here:
        assert "⚠ This range changes the rules" in here.rows[0]
        assert any(said.startswith("This range changes recdiff's rules: ") for said in here.told)
        assert here.here == here.on_show == "broken"
        await here.press("g")
        assert here.here == "notes" and "The new side's rules are in force here." in here.page
        assert "some-meters" in here.page
        await here.press("a")
        assert here.said == "Nothing to decide here." and here.app.screen is here.review
        await here.press("enter", "down")
        assert here.view.has_focus
        await here.press("escape", "n")
        assert here.here == "broken"
        for by in ("folder", "group", "test"):
            await here.press("t")
            assert here.app.session.by == by and "⚠" in here.rows[0]
        await here.press("slash", *"nowhere", "enter")
        assert not any("⚠" in row for row in here.rows)
        assert "Nothing passes the filter." in here.page


@played
async def test_other_files_are_the_last_row(project: RepoBuilder) -> None:
    project.write("tests/helper.json", '{"a": 1}')
    project.git("commit", "--quiet", "-m", "a file that is no recording")
    project.write("tests/helper.json", '{"a": 2}', add=False)
    async with opened(project.path) as here:
        await here.press("G")
        assert here.here == "others" and here.rows[here.tree.cursor_line].strip() == "1 other file skipped"
        await here.press("enter")
        assert here.view.has_focus and "tests/helper.json" in here.page


@played
async def test_notes_have_a_row_and_a_range_without_any_has_none(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        assert not any("⚠" in row or "Notes" in row for row in here.rows)
    noted = review_of(project.path)._replace(notes=("a link was not followed",))
    async with opened(project.path, reading=Reading(lambda *_: noted).start()) as here:
        await here.until(lambda: here.app.session.review is not None)
        await here.settle()
        assert here.rows[0].strip() == "Notes on this range" and here.here == "broken"
        await here.press("g", "right")
        assert here.view.has_focus and "a link was not followed" in here.page


# What ends it


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (GitError("the repository [/] is gone"), "the repository [/] is gone"),
        (KeyError("oops"), "this is a bug in recdiff: KeyError: 'oops' (please report it)"),
    ],
)
@played
async def test_an_error_of_the_first_reading_ends_the_screen(
    project: RepoBuilder, error: Exception, words: str
) -> None:
    def fail(progress: Progress, found: Found) -> Review:
        raise error

    reading = Reading(fail).start()
    reading.wait()
    async with opened(project.path, reading=reading) as here:
        await here.until(lambda: here.app._exit)
        assert here.app.return_code == 2 and here.review.error == words


@played
async def test_a_range_without_recordings_is_left_at_once(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "empty")
    repo.commit({"README.md": "old"})
    repo.write("README.md", "new")
    async with opened(repo.path) as here:
        await here.until(lambda: here.app._exit)
        assert here.app.return_code == 0 and here.app.session.review is not None


# Reading again


@played
async def test_reload_keeps_the_place_and_the_decisions_and_shows_what_changed(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("a", "r")
        await here.into("finish")
        await here.to_section("finish", down=1)
        await here.press("c", *"hm", "enter")
        cursor, line = here.view.cursor, here.line
        project.write(f"{FOLDER}/both.json", two_choices("One dull day", "Second new", "content_filter", 3), add=False)
        project.write(f"{FOLDER}/late.json", recorded("Late", test_id=f"{SKY}::test_late", asked="When?"), add=False)
        project.git("checkout", "--", f"{FOLDER}/text.json")
        here.review.look_at_others()
        await here.settle()
        assert "3 changed on disk · ctrl+r" in here.painted()[0]
        await here.press("ctrl+r")
        await here.until(lambda: here.summary.steps is None)
        await here.settle()
        assert "changed on disk" not in here.painted()[0]
        assert here.here == here.on_show == "finish" and here.view.has_focus
        assert (here.view.cursor, here.line) == (cursor, line) and here.subtitle.endswith("“hm”")
        assert "late" in names(here) and "text" not in names(here)
        assert here.state("call") == "rejected" and here.state("both") == "undecided"
        assert [said.verdict for _, said in here.decided("both")] == ["accepted", None, "accepted"]
        await here.into("both")
        assert "One dull day" in here.page and "One rainy day" not in here.page
        await here.press("u")
        assert here.said == "taken back: 1 change as before"


@played
async def test_reload_keeps_a_branch_a_view_and_what_is_open(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        for place in ("unreadable", "noise"):
            await here.go_branch(place)
            await here.press("right", "f5")
            await here.until(lambda: here.summary.steps is None)
            await here.settle()
            assert here.here == place or place == "unreadable"
        await here.go("call")
        await here.press("J", "down", "down", "f5")
        await here.until(lambda: here.summary.steps is None)
        await here.settle()
        assert here.sections == ["raw"] and here.view.cursor == 2 and here.here == "call"


@played
async def test_reload_of_a_range_that_is_empty_now(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.into("call")
        project.git("stash", "--quiet", "--include-untracked")
        await here.press("ctrl+r")
        await here.until(lambda: here.summary.steps is None)
        await here.settle()
        assert here.app.is_running and names(here) == [] and "No recordings differ any more." in here.page
        await here.press("a", "A", "n", "t", "x", "h", "y", "c", "u", "escape", "enter", "down")
        project.git("stash", "pop", "--quiet")
        await here.press("ctrl+r")
        await here.until(lambda: here.summary.steps is None)
        await here.settle()
        assert len(names(here)) == 13 and here.app.session.tally().decided == 0


@played
async def test_the_repository_vanishes(project: RepoBuilder, tmp_path: Path) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        shutil.move(project.path, tmp_path / "elsewhere")
        for name in ("text", "both", "shared_a"):
            await here.go(name)
            assert here.app.is_running
        await here.press("x", "J", "h", "e", "escape", "escape")
        await here.press("r")
        await here.press("ctrl+r")
        await here.until(lambda: here.summary.steps is None)
        await here.settle()
        assert here.app.is_running and len(names(here)) == 13
        titles = [notification.title for notification in here.app._notifications]
        assert "The range cannot be read again" in titles and "The decision is kept in memory" in titles
        assert here.app.session.tally().rejected == 1
        shutil.move(tmp_path / "elsewhere", project.path)
        await here.press("ctrl+r")
        await here.until(lambda: here.summary.steps is None)
        await here.go("finish")
        assert here.on_show == "finish"


@played
async def test_a_file_that_changed_or_went_since_it_was_read_still_opens(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        project.write(f"{FOLDER}/call.json", recorded("No call", test_id=f"{SKY}::test_call[tide-1]"), add=False)
        project.file(f"{FOLDER}/finish.json").unlink()
        project.write(f"{FOLDER}/text.json", b"\xff\x00 no JSON", add=False)
        project.git("checkout", "--", f"{FOLDER}/both.json")
        project.write(f"{FOLDER}/new.json", b"", add=False)
        for name in ("call", "finish", "text", "both", "new"):
            await here.go(name)
            assert here.on_show == name and (here.sections or name == "new"), name
            for key in ("h", "d", "J", "x", "s", "G"):
                await here.press(key)
            assert here.app.is_running and here.on_show == name
        await here.go("call")
        assert "celsius" in here.page
        await here.press("h")
        assert "The files changed since this range was read" in here.page


@played
async def test_a_page_that_cannot_be_made_leaves_the_others(
    project: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(project.path) as here:
        with monkeypatch.context() as patch:
            patch.setattr("recdiff.tui.screens.review.page_of", lambda *_: {}["[/] oops"])
            await here.go("call")
            assert "bug in recdiff: KeyError: '[/] oops'" in here.page
            await here.press("h", "enter", "a")
            assert here.said == "Nothing was decided: the recording is not on show yet."
            await here.press("escape", "a")
            assert here.state("call") == "accepted"
            opener = here.review.pages._opener
            patch.setattr(type(opener), "open", lambda *_: {}["[/] oops"])
            await here.go("text")
            assert "bug in recdiff: KeyError: '[/] oops'" in here.page
        await here.go("both")
        assert here.on_show == "both" and here.sections


# Decisions on the disk


@played
async def test_what_another_session_decides_shows(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        other = Decisions.open(str(project.path / ".git"))
        other.decide(other.points(here.entry("call")), "accepted")
        other.remark(other.points(here.entry("call")), "by the other")
        assert here.app.session.mark(here.entry("call")) == "undecided"
        here.review.look_at_others()
        await here.settle()
        assert here.app.session.mark(here.entry("call")) == "accepted"
        assert here.subtitle == "a r: the whole recording · accepted · “by the other”"
        assert any(row.strip().startswith("✓ test_call") for row in here.rows)
        assert here.summary.words() == "1 of 10 decided"
        await here.go("text")
        await here.press("r")
        assert other.refresh() and other.state(here.entry("text")) == "rejected"
        other.close()


@played
async def test_a_write_that_fails_is_told_and_the_decision_kept(project: RepoBuilder) -> None:
    folder = project.path / ".git/recdiff"
    async with opened(project.path) as here:
        await here.go("call")
        folder.write_text("in the way")
        await here.press("r")
        last = list(here.app._notifications)[-1]
        assert last.title == "The decision is kept in memory" and str(folder) in last.message
        assert here.app.session.mark(here.entry("call")) == "rejected" and here.here == "finish"
        await here.press("a", "q")
        assert here.app.is_running and "2 decisions are in memory alone" in here.said
        folder.unlink()
        await here.press("q")
        assert here.app._exit and here.app.return_code == 0
        assert here.state("call") == "rejected" and here.state("finish") == "accepted"
    assert folder.is_dir()


@played
async def test_q_warns_once_and_then_leaves(project: RepoBuilder) -> None:
    held = Held(review_of(project.path))
    async with opened(project.path, reading=held.reading) as here:
        for entry in held.review.files:
            held.found(entry)
        await here.until(lambda: len(names(here)) == 13)
        await here.go("call")
        (project.path / ".git/recdiff").write_text("in the way")
        await here.press("r", "q")
        assert here.app.is_running and "1 decision is in memory alone" in here.said
        held.progress(13, 13)
        held.end()
        await here.until(lambda: here.app.session.review is not None)
        await here.settle()
        await here.press("q")
        assert here.app._exit and here.app.return_code == 0


@played
async def test_without_a_repository_decisions_are_in_memory_and_that_is_said(project: RepoBuilder) -> None:
    async with opened(project.path, decisions=Decisions.open(None)) as here:
        assert here.told == ["Decisions end with this session: there is no git repository to keep them in"]
        await here.go("call")
        await here.press("a")
        assert here.app.session.mark(here.entry("call")) == "accepted" and here.state("call") == "undecided"
        await here.press("q")
        assert here.app._exit and here.app.return_code == 0
    entry: FileReview = here.entry("call")
    assert here.app.session.decisions.state(entry) == "accepted"
    assert Facts("", None, None).state_folder is None
