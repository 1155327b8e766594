"""What a row of the list says within its columns: a title that is no other row's, and what was asked beside it."""

from __future__ import annotations

from collections.abc import Iterable

from recdiff.arranging import Leaf
from recdiff.naming import about, asked
from recdiff.reports.changedtext import common_start
from recdiff.safe import cells, shortened, visible

_LEAST_CALLED, _LEAST_ASKED = 16, 14
"""Columns below which what was called, and what was asked, is not worth a beginning."""


def fitted(title: str, width: int, others: Iterable[str]) -> str:
    """A visible title in so many columns. What was asked goes first; then what other rows share."""
    if cells(title) <= width:
        return title
    head, said, _ = title.partition(" “")
    if said:
        if cells(head) + _LEAST_ASKED <= width:
            return shortened(title, width)
        title = head
    if cells(title) <= width:
        return title
    near = [other.partition(" “")[0] for other in others if other.startswith(title[: width // 3])]
    if not any(other.startswith(title[: max(width - 1, 1)]) for other in near):
        return shortened(title, width)
    shared = min(common_start(title, other) for other in near)
    while shared and title[shared - 1].isalnum():  # whole words
        shared -= 1
    room = max(width // 4, width - 1 - cells(title[shared:]))
    if shared <= room:
        return cut_in_middle(title, width)
    head = shortened(title[:shared], room)
    return f"{head}{cut_in_middle(title[shared:], width - cells(head))}"


def cut_in_middle(text: str, width: int) -> str:
    """A text without its middle where it is too wide: what tells tests apart is often the end of their names."""
    if cells(text) <= width:
        return text
    tail = (width - 1) * 2 // 5
    start = next((at for at in range(len(text)) if cells(text[at:]) <= tail), len(text))
    end = next((at for at in range(len(text), 0, -1) if cells(text[:at]) <= width - 1 - tail), 0)
    return f"{text[:end]}…{text[start:]}"


def beside(leaf: Leaf, room: int) -> str:
    """What was asked, and what was called, as far as there is room for it beside a row's title."""
    called = visible(about(leaf.entry))
    said = "" if "“" in leaf.title else visible(asked(leaf.entry))
    if said.startswith(called):  # of a tool, the call says it all
        called = ""
    if said and room - cells(called) > _LEAST_ASKED + 4:
        return f"“{shortened(said, room - cells(called) - 4)}”  {called}".rstrip()
    told = f"“{shortened(said, room - 2)}”" if said else shortened(called, room)
    return told if room > _LEAST_CALLED else ""
