"""Settings and attribute lines put into a file's content, and taken out again. git itself edits its settings."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from recdiff.drivers.setup.wording import ATTRIBUTES, COMMENT, Setting, without_repeats
from recdiff.gitonce import ask


def with_settings(before: bytes | None, settings: Sequence[Setting]) -> bytes:
    """The content of a config file with these settings, each once. Raises GitError for a file that git cannot read."""
    with tempfile.TemporaryDirectory(prefix="recdiff-") as folder:
        file = Path(folder, "config")
        file.write_bytes(before or b"")
        for key, value in settings:
            known = ask("config", "--file", str(file), "--get-all", key, fine=(0, 1))
            if known.text != value:
                ask("config", "--file", str(file), "--replace-all", key, value, fine=(0,))
        return file.read_bytes()


def without_settings(now: bytes, settings: Sequence[Setting], before: bytes | None = None) -> bytes:
    """The content of a config file without these settings, where they still say what was written.

    What `before` said in their place is said again. Raises GitError.
    """
    former = settings_in(before) if before else ()
    with tempfile.TemporaryDirectory(prefix="recdiff-") as folder:
        file = Path(folder, "config")
        file.write_bytes(now)
        for key, value in settings:
            gone = ask("config", "--file", str(file), "--fixed-value", "--unset-all", key, value, fine=(0, 5))
            for old in former if gone.status == 0 else ():
                if old.key.lower() == key.lower():
                    ask("config", "--file", str(file), "--add", key, old.value, fine=(0,))
        return file.read_bytes()


def with_lines(before: bytes | None, lines: Sequence[str]) -> bytes | None:
    """The content of an attributes file with these lines at its end; what it has already is not repeated."""
    fresh = without_repeats(lines, (before or b"").decode("utf-8", "surrogateescape"))
    if not fresh:
        return before
    gap = b"\n" if before and not before.endswith(b"\n") else b""
    added = "".join(f"{line}\n" for line in (COMMENT, *fresh)).encode("utf-8", "surrogateescape")
    return (before or b"") + gap + added


def without_lines(now: bytes, lines: Sequence[str]) -> bytes:
    """The content of an attributes file without these lines and the comment above them."""
    ours = {COMMENT, *lines}
    kept = [
        line
        for line in now.splitlines(keepends=True)
        if line.decode("utf-8", "surrogateescape").rstrip("\r\n") not in ours
    ]
    return b"".join(kept)


def settings_in(content: bytes) -> tuple[Setting, ...]:
    """Every setting of a config file of recdiff's sections, in its order. Raises GitError."""
    with tempfile.TemporaryDirectory(prefix="recdiff-") as folder:
        file = Path(folder, "config")
        file.write_bytes(content)
        pattern = r"^(diff|difftool|mergetool|merge)\.recdiff\."
        out = ask("config", "--file", str(file), "-z", "--get-regexp", pattern, fine=(0, 1)).out
    told = (os.fsdecode(entry).partition("\n") for entry in out.split(b"\0") if entry)
    return tuple(Setting(key, value) for key, _, value in told)


def lines_below_comment(content: bytes) -> tuple[str, ...]:
    """The attribute lines that stand below recdiff's own comment."""
    lines = content.decode("utf-8", "surrogateescape").splitlines()
    if COMMENT not in lines:
        return ()
    below = lines[lines.index(COMMENT) + 1 :]
    return tuple(itertools.takewhile(lambda line: line.endswith(f" {ATTRIBUTES}"), below))
