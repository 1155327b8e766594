"""What the review screen is opened on, and the reading of it: no Textual here, so that it begins before that loads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from recdiff.errors import RecdiffError
from recdiff.model import FileReview, Review

if TYPE_CHECKING:
    from recdiff.opening import Opener
    from recdiff.pipeline import Found, Progress

    Read: TypeAlias = Callable[[Progress, Found], Review]


class Facts(NamedTuple):
    """What is known of a range as soon as it is open.

    `state_folder` is where decisions are kept, None for nowhere; `work_tree` is where an editor finds its files.
    """

    label: str
    state_folder: str | None
    work_tree: str | None
    is_of_work_tree: bool = False
    """Whether the new side is the work tree, whose files may change while they are reviewed."""


class Subject(Protocol):
    """A range as the command line named it. Each method raises RecdiffError for what cannot be."""

    def open(self) -> Facts:
        """Open the range, and say what is known of it."""

    def read(self, progress: Progress, found: Found) -> Review:
        """Review it as it is now; opens it where that was not done."""

    def opener(self) -> Opener:
        """What opens the entries of its review."""


class News(NamedTuple):
    """What a reading has found since it was last asked."""

    files: tuple[FileReview, ...]
    done: int
    total: int
    review: Review | None
    error: str


class _LeftError(Exception):
    """The reader was told to stop."""


class Reading:
    """One reading of a subject, in a thread of its own. Whoever shows it asks for news; nothing here calls back."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._found: deque[FileReview] = deque()
        self._steps = (0, 0)
        self._review: Review | None = None
        self._error = ""
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def start(self) -> Reading:
        """Begin to read."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Let it end at the next file; what it finds until then is nobody's."""
        self._is_stopped = True

    def news(self) -> News:
        """What was found since the last call. Cheap, and safe from the thread of the screen."""
        review = self._review  # before the files: with the review, all of them are there
        files = []
        while self._found:
            files.append(self._found.popleft())
        return News(tuple(files), *self._steps, review, self._error)

    def wait(self, seconds: float | None = None) -> None:
        """Wait for its end, or so long."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._review = self._read(self._progress, self._found.append)
        except _LeftError:
            pass
        except RecdiffError as error:
            self._error = str(error)
        except Exception as error:
            self._error = f"this is a bug in recdiff: {type(error).__name__}: {error} (please report it)"

    def _progress(self, done: int, total: int) -> None:
        if self._is_stopped:
            raise _LeftError
        self._steps = (done, total)
