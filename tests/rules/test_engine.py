"""The rules of a review: which one hides a difference, what no project may hide, and that each can be turned off."""

from __future__ import annotations

import random
from typing import Any

import pytest

from recdiff.rules.defaults import default_rules
from recdiff.rules.engine import EVERYWHERE, IN_JSON_TEXT, ONLY_OWN, Reach, RuleSet, holds_protected
from recdiff.rules.rule import Action, Rule
from recdiff.rules.selectors import parse_selector
from tests import recordings as made
from tests.recordings import BUILDERS, compared, is_recording, mutated, recording


def own(selector: str, action: Action = "hide", **more: Any) -> Rule:
    """A rule of a project."""
    return Rule("own", "because", action, (parse_selector(selector),), origin=".recdiff.toml, line 1", **more)


def name_of(rules: RuleSet, path: tuple[str | int, ...], old: Any, new: Any, reach: Reach = EVERYWHERE) -> str | None:
    """The name of the rule that hides a difference."""
    rule = rules.hiding(path, old, new, reach)
    return rule.name if rule else None


BODY = ("response", "body")


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ((*BODY, "created"), "created"),
        ((*BODY, "data", 0, "created_at"), "created"),
        (("response", "reply", "extra", "id"), "response-id"),
        (("response", "reply", "choices", 0, "extra", "seed"), "seed"),
        (("response", "reply", "choices", 0, "extra", "token_id"), "token-id"),
        (("response", "reply", "extra", "system_fingerprint"), "system-fingerprint"),
        (("response", "reply", "extra", "time_info", "queue", 0), "duration"),
        (("request", "body", "created"), None),
        (("request", "body", "id"), None),
        ((*BODY, "data", 0, "id"), None),
        ((*BODY, "model"), None),
        (("response", "status"), None),
        (("response", "error", "message"), None),
        (("response", "reply", "choices", 0, "finish_reason"), None),
        (("response", "reply", "choices", 0, "text"), None),
        (("response", "reply", "choices", 0, "tool_calls", 0, "name"), None),
        (("extra", "created"), None),
    ],
)
def test_which_default_hides_a_path(path: tuple[str | int, ...], rule: str | None) -> None:
    assert name_of(RuleSet(), path, 1766000000, 1766000001) == rule


TIMES = [
    0, 1766000000, 1766000000.5, 1766000000123, 1766000000123456, 1766000000123456789, None, "1766000000", "0",
    "2025-10-08", "2025-10-08T16:14:05Z", "2025-10-08T16:14:05.123456789-07:00", "2025-10-08 16:14:05.1+00:00",
    "2025-10-08 16:14:05 +0000 UTC", "2025-10-08T16:14", "Wed, 08 Oct 2025 16:14:05 GMT", [1766000000, 0],
]  # fmt: skip
NO_TIMES = [
    1, 3.5, 99_999_999, -1766000000, 10**21, 10**400, True, "5", "5 apples", "2 apples", "never", "2025-10-08 apples",
    "2025-10-08T16:14:05Z, at last", "Wed, 08 Oct 2025 and more", "20251008 5", [1766000000, 3], {"a": 1766000000},
]  # fmt: skip


@pytest.mark.parametrize("key", ["created", "created_at", "updated", "expires_at"])
@pytest.mark.parametrize("value", TIMES)
def test_a_time_is_hidden_by_its_name(key: str, value: Any) -> None:
    assert name_of(RuleSet(), (*BODY, key), value, 1766000001) in ("created", "timestamp")


@pytest.mark.parametrize("key", ["created", "updated", "completed_at"])
@pytest.mark.parametrize("value", NO_TIMES)
def test_a_count_with_the_name_of_a_time_is_none(key: str, value: Any) -> None:
    assert name_of(RuleSet(), (*BODY, "result", key), value, 1766000001) is None
    assert name_of(RuleSet(), (*BODY, "result", key), 1766000001, value) is None


def test_when_a_reply_was_created_is_a_time_by_the_apis_word() -> None:
    assert name_of(RuleSet(), ("response", "reply", "extra", "created"), 1, 2) == "created"
    assert name_of(RuleSet(), ("response", "reply", "extra", "created"), 1, True) is None
    assert name_of(RuleSet(), ("response", "reply", "extra", "job", "created"), 1, 2) is None


def test_where_no_default_may_act() -> None:
    assert name_of(RuleSet(), (*BODY, "created"), 1766000000, 1766000001, ONLY_OWN) is None
    assert name_of(RuleSet(), (*BODY, "score"), 0.1, 0.1001, ONLY_OWN) is None
    assert name_of(RuleSet(), (*BODY, "created"), 1766000000, 1766000001, IN_JSON_TEXT) is None
    assert name_of(RuleSet(), (*BODY, "score"), 0.1, 0.1001, IN_JSON_TEXT) == "search-score"
    assert name_of(RuleSet([own("**.created")]), (*BODY, "created"), 1, 2, ONLY_OWN) == "own"


@pytest.mark.parametrize(
    ("rule", "old", "new", "hides"),
    [
        (own("**.x"), 1, "text", True),
        (own("**.x"), None, {"a": 1}, True),
        (own("**.x", "round", digits=2), 0.123, 0.1249, True),
        (own("**.x", "round", digits=2), 0.123, 0.13, False),
        (own("**.x", "round", digits=2), 1, True, False),
        (own("**.x", "round", digits=2), 1, 1.001, True),
        (own("**.x", "round", digits=2), 1, None, False),
        (own("**.x", "round", digits=2), "1", "1.001", False),
        (own("**.x", "round", digits=0), 0.4, 0.1, True),
        (own("**.x", "round", digits=2), float("nan"), float("nan"), False),
        (own("**.x", "round", digits=2), float("inf"), 1.0, False),
        (own("**.x", "round", digits=2), 10**400, 10**400 + 1, False),
        (own("**.x", "round", digits=2), 10**400, 0.5, False),
        (own("**.x", "placeholder"), "a", "b", True),
        (own("**.x", "placeholder"), "a", None, False),
        (own("**.x", "placeholder"), 1, {"a": 2}, True),
        (own("**.x", "placeholder", pattern=r"\d+"), "id 1", "id 22", True),
        (own("**.x", "placeholder", pattern=r"\d+"), "id 1", "ip 1", False),
        (own("**.x", "placeholder", pattern=r"\d+"), 1, 2, False),
        (own("**.x", "placeholder", pattern=r"\d+"), 1, "1", False),
        (own("**.x", "sort"), [1, 2], [2, 1], False),
    ],
)
def test_what_an_action_hides(rule: Rule, old: Any, new: Any, hides: bool) -> None:
    assert (name_of(RuleSet([rule]), (*BODY, "x"), old, new) == "own") is hides


@pytest.mark.parametrize(
    "path",
    [
        ("response", "status"),
        ("response", "error", "message"),
        ("response", "reply", "choices", 0, "finish_reason"),
        ("response", "reply", "model"),
        ("request", "model"),
        ("request", "tool_name"),
        ("response", "reply", "choices", 0, "tool_calls", 0, "name"),
        ("request", "body", "messages", 0, "tool_calls", 0, "function", "name"),
    ],
)
def test_what_no_project_may_hide(path: tuple[str | int, ...]) -> None:
    assert name_of(RuleSet([own("**")]), path, "a", "b") is None


def test_an_object_that_holds_what_no_project_may_hide() -> None:
    path = ("response", "reply")
    assert holds_protected({"a": [{"finish_reason": 1}]}, path)
    assert not holds_protected({"a": [{"reason": 1}]}, path)
    assert name_of(RuleSet([own("response.**")]), path, {"model": "a"}, {"model": "b"}) is None
    assert name_of(RuleSet([own("response.**")]), (*path, "extra"), {"a": 1}, {"a": 2}) == "own"


def test_a_list_that_holds_what_no_project_may_hide() -> None:
    assert holds_protected(["model-a"], ("response", "body", "model"))
    rules = RuleSet([own("response.body.list")])
    assert name_of(rules, (*BODY, "list"), [["x"], {"model": "a"}], [["x"], {"model": "b"}]) is None
    assert name_of(rules, (*BODY, "list"), [["x"], {"mode": "a"}], [["x"], {"mode": "b"}]) == "own"


def test_a_list_without_an_order() -> None:
    rules = RuleSet([own("response.body.tags", "sort")])
    assert rules.sorting((*BODY, "tags")) is not None
    assert rules.sorting((*BODY, "names")) is None
    old, new = recording({"tags": ["a", "b"]}), recording({"tags": ["b", "a"]})
    assert compared(old, new).changes
    assert not compared(old, new, rules).changes


def test_an_item_more_in_a_list_without_an_order() -> None:
    rules = RuleSet([own("response.body.tags", "sort")])
    ledger = compared(recording({"tags": ["a", "b"]}), recording({"tags": ["b", "a", "c"]}), rules)
    assert [(change.kind, change.new) for change in ledger.changes] == [("added", "c")]


def test_a_projects_rule_is_counted_under_its_name() -> None:
    old, new = recording({"shard": 1}), recording({"shard": 2})
    ledger = compared(old, new, RuleSet([own("response.body.shard")]))
    assert (ledger.changes, ledger.hidden) == ([], {"own": [1, 1]})


def test_the_first_rule_in_order_is_the_one() -> None:
    rules = RuleSet(
        [own("**.created"), Rule("later", "x", "hide", (parse_selector("**.created"),), origin="f, line 2")]
    )
    assert name_of(rules, (*BODY, "created"), 1766000000, 1766000001) == "created"
    assert name_of(RuleSet(rules.own, disabled=["created"]), (*BODY, "created"), 1, 2) == "own"


def test_every_default_has_a_name_of_its_own_and_a_reason() -> None:
    rules = default_rules()
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(rule.reason and rule.origin == "default" for rule in rules)
    assert all(bool(rule.selectors) != bool(rule.matches) for rule in rules)


@pytest.mark.parametrize(
    "name", [rule.name for rule in default_rules() if rule.name not in ("envelope", "chunking", "empty-value")]
)
def test_a_rule_that_is_off_hides_nothing(name: str) -> None:
    rules = RuleSet(disabled=[name])
    assert not rules.is_on(name)
    for kind, build in BUILDERS.items():
        for seed in range(3):
            rng = random.Random(f"{kind}{seed}")
            new = mutated(build(), rng, 4)
            if is_recording(new):
                assert name not in compared(build(), new, rules).hidden


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("created", {"created": 1766000000}, {"created": 1766000001}),
        ("timestamp", {"updated_at": 1766000000}, {"updated_at": 1766000001}),
        ("duration", {"total_time": 1}, {"total_time": 2}),
        ("response-id", {"id": "a"}, {"id": "b"}),
        ("search-score", {"score": 0.1}, {"score": 0.1001}),
        ("signed-url", {"u": "https://h/?sig=a"}, {"u": "https://h/?sig=b"}),
        ("embedding-tolerance", {"embedding": [0.5, 0.5]}, {"embedding": [0.5, 0.50001]}),
        ("json-layout", {"t": '{"a":1}'}, {"t": '{"a": 1}'}),
        ("empty-value", {"t": None}, {"t": ""}),
    ],
)
def test_a_rule_hides_and_its_absence_shows(name: str, old: Any, new: Any) -> None:
    assert made.hidden(recording(old), recording(new)) == {name: [1, 1]}
    ledger = compared(recording(old), recording(new), RuleSet(disabled=[name]))
    assert (len(ledger.changes), ledger.hidden) == (1, {})
