"""A re-recorded repository for each test, and a Pilot that waits no longer than it must."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.tui.running import build


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Where the repository was built once; empty until a test asks for it, which has git's settings to itself."""
    return []


@pytest.fixture
def project(template: list[Path], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    """A copy of the repository, with file times of its own."""
    if not template:
        template.append(build(tmp_path_factory.mktemp("template") / "project").path)
    shutil.copytree(template[0], tmp_path / "project")
    return RepoBuilder(tmp_path / "project", exists=True)


@pytest.fixture(autouse=True)
def quick_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pilot looks every 2 ms whether the app has come to rest, not every 20."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 1 / 500)
