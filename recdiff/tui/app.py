"""The app: it opens the review screen on a subject, and says how it was left."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar, NamedTuple

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from recdiff.decisions import Decisions, Tally
from recdiff.model import FileReview, Review
from recdiff.naming import short_name
from recdiff.tui.commands import ReviewCommands
from recdiff.tui.screens.review import ReviewScreen
from recdiff.tui.session import Session
from recdiff.tui.subject import Facts, Reading, Subject

_PATIENCE, _LAST_PATIENCE = 0.2, 2.0
"""Seconds to wait for another program that holds the decisions: with each of them, and when the screen is left."""
_AFTER_EDITOR = 0.2
"""Seconds in which signals arrive that came while another program had the terminal."""
_OWN_WORDS = frozenset(("Quit", "Keys", "Maximize", "Minimize"))
"""Commands of Textual's palette that would leave past `q`, or hide what the screen always shows."""


class Outcome(NamedTuple):
    """How a review was left. `review` is None where reading had not ended; `error` says why it could not.

    `rejected` are the rejected recordings with the comments on them, `unkept` says that decisions are lost, and why;
    `crash` is what ended the screen where that was a fault of its own.
    """

    review: Review | None
    tally: Tally
    error: str = ""
    rejected: tuple[tuple[str, str], ...] = ()
    unkept: str = ""
    crash: Exception | None = None


class ReviewApp(App[None]):
    """One screen on one subject."""

    TITLE = "recdiff"
    CSS_PATH = "screens/review.tcss"  # the first screen's own would be read after its first painting
    COMMANDS = App.COMMANDS | {ReviewCommands}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "leave", "Leave", show=False, priority=True)]

    def __init__(self, subject: Subject, facts: Facts, reading: Reading, decisions: Decisions) -> None:
        if not os.environ.get("NO_COLOR"):
            os.environ.pop("NO_COLOR", None)  # set to nothing, it asks for nothing; Textual would obey it
        super().__init__(ansi_color="NO_COLOR" in os.environ)  # with ANSI colours, Textual takes them off, not to grey
        self.crash: Exception | None = None
        self._is_away = False
        self.session = Session(facts.label, decisions)
        self.review = ReviewScreen(subject, facts, reading, self.session)

    def get_default_screen(self) -> Screen[None]:
        """The review is all there is: no other screen is painted before it."""
        return self.review

    def on_mount(self) -> None:
        """A signal that asks to end leaves like Ctrl-C: the terminal is put back, and the shell told which it was."""
        with suppress(ValueError, RuntimeError, NotImplementedError):  # no main thread, or no Unix
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self._leave, number)
        self.app_suspend_signal.subscribe(self, self._go_away)
        self.app_resume_signal.subscribe(self, self._come_back)

    async def action_quit(self) -> None:
        """Textual's own key for it (ctrl+q) leaves like `q`: what is not written is said first."""
        self.review.action_quit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's commands those that the screen has no better word for."""
        return (command for command in super().get_system_commands(screen) if command.title not in _OWN_WORDS)

    async def action_leave(self) -> None:
        """Ctrl-C leaves like `q`, whatever stands above the review."""
        self._leave(signal.SIGINT)

    def _go_away(self, _: object) -> None:
        self._is_away = True

    def _come_back(self, _: object) -> None:
        self.set_timer(_AFTER_EDITOR, self._be_here)

    def _be_here(self) -> None:
        self._is_away = False

    def _leave(self, number: int) -> None:
        if number != signal.SIGINT or not self._is_away:  # Ctrl-C in the editor is the editor's
            self.exit(return_code=128 + number)

    def _handle_exception(self, error: Exception) -> None:
        """Textual asks this when anything fails; it would print pages of what the program knows."""
        self.crash = self.crash or error
        super()._handle_exception(error)
        self._exit_renderables.clear()


def _name_of(entry: FileReview) -> str:
    """What a person knows a recording by, in a line."""
    return f"{entry.test_id}  ({short_name(entry.path)})" if entry.test_id else entry.path


def run(subject: Subject, facts: Facts, reading: Reading) -> tuple[Outcome, int]:
    """Show a subject until the user leaves; how it was left, and the app's own exit code."""
    reading.start()
    decisions = Decisions.open(facts.state_folder, patience=_PATIENCE)
    app = ReviewApp(subject, facts, reading, decisions)
    app.run(mouse=os.environ.get("RECDIFF_MOUSE") != "0")
    reading.stop()
    problem, unkept = decisions.flush(_LAST_PATIENCE), decisions.unkept
    session = app.session
    rejected = tuple(
        (_name_of(entry), decisions.comment(entry)) for entry in session.files if decisions.state(entry) == "rejected"
    )
    lost = f"{unkept:,} decision{'s are' if unkept > 1 else ' is'} not kept: {problem}" if unkept and problem else ""
    outcome = Outcome(session.review, session.tally(), app.review.error, rejected, lost, app.crash)
    code = app.return_code or (2 if decisions.unwritten else 0)
    decisions.close()
    return outcome, code
