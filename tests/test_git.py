"""git.py: what it asks git, what it understands of the answers, and what it never does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recdiff.catfile import GitObject
from recdiff.errors import GitError, ObjectError, RangeError
from recdiff.git import Repository
from recdiff.gitoutput import (
    RawChange,
    Stray,
    TreeEntry,
    blob_oid,
    complaint,
    is_exclusion,
    parse_raw,
    parse_stray,
    parse_tree,
)
from tests.building import RepoBuilder, command_of, tracing

Opener = Callable[..., Repository]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens repositories and closes them after the test."""
    repositories = []

    def open_repository(directory: Path | str, **options: bool) -> Repository:
        repositories.append(Repository(str(directory), **options))
        return repositories[-1]

    yield open_repository
    for repository in repositories:
        repository.close()


def data(found: GitObject | ObjectError) -> bytes | str:
    return found.data if isinstance(found, GitObject) else str(found)


# Parsing


def test_raw_records_of_every_status() -> None:
    one, two, zero = "1" * 40, "2" * 40, "0" * 40
    output = (
        (
            f":100644 100755 {one} {two} M\0a b\0"
            f":000000 100644 {zero} {one} A\0line\nbreak\0"
            f":100644 000000 {one} {zero} D\0:gone\0"
            f":100644 120000 {one} {zero} T\0link\0"
        ).encode()
        + f":100644 000000 {one} {zero} U\0".encode()
        + b"caf\xe9\0"
    )
    assert parse_raw(output) == [
        RawChange("a b", "M", "100644", "100755", one, two),
        RawChange("line\nbreak", "A", "000000", "100644", None, one),
        RawChange(":gone", "D", "100644", "000000", one, None),
        RawChange("link", "T", "100644", "120000", one, None),
        RawChange("caf\udce9", "U", "100644", "000000", one, None),
    ]
    assert parse_raw(b"") == []


def test_stray_paths() -> None:
    output = b"? a\0? nested/\0M 100644 " + b"1" * 40 + b" 2\tb\tc\0M 100644 " + b"1" * 40 + b" 3\tb\tc\0"
    assert parse_stray(output) == Stray(("a",), frozenset({"b\tc"}), 1)


@pytest.mark.parametrize(("object_format", "width"), [("sha1", 20), ("sha256", 32)])
def test_tree_entries(object_format: str, width: int) -> None:
    content = b"100644 a b\0" + b"\1" * width + b"40000 d\0" + b" " * width
    assert parse_tree(content, object_format) == {
        "a b": TreeEntry("100644", "01" * width),
        "d": TreeEntry("40000", "20" * width),
    }


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_blob_oid_is_git_s_own(tmp_path: Path, object_format: str) -> None:
    repo = RepoBuilder(tmp_path, object_format=object_format)
    assert blob_oid(b"x\0y\n", object_format) == repo.git("hash-object", "--stdin", feed=b"x\0y\n")


def test_empty_tree_is_git_s_own(tmp_path: Path, opened: Opener) -> None:
    for object_format in ("sha1", "sha256"):
        repo = RepoBuilder(tmp_path / object_format, object_format=object_format)
        repository = opened(repo.path)
        assert repository.object_format == object_format
        assert repository.empty_tree == repo.git("hash-object", "-t", "tree", "--stdin", feed=b"")
        assert repository.top_entries(repository.empty_tree) == {}


@pytest.mark.parametrize(
    ("pathspec", "expected"),
    [(":!a", True), (":^a", True), (":/!a", True), (":(exclude)a", True), (":(top,exclude)a", True),
     ("a", False), (":/a", False), (":(top)!a", False), ("!a", False), (":(glob)exclude", False)],
)  # fmt: skip
def test_exclusions(pathspec: str, expected: bool) -> None:
    assert is_exclusion(pathspec) is expected


def test_complaint_is_one_line_from_fatal_on() -> None:
    assert complaint(b"warning: x\nfatal: no\n\tgit config y\n") == "no git config y"
    assert complaint(b"error: x\n") == "error: x"


# Where we are


def test_facts_of_a_subfolder(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a/b/c": "1"})
    repository = opened(repo.path / "a" / "b")
    assert (repository.git_dir, repository.work_tree) == (str(repo.path / ".git"), str(repo.path))
    assert not repository.is_bare
    assert not repository.is_shallow


def test_facts_of_a_folder_with_newlines_and_what_git_python_would_expand(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", "elsewhere")
    repo = RepoBuilder(tmp_path / "line\nbreak" / "$NAME ~" / "--recdiff-mark")
    repo.commit({"d/f": "1"})
    repository = opened(repo.path / "d")
    assert repository.work_tree == str(repo.path)
    assert data(repository.find("HEAD:d/f")) == b"1"


def test_facts_of_a_linked_work_tree(repo: RepoBuilder, tmp_path: Path, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.git("worktree", "add", "--quiet", tmp_path / "linked")
    repository = opened(tmp_path / "linked")
    assert repository.git_dir == str(repo.path / ".git" / "worktrees" / "linked")
    assert repository.work_tree == str(tmp_path / "linked")


def test_no_work_tree_in_a_bare_repository_nor_in_a_git_directory(
    repo: RepoBuilder, tmp_path: Path, opened: Opener
) -> None:
    repo.commit({"a": "1"})
    bare = repo.clone(tmp_path / "bare", "--bare")
    assert (opened(bare.path).is_bare, opened(bare.path).work_tree) == (True, None)
    inside = opened(repo.path / ".git")
    assert (inside.is_bare, inside.work_tree) == (False, None)


def test_git_dir_and_work_tree_variables_count(
    repo: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a": "1"})
    moved = tmp_path / "not-called-git"
    (repo.path / ".git").rename(moved)
    monkeypatch.setenv("GIT_DIR", str(moved))
    monkeypatch.setenv("GIT_WORK_TREE", str(repo.path))
    repository = opened(tmp_path)
    assert (repository.git_dir, repository.work_tree) == (str(moved), str(repo.path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_DIR", "not-called-git")
    assert opened(".").git_dir == str(moved)


def test_inherited_variables_are_stripped_on_demand_only(
    repo: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = RepoBuilder(tmp_path / "other")
    other.commit({"other": "1"})
    repo.commit({"mine": "1"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert data(opened(repo.path).find("HEAD:other")) == b"1"
    stripped = opened(repo.path, strip_inherited=True)
    assert data(stripped.find("HEAD:mine")) == b"1"
    assert [change.path for change in stripped.diff_index(stripped.empty_tree, [":(glob)m*"])] == ["mine"]
    assert os.environ["GIT_DIR"] == str(other.path / ".git")


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitError) as caught:
        Repository(str(tmp_path))
    assert str(caught.value) == (
        f"not a git repository: {tmp_path} (use --no-index OLD NEW to compare two folders or files)"
    )
    with pytest.raises(GitError, match="cannot change to"):
        Repository(str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "gone.git"))
    with pytest.raises(GitError, match=r"not a git repository: .*gone\.git"):
        Repository(str(tmp_path))


def test_a_repository_of_somebody_else(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError, match=r"dubious ownership .* git config --global --add safe\.directory"):
        Repository(str(repo.path))


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root), **environment}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("refresh", ["raise", "quiet"])
def test_without_git(tmp_path: Path, refresh: str) -> None:
    code = (
        "from recdiff.git import Repository\nfrom recdiff.errors import GitError\n"
        "try: Repository()\nexcept GitError as error: print(error)"
    )
    done = run_python(code, PATH=str(tmp_path), GIT_PYTHON_REFRESH=refresh)
    assert done.stdout == "git is not installed or not on PATH\n"


def test_import_is_cheap() -> None:
    code = (
        "import sys, recdiff.git, recdiff.sources.git_range, recdiff.sources.folders\n"
        "print(sorted({'git', 'gitdb', 'deepdiff', 'textual', 'click'} & sys.modules.keys()))"
    )
    assert run_python(code).stdout == "[]\n"


def test_a_repository_that_nobody_closed_ends_quietly(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    code = (
        "from recdiff.git import Repository\n"
        f"repository = Repository({str(repo.path)!r})\n"
        "answers = repository.objects(['HEAD:a'] * 100)\nprint(next(answers).data, repository.find('HEAD:a').data)"
    )
    done = run_python(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "b'1' b'1'\n", "")


# Revisions


def test_resolving(repo: RepoBuilder, opened: Opener) -> None:
    first = repo.commit({"d/a": "1"})
    second = repo.commit({"d/a": "2"})
    repo.git("tag", "-a", "-m", "x", "annotated")
    repository = opened(repo.path)
    tree = repo.rev("HEAD^{tree}")
    for revision in ("HEAD", "main", "@", "annotated", second, second[:10], "main@{0}", ":/a commit"):
        assert repository.resolve(revision) == (second, tree), revision
    assert repository.resolve("HEAD~") == (first, repo.rev("HEAD~^{tree}"))
    assert repository.resolve("HEAD^{tree}") == (None, tree)
    assert repository.resolve("HEAD:d") == (None, repo.rev("HEAD:d"))
    for nothing in ("nope", "", "-h", "--all", "HEAD\nHEAD", "HEAD:d/a", "HEAD~9", "a..b", "0" * 40, "HEAD "):
        assert repository.resolve(nothing) is None, nothing


def test_upstream_of_a_branch_in_a_sha256_repository(tmp_path: Path, opened: Opener) -> None:
    origin = RepoBuilder(tmp_path / "origin", object_format="sha256")
    commit = origin.commit({"a": "1"})
    clone = origin.clone(tmp_path / "clone")
    assert len(commit) == 64
    assert opened(clone.path).resolve("main@{u}") == (commit, origin.rev("HEAD^{tree}"))


def test_ambiguous_digits(repo: RepoBuilder, opened: Opener) -> None:
    seen: dict[str, int] = {}
    number = 0
    while (digits := blob_oid(b"%d" % number, "sha1")[:4]) not in seen:
        seen[digits] = number
        number += 1
    repo.commit({"one": str(number), "other": str(seen[digits])})
    with pytest.raises(RangeError, match=f"revision '{digits}' is ambiguous"):
        opened(repo.path).resolve(digits)


def test_unborn_head(repo: RepoBuilder, opened: Opener) -> None:
    repository = opened(repo.path)
    assert repository.is_unborn()
    assert repository.resolve("HEAD") is None
    repo.commit({"a": "1"})
    assert not repository.is_unborn()
    repo.git("checkout", "--quiet", "--detach")
    assert not repository.is_unborn()


def test_merge_base(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    repo.branch("side")
    side = repo.commit({"b": "1"})
    repo.switch("main")
    main = repo.commit({"c": "1"})
    repo.git("checkout", "--quiet", "--orphan", "other")
    other = repo.commit({"d": "1"})
    repository = opened(repo.path)
    assert repository.merge_base(side, main) == base
    assert repository.merge_base(other, main) is None
    assert sorted(repository.names()) == ["main", "other", "side"]


# Objects


def test_objects_in_the_order_asked_with_the_same_one_twice(repo: RepoBuilder, opened: Opener) -> None:
    contents = [bytes([65 + number]) * (number * 4000) for number in range(20)]
    repo.commit({f"f{number}": content for number, content in enumerate(contents)})
    repository = opened(repo.path)
    order = [number * 7 % 20 for number in range(300)]
    answers = repository.objects(repo.rev(f"HEAD:f{number}") for number in order)
    assert [data(answer) for answer in answers] == [contents[number] for number in order]


def test_odd_names_get_an_answer_each(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "with space": "2"})
    names = [
        "HEAD:a",
        "nope",
        "",
        "a\nHEAD:a",
        "HEAD:with space",
        "x y z",
        "x" * 100_000,
        "HEAD:nope missing",
        "HEAD:a",
    ]
    answers = [data(answer) for answer in opened(repo.path).objects(names)]
    assert [answers[0], answers[4], answers[8]] == [b"1", b"2", b"1"]
    assert answers[1] == "object nope is missing"
    assert all(isinstance(answers[at], str) and answers[at].endswith("is missing") for at in (2, 3, 5, 6, 7))


def test_a_reading_that_is_left_does_not_confuse_the_next(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "2" * 200_000})
    repository = opened(repo.path)
    answers = repository.objects(["HEAD:b"] * 50)
    next(answers)
    # While the first one waits, another asks.
    assert data(repository.find("HEAD:a")) == b"1"
    assert len(data(next(answers))) == 200_000
    answers.close()
    assert data(repository.find("HEAD:a")) == b"1"


def test_one_child_answers_everything(
    repo: RepoBuilder, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a": "1"})
    with tracing(tmp_path, monkeypatch) as processes:
        repository = opened(repo.path)
        for _ in range(5):
            assert [data(answer) for answer in repository.objects(["HEAD:a"] * 30)] == [b"1"] * 30
        repository.close()
        repository.close()
    assert [command_of(argv) for argv in processes].count("cat-file") == 1


@pytest.mark.parametrize("damage", ["header", "content"])
def test_a_damaged_object_costs_only_itself(repo: RepoBuilder, opened: Opener, damage: str) -> None:
    # Random enough that its compressed form can be cut in the middle.
    content = bytes(hash((damage, number)) % 251 for number in range(60_000))
    repo.commit({"good": "1", "bad": content})
    oid = repo.rev("HEAD:bad")
    stored = repo.path / ".git" / "objects" / oid[:2] / oid[2:]
    stored.chmod(0o644)
    stored.write_bytes(b"rubbish" if damage == "header" else stored.read_bytes()[:9000])
    answers = list(opened(repo.path).objects(["HEAD:good"] * 20 + [oid] + ["HEAD:good"] * 20 + [oid, "HEAD:good"]))
    assert [data(answer) for answer in answers[:20] + answers[21:41] + answers[42:]] == [b"1"] * 41
    assert isinstance(answers[20], ObjectError)
    assert isinstance(answers[41], ObjectError)
    assert oid in str(answers[20])


def test_a_child_that_was_killed_is_replaced(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repository = opened(repo.path)
    assert data(repository.find("HEAD:a")) == b"1"
    for child in repository._readers._idle:
        child._process.proc.kill()
        child._process.proc.wait()
    assert [data(answer) for answer in repository.objects(["HEAD:a"] * 30)] == [b"1"] * 30


def test_a_child_that_complains_a_lot_still_answers(
    repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repo.commit({"a": "1"})
    # A tracing git writes a few lines for each question: far more than its pipe holds.
    monkeypatch.setenv("GIT_TRACE_REFS", "1")
    answers = list(opened(repo.path).objects(["main:a"] * 5000))
    assert [data(answer) for answer in answers] == [b"1"] * 5000


def test_readings_from_several_threads(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({f"f{number}": str(number) * 5000 for number in range(8)})
    repository = opened(repo.path)

    def read(number: int) -> set[bytes | str]:
        return {data(answer) for answer in repository.objects([f"HEAD:f{number}"] * 200)}

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == [{b"%d" % number * 5000} for number in range(8)]


# Never writing


def test_touched_files_are_no_difference_and_the_index_stays(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "2"})
    repo.git("update-index", "--refresh")
    os.utime(repo.file("a"), (1, 1))
    repo.write("b", "3", add=False)
    hook = repo.path / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n: > hook-ran\n")
    hook.chmod(0o755)
    before = repo.state()
    repository = opened(repo.path)
    assert [change.path for change in repository.diff_work_tree(repo.rev("HEAD^{tree}"))] == ["b"]
    repository.stray()
    assert repo.state() == before
    # A hook that runs when an index is written did not run either.
    assert not (repo.path / "hook-ran").exists()
    # git itself would have written; else this test would prove nothing.
    repo.git("diff", env={"GIT_OPTIONAL_LOCKS": "0"})
    assert repo.state() != before
    assert (repo.path / "hook-ran").exists()


def test_a_change_in_the_tick_of_the_index_is_seen(repo: RepoBuilder, opened: Opener) -> None:
    repo.config("core.trustctime", "false")
    file = repo.write("a", "old", add=False)
    os.utime(file, (1_000_000_000, 1_000_000_000))
    repo.add("a")
    repo.git("commit", "--quiet", "-m", "x")
    # The size and the times that the index knows: git looks inside only because the index is no younger.
    file.write_bytes(b"new")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    os.utime(repo.path / ".git" / "index", (1_000_000_000, 1_000_000_000))
    assert [change.path for change in opened(repo.path).diff_work_tree(repo.rev("HEAD^{tree}"))] == ["a"]
