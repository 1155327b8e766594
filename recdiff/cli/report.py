"""`recdiff report`: the review for scripts, CI and files."""

from __future__ import annotations

import click

from recdiff.cli import output
from recdiff.cli.ranges import asked, exit_code, make_review, range_options


@click.command("report", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="json", show_default=True)
@click.option("-o", "--output", "target", metavar="FILE", help="Write to FILE instead of stdout.")
@click.option("--show-hidden", is_flag=True, help="List every hidden leaf with its rule and its places.")
@click.option("--exit-code", "wants_code", is_flag=True, help="Exit with 1 if there are meaningful differences.")
@click.option("--strict", is_flag=True, help="Exit with 2 if a recording cannot be read.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Report on RANGE as JSON (one object, schema recdiff.report/1) or as text."""
    wanted = asked(context, values)
    show_hidden = bool(values["show_hidden"])
    review = make_review(wanted, trace=show_hidden, synopses=values["form"] != "json" or bool(wanted.only))
    if values["form"] == "json":
        from recdiff.reports import json

        data = json.report(review, show_hidden=show_hidden)
    else:
        from recdiff.reports import text
        from recdiff.reports.paint import Paint

        colour = str(values["color"])
        paint = Paint(output.has_colour(colour if not values["target"] or colour == "always" else "never"))
        lines = text.report(review, paint, text.Detail(hidden=show_hidden))
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    code = exit_code(review, asked_for=bool(values["wants_code"]), strict=bool(values["strict"]))
    with output.until_the_reader_leaves():
        output.deliver(data, str(values["target"]) if values["target"] else None)
    return code
