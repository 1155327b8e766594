"""`recdiff [RANGE]`, short for `recdiff review [RANGE]`: the review screen; as text where nobody sits at a terminal."""

from __future__ import annotations

import os

import click

from recdiff.cli.diff import show_text, text_options
from recdiff.cli.ranges import are_files, asked, narrowed, open_source, range_options, selected, words_of

_AS_TEXT = ("show_hidden", "raw", "full", "stat", "name_only", "nul", "no_pager", "no_tui")
"""Options that ask for lines."""


@click.command("review", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@text_options
@click.option("--no-tui", is_flag=True, help="Print the review, as `recdiff diff` does, also on a terminal.")
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Review RANGE: what re-recording changed, test by test, and decide on it.

    On a terminal this is a screen (press ? in it); without one, with --no-tui or any option that asks for lines, it is
    the text of `recdiff diff`. On the screen, --exit-code exits with 1 when something is rejected or undecided.
    """
    from recdiff.cli.screen import Range, can_open, review_on_screen

    if any(values[name] for name in _AS_TEXT) or not can_open():
        values.pop("no_tui")
        return show_text(context, values)
    wanted = asked(context, values)
    if values["color"] == "never":
        os.environ["NO_COLOR"] = "1"
    subject = Range(
        lambda: open_source(wanted),
        wanted.config,
        every_file=wanted.no_index and are_files(wanted),
        part=words_of(wanted),
        narrow=lambda review: selected(review, wanted),
        narrow_file=lambda entry: narrowed(entry, wanted),
    )
    return review_on_screen(subject, exit_code=bool(values["wants_code"]), strict=bool(values["strict"]))
