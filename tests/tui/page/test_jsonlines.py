"""JSON over several lines: for readers nothing but bytes and vectors is shortened, for comparing nothing at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from recdiff.jsonvalue import Json
from recdiff.reports.values import pretty
from recdiff.tui.page.jsonlines import blob_text, is_blob, json_lines, one_line
from tests.recordings import QUICK, json_values, vector


@QUICK
@given(json_values)
def test_lines_for_readers_are_the_value(value: Json) -> None:
    assert json.loads("\n".join(json_lines(value, is_brief=False))) == value


@QUICK
@given(json_values)
def test_lines_for_readers_are_not_long(value: Json) -> None:
    for line in json_lines(value):
        assert len(line) <= 100 or line.count('"') >= 2 or len(line.split()) <= 2 or " numbers]" in line


def test_what_fits_stands_on_one_line() -> None:
    value: Json = {"hate": {"filtered": False, "severity": "safe"}, "long": ["word" * 14, "word" * 14, "word" * 14]}
    assert list(json_lines(value)) == [
        "{",
        '  "hate": {"filtered": false, "severity": "safe"},',
        '  "long": [',
        f'    "{"word" * 14}",',
        f'    "{"word" * 14}",',
        f'    "{"word" * 14}"',
        "  ]",
        "}",
    ]


def test_scalars_share_lines() -> None:
    assert list(json_lines(list(range(40)), is_brief=False)) == [
        "[", f"  {', '.join(map(str, range(27)))},", f"  {', '.join(map(str, range(27, 40)))}", "]",
    ]  # fmt: skip


def test_vectors_and_bytes_are_told_by_their_beginning() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 400
    lines = list(json_lines({"embedding": vector(768), "url": picture, "says": "word " * 200}))
    assert lines[1].endswith("… 768 numbers],")
    assert lines[2] == f'  "url": "{picture[:48]}… 4,422 characters",'
    assert lines[3] == f'  "says": "{"word " * 200}"'


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("A" * 300, True), ("A" * 299, False), ("data:audio/wav;base64," + "Zm9v" * 100, True), ("word " * 100, False),
     ("https://example.com/?q=" + "a" * 400, False), ("é" * 400, False), ("", False)],
)  # fmt: skip
def test_bytes_in_letters_are_known_by_their_letters(text: str, is_told: bool) -> None:
    assert is_blob(text) == is_told


def test_a_blob_says_how_long_it_is() -> None:
    assert blob_text("A" * 1234) == f"{'A' * 48}… 1,234 characters"


def test_one_line_is_spaced_for_readers() -> None:
    assert one_line({"a": [1, 2], "b": "é"}, 40) == '{"a": [1, 2], "b": "é"}'
    assert one_line({"a": "x" * 40}, 40) is None


def test_the_deepest_document_is_printed() -> None:
    value: Json = "x" * 200
    for _ in range(249):
        value = [value]
    assert len(list(json_lines(value))) == 2 * 249 + 1
    assert pretty(value).count("\n") == 2 * 249
