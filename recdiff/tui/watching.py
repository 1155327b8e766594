"""Whether the files of a work tree are still those that were read: by their times and sizes, never by their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

Stamps: TypeAlias = Mapping[str, tuple[int, int] | None]
"""Time and size of each path; None where there is no file."""


def stamps_of(root: str, paths: Iterable[str]) -> Stamps:
    """The stamps of files below a folder; links are not followed. Cheap enough to ask every few seconds."""
    return {path: _stamp(Path(root, path)) for path in paths}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
