"""A program in a pseudo-terminal of its own, and what stands on its screen: pyte plays the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ", "ctrl+c": "\x03", "ctrl+r": "\x12",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
}  # fmt: skip
"""What a terminal sends for the keys that are more than their own character."""
_CONTROL = re.compile(r"\x1b\[[<=>?]?[0-9;]*[$a-zA-Z]|\r")
_ENTERS, _LEAVES = b"\x1b[?1049h", b"\x1b[?1049l"


class StuckError(AssertionError):
    """The screen did not become what it should in time, or the program ended before; the message shows the screen."""


class Terminal:
    """A program that has a terminal to itself, until it ends or is killed. Use it in a `with`.

    Nothing here sleeps: whoever waits, waits for bytes, and looks at the screen after each part of them.
    """

    def __init__(
        self, folder: Path, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (140, 40)
    ) -> None:
        self.screen = pyte.Screen(*size)
        self.raw = bytearray()
        self.memory = 0
        """The most bytes that the program, or a child of it that it waited for, held; known once it has ended."""
        self._stream = pyte.ByteStream(self.screen)
        self._parts: list[tuple[float, bytes]] = []
        self._is_over = False
        self._code: int | None = None
        self.started = self._painted = time.perf_counter()
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            try:
                _set_size(0, *size)
                os.chdir(folder)
                os.execvpe(command[0], list(command), dict(environment))
            finally:
                os._exit(127)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._code is None:
            self.kill()

    # Doing

    def press(self, *keys: str) -> float:
        """Press keys, which have the names that Textual gives them; when that was."""
        now = time.perf_counter()
        for key in keys:
            os.write(self._terminal, KEYS.get(key, key).encode())
        return now

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size; the kernel tells the program (SIGWINCH)."""
        self.screen.resize(lines, columns)
        _set_size(self._terminal, columns, lines)

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Kill the program; its exit code."""
        os.kill(self.process, number)
        return self.ended()

    def ended(self, seconds: float = 20) -> int:
        """Wait until the program has ended and its terminal is empty; its exit code."""
        until = time.perf_counter() + seconds
        while not self._is_over:
            if not self._read(until - time.perf_counter()):
                raise StuckError(self._told("it does not end"))
        self.look()
        if self._code is None:
            _, status, usage = os.wait4(self.process, 0)
            self._code, self.memory = os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024
            self.is_cooked = bool(termios.tcgetattr(self._terminal)[3] & termios.ECHO)
            os.close(self._terminal)
        return self._code

    # Seeing

    def until(self, holds: str | Callable[[], object], *, seconds: float = 20, quiet: float = 0) -> float:
        """Wait until words stand on the screen, or something else holds of it; when the bytes came that made it so.

        With `quiet`, nothing is looked at before so many seconds without a byte: what is timed is not disturbed.
        """
        wanted = (lambda: holds in self.text) if isinstance(holds, str) else holds
        until = time.perf_counter() + seconds
        while not (wanted() or self._play(wanted)):
            if not self._read(until - time.perf_counter()):
                raise StuckError(self._told(f"waited in vain for {holds!r}"))
            while self._read(quiet):
                pass
        return self._painted

    def until_bytes(self, needle: bytes, seconds: float = 20) -> float:
        """Wait until bytes come and paint nothing meanwhile; when they came. They must lie within one reading."""
        until = time.perf_counter() + seconds
        while self._read(until - time.perf_counter()):
            if needle in self._parts[-1][1]:
                return self._parts[-1][0]
        raise StuckError(self._told(f"waited in vain for {needle!r}"))

    def look(self) -> None:
        """Paint all that was read."""
        self._play(lambda: False)

    @property
    def rows(self) -> list[str]:
        """The screen, row by row."""
        return self.screen.display

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.screen.display)

    @property
    def is_alternate(self) -> bool:
        """Whether the alternate screen is on."""
        return self.raw.rfind(_ENTERS) > self.raw.rfind(_LEAVES)

    @property
    def said(self) -> str:
        """What was printed outside the alternate screen, before it was entered and after it was left."""
        before, _, rest = self.raw.partition(_ENTERS)
        return _CONTROL.sub("", (before + rest.rpartition(_LEAVES)[2]).decode("utf-8", "replace"))

    # Bytes

    def _read(self, seconds: float) -> bool:
        """Take what the program writes within some seconds; False where that is nothing."""
        if self._is_over or not select.select([self._terminal], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = os.read(self._terminal, 65536)
        except OSError:  # nobody holds the other end any more
            data = b""
        self._parts.append((time.perf_counter(), data))
        self._is_over = not data
        return True

    def _play(self, wanted: Callable[[], object]) -> bool:
        """Paint what was read until the screen is as wanted; whether it is."""
        while self._parts:
            self._painted, data = self._parts.pop(0)
            self.raw += data
            self._stream.feed(data)
            if wanted():
                return True
        return False

    def _told(self, what: str) -> str:
        self.look()
        return "\n".join((what, *(row.rstrip() for row in self.rows), repr(self.raw[-300:])))


def _set_size(terminal: int, columns: int, lines: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
