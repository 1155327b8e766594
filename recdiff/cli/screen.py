"""Opens the review screen on a range: reading begins before Textual is loaded; says how the screen was left."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from recdiff.cli import output
from recdiff.tui.apart import Apart
from recdiff.tui.subject import Facts, Reading

if TYPE_CHECKING:
    from recdiff.model import FileReview, Review
    from recdiff.opening import Opener
    from recdiff.pipeline import Found, Progress
    from recdiff.rules.config import ProjectConfig
    from recdiff.sources.base import Source
    from recdiff.tui.app import Outcome

_MOST_TOLD = 20
"""Rejected recordings that are named one by one when the screen was left."""


def can_open() -> bool:
    """Whether somebody sits at a terminal that can show more than lines."""
    return output.is_screen() and os.environ.get("TERM", "") not in ("", "dumb")


class Range:
    """Implements `Subject` for a source. `narrow` keeps the `part` that the command line asked for in words.

    Each method raises UsageError, RangeError, RulesError or GitError for what cannot be.
    """

    def __init__(
        self,
        make_source: Callable[[], Source],
        config: str | None = None,
        *,
        directory: str = ".",
        every_file: bool = False,
        part: str = "",
        narrow: Callable[[Review], Review] = lambda review: review,
        narrow_file: Callable[[FileReview], FileReview | None] = lambda entry: entry,
    ) -> None:
        self._make_source = make_source
        self._config = config
        self._directory = directory
        self._every_file = every_file
        self._part = part
        self._narrow = narrow
        self._narrow_file = narrow_file
        self._first: tuple[Source, ProjectConfig, tuple[str, ...]] | None = None

    def open(self) -> Facts:
        """Open the range and its rules, and ask git where decisions and files are."""
        from recdiff.errors import GitError
        from recdiff.gitonce import folder_of

        self._first = self._opened()
        common = top = None
        with suppress(GitError):  # two folders are compared without git too
            common, top = (folder_of(ask, self._directory) for ask in ("--git-common-dir", "--show-toplevel"))
        source = self._first[0]
        label = f"{source.label} · {self._part}" if self._part else source.label
        return Facts(label, common, top, is_of_work_tree=source.new_label == "work tree")

    def read(self, progress: Progress, found: Found) -> Review:
        """Review the range as it is now."""
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
            return self._narrow(review(source, options))
        finally:
            source.close()

    def opener(self) -> Opener:
        """What opens the entries of a review, under the rules of the range."""
        from recdiff.opening import Opener

        source, config, _ = self._opened()
        return Opener(source, config)

    def _opened(self) -> tuple[Source, ProjectConfig, tuple[str, ...]]:
        from recdiff.rules.project import project_config

        source = self._make_source()
        try:
            return source, *project_config(source, self._config)
        except BaseException:
            source.close()
            raise


def review_on_screen(subject: Range, *, exit_code: bool = False, strict: bool = False) -> int:
    """Show a range until the user leaves; returns the exit code, and says how it was left. Raises RecdiffError."""
    apart = Apart(subject)
    try:
        from recdiff.tui.app import run  # Textual loads while the range is read

        facts = apart.facts()
        outcome, code = run(subject, facts, Reading(apart.read))
    finally:
        apart.close()
    if outcome.error:
        output.complain(outcome.error)
        return 2
    _say(outcome)
    if outcome.crash is not None:
        raise outcome.crash
    if code:
        return code
    review, tally = outcome.review, outcome.tally
    if strict and review is not None and review.count("unreadable"):
        return 2
    return int(exit_code and (review is None or tally.rejected > 0 or tally.decided < tally.total))


def _say(outcome: Outcome) -> None:
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import report
    from recdiff.safe import visible

    review, tally = outcome.review, outcome.tally
    if outcome.unkept:
        output.complain(outcome.unkept)
    if review is None:
        return
    if not review.files:
        for line in report(review, Paint()):
            output.write(f"{line}\n")
        return
    rejected = f", {tally.rejected:,} rejected" if tally.rejected else ""
    told = f"{tally.decided:,} of {tally.total:,} decided{rejected}" if tally.total else "nothing to decide"
    output.write(f"{visible(review.title)}: {told}\n")
    for path, comment in outcome.rejected[:_MOST_TOLD]:
        output.write(f"  ✗ {visible(path)}{f'  “{visible(comment)}”' if comment else ''}\n")
    if len(outcome.rejected) > _MOST_TOLD:
        output.write(f"  … and {len(outcome.rejected) - _MOST_TOLD:,} more\n")
