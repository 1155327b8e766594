"""Decisions: kept on disk by what a change says, shared between sessions, and never lost to a disk that fails."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.decisions import Decision, Decisions, Point, Tally, point_of, points_of
from recdiff.jsonvalue import canonical
from recdiff.model import CLASSES, STATUSES, Change, ChangeClass, FileReview, Kind, Status
from tests.recordings import MANY

TEXT = st.text(st.characters(), max_size=6)  # with lone surrogates
SCALARS = st.one_of(
    st.sampled_from([1, 1.0, True, "1", 0, 0.0, -0.0, False, None, "", [], {}, 2**64, float("nan")]), TEXT
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2))
CHANGES = st.builds(
    Change, st.sampled_from(CLASSES), TEXT, st.sampled_from(get_args(Kind)), VALUES, VALUES, TEXT, TEXT,
    st.booleans(), st.none() | TEXT,
)  # fmt: skip


def change(new: Any = "b", name: ChangeClass = "text", *, path: str = "/at", derived: bool = False) -> Change:
    """A change from "a"."""
    return Change(name, path, "changed", "a", new, "label", path, derived)


def entry(*changes: Change, status: Status = "meaningful", test_id: str | None = "t", name: str = "") -> FileReview:
    """A recording with these changes."""
    return FileReview(status, "old.json", "new.json", "path", "ogx", test_id, changes=changes, fingerprint=name)


def point(new: Any = "b") -> Point:
    """The point of a change to this value."""
    return points_of(entry(change(new)))[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A git directory; the name has what addresses and old file systems stumble over."""
    made = tmp_path / os.fsdecode(b"a b%20?#\xff.git")
    made.mkdir()
    return made


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[..., Decisions]]:
    """Opens sessions on the folder, and closes them all."""
    sessions: list[Decisions] = []

    def open_one(place: Path | None = folder, patience: float = 0.0) -> Decisions:
        sessions.append(Decisions.open(str(place) if place else None, patience=patience))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.close()


Opened = Callable[..., Decisions]


def file_of(folder: Path) -> Path:
    return folder / "recdiff" / "decisions.sqlite"


def on_disk(folder: Path, columns: str = "key, verdict, comment") -> list[tuple[Any, ...]]:
    """What a plain reader finds in the file."""
    connection = sqlite3.connect(file_of(folder))
    try:
        return connection.execute(f"SELECT {columns} FROM decisions ORDER BY key").fetchall()
    finally:
        connection.close()


# ------------------------------------------------------------------------------------------------------- points


def said(test: str, one: Change) -> bytes:
    """What a key is made of."""
    return canonical([test, one.change_class, one.path, one.old, one.new])


@MANY
@given(CHANGES, CHANGES, TEXT.filter(bool), TEXT.filter(bool))
def test_a_key_depends_on_test_class_path_old_and_new_alone(one: Change, two: Change, test: str, other: str) -> None:
    first, second = (points_of(entry(found, test_id=name))[0] for found, name in ((one, test), (two, other)))
    assert (first.key == second.key) == (said(test, one) == said(other, two))
    assert re.fullmatch("[0-9a-f]{64}", first.key)


@MANY
@given(CHANGES, CHANGES, TEXT.filter(bool))
def test_what_is_no_part_of_the_meaning_does_not_touch_the_key(one: Change, two: Change, test: str) -> None:
    twin = two._replace(change_class=one.change_class, path=one.path, old=one.old, new=one.new)
    plain = FileReview("meaningful", "a.json", "b.json", "path", "ogx", test, changes=(one,))
    noisy = FileReview(
        "minor", None, "other.json", "test", "plain", test, hidden={"rule": 3}, error="e", changes=(twin,),
        pairing="why", about="what", turns=7, fingerprint="f",
    )  # fmt: skip
    assert points_of(plain)[0].key == points_of(noisy)[0].key


@pytest.mark.parametrize("places", [("old", 3), ("new", 4)])
def test_values_that_python_takes_for_equal_are_told_apart(places: tuple[str, int]) -> None:
    values: list[Any] = [1, True, 1.0, "1", [1], [True], 0, False, -0.0, 0.0, None, "", [], {}]
    assert len({points_of(entry(change()._replace(**{places[0]: value})))[0].key for value in values}) == len(values)


def test_without_a_test_the_file_is_the_name() -> None:
    here = entry(change(), test_id=None)
    moved = here._replace(old_path="elsewhere.json")
    assert points_of(here)[0].key == points_of(moved)[0].key
    assert points_of(here)[0].key != points_of(here._replace(new_path="x.json"))[0].key
    assert points_of(here._replace(test_id=""))[0].key == points_of(here)[0].key


def test_the_order_of_keys_does_not_matter_and_that_of_items_does() -> None:
    assert point({"a": 1, "b": 2}).key == point({"b": 2, "a": 1}).key
    assert point([1, 2]).key != point([2, 1]).key


@pytest.mark.parametrize("status", ["added", "removed", "unreadable"])
def test_a_whole_recording_is_one_point_that_lapses_with_its_fingerprint(status: Status) -> None:
    whole = entry(status=status, name="f1")
    (found,) = points_of(whole)
    assert (found.test_id, found.change_class, found.path, found.is_needed) == ("t", status, "", True)
    assert points_of(whole._replace(new_path="renamed.json")) == (found,)
    others = [
        whole._replace(fingerprint="f2"),
        whole._replace(test_id="u"),
        whole._replace(status="added" if status != "added" else "removed"),
    ]
    assert all(points_of(other)[0].key != found.key for other in others)


def test_what_is_needed() -> None:
    changes = (change(), change(name="usage"), change(name="provenance"), change(derived=True))
    found = points_of(entry(*changes))
    assert [one.is_needed for one in found] == [True, False, False, False]
    assert found[1] == point_of(entry(*changes), changes[1])
    assert found[1][1:4] == ("t", "usage", "/at")
    assert points_of(entry(status="noise")) == ()


# ------------------------------------------------------------------------------------------------------- states


def states(session: Decisions, one: FileReview) -> tuple[str, bool, Tally]:
    return session.state(one), session.is_open(one), session.tally([one])


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_before_and_after_a_decision(opened: Opened, status: Status) -> None:
    changes = {"meaningful": (change(), change("c"), change(name="usage")), "minor": (change(name="usage"),)}
    one = entry(*changes.get(status, ()), status=status, name="f")
    session = opened()
    needs = status not in ("minor", "noise")
    if status == "noise":
        assert states(session, one) == ("accepted", False, Tally(0, 0, 0))
        return
    assert states(session, one) == ("undecided", needs, Tally(0, 0, int(needs)))
    session.decide(points_of(one), "accepted")
    assert states(session, one) == ("accepted", False, Tally(int(needs), 0, int(needs)))
    session.decide(points_of(one)[:1], "rejected")
    assert states(session, one) == ("rejected", False, Tally(int(needs), int(needs), int(needs)))
    session.decide(points_of(one), None)
    assert states(session, one) == ("undecided", needs, Tally(0, 0, int(needs)))


def test_minor_and_derived_changes_may_stay_undecided_and_may_be_rejected(opened: Opened) -> None:
    one = entry(change(), change("c"), change(name="usage"), change("d", derived=True))
    session = opened()
    needed, second, usage, derived = points_of(one)
    session.decide([needed], "accepted")
    assert states(session, one) == ("undecided", True, Tally(0, 0, 1))
    session.decide([second], "accepted")
    assert states(session, one) == ("accepted", False, Tally(1, 0, 1))
    session.decide([derived], "rejected")
    assert states(session, one) == ("rejected", False, Tally(1, 1, 1))
    session.decide([derived, second], None)
    session.decide([usage], "rejected")
    assert states(session, one) == ("rejected", False, Tally(1, 1, 1))


def test_a_tally_counts_what_needs_a_decision(opened: Opened) -> None:
    session = opened()
    one, two, three = (entry(change(new)) for new in "bcd")
    minor = entry(change(name="usage"), status="minor")
    session.decide(points_of(one) + points_of(minor), "accepted")
    session.decide(points_of(two), "rejected")
    assert session.tally([one, two, three, minor, entry(status="noise")]) == Tally(2, 1, 3)
    assert session.tally([]) == Tally(0, 0, 0)


def test_points_are_made_once_until_they_are_forgotten(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr("recdiff.decisions.points_of", lambda one: made.append(one) or points_of(one))
    session = opened()
    one = entry(change())
    for _ in range(3):
        assert session.points(one) == points_of(one)
        session.state(one)
    twin = entry(change())
    assert session.points(twin) == session.points(one)
    assert list(map(id, made)) == [id(one), id(twin)]
    session.forget()
    session.state(one)
    assert len(made) == 3


def test_the_comment_of_a_recording_is_the_first_of_its_points(opened: Opened) -> None:
    session = opened()
    one = entry(change(), change("c"), change("d"))
    assert session.comment(one) == ""
    session.remark(points_of(one)[2:], "third")
    session.remark(points_of(one)[1:2], "second")
    assert session.comment(one) == "second"


# ------------------------------------------------------------------------------------------------ keeping, undoing


def test_looking_writes_nothing_and_deciding_is_kept(opened: Opened, folder: Path) -> None:
    session = opened()
    assert (session.note, session.problem, session.unwritten, session.undo(), session.flush()) == ("", "", 0, (), "")
    assert not session.refresh()
    session.decide([point()], None)
    session.remark([point()], "")
    session.decide([], "accepted")
    assert list(folder.iterdir()) == []
    session.decide([point(), point("c")], "accepted")
    session.remark([point()], "fine\n“so”\0")
    session.decide([point("d")], "rejected")
    again = opened()
    assert [again.of(point(new).key) for new in "bcde"] == [
        Decision("accepted", "fine\n“so”\0"), Decision("accepted"), Decision("rejected"), Decision(),
    ]  # fmt: skip
    assert (session.unwritten, session.problem, again.note) == (0, "", "")
    rows = on_disk(folder, "key, test_id, class, path, decided_at")
    assert [row[:4] for row in rows] == sorted((point(new).key, "t", "text", "/at") for new in "bcd")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[4]) for row in rows)


def test_a_decision_that_says_nothing_has_no_row(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    session.remark([point()], "why")
    session.decide([point()], None)
    assert on_disk(folder) == [(point().key, None, "why")]
    session.remark([point()], "")
    assert on_disk(folder) == []
    assert not opened().refresh() and not session.refresh()


def test_undo_restores_what_stood_before_step_by_step(opened: Opened, folder: Path) -> None:
    opened().decide([point("c")], "rejected")
    session = opened()
    session.decide([point(), point("c")], "accepted")
    session.remark([point()], "hm")
    session.decide([point()], "accepted")  # changes nothing, and is no step
    assert session.undo() == (point().key,)
    assert session.of(point().key) == Decision("accepted")
    assert set(session.undo()) == {point().key, point("c").key}
    assert on_disk(folder) == [(point("c").key, "rejected", "")]
    assert session.undo() == ()
    assert opened().undo() == ()


def test_undo_leaves_what_another_session_changed_since(opened: Opened) -> None:
    one, two = opened(), opened()
    one.decide([point(new) for new in "bcd"], "accepted")
    two.refresh()
    two.decide([point("c")], "rejected")
    two.remark([point("d")], "look")
    assert one.undo() == (point("b").key,)
    assert [one.of(point(new).key) for new in "bcd"] == [Decision(), Decision("rejected"), Decision("accepted", "look")]
    assert opened().of(point("c").key) == Decision("rejected")


def test_undo_knows_what_stood_on_disk_and_not_only_in_memory(opened: Opened) -> None:
    one, two = opened(), opened()
    two.decide([point()], "rejected")
    one.decide([point()], "accepted")  # without a refresh
    assert one.undo() == (point().key,)
    assert one.of(point().key) == opened().of(point().key) == Decision("rejected")


def test_the_same_point_twice_is_decided_once(opened: Opened) -> None:
    session = opened()
    session.decide([point(), point()], "accepted")
    assert session.undo() == (point().key,)
    assert session.of(point().key) == Decision()


def test_a_surrogate_in_a_test_or_a_comment_is_spelled(opened: Opened, folder: Path) -> None:
    odd = points_of(entry(change("\udc80"), test_id="t\udc80", name="f"))
    session = opened()
    session.decide(odd, "accepted")
    session.remark(odd, "so\ud800")
    assert (session.unwritten, session.problem) == (0, "")
    assert opened().of(odd[0].key) == session.of(odd[0].key) == Decision("accepted", "so\\ud800")
    assert on_disk(folder, "test_id") == [("t\\udc80",)]
    assert not session.refresh()


def test_text_that_is_no_utf8_in_the_file_does_not_stop_a_review(opened: Opened, folder: Path) -> None:
    opened().remark([point()], "x")
    connection = sqlite3.connect(file_of(folder))
    connection.execute("UPDATE decisions SET comment = CAST(x'61ff' AS TEXT)")
    connection.commit()
    connection.close()
    assert opened().of(point().key) == Decision(None, "a\ufffd")


# ------------------------------------------------------------------------------------------------- several sessions


def test_two_sessions_see_each_other_through_refresh(opened: Opened) -> None:
    one, two = opened(), opened()
    one.decide([point()], "accepted")
    assert two.of(point().key) == Decision()
    assert two.refresh() and not two.refresh() and not one.refresh()
    two.decide([point("c")], "rejected")
    two.remark([point()], "yes")
    assert one.refresh()
    assert [one.of(point(new).key) for new in "bc"] == [Decision("accepted", "yes"), Decision("rejected")]
    two.decide([point("c")], None)
    assert one.refresh()
    assert one.of(point("c").key) == Decision()


def test_a_session_does_not_overwrite_the_half_that_it_does_not_change(opened: Opened) -> None:
    one, two = opened(), opened()
    two.remark([point()], "careful")
    one.decide([point()], "accepted")
    assert opened().of(point().key) == one.of(point().key) == Decision("accepted", "careful")


def test_a_session_that_was_killed_leaves_what_it_decided(opened: Opened, folder: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from recdiff.decisions import Decisions, Point\n"
        "session = Decisions.open(sys.argv[1])\n"
        "session.decide([Point('k1', None, 'text', '', True)], 'accepted')\n"
        "session.remark([Point('k2', None, 'text', '', True)], 'why')\n"
        "with session._writing(creates=True):\n"  # in the middle of a third
        "    session._database._connection.execute('DELETE FROM decisions')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    session = opened()
    assert (session.of("k1"), session.of("k2")) == (Decision("accepted"), Decision(None, "why"))
    session.decide([point()], "accepted")
    assert (session.note, session.problem, session.unwritten) == ("", "", 0)


def test_a_session_that_was_killed_before_its_first_decision_leaves_a_usable_file(opened: Opened, folder: Path) -> None:
    file_of(folder).parent.mkdir()
    file_of(folder).touch()
    one, two = opened(), opened()
    assert one.note == two.note == ""
    one.decide([point()], None)
    assert (one.problem, one.unwritten, file_of(folder).read_bytes()) == ("", 0, b"")
    one.decide([point()], "accepted")
    assert two.refresh() and two.of(point().key) == Decision("accepted")


def test_two_processes_that_decide_at_once_lose_nothing(opened: Opened, folder: Path) -> None:
    script = (
        "import sys\n"
        "from recdiff.decisions import Decisions, Point\n"
        "session = Decisions.open(sys.argv[1], patience=60)\n"
        "for number in range(30):\n"
        "    session.decide([Point(f'{sys.argv[2]}{number}', None, 'text', '', True)], 'accepted')\n"
        "sys.exit(session.flush() or 0)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), name], stderr=subprocess.PIPE) for name in "ab"
    ]
    assert [(child.communicate()[1], child.returncode) for child in running] == [(b"", 0)] * 2
    assert len(on_disk(folder)) == 60


# ------------------------------------------------------------------------------------------------ in memory alone


def works_in_memory(session: Decisions) -> None:
    """A session without a file decides, undoes, and says at the end that nothing is kept."""
    assert (session.problem, session.flush(), session.unwritten) == ("", "", 0)
    session.decide([point()], "accepted")
    session.remark([point()], "why")
    assert session.of(point().key) == Decision("accepted", "why")
    assert session.undo() == (point().key,)
    assert session.of(point().key) == Decision("accepted")
    assert (session.problem, session.unwritten, session.refresh()) == ("", 0, False)
    assert session.flush() == session.note != ""
    assert "\n" not in session.note


def test_without_a_repository(opened: Opened) -> None:
    session = opened(None)
    assert session.note == "Decisions end with this session: there is no git repository to keep them in"
    works_in_memory(session)


def foreign(path: Path, *statements: str) -> None:
    path.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def newer(path: Path) -> None:
    session = Decisions.open(str(path.parents[1]))
    session.decide([point("z")], "accepted")
    session.close()
    foreign(path, "PRAGMA user_version = 2")


def damaged(path: Path) -> None:
    session = Decisions.open(str(path.parents[1]))
    session.decide([point(number) for number in range(300)], "accepted")
    session.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * len(data[4096:])
    path.write_bytes(data)


def garbage(path: Path, data: bytes = b"no database" * 100) -> None:
    path.parent.mkdir()
    path.write_bytes(data)


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "garbage": (garbage, "it is no SQLite database; move it away to start anew"),
    "two bytes": (lambda path: garbage(path, b"xx"), "it is no SQLite database"),
    "damaged": (damaged, "it is damaged; move it away to start anew"),
    "foreign": (lambda path: foreign(path, "CREATE TABLE decisions(key)"), "it is a database of another program"),
    "marked": (lambda path: foreign(path, "PRAGMA application_id = 7"), "it is a database of another program"),
    "versioned": (lambda path: foreign(path, "PRAGMA user_version = 1"), "it is a database of another program"),
    "newer": (newer, "another version of recdiff made it (schema 2, not 1); update recdiff"),
    "folder": (lambda path: path.mkdir(parents=True), "unable to open database file"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_is_not_ours_to_use_is_told_and_left_alone(opened: Opened, folder: Path, name: str) -> None:
    spoil, why = SPOILT[name]
    path = file_of(folder)
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    session = opened()
    assert session.note.startswith(f"Decisions end with this session: {path}: {why}")
    works_in_memory(session)
    session.close()
    assert (path.read_bytes() if path.is_file() else None) == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["gone", "file", "file/below", "recdiff in the way"])
def test_a_place_that_cannot_be_written_is_told_at_the_start(opened: Opened, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch(mode=0o777)
    (tmp_path / "recdiff in the way").mkdir()
    (tmp_path / "recdiff in the way" / "recdiff").touch(mode=0o777)
    session = opened(tmp_path / name)
    assert session.note.startswith(f"Decisions end with this session: {tmp_path / name / 'recdiff/decisions.sqlite'}: ")
    assert session.note.endswith("is no folder that can be written to; check its permissions")
    works_in_memory(session)


def test_a_file_that_may_only_be_read_is_read(opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened().decide([point("c")], "rejected")
    access, path = os.access, file_of(folder)
    # Whoever runs the tests may be root, to whom everything is open.
    monkeypatch.setattr(os, "access", lambda at, mode: access(at, mode) and (at, mode) != (path, os.W_OK))
    session = opened()
    assert session.note == (
        f"Decisions end with this session: {file_of(folder)}: it cannot be written; check its permissions"
    )
    assert session.of(point("c").key) == Decision("rejected")
    works_in_memory(session)
    assert on_disk(folder) == [(point("c").key, "rejected", "")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(opened: Opened, folder: Path) -> None:
    folder.chmod(0o555)
    try:
        works_in_memory(opened())
    finally:
        folder.chmod(0o755)


# ------------------------------------------------------------------------------------------ a disk that fails midway


def locked(folder: Path) -> sqlite3.Connection:
    """A program that holds the file until it is closed."""
    connection = sqlite3.connect(file_of(folder), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_what_a_lock_kept_from_the_file_is_written_when_it_goes(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    lock = locked(folder)
    session.decide([point("c")], "rejected")
    session.remark([point()], "why")
    assert not session.refresh()
    assert (session.of(point("c").key), session.of(point().key)) == (Decision("rejected"), Decision("accepted", "why"))
    assert session.unwritten == 2
    assert (
        session.flush()
        == session.problem
        == (f"{file_of(folder)}: another program holds it, and it is tried again with the next decision")
    )
    lock.close()
    assert (session.flush(), session.problem, session.unwritten) == ("", "", 0)
    assert sorted(on_disk(folder)) == sorted([(point().key, "accepted", "why"), (point("c").key, "rejected", "")])


def test_the_next_decision_writes_what_is_pending_too(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    lock = locked(folder)
    session.decide([point("c")], "rejected")
    session.decide([point()], None)
    assert session.undo() == (point().key,)
    lock.close()
    session.decide([point("d")], "accepted")
    assert (session.problem, session.unwritten) == ("", 0)
    assert {row[:2] for row in on_disk(folder)} == {
        (point().key, "accepted"), (point("c").key, "rejected"), (point("d").key, "accepted"),
    }  # fmt: skip


def test_a_reader_that_lingers_is_outlived(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    reader = sqlite3.connect(file_of(folder), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM decisions").fetchall()  # holds the file until its end; the commit cannot be
    session.decide([point("c")], "rejected")
    assert (session.unwritten, session.of(point("c").key)) == (1, Decision("rejected"))
    reader.close()
    assert session.flush() == ""
    assert len(on_disk(folder)) == 2


def test_what_waits_goes_on_top_of_what_others_wrote_meanwhile(opened: Opened, folder: Path) -> None:
    one, two = opened(), opened()
    one.decide([point(new) for new in "bcd"], "accepted")
    two.refresh()
    lock = locked(folder)
    one.decide([point("b")], "rejected")
    one.remark([point("c")], "mine")
    one.decide([point("d")], "rejected")
    lock.close()
    two.remark([point("b")], "theirs")
    two.decide([point("c")], None)
    two.decide([point("d")], "rejected")
    assert one.refresh()
    assert one.unwritten == 2
    assert one.flush() == ""
    expected = [Decision("rejected", "theirs"), Decision(None, "mine"), Decision("rejected")]
    assert [one.of(point(new).key) for new in "bcd"] == expected
    assert [opened().of(point(new).key) for new in "bcd"] == expected


def test_a_file_that_is_locked_at_the_start_is_read_later(opened: Opened, folder: Path) -> None:
    opened().decide([point(), point("c")], "accepted")
    lock = locked(folder)
    session = opened()
    assert (session.note, session.unwritten) == ("", 0)
    assert "another program holds it" in session.problem
    session.remark([point()], "early")
    assert session.unwritten == 1
    lock.close()
    assert session.refresh()
    assert session.of(point().key) == Decision("accepted", "early")
    assert session.of(point("c").key) == Decision("accepted")
    assert session.flush() == session.problem == ""
    lock = locked(folder)
    late = opened()
    lock.close()
    assert late.problem and late.refresh() and late.problem == ""


def test_only_the_first_decision_waits_for_a_lock(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(patience=0.05)
    session.decide([point()], "accepted")
    waits: list[float] = []
    connected = type(session._database)._connected  # type: ignore[union-attr]
    monkeypatch.setattr(
        "recdiff.decisionsfile.Database._connected",
        lambda self, patience, *, creates: waits.append(patience) or connected(self, patience, creates=creates),
    )
    lock = locked(folder)
    session.decide([point("c")], "accepted")
    session.decide([point("d")], "accepted")
    session.refresh()
    session.flush()
    lock.close()
    assert waits == [0.05, 0.0, 0.0, 0.05]


def test_the_folder_is_taken_away_and_all_is_written_anew(opened: Opened, folder: Path) -> None:
    opened().remark([point("old")], "from before")
    session = opened()
    session.decide([point()], "accepted")
    shutil.rmtree(file_of(folder).parent)
    assert not session.refresh()
    assert session.unwritten == 2
    assert "it was taken away" in session.problem
    session.decide([point("c")], "rejected")
    assert (session.problem, session.unwritten) == ("", 0)
    assert len(on_disk(folder)) == 3
    file_of(folder).unlink()
    assert session.flush() == ""
    assert len(on_disk(folder)) == 3


def test_the_whole_git_directory_goes_and_comes_back(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    away = folder.with_name("away")
    folder.rename(away)
    session.decide([point("c")], "rejected")
    assert not folder.exists()
    assert [session.of(point(new).key).verdict for new in "bc"] == ["accepted", "rejected"]
    assert session.unwritten == 2
    assert "No such file or directory" in session.flush()
    away.rename(folder)
    opened().decide([point()], "rejected")  # what is on disk is newer than what was only known
    assert session.flush() == ""
    assert {row[:2] for row in on_disk(folder)} == {(point().key, "rejected"), (point("c").key, "rejected")}
    assert session.of(point().key) == Decision("rejected")


def test_sessions_find_each_other_in_a_file_that_was_made_anew(opened: Opened, folder: Path) -> None:
    one, two = opened(), opened()
    one.decide([point(), point("c")], "accepted")
    two.refresh()
    file_of(folder).unlink()
    two.decide([point()], "rejected")
    assert one.refresh()
    assert [one.of(point(new).key).verdict for new in "bc"] == ["rejected", "accepted"]
    two.decide([point()], None)
    assert one.refresh()
    assert one.of(point().key) == Decision()
    assert (one.unwritten, one.problem) == (0, "")


def test_a_foreign_file_in_the_place_of_ours_is_left_alone(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    file_of(folder).unlink()
    foreign(file_of(folder), "CREATE TABLE theirs(x)")
    before = file_of(folder).read_bytes()
    session.decide([point("c")], "accepted")
    session.refresh()
    assert (
        session.problem
        == session.flush()
        == (f"{file_of(folder)}: it is a database of another program; move it away to start anew")
    )
    assert session.unwritten == 2
    assert file_of(folder).read_bytes() == before
    file_of(folder).unlink()
    assert session.flush() == ""
    assert len(on_disk(folder)) == 2


def test_a_full_disk_loses_nothing(opened: Opened, folder: Path) -> None:
    session = opened()
    session.decide([point()], "accepted")
    session._database._connection.execute("PRAGMA max_page_count = 3")  # type: ignore[union-attr]
    many = [point(number) for number in range(500)]
    session.decide(many, "rejected")
    assert session.problem == f"{file_of(folder)}: database or disk is full"
    assert session.unwritten == 500
    assert all(session.of(one.key).verdict == "rejected" for one in many)
    assert len(on_disk(folder)) == 1  # all or nothing
    assert session.flush() == ""
    assert len(on_disk(folder)) == 501


def test_a_python_without_sqlite(opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    session = opened()
    why = "this Python has no sqlite3; take one that has"
    assert session.note == f"Decisions end with this session: {file_of(folder)}: {why}"
    works_in_memory(session)


def test_a_folder_that_is_named_from_where_one_stands(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    session = opened(Path(folder.name))
    monkeypatch.chdir("/")
    session.decide([point()], "accepted")
    assert len(on_disk(folder)) == 1


def test_importing_loads_no_database() -> None:
    script = "import sys, recdiff.decisions\nsys.exit('sqlite3' in sys.modules or 'hashlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
