"""What the documents promise: commands that exist, options that are known, no name of a machine."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click

import recdiff
from recdiff.cli import COMMANDS
from recdiff.cli.drivers import REGISTRY
from recdiff.model import CLASSES
from recdiff.rules.config import parse_config
from recdiff.rules.defaults import default_rules
from tests.cli.running import recdiff as recdiff_here

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def commands(text: str) -> list[list[str]]:
    """Every recdiff command line that a document shows in a code block."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("recdiff ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


def test_every_command_line_of_the_readme_parses() -> None:
    shown = commands(README)
    assert len(shown) >= 8
    for words in shown:
        name = words[0] if words[0] in COMMANDS else "review"
        arguments = words[1:] if words[0] in COMMANDS else words
        if "--" in arguments:
            arguments = arguments[: arguments.index("--")]
        if name == "git" and arguments and arguments[0] in REGISTRY:
            continue  # what git calls parses its own words
        command: click.Command = importlib.import_module(f"recdiff.cli.{name}").command
        context = command.make_context(f"recdiff {name}", list(arguments))
        if isinstance(command, click.Group):
            inner = command.get_command(context, arguments[0])
            assert inner is not None, words
            inner.make_context(arguments[0], list(arguments[1:]), parent=context)


def test_the_git_commands_of_the_readme_run(tmp_path: Path) -> None:
    """In the sample repository, in their order: each ends well and says something, or changes something."""
    folder = tmp_path / "sample"
    assert recdiff_here(tmp_path, "demo", "--into", str(folder)).code == 0
    section = README[README.index("## Set-up in git") : README.index("## More")]
    lines = [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    assert len(lines) >= 15
    shim = tmp_path / "bin" / "recdiff"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m recdiff "$@"\n')
    shim.chmod(0o755)
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"), "XDG_CONFIG_HOME": str(tmp_path / "xdg"),
    }  # fmt: skip
    for line in lines:
        done = subprocess.run(
            line, shell=True, cwd=folder, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stderr)
        assert done.stderr == "" or "demo" in done.stderr, (line, done.stderr)
        assert done.stdout or line.startswith("git config"), line


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
    for page in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "benchmarks/README.md", "docs/ci.md"):
        path = ROOT / page
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), f"{page}: {target}"


def test_every_dependency_has_a_floor() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    pinned = {"textual==8.2.8", "rich==15.0.0"}  # what draws the snapshots
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+>=[0-9.]+", line) or line in pinned for line in wanted)
    assert project["requires-python"] == ">=3.11"


def test_the_changelog_knows_this_version_or_is_ahead_of_it() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog or f"## [{recdiff.__version__}]" in changelog
