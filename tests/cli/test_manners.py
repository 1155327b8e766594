"""How the command line behaves towards its surroundings: pagers, pipes, devices, filters, and what they are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.cli.running import ROOT, recdiff, recorded, report
from tests.cli.terminal import ended_in_terminal

FOLDER = "tests/recordings"
DIFF = [sys.executable, "-m", "recdiff", "diff", "HEAD~1", "HEAD"]


@pytest.fixture
def changed(repo: RepoBuilder) -> RepoBuilder:
    """Texts that changed in two recordings, usage in four, one broken file, one added exception, one added answer."""
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    other = {"prompt_tokens": 1, "completion_tokens": 5, "total_tokens": 6}
    before = {f"{FOLDER}/{n}.json": recorded("one", asked=str(n), usage=usage) for n in range(4)}
    after = {f"{FOLDER}/{n}.json": recorded("two" if n < 2 else "one", asked=str(n), usage=other) for n in range(4)}
    raised = json.loads(recorded("x", test_id="tests/test_b.py::test_raise", asked="raise"))
    raised["response"] = {"body": None, "is_exception": True, "exception_message": "boom", "exception_data": {}}
    repo.commit({**before, f"{FOLDER}/broken.json": recorded("whole"), "code.py": "x"})
    repo.commit(
        {
            **after,
            f"{FOLDER}/broken.json": "{",
            f"{FOLDER}/raised.json": json.dumps(raised),
            f"{FOLDER}/added.json": recorded("fine", test_id="tests/test_c.py::test_c", asked="Is the harbour open?"),
            "code.py": "y",
        }
    )
    return repo


# Pagers and pipes


@pytest.mark.parametrize("pager", ["true", "head -n 1", "cat >/dev/null"])
def test_leaving_the_pager_early_is_no_verdict(changed: RepoBuilder, pager: str) -> None:
    told, code = ended_in_terminal(changed.path, *DIFF, "--full", environment={"GIT_PAGER": pager})
    assert code == 0 and "Error" not in told
    assert ended_in_terminal(changed.path, *DIFF, "--exit-code", environment={"GIT_PAGER": pager})[1] == 1


def test_a_pager_that_cannot_be_run_costs_nothing(changed: RepoBuilder) -> None:
    told, code = ended_in_terminal(changed.path, *DIFF, environment={"GIT_PAGER": "no-such-pager"})
    assert code == 0 and "the pager 'no-such-pager' cannot be run" in told and "7 files" in told


def test_ctrl_c_in_the_pager_waits_for_the_pager(changed: RepoBuilder) -> None:
    script = (
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}); print(1, flush=True); "
        "signal.sigwait({signal.SIGINT}); print(10 ** 6 + 1)"
    )
    pager = {"GIT_PAGER": f"{sys.executable} -c '{script}'"}
    told, code = ended_in_terminal(changed.path, *DIFF, environment=pager, keys=b"\x03", until=b"1")
    assert code == 0 and "1000001" in told


def test_raw_lines_go_through_the_same_pager(changed: RepoBuilder) -> None:
    pager = f"{sys.executable} -c 'import sys; print(\"PAGED\"); print(sys.stdin.read())'"
    told, _ = ended_in_terminal(changed.path, *DIFF, "--raw", environment={"GIT_PAGER": pager})
    assert told.count("PAGED") == 1 and "@@" in told


def test_a_reader_that_leaves_does_not_change_the_verdict(changed: RepoBuilder) -> None:
    for n in range(4):
        changed.write(f"{FOLDER}/{n}.json", recorded("word " * 30_000, asked=str(n)))
    command = f"{sys.executable} -m recdiff diff HEAD --full --exit-code | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=changed.path, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
def test_nowhere_to_write(changed: RepoBuilder) -> None:
    for command, code in (("diff mian 2>/dev/full", 2), ("diff --help >/dev/full", 2), ("diff HEAD >/dev/full", 2)):
        done = subprocess.run(
            f"{sys.executable} -m recdiff {command}", shell=True, cwd=changed.path, capture_output=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode == code
        assert b"bug" not in done.stderr and b"Traceback" not in done.stderr


def test_a_report_goes_through_links_and_pipes_and_leaves_them(changed: RepoBuilder, tmp_path: Path) -> None:
    real, link, pipe = tmp_path / "real.json", tmp_path / "link.json", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    assert recdiff(changed.path, "report", "HEAD~1", "HEAD", "-o", str(link)).code == 0
    assert link.is_symlink() and json.loads(real.read_text())["schema"] == "recdiff.report/1"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert recdiff(changed.path, "report", "HEAD~1", "HEAD", "-o", str(pipe)).code == 0
    reader.join(timeout=30)
    assert pipe.is_fifo() and read[0].rstrip() == real.read_bytes().rstrip()


# Filters


def test_a_filter_that_nothing_passes_says_so(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--only", "model", "--", f"{FOLDER}/0.json")
    assert done.out == "None of 1 differing recording is of --only model.\n"


def test_a_class_that_was_asked_for_is_shown(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--only", "usage")
    assert done.lines[0].startswith("5 of 7 files (--only usage): 4 minor, 1 unreadable")
    assert "usage         4 recordings   usage.completion_tokens  2 → 5" in done.out
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--only", "usage", "--exit-code").code == 0
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--only", "text", "--exit-code").code == 1


def test_groups_count_what_is_shown(changed: RepoBuilder) -> None:
    found = report(changed.path, "HEAD~1", "HEAD", "--status", "minor")
    assert {group["files"] for group in found["groups"]} == {2}
    assert found["summary"]["files"] == 2


def test_no_filter_hides_a_broken_file_but_its_status(changed: RepoBuilder) -> None:
    for words in (["--only", "text"], ["--test", "test_x"], ["--only", "model", "--test", "nothing"]):
        done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--strict", *words)
        assert done.code == 2 and "broken.json: " in done.out
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--strict", "--status", "meaningful").code == 0


def test_an_added_exception_is_an_error(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--only", "error,tool,finish")
    assert "⚑ exception" in done.out and "test_c" not in done.out


def test_full_opens_every_number(changed: RepoBuilder) -> None:
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD")
    assert "(--full names the files)" in done.out and "1 other file skipped (--full)" in done.out
    full = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--full")
    for path in (f"{FOLDER}/0.json", f"{FOLDER}/raised.json", f"{FOLDER}/added.json"):
        assert f" {path}\n" in full.out
    assert "━━ Skipped: 1 other file ━━\n code.py" in full.out


@pytest.mark.parametrize("words", [["--name-only", "--stat"], ["--raw", "--name-only"], ["-z"]])
def test_options_that_cannot_go_together(changed: RepoBuilder, words: list[str]) -> None:
    assert recdiff(changed.path, "diff", "HEAD~1", "HEAD", *words).code == 2


def test_the_short_form_has_the_options_of_diff(changed: RepoBuilder) -> None:
    assert recdiff(changed.path, "HEAD~1", "HEAD", "--exit-code").code == 1
    assert recdiff(changed.path, "HEAD~1", "HEAD", "--strict").code == 2
    assert recdiff(changed.path, "dif", "HEAD").err == (
        "recdiff: no revision 'dif'; did you mean the command `recdiff diff`?\n"
    )


def test_rules_alone_is_help(repo: RepoBuilder) -> None:
    done = recdiff(repo.path, "rules")
    assert done.code == 0 and "list" in done.out and "⏎" not in done.out


# What is said


def test_a_change_of_the_rules_is_said_in_every_form(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    repo.commit({f"{FOLDER}/a.json": recorded("two"), ".recdiff.toml": 'disable = ["created"]\n'})
    for words in ([], ["--stat"]):
        assert recdiff(repo.path, "diff", "HEAD~1", "HEAD", *words).out.startswith("━━ This range changes")
    named = recdiff(repo.path, "diff", "HEAD~1", "HEAD", "--name-only")
    assert "default rule created turned off" in named.err and named.out == f"{FOLDER}/a.json\n"


@pytest.mark.parametrize("setting", [("diff.orderFile", "/no/such/file"), ("diff.noprefix", "true")])
def test_raw_lines_do_not_obey_settings_of_diff(changed: RepoBuilder, setting: tuple[str, str]) -> None:
    changed.config(*setting)
    done = recdiff(changed.path, "diff", "HEAD~1", "HEAD", "--raw", environment={"GIT_DIFF_OPTS": "-u0"})
    context = [
        line for line in done.out.partition("@@ -")[2].splitlines() if line.startswith("  ") and '"role"' in line
    ]
    assert done.code == 0 and context


def test_json_holds_no_byte_that_a_terminal_obeys(repo: RepoBuilder) -> None:
    hostile = "\x9b31m \u202e \u2028 \x7f \x1b]0;x\x07 \ufeff"
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    repo.commit({f"{FOLDER}/a.json": recorded(hostile)})
    done = recdiff(repo.path, "report", "HEAD~1", "HEAD")
    assert not any(char in done.out for char in hostile.replace(" ", "").replace("31m", "").replace("]0;x", ""))
    assert json.loads(done.out)["files"][0]["changes"][0]["new"] == hostile
    shown = recdiff(repo.path, "show", "--format", "json", f"{FOLDER}/a.json")
    assert json.loads(shown.out)["interactions"][0]["response"]["reply"]["choices"][0]["text"] == hostile


def test_a_path_that_is_no_utf8_leaves_the_order_of_keys(repo: RepoBuilder) -> None:
    repo.commit({b"tests/recordings/\xff.json": recorded("one")})
    assert recdiff(repo.path, "report", "HEAD").out.startswith('{"schema":')
    repo.commit({b"tests/recordings/\xff.json": recorded("two")})
    assert recdiff(repo.path, "report", "HEAD~1", "HEAD").out.startswith('{"schema":')


def test_a_recording_that_became_a_link_is_removed(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("one"), "README.md": "x"})
    repo.symlink(f"{FOLDER}/a.json", "../../README.md")
    found = report(repo.path, "HEAD")
    assert [(entry["status"], entry["old_path"]) for entry in found["files"]] == [("removed", f"{FOLDER}/a.json")]
    assert found["notes"] == ["1 symbolic link differs; it is not followed"]


def test_files_beside_recordings_are_no_broken_recordings(repo: RepoBuilder) -> None:
    others = {f"{FOLDER}/{name}": "x" for name in (".gitignore", ".gitkeep", "Makefile", "index.yaml", "README")}
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    repo.commit({f"{FOLDER}/a.json": recorded("two"), **others, ".gitattributes": "*.json diff\n"})
    found = report(repo.path, "HEAD~1", "HEAD", "--strict")
    assert (found["summary"]["files"], found["summary"]["skipped"]) == (1, 6)


def test_the_side_that_is_broken_is_named(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": "{", f"{FOLDER}/b.json": recorded("one")})
    repo.commit({f"{FOLDER}/a.json": "[1,", f"{FOLDER}/b.json": '{"a": 1, "a": 2}'})
    a, b = (entry["error"] for entry in report(repo.path, "HEAD~1", "HEAD")["files"])
    assert a == "old side: JSON ends at line 1, column 2; new side: JSON ends at line 1, column 4"
    assert b == 'new side: the key "a" stands twice in one object at line 1, column 10'


def test_an_open_merge_is_said_of_the_index(repo: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    repo.commit({path: recorded("base")})
    repo.branch("side")
    repo.commit({path: recorded("theirs")})
    repo.switch("main")
    repo.commit({path: recorded("ours")})
    repo.merge("side", conflicts=True)
    found = report(repo.path, "--staged")
    assert [entry["error"] for entry in found["files"]] == ["a merge left it open: settle the conflict first"]


def test_many_files_with_one_reason_are_one_line(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/{n}.json": recorded("one") for n in range(9)})
    repo.commit({f"{FOLDER}/{n}.json": "{" for n in range(9)})
    done = recdiff(repo.path, "diff", "HEAD~1", "HEAD")
    assert "… and 8 more: new side: JSON ends at line 1, column 2 (--full names them)" in done.out
    assert recdiff(repo.path, "diff", "HEAD~1", "HEAD", "--full").out.count("JSON ends at line 1") == 9


def test_one_bug_does_not_end_the_review(changed: RepoBuilder) -> None:
    script = (
        "import recdiff.pipeline as pipeline, sys\nfrom recdiff.cli import run\ncompare = pipeline.compare_recordings\n"
        "def broken(old, new, *rest, **more):\n"
        "    if new.path.endswith('0.json'): raise ZeroDivisionError('a bug')\n"
        "    return compare(old, new, *rest, **more)\n"
        "pipeline.compare_recordings = broken\nsys.exit(run(['diff', 'HEAD~1', 'HEAD']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=changed.path, capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "recdiff itself failed on it: ZeroDivisionError: a bug" in done.stdout
    assert "one → two" in done.stdout and done.stderr == ""
