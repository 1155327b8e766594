"""`recdiff git`: git itself speaks recdiff. Enable, disable and status; what git calls is in `cli/drivers/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from recdiff.cli import output
from recdiff.drivers.setup.place import Place, Scope, place_of
from recdiff.errors import UsageError
from recdiff.safe import visible

_HELP = {"help_option_names": ["-h", "--help"]}

_CALLED = """\
\b
What git calls, once it is enabled:
  recdiff git textconv --v1 FILE      diff.recdiff.textconv: a recording as steady lines
  recdiff git external-diff ARGS      diff.recdiff.command, GIT_EXTERNAL_DIFF: the verdict on one file
  recdiff git difftool LOCAL REMOTE   difftool.recdiff.cmd: git difftool -t recdiff, also with --dir-diff
  recdiff git merge-driver ARGS       merge.recdiff.driver: noise resolves itself, meaning is a conflict
  recdiff git mergetool ARGS          mergetool.recdiff.cmd: git mergetool -t recdiff takes one side whole

\b
For one command alone:
  git diff --no-textconv              the plain lines of the file; this patch can be applied
  git diff --no-ext-diff              without the external driver
  RECDIFF=0 git diff                  without external, difftool and merge driver
  GIT_EXTERNAL_DIFF='recdiff git external-diff' git diff     with it, and nothing enabled

\b
Settings that people make themselves:
  git config difftool.recdiff.noise show     open files that differ in noise alone too
  git config difftool.prompt false           git difftool asks nothing before each file
"""


@click.group("git", context_settings=_HELP, epilog=_CALLED)
def command() -> None:
    """Teach git to show and merge recordings by what they mean.

    `recdiff git enable` makes git diff, git log -p, git show, git blame, git merge, git rebase and git difftool -t
    recdiff understand recordings; `disable` takes back exactly what it wrote.
    """


def _scoped(function: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--global", "scope", flag_value="global", help="Every repository of this user."),
        click.option("--local", "scope", flag_value="local", default="local", help="This repository (the default)."),
    ):
        function = option(function)
    return function


@command.command("enable", context_settings=_HELP)
@_scoped
@click.option("--external", is_flag=True, help="Let git diff call the external driver: noise is one line with a count.")
@click.option("--dry-run", is_flag=True, help="Say every line that would be written, and write none.")
@click.argument("patterns", nargs=-1, metavar="[PATTERN]…")
@click.pass_context
def enable(context: click.Context, scope: Scope, external: bool, dry_run: bool, patterns: tuple[str, ...]) -> int:
    """Turn recdiff on in git, for the recordings found here or for PATTERNs of .gitattributes.

    Settings go to .git/config and attributes to .gitattributes at the root; with --global to the user's own files,
    for the pattern **/recordings/**/*.json where none is given. Every line that is written is said.
    """
    from recdiff.drivers.setup.enabling import carry_out, plan_enable, recorded_lines
    from recdiff.drivers.setup.wording import attribute_line, program, settings

    place = place_of(scope)
    given = (*patterns, *(context.find_root().obj or ()))
    for pattern in given:
        _check(pattern, scope)
    lines = [attribute_line(pattern) for pattern in given] or recorded_lines(place)
    lines = lines or [attribute_line(pattern) for pattern in _patterns(place)]
    plan = plan_enable(place, settings(program(), external=external), lines)
    if plan.is_empty:
        output.write("recdiff is on already: nothing to write\n")
        return 0
    if not dry_run:
        carry_out(plan)
    for path, comes, goes, _ in plan.changes:
        _tell("would take from" if dry_run else "took from", path, goes)
        _tell("would write to" if dry_run else "wrote to", path, comes)
        if not comes:
            output.write(f"{visible(str(path))} names the recordings already\n")
    if not dry_run:
        output.write("recdiff is on: try git log -p, git diff --no-textconv for the raw lines\n")
        if not external:
            output.write("(recdiff git enable --external lets git diff say one line for a file of noise alone)\n")
    return 0


def _tell(what: str, path: Path, lines: Sequence[str]) -> None:
    if lines:
        output.write(f"{what} {visible(str(path))}:\n")
    for line in lines:
        output.write(f"  {visible(line)}\n")


def _patterns(place: Place) -> tuple[str, ...]:
    from recdiff.drivers.setup.finding import patterns_for, recordings_in
    from recdiff.drivers.setup.wording import GLOBAL_PATTERN

    if place.scope == "global" or place.work_tree is None:
        return (GLOBAL_PATTERN,)
    found = patterns_for(recordings_in(place.work_tree))
    if not found:
        raise UsageError(
            "no recordings found in this repository: name them by patterns, as in "
            "`recdiff git enable 'tests/**/recordings/*.json'`"
        )
    return found


def _check(pattern: str, scope: Scope) -> None:
    from recdiff.rules.patterns import why_no_pattern

    if pattern.startswith("!"):
        raise UsageError(f"pattern '{pattern}': .gitattributes has no patterns that take away (`!`)")
    problem = why_no_pattern(pattern)
    if problem:
        raise UsageError(f"pattern '{pattern}' {problem}")
    folders = pattern.strip("/").split("/")[:-1]
    if scope == "global" and not any(part and not set("*?[") & set(part) for part in folders):
        raise UsageError(f"pattern '{pattern}' names every such file of every repository: name a folder in it")


@command.command("disable", context_settings=_HELP)
@_scoped
@click.option("--dry-run", is_flag=True, help="Say every line that would be taken back, and change none.")
def disable(scope: Scope, dry_run: bool) -> int:
    """Take back what `recdiff git enable` wrote, and delete git's cache of converted texts here.

    Files that nobody changed since are byte for byte what they were before; elsewhere only recdiff's own lines go.
    """
    from recdiff.drivers.setup.enabling import carry_out, drop_cache, has_cache, plan_disable

    plan = plan_disable(place_of(scope))
    cached = has_cache()
    if plan.is_empty and not cached:
        output.write("recdiff is off already: nothing to take back\n")
        return 0
    if not dry_run:
        carry_out(plan)
        if cached:
            drop_cache()
    verb = "would take" if dry_run else "took"
    for path, _, goes, is_restored in plan.changes:
        how = " (byte for byte as it was before)" if is_restored else ""
        _tell(f"{verb} from{how}", path, goes)
    if cached:
        output.write(f"{'would delete' if dry_run else 'deleted'} git's cache of converted texts\n")
    return 0


@command.command("status", context_settings=_HELP)
def status() -> int:
    """Say what is on, which file says so, and whether it can be run. Exits with 1 where something is broken."""
    from recdiff.cli.gitstatus import report

    return report()
