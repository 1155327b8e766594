"""`recdiff git enable`, `disable` and `status`: said line by line, both files or none, and back to the very bytes."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.drivers.setup import together
from recdiff.drivers.setup.editing import with_lines, with_settings, without_lines, without_settings
from recdiff.drivers.setup.finding import patterns_for, recordings_in
from recdiff.drivers.setup.place import place_of
from recdiff.drivers.setup.together import Edit, write_together
from recdiff.drivers.setup.wording import ATTRIBUTES, attribute_line, pattern_for, program, settings
from recdiff.errors import GitError
from tests.building import RepoBuilder
from tests.cli.running import Done, recdiff, recorded
from tests.drivers.enabled import FOLDER, git
from tests.recordings import QUICK

KEYS = [
    "diff.recdiff.textconv", "diff.recdiff.cachetextconv", "difftool.recdiff.cmd", "mergetool.recdiff.cmd",
    "mergetool.recdiff.trustExitCode", "merge.recdiff.name", "merge.recdiff.driver", "merge.recdiff.recursive",
]  # fmt: skip


@pytest.fixture
def held(repo: RepoBuilder) -> RepoBuilder:
    """A repository with recordings in two places, and JSON that is none."""
    repo.commit(
        {
            f"{FOLDER}/deep/a.json": recorded("one"),
            f"{FOLDER}/b.json": recorded("two"),
            "golden/c.json": recorded("three"),
            "package.json": '{"name": "x"}',
            "code.py": "x = 1\n",
        }
    )
    return repo


def here(repo: RepoBuilder, *words: str, folder: str = "", environment: dict[str, str] | None = None) -> Done:
    return recdiff(repo.path / folder, "git", *words, environment=environment)


def state(*files: Path) -> dict[Path, tuple[bytes, int] | None]:
    return {file: (file.read_bytes(), file.stat().st_mode) if file.exists() else None for file in files}


@pytest.mark.parametrize("folder", ["", FOLDER])
def test_every_line_that_is_written_is_said(held: RepoBuilder, folder: str) -> None:
    done = here(held, "enable", folder=folder)
    assert (done.code, done.err) == (0, "")
    for key in KEYS:
        assert f"  {key} = {held.git('config', key)}" in done.lines
    attributes = (held.path / ".gitattributes").read_text().splitlines()
    assert attributes[1:] == [
        f"/golden/*.json {ATTRIBUTES}",
        f"/{FOLDER}/**/*.json {ATTRIBUTES}",
    ]
    assert all(f"  {line}" in done.lines for line in attributes[1:])
    for path in (f"{FOLDER}/deep/a.json", f"{FOLDER}/b.json", "golden/c.json"):
        assert held.git("check-attr", "diff", "merge", "--", path).count(": recdiff") == 2
    assert ": unspecified" in held.git("check-attr", "diff", "--", "package.json")


def test_a_dry_run_writes_nothing_and_says_the_same_lines(held: RepoBuilder) -> None:
    before = held.state()
    dry = here(held, "enable", "--dry-run")
    assert dry.code == 0 and held.state() == before and not (held.path / ".gitattributes").exists()
    wet = here(held, "enable")
    said = [line for line in dry.lines if line.startswith("  ")]
    assert said and said == [line for line in wet.lines if line.startswith("  ")]
    now = state(held.path / ".git/config", held.path / ".gitattributes")
    dry = here(held, "disable", "--dry-run")
    assert dry.code == 0 and now == state(held.path / ".git/config", held.path / ".gitattributes")
    assert [line for line in dry.lines if line.startswith("  ")] == said


def test_twice_is_once(held: RepoBuilder) -> None:
    here(held, "enable")
    files = held.path / ".git/config", held.path / ".gitattributes"
    once = state(*files)
    done = here(held, "enable")
    assert done.out == "recdiff is on already: nothing to write\n" and state(*files) == once
    assert here(held, "disable").code == 0
    assert here(held, "disable").out == "recdiff is off already: nothing to take back\n"


CONFIGS = [
    b"",
    b"[core]\n\tbare = false",  # no newline at the end
    b"# mine\r\n[core]\r\n\trepositoryformatversion = 0\r\n; theirs\r\n",
    b'[diff "recdiff"]\n\t# kept by hand\n\txfuncname = "^ *text: (.*)"\n[core]\n  bare=false\n\n\n',
]


@pytest.mark.parametrize("attributes", [None, b"", b"*.png binary", b"# a\r\n*.json -diff\r\n"])
@pytest.mark.parametrize("config", CONFIGS)
def test_disable_gives_back_the_very_bytes(held: RepoBuilder, config: bytes, attributes: bytes | None) -> None:
    config_file, attributes_file = held.path / ".git/config", held.path / ".gitattributes"
    config_file.write_bytes(config)
    config_file.chmod(0o640)
    if attributes is not None:
        attributes_file.write_bytes(attributes)
    before = state(config_file, attributes_file)
    assert here(held, "enable", "--external").code == 0
    assert here(held, "enable").code == 0  # another set of lines, from what was there first
    assert held.git("config", "--get", "diff.recdiff.command", check=False) == ""
    assert state(config_file, attributes_file) != before
    done = here(held, "disable")
    assert done.code == 0 and "byte for byte" in done.out
    assert state(config_file, attributes_file) == before
    assert not (held.path / ".git/recdiff/enabled.json").exists()


def test_what_changed_since_stays_and_only_our_lines_go(held: RepoBuilder) -> None:
    here(held, "enable")
    held.config("user.nick", "tester")
    held.config("merge.recdiff.driver", "my own %A")
    file = held.path / ".gitattributes"
    file.write_text("*.bin binary\n" + file.read_text() + "*.txt text\n")
    done = here(held, "disable")
    assert done.code == 0 and "byte for byte" not in done.out
    assert held.git("config", "user.nick") == "tester"
    assert held.git("config", "merge.recdiff.driver") == "my own %A"
    assert held.git("config", "--get-regexp", r"recdiff", check=False) == "merge.recdiff.driver my own %A"
    assert file.read_text() == "*.bin binary\n*.txt text\n"


def test_a_record_that_is_lost_costs_no_line(held: RepoBuilder) -> None:
    before = (held.path / ".git/config").read_bytes()
    here(held, "enable")
    (held.path / ".git/recdiff/enabled.json").write_text("{")
    assert here(held, "disable").code == 0
    assert held.git("config", "--get-regexp", "recdiff", check=False) == ""
    assert (held.path / ".git/config").read_bytes() == before
    assert (held.path / ".gitattributes").read_text() == ""


def test_the_cache_goes_with_it(held: RepoBuilder) -> None:
    here(held, "enable")
    held.commit({".gitattributes": (held.path / ".gitattributes").read_bytes(), f"{FOLDER}/b.json": recorded("x")})
    git(held.path, "show")
    assert held.git("rev-parse", "--verify", "--quiet", "refs/notes/textconv/recdiff")
    assert "deleted git's cache of converted texts" in here(held, "disable").out
    assert held.git("rev-parse", "--verify", "--quiet", "refs/notes/textconv/recdiff", check=False) == ""


def test_lines_that_the_team_committed_are_not_ours(held: RepoBuilder, tmp_path: Path) -> None:
    here(held, "enable")
    held.commit({".gitattributes": (held.path / ".gitattributes").read_bytes()})
    clone = held.clone(tmp_path / "clone")
    before = (clone.path / ".gitattributes").read_bytes()
    done = here(clone, "enable")
    assert "names the recordings already" in done.out
    assert (clone.path / ".gitattributes").read_bytes() == before
    here(clone, "disable")
    assert (clone.path / ".gitattributes").read_bytes() == before


def test_a_linked_work_tree_shares_the_settings(held: RepoBuilder, tmp_path: Path) -> None:
    held.git("worktree", "add", "--quiet", tmp_path / "linked", "-b", "linked")
    linked = RepoBuilder(tmp_path / "linked", exists=True)
    assert here(linked, "enable").code == 0
    assert held.git("config", "merge.recdiff.recursive") == "binary"
    assert (linked.path / ".gitattributes").exists() and not (held.path / ".gitattributes").exists()
    assert here(linked, "disable").code == 0
    assert not (linked.path / ".gitattributes").exists()


def test_a_bare_repository_has_its_attributes_inside(held: RepoBuilder, tmp_path: Path) -> None:
    bare = held.clone(tmp_path / "bare.git", "--bare")
    assert here(bare, "enable").code == 0
    assert (bare.path / "info/attributes").read_text().endswith(f"**/recordings/**/*.json {ATTRIBUTES}\n")
    held.commit({f"{FOLDER}/b.json": recorded("changed")})
    bare.git("-c", "protocol.file.allow=always", "fetch", "--quiet", held.path.as_uri(), "main:main")
    assert "+    text: changed" in git(bare.path, "show", "main").out
    assert here(bare, "disable").code == 0


def user_files(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home dir"
    home.mkdir()
    return {"HOME": str(home), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "GIT_CONFIG_GLOBAL": ""}


def test_global_goes_to_the_user_s_own_files(
    held: RepoBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in user_files(tmp_path).items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home dir"
    done = here(held, "enable", "--global")
    assert done.code == 0
    assert (home / ".config/git/attributes").read_text().endswith(f"**/recordings/**/*.json {ATTRIBUTES}\n")
    assert "merge.recdiff.driver" in held.git("config", "--global", "--list")
    assert held.git("config", "--local", "--get-regexp", "recdiff", check=False) == ""
    assert here(held, "disable", "--global").code == 0
    assert not (home / ".gitconfig").exists() and not (home / ".config/git/attributes").exists()
    named = home / "my attributes"
    held.git("config", "--global", "core.attributesFile", str(named))
    linked = home / "dotfiles"
    (home / ".gitconfig").rename(linked)
    (home / ".gitconfig").symlink_to(linked)
    before = linked.read_bytes()
    assert here(held, "enable", "--global", "fixtures/**/*.json").code == 0
    assert named.read_text().endswith(f"fixtures/**/*.json {ATTRIBUTES}\n")
    assert (home / ".gitconfig").is_symlink() and b"recdiff" in linked.read_bytes()
    assert here(held, "disable", "--global").code == 0
    assert linked.read_bytes() == before and not named.exists()


def test_xdg_is_honoured(held: RepoBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in user_files(tmp_path).items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    (tmp_path / "xdg/git").mkdir(parents=True)
    (tmp_path / "xdg/git/config").write_text("")
    assert here(held, "enable", "--global").code == 0
    assert "recdiff" in (tmp_path / "xdg/git/config").read_text()
    assert (tmp_path / "xdg/git/attributes").exists()


@pytest.mark.parametrize("pattern", ["*.json", "/*.json", "**/*.json", "*", "**/**/*.json", "*.jso[n]", "*/x.json"])
def test_global_never_takes_every_json(repo: RepoBuilder, pattern: str) -> None:
    done = here(repo, "enable", "--global", pattern)
    assert done.code == 2 and "name a folder in it" in done.err


@pytest.mark.parametrize(
    ("pattern", "problem"), [("!keep.json", "no patterns that take away"), ("", "matches nothing"), ("# x", "nothing")]
)
def test_patterns_that_cannot_be(repo: RepoBuilder, pattern: str, problem: str) -> None:
    done = here(repo, "enable", "--", pattern)
    assert done.code == 2 and problem in done.err


def test_without_recordings_or_repository_it_says_what_to_do(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit({"code.py": "x\n"})
    done = here(repo, "enable")
    assert done.code == 2 and "no recordings found in this repository: name them by patterns" in done.err
    outside = tmp_path / "outside"
    outside.mkdir()
    done = recdiff(outside, "git", "enable")
    assert done.code == 2 and "not a git repository" in done.err and "--global" in done.err


def test_a_locked_or_unwritable_file_leaves_both_as_they_were(held: RepoBuilder) -> None:
    before = held.state()
    (held.path / ".git/config.lock").touch()
    done = here(held, "enable")
    assert done.code == 2 and "another program is writing it" in done.err
    (held.path / ".git/config.lock").unlink()
    assert held.state() == before and not (held.path / ".gitattributes").exists()
    assert not list(held.path.glob("*.lock"))


def test_a_write_that_fails_in_the_middle_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    first.write_bytes(b"1")
    second.write_bytes(b"2")
    put = together._put

    def failing(target: Path, half: Path, content: bytes | None, mode: int) -> None:
        if target == third:
            raise OSError(28, "No space left on device")
        put(target, half, content, mode)

    monkeypatch.setattr(together, "_put", failing)
    with pytest.raises(GitError, match="No space left on device; nothing was changed"):
        write_together([Edit(first, b"one"), Edit(second, None), Edit(third, b"three")])
    assert (first.read_bytes(), second.read_bytes(), third.exists()) == (b"1", b"2", False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]


def test_status_finds_a_moved_virtual_environment_and_says_how_to_mend_it(held: RepoBuilder, tmp_path: Path) -> None:
    assert here(held, "status").out.endswith("recdiff is off in git: recdiff git enable\n")
    here(held, "enable")
    done = here(held, "status", folder=FOLDER)
    assert done.code == 0 and "3 of 3 recordings diffed, 3 merged" in done.out
    assert f"textconv       on  .git/config  {program()} git textconv --v1" in done.out.replace(
        str(held.path) + "/", ""
    )
    assert "external diff  off" in done.out
    for old, new, said in (
        (program(), str(tmp_path / "gone/recdiff"), f"{tmp_path}/gone/recdiff is not there, or cannot be run"),
        (
            f"{program()} git merge-driver",
            "/bin/false git merge-driver",
            "/bin/false --version does not answer as recdiff does",
        ),
        ("--v1", "--v0", "it asks for another version of the text"),
    ):
        config = held.path / ".git/config"
        good = config.read_text()
        config.write_text(good.replace(old, new))
        done = here(held, "status")
        assert done.code == 1 and said in done.out and "Mend it: recdiff git enable --local" in done.out
        assert here(held, "enable").code == 0
        assert here(held, "status").code == 0
        assert config.read_text().count('[diff "') == 1


def test_status_says_what_is_missing(held: RepoBuilder) -> None:
    here(held, "enable")
    held.git("config", "--unset", "merge.recdiff.recursive")
    done = here(held, "status")
    assert done.code == 1 and "half enabled: merge.recdiff.recursive not set" in done.out
    assert here(held, "enable").code == 0 and here(held, "status").code == 0
    (held.path / ".gitattributes").write_text("")
    assert "No attribute names a recording here" in here(held, "status").out


def test_help_is_complete(repo: RepoBuilder) -> None:
    done = here(repo, "--help")
    assert done.code == 0
    for word in ("enable", "disable", "status", "textconv", "external-diff", "difftool", "merge-driver", "mergetool"):
        assert word in done.out
    for words in (["enable", "--help"], ["disable", "--help"], ["status", "--help"]):
        assert here(repo, *words).code == 0
    assert here(repo, "enabel").code == 2


ODD_NAMES = st.text(st.sampled_from(list("ab *?[]\\\"'#!{}-.é\n\t$`")), min_size=1, max_size=8).filter(
    lambda name: name.strip(".") and name not in (".git",)
)


@QUICK
@given(ODD_NAMES, ODD_NAMES)
def test_a_pattern_names_its_file_and_git_agrees(tmp_path_factory: pytest.TempPathFactory, one: str, two: str) -> None:
    repo = RepoBuilder(tmp_path_factory.mktemp("odd"))
    path = f"{one}/{two}"
    (repo.path / ".gitattributes").write_text(attribute_line(pattern_for(path)) + "\n")
    feed = b"\0".join(map(os.fsencode, (path, f"{one}x/{two}", f"other/{path}"))) + b"\0"
    said = repo.git("check-attr", "-z", "--stdin", "diff", feed=feed).split("\0")[2::3]
    assert said == ["recdiff", "unspecified", "unspecified"]


@QUICK
@given(st.lists(st.sampled_from([b"*.a b\n", b"# c\n", b"\n", b"x diff=recdiff merge=recdiff\n", b"tail"]), max_size=5))
def test_lines_that_come_can_go(lines: list[bytes]) -> None:
    before = b"".join(lines)
    ours = [attribute_line("/some/recordings/**/*.json")]
    after = with_lines(before, ours)
    assert after is not None and after.startswith(before)
    assert without_lines(after, ours).rstrip(b"\n") == before.rstrip(b"\n")
    assert with_lines(after, ours) == after


def test_settings_come_and_go_through_git_itself() -> None:
    wanted = settings("'/a b/recdiff'", external=True)
    after = with_settings(b"[user]\n\tname = x ; comment\n", wanted)
    assert with_settings(after, wanted) == after
    assert without_settings(after, wanted) == b"[user]\n\tname = x ; comment\n"
    with pytest.raises(GitError):
        with_settings(b"[broken\n", wanted)


def test_recordings_are_found_by_what_they_hold(held: RepoBuilder) -> None:
    held.write("new/d.json", recorded("four"), add=False)
    held.write(".gitignore", "ignored/\n")
    held.write("ignored/e.json", recorded("five"), add=False)
    held.symlink("links/f.json", "../golden/c.json")
    held.write("top.json", recorded("six"))
    found = recordings_in(held.path)
    assert sorted(found) == ["", "golden", "new", f"{FOLDER}", f"{FOLDER}/deep"]
    assert patterns_for(found) == (
        "/top.json", "/golden/*.json", "/new/*.json", f"/{FOLDER}/**/*.json",
    )  # fmt: skip


def test_the_program_is_this_one(held: RepoBuilder) -> None:
    here(held, "enable")
    words = shlex.split(held.git("config", "diff.recdiff.textconv"))
    assert words == [str(Path(sys.executable).parent / "recdiff"), "git", "textconv", "--v1"]


def test_place_of_a_repository_is_found_from_a_subfolder(held: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(held.path / FOLDER)
    place = place_of("local")
    assert place.config == (held.path / ".git/config").resolve()
    assert place.attributes == (held.path / ".gitattributes").resolve()


def test_a_value_of_the_user_s_own_comes_back(held: RepoBuilder) -> None:
    held.config("diff.recdiff.textconv", "my conv")
    done = here(held, "enable")
    assert "took from" in done.out and "  diff.recdiff.textconv = my conv" in done.lines
    held.config("user.nick", "tester")
    assert here(held, "disable").code == 0
    assert held.git("config", "--get-regexp", "recdiff") == "diff.recdiff.textconv my conv"


def test_two_work_trees_are_both_taken_back(held: RepoBuilder, tmp_path: Path) -> None:
    trees = []
    for name in ("one", "two"):
        held.git("worktree", "add", "--quiet", tmp_path / name, "-b", name)
        trees.append(RepoBuilder(tmp_path / name, exists=True))
        assert here(trees[-1], "enable").code == 0
    assert here(trees[0], "disable").code == 0
    assert not any((tree.path / ".gitattributes").exists() for tree in trees)


def test_enabling_again_keeps_the_patterns_and_says_what_goes(held: RepoBuilder) -> None:
    line = f"fx/**/*.json {ATTRIBUTES}"
    here(held, "enable", "fx/**/*.json")
    assert here(held, "enable", "--external").code == 0
    assert (held.path / ".gitattributes").read_text().splitlines()[1:] == [line]
    done = here(held, "enable", "gg/*.json")
    assert f"  {line}" in done.lines[done.lines.index(f"took from {held.path.resolve()}/.gitattributes:") :]


def test_attributes_go_where_git_looks(held: RepoBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in user_files(tmp_path).items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home dir"
    (home / ".gitconfig").write_text("[include]\n\tpath = more\n")
    (home / "more").write_text(f"[core]\n\tattributesFile = {home}/mine\n")
    done = here(held, "enable", "--global", "--dry-run")
    assert f"would write to {home}/mine:" in done.lines
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "")
    done = here(held, "enable", "--global")
    assert done.code == 2 and "GIT_CONFIG_GLOBAL is empty" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_program_that_is_ended_takes_its_locks_with_it(held: RepoBuilder, number: int) -> None:
    script = (
        "import os, sys\nfrom recdiff.drivers.setup import together\nfrom recdiff.cli import run\nput = together._put\n"
        "def ending(target, *rest):\n"
        f"    os.kill(os.getpid(), {int(number)}) if target.name == 'config' else put(target, *rest)\n"
        "together._put = ending\nsys.exit(run(['git', 'enable']))"
    )
    before = held.state()
    done = subprocess.run([sys.executable, "-c", script], cwd=held.path, check=False, capture_output=True)
    assert done.returncode == 130
    assert held.state() == before and not (held.path / ".gitattributes").exists()


def test_a_repository_with_a_recdiff_of_its_own_is_not_run(held: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/recdiff/__main__.py"])
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert program() == "/no/such/python -P -m recdiff"


def test_a_percent_sign_in_the_program_s_path(held: RepoBuilder, tmp_path: Path) -> None:
    shim = tmp_path / "p%Ab c" / "recdiff"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m recdiff "$@"\n')
    shim.chmod(0o755)
    for key, value in settings(shlex.quote(str(shim)), external=False):
        held.config(key, value)
    held.commit({".gitattributes": f"/{FOLDER}/** {ATTRIBUTES}\n"})
    held.branch("side")
    held.commit({f"{FOLDER}/b.json": recorded("theirs")})
    held.switch("main")
    held.commit({f"{FOLDER}/b.json": recorded("ours")})
    assert here(held, "status").code == 0
    assert git(held.path, "merge", "--no-edit", "side").code == 1
    assert (held.path / FOLDER / "b.json").read_text().startswith("<<<<<<< ")
    held.git("merge", "--abort")
    shim.unlink()  # a program that is gone: git's own merge, with its markers
    assert git(held.path, "merge", "--no-edit", "side").code == 1
    assert "<<<<<<< ours" in (held.path / FOLDER / "b.json").read_text()
