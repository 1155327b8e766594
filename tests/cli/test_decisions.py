"""`recdiff decisions` and the file that it exports: what is kept, told, written, and read again to the last key."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.decidedfile import SCHEMA, decided, exported, kept, read
from recdiff.decisions import Decision, Decisions, points_of
from recdiff.decisionsfile import Row
from recdiff.errors import UsageError
from recdiff.pipeline import Options, review
from recdiff.rules.project import project_config
from recdiff.sources.git_range import open_range
from tests.building import RepoBuilder
from tests.cli.running import Done, recdiff, recorded
from tests.recordings import MANY

FOLDER = "tests/recordings"


def decide(repo: RepoBuilder, verdict: Any, *range_: str, test: str = "", comment: str = "") -> None:
    """Decide on the recordings of a range whose test's name holds a word, as the screen does."""
    source = open_range(str(repo.path), range_)
    decisions = Decisions.open(str(repo.path / ".git"))
    try:
        found = review(source, Options(project_config(source, None)[0], fingerprints=True))
        points = [point for entry in found.files if test in (entry.test_id or "") for point in points_of(entry)]
        assert points
        decisions.decide(points, verdict)
        decisions.remark(points, comment)
    finally:
        decisions.close()
        source.close()


@pytest.fixture
def changed(repo: RepoBuilder) -> RepoBuilder:
    """Three commits: `a` and `b` change, then `a` once more while `new` comes."""

    def named(name: str, text: str) -> str:
        return recorded(text, test_id=f"tests/test_x.py::test_{name}", asked=name)

    repo.commit({f"{FOLDER}/{name}.json": named(name, "one") for name in "ab"})
    repo.commit({f"{FOLDER}/{name}.json": named(name, "two") for name in "ab"})
    repo.commit({f"{FOLDER}/a.json": named("a", "three"), f"{FOLDER}/new.json": named("new", "of the sea")})
    return repo


def decisions(repo: RepoBuilder, *arguments: str) -> Done:
    done = recdiff(repo.path, "decisions", *arguments)
    assert done.code == 0, done.err
    return done


def exports(repo: RepoBuilder, *arguments: str) -> list[dict[str, Any]]:
    done = decisions(repo, "--export", "-", *arguments)
    assert done.err == ""
    document = json.loads(done.out)
    assert list(document) == ["schema", "decisions"] and document["schema"] == "recdiff.decisions/1"
    found = document["decisions"]
    assert isinstance(found, list)
    return found


# ------------------------------------------------------------------------------------------------------ exporting


def test_nothing_is_decided(changed: RepoBuilder) -> None:
    before = changed.state()
    assert exports(changed) == exports(changed, "HEAD~1", "HEAD") == []
    assert decisions(changed).out.startswith("0 decisions  (")
    assert changed.state() == before


def test_all_that_is_kept_or_what_matters_to_a_range(changed: RepoBuilder) -> None:
    decide(changed, "accepted", "HEAD~2", "HEAD~1")
    decide(changed, "rejected", "HEAD~1", "HEAD", comment="which “sea”?\n")
    every = exports(changed)
    assert [entry["test_id"][-6:] for entry in every] == ["test_a", "test_a", "test_b", "st_new"]
    assert [entry["verdict"] for entry in every if entry["test_id"].endswith("_b")] == ["accepted"]
    for entry in every:
        assert list(entry) == ["key", "verdict", "comment", "test_id", "class", "path", "decided_at"]
        assert entry["comment"] in ("", "which “sea”?\n") and entry["decided_at"].endswith("Z")
    newer = exports(changed, "HEAD~1", "HEAD")
    assert {(entry["class"], entry["verdict"]) for entry in newer} == {("text", "rejected"), ("added", "rejected")}
    assert {entry["key"] for entry in newer} < {entry["key"] for entry in every}
    assert len(exports(changed, "HEAD~1", "HEAD", "--test", "test_new")) == 1
    assert len(exports(changed, "HEAD~2", "HEAD~1", "--", f"{FOLDER}/b.json")) == 1
    assert exports(changed, "--staged") == []


def test_the_file_is_the_same_each_time_and_from_each_work_tree(changed: RepoBuilder, tmp_path: Path) -> None:
    decide(changed, "accepted", "HEAD~2", "HEAD")
    first, second = tmp_path / "one.json", tmp_path / "two.json"
    done = decisions(changed, "--export", str(first))
    assert done.out == "" and done.err == f"recdiff: 3 decisions exported to {first}\n"
    linked = tmp_path / "linked"
    changed.git("worktree", "add", "--quiet", str(linked), "HEAD")
    assert recdiff(linked / "tests", "decisions", "--export", str(second)).code == 0
    assert first.read_bytes() == second.read_bytes()
    lines = first.read_text("utf-8").splitlines()
    assert lines[0] == '{"schema": "recdiff.decisions/1", "decisions": [' and lines[-1] == "]}" and len(lines) == 5


def test_what_a_gate_under_the_old_rules_asks_for_is_exported_too(changed: RepoBuilder) -> None:
    changed.commit({f"{FOLDER}/b.json": recorded("two", test_id="tests/test_x.py::test_b", asked="b", nonce=7)})
    decide(changed, "accepted", "HEAD~1", "HEAD", test="test_b")
    rule = '[[rules]]\nname = "n"\nselector = "response.**.nonce"\naction = "hide"\nreason = "r"\n'
    changed.commit({".recdiff.toml": rule})
    assert len(exports(changed, "HEAD~2", "HEAD")) == 1
    changed.commit({f"{FOLDER}/b.json": recorded("two", test_id="tests/test_x.py::test_b", asked="b", nonce=8)})
    assert exports(changed, "HEAD~1", "HEAD") == []


def test_a_file_that_cannot_be_written_is_left_as_it_was(changed: RepoBuilder, tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "nowhere" / "decided.json"):
        done = recdiff(changed.path, "decisions", "--export", str(target))
        assert done.code == 2 and "cannot be written" in done.err and done.err.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


def test_outside_of_a_repository(tmp_path: Path) -> None:
    done = recdiff(tmp_path, "decisions")
    assert done.code == 2 and done.err.startswith("recdiff: not a git repository")


def test_a_damaged_database_is_one_line(changed: RepoBuilder) -> None:
    decide(changed, "accepted", "HEAD~1", "HEAD")
    (changed.path / ".git/recdiff/decisions.sqlite").write_bytes(b"x" * 5000)
    done = recdiff(changed.path, "decisions")
    assert done.code == 2 and "it is no SQLite database" in done.err and done.err.count("\n") == 1


# -------------------------------------------------------------------------------------------------------- telling


def test_the_summary(changed: RepoBuilder) -> None:
    decide(changed, "accepted", "HEAD~2", "HEAD~1")
    decide(changed, "rejected", "HEAD~1", "HEAD", test="test_new", comment="not \x1b[31mthis sea")
    lines = decisions(changed).lines
    assert lines[0].startswith("3 decisions: 2 accepted, 1 rejected  (")
    assert lines[1] == "  text 2 · added 1"
    assert lines[2:] == [" ✗ tests/test_x.py::test_new  added  “not \\x1b[31mthis sea”"]
    told = decisions(changed, "HEAD~1", "HEAD").lines
    assert told[0] == "HEAD~1 HEAD: 1 of 2 recordings decided, 1 rejected"
    assert told[1].startswith("1 decision: 1 rejected  (")
    assert decisions(changed, "HEAD", "HEAD").lines[0] == "HEAD HEAD: nothing to decide"


def test_the_summary_is_bounded_until_full(changed: RepoBuilder) -> None:
    names = [f"{FOLDER}/many{number:02}.json" for number in range(30)]
    changed.commit({name: recorded(name, test_id=f"t.py::test_{name}", asked=name) for name in names})
    decide(changed, "rejected", "HEAD~1", "HEAD")
    lines = decisions(changed).lines
    assert len(lines) == 23 and lines[-1] == " … and 10 more (--full)"
    assert len(decisions(changed, "--full").lines) == 32


# -------------------------------------------------------------------------------------------------------- the file

KEYS = st.text("0123456789abcdef", min_size=64, max_size=64)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ROWS = st.lists(
    st.builds(Row, KEYS, st.sampled_from(["accepted", "rejected", None]), TEXT, st.none() | TEXT, TEXT, TEXT, TEXT),
    max_size=5, unique_by=lambda row: row.key,
)  # fmt: skip


@MANY
@given(ROWS, st.randoms(use_true_random=False))
def test_what_is_written_is_read_whatever_the_order(rows: list[Row], rng: Any) -> None:
    data = exported(rows)
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert exported(shuffled) == data
    assert sorted(read(data, "f")) == sorted(rows)
    assert data.endswith(b"]}\n") and data.replace(b"\n", b"").decode("ascii").isprintable()
    asked = decided(rows)
    assert all(asked.of(row.key) == row.said for row in rows)
    assert asked.of("0" * 63) == Decision()


def test_the_local_database_is_only_read(tmp_path: Path) -> None:
    assert kept(str(tmp_path)) == [] and list(tmp_path.iterdir()) == []
    (tmp_path / "recdiff").mkdir()
    sqlite3.connect(tmp_path / "recdiff" / "decisions.sqlite").execute("CREATE TABLE other(x)").connection.close()
    with pytest.raises(UsageError, match=r"decisions\.sqlite: it is a database of another program"):
        kept(str(tmp_path))


GOOD = {
    "key": "a" * 64, "verdict": "accepted", "comment": "", "test_id": None, "class": "text", "path": "/x",
    "decided_at": "2024-01-02T03:04:05Z",
}  # fmt: skip


def file_of(*entries: object, **more: object) -> bytes:
    return json.dumps({"schema": SCHEMA, "decisions": list(entries), **more}).encode()


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty; write it with `recdiff decisions --export FILE`"),
        (b"{", "JSON ends at line 1, column 2; write it with"),
        (b"\xff", "invalid UTF-8 at line 1"),
        (b"[]", "no file of decisions; write it with"),
        (b"{}", "no file of decisions; write it with"),
        (b'{"schema": 3, "decisions": []}', "no file of decisions"),
        (b'{"schema": "recdiff.report/1"}', "no file of decisions, but recdiff.report/1"),
        (b'{"schema": "recdiff.decisions/2"}', "written by another version of recdiff (recdiff.decisions/2, not "),
        (b'{"schema": "recdiff.decisions/1"}', "it must have 'schema' and a list of 'decisions', and nothing else"),
        (file_of(by="me"), "it must have 'schema' and a list of 'decisions', and nothing else"),
        (file_of().replace(b"[]", b"{}"), "it must have 'schema' and a list of 'decisions', and nothing else"),
        (b'{"schema": "recdiff.decisions/1", "decisions": [], "decisions": []}', 'the key "decisions" stands twice'),
        (file_of(GOOD, []), "decision 2: it is no object"),
        (file_of(without("comment")), "decision 1: it has no 'comment'"),
        (file_of({**GOOD, "by": "me"}), "decision 1: it has a 'by', which means nothing here"),
        (file_of({**GOOD, "key": "a"}), "decision 1: its 'key' must be 64 hexadecimal digits"),
        (file_of({**GOOD, "key": 3}), "decision 1: its 'key' must be 64 hexadecimal digits"),
        (file_of({**GOOD, "verdict": "yes"}), 'decision 1: its \'verdict\' must be "accepted", "rejected" or null'),
        (file_of({**GOOD, "verdict": True}), "decision 1: its 'verdict' must be"),
        (file_of({**GOOD, "test_id": 1}), "decision 1: its 'test_id' must be a string or null"),
        (file_of({**GOOD, "comment": None}), "decision 1: its 'comment' must be a string"),
        (file_of({**GOOD, "class": []}), "decision 1: its 'class' must be a string"),
        (file_of(GOOD, GOOD), f"decision 2: the key {'a' * 64} stands twice"),
    ],
)
def test_a_file_that_was_not_exported_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(data, "decided.json")
    message = str(caught.value)
    assert message.startswith("decided.json: ") and problem in message and "\n" not in message
    assert message.endswith(("recdiff decisions --export FILE`", "update recdiff"))


@given(st.integers(0, 400), st.binary(max_size=4), st.integers(0, 5))
def test_a_damaged_file_is_read_as_it_was_or_refused(at: int, inserted: bytes, cut: int) -> None:
    data = exported([Row(*GOOD.values()), Row("b" * 64, "rejected", "no", "t", "tool", "/y", "now")])  # type: ignore[arg-type]
    try:
        rows = read(data[:at] + inserted + data[at + cut :], "f")
    except UsageError as error:
        assert "\n" not in str(error)
    else:
        assert all(row.verdict in ("accepted", "rejected", None) and len(row.key) == 64 for row in rows)
