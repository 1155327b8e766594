"""The JSON report: the contract of schema version 1, over made-up reviews and over the corpus."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff import formats
from recdiff.jsonvalue import resolve
from recdiff.model import CLASSES, STATUSES, Review
from recdiff.reports.json import report
from recdiff.views import recording_view
from tests import recordings as made
from tests.recordings import BUILDERS, CORPUS, QUICK, Answer, chat_single, chat_stream, mutated
from tests.test_pipeline import reviewed


def strictly(data: bytes) -> Any:
    """The report, parsed by the letter: no NaN, no key twice."""

    def refuse(name: str) -> Any:
        raise ValueError(name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    return json.loads(data, parse_constant=refuse, object_pairs_hook=once)


def checked(review: Review, *, show_hidden: bool = False) -> Any:
    """The report of a review, after all that holds for every report was checked."""
    found = strictly(report(review, show_hidden=show_hidden))
    assert found["schema"] == "recdiff.report/1"
    summary, files, groups = found["summary"], found["files"], found["groups"]
    assert summary["files"] == len(files) == sum(summary[status] for status in STATUSES)
    assert {status: summary[status] for status in STATUSES} == {
        status: sum(file["status"] == status for file in files) for status in STATUSES
    }
    classes = Counter(name for file in files for name in {change["class"] for change in file["changes"]})
    assert summary["classes"] == dict(classes)
    hidden: Counter[str] = Counter()
    for file in files:
        hidden.update(file["hidden"])
        _check_file(file, show_hidden)
    assert summary["hidden"] == dict(hidden)
    ids = {group["id"] for group in groups}
    assert len(ids) == len(groups)
    for group in groups:
        members = [file for file in files if group["id"] in {change["group"] for change in file["changes"]}]
        assert group["files"] == len(members) >= 2
        assert group["title"]
        assert {c["class"] for file in members for c in file["changes"] if c["group"] == group["id"]} == {
            group["class"]
        }
    assert {change["group"] for file in files for change in file["changes"]} - {None} == ids
    return found


def _check_file(file: dict[str, Any], show_hidden: bool) -> None:
    assert file["status"] in STATUSES
    assert file["old_path"] or file["new_path"]
    assert file["paired_by"] in (None, "path", "test", "request")
    assert all(type(count) is int and count > 0 for count in file["hidden"].values())
    assert (file["error"] is not None) is (file["status"] == "unreadable")
    if file["status"] in ("noise", "added", "removed", "unreadable"):
        assert file["changes"] == []
    else:
        assert file["changes"]
        assert ("meaningful" in {change["level"] for change in file["changes"]}) is (file["status"] == "meaningful")
    if file["status"] in ("meaningful", "minor", "noise"):
        assert file["paired_by"]
        assert file["old_path"]
        assert file["new_path"]
    for change in file["changes"]:
        assert change["class"] in CLASSES
        assert change["kind"] in ("changed", "added", "removed", "moved")
        assert change["derived"] is False
        assert change["path"].startswith("/")
    assert ("hidden_changes" in file) is show_hidden
    if show_hidden:
        counts = [Counter[str](), Counter[str]()]
        for leaf in file["hidden_changes"]:
            for side, place in enumerate(("old_path", "new_path")):
                counts[side][leaf["rule"]] += leaf[place] is not None
        assert {rule: max(counts[0][rule], counts[1][rule]) for rule in counts[0] | counts[1]} == file["hidden"]


def _reviewed(**options: Any) -> Review:
    old = {f"recordings/{number}.json": build() for number, build in enumerate(BUILDERS.values())}
    rng = random.Random(5)
    new = {path: mutated(document, rng, 2) for path, document in old.items()}
    del new["recordings/1.json"]
    new["recordings/2.json"] = b"{"
    new["recordings/new.json"] = made.exception("another")
    return reviewed(old, new, **options)


def test_the_contract_of_a_report() -> None:
    assert {"schema", "old", "new", "summary", "files", "groups"} <= checked(_reviewed()).keys()


def test_hidden_changes_are_listed_on_demand() -> None:
    found = checked(_reviewed(trace=True), show_hidden=True)
    assert [
        {key: value for key, value in file.items() if key != "hidden_changes"} for file in found["files"]
    ] == checked(_reviewed())["files"]


def test_a_review_of_nothing() -> None:
    found = checked(reviewed({}, {}))
    assert found["summary"] == {
        "files": 0, **dict.fromkeys(STATUSES, 0), "classes": {}, "hidden": {}, "skipped": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["\ud800 alone", "\x00\x1b[31m", 'quote " and \\', "\u2028\u2029", "漢字 😀", "\udfff\ud83d"]
)
def test_any_text_is_written(text: str) -> None:
    found = checked(reviewed({"recordings/a.json": chat_single()}, {"recordings/a.json": chat_single(Answer(text))}))
    (change,) = found["files"][0]["changes"]
    surrogates = any(0xD800 <= ord(character) <= 0xDFFF for character in text)
    assert change["new"] == text or surrogates
    assert change["old"] == "The capital of France is Paris."


@pytest.mark.parametrize("value", [2**70, -(2**65), 16158686754257986000, 1e300, 0.1, [[[]]], {"": None}, True])
def test_any_value_is_written_exactly(value: Any) -> None:
    old, new = made.recording({"x": "old"}), made.recording({"x": value})
    found = checked(reviewed({"recordings/a.json": old}, {"recordings/a.json": new}))
    (change,) = found["files"][0]["changes"]
    assert made.exact(change["new"]) == made.exact(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_has_not_are_written_as_json(value: float) -> None:
    old, new = made.recording({"x": "old"}), made.recording({"x": value, "y": 2**70})
    found = checked(reviewed({"recordings/a.json": old}, {"recordings/a.json": new}))
    assert len(found["files"][0]["changes"]) == 2


def test_paths_that_are_no_text_are_written() -> None:
    found = checked(reviewed({}, {"recordings/\udcff.json": chat_single()}))
    assert found["files"][0]["status"] == "added"


def test_deep_values_are_written() -> None:
    value: Any = 1
    for _ in range(240):
        value = [value]
    found = checked(
        reviewed({"recordings/a.json": made.recording({})}, {"recordings/a.json": made.recording({"x": value})})
    )
    assert found["files"][0]["status"] == "meaningful"


def test_a_changed_vector_has_no_numbers() -> None:
    old, new = made.embeddings(made.vector()), made.embeddings(made.vector(seed=9))
    (change,) = checked(reviewed({"recordings/a.json": old}, {"recordings/a.json": new}))["files"][0]["changes"]
    assert set(change["new"]) == {"dimension", "cosine", "largest"}


def test_hidden_is_the_larger_of_both_sides() -> None:
    old, new = chat_stream(), chat_stream(cut=lambda text: [text])
    (file,) = checked(reviewed({"recordings/a.json": old}, {"recordings/a.json": new}))["files"]
    assert file["status"] == "noise"
    assert file["hidden"]["chunking"] > 6


@QUICK
@given(st.lists(st.sampled_from(sorted(BUILDERS)), max_size=5), st.randoms(use_true_random=False))
def test_any_review_keeps_the_contract(names: list[str], rng: random.Random) -> None:
    old = {f"recordings/{number}.json": BUILDERS[name]() for number, name in enumerate(names)}
    new = {
        path if rng.random() < 0.7 else path.replace(".json", "n.json"): mutated(document, rng, 3)
        for path, document in old.items()
    }
    assert len(checked(reviewed(old, new, trace=True), show_hidden=True)["files"]) <= 2 * len(names)


# --------------------------------------------------------------------------------------------------------- corpus

CASES = sorted(path.name for path in (CORPUS / "ogx").glob("*")) if CORPUS.is_dir() else []
NEEDS_CORPUS = pytest.mark.skipif(not CASES, reason="the corpus of real recordings is not at ../shared/corpus")


def _side(case: str, side: str) -> dict[str, Any]:
    root = Path(CORPUS, "ogx", case, side)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.json"))}


@NEEDS_CORPUS
@pytest.mark.parametrize("case", CASES)
def test_the_report_of_every_case(case: str) -> None:
    old, new = _side(case, "old"), _side(case, "new")
    found = checked(reviewed(old, new))
    told = Counter(path for file in found["files"] for path in {file["old_path"], file["new_path"]} - {None})
    assert set(told) == {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    for file in found["files"]:
        if file["changes"]:
            views = {
                side: recording_view(formats.load(file[f"{side}_path"], content[file[f"{side}_path"]]))
                for side, content in (("old", old), ("new", new))
            }
            for change in file["changes"]:
                resolve(views["old" if change["kind"] == "removed" else "new"], change["path"])
