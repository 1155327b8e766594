"""The same change in several recordings: found once, told once, whatever the order of the files."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.grouping import group_changes, place_of, rewrite_of
from recdiff.model import Change, ChangeClass, FileReview, Group, Kind
from tests import recordings as made
from tests.recordings import QUICK, Answer, chat_single, exact
from tests.test_pipeline import reviewed


def change(
    old: Any,
    new: Any,
    pattern: str = "/request/body/messages/*/content",
    kind: Kind = "changed",
    name: ChangeClass = "request",
) -> Change:
    """A change of this pattern."""
    return Change(name, "/interactions/0" + pattern.replace("*", "0"), kind, old, new, "label", pattern)


def entry(path: str, *changes: Change) -> FileReview:
    """A modified recording with these changes."""
    return FileReview("meaningful", path, path, "path", "ogx", None, changes=changes)


def grouped(*files: list[Change]) -> tuple[tuple[FileReview, ...], tuple[Group, ...]]:
    """Files with these changes, grouped."""
    return group_changes([entry(f"{number}.json", *changes) for number, changes in enumerate(files)])


LONG = "The host llama-stack-test.example.com answered with the header X-LlamaStack-Data about "


def test_equal_changes_are_one_group() -> None:
    files, groups = grouped([change("a", "b")], [change("a", "b"), change("c", "d")], [change("a", "b", name="data")])
    (group,) = groups
    assert (group.files, group.old, group.new, group.change_class) == (2, "a", "b", "request")
    assert [[found.group for found in file.changes] for file in files] == [[group.id], [group.id, None], [None]]


@pytest.mark.parametrize(
    "other",
    [
        change("a", "c"),
        change("z", "b"),
        change("a", "b", pattern="/request/url"),
        change("a", "b", name="data"),
        change(None, "b", kind="added"),
        change(1, "b"),
    ],
)
def test_other_changes_are_not_of_the_group(other: Change) -> None:
    assert grouped([change("a", "b")], [other])[1] == ()


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), (1, "1"), ([1], [True])])
def test_values_that_python_takes_for_equal_are_not_the_same(one: Any, other: Any) -> None:
    assert grouped([change("x", one)], [change("x", other)])[1] == ()


def test_a_change_that_stands_twice_in_one_file_is_no_group() -> None:
    assert grouped([change("a", "b"), change("a", "b")])[1] == ()
    assert grouped([change(f"{LONG}1", f"{LONG}1!"), change(f"{LONG}2", f"{LONG}2!")])[1] == ()


def test_the_same_rewrite_in_other_strings_is_one_group() -> None:
    def rewritten(about: str) -> Change:
        return change(LONG + about, LONG.replace("llama-stack-test", "ogx-test") + about)

    files, (group,) = grouped([rewritten("cats")], [rewritten("dogs and more")], [rewritten("cats")])
    assert (group.files, group.old, group.new) == (3, "llama-stack-test.example.com", "ogx-test.example.com")
    assert group.title == "messages[].content: llama-stack-test.example.com → ogx-test.example.com"
    assert {found.group for file in files for found in file.changes} == {group.id}


def test_several_rewrites_in_one_string_are_one_title() -> None:
    def rewritten(about: str) -> Change:
        return change(LONG + about, LONG.replace("llama-stack", "ogx").replace("LlamaStack", "OGX") + about)

    (_, (group,)) = grouped([rewritten("cats")], [rewritten("dogs")])
    assert "X-LlamaStack-Data → X-OGX-Data" in group.title
    assert "llama-stack-test.example.com → ogx-test.example.com" in group.title


def test_what_the_title_says_of_added_and_removed() -> None:
    titles = [
        grouped([change(old, new, kind=kind)], [change(old, new, kind=kind)])[1][0].title
        for old, new, kind in ((None, {"a": 1}, "added"), ("x", None, "removed"), (1, 2, "changed"))
    ]
    assert titles == ['messages[].content added: {"a":1}', "messages[].content removed: x", "messages[].content: 1 → 2"]


@pytest.mark.parametrize(
    ("old", "new", "rewrite"),
    [
        ("a b c d e f", "a b x d e f", [("c", "x")]),
        ("a b", "x y", None),
        ("short", "other", None),
        (1, 2, None),
        ("same text here", "same text here and more", [("", "and more")]),
        ("a b c d e f g h i j k l m n o p", "1 b 2 d 3 f 4 h 5 j 6 l 7 n 8 p", None),
    ],
)
def test_what_is_a_rewrite(old: Any, new: Any, rewrite: Any) -> None:
    found = rewrite_of(change(old, new))
    assert (found and [(one, other) for one, other, _ in found]) == rewrite


@pytest.mark.parametrize("kind", ["added", "removed", "moved"])
def test_only_what_changed_is_rewritten(kind: Kind) -> None:
    assert rewrite_of(change("a b c d", "a b c e", kind=kind)) is None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("/request/model", "request.model"),
        ("/response/reply/model", "reply.model"),
        ("/request/body/model", "body.model"),
        ("/request/body/messages/*/content", "messages[].content"),
        ("/response/reply/choices/*/text", "choices[].text"),
        ("/response/reply/choices/*/tool_calls/[f]/arguments/a~1b", "choices[].tool_calls[f].arguments.a/b"),
        ("/response/body/[gpt-4]/size", "[gpt-4].size"),
        ("/response/status", "status"),
        ("/test_id", "test_id"),
        ("/extra/x", "extra.x"),
        ("/request/body", "body"),
    ],
)
def test_a_place_in_words(pattern: str, words: str) -> None:
    assert place_of(change(1, 2, pattern=pattern)) == words


CHANGES = st.builds(
    change,
    st.sampled_from(["a", "b", LONG + "cats", LONG + "dogs", f" {LONG}", 1, True, None, ["x"], "a b", "a  b"]),
    st.sampled_from(
        ["c", LONG.replace("test", "x") + "cats", LONG.replace("test", "x") + "dogs", LONG, 2, {"k": 1}, "a b c", "ab"]
    ),
    st.sampled_from(["/request/url", "/request/body/messages/*/content"]),
    st.sampled_from(["changed", "added"]),
)


@QUICK
@given(st.lists(st.lists(CHANGES, max_size=3), max_size=6), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_files(files: list[list[Change]], rng: random.Random) -> None:
    entries = [entry(f"{number}.json", *changes) for number, changes in enumerate(files)]
    shuffled = rng.sample(entries, len(entries))
    one, groups = group_changes(entries)
    other, same_groups = group_changes(shuffled)
    assert groups == same_groups
    assert {file.path: file for file in one} == {file.path: file for file in other}


@QUICK
@given(st.lists(st.lists(CHANGES, max_size=3), max_size=6))
def test_a_change_is_in_one_group_or_none(files: list[list[Change]]) -> None:
    found, groups = grouped(*files)
    assert [list(map(bare, file.changes)) for file in found] == [list(map(bare, changes)) for changes in files]
    ids = [group.id for group in groups]
    assert len(set(ids)) == len(ids)
    for group in groups:
        members = [file for file in found if group.id in {made.group for made in file.changes}]
        assert len(members) == group.files >= 2
        inside = [made for file in members for made in file.changes if made.group == group.id]
        assert {made.change_class for made in inside} == {group.change_class}
        assert len({made.pattern for made in inside}) == 1
    assert {made.group for file in found for made in file.changes} - {None} == set(ids)
    alone = [bare(made) for file in found for made in file.changes if made.group is None]
    assert all(sum(one in map(bare, file.changes) for file in found) < 2 for one in alone)


def bare(made: Change) -> tuple[object, ...]:
    """What a change says, its group aside; values that Python takes for equal are told apart."""
    return (made.change_class, made.path, made.kind, exact(made.old), exact(made.new), made.pattern)


def test_groups_come_by_weight_then_by_number_of_files() -> None:
    usage, text = change(1, 2, name="usage"), change("a", "b", name="text")
    more = change("c", "d", name="text")
    _, groups = grouped([usage, text], [usage, text, more], [usage, more], [more])
    assert [(group.change_class, group.files) for group in groups] == [("text", 3), ("text", 2), ("usage", 3)]


def test_a_model_swap_over_real_recordings_is_one_group() -> None:
    def documents(model: str) -> dict[str, Any]:
        return {
            f"recordings/{number}.json": chat_single(
                Answer("Yes."), model=model, asked=made.request([{"role": "user", "content": text}])
            )
            for number, text in enumerate(("One?", "Two?", "Three?"))
        }

    found = reviewed(documents("llama-3"), documents("llama-4"))
    assert [(group.change_class, group.files, group.old, group.new) for group in found.groups] == [
        ("model", 3, "llama-3", "llama-4")
    ]


def test_other_white_space_is_another_rewrite() -> None:
    one, other = (
        change("some words\nin a line", "some words in a line"),
        change("other  words here", "other\twords here"),
    )
    assert grouped([one], [other])[1] == ()


@pytest.mark.parametrize("size", [1_000_000])
def test_long_strings_are_grouped(size: int) -> None:
    text = "word " * (size // 5)
    _, (group,) = grouped([change(f"{text}a end", f"{text}b end")], [change(f"{text}a end", f"{text}b end")])
    assert group.files == 2
    assert len(group.title) < 300


def test_a_key_that_every_response_gained_is_one_group() -> None:
    pattern = "/response/reply/extra/trace_id"
    files = [[change(None, f"t{number}", pattern=pattern, kind="added", name="data")] for number in range(4)]
    found, (group,) = grouped(*files)
    assert (group.files, group.old, group.new, group.change_class) == (4, None, None, "data")
    assert "extra.trace_id added" in group.title
    assert {made.group for file in found for made in file.changes} == {group.id}
    assert grouped(*files[:2])[1] == ()
    said = [
        [change(None, f"t{n}", pattern="/response/reply/choices/*/text", kind="added", name="text")] for n in range(4)
    ]
    assert grouped(*said)[1] == ()
