"""`recdiff git status`: what is on, where it was said, and whether the commands that it names can be run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from recdiff.drivers.setup.wording import Setting, settings
from recdiff.gitonce import ask
from recdiff.reports.textconv import VERSION

NAMES = {
    "diff.recdiff.textconv": "textconv",
    "diff.recdiff.command": "external diff",
    "difftool.recdiff.cmd": "difftool",
    "mergetool.recdiff.cmd": "mergetool",
    "merge.recdiff.driver": "merge driver",
}
"""The settings that are commands, and what people call them."""


class Part(NamedTuple):
    """One driver: its name, its command and the file that says so (None: off), and what is wrong with it."""

    name: str
    key: str
    value: str | None
    origin: str | None
    problem: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether git would call it."""
        return self.value is not None


class Covered(NamedTuple):
    """How many of the recordings here git's attributes name, for diffs and for merges."""

    recordings: int
    diff: int
    merge: int


def parts() -> tuple[Part, ...]:
    """Every driver as git sees it from here."""
    return tuple(_part(key, name) for key, name in NAMES.items())


def _part(key: str, name: str) -> Part:
    answer = ask("config", "-z", "--show-origin", "--get", key)
    if answer.status:
        return Part(name, key, None, None)
    origin, _, value = answer.out.removesuffix(b"\0").partition(b"\0")
    told = os.fsdecode(value)
    return Part(name, key, told, os.fsdecode(origin).removeprefix("file:"), _problem(key, told))


def _problem(key: str, value: str) -> str | None:
    """Why a command would not do, or None."""
    told = value.replace("%%", "%") if key == "merge.recdiff.driver" else value
    try:
        words = shlex.split(told)
    except ValueError as error:
        return f"it is no command line: {error}"
    if not words:
        return "it is empty"
    if shutil.which(words[0]) is None:
        return f"{words[0]} is not there, or cannot be run"
    expected = {setting.key: setting.value for setting in settings("", external=True)}[key].split()
    if expected[:2] != [word for word in words if word in expected[:2]][:2]:
        return None  # a command of the user's own
    if key == "diff.recdiff.textconv" and words[-1] != f"--v{VERSION}":
        return f"it asks for another version of the text ({words[-1]} where this recdiff prints --v{VERSION})"
    return _run_problem(words[: -len(expected)])


def _run_problem(program: list[str]) -> str | None:
    try:
        done = subprocess.run(
            [*program, "--version"], capture_output=True, check=False, timeout=30, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{shlex.join(program)} cannot be run: {error}"
    if done.returncode or not done.stdout.startswith(b"recdiff "):
        return f"{shlex.join(program)} --version does not answer as recdiff does"
    return None


def missing_settings() -> tuple[Setting, ...]:
    """Settings that go with the drivers that are on, and are not there: half of a set-up is worse than none."""
    wanted = {setting.key: setting for setting in settings("", external=False)}
    present = {key for key in wanted if ask("config", "--get", key).status == 0}
    return tuple(setting for key, setting in wanted.items() if key not in present) if present else ()


def covered(work_tree: Path, paths: list[str]) -> Covered:
    """What git's attributes say of these paths. Raises GitError."""
    feed = b"".join(os.fsencode(path) + b"\0" for path in paths)
    answer = ask("check-attr", "-z", "--stdin", "diff", "merge", directory=str(work_tree), feed=feed, fine=(0,))
    fields = answer.out.split(b"\0")[:-1]
    said = list(zip(fields[1::3], fields[2::3], strict=False))
    return Covered(len(paths), said.count((b"diff", b"recdiff")), said.count((b"merge", b"recdiff")))
