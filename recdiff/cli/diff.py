"""`recdiff diff`: what re-recording changed, as text for people."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TypeVar

import click

from recdiff.cli import output
from recdiff.cli.ranges import asked, exit_code, make_review, range_options
from recdiff.errors import UsageError

Function = TypeVar("Function", bound=Callable[..., object])


def text_options(function: Function) -> Function:
    """What a review as text can show, as click options; `show_text` obeys them."""
    for option in reversed(
        (
            click.option("--show-hidden", is_flag=True, help="List every hidden difference with its rule."),
            click.option("--raw", is_flag=True, help="Show the plain line diff of every file that is listed."),
            click.option("--full", is_flag=True, help="Cut no text; list every recording that is only counted."),
            click.option("--stat", is_flag=True, help="One line a file: its path and its changes by class."),
            click.option("--name-only", is_flag=True, help="Only the paths of files that changed in more than noise."),
            click.option("-z", "nul", is_flag=True, help="With --name-only: paths as they are, ended by NUL."),
            click.option("--exit-code", "wants_code", is_flag=True, help="Exit with 1 for meaningful differences."),
            click.option("--strict", is_flag=True, help="Exit with 2 if a recording cannot be read."),
            click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
            click.option("--no-pager", is_flag=True, help="Write to the terminal directly."),
        )
    ):
        function = option(function)
    return function


@click.command("diff", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@text_options
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Show what re-recording changed between the two sides of RANGE, and nothing else.

    RANGE is git's: nothing (the work tree against HEAD, untracked recordings included), --staged, A, A B, A..B or
    A...B, then -- PATHS. With --no-index, two folders or two files.
    """
    return show_text(context, values)


def show_text(context: click.Context, values: dict[str, object]) -> int:
    """Review what the command line names and print it; returns the exit code. Raises UsageError, GitError."""
    names_only, stat_only, raw = (bool(values[name]) for name in ("name_only", "stat", "raw"))
    if names_only + stat_only + raw > 1:
        raise UsageError("--name-only, --stat and --raw are three ways to show a review: give one")
    if values["nul"] and not names_only:
        raise UsageError("-z goes with --name-only")
    wanted = asked(context, values)
    review = make_review(wanted, trace=bool(values["show_hidden"]))
    code = exit_code(review, asked_for=bool(values["wants_code"]), strict=bool(values["strict"]))
    if names_only:
        from recdiff.reports.names import paths

        for line in review.rules_changed:
            output.complain(f"this range changes recdiff's rules: {line}")
        with output.until_the_reader_leaves():
            output.write_bytes(paths(review, nul=bool(values["nul"])))
        return code
    from recdiff.reports.paint import UNCUT, Paint
    from recdiff.reports.text import Detail, report, stat

    full = bool(values["full"])
    paint = Paint(output.has_colour(str(values["color"])), longest=UNCUT if full else 40)
    lines = stat(review, paint) if stat_only else report(review, paint, Detail(full, bool(values["show_hidden"])))
    if raw:
        from recdiff.cli.raw import raw_lines

        lines = chain(lines, raw_lines(wanted, review, paint))
    with output.until_the_reader_leaves():
        output.page(lines, pager=not values["no_pager"])
    return code
