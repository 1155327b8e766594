"""What a reviewer decided about changes: kept in SQLite by what a change says, so that it lapses when that changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, NamedTuple, TypeAlias

from recdiff.decisionsfile import (
    BusyError,
    Database,
    DatabaseError,
    Decision,
    Row,
    Verdict,
    database_in,
    why_not_writable,
)
from recdiff.jsonvalue import Json, canonical
from recdiff.model import Change, FileReview

State: TypeAlias = Literal["accepted", "rejected", "undecided"]


class Point(NamedTuple):
    """What is decided: one change, or a whole recording that has no other side or cannot be read.

    `key` is made of what it says. For a whole recording, `change_class` is its status and `path` is empty.
    `is_needed`: whether a review is incomplete without it; not so for minor and derived changes.
    """

    key: str
    test_id: str | None
    change_class: str
    path: str
    is_needed: bool


class Tally(NamedTuple):
    """How many of the recordings that need a decision have one, and how many of these are rejected."""

    decided: int
    rejected: int
    total: int


def points_of(entry: FileReview) -> tuple[Point, ...]:
    """Each change, or the recording as a whole, known by its fingerprint (for which ask the review); none for noise."""
    if entry.status in ("added", "removed", "unreadable"):
        key = _key(entry, entry.status, "", entry.fingerprint)
        return (Point(key, entry.test_id, entry.status, "", is_needed=True),)
    return tuple(point_of(entry, change) for change in entry.changes)


def point_of(entry: FileReview, change: Change) -> Point:
    """The point of one change of a recording."""
    key = _key(entry, change.change_class, change.path, change.old, change.new)
    is_needed = change.level == "meaningful" and not change.derived
    return Point(key, entry.test_id, change.change_class, change.path, is_needed)


def _key(entry: FileReview, *said: Json) -> str:
    import hashlib

    return hashlib.sha256(canonical([entry.test_id or entry.path, *said])).hexdigest()


class Decisions:
    """All decisions of a repository, in memory; what changes is written at once, or later where that fails.

    `note` says at the start why decisions end with this session, `problem` why some are not on disk now: a line each,
    empty when all is well. No method raises because of the disk. To be used from one thread.
    """

    def __init__(self, database: Database | None, patience: float, note: str = "") -> None:
        """Use `open`. `patience`: for how many seconds a write waits for another session."""
        self.note = note
        self.problem = ""
        self._database = database
        self._patience = patience
        self._rows: dict[str, Row] = {}
        self._pending: dict[str, Decision] = {}  # the keys of what is in memory alone, and what stood on disk
        self._is_lost = False  # whether a row that is not on disk was taken away with its file
        self._steps: list[list[tuple[Row, Row]]] = []  # before and after
        self._points: dict[int, tuple[FileReview, tuple[Point, ...]]] = {}

    @classmethod
    def open(cls, folder: str | None, *, patience: float = 2.0) -> Decisions:
        """The decisions kept in `recdiff/decisions.sqlite` of a folder (the common git directory). Writes nothing.

        In memory alone, with a `note`, where there is no folder, where it cannot be written (what it holds is read
        none the less), and where the file is damaged, somebody else's or of another version; it is left as it is.
        """
        if folder is None:
            return cls(None, patience, "Decisions end with this session: there is no git repository to keep them in")
        database = Database(database_in(folder))
        decisions, why = cls(database, patience), ""
        try:
            decisions._take_over(database.news(patience))
            why = why_not_writable(database.path)
        except BusyError as error:
            decisions._fail(database, error)
        except DatabaseError as error:
            why = str(error)
        if why:
            database.close()
            decisions._database = None
            decisions.note = f"Decisions end with this session: {database.path}: {why}"
        return decisions

    def of(self, key: str) -> Decision:
        """What was said about a point."""
        row = self._rows.get(key)
        return row.said if row else Decision()

    def points(self, entry: FileReview) -> tuple[Point, ...]:
        """`points_of`, remembered until `forget`."""
        if id(entry) not in self._points:
            self._points[id(entry)] = (entry, points_of(entry))  # the entry too, so that its id stays its own
        return self._points[id(entry)][1]

    def forget(self) -> None:
        """Let go of the points of a review that is shown no more."""
        self._points.clear()

    def state(self, entry: FileReview) -> State:
        """Rejected if any point is; accepted if all needed ones are, or all where none is needed (of noise: none)."""
        points = self.points(entry)
        if any(self.of(point.key).verdict == "rejected" for point in points):
            return "rejected"
        asked = [point for point in points if point.is_needed] or points
        return "accepted" if all(self.of(point.key).verdict for point in asked) else "undecided"

    def is_open(self, entry: FileReview) -> bool:
        """Whether a recording needs a decision that it has not got."""
        return any(point.is_needed for point in self.points(entry)) and self.state(entry) == "undecided"

    def tally(self, entries: Iterable[FileReview]) -> Tally:
        """How far a review is, over the recordings that need a decision."""
        states = [self.state(entry) for entry in entries if any(point.is_needed for point in self.points(entry))]
        return Tally(len(states) - states.count("undecided"), states.count("rejected"), len(states))

    def comment(self, entry: FileReview) -> str:
        """The comment on a recording: the first of its points."""
        return next(filter(None, (self.of(point.key).comment for point in self.points(entry))), "")

    def decide(self, points: Sequence[Point], verdict: Verdict | None) -> None:
        """Accept or reject all points at once; None takes the verdict back. Comments stay."""
        self._edit(points, lambda row: row._replace(verdict=verdict))

    def remark(self, points: Sequence[Point], comment: str) -> None:
        """Comment on all points at once; an empty comment takes it back. Verdicts stay."""
        self._edit(points, lambda row: row._replace(comment=_storable(comment)))

    def undo(self) -> tuple[str, ...]:
        """Take back this session's last `decide` or `remark`, save what others changed since; the keys it touched."""
        touched = []
        with self._writing(creates=bool(self._steps)):
            for before, after in self._steps.pop() if self._steps else ():
                if self.of(after.key) == after.said:
                    self._pending.setdefault(after.key, after.said)
                    self._rows[after.key] = before
                    touched.append(after.key)
        return tuple(touched)

    def _edit(self, points: Sequence[Point], edit: Callable[[Row], Row]) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        rows = [
            Row(key, None, "", test_id and _storable(test_id), change_class, _storable(path), now)
            for key, test_id, change_class, path, _ in points
        ]
        steps = []
        with self._writing(creates=any(edit(row).said != Decision() for row in rows)):
            for row in rows:
                before = self._rows.get(row.key, row)
                after = edit(before)._replace(decided_at=now)
                if after.said != before.said:
                    steps.append((before, after))
                    self._pending.setdefault(row.key, before.said)
                    self._rows[row.key] = after
        if steps:
            self._steps.append(steps)

    @property
    def unwritten(self) -> int:
        """How many decisions are in memory alone although there is a database."""
        return len(self._pending) if self._database else 0

    def refresh(self) -> bool:
        """Take over what other sessions wrote; whether anything changed. Never waits: there is a next time."""
        if self._database is None:
            return False
        try:
            self._notice_loss(self._database)
            is_other = self._take_over(self._database.news())
        except DatabaseError as error:
            if not isinstance(error, BusyError):
                self._fail(self._database, error)
            return False
        self.problem = self.problem if self.unwritten else ""
        return is_other

    @property
    def unkept(self) -> int:
        """How many decisions of this session are in memory alone."""
        return sum(self.of(key) != before for key, before in self._pending.items())

    def flush(self, patience: float | None = None) -> str:
        """Try again to write what could not be written; a line that says why some is not on disk, else nothing.

        `patience` replaces that of `open`: this is the last time.
        """
        if self._database:
            self._notice_loss(self._database)
        if self._pending:
            with self._writing(last_patience=self._patience if patience is None else patience):
                pass
        return self.problem or self.note if self._pending else ""

    def close(self) -> None:
        """Let go of the file. What is unwritten is lost then: `flush` before."""
        if self._database:
            self._database.close()

    @contextmanager
    def _writing(self, *, creates: bool = False, last_patience: float | None = None) -> Iterator[None]:
        """What changes in `_rows` meanwhile is written in one transaction, on top of what others wrote, or pending."""
        # A program that holds the file for long must not stop the reviewer with each decision anew.
        patience = last_patience if last_patience is not None else 0.0 if self.problem else self._patience
        database, is_begun = self._database, False
        if database:
            try:
                self._notice_loss(database)
                if database.begin(patience, creates=creates or self.unwritten > 0):
                    self._take_over(database.news(patience))
                    is_begun = True
            except DatabaseError as error:
                self._fail(database, error)
        yield
        if database and is_begun:
            try:
                database.commit([self._rows[key] for key in self._pending])
            except DatabaseError as error:
                self._fail(database, error)
                return
            for key in [key for key in self._pending if self.of(key) == Decision()]:
                del self._rows[key]
            self._pending.clear()
            self.problem = ""

    def _take_over(self, news: dict[str, Row] | None) -> bool:
        """Put what is pending on top of the rows of the disk; whether that is other than what was known."""
        if news is None:
            return False
        pending: dict[str, Decision] = {}
        for key, before in self._pending.items():
            mine = self._rows[key]
            on_disk = news[key].said if key in news else Decision()
            theirs = mine.said if self._is_lost and key not in news else on_disk
            verdict = theirs.verdict if mine.verdict == before.verdict else mine.verdict
            comment = theirs.comment if mine.comment == before.comment else mine.comment
            if (verdict, comment) != on_disk:
                pending[key], news[key] = on_disk, mine._replace(verdict=verdict, comment=comment)
        known, self._rows, self._pending = self._rows, news, pending
        self._is_lost = False
        return news != known

    def _notice_loss(self, database: Database) -> None:
        if database.is_lost():
            database.close()
            self._is_lost = True
            self._pending = {key: row.said for key, row in self._rows.items()} | self._pending
            self.problem = f"{database.path}: it was taken away; it is written anew with the next decision"

    def _fail(self, database: Database, error: DatabaseError) -> None:
        self._notice_loss(database)
        database.close()  # which takes back what was begun
        self.problem = f"{database.path}: {error}"


def _storable(text: str) -> str:
    """Text that SQLite takes: lone surrogates, which have no UTF-8, are spelled."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
