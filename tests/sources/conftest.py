"""Opening ranges in tests, and saying in short what they list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recdiff.sources.base import Source
from recdiff.sources.git_range import GitRangeSource, open_range

Opener = Callable[..., GitRangeSource]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens git ranges and closes them after the test."""
    sources: list[GitRangeSource] = []

    def open_source(
        directory: Path | str, *revisions: str, staged: bool = False, paths: tuple[str, ...] = ()
    ) -> Source:
        sources.append(open_range(str(directory), revisions, staged=staged, paths=paths))
        return sources[-1]

    yield open_source
    for source in sources:
        source.close()
