"""Which old recording became which new one: the surest evidence first, and no pair on a weak guess."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff import pairing
from recdiff.pairing.traits import Traits, traits_of
from tests import recordings as made
from tests.recordings import QUICK, Answer, chat_single, load, request

LONG = "Please tell me, in some detail, about the history and the sights of the city of "


def asked(
    said: str, test_id: str | None = "t.py::test_a", *, reply: str = "Fine.", model: str = "m", turns: int = 1
) -> dict[str, Any]:
    """A recording of one question."""
    messages = [{"role": "user", "content": f"Turn {turn}"} for turn in range(turns - 1)]
    found = chat_single(Answer(reply), asked=request([*messages, {"role": "user", "content": said}], model=model))
    found["test_id"] = test_id
    return found


def traits(documents: list[dict[str, Any]], name: str) -> list[Traits]:
    """The traits of each, at a path that its position tells."""
    return [traits_of(load(document, f"{name}{number}.json")) for number, document in enumerate(documents)]


def paired(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Positions of each pair, and by what."""

    def likeness(a: int, b: int) -> float:
        return pairing.reply_likeness(load(old[a]), load(new[b]))

    matches = pairing.pair(traits(old, "o"), traits(new, "n"), likeness)
    assert len({match.old for match in matches}) == len(matches) == len({match.new for match in matches})
    assert all(match.why for match in matches)
    return [(match.old, match.new, match.paired_by) for match in matches]


def test_nothing_pairs_with_nothing() -> None:
    assert paired([], []) == paired([asked("x")], []) == paired([], [asked("x")]) == []


def test_equal_requests_pair_whatever_their_tests() -> None:
    old = [asked("one", "t.py::test_a"), asked("two", "t.py::test_b")]
    new = [asked("two", "other.py::test_c"), asked("one", None)]
    assert paired(old, new) == [(0, 1, "request"), (1, 0, "request")]


@QUICK
@given(st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_equal_unique_requests_always_pair(numbers: list[int], rng: random.Random) -> None:
    def document(number: int) -> dict[str, Any]:
        test_id = rng.choice([None, "t.py::test_a", f"t.py::test_b[{rng.randrange(3)}]"])
        return asked(f"{LONG}{number}", test_id, reply=f"r{rng.randrange(2)}", model=rng.choice("mn"))

    old = [document(number) for number in numbers]
    order = rng.sample(numbers, len(numbers))
    new = [{**document(number), "request": old[numbers.index(number)]["request"]} for number in order]
    assert paired(old, new) == [(index, order.index(number), "request") for index, number in enumerate(numbers)]


def test_ids_and_null_keys_make_no_other_request() -> None:
    old, new = asked("x"), asked("x")
    old["request"]["body"]["messages"].append({"role": "tool", "tool_call_id": "a", "content": "1", "name": None})
    new["request"]["body"]["messages"].append({"role": "tool", "tool_call_id": "b", "content": "1"})
    assert paired([old, asked("y", "z.py::test_z")], [new, asked("q" * 50, "w.py::test_w")]) == [(0, 0, "request")]


def test_of_equal_requests_the_likeliest_reply() -> None:
    old = [asked("x", None, reply="The capital of France is Paris.")]
    new = [
        asked("x", None, reply="No idea."),
        asked("x", None, reply="The capital of France is Paris!"),
        asked("x", None, reply="A capital is a city."),
    ]
    assert paired(old, new) == [(0, 1, "request")]


def test_of_equal_requests_the_test_counts_more_than_the_reply() -> None:
    old = [asked("x", "t.py::test_a", reply="Same.")]
    new = [asked("x", "t.py::test_b", reply="Same."), asked("x", "t.py::test_a", reply="Quite different words.")]
    assert paired(old, new) == [(0, 1, "request")]


def test_the_likeliest_replies_of_the_whole_set() -> None:
    first, second = "AAAAAAAAAA BBBBBBBBBB", "CCCCCCCCCC DDDDDDDDDD"
    old = [asked("q", None, reply=f"{first} {second}"), asked("q", None, reply=f"{first} ZZZZZZZZZZ")]
    new = [asked("q", None, reply=f"{first} CCCCCCCCCC"), asked("q", None, reply=second)]
    assert pairing.reply_likeness(load(old[0]), load(new[0])) > pairing.reply_likeness(load(old[1]), load(new[0]))
    assert paired(old, new) == [(0, 1, "request"), (1, 0, "request")]


def test_nearer_tests_outweigh_the_replies_of_all() -> None:
    tests = ["t.py::test_a[1]", "t.py::test_a[2]", "t.py::test_b", "u.py::test_b"]
    old = [asked("q", test_id, reply=f"reply {index}") for index, test_id in enumerate(tests)]
    new = [asked("q", test_id, reply=f"reply {3 - index}") for index, test_id in enumerate(tests)]
    assert paired(old, new) == [(index, index, "request") for index in range(4)]


def test_a_tie_of_replies_with_another_in_between_stays_unpaired() -> None:
    old = [asked("q", None, reply="hello world one"), asked("q", None, reply="hello world one")]
    new = [asked("q", None, reply="hello world one"), asked("q", None, reply="bye")]
    assert paired(old, new) == paired(old, new[::-1]) == []


@pytest.mark.parametrize("test_ids", [(None, None), ("t.py::test_b", "t.py::test_c")])
def test_ties_stay_unpaired(test_ids: tuple[str | None, str | None]) -> None:
    new = [asked("x", test_id) for test_id in test_ids]
    assert paired([asked("x")], new) == []
    assert paired(new, [asked("x")]) == []


@pytest.mark.parametrize("test_ids", [("t.py::test_a[1]", "t.py::test_a[2]"), ("u.py::test_a", "v.py::test_a")])
def test_ties_within_a_function_stay_unpaired(test_ids: tuple[str, str]) -> None:
    new = [asked("x", test_id) for test_id in test_ids]
    assert paired([asked("x", "t.py::test_a[0]")], new) == []
    assert paired(new, [asked("x", "t.py::test_a[0]")]) == []


def test_a_changed_request_pairs_within_its_test() -> None:
    old = [asked(f"{LONG}Paris", "t.py::test_a[1]"), asked(f"{LONG}Rome", "t.py::test_a[2]")]
    new = [asked(f"{LONG}Roma", "t.py::test_a[2]"), asked(f"{LONG}Parigi", "t.py::test_a[1]")]
    assert paired(old, new) == [(0, 1, "test"), (1, 0, "test")]


def test_the_length_of_a_conversation_tells_turns_apart() -> None:
    old = [asked(LONG, turns=turns) for turns in (1, 3, 5)]
    new = [asked(f"{LONG}!", turns=turns) for turns in (5, 1, 3)]
    assert paired(old, new) == [(0, 1, "test"), (1, 2, "test"), (2, 0, "test")]


def test_a_test_that_moved() -> None:
    old, new = asked(f"{LONG}Paris", "a.py::test_x"), asked(f"{LONG}Rome", "b.py::TestX::test_x")
    assert paired([old], [new]) == [(0, 0, "test")]


def test_a_model_that_was_swapped() -> None:
    old = [asked(f"{LONG}Paris", model="a"), asked(f"{LONG}Rome", model="a")]
    new = [asked(f"{LONG}Rome", model="b"), asked(f"{LONG}Paris", model="b")]
    assert paired(old, new) == [(0, 1, "test"), (1, 0, "test")]


def test_no_pair_on_a_weak_guess() -> None:
    old = asked("Write a poem about autumn leaves.", "t.py::test_a")
    assert paired([old], [asked("17 * 23 = ?", "u.py::test_b")]) == []
    assert paired([asked("abc", None)], [asked("17 * 23 = ?" * 9, None)]) == []


def test_another_endpoint_is_another_request() -> None:
    old = asked("What is the capital of France?")
    assert paired([old], [made.completion_single()]) == []
    assert paired([made.embeddings()], [made.tool_invocation()]) == []


def test_alike_requests_pair_without_a_test() -> None:
    assert paired([asked(f"{LONG}Paris", None)], [asked(f"{LONG}Parma", None)]) == [(0, 0, "request")]


def test_nothing_is_alike_across_functions_while_one_is_free() -> None:
    old = [asked(f"{LONG}Paris", "t.py::test_a"), asked(f"{LONG}Rome", "t.py::test_b")]
    new = [asked(f"{LONG}Parma", "t.py::test_b"), asked("17 * 23 = ?", "t.py::test_a")]
    pairs = paired(old, new)
    assert (1, 0, "test") in pairs
    assert (0, 0, "request") not in pairs


@QUICK
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=5), st.data())
def test_alike_requests_never_cross_free_functions(olds: list[tuple[str, int]], data: st.DataObject) -> None:
    news = data.draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(10, 19)), max_size=5))
    old = [asked(f"{LONG}{n}", f"t.py::test_{name}") for name, n in olds]
    new = [asked(f"{LONG}{n}", f"t.py::test_{name}") for name, n in news]
    pairs = paired(old, new)
    free_old = {olds[index][0] for index in range(len(olds)) if index not in {pair[0] for pair in pairs}}
    free_new = {news[index][0] for index in range(len(news)) if index not in {pair[1] for pair in pairs}}
    for a, b, by in pairs:
        if by == "request":
            assert olds[a][0] == news[b][0] or not {olds[a][0], news[b][0]} & free_old & free_new


# --------------------------------------------------------------------------------------------------- model lists


def models(host: str, test_id: str | None = None, *names: str) -> dict[str, Any]:
    """A list of models."""
    return made.model_list(*names, host=f"https://{host}", test_id=test_id)


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([models("a")], [models("a", None, "other")], [(0, 0)]),
        ([models("a"), models("b")], [models("b"), models("a")], [(0, 1), (1, 0)]),
        ([models("a", "t::1")], [models("a", "t::2")], [(0, 0)]),
        ([models("a", "t::1"), models("a", "t::2")], [models("a", "t::2"), models("a", "t::1")], [(0, 1), (1, 0)]),
        ([models("old", "t::1")], [models("new", "t::1")], [(0, 0)]),
        (
            [models("old", "t::1"), models("old", "t::2")],
            [models("new", "t::2"), models("new", "t::1")],
            [(0, 1), (1, 0)],
        ),
        ([models("a")], [models("b"), models("c")], []),
        ([models("a"), models("b")], [models("c")], []),
        ([models("a")], [models("b"), models("a")], [(0, 1)]),
        ([models("a"), models("a")], [models("a")], []),
    ],
)
def test_a_list_of_models_pairs_within_its_host(old: list[Any], new: list[Any], pairs: list[tuple[int, int]]) -> None:
    assert [pair[:2] for pair in paired(old, new)] == pairs


A, B, C = "gpt-4", "llama", "qwen"


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        # across hosts, only where the host is all that differs
        ([models("a", "t::1", A)], [models("b", "t::2", B)], []),
        ([models("a", "t::1", A)], [models("b", "t::1", B)], []),
        ([models("a", "t::1", A)], [models("b", "t::2", A)], [(0, 0)]),
        ([models("a", None, A), models("b", None, B)], [models("c", None, A), models("d", None, B)], [(0, 0), (1, 1)]),
        ([models("a", None, A), models("b", None, A)], [models("c", None, A), models("d", None, A)], []),
        ([models("a", None, A), models("b", None, B)], [models("c", None, B), models("d", None, C)], [(1, 0)]),
        # … or most of the models of one test, on a server that moved
        ([models("a", "t::1", A, B)], [models("b", "t::1", B)], [(0, 0)]),
        ([models("a", None, A, B, C)], [models("b", None, B, C, "new")], [(0, 0)]),
        ([models("a", "t::1", A, B)], [models("b", "t::2", B)], []),
        ([models("a", None, A, B)], [models("b", None, B, C)], []),
        ([models("a", None, A, B)], [models("b", None, B), models("c", None, A)], []),
        # within a host, equal lists first
        ([models("a", None, A), models("a", None, B)], [models("a", None, B), models("a", None, A)], [(0, 1), (1, 0)]),
        ([models("a", None, A), models("a", None, B)], [models("a", None, B), models("a", None, C)], [(0, 1), (1, 0)]),
        ([models("a", "t::1", A), models("a", "t::2", A)], [models("a", "t::2", A)], [(1, 0)]),
        ([models("a", None, A)], [models("b", None, A), models("a", None, B)], [(0, 1)]),
    ],
)
def test_what_a_list_of_models_says_counts(old: list[Any], new: list[Any], pairs: list[tuple[int, int]]) -> None:
    assert [pair[:2] for pair in paired(old, new)] == pairs


def test_when_models_were_made_makes_no_other_list() -> None:
    old, new = models("a", None, A, B), models("b", None, A, B)
    for number, item in enumerate(new["response"]["body"]):
        item["__data__"]["created"] = 1766000000 + number
    assert [pair[:2] for pair in paired([old, models("c", None, C)], [new])] == [(0, 0)]
    for document in (old, new):  # a recorder that keeps the url alone
        document["request"] = {"method": "GET", "url": document["request"]["url"]}
    assert [pair[:2] for pair in paired([old], [new])] == [(0, 0)]


@QUICK
@given(st.lists(st.sampled_from("abc"), max_size=4), st.lists(st.sampled_from("abcd"), max_size=4))
def test_a_list_of_models_crosses_hosts_only_where_nothing_else_can_be(old: list[str], new: list[str]) -> None:
    for a, b, _ in paired([models(host) for host in old], [models(host) for host in new]):
        if old[a] != new[b]:
            others_old = [host for index, host in enumerate(old) if index != a and host not in new]
            others_new = [host for index, host in enumerate(new) if index != b and host not in old]
            assert not others_old
            assert not others_new
            assert old[a] not in new
            assert new[b] not in old


# ------------------------------------------------------------------------------------------------- independence


def _some(rng: random.Random, count: int) -> list[dict[str, Any]]:
    cities = ["Paris", "Rome", "Oslo", "Lima", "Bonn", "Riga", "Kyiv"]
    return [
        asked(
            f"{LONG}{rng.choice(cities)} {rng.randrange(1000)}",
            rng.choice([None, "t.py::test_a[1]", "t.py::test_a[2]", "t.py::test_b", "u.py::test_b"]),
            reply=f"reply {rng.randrange(10_000)}",
            turns=rng.randrange(1, 4),
        )
        for _ in range(count)
    ]


@QUICK
@given(st.randoms(use_true_random=False), st.integers(0, 5), st.integers(0, 5))
def test_the_order_of_the_files_does_not_matter(rng: random.Random, olds: int, news: int) -> None:
    old, new = _some(rng, olds), _some(rng, news)
    first = {(id(old[a]), id(new[b]), by) for a, b, by in paired(old, new)}
    old_order, new_order = rng.sample(old, olds), rng.sample(new, news)
    assert {(id(old_order[a]), id(new_order[b]), by) for a, b, by in paired(old_order, new_order)} == first


def _tied(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Recordings whose likeness ties all the time: few words, few replies."""
    words = [f"w{number}" for number in range(6)]
    tests = ["t.py::t[a]", "t.py::t[b]", "u.py::t[a]", None]
    return [asked(" ".join(rng.choices(words, k=4)), rng.choice(tests), reply=rng.choice("xyz")) for _ in range(count)]


@QUICK
@given(st.randoms(use_true_random=False), st.integers(0, 6), st.integers(0, 6))
def test_ties_do_not_depend_on_the_order_of_the_files(rng: random.Random, olds: int, news: int) -> None:
    old, new = _tied(rng, olds), _tied(rng, news)
    first = {(id(old[a]), id(new[b]), by) for a, b, by in paired(old, new)}
    old_order, new_order = rng.sample(old, olds), rng.sample(new, news)
    assert {(id(old_order[a]), id(new_order[b]), by) for a, b, by in paired(old_order, new_order)} == first


def test_a_ring_of_requests_stays_unpaired() -> None:
    x, y, z = ("x1 " * 20, "y1 " * 20, "z1 " * 20)
    old = [asked(said, "t.py::t") for said in (x + y, y + z, z + x)]
    new = [asked(said, "t.py::t") for said in (x, y, z)]
    found = {
        frozenset((id(old[a]), id(n[b])) for a, b, _ in paired(old, n)) for n in (new, new[::-1], new[1:] + new[:1])
    }
    assert len(found) == 1


def test_a_chain_of_requests_to_a_free_one_is_a_tie() -> None:
    old = [asked("w3 w0 w2 w0", "t.py::t[a]"), asked("w3 w1 w3 w4", "t.py::t[a]")]
    new = [asked(said, "t.py::t[b]") for said in ("w0 w5 w5 w0", "w3 w5 w3 w5", "w3 w0 w3 w4")]
    assert {tuple(paired(o, n)) for o in (old, old[::-1]) for n in (new, new[::-1])} == {()}


def test_equal_likeness_does_not_depend_on_the_order_of_the_files() -> None:
    old = [asked(f"{LONG}Paris")]
    new = [asked(f"{LONG}Rome", reply="One."), asked(f"{LONG}Rome", reply="Two.")]
    forward = {id(new[b]) for _, b, _ in paired(old, new)}
    backward = {id(new[::-1][b]) for _, b, _ in paired(old, new[::-1])}
    assert forward == backward


def test_how_alike_two_replies_are() -> None:
    def like(one: dict[str, Any], other: dict[str, Any]) -> float:
        return pairing.reply_likeness(load(one), load(other))

    assert like(asked("x"), asked("y")) == 1.0
    assert 0 < like(asked("x"), asked("x", reply="Fine!")) < 1
    assert like(made.embeddings(), made.embeddings()) == 1.0
    assert like(made.exception(), made.exception()) == 1.0


def test_a_stream_is_as_alike_as_the_single_response() -> None:
    assert pairing.reply_likeness(load(made.chat_stream(Answer("Fine."))), load(chat_single(Answer("Fine.")))) == 1.0


@pytest.mark.parametrize(("one", "other"), [("gone", "something else"), ("hi", "ho"), ("", "x")])
def test_short_requests_of_two_tests_are_no_pair(one: str, other: str) -> None:
    assert paired([asked(one, "a.py::test_a")], [asked(other, "b.py::test_b")]) == []
