"""recdiff from Python: the same review as on the command line, typed, and loaded when it is first asked for."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import recdiff
from recdiff.errors import GitError, RangeError, RecdiffError, RulesError, UsageError
from recdiff.model import Review
from recdiff.reports.json import report
from tests.building import RepoBuilder
from tests.cli.running import ROOT, recorded
from tests.cli.running import recdiff as run

FOLDER = "tests/recordings"
FUNCTIONS = ("html", "json", "junit", "markdown", "text")


@pytest.fixture
def changed(repo: RepoBuilder) -> RepoBuilder:
    repo.commit({f"{FOLDER}/{name}.json": recorded("one", created=1, asked=name) for name in "ab"})
    repo.branch("work")
    repo.commit({f"{FOLDER}/a.json": recorded("two"), f"{FOLDER}/b.json": recorded("one", created=2, asked="b")})
    return repo


def statuses(review: Review) -> dict[str, str]:
    return {entry.path.rpartition("/")[2]: entry.status for entry in review.files}


@pytest.mark.parametrize(
    ("revisions", "options"),
    [
        (("main...HEAD",), {}), (("main", "work"), {}), (("main",), {}), ((), {}), ((), {"staged": True}),
        (("main",), {"staged": True}), (("main..work",), {"paths": [f"{FOLDER}/b.json"]}),
        (("main..work",), {"paths": FOLDER}), (("main..work",), {"show_hidden": True}),
    ],
)  # fmt: skip
def test_it_is_the_review_of_the_command_line(
    changed: RepoBuilder, revisions: tuple[str, ...], options: dict[str, Any]
) -> None:
    changed.write(f"{FOLDER}/a.json", recorded("three"))
    changed.write(f"{FOLDER}/new.json", recorded("new", asked="new"), add=False)
    paths = options.get("paths", [])
    words = [*revisions, *(["--staged"] if "staged" in options else [])]
    words += ["--show-hidden"] if "show_hidden" in options else []
    done = run(
        changed.path, "report", *words, *(["--", *([paths] if isinstance(paths, str) else paths)] if paths else [])
    )
    review = recdiff.review(changed.path, *revisions, **options)
    assert isinstance(review, Review)
    assert report(review, show_hidden="show_hidden" in options).decode() == done.out
    assert review.files or not revisions


def test_it_works_from_elsewhere_and_leaves_nothing(changed: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    before, running = changed.state(), children()
    folder = changed.path / "tests"
    assert statuses(recdiff.review(str(folder), "main...HEAD")) == {"a.json": "meaningful", "b.json": "noise"}
    assert statuses(recdiff.review(folder, "main", paths="recordings/b.json")) == {"b.json": "noise"}
    monkeypatch.chdir(folder)
    assert len(recdiff.review(".", "main").files) == len(recdiff.review().files) + 2
    assert changed.state() == before
    assert children() <= running


def children() -> set[str]:
    """The processes that this one has started and that still run."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    if not listed.exists():
        return set()
    return {pid for pid in listed.read_text().split() if b"cat-file" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_a_config_of_its_own(changed: RepoBuilder, tmp_path: Path) -> None:
    config = tmp_path / "rules.toml"
    config.write_text('disable = ["created"]\n')
    assert statuses(recdiff.review(changed.path, "main", config=config))["b.json"] == "meaningful"
    config.write_text("disabl = []\n")
    with pytest.raises(RulesError, match=r"rules\.toml, line 1: unknown key 'disabl'; did you mean 'disable'\?"):
        recdiff.review(changed.path, "main", config=str(config))
    with pytest.raises(UsageError, match="cannot be read"):
        recdiff.review(changed.path, "main", config=tmp_path / "nowhere")


def test_a_change_of_rules_and_hidden_leaves_are_part_of_it(changed: RepoBuilder) -> None:
    changed.commit({".recdiff.toml": 'disable = ["created"]\n'})
    review = recdiff.review(changed.path, "main...HEAD")
    assert review.rules_changed == ("default rule created turned off",)
    assert not any(entry.hidden_leaves for entry in review.files)
    for options in ({"show_hidden": True}, {"samples": 1}):
        shown = recdiff.review(changed.path, "main...HEAD", **options)  # type: ignore[arg-type]
        assert any(entry.hidden_leaves for entry in shown.files)


@pytest.mark.parametrize(
    ("error", "revisions", "options", "said"),
    [
        (RangeError, ("mian",), {}, "did you mean 'main'"),
        (RangeError, ("main",), {"paths": ["nowhere"]}, "path 'nowhere' names nothing"),
        (UsageError, ("main", "work", "HEAD"), {}, "at most two revisions"),
        (UsageError, ("main...HEAD",), {"staged": True}, "--staged compares"),
    ],
)
def test_what_cannot_be_is_an_error_of_recdiff(
    changed: RepoBuilder, error: type[RecdiffError], revisions: tuple[str, ...], options: dict[str, Any], said: str
) -> None:
    running = children()
    with pytest.raises(error, match=said) as caught:
        recdiff.review(changed.path, *revisions, **options)
    assert isinstance(caught.value, RecdiffError) and "\n" not in str(caught.value)
    assert children() <= running


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        recdiff.review(tmp_path)


def test_a_start_loads_nothing() -> None:
    script = (
        "import sys; before = set(sys.modules); import recdiff; recdiff.__version__\n"
        "assert set(sys.modules) - before == {'recdiff'}, set(sys.modules) - before\n"
        "assert recdiff.review is recdiff.review and recdiff.review.__module__ == 'recdiff.api'\n"
        "assert not {'recdiff.pipeline', 'git', 'deepdiff', 'jinja2', 'textual', 'click'} & set(sys.modules)\n"
        "assert recdiff.reports.__name__ == 'recdiff.reports'\n"
        "assert not {'recdiff.reports.html', 'recdiff.reports.markdown', 'jinja2'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'recdiff' has no attribute 'reviews'"):
        recdiff.reviews  # type: ignore[attr-defined]  # noqa: B018
    assert set(recdiff.__all__) == {"__version__", "reports", "review"}
    assert all(hasattr(recdiff, name) for name in recdiff.__all__)


def test_it_is_typed(tmp_path: Path) -> None:
    mypy = pytest.importorskip("mypy.api")
    good = (
        "import recdiff\nfrom recdiff.model import Review\n\n"
        'found: Review = recdiff.review(".", "main...HEAD", paths=["a"], staged=False, config=None)\n'
    )
    bad = "count: int = recdiff.review('.')\nrecdiff.review('.', path=['a'])\nrecdiff.nowhere\n"
    (tmp_path / "use.py").write_text(good + bad)
    options = ["--strict", "--follow-imports=silent", f"--config-file={os.devnull}", str(tmp_path / "use.py")]
    told, _, code = mypy.run([f"--cache-dir={os.devnull}", *options])
    lines = [line for line in told.splitlines() if ": error: " in line]
    assert code == 1 and [line.split(":")[1] for line in lines] == ["5", "6", "7"], told


# -------------------------------------------------------------------------------------------------------- reports

NEED_FUNCTIONS = pytest.mark.skipif(
    not callable(getattr(recdiff.reports, "markdown", None)), reason="recdiff.reports has no functions yet"
)


@NEED_FUNCTIONS
def test_reports_are_functions_of_a_review(changed: RepoBuilder) -> None:
    review = recdiff.review(changed.path, "main...HEAD", samples=2)
    told = {name: getattr(recdiff.reports, name)(review) for name in FUNCTIONS}
    assert all(isinstance(text, str) and text.strip() for text in told.values())
    assert told["markdown"].startswith("**recdiff: 1 of 2 re-recorded files changed in meaning**")
    assert json.loads(told["json"])["summary"]["files"] == 2
    assert told["text"] == run(changed.path, "diff", "main...HEAD").out
    assert told["html"].lower().startswith("<!doctype html>") and "<testsuites" in told["junit"]
    full = recdiff.reports.text(recdiff.review(changed.path, "main", show_hidden=True), full=True, show_hidden=True)
    assert full == run(changed.path, "diff", "main", "--full", "--show-hidden").out
    linked = recdiff.reports.markdown(review, limit=5_000, link_base="https://host.example/blob/abc")
    assert f"https://host.example/blob/abc/{FOLDER}/a.json" in linked and len(linked) <= 5_000


@NEED_FUNCTIONS
@pytest.mark.parametrize("first", ["import recdiff.reports.{0}", "from recdiff.reports.{0} import *", "import recdiff"])
def test_a_function_stays_one_whatever_was_imported_before(first: str) -> None:
    names = json.dumps(FUNCTIONS)
    script = "\n".join(first.format(name) for name in FUNCTIONS) + (
        f"\nimport recdiff, sys, types\nfor name in {names}:\n"
        "    function = getattr(recdiff.reports, name)\n"
        "    assert isinstance(function, types.FunctionType) and function.__module__ == 'recdiff.reports', function\n"
        "    __import__(f'recdiff.reports.{name}')\n"
        "    assert getattr(recdiff.reports, name) is function\n"
        "    assert isinstance(sys.modules[f'recdiff.reports.{name}'], types.ModuleType)\n"
        "    assert function.__doc__\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@NEED_FUNCTIONS
def test_modules_beside_the_functions_are_attributes_as_ever() -> None:
    module = importlib.import_module("recdiff.reports.names")
    assert recdiff.reports.names is module  # type: ignore[attr-defined]
    assert set(recdiff.reports.__all__) == set(FUNCTIONS)
