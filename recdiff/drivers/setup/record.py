"""What `enable` found and wrote, kept so that `disable` can give back the very bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
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


class Record(NamedTuple):
    """One `enable`: both files, and the lines that were written into them."""

    config: Found
    attributes: Found
    settings: tuple[Setting, ...]
    lines: tuple[str, ...]
    attributes_path: str


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
        return Record(
            _found(value["config"]),
            _found(value["attributes"]),
            tuple(Setting(str(key), str(told)) for key, told in _pairs(value["settings"])),
            tuple(map(str, value["lines"] if isinstance(value["lines"], list) else ())),
            str(value["attributes_path"]),
        )
    except (UnreadableError, KeyError, TypeError, ValueError, binascii.Error):
        return None


def keeping(place: Place, record: Record) -> Edit:
    """The edit that keeps a record; nobody else may read it, as it holds the user's settings."""
    value: dict[str, Json] = {
        "version": _VERSION,
        "config": _spelled(record.config),
        "attributes": _spelled(record.attributes),
        "attributes_path": record.attributes_path,
        "settings": [[key, told] for key, told in record.settings],
        "lines": list(record.lines),
    }
    return Edit(place.record, canonical(value) + b"\n", 0o600)


def _spelled(found: Found) -> Json:
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
