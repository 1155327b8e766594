"""Whether the files of a work tree are still those that were read: by their times and sizes, never by their bytes."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

_MOST = 5_000
"""Files beside those that were read up to which they are looked at too."""

Stamp: TypeAlias = tuple[int, int] | None
"""Time and size of a file; None where there is none."""


class Stamps(NamedTuple):
    """How files stand: those that were read, and others like them in their folders, which may come to be read."""

    read: Mapping[str, Stamp]
    beside: Mapping[str, Stamp] | None
    """None where there are too many."""

    def changed(self, now: Stamps) -> int:
        """How many files are others than before, came or went."""
        count = sum(now.read.get(path) != stamp for path, stamp in self.read.items())
        if self.beside is None or now.beside is None:
            return count
        return count + sum(now.beside.get(path) != self.beside.get(path) for path in {*self.beside, *now.beside})


def stamps_of(root: str, paths: Collection[str]) -> Stamps:
    """The stamps of files below a folder; links are not followed. No longer than a moment, but not for the screen."""
    return Stamps({path: _stamp(Path(root, path)) for path in paths}, _beside(root, paths))


def _beside(root: str, paths: Collection[str]) -> Mapping[str, Stamp] | None:
    """Files of the folders below the top that have the ending of one that was read."""
    known = set(paths)
    endings = tuple({ending for path in paths if (ending := Path(path).suffix)})
    found: list[str] = []
    for folder in {path.rpartition("/")[0] for path in paths} - {""} if endings else ():
        with suppress(OSError, ValueError), os.scandir(Path(root, folder)) as entries:
            names = (entry.name for entry in entries if entry.name.endswith(endings))
            found += (path for name in names if (path := f"{folder}/{name}") not in known)
        if len(found) > _MOST:
            return None
    return {path: _stamp(Path(root, path)) for path in found}


def _stamp(path: Path) -> Stamp:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
