"""The sample: its script makes it, its own tests pass, and recdiff sees in it what its story promises."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from recdiff import formats, pipeline
from recdiff.model import CLASSES, STATUSES, Change, FileReview, Recording, Review
from recdiff.protocols import protocol_of
from recdiff.rules.project import project_config
from recdiff.sources.folders import open_folders

SAMPLE = Path(__file__).resolve().parent.parent / "sample_repo"
SIDES = ("before", "after")

STORY = {
    "test_morning_outlook": ("meaningful", {"request", "model", "text", "usage"}),
    "test_night_outlook": ("meaningful", {"request", "model", "finish", "text", "usage"}),
    "test_storm_bulletin": ("meaningful", {"request", "error", "text", "finish"}),
    "test_boat_trip": ("meaningful", {"request", "model", "text", "usage"}),
    "test_two_harbours_at_once": ("meaningful", {"request", "model", "tool"}),
    "test_wind_with_gusts": ("meaningful", {"request", "model", "tool"}),
    "(models)": ("meaningful", {"request", "data"}),
    "test_pages_as_vectors": ("meaningful", {"data", "usage"}),
    "test_notices": ("meaningful", {"data"}),
    "test_guide_greets_a_class": ("meaningful", {"text", "usage"}),
    "test_joke": ("minor", {"usage"}),
    "test_summary": ("minor", {"provenance"}),
    "test_opening_hours": ("minor", {"provenance"}),
    "test_tide_and_moon": ("noise", set()),
    "test_small_talk": ("noise", set()),
    "test_question_as_vector": ("noise", set()),
    "test_buoy": ("noise", set()),
    "test_guide_books_a_tour": ("noise", set()),
    "test_anemones": ("noise", set()),
    "test_lost_bucket": ("added", set()),
    "test_school_rhyme": ("added", set()),
    "test_finishes_a_sentence": ("removed", set()),
}
"""Of each test of the sample: the status of its recordings, and classes that they must have together."""


def tree(top: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    files = (file for file in top.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(top).as_posix(): file.read_bytes() for file in files}


def loaded(side: str) -> list[Recording]:
    """Every recording of one side."""
    return [formats.load(file.name, file.read_bytes()) for file in sorted((SAMPLE / side).glob("**/recordings/*"))]


def name_of(entry: FileReview) -> str:
    """The test function that a file belongs to, without its parameters."""
    return re.sub(r"^.*::|\[.*", "", entry.test_id) if entry.test_id else "(models)"


@pytest.fixture(scope="module")
def review() -> Review:
    """What recdiff makes of the sample, every hidden leaf listed."""
    source = open_folders(str(SAMPLE / "before"), str(SAMPLE / "after"))
    config, rules_changed = project_config(source, None)
    return pipeline.review(source, pipeline.Options(config, trace=True, rules_changed=rules_changed))


def of(review: Review, test: str) -> list[FileReview]:
    """The files of one test of the sample."""
    return [entry for entry in review.files if name_of(entry) == test]


def changes(review: Review, test: str, change_class: str) -> list[Change]:
    """The changes of one class in the files of one test."""
    return [change for entry in of(review, test) for change in entry.changes if change.change_class == change_class]


# The files


def test_its_script_makes_it(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-B", str(SAMPLE / "generate.py"), str(tmp_path)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        for side in SIDES:
            made, committed = tree(tmp_path / side), tree(SAMPLE / side)
            assert made.keys() == committed.keys()
            assert [path for path in made if made[path] != committed[path]] == []


def test_it_is_small() -> None:
    files = {f"{side}/{path}": content for side in SIDES for path, content in tree(SAMPLE / side).items()}
    assert sum(map(len, files.values())) < 150_000


@pytest.mark.parametrize("side", SIDES)
def test_its_own_tests_pass_and_make_every_recording(side: str, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / side, tmp_path / side, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-rA", "--color=no", "-p", "no:cacheprovider"],
        cwd=tmp_path / side,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHONPATH"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    passed = set(re.findall(r"^PASSED (\S+)$", done.stdout, re.MULTILINE))
    recorded = {recording.test_id for recording in loaded(side)}
    assert passed == {test_id for test_id in recorded if test_id} | {"tests/test_search.py::test_models"}


@pytest.mark.parametrize("side", SIDES)
def test_every_recording_is_recognised(side: str) -> None:
    recordings = loaded(side)
    assert 20 <= len(recordings) <= 30
    for recording in recordings:
        assert recording.format == "ogx"
        assert re.fullmatch(r"[0-9a-f]{64}\.json|models-[0-9a-f]{64}-[0-9a-f]{8}\.json", recording.path)


@pytest.mark.parametrize("side", SIDES)
def test_recordings_are_written_as_the_recorder_writes_them(side: str) -> None:
    for path, content in tree(SAMPLE / side).items():
        if path.startswith("tests/recordings/"):
            text = content.decode()
            assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_several_protocols_and_containers_appear() -> None:
    shapes: Counter[tuple[str | None, str]] = Counter()
    for recording in loaded("before"):
        (interaction,) = recording.interactions
        protocol = protocol_of(interaction.request, interaction.response)
        shapes[protocol.name if protocol else None, interaction.response.shape] += 1
    assert shapes.keys() == {
        ("openai-chat", "single"),
        ("openai-chat", "stream"),
        ("openai-completions", "single"),
        ("anthropic-messages", "lines"),
        ("gemini-content", "stream"),
        (None, "single"),
        (None, "list"),
    }


# The review


def test_every_test_of_the_story_has_its_status_and_classes(review: Review) -> None:
    assert {name_of(entry) for entry in review.files} == STORY.keys()
    for test, (status, classes) in STORY.items():
        entries = of(review, test)
        found = {change.change_class for entry in entries for change in entry.changes}
        assert {entry.status for entry in entries} == {status}, test
        assert classes <= found, test


def test_nothing_else_is_seen(review: Review) -> None:
    assert {status: review.count(status) for status in STATUSES} == {
        "meaningful": 11,
        "minor": 3,
        "noise": 9,
        "added": 2,
        "removed": 1,
        "unreadable": 0,
    }
    assert review.notes == ()


def test_every_class_occurs(review: Review) -> None:
    assert {change.change_class for entry in review.files for change in entry.changes} == set(CLASSES)


def test_the_promised_rules_hide_something(review: Review) -> None:
    hidden = {rule for entry in review.files for rule in entry.hidden}
    assert hidden >= {
        "response-id",
        "created",
        "chunking",
        "system-fingerprint",
        "obfuscation",
        "empty-value",
        "json-layout",
        "renamed-id",
        "recorder-mapping",
        "embedding-tolerance",
        "buoy-battery",
    }
    for entry in review.files:
        assert Counter(entry.hidden.keys()) == Counter({leaf.rule for leaf in entry.hidden_leaves})


def test_pairs_are_found_in_every_way(review: Review) -> None:
    def pairs(test: str) -> list[tuple[str | None, bool]]:
        return sorted((entry.paired_by, entry.old_path == entry.new_path) for entry in of(review, test))

    assert pairs("test_morning_outlook") == [("path", True)]
    assert pairs("test_boat_trip") == [("test", False)], "a reworded prompt"
    assert pairs("test_summary") == [("test", False)], "no longer streamed"
    assert pairs("test_opening_hours") == [("request", False)], "the test moved"
    assert pairs("test_two_harbours_at_once") == [("path", True), ("request", False)], "equal apart from ids"
    assert pairs("(models)") == [("request", False)]


def test_the_host_rename_is_one_group(review: Review) -> None:
    (group,) = (group for group in review.groups if group.change_class == "request")
    assert group.files == 8
    assert "models.tidepool.example" in group.title
    assert "inference.tidepool.example" in group.title
    members = [change for entry in review.files for change in entry.changes if change.group == group.id]
    assert {change.path for change in members} == {"/interactions/0/request/url"}


def test_the_model_of_the_new_server_is_one_group(review: Review) -> None:
    (group,) = (group for group in review.groups if group.change_class == "model")
    assert (group.old, group.new, group.files) == ("kelp-7b", "kelp-7b@1.0", 6)


def test_ids_that_were_renamed_consistently_are_hidden(review: Review) -> None:
    turns = of(review, "test_tide_and_moon")
    assert len(turns) == 3
    assert all(entry.hidden["renamed-id"] for entry in turns)
    # the last turn: two calls in the messages, each with its answer
    assert max(entry.hidden["renamed-id"] for entry in turns) == 4


def test_ids_that_became_one_are_changes(review: Review) -> None:
    replied = changes(review, "test_two_harbours_at_once", "tool")
    assert [change.new for change in replied] == ["call_0", "call_0"]
    asked = [change for change in changes(review, "test_two_harbours_at_once", "request") if change.group is None]
    assert len(asked) == 4
    assert {change.old for change in asked} == {change.old for change in replied}
    assert not any("renamed-id" in entry.hidden for entry in of(review, "test_two_harbours_at_once"))


def test_an_argument_changed_its_type(review: Review) -> None:
    (change,) = changes(review, "test_wind_with_gusts", "tool")
    assert change.path == "/interactions/0/response/reply/choices/0/tool_calls/0/arguments/gusts"
    assert change.old is True
    assert change.new == "true"


def test_a_reply_was_cut(review: Review) -> None:
    (change,) = changes(review, "test_night_outlook", "finish")
    assert (change.old, change.new) == ("stop", "length")


def test_an_exception_stands_where_a_reply_was(review: Review) -> None:
    (change,) = changes(review, "test_storm_bulletin", "error")
    assert change.kind == "added"
    assert "88 tokens" in json.dumps(change.new)


def test_one_vector_moved_and_two_are_within_tolerance(review: Review) -> None:
    (change,) = changes(review, "test_pages_as_vectors", "data")
    assert change.path == "/interactions/0/response/body/data/1/embedding"
    assert isinstance(change.new, dict)
    assert set(change.new) == {"dimension", "cosine", "largest"}
    assert change.new["dimension"] == 24
    for test in ("test_pages_as_vectors", "test_question_as_vector"):
        assert of(review, test)[0].hidden["embedding-tolerance"]


def test_the_list_of_models_gained_one_and_lost_one(review: Review) -> None:
    found = changes(review, "(models)", "data")
    assert sorted(change.kind for change in found) == ["added", "removed"]
    assert "kelp-7b-long" in json.dumps([change.new for change in found])
    assert "driftwood-3b" in json.dumps([change.old for change in found])


def test_the_new_recordings_say_how_they_came_out(review: Review) -> None:
    marks = {name_of(entry): entry.synopsis.marks for entry in review.files if entry.synopsis}
    assert marks == {"test_lost_bucket": (), "test_school_rhyme": ("length",), "test_finishes_a_sentence": ()}


def test_the_range_changes_a_rule_and_the_rule_hides_more(review: Review) -> None:
    (line,) = review.rules_changed
    assert "buoy-battery" in line
    source = open_folders(str(SAMPLE / "before"), str(SAMPLE / "after"))
    before, _ = project_config(source, str(SAMPLE / "before" / ".recdiff.toml"))
    strict = pipeline.review(source, pipeline.Options(before))
    assert of(review, "test_buoy")[0].hidden == {"buoy-battery": 1}
    assert [change.path for change in of(strict, "test_buoy")[0].changes] == [
        "/interactions/0/response/body/metadata/battery"
    ]
