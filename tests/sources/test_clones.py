"""Git ranges in clones that lack something: blobs, trees, history. Each fetch is counted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recdiff.errors import ObjectError, RangeError, UnreadableError
from recdiff.sources.base import FileVersion, Source
from tests.building import RepoBuilder, command_of, tracing
from tests.sources.conftest import Opener
from tests.sources.reading import contents, paths

Counter = Callable[[Callable[[], object]], int]


@pytest.fixture
def origin(repo: RepoBuilder) -> RepoBuilder:
    """A remote that serves partial clones: three commits of files, changed in two folders, with odd names."""
    repo.config("uploadpack.allowFilter", "true")
    repo.config("uploadpack.allowAnySHA1InWant", "true")
    for version in ("1", "2", "3"):
        files = {f"{folder}/f{number}": f"{folder} {number} {version}" for folder in ("a", "b") for number in range(5)}
        repo.commit({**files, "c/same": "same", ":odd/[x]*": version, "top": version})
    return repo


@pytest.fixture
def fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """How many `git fetch` an action started, whoever did."""

    def count(action: Callable[[], object]) -> int:
        with tracing(tmp_path, monkeypatch) as processes:
            action()
        return [command_of(argv) for argv in processes].count("fetch")

    return count


def versions(source: Source) -> list[FileVersion]:
    return [version for file in source.listing().files for version in (file.old, file.new) if version]


def partial(origin: RepoBuilder, tmp_path: Path, kind: str = "blob:none", *options: str) -> RepoBuilder:
    return origin.clone(tmp_path / "partial", f"--filter={kind}", *options)


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
@pytest.mark.parametrize("given", [(), ("a",), ("top", ":(literal):odd")])
def test_one_fetch_for_all_blobs(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter, kind: str, given: tuple[str, ...]
) -> None:
    clone = partial(origin, tmp_path, kind, "--bare")
    source = opened(clone.path, "main~2", "main", paths=given)
    before = fetches(source.listing)
    assert before == 0 or kind == "tree:0"
    assert fetches(lambda: source.prefetch(versions(source))) == 1
    expected = contents(opened(origin.path, "main~2", "main", paths=given))
    assert len(expected) == {0: 12, 1: 5, 2: 2}[len(given)]
    assert fetches(lambda: contents(source)) == 0
    assert contents(source) == expected
    # Nothing is missing any more: nothing is asked of the remote.
    assert fetches(lambda: source.prefetch(versions(source))) == 0


def test_the_one_fetch_wants_the_missing_blobs_alone(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = partial(origin, tmp_path)
    source = opened(clone.path, "main~2", "main", paths=("a", "top"))
    missing = {version.oid for version in versions(source) if version.oid} - {
        clone.rev(f"HEAD:{path}") for path in paths(source)
    }
    assert len(missing) == 6
    packets = tmp_path / "packets"
    with monkeypatch.context() as patch:
        patch.setenv("GIT_TRACE_PACKET", str(packets))
        source.prefetch(versions(source))
    # Each line is written by the client, which starts with `fetch>`, and by the server.
    asked = [line.split("fetch> ", 1)[1] for line in packets.read_text().splitlines() if "fetch> " in line]
    assert sorted(line for line in asked if line.startswith("want ")) == sorted(f"want {oid}" for oid in missing)
    assert asked.count("command=fetch") == 1
    assert not (clone.path / ".git" / "FETCH_HEAD").exists()


def test_a_work_tree_needs_one_fetch_at_most(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter
) -> None:
    clone = partial(origin, tmp_path)
    for number in range(5):
        clone.write(f"a/f{number}", f"disk {number}", add=False)
    before = clone.state()
    source = opened(clone.path)
    assert fetches(source.listing) == 0
    assert fetches(lambda: source.prefetch(versions(source))) == 0
    assert contents(source)["a/f0"] == (b"a 0 3", b"disk 0")
    assert clone.state() == before
    source = opened(clone.path, "main~2")

    def review() -> None:
        source.prefetch(versions(source))
        assert contents(source)["a/f0"] == (b"a 0 1", b"disk 0")

    # git compares contents itself where a file was touched, and then asks for the old ones at once.
    assert fetches(review) <= 2


def test_an_index_that_names_blobs_of_no_tree_at_hand(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter
) -> None:
    clone = partial(origin, tmp_path)
    clone.git("read-tree", "main~1")
    clone.git("update-ref", "HEAD", "main~2")
    source = opened(clone.path, "HEAD", staged=True)
    assert fetches(source.listing) == 0
    assert fetches(lambda: source.prefetch(versions(source))) == 1
    assert fetches(lambda: contents(source)) == 0
    assert contents(source)["a/f0"] == (b"a 0 1", b"a 0 2")


def test_whole_clones_start_nothing_for_prefetching(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = origin.clone(tmp_path / "whole")
    source = opened(clone.path, "main~2", "main")
    wanted = versions(source)
    with tracing(tmp_path, monkeypatch) as processes:
        source.prefetch(wanted)
    assert processes == []


def test_off_line(origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter) -> None:
    clone = partial(origin, tmp_path)
    present = clone.rev("HEAD:a/f0")
    shutil.move(origin.path, tmp_path / "gone")
    source = opened(clone.path, "main~2", "main", paths=("a",))
    with pytest.raises(ObjectError, match=r"lacks 5 objects and cannot fetch them: origin: .*repo"):
        source.prefetch(versions(source))
    answers: dict[str | None, bytes | UnreadableError] = {}

    def read() -> None:
        answers.update({version.oid: content for version, content in source.read(versions(source))})

    # No remote is asked again, one blob at a time, and what is here is read.
    assert fetches(read) == 0
    assert answers.pop(present) == b"a 0 3"
    failed = [content for content in answers.values() if isinstance(content, UnreadableError)]
    assert len(failed) == 5
    assert all("missing" in str(error) or "could not fetch" in str(error) for error in failed)


def test_shallow_clones_say_how_to_get_history(origin: RepoBuilder, tmp_path: Path, opened: Opener) -> None:
    origin.branch("topic", "main~")
    origin.commit({"new": "1"})
    origin.switch("main")
    clone = origin.clone(tmp_path / "shallow", "--depth=1", "--no-single-branch")
    # Two revisions have what they need.
    assert set(paths(opened(clone.path, "main", "origin/topic"))) >= {"new", "top"}
    hint = " (this clone is shallow: get more history by `git fetch --deepen=100` or `git fetch --unshallow`)"
    with pytest.raises(RangeError) as caught:
        opened(clone.path, "main...origin/topic")
    assert str(caught.value) == "main and origin/topic have no merge base" + hint
    with pytest.raises(RangeError) as caught:
        opened(clone.path, "main~1")
    assert str(caught.value) == "no revision 'main~1'" + hint
    clone.git("fetch", "--quiet", "--unshallow")
    assert paths(opened(clone.path, "main...origin/topic")) == ["new"]
