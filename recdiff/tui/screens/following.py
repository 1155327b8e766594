"""Following: what is read while somebody looks on, how it ends, and what others do to files and decisions."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from textual.message import Message

from recdiff.safe import visible
from recdiff.tui.pages import PageOpener
from recdiff.tui.subject import Facts, News, Reading, Subject
from recdiff.tui.watching import Stamps, stamps_of
from recdiff.tui.widgets.summary import Summary

if TYPE_CHECKING:
    from recdiff.tui.screens.parts import ReviewParts as Parts
else:
    Parts = object


class Looked(Message):
    """Somebody looked at the files of the work tree."""

    def __init__(self, stamps: Stamps, *, is_first: bool) -> None:
        super().__init__()
        self.stamps = stamps
        self.is_first = is_first


class Following(Parts):
    """What the review screen does when something becomes known."""

    subject: Subject
    facts: Facts
    pages: PageOpener
    reading: Reading | None
    """What is being read now."""
    error = ""
    """Why the range could not be read at all."""
    first_row: str | None = None
    """Where the list's cursor was put while files were read; elsewhere, it is the reader who moved it."""
    _stamps: Stamps | None = None
    """How the files of the work tree stood when they were read."""

    def look_for_news(self) -> None:
        """Show what the reading has found since; it is asked again and again until it has ended."""
        if self.reading is None:
            return
        news = self.reading.news()
        summary = self.query_one(Summary)
        if news.error:
            self._fail(news.error)
        elif news.review is not None:
            is_first = self.session.review is None
            summary.steps, self.reading, summary.note = None, None, ""
            self.session.finish(news.review)
            self.pages.use(self.subject.opener)
            self._watch()
            summary.label = self.session.label
            self.show_list()
            if news.review.rules_changed and is_first:
                told = "This range changes recdiff's rules: the first row of the list says how."
                self.tell(told, title="Other rules", severity="warning", timeout=8)
            if is_first:
                self._start_at_the_first()
            self.open_here()
        else:
            summary.steps = (news.done, news.total)
            self._take(news)

    def _take(self, news: News) -> None:
        if news.files:
            self.session.take(news.files)
            if self.session.review is None:
                self.show_list()

    def _fail(self, error: str) -> None:
        self.reading = None
        self.query_one(Summary).steps = None
        if self.session.review is None:
            self.error = error
            self.app.exit(return_code=2)
        else:
            self.tell(visible(error), title="The range cannot be read again", severity="error", timeout=10)

    def _start_at_the_first(self) -> None:
        """A review begins at the first undecided recording; a range without any is told as text, not shown."""
        if not self.session.files:
            self.app.exit(return_code=0)
        elif len(self.session.files) == 1:
            self.go_to(self.session.files[0])  # also where it is noise, in a branch that is folded
        elif not self.is_in_page() and self.tree_view.key_here() == self.first_row:
            self.action_next(1)

    def action_reload(self) -> None:
        """Read the range again; decisions and the place stay."""
        if self.reading is None:
            self.session.begin()
            self.reading = Reading(self.subject.read).start()
            self.query_one(Summary).steps = (0, 0)

    def _watch(self) -> None:
        """Remember how the files of the work tree stand, so that a re-recording meanwhile can be told."""
        if self.facts.work_tree is not None and self.facts.is_of_work_tree:
            paths = [entry.new_path for entry in self.session.files if entry.new_path]
            self._stamps = None
            self._look(self.facts.work_tree, paths, is_first=True)

    def look_at_others(self) -> None:
        """Say what changed on disk since the range was read, and show what other sessions decided."""
        if self._stamps and self.facts.work_tree is not None and self.reading is None:
            self._look(self.facts.work_tree, tuple(self._stamps.read))
        if self.session.decisions.refresh():
            self.show_decisions()
            self.bring_back()

    def _look(self, root: str, paths: Collection[str], *, is_first: bool = False) -> None:
        """Look at the files away from the screen's thread, which goes on meanwhile, or ends."""

        def look() -> None:
            self.post_message(Looked(stamps_of(root, paths), is_first=is_first))

        self.run_worker(look, thread=True, group="watching", exclusive=True)

    def on_looked(self, message: Looked) -> None:
        """The first look after a reading is what later ones are compared with; one from before it says nothing."""
        message.stop()
        if message.is_first:
            self._stamps = message.stamps
        if self._stamps is None:
            return
        changed = self._stamps.changed(message.stamps)
        self.query_one(Summary).note = f"{changed:,} changed on disk · ctrl+r" if changed else ""

    def open_here(self) -> None:
        """Show the page of the list's row."""
        raise NotImplementedError
