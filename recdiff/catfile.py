"""Objects in bulk through `git cat-file --batch`: children that `git.py` starts, and the talk with them."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from recdiff.errors import ObjectError
from recdiff.gitoutput import complaint

if TYPE_CHECKING:
    from git.cmd import Git

# Answers wait while we ask: as long as the questions under way fit in any pipe, neither side can block.
_UNDER_WAY = 4096 if sys.platform == "linux" else 512  # Linux gives every pipe this much, POSIX that
_AHEAD = 1 << 20


class GitObject(NamedTuple):
    """An object as git gives it: its id, `blob`, `commit`, `tree` or `tag`, and its bytes."""

    oid: str
    kind: str
    data: bytes


class ObjectReaders:
    """A pool of `cat-file --batch` children. `start` makes one; it raises GitError where that fails."""

    def __init__(self, start: Callable[[], Git.AutoInterrupt]) -> None:
        self._start = start
        self._idle: list[_Child] = []

    def objects(self, names: Iterable[str]) -> Generator[GitObject | ObjectError, None, None]:
        """The object of each name, in order and one at a time; an error stands in for one that fails.

        Several of these may run at once, from any thread: each borrows a child of its own.
        """
        waiting = map(_question, names)
        left_over: list[bytes] = []
        asked = deque[bytes]()
        again = False
        child = self._borrow()
        try:
            while True:
                if not again:
                    _ask_ahead(child, waiting, left_over, asked)
                if not asked:
                    break
                try:
                    answer = child.answer(asked[0])
                except _ChildEndedError as ended:
                    # Neither an object that git stumbles over nor a child that was killed costs the others.
                    child.end()
                    child = _Child(self._start())
                    child.ask([*asked][1:] if again else asked)
                    if not again:
                        again = True
                        continue
                    answer = ObjectError(f"object {os.fsdecode(asked[0][:-1])}: {ended}")
                again = False
                asked.popleft()
                yield answer
        finally:
            if asked:
                child.end()
            else:
                self._idle.append(child)

    def _borrow(self) -> _Child:
        try:
            return self._idle.pop()
        except IndexError:
            return _Child(self._start())

    def find(self, name: str) -> GitObject | ObjectError:
        """The object that one name stands for, or why there is none."""
        with closing(self.objects([name])) as answers:
            return next(answers)

    def close(self) -> None:
        """End the children that wait for questions."""
        with suppress(IndexError):
            while True:
                self._idle.pop().end()


def _question(name: str) -> bytes:
    line = os.fsencode(name)
    # What cannot be one line is the name of nothing, and so is an empty line.
    return b"\n" if b"\n" in line else line + b"\n"


def _ask_ahead(child: _Child, waiting: Iterator[bytes], left_over: list[bytes], asked: deque[bytes]) -> None:
    """Keep questions under way, sent in bunches: a write for each would cost more than its answer."""
    length = sum(map(len, asked))
    if asked and length > _UNDER_WAY // 2:
        return
    bunch: list[bytes] = []
    while line := left_over.pop() if left_over else next(waiting, b""):
        length += len(line)
        if length > _UNDER_WAY and (asked or bunch):
            left_over.append(line)
            break
        bunch.append(line)
    asked.extend(bunch)
    child.ask(bunch)


def _widen(pipe: IO[bytes]) -> None:
    """Let git work ahead while an answer is looked at: a pipe of 64 KiB holds one recording, this one many."""
    set_size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if set_size is not None:
        with suppress(OSError):  # beyond what this user may have
            fcntl.fcntl(pipe.fileno(), set_size, _AHEAD)


class _ChildEndedError(Exception):
    """A child ended before it answered; the text is what it said last."""


class _Child:
    """One `cat-file --batch`: lines in, objects out, in the same order."""

    def __init__(self, process: Git.AutoInterrupt) -> None:
        self._process = process
        _widen(process.stdout)
        self._said = deque[bytes](maxlen=5)
        # A child that cannot get rid of its complaints stops answering. The thread reads a descriptor of its
        # own without a buffer: a buffer's lock, held while the interpreter ends, would abort the program.
        complaints = os.dup(process.stderr.fileno())
        process.stderr.close()
        self._listener = threading.Thread(target=self._listen, args=(complaints,), daemon=True)
        self._listener.start()

    def _listen(self, complaints: int) -> None:
        while words := os.read(complaints, 4096):
            self._said.append(words)
        os.close(complaints)

    def ask(self, lines: Iterable[bytes]) -> None:
        """Send questions. A child that is gone is noticed when its answer is read."""
        with suppress(BrokenPipeError):
            self._process.stdin.write(b"".join(lines))
            self._process.stdin.flush()

    def answer(self, question: bytes) -> GitObject | ObjectError:
        """The answer to the oldest question, which is given. Raises _ChildEndedError."""
        answers = self._process.stdout
        header: bytes = answers.readline()
        if not header.endswith(b"\n"):
            raise _ChildEndedError(self._last_words())
        name, words = question[:-1], header.split()
        if header[:-1] == name + b" missing" or len(words) != 3 or not words[2].isdigit():
            reason = os.fsdecode(header[:-1].removeprefix(name).strip())
            return ObjectError(f"object {os.fsdecode(name)} is {reason}")
        size = int(words[2])
        data: bytes = answers.read(size)
        if len(data) < size or answers.read(1) != b"\n":
            raise _ChildEndedError(self._last_words())
        return GitObject(words[0].decode("ascii"), words[1].decode("ascii"), data)

    def _last_words(self) -> str:
        # Its pipe may outlive it, where it started a fetch of its own.
        self._listener.join(timeout=1)
        return complaint(b"".join(self._said)) or "git cat-file ended without an answer"

    def end(self) -> None:
        """Close its pipes, which ends an idle child and a busy one alike. May be called twice."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()
        if self._process.proc:
            self._process.proc.terminate()
            self._process.proc.wait()
