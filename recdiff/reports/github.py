"""The review for GitHub Actions: a summary of the step, and annotations at the lines that changed.

Source of the format: "Workflow commands for GitHub Actions", and `ActionCommand.cs` of actions/runner, which reads a
line as a command where it begins with `::`. Line ends and `%` are escaped in what a command says, `:` and `,` also in
its properties, so that recorded text is but the words of an annotation.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from recdiff.model import CLASSES, Change, FileReview, Review
from recdiff.reports.changedlines import lines_of_changes
from recdiff.reports.changes import change_lines
from recdiff.reports.links import Links, Read
from recdiff.reports.markdown import fitted
from recdiff.reports.markdownlone import line_in
from recdiff.reports.paint import Paint, plural
from recdiff.safe import visible

SUMMARY_LIMIT = 1_000_000
"""Bytes of a step's summary; GitHub refuses more than 1 MiB whole."""
MOST_SHOWN = 10
"""Annotations of one level that GitHub shows of a step."""

_MOST_CHANGES = 10
_LONGEST_LINE = 400
"""Changes that an annotation tells, and characters of a line."""

Level: TypeAlias = Literal["error", "warning", "notice"]


def step_summary(
    review: Review, *, limit: int = SUMMARY_LIMIT, link_base: str | None = None, read_new: Read | None = None
) -> str:
    """The Markdown for `$GITHUB_STEP_SUMMARY`: as `markdown.markdown`, but `limit` is in bytes of UTF-8, from 3,000."""
    return fitted(review, limit, _bytes, Links(link_base, read_new))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


class _Annotation(NamedTuple):
    """What is to be said of a file. `changes` are those that it tells, the first of them at its line."""

    rank: int
    entry: FileReview
    changes: tuple[Change, ...]
    title: str
    ending: str = ""

    @property
    def level(self) -> Level:
        """`error` for what nobody can read and for errors."""
        return "error" if self.rank <= 0 else "warning"


def annotations(review: Review, read_new: Read) -> Iterator[str]:
    """Lines for stdout, without newlines: an annotation for each recording that changed in its own way, at the line of
    its weightiest change, and one for each change that many share, at the first of them.

    `read_new` gives a file's bytes on the new side. GitHub shows ten annotations of a level: the weightiest are given,
    and a notice says how many more there are.
    """
    if review.rules_changed:
        yield _command("warning", "recdiff: this range changes recdiff's rules", _lines(review.rules_changed))
    found = sorted(_found(review), key=lambda annotation: annotation.rank)
    room = {"error": MOST_SHOWN, "warning": MOST_SHOWN - bool(review.rules_changed)}
    left = 0
    for annotation in found:
        if room[annotation.level]:
            room[annotation.level] -= 1
            yield _written(annotation, read_new)
        else:
            left += 1
    if left:
        told = f"{plural(left, 'more annotation')} of recordings than GitHub shows of one step; the summary has them"
        yield _command("notice", "recdiff", told)


def _found(review: Review) -> Iterator[_Annotation]:
    files = {group.id: group.files for group in review.groups}
    told: set[str] = set()
    for entry in review.files:
        if entry.status == "unreadable":
            yield _Annotation(-1, entry, (), "recdiff: unreadable recording", visible(entry.error or ""))
            continue
        changes = [change for change in entry.changes if change.level == "meaningful"]
        own = [change for change in changes if change.group is None]
        shared = [change for change in changes if change.group is not None]
        if own:
            more = f"and {plural(len(shared), 'change')} that other recordings share" if shared else ""
            yield _annotation(entry, own, more)
        for change in shared:
            if change.group is not None and change.group not in told:
                told.add(change.group)
                yield _annotation(entry, [change], f"the same in {plural(files.get(change.group, 1), 'recording')}")


def _annotation(entry: FileReview, changes: list[Change], ending: str) -> _Annotation:
    ordered = sorted(changes, key=lambda change: CLASSES.index(change.change_class))
    names = ", ".join(dict.fromkeys(change.change_class for change in ordered))
    return _Annotation(CLASSES.index(ordered[0].change_class), entry, tuple(ordered), f"recdiff: {names}", ending)


def _written(annotation: _Annotation, read_new: Read) -> str:
    entry = annotation.entry
    path, line = entry.new_path, 1
    if path is None:
        return _command(annotation.level, annotation.title, f"{visible(entry.path)}: {annotation.ending}")
    if not annotation.changes:
        line = line_in(entry.error or "") or 1
    else:
        data = read_new(path)
        line = lines_of_changes(path, data, annotation.changes[:1])[0] if data is not None else 1
    said = [visible(entry.test_id)] if entry.test_id else []
    said += change_lines(annotation.changes[:_MOST_CHANGES], Paint())
    more = len(annotation.changes) - _MOST_CHANGES
    said += [f"… and {plural(more, 'more change')}"] if more > 0 else []
    return _command(annotation.level, annotation.title, _lines([*said, annotation.ending]), path, line)


def _lines(lines: list[str] | tuple[str, ...]) -> str:
    cut = (
        line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…" for line in map(visible, lines) if line
    )
    return "\n".join(cut)


def _command(level: Level, title: str, message: str, path: str | None = None, line: int = 1) -> str:
    place = f"file={_property(visible(path))},line={line}," if path is not None else ""
    return f"::{level} {place}title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
