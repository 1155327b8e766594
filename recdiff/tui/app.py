"""The app: it opens the review screen on a subject, and says how it was left."""

from __future__ import annotations

import os
from typing import ClassVar, NamedTuple

from textual.app import App
from textual.binding import Binding, BindingType

from recdiff.decisions import Decisions, Tally
from recdiff.model import Review
from recdiff.tui.screens.review import ReviewScreen
from recdiff.tui.session import Session
from recdiff.tui.subject import Reading, Subject


class Outcome(NamedTuple):
    """How a review was left. `review` is None where reading had not ended; `error` says why it could not.

    `rejected` are the rejected recordings with the comments on them, `unwritten` what could not be kept, a line each.
    """

    review: Review | None
    tally: Tally
    error: str = ""
    rejected: tuple[tuple[str, str], ...] = ()
    unwritten: tuple[str, ...] = ()


class ReviewApp(App[None]):
    """One screen on one subject."""

    TITLE = "recdiff"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "leave", "Leave", show=False, priority=True)]

    def __init__(self, subject: Subject, reading: Reading, decisions: Decisions) -> None:
        super().__init__(ansi_color=False)
        self.subject = subject
        self.reading = reading
        self.session = Session(subject.label, decisions)
        self.review = ReviewScreen(subject, reading, self.session)

    def on_mount(self) -> None:
        """Open the review."""
        self.push_screen(self.review)

    async def action_leave(self) -> None:
        """Ctrl-C leaves like `q`, whatever stands above the review."""
        self.exit(return_code=130)


def run(subject: Subject, reading: Reading) -> tuple[Outcome, int]:
    """Show a subject until the user leaves; how it was left, and the app's own exit code."""
    decisions = Decisions.open(subject.state_folder)
    app = ReviewApp(subject, reading, decisions)
    app.run(mouse=os.environ.get("RECDIFF_MOUSE") != "0")
    reading.stop()
    problem, unwritten = decisions.flush(), decisions.unwritten
    session = app.session
    rejected = tuple(
        (entry.path, decisions.comment(entry)) for entry in session.files if decisions.state(entry) == "rejected"
    )
    lost = (f"{unwritten} decisions could not be written: {problem}",) if unwritten and problem else ()
    outcome = Outcome(session.review, session.tally(), app.review.error, rejected, lost)
    decisions.close()
    return outcome, app.return_code or 0
