"""The desk, with recordings in place of the services."""

from __future__ import annotations

from pathlib import Path

import pytest
from replay import Replay
from tidepool.desk import Desk


@pytest.fixture
def services(request: pytest.FixtureRequest) -> Replay:
    return Replay(Path(__file__).parent / "recordings", request.node.nodeid)


@pytest.fixture
def desk(services: Replay, request: pytest.FixtureRequest) -> Desk:
    """The desk with the model that a test is parametrized by."""
    return Desk(services, request.param)
