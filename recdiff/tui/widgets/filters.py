"""The counters above the list, each of which is a filter: by class, by status, undecided only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from recdiff.filtering import Counts, Filter
from recdiff.model import CLASSES, STATUSES
from recdiff.tui.widgets.faces import face


class Chip(NamedTuple):
    """One counter: what it filters by, and the words on it."""

    kind: str
    name: str
    words: str


class FilterBar(Widget, can_focus=True):
    """Counters in as many lines as they need. A click, or space on the focused one, switches it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"filters--{name}" for name in (*CLASSES, "status", "undecided", "on", "cursor")),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", "Previous counter", show=False),
        Binding("right,down", "step(1)", "Next counter", show=False),
        Binding("enter,space", "switch", "Switch this filter on or off", show=False),
    ]

    counts: reactive[Counts | None] = reactive(None, layout=True)
    wanted: reactive[Filter] = reactive(Filter())
    cursor: reactive[int] = reactive(0)

    class Switched(Message):
        """A filter was switched on or off."""

        def __init__(self, kind: str, name: str) -> None:
            super().__init__()
            self.kind = kind
            self.name = name

    def chips(self) -> list[Chip]:
        """The counters that are not zero, and those that are switched on."""
        counts, wanted = self.counts, self.wanted
        if counts is None:
            return []
        found = [
            Chip("class", name, f"{name} {counts.classes[name]:,}")
            for name in CLASSES
            if counts.classes[name] or name in wanted.classes
        ]
        found += [
            Chip("status", name, f"{name} {counts.statuses[name]:,}")
            for name in STATUSES
            if counts.statuses[name] or name in wanted.statuses
        ]
        if counts.undecided or wanted.undecided:
            found.append(Chip("undecided", "undecided", f"undecided {counts.undecided:,}"))
        return found

    def _placed(self, width: int) -> Iterator[tuple[int, int, int, Chip]]:
        """Each chip with its line, its first column and its number."""
        line = column = 0
        previous = ""
        for number, chip in enumerate(self.chips()):
            gap = 3 if previous and previous != chip.kind else 1
            size = len(chip.words) + 2
            if column and column + gap + size > width:
                line, column, gap = line + 1, 0, 0
            column += gap if column else 0
            yield line, column, number, chip
            column += size
            previous = chip.kind

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the chips take."""
        del container, viewport
        return max((line for line, *_ in self._placed(width)), default=0) + 1

    def render_line(self, y: int) -> Strip:
        """One line of chips."""
        base = self.rich_style
        width = self.content_size.width
        segments: list[Segment] = []
        used = 0
        for line, column, number, chip in self._placed(width):
            if line == y:
                segments.append(Segment(" " * (column - used), base))
                text = f"[{chip.words}]" if self._is_on(chip) else f" {chip.words} "
                segments.append(Segment(text, base + self._look(chip, number)))
                used = column + len(text)
        return Strip(segments, used).crop_extend(0, width, base)

    def _is_on(self, chip: Chip) -> bool:
        if chip.kind == "class":
            return chip.name in self.wanted.classes
        return chip.name in self.wanted.statuses if chip.kind == "status" else self.wanted.undecided

    def _look(self, chip: Chip, number: int) -> Style:
        names = [f"filters--{chip.name if chip.kind == 'class' else chip.kind}"]
        names += ["filters--on"] if self._is_on(chip) else []
        names += ["filters--cursor"] if self.has_focus and number == self.cursor else []
        style = Style()
        for name in names:
            style += face(self, name)
        return style

    def watch_counts(self) -> None:
        """The cursor stays on a counter that is there."""
        self.cursor = max(min(self.cursor, len(self.chips()) - 1), 0)

    def action_step(self, step: int) -> None:
        """To another counter."""
        count = len(self.chips())
        if count:
            self.cursor = (self.cursor + step) % count

    def action_switch(self) -> None:
        """Switch the counter under the cursor."""
        chips = self.chips()
        if chips:
            chip = chips[self.cursor]
            self.post_message(self.Switched(chip.kind, chip.name))

    def on_click(self, event: events.Click) -> None:
        """Switch the counter that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for line, column, number, chip in self._placed(self.content_size.width):
            if line == offset.y and column <= offset.x < column + len(chip.words) + 2:
                self.cursor = number
                self.post_message(self.Switched(chip.kind, chip.name))
