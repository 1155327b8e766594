"""The JUnit report: its structure, what fails and what passes, and that recorded text is but text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from recdiff.model import Review
from recdiff.reports.junit import junit
from recdiff.safe import visible
from tests.reports.hostile import (
    ANY_TEXT,
    KNOWN,
    LARGEST,
    change,
    is_golden,
    marked,
    of_folders,
    review_of,
    sample,
)
from tests.reports.test_github import made

SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "property": set(),
    "testcase": {"failure", "error", "skipped", "system-out"},
    "failure": set(),
    "error": set(),
    "skipped": set(),
    "system-out": set(),
}
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"classname", "name", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "system-out": set(),
}


def parsed(review: Review) -> ElementTree.Element:
    """The report of a review, after all that holds for every report was checked."""
    text = junit(review)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites')
    root = ElementTree.fromstring(text.encode("utf-8"))
    for element in root.iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= INSIDE[element.tag]
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(key) == str(sum(case.find(tag) is not None for case in cases))
        for case in cases:
            assert sum(case.find(tag) is not None for tag in ("failure", "error", "skipped")) <= 1
    for key in ("tests", "failures", "errors", "skipped"):
        assert root.get(key) == str(sum(int(suite.get(key, "")) for suite in root))
    assert sum(int(item.get("value", "")) for item in root.iter("property")) == len(review.files)
    return root


@pytest.fixture(scope="module")
def review() -> Review:
    return sample()


def case_of(root: ElementTree.Element, name: str) -> ElementTree.Element:
    (found,) = (case for case in root.iter("testcase") if case.get("name", "").startswith(name))
    return found


def test_the_sample_is_told_as_before(review: Review) -> None:
    assert is_golden("sample.junit.xml", junit(review))


def test_each_test_file_is_a_suite_and_each_test_a_case(review: Review) -> None:
    root = parsed(review)
    assert [suite.get("name") for suite in root] == [
        "recdiff", "tests/recordings", "tests/test_hours.py", "tests/test_outlook.py", "tests/test_search.py",
        "tests/test_tools.py", "tests/test_visitors.py",
    ]  # fmt: skip
    assert len({(case.get("classname"), case.get("name")) for case in root.iter("testcase")}) == int(
        root.get("tests", "")
    )


def test_meaning_fails_errors_are_errors_and_noise_passes(review: Review) -> None:
    root = parsed(review)
    failure = case_of(root, "test_wind_with_gusts").find("failure")
    assert failure is not None
    assert failure.get("type") == "tool, request, model"
    assert 'get_wind.gusts  true → "true"' in (failure.text or "")
    assert case_of(root, "test_storm_bulletin").find("error") is not None
    for name in ("test_buoy", "test_joke", "test_lost_bucket", "test_finishes_a_sentence"):
        assert [child.tag for child in case_of(root, name)] == ["system-out"]
    output = case_of(root, "test_tide_and_moon").findtext("system-out") or ""
    assert len(output.splitlines()) == 3
    assert "hidden 4 differences: created 1, renamed-id 1" in output
    both = case_of(root, "test_two_harbours_at_once").find("failure")
    assert both is not None
    assert "2 of 2 recordings changed in meaning" in both.get("message", "")


def test_what_cannot_be_read_is_an_error() -> None:
    root = parsed(Review("r", "o", "n", (*made(1, "a/x", "unreadable"), *made(1, "error"), *made(1, "text")), (), 0))
    errors = [error.get("type") for error in root.iter("error")]
    assert sorted(map(str, errors)) == ["error", "unreadable"]
    assert [failure.get("type") for failure in root.iter("failure")] == ["text"]
    assert {suite.get("name") for suite in root} == {"a", "."}


def test_changed_rules_and_notes_are_skipped_cases() -> None:
    root = parsed(Review("r", "o", "n", (), (), 0, notes=("a", "b"), rules_changed=("c",)))
    assert [(case.get("name"), case.findtext("skipped")) for case in root.iter("testcase")] == [
        ("this range changes recdiff's rules", "c"),
        ("notes", "a\nb"),
    ]
    assert len(parsed(Review("r", "o", "n", (), (), 0))) == 0


def test_the_same_review_is_the_same_text(review: Review) -> None:
    turned = review._replace(files=review.files[::-1])
    assert junit(turned) == junit(review)


def check_inert(text: str) -> None:
    text = marked(text)
    root = parsed(review_of(text, times=2))
    shown = visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    texts = [value for element in root.iter() for value in (*element.attrib.values(), element.text or "")]
    for value in texts:
        assert visible(value, lines=True) == value
    assert sum(shown in value for value in texts) > 10
    assert len(list(root.iter("testcase"))) < 40


@pytest.mark.parametrize("text", KNOWN)
def test_known_strings_are_inert_in_every_field(text: str) -> None:
    check_inert(text)


@SOME
@given(ANY_TEXT)
def test_any_text_is_inert_in_every_field(text: str) -> None:
    text = marked(text)
    parsed(review_of(text, times=2))
    parsed(
        review_of(text)._replace(files=(review_of(text).files[0]._replace(changes=(change("text", text, 1, text),)),))
    )


def test_the_largest_case_of_the_corpus() -> None:
    if not LARGEST.is_dir():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    root = parsed(of_folders(LARGEST / "old", LARGEST / "new"))
    assert int(root.get("failures", "")) > 50
    assert root.get("errors") == "0"
