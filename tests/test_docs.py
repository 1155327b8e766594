"""What the documents promise: commands that exist, options that are known, no name of a machine."""

from __future__ import annotations

import importlib
import re
import shlex
import tomllib
from pathlib import Path

import click

import recdiff
from recdiff.cli import COMMANDS
from recdiff.model import CLASSES
from recdiff.rules.config import parse_config
from recdiff.rules.defaults import default_rules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def commands(text: str) -> list[list[str]]:
    """Every recdiff command line that a document shows in a code block."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("recdiff ")]
    return [shlex.split(line)[1:] for line in lines]


def test_every_command_line_of_the_readme_parses() -> None:
    shown = commands(README)
    assert len(shown) >= 8
    for words in shown:
        name = words[0] if words[0] in COMMANDS else "review"
        arguments = words[1:] if words[0] in COMMANDS else words
        if "--" in arguments:
            arguments = arguments[: arguments.index("--")]
        command: click.Command = importlib.import_module(f"recdiff.cli.{name}").command
        command.make_context(f"recdiff {name}", arguments)


def test_the_readme_begins_with_the_two_commands() -> None:
    first, second = README.splitlines()[1:3]
    assert first.endswith("recdiff demo") and second.endswith("pytest")
    runner = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "README.md" in runner and "ruff check" in runner and "mypy" in runner


def test_the_readme_lists_every_class() -> None:
    assert re.findall(r"^\| `(\w+)` \| (?:meaningful|minor) \|", README, re.MULTILINE) == list(CLASSES)


def test_the_rules_that_the_readme_shows_are_valid() -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    config = parse_config(block[1].encode(), ".recdiff.toml", {rule.name for rule in default_rules()})
    assert [rule.name for rule in config.rules] == ["score-noise"]


def test_pictures_and_links_exist() -> None:
    for page in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "benchmarks/README.md"):
        path = ROOT / page
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), f"{page}: {target}"


def test_every_dependency_has_a_floor() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+>=[0-9.]+", line) for line in wanted)
    assert project["requires-python"] == ">=3.11"


def test_the_changelog_knows_this_version_or_is_ahead_of_it() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog or f"## [{recdiff.__version__}]" in changelog
