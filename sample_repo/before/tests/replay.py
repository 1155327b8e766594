"""Recorded answers in place of the services: each test finds its own by the request that it makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from naming import file_name, models_name
from tidepool.services import ServiceError


class Replay:
    """Answers one test's requests. A request that nobody recorded fails the test."""

    def __init__(self, folder: Path, test_id: str) -> None:
        self._folder = folder
        self._test_id = test_id

    def post(self, url: str, body: dict[str, Any]) -> Any:
        return self._answer(file_name(urlsplit(url).path, body, self._test_id))

    def invoke(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._answer(file_name(tool, arguments, self._test_id))

    def models(self, server: str) -> list[dict[str, Any]]:
        start = models_name(f"{urlsplit(server).path}/models")
        return [model for file in sorted(self._folder.glob(f"{start}-*.json")) for model in self._answer(file.name)]

    def _answer(self, name: str) -> Any:
        recording = json.loads((self._folder / name).read_text("utf-8"))
        response = recording["response"]
        if response.get("is_exception"):
            raise ServiceError(response["exception_message"])
        body = response["body"]
        return [_payload(item) for item in body] if isinstance(body, list) else _payload(body)


def _payload(item: Any) -> Any:
    return item["__data__"] if isinstance(item, dict) and "__data__" in item else item
