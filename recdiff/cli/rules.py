"""`recdiff rules list`: every rule that hides noise, why, and where it comes from."""

from __future__ import annotations

import click

from recdiff.cli import output
from recdiff.rules.config import ProjectConfig
from recdiff.rules.project import project_config
from recdiff.rules.rule import Rule
from recdiff.safe import visible


@click.group("rules", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """The rules that hide noise: recdiff's defaults and the project's own."""


@command.command("list")
@click.option("--config", metavar="FILE", help="Take the project's rules from FILE.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def list_rules(config: str | None, color: str) -> int:
    """Print every rule with its reason, what it matches, and where it comes from."""
    from recdiff.reports.paint import Paint
    from recdiff.rules.defaults import default_rules

    project = _project(config)
    paint = Paint(output.has_colour(color))
    for rule in (*default_rules(), *project.rules):
        off = "  (turned off)" if rule.name in project.disabled else ""
        name, origin = paint("heading", visible(rule.name)), paint("faint", visible(rule.origin))
        output.write(f"{name}{paint('mark', off)}  {origin}\n")
        output.write(f"    {visible(rule.reason)}\n")
        for line in _matches(rule):
            output.write(f"    {paint('faint', visible(line))}\n")
    return 0


def _matches(rule: Rule) -> list[str]:
    if not rule.selectors:
        return [rule.matches]
    action = {
        "round": f"round to {rule.digits} digits",
        "placeholder": f"placeholder for {rule.pattern!r}" if rule.pattern else "placeholder",
        "tolerance": f"hide differences up to {rule.tolerance}",
    }.get(rule.action, rule.action)
    return [f"{action}: {selector.text}" for selector in rule.selectors]


def _project(given: str | None) -> ProjectConfig:
    """The rules of the project here: of the repository's work tree, or of this folder outside of one."""
    from recdiff.errors import GitError
    from recdiff.sources.folders import open_folders
    from recdiff.sources.git_range import open_range

    try:
        source = open_range(".", ())
    except GitError:
        folder = open_folders(".", ".")
        return project_config(folder, given)[0]
    try:
        return project_config(source, given)[0]
    finally:
        source.close()
