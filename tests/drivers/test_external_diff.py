"""The external diff driver: every kind of difference that git hands over, from every kind of comparison."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recdiff.drivers.handed import Handed, Unmerged, as_git_would, handed_over
from recdiff.errors import UsageError
from recdiff.gitonce import Content
from tests.building import RepoBuilder, started
from tests.cli.running import recdiff, recorded
from tests.drivers.enabled import BAD, FOLDER, PROGRAM, enabled, git

ODD = ("plain.json", "sp ace.json", "qu\"o'te.json", "new\nline.json", "ünï.json", "[glob]*.json")


@pytest.fixture
def on(repo: RepoBuilder) -> RepoBuilder:
    return enabled(repo, "--external")


def everything(repo: RepoBuilder) -> None:
    """A first commit with one file for each thing that will happen to it."""
    files: dict[str, str | bytes] = {
        f"{FOLDER}/{name}.json": recorded(name) for name in ("noise", "meaning", "deleted", "mode", "renamed", "link")
    }
    repo.commit({**files, f"{FOLDER}/bytes.bin": b"\x00\x01", "notes.txt": "one\n"})


def change_everything(repo: RepoBuilder) -> None:
    """What then happened, in the index and on disk."""
    repo.write(f"{FOLDER}/noise.json", recorded("noise", created=2))
    repo.write(f"{FOLDER}/meaning.json", recorded("another"))
    repo.remove(f"{FOLDER}/deleted.json")
    repo.write(f"{FOLDER}/mode.json", recorded("mode"), program=True)
    repo.git("mv", f"{FOLDER}/renamed.json", f"{FOLDER}/moved.json")
    repo.write(f"{FOLDER}/added.json", recorded("added"))
    repo.symlink(f"{FOLDER}/link.json", "noise.json")
    repo.write(f"{FOLDER}/bytes.bin", b"\x00\x02")
    repo.write("notes.txt", "two\n")


def check_everything(out: str, *, renames: bool) -> None:
    assert f"{FOLDER}/noise.json: no meaningful change (2 differences hidden: created 1, response-id 1)" in out
    assert "text       meaning → another" in out
    assert f"━━ {FOLDER}/added.json ━━" in out and "new recording" in out and "⇒ added" in out
    assert f"━━ {FOLDER}/deleted.json ━━" in out
    assert "old mode 100644\nnew mode 100755" in out
    assert "Binary files a/tests/recordings/bytes.bin and b/tests/recordings/bytes.bin differ" in out
    assert "new file mode 120000" in out or "typechange" in out or "+noise.json" in out
    assert "-one\n+two\n" in out
    if renames:
        assert f"rename from {FOLDER}/renamed.json\nrename to {FOLDER}/moved.json" in out
    else:
        assert f"━━ {FOLDER}/moved.json ━━" in out and f"━━ {FOLDER}/renamed.json ━━" in out


@pytest.mark.parametrize("renames", [True, False])
@pytest.mark.parametrize("side", ["work tree", "staged", "commits"])
@pytest.mark.parametrize("where", ["root", "subfolder", "linked work tree"])
def test_every_kind_of_difference(on: RepoBuilder, tmp_path: Path, side: str, where: str, renames: bool) -> None:
    everything(on)
    repo = on
    if where == "linked work tree":
        on.git("worktree", "add", "--quiet", tmp_path / "linked", "-b", "linked")
        repo = RepoBuilder(tmp_path / "linked", exists=True)
    change_everything(repo)
    words = {"work tree": ["HEAD"], "staged": ["--cached"], "commits": ["HEAD~1", "HEAD"]}[side]
    if side == "commits":
        repo.git("commit", "--quiet", "--message", "changes")
    folder = repo.path / FOLDER if where == "subfolder" else repo.path
    done = git(folder, "diff", "-M100%" if renames else "--no-renames", *words)
    assert (done.code, done.err) == (0, "")
    check_everything(done.out, renames=renames)


@pytest.mark.parametrize("name", ODD)
def test_names_that_hold_anything(on: RepoBuilder, name: str) -> None:
    on.commit({f"{FOLDER}/{name}": recorded("one")})
    on.write(f"{FOLDER}/{name}", recorded("two"))
    done = git(on.path, "diff", "HEAD")
    assert done.code == 0
    assert f"━━ {FOLDER}/{name}".replace("\n", "⏎") + " ━━" in done.out
    assert "one → two" in done.out
    plain = git(on.path, "diff", "HEAD", env={"RECDIFF": "0"})
    assert plain.out == git(on.path, "diff", "HEAD", "--no-ext-diff", "--no-textconv").out


def test_switched_off_it_is_the_diff_that_git_prints(on: RepoBuilder) -> None:
    everything(on)
    change_everything(on)
    for words in (["HEAD"], ["--cached"], ["-M", "--cached"], ["--no-renames", "HEAD"]):
        own = git(on.path, "diff", "--no-ext-diff", "--no-textconv", *words)
        switched_off = git(on.path, "diff", *words, env={"RECDIFF": "0"})
        assert switched_off.out == own.out, words
    patch = git(on.path, "diff", "--cached", "--", ":!*.bin", env={"RECDIFF": "0"}).out
    on.git("apply", "--check", "--reverse", "--cached", "-", feed=patch)


def test_a_submodule_is_shown_as_git_shows_it(on: RepoBuilder, tmp_path: Path) -> None:
    inner = RepoBuilder(tmp_path / "inner")
    inner.commit({"a": "1"})
    on.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path.as_uri(), f"{FOLDER}/sub")
    on.git("commit", "--quiet", "--message", "a submodule")
    sub = RepoBuilder(on.path / FOLDER / "sub", exists=True)
    sub.commit({"a": "2"})
    own = git(on.path, "diff", "--no-ext-diff")
    assert "Subproject commit" in own.out
    assert git(on.path, "diff").out == own.out


def test_an_unmerged_path_is_named(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    on.commit({path: "base"})
    on.branch("other")
    on.commit({path: "theirs"})
    on.switch("main")
    on.commit({path: "ours"})
    on.merge("other", conflicts=True)
    done = git(on.path, "diff", "--cached")
    assert done.code == 0 and f"* Unmerged path {path}" in done.out
    assert git(on.path, "diff").code == 0


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_said_and_shown_plainly_and_never_ends_the_diff(on: RepoBuilder, kind: str) -> None:
    on.commit({f"{FOLDER}/bad.json": recorded("one"), f"{FOLDER}/other.json": recorded("one")})
    on.commit({f"{FOLDER}/bad.json": BAD[kind], f"{FOLDER}/other.json": recorded("two")})
    for words in (["HEAD~1", "HEAD"], ["HEAD", "HEAD~1"]):
        done = git(on.path, "diff", *words)
        assert done.code == 0 and done.err == ""
        assert "bad.json" in done.out
        assert ("\x1b" not in done.out and "\u202e" not in done.out) or kind == "bytes"
        assert "text       " in done.out.partition("other.json")[2]
        if kind in ("truncated", "empty", "no UTF-8", "a repeated key", "conflict markers", "an LFS pointer"):
            assert "unreadable" in done.out and "\n@@ " in done.out


def test_the_exit_code_is_git_s_own(on: RepoBuilder) -> None:
    on.commit({f"{FOLDER}/a.json": recorded("one")})
    on.write(f"{FOLDER}/a.json", recorded("two"))
    assert git(on.path, "diff", "HEAD").code == 0
    assert git(on.path, "diff", "HEAD", "--exit-code").code == 1
    assert git(on.path, "diff", "no-such-revision", "--").code == 128


def test_the_driver_of_the_environment_takes_every_file(repo: RepoBuilder) -> None:
    repo.commit({"a.json": recorded("one"), "b.txt": "one\n", "package.json": '{"a": 1}'})
    repo.commit({"a.json": recorded("two"), "b.txt": "two\n", "package.json": '{"a": 2}'})
    done = git(repo.path, "diff", "HEAD~1", "HEAD", env={"GIT_EXTERNAL_DIFF": f"{PROGRAM} git external-diff"})
    assert "━━ a.json ━━" in done.out
    own = git(repo.path, "diff", "HEAD~1", "HEAD", "--", "b.txt", "package.json").out
    assert done.out.endswith(own)


def test_a_project_s_rules_count_and_wrong_ones_cost_only_themselves(on: RepoBuilder) -> None:
    rules = '[[rules]]\nname = "mood"\nselector = "response.reply.extra.mood"\naction = "hide"\nreason = "moody"\n'
    on.commit({f"{FOLDER}/a.json": recorded("one", mood="glad"), ".recdiff.toml": rules})
    on.write(f"{FOLDER}/a.json", recorded("one", mood="sad"))
    done = git(on.path, "diff", "HEAD", "--", FOLDER)
    assert "no meaningful change (1 difference hidden: mood 1)" in done.out
    on.write(".recdiff.toml", rules.replace("selector", "selectr"))
    done = git(on.path, "diff", "HEAD", "--", FOLDER)
    assert "mood  glad → sad" in done.out
    assert ".recdiff.toml, line 3: unknown key 'selectr'" in done.err


def test_colour_and_width_are_git_s(on: RepoBuilder) -> None:
    on.commit({f"{FOLDER}/a.json": recorded("one " * 40)})
    on.write(f"{FOLDER}/a.json", recorded("two " * 40))
    assert "\x1b[" not in git(on.path, "diff", "HEAD").out
    paged = git(on.path, "diff", "HEAD", env={"GIT_PAGER_IN_USE": "true", "COLUMNS": "60", "TERM": "xterm"}).out
    assert "\x1b[31m" in paged
    assert max(len(line) for line in paged.splitlines()) < 60 + 40  # colours take no columns
    on.config("color.ui", "false")
    assert "\x1b[" not in git(on.path, "diff", "HEAD", env={"GIT_PAGER_IN_USE": "true", "TERM": "xterm"}).out
    on.config("color.ui", "always")
    assert "\x1b[31m" in git(on.path, "diff", "HEAD").out
    assert "\x1b[" not in git(on.path, "diff", "HEAD", env={"NO_COLOR": "1"}).out


def test_a_reader_that_leaves_is_no_error(on: RepoBuilder) -> None:
    for number in range(12):
        on.write(f"{FOLDER}/{number}.json", recorded("one " * 4000))
    on.git("commit", "--quiet", "--message", "many")
    for number in range(12):
        on.write(f"{FOLDER}/{number}.json", BAD["bytes"])
    import subprocess

    done = subprocess.run(
        "git diff HEAD | head -n 1", shell=True, cwd=on.path, capture_output=True, check=False, env=dict(os.environ)
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_one_file_asks_git_one_question(on: RepoBuilder, tmp_path: Path) -> None:
    on.commit({f"{FOLDER}/a.json": recorded("one")})
    on.write(f"{FOLDER}/a.json", recorded("two"))
    trace = tmp_path / "trace2.json"
    git(on.path, "diff", "HEAD", env={"GIT_TRACE2_EVENT": str(trace)})
    asked = [" ".join(argv[1:3]) for argv in started(trace)]
    assert asked == ["diff HEAD", "config --get-colorbool"]


def test_words_that_git_would_not_say(repo: RepoBuilder) -> None:
    done = recdiff(repo.path, "git", "external-diff", "a", "b")
    assert done.code == 2 and "1, 7 or 9 arguments" in done.err
    with pytest.raises(UsageError):
        handed_over([])
    assert handed_over(["a b"]) == Unmerged("a b")
    nothing = handed_over(["x", "/dev/null", ".", ".", "/dev/null", ".", "."])
    assert nothing == Handed("x", "x", None, None)


def test_a_mode_alone_is_git_s_two_lines() -> None:
    handed = Handed("a", "a", Content(b"same\n", "100644"), Content(b"same\n", "100755"))
    assert as_git_would(handed, colour=False) == b"diff --git a/a b/a\nold mode 100644\nnew mode 100755\n"
    assert handed.mode_change == "old mode 100644, new mode 100755"


def test_files_anywhere_are_read_and_nothing_else(repo: RepoBuilder, tmp_path: Path) -> None:
    old, new = tmp_path / "x" / "old", tmp_path / "x" / "new"
    old.mkdir(parents=True)
    new.mkdir()
    (new / "only.txt").write_text("hi\n")
    (new / "only.txt").chmod(0o600)
    (new / "link").symlink_to("only.txt")
    for sides in ((old, new), (new, old), ("../x/old", "../x/new"), ("../../x/old", "../../x/new")):
        folder = repo.path if Path(sides[0]).is_absolute() else tmp_path / "y" / "z"
        folder.mkdir(parents=True, exist_ok=True)
        folder = folder if str(sides[0]).startswith(("/", "../../")) else folder.parent
        before = {path: path.lstat() for path in tmp_path.rglob("*")}
        driver = {"GIT_EXTERNAL_DIFF": f"{PROGRAM} git external-diff"}
        done = git(folder, "diff", "--no-index", *map(str, sides), env=driver)
        assert done.code in (0, 1) and "hi" in done.out, done.err
        assert {path: path.lstat() for path in tmp_path.rglob("*")}.keys() == before.keys()
        stated = [(status.st_mtime_ns, status.st_mode) for status in before.values()]
        assert [(path.lstat().st_mtime_ns, path.lstat().st_mode) for path in before] == stated


def test_a_side_that_cannot_be_read_does_not_end_the_diff(repo: RepoBuilder) -> None:
    words = ["a.json", "/no/such/file", "0" * 40, "100644", "/dev/null", ".", "."]
    done = recdiff(repo.path, "git", "external-diff", *words)
    assert done.code == 0 and "/no/such/file: cannot be read" in done.err
