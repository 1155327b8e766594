"""The search in the station's pages, and the models that the station runs."""

import pytest
from replay import Replay
from tidepool import settings
from tidepool.desk import Desk

PAGES = [
    "Limpets return to the same spot on the rock after every tide.",
    "The rock pools below the pier are at their best in the two hours around low water. Please walk on bare rock,"
    " leave every stone as you found it, and keep an eye on the causeway: it floods from the landward side.",
]


@pytest.mark.parametrize("desk", [settings.EMBEDDING_MODEL], indirect=True)
def test_question_as_vector(desk: Desk) -> None:
    (vector,) = desk.embed(["Where do limpets sleep?"])
    assert len(vector) == 24


@pytest.mark.parametrize("desk", [settings.EMBEDDING_MODEL], indirect=True)
def test_pages_as_vectors(desk: Desk) -> None:
    assert len(desk.embed(PAGES)) == 2


def test_models(services: Replay) -> None:
    assert settings.MODEL in [model["id"] for model in services.models(settings.MODEL_SERVER)]
