"""`git difftool -t recdiff`, file by file and with `--dir-diff`, without a terminal and with one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.cli.running import ROOT, recdiff, recorded
from tests.cli.terminal import in_terminal
from tests.drivers.enabled import BAD, FOLDER, enabled, git

ALTERNATE_SCREEN = "\x1b[?1049h"
FILE_MODE = ["difftool", "-y", "-t", "recdiff"]
DIR_MODE = ["difftool", "-t", "recdiff", "--dir-diff"]


@pytest.fixture
def on(repo: RepoBuilder) -> RepoBuilder:
    return enabled(repo)


def changes(repo: RepoBuilder) -> None:
    """One file of noise, one with another meaning, one added, one deleted, and other files."""
    repo.commit({f"{FOLDER}/{name}.json": recorded(name, asked=name) for name in ("noise", "meaning", "gone")})
    repo.commit({"code.py": "x = 1\n"})
    repo.write(f"{FOLDER}/noise.json", recorded("noise", asked="noise", created=2))
    repo.write(f"{FOLDER}/meaning.json", recorded("another", asked="meaning"))
    repo.write(
        f"{FOLDER}/new.json",
        recorded(
            "new",
            test_id="tests/test_b.py::test_new",
            asked="When does the ferry to the island leave on a Sunday in winter, and does it carry bicycles?",
        ),
    )
    repo.remove(f"{FOLDER}/gone.json")


@pytest.mark.parametrize("words", [["HEAD"], ["--cached"]])
@pytest.mark.parametrize("where", ["root", "subfolder"])
def test_file_by_file(on: RepoBuilder, words: list[str], where: str) -> None:
    changes(on)
    folder = on.path / FOLDER if where == "subfolder" else on.path
    done = git(folder, *FILE_MODE, "--no-renames", *words)
    assert (done.code, done.err) == (0, "")
    assert f"{FOLDER}/noise.json: no meaningful change (2 differences hidden: created 1, response-id 1)\n" in done.out
    assert f"━━ {FOLDER}/meaning.json ━━" in done.out and "text       meaning → another" in done.out
    assert f"━━ {FOLDER}/new.json ━━" in done.out and "new recording" in done.out
    assert f"━━ {FOLDER}/gone.json ━━" in done.out and "recording removed" in done.out
    assert "/tmp/" not in done.out and "git-blob" not in done.out


@pytest.mark.parametrize("words", [["HEAD"], ["--cached"], ["HEAD~1", "HEAD"]])
@pytest.mark.parametrize("where", ["root", "subfolder"])
def test_all_files_in_one_review(on: RepoBuilder, words: list[str], where: str) -> None:
    changes(on)
    if len(words) == 2:
        on.git("commit", "--quiet", "--message", "changes")
    folder = on.path / FOLDER if where == "subfolder" else on.path
    done = git(folder, *DIR_MODE, *words)
    assert (done.code, done.err) == (0, "")
    assert "4 files: 1 meaningful, 1 noise, 1 added, 1 removed  (git difftool)" in done.out
    assert "text       meaning → another" in done.out
    assert "/tmp/" not in done.out and "git-difftool" not in done.out


def test_a_rename_has_both_names(on: RepoBuilder) -> None:
    on.commit({f"{FOLDER}/before.json": recorded("one " * 50)})
    on.git("mv", f"{FOLDER}/before.json", f"{FOLDER}/after.json")
    on.write(f"{FOLDER}/after.json", recorded("one " * 49 + "two "))
    done = git(on.path, *FILE_MODE, "-M", "HEAD")
    assert f"━━ {FOLDER}/before.json → {FOLDER}/after.json ━━" in done.out


def test_a_review_of_all_pairs_across_names_and_follows_links_into_the_work_tree(on: RepoBuilder) -> None:
    on.commit({f"{FOLDER}/old-hash.json": recorded("one", asked="what was asked, at some length")})
    on.git("mv", f"{FOLDER}/old-hash.json", f"{FOLDER}/new-hash.json")
    on.write(f"{FOLDER}/new-hash.json", recorded("two", asked="what was asked, at some length"))
    done = git(on.path, *DIR_MODE, "HEAD")
    assert "1 file: 1 meaningful" in done.out and "one → two" in done.out
    assert "old-hash.json → new-hash.json, paired: equal request" in done.out


def test_a_link_of_the_repository_itself_is_not_followed(on: RepoBuilder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(recorded("secret"))
    on.symlink(f"{FOLDER}/link.json", str(secret))
    on.commit({f"{FOLDER}/a.json": recorded("one")})
    on.symlink(f"{FOLDER}/link.json", "a.json")
    on.write(f"{FOLDER}/a.json", recorded("two"))
    done = git(on.path, *DIR_MODE, "HEAD")
    assert "secret" not in done.out and "one → two" in done.out


@pytest.mark.parametrize("words", [FILE_MODE, DIR_MODE])
def test_a_link_that_changed_is_no_broken_recording(on: RepoBuilder, words: list[str]) -> None:
    on.symlink(f"{FOLDER}/link.json", "a.json")
    on.commit({f"{FOLDER}/a.json": recorded("one")})
    on.symlink(f"{FOLDER}/link.json", "b.json")
    on.write(f"{FOLDER}/a.json", recorded("two"))
    done = git(on.path, *words, "HEAD")
    assert done.code == 0 and "unreadable" not in done.out and "one → two" in done.out
    assert words == DIR_MODE or "-a.json" in done.out


def test_the_rules_of_the_work_tree_count(on: RepoBuilder) -> None:
    rules = '[[rules]]\nname = "mood"\nselector = "response.reply.extra.mood"\naction = "hide"\nreason = "moody"\n'
    on.commit({f"{FOLDER}/a.json": recorded("one", mood="a"), ".recdiff.toml": rules})
    on.write(f"{FOLDER}/a.json", recorded("one", mood="b"))
    for words in (FILE_MODE, DIR_MODE):
        assert "no meaningful change (1 difference hidden: mood 1)" in git(on.path, *words, "HEAD").out
    on.write(".recdiff.toml", rules.replace('"hide"', '"placeholder"'))
    done = git(on.path, *DIR_MODE, "HEAD")
    assert done.out.startswith("━━ This range changes recdiff's rules ━━\n  rule mood changed")


def test_switched_off_it_is_a_plain_diff(on: RepoBuilder) -> None:
    changes(on)
    own = git(on.path, "diff", "--no-textconv", "HEAD", "--", f"{FOLDER}/meaning.json").out
    switched_off = git(on.path, *FILE_MODE, "HEAD", "--", f"{FOLDER}/meaning.json", env={"RECDIFF": "0"}).out
    assert switched_off == own
    own = git(on.path, "diff", "--no-textconv", "--no-renames", "HEAD", "--", FOLDER).out
    assert git(on.path, *DIR_MODE, "--no-renames", "HEAD", env={"RECDIFF": "0"}).out == own


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("words", [FILE_MODE, DIR_MODE])
def test_bad_input_never_ends_it(on: RepoBuilder, kind: str, words: list[str]) -> None:
    on.commit({f"{FOLDER}/bad.json": recorded("one"), f"{FOLDER}/other.json": recorded("one")})
    on.commit({f"{FOLDER}/bad.json": BAD[kind], f"{FOLDER}/other.json": recorded("two")})
    done = git(on.path, *words, "HEAD~1", "HEAD")
    assert done.code == 0 and "one → two" in done.out and "bad.json" in done.out
    assert "\x1b" not in done.out and "\u202e" not in done.out


def test_noise_asks_for_no_key_in_a_terminal_and_can_be_opened(on: RepoBuilder) -> None:
    on.commit({f"{FOLDER}/a.json": recorded("one"), f"{FOLDER}/b.json": recorded("one")})
    on.write(f"{FOLDER}/a.json", recorded("one", created=2))
    seen = in_terminal(on.path, "git", *FILE_MODE, "HEAD")
    assert "a.json: no meaningful change" in seen and ALTERNATE_SCREEN not in seen
    on.write(f"{FOLDER}/b.json", recorded("two"))
    seen = in_terminal(on.path, "git", *FILE_MODE, "HEAD", keys=b"q", until=b"1 change")
    assert seen.count(ALTERNATE_SCREEN) == 1 and "0 of 1 decided" in seen
    on.config("difftool.recdiff.noise", "show")
    noise = f"{FOLDER}/a.json"
    seen = in_terminal(on.path, "git", *FILE_MODE, "HEAD", "--", noise, keys=b"q", until=b"__data__/created")
    assert seen.count(ALTERNATE_SCREEN) == 1 and "nothing to decide" in seen


def test_it_says_what_git_should_have_handed_over(repo: RepoBuilder) -> None:
    done = recdiff(repo.path, "git", "difftool", "only-one")
    assert done.code == 2 and "LOCAL and REMOTE" in done.err
    done = recdiff(repo.path, "git", "difftool", "missing", "/dev/null", "x")
    assert (done.code, done.err) == (2, "recdiff: missing: cannot be read: No such file or directory\n")


def test_mergetool_takes_a_side_whole(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    ours, theirs = recorded("ours"), recorded("theirs")
    for key, wanted in ((b"t\n", theirs), (b"o\n", ours), (b"b\n", recorded("base")), (b"?\nt\n", theirs)):
        on.git("checkout", "--quiet", "-B", "main", "main")
        on.commit({path: recorded("base")}, "base")
        on.git("branch", "--force", "side")
        on.commit({path: ours}, "ours")
        on.switch("side")
        on.commit({path: theirs}, "theirs")
        on.switch("main")
        assert git(on.path, "merge", "--no-edit", "side").code == 1
        seen = in_terminal(on.path, "git", "mergetool", "-y", "-t", "recdiff", keys=key, until=b"conflict? ")
        assert "ours since the base" in seen and "theirs since the base" in seen
        assert (on.path / path).read_text() == wanted
        assert on.git("ls-files", "--unmerged") == ""
        on.git("commit", "--quiet", "--all", "--message", "merged")


def test_mergetool_leaves_it_where_nobody_answers(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    on.branch("side")
    on.commit({path: recorded("theirs")})
    on.switch("main")
    on.commit({path: recorded("ours")})
    git(on.path, "merge", "--no-edit", "side")
    before = (on.path / path).read_bytes()
    done = git(on.path, "mergetool", "-y", "-t", "recdiff")
    assert done.code == 1 and "left in conflict" in done.err
    assert "theirs against ours (both added it)" in done.out
    assert (on.path / path).read_bytes() == before and on.git("ls-files", "--unmerged")
    seen = in_terminal(on.path, "git", "mergetool", "-y", "-t", "recdiff", keys=b"l\n", until=b"conflict? ")
    assert "ours" in seen and on.git("ls-files", "--unmerged")


def test_an_interrupted_difftool_ends(on: RepoBuilder) -> None:
    changes(on)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = (
        "import os, signal\nfrom recdiff.cli.drivers import difftool\nfrom recdiff.cli import run\n"
        "difftool.read_side = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "raise SystemExit(run(['git', 'difftool', 'a', 'b']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=on.path, env=environment, check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (130, b"")
