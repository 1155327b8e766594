"""`recdiff report` in every format, as a script or a workflow calls it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.building import RepoBuilder
from tests.cli.running import recdiff, recorded

RANGE = ("HEAD~1", "HEAD")
PLACE = "tests/recordings/a.json"


@pytest.fixture
def changed(repo: RepoBuilder) -> RepoBuilder:
    repo.commit({PLACE: recorded("The tide is low")})
    repo.commit({PLACE: recorded("The tide is high <script>alert(1)</script> @all")})
    return repo


@pytest.mark.parametrize("form", ["json", "text", "markdown", "github", "html", "junit"])
def test_every_format_goes_to_stdout_or_into_a_file(changed: RepoBuilder, tmp_path: Path, form: str) -> None:
    done = recdiff(changed.path, "report", *RANGE, "--format", form)
    assert (done.code, done.err) == (0, "") and "tide" in done.out
    target = tmp_path / "report"
    assert recdiff(changed.path, "report", *RANGE, "--format", form, "-o", str(target)).out == ""
    assert target.read_text("utf-8") == done.out


def test_what_the_formats_are(changed: RepoBuilder) -> None:
    said = {form: recdiff(changed.path, "report", *RANGE, "--format", form).out for form in ("json", "html", "junit")}
    assert json.loads(said["json"])["schema"] == "recdiff.report/1"
    assert said["html"].startswith("<!doctype html>") and "<script>alert(1)" not in said["html"]
    assert ElementTree.fromstring(said["junit"]).tag == "testsuites"


def test_a_workflow_gets_its_summary_in_its_file(changed: RepoBuilder, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    done = recdiff(changed.path, "report", *RANGE, "--format", "github", environment=environment)
    assert done.code == 0 and done.out.startswith(f"::warning file={PLACE},line=") and "**recdiff" not in done.out
    assert summary.read_text("utf-8").startswith("before\n**recdiff: 1 of 1 re-recorded file")


def test_links_lead_to_the_line(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "report", *RANGE, "--format", "markdown", "--link-base", "https://host.example/blob/x")
    assert f"https://host.example/blob/x/{PLACE}#L" in done.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "html", "--show-hidden"], "--show-hidden goes with json and text"),
        (["--format", "markdown", "--link-base", "javascript:alert(1)"], "give an address that begins with https://"),
        (["--format", "markdown", "-o", "missing/folder/x.md"], "missing/folder/x.md: cannot be written"),
        (["--format", "markdown", "--limit", "10"], "--limit"),
    ],
)
def test_what_cannot_be_is_one_line(changed: RepoBuilder, options: list[str], said: str) -> None:
    done = recdiff(changed.path, "report", *RANGE, *options)
    assert done.code == 2 and said in done.err and done.err.count("\n") == 1 and done.out == ""
