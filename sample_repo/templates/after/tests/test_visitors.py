"""Visitors and what they ask, from the hosted services."""

import pytest
from tidepool import settings
from tidepool.desk import Desk


@pytest.mark.parametrize("desk", [settings.HOSTED_MODEL], indirect=True)
@pytest.mark.parametrize("said", ["Hello there!", "Thanks a lot!"], ids=["hello", "thanks"])
def test_small_talk(desk: Desk, said: str) -> None:
    assert desk.chat(said)


@pytest.mark.parametrize("desk", [settings.HOSTED_MODEL], indirect=True)
def test_joke(desk: Desk) -> None:
    assert "crab" in desk.chat("Tell me a joke about a crab.")


@pytest.mark.parametrize("desk", [settings.HOSTED_MODEL], indirect=True)
def test_summary(desk: Desk) -> None:
    assert desk.summary("Two school classes, one lost bucket, a seal at noon.")


@pytest.mark.parametrize("desk", [settings.GUIDE], indirect=True)
def test_guide_greets_a_class(desk: Desk) -> None:
    assert desk.guide("Please greet a class of nine-year-olds.").text


@pytest.mark.parametrize("desk", [settings.GUIDE], indirect=True)
def test_guide_books_a_tour(desk: Desk) -> None:
    (call,) = desk.guide("Please book a tour of Saltmarsh.").calls
    assert call.name == "book_tour"


@pytest.mark.parametrize("desk", [settings.NATURALIST], indirect=True)
def test_anemones(desk: Desk) -> None:
    assert "anemone" in desk.describe("What are the red blobs in the pool?")


@pytest.mark.parametrize("desk", [settings.HOSTED_MODEL], indirect=True)
def test_lost_bucket(desk: Desk) -> None:
    assert "pier" in desk.chat("I lost a yellow bucket.")


@pytest.mark.parametrize("desk", [settings.MODEL], indirect=True)
def test_school_rhyme(desk: Desk) -> None:
    assert "Limpets" in desk.outlook("Write a short rhyme about limpets for a school class.")
