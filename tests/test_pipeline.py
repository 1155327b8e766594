"""The whole review over an in-memory source: statuses, pairing, counts, and that one bad file stops no other."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.errors import UnreadableError
from recdiff.model import FileReview, Review
from recdiff.pipeline import Options, review
from recdiff.rules.config import ProjectConfig
from recdiff.sources.base import LINK_MODE, SUBMODULE_MODE, ChangedFile, FileVersion, Listing, SideName, Source
from tests import recordings as made
from tests.recordings import BUILDERS, QUICK, Answer, chat_single, chat_stream, mutated, request

Content = Any
"""A document, raw bytes, or an error that reading raises."""


class FakeSource:
    """Two sides in memory, by path. It counts what was asked of it."""

    def __init__(
        self, old: Mapping[str, Content], new: Mapping[str, Content], modes: Mapping[str, str] | None = None
    ) -> None:
        self.sides: dict[str, Mapping[str, Content]] = {"old": old, "new": new}
        self.modes = dict(modes or {})
        self.read_paths: list[str] = []
        self.prefetched: list[int] = []
        self.unmerged: frozenset[str] = frozenset()

    label = "old → new"
    old_label = "old"
    new_label = "new"

    def listing(self) -> Listing:
        """Every path whose bytes differ."""
        paths = sorted({*self.sides["old"], *self.sides["new"]})
        changed = [path for path in paths if self._bytes("old", path) != self._bytes("new", path)]
        return Listing(tuple(self._changed(path) for path in changed), notes=("a note",))

    def _changed(self, path: str) -> ChangedFile:
        versions = [
            FileVersion(path, self.modes.get(path, "100644"), side) if path in self.sides[side] else None
            for side in ("old", "new")
        ]
        return ChangedFile(versions[0], versions[1], path in self.unmerged)

    def _bytes(self, side: str, path: str) -> Any:
        content = self.sides[side].get(path)
        if content is None or isinstance(content, (bytes, UnreadableError)):
            return content
        return json.dumps(content).encode("utf-8", "surrogatepass")

    def prefetch(self, versions: Sequence[FileVersion]) -> None:
        """Only counts."""
        self.prefetched.append(len(versions))

    def read(self, versions: Iterable[FileVersion]) -> Iterator[tuple[FileVersion, bytes | UnreadableError]]:
        """The bytes in the order asked."""
        for version in versions:
            self.read_paths.append(version.path)
            yield version, self._bytes(str(version.oid), version.path)

    def read_root_file(self, name: str, side: SideName) -> bytes | None:
        """No side has a file of its own."""
        return None

    def close(self) -> None:
        """Nothing is open."""


def reviewed(
    old: Mapping[str, Content], new: Mapping[str, Content], *, config: ProjectConfig | None = None, **options: Any
) -> Review:
    """A review of two sides."""
    source: Source = FakeSource(old, new)
    return review(source, Options(config or ProjectConfig(), **options))


def one(old: Content, new: Content, path: str = "recordings/a.json", **options: Any) -> FileReview:
    """The one entry of a review of one path; None stands for a file that is not there."""
    sides = [{} if content is None else {path: content} for content in (old, new)]
    (entry,) = reviewed(sides[0], sides[1], **options).files
    return entry


@pytest.mark.parametrize(
    ("new", "status"),
    [
        (chat_single(Answer("Else.")), "meaningful"),
        (made.with_value(chat_single(), "/response/body/__data__/usage/total_tokens", 1), "minor"),
        (made.with_value(chat_single(), "/response/body/__data__/created", 1), "noise"),
        (json.dumps(chat_single(), indent=1).encode(), "noise"),
        (b'{"request": {', "unreadable"),
        ({"other": "json"}, "unreadable"),
    ],
)
def test_the_status_of_a_modified_recording(new: Content, status: str) -> None:
    entry = one(chat_single(), new)
    assert (entry.status, entry.paired_by, entry.old_path, entry.new_path) == (
        status,
        "path",
        "recordings/a.json",
        "recordings/a.json",
    )
    assert bool(entry.changes) is (status in ("meaningful", "minor"))
    assert (entry.error is not None) is (status == "unreadable")


def test_added_and_removed_recordings_have_a_synopsis() -> None:
    added, removed = one(None, made.exception()), one(made.exception(), None)
    for entry, status in ((added, "added"), (removed, "removed")):
        assert (entry.status, entry.paired_by, entry.changes, entry.format) == (status, None, (), "ogx")
        assert entry.synopsis is not None
        assert entry.synopsis.marks == ("exception",)
    assert (added.old_path, removed.new_path) == (None, None)


BAD: dict[str, Content] = {
    "empty": b"",
    "truncated": b'{"request": {"url": "x"}, "response": {"body": 1',
    "utf-8": b'{"request": "\xff"}',
    "conflict": b'<<<<<<< HEAD\n{"request": {}}\n=======\n{}\n>>>>>>> b\n',
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    "deep": b"[" * 1000 + b"]" * 1000,
    "twice": b'{"request": {"url": 1, "url": 2}, "response": {"body": 1}}',
    "digits": b'{"request": {"url": ' + b"1" * 5000 + b'}, "response": {"body": 1}}',
    "unfetched": UnreadableError("could not be fetched"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_file_stops_no_other(name: str) -> None:
    old: dict[str, Content] = {f"recordings/{number}.json": chat_single() for number in range(3)}
    new: dict[str, Content] = {path: chat_single(Answer("Else.")) for path in old}
    new["recordings/1.json"] = BAD[name]
    found = reviewed(old, new)
    assert [entry.status for entry in found.files] == ["meaningful", "unreadable", "meaningful"]
    assert found.files[1].error
    assert found.files[1].format == "ogx"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_alone_among_recordings(name: str) -> None:
    for old, new in ((None, BAD[name]), (BAD[name], None), (BAD[name], b"{")):
        entry = one(old, new)
        assert (entry.status, entry.changes) == ("unreadable", ())
        assert entry.error


@pytest.mark.parametrize(
    ("path", "kept"), [("src/data.json", False), ("recordings/x.json", True), ("cassettes/y.yaml", True)]
)
def test_a_broken_file_is_a_recording_by_its_place(path: str, kept: bool) -> None:
    found = reviewed({path: b'{"a": 1'}, {path: b'{"a": 2'})
    assert [entry.status for entry in found.files] == ["unreadable"] * kept
    assert found.skipped == (not kept)


def test_a_broken_file_is_a_recording_by_its_content_or_its_neighbours() -> None:
    assert one(b'{"request": {', b'{"request": {"a', "somewhere/x.json").status == "unreadable"
    found = reviewed({"x/a.json": chat_single(), "x/b.json": b"{"}, {"x/a.json": made.exception(), "x/b.json": b"{{"})
    assert [entry.status for entry in found.files] == ["meaningful", "unreadable"]


def test_files_that_are_no_recordings_are_counted() -> None:
    old: dict[str, Content] = {"a.py": b"1", "package.json": b'{"a": 1}', "b.txt": b"x"}
    new: dict[str, Content] = {"a.py": b"2", "package.json": b'{"a": 2}', "c.md": b"y"}
    source = FakeSource(old, new)
    found = review(source, Options(ProjectConfig()))
    assert (found.files, found.skipped, found.notes) == ((), 4, ("a note",))
    assert set(source.read_paths) == {"package.json"}


def test_links_and_submodules_are_not_read() -> None:
    source = FakeSource({"recordings/l.json": b"to"}, {"recordings/l.json": b"other", "recordings/s": b"x"})
    source.modes = {"recordings/l.json": LINK_MODE, "recordings/s": SUBMODULE_MODE}
    found = review(source, Options(ProjectConfig()))
    assert (found.files, found.skipped, source.read_paths) == ((), 2, [])


def test_blobs_are_asked_for_once_and_read_in_order() -> None:
    old: dict[str, Content] = {f"recordings/{number}.json": chat_single() for number in range(4)}
    new: dict[str, Content] = {f"recordings/{number}.json": made.exception() for number in range(2, 6)}
    source = FakeSource(old, new)
    review(source, Options(ProjectConfig()))
    assert source.prefetched == [8]
    assert source.read_paths == [f"recordings/{number}.json" for number in (0, 1, 2, 2, 3, 3, 4, 5)]


def test_json_that_is_no_recording_is_compared_where_recordings_live() -> None:
    config = ProjectConfig(recordings=("data/*.json",))
    entry = one({"a": [1]}, {"a": [2]}, "data/x.json", config=config)
    assert (entry.status, entry.format) == ("meaningful", "json")
    assert [(change.path, change.old, change.new) for change in entry.changes] == [("/extra/a/0", 1, 2)]
    assert one([1], [2], "data/x.json", config=config).status == "meaningful"
    assert one({"a": 1}, None, "data/x.json", config=config).status == "unreadable"


def test_every_file_may_be_asked_for() -> None:
    assert one({"a": 1}, {"a": 2}, "package.json", every_file=True).status == "meaningful"


def test_a_recording_that_only_changed_its_name_is_paired() -> None:
    found = reviewed({"recordings/a.json": chat_single()}, {"recordings/b.json": chat_single()})
    (entry,) = found.files
    assert (entry.status, entry.old_path, entry.new_path, entry.paired_by) == (
        "noise", "recordings/a.json", "recordings/b.json", "request",
    )  # fmt: skip
    assert entry.pairing


def test_files_come_by_path() -> None:
    old: dict[str, Content] = {"recordings/z.json": chat_single(), "recordings/b.json": chat_single()}
    new: dict[str, Content] = {"recordings/a.json": made.embeddings(), "recordings/b.json": made.exception()}
    paths = [entry.path for entry in reviewed(old, new).files]
    assert paths == sorted(paths)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    old: dict[str, Content] = {f"recordings/{number}.json": chat_single() for number in range(3)}
    reviewed(
        old,
        {**old, "recordings/1.json": made.exception(), "x.json": b"1"},
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


def test_the_trace_lists_what_the_counts_say() -> None:
    old, new = chat_stream(), chat_stream(cut=lambda text: [text])
    entry = one(old, new, trace=True)
    assert entry.status == "noise"
    listed: Counter[str] = Counter()
    for side in ("old_path", "new_path"):
        counts = Counter(leaf.rule for leaf in entry.hidden_leaves if getattr(leaf, side) is not None)
        listed = Counter({rule: max(counts[rule], listed[rule]) for rule in counts | listed})
    assert dict(listed) == dict(entry.hidden)
    assert not one(old, new).hidden_leaves
    assert one(old, new).hidden == entry.hidden


def test_an_unmerged_file_is_unreadable_only_among_recordings() -> None:
    source = FakeSource({"recordings/a.json": b"<<<<<<< x"}, {"recordings/a.json": b"{"})
    source.unmerged = frozenset({"recordings/a.json"})
    (entry,) = review(source, Options(ProjectConfig())).files
    assert entry.status == "unreadable"


@pytest.mark.parametrize("name", ["type", "vector"])
def test_no_content_ends_in_a_traceback(name: str) -> None:
    if name == "type":
        strange = made.anthropic_single()
        stream = made.recording([{"type": "message_start", "message": {}}, {"type": {"a": 1}}], streaming=True)
        pair: tuple[Content, Content] = (strange, stream)
    else:
        pair = (made.embeddings([10**400, 1]), made.embeddings([10**399, 1]))
    good = chat_single(Answer("Else."))
    found = reviewed(
        {"recordings/a.json": pair[0], "recordings/b.json": chat_single()},
        {"recordings/a.json": pair[1], "recordings/b.json": good},
    )
    assert [entry.status for entry in found.files][1] == "meaningful"


@QUICK
@given(st.lists(st.sampled_from(sorted(BUILDERS)), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_every_file_counts_in_exactly_one_entry(names: list[str], rng: random.Random) -> None:
    old: dict[str, Content] = {}
    new: dict[str, Content] = {}
    for number, name in enumerate(names):
        path = f"recordings/{number}.json"
        document = BUILDERS[name]()
        kind = rng.choice(("modified", "added", "removed", "renamed", "broken"))
        if kind in ("modified", "removed", "broken", "renamed"):
            old[path] = document
        if kind in ("modified", "renamed"):
            new[path if kind == "modified" else f"recordings/r{number}.json"] = mutated(document, rng, 2)
        elif kind == "added":
            new[path] = document
        elif kind == "broken":
            new[path] = b"{"
    source = FakeSource(old, new)
    differing = Counter(
        version.path for changed in source.listing().files for version in (changed.old, changed.new) if version
    )
    found = review(source, Options(ProjectConfig(), trace=True))
    told = Counter(path for entry in found.files for path in (entry.old_path, entry.new_path) if path)
    assert told == differing
    assert sum(
        found.count(status) for status in ("meaningful", "minor", "noise", "added", "removed", "unreadable")
    ) == len(found.files)
    for entry in found.files:
        levels = {change.level for change in entry.changes}
        assert entry.status in {"meaningful"} if "meaningful" in levels else entry.status != "meaningful"
        assert (entry.status == "minor") is (levels == {"minor"})


@QUICK
@given(st.lists(st.sampled_from(sorted(BUILDERS)), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_a_review_does_not_depend_on_the_order_of_a_mapping(names: list[str], rng: random.Random) -> None:
    old = {f"recordings/{number}.json": BUILDERS[name]() for number, name in enumerate(names)}
    new = {
        f"recordings/{number}{rng.choice(['', 'n'])}.json": mutated(BUILDERS[name](), rng, 1)
        for number, name in enumerate(names)
    }
    shuffled = list(old.items()), list(new.items())
    for items in shuffled:
        rng.shuffle(items)
    assert repr(reviewed(old, new)) == repr(reviewed(dict(shuffled[0]), dict(shuffled[1])))  # NaN differs from NaN


def test_a_request_that_changed_takes_another_name() -> None:
    old, new = (
        chat_single(asked=request()),
        chat_single(asked=request([{"role": "user", "content": "What is the capital of Spain?"}])),
    )
    (entry,) = reviewed({"recordings/a.json": old}, {"recordings/b.json": new}).files
    assert (entry.paired_by, [change.change_class for change in entry.changes]) == ("test", ["request"])
