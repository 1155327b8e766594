"""Paths alone, for other programs."""

from __future__ import annotations

import os

from recdiff.model import Review
from recdiff.safe import visible


def paths(review: Review, *, nul: bool) -> bytes:
    """The path of every file that changed in more than noise, one a line; with `nul`, raw and ended by NUL."""
    found = [entry.path for entry in review.files if entry.status != "noise"]
    if nul:
        return b"".join(os.fsencode(path) + b"\0" for path in found)
    return "".join(f"{visible(path)}\n" for path in found).encode("utf-8", "backslashreplace")
