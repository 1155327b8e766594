"""Whether the files of a work tree are still those that were read: by their times and sizes, never by their bytes."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Stamps: TypeAlias = Mapping[str, tuple[int, int] | None]
"""Time and size of each path; None where there is no file."""

_MOST = 5_000
"""Files of one folder that are looked at; of more, only those that were read."""


def stamps_of(root: str, paths: Collection[str]) -> Stamps:
    """The stamps of files below a folder, and of those like them beside them, which a re-recording may bring or change.

    Links are not followed. Cheap enough to ask every few seconds.
    """
    found = {path: _stamp(Path(root, path)) for path in paths}
    endings = tuple({ending for path in paths if (ending := os.path.splitext(path)[1])})  # noqa: PTH122  (a string)
    for folder in {path.rpartition("/")[0] for path in paths} if endings else ():
        with suppress(OSError, ValueError):
            names = [name for name in os.listdir(Path(root, folder)) if name.endswith(endings)]  # noqa: PTH208
            for name in names if len(names) <= _MOST else ():
                path = f"{folder}/{name}" if folder else name
                if path not in found:
                    found[path] = _stamp(Path(root, path))
    return found


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
