"""A subject opened and read in a process of its own: one core compares recordings while the other loads Textual.

What the child finds comes through a pipe, pickled; nothing but this program's own child writes to it.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from recdiff.errors import RecdiffError
from recdiff.tui.subject import Facts, Subject

if TYPE_CHECKING:
    from recdiff.model import Review
    from recdiff.pipeline import Found, Progress

_EVERY = 16
"""Steps of which one is told."""


class Apart:
    """A subject that is being opened and read by a child since this was made, or by this process where none can be.

    To be made before any thread: a child has only the one that made it.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._child = 0
        self._pipe: BinaryIO | None = None
        self._ending = threading.Lock()
        self._is_closed = False
        if hasattr(os, "fork"):
            theirs, ours = os.pipe()
            try:
                self._child = os.fork()
            except OSError:
                os.close(theirs)
                os.close(ours)
                return
            if self._child == 0:
                os.close(theirs)
                _tell(subject, os.fdopen(ours, "wb"))
            os.close(ours)
            self._pipe = os.fdopen(theirs, "rb")

    def facts(self) -> Facts:
        """Wait until the range is open. Raises RecdiffError where it cannot be opened."""
        if self._pipe is not None:
            found = _next(self._pipe)
            if found is not None and isinstance(found[1], Facts):
                return found[1]
            self._end()
        return self._subject.open()

    def read(self, progress: Progress, found: Found) -> Review:
        """Take over what the child finds; its review. Where it was killed, the range is read here.

        Raises RecdiffError where the range cannot be read, and where this was closed meanwhile.
        """
        review = None
        if self._pipe is not None:
            try:
                review = _heard(self._pipe, progress, found)
            finally:
                self._end()
        if review is None and self._is_closed:
            raise RecdiffError("the screen was left before the range was read")
        return self._subject.read(progress, found) if review is None else review

    def close(self) -> None:
        """End the child, whatever it does; a thread that waits for what it finds waits no longer."""
        self._is_closed = True
        self._end()

    def _end(self) -> None:
        with self._ending:
            if self._pipe is not None:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(self._child, signal.SIGKILL)  # first, so that nobody still reads from the pipe
                    os.waitpid(self._child, 0)
                self._pipe.close()
                self._pipe = None


# The child


def _tell(subject: Subject, pipe: BinaryIO) -> None:
    """Open, read, tell, and end without anything that belongs to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # an empty mapping of the model arrives as a dict, which is a mapping too
    copyreg.pickle(MappingProxyType, _as_dict)

    def progress(done: int, total: int) -> None:
        if done % _EVERY == 0 or done == total:
            _send(pipe, "step", (done, total))

    try:
        _send(pipe, "facts", subject.open())
        _send(pipe, "review", subject.read(progress, lambda entry: _send(pipe, "found", entry)))
    except RecdiffError as error:
        _last_word(pipe, "error", error)
    except BrokenPipeError:
        pass
    except BaseException as error:
        _last_word(pipe, "bug", f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _send(pipe: BinaryIO, kind: str, value: object) -> None:
    pickle.dump((kind, value), pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _last_word(pipe: BinaryIO, kind: str, value: object) -> None:
    with suppress(OSError, pickle.PicklingError):
        _send(pipe, kind, value)


def _as_dict(counts: Mapping[str, object]) -> tuple[type, tuple[dict[str, object]]]:
    return dict, (dict(counts),)


# The parent


def _next(pipe: BinaryIO) -> tuple[str, object] | None:
    """The next thing that the child says; None where it ended without a word of why."""
    try:
        kind, value = pickle.load(pipe)
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # ValueError: the pipe was closed
        return None
    if kind == "error":
        raise value
    if kind == "bug":
        raise RuntimeError(value)
    return kind, value


def _heard(pipe: BinaryIO, progress: Progress, found: Found) -> Review | None:
    take: dict[str, Callable[..., object]] = {"step": lambda steps: progress(*steps), "found": found}
    while (said := _next(pipe)) is not None:
        kind, value = said
        if kind == "review":
            return value  # type: ignore[return-value]
        take[kind](value)
    return None
