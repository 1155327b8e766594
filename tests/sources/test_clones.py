"""Git ranges in clones that lack something: blobs, trees, history. Each fetch is counted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recdiff.errors import ObjectError, RangeError, UnreadableError
from recdiff.sources.base import FileVersion, Source
from tests.building import RepoBuilder, command_of, started, tracing
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
        repo.commit({**files, "c/same": "same", ":o?d/[x]*/f": f"odd {version}", "top": version})
    return repo


@pytest.fixture
def fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """How many `git fetch` started during an action, whoever started them.

    The trace is on for the whole test: a child that started before an action may fetch during it.
    """
    trace = tmp_path / "trace2.json"
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))

    def so_far() -> int:
        return [command_of(argv) for argv in started(trace)].count("fetch")

    def count(action: Callable[[], object]) -> int:
        before = so_far()
        action()
        return so_far() - before

    return count


def versions(source: Source) -> list[FileVersion]:
    return [version for file in source.listing().files for version in (file.old, file.new) if version]


def partial(origin: RepoBuilder, tmp_path: Path, kind: str = "blob:none", *options: str) -> RepoBuilder:
    return origin.clone(tmp_path / "partial", f"--filter={kind}", *options)


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
@pytest.mark.parametrize("given", [(), ("a",), (":(literal):o?d", "a"), ("top", ":(literal):o?d")])
def test_one_fetch_for_all_blobs(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter, kind: str, given: tuple[str, ...]
) -> None:
    clone = partial(origin, tmp_path, kind, "--bare")
    source = opened(clone.path, "main~2", "main", paths=given)
    before = fetches(source.listing)
    assert before == 0 or kind == "tree:0"
    assert fetches(lambda: source.prefetch(versions(source))) == 1
    expected = contents(opened(origin.path, "main~2", "main", paths=given))
    assert len(expected) == {0: 12, 1: 5, 2: 6 if "a" in given else 2}[len(given)]
    assert fetches(lambda: contents(source)) == 0
    assert contents(source) == expected
    # Nothing is missing any more: nothing is asked of the remote.
    assert fetches(lambda: source.prefetch(versions(source))) == 0


def test_the_one_fetch_wants_the_missing_blobs_alone(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = partial(origin, tmp_path)
    # From a subfolder, whose name is no part of the paths that differ.
    source = opened(clone.path / "c", "main~2", "main", paths=("../a",))
    missing = {version.oid for version in versions(source) if version.oid} - {
        clone.rev(f"HEAD:{path}") for path in paths(source)
    }
    assert len(missing) == 5
    packets = tmp_path / "packets"
    with monkeypatch.context() as patch:
        patch.setenv("GIT_TRACE_PACKET", str(packets))
        source.prefetch(versions(source))
    # Each line is written by the client, which starts with `fetch>`, and by the server.
    asked = [line.split("fetch> ", 1)[1] for line in packets.read_text().splitlines() if "fetch> " in line]
    assert sorted(line for line in asked if line.startswith("want ")) == sorted(f"want {oid}" for oid in missing)
    assert asked.count("command=fetch") == 1
    # Nothing is told of what is here, and nothing more than that comes.
    assert not any(line.startswith("have ") for line in asked)
    assert "filter blob:none" in asked
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
    source = opened(clone.path, "main~2", staged=True)
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


def test_settings_that_are_included_count(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter
) -> None:
    clone = partial(origin, tmp_path)
    clone.git("config", "--unset", "remote.origin.promisor")
    clone.git("config", "--unset", "remote.origin.partialclonefilter")
    (clone.path / ".git" / "more").write_text('[remote "origin"]\n\tpromisor\n')
    clone.config("include.path", "more")
    source = opened(clone.path, "main~2", "main")
    assert fetches(lambda: source.prefetch(versions(source))) == 1
    assert fetches(lambda: contents(source)) == 0


def test_the_next_remote_is_asked_where_one_fails(
    origin: RepoBuilder, tmp_path: Path, opened: Opener, fetches: Counter
) -> None:
    clone = partial(origin, tmp_path)
    clone.config("remote.origin.url", (tmp_path / "gone").as_uri())
    clone.git("remote", "add", "second.one", origin.path.as_uri())
    clone.config("remote.second.one.promisor", "true")
    source = opened(clone.path, "main~2", "main")
    assert fetches(lambda: source.prefetch(versions(source))) == 2
    assert len(contents(source)) == 12
    assert fetches(lambda: contents(source)) == 0


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
