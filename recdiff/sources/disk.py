"""Files below one folder, read without following a symbolic link at the end of a path or on its way."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from recdiff.errors import GitError, UnreadableError
from recdiff.sources.base import LINK_MODE

FILE_MODE = "100644"
PROGRAM_MODE = "100755"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe that nobody writes to waits for ever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def mode_of(status: os.stat_result) -> str | None:
    """git's mode for what `lstat` found: a file, a program or a link; None for everything else."""
    if stat.S_ISLNK(status.st_mode):
        return LINK_MODE
    if stat.S_ISREG(status.st_mode):
        return PROGRAM_MODE if status.st_mode & stat.S_IXUSR else FILE_MODE
    return None


def mode_on_disk(root: str, path: str) -> str | None:
    """git's mode of the file or link at `path` (relative, with `/`); None where there is none."""
    try:
        with _parent(root, path) as (folder, name):
            return mode_of(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except (OSError, ValueError):
        return None


@contextmanager
def opened(root: str, path: str) -> Iterator[BinaryIO]:
    """The regular file at `path` (relative, with `/`) below `root`. Raises UnreadableError, also later."""
    try:
        with _parent(root, path) as (folder, name):
            descriptor = os.open(name, _FILE, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise UnreadableError("it is no regular file")
        with os.fdopen(descriptor, "rb") as file:
            yield file
    except (OSError, ValueError) as error:
        raise UnreadableError(_reason(error)) from error


def read_file(root: str, path: str) -> bytes:
    """The bytes of a regular file below `root`. Raises UnreadableError."""
    with opened(root, path) as file:
        return file.read()


def read_top_file(root: str, name: str) -> bytes | None:
    """The regular file of a name directly in `root`, or None where there is none, or a link. Raises GitError."""
    mode = mode_on_disk(root, name)
    if mode is None or mode == LINK_MODE:
        return None
    try:
        return read_file(root, name)
    except UnreadableError as error:
        raise GitError(f"{name}: {error}") from error


@contextmanager
def _parent(root: str, path: str) -> Iterator[tuple[int, str]]:
    """The descriptor of the folder that holds `path`, and its name there. Raises OSError or ValueError."""
    *folders, name = path.split("/")
    if name in ("", ".", "..") or any(part in ("", ".", "..") for part in folders):
        raise ValueError("its path leads elsewhere")
    here = os.open(root, _FOLDER)
    try:
        for part in folders:
            below = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here, name
    finally:
        os.close(here)


def _reason(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return str(error)
    if error.errno == errno.ENOENT:
        return "it is not on disk any more"
    if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR):
        return "its path leads through a symbolic link or a file; links are not followed"
    return f"it cannot be read: {error.strerror}"
