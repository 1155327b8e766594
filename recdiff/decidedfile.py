"""What was decided, as a file that travels: out of the local database, into `recdiff.decisions/1`, and back.

    {"schema": "recdiff.decisions/1", "decisions": [
    {"key": "…", "verdict": "accepted", "comment": "", "test_id": "…", "class": "text", "path": "/…", "decided_at": "…"}
    ]}

A line each, in an order that depends on the decisions alone. What is read is checked to the last key: a file that was
read wrongly would let pass what nobody accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Literal, NoReturn, cast

from recdiff.decisions import Decisions, Point
from recdiff.decisionsfile import Database, DatabaseError, Row, database_in
from recdiff.errors import UnreadableError, UsageError
from recdiff.jsonvalue import Json, loads

SCHEMA = "recdiff.decisions/1"

_KEYS = ("key", "verdict", "comment", "test_id", "class", "path", "decided_at")
_KEY = re.compile(r"[0-9a-f]{64}")
_TEXTS = ("comment", "class", "path", "decided_at")


def kept(folder: str, *, patience: float = 2.0) -> list[Row]:
    """All decisions of a repository, kept in its common git directory; none where there is no database.

    Raises UsageError for a database that cannot be read.
    """
    database = Database(database_in(folder))
    try:
        return sorted((database.news(patience) or {}).values(), key=_order)
    except DatabaseError as error:
        raise UsageError(f"{database.path}: {error}") from None
    finally:
        database.close()


def exported(rows: Iterable[Row]) -> bytes:
    """Decisions as the bytes of a file."""
    lines = [_line(row) for row in sorted(rows, key=_order)]
    inside = "\n" + ",\n".join(lines) + "\n" if lines else ""
    return f'{{"schema": {json.dumps(SCHEMA)}, "decisions": [{inside}]}}\n'.encode("ascii")


def _order(row: Row) -> tuple[str, str, str, str]:
    return row.test_id or "", row.change_class, row.path, row.key


def _line(row: Row) -> str:
    """One decision as JSON of visible ASCII alone: a comment may hold anything that a terminal would obey."""
    return json.dumps(dict(zip(_KEYS, row, strict=True))).replace("\x7f", "\\u007f")


def read(data: bytes, name: str) -> list[Row]:
    """The decisions of a file. Raises UsageError for what `recdiff decisions --export` cannot have written."""
    try:
        document = loads(data)
    except UnreadableError as error:
        _refuse(name, str(error))
    if not isinstance(document, dict) or not isinstance(document.get("schema"), str):
        _refuse(name, "no file of decisions")
    schema = str(document["schema"])
    if schema != SCHEMA:
        if schema.startswith("recdiff.decisions/"):
            raise UsageError(f"{name}: written by another version of recdiff ({schema}, not {SCHEMA}); update recdiff")
        _refuse(name, f"no file of decisions, but {schema}")
    entries = document.get("decisions")
    if document.keys() != {"schema", "decisions"} or not isinstance(entries, list):
        _refuse(name, "it must have 'schema' and a list of 'decisions', and nothing else")
    rows: dict[str, Row] = {}
    for number, entry in enumerate(entries, 1):
        row = _row(entry, f"{name}: decision {number}")
        if row.key in rows:
            _refuse(f"{name}: decision {number}", f"the key {row.key} stands twice")
        rows[row.key] = row
    return list(rows.values())


def _row(entry: Json, where: str) -> Row:
    if not isinstance(entry, dict):
        _refuse(where, "it is no object")
    for name in (*_KEYS, *entry):
        if name not in entry:
            _refuse(where, f"it has no {name!r}")
        if name not in _KEYS:
            _refuse(where, f"it has a {name!r}, which means nothing here")
    key, verdict, test_id = (entry[name] for name in ("key", "verdict", "test_id"))
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        _refuse(where, "its 'key' must be 64 hexadecimal digits")
    if verdict not in ("accepted", "rejected", None):
        _refuse(where, 'its \'verdict\' must be "accepted", "rejected" or null')
    if not (test_id is None or isinstance(test_id, str)):
        _refuse(where, "its 'test_id' must be a string or null")
    for name in _TEXTS:
        if not isinstance(entry[name], str):
            _refuse(where, f"its {name!r} must be a string")
    comment, change_class, path, decided_at = (str(entry[name]) for name in _TEXTS)
    said = cast(Literal["accepted", "rejected"] | None, verdict)
    return Row(key, said, comment, test_id, change_class, path, decided_at)


def _refuse(where: str, problem: str) -> NoReturn:
    raise UsageError(f"{where}: {problem}; write it with `recdiff decisions --export FILE`")


def decided(rows: Iterable[Row]) -> Decisions:
    """Decisions in memory alone, as a gate asks them."""
    found = Decisions.open(None)
    for row in rows:
        point = Point(row.key, row.test_id, row.change_class, row.path, is_needed=True)
        if row.verdict:
            found.decide([point], row.verdict)
        if row.comment:
            found.remark([point], row.comment)
    return found
