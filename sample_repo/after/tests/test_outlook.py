"""The weather, from the station's own model server."""

import pytest
from tidepool import settings
from tidepool.desk import Desk

pytestmark = pytest.mark.parametrize("desk", [settings.MODEL], indirect=True)


def test_morning_outlook(desk: Desk) -> None:
    assert "Saltmarsh" in desk.outlook("What is the weather this morning?", stream=True)


def test_night_outlook(desk: Desk) -> None:
    assert desk.outlook("What is the weather tonight?").startswith("Tonight")


def test_storm_bulletin(desk: Desk) -> None:
    assert desk.outlook(f"Explain this bulletin to visitors: {'gale warning, ' * 12}all clear at noon.")


def test_boat_trip(desk: Desk) -> None:
    assert "boat" in desk.advise("May we take a rowing boat to the island at noon?")
