"""The one module that owns stdout and stderr: data and talk, a pager for people, progress for long work."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    import threading
    from pathlib import Path

_PROGRESS_AFTER = 1.0
"""Seconds of work after which progress shows itself."""
_PROGRESS_EVERY = 0.1


class ReaderGoneError(Exception):
    """Nobody reads stdout any more (`recdiff diff | head`): leave quietly."""


def prepare() -> None:
    """Make sure that stdout and stderr exist: a program may be started with either of them closed."""
    if sys.stdout is None:
        abandon()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  (lives until the process ends)


def write(text: str) -> None:
    """Write data to stdout. Raises ReaderGoneError, or UsageError where stdout takes no more (a full disk)."""
    write_bytes(_encoded(text, sys.stdout))


def write_bytes(data: bytes) -> None:
    """Write data to stdout as it is. Raises as `write` does."""
    _guarded(lambda: sys.stdout.buffer.write(data))


def _guarded(act: Callable[[], object]) -> None:
    try:
        act()
    except BrokenPipeError:
        raise ReaderGoneError from None
    except OSError as error:
        from recdiff.errors import UsageError

        raise UsageError(f"stdout cannot be written: {(error.strerror or str(error)).lower()}") from None


@contextmanager
def until_the_reader_leaves() -> Iterator[None]:
    """Write as long as somebody reads; the exit code that was found stays the answer."""
    try:
        yield
    except ReaderGoneError:
        abandon()


def deliver(data: bytes, target: str | None) -> None:
    """Write data to stdout, or whole into a file: no half file is ever left. Raises UsageError."""
    if target is None:
        write_bytes(data)
        return
    from pathlib import Path

    replace(Path(target), data)


def append(target: str, data: bytes) -> None:
    """Add data to the end of a file that others write to as well (a workflow's summary). Raises UsageError."""
    from recdiff.errors import UsageError

    try:
        with open(target, "ab") as file:  # noqa: PTH123  (as `deliver`: pathlib is not loaded for it)
            file.write(data)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {error.strerror}") from None


def replace(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Put data into a file whole, or leave it as it was: no half file is ever left. Raises UsageError.

    A link stays a link to what it names; a device or a pipe is written to, never replaced.
    """
    import stat
    import tempfile
    from pathlib import Path

    from recdiff.errors import UsageError

    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(data)
            return
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            half = Path(file.name)
            try:
                file.write(data)
                file.close()
                half.chmod(0o666 & ~_umask() if mode is None else mode)
                half.replace(target)
            except BaseException:
                half.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def complain(message: str) -> None:
    """One line on stderr, with the program's name; recorded text in it is made visible."""
    from recdiff.safe import visible

    with suppress(OSError):  # nobody to tell
        sys.stderr.buffer.write(_encoded(f"recdiff: {visible(message)}\n", sys.stderr))
        sys.stderr.flush()


def flush() -> None:
    """Hand everything to the reader of stdout. Raises as `write` does."""
    _guarded(lambda: sys.stdout.flush())


def finish() -> None:
    """Hand over what was written before an error; what cannot be is let go."""
    try:
        sys.stdout.flush()
    except OSError:
        abandon()


def abandon() -> None:
    """Leave without writing what is left: the reader is gone, or the user has had enough."""
    nowhere = open(os.devnull, "w")  # noqa: PTH123, SIM115  (lives until the process ends)
    if sys.stdout is not None:
        with suppress(OSError, ValueError):  # what the old stream still holds goes nowhere too
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    sys.stdout = nowhere


def leave(code: int) -> NoReturn:
    """End the process at once: taking a review's documents apart object by object would cost a twentieth of it.

    Everything that must be undone (children, temporary folders) has been by then: no handler of `atexit` runs.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _encoded(text: str, stream: TextIO) -> bytes:
    encoding = stream.encoding or "utf-8"
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace")


def is_terminal() -> bool:
    """Whether stdout is a terminal that a person reads."""
    return sys.stdout.isatty()


def has_colour(choice: str) -> bool:
    """Whether to write colour, by `--color`, NO_COLOR, TERM, and git's word that its pager is ours."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal() or _is_git_paging()


def is_conversation() -> bool:
    """Whether both stdin and stdout are a terminal: somebody is there to answer."""
    return is_terminal() and sys.stdin is not None and sys.stdin.isatty()


def is_screen() -> bool:
    """Whether somebody is there to answer, and stderr, on which a screen is painted, is their terminal too."""
    return is_conversation() and sys.stderr.isatty()


def answer(prompt: str) -> str:
    """What somebody answers to a prompt, without white space around it; nothing at the end of the input."""
    write(prompt)
    flush()
    return sys.stdin.readline().strip()


def has_git_colour(slot: str) -> bool:
    """Whether to write colour where git would: by NO_COLOR, else by git's settings for a slot (`color.diff`)."""
    if os.environ.get("NO_COLOR"):
        return False
    from recdiff.gitonce import wants_colour

    return wants_colour(slot, terminal=is_terminal())


def _width() -> int | None:
    """The columns to fold at: of a terminal, or of the one behind git's pager; None for everything else."""
    columns = os.environ.get("COLUMNS", "")
    if is_terminal():
        import shutil

        return shutil.get_terminal_size().columns
    return int(columns) if _is_git_paging() and columns.isdigit() and int(columns) else None


def _is_git_paging() -> bool:
    return os.environ.get("GIT_PAGER_IN_USE", "").lower() in ("true", "1")


def page(lines: Iterable[str], *, pager: bool) -> None:
    """Write lines for people: folded, and through the pager that git would use, where stdout is a terminal."""
    width = _width()
    if width is not None:
        from recdiff.reports.wrapping import wrapped

        lines = wrapped(lines, width)
    command = _pager_command() if pager and is_terminal() else ""
    if command in ("", "cat"):
        for line in lines:
            write(line + "\n")
        return
    told = [_encoded(line + "\n", sys.stdout) for line in lines]
    if not _paged(command, told):
        complain(f"the pager '{command}' cannot be run")
        for data in told:
            write_bytes(data)


def _paged(command: str, lines: Iterable[bytes]) -> bool:
    """Show lines through a pager, and wait for it as git does; False where the shell cannot run it.

    Ctrl-C is the pager's own while it runs: who left it behind would share the terminal with it.
    """
    import signal
    import subprocess

    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    flush()
    # git runs its pager through the shell as well: the setting is a command line of the user's own
    process = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, env=environment)  # noqa: S602
    assert process.stdin is not None
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with suppress(BrokenPipeError):
            for data in lines:
                process.stdin.write(data)
        with suppress(BrokenPipeError):
            process.stdin.close()
        return process.wait() not in (126, 127)
    finally:
        signal.signal(signal.SIGINT, before)


def _pager_command() -> str:
    """The user's pager as git finds it: GIT_PAGER, core.pager, PAGER, less."""
    from recdiff.gitonce import pager_command

    if os.environ.get("TERM") == "dumb":
        return ""
    return pager_command()


class Progress:
    """`recdiff: 120/414 files` on stderr, where that is a terminal and the work takes over a second.

    A thread of its own tells it, so that one large file is told too while it is worked on.
    """

    def __init__(self) -> None:
        self._state = (0, 0)
        self._is_shown = False
        self._teller: threading.Thread | None = None
        if sys.stderr.isatty():
            import threading

            self._over = threading.Event()
            self._teller = threading.Thread(target=self._tell, daemon=True)
            self._teller.start()

    def __call__(self, done: int, total: int) -> None:
        """Note how far the work is."""
        self._state = done, total

    def _tell(self) -> None:
        pause = _PROGRESS_AFTER
        while not self._over.wait(pause):
            pause = _PROGRESS_EVERY
            done, total = self._state
            self._is_shown = True
            what = f"{done}/{total} files" if done < total else "comparing" if total else "listing"
            sys.stderr.write(f"\r\x1b[Krecdiff: {what}")
            sys.stderr.flush()

    def done(self) -> None:
        """Wipe the line."""
        if self._teller is not None:
            self._over.set()
            self._teller.join()
            self._teller = None
            if self._is_shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
