"""Annotations as GitHub's runner reads them, and the summary of a step."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings

from recdiff.model import FileReview, Review
from recdiff.reports.changedlines import lines_of_changes
from recdiff.reports.github import MOST_SHOWN, SUMMARY_LIMIT, annotations, step_summary
from recdiff.reports.markdown import markdown
from recdiff.safe import visible
from tests.reports.hostile import (
    ANY_TEXT,
    BASE,
    KNOWN,
    LARGEST,
    MARK,
    SAMPLE,
    Page,
    change,
    is_golden,
    marked,
    of_folders,
    reader,
    review_of,
    sample,
)

SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
COMMANDS = {
    "error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask", "add-matcher", "remove-matcher",
    "set-output", "save-state", "set-env", "add-path", "stop-commands", "internal-set-repo-path",
}  # fmt: skip
"""What the runner obeys, of any version."""


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def unescaped(text: str, *pairs: tuple[str, str]) -> str:
    for escaped, char in (("%0D", "\r"), ("%0A", "\n"), *pairs, ("%25", "%")):
        text = text.replace(escaped, char)
    return text


def command_of(line: str) -> Command | None:
    """What the runner makes of a line, as `ActionCommand.cs` does: `::` at its beginning, else `##[` anywhere."""
    text = line.lstrip()
    end = text.find("::", 2)
    if text.startswith("::") and end >= 0:
        name, _, rest = text[2:end].partition(" ")
        if name in COMMANDS:
            found = {}
            for pair in filter(None, rest.strip().split(",")):
                key, is_pair, value = pair.partition("=")
                if is_pair and value:
                    found[key] = unescaped(value, ("%3A", ":"), ("%2C", ","))
            return Command(name, found, unescaped(text[end + 2 :]))
    start, closed = text.find("##["), text.find("]", text.find("##["))
    if 0 <= start < closed and text[start + 3 : closed].split(" ")[0] in COMMANDS:
        return Command("an old command", {}, text[closed + 1 :])
    return None


def commands(review: Review, files: dict[str, bytes] | None = None) -> list[Command]:
    """The annotations of a review as a runner reads the whole output."""
    lines = list(annotations(review, (files or {}).get))
    output = "".join(f"{line}\n" for line in lines)
    found = [command_of(line) for line in re.split("\r\n|\r|\n", output) if line]
    assert len(found) == len(lines)
    assert all(command is not None and command.name in ("error", "warning", "notice") for command in found)
    return [command for command in found if command]


@pytest.fixture(scope="module")
def review() -> Review:
    return sample()


def test_the_sample_is_annotated_as_before(review: Review) -> None:
    lines = annotations(review, reader(SAMPLE / "after"))
    assert is_golden("sample.annotations.txt", "".join(f"{line}\n" for line in lines))


def test_an_annotation_stands_at_the_line_of_the_weightiest_change(review: Review) -> None:
    read = reader(SAMPLE / "after")
    found = [command_of(line) for line in annotations(review, read)]
    by_file = {command.properties["file"]: command for command in reversed(found) if command and "file" in command[1]}
    (entry,) = (entry for entry in review.files if entry.test_id and "test_wind_with_gusts" in entry.test_id)
    told = by_file[entry.path]
    data = read(entry.path)
    assert data is not None
    assert '\\"gusts\\"' in data.decode().split("\n")[int(told.properties["line"]) - 1]
    assert told.properties["title"] == "recdiff: tool"
    assert told.data.split("\n") == [
        "tests/test_tools.py::test_wind_with_gusts[kelp-7b]",
        'tool       get_wind.gusts  true → "true"',
        "and 2 changes that other recordings share",
    ]
    (storm,) = (command for command in found if command and command.name == "error")
    assert storm.properties["title"] == "recdiff: error, finish, text"


def test_changes_that_many_share_are_annotated_once(review: Review) -> None:
    told = [line for line in annotations(review, lambda path: None) if "inference.tidepool.example" in line]
    assert len(told) == 1
    assert "the same in 8 recordings" in told[0]


def test_changed_rules_are_said_first(review: Review) -> None:
    first = next(annotations(review, lambda path: None))
    assert first.startswith("::warning title=recdiff%3A this range changes recdiff's rules::rule buoy-battery changed")


def made(count: int, change_class: str, status: str = "meaningful") -> tuple[FileReview, ...]:
    changes = (change(change_class, "a", "b", "x"),) if status == "meaningful" else ()  # type: ignore[arg-type]
    names = [f"{change_class}{number}.json" for number in range(count)]
    return tuple(FileReview(status, n, n, "path", "ogx", None, error="bad at line 4", changes=changes) for n in names)  # type: ignore[arg-type]


def test_the_weightiest_are_given_and_the_rest_is_counted() -> None:
    files = (*made(8, "text"), *made(7, "tool"), *made(6, "usage"), *made(9, "error"), *made(4, "x", "unreadable"))
    found = commands(Review("r", "o", "n", files, (), 0, rules_changed=("a rule",)))
    errors, warnings = ([c for c in found if c.name == name] for name in ("error", "warning"))
    assert len(errors) == len(warnings) == MOST_SHOWN
    assert [c.properties["title"] for c in errors] == ["recdiff: unreadable recording"] * 4 + ["recdiff: error"] * 6
    assert [c.properties["title"] for c in warnings[1:]] == ["recdiff: tool"] * 7 + ["recdiff: text"] * 2
    assert errors[0].properties == {"file": "x0.json", "line": "4", "title": "recdiff: unreadable recording"}
    (notice,) = (c for c in found if c.name == "notice")
    assert notice.data.startswith("9 more annotations")
    assert found[-1] == notice
    assert commands(Review("r", "o", "n", made(3, "usage"), (), 0)) == []


def test_what_has_no_new_file_names_none() -> None:
    gone = FileReview(
        "unreadable", "old.json", None, None, None, None, error="old side: JSON ends at line 14, column 2"
    )
    (found,) = commands(Review("r", "o", "n", (gone,), (), 0))
    assert "file" not in found.properties
    assert found.data == "old.json: old side: JSON ends at line 14, column 2"


def test_only_what_is_shown_is_read(review: Review) -> None:
    asked: list[str] = []
    files = made(500, "text")
    list(annotations(review._replace(files=files), lambda path: asked.append(path)))
    assert len(asked) < MOST_SHOWN + 1


def test_a_long_change_is_cut() -> None:
    long = tuple(change("text", "a " * 2_000, "b " * 2_000, f"choices[{number}].text") for number in range(40))
    file = FileReview("meaningful", "a", "a", "path", "ogx", "t.py::t", changes=long)
    (found,) = commands(Review("r", "o", "n", (file,), (), 0))
    lines = found.data.split("\n")
    assert len(lines) <= 13
    assert max(map(len, lines)) <= 400
    assert lines[-1] == "… and 30 more changes"


# Recorded text is but text


def check_inert(text: str) -> None:
    text = marked(text)
    for command in commands(review_of(text, times=2), {text: b"{}"}):
        assert visible(command.data, lines=True) == command.data
        assert set(command.properties) <= {"file", "line", "title"}
        assert command.properties["line" if "file" in command.properties else "title"]
        assert MARK not in command.properties["title"]
        assert command.properties.get("file", visible(text)) in (visible(text), f"{visible(text)}1")
        assert command.properties.get("line", "1").isdecimal()
    told = [command.data for command in commands(review_of(text), {})]
    assert any(visible(text) in data for data in told)


@pytest.mark.parametrize("text", KNOWN)
def test_known_strings_are_inert_in_every_field(text: str) -> None:
    check_inert(text)


@SOME
@given(ANY_TEXT)
def test_any_text_is_inert_in_every_field(text: str) -> None:
    check_inert(text)


# The summary


def test_the_summary_is_the_comment_with_another_limit(review: Review) -> None:
    read = reader(SAMPLE / "after")
    assert step_summary(review, link_base=BASE, read_new=read) == markdown(review, link_base=BASE, read_new=read)
    short = step_summary(review, limit=5_000)
    assert len(short.encode()) <= 5_000
    assert "Left out" in short
    assert SUMMARY_LIMIT < 1024 * 1024


def test_the_largest_case_of_the_corpus() -> None:
    if not LARGEST.is_dir():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    review = of_folders(LARGEST / "old", LARGEST / "new")
    read = reader(LARGEST / "new")
    assert len(step_summary(review, link_base=BASE, read_new=read).encode()) <= SUMMARY_LIMIT
    found = [command_of(line) for line in annotations(review, read)]
    assert 0 < len(found) <= 2 * MOST_SHOWN + 1
    for command in found:
        assert command is not None
        data = read(command.properties["file"])
        assert data is not None
        assert "ogx" in data.decode().split("\n")[int(command.properties["line"]) - 1].lower()
    assert Page(step_summary(review)).codes


def test_lines_are_asked_of_the_change_that_is_told(review: Review) -> None:
    entry = next(entry for entry in review.files if len(entry.changes) > 2)
    data = reader(SAMPLE / "after")(entry.path)
    assert data is not None
    one_by_one = [lines_of_changes(entry.path, data, [found])[0] for found in entry.changes]
    assert lines_of_changes(entry.path, data, entry.changes) == one_by_one
