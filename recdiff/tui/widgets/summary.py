"""The first line: the range, how many recordings, how far the decisions are, and what is being read."""

from __future__ import annotations

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from recdiff.decisions import Tally
from recdiff.safe import shortened, visible

_BAR = 18
"""Columns of the progress bar."""


class Summary(Widget):
    """One line; it says less where there is less room."""

    label: reactive[str] = reactive("")
    total: reactive[int] = reactive(0)
    tally: reactive[Tally] = reactive(Tally(0, 0, 0))
    steps: reactive[tuple[int, int] | None] = reactive(None)
    note: reactive[str] = reactive("")
    is_kept: reactive[bool] = reactive(True)
    """Whether decisions are on disk."""

    def words(self) -> str:
        """How far the review is: `37 of 52 decided, 3 rejected`."""
        tally = self.tally
        if not tally.total:
            return "nothing to decide"
        rejected = f", {tally.rejected:,} rejected" if tally.rejected else ""
        return f"{tally.decided:,} of {tally.total:,} decided{rejected}"

    def render(self) -> Text:
        """The line."""
        width = self.content_size.width
        right = Text()
        if self.steps is not None:
            done, total = self.steps
            filled = round(_BAR * done / total) if total else 0
            right = Text.assemble(
                ("━" * filled, "bold"), ("─" * (_BAR - filled), "dim"), f" reading {done:,}/{total:,}"
            )
        elif self.note:
            right = Text(self.note, "dim")
        kept = "" if self.is_kept else " · not kept"
        middle = f" · {self.total:,} recording{'' if self.total == 1 else 's'} · {self.words()}{kept}"
        room = width - len(middle) - right.cell_len - 2
        if room < 8 and self.steps is None:
            right, room = Text(), width - len(middle) - 1
        left = Text(f"{shortened(visible(self.label), max(room, 6))}{middle}")
        left.truncate(max(width - right.cell_len - 1, 10), overflow="ellipsis", pad=True)
        row = Text.assemble(left, " " if right.cell_len else "", right, no_wrap=True, end="")
        row.truncate(width)
        return row
