"""Opens entries away from the screen's thread, and keeps the last few that were opened."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from recdiff.errors import RecdiffError
from recdiff.model import FileReview
from recdiff.tui.page.making import Given, key_of

if TYPE_CHECKING:
    from recdiff.opening import Opener

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
        self._make: Callable[[], Opener] | None = None
        self._opener: Opener | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Given] = OrderedDict()

    def use(self, make: Callable[[], Opener]) -> None:
        """From now on, entries are opened by what this makes; what another one had opened is let go."""
        before, self._make, self._opener = self._opener, make, None
        if before is not None:
            self._owner.run_worker(before.close, thread=True, group="closing")
        self._kept.clear()

    def kept(self, entry: FileReview) -> Given | None:
        """What was opened lately."""
        given = self._kept.get(key_of(entry))
        return given if given is not None and given.opened.entry is entry else None

    def open(self, entry: FileReview) -> None:
        """Open an entry; an earlier wish that has not begun is dropped."""
        make = self._make
        if make is None:
            return

        def work() -> None:
            try:
                opener = self._made(make)
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

    def _made(self, make: Callable[[], Opener]) -> Opener:
        """The opener, made when the first entry is opened: away from the screen, which has been painted by then."""
        with self._lock:
            if self._opener is None:
                self._opener = make()
            return self._opener

    def keep(self, given: Given) -> None:
        """Keep what was opened, and let the oldest go."""
        self._kept[key_of(given.opened.entry)] = given
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def close(self) -> None:
        """Let everything go, git's processes too."""
        self._kept.clear()
        with self._lock:
            if self._opener is not None:
                self._opener.close()
                self._opener = None
