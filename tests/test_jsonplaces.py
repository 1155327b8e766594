"""Where a fault stands: against the parser's own word where it has one, and by construction."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from recdiff.jsonplaces import long_number, repeated_key, too_deep
from tests.recordings import MANY

KEYS = st.text(st.sampled_from(list('ab"\\{}[],:é')), max_size=4)
VALUES = st.recursive(
    st.one_of(KEYS, st.integers(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@MANY
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_a_key_that_is_repeated_is_found_and_no_other(value: dict[str, object]) -> None:
    text = json.dumps(value, indent=1)
    assert repeated_key(text) == ""
    first = json.dumps(next(iter(value)))
    broken = text.removesuffix("}").rstrip() + f",\n {first}: 1\n}}"
    line = broken.count("\n")
    assert repeated_key(broken) == f" at line {line}, column 2"


def test_depth_and_digits() -> None:
    assert too_deep("[\n[\n[1]]]", 2) == " at line 3, column 1"
    assert too_deep("[[1], [2]]", 2) == ""
    assert long_number('{"a":\n ' + "1" * 5000 + "}") == " at line 2, column 2"
    assert long_number("123") == ""
