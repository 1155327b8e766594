"""The account: every leaf of either file is the same, shown in a change, or hidden under a rule, and counted once."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff import formats
from recdiff.comparing.recordings import compare_recordings
from tests import recordings as made
from tests.recordings import (
    BUILDERS,
    CORPUS,
    QUICK,
    RULES,
    SINGLE_AND_STREAM,
    check_account,
    compared,
    corpus_pairs,
    cut_by,
    is_recording,
    load,
    mutated,
)

NEEDS_CORPUS = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of real recordings is not at ../shared/corpus"
)


def accounted(old: Any, new: Any) -> None:
    """Both directions balance, with and without a trace."""
    for before, after in ((load(old), load(new)), (load(new), load(old))):
        ledger = compare_recordings(before, after, RULES, trace=True)
        check_account(before, after, ledger)
        bare = compare_recordings(before, after, RULES)
        assert (bare.hidden, repr(bare.changes)) == (ledger.hidden, repr(ledger.changes))
        assert not bare.trail and bare.shown == [0, 0]


@pytest.mark.parametrize("name", BUILDERS)
def test_a_recording_against_itself_has_nothing_to_say(name: str) -> None:
    ledger = compared(BUILDERS[name](), BUILDERS[name]())
    assert (ledger.changes, ledger.hidden, ledger.shown, ledger.trail) == ([], {}, [0, 0], [])


LINES = {name for name in BUILDERS if name.endswith("-lines")}


@pytest.mark.parametrize("name", BUILDERS)
def test_any_two_recordings_balance_and_differ(name: str) -> None:
    for other in BUILDERS.keys() - {name}:
        assert compared(BUILDERS[name](), BUILDERS[other]()).changes
        accounted(BUILDERS[name](), BUILDERS[other]())


@pytest.mark.parametrize("name", sorted(LINES))
@pytest.mark.parametrize("other", ["anthropic-single", "interaction-single", "chat-single-calls"])
def test_lines_against_another_shape_balance(name: str, other: str) -> None:
    accounted(BUILDERS[name](), BUILDERS[other]())


@QUICK
@given(st.sampled_from(sorted(BUILDERS)), st.randoms(use_true_random=False), st.integers(1, 6))
def test_mutated_recordings_balance(name: str, rng: random.Random, times: int) -> None:
    old = BUILDERS[name]()
    new = mutated(old, rng, times)
    if is_recording(new):
        accounted(old, new)


@pytest.mark.parametrize("name", BUILDERS)
def test_many_mutated_recordings_balance(name: str) -> None:
    for seed in range(12):
        rng = random.Random(seed)
        old = mutated(BUILDERS[name](), rng, seed % 3)
        new = mutated(BUILDERS[name](), rng, 1 + seed % 4)
        if is_recording(old) and is_recording(new):
            accounted(old, new)


@QUICK
@given(st.sampled_from(sorted(SINGLE_AND_STREAM)), st.randoms(use_true_random=False))
def test_streams_cut_elsewhere_balance(name: str, rng: random.Random) -> None:
    single, stream = SINGLE_AND_STREAM[name]
    accounted(stream(cut_by(rng)), stream(cut_by(rng)))
    accounted(single(), stream(cut_by(rng)))


@pytest.mark.parametrize(
    ("old", "new"),
    [({}, {"a": 1}), ([], [1]), ([], [{"id": "a"}]), ({"a": {}}, {"a": {"b": "x"}}), ([], [[]])],
)
def test_an_empty_container_is_a_leaf(old: Any, new: Any) -> None:
    accounted(made.recording({"x": old}), made.recording({"x": new}))


def test_a_null_body_is_a_leaf() -> None:
    accounted(made.exception(), made.without(made.exception(), "/response/body"))


@pytest.mark.parametrize("body", [{"x": 1}, "text", {"data": []}])
def test_a_list_of_sdk_objects_that_became_another_body(body: Any) -> None:
    accounted(made.model_list(), made.with_value(made.model_list(), "/response/body", body))


@pytest.mark.parametrize("name", ["chat-single", "chat-stream", "model-list"])
def test_an_empty_sdk_type_is_a_leaf(name: str) -> None:
    old = BUILDERS[name]()
    place = "/response/body/__type__" if isinstance(old["response"]["body"], dict) else "/response/body/1/__type__"
    new = made.with_value(old, place, "")
    accounted(old, new)
    assert made.changes(old, new)


@pytest.mark.parametrize("key", ["error", "streamed"])
@pytest.mark.parametrize(("old", "new"), [("x", "y"), ({"code": 5}, {"code": 6}), (None, 1)])
def test_keys_of_a_response_that_recdiff_uses_itself(key: str, old: Any, new: Any) -> None:
    before, after = (made.recording({"a": 1}, **{key: value}) for value in (old, new))
    accounted(before, after)
    assert made.changes(before, after)


@NEEDS_CORPUS
def test_the_whole_corpus_balances() -> None:
    pairs = corpus_pairs()
    assert len(pairs) > 600
    for old, new in pairs:
        before, after = formats.load(old.name, old.read_bytes()), formats.load(new.name, new.read_bytes())
        check_account(before, after, compare_recordings(before, after, RULES, trace=True))


@NEEDS_CORPUS
def test_the_corpus_with_random_mutations_balances() -> None:
    rng = random.Random(7)
    small = [pair for pair in corpus_pairs() if pair[1].stat().st_size < 60_000]
    for old, new in rng.sample(small, 60):
        document = mutated(json.loads(new.read_bytes()), rng, 4)
        if is_recording(document):
            before, after = formats.load(old.name, old.read_bytes()), load(document)
            check_account(before, after, compare_recordings(before, after, RULES, trace=True))
