"""GitPython's runner alone: it runs git, and leaves GitPython whole for everybody else in the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from recdiff import gitrunner
from tests.building import RepoBuilder


def in_a_process(folder: Path, script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_runs_git_without_the_object_model(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    script = (
        "import sys\nfrom recdiff.gitrunner import executable, runner\nrun, missing = runner()\n"
        "print(run().execute([executable(), 'rev-list', '--count', 'HEAD']))\n"
        "print(sorted(name for name in sys.modules if name == 'git' or name.startswith('git.')))\n"
        "try:\n    run().execute(['no-such-program-at-all'])\nexcept missing:\n    print('missing')"
    )
    assert in_a_process(repo.path, script).splitlines() == ["1", "[]", "missing"]


def test_gitpython_is_whole_afterwards(repo: RepoBuilder) -> None:
    oid = repo.commit({"a": "1"})
    script = (
        "from recdiff.gitrunner import runner\nrunner()\nimport git\nfrom git.exc import GitCommandError\n"
        "found = git.Repo('.')\nprint(found.head.commit.hexsha, git.cmd.Git.__name__, git.exc.GitError.__name__)\n"
        "try:\n    found.git.log('--no-such-option')\nexcept GitCommandError:\n    print('its own errors')"
    )
    assert in_a_process(repo.path, script).splitlines() == [f"{oid} Git GitError", "its own errors"]


def test_one_that_is_loaded_already_is_used(repo: RepoBuilder) -> None:
    script = "import git\nfrom recdiff.gitrunner import runner\nprint(runner()[0] is git.Git)"
    assert in_a_process(repo.path, script) == "True\n"


def test_another_cut_of_gitpython_is_imported_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise AttributeError("cut otherwise")

    monkeypatch.setattr(gitrunner, "_alone", fails)
    gitrunner.runner.cache_clear()
    try:
        found, missing = gitrunner.runner()
        assert found.__module__ == "git.cmd" and issubclass(missing, Exception)
    finally:
        gitrunner.runner.cache_clear()
