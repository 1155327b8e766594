"""The JSON Schema of reports: every report is valid by it, and what is no report is not."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.cli.ranges import Asked, selected
from recdiff.model import CLASSES, STATUSES, Kind, Level, PairedBy, Review
from recdiff.reports.json import SCHEMA, report
from recdiff.reports.schema import schema
from tests import recordings as made
from tests.cli.running import recdiff
from tests.recordings import BUILDERS, CORPUS, QUICK, Answer, chat_single, mutated
from tests.test_pipeline import reviewed

jsonschema = pytest.importorskip("jsonschema")
DOCUMENT = json.loads(schema())
VALIDATOR = jsonschema.Draft202012Validator(DOCUMENT)


def problems(document: Any) -> list[str]:
    """What the schema finds wrong, with its place."""
    return [f"{list(error.absolute_path)}: {error.message}"[:500] for error in VALIDATOR.iter_errors(document)]


def valid(review: Review, *, show_hidden: bool = False) -> Any:
    """The report of a review, once the schema had nothing against it."""
    document = json.loads(report(review, show_hidden=show_hidden))
    assert problems(document) == []
    return document


def everything(**options: Any) -> Review:
    """A review with a recording of every status and changes of most classes."""
    old = {f"recordings/{number}.json": build() for number, build in enumerate(BUILDERS.values())}
    rng = random.Random(5)
    new: dict[str, Any] = {path: mutated(document, rng, 2) for path, document in old.items()}
    new["recordings/2.json"] = b"{"
    old["recordings/gone.json"] = made.tool_invocation("gone", q="old")
    new["recordings/new.json"] = made.recording({"x": 1}, asked=made.request(endpoint="/v1/new"), test_id="other")
    for number in range(3):
        old[f"recordings/same{number}.json"] = chat_single()
        new[f"recordings/same{number}.json"] = chat_single(Answer("Something else."))
    old["recordings/noise.json"], new["recordings/noise.json"] = chat_single(), chat_single(created=7)
    usage = "/response/body/__data__/usage/total_tokens"
    old["recordings/minor.json"], new["recordings/minor.json"] = chat_single(), made.with_value(chat_single(), usage, 1)
    return reviewed(old, new, **options)


@cache
def written() -> bytes:
    """The report of everything, with all that is hidden."""
    return report(everything(trace=True), show_hidden=True)


def test_it_is_a_schema_and_names_what_the_model_names() -> None:
    jsonschema.Draft202012Validator.check_schema(DOCUMENT)
    parts = DOCUMENT["$defs"]
    assert DOCUMENT["properties"]["schema"] == {"const": SCHEMA}
    assert tuple(parts["class"]["enum"]) == CLASSES
    assert tuple(parts["file"]["properties"]["status"]["enum"]) == STATUSES
    assert [one["properties"]["status"]["const"] for one in parts["file"]["oneOf"]] == list(STATUSES)
    assert parts["file"]["properties"]["paired_by"]["enum"] == [*get_args(PairedBy), None]
    assert tuple(parts["change"]["properties"]["kind"]["enum"]) == get_args(Kind)
    assert tuple(parts["change"]["properties"]["level"]["enum"]) == get_args(Level)
    assert set(STATUSES) < set(parts["summary"]["required"])


def test_every_object_is_closed() -> None:
    def objects(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            node = list(node.values())
        for item in node if isinstance(node, list) else ():
            yield from objects(item)

    found = list(objects(DOCUMENT))
    assert len(found) >= 8
    assert all("additionalProperties" in node for node in found)
    for node in found:
        if node["additionalProperties"] is False:
            assert set(node["required"]) <= set(node["properties"]), node
            assert set(node["properties"]) - set(node["required"]) <= {"hidden_changes"}


@pytest.mark.parametrize("show_hidden", [False, True])
def test_a_review_of_every_status_is_valid(show_hidden: bool) -> None:
    document = valid(everything(trace=show_hidden), show_hidden=show_hidden)
    assert {file["status"] for file in document["files"]} == set(STATUSES)
    assert document["groups"]
    assert len(document["summary"]["classes"]) >= 7


def test_a_part_of_a_review_is_valid() -> None:
    asked = Asked((), None, False, False, None, ("text", "usage"), (), ())
    document = valid(selected(everything(), asked))
    assert {change["class"] for file in document["files"] for change in file["changes"]} == {"text", "usage"}


def test_a_review_of_nothing_and_one_with_notes_is_valid() -> None:
    assert valid(reviewed({}, {}))["files"] == []
    review = reviewed({}, {}, rules_changed=("rule a added",))._replace(notes=("1 submodule differs",))
    assert valid(review)["rules_changed"] == ["rule a added"]


@pytest.mark.parametrize("value", [float("nan"), 2**70, "\ud800", {"a": [None]}, "\x1b\u202e"])
def test_values_of_any_kind_are_valid(value: Any) -> None:
    old, new = made.recording({"x": "old"}), made.recording({"x": value})
    assert len(valid(reviewed({"recordings/a~\udcff/b.json": old}, {"recordings/a~\udcff/b.json": new}))["files"]) == 1


@QUICK
@given(st.lists(st.sampled_from(sorted(BUILDERS)), max_size=4), st.randoms(use_true_random=False))
def test_any_report_is_valid(names: list[str], rng: random.Random) -> None:
    old = {f"recordings/{number}.json": BUILDERS[name]() for number, name in enumerate(names)}
    new = {
        path if rng.random() < 0.7 else path.replace(".json", "n.json"): mutated(document, rng, 3)
        for path, document in old.items()
    }
    assert len(valid(reviewed(old, new, trace=True), show_hidden=True)["files"]) <= 2 * len(names)


def test_the_sample_project_is_valid(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    assert recdiff(tmp_path, "demo", "--into", str(folder)).code == 0
    for options in ((), ("--show-hidden",), ("--only", "tool,text")):
        done = recdiff(folder, "report", "main...re-record", "--format", "json", *options)
        document = json.loads(done.out)
        assert problems(document) == []
        assert document["files"]


CASES = sorted(path.name for path in (CORPUS / "ogx").glob("*")) if CORPUS.is_dir() else []


@pytest.mark.skipif(not CASES, reason="the corpus of real recordings is not at ../shared/corpus")
@pytest.mark.parametrize("case", CASES)
def test_the_report_of_every_case_is_valid(case: str) -> None:
    sides = []
    for side in ("old", "new"):
        root = Path(CORPUS, "ogx", case, side)
        sides.append({str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.json"))})
    assert valid(reviewed(sides[0], sides[1]))["files"]


# ------------------------------------------------------------------------------------------- what is no report

Damage = Callable[[Any], object]


def the(document: Any, status: str) -> Any:
    """The first file of a status."""
    return next(file for file in document["files"] if file["status"] == status)


DAMAGES: dict[str, Damage] = {
    "another version": lambda d: d.update(schema="recdiff.report/2"),
    "a key more": lambda d: d.update(label="x"),
    "a summary key more": lambda d: d["summary"].update(broken=0),
    "a negative count": lambda d: d["summary"].update(noise=-1),
    "a count that is no integer": lambda d: d["summary"].update(noise=1.5),
    "a class that there is not": lambda d: d["summary"]["classes"].update(colour=1),
    "a class of no file": lambda d: d["summary"]["classes"].update(text=0),
    "a rule that hid nothing": lambda d: d["summary"]["hidden"].update(created=0),
    "a status that there is not": lambda d: the(d, "noise").update(status="quiet"),
    "a file key more": lambda d: the(d, "noise").update(synopsis=None),
    "a file of no path": lambda d: the(d, "unreadable").update(old_path=None, new_path=None),
    "an empty path": lambda d: the(d, "noise").update(new_path=""),
    "noise that changed": lambda d: the(d, "noise").update(changes=the(d, "minor")["changes"]),
    "noise with an error": lambda d: the(d, "noise").update(error="x"),
    "a meaningful file without changes": lambda d: the(d, "meaningful").update(changes=[]),
    "a meaningful file of minor changes": lambda d: the(d, "meaningful").update(changes=the(d, "minor")["changes"]),
    "a minor file of meaningful changes": lambda d: the(d, "minor").update(changes=the(d, "meaningful")["changes"]),
    "a pair by nothing": lambda d: the(d, "minor").update(paired_by=None),
    "a pair of one side": lambda d: the(d, "minor").update(old_path=None),
    "added with an old side": lambda d: the(d, "added").update(old_path="recordings/x.json"),
    "removed with a new side": lambda d: the(d, "removed").update(new_path="recordings/x.json"),
    "removed, but hidden": lambda d: the(d, "removed").update(hidden={"created": 1}),
    "unreadable for no reason": lambda d: the(d, "unreadable").update(error=None),
    "a minor change of a meaningful class": lambda d: the(d, "meaningful")["changes"][0].update(level="minor"),
    "a kind that there is not": lambda d: the(d, "minor")["changes"][0].update(kind="renamed"),
    "a path that is no pointer": lambda d: the(d, "minor")["changes"][0].update(path="usage"),
    "a path of the whole": lambda d: the(d, "minor")["changes"][0].update(path=""),
    "a change key more": lambda d: the(d, "minor")["changes"][0].update(label="usage"),
    "something added to what was": lambda d: the(d, "minor")["changes"][0].update(kind="added", old=1),
    "something removed that is": lambda d: the(d, "minor")["changes"][0].update(kind="removed", new=1),
    "a group of none": lambda d: d["groups"][0].update(files=0),
    "a group key more": lambda d: d["groups"][0].update(place="x"),
    "a hidden leaf of no side": lambda d: the(d, "noise")["hidden_changes"][0].update(old_path=None, new_path=None),
    "a hidden leaf with branches": lambda d: the(d, "noise")["hidden_changes"][0].update(old=[1]),
    "a hidden key more": lambda d: the(d, "noise")["hidden_changes"][0].update(side="old"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_no_report_is_refused(damage: Damage) -> None:
    document = json.loads(written())
    document["files"] = [the(document, status) for status in STATUSES]
    assert problems(document) == []
    damage(document)
    assert problems(document) != []


def test_every_key_is_required() -> None:
    document = json.loads(written())
    document["files"] = [the(document, status) for status in STATUSES]
    paths: list[tuple[str | int, ...]] = [
        (), ("summary",), ("files", 0), ("groups", 0),
        ("files", document["files"].index(the(document, "minor")), "changes", 0),
        ("files", document["files"].index(the(document, "noise")), "hidden_changes", 0),
    ]  # fmt: skip
    for path in paths:
        keys = list(at(document, path))
        for key in keys:
            damaged = copy.deepcopy(document)
            del at(damaged, path)[key]
            assert bool(problems(damaged)) is (key != "hidden_changes"), (path, key)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a place of a document."""
    for step in path:
        document = document[step]
    return document
