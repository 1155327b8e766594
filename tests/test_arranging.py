"""A review's files as a tree: by test, by folder and by group; and what a filter lets through."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.arranging import ARRANGEMENTS, Arrangement, Branch, Leaf, arrange, leaf_key
from recdiff.filtering import Filter, Searcher, classes_of, counts, passing
from recdiff.model import CLASSES, STATUSES, Change, ChangeClass, FileReview, Group, Status, Synopsis
from tests.recordings import QUICK

HASH = "3f2a91c4d5e6" + "0" * 44 + "88d01be2"


def change(change_class: ChangeClass = "text", group: str | None = None, old: Any = "a", new: Any = "b") -> Change:
    """A change."""
    return Change(change_class, "/x", "changed", old, new, "the place", "/x", group=group)


def entry(
    path: str, test_id: str | None = None, *changes: Change, status: Status = "meaningful", **more: Any
) -> FileReview:
    """An entry for a path; `changes` default to one of text where its status says that there are some."""
    told = changes or ((change(),) if status == "meaningful" else ())
    old_path = more.pop("old_path", None if status == "added" else path)
    new_path = None if status == "removed" else path
    return FileReview(status, old_path, new_path, None, "ogx", test_id, changes=told, **more)


def group(name: str, change_class: ChangeClass = "request", title: str = "url: a → b") -> Group:
    """A group."""
    return Group(name, change_class, title, "url", "a", "b", 2)


def asked(text: str, *marks: str) -> Synopsis:
    """A synopsis."""
    return Synopsis("/v1/chat/completions", "llama", text, "Well.", marks)


def outline(items: Iterable[Branch | Leaf], depth: int = 0) -> Iterator[str]:
    """A tree as indented titles, branches with their kinds."""
    for item in items:
        if isinstance(item, Branch):
            yield f"{'  ' * depth}{item.kind}: {item.title}"
            yield from outline(item.children, depth + 1)
        else:
            yield f"{'  ' * depth}{item.title}"


def drawn(files: Sequence[FileReview], groups: Sequence[Group] = (), by: Arrangement = "test") -> list[str]:
    """The outline of an arrangement."""
    return list(outline(arrange(files, groups, by)))


def items(branches: Iterable[Branch | Leaf]) -> Iterator[Branch | Leaf]:
    """Every branch and leaf of a tree."""
    for item in branches:
        yield item
        if isinstance(item, Branch):
            yield from items(item.children)


# By test


def test_a_test_file_holds_its_functions_and_a_function_its_recordings() -> None:
    files = [
        entry("r/1.json", "tests/test_b.py::TestB::test_x[ollama]"),
        entry("r/3.json", "tests/test_a.py::test_x[m]", turns=3, about="chat/completions · streamed"),
        entry("r/2.json", "tests/test_a.py::test_x[m]", turns=1, synopsis=asked("boiling point\nof  polyjuice?")),
        entry("r/4.json", "tests/test_a.py::test_lone", about="models"),
    ]
    assert drawn(files) == [
        "file: test_a.py",
        "  test_lone",
        "  test: test_x[m]",
        "    1 “boiling point of polyjuice?”",
        "    2 chat/completions · streamed",
        "file: test_b.py",
        "  TestB::test_x[ollama]",
    ]


def test_parameters_are_told_where_they_differ() -> None:
    files = [
        entry("r/1.json", "t.py::test_x[b::c]", about="chat"),
        entry("r/2.json", "t.py::test_x[a]", about="models"),
        entry("r/3.json", "t.py::test_x[a]", about="chat", turns=2),
        entry("r/4.json", "t.py::test_x", about="chat"),
    ]
    assert drawn(files) == [
        "file: t.py",
        "  test: test_x",
        "    chat",
        "    [a] 1 models",
        "    [a] 2 chat",
        "    [b::c] chat",
    ]


def test_test_files_of_one_name_are_told_by_their_paths() -> None:
    files = [entry(f"r/{n}.json", f"{path}::test_x") for n, path in enumerate(["a/t.py", "b/t.py", "b/u.py"])]
    assert drawn(files)[::2] == ["file: a/t.py", "file: b/t.py", "file: u.py"]


def test_recordings_without_a_test_stand_in_their_folders() -> None:
    files = [
        entry(f"r/x/{HASH}.json"),
        entry("r/x/a.json", "::"),
        entry("top.json", "["),
        entry("r/1.json", "t.py"),
        entry("r/2.json", "t.py[p]"),
        entry("r/x/b.json", "", status="added"),
    ]
    assert drawn(files) == [
        "file: t.py",
        "  1.json",
        "  [p] 2.json",
        "folder: .",
        "  top.json",
        "folder: r/x",
        "  3f2a91c4d5e6…88d01be2.json",
        "  a.json",
        "added: Added 1",
        "  folder: r/x",
        "    b.json",
    ]


def test_what_needs_an_eye_comes_first_and_noise_last() -> None:
    files = [
        entry("r/n.json", "t.py::test_x", status="noise"),
        entry(f"r/{HASH}.json", "t.py::test_x", change("usage"), status="minor"),
        entry("r/d.json", "t.py::test_x", status="removed"),
        entry("r/a1.json", "t.py::test_x[p]", status="added", synopsis=asked("Two?"), turns=2),
        entry("r/a2.json", "t.py::test_x[p]", status="added", synopsis=asked("One?"), turns=1),
        entry("r/a3.json", "t.py::test_y[p]", status="added", synopsis=asked("One?")),
        entry("r/g.json", "t.py::test_x", change("request", "g1")),
        entry("r/m.json", "u.py::test_x", change("request", "g1"), change("usage", "g2")),
        entry(f"r/u/{HASH}.json", status="unreadable", error="no JSON"),
    ]
    assert drawn(files, [group("g1"), group("g2", "usage"), group("g3")]) == [
        "unreadable: Unreadable 1",
        "  r/u/3f2a91c4d5e6…88d01be2.json",
        "file: t.py",
        "  test_x",
        "file: u.py",
        "  test_x",
        "groups: The same change in many",
        "  group: url: a → b",
        "    t.py::test_x",
        "    u.py::test_x",
        "added: Added 3",
        "  file: t.py",
        "    test_x[p] 1 “One?”",
        "    test_x[p] 2 “Two?”",
        "    test_y[p]",
        "removed: Removed 1",
        "  file: t.py",
        "    test_x",
        "minor: Minor only 1",
        "  test_x · 3f2a91c4d5e6…88d01be2.json",
        "noise: Noise only 1",
        "  n.json · test_x",
    ]


def test_large_numbers_are_readable() -> None:
    files = [entry(f"r/{n}.json", status="noise") for n in range(1200)]
    assert drawn(files)[:2] == ["noise: Noise only 1,200", "  0.json"]


# By folder


def test_folders_are_nested_and_chains_are_one() -> None:
    files = [
        entry("tests/integration/recordings/b.json", "t.py::test_x[p]"),
        entry("tests/integration/recordings/a.json", status="added"),
        entry("tests/integration/recordings/models/deep/c.json", status="unreadable"),
        entry("tests/unit/d.json", status="removed"),
        entry("other/e.json"),
        entry("top.json"),
        entry("tests/unit/n.json", status="noise"),
        entry("tests/unit/m.json", status="minor"),
    ]
    assert drawn(files, by="folder") == [
        "folder: other",
        "  e.json",
        "folder: tests",
        "  folder: integration/recordings",
        "    folder: models/deep",
        "      c.json",
        "    a.json",
        "    b.json · test_x[p]",
        "  folder: unit",
        "    d.json",
        "folder: .",
        "  top.json",
        "minor: Minor only 1",
        "  m.json",
        "noise: Noise only 1",
        "  n.json",
    ]


def test_a_name_that_begins_as_another_is_another_folder() -> None:
    assert drawn([entry("/ab/x/1.json"), entry("/abc/x/2.json"), entry("//3.json")], by="folder") == [
        "folder: /",
        "  folder: /",
        "    3.json",
        "  folder: ab/x",
        "    1.json",
        "  folder: abc/x",
        "    2.json",
    ]


def test_folders_are_not_nested_without_end() -> None:
    files = [entry("a/" * depth + f"{depth}.json") for depth in range(2_000)]
    branches = arrange(files, [], "folder")
    assert max(len(line) - len(line.lstrip()) for line in outline(branches)) < 120
    assert sum(len(list(branch.every())) for branch in branches) == 2_000


# By group


def test_groups_come_first_and_meters_are_the_last_of_them() -> None:
    files = [
        entry("r/1.json", "t.py::test_x", change("request", "g1"), change("usage", "g2")),
        entry("r/2.json", "t.py::test_x", change("request", "g1"), change("text")),
        entry("r/3.json", None, change("usage", "g2"), status="minor"),
        entry("r/4.json", "t.py::test_y", change("data", "elsewhere")),
        entry("r/5.json", status="unreadable"),
        entry("r/6.json", "t.py::test_y", status="added"),
    ]
    assert drawn(files, [group("g2", "usage", "usage\nadded"), group("g1")], "group") == [
        "unreadable: Unreadable 1",
        "  r/5.json",
        "group: url: a → b",
        "  test_x 1 1.json",
        "  test_x 2 2.json",
        "group: usage added",
        "  t.py::test_x",
        "  3.json",
        "test: Changed on their own",
        "  file: t.py",
        "    test_x",
        "    test_y",
        "added: Added 1",
        "  file: t.py",
        "    test_y",
        "minor: Minor only 1",
        "  3.json",
    ]


def test_an_entry_of_several_groups_is_one_of_their_entries() -> None:
    files = [entry(f"r/{n}.json", "t.py::test_x", change("data", "g1"), change("data", "g2")) for n in "12"]
    many = arrange(files, [group("g1"), group("g2")], "test")[1]
    assert [branch.group for branch in many.children if isinstance(branch, Branch)] == [group("g1"), group("g2")]
    assert [e.path for e in many.every()] == ["r/1.json", "r/2.json"]


# Keys


def test_keys_are_those_of_the_tests_and_stay_when_more_is_read() -> None:
    one = entry("r/1.json", "t/a.py::test_x[p]", old_path="r/0.json")
    two = entry("r/2.json", "t/a.py::test_x[q]")
    alone = [item.key for item in items(arrange([one], [], "test"))]
    both = [item.key for item in items(arrange([one, two], [], "test"))]
    assert alone == ["file:t/a.py", leaf_key(one, "test:t/a.py::test_x")]
    assert both[:3] == ["file:t/a.py", "test:t/a.py::test_x", leaf_key(one, "test:t/a.py::test_x")]


def test_keys_differ_also_where_two_entries_have_the_same_paths() -> None:
    branches = arrange([entry("r/1.json"), entry("r/1.json"), entry("r/1.json")], [group("g"), group("g")], "test")
    assert len({item.key for item in items(branches)}) == 4


# Properties

PARTS = st.sampled_from(
    [
        "t.py",
        "u.py",
        "::",
        "test_x",
        "test_y",
        "A",
        "[",
        "]",
        "a",
        "/",
        "|",
        "\n",
        "\t",
        "\ud800",
        "\0",
        " ",
        "é",
        HASH,
        "w" * 90,
    ]
)
TEXTS = st.lists(PARTS, max_size=5).map("".join)
TEST_IDS = st.one_of(
    st.none(),
    TEXTS,
    st.sampled_from(["", "[", "::", "t.py", "t.py::test_x", "t.py::test_x[p]", "t.py::A::test_y[q::r]"]),
)
GROUP_IDS = st.sampled_from(["g1", "g2", "g3"])
CHANGES = st.builds(change, st.sampled_from(CLASSES), st.none() | GROUP_IDS, TEXTS, TEXTS | st.lists(TEXTS, max_size=2))
SYNOPSES = st.builds(Synopsis, TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from([(), ("exception",), ("empty", "other")]))
FIELDS: dict[str, Any] = {
    "status": st.sampled_from(STATUSES),
    "old_path": st.none() | TEXTS,
    "new_path": TEXTS,
    "paired_by": st.none(),
    "format": st.none(),
    "test_id": TEST_IDS,
    "changes": st.lists(CHANGES, max_size=2).map(tuple),
    "synopsis": st.none() | SYNOPSES,
    "about": TEXTS,
    "turns": st.integers(0, 3),
    "error": st.none() | TEXTS,
}
ENTRIES: st.SearchStrategy[FileReview] = st.fixed_dictionaries(FIELDS).map(lambda fields: FileReview(**fields))
FILES = st.lists(ENTRIES, max_size=8, unique_by=lambda made: (made.old_path or "", made.new_path))
GROUPS = st.lists(
    st.builds(group, GROUP_IDS, st.sampled_from(CLASSES), TEXTS), max_size=3, unique_by=lambda made: made.id
)


@QUICK
@given(st.lists(ENTRIES, max_size=8), GROUPS, st.sampled_from(ARRANGEMENTS))
def test_every_file_is_there_and_every_key_is_another(
    files: list[FileReview], groups: list[Group], by: Arrangement
) -> None:
    branches = arrange(files, groups, by)
    every = list(items(branches))
    leaves = [item.entry for item in every if isinstance(item, Leaf)]
    assert {id(leaf) for leaf in leaves} == {id(file) for file in files}
    assert len({item.key for item in every}) == len(every)
    for item in every:
        assert item.title.strip() and len(item.title) <= 200
        assert not set("\n\t\r") & set(item.title)
        if isinstance(item, Branch):
            below = [leaf.entry for leaf in items([item]) if isinstance(leaf, Leaf)]
            assert [id(e) for e in item.every()] == list(dict.fromkeys(map(id, below)))
            assert below
    assert {item.group.id for item in every if isinstance(item, Branch) and item.group} == {
        one.id
        for one in groups
        if by != "folder"
        and (by == "group" or one.change_class != "usage")
        and any(made.group == one.id for file in files for made in file.changes)
    }


@QUICK
@given(FILES, GROUPS, st.sampled_from(ARRANGEMENTS), st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(
    files: list[FileReview], groups: list[Group], by: Arrangement, chance: random.Random
) -> None:
    shuffled = list(files)
    chance.shuffle(shuffled)
    assert arrange(files, groups, by) == arrange(shuffled, groups, by)


@QUICK
@given(st.lists(ENTRIES, max_size=8), TEXTS)
def test_filters_and_counts_agree(files: list[FileReview], words: str) -> None:
    def is_open(one: FileReview) -> bool:
        return one.turns > 1

    searcher = Searcher()
    assert passing(files, Filter(), is_open, searcher) == tuple(files)
    told = counts(files, is_open)
    assert told.total == len(files) == sum(told.statuses.values())
    assert told.undecided == len(passing(files, Filter(undecided=True), is_open, searcher))
    assert list(told.statuses) == list(STATUSES) and list(told.classes) == list(CLASSES)
    for status in STATUSES:
        found = passing(files, Filter(statuses=frozenset([status])), is_open, searcher)
        assert len(found) == told.statuses[status] and {one.status for one in found} <= {status}
    for name in CLASSES:
        found = passing(files, Filter(classes=frozenset([name])), is_open, searcher)
        assert len(found) == told.classes[name] and all(name in classes_of(one) for one in found)
    loud = passing(files, Filter(words=words.upper()), is_open, searcher)
    assert list(map(id, loud)) == list(map(id, passing(files, Filter(words=words.lower()), is_open, Searcher())))
    for one in files:
        for text in (one.old_path, one.new_path, one.test_id, one.about):
            found = passing(files, Filter(words=text or ""), is_open, searcher)
            assert any(one is other for other in found)


# Filters


def found_by(words: str, *files: FileReview) -> list[str]:
    """The paths of the files that have all words."""
    return [one.path for one in passing(files, Filter(words=words), lambda _: True, Searcher())]


@pytest.mark.parametrize(
    "words",
    [
        "R/1.JSON",
        "r/0",
        "TEST_X[",
        "chat streamed",
        "place",
        "Boiling",
        "straße",
        "STRASSE point",
        "get_weather",
        "city",
    ],
)
def test_words_are_looked_for_wherever_something_is_said(words: str) -> None:
    call = {"name": "get_weather", "arguments": {"city": ["Straße", 1, None]}}
    changed = change("tool", None, call, "the boiling point")
    one = entry("r/1.json", "t.py::test_x[p]", changed, old_path="r/0.json", about="chat · streamed")
    assert found_by(words, entry("r/2.json", "t.py::test_y", change("data", None, 1, True)), one) == (
        ["r/1.json"] if words != "place" else ["r/2.json", "r/1.json"]
    )
    assert found_by(f"{words} elsewhere", one) == []


def test_words_do_not_reach_from_one_text_into_the_next() -> None:
    assert found_by("jsonr/", entry("r/1.json", old_path="r/0.json")) == []


def test_a_recording_without_another_side_is_found_by_what_it_says() -> None:
    one = entry("r/1.json", None, status="added", synopsis=asked("boiling?", "exception"))
    assert found_by("BOILING well exception llama", one) == ["r/1.json"]
    assert found_by("git-lfs", entry("r/2.json", None, status="unreadable", error="a git-lfs pointer")) == ["r/2.json"]


def test_a_searcher_takes_notice_when_an_entry_is_another() -> None:
    searcher = Searcher()
    one = entry("r/1.json", about="chat")
    assert searcher.finds(one, ["chat"]) and not searcher.finds(one, ["models"])
    two = one._replace(about="models")
    assert searcher.finds(two, ["models"]) and not searcher.finds(two, ["chat"])


def test_marks_count_as_classes_for_recordings_without_another_side() -> None:
    marks = ("exception", "length", "broken off", "empty", "unheard of")
    lone = entry("r/1.json", status="removed", synopsis=asked("?", *marks))
    assert classes_of(lone) == {"error", "finish", "text"}
    assert classes_of(entry("r/1.json", None, change("tool"), synopsis=asked("?", *marks))) == {"tool"}
    told = counts([lone, entry("r/2.json", None, change(), change(), change("usage"))], lambda e: e is lone)
    assert {name: count for name, count in told.classes.items() if count} == {
        "error": 1, "finish": 1, "text": 2, "usage": 1,
    }  # fmt: skip
    assert Counter(told.statuses) == Counter(removed=1, meaningful=1) and told.undecided == 1


def test_all_conditions_must_hold() -> None:
    files = [
        entry("r/1.json", None, change("tool")),
        entry("r/2.json", None, change("text"), change("error")),
        entry("r/3.json", None, status="added", synopsis=asked("", "exception")),
        entry("r/4.json", status="unreadable"),
    ]
    wanted = Filter(frozenset(("tool", "error")), frozenset(("meaningful", "added")), "JSON", undecided=True)
    assert [e.path for e in passing(files, wanted, lambda e: e.path != "r/2.json", Searcher())] == [
        "r/1.json",
        "r/3.json",
    ]
    assert passing(files, wanted._replace(words="3.json tool"), lambda _: True, Searcher()) == ()


def test_a_large_review_is_arranged_and_searched_at_once() -> None:
    text = "The boiling point of polyjuice is minus one hundred. " * 400
    files = [
        entry(
            f"tests/r/{n}.json",
            f"tests/test_{n % 20}.py::test_{n % 90}[{n % 7}]",
            change("text", "g", text, f"{text}{n}"),
        )
        for n in range(536)
    ]
    searcher = Searcher()
    passing(files, Filter(words="x"), bool, searcher)

    def seconds(act: Any) -> float:
        start = time.perf_counter()
        act()
        return time.perf_counter() - start

    assert min(seconds(lambda: passing(files, Filter(words="nowhere to be"), bool, searcher)) for _ in range(3)) < 0.05
    for by in ARRANGEMENTS:
        assert min(seconds(lambda by=by: arrange(files, [group("g")], by)) for _ in range(3)) < 0.1
