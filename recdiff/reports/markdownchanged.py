"""The recordings of a Markdown comment that changed: each folded, with its changes; those that share all by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from recdiff.arranging import Branch, Leaf, arrange
from recdiff.model import CLASSES, Change, FileReview, Review
from recdiff.naming import about, item_of, label_of, place_of
from recdiff.reports.changes import change_lines, paths_of
from recdiff.reports.fitting import Item, Section, block
from recdiff.reports.inert import Marked, changed_code, code
from recdiff.reports.links import Links
from recdiff.reports.paint import plural
from recdiff.reports.telling import is_picked, is_told_above
from recdiff.safe import visible


class Detail(NamedTuple):
    """How much is told of a change: kept words beside it, words of one run, lines of a recording, characters of a line,
    columns of what was asked and answered, and whether every line links to its line of the file."""

    context: int
    longest: int
    changes: int
    row: int
    said: int
    has_links: bool = False


DETAILS = (Detail(8, 120, 40, 4_000, 160, True), Detail(4, 40, 30, 1_200, 90), Detail(2, 16, 20, 500, 60))
"""The steps in which a comment tells less, before it tells of fewer recordings."""

LONGEST_TITLE = 160
LONGEST_NAME = 60
"""Characters of a title and of a name, as they are escaped."""
_MOST_RULES = 6


def recordings(review: Review, detail: Detail, links: Links) -> Section:
    """Each recording that changed in its own way, folded, in the order of the tests."""
    items = []
    for title, entry in _changed(review):
        own = _own(entry, review)
        if own:
            items.append(Item(partial(_recording, title, entry, own, detail, links), _weight(entry, own)))

    def frame(shown: str, left: int) -> str:
        if not shown:
            return f"<p>{plural(len(items), 'recording')} changed on their own</p>" if items else ""
        more = f"<p>… and {plural(left, 'more recording')} that changed</p>" if left else ""
        return block("<p><b>What changed, by test</b></p>", shown, more)

    return Section(items, frame, turn=5, noun="changed")


def grouped_only(review: Review, detail: Detail, links: Links) -> Section:
    """Recordings that changed in nothing but what the table of groups tells: their names alone."""
    found = [(title, entry) for title, entry in _changed(review) if not _own(entry, review)]

    def item(title: str, entry: FileReview) -> str:
        return f"<li>{links.file(entry, title) if detail.has_links else title}</li>"

    def frame(shown: str, left: int) -> str:
        told = f"{plural(len(found), 'more recording')} changed only in what is told above"
        if not shown:
            return f"<p>{told}</p>" if found else ""
        more = f"<li>… and {left:,} more</li>" if left else ""
        return block(f"<details><summary>{told}</summary>", "<ul>", shown, more, "</ul></details>")

    items = [Item(partial(item, title, entry)) for title, entry in found]
    return Section(items, frame, turn=6, share=0.2, noun="names")


def _changed(review: Review) -> Iterator[tuple[str, FileReview]]:
    """Every recording whose changes are to be told, with its title as HTML, in the order of the tests."""
    for branch in arrange(review.files, review.groups, "test"):
        if branch.kind in ("file", "folder") or (branch.kind == "minor" and is_picked(review)):
            home = f"{code(branch.title, LONGEST_TITLE)} · " if branch.kind != "minor" else ""
            for title, leaf in _titled(branch, ""):
                yield home + code(title, LONGEST_TITLE), leaf.entry


def _titled(branch: Branch, test: str) -> Iterator[tuple[str, Leaf]]:
    """The leaves of a branch, each with its test in its title."""
    for child in branch.children:
        if isinstance(child, Branch):
            yield from _titled(child, child.title)
        else:
            yield f"{test}{' ' if test and not child.title.startswith('[') else ''}{child.title}", child


def _own(entry: FileReview, review: Review) -> list[int]:
    """The positions of the changes that no table above tells; none where that leaves nothing to look at."""
    told = []
    is_own = False
    for position, change in enumerate(entry.changes):
        if change.group is None or not is_told_above(change.change_class, review):
            told.append(position)
            is_own |= change.group is None and (change.level == "meaningful" or is_picked(review))
    return told if is_own else []


def _weight(entry: FileReview, own: Sequence[int]) -> tuple[int, ...]:
    """By the weightiest class, then by how many changes there are of it, then the next class."""
    counts = Counter(entry.changes[position].change_class for position in own)
    found: list[int] = []
    for rank, name in enumerate(CLASSES):
        if counts[name]:
            found += (rank, -counts[name])
    return (*found, len(CLASSES))


def _recording(title: str, entry: FileReview, own: Sequence[int], detail: Detail, links: Links) -> str:
    classes = {entry.changes[position].change_class for position in own}
    named = ", ".join(name for name in CLASSES if name in classes)
    lines = [f"<details><summary>{title}: {named}</summary>", "<table>"]
    rows = _rows(entry, own)
    for positions in rows[: detail.changes]:
        lines += _row(entry, positions, detail, links)
    if len(rows) > detail.changes:
        lines.append(f"<tr><td></td><td>… and {len(rows) - detail.changes:,} more lines</td></tr>")
    above = len(entry.changes) - len(own)
    told = [f"and {plural(above, 'change')} from the table above"] if above else []
    told += [_hidden(entry)] if entry.hidden else []
    called = about(entry)
    told += [code(called, LONGEST_NAME)] if called else []
    told.append(links.file(entry, code(paths_of(entry), 2 * LONGEST_TITLE), links.line(entry, rows[0][0])))
    return block(*lines, "</table>", f"<p>{' · '.join(told)}</p></details>")


def _row(entry: FileReview, positions: Sequence[int], detail: Detail, links: Links) -> Iterator[str]:
    """The changes of one line, as a row of a table: their class, and how they read."""
    first = entry.changes[positions[0]]
    line = links.line(entry, positions[0]) if detail.has_links else None
    where = f"&nbsp;{links.file(entry, f'L{line}', line)}" if line else ""
    paint = Marked(context=detail.context, longest=detail.longest)
    for text in change_lines([entry.changes[position] for position in positions], paint):
        told = _change_html(text.removeprefix(first.change_class).strip(), first, detail.row)
        yield f"<tr><td>{first.change_class}{where}</td><td>{told}</td></tr>"


def _hidden(entry: FileReview) -> str:
    """How many differences of a recording were hidden, and by which rules for the most part."""
    counts = sorted(entry.hidden.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{code(name, LONGEST_NAME)} {count:,}" for name, count in counts[:_MOST_RULES]]
    more = f", {plural(len(counts) - _MOST_RULES, 'more rule')}" if len(counts) > _MOST_RULES else ""
    return f"hidden {plural(sum(entry.hidden.values()), 'difference')}: {', '.join(told)}{more}"


def _rows(entry: FileReview, own: Sequence[int]) -> list[list[int]]:
    """The positions of the changes of each line, the weightiest first; meters share one, and items of one list."""
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position in sorted(own, key=lambda position: CLASSES.index(entry.changes[position].change_class)):
        together[_line_of(entry.changes[position], position)].append(position)
    return list(together.values())


def _line_of(change: Change, position: int) -> tuple[str, str]:
    """What changes that are told in one line have in common."""
    if change.change_class == "usage":
        return change.change_class, ""
    item = item_of(change)
    if item:
        return change.change_class, item.of
    return change.change_class, f"{position} {change.pattern}"


def _change_html(text: str, change: Change, most: int) -> str:
    """A line of a text report, its place apart from what changed there."""
    place = next((place for place in _places(change) if place and text.startswith(f"{place}  ")), "")
    if not place:
        return changed_code(text, most)
    return f"{code(place, LONGEST_TITLE)}: {changed_code(text[len(place) :].lstrip(), most)}"


def _places(change: Change) -> Iterator[str]:
    """The ways in which a line may name the place of a change."""
    yield visible(label_of(change))
    yield visible(place_of(change))
    item = item_of(change)
    if item:
        yield visible(item.place)
