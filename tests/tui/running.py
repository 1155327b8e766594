"""The review screen under Pilot: a small repository that was re-recorded, and what a test asks of the screen."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from textual import events
from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.widgets import Input

from recdiff.arranging import Branch, Leaf
from recdiff.cli.screen import Range
from recdiff.decisions import Decisions, State
from recdiff.decisionsfile import Decision
from recdiff.model import FileReview
from recdiff.sources.git_range import open_range
from recdiff.tui.app import ReviewApp
from recdiff.tui.page.blocks import words_of
from recdiff.tui.page.making import key_of
from recdiff.tui.screens.review import ReviewScreen
from recdiff.tui.subject import Facts, Reading
from recdiff.tui.widgets.filters import FilterBar
from recdiff.tui.widgets.recording import RecordingView
from recdiff.tui.widgets.recordings import RecordingTree
from recdiff.tui.widgets.summary import Summary
from tests.building import RepoBuilder
from tests.cli.running import recorded

WIDE = (100, 24)
NARROW = (80, 24)
SKY, SEA = "tests/test_sky.py", "tests/test_sea.py"
FOLDER = "tests/recordings"
NEEDED = ["broken", "shared_a", "shared_b", "shared_c", "both", "call", "finish", "text", "new", "gone"]
"""The recordings that need a decision, in the order of the list by test."""

_Test = TypeVar("_Test", bound=Callable[..., Awaitable[None]])


def played(test: _Test) -> Callable[..., None]:
    """Run an asynchronous test to its end."""

    @functools.wraps(test)
    def run(*arguments: object, **named: object) -> None:
        asyncio.run(test(*arguments, **named))  # type: ignore[arg-type]

    return run


# The repository


def called(celsius: object, created: int) -> str:
    """A recording whose reply is one tool call."""
    arguments = json.dumps({"liquid": "polyjuice", "celsius": celsius})
    call = {"id": "call_1", "type": "function", "function": {"name": "boiling_point", "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choices = [{"index": 0, "finish_reason": "tool_calls", "message": message}]
    return recorded(test_id=f"{SKY}::test_call[tide-1]", asked="Boiling point?", created=created, choices=choices)


def two_choices(first: str, second: str, finish: str, created: int) -> str:
    """A recording with two answers: three changes in two sections."""
    choices = [
        {"index": index, "finish_reason": ends, "message": {"role": "assistant", "content": text}}
        for index, (text, ends) in enumerate(((first, finish), (second, "stop")))
    ]
    return recorded(test_id=f"{SKY}::test_both", asked="Say two things", created=created, choices=choices)


def _metered(tokens: int) -> str:
    usage = {"prompt_tokens": 5, "completion_tokens": tokens, "total_tokens": 5 + tokens}
    return recorded(test_id=f"{SEA}::test_meter", asked="Count", created=tokens, usage=usage)


def _pairs() -> dict[str, tuple[str | None, str | None]]:
    """Every recording of the repository: before and after."""
    found: dict[str, tuple[str | None, str | None]] = {
        "both": (two_choices("One fine day", "Second old", "stop", 1),
                 two_choices("One rainy day", "Second new", "content_filter", 2)),
        "call": (called(True, 1), called("true", 2)),
        "text": (recorded("The sky is blue", test_id=f"{SKY}::test_text", asked="Which colour?"),
                 recorded("The sky is grey", test_id=f"{SKY}::test_text", asked="Which colour?", created=2)),
        "finish": (recorded("So long", test_id=f"{SKY}::test_finish", asked="Go on"),
                   recorded("So long", test_id=f"{SKY}::test_finish", asked="Go on", created=2, finish="length")),
        "meter": (_metered(10), _metered(12)),
        "new": (None, recorded("Fresh", test_id=f"{SEA}::test_new", asked="Anything new under the sun?")),
        "gone": (recorded("Stale", test_id=f"{SEA}::test_gone", asked="What was lost at sea long ago?"), None),
        "broken": (recorded("Fine", test_id=f"{SEA}::test_broken", asked="Broken?"),
                   '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> other\n}\n'),
    }  # fmt: skip
    for name in "abc":
        test = f"{SEA}::test_shared[{name}]"
        found[f"shared_{name}"] = (
            recorded(f"Reply {name}", test_id=test, asked="Ask the X-Old-Server now"),
            recorded(f"Reply {name}", test_id=test, asked="Ask the X-New-Server now", created=2),
        )
    for name in ("first", "second"):
        test = f"{SEA}::test_quiet[{name}]"
        found[f"quiet_{name}"] = recorded(name, test_id=test), recorded(name, test_id=test, created=99)
    return found


_SKY_SOURCE = """import pytest


@pytest.mark.parametrize("model", ["tide-1"])
def test_call(model):
    assert boiling_point("polyjuice", celsius=True)


def test_text():
    assert ask("Which colour?") == "blue"
"""


def build(path: Path) -> RepoBuilder:
    """A repository whose work tree was re-recorded since its one commit."""
    repo = RepoBuilder(path)
    pairs = {f"{FOLDER}/{name}.json": pair for name, pair in _pairs().items()}
    repo.commit({SKY: _SKY_SOURCE, **{name: old for name, (old, _) in pairs.items() if old is not None}})
    for name, (_, new) in pairs.items():
        if new is None:
            repo.file(name).unlink()
        else:
            repo.write(name, new, add=False)
    return repo


# The screen


class Stage:
    """One run of the screen: what a test presses and sees."""

    def __init__(self, app: ReviewApp, pilot: Pilot[None], folder: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.folder = folder

    @property
    def review(self) -> ReviewScreen:
        return self.app.review

    @property
    def tree(self) -> RecordingTree:
        return self.review.query_one(RecordingTree)

    @property
    def view(self) -> RecordingView:
        return self.review.query_one(RecordingView)

    @property
    def bar(self) -> FilterBar:
        return self.review.query_one(FilterBar)

    @property
    def summary(self) -> Summary:
        return self.review.query_one(Summary)

    @property
    def words(self) -> Input:
        return self.review.query_one("#words", Input)

    # Doing

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and wait until the screen has come to rest."""
        await self.pilot.press(*keys)
        await self.settle()

    async def press_at_once(self, *keys: str) -> None:
        """Press keys without waiting for what the one before brings."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def settle(self) -> None:
        """Wait until what is under the cursor is on show, and every worker has ended."""
        await self.until(self._is_at_rest)
        await self.until(lambda: all(worker.is_finished for worker in self.app.workers))
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, and wait until the screen has it."""
        await self.pilot.resize_terminal(width, height)
        name = "-narrow" if width < 100 else "-wide"
        await self.until(lambda: self.review.size == (width, height) and self.review.has_class(name))
        await self.until(lambda: (self.tree.is_on_screen and self.view.is_on_screen) == (name == "-wide"))
        await self.settle()

    async def until(self, is_so: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for something that the screen does in its own time."""
        async with asyncio.timeout(seconds):
            while not is_so():
                await self.pilot.pause()

    def _is_at_rest(self) -> bool:
        if not self.app.is_running or self.app._exit or not self.review.is_mounted:
            return True
        item = self.tree.item_here()
        page = self.view.page
        if isinstance(item, Leaf):
            is_shown = page is not None and page.key in (key_of(item.entry), "")  # one that cannot be read has no name
            return self.review.entry is item.entry and (is_shown or self.app.session.review is None)
        return item is None or (self.review.entry is None and page is not None and page.key == f"branch:{item.key}")

    async def go(self, name: str) -> FileReview:
        """Put the cursor on a recording of the repository, in the list."""
        entry = self.entry(name)
        self.tree.focus()
        assert self.review.go_to(entry), name
        await self.settle()
        assert self.here == name
        return entry

    async def go_branch(self, key: str) -> Branch:
        """Put the cursor on a branch."""
        self.tree.focus()
        assert self.tree.go_to(key, self.review.branches), key
        await self.settle()
        item = self.tree.item_here()
        assert isinstance(item, Branch)
        return item

    async def into(self, name: str) -> FileReview:
        """Go to a recording and into its page."""
        entry = await self.go(name)
        await self.press("enter")
        assert self.view.has_focus
        return entry

    async def to_section(self, key: str, down: int = 0) -> None:
        """In the page, put the cursor on a section's head, or some lines below it."""
        await self.press("g")
        for _ in range(400):
            line = self.view._line(self.view.cursor)
            assert line is not None and self.view.page is not None
            if line.role == "head" and self.view.page.sections[line.section].key == key:
                break
            self.view.action_cursor(1)
        else:
            raise AssertionError(f"no section {key} in {self.sections}")
        await self.press(*["down"] * down)

    # Seeing

    def entry(self, name: str) -> FileReview:
        """A recording of the repository, as the review has it."""
        return next(entry for entry in self.app.session.files if Path(entry.path).stem == name)

    @property
    def here(self) -> str:
        """The recording under the list's cursor, or the key of the branch."""
        item = self.tree.item_here()
        assert item is not None
        return Path(item.entry.path).stem if isinstance(item, Leaf) else item.key

    @property
    def on_show(self) -> str:
        """The recording whose page is on show."""
        assert self.view.page is not None
        old, _, new = self.view.page.key.partition("\0")
        return Path(old if new == "None" else new).stem

    @property
    def sections(self) -> list[str]:
        """The keys of the page's sections."""
        return [section.key for section in self.view.page.sections] if self.view.page else []

    def is_open(self, key: str) -> bool:
        """Whether a section of the page is unfolded."""
        assert self.view.page is not None
        return next(self.view._is_open(section) for section in self.view.page.sections if section.key == key)

    @property
    def page(self) -> str:
        """The whole page as text, folded sections folded."""
        lines = self.view._lines
        assert lines is not None
        lines.make(10**6)
        return "\n".join(words_of(lines[index].text) for index in range(len(lines)))

    @property
    def line(self) -> str:
        """The page's line under its cursor."""
        return self.view.text_here()

    @property
    def rows(self) -> list[str]:
        """The list as it is painted."""
        self.painted()
        return [self.tree.render_line(y).text for y in range(self.tree.scrollable_content_region.height)]

    @property
    def told(self) -> list[str]:
        """Every message that was shown, the last one last."""
        return [notification.message for notification in self.app._notifications]

    @property
    def said(self) -> str:
        """The last message."""
        return self.told[-1] if self.told else ""

    @property
    def subtitle(self) -> str:
        """The page's lower border."""
        return str(self.view._border_subtitle or "")

    def state(self, name: str) -> State:
        """How a recording is decided, as another session finds it on disk."""
        decisions = self.kept()
        try:
            return decisions.state(self.entry(name))
        finally:
            decisions.close()

    def kept(self) -> Decisions:
        """What is on disk."""
        return Decisions.open(str(self.folder / ".git"))

    def decided(self, name: str) -> list[tuple[str, Decision]]:
        """Each point of a recording with what is on disk about it."""
        decisions = self.kept()
        try:
            return [(point.change_class, decisions.of(point.key)) for point in decisions.points(self.entry(name))]
        finally:
            decisions.close()

    def painted(self) -> list[str]:
        """The top screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]


def subject_of(folder: Path, revisions: Sequence[str] = ()) -> Range:
    """A range of a repository as the command line opens it."""
    return Range(lambda: open_range(str(folder), list(revisions)), directory=str(folder))


def facts_of(folder: Path) -> Facts:
    """Where decisions and files of a repository are."""
    return Facts("HEAD → work tree", str(folder / ".git"), str(folder), is_of_work_tree=True)


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    size: tuple[int, int] = WIDE,
    revisions: Sequence[str] = (),
    reading: Reading | None = None,
    decisions: Decisions | None = None,
    paints: bool = False,
) -> AsyncIterator[Stage]:
    """The screen on a repository, once the range is read; with a `reading` of the test's own, at once.

    Unless it `paints`, only what a test looks at is painted: that is half of the time.
    """
    subject = subject_of(folder, revisions)
    if reading is None:
        subject.open()
        reading = Reading(subject.read).start()
        reading.wait()
        waits = True
    else:
        waits = False
    decisions = decisions or Decisions.open(str(folder / ".git"), patience=0.2)
    app = ReviewApp(subject, facts_of(folder), reading, decisions)
    painting = nullcontext() if paints else patch.object(Compositor, "render_update", lambda *_, **__: None)
    try:
        with painting:
            async with app.run_test(size=size, notifications=True) as pilot:
                stage = Stage(app, pilot, folder)
                if waits:
                    await stage.settle()
                yield stage
    finally:
        reading.stop()
        decisions.close()
