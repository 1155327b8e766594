"""The last line: the keys that one needs most.

Textual's own footer is made anew, widgets and all, with each move of the focus; the memory is never given back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.reactive import reactive
from textual.widget import Widget

from recdiff.tui.keynames import shown_key
from recdiff.tui.widgets.faces import face


class _Place(NamedTuple):
    """A key with its word, and the columns that both take."""

    binding: Binding
    start: int
    end: int


class KeyLine(Widget):
    """Keys with a word each, as many as there is room for. A click presses the key."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key"}

    bindings: reactive[Sequence[Binding]] = reactive[Sequence[Binding]](())

    def __init__(self, bindings: Sequence[Binding]) -> None:
        super().__init__(id="keys")
        self.set_reactive(KeyLine.bindings, bindings)

    def places(self) -> Iterator[_Place]:
        """Where each key stands."""
        width, column = self.size.width, 0
        for binding in self.bindings:
            end = column + len(_words(binding)) + 2
            if end > width:
                return
            yield _Place(binding, column, end)
            column = end

    def render(self) -> Text:
        """The line."""
        key = face(self, "keys--key")
        row = Text(no_wrap=True, end="")
        for binding, start, _ in self.places():
            row.append(" " * (start - row.cell_len + 1))
            row.append(_key(binding), key)
            row.append(f" {binding.description} ")
        return row

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        event.stop()
        for binding, start, end in self.places():
            if start <= event.x < end:
                self.app.simulate_key(binding.key)


def _key(binding: Binding) -> str:
    return binding.key_display or shown_key(binding.key)


def _words(binding: Binding) -> str:
    return f"{_key(binding)} {binding.description}"
