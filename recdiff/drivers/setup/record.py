"""What `enable` found and wrote, kept so that `disable` can give back the very bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from typing import NamedTuple

from recdiff.drivers.setup.place import Place
from recdiff.drivers.setup.together import Edit, read
from recdiff.drivers.setup.wording import Setting
from recdiff.errors import UnreadableError
from recdiff.jsonvalue import Json, canonical, loads

_VERSION = 1


class Found(NamedTuple):
    """One file: what it was before (None: not there), and the digest of what it was made."""

    before: bytes | None
    after: str

    def is_untouched(self, now: bytes | None) -> bool:
        """Whether nobody changed the file since."""
        return now is not None and digest(now) == self.after


class Attributes(NamedTuple):
    """One attributes file, and the lines that were written into it."""

    path: Path
    found: Found
    lines: tuple[str, ...]


class Record(NamedTuple):
    """What `enable` did: the config file with its settings, and an attributes file for each work tree it was run in."""

    config: Found
    settings: tuple[Setting, ...]
    attributes: tuple[Attributes, ...]

    def of(self, path: Path) -> Attributes | None:
        """What was done to one attributes file."""
        return next((entry for entry in self.attributes if entry.path == path), None)


def digest(content: bytes) -> str:
    """What stands for a file's content."""
    return hashlib.sha256(content).hexdigest()


def kept(place: Place) -> Record | None:
    """What was kept at the last `enable`; None where there was none, or the record cannot be read."""
    data = read(place.record)
    if data is None:
        return None
    try:
        value = loads(data)
        if not isinstance(value, dict) or value.get("version") != _VERSION:
            return None
        files = value["attributes"]
        return Record(
            _found(value["config"]),
            tuple(Setting(str(key), str(told)) for key, told in _pairs(value["settings"])),
            tuple(map(_attributes, files if isinstance(files, list) else ())),
        )
    except (UnreadableError, KeyError, TypeError, ValueError, binascii.Error):
        return None


def keeping(place: Place, record: Record) -> Edit:
    """The edit that keeps a record; nobody else may read it, as it holds the user's settings."""
    value: dict[str, Json] = {
        "version": _VERSION,
        "config": _spelled(record.config),
        "settings": [[key, told] for key, told in record.settings],
        "attributes": [
            {"path": str(path), "lines": list(lines), **_spelled(found)} for path, found, lines in record.attributes
        ],
    }
    return Edit(place.record, canonical(value) + b"\n", 0o600)


def _attributes(value: Json) -> Attributes:
    if not isinstance(value, dict) or not isinstance(value["lines"], list):
        raise ValueError("no record of an attributes file")
    return Attributes(Path(str(value["path"])), _found(value), tuple(map(str, value["lines"])))


def _spelled(found: Found) -> dict[str, Json]:
    before = None if found.before is None else base64.b64encode(found.before).decode("ascii")
    return {"before": before, "after": found.after}


def _found(value: Json) -> Found:
    if not isinstance(value, dict):
        raise ValueError("no record of a file")
    before = value["before"]
    return Found(None if before is None else base64.b64decode(str(before), validate=True), str(value["after"]))


def _pairs(value: Json) -> list[tuple[Json, Json]]:
    pairs = value if isinstance(value, list) else []
    return [(pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2]
