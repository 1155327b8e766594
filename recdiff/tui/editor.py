"""The user's editor: which program it is, and the command line that opens a file at a line."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

_TAKES_LINE = frozenset(("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "joe", "kak", "hx", "ne", "mg"))
"""Editors that take `+LINE` before the file."""


def command_for(path: Path, line: int = 1) -> list[str]:
    """The words of the command: `$VISUAL`, `$EDITOR`, or `vi`."""
    words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi") or ["vi"]
    name = Path(words[0]).name
    if name in _TAKES_LINE and line > 1:
        words.append(f"+{line}")
    return [*words, str(path)]


def edit(path: Path, line: int = 1, *, no_color: bool = False) -> str:
    """Open a file and wait for the editor to end; an empty text, or one line that says what went wrong.

    `no_color` hands NO_COLOR on, which Textual takes out of the environment.
    """
    words = command_for(path.absolute(), line)
    try:
        done = subprocess.run(words, check=False, env={**os.environ, "NO_COLOR": "1"} if no_color else None)
    except (OSError, ValueError) as error:
        return f"{words[0]} cannot be started: {error} (set EDITOR)"
    return f"{words[0]} ended with status {done.returncode}" if done.returncode else ""
