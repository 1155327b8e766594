"""`recdiff diff` and `recdiff report` from the outside: output, options, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.cli.running import ROOT, recdiff, recorded, report


@pytest.fixture
def changed(repo: RepoBuilder) -> RepoBuilder:
    """A range of one text change, one noise-only file, one added and one removed recording, and a code file."""
    folder = "tests/recordings"
    repo.commit(
        {
            f"{folder}/text.json": recorded("The capital is Lyon.", test_id="tests/test_a.py::test_capital"),
            f"{folder}/noise.json": recorded(created=1),
            f"{folder}/gone.json": recorded("x", asked="What was?", test_id="tests/test_a.py::test_gone"),
            "code.py": "one",
        }
    )
    repo.commit(
        {
            f"{folder}/text.json": recorded("The capital is Paris.", test_id="tests/test_a.py::test_capital"),
            f"{folder}/noise.json": recorded(created=2),
            f"{folder}/gone.json": None,
            f"{folder}/new.json": recorded(
                "Half an ans",
                asked="Tell me a long tale of the sea",
                finish="length",
                test_id="tests/test_b.py::test_new",
            ),
            "code.py": "two",
        }
    )
    return repo


def test_the_summary_comes_first_and_every_kind_has_its_place(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD")
    assert done.code == 0 and done.err == ""
    assert done.lines[0].startswith("4 files: 1 meaningful, 1 noise, 1 added, 1 removed")
    assert "1 other file skipped" in done.lines[1]
    text = done.out
    assert "━━ tests/test_a.py ━━" in text and "test_capital" in text
    assert "The capital is [-Lyon-]{+Paris+}." in text
    assert "Added: 1 recording" in text and "⚑ length" in text and "Tell me a long tale" in text
    assert "Removed: 1 recording" in text and "test_gone" in text
    assert "Noise only: 1 recording" in text and "created 1" in text


def test_no_colour_and_no_control_characters_without_a_terminal(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD")
    assert "\x1b" not in done.out
    coloured = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--color", "always")
    assert "\x1b[31m[-Lyon-]\x1b[m" in coloured.out
    paged = {"GIT_PAGER_IN_USE": "true", "COLUMNS": ""}  # whoever runs the tests may have set a width
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", environment=paged).out == coloured.out
    silenced = {**paged, "NO_COLOR": "1"}
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", environment=silenced).out == done.out


def test_one_noise_only_file_is_one_line(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--", "tests/recordings/noise.json")
    assert done.lines == [
        "tests/recordings/noise.json: no meaningful change (2 differences hidden: created 1, response-id 1)"
    ]


def test_nothing_differs(changed: RepoBuilder) -> None:
    assert recdiff(changed.path, "diff", "HEAD", "HEAD").lines == ["No recordings differ between HEAD and HEAD."]
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--", "code.py")
    assert done.lines == ["No recordings differ between HEAD~1 and HEAD (1 other file does)."]


def test_names_and_stat(changed: RepoBuilder) -> None:
    names = [f"tests/recordings/{name}.json" for name in ("gone", "new", "text")]
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--name-only").lines == names
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--name-only", "-z")
    assert done.out == "".join(f"{name}\0" for name in names)
    stat = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--stat").lines
    assert " tests/recordings/text.json | text 1" in stat
    assert stat[-2].startswith("4 files: ")


def test_names_of_odd_paths(repo: RepoBuilder) -> None:
    odd = "tests/recordings/a b\n“ü”\t.json"
    repo.commit({odd: recorded("one")})
    repo.commit({odd: recorded("two")})
    assert recdiff(repo.path, "diff", "HEAD~1", "HEAD", "--name-only", "-z").out == f"{odd}\0"
    assert recdiff(repo.path, "diff", "HEAD~1", "HEAD", "--name-only").lines == ["tests/recordings/a b⏎“ü”⇥.json"]
    assert [entry["new_path"] for entry in report(repo.path, "HEAD~1", "HEAD")["files"]] == [odd]


def test_a_path_that_is_no_utf8(repo: RepoBuilder) -> None:
    odd = b"tests/recordings/\xff.json"
    repo.commit({odd: recorded("one")})
    repo.commit({odd: recorded("two")})
    done = subprocess.run(
        [sys.executable, "-m", "recdiff", "diff", "HEAD~1", "HEAD", "--name-only", "-z"],
        cwd=repo.path, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout == odd + b"\0"
    assert "udcff" in recdiff(repo.path, "diff", "HEAD~1", "HEAD").out
    assert report(repo.path, "HEAD~1", "HEAD")["summary"]["files"] == 1


def test_filters(changed: RepoBuilder) -> None:
    only = report(changed.path, "HEAD~1", "HEAD", "--only", "text")
    assert [entry["new_path"] for entry in only["files"]] == ["tests/recordings/text.json"]
    assert only["summary"]["files"] == 1
    assert report(changed.path, "HEAD~1", "HEAD", "--only", "tool,error")["files"] == []
    broken_off = report(changed.path, "HEAD~1", "HEAD", "--only", "tool,finish")["files"]
    assert [(entry["status"], entry["new_path"]) for entry in broken_off] == [("added", "tests/recordings/new.json")]
    statuses = report(changed.path, "HEAD~1", "HEAD", "--status", "noise", "--status", "added")
    assert [entry["status"] for entry in statuses["files"]] == ["added", "noise"]
    tests = report(changed.path, "HEAD~1", "HEAD", "--test", "test_cap*")
    assert [entry["test_id"] for entry in tests["files"]] == ["tests/test_a.py::test_capital"]


def test_hidden_and_raw(changed: RepoBuilder) -> None:
    hidden = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--show-hidden").out
    assert "response-id          /response/body/__data__/id  [-chatcmpl-1-]" not in hidden  # words, no brackets
    assert "/response/body/__data__/created  1 → 2" in hidden
    raw = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--raw", "--status", "noise").out
    assert '-        "created": 1,' in raw.splitlines() or '-      "created": 1,' in raw.splitlines()


def test_exit_codes(changed: RepoBuilder) -> None:
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--exit-code").code == 1
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--exit-code", "--status", "noise").code == 0
    assert recdiff(changed.path, "report", "HEAD~1", "HEAD", "--exit-code").code == 1
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--strict").code == 0
    changed.commit({"tests/recordings/text.json": "{"})
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD").code == 0
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--strict").code == 2
    assert recdiff(changed.path, "report", "HEAD~1", "HEAD", "--strict", "--exit-code").code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["diff", "mian"], "recdiff: no revision 'mian' (did you mean 'main'?)"),
        (["diff", "HEAD~9", "HEAD"], "recdiff: no revision 'HEAD~9'"),
        (["diff", "--only", "txt"], "recdiff: no class 'txt'; did you mean 'text'?"),
        (["diff", "--status", "nosie"], "recdiff: no status 'nosie'; did you mean 'noise'?"),
        (["diff", "--onyl", "text"], "recdiff: No such option '--onyl'"),
        (["diff", "HEAD", "--", "nowhere.json"], "recdiff: path 'nowhere.json'"),
        (["diff", "--no-index", "one"], "recdiff: --no-index takes two folders or two files"),
        (["diff", "--no-index", "one", "two"], "recdiff: no file or folder 'one'"),
        (["diff", "--config", "nowhere.toml"], "recdiff: nowhere.toml: cannot be read"),
        (["report", "--format", "xml"], "recdiff: Invalid value for '--format'"),
        (["report", "-o", "nowhere/at/all.json", "HEAD"], "recdiff: nowhere/at/all.json: cannot be written"),
        (["show"], "recdiff: show takes at least one FILE"),
        (["show", "nowhere.json"], "recdiff: nowhere.json: no such file"),
        (["show", "HEAD:nowhere.json"], "recdiff: HEAD:nowhere.json: no such file"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(changed: RepoBuilder, arguments: list[str], message: str) -> None:
    done = recdiff(changed.path, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message)
    assert done.err.count("\n") == 1


def test_outside_a_repository(tmp_path: Path) -> None:
    done = recdiff(tmp_path, "diff")
    assert done.code == 2
    assert done.err.startswith("recdiff: not a git repository") and "--no-index" in done.err


def test_two_folders_and_two_files(tmp_path: Path) -> None:
    for side, text in (("old", "one"), ("new", "two")):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.json").write_text(recorded(text))
    folders = report(tmp_path, "--no-index", "old", "new")
    assert [entry["changes"][0]["class"] for entry in folders["files"]] == ["text"]
    files = report(tmp_path, "--no-index", "old/a.json", "new/a.json")
    assert files["files"][0]["changes"] == folders["files"][0]["changes"]


def test_two_plain_json_files_are_compared_by_their_structure(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"__x": [1, 2], "same": 1}')
    (tmp_path / "b.json").write_text('{"__x": [1, true], "same": 1}')
    entry = report(tmp_path, "--no-index", "a.json", "b.json")["files"][0]
    assert (entry["format"], entry["status"]) == ("json", "meaningful")
    assert [(change["path"], change["old"], change["new"]) for change in entry["changes"]] == [
        ("/extra/__x/1", 2, True)
    ]


def test_the_work_tree_with_untracked_recordings_and_the_index(repo: RepoBuilder) -> None:
    repo.commit({"recordings/a.json": recorded("one")})
    repo.write("recordings/a.json", recorded("two"))
    repo.write("recordings/b.json", recorded("new"), add=False)
    assert {entry["status"] for entry in report(repo.path)["files"]} == {"meaningful", "added"}
    assert [entry["status"] for entry in report(repo.path, "--staged")["files"]] == ["meaningful"]
    subfolder = report(repo.path / "recordings", "--", "a.json")
    assert [entry["new_path"] for entry in subfolder["files"]] == ["recordings/a.json"]


def test_a_project_that_changes_its_rules_says_so_first(repo: RepoBuilder) -> None:
    rule = '[[rules]]\nname = "tier"\nselector = "response.**.service_tier"\naction = "hide"\nreason = "it varies"\n'
    repo.commit({"recordings/a.json": recorded(service_tier="a")})
    repo.commit({"recordings/a.json": recorded(service_tier="b"), ".recdiff.toml": rule})
    found = report(repo.path, "HEAD~1", "HEAD")
    assert found["summary"]["noise"] == 1 and found["summary"]["hidden"] == {"tier": 1}
    assert found["rules_changed"] == ["rule tier added: hide response.**.service_tier"]
    first = recdiff(repo.path, "diff", "HEAD~1", "HEAD").lines[:2]
    assert first == ["━━ This range changes recdiff's rules ━━", "  rule tier added: hide response.**.service_tier"]
    repo.commit({".recdiff.toml": rule.replace("selector", "selectr")})
    done = recdiff(repo.path, "diff", "HEAD~1", "HEAD")
    assert done.code == 2
    assert done.err == "recdiff: .recdiff.toml, line 3: unknown key 'selectr' in [[rules]]; did you mean 'selector'?\n"


def test_report_into_a_file(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "report", "HEAD~1", "HEAD", "-o", "review.json")
    assert (done.code, done.out) == (0, "")
    assert json.loads((changed.path / "review.json").read_text())["schema"] == "recdiff.report/1"
    assert [path.name for path in changed.path.iterdir() if path.name.startswith(".review")] == []


def test_a_reader_that_leaves_and_a_full_disk(changed: RepoBuilder) -> None:
    command = f"{sys.executable} -m recdiff diff HEAD~1 HEAD"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for buffered in ("", "1"):
        done = subprocess.run(
            ["bash", "-c", f"{command} | head -n 1 ; echo ${{PIPESTATUS[0]}}"],
            cwd=changed.path, capture_output=True, env={**env, "PYTHONUNBUFFERED": buffered}, check=True,
        )  # fmt: skip
        assert done.stderr == b"" and done.stdout.endswith(b"\n0\n")
    if Path("/dev/full").exists():
        full = subprocess.run(
            ["bash", "-c", f"{command} > /dev/full"], cwd=changed.path, capture_output=True, env=env, check=False
        )
        assert full.returncode == 2
        assert full.stderr == b"recdiff: stdout cannot be written: no space left on device\n"
    closed = subprocess.run(
        ["bash", "-c", f"{command} >&-"], cwd=changed.path, capture_output=True, env=env, check=False
    )
    assert (closed.returncode, closed.stderr) == (0, b"")


def test_interrupted(repo: RepoBuilder) -> None:
    """Ctrl-C while git's answer is awaited: silence, and 130."""
    repo.commit({f"recordings/{number}.json": recorded(str(number)) for number in range(3)})
    script = (
        "import os, signal\nfrom recdiff import pipeline\nfrom recdiff.cli import run\n"
        "def review(*_): os.kill(os.getpid(), signal.SIGINT); signal.pause()\n"
        "pipeline.review = review\nraise SystemExit(run(['diff', 'HEAD']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repo.path, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, b"", b"")
    assert signal.SIGINT == 2


def test_a_bug_is_one_line_unless_it_is_looked_for(repo: RepoBuilder) -> None:
    repo.commit({"recordings/a.json": recorded()})
    script = (
        "from recdiff import pipeline\nfrom recdiff.cli import run\n"
        "def review(*_): raise ZeroDivisionError('oops')\n"
        "pipeline.review = review\nraise SystemExit(run(['diff', 'HEAD']))"
    )
    env = {name: value for name, value in os.environ.items() if name != "RECDIFF_DEBUG"} | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], cwd=repo.path, capture_output=True, env=env, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"recdiff: this is a bug in recdiff: ZeroDivisionError: oops")
    assert done.stderr.count(b"\n") == 1


def test_hostile_text_is_shown_and_never_obeyed(repo: RepoBuilder) -> None:
    hostile = "safe \x1b[2J\x1b]0;title\x07 \u202egnp.exe \x9b31m [/red] \r overwritten"
    repo.commit({"recordings/a.json": recorded("safe words")})
    repo.commit({"recordings/a.json": recorded(hostile, test_id=f"tests/test_a.py::test_x[{hostile}]")})
    for arguments in (["diff", "HEAD~1", "HEAD"], ["diff", "HEAD~1", "HEAD", "--show-hidden", "--raw", "--full"]):
        out = recdiff(repo.path, *arguments).out
        assert not {"\x1b", "\x07", "\u202e", "\x9b", "\r"} & set(out)
        assert "\\x1b[2J" in out and "\\u202e" in out
    shown = recdiff(repo.path, "show", "--format", "text", "recordings/a.json").out
    assert not {"\x1b", "\x07", "\u202e", "\x9b", "\r"} & set(shown)


def test_json_holds_any_recorded_text(repo: RepoBuilder) -> None:
    repo.commit({"recordings/a.json": recorded("one")})
    surrogate = recorded("two").replace('"two"', '"\\ud800 two"').replace('"created": 1', '"created": NaN')
    repo.commit({"recordings/a.json": surrogate})
    change = report(repo.path, "HEAD~1", "HEAD")["files"][0]["changes"][0]
    assert change["class"] == "text" and change["new"].endswith(" two")
