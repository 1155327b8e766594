"""Two small questions above the review: yes or no, and a line of text. Enter and escape never decide anything."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from recdiff.safe import visible
from recdiff.tui.widgets.line import WrittenLine


class Confirm(ModalScreen[bool]):
    """Asks before many decisions at once. Only `y` (or a click on it) is yes."""

    CSS_PATH = "asking.tcss"
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, question: str, details: str = "") -> None:
        super().__init__()
        self._question = question
        self._details = details

    def compose(self) -> ComposeResult:
        """The question, and the two answers."""
        with Vertical(id="box"):
            yield Static(Content(self._question), id="question")
            if self._details:
                yield Static(Content(self._details), id="details")
            with Horizontal(id="answers"):
                yes, no = Button("y  yes", variant="primary", id="yes"), Button("n  no", id="no")
                yes.can_focus = no.can_focus = False
                yield yes
                yield no

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click is an answer too."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer and go."""
        self.dismiss(answer)


class AskLine(ModalScreen[str | None]):
    """Asks for a line of text; None where it was left."""

    CSS_PATH = "asking.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave it as it was")]

    def __init__(self, question: str, text: str) -> None:
        super().__init__()
        self._question = question
        self._text = text

    def compose(self) -> ComposeResult:
        """The question and a line to write on."""
        with Vertical(id="box"):
            yield Static(Content(self._question), id="question")
            yield WrittenLine(self._text, id="line", select_on_focus=False)
            yield Static(
                Content("enter keeps it · an empty line takes it away · escape leaves it as it was"), id="details"
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the line; one that nobody changed as it was, also where it is shown in other letters."""
        event.stop()
        self.dismiss(self._text if event.value == visible(self._text) else event.value.strip())

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss(None)
