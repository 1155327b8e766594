"""The command palette: everything that the review screen can do, by its name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from recdiff.tui.keynames import shown_key
from recdiff.tui.screens.keys import KEYS
from recdiff.tui.screens.parts import ReviewParts
from recdiff.tui.widgets.filters import FilterBar


class ReviewCommands(Provider):
    """The keys of the review screen, and a filter for each of its counters."""

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for name, action, help_text in self._commands():
            yield DiscoveryHit(name, partial(self._run, action), help=help_text)

    async def search(self, query: str) -> Hits:
        """What matches the words."""
        matcher = self.matcher(query)
        for name, action, help_text in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), partial(self._run, action), help=help_text)

    def _commands(self) -> list[tuple[str, str, str]]:
        screen = self.screen
        if not isinstance(screen, ReviewParts):
            return []
        found = [
            (binding.tooltip or binding.description, binding.action, f"key {shown_key(binding.key)}")
            for binding in KEYS
        ]
        for chip in screen.query_one(FilterBar).chips():
            found.append((f"Only {chip.name}", f"switch('{chip.kind}', '{chip.name}')", f"{chip.words}; F: all again"))
        return found

    async def _run(self, action: str) -> None:
        await self.screen.run_action(action)
