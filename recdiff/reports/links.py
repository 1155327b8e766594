"""Where the files of a review are on a web page, and on which line of a file a change stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from recdiff.model import FileReview
from recdiff.reports.inert import link

Read: TypeAlias = Callable[[str], bytes | None]
"""A file's bytes on the new side by its path; None where there is none."""


class Links:
    """Links to the new side's files below `base`, to the lines of their changes where `read` gives the files.

    Each file is read once, and only where a link to a line of it is asked for.
    """

    def __init__(self, base: str | None = None, read: Read | None = None) -> None:
        self._base = base
        self._read = read
        self._lines: dict[str, list[int]] = {}

    def file(self, entry: FileReview, inner: str, line: int | None = None) -> str:
        """`inner`, which is HTML, as a link to an entry's file; a file that is gone has none."""
        return link(self._base, entry.new_path, line, inner)

    def line(self, entry: FileReview, position: int) -> int | None:
        """The line of the change that is at `position` among an entry's."""
        if not self._base or self._read is None or entry.new_path is None:
            return None
        lines = self._lines.get(entry.new_path)
        if lines is None:
            from recdiff.reports.changedlines import lines_of_changes

            data = self._read(entry.new_path)
            lines = lines_of_changes(entry.new_path, data, entry.changes) if data is not None else []
            self._lines[entry.new_path] = lines
        return lines[position] if position < len(lines) else None
