"""The rules of the project at hand: found at the top of a source's sides, or in a file that was named."""

from __future__ import annotations

from pathlib import Path

from recdiff.errors import RulesError, UsageError
from recdiff.rules.config import ProjectConfig, parse_config
from recdiff.rules.config_changes import describe_changes
from recdiff.rules.defaults import default_rules
from recdiff.rules.policies import policy_changes
from recdiff.sources.base import SideName, Source

RULES_FILES = (".recdiff.toml", "pyproject.toml")
"""Where a project's rules may live, at its top; the first that has any counts."""


def project_config(source: Source, given: str | None) -> tuple[ProjectConfig, tuple[str, ...]]:
    """The project's rules as of the new side (or the file given), and how the range itself changes them.

    Raises RulesError for rules that are wrong, UsageError for a given file that cannot be read, GitError.
    """
    names = {rule.name for rule in default_rules()}
    if given is not None:
        return _given(given, names), ()
    new, data = _config_of(source, "new", names)
    before = _config_data(source, "old")
    if before == data:
        return new, ()
    try:
        old, _ = _config_of(source, "old", names)
    except RulesError as error:
        return new, (f"the old rules cannot be read: {error}",)
    return new, _differences(old, new)


def gate_config(source: Source, given: str | None) -> tuple[ProjectConfig, tuple[str, ...]]:
    """The rules and policies that a gate goes by: of the old side, so that no range loosens its own gate.

    With how the range changes them, which is not in force before it is merged; or of the file given. Raises RulesError
    for rules of either side that are wrong, UsageError for a given file that cannot be read, GitError.
    """
    names = {rule.name for rule in default_rules()}
    if given is not None:
        return _given(given, names), ()
    try:
        old, before = _config_of(source, "old", names)
    except RulesError as error:
        hint = f"in {source.old_label}, whose rules a gate goes by; --config FILE names others"
        raise RulesError(f"{error} ({hint})") from None
    if before == _config_data(source, "new"):
        return old, ()
    return old, _differences(old, _config_of(source, "new", names)[0])


def _given(file: str, names: set[str]) -> ProjectConfig:
    try:
        return parse_config(Path(file).read_bytes(), file, names)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None


def _differences(old: ProjectConfig, new: ProjectConfig) -> tuple[str, ...]:
    return (*describe_changes(old, new), *policy_changes(old.check, new.check))


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
