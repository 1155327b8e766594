"""Opens entries away from the screen's thread, and keeps the last few that were opened."""

from __future__ import annotations

from collections import OrderedDict

from textual.message import Message
from textual.widget import Widget

from recdiff.errors import RecdiffError
from recdiff.model import FileReview
from recdiff.opening import Opener
from recdiff.tui.page.making import Given, key_of

_KEPT = 3
"""Entries whose documents are kept: back and forth between neighbours is at once, and memory stays small."""


class Opened(Message):
    """An entry was opened, or could not be."""

    def __init__(self, key: str, given: Given | None, error: str = "") -> None:
        super().__init__()
        self.key = key
        self.given = given
        self.error = error


class PageOpener:
    """Asks the opener of a review for entries, in a worker; its owner gets `Opened` for each, and takes the last."""

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._opener: Opener | None = None
        self._kept: OrderedDict[str, Given] = OrderedDict()

    def use(self, opener: Opener) -> None:
        """From now on, entries are opened by this; what another one had opened is let go."""
        if self._opener is not None and self._opener is not opener:
            self._owner.run_worker(self._opener.close, thread=True, group="closing")
        self._opener = opener
        self._kept.clear()

    def kept(self, entry: FileReview) -> Given | None:
        """What was opened lately."""
        given = self._kept.get(key_of(entry))
        return given if given is not None and given.opened.entry is entry else None

    def open(self, entry: FileReview) -> None:
        """Open an entry; an earlier wish that has not begun is dropped."""
        opener = self._opener
        if opener is None:
            return

        def work() -> None:
            try:
                opened = opener.open(entry)
                given = Given(opened, opener.function_of(entry), lambda: opener.hidden(opened))
            except RecdiffError as error:
                self._owner.post_message(Opened(key_of(entry), None, str(error)))
            except Exception as error:  # one page that fails leaves the others
                told = f"this is a bug in recdiff: {type(error).__name__}: {error} (please report it)"
                self._owner.post_message(Opened(key_of(entry), None, told))
            else:
                self._owner.post_message(Opened(key_of(entry), given))

        self._owner.run_worker(work, thread=True, exclusive=True, group="opening")

    def keep(self, given: Given) -> None:
        """Keep what was opened, and let the oldest go."""
        self._kept[key_of(given.opened.entry)] = given
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def close(self) -> None:
        """Let everything go."""
        self._kept.clear()
