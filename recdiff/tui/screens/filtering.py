"""Filtering: words, and the counters above the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from recdiff.filtering import Filter
from recdiff.tui.widgets.filters import FilterBar

if TYPE_CHECKING:
    from recdiff.tui.screens.parts import ReviewParts as Parts
else:
    Parts = object


class Filtering(Parts):
    """The actions of the review screen that choose what is listed."""

    def action_search(self) -> None:
        """Ask for words; the list follows what is typed."""
        self.remove_class("-page")
        line = self.query_one("#words", Input)
        line.add_class("-open")
        self.set_focus(line)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other words: another list."""
        if event.input.id == "words":
            event.stop()
            self._want(self.session.wanted._replace(words=event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the list that the words leave."""
        if event.input.id == "words":
            event.stop()
            self._close_words()
            self.set_focus(self.tree_view)

    def on_filter_bar_switched(self, message: FilterBar.Switched) -> None:
        """A counter was switched."""
        message.stop()
        wanted = self.session.wanted
        if message.kind == "class":
            self._want(wanted._replace(classes=wanted.classes ^ {message.name}))
        elif message.kind == "status":
            self._want(wanted._replace(statuses=wanted.statuses ^ {message.name}))
        else:
            self._want(wanted._replace(undecided=not wanted.undecided))

    def action_switch(self, kind: str, name: str) -> None:
        """Switch the filter of a counter, from the palette."""
        self.query_one(FilterBar).post_message(FilterBar.Switched(kind, name))

    def action_filters(self) -> None:
        """To the counters."""
        self.set_focus(self.query_one(FilterBar))

    def action_clear_filters(self) -> None:
        """Everything is listed again."""
        line = self.query_one("#words", Input)
        with line.prevent(Input.Changed):
            line.value = ""
        self._close_words()
        self._want(Filter())

    def _want(self, wanted: Filter) -> None:
        if wanted != self.session.wanted:
            self.session.wanted = wanted
            self.show_list()

    def _close_words(self) -> None:
        """Put the line of words away where it holds none."""
        line = self.query_one("#words", Input)
        if not line.value:
            line.remove_class("-open")
