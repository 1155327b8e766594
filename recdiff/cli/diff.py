"""`recdiff diff`: what re-recording changed, as text for people."""

from __future__ import annotations

import click

from recdiff.cli import output
from recdiff.cli.ranges import asked, exit_code, make_review, range_options


@click.command("diff", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@click.option("--show-hidden", is_flag=True, help="List every hidden difference with its rule.")
@click.option("--raw", is_flag=True, help="Show the plain line diff of every file that is listed.")
@click.option("--full", is_flag=True, help="Cut no text, and list minor changes one by one.")
@click.option("--stat", is_flag=True, help="One line a file: its path and its changes by class.")
@click.option("--name-only", is_flag=True, help="Only the paths of files that changed in more than noise.")
@click.option("-z", "nul", is_flag=True, help="With --name-only: end paths with NUL, print them as they are.")
@click.option("--exit-code", "wants_code", is_flag=True, help="Exit with 1 if there are meaningful differences.")
@click.option("--strict", is_flag=True, help="Exit with 2 if a recording cannot be read.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("--no-pager", is_flag=True, help="Write to the terminal directly.")
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Show what re-recording changed between the two sides of RANGE, and nothing else.

    RANGE is git's: nothing (the work tree against HEAD, untracked recordings included), --staged, A, A B, A..B or
    A...B, then -- PATHS. With --no-index, two folders or two files.
    """
    wanted = asked(context, values)
    review = make_review(wanted, trace=bool(values["show_hidden"]))
    code = exit_code(review, asked_for=bool(values["wants_code"]), strict=bool(values["strict"]))
    if values["name_only"]:
        from recdiff.reports.names import paths

        output.write_bytes(paths(review, nul=bool(values["nul"])))
        return code
    from recdiff.reports.paint import UNCUT, Paint
    from recdiff.reports.text import Detail, report, stat

    full = bool(values["full"])
    paint = Paint(output.has_colour(str(values["color"])), longest=UNCUT if full else 40)
    if values["stat"]:
        lines = stat(review, paint)
    else:
        lines = report(review, paint, Detail(full=full, hidden=bool(values["show_hidden"])))
    output.page(lines, pager=not values["no_pager"])
    if values["raw"]:
        from recdiff.cli.raw import raw_lines

        output.page(raw_lines(wanted, review, paint), pager=not values["no_pager"])
    return code
