"""One entry opened again: the right bytes of every kind of source, every hidden leaf, and the test beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from recdiff.model import FileReview, HiddenLeaf
from recdiff.opening import Hidden, Opened, Opener, Side, side_of
from recdiff.pipeline import Options, review
from recdiff.rules.config import ProjectConfig
from recdiff.sources.base import Source
from recdiff.sources.folders import open_folders
from recdiff.sources.git_range import open_range
from tests.building import RepoBuilder
from tests.recordings import Answer, Document, chat_single, chat_stream, request
from tests.tui.page.opened import corpus, corpus_cases, sample, temporary, written

RECORDINGS = "tests/integration/recordings"
TEST = "tests/integration/test_inference.py"
OLD, NEW, NEWEST = (chat_single(Answer(f"It is {place}.")) for place in ("Paris", "Rome", "Berlin"))


def opening(make: Callable[[], Source]) -> tuple[tuple[FileReview, ...], Opener]:
    """What a range changed, and an opener of the same range."""
    source = make()
    found = review(source, Options(ProjectConfig(), fingerprints=True)).files
    source.close()
    return found, Opener(make(), ProjectConfig())


def data(side: Side | None) -> bytes | None:
    return None if side is None else side.data


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    """Two commits: the second re-records one file, removes another and adds a third."""
    made = RepoBuilder(tmp_path / "repo")
    made.commit({f"{RECORDINGS}/a.json": written(OLD), f"{RECORDINGS}/gone.json": written(OLD)})
    came = chat_single(asked=request([{"role": "user", "content": "Something else"}], model="another"))
    changed = {f"{RECORDINGS}/a.json": written(NEW), f"{RECORDINGS}/came.json": written({**came, "test_id": "t::x"})}
    made.commit({**changed, f"{RECORDINGS}/gone.json": None})
    return made


# Bytes


def of_range(repo: RepoBuilder, *revisions: str, staged: bool = False) -> dict[str, Opened]:
    """Every entry of a range, opened, by the name of its file."""
    entries, opener = opening(lambda: open_range(str(repo.path), revisions, staged=staged))
    found = {Path(entry.path).name: opener.open(entry) for entry in entries}
    opener.close()
    return found


def test_a_range_of_commits_is_read_from_its_commits(repo: RepoBuilder) -> None:
    repo.write(f"{RECORDINGS}/a.json", written(NEWEST), add=False)
    found = of_range(repo, "HEAD~1", "HEAD")
    assert (data(found["a.json"].old), data(found["a.json"].new)) == (written(OLD), written(NEW))
    assert (data(found["came.json"].old), found["gone.json"].new) == (None, None)
    assert data(found["gone.json"].old) == written(OLD)
    assert found["gone.json"].latest is found["gone.json"].old
    assert found["a.json"].latest is found["a.json"].new


def test_the_index_and_the_work_tree_are_read_apart(repo: RepoBuilder) -> None:
    repo.write(f"{RECORDINGS}/a.json", written(NEWEST))
    repo.write(f"{RECORDINGS}/a.json", written(OLD), add=False)
    staged, tree = of_range(repo, staged=True)["a.json"], of_range(repo)["a.json"]
    assert (data(staged.old), data(staged.new)) == (written(NEW), written(NEWEST))
    assert (data(tree.old), data(tree.new)) == (written(NEW), written(OLD))


def test_folders_are_read_where_they_are(tmp_path: Path) -> None:
    folders = temporary(tmp_path, OLD, NEW)
    (entry,), opener = opening(lambda: open_folders(*folders))
    opened = opener.open(entry)
    assert (data(opened.old), data(opened.new)) == (written(OLD), written(NEW))
    assert opened.new is not None and opened.new.view is not None
    assert opened.new.view["test_id"] == NEW["test_id"]


def test_changes_that_a_selection_left_out_are_not_among_what_is_hidden(tmp_path: Path) -> None:
    folders = temporary(tmp_path, OLD, NEW)
    (entry,), opener = opening(lambda: open_folders(*folders))
    part = entry._replace(changes=entry.changes[1:], unshown=entry.changes[:1])
    assert entry.changes and opener.hidden(opener.open(part)) == opener.hidden(opener.open(entry))
    assert not opener.hidden(opener.open(part)).is_stale
    assert opener.hidden(opener.open(entry._replace(changes=()))).is_stale


# Files that change meanwhile


def test_a_file_that_vanished_before_the_first_look_says_so(repo: RepoBuilder) -> None:
    file = repo.write(f"{RECORDINGS}/a.json", written(NEWEST), add=False)
    entries, opener = opening(lambda: open_range(str(repo.path), ()))
    (entry,) = (entry for entry in entries if entry.path.endswith("a.json"))
    file.unlink()
    opened = opener.open(entry)
    assert opened.new is not None and opened.new.view is None
    assert opened.new.error == "the file is no longer part of this range: read the range again"
    assert data(opened.old) == written(NEW)
    opener.close()


def test_a_file_that_vanished_after_it_was_listed_says_so(repo: RepoBuilder) -> None:
    file = repo.write(f"{RECORDINGS}/a.json", written(NEWEST), add=False)
    entries, opener = opening(lambda: open_range(str(repo.path), ()))
    (entry,) = (entry for entry in entries if entry.path.endswith("a.json"))
    assert data(opener.open(entry).new) == written(NEWEST)
    file.unlink()
    opened = opener.open(entry)
    assert opened.new is not None
    assert opened.new.view is None and opened.new.error
    assert opener.hidden(opened) == Hidden((), is_stale=False)
    opener.close()


@pytest.mark.parametrize(
    ("now", "is_stale"),
    [
        (NEW, False),
        (NEWEST, True),  # the same change with another text
        (chat_single(Answer("It is Rome."), created=1766000099, id="rec-other"), True),  # more noise
        (OLD, True),
    ],
)
def test_what_is_hidden_says_whether_the_files_changed_since(tmp_path: Path, now: Document, is_stale: bool) -> None:
    old, new = temporary(tmp_path, OLD, NEW)
    (entry,), opener = opening(lambda: open_folders(old, new))
    Path(new, "a.json").write_bytes(written(now))
    opened = Opened(entry, side_of("a.json", written(OLD)), side_of("a.json", written(now)))
    assert opener.hidden(opened).is_stale == is_stale


# Files that make no sense


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", ""),
        (b"{broken", ""),
        (b"\xff\xfe\x00", ""),
        (b"[" * 100_000, "nested"),
        (b'{"a": 1, "a": 2}', ""),
        (b"<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n", "conflict"),
    ],
)
def test_bytes_that_cannot_be_read_have_an_error_and_no_view(content: bytes, error: str) -> None:
    side = side_of("a.json", content)
    assert (side.data, side.view, side.recording) == (content, None, None)
    assert side.error and error in side.error


@pytest.mark.parametrize("content", [b"{}", b"[1, 2]", b'"text"', json.dumps({"request": 5, "response": []}).encode()])
def test_any_other_json_has_a_view(content: bytes) -> None:
    side = side_of("a.json", content)
    assert side.view is not None and not side.error


def test_a_fault_of_recdiff_is_a_side_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(path: str, content: bytes) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr("recdiff.formats.load", fails)
    assert side_of("a.json", b"{}").error == "recdiff itself failed on it: ValueError: a fault"


# What was hidden


def counts(leaves: tuple[HiddenLeaf, ...]) -> dict[str, int]:
    """How many leaves each rule hid, of the side that has more."""
    olds = Counter(leaf.rule for leaf in leaves if leaf.old_path is not None)
    news = Counter(leaf.rule for leaf in leaves if leaf.new_path is not None)
    return dict(olds | news)


def test_every_hidden_leaf_is_listed_under_its_rule(tmp_path: Path) -> None:
    new = chat_stream(cut=list)
    for item in new["response"]["body"]:
        item["__data__"] |= {"id": "rec-other", "created": 1766000001}
    folders = temporary(tmp_path, chat_stream(), new)
    (entry,), opener = opening(lambda: open_folders(*folders))
    hidden = opener.hidden(opener.open(entry))
    assert not hidden.is_stale
    assert counts(hidden.leaves) == entry.hidden
    assert {"created", "response-id", "chunking"} <= set(entry.hidden)


def test_ids_are_judged_over_a_whole_test(tmp_path: Path) -> None:
    """An id that is renamed in two recordings of a test is hidden; one that is renamed in two ways is a change."""

    def asked(call: str) -> Document:
        messages = [
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": call, "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": call, "content": "x"},
        ]  # fmt: skip
        return request(messages)

    for name, calls in (("consistent", ("c-1", "c-9", "c-2", "c-8")), ("torn", ("c-1", "c-9", "c-1", "c-8"))):
        folder = tmp_path / name
        for file, (before, after) in (("a.json", calls[:2]), ("b.json", calls[2:])):
            for side, call in (("old", before), ("new", after)):
                (folder / side).mkdir(parents=True, exist_ok=True)
                (folder / side / file).write_bytes(written(chat_single(asked=asked(call))))
        entries, opener = opening(lambda folder=folder: open_folders(str(folder / "old"), str(folder / "new")))  # type: ignore[misc]
        for entry in entries:
            hidden = opener.hidden(opener.open(entry))
            assert not hidden.is_stale
            assert counts(hidden.leaves) == entry.hidden
            assert ("renamed-id" in entry.hidden) == (name == "consistent")


@pytest.mark.parametrize("case", corpus_cases() or ["none"])
def test_hidden_leaves_of_real_recordings_are_as_many_as_were_counted(case: str) -> None:
    if not corpus_cases():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    entries, opener = corpus(case)
    pairs = [entry for entry in entries if entry.old_path and entry.new_path and not entry.error]
    for entry in sample(pairs, 60):
        hidden = opener.hidden(opener.open(entry))
        assert not hidden.is_stale
        assert counts(hidden.leaves) == entry.hidden


def test_one_side_hides_nothing() -> None:
    opener = Opener(open_folders("/dev/null", "/dev/null"), ProjectConfig())
    entry = FileReview("added", None, "a.json", None, "ogx", None)
    assert opener.hidden(Opened(entry, None, side_of("a.json", written(OLD)))) == Hidden((), is_stale=False)


# The test beside it


def source(words: str) -> str:
    return f"import pytest\n\n\n@pytest.mark.slow\ndef test_chat(client):\n    assert '{words}'\n"


def test_the_test_is_read_at_the_new_revision(repo: RepoBuilder) -> None:
    repo.commit({TEST: source("older"), f"{RECORDINGS}/a.json": written(OLD)})
    repo.commit({TEST: source("newer"), f"{RECORDINGS}/a.json": written(NEW)})
    repo.commit({TEST: source("newest")})
    repo.write(TEST, source("in the work tree"), add=False)
    (entry,), opener = opening(lambda: open_range(str(repo.path), ("HEAD~2", "HEAD~1")))
    function = opener.function_of(entry)
    assert function is not None
    assert (function.path, function.first_line) == (TEST, 4)
    assert "newer" in function.source
    removed = entry._replace(new_path=None, status="removed")
    old = opener.function_of(removed)
    assert old is not None and "older" in old.source
    opener.close()


@pytest.mark.parametrize(("staged", "words"), [(True, "in the index"), (False, "in the work tree")])
def test_the_test_is_read_where_the_new_side_is(repo: RepoBuilder, staged: bool, words: str) -> None:
    repo.commit({TEST: source("committed")})
    repo.write(f"{RECORDINGS}/a.json", written(NEWEST))
    repo.write(TEST, source("in the index"))
    repo.write(TEST, source("in the work tree"), add=False)
    (entry,), opener = opening(lambda: open_range(str(repo.path), (), staged=staged))
    function = opener.function_of(entry)
    assert function is not None and words in function.source
    opener.close()


def test_the_test_of_a_project_in_a_folder_is_found_there(repo: RepoBuilder) -> None:
    repo.commit({f"backend/{TEST}": source("the backend's"), f"backend/{RECORDINGS}/a.json": written(OLD)})
    repo.commit({f"backend/{RECORDINGS}/a.json": written(NEW)})
    (entry,), opener = opening(lambda: open_range(str(repo.path), ("HEAD~1", "HEAD")))
    function = opener.function_of(entry)
    assert function is not None
    assert function.path == f"backend/{TEST}"
    opener.close()


@pytest.mark.parametrize("test_id", [None, "", "no file", "../../etc/passwd::test_x", f"{TEST}::test_other", TEST])
def test_without_a_test_there_is_no_source(repo: RepoBuilder, test_id: str | None) -> None:
    repo.commit({TEST: source("here")})
    opener = Opener(open_range(str(repo.path), ("HEAD~1", "HEAD")), ProjectConfig())
    entry = FileReview("added", None, f"{RECORDINGS}/a.json", None, "ogx", test_id)
    assert opener.function_of(entry) is None
    opener.close()
