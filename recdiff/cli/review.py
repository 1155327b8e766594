"""`recdiff [RANGE]`, short for `recdiff review [RANGE]`: the review as text, through the pager on a terminal."""

from __future__ import annotations

import click

from recdiff.cli.diff import show_text, text_options
from recdiff.cli.ranges import range_options


@click.command("review", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@text_options
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Review RANGE: what re-recording changed, test by test."""
    return show_text(context, values)
