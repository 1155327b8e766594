"""A page as lines, made when they are looked at: titles, heads of sections, and what stands in the open ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from recdiff.model import Change
from recdiff.safe import visible
from recdiff.tui.page.blocks import Block, Line, Page, Section, Span, Text
from recdiff.tui.page.layout import Shape, lay_out
from recdiff.tui.page.wrapping import cropped, width_of

Role: TypeAlias = Literal["title", "head", "body", "gap"]

GUTTER = 2
"""Columns before each line, for a mark."""
_APART = "   "
"""What stands between the title of a section and its note."""


class PageLine(NamedTuple):
    """One line: its text, the section that it is of (-1 for the title), and the changes that it stands for.

    `begins` is set on the first line of a change, which has its mark; of rows that differ, on the first one.
    """

    text: Text
    role: Role
    section: int
    changes: tuple[Change, ...] = ()
    begins: bool = False


class PageLines:
    """The lines of a page for one shape; `is_open` says which sections are."""

    def __init__(self, page: Page, shape: Shape, is_open: Callable[[Section], bool]) -> None:
        self.page = page
        self.shape = shape._replace(width=max(shape.width - GUTTER, 10))
        self._is_open = is_open
        self._made: list[PageLine] = []
        self._rest: Iterator[PageLine] = self._lines()
        self.widest = 0
        """Columns of the widest line that was made, where lines are not wrapped."""
        self.is_whole = False

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index: int) -> PageLine:
        return self._made[index]

    def make(self, count: int) -> bool:
        """Make sure that there are so many lines, if the page has them; whether any was made."""
        before = len(self._made)
        while len(self._made) < count and not self.is_whole:
            line = next(self._rest, None)
            if line is None:
                self.is_whole = True
            else:
                self._made.append(line)
                if not self.shape.wrap:
                    self.widest = max(self.widest, width_of(line.text))
        return len(self._made) > before

    def head_of(self, section: int) -> int:
        """Where a section begins; makes lines until it is there."""
        index = 0
        while True:
            self.make(index + 1)
            if index >= len(self._made):
                return max(index - 1, 0)
            line = self._made[index]
            if line.role == "head" and line.section == section:
                return index
            index += 1

    def _lines(self) -> Iterator[PageLine]:
        for block in self.page.title:
            for line in lay_out([block], self.shape):
                yield PageLine(line.text, "title", -1)
        for number, section in enumerate(self.page.sections):
            is_open = self._is_open(section)
            yield PageLine(self._head(section, is_open=is_open), "head", number, section.changes)
            if is_open:
                yield from self._body(section, number)
                yield PageLine((), "gap", number)

    def _head(self, section: Section, *, is_open: bool) -> Text:
        title = (Span("▾ " if is_open else "▸ ", "faint"), Span(section.title, section.style))
        room = self.shape.width - width_of(title) - len(_APART)
        is_told = bool(section.note) and not (is_open and section.tells_all)
        note = cropped(section.note, room) if room > 4 and is_told else ()
        return (*title, Span(_APART), *note) if note else cropped(title, self.shape.width)

    def _body(self, section: Section, number: int) -> Iterator[PageLine]:
        before: Change | None = None
        differed = False
        for line in lay_out(_guarded(section), self.shape):
            begins = (line.change is not None and line.change is not before) or (line.differs and not differed)
            before, differed = line.change, line.differs
            yield PageLine(line.text, "body", number, (line.change,) if line.change else (), begins)


def _guarded(section: Section) -> Iterator[Block]:
    """The blocks of a section; a fault in making them costs this section alone."""
    try:
        yield from section.blocks()
    except Exception as error:
        told = f"this is a bug in recdiff: {type(error).__name__}: {error} (please report it)"
        yield Line((Span(visible(told), "error"),))
