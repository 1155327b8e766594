"""JSON as recdiff holds it: exact, or unreadable with the reason; never another exception, never another value."""

from __future__ import annotations

import json
import random
import tracemalloc
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recdiff.errors import UnreadableError
from recdiff.jsonvalue import (
    MAX_DEPTH,
    canonical,
    children,
    embedded,
    escape,
    is_empty,
    leaf_count,
    leaves,
    loads,
    resolve,
    same,
    token_of,
)
from tests.recordings import MANY, QUICK, exact

TEXT = st.text(st.characters(), max_size=8)  # with lone surrogates
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.sampled_from([2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 16158686754257986000, 10**300]),
    st.floats(),
    TEXT,
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
LOOKALIKES = st.sampled_from([1, 1.0, True, "1", 0, 0.0, -0.0, False, "0", None, "", [], {}, 2**64, 2.0**64, "null"])
ALIKE = st.recursive(
    LOOKALIKES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
)


class TwiceError(ValueError):
    """A key stood twice."""


def reference(data: bytes) -> Any:
    """What the standard library makes of the bytes; a repeated key is an error."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise TwiceError
        return dict(pairs)

    return json.loads(data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"), object_pairs_hook=once)


def spelled(value: Any, rng: random.Random) -> str:
    """JSON text with random white space, and with random characters of strings as escapes."""
    space = rng.choice(("", " ", "\n\t"))
    if isinstance(value, str):
        return '"' + "".join(_spelled_character(character, rng) for character in value) + '"'
    if isinstance(value, dict):
        pairs = (f"{space}{spelled(key, rng)}{space}:{space}{spelled(item, rng)}" for key, item in value.items())
        return "{" + ",".join(pairs) + space + "}"
    if isinstance(value, list):
        return "[" + ",".join(space + spelled(item, rng) for item in value) + space + "]"
    return json.dumps(value)


def _spelled_character(character: str, rng: random.Random) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    code = "".join(f"\\u{units[at] << 8 | units[at + 1]:04{rng.choice('xX')}}" for at in range(0, len(units), 2))
    plain = json.dumps(character, ensure_ascii=False)[1:-1]
    needed = 0xD800 <= ord(character) <= 0xDFFF
    return code if needed or rng.random() < 0.3 else plain


@MANY
@given(VALUES, st.randoms(use_true_random=False), st.booleans())
@example({"a:b": 'c":"d', ":": ":"}, random.Random(1), True)
@example({"\\": '\\":', '"': "\u0000"}, random.Random(2), False)
def test_loads_agrees_with_the_standard_library(value: Any, rng: random.Random, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + spelled(value, rng).encode()
    assert exact(loads(data)) == exact(reference(data))


@pytest.mark.parametrize(
    "text",
    [
        "0", "-0", "-0.0", "1.0", "1E5", "1e-400", "1e400", "-1e400", "NaN", "Infinity", "-Infinity", "[NaN,1]",
        "18446744073709551615", "18446744073709551616", "-9223372036854775809", "123456789012345678901234567890",
        "1" + "0" * 400, '{"seed":16158686754257986000}', '{"seed":26158686754257986000}', "1e18",
        "1000000000000000000", "[1e19,10000000000000000000,100000000000000000000]", '"\\ud83d\\ude00"', '"\\ud83d"',
        '"\\ude00\\ud83d"',
        '"\\u0000\\u001f\\u007f\\u2028"', '{"\\u003a":"\\u003A","\\u0022":"\\u0022"}',
        ' \t\r\n{"a": [ ] , "b":{ } } \n',
    ],
)  # fmt: skip
def test_loads_is_exact_where_fast_parsers_are_not(text: str) -> None:
    assert exact(loads(text.encode())) == exact(json.loads(text))


@MANY
@given(st.binary(max_size=40) | st.text('{}[]",:\\u0e+-.1dt nrfalsuNI\n', max_size=30).map(str.encode))
@example(b"\xef\xbb\xbf\xef\xbb\xbf{}")
@example(b"\xff\xfe{\x00}\x00")
@example(b'"\xed\xa0\x80"')
@example(b"1" * 5000)
@example(b"-" * 3)
@example(b'{"a":1}x')
def test_any_bytes_are_exact_or_unreadable(data: bytes) -> None:
    try:
        wanted = reference(data)
    except (ValueError, RecursionError):
        with pytest.raises(UnreadableError):
            loads(data)
    else:
        assert exact(loads(data)) == exact(wanted)


@QUICK
@given(VALUES, st.randoms(use_true_random=False), st.integers(0, 300))
def test_cut_documents_are_unreadable_or_exact(value: Any, rng: random.Random, at: int) -> None:
    data = spelled([value], rng).encode()
    cut = data[: at % len(data)]
    with pytest.raises(UnreadableError):
        loads(cut)


@QUICK
@given(TEXT, VALUES, VALUES, st.lists(TEXT, max_size=3), st.randoms(use_true_random=False))
@example("a", 1, 1, [], random.Random(1))
@example("a:", "::", ":", [":"], random.Random(4))
def test_a_repeated_key_is_unreadable(key: str, one: Any, two: Any, more: list[str], rng: random.Random) -> None:
    pairs = [(key, one), (key, two), *((name, ":::") for name in more)]
    rng.shuffle(pairs)
    inner = ",".join(f"{spelled(name, rng)}:{spelled(item, rng)}" for name, item in pairs)
    with pytest.raises(UnreadableError, match="twice"):
        loads(f'{{"outer": [{{{inner}}}]}}'.encode())


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"b":', "}]")])
@pytest.mark.parametrize("depth", [1000, 1023, 1025, 5000, 200_000])
def test_deep_nesting_is_unreadable(opening: str, closing: str, depth: int) -> None:
    with pytest.raises(UnreadableError, match="deep"):
        loads((opening * depth + "1" + closing * depth).encode())


@pytest.mark.parametrize("inner", ["1", "NaN", "[]", '"\\ud800"'])
def test_the_deepest_nesting_that_is_read(inner: str) -> None:
    levels = MAX_DEPTH - (inner == "[]")
    data = ("[" * levels + inner + "]" * levels).encode()
    value = loads(data)
    assert canonical(value).count(b"[") == data.count(b"[")
    with pytest.raises(UnreadableError):
        loads(b"[" * 5 + data + b"]" * 5)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'{"a": 1', "line 1"),
        (b'{\n"a": \xff}', "invalid UTF-8 at line 2"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 3\n", "git-lfs"),
        (b'{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> main\n}', "conflict markers at line 2"),
        (b'{"a": 1, "a": 2}', '"a" stands twice'),
        (b"1" * 5000, "number"),
    ],
)
def test_the_reason_says_what_is_wrong(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        loads(data)


@MANY
@given(ALIKE, ALIKE)
@example([1], [True])
@example({"a": 1, "b": 2}, {"b": 2, "a": 1})
@example(0.0, -0.0)
@example([2**64], [2.0**64])
def test_equal_means_equal_canonical_bytes(old: Any, new: Any) -> None:
    equal = exact(old) == exact(new)
    assert (canonical(old) == canonical(new)) is equal
    assert same(old, new) is equal


NOT_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "null")


@pytest.mark.parametrize(
    ("old", "new"),
    [(a, b) for a in NOT_NUMBERS for b in NOT_NUMBERS if exact(loads(a.encode())) < exact(loads(b.encode()))],
)
def test_nan_and_infinities_differ_from_null_and_from_each_other(old: str, new: str) -> None:
    before, after = loads(f"[{old}]".encode()), loads(f"[{new}]".encode())
    assert not same(before, after)
    assert canonical(before) != canonical(after)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_nan_equals_nan(text: str) -> None:
    before, after = loads(f"[{text}, 1]".encode()), loads(f"[{text}, 1]".encode())
    assert same(before, after)
    assert exact(before) == exact(json.loads(f"[{text}, 1]"))


@pytest.mark.parametrize("value", [None, "", [], {}, {"a": None}, {"a": {"b": "", "c": []}}])
def test_values_that_say_nothing(value: Any) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, False, 0.0, -0.0, " ", [None], [[]], {"a": 0}, {"a": False}, {"a": [None]}])
def test_zero_false_and_lists_of_something_are_not_empty(value: Any) -> None:
    assert not is_empty(value)


@QUICK
@given(VALUES)
def test_every_leaf_has_a_pointer_that_resolves(value: Any) -> None:
    found = list(leaves(value))
    assert len(found) == leaf_count(value) == len({place for place, _ in found})
    assert all(resolve(value, place) is leaf for place, leaf in found)
    assert not any(list(children(leaf)) for _, leaf in found)


@pytest.mark.parametrize(
    ("pointer", "value"), [("", {"a/b": {"~": [7]}, "": 1}), ("/a~1b/~0/0", 7), ("/", 1), ("/a~1b", {"~": [7]})]
)
def test_pointers_escape_keys(pointer: str, value: Any) -> None:
    assert resolve({"a/b": {"~": [7]}, "": 1}, pointer) == value
    assert escape("a/b") + escape("~1") == "a~1b~01"


@pytest.mark.parametrize("pointer", ["/a/5", "/b", "/a/0/x", "/c/d"])
def test_a_pointer_that_leads_nowhere_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        resolve({"a": [1], "c": "d"}, pointer)


@pytest.mark.parametrize("pointer", ["/a/-1", "/a/x"])
def test_a_pointer_with_no_position_in_a_list_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        resolve({"a": [1]}, pointer)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' {"a": [1]} ', {"a": [1]}),
        ("[]", []),
        ("[1", None),
        ("7", None),
        ('"x"', None),
        ("", None),
        ("{'a': 1}", None),
    ],
)
def test_json_text_inside_a_string(text: str, value: Any) -> None:
    assert embedded(text) == value


@MANY
@given(st.text(st.characters(), max_size=20))
def test_any_string_may_be_asked_for_json_text(text: str) -> None:
    assert embedded(text) is None or isinstance(embedded(text), (dict, list))
    assert embedded("[" + json.dumps(text) + "]") == [text]


def test_tokens_take_no_more_room_than_they_have_letters() -> None:
    """Some versions of orjson leave 4 KiB behind each value that they write."""
    tracemalloc.start()
    try:
        kept = [token_of({"k": number}) for number in range(2_000)]
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept[7] == b'{"k":7}' and held < 200 * len(kept)
