"""What the desk needs from the outside world, and how that can fail."""

from __future__ import annotations

from typing import Any, Protocol


class ServiceError(Exception):
    """A service refused to answer."""


class Services(Protocol):
    """The model server and the other services, or recordings in their place."""

    def post(self, url: str, body: dict[str, Any]) -> Any:
        """The decoded body of the answer, or a list of its chunks or lines where it is streamed."""

    def invoke(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What one of the station's own tools says."""

    def models(self, server: str) -> list[dict[str, Any]]:
        """The models that a server offers."""
