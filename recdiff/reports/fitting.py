"""A page within a limit: what must be on it, and as much of the rest as there is room for, the weightiest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

Size: TypeAlias = Callable[[str], int]
"""How long a text is: in characters, or in bytes."""

_MOST_MISFITS = 20
"""Items in a row that did not fit, after which no more are tried."""


class Item:
    """One part of a section, told whole or not at all; its text is made when it is first asked for.

    Items are kept in the order of their `weight`, the smallest first, then as they stand. `stands_for` says how many
    things it tells of.
    """

    __slots__ = ("_make", "_text", "stands_for", "weight")

    def __init__(self, make: Callable[[], str], weight: tuple[int, ...] = (), stands_for: int = 1) -> None:
        self._make = make
        self._text: str | None = None
        self.weight = weight
        self.stands_for = stands_for

    @property
    def text(self) -> str:
        """What it says."""
        if self._text is None:
            self._text = self._make()
        return self._text


class Section(NamedTuple):
    """A part of a page: `frame` puts what is shown, as it is, and how many things are left out under a heading.

    Sections choose their items by `turn`: each within its `share` of the room, then all once more from what is left.
    """

    items: Sequence[Item]
    frame: Callable[[str, int], str]
    turn: int = 0
    share: float = 1.0
    noun: str = ""
    """What is left out, in a word that stands behind a number."""
    separator: str = "\n"

    def left_out(self, kept: set[int]) -> int:
        """How many things the items that are not shown stand for."""
        return sum(item.stands_for for position, item in enumerate(self.items) if position not in kept)

    def written(self, kept: set[int]) -> str:
        """The section with these items."""
        shown = self.separator.join(self.items[position].text for position in sorted(kept))
        return self.frame(shown, self.left_out(kept))


Kept: TypeAlias = Sequence[set[int]]
"""For each section the positions of the items that are shown."""


def fixed(text: str) -> Section:
    """What stands on every page."""
    return Section((), lambda _shown, _left: text)


def everything(sections: Sequence[Section]) -> Kept:
    """All items of all sections."""
    return [set(range(len(section.items))) for section in sections]


def nothing(sections: Sequence[Section]) -> Kept:
    """No item of any section."""
    return [set() for _ in sections]


def may_fit(sections: Sequence[Section], limit: int, size: Size) -> bool:
    """Whether all items together are within `limit`; asked before frames are put around them, it ends early."""
    total = 0
    for section in sections:
        for item in section.items:
            total += size(item.text)
            if total > limit:
                return False
    return True


def block(*parts: str) -> str:
    """The parts that are there, a line each: a blank line would end a block of HTML."""
    return "\n".join(filter(None, parts))


def written(sections: Sequence[Section], kept: Kept) -> str:
    """The sections, a blank line between them."""
    told = (section.written(shown) for section, shown in zip(sections, kept, strict=True))
    return "\n\n".join(filter(None, told))


def fill(sections: Sequence[Section], room: int, size: Size) -> Kept:
    """What to show of each section so that they are at most `room` longer than with nothing.

    An item that does not fit is passed over for a smaller one.
    """
    kept: list[set[int]] = [set() for _ in sections]
    left = room
    for is_last in (False, True):
        for number in sorted(range(len(sections)), key=lambda number: sections[number].turn):
            section = sections[number]
            left -= _choose(section, kept[number], left if is_last else min(left, int(room * section.share)), size)
    return kept


def _choose(section: Section, kept: set[int], room: int, size: Size) -> int:
    """Add to `kept` what fits into `room`, and say how much of it that takes."""

    def length(count: int, inside: int, left: int) -> int:
        """How long the section is with `count` items that are `inside` long; a frame does not change what it holds."""
        if not count:
            return size(section.frame("", left))
        return size(section.frame(".", left)) - size(".") + inside + (count - 1) * size(section.separator)

    inside = sum(size(section.items[position].text) for position in kept)
    left = section.left_out(kept)
    before = now = length(len(kept), inside, left)
    misfits = 0
    for position in sorted(range(len(section.items)), key=lambda position: (section.items[position].weight, position)):
        if position in kept:
            continue
        item = section.items[position]
        after = length(len(kept) + 1, inside + size(item.text), left - item.stands_for)
        if after - before <= room:
            kept.add(position)
            inside, left, now, misfits = inside + size(item.text), left - item.stands_for, after, 0
        else:
            misfits += 1
        if misfits == _MOST_MISFITS:
            break
    return now - before
