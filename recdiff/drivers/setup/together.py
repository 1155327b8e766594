"""Several files changed together: each whole, all of them or none, under git's own locks."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from recdiff.errors import GitError


class Edit(NamedTuple):
    """One file's new content, None to take the file away. `mode` is that of a new file."""

    path: Path
    content: bytes | None
    mode: int = 0o644


def read(path: Path) -> bytes | None:
    """A file's bytes, or None where there is none. Raises GitError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GitError(f"{path}: cannot be read: {error.strerror}") from None


def write_together(edits: Sequence[Edit]) -> None:
    """Make all edits, in their order, or none. Raises GitError with the file that could not be written.

    Every file is locked as git locks it (`config.lock`), so that no git writes it meanwhile; links are followed.
    """
    targets = [(Path(os.path.realpath(edit.path)), edit) for edit in edits]
    with _ending_in_order(), _locked([target for target, _ in targets]) as locks:
        done: list[tuple[Path, bytes | None, int]] = []
        try:
            for (target, edit), lock in zip(targets, locks, strict=True):
                before = read(target)
                mode = target.stat().st_mode & 0o777 if before is not None else edit.mode
                _put(target, lock, edit.content, mode)
                done.append((target, before, mode))
        except BaseException as error:
            for written, before, mode in reversed(done):
                with suppress(OSError):
                    _put(written, written.with_name(f"{written.name}.recdiff-undo"), before, mode)
            if not isinstance(error, OSError):
                raise
            raise GitError(f"{target}: cannot be written: {error.strerror}; nothing was changed") from None


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """A program that is asked to end takes its locks with it: as Ctrl-C does, so do SIGTERM and SIGHUP."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _locked(targets: Sequence[Path]) -> Iterator[list[Path]]:
    locks: list[Path] = []
    try:
        for target in targets:
            lock = target.with_name(f"{target.name}.lock")
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                busy = f"{target}: another program is writing it, or was ended while it did"
                raise GitError(f"{busy} (if no git runs, delete {lock}); nothing was changed") from None
            except OSError as error:
                raise GitError(f"{target}: cannot be written: {error.strerror}; nothing was changed") from None
            locks.append(lock)
        yield locks
    finally:
        for lock in locks:
            lock.unlink(missing_ok=True)


def _put(target: Path, half: Path, content: bytes | None, mode: int) -> None:
    """Put content in place by a rename; None takes the file away."""
    if content is None:
        target.unlink(missing_ok=True)
        return
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.chmod(mode)
    half.replace(target)
