"""`recdiff [RANGE]`, short for `recdiff review [RANGE]`: the review as text, through the pager on a terminal."""

from __future__ import annotations

import click

from recdiff.cli import output
from recdiff.cli.ranges import asked, make_review, range_options


@click.command("review", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("--no-pager", is_flag=True, help="Write to the terminal directly.")
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Review RANGE: what re-recording changed, test by test."""
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import report

    review = make_review(asked(context, values))
    output.page(report(review, Paint(output.has_colour(str(values["color"])))), pager=not values["no_pager"])
    return 0
