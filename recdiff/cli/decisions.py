"""`recdiff decisions`: what was decided here, told in a few lines, or exported as a file that `recdiff check` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from recdiff.cli import output
from recdiff.cli.ranges import Asked, are_files, asked, open_source, range_options, selected
from recdiff.errors import GitError, RulesError

if TYPE_CHECKING:
    from recdiff.decisionsfile import Row
    from recdiff.model import Review
    from recdiff.reports.paint import Paint

_MOST_TOLD = 20
"""Rejected and remarked points that are told one by one; `--full` tells all."""


@click.command("decisions", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@click.option("--export", metavar="FILE", help="Write the decisions into FILE, or to stdout for -.")
@click.option("--full", is_flag=True, help="Tell every rejection and comment.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Tell what was decided on the review screen, or export it for `recdiff check --decisions FILE`.

    With a RANGE, only the decisions that matter to it; without one, all that this repository keeps.
    """
    from recdiff.decidedfile import exported, kept
    from recdiff.decisionsfile import database_in

    wanted = asked(context, values)
    folder = common_folder()
    rows = kept(folder)
    reviews = _reviews(wanted) if _names_a_range(wanted) else []
    if reviews:
        from recdiff.decisions import points_of

        keys = {point.key for review in reviews for entry in review.files for point in points_of(entry)}
        rows = [row for row in rows if row.key in keys]
    target = values["export"]
    if target:
        output.deliver(exported(rows), None if target == "-" else str(target))
        if target != "-":
            output.complain(f"{_counted(len(rows))} exported to {target}")
        return 0
    from recdiff.reports.paint import UNCUT, Paint

    paint = Paint(output.has_colour(str(values["color"])), longest=UNCUT if values["full"] else 40)
    with output.until_the_reader_leaves():
        for line in _lines(rows, str(database_in(folder)), reviews, paint):
            output.write(f"{line}\n")
    return 0


def common_folder() -> str:
    """The git directory that all work trees here share, where decisions are kept. Raises GitError outside of any."""
    from recdiff.gitonce import folder_of

    folder = folder_of("--git-common-dir")
    if folder is None:
        raise GitError(
            "not a git repository: no review was decided here (`recdiff check --decisions FILE` reads a file)"
        )
    return folder


def _names_a_range(wanted: Asked) -> bool:
    """Whether anything is asked for but all that is kept here."""
    range_words = (wanted.revisions, wanted.paths is not None, wanted.staged, wanted.no_index)
    return any((*range_words, wanted.only, wanted.statuses, wanted.tests))


def _reviews(wanted: Asked) -> list[Review]:
    """The range as the review screen shows it and, where the range changes the rules, as a gate judges it."""
    from recdiff.pipeline import Options, review
    from recdiff.rules.project import gate_config, project_config

    source = open_source(wanted)
    progress = output.Progress()
    try:
        config, rules_changed = project_config(source, wanted.config)
        configs = [config]
        if rules_changed:
            with suppress(RulesError):  # then there is no gate that could ask
                configs.append(gate_config(source, wanted.config)[0])
        every_file = wanted.no_index and are_files(wanted)
        reviews = (
            review(source, Options(config, every_file=every_file, fingerprints=True, progress=progress))
            for config in configs
        )
        return [selected(found, wanted) for found in reviews]
    finally:
        progress.done()
        source.close()


# What is told


def _lines(rows: Sequence[Row], file: str, reviews: Sequence[Review], paint: Paint) -> Iterator[str]:
    from recdiff.reports.paint import counted, plural
    from recdiff.safe import visible

    if reviews:
        from recdiff.decidedfile import decided

        tally = decided(rows).tally(reviews[0].files)
        rejected = f", {tally.rejected:,} rejected" if tally.rejected else ""
        told = f"{tally.decided:,} of {plural(tally.total, 'recording')} decided{rejected}"
        yield paint("heading", f"{visible(reviews[0].label)}: {told if tally.total else 'nothing to decide'}")
    verdicts = Counter(row.verdict or "with a comment alone" for row in rows)
    split = f": {', '.join(f'{count:,} {verdict}' for verdict, count in sorted(verdicts.items()))}" if rows else ""
    yield f"{_counted(len(rows))}{split}  {paint('faint', f'({visible(file)})')}"
    if rows:
        yield f"  {counted(list(Counter(row.change_class for row in rows).items()))}"
    telling = sorted((row for row in rows if row.verdict == "rejected" or row.comment), key=_rejected_first)
    shown = telling if paint.is_full else telling[:_MOST_TOLD]
    for row in shown:
        sign = paint("error", "✗") if row.verdict == "rejected" else paint("added", "✓") if row.verdict else "·"
        comment = f"“{visible(row.comment)}”" if row.comment else ""
        parts = (visible(row.test_id or "(no test id)"), visible(row.change_class), visible(row.path), comment)
        yield f" {sign} {'  '.join(filter(None, parts))}"
    if len(telling) > len(shown):
        yield paint("faint", f" … and {len(telling) - len(shown):,} more (--full)")


def _rejected_first(row: Row) -> bool:
    return row.verdict != "rejected"


def _counted(number: int) -> str:
    return f"{number:,} decision{'' if number == 1 else 's'}"
