"""The settings and the attribute lines that make git call recdiff, in words."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from recdiff.reports.textconv import VERSION

GLOBAL_PATTERN = "**/recordings/**/*.json"
ATTRIBUTES = "diff=recdiff merge=recdiff"
COMMENT = "# recdiff: diffs and merges of recordings, by what they mean (recdiff git disable takes this back)"


_MERGE = (
    " git merge-driver %O %A %B %L %P %S %X %Y; r=$?; case $r in 0|1|130) exit $r;; esac;"
    " git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
)
"""The merge driver, and git's own merge where it cannot be run: a conflict without markers would go unseen."""


class Setting(NamedTuple):
    """One line of git's settings."""

    key: str
    value: str


def settings(program: str, *, external: bool) -> tuple[Setting, ...]:
    """Every setting that `enable` writes; `program` is the command that starts recdiff, as a shell takes it."""
    found = [
        Setting("diff.recdiff.textconv", f"{program} git textconv --v{VERSION}"),
        Setting("diff.recdiff.cachetextconv", "true"),
        Setting("difftool.recdiff.cmd", f'{program} git difftool "$LOCAL" "$REMOTE" "$MERGED"'),
        Setting("mergetool.recdiff.cmd", f'{program} git mergetool "$BASE" "$LOCAL" "$REMOTE" "$MERGED"'),
        Setting("mergetool.recdiff.trustExitCode", "true"),
        Setting("merge.recdiff.name", "recordings, by what they mean"),
        Setting("merge.recdiff.driver", program.replace("%", "%%") + _MERGE),
        Setting("merge.recdiff.recursive", "binary"),
    ]
    if external:
        found.append(Setting("diff.recdiff.command", f"{program} git external-diff"))
    return tuple(found)


def ours_among(found: Sequence[Setting]) -> tuple[Setting, ...]:
    """The settings that `enable` wrote, whatever the path of the recdiff that wrote them."""
    wanted = {setting.key.lower(): setting.value for setting in settings("", external=True)}
    return tuple(
        setting
        for setting in found
        if setting.key.lower() in wanted
        and re.sub(r"--v[0-9]+$", "--v", setting.value).endswith(
            re.sub(r"--v[0-9]+$", "--v", wanted[setting.key.lower()])
        )
    )


def program() -> str:
    """The command that starts this recdiff from any folder, as a shell takes it."""
    started = Path(sys.argv[0])
    beside = Path(sys.executable).parent / "recdiff"
    if started.name == "recdiff":
        found = started if started.is_file() else shutil.which(str(started))
        if found:
            return shlex.quote(str(Path(found).absolute()))
    if os.access(beside, os.X_OK):
        return shlex.quote(str(beside))
    # Never from the folder that git starts it in: a repository may hold a `recdiff` of its own.
    return f"{shlex.quote(sys.executable)} -P -m recdiff"


def attribute_line(pattern: str) -> str:
    """The line of an attributes file for a pattern, in quotes where git needs them."""
    return f"{_quoted(pattern)} {ATTRIBUTES}"


def _quoted(pattern: str) -> str:
    plain = not any(char.isspace() or char in '"\\' or not char.isprintable() for char in pattern)
    if plain and not pattern.startswith(("#", "[attr]")):
        return pattern
    if pattern.isprintable() and '"' not in pattern and not any(map(str.isspace, pattern)) and pattern[0] not in "#[":
        return pattern  # a backslash alone is the pattern's own
    spelled = pattern.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{spelled}"'


def pattern_below(folder: str, names: str = "*.json") -> str:
    """The pattern for the files directly in a folder, from the root; `**/…` in `names` reaches deeper."""
    return f"/{_escaped(folder)}/{names}" if folder else f"/{names}"


def pattern_for(path: str) -> str:
    """The pattern for one file alone."""
    return f"/{_escaped(path)}"


def _escaped(path: str) -> str:
    """A path as a pattern that names it and nothing else."""
    return "".join(f"\\{char}" if char in "*?[]\\" else char for char in path)


def without_repeats(lines: Sequence[str], present: str) -> tuple[str, ...]:
    """The lines that a file does not have yet."""
    known = {line.strip() for line in present.splitlines()}
    return tuple(line for line in lines if line not in known)
