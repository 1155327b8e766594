"""`recdiff report`: the review for scripts, CI, pull requests and files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import click

from recdiff.cli import output
from recdiff.cli.ranges import Asked, asked, exit_code, make_review, open_source, range_options
from recdiff.errors import UsageError
from recdiff.model import Review

_SAMPLES = 3
"""Hidden differences of each rule and file that a page can open."""


class _Wanted:
    """What the command line asked of a report."""

    def __init__(self, range_: Asked, values: dict[str, object]) -> None:
        self.range = range_
        self.form = str(values["form"])
        self.target = str(values["target"]) if values["target"] else None
        self.show_hidden = bool(values["show_hidden"])
        self.colour = str(values["color"])
        self.link_base = str(values["link_base"]) if values["link_base"] else None
        self.limit = values["limit"] if isinstance(values["limit"], int) else None


_Writer: TypeAlias = Callable[[Review, _Wanted], bytes]


@click.command("report", context_settings={"help_option_names": ["-h", "--help"]})
@range_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text", "markdown", "github", "html", "junit"]),
    default="json",
    show_default=True,
)
@click.option("-o", "--output", "target", metavar="FILE", help="Write to FILE instead of stdout.")
@click.option("--show-hidden", is_flag=True, help="List every hidden leaf with its rule and its places (json, text).")
@click.option("--link-base", metavar="URL", help="Link files: URL/PATH#LLINE (markdown, github, html).")
@click.option("--limit", type=click.IntRange(min=2000), metavar="N", help="At most N characters (markdown, github).")
@click.option("--exit-code", "wants_code", is_flag=True, help="Exit with 1 if there are meaningful differences.")
@click.option("--strict", is_flag=True, help="Exit with 2 if a recording cannot be read.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def command(context: click.Context, /, **values: object) -> int:
    """Report on RANGE.

    json: one object, schema recdiff.report/1. text: as `recdiff diff`. markdown: a comment for a pull request. github:
    annotations for a workflow's log, and the step summary where GITHUB_STEP_SUMMARY names its file. html: one page that
    needs nothing else. junit: test cases for a CI system.
    """
    wanted = _Wanted(asked(context, values), values)
    if wanted.show_hidden and wanted.form not in ("json", "text"):
        raise UsageError("--show-hidden goes with json and text; the page of html opens some of each rule by itself")
    if wanted.link_base and not wanted.link_base.startswith(("https://", "http://")):
        raise UsageError(f"--link-base {wanted.link_base}: give an address that begins with https://")
    review = make_review(
        wanted.range,
        trace=wanted.show_hidden,
        synopses=wanted.form != "json" or bool(wanted.range.only),
        samples=_SAMPLES if wanted.form == "html" else 0,
    )
    data = _WRITERS[wanted.form](review, wanted)
    code = exit_code(review, asked_for=bool(values["wants_code"]), strict=bool(values["strict"]))
    with output.until_the_reader_leaves():
        output.deliver(data, wanted.target)
    return code


def _json(review: Review, wanted: _Wanted) -> bytes:
    from recdiff.reports.json import report

    return report(review, show_hidden=wanted.show_hidden)


def _text(review: Review, wanted: _Wanted) -> bytes:
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import Detail, report

    paint = Paint(output.has_colour(wanted.colour if not wanted.target or wanted.colour == "always" else "never"))
    return _encoded("".join(f"{line}\n" for line in report(review, paint, Detail(hidden=wanted.show_hidden))))


def _markdown(review: Review, wanted: _Wanted) -> bytes:
    from recdiff.reports.markdown import COMMENT_LIMIT, markdown

    with _new_files(wanted.range) as read:
        limit = wanted.limit or COMMENT_LIMIT
        return _encoded(markdown(review, limit=limit, link_base=wanted.link_base, read_new=read))


def _github(review: Review, wanted: _Wanted) -> bytes:
    """The annotations; the summary goes to the file that the workflow named, or stands after them."""
    from recdiff.reports import github

    with _new_files(wanted.range) as read:
        limit = wanted.limit or github.SUMMARY_LIMIT
        summary = _encoded(github.step_summary(review, limit=limit, link_base=wanted.link_base, read_new=read))
        told = _encoded("".join(f"{line}\n" for line in github.annotations(review, read)))
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return told + summary
    output.append(named, summary)
    return told


def _html(review: Review, wanted: _Wanted) -> bytes:
    from recdiff.reports.html import html

    return _encoded(html(review, link_base=wanted.link_base))


def _junit(review: Review, wanted: _Wanted) -> bytes:
    del wanted
    from recdiff.reports.junit import junit

    return _encoded(junit(review))


_WRITERS: dict[str, _Writer] = {
    "json": _json, "text": _text, "markdown": _markdown, "github": _github, "html": _html, "junit": _junit,
}  # fmt: skip


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


@contextmanager
def _new_files(wanted: Asked) -> Iterator[Callable[[str], bytes | None]]:
    """What gives the bytes of the new side's files by their paths."""
    source = open_source(wanted)
    try:
        versions = {changed.new.path: changed.new for changed in source.listing().files if changed.new}

        def read(path: str) -> bytes | None:
            version = versions.get(path)
            content = next(iter(source.read([version])))[1] if version else None
            return content if isinstance(content, bytes) else None

        yield read
    finally:
        source.close()
