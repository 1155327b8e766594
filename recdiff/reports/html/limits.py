"""How much of a text the page tells: all that a reader can use, and less by steps where a page would be too large."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Characters and counts beyond which something is left out; what is left out is said in its place."""

    long: int
    """Characters of an unchanged stretch in one line, beyond which its middle is left out."""
    end: int
    """Characters that stay at either end of such a stretch."""
    longest: int
    """Characters of one removed or added stretch."""
    changes: int
    """Changes of one recording."""
    samples: int
    """Hidden differences of one rule in one recording."""
    said: int
    """Characters of what a recording without another side was asked, and of how it came out."""


STEPS: tuple[Limits, ...] = (
    Limits(long=700, end=240, longest=20_000, changes=500, samples=3, said=400),
    Limits(long=300, end=120, longest=2_000, changes=100, samples=1, said=200),
    Limits(long=120, end=50, longest=500, changes=40, samples=0, said=100),
    Limits(long=40, end=20, longest=120, changes=10, samples=0, said=60),
)
"""From all to least. The first whose page is small enough is taken."""

MOST_BYTES = 2_600_000
"""Bytes of the page's data. With its style, script and counts, the page stays below 3 MB."""
