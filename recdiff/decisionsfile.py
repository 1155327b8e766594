"""The file of decisions: an SQLite database beside a repository's own data, and every reason why it cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from recdiff.errors import RecdiffError

if TYPE_CHECKING:
    import sqlite3

Verdict: TypeAlias = Literal["accepted", "rejected"]

_OWNER = 0x72636466  # "rcdf": by this a database of somebody else is known
_SCHEMA = 1
_TABLE = (
    "CREATE TABLE decisions(key TEXT PRIMARY KEY, verdict TEXT CHECK(verdict IN ('accepted','rejected')), "
    "comment TEXT NOT NULL DEFAULT '', test_id TEXT, class TEXT NOT NULL, path TEXT NOT NULL, decided_at TEXT NOT NULL)"
)
_REASONS = {
    "BUSY": "another program holds it, and it is tried again with the next decision",
    "CORRUPT": "it is damaged; move it away to start anew",
    "NOTADB": "it is no SQLite database; move it away to start anew",
}


def database_in(folder: str) -> Path:
    """Where the decisions of a repository are kept, below its common git directory."""
    return Path(folder, "recdiff", "decisions.sqlite").absolute()


class Decision(NamedTuple):
    """What was said about a point; nothing, as long as nobody did."""

    verdict: Verdict | None = None
    comment: str = ""


class Row(NamedTuple):
    """A row of the table, in the order of its columns."""

    key: str
    verdict: Verdict | None
    comment: str
    test_id: str | None
    change_class: str
    path: str
    decided_at: str

    @property
    def said(self) -> Decision:
        return Decision(self.verdict, self.comment)


class DatabaseError(RecdiffError):
    """Why the database cannot be read or written."""


class BusyError(DatabaseError):
    """Another program is at it just now."""


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        import sqlite3

        yield
    except ImportError:
        raise DatabaseError("this Python has no sqlite3; take one that has") from None
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "_").split("_")[1]
        raise (BusyError if name == "BUSY" else DatabaseError)(_REASONS.get(name, str(error))) from error
    except OSError as error:
        raise DatabaseError(f"{error.strerror} ({error.filename})") from error


class Database:
    """The file: its connection, schema and identity. What reaches the disk raises DatabaseError alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._version = -1

    def is_lost(self) -> bool:
        """Whether another file, or none, stands in the place of the one that was opened."""
        return self._identity is not None and self._identity != self._found()

    @_in_words()
    def news(self, patience: float = 0.0) -> dict[str, Row] | None:
        """All rows, where another session wrote since they were last read; None too where there is no file."""
        connection = self._connected(patience, creates=False)
        if connection is None:
            return None
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return None
        rows = connection.execute("SELECT * FROM decisions") if _has_table(connection) else ()
        found = {row[0]: Row(*row) for row in rows}
        self._version = version
        return found

    @_in_words()
    def begin(self, patience: float, *, creates: bool) -> bool:
        """Begin to write; False where there is no file and none is to be made."""
        if connection := self._connected(patience, creates=creates):
            connection.execute("BEGIN IMMEDIATE")
        return connection is not None

    @_in_words()
    def commit(self, rows: Sequence[Row]) -> None:
        """Write these rows, of which the empty ones go, and end what was begun."""
        connection = self._connection
        assert connection is not None
        if rows:
            if not _has_table(connection):
                for statement in (_TABLE, f"PRAGMA application_id = {_OWNER}", f"PRAGMA user_version = {_SCHEMA}"):
                    connection.execute(statement)
            connection.executemany("DELETE FROM decisions WHERE key = ?", [(row.key,) for row in rows])
            kept = [row for row in rows if any(row.said)]
            connection.executemany("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)", kept)
        connection.execute("COMMIT" if rows else "ROLLBACK")

    def close(self) -> None:
        """Let go of the file; it is opened anew when it is needed."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _found(self) -> tuple[int, int] | None:
        with suppress(OSError):
            found = self.path.stat()
            return found.st_dev, found.st_ino
        return None

    def _connected(self, patience: float, *, creates: bool) -> sqlite3.Connection | None:
        import sqlite3

        if self._connection is None:
            if creates:
                self.path.parent.mkdir(exist_ok=True)
            elif not self.path.exists():
                return None
            address = f"{self.path.as_uri()}?mode={'rwc' if creates else 'rw'}"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience)
            self._connection.text_factory = lambda data: data.decode("utf-8", "replace")
            self._identity, self._version = self._found(), -1
            self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        return self._connection


def _has_table(connection: sqlite3.Connection) -> bool:
    """Whether the schema is there already. Raises DatabaseError for a database that is not ours to use."""
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if owner == version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
        return False
    if owner != _OWNER:
        raise DatabaseError("it is a database of another program; move it away to start anew")
    if version != _SCHEMA:
        raise DatabaseError(f"another version of recdiff made it (schema {version}, not {_SCHEMA}); update recdiff")
    return True


def why_not_writable(path: Path) -> str:
    """What keeps a database from being written that can be read or does not exist yet, as far as that shows."""
    folder = path.parent if os.access(path.parent, os.F_OK) else path.parent.parent
    if not os.access(f"{folder}/.", os.W_OK):
        return f"{folder} is no folder that can be written to; check its permissions"
    is_read_only = os.access(path, os.F_OK) and not os.access(path, os.W_OK)
    return "it cannot be written; check its permissions" if is_read_only else ""
