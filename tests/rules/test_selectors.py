"""Selectors: what they match, what their errors say, and the index against trying all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path as FilePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recdiff
from recdiff.rules.selectors import (
    Glob,
    Path,
    Selector,
    SelectorError,
    SelectorIndex,
    Step,
    Wildcard,
    last_key,
    parse_selector,
)

TEXT = ("response", "reply", "choices", 0, "text")
CONTENT = ("request", "body", "messages", 2, "content")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("response.reply.choices[0].text", TEXT),
        ("response.reply.choices[*].text", TEXT),
        ("response.reply.choices[].text", TEXT),
        ("response.reply.choices.*.text", TEXT),
        ("response.*.*.*.*", TEXT),
        ("response.**", TEXT),
        ("response.**.text", TEXT),
        ("response.**.choices.**", TEXT),
        ("response.**.choices[*].**.text", TEXT),
        ("**", TEXT),
        ("**.text", TEXT),
        ("**.**.text", TEXT),
        ("**[*].text", TEXT),
        ("**.choices[0].*", TEXT),
        ("response.reply.ch*s[*].te*", TEXT),
        ("request.body.messages[*].content", CONTENT),
        ("'request'.body.messages[2].\"content\"", CONTENT),
        ("response", ("response",)),
        ("response.**", ("response",)),
        ("response.*", ("response", 0)),
        ("response.**.score", ("response", "score")),
        ("response.**.a.**.a", ("response", "a", "a")),
        ("response.**.a.b.**.b", ("response", "a", "a", "b", "x", "b")),
        ("response.headers.x-*", ("response", "headers", "x-")),
        ("response.usage.*_duration", ("response", "usage", "eval_duration")),
        ("response.*a*b*a*", ("response", "xaxbxa")),
        ('response."a.b"', ("response", "a.b")),
        ("response['a.b']", ("response", "a.b")),
        ('response.x["a[0]"].y', ("response", "x", "a[0]", "y")),
        (r'response."a\"b\\"', ("response", 'a"b\\')),
        (r"response['it\'s']", ("response", "it's")),
        ('response."*"', ("response", "*")),
        ('response."0"', ("response", "0")),
        ('response.""', ("response", "")),
        ("response.'two\nlines'", ("response", "two\nlines")),
        ("response.__data__.$ref.@type.größe", ("response", "__data__", "$ref", "@type", "größe")),
    ],
)
def test_matches(text: str, path: Path) -> None:
    assert parse_selector(text).matches(path)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("response.reply.choices.text", TEXT),  # positions may not be skipped
        ("response.reply.choices[1].text", TEXT),
        ("response.reply.choices", TEXT),  # nothing below
        ("response.reply.choices[0].text.**.x", TEXT),
        ("response.reply.choices[*]", ("response", "reply", "choices", "0")),
        ('response."0"', ("response", 0)),
        ("response[0]", ("response", "0")),
        ("response.Text", ("response", "text")),
        ('response."*"', ("response", "text")),
        ("response.te*x", ("response", "text")),
        ("response.a*a", ("response", "a")),
        ("response.a*b*b", ("response", "ab")),
        ("response.x-*", ("response", 0)),
        ("request.**", TEXT),
        ("response.**.a.**.a", ("response", "a")),
        ("response.**.a.b.**.b", ("response", "a", "b")),
        ("response.a", ("response",)),
        ("response", ()),
    ],
)
def test_does_not_match(text: str, path: Path) -> None:
    assert not parse_selector(text).matches(path)


def test_a_selector_keeps_its_text_and_is_equal_by_its_steps() -> None:
    selector = parse_selector("response.a[].*[3].**.**.x-*")
    steps = ("response", "a", Wildcard.ANY_INDEX, Wildcard.ANY, 3, Wildcard.DEEP, Glob(("x-", "")))
    assert selector == Selector("response.a[].*[3].**.**.x-*", steps)
    assert hash(selector) == hash(parse_selector(selector.text))


STARTS = "a selector starts with 'request', 'response' or '**'"


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "the selector is empty"),
        ("reponse.body", 1, f"{STARTS}; did you mean 'response'?"),
        ("Requests.body", 1, f"{STARTS}; did you mean 'request'?"),
        ("test_id", 1, f"{STARTS} (which finds a key anywhere: '**.score')"),
        ("*.body", 1, f"{STARTS} (which finds a key anywhere: '**.score')"),
        ("re*", 1, f"{STARTS} (which finds a key anywhere: '**.score')"),
        ("[0].body", 1, f"{STARTS} (which finds a key anywhere: '**.score')"),
        ("response.", 9, "the selector ends with a dot"),
        ("response..a", 10, "an empty step: a dot stands between two keys"),
        (".response", 1, "an empty step: a dot stands between two keys"),
        ("response.a.[0]", 12, "an empty step: write '[' without the dot before it"),
        ("response.a.0", 12, "a number: write '[0]' for a position, '\"0\"' for a key"),
        ("response.a[", 11, "the bracket '[' is not closed"),
        ("response.a[3", 11, "the bracket '[' is not closed"),
        ("response['a'", 9, "the bracket '[' is not closed"),
        ("response['a'b]", 9, "the bracket '[' is not closed"),
        ("response[b]", 10, "a bracket holds a position, '*' or a quoted key: [3], [*], ['a.b']"),
        ("response[**]", 10, "a bracket holds a position, '*' or a quoted key: [3], [*], ['a.b']"),
        ("response[-1]", 10, "no such position: -1; positions count from 0, like '[3]'"),
        ("response[9999999999]", 10, "no such position: 9999999999; positions count from 0, like '[3]'"),
        ("response[*]x", 12, "expected '.' or '[' before 'x'"),
        ('response."a"b', 13, "expected '.' or '[' before 'b'"),
        ('response."a', 10, 'the quote " is not closed'),
        ("response['a", 10, "the quote ' is not closed"),
        (r"response.'a\n'", 12, r"inside quotes, '\' escapes a quote or itself: write '\\' for one"),
        (r"response.'a\\", 10, "the quote ' is not closed"),
        ("response.***", 10, "at most two stars are a step: '**' is any number of steps, '*' any one"),
        ("response.a**b", 11, "'**' is a step of its own: '**' is any number of steps, '*' any one"),
        ("response.a b", 11, "' ' cannot stand in a bare key; put the key into quotes"),
        ("response.it's", 12, '"\'" cannot stand in a bare key; put the key into quotes'),
        ("response.?", 10, "'?' cannot stand in a bare key; the only wildcards are '*' and '**'"),
        ("response.a]", 11, "']' cannot stand in a bare key; a ']' needs its '['"),
        (" response", 1, "' ' cannot stand in a bare key; put the key into quotes"),
    ],
)
def test_an_error_says_where_and_what_would_be_right(text: str, column: int, problem: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_selector(text)
    assert str(caught.value) == f"selector {text!r}, column {column}: {problem}"
    assert (caught.value.text, caught.value.position, caught.value.problem) == (text, column - 1, problem)


def test_the_index_answers_in_the_order_of_definition() -> None:
    texts = ["**", "response.**.score", "response.*", "**.s*", "response.score", "request.score"]
    index = SelectorIndex([(parse_selector(text), text) for text in texts])
    found = ("**", "response.**.score", "response.*", "**.s*", "response.score")
    assert index.find(("response", "score")) == found
    assert index.find(("response", "other")) == ("**", "response.*")
    assert index.find(("response", 0)) == ("**", "response.*")


def test_the_index_knows_the_key_before_positions() -> None:
    index = SelectorIndex([(parse_selector("response.**.embedding[*]"), "vector")])
    assert index.find(("response", "body", "data", 1, "embedding", 7)) == ("vector",)
    assert index.find(("response", "body", "data", 1, "embedding")) == ()
    assert index.find(("response", "body", "data", 1)) == ()


def test_an_empty_index_finds_nothing() -> None:
    assert SelectorIndex[str]([]).find(TEXT) == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("response.**.score", "score"),
        ("response.a[*][3]", "a"),
        ("response.a.*", None),
        ("response.a.**", None),
        ("response.a.x-*", None),
        ("**", None),
    ],
)
def test_the_last_key(text: str, key: str | None) -> None:
    assert last_key(parse_selector(text)) == key


KEYS = st.sampled_from(["a", "b", "ab", "aba", "x-a", "", "0", "a.b", "*", "**", "[", "a b", '"', "it's", "\\", "é"])
PARTS = KEYS | st.integers(0, 3)
PATHS = st.tuples(st.sampled_from(["request", "response"]), st.lists(PARTS, max_size=6)).map(
    lambda drawn: (drawn[0], *drawn[1])
)
STEPS = st.one_of(
    PARTS,
    st.sampled_from(list(Wildcard)),
    st.sampled_from([Glob(("a", "")), Glob(("", "a")), Glob(("", "b", "")), Glob(("a", "a"))]),
)
FIRST: st.SearchStrategy[Step] = st.sampled_from(["request", "response", Wildcard.DEEP])
SELECTORS = st.tuples(FIRST, st.lists(STEPS, max_size=6)).map(
    lambda drawn: parse_selector(written((drawn[0], *drawn[1])))
)


def written(steps: tuple[Step, ...]) -> str:
    """A selector's text, with every key in quotes: the inverse of parsing."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step is Wildcard.ANY_INDEX:
            text += "[*]"
        elif isinstance(step, str):
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'."{escaped}"'
        else:
            text += "." + ("*".join(step.pieces) if isinstance(step, Glob) else step.value)
    return text.removeprefix(".")


def tried(steps: tuple[Step, ...], path: Path) -> bool:
    """Matching by its definition, trying every length of every `**`."""
    if not steps:
        return not path
    step, rest = steps[0], steps[1:]
    if step is Wildcard.DEEP:
        return any(tried(rest, path[taken:]) for taken in range(len(path) + 1))
    if not path:
        return False
    part = path[0]
    if step is Wildcard.ANY:
        fits = True
    elif step is Wildcard.ANY_INDEX:
        fits = isinstance(part, int)
    elif isinstance(step, Glob):
        fits = isinstance(part, str) and globbed(step.pieces, part)
    else:
        fits = type(step) is type(part) and step == part
    return fits and tried(rest, path[1:])


def globbed(pieces: tuple[str, ...], key: str) -> bool:
    if len(pieces) == 1:
        return key == pieces[0]
    return key.startswith(pieces[0]) and any(
        globbed(pieces[1:], key[start:]) for start in range(len(pieces[0]), len(key) + 1)
    )


@given(PATHS)
def test_a_selector_written_from_a_path_matches_it(path: Path) -> None:
    assert parse_selector(written(path)).matches(path)


@given(PATHS, PATHS)
def test_a_selector_written_from_a_path_matches_no_other(path: Path, other: Path) -> None:
    assert parse_selector(written(path)).matches(other) == (path == other)


@given(SELECTORS, PATHS)
def test_matching_is_what_trying_everything_says(selector: Selector, path: Path) -> None:
    assert selector.matches(path) == tried(selector.steps, path)


@given(st.lists(SELECTORS, max_size=8), st.lists(PATHS, max_size=8))
def test_the_index_agrees_with_trying_every_selector(selectors: list[Selector], paths: list[Path]) -> None:
    index = SelectorIndex(list(zip(selectors, range(len(selectors)), strict=True)))
    for path in [*paths, ()]:
        assert index.find(path) == tuple(n for n, each in enumerate(selectors) if each.matches(path))


@given(st.lists(st.sampled_from(["a", "b", ""]), min_size=2, max_size=5), st.text("ab", max_size=8))
def test_a_glob_matches_what_trying_every_cut_says(pieces: list[str], key: str) -> None:
    assert Glob(tuple(pieces)).matches(key) == globbed(tuple(pieces), key)


@given(st.text("respon.[]*'\"\\0 x?{", max_size=20) | st.text(max_size=20).map("response.".__add__))
def test_any_text_is_a_selector_or_a_selector_error(text: str) -> None:
    try:
        selector = parse_selector(text)
    except SelectorError as error:
        assert 0 <= error.position < max(1, len(text))
        assert "\n" not in str(error)
    else:
        assert parse_selector(written(selector.steps)).steps == selector.steps


def test_hostile_paths_cost_no_more_than_their_length() -> None:
    assert not parse_selector("response." + "a*" * 30 + "b").matches(("response", "a" * 50_000))
    assert not parse_selector("**" + ".a.**" * 30 + ".b").matches(("response", *["a"] * 5_000))


def test_importing_selectors_loads_nothing_heavy() -> None:
    code = "import recdiff.rules.selectors, recdiff.rules.config, sys; print(*sys.modules)"
    root = FilePath(recdiff.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert not {"tomllib", "pathspec", "difflib"} & set(run.stdout.split())
