"""What all tests share: no settings of this computer, a fixed author and clock, a repository to build on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.building import RepoBuilder


@pytest.fixture(autouse=True)
def isolated_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """git sees no settings but those of the repository, and no repository above the tests' folders."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(tmp_path_factory.getbasetemp()),
        "GIT_TERMINAL_PROMPT": "0",
        "TZ": "UTC",
    }
    for role in ("AUTHOR", "COMMITTER"):
        settings[f"GIT_{role}_NAME"] = "A Tester"
        settings[f"GIT_{role}_EMAIL"] = "tester@example.com"
        settings[f"GIT_{role}_DATE"] = "2024-01-02T03:04:05Z"
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    """An empty repository with the unborn branch `main`."""
    return RepoBuilder(tmp_path / "repo")
