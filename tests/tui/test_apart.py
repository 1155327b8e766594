"""Reading in a process of its own: what comes back is what this one would have read, whatever becomes of the child."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from recdiff.errors import GitError, RangeError, RecdiffError
from recdiff.model import FileReview, Review
from recdiff.pipeline import Found, Progress
from recdiff.tui.apart import Apart
from recdiff.tui.subject import Facts, Reading
from tests.building import RepoBuilder
from tests.tui.running import subject_of


class Made:
    """A subject whose answers a test chooses; `here` is this process."""

    def __init__(self, read: Callable[[Progress, Found], Review], open_: Callable[[], Facts] | None = None) -> None:
        self._read = read
        self._open = open_
        self.here = os.getpid()
        self.reads_here = 0

    @property
    def is_child(self) -> bool:
        return os.getpid() != self.here

    def open(self) -> Facts:
        return self._open() if self._open else Facts("made up", None, None)

    def read(self, progress: Progress, found: Found) -> Review:
        self.reads_here += not self.is_child
        return self._read(progress, found)

    def opener(self) -> object:
        raise AssertionError("nobody opens anything here")


def entry(name: str) -> FileReview:
    return FileReview("noise", name, name, "path", "ogx", None)


def review_of(*names: str) -> Review:
    return Review("made up", "old", "new", tuple(map(entry, names)), (), 0)


@contextmanager
def apart_on(subject: object) -> Iterator[Apart]:
    apart = Apart(subject)  # type: ignore[arg-type]
    try:
        yield apart
    finally:
        apart.close()


def nothing(*_: object) -> None:
    return None


def test_the_review_is_the_one_that_this_process_reads(project: RepoBuilder) -> None:
    here = subject_of(project.path)
    facts = here.open()
    found_here: list[FileReview] = []
    expected = here.read(nothing, found_here.append)
    with apart_on(subject_of(project.path)) as apart:
        assert apart.facts() == facts
        assert facts.state_folder == str(project.path / ".git") and facts.work_tree == str(project.path)
        assert facts.is_of_work_tree and facts.label == "HEAD → work tree"
        found: list[FileReview] = []
        steps: list[tuple[int, int]] = []
        review = apart.read(lambda done, total: steps.append((done, total)), found.append)
    assert review == expected
    assert len(expected.files) == 13 and len(expected.groups) == 1
    assert sorted(found, key=str) == sorted(found_here, key=str)
    assert steps and steps[-1][0] == steps[-1][1]
    assert {change.group for entry in review.files for change in entry.changes if change.group} == {
        group.id for group in expected.groups
    }


def test_facts_of_two_revisions_are_of_no_work_tree(project: RepoBuilder) -> None:
    project.add()
    project.commit()
    with apart_on(subject_of(project.path, ["HEAD~1", "HEAD"])) as apart:
        facts = apart.facts()
        assert not facts.is_of_work_tree and facts.work_tree == str(project.path)
        assert len(apart.read(nothing, nothing).files) == 13


def test_a_child_that_is_killed_while_it_reads_is_read_for_here() -> None:
    subject = Made(lambda progress, found: nothing())  # type: ignore[arg-type, return-value]

    def read(progress: Progress, found: Found) -> Review:
        if subject.is_child:
            found(entry("half"))
            os.kill(os.getpid(), signal.SIGKILL)
        return review_of("half", "whole")

    subject._read = read
    with apart_on(subject) as apart:
        apart.facts()
        found: list[FileReview] = []
        assert apart.read(nothing, found.append) == review_of("half", "whole")
    assert found == [entry("half")] and subject.reads_here == 1


def test_a_child_that_is_killed_before_it_says_a_word() -> None:
    subject = Made(lambda progress, found: review_of("a"))

    def open_() -> Facts:
        if subject.is_child:
            os.kill(os.getpid(), signal.SIGKILL)
        return Facts("opened here", "folder", None)

    subject._open = open_
    with apart_on(subject) as apart:
        assert apart.facts() == Facts("opened here", "folder", None)
        assert apart.read(nothing, nothing) == review_of("a")
    assert subject.reads_here == 1


@pytest.mark.parametrize("error", [RangeError("no revision 'mian'"), GitError("gone"), RecdiffError("[/] odd")])
def test_an_error_of_opening_and_of_reading_is_raised_as_it_is(error: RecdiffError) -> None:
    def fail(*_: object) -> Review:
        raise error

    with apart_on(Made(fail, fail)) as apart, pytest.raises(type(error)) as opening:  # type: ignore[arg-type]
        apart.facts()
    with apart_on(Made(fail)) as apart:
        apart.facts()
        with pytest.raises(type(error)) as reading:
            apart.read(nothing, nothing)
    assert str(opening.value) == str(reading.value) == str(error)


def test_a_real_range_that_is_none_is_a_range_error(project: RepoBuilder) -> None:
    with apart_on(subject_of(project.path, ["mian"])) as apart, pytest.raises(RangeError, match="'main'"):
        apart.facts()


def test_a_bug_in_the_child_is_told_with_its_name() -> None:
    def fail(*_: object) -> Review:
        raise KeyError("oops")

    with apart_on(Made(fail)) as apart:
        apart.facts()
        with pytest.raises(RuntimeError, match="KeyError: 'oops'"):
            apart.read(nothing, nothing)


def test_where_no_child_can_be_made_all_happens_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise OSError("no more processes")

    monkeypatch.setattr(os, "fork", fork)
    subject = Made(lambda progress, found: review_of("a"))
    with apart_on(subject) as apart:
        assert apart.facts().label == "made up"
        assert apart.read(nothing, nothing) == review_of("a")
    assert subject.reads_here == 1


def test_closing_ends_a_child_that_is_busy_and_whoever_waits_for_it() -> None:
    def read(progress: Progress, found: Found) -> Review:
        threading.Event().wait(60)
        return review_of()

    subject = Made(read)
    with apart_on(subject) as apart:
        apart.facts()
        reading = Reading(apart.read).start()
        child = apart._child
        began = time.monotonic()
        reading.stop()
        apart.close()
        reading.wait(5)
    assert time.monotonic() - began < 5
    news = reading.news()
    assert news.review is None and "left before" in news.error
    assert subject.reads_here == 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_reading_that_is_stopped_ends_at_its_next_step_and_ends_the_child() -> None:
    def read(progress: Progress, found: Found) -> Review:
        for step in range(10**9):
            progress(step * 16, 10**9)
        return review_of()

    subject = Made(read)
    with apart_on(subject) as apart:
        apart.facts()
        child = apart._child
        reading = Reading(apart.read).start()
        reading.stop()
        reading.wait(10)
        assert reading.news().review is None and reading.news().error == ""
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_no_child_is_left_behind(project: RepoBuilder) -> None:
    with apart_on(subject_of(project.path)) as apart:
        apart.facts()
        child = apart._child
        apart.read(nothing, nothing)
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
