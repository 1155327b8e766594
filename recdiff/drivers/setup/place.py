"""Where settings and attributes live: of one repository, or of a user. Nothing is written here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from recdiff.errors import GitError
from recdiff.gitonce import ask, folder_of
from recdiff.gitoutput import complaint

Scope: TypeAlias = Literal["local", "global"]


class Place(NamedTuple):
    """The files of one scope. `record` is where recdiff keeps what it found; `work_tree` is None outside of one."""

    scope: Scope
    config: Path
    attributes: Path
    record: Path
    work_tree: Path | None


def place_of(scope: Scope) -> Place:
    """The files of a scope as git would take them from here. Raises GitError outside a repository, for `local`."""
    return _local() if scope == "local" else _global()


def _local() -> Place:
    """The repository's own config, which its linked work trees share, and `.gitattributes` at the top of this one."""
    answer = ask("rev-parse", "--git-common-dir")
    if answer.status:
        raise GitError(f"{complaint(answer.err)} (use --global for every repository of yours)")
    common = Path(answer.text).resolve()
    work_tree = _work_tree()
    attributes = work_tree / ".gitattributes" if work_tree else common / "info" / "attributes"
    return Place("local", common / "config", attributes, common / "recdiff" / "enabled.json", work_tree)


def _work_tree() -> Path | None:
    top = folder_of("--show-toplevel")
    return Path(top) if top else None


def _global() -> Place:
    state = _folder("XDG_STATE_HOME", ".local/state")
    return Place("global", _global_config(), _global_attributes(), state / "recdiff" / "enabled.json", None)


def _global_config() -> Path:
    """The file that `git config --global` writes: GIT_CONFIG_GLOBAL, ~/.gitconfig, or the one below XDG's folder."""
    named = os.environ.get("GIT_CONFIG_GLOBAL")
    if named == "":
        raise GitError("GIT_CONFIG_GLOBAL is empty: git reads no settings of the user then")
    if named:
        return Path(named)
    mine, theirs = _home() / ".gitconfig", _folder("XDG_CONFIG_HOME", ".config") / "git" / "config"
    return theirs if theirs.exists() and not mine.exists() else mine


def _global_attributes() -> Path:
    """The user's attributes: core.attributesFile, or XDG's. Asked outside of any repository, so that none has a say."""
    here = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR")
    named = ask("config", "--type=path", "--get", "core.attributesFile", directory=os.sep, without=here)
    if named.status == 0 and named.text:
        return Path(named.text)
    return _folder("XDG_CONFIG_HOME", ".config") / "git" / "attributes"


def _folder(variable: str, otherwise: str) -> Path:
    named = os.environ.get(variable)
    return Path(named) if named else _home() / otherwise


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise GitError("there is no home folder: set HOME") from None
