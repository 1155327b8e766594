"""What the parts of the review screen rely on: its session, its widgets, and how it shows what changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.notifications import SeverityLevel
from textual.screen import Screen

from recdiff.arranging import Branch
from recdiff.model import Change, FileReview
from recdiff.safe import visible
from recdiff.tui.page.making import View, key_of
from recdiff.tui.session import Session
from recdiff.tui.widgets.recording import RecordingView
from recdiff.tui.widgets.recordings import RecordingTree


class ReviewParts(Screen[None]):
    """The face that the actions of the review screen see; `ReviewScreen` fills it in."""

    session: Session
    branches: Sequence[Branch]
    entry: FileReview | None
    """The recording on show; None for a branch."""
    view_name: View

    @property
    def tree_view(self) -> RecordingTree:
        """The list."""
        return self.query_one(RecordingTree)

    @property
    def view(self) -> RecordingView:
        """The page."""
        return self.query_one(RecordingView)

    def tell(self, words: str, *, title: str = "", severity: SeverityLevel = "information", timeout: float = 5) -> None:
        """Say something for a while; nothing in it is markup."""
        self.notify(visible(words), title=title, severity=severity, timeout=timeout, markup=False)

    def is_filtered(self) -> bool:
        """Whether any filter is on."""
        return self.session.wanted != type(self.session.wanted)()

    def is_in_page(self) -> bool:
        """Whether keys go to the page; the page itself is told of that a little later."""
        return self.focused is self.view

    def is_on_show(self) -> bool:
        """Whether the page is that of the recording that is meant: not while it is opened, nor where it cannot be."""
        page = self.view.page
        return page is not None and self.entry is not None and page.key == key_of(self.entry)

    def target(self) -> tuple[Change, ...]:
        """The changes under the page's cursor; none where the whole recording is meant."""
        return self.view.target() if self.is_in_page() and self.is_on_show() else ()

    def arrive(self) -> None:
        """Open the row under the cursor, where that has not come to rest on it yet."""
        raise NotImplementedError

    def go_to(self, entry: FileReview) -> bool:
        """Put the cursor of the list on an entry."""
        raise NotImplementedError

    def action_next(self, step: int) -> None:
        """To the next recording without a decision."""
        raise NotImplementedError

    def show_decisions(self) -> None:
        """Draw what depends on decisions."""
        raise NotImplementedError

    def show_list(self, keep: str | None = None) -> None:
        """Arrange the list anew."""
        raise NotImplementedError

    def bring_back(self) -> None:
        """Arrange the list anew where something that passes the filter is not in it."""
        there = {id(entry) for branch in self.branches for entry in branch.every()}
        if any(id(entry) not in there for entry in self.session.shown()):
            self.show_list()

    def show_entry(self) -> None:
        """Draw the page anew."""
        raise NotImplementedError
