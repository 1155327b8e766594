"""`recdiff check` from the outside: policies from options and config, the old side's word, exit codes, what is told."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from recdiff.decisions import Decisions, points_of
from recdiff.errors import RulesError
from recdiff.rules.config import parse_config
from recdiff.rules.policies import Policy
from tests.building import RepoBuilder
from tests.cli.running import Done, recdiff, recorded
from tests.test_architecture import HEAVY, loaded_by

FOLDER = "tests/recordings"


def failed(error: str = "no such tide", **more: object) -> str:
    """A recording of a call that raised."""
    import json

    document = json.loads(recorded(**more))  # type: ignore[arg-type]
    document["response"] = {
        "body": None, "is_streaming": False, "is_exception": True, "exception_message": error,
        "exception_data": {"type": "BadRequestError", "message": error, "status_code": 400},
    }  # fmt: skip
    return json.dumps(document)


def check(repo: RepoBuilder, *arguments: str, range_: tuple[str, ...] = ("HEAD~1", "HEAD")) -> Done:
    done = recdiff(repo.path, "check", *range_, *arguments)
    assert done.code in (0, 1, 2)
    assert (done.out == "") is (done.code == 2)
    return done


def failing(done: Done) -> list[str]:
    """The policies that failed, as they are told."""
    found = [line[2:].split(":")[0] for line in done.lines if line.startswith("✗ ")]
    assert done.code == int(bool(found))
    return found


@pytest.fixture
def changed(repo: RepoBuilder) -> RepoBuilder:
    """A range with one recording of each kind."""
    before = {
        "text": recorded("The capital is Lyon.", test_id="tests/test_a.py::test_capital"),
        "error": recorded("fine", test_id="tests/test_b.py::test_fails", asked="error?"),
        "noise": recorded(created=1, test_id="tests/test_n.py::test_n", asked="noise?"),
        "gone": recorded("x", asked="What was?", test_id="tests/test_a.py::test_gone"),
        "broken": recorded("b", test_id="tests/test_c.py::test_c", asked="broken?"),
    }
    repo.commit({f"{FOLDER}/{name}.json": content for name, content in before.items()})
    after: dict[str, str | None] = {
        "text": recorded("The capital is Paris.", test_id="tests/test_a.py::test_capital"),
        "error": failed(test_id="tests/test_b.py::test_fails", asked="error?"),
        "noise": recorded(created=2, test_id="tests/test_n.py::test_n", asked="noise?"),
        "gone": None,
        "broken": '{"request": ',
        "new": failed(test_id="tests/test_new.py::test_new", asked="Something else entirely, of the sea"),
    }
    repo.commit({f"{FOLDER}/{name}.json": content for name, content in after.items()})
    return repo


# ------------------------------------------------------------------------------------------------------- options


def test_by_default_unreadable_and_errors_fail_and_each_is_named_in_a_line(changed: RepoBuilder) -> None:
    done = check(changed)
    assert done.err == ""
    assert failing(done) == ["fail-on error, unreadable"]
    assert done.lines[0].startswith("6 files: 2 meaningful, 1 noise, 1 added, 1 removed, 1 unreadable")
    assert done.lines[2:4] == [
        "✗ fail-on error, unreadable: 1 error, 1 unreadable",
        f"   {FOLDER}/broken.json  tests/test_c.py::test_c  unreadable  new side: JSON ends at line 1, column 13",
    ]
    assert done.lines[4:] == [
        f"   {FOLDER}/error.json  tests/test_b.py::test_fails  error {{+BadRequestError: no such tide+}}"
    ]


@pytest.mark.parametrize(
    ("words", "fails"),
    [
        (("text",), True), (("tool", "usage"), False), (("tool,text",), True), (("removed",), True), (("noise",), True),
        (("minor",), False), (("meaningful",), True), (("unreadable",), True), (("none",), False),
        ((" tool , text ",), True),
    ],
)  # fmt: skip
def test_fail_on(changed: RepoBuilder, words: tuple[str, ...], fails: bool) -> None:
    done = check(changed, *(f"--fail-on={word}" for word in words))
    assert done.code == int(fails)
    assert "✗" in done.out if fails else "✓" in done.out


def test_added_recordings_never_fail(changed: RepoBuilder) -> None:
    done = check(changed, "--fail-on", "added,error", "--", f"{FOLDER}/new.json")
    assert failing(done) == []
    assert "'added' in fail-on has no effect" in done.err
    assert "1 added" in done.lines[0]


def test_max_meaningful(changed: RepoBuilder) -> None:
    assert failing(check(changed, "--fail-on", "none", "--max-meaningful", "2")) == []
    done = check(changed, "--fail-on", "none", "--max-meaningful", "1")
    assert failing(done) == ["max-meaningful 1"]
    assert f"   {FOLDER}/text.json  tests/test_a.py::test_capital  meaningful  text …" in done.out.replace("The", "…")


def test_each_failed_policy_is_told(changed: RepoBuilder) -> None:
    done = check(changed, "--max-meaningful", "0", "--require-decided", "--no-noise")
    assert failing(done) == ["fail-on error, unreadable", "max-meaningful 0", "require-decided", "no-noise"]


def test_noise_is_only_counted(changed: RepoBuilder) -> None:
    done = check(changed, "--fail-on", "noise,removed")
    assert "✗ fail-on noise, removed: 1 noise, 1 removed" in done.lines
    assert "noise.json" not in done.out and "gone.json" in done.out


def test_many_files_are_bounded_until_full(repo: RepoBuilder) -> None:
    names = [f"{FOLDER}/{number:02}.json" for number in range(30)]
    repo.commit({name: recorded("one", test_id=f"t.py::test_{name}", asked=name) for name in names})
    repo.commit({name: recorded("two " * 200, test_id=f"t.py::test_{name}", asked=name) for name in names})
    done = check(repo, "--fail-on", "text")
    told = [line for line in done.lines if line.startswith(f"   {FOLDER}")]
    assert len(told) == 20 and "   … and 10 more (--full)" in done.lines
    assert max(map(len, told)) < 250
    full = check(repo, "--fail-on", "text", "--full")
    assert [name for name in names if name not in full.out] == [] and "more (--full)" not in full.out


def test_filters_narrow_what_is_judged(changed: RepoBuilder) -> None:
    assert failing(check(changed, "--fail-on", "text,error", "--test", "test_capital")) == ["fail-on error, text"]
    assert failing(check(changed, "--only", "text")) == ["fail-on error, unreadable"]  # what nobody can read stays
    assert failing(check(changed, "--only", "text", "--", f"{FOLDER}/error.json", f"{FOLDER}/text.json")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fail-on", "eror"), "no class or status 'eror'; did you mean 'error'?"),
        (("--fail-on", "text,xyz"), "no class or status 'xyz'; known: error, tool"),
        (("--fail-on", ""), "--fail-on names nothing; known: error, tool"),
        (("--fail-on", "none,text"), "no class or status 'none'"),
        (("--max-meaningful", "-1"), "--max-meaningful"),
        (("--max-meaningful", "few"), "--max-meaningful"),
        (("--only", "txt"), "no class 'txt'"),
        (("--decisions", "nowhere.json"), "nowhere.json: cannot be read: No such file or directory"),
        (("--config", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("--", "nowhere"), "path 'nowhere' names nothing in HEAD~1, nor in HEAD"),
        (("--", f"{FOLDER}/text.json", "nowhere"), "path 'nowhere' names nothing"),
    ],
)
def test_what_cannot_be_is_one_line_and_code_2(changed: RepoBuilder, arguments: tuple[str, ...], said: str) -> None:
    done = check(changed, *arguments)
    assert done.code == 2
    assert said in done.err and done.err.count("\n") == 1


def test_an_unknown_revision_is_code_2(changed: RepoBuilder) -> None:
    done = check(changed, range_=("HEAD", "mian"))
    assert done.code == 2 and "did you mean 'main'?" in done.err


def test_a_range_without_recordings_is_fine(repo: RepoBuilder) -> None:
    repo.commit({"code.py": "one", "data.json": "{}"})
    repo.commit({"code.py": "two", "data.json": "[]"})
    every = ("--max-meaningful", "0", "--require-decided", "--no-noise")
    for range_ in (("HEAD~1", "HEAD"), ("HEAD",), (), ("--staged",)):
        done = check(repo, *every, range_=range_)
        assert failing(done) == [] and done.lines[0].startswith("No recordings differ")


def test_a_repository_without_a_commit(repo: RepoBuilder) -> None:
    repo.write(f"{FOLDER}/a.json", recorded())
    done = check(repo, range_=("--staged",))
    assert failing(done) == [] and "1 added" in done.out


def test_folders(tmp_path: Path) -> None:
    for side, text in (("old", "one"), ("new", "two")):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.json").write_text(recorded(text, created=len(side)))
        (tmp_path / side / "noise.json").write_text(recorded("same", created=ord(side[0]), asked="n"))
    (tmp_path / "old" / ".recdiff.toml").write_text("[check]\nfail-on = ['text']\nno-noise = true\n")
    done = recdiff(tmp_path, "check", "--no-index", "old", "new")
    assert failing(done) == ["fail-on text", "no-noise"]
    assert "git restore" not in done.out and "   noise.json" in done.out
    refused = recdiff(tmp_path, "check", "--no-index", "old", "new", "--require-decided")
    assert refused.code == 2 and "not a git repository" in refused.err


def test_recorded_text_cannot_move_the_terminal_nor_begin_a_line(repo: RepoBuilder) -> None:
    odd = f"{FOLDER}/a\x1b[2J\n::error::b.json"
    repo.commit({odd: recorded("one", test_id="t.py::test_\x1b]0;x\x07\n✓ fine")})
    repo.commit({odd: recorded("two\x1b[31m\n✓ fail-on", test_id="t.py::test_\x1b]0;x\x07\n✓ fine")})
    done = check(repo, "--fail-on", "text")
    assert failing(done) == ["fail-on text"]
    assert "\x1b" not in done.out and "\x07" not in done.out
    assert len(done.lines) == 4 and not done.out.startswith("::") and "\n::" not in done.out


def test_colour(changed: RepoBuilder) -> None:
    assert "\x1b[1;31m✗" in check(changed, "--color", "always").out
    assert "\x1b" not in check(changed).out


# ------------------------------------------------------------------------------------------------------- unmerged


@pytest.mark.parametrize("staged", [False, True])
def test_unmerged_paths_fail_whatever_is_asked(repo: RepoBuilder, staged: bool) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("base"), "code.py": "base"})
    repo.branch("other")
    repo.commit({f"{FOLDER}/a.json": recorded("theirs"), "code.py": "theirs"})
    repo.switch("main")
    repo.commit({f"{FOLDER}/a.json": recorded("ours"), "code.py": "ours"})
    repo.merge("other", conflicts=True)
    range_ = ("--staged",) if staged else ()
    done = check(repo, "--fail-on", "none", range_=range_)
    assert failing(done) == ["unmerged"]
    assert f"   {FOLDER}/a.json  " in done.out and "code.py" not in done.out
    if not staged:  # the file itself may read as if all were well
        repo.write(f"{FOLDER}/a.json", recorded("ours"), add=False)
        assert failing(check(repo, "--fail-on", "none", "--test", "nothing", range_=range_)) == ["unmerged"]
    repo.write(f"{FOLDER}/a.json", recorded("both"))
    assert failing(check(repo, "--fail-on", "none", range_=range_)) == []


# ---------------------------------------------------------------------------------------------------------- noise


def noisy(repo: RepoBuilder, *names: str) -> None:
    """Re-record these for noise alone, beside one that changed."""
    for number in (1, 2):
        files = {name: recorded(created=number, asked=name, test_id=f"t.py::test_{len(name)}") for name in names}
        repo.commit({**files, f"{FOLDER}/real.json": recorded(f"text {number}")})


def restored(repo: RepoBuilder, done: Done, folder: Path | None = None) -> None:
    """Run the command that was told, by the shell."""
    (line,) = [line for line in done.lines if line.startswith("git restore ")]
    subprocess.run(["bash", "-c", os.fsencode(line)], cwd=folder or repo.path, check=True)


ODD = (
    "a b.json", "$(touch pwned).json", "-x.json", "it's\n.json", "[ab]*.json", ":(top)x.json", "\x1b[31m.json",
    "漢.json",
)  # fmt: skip


@pytest.mark.parametrize("where", ["", "tests"])
def test_the_command_takes_noise_back_and_nothing_else(repo: RepoBuilder, where: str) -> None:
    names = [f"{FOLDER}/{name}" for name in ODD] + ["-dash.json", ":colon.json"]
    noisy(repo, *names)
    folder = repo.path / where
    done = recdiff(folder, "check", "HEAD~1", "HEAD", "--fail-on", "none", "--no-noise")
    assert failing(done) == ["no-noise"]
    restored(repo, done, folder)
    repo.add()
    repo.commit()
    assert failing(recdiff(folder, "check", "HEAD~2", "HEAD", "--fail-on", "none", "--no-noise")) == []
    changed = repo.git("diff", "--name-only", "-z", "HEAD~2", "HEAD").split("\0")[:-1]
    assert changed == [f"{FOLDER}/real.json"]
    assert not list(repo.path.rglob("pwned"))


@pytest.mark.parametrize("range_", ["main...work", "main..work", "main~0 work", "HEAD^{/base}~0 work"])
def test_the_command_names_the_old_side_of_any_range(repo: RepoBuilder, range_: str) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded(created=1)}, message="base")
    repo.branch("work")
    repo.commit({f"{FOLDER}/a.json": recorded(created=2)})
    if range_ == "main...work":  # what main has by now is not what the branch began with
        repo.switch("main")
        repo.commit({f"{FOLDER}/a.json": recorded(created=3)})
        repo.switch("work")
    done = check(repo, "--no-noise", range_=tuple(range_.split(" ")))
    assert failing(done) == ["no-noise"]
    restored(repo, done)
    repo.commit({"other": "x"})
    assert repo.file(f"{FOLDER}/a.json").read_text() == recorded(created=1)


@pytest.mark.parametrize("staged", [False, True])
def test_noise_that_is_not_committed_is_taken_back_too(repo: RepoBuilder, staged: bool) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded(created=1)})
    repo.write(f"{FOLDER}/a.json", recorded(created=2), add=staged)
    range_ = ("--staged",) if staged else ()
    done = check(repo, "--no-noise", range_=range_)
    assert failing(done) == ["no-noise"]
    restored(repo, done)
    assert failing(check(repo, "--no-noise", range_=range_)) == []
    assert repo.git("status", "--porcelain") == ""


def test_a_moved_recording_is_no_noise_that_could_be_taken_back(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded(created=1)})
    repo.commit({f"{FOLDER}/a.json": None, f"{FOLDER}/b.json": recorded(created=2)})
    done = check(repo, "--no-noise")
    assert failing(done) == [] and "1 noise" in done.out


# ------------------------------------------------------------------------------------------------------ decisions


def decide(repo: RepoBuilder, verdict: str = "accepted", range_: tuple[str, ...] = ("HEAD~1", "HEAD")) -> None:
    """Decide on all of a range, as the screen does."""
    from recdiff.pipeline import Options, review
    from recdiff.rules.project import project_config
    from recdiff.sources.git_range import open_range

    source = open_range(str(repo.path), range_)
    decisions = Decisions.open(str(repo.path / ".git"))
    try:
        found = review(source, Options(project_config(source, None)[0], fingerprints=True))
        points = [point for entry in found.files for point in points_of(entry)]
        decisions.decide(points, verdict)  # type: ignore[arg-type]
    finally:
        decisions.close()
        source.close()


def test_decisions_of_the_local_review(changed: RepoBuilder) -> None:
    asked = ("--fail-on", "none", "--require-decided")
    before = check(changed, *asked)
    assert "✗ require-decided: 5 undecided" in before.lines
    assert "new.json  tests/test_new.py::test_new  undecided  added" in before.out
    decide(changed)
    assert failing(check(changed, *asked)) == []
    linked = changed.path.parent / "linked"
    changed.git("worktree", "add", "--quiet", str(linked), "HEAD")
    assert recdiff(linked, "check", "HEAD~1", "HEAD", *asked).code == 0
    decide(changed, "rejected")
    assert "✗ require-decided: 5 rejected" in check(changed, *asked).lines


def test_decisions_lapse_when_the_meaning_changes(changed: RepoBuilder) -> None:
    decide(changed)
    changed.commit({f"{FOLDER}/text.json": recorded("The capital is Rome.", test_id="tests/test_a.py::test_capital")})
    done = check(changed, "--require-decided", "--fail-on", "none", range_=("HEAD~2", "HEAD"))
    assert "✗ require-decided: 1 undecided" in done.lines


def test_decisions_of_a_file(changed: RepoBuilder, tmp_path: Path) -> None:
    decide(changed)
    file = tmp_path / "decided.json"
    assert recdiff(changed.path, "decisions", "--export", str(file), "HEAD~1", "HEAD").code == 0
    clone = changed.clone(tmp_path / "clone")
    assert failing(check(clone, "--fail-on", "none", "--require-decided")) == ["require-decided"]
    assert failing(check(clone, "--fail-on", "none", "--require-decided", "--decisions", str(file))) == []
    assert failing(check(clone, "--fail-on", "none", "--decisions", str(file))) == []
    file.write_text('{"schema": "recdiff.decisions/1", "decisions": []}')
    assert failing(check(clone, "--fail-on", "none", "--decisions", str(file))) == ["require-decided"]


def test_a_database_that_cannot_be_read_is_code_2(changed: RepoBuilder) -> None:
    decide(changed)
    (changed.path / ".git" / "recdiff" / "decisions.sqlite").write_bytes(b"no database, but long enough" * 100)
    done = check(changed, "--require-decided")
    assert done.code == 2 and "decisions.sqlite: it is no SQLite database" in done.err


# ---------------------------------------------------------------------------------------------------- old side

HIDES = '[[rules]]\nname = "noise"\nselector = "response.**.nonce"\naction = "hide"\nreason = "r"\n'


def test_policies_come_from_the_config_and_options_take_their_place(repo: RepoBuilder) -> None:
    config = '[check]\nfail-on = ["text"]\nmax-meaningful = 0\n'
    repo.commit({f"{FOLDER}/a.json": recorded("one"), ".recdiff.toml": config})
    repo.commit({f"{FOLDER}/a.json": recorded("two")})
    assert failing(check(repo)) == ["fail-on text", "max-meaningful 0"]
    assert failing(check(repo, "--fail-on", "error")) == ["max-meaningful 0"]
    assert failing(check(repo, "--fail-on", "error", "--max-meaningful", "1")) == []
    (repo.path / "other.toml").write_text("[check]\nfail-on = ['tool']\n")
    assert failing(check(repo, "--config", "other.toml")) == []
    assert failing(check(repo, "--config", os.devnull)) == []


def test_a_pyproject_has_policies_too(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("one"), "pyproject.toml": "[tool.recdiff.check]\nfail-on = ['text']\n"})
    repo.commit({f"{FOLDER}/a.json": recorded("two")})
    assert failing(check(repo)) == ["fail-on text"]


TEXT, DATA = "[check]\nfail-on = ['text']\n", "[check]\nfail-on = ['data']\n"
LOOSENED = {
    "no policy": (TEXT, "", "check: fail-on text → error, unreadable"),
    "nothing": (TEXT, "[check]\nfail-on = []\n", "check: fail-on text → nothing"),
    "no recordings": (TEXT, f"recordings = ['!**']\n{TEXT}", "recordings: !** added"),
    "a rule": (DATA, f"{DATA}{HIDES}", "rule noise added: hide response.**.nonce"),
}


@pytest.mark.parametrize(
    ("range_", "how"),
    [
        ("main...HEAD", "a rule"), ("main..HEAD", "a rule"), ("main HEAD", "no policy"), ("main", "a rule"),
        ("main", "nothing"), ("--staged", "a rule"), ("main...HEAD", "no recordings"), ("main...HEAD", "nothing"),
    ],
)  # fmt: skip
def test_a_change_cannot_loosen_its_own_gate(repo: RepoBuilder, range_: str, how: str) -> None:
    before, after, told = LOOSENED[how]
    repo.commit({f"{FOLDER}/a.json": recorded("one", nonce=1), ".recdiff.toml": before})
    repo.branch("work")
    files = {f"{FOLDER}/a.json": recorded("two", nonce=2), ".recdiff.toml": after}
    if range_ == "--staged":
        for path, content in files.items():
            repo.write(path, content)
    else:
        repo.commit(files)
    done = check(repo, range_=tuple(range_.split()))
    assert failing(done) and done.lines[0].startswith(
        "━━ This range changes recdiff's rules; the gate goes by those of "
    )
    assert told in done.lines[1]


def test_rules_of_the_old_side_still_hide(repo: RepoBuilder) -> None:
    config = f"[check]\nfail-on = ['data']\nno-noise = true\n{HIDES}"
    repo.commit({f"{FOLDER}/a.json": recorded(nonce=1), ".recdiff.toml": config})
    repo.commit({f"{FOLDER}/a.json": recorded(nonce=2), ".recdiff.toml": None})
    done = check(repo)
    assert failing(done) == ["no-noise"] and "rule noise removed" in done.out


def test_decisions_under_changed_rules_say_how_to_see_them(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded(nonce=1)})
    repo.commit({f"{FOLDER}/a.json": recorded(nonce=2), ".recdiff.toml": HIDES})
    decide(repo)
    done = check(repo, "--require-decided")
    assert failing(done) == ["require-decided"] and "with --config and the old rules" in done.out


def test_broken_rules_of_either_side_are_code_2(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("one"), ".recdiff.toml": "disabl = []\n"})
    repo.commit({f"{FOLDER}/a.json": recorded("two"), ".recdiff.toml": "disable = []\n"})
    done = check(repo)
    assert done.code == 2
    assert ".recdiff.toml, line 1: unknown key 'disabl'; did you mean 'disable'? (in HEAD~1, whose" in done.err
    assert failing(check(repo, "--config", os.devnull)) == []
    repo.commit({".recdiff.toml": "[check]\nno-nois = true\n"})
    broken = check(repo)
    assert broken.code == 2 and "line 2: unknown key 'no-nois' in [check]; did you mean 'no-noise'?" in broken.err


def test_a_change_of_policy_is_told_by_diff_as_well(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    repo.commit({f"{FOLDER}/a.json": recorded("two"), ".recdiff.toml": "[check]\nrequire-decided = true\n"})
    assert recdiff(repo.path, "diff", "HEAD~1", "HEAD").lines[1] == "  check: require-decided turned on"


# ----------------------------------------------------------------------------------------------------- the config


def test_the_table_is_read() -> None:
    text = b"[check]\nfail-on = ['tool', 'unreadable']\nmax-meaningful = 3\nrequire-decided = true\nno-noise = false\n"
    expected = Policy(("tool", "unreadable"), 3, True, False)
    assert parse_config(text, ".recdiff.toml", ()).check == expected
    assert parse_config(text.replace(b"check", b"tool.recdiff.check"), "pyproject.toml", ()).check == expected
    assert parse_config(b"[check]\n", ".recdiff.toml", ()).check == Policy()
    assert parse_config(b"check = {fail-on = []}", ".recdiff.toml", ()).check == Policy(())


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("check = 3", 1, "'check' must be a table ([check]), not an integer"),
        ("[[check]]", 1, "'check' must be a table ([check]), not an array"),
        ("[check]\nfail_on = []", 2, "unknown key 'fail_on' in [check]; did you mean 'fail-on'?"),
        ("[check]\nfail-on = 'text'", 2, "'fail-on' must be an array of strings, not a string"),
        ("[check]\nfail-on = [\n'text',\n1]", 4, "'fail-on' must be an array of strings, not of an integer"),
        ("[check]\nfail-on = [\n'text',\n'txt']", 4, "unknown class or status 'txt'; did you mean 'text'?"),
        ("[check]\nmax-meaningful = -1", 2, "'max-meaningful' must not be negative"),
        ("[check]\nmax-meaningful = true", 2, "'max-meaningful' must be an integer, not a boolean"),
        ("[check]\nmax-meaningful = '3'", 2, "'max-meaningful' must be an integer, not a string"),
        ("[check]\nrequire-decided = 1", 2, "'require-decided' must be a boolean, not an integer"),
        ("[check]\nno-noise = 'yes'", 2, "'no-noise' must be a boolean, not a string"),
        ("no-noise = true", 1, "'no-noise' belongs in [check]"),
        ("chek = {}", 1, "unknown key 'chek'; did you mean 'check'?"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(RulesError) as caught:
        parse_config(text.encode(), ".recdiff.toml", ())
    assert str(caught.value) == f".recdiff.toml, line {line}: {problem}"
    inside = text.replace("[check]", "[tool.recdiff.check]") if "[check]" in text else f"[tool.recdiff]\n{text}"
    with pytest.raises(RulesError) as there:
        parse_config(inside.encode(), "pyproject.toml", ())
    assert problem.replace("[check]", "[tool.recdiff.check]").split(";")[0].split(" in [")[0] in str(there.value)


# -------------------------------------------------------------------------------------------------------- imports


def test_it_imports_only_what_it_needs(repo: RepoBuilder) -> None:
    repo.commit({f"{FOLDER}/a.json": recorded("one")})
    repo.commit({f"{FOLDER}/a.json": recorded("two")})
    loaded = loaded_by(["check", "HEAD~1", "HEAD"], repo.path)
    assert loaded & (HEAVY | {"sqlite3", "tomllib", "pathspec", "recdiff.decisions", "recdiff.synopsis"}) == set()
    assert "recdiff.gate" in loaded
    assert loaded_by(["decisions", "HEAD~1", "HEAD"], repo.path) & HEAVY == set()
