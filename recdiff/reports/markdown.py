"""The review as Markdown: a comment for a pull request on GitHub or GitLab, within the size that they take.

Counts are Markdown; whatever was recorded or named by somebody stands in blocks of HTML, by way of `inert` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from recdiff.model import CLASSES, STATUSES, Group, Review, level_of
from recdiff.reports import fitting
from recdiff.reports.fitting import Item, Section, Size, block
from recdiff.reports.inert import Marked, changed_code, code
from recdiff.reports.links import Links, Read
from recdiff.reports.markdownchanged import DETAILS, Detail, grouped_only, recordings
from recdiff.reports.markdownlone import lone, rules_of, unreadable
from recdiff.reports.paint import counted, plural
from recdiff.reports.telling import group_text, is_told_above
from recdiff.safe import visible

COMMENT_LIMIT = 65_536
"""Characters that GitHub takes as a comment, and no more than four bytes for each of them."""

_LONGEST_NAME = 80
"""Characters of a range or of a selection in words."""
_MOST_OPEN = 12
"""Groups of equal changes whose table is not folded."""


def markdown(
    review: Review, *, limit: int = COMMENT_LIMIT, link_base: str | None = None, read_new: Read | None = None
) -> str:
    """A comment on a pull request, of at most `limit` characters (code points; 2,000 or more) and ending in a newline.

    Where it would be longer, it tells fewer words around each change, then fewer recordings, the weightiest first, then
    fewer groups; it always has the full counts, and says what it left out. With `link_base` (`https://…/blob/COMMIT`)
    the names of files are links; `read_new` gives a file's new bytes, so that they lead to the line of a change.
    """
    return fitted(review, limit, len, Links(link_base, read_new))


def fitted(review: Review, limit: int, size: Size, links: Links) -> str:
    """The comment within `limit`, as `size` measures it."""
    sections: list[Section] = []
    for step, detail in enumerate(DETAILS):
        sections = _sections(review, detail, links)
        if fitting.may_fit(sections, limit, size):
            text = _page(review, sections, fitting.everything(sections), step)
            if size(text) <= limit:
                return text
    last = len(DETAILS) - 1
    frames = _page(review, sections, fitting.nothing(sections), last)
    return _page(review, sections, fitting.fill(sections, limit - size(frames), size), last)


def _sections(review: Review, detail: Detail, links: Links) -> list[Section]:
    """The page from top to bottom."""
    return [
        fitting.fixed(_verdict(review)),
        _lines("⚠ This range changes recdiff's rules", review.rules_changed, detail, "changes of rules"),
        _lines("Note", review.notes, detail, "notes"),
        fitting.fixed(_asked_for(review)),
        _classes(review),
        _groups(review, detail),
        unreadable(review, detail, links),
        recordings(review, detail, links),
        grouped_only(review, detail, links),
        lone(review, "added", detail, links),
        lone(review, "removed", detail, links),
        fitting.fixed(_rest(review)),
        rules_of(review),
    ]


def _page(review: Review, sections: Sequence[Section], kept: fitting.Kept, step: int) -> str:
    return "\n\n".join(filter(None, (fitting.written(sections, kept), _ending(review, sections, kept, step)))) + "\n"


# What is always there


def _verdict(review: Review) -> str:
    if not review.files:
        return _no_verdict(review)
    total = plural(len(review.files), "re-recorded file")
    meaningful = review.count("meaningful")
    verdict = f"{meaningful:,} of {total} changed in meaning" if meaningful else f"no change in meaning in {total}"
    classes = _class_counts(review)
    told = [f"{classes[name]:,} {name}" for name in CLASSES if classes[name] and level_of(name) == "meaningful"]
    for status in STATUSES:
        if status != "meaningful" and review.count(status):
            told.append(f"{review.count(status):,} {status}{' only' if status in ('minor', 'noise') else ''}")
    return " · ".join((f"**recdiff: {verdict}**", *told))


def _no_verdict(review: Review) -> str:
    if review.selection and review.selection.files:
        return f"**recdiff: none of {plural(review.selection.files, 'differing recording')} is what was asked for**"
    others = f" · {plural(review.skipped, 'other file')} {'does' if review.skipped == 1 else 'do'}"
    return f"**recdiff: no recordings differ**{others if review.skipped else ''}"


def _asked_for(review: Review) -> str:
    if review.selection is None:
        return ""
    part = f"Only a part of {plural(review.selection.files, 'differing recording')} was asked for"
    return f"<p>{part}: {code(review.selection.words, _LONGEST_NAME)}</p>"


def _class_counts(review: Review) -> Counter[str]:
    return Counter(name for entry in review.files for name in {change.change_class for change in entry.changes})


def _classes(review: Review) -> Section:
    """How many recordings changed in each class: a table, or a line where there is no room for one."""
    counts = _class_counts(review)
    found = [name for name in CLASSES if counts[name]]
    rows = [f"| {name} | {level_of(name)} | {counts[name]:,} |" for name in found]
    table = "\n".join(("| class | level | recordings |", "|---|---|--:|", *rows))
    line = "Recordings by class: " + ", ".join(f"{name} {counts[name]:,}" for name in found)
    return Section([Item(lambda: table)] if found else (), lambda shown, _left: shown or (line if found else ""))


def _rest(review: Review) -> str:
    """What is told by its number alone."""
    minor = [entry for entry in review.files if entry.status == "minor"]
    classes = Counter(name for entry in minor for name in {change.change_class for change in entry.changes})
    told = []
    if minor:
        told.append(f"Minor only: {plural(len(minor), 'recording')} ({counted(list(classes.items()), ', ')})")
    if review.count("noise"):
        told.append(f"Noise only: {plural(review.count('noise'), 'recording')}")
    if review.files and review.skipped:
        told.append(f"{plural(review.skipped, 'other file')} skipped")
    return " · ".join(told)


def _ending(review: Review, sections: Sequence[Section], kept: fitting.Kept, step: int) -> str:
    """What was left out, and the command that tells it."""
    if not review.files:
        return f"<p>Compared: {code(review.old, _LONGEST_NAME)} and {code(review.new, _LONGEST_NAME)}.</p>"
    told = [f"{left:,} {section.noun}" for section, left in _left_out(sections, kept) if section.noun]
    if step:
        told.append("words around changes")
    label = visible(review.label)
    command = code(f"recdiff diff --full {label}", _LONGEST_NAME)
    if any(map(str.isspace, label)):  # no range that somebody could type, but both sides in words
        command = f"{code('recdiff diff --full')} on {code(label, _LONGEST_NAME)}"
    if told:
        return f"<p>Left out to stay within the limit: {', '.join(told)}. {command} tells all.</p>"
    return f"<p>{command} tells every word.</p>"


def _left_out(sections: Sequence[Section], kept: fitting.Kept) -> Iterator[tuple[Section, int]]:
    for section, shown in zip(sections, kept, strict=True):
        left = section.left_out(shown)
        if left:
            yield section, left


# What may be cut


def _lines(heading: str, lines: Sequence[str], detail: Detail, noun: str) -> Section:
    """What the reader must know before anything else."""

    def frame(shown: str, left: int) -> str:
        if not lines:
            return ""
        more = f"<li>… and {left:,} more</li>" if left else ""
        return block(f"<p><b>{heading}</b></p>", "<ul>", shown, more, "</ul>") if shown else f"<p><b>{heading}</b></p>"

    items = [Item(partial(_list_item, line, detail.row)) for line in lines]
    return Section(items, frame, turn=0, share=0.3, noun=noun)


def _list_item(text: str, most: int) -> str:
    return f"<li>{code(text, most)}</li>"


def _groups(review: Review, detail: Detail) -> Section:
    """The same change in many, once, with its count."""
    groups = [group for group in review.groups if is_told_above(group.change_class, review)]
    samples = {change.group: change for entry in review.files for change in entry.changes if change.group}
    paint = Marked(context=detail.context, longest=detail.longest)

    def row(group: Group) -> str:
        told = changed_code(group_text(group, samples.get(group.id), paint, ": "), detail.row)
        return f"<tr><td>{group.change_class}</td><td>{group.files:,}</td><td>{told}</td></tr>"

    def frame(shown: str, left: int) -> str:
        if not shown:
            return f"<p>{plural(len(groups), 'change')} of several recordings</p>" if groups else ""
        more = f"<tr><td></td><td></td><td>… and {left:,} more</td></tr>" if left else ""
        head = "<tr><th>class</th><th>recordings</th><th>the same change in many</th></tr>"
        table = block("<table>", head, shown, more, "</table>")
        if len(groups) <= _MOST_OPEN:
            return table
        return block(
            f"<details><summary><b>The same change in many: {len(groups):,}</b></summary>", table, "</details>"
        )

    return Section([Item(partial(row, group)) for group in groups], frame, turn=3, share=0.5, noun="groups")
