"""The command palette: everything that the review screen can do, by its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.widget import Widget

from recdiff.tui.keynames import shown_key
from recdiff.tui.screens.keys import KEYS
from recdiff.tui.screens.parts import ReviewParts
from recdiff.tui.widgets.filters import FilterBar


class ReviewCommands(Provider):
    """The keys of the review screen and of its two panes, and a filter for each of its counters."""

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for name, run, help_text in self._commands():
            yield DiscoveryHit(name, run, help=help_text)

    async def search(self, query: str) -> Hits:
        """What matches the words."""
        matcher = self.matcher(query)
        for name, run, help_text in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=help_text)

    def _commands(self) -> Iterator[tuple[str, Callable[[], Awaitable[object]], str]]:
        """Each with its name, what it does, and its key."""
        screen = self.screen
        if not isinstance(screen, ReviewParts):
            return
        for binding in KEYS:
            name = binding.tooltip or binding.description
            yield name, partial(screen.run_action, binding.action), f"key {shown_key(binding.key)}"
        for chip in screen.query_one(FilterBar).chips():
            action = f"switch('{chip.kind}', '{chip.name}')"
            yield f"Only {chip.name}", partial(screen.run_action, action), f"{chip.words}; F: all again"
        for where, part in (("In the recording", screen.view), ("In the list", screen.tree_view)):
            for own in part.BINDINGS:
                if isinstance(own, Binding):
                    run = partial(self._run_in, screen, part, own.action)
                    yield f"{where}: {own.description}", run, f"key {shown_key(own.key)}"

    async def _run_in(self, screen: ReviewParts, part: Widget, action: str) -> None:
        screen.set_focus(part)
        await part.run_action(action)
