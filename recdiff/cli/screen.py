"""Opens the review screen on a range: reading begins before Textual is loaded; says how the screen was left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from recdiff.cli import output
from recdiff.errors import GitError
from recdiff.model import FileReview, Review
from recdiff.rules.config import ProjectConfig
from recdiff.rules.project import project_config
from recdiff.sources.base import Source

if TYPE_CHECKING:
    from recdiff.opening import Opener
    from recdiff.pipeline import Found, Progress
    from recdiff.tui.app import Outcome

_MOST_TOLD = 20
"""Rejected recordings that are named one by one when the screen was left."""


def can_open() -> bool:
    """Whether somebody sits at a terminal that can show more than lines."""
    return output.is_conversation() and os.environ.get("TERM", "") not in ("", "dumb")


class RangeReader:
    """Reviews a range each time it is called. The source is opened at once, so that what cannot be is said early.

    `narrow` keeps what the command line asked for. Raises UsageError, RangeError, RulesError and GitError.
    """

    def __init__(
        self,
        make_source: Callable[[], Source],
        config: str | None = None,
        *,
        every_file: bool = False,
        narrow: Callable[[Review], Review] = lambda review: review,
        narrow_file: Callable[[FileReview], FileReview | None] = lambda entry: entry,
    ) -> None:
        self._make_source = make_source
        self._config = config
        self._every_file = every_file
        self._narrow = narrow
        self._narrow_file = narrow_file
        self._first: tuple[Source, ProjectConfig, tuple[str, ...]] | None = self._opened()
        self.label = self._first[0].label

    def _opened(self) -> tuple[Source, ProjectConfig, tuple[str, ...]]:
        source = self._make_source()
        try:
            return source, *project_config(source, self._config)
        except BaseException:
            source.close()
            raise

    def __call__(self, progress: Progress, found: Found) -> tuple[Review, Opener]:
        """Review the range as it is now."""
        from recdiff.opening import Opener
        from recdiff.pipeline import Options, review

        source, config, rules_changed = self._first or self._opened()
        self._first = None

        def tell(entry: FileReview) -> None:
            narrowed = self._narrow_file(entry)
            if narrowed is not None:
                found(narrowed)

        try:
            options = Options(
                config,
                every_file=self._every_file,
                rules_changed=rules_changed,
                progress=progress,
                fingerprints=True,
                found=tell,
            )
            return self._narrow(review(source, options)), Opener(self._make_source, config)
        finally:
            source.close()


def review_on_screen(
    reader: RangeReader, *, directory: str = ".", exit_code: bool = False, strict: bool = False
) -> int:
    """Show what a reader reads until the user leaves; returns the exit code, and says how it was left."""
    from recdiff.tui.subject import Reading, Subject

    subject = Subject(reader.label, reader, state_folder(directory), work_tree(directory))
    reading = Reading(subject.read).start()
    from recdiff.tui.app import run  # Textual loads while the range is read

    outcome, code = run(subject, reading)
    if outcome.error:
        output.complain(outcome.error)
        return 2
    _say(subject.label, outcome)
    if code:
        return code
    review, tally = outcome.review, outcome.tally
    if strict and review is not None and review.count("unreadable"):
        return 2
    return int(exit_code and (review is None or tally.rejected > 0 or tally.decided < tally.total))


def _say(label: str, outcome: Outcome) -> None:
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import headline
    from recdiff.safe import visible

    review, tally = outcome.review, outcome.tally
    if review is None:
        return
    if not review.files:
        for line in headline(review, Paint()):
            output.write(f"{line}\n")
        return
    rejected = f", {tally.rejected:,} rejected" if tally.rejected else ""
    told = f"{tally.decided:,} of {tally.total:,} decided{rejected}" if tally.total else "nothing to decide"
    output.write(f"{visible(label)}: {told}\n")
    for path, comment in outcome.rejected[:_MOST_TOLD]:
        output.write(f"  ✗ {visible(path)}{f'  “{visible(comment)}”' if comment else ''}\n")
    if len(outcome.rejected) > _MOST_TOLD:
        output.write(f"  … and {len(outcome.rejected) - _MOST_TOLD:,} more\n")
    for line in outcome.unwritten:
        output.complain(line)


def state_folder(directory: str) -> str | None:
    """Where the state of reviews is kept: the directory that all work trees of a repository share; None outside one."""
    return _asked(directory, "--git-common-dir")


def work_tree(directory: str) -> str | None:
    """The top of the work tree, where files can be edited."""
    return _asked(directory, "--show-toplevel")


def _asked(directory: str, question: str) -> str | None:
    from recdiff.gitonce import ask

    try:
        answer = ask("rev-parse", question, directory=directory)
    except GitError:
        return None
    return str(Path(directory, answer.text).resolve()) if answer.status == 0 and answer.text else None
