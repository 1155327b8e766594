"""Answers that need tools: those that a model calls, and the station's own."""

import json

import pytest
from replay import Replay
from tidepool import settings
from tidepool.desk import Desk


@pytest.mark.parametrize("desk", [settings.HOSTED_MODEL], indirect=True)
def test_tide_and_moon(desk: Desk) -> None:
    question = "How high will the tide be in Saltmarsh, with this moon?"
    answer = desk.work_out(question, "get_tides", "get_moon", server=settings.HOSTED)
    assert "10:42" in answer


@pytest.mark.parametrize("desk", [settings.MODEL], indirect=True)
def test_two_harbours_at_once(desk: Desk) -> None:
    question = "When is high water in Saltmarsh and at Gull Point?"
    answer = desk.work_out(question, "get_tides")
    assert "10:42" in answer
    assert "11:15" in answer


@pytest.mark.parametrize("desk", [settings.MODEL], indirect=True)
def test_wind_with_gusts(desk: Desk) -> None:
    (call,) = desk.plan("How windy is it at Gull Point, gusts included?", "get_wind").calls
    assert call.name == "get_wind"
    assert json.loads(call.arguments)["gusts"]


def test_buoy(services: Replay) -> None:
    assert "14.2 °C" in services.invoke("read_buoy", {"buoy": "SALT-2"})["content"]


def test_notices(services: Replay) -> None:
    assert json.loads(services.invoke("find_notices", {"about": "ferry"})["content"])["notices"]
