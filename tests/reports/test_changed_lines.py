"""Where a change stands in its file: pointers against another walk, changes of every protocol, real recordings."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.jsonvalue import MAX_DEPTH, escape, loads
from recdiff.model import Change
from recdiff.reports.changedlines import lines_of_changes
from recdiff.reports.rawlines import lines_of, offsets_of
from tests import recordings as made
from tests.recordings import BUILDERS, QUICK, Answer, anthropic_lines, chat_single, chat_stream, is_recording, mutated
from tests.reports.hostile import LARGEST, SAMPLE, of_folders, reader, sample

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
KEYS = st.text(max_size=5) | st.sampled_from(["", "/", "~", "~1", "0", '"', "\\", "é", "{", "]", ",", "\n"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


def pointers(value: Any, here: str = "") -> Iterator[tuple[str, Any]]:
    """Every value inside, containers too, with its pointer."""
    yield here, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from pointers(item, f"{here}/{escape(key)}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from pointers(item, f"{here}/{number}")


@QUICK
@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.booleans(), st.booleans())
def test_a_pointer_leads_to_where_its_value_begins(
    value: Any, indent: int | str | None, ascii_only: bool, has_mark: bool, has_returns: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    text = ("\ufeff" if has_mark else "") + (text.replace("\n", "\r\n") if has_returns else text)
    every = dict(pointers(value))
    offsets = offsets_of(text, every.keys())
    lines = lines_of(text, every.keys())
    decoder = json.JSONDecoder()
    for pointer, inner in every.items():
        found, _ = decoder.raw_decode(text, offsets[pointer])
        assert json.dumps(found) == json.dumps(inner)
        assert lines[pointer] == text.count("\n", 0, offsets[pointer]) + 1
    assert len(set(offsets.values())) == len(every)


def test_a_pointer_beyond_what_is_there_stops_on_its_way() -> None:
    text = '{\n "a": [\n  1,\n  {"b": 2}\n ],\n "c": "x"\n}'
    wanted = ["/a/1/b", "/a/1/x/y", "/a/7", "/a/x", "/c/d/e", "/z", "", "/a/1/b/0"]
    lines = {"/a/1/b": 4, "/a/1/x/y": 4, "/a/7": 2, "/a/x": 2, "/c/d/e": 6, "/z": 1, "": 1, "/a/1/b/0": 4}
    assert lines_of(text, wanted) == lines


def test_the_deepest_file_that_is_read_has_lines() -> None:
    depth = MAX_DEPTH - 1
    text = "[\n" * depth + "1\n" + "]" * depth
    assert loads(text.encode())
    assert lines_of(text, ["/0" * depth]) == {"/0" * depth: depth + 1}


@QUICK
@given(st.text('{}[],:"\\ \n0ae', max_size=30))
def test_what_is_no_json_ends_somewhere(text: str) -> None:
    lines = lines_of(text, ["/a/0", "/0/e", ""])
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


# Changes


def located(old: Any, new: Any) -> list[tuple[Change, str]]:
    """Every change of a pair with the line of the new file that it was given."""
    text = json.dumps(new, indent=1, ensure_ascii=False)
    changes = made.changes(old, new)
    lines = lines_of_changes("recordings/a.json", text.encode("utf-8", "surrogatepass"), changes)
    return [(change, text.split("\n")[line - 1].strip()) for change, line in zip(changes, lines, strict=True)]


def test_a_streamed_text_stands_where_other_words_begin() -> None:
    old = chat_stream(Answer(text="Violets are blue and roses are red."))
    new = chat_stream(Answer(text="Violets are blue and tulips are red."))
    lines = {change.change_class: line for change, line in located(old, new)}
    assert "tulips" in lines["text"] or '"tul' in lines["text"]
    longer = chat_stream(Answer(text="Violets are blue and roses are red. Always."))
    assert "Always" in {change.change_class: line for change, line in located(old, longer)}["text"]
    shorter = chat_stream(Answer(text="Violets are blue"))
    assert "blue" in {change.change_class: line for change, line in located(old, shorter)}["text"]


def test_lines_of_a_stream_are_found_though_nothing_below_them_is() -> None:
    blocks = [{"type": "text", "text": "One two three."}], [{"type": "text", "text": "One two four."}]
    (found,) = [line for change, line in located(*map(anthropic_lines, blocks)) if change.change_class == "text"]
    assert "four" in found


def test_an_argument_stands_in_its_fragment() -> None:
    calls = [("call_1", "get_weather", json.dumps({"city": "Oslo", "unit": unit})) for unit in ("celsius", "kelvin")]
    for build in (chat_stream, chat_single):
        old, new = (build(Answer(text=None, calls=[call], finish="tool_calls")) for call in calls)
        (found,) = [line for change, line in located(old, new) if change.change_class == "tool"]
        assert "kelvin" in found


@pytest.mark.parametrize("name", sorted(BUILDERS))
@pytest.mark.parametrize("seed", range(6))
def test_every_change_of_every_protocol_has_a_line(name: str, seed: int) -> None:
    rng = random.Random(f"{name} {seed}")
    old = BUILDERS[name]()
    new = mutated(old, rng, times=3)
    for change, line in located(old, new) if is_recording(new) else ():
        assert line
        if change.kind != "removed" and type(change.new) in (bool, int):
            is_said = json.dumps(change.new) in line or "arguments" in change.path or line.startswith('"data:')
            assert is_said or change.label == "streamed", (change, line)


def test_a_file_that_is_no_json_has_one_line() -> None:
    change = Change("text", "/interactions/0/response/body", "changed", 1, 2, "", "")
    for data in (b"", b"\n\n{", b"\xff", b"[" * 999, b"null"):
        assert lines_of_changes("a.json", data, [change, change]) == [1, 1]


def test_other_json_is_found_by_its_own_keys() -> None:
    change = Change("data", "/extra/a~1b/0", "changed", 1, 2, "", "")
    assert lines_of_changes("a.json", b'{\n"x": 1,\n"a/b": [\n2]}', [change]) == [4]
    whole = Change("data", "/extra//1", "changed", 1, 2, "", "")
    assert lines_of_changes("a.json", b"[\n1,\n2]", [whole]) == [3]


def check_lines(new: Path, changes: list[tuple[str, Change]]) -> tuple[int, int]:
    """How many changes stand on a line that says what is new, and how many do not. Lists and objects are not asked."""
    good = bad = 0
    for path, change in changes:
        data = reader(new)(path)
        assert data is not None
        line = data.decode().split("\n")[lines_of_changes(path, data, [change])[0] - 1]
        if change.kind == "removed" or isinstance(change.new, (dict, list)):
            continue
        is_said = json.dumps(change.new, ensure_ascii=False) in line or _is_piece(line, change.new)
        good, bad = (good + 1, bad) if is_said else (good, bad + 1)
    return good, bad


def _is_piece(line: str, value: Any) -> bool:
    """Whether a line's string is a fragment of the value, or holds it as JSON text or as a line of a stream."""
    try:
        (said,) = json.loads(f"{{{line.strip().removesuffix(',')}}}").values()
    except ValueError:
        said = json.loads(line.strip().removesuffix(","))
    word = str(value).split()[-1]
    return isinstance(said, str) and (said.strip('"}') in str(value) or word in said)


def test_changes_of_the_sample_stand_where_they_are_said() -> None:
    changes = [(entry.path, change) for entry in sample().files for change in entry.changes if entry.new_path]
    assert check_lines(SAMPLE / "after", changes) == (42, 0)


def test_changes_of_real_recordings_stand_where_they_are_said() -> None:
    if not LARGEST.is_dir():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    for case, least in (("bedrock-url-renames", 1.0), ("qwen-rerecord", 1.0), ("bulk-rename-project", 1.0)):
        folder = LARGEST.parent / case
        review = of_folders(folder / "old", folder / "new")
        changes = [(entry.path, change) for entry in review.files for change in entry.changes if entry.new_path]
        good, bad = check_lines(folder / "new", changes)
        assert good >= least * (good + bad), (case, good, bad)
