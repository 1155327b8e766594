"""GitPython's command runner, loaded without the object model that GitPython's own front door brings along.

`import git` loads repositories, remotes, the index and config parsers, and runs `git version`: 40 ms of a review that
uses none of it. The runner's module is loaded alone, under a package of its name that has no front door, and is taken
out of the list of modules again: whoever imports GitPython beside recdiff gets the whole of it, untouched by this.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import types
from functools import cache
from typing import TYPE_CHECKING

from recdiff.errors import GitError
from recdiff.gitonce import NO_GIT

if TYPE_CHECKING:
    from git.cmd import Git


@cache
def runner() -> tuple[type[Git], type[Exception]]:
    """The class that runs git, and its error for a git that is not there. Raises GitError without GitPython."""
    if "git" in sys.modules:
        return _through_the_front_door()
    try:
        return _alone()
    except Exception:  # another version of GitPython may be cut otherwise
        return _through_the_front_door()


def executable() -> str:
    """The git that GitPython would start."""
    return os.environ.get("GIT_PYTHON_GIT_EXECUTABLE") or "git"


def _alone() -> tuple[type[Git], type[Exception]]:
    spec = importlib.util.find_spec("git")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("git")
    package = types.ModuleType("git")
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules["git"] = package
    try:
        found: type[Git] = importlib.import_module("git.cmd").Git
        missing: type[Exception] = importlib.import_module("git.exc").GitCommandNotFound
    finally:
        for name in [name for name in sys.modules if name == "git" or name.startswith("git.")]:
            del sys.modules[name]
    return found, missing


def _through_the_front_door() -> tuple[type[Git], type[Exception]]:
    try:
        from git.cmd import Git
        from git.exc import GitCommandNotFound
    except ModuleNotFoundError as error:
        raise GitError(f"GitPython is not installed: {error}") from error
    except ImportError as error:
        raise GitError(NO_GIT) from error
    return Git, GitCommandNotFound
