"""The recordings of a repository, and the patterns that name them for git's attributes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from recdiff import formats
from recdiff.candidates import PLACES
from recdiff.drivers.setup.wording import pattern_below, pattern_for
from recdiff.errors import UnreadableError
from recdiff.gitonce import ask
from recdiff.sources.disk import mode_on_disk, read_file

_TRIED = 5
"""Files of a folder that are looked into before it counts as one without recordings."""


def recordings_in(work_tree: Path) -> dict[str, list[str]]:
    """Folders of a work tree that hold recordings, each with the paths there that may be some.

    Tracked files and untracked ones that are not ignored. A few of each folder are read; at the top, where other JSON
    lives, all are, and only recordings count. Raises GitError.
    """
    found: dict[str, list[str]] = {}
    for folder, paths in _by_folder(_listed(work_tree)).items():
        if not folder:
            found[folder] = [path for path in paths if _is_recording(work_tree, path)]
        elif any(_is_recording(work_tree, path) for path in paths[:_TRIED]):
            found[folder] = paths
    return {folder: paths for folder, paths in found.items() if paths}


def patterns_for(found: dict[str, list[str]]) -> tuple[str, ...]:
    """Patterns that name recordings: of a folder called `recordings` all that is below it, else what is in it."""
    patterns: dict[str, None] = {}
    for folder, paths in sorted(found.items()):
        parts = folder.split("/")
        place = next((depth for depth, part in enumerate(parts) if part in PLACES), None)
        suffixes = sorted({PurePosixPath(path).suffix for path in paths})
        if not folder:
            patterns.update(dict.fromkeys(map(pattern_for, paths)))
        elif place is not None:
            top = "/".join(parts[: place + 1])
            patterns.update(dict.fromkeys(pattern_below(top, f"**/*{suffix}") for suffix in suffixes))
        else:
            patterns.update(dict.fromkeys(pattern_below(folder, f"*{suffix}") for suffix in suffixes))
    return tuple(patterns)


def _listed(work_tree: Path) -> Iterator[str]:
    options = ("--cached", "--others", "--exclude-standard", "--full-name", "-z")
    out = ask("ls-files", *options, directory=str(work_tree), fine=(0,)).out
    return (os.fsdecode(path) for path in dict.fromkeys(out.split(b"\0")) if path)


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if PurePosixPath(path).suffix.lower() in formats.SUFFIXES:
            folders[path.rpartition("/")[0]].append(path)
    return folders


def _is_recording(work_tree: Path, path: str) -> bool:
    mode = mode_on_disk(str(work_tree), path)
    if mode is None or not mode.startswith("100"):
        return False
    try:
        formats.load(path, read_file(str(work_tree), path))
    except UnreadableError:
        return False
    return True
