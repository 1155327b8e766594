"""Programs run in a real terminal: a pseudo-terminal is their stdin, stdout and stderr."""

from __future__ import annotations

import os
import pty
import select
from pathlib import Path

from tests.cli.running import ROOT


def in_terminal(folder: Path, *arguments: str, **more: object) -> str:
    """What a program printed in a terminal; see `ended_in_terminal`."""
    return ended_in_terminal(folder, *arguments, **more)[0]  # type: ignore[arg-type]


def ended_in_terminal(
    folder: Path,
    *arguments: str,
    keys: bytes = b"",
    until: bytes = b"",
    seconds: float = 60,
    environment: dict[str, str] | None = None,
) -> tuple[str, int]:
    """What a program printed with a terminal as stdin, stdout and stderr, and its exit code.

    `keys` are typed once `until` was seen. A program that waits longer than `seconds` fails the test.
    """
    told = {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    environment = {**os.environ, **told, **(environment or {})}
    child, master = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(arguments[0], arguments, environment)
    seen = b""
    typed = not keys
    while select.select([master], [], [], seconds)[0]:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
        if not typed and until in seen:
            os.write(master, keys)
            typed = True
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        raise AssertionError(f"it waits for a key after {seen!r}")
    _, status = os.waitpid(child, 0)
    os.close(master)
    return seen.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)
