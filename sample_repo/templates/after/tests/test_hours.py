"""When the station is open; moved here from test_visitors.py."""

import pytest
from tidepool import settings
from tidepool.desk import Desk


@pytest.mark.parametrize("desk", [settings.HOSTED_MODEL], indirect=True)
def test_opening_hours(desk: Desk) -> None:
    assert "ten" in desk.chat("When do you open?")
