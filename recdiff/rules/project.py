"""The rules of the project at hand: found at the top of a source's sides, or in a file that was named."""

from __future__ import annotations

from pathlib import Path

from recdiff.errors import RulesError, UsageError
from recdiff.rules.config import ProjectConfig, parse_config
from recdiff.rules.config_changes import describe_changes
from recdiff.rules.defaults import default_rules
from recdiff.sources.base import SideName, Source

RULES_FILES = (".recdiff.toml", "pyproject.toml")
"""Where a project's rules may live, at its top; the first that has any counts."""


def project_config(source: Source, given: str | None) -> tuple[ProjectConfig, tuple[str, ...]]:
    """The project's rules as of the new side (or the file given), and how the range itself changes them.

    Raises RulesError for rules that are wrong, UsageError for a given file that cannot be read, GitError.
    """
    names = {rule.name for rule in default_rules()}
    if given is not None:
        try:
            return parse_config(Path(given).read_bytes(), given, names), ()
        except OSError as error:
            raise UsageError(f"{given}: cannot be read: {error.strerror}") from None
    new, data = _config_of(source, "new", names)
    before = _config_data(source, "old")
    if before == data:
        return new, ()
    try:
        old, _ = _config_of(source, "old", names)
    except RulesError as error:
        return new, (f"the old rules cannot be read: {error}",)
    return new, describe_changes(old, new)


def _config_of(source: Source, side: SideName, names: set[str]) -> tuple[ProjectConfig, tuple[bytes | None, ...]]:
    data = _config_data(source, side)
    for name, content in zip(RULES_FILES, data, strict=True):
        if content is not None:
            config = parse_config(content, name, names)
            if config.origin is not None:
                return config, data
    return ProjectConfig(), data


def _config_data(source: Source, side: SideName) -> tuple[bytes | None, ...]:
    return tuple(source.read_root_file(name, side) for name in RULES_FILES)
