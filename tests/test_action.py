"""The GitHub action, as a runner would run it: every step of `action.yml` in a real repository, with a made-up event.

Nothing here has a network: `python3` and `gh` are programs that note what they are asked, and `origin` is a folder.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pytest

from tests.building import RepoBuilder
from tests.cli.running import recorded
from tests.test_docs import ROOT, commands

yaml = pytest.importorskip("yaml")
FOLDER = "tests/recordings"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]
CI = (ROOT / "docs" / "ci.md").read_text("utf-8")

PYTHON = f"""\
#!/bin/sh
case "$1 $2" in
"-m venv")
  mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
  printf '#!/bin/sh\\nexec {sys.executable} -m recdiff "$@"\\n' >"$3/bin/recdiff"
  chmod +x "$3/bin/recdiff" ;;
"-m pip") printf '%s\\n' "$*" >>"$CALLS/pip" ;;
*) exec {sys.executable} "$@" ;;
esac
"""

GH = f"""\
#!{sys.executable}
import json, os, re, shutil, subprocess, sys
from pathlib import Path

calls, words = Path(os.environ["CALLS"]), sys.argv[1:]
body = next((Path(word[6:]).read_text("utf-8") for word in words if word.startswith("body=@")), None)
with (calls / "gh").open("a") as file:
    file.write(json.dumps({{"words": words, "body": body, "token": os.environ.get("GH_TOKEN")}}) + "\\n")
answers = json.loads((calls / "answers").read_text())
if words[1] == "user":
    print(answers["user"]) if answers["user"] else sys.exit("gh: Resource not accessible by integration (HTTP 403)")
elif "--method" in words:
    answers["may_write"] or sys.exit("gh: Resource not accessible by integration (HTTP 403)")
else:
    answers["may_read"] or sys.exit("gh: Not Found (HTTP 404)")
    query = words[words.index("--jq") + 1]
    if shutil.which("jq"):
        asked = ["jq", "-r", query]
        sys.stdout.write(subprocess.run(asked, input=json.dumps(answers["comments"]), text=True, stdout=-1).stdout)
    else:
        marker, login = re.search(r'startswith\\("(.*?)"', query)[1], re.search(r'login == "(.*?)"', query)
        for one in answers["comments"]:
            mine = one["user"]["login"] == login[1] if login else one["user"]["type"] == "Bot"
            if mine and one["body"].startswith(marker):
                print(one["id"])
"""


@dataclass
class Run:
    """How the action ended: the exit code of the step that failed (or 0), what each step printed, its outputs."""

    code: int = 0
    out: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    summary: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def range(self) -> str:
        return self.outputs["range"]["range"]

    @property
    def written(self) -> list[dict[str, Any]]:
        """The comments that were made or changed."""
        return [call for call in self.asked if "--method" in call["words"]]


@dataclass
class Runner:
    """A machine of GitHub's with a checkout."""

    checkout: RepoBuilder
    home: Path
    event: dict[str, Any]
    event_name: str = "pull_request"
    answers: dict[str, Any] = field(
        default_factory=lambda: {"user": "", "may_read": True, "may_write": True, "comments": []}
    )

    def run(self, **inputs: str) -> Run:
        """Run the action; the names of inputs are given with underscores."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= ACTION["inputs"].keys()
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in ("bin", "calls", "temp"):
            (self.home / folder).mkdir(parents=True)
        for name, program in (("python3", PYTHON), ("gh", GH)):
            (self.home / "bin" / name).write_text(program)
            (self.home / "bin" / name).chmod(0o755)
        (self.home / "calls" / "answers").write_text(json.dumps(self.answers))
        (self.home / "event.json").write_text(json.dumps(self.event))
        context = {
            "inputs": {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | given,
            "github": {"token": "the-token"},
            "steps": {},
        }
        context["inputs"] = {name: filled(value, context) for name, value in context["inputs"].items()}
        done = Run()
        for step in STEPS:
            if not holds(step.get("if", ""), context):
                continue
            code = self._step(step, context, done)
            if code:
                done.code = code
                break
        if (self.home / "calls" / "gh").exists():
            done.asked = [json.loads(line) for line in (self.home / "calls" / "gh").read_text().splitlines()]
        return done

    def _step(self, step: dict[str, Any], context: dict[str, Any], done: Run) -> int:
        assert step["shell"] == "bash"
        script, output, summary = (self.home / "temp" / f"{step['id']}.{kind}" for kind in ("sh", "out", "md"))
        script.write_text(step["run"])
        output.touch()
        environment = {name: filled(value, context) for name, value in step.get("env", {}).items()}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.checkout.path / filled(step.get("working-directory", "."), context),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            check=False,
            env={
                **os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
                "CALLS": str(self.home / "calls"), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_EVENT_PATH": str(self.home / "event.json"),
                "GITHUB_EVENT_NAME": self.event_name, "GITHUB_REPOSITORY": "tide/pool",
                "GITHUB_SERVER_URL": "https://github.example", "RUNNER_TEMP": str(self.home / "temp"), **environment,
            },
        )  # fmt: skip
        assert "Traceback" not in ran.stdout, ran.stdout
        done.out[step["id"]] = ran.stdout
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        context["steps"][step["id"]] = {"outputs": outputs}
        done.outputs[step["id"]] = outputs
        done.summary += summary.read_text() if summary.exists() else ""
        return ran.returncode


def value_of(path: str, context: Any) -> str:
    """What a name in an expression stands for; nothing for what is not there."""
    for name in path.split("."):
        context = context.get(name, {})
    return context if isinstance(context, str) else ""


def filled(text: str, context: Any) -> str:
    """A value of `action.yml` with its expressions, which are names alone."""
    return re.sub(r"\$\{\{ ([a-z_.-]+) \}\}", lambda found: value_of(found[1], context), text)


def holds(condition: str, context: Any) -> bool:
    """A condition of `action.yml`: comparisons with texts, all of which must hold."""
    if not condition:
        return True
    inside = re.fullmatch(r"\$\{\{ (.*) \}\}", condition)
    assert inside
    for part in inside[1].split(" && "):
        name, sign, text = re.fullmatch(r"([a-z.-]+) (==|!=) '(.*)'", part).groups()  # type: ignore[union-attr]
        if (value_of(name, context) == text) is not (sign == "=="):
            return False
    return True


def pull_request(origin: RepoBuilder, **more: Any) -> dict[str, Any]:
    """The event of a pull request from `work` into `main`."""
    sides = {
        name: {"sha": origin.rev(branch), "ref": "$(touch pwned)"}
        for name, branch in (("base", "main"), ("head", "work"))
    }
    return {"pull_request": {"number": 7, "title": "`touch pwned`; $(touch pwned)", **sides}, **more}


@pytest.fixture
def origin(repo: RepoBuilder) -> RepoBuilder:
    """A repository with a pull request: `work` changed a text and re-recorded noise, `main` went on meanwhile."""
    repo.config("uploadpack.allowAnySHA1InWant", "true")
    repo.commit(
        {
            f"{FOLDER}/text.json": recorded("The capital is Lyon.", test_id="tests/test_a.py::test_capital"),
            f"{FOLDER}/noise.json": recorded(created=1, asked="noise?"),
            f"{FOLDER}/main.json": recorded("main", asked="main?"),
        }
    )
    repo.branch("work")
    repo.commit(
        {
            f"{FOLDER}/text.json": recorded("The capital is Paris.", test_id="tests/test_a.py::test_capital"),
            f"{FOLDER}/noise.json": recorded(created=2, asked="noise?"),
        }
    )
    repo.switch("main")
    repo.commit({f"{FOLDER}/main.json": recorded("main went on", asked="main?")})
    return repo


@pytest.fixture
def runner(origin: RepoBuilder, tmp_path: Path) -> Runner:
    checkout = origin.clone(tmp_path / "checkout")
    checkout.switch("origin/work")
    return Runner(checkout, tmp_path / "runner", pull_request(origin))


# ------------------------------------------------------------------------------------------------ a pull request


def test_a_pull_request_is_reviewed_summed_up_commented_on_and_judged(runner: Runner, origin: RepoBuilder) -> None:
    done = runner.run(fail_on="text", no_noise="true")
    base, head = origin.rev("main"), origin.rev("work")
    assert done.range == f"{base}...{head}"
    assert f"pip install --quiet --disable-pip-version-check {ROOT}" in (runner.home / "calls" / "pip").read_text()
    assert f"::warning file={FOLDER}/text.json," in done.out["report"]
    assert "**recdiff: 1 of 2 re-recorded files changed in meaning**" in done.summary
    assert f"https://github.example/tide/pool/blob/{head}/{FOLDER}/text.json" in done.summary
    (comment,) = done.written
    assert comment["words"][:5] == ["api", "--silent", "--method", "POST", "repos/tide/pool/issues/7/comments"]
    assert comment["body"].startswith("<!-- recdiff-action:recdiff -->\n**recdiff: 1 of 2 ")
    assert len(comment["body"]) <= 65_536 and {call["token"] for call in done.asked} == {"the-token"}
    assert done.code == 1
    log = done.out["check"].splitlines()
    stop = log[0].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", stop) and log[-2] == f"::{stop}::" and log[-1].startswith("::error ")
    assert "✗ fail-on text: 1 text" in log and "main.json" not in done.out["check"]
    old = origin.git("merge-base", base, head)
    assert f"git restore --source={old} -- {FOLDER}/noise.json" in log


def test_parts_can_be_turned_off_and_a_gate_that_holds_is_fine(runner: Runner) -> None:
    done = runner.run(summary="false", comment="false")
    assert done.code == 0 and list(done.out) == ["setup", "range", "check"] and not done.asked
    assert "✓ fail-on error, unreadable: none" in done.out["check"]
    assert list(runner.run(summary="false", comment="false", check="false").out) == ["setup", "range"]


COMMENT = {"summary": "false", "check": "false"}
BOT = {"login": "github-actions[bot]", "type": "Bot"}
MARKER = "<!-- recdiff-action:recdiff -->"


def test_the_earlier_comment_is_changed_and_nobody_elses(runner: Runner) -> None:
    runner.answers["comments"] = [
        {"id": 1, "body": f"{MARKER}\nmine, says somebody", "user": {"login": "mallory", "type": "User"}},
        {"id": 2, "body": f"see {MARKER}", "user": BOT},
        {"id": 3, "body": "<!-- recdiff-action:recdiff-2 -->", "user": BOT},
        {"id": 4, "body": f"{MARKER}\n**recdiff", "user": BOT},
        {"id": 5, "body": f"{MARKER}\n**recdiff", "user": BOT},
    ]
    (comment,) = runner.run(**COMMENT).written
    assert comment["words"][2:5] == ["--method", "PATCH", "repos/tide/pool/issues/comments/4"]
    runner.answers["user"] = "mallory"
    assert runner.run(**COMMENT).written[0]["words"][4] == "repos/tide/pool/issues/comments/1"
    runner.answers["user"] = "octocat"
    assert runner.run(**COMMENT, comment_key="a.b-c_1").written[0]["body"].startswith("<!-- recdiff-action:a.b-c_1 -->")
    refused = runner.run(**COMMENT, comment_key='x") | .id')
    assert refused.code == 2 and "'comment-key'" in refused.out["comment"] and not refused.asked


def test_a_review_of_nothing_makes_no_comment_but_changes_an_earlier_one(runner: Runner) -> None:
    assert runner.run(**COMMENT, paths="code.py\n", range="HEAD HEAD~0").code == 2  # a path that names nothing
    quiet = runner.run(**COMMENT, range="HEAD HEAD~0")
    assert quiet.code == 0 and quiet.asked and not quiet.written
    runner.answers["comments"] = [{"id": 4, "body": f"{MARKER}\n**recdiff", "user": BOT}]
    (comment,) = runner.run(**COMMENT, range="HEAD HEAD~0").written
    assert comment["body"].startswith(f"{MARKER}\n**recdiff: no recordings differ**")


@pytest.mark.parametrize("answers", [{"may_write": False}, {"may_read": False}])
def test_a_token_that_may_not_comment_fails_nothing(runner: Runner, answers: dict[str, bool]) -> None:
    runner.answers.update(answers)
    done = runner.run(**COMMENT)
    assert done.code == 0 and "::notice title=recdiff::the comment could not be written" in done.out["comment"]


# ------------------------------------------------------------------------------------------------------- the range

QUIET = {"summary": "false", "comment": "false", "check": "false"}


def shallow(origin: RepoBuilder, folder: Path, branch: str = "merged") -> RepoBuilder:
    """A checkout as actions/checkout makes it: one commit of the merge."""
    folder.mkdir()
    checkout = RepoBuilder(folder, exists=True)
    checkout.git("init", "--quiet")
    checkout.git("remote", "add", "origin", origin.path.as_uri())
    checkout.config("protocol.file.allow", "always")
    checkout.git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", branch)
    checkout.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    return checkout


def grow(origin: RepoBuilder, branch: str, commits: int) -> None:
    """Let a branch go on without a change."""
    first = f"from {origin.rev(branch)}\n"
    head = f"commit refs/heads/{branch}\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n"
    feed = "".join(head + (first if number == 0 else "") for number in range(commits))
    origin.git("fast-import", "--quiet", feed=feed)


@pytest.mark.parametrize(("commits", "is_deep"), [(1, False), (70, False), (700, True)])
def test_a_shallow_checkout_gets_as_much_history_as_it_takes(
    repo: RepoBuilder, tmp_path: Path, commits: int, is_deep: bool
) -> None:
    repo.config("uploadpack.allowAnySHA1InWant", "true")
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    grow(repo, "main", 600)
    repo.git("branch", "work", "main")
    repo.switch("work")
    repo.commit({f"{FOLDER}/a.json": recorded("two")})
    grow(repo, "main", commits)
    repo.git("branch", "merged", repo.git("commit-tree", "work^{tree}", "-p", "main", "-p", "work", "-m", "merge"))
    runner = Runner(shallow(repo, tmp_path / "checkout"), tmp_path / "runner", pull_request(repo))
    done = runner.run(summary="false", comment="false", fail_on="text")
    assert done.range == f"{repo.rev('main')}...{repo.rev('work')}"
    assert "1 file: 1 meaningful" in done.out["check"] and done.code == 1
    assert runner.checkout.git("rev-parse", "--is-shallow-repository") == ("false" if is_deep else "true")


def test_a_fork_is_found_by_its_pull_request(origin: RepoBuilder, tmp_path: Path) -> None:
    origin.git("update-ref", "refs/pull/7/head", "work")
    runner = Runner(shallow(origin, tmp_path / "checkout", "main"), tmp_path / "runner", pull_request(origin))
    origin.switch("main")
    origin.git("branch", "-D", "work")
    origin.config("uploadpack.allowAnySHA1InWant", "false")
    runner.checkout.config("protocol.version", "0")  # which lets nobody ask for what no ref names
    done = runner.run(summary="false", comment="false", fail_on="text")
    assert done.code == 1 and done.range.endswith(f"...{origin.rev('refs/pull/7/head')}")


def test_what_cannot_be_fetched_is_one_line(runner: Runner) -> None:
    runner.event["pull_request"]["head"]["sha"] = "1" * 40
    done = runner.run(**QUIET)
    assert done.code == 2
    assert f"::error title=recdiff::the commit {'1' * 40} cannot be fetched" in done.out["range"]


def test_histories_that_do_not_meet(runner: Runner, origin: RepoBuilder) -> None:
    lone = origin.git("commit-tree", "main^{tree}", "-m", "alone")
    origin.git("branch", "lone", lone)
    runner.event["pull_request"]["base"]["sha"] = lone
    done = runner.run(**QUIET)
    assert done.code == 2 and "have no merge base: check out with 'fetch-depth: 0'" in done.out["range"]


def test_a_push_is_what_it_added(runner: Runner, origin: RepoBuilder) -> None:
    before, after = origin.rev("work~1"), origin.rev("work")
    runner.event_name = "push"
    runner.event = {"before": before, "after": after, "repository": {"default_branch": "main"}}
    done = runner.run(summary="false", fail_on="text")
    assert done.range == f"{before}..{after}" and done.code == 1 and "comment" not in done.out
    for unknown in ("0" * 40, "2" * 40):  # a new branch, a forced push
        runner.event["before"] = unknown
        assert runner.run(**QUIET).range == f"{origin.rev('main')}...{after}"
    runner.event = {"before": "0" * 40, "after": after, "repository": {"default_branch": "nowhere"}}
    assert "there is no commit before the push" in runner.run(**QUIET).out["range"]


def test_a_merge_group(runner: Runner, origin: RepoBuilder) -> None:
    runner.event_name = "merge_group"
    runner.event = {"merge_group": {"base_sha": origin.rev("work~1"), "head_sha": origin.rev("work")}}
    assert runner.run(**QUIET).range == f"{origin.rev('work~1')}..{origin.rev('work')}"


@pytest.mark.parametrize(
    "event", [{}, {"schedule": "* * * * *"}, {"after": "0" * 40}, {"pull_request": {"number": "x"}}]
)
def test_an_event_that_says_no_range(runner: Runner, event: dict[str, Any]) -> None:
    runner.event, runner.event_name = event, "workflow_dispatch"
    done = runner.run(**QUIET)
    assert (
        done.code == 2 and "'workflow_dispatch' says no commits to review: give the input 'range'" in done.out["range"]
    )


def test_a_range_that_is_given(runner: Runner, origin: RepoBuilder) -> None:
    done = runner.run(summary="false", comment="false", fail_on="text", range=" origin/main...HEAD\n")
    assert done.range == "origin/main...HEAD" and done.code == 1
    assert done.outputs["range"]["link-base"] == f"https://github.example/tide/pool/blob/{origin.rev('work')}"
    refused = runner.run(**QUIET, range="--config=x HEAD")
    assert refused.code == 2 and "takes a range of git, no options" in refused.out["range"]
    assert runner.run(summary="false", comment="false", range="mian").code == 2


# --------------------------------------------------------------------------------------------- what must be inert


def test_nothing_that_somebody_typed_stands_in_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step["run"], step["id"]
        assert not set(step) - {"id", "if", "shell", "env", "run", "working-directory"}
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(STEPS)))
    assert used == set(ACTION["inputs"])


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"fail_on": "text; touch pwned"}, 2), ({"fail_on": "$(touch pwned)"}, 2),
        ({"max_meaningful": "`touch pwned`"}, 2),
        ({"paths": f"{FOLDER}/*.json\n$(touch pwned)"}, 2), ({"decisions": "$(touch pwned)"}, 2),
        ({"config": "$(touch pwned)"}, 2), ({"range": "HEAD~1 HEAD;touch${IFS}pwned"}, 2), ({"range": "HEAD~1 *"}, 2),
        ({"no_noise": "yes"}, 2), ({"require_decided": "True"}, 2), ({"paths": ":(glob)tests/**/no*.json"}, 0),
        ({"paths": f"{FOLDER}/noise.json\n\n{FOLDER}/text.json", "max_meaningful": "0", "fail_on": "none"}, 1),
        ({"require_decided": "true", "fail_on": "none"}, 1), ({"config": os.devnull, "fail_on": "text,tool"}, 1),
    ],
)  # fmt: skip
def test_inputs_are_words_and_wrong_ones_close_the_gate(runner: Runner, inputs: dict[str, str], code: int) -> None:
    done = runner.run(summary="false", comment="false", **inputs)
    assert done.code == code, done.out
    assert not list(runner.checkout.path.rglob("pwned"))


def test_what_was_recorded_is_no_command_to_the_runner(origin: RepoBuilder, tmp_path: Path) -> None:
    odd = "::set-output name=x::y\n::error::.json"
    origin.switch("work")
    origin.commit({odd: recorded("one\n::add-mask::a")})
    origin.commit({odd: recorded("two\n::add-mask::a", test_id="::stop-commands::x\n::error::boo")})
    checkout = origin.clone(tmp_path / "checkout", "--branch", "work")
    event = {"before": origin.rev("work~1"), "after": origin.rev("work")}
    done = Runner(checkout, tmp_path / "runner", event, "push").run(fail_on="text")
    assert done.code == 1
    stopped = False
    for line in "".join(done.out.values()).splitlines():
        if line.startswith("::stop-commands::"):
            stopped = True
        elif stopped and re.fullmatch("::[0-9a-f]{32}::", line):
            stopped = False
        elif not stopped and line.lstrip().startswith("::"):
            assert re.match(r"::(?:warning|error|notice) (?:file|title)=", line), line
            assert "::add-mask::" not in line.split("::", 2)[1]


def test_an_old_python_is_told(runner: Runner) -> None:
    script = "#!/bin/sh\nexit 1\n"
    (runner.checkout.path / "old").write_text(script)
    (runner.checkout.path / "old").chmod(0o755)
    done = runner.run(python=str(runner.checkout.path / "old"))
    assert done.code == 1 and "recdiff needs Python 3.11 or newer" in done.out["setup"]


# -------------------------------------------------------------------------------------- hooks, and what is written


def parses(words: list[str]) -> None:
    """Whether a command line of recdiff is one that it knows."""
    command: click.Command = importlib.import_module(f"recdiff.cli.{words[0]}").command
    arguments = words[1:]
    if "--" in arguments:
        arguments = arguments[: arguments.index("--")]
    command.make_context(f"recdiff {words[0]}", arguments)


def test_the_hook_judges_what_is_staged(repo: RepoBuilder) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (
        hook["language"] == "python"
        and hook["pass_filenames"] is False
        and re.search(hook["files"], f"{FOLDER}/a.json")
    )
    program, *words = shlex.split(hook["entry"])
    assert program == "recdiff"
    parses(words)
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    repo.write(f"{FOLDER}/a.json", recorded("two"))
    repo.write(f"{FOLDER}/a.json", "{", add=False)
    for arguments, code in (([], 0), (["--fail-on", "text"], 1)):
        command = [sys.executable, "-m", "recdiff", *words, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=repo.path, capture_output=True, check=False, env=environment)
        assert done.returncode == code, done.stderr


def test_every_command_line_of_the_page_parses() -> None:
    shown = commands(CI)
    assert len(shown) >= 12
    assert {words[0] for words in shown} >= {"check", "report", "decisions"}
    for words in shown:
        parses(words[: words.index("|")] if "|" in words else words)


def test_the_workflows_of_the_page_are_ones() -> None:
    workflow, gitlab, hooks = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", CI, re.DOTALL))
    used = workflow["jobs"]["recdiff"]["steps"][-1]
    assert used["with"].keys() <= ACTION["inputs"].keys()
    assert workflow["permissions"] == {"contents": "read", "pull-requests": "write"}
    script = gitlab["recdiff"]["script"]
    lines = [shlex.split(line) for line in script if line.startswith("recdiff ")]
    assert len(lines) == 4 and [words[1] for words in lines][-1] == "check"
    for words in lines:
        parses(words[1:])
    assert subprocess.run(["bash", "-n", "-c", "\n".join(script)], check=False).returncode == 0
    written = {words[words.index("-o") + 1] for words in lines if "-o" in words}
    artifacts = gitlab["recdiff"]["artifacts"]
    assert written == {*artifacts["paths"], artifacts["reports"]["junit"]}
    (hook,) = hooks["repos"][0]["hooks"]
    parses(["check", "--staged", *hook["args"]])


def test_every_input_is_told_and_the_policies_of_the_page_are_valid() -> None:
    told = CI[CI.index("## GitHub") : CI.index("## GitLab")]
    assert [name for name in ACTION["inputs"] if f"`{name}`" not in told] == []
    from recdiff.rules.config import parse_config

    block = re.search(r"```toml\n(.*?)```", CI, re.DOTALL)
    assert block and parse_config(block[1].encode(), ".recdiff.toml", ()).check.max_meaningful == 20


def test_scripts_are_scripts() -> None:
    for script in (ROOT / "action").glob("*.sh"):
        assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
        assert "eval" not in script.read_text("utf-8")
    for step in STEPS:
        (script_name,) = re.findall(r"\$GITHUB_ACTION_PATH/(action/[a-z]+\.(?:sh|py))", step["run"])
        assert (ROOT / script_name).exists()
