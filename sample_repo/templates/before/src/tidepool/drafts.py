"""Sentences that a visitor began. The old completions endpoint, which is going away."""

from __future__ import annotations

from tidepool import settings
from tidepool.services import Services


def draft(services: Services, beginning: str) -> str:
    """The beginning, and how the model goes on."""
    body = {"model": settings.MODEL, "prompt": beginning, "max_tokens": 20, "stream": False}
    answer = services.post(f"{settings.MODEL_SERVER}/completions", body)
    return beginning + answer["choices"][0]["text"]
