"""Replies in blocks: what stands between which blocks is meaning, how a block is cut is not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.jsonvalue import resolve
from recdiff.views import recording_view
from tests import recordings as made
from tests.recordings import QUICK, changes, check_account, compared, cut_by, hidden, load, told

BLOCKS = "/response/reply/choices/0/extra/blocks"

Block = tuple[str, str]
"""A kind and what it says: `text`, `thought`, `call` or `code`."""


def anthropic_blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    kinds = {
        "text": lambda said: {"type": "text", "text": said},
        "thought": lambda said: {"type": "thinking", "thinking": said, "signature": "s"},
        "call": lambda said: {"type": "tool_use", "id": f"toolu_{said}", "name": said, "input": {"a": 1}},
        "code": lambda said: {"type": "code", "code": said},
    }
    return [kinds[kind](said) for kind, said in blocks]


def gemini_parts(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    kinds = {
        "text": lambda said: {"text": said},
        "thought": lambda said: {"text": said, "thought": True},
        "call": lambda said: {"function_call": {"name": said, "args": {"a": 1}}},
        "code": lambda said: {"executable_code": {"code": said}},
    }
    return [kinds[kind](said) for kind, said in blocks]


def outputs(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    kinds = {
        "text": lambda said: {"type": "text", "text": said},
        "thought": lambda said: {"type": "thought", "signature": said},
        "call": lambda said: {"type": "function_call", "id": f"fn_{said}", "name": said, "arguments": {}},
        "code": lambda said: {"type": "code", "code": said},
    }
    return [kinds[kind](said) for kind, said in blocks]


SINGLE = {
    "anthropic": lambda blocks: made.anthropic_single(anthropic_blocks(blocks)),
    "gemini": lambda blocks: made.gemini_single(gemini_parts(blocks)),
    "interaction": lambda blocks: made.interaction_single(outputs(blocks)),
}
STREAM = {
    "anthropic": lambda blocks, cut: made.anthropic_lines(anthropic_blocks(blocks), cut),
    "gemini": lambda blocks, cut: made.gemini_stream(gemini_parts(blocks), cut),
    "interaction": lambda blocks, cut: made.interaction_lines(outputs(blocks), cut),
}
A, B, C = ("text", "ab "), ("text", "c"), ("text", "ab c")
F, X, T = ("call", "f"), ("code", "x"), ("thought", "hm")


def whole(cut: str) -> list[str]:
    """A stream in one piece."""
    return [cut]


def moved(old: Any, new: Any) -> list[tuple[Any, Any]]:
    """Both sides of the changes of blocks, whose places lead to what `recdiff show` prints."""
    views = recording_view(load(old)), recording_view(load(new))
    found = []
    for change in changes(old, new):
        if change.path.endswith("/extra/blocks"):
            side, value = (views[0], change.old) if change.kind == "removed" else (views[1], change.new)
            assert resolve(side, change.path) == value
            found.append((change.old, change.new))
    check_account(load(old), load(new), compared(old, new))
    return found


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            [A, F, B],
            [C, F],
            (["text[0:3]", "tool_calls[0]", "text[3:4]"], ["text[0:4]", "tool_calls[0]"]),
        ),
        (
            [("text", "ab"), F, ("text", "c")],
            [("text", "a"), F, ("text", "bc")],
            (["text[0:2]", "tool_calls[0]", "text[2:3]"], ["text[0:1]", "tool_calls[0]", "text[1:3]"]),
        ),
        ([F, A, F], [F, F, A], (["tool_calls[0]", "text[0:3]", "tool_calls[1]"], ["tool_calls[0:2]", "text[0:3]"])),
    ],
)
def test_text_on_the_other_side_of_a_call(name: str, streamed: bool, old: Any, new: Any, found: Any) -> None:
    build = (lambda blocks: STREAM[name](blocks, made.words)) if streamed else SINGLE[name]
    assert moved(build(old), build(new)) == [found]
    assert moved(build(new), build(old)) == [found[::-1]]


@pytest.mark.parametrize("name", ["anthropic", "gemini"])
@pytest.mark.parametrize(("old", "new"), [([T, A], [A, T]), ([T, A, F], [A, T, F])])
def test_a_thought_on_the_other_side_of_the_text(name: str, old: Any, new: Any) -> None:
    assert len(moved(SINGLE[name](old), SINGLE[name](new))) == 1


@pytest.mark.parametrize("name", ["gemini"])
@pytest.mark.parametrize(("old", "new"), [([A, X], [X, A]), ([A, X, B], [C, X])])
def test_other_content_on_the_other_side_of_the_text(name: str, old: Any, new: Any) -> None:
    assert len(moved(SINGLE[name](old), SINGLE[name](new))) == 1


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize(("old", "new"), [([A, B], [C]), ([A, ("text", ""), F], [A, F]), ([F, F], [F, F])])
def test_neighbours_of_one_kind_are_one_block(name: str, old: Any, new: Any) -> None:
    assert not told(SINGLE[name](old), SINGLE[name](new))


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [([A, F, B], [C], {"tool"}), ([A], [A, F], {"tool"}), ([A, F], [C, F], {"text"}), ([A, F, B], [A, F, C], {"text"})],
)
def test_what_came_or_went_is_told_once(name: str, old: Any, new: Any, kinds: set[str]) -> None:
    assert {change[0] for change in told(SINGLE[name](old), SINGLE[name](new))} == kinds


@pytest.mark.parametrize("name", SINGLE)
def test_other_words_in_another_order(name: str) -> None:
    old, new = SINGLE[name]([A, F]), SINGLE[name]([F, C])
    assert {change[1] for change in told(old, new)} == {BLOCKS, "/response/reply/choices/0/text"}


@pytest.mark.parametrize(("old", "new"), [([T, A], [A]), ([A, T], [A]), ([T], []), ([T, F], [F]), ([T, A], [C])])
def test_a_thought_that_says_nothing_is_a_block(old: Any, new: Any) -> None:
    for build in (SINGLE["interaction"], lambda blocks: STREAM["interaction"](blocks, whole)):
        assert len(moved(build(old), build(new))) == 1
        assert len(moved(build(new), build(old))) == 1


ANY = st.lists(
    st.tuples(st.just("text"), st.sampled_from(["a", "b c", " d"]))
    | st.sampled_from([("thought", "h m"), ("call", "f"), ("call", "g"), ("code", "x"), ("code", "y")]),
    max_size=5,
)


@QUICK
@given(st.sampled_from(sorted(SINGLE)), ANY, st.randoms(use_true_random=False))
def test_streamed_or_whole_the_blocks_are_the_same(name: str, blocks: list[Block], rng: random.Random) -> None:
    single, streams = SINGLE[name](blocks), [STREAM[name](blocks, cut_by(rng)) for _ in range(2)]
    assert hidden(*streams).keys() <= {"chunking", "envelope", "empty-value", "json-layout"}
    single["request"] = streams[0]["request"]
    single["response"].pop("status", None)
    assert {change[1] for change in told(single, streams[0])} == {"/response/streamed"}


@QUICK
@given(st.sampled_from(sorted(SINGLE)), ANY, ANY)
def test_blocks_that_differ_are_never_silent(name: str, old: list[Block], new: list[Block]) -> None:
    if _merged(name, old) != _merged(name, new):
        assert changes(SINGLE[name](old), SINGLE[name](new))


def _merged(name: str, blocks: list[Block]) -> list[Block]:
    """Neighbours of one kind as one block; thoughts of an interaction have signatures alone, and say nothing."""
    found: list[Block] = []
    for kind, said in blocks:
        if kind in ("text", "thought") and found and found[-1][0] == kind:
            before = found.pop()[1]
            said = said if (name, kind) == ("interaction", "thought") else before + said
        found.append((kind, said))
    return found


def interleaved(*pieces: tuple[int, str]) -> Any:
    """A streamed message whose two text blocks are open at once."""
    begin = {"type": "message_start", "message": {"id": "m", "role": "assistant", "model": "c", "content": []}}
    starts = [
        {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}
        for index in (0, 1)
    ]
    deltas = [
        {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": piece}}
        for index, piece in pieces
    ]
    return made.anthropic_lines(events=[begin, *starts, *deltas, {"type": "message_stop"}])


def interleaved_outputs(*pieces: tuple[int, str]) -> Any:
    """A streamed interaction whose two outputs are open at once."""
    document = made.interaction_lines([])
    starts = [{"index": index, "content": {"type": "text"}, "event_type": "content.start"} for index in (0, 1)]
    deltas = [
        {"index": index, "delta": {"type": "text", "text": piece}, "event_type": "content.delta"}
        for index, piece in pieces
    ]
    document["response"]["body"][6:6] = made.sse([*starts, *deltas], "event_type")
    return document


@pytest.mark.parametrize("build", [interleaved, interleaved_outputs])
def test_pieces_belong_to_the_block_that_they_name(build: Any) -> None:
    assert not told(build((0, "a"), (1, "b"), (0, "c")), build((0, "a"), (0, "c"), (1, "b")))
    (change,) = told(build((0, "a"), (1, "b")), build((1, "a"), (0, "b")))
    assert change == ("text", "/response/reply/choices/0/text", "ab", "ba")
