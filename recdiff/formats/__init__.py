"""Formats: from a file's bytes to a Recording. An explicit registry, chosen by looking at the content."""

from __future__ import annotations

from typing import Protocol

from recdiff.errors import NotARecordingError
from recdiff.formats import ogx
from recdiff.jsonvalue import Json, loads
from recdiff.model import Recording


class Format(Protocol):
    """A container: whether a parsed file is of it, and the recording that it holds."""

    def recognises(self, document: Json) -> bool: ...

    def read(self, path: str, document: dict[str, Json]) -> Recording: ...


REGISTRY: dict[str, Format] = {ogx.NAME: ogx}
"""Every format by its name; the order is the order in which they are asked."""

SUFFIXES = frozenset((".json",))
"""How the names of recordings end, where only a name is asked."""


def load(path: str, data: bytes) -> Recording:
    """Read one file. Raises UnreadableError for bytes that cannot be parsed, NotARecordingError for other content."""
    return recording_from(path, loads(data))


def recording_from(path: str, document: Json) -> Recording:
    """The recording that a parsed file is. Raises NotARecordingError."""
    for module in REGISTRY.values():
        if isinstance(document, dict) and module.recognises(document):
            return module.read(path, document)
    raise NotARecordingError("no format that recdiff knows (an OGX recording has a request and a response)")
