"""What every command that reviews a range shares: its options, opening its source, finding the project's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from recdiff.errors import UsageError
from recdiff.filtering import classes_of
from recdiff.model import CLASSES, STATUSES, FileReview, Review, Selection, status_of
from recdiff.sources.base import Source

Function = TypeVar("Function", bound=Callable[..., object])


class Asked(NamedTuple):
    """What a command line asked for: the range, and which part of the review to show."""

    revisions: tuple[str, ...]
    paths: tuple[str, ...] | None
    staged: bool
    no_index: bool
    config: str | None
    only: tuple[str, ...]
    statuses: tuple[str, ...]
    tests: tuple[str, ...]


def range_options(function: Function) -> Function:
    """The range and the filters, as click options; `asked` collects them."""
    for option in reversed(
        (
            click.argument("revisions", nargs=-1, metavar="[RANGE]"),
            click.option("--staged", "--cached", is_flag=True, help="Review the index against HEAD (or A)."),
            click.option("--no-index", is_flag=True, help="Compare two folders or two files: OLD NEW."),
            click.option("--config", metavar="FILE", help="Take the project's rules from FILE."),
            click.option("--only", multiple=True, metavar="CLASS", help="Show only changes of CLASS; repeatable."),
            click.option("--status", "statuses", multiple=True, metavar="STATUS", help="Show only files of STATUS."),
            click.option("--test", "tests", multiple=True, metavar="PATTERN", help="Show only tests like PATTERN."),
        )
    ):
        function = option(function)
    return function


def asked(context: click.Context, values: dict[str, object]) -> Asked:
    """The options of `range_options`, checked. Raises UsageError for unknown classes and statuses."""
    paths = context.obj
    found = Asked(
        revisions=_words(values["revisions"]),
        paths=tuple(paths) if isinstance(paths, list) else None,
        staged=bool(values["staged"]),
        no_index=bool(values["no_index"]),
        config=str(values["config"]) if values["config"] else None,
        only=_split(values["only"]),
        statuses=_split(values["statuses"]),
        tests=_words(values["tests"]),
    )
    _check(found.only, CLASSES, "class")
    _check(found.statuses, STATUSES, "status")
    return found


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (tuple, list)) else ()


def _split(value: object) -> tuple[str, ...]:
    return tuple(word for text in _words(value) for word in text.split(",") if word)


def _check(words: Sequence[str], known: Sequence[str], noun: str) -> None:
    for word in words:
        if word not in known:
            from difflib import get_close_matches

            near = get_close_matches(word, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
            raise UsageError(f"no {noun} '{word}'; {hint}")


def open_source(wanted: Asked) -> Source:
    """The source that a command line names. Raises UsageError, GitError or RangeError."""
    if wanted.no_index:
        if len(wanted.revisions) + len(wanted.paths or ()) != 2 or wanted.staged:
            raise UsageError("--no-index takes two folders or two files: recdiff diff --no-index OLD NEW")
        from recdiff.sources.folders import open_folders

        old, new = (*wanted.revisions, *(wanted.paths or ()))
        return open_folders(old, new)
    from recdiff.sources.git_range import open_range

    return open_range(".", wanted.revisions, staged=wanted.staged, paths=wanted.paths or ())


def make_review(wanted: Asked, *, trace: bool = False, synopses: bool = True, samples: int = 0) -> Review:
    """Review what a command line names, and keep the part that its filters ask for."""
    from recdiff.cli.output import Progress

    source = open_source(wanted)
    try:
        from recdiff.pipeline import Options, review_project

        progress = Progress()
        try:
            options = Options(
                trace=trace,
                synopses=synopses,
                samples=samples,
                every_file=wanted.no_index and are_files(wanted),
                progress=progress,
            )
            found = review_project(source, wanted.config, options)
        finally:
            progress.done()
        return selected(found, wanted)
    finally:
        source.close()


def are_files(wanted: Asked) -> bool:
    """Whether two files were named, no folder."""
    return not any(Path(path).is_dir() for path in (*wanted.revisions, *(wanted.paths or ())))


def selected(review: Review, wanted: Asked) -> Review:
    """The part of a review that the filters ask for, with the counts and statuses of that part."""
    if not (wanted.only or wanted.statuses or wanted.tests):
        return review
    kept = (narrowed(entry, wanted) for entry in review.files)
    files = tuple(entry for entry in kept if entry is not None)
    counts = Counter(name for entry in files for name in {change.group for change in entry.changes})
    groups = tuple(group._replace(files=counts[group.id]) for group in review.groups if counts[group.id])
    selection = Selection(words_of(wanted), len(review.files), by_class=bool(wanted.only))
    return review._replace(files=files, groups=groups, selection=selection)


def words_of(wanted: Asked) -> str:
    """The filters as they were typed."""
    filters = (("--only", wanted.only), ("--status", wanted.statuses), ("--test", wanted.tests))
    return " ".join(f"{option} {','.join(values)}" for option, values in filters if values)


def narrowed(entry: FileReview, wanted: Asked) -> FileReview | None:
    """What the filters leave of one file; None where that is nothing."""
    if wanted.statuses and entry.status not in wanted.statuses:
        return None
    if entry.status == "unreadable":  # of no class and no test that anybody could know
        return entry
    if wanted.tests and not any(_is_like(entry.test_id or "", pattern) for pattern in wanted.tests):
        return None
    if not wanted.only:
        return entry
    if entry.status in ("added", "removed"):
        return None if classes_of(entry).isdisjoint(wanted.only) else entry
    changes = tuple(change for change in entry.changes if change.change_class in wanted.only)
    rest = tuple(change for change in entry.changes if change.change_class not in wanted.only)
    return entry._replace(changes=changes, status=status_of(changes), unshown=rest) if changes else None


def _is_like(test_id: str, pattern: str) -> bool:
    return pattern in test_id or fnmatchcase(test_id, pattern) or fnmatchcase(test_id, f"*{pattern}*")


def exit_code(review: Review, *, asked_for: bool, strict: bool) -> int:
    """2 for unreadable recordings with `--strict`, 1 for meaningful differences with `--exit-code`, else 0."""
    if strict and review.count("unreadable"):
        return 2
    return int(asked_for and review.count("meaningful") > 0)
