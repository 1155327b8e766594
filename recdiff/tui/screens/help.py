"""What can be done: the keys of the focused part, then those that work everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from recdiff.tui.keynames import shown_key


class Help(ModalScreen[None]):
    """A list of keys; any of the usual keys closes it."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "Close", show=False)]

    def __init__(self, part: str, here: Sequence[Binding], everywhere: Sequence[Binding]) -> None:
        super().__init__()
        self._parts = ((part, here), ("Everywhere", everywhere))

    def compose(self) -> ComposeResult:
        """The lists, one below the other."""
        with VerticalScroll(id="box"):
            for title, bindings in self._parts:
                if bindings:
                    yield Static(Content.styled(title, "bold"), classes="title")
                    yield Static(Content("\n".join(_lines(bindings))), classes="keys")
            yield Static(Content("escape closes this · ctrl+p finds everything by its name"), classes="end")


def _lines(bindings: Iterable[Binding]) -> Iterable[str]:
    told: dict[str, list[str]] = {}
    for binding in bindings:
        told.setdefault(binding.tooltip or binding.description, []).append(shown_key(binding.key))
    for words, keys in told.items():
        yield f"{' '.join(keys):>18}  {words}"
