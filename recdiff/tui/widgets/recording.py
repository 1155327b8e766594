"""The right side: a recording's page, drawn line by line; a cursor on it says what a decision would be about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from recdiff.model import CLASSES, Change
from recdiff.tui.page.blocks import STYLES, Page, Section, words_of
from recdiff.tui.page.layout import Shape
from recdiff.tui.page.lines import GUTTER, PageLine, PageLines
from recdiff.tui.page.wrapping import width_of
from recdiff.tui.session import Mark
from recdiff.tui.widgets.faces import Faces

MARKS: dict[Mark, str] = {"accepted": "✓", "rejected": "✗", "undecided": "○", "none": " "}
_SLICE = 0.008
"""Seconds at a time for making lines that nobody looks at yet."""
_MEASURED_EVERY = 0.2
"""Seconds after which the scroll bar learns of lines that were made meanwhile."""
_AHEAD = 200


def _keys(page: Page) -> list[str]:
    return [section.key for section in page.sections]


class RecordingView(ScrollView, can_focus=True):
    """Shows a page. Lines beyond the screen are made while nothing else is to be done."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"recording--{name}" for name in (*STYLES, *CLASSES, "cursor")}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Line up", show=False),
        Binding("down,j", "cursor(1)", "Line down", show=False),
        Binding("pageup,b", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "end(-1)", "Top: the whole recording", show=False),
        Binding("end,G", "end(1)", "End", show=False),
        Binding("enter", "fold", "Fold or unfold the section", show=False),
        Binding("left", "leave", "Fold, or back to the list", show=False),
        Binding("right", "unfold", "Unfold", show=False),
        Binding("right_square_bracket,full_stop", "change(1)", "Next change", show=False),
        Binding("left_square_bracket,comma", "change(-1)", "Previous change", show=False),
        Binding("less_than_sign", "sideways(-1)", "To the left, where lines are not wrapped", show=False),
        Binding("greater_than_sign", "sideways(1)", "To the right", show=False),
        Binding("z", "fold_all", "Fold or unfold everything", show=False),
    ]

    class Moved(Message):
        """The cursor stands for other changes than before."""

    def __init__(self, leave: Callable[[], None], *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        """`leave` goes back to the list."""
        super().__init__(id=id)
        self._leave = leave
        self.is_beside = True
        self.is_wrapped = True
        self._measured = 0.0
        self.cursor = 0
        self._page: Page | None = None
        self._lines: PageLines | None = None
        self._laid_out_for: Shape | None = None
        self._opened: dict[str, bool] = {}
        self._mark: Callable[[Sequence[Change]], Mark] = lambda _: "none"
        self._faces = Faces(self, "recording")
        self._making: Timer | None = None

    # What is shown

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self._page

    @property
    def has_two_sides(self) -> bool:
        """Whether old stands beside new: that is wanted, and there is room."""
        return self._lines is not None and self._lines.shape.has_two_sides

    @property
    def shape(self) -> Shape:
        """How lines are laid out now."""
        width = max(self.scrollable_content_region.width, 20)
        beside = self.is_beside and not self.screen.has_class("-narrow")
        return Shape(width, beside, self.is_wrapped, brackets=self.app.no_color)

    def show_page(self, page: Page | None, mark: Callable[[Sequence[Change]], Mark]) -> None:
        """Show a page from its top; one of the same recording keeps the place.

        What was unfolded stays so on the next page; what was folded does not, lest a change there goes unseen.
        """
        stays = page is not None and self._page is not None and page.key == self._page.key
        is_same_view = page is not None and self._page is not None and _keys(page) == _keys(self._page)
        self._page, self._mark = page, mark
        if not is_same_view:
            self.scroll_to(0, animate=False, force=True)
        if not stays:
            self.cursor = 0
            self._opened = {key: True for key, is_open in self._opened.items() if is_open}
            self.scroll_to(0, 0, animate=False, force=True)
        self._lay_out()
        self.post_message(self.Moved())

    def target(self) -> tuple[Change, ...]:
        """The changes that the cursor stands for; none at the title, which stands for the whole recording."""
        line = self._line(self.cursor)
        if line is None or line.section < 0 or self._page is None:
            return ()
        return line.changes or self._page.sections[line.section].changes

    def text_here(self) -> str:
        """What the cursor stands on, as text: a change's whole value, or the line."""
        line = self._line(self.cursor)
        return words_of(line.text).strip() if line else ""

    def set_shape(self, *, is_beside: bool | None = None, is_wrapped: bool | None = None) -> None:
        """Old beside new or in one flow; long lines wrapped or not. The place in the page stays."""
        head = self._line(self.cursor)
        self.scroll_to(0, animate=False, force=True)
        self.is_beside = self.is_beside if is_beside is None else is_beside
        self.is_wrapped = self.is_wrapped if is_wrapped is None else is_wrapped
        self._lay_out()
        if head is not None and head.section >= 0 and self._lines is not None:
            self._go(self._lines.head_of(head.section))

    def refresh_marks(self) -> None:
        """Draw the marks anew: something was decided."""
        self.refresh()

    def toggle_section(self, key: str) -> bool:
        """Open a section and go there, or fold it; False where the page has none of that name."""
        sections = self._page.sections if self._page else ()
        number = next((at for at, section in enumerate(sections) if section.key == key), None)
        if number is None:
            return False
        self._opened[key] = not self._is_open(sections[number])
        self._lay_out()
        assert self._lines is not None
        self._go(self._lines.head_of(number), top=True)
        return True

    # Lines

    def _is_open(self, section: Section) -> bool:
        return self._opened.get(section.key, section.is_open)

    def _line(self, index: int) -> PageLine | None:
        return self._lines[index] if self._lines is not None and 0 <= index < len(self._lines) else None

    def _lay_out(self) -> None:
        if self._page is None:
            self._lines = None
            self.virtual_size = Size(0, 0)
            self.refresh()
            return
        self._laid_out_for = self.shape
        self._lines = PageLines(self._page, self._laid_out_for, self._is_open)
        self._lines.make(max(self.cursor, self.scroll_offset.y) + self.size.height + _AHEAD)
        self.cursor = min(self.cursor, max(len(self._lines) - 1, 0))
        self._measure()
        if self._making is not None:
            self._making.stop()
        if not self._lines.is_whole:
            self._making = self.set_timer(0.001, self._make_more)

    def _make_more(self) -> None:
        lines, until = self._lines, monotonic() + _SLICE
        if lines is None or lines.is_whole:
            return
        while monotonic() < until and not lines.is_whole:
            lines.make(len(lines) + 100)
        if lines.is_whole or until > self._measured + _MEASURED_EVERY:
            self._measured = until
            self._measure()
        if not lines.is_whole:
            self._making = self.set_timer(0.001, self._make_more)

    def _measure(self) -> None:
        assert self._lines is not None
        region = self.scrollable_content_region
        width = region.width if self.is_wrapped else max(region.width, self._lines.widest + GUTTER)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the widget, as Textual asks for it."""
        width = self.scrollable_content_region.width  # the scroll bar covers the last column
        base = self.rich_style
        index = self.scroll_offset.y + y
        if self._lines is not None and index >= len(self._lines):
            self._lines.make(index + 1)
        line = self._line(index)
        if line is None:
            return Strip.blank(width, base)
        if index == self.cursor:
            base += self._faces["cursor"]
        gutter = Segment(self._gutter(line, index), base + self._gutter_style(line))
        return Strip([gutter, *self._visible_part(line, width - GUTTER, base)], width)

    def _visible_part(self, line: PageLine, room: int, base: Style) -> Strip:
        """What of a line is on the screen; `…` says that it goes on, in the colour of a change that is out of sight."""
        segments = [Segment(span.text, base + self._faces[span.style] if span.style else base) for span in line.text]
        whole, start = Strip(segments), self.scroll_offset.x
        left, right = bool(start) and whole.cell_length > 0, whole.cell_length > start + room
        shown = whole.crop_extend(start, start + room, base)
        if left:
            mark = Segment("…", self._style_of_rest(line, 0, start + 1, base))
            shown = Strip([mark, *shown.crop(1)], room)
        if right:
            mark = Segment("…", self._style_of_rest(line, start + room - 1, whole.cell_length, base))
            shown = Strip([*shown.crop(0, room - 1), mark], room)
        return shown

    def _style_of_rest(self, line: PageLine, start: int, end: int, base: Style) -> Style:
        """How to draw what stands for the columns of a line from `start` to `end`: like the first change in them."""
        at = 0
        for span in line.text:
            following = at + width_of((span,))
            if following > start and at < end and span.style in ("removed", "added"):
                return base + self._faces[span.style]
            at = following
        return base + self._faces["faint"]

    def _gutter(self, line: PageLine, index: int) -> str:
        mark = self._marked(line)
        return f"{'▌' if index == self.cursor and self.has_focus else ' '}{MARKS[mark]}"

    def _marked(self, line: PageLine) -> Mark:
        if line.changes and (line.begins or line.role == "head"):
            return self._mark(line.changes)
        return "none"

    def _gutter_style(self, line: PageLine) -> Style:
        mark = self._marked(line)
        return self._faces[mark] if mark in ("accepted", "rejected") else Style()

    def notify_style_update(self) -> None:
        """Another theme: the styles are looked up anew."""
        self._faces.clear()
        super().notify_style_update()

    def on_resize(self, event: events.Resize) -> None:
        """Another width: the lines are made anew."""
        if self._lines is None or self._laid_out_for != self.shape:
            self._lay_out()
        del event

    # Moving

    def _go(self, index: int, *, top: bool = False) -> None:
        if self._lines is None:
            return
        self._lines.make(index + 2)
        before, self.cursor = self.target(), max(min(index, len(self._lines) - 1), 0)
        if len(self._lines) != self.virtual_size.height:
            self._measure()
        region = Region(self.scroll_offset.x, self.cursor, 1, 1)
        if top:
            self.scroll_to(y=max(self.cursor - 2, 0), animate=False, force=True)
        else:
            self.scroll_to_region(region, animate=False, force=True)
        self.refresh()
        if self.target() != before:
            self.post_message(self.Moved())

    def action_cursor(self, step: int) -> None:
        """A line up or down."""
        self._go(self.cursor + step)

    def action_page(self, step: int) -> None:
        """A screen up or down."""
        self._go(self.cursor + step * max(self.size.height - 2, 1))

    def action_sideways(self, step: int) -> None:
        """Half a screen to the side, where lines are longer than it is wide."""
        self.scroll_to(self.scroll_offset.x + step * (self.size.width // 2), animate=False, force=True)

    def action_end(self, step: int) -> None:
        """To the top, or to the end, which makes all lines."""
        self.scroll_to(0, animate=False, force=True)
        if step > 0 and self._lines is not None:
            self._lines.make(10**9)
        self._go(len(self._lines) if step > 0 and self._lines is not None else 0)

    def action_change(self, step: int) -> None:
        """To the next change, or the one before."""
        if self._lines is None:
            return
        index = self.cursor + step
        while index >= 0:
            self._lines.make(index + 1)
            line = self._line(index)
            if line is None:
                return
            if line.begins or (line.role == "head" and line.changes and not self._is_open(self._section(line))):
                self._go(index)
                return
            index += step
        self._go(0)

    def _section(self, line: PageLine) -> Section:
        assert self._page is not None
        return self._page.sections[line.section]

    def action_fold(self) -> None:
        """Fold or unfold the section under the cursor."""
        line = self._line(self.cursor)
        if line is not None and line.section >= 0:
            self._set_open(line.section, not self._is_open(self._section(line)))

    def action_unfold(self) -> None:
        """Unfold the section under the cursor."""
        line = self._line(self.cursor)
        if line is not None and line.section >= 0:
            self._set_open(line.section, True)

    def action_leave(self) -> None:
        """Fold the section under the cursor; where there is nothing to fold, back to the list."""
        line = self._line(self.cursor)
        if line is None or line.section < 0 or not self._is_open(self._section(line)):
            self._leave()
        else:
            self._set_open(line.section, False)

    def _set_open(self, number: int, is_open: bool) -> None:
        assert self._page is not None
        self._opened[self._page.sections[number].key] = is_open
        self._lay_out()
        assert self._lines is not None
        self._go(self._lines.head_of(number))

    def action_fold_all(self) -> None:
        """Fold every section; where all are folded, unfold those that changed."""
        sections = self._page.sections if self._page else ()
        if any(self._is_open(section) for section in sections):
            self._opened.update((section.key, False) for section in sections)
        else:
            for section in sections:
                self._opened.pop(section.key, None)
                if not section.is_open:
                    self._opened[section.key] = bool(section.changes)
        self._lay_out()
        self._go(0)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; on a section's head, fold or unfold it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        line = self._line(index)
        if line is not None:
            self._go(index)
            if line.role == "head":
                self.action_fold()
