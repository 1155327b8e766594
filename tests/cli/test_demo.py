"""`recdiff demo`: a process of its own, away from this computer's settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building import RepoBuilder

ROOT = Path(__file__).resolve().parent.parent.parent
SUMMARY = re.compile(r"^26 .*\b11 meaningful\b.*\b3 minor\b.*\b9 noise\b.*\b2 added\b.*\b1 removed\b", re.MULTILINE)

Demo = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the command makes its temporary folders."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def demo(tmp_path: Path, temporary: Path) -> Demo:
    """Runs `recdiff demo` in an empty folder; `env` goes over the tests' own."""

    def run(
        *arguments: str, command: str = "demo", cwd: Path = tmp_path, **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "recdiff", command, *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), **env},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_it_reviews_the_sample(demo: Demo, temporary: Path) -> None:
    done = demo()
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "━━ This range changes recdiff's rules ━━"
    assert SUMMARY.match(next(line for line in lines if re.match(r"\d", line)))
    told = done.stdout
    for words in (
        "models.tidepool.example → inference.tidepool.example",
        "kelp-7b → kelp-7b@1.0",
        'get_wind.gusts  true → "true"',
        "stop → length",
        "until [-nine-]{+ten+}",
        "Name the wind first.",
        "The prompt has 88 tokens, the limit is 64.",
        "24 dimensions, cosine 0.9",
        "test_school_rhyme  ⚑ length",
        "− test_finishes_a_sentence",
        "Noise only: 9 recordings",
    ):
        assert words in told
    assert "test_tide_and_moon" not in told
    assert list(temporary.iterdir()) == []


def test_it_shows_what_diff_shows(demo: Demo, tmp_path: Path) -> None:
    built = demo("--into", "sample")
    again = demo("main...re-record", command="diff", cwd=tmp_path / "sample")
    assert built.stdout == again.stdout
    assert again.returncode == 0


def test_into_leaves_a_repository_and_says_what_to_type(demo: Demo, tmp_path: Path, temporary: Path) -> None:
    folder = tmp_path / "a b" / "sample"
    done = demo("--into", str(folder))
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"recdiff: the sample repository is in {folder}",
        f"recdiff: next: cd '{folder}' && recdiff main...re-record",
    ]
    assert list(temporary.iterdir()) == []
    repo = RepoBuilder(folder, exists=True)
    assert repo.git("status", "--porcelain") == ""
    assert repo.git("symbolic-ref", "--short", "HEAD") == "re-record"
    assert repo.git("log", "--format=%s %an", "main..re-record").count("\n") == 0
    assert repo.rev("re-record^") == repo.rev("main")
    for side, revision in (("before", "main"), ("after", "re-record")):
        committed = repo.git("ls-tree", "-r", "--name-only", revision).splitlines()
        sample = ROOT / "sample_repo" / side
        assert committed == sorted(
            file.relative_to(sample).as_posix()
            for file in sample.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        )


def test_into_takes_an_empty_folder(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert demo("--into", "empty").returncode == 0
    assert (tmp_path / "empty" / ".git").is_dir()


def test_keep_leaves_the_temporary_folder(demo: Demo, temporary: Path) -> None:
    done = demo("--keep")
    (folder,) = temporary.iterdir()
    assert done.returncode == 0
    assert done.stderr.startswith(f"recdiff: the sample repository is in {folder}\n")
    assert (folder / "tests" / "recordings").is_dir()


def test_colour(demo: Demo) -> None:
    assert "\x1b[" in demo("--color", "always", "--no-pager").stdout
    assert "\x1b[" not in demo().stdout


def test_the_users_git_settings_change_nothing(demo: Demo, tmp_path: Path) -> None:
    hooks, template = tmp_path / "hooks", tmp_path / "template"
    for folder in (hooks, template / "hooks"):
        folder.mkdir(parents=True)
        for name in ("post-checkout", "reference-transaction", "post-index-change"):
            hook = folder / name
            hook.write_text("#!/bin/sh\necho a hook ran\nexit 1\n")
            hook.chmod(0o755)
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f"[core]\nautocrlf = true\nhooksPath = {hooks}\nquotePath = false\n[init]\ndefaultBranch = odd\n"
        f"templateDir = {template}\n[user]\nuseConfigOnly = true\n[commit]\ngpgSign = true\n"
        "[diff]\nnoprefix = true\nexternal = false\nrenames = copies\nignoreSubmodules = all\n"
    )
    usual = demo("--into", "usual")
    odd = demo(
        "--into",
        "odd",
        GIT_CONFIG_GLOBAL=str(settings),
        GIT_TEMPLATE_DIR=str(template),
        GIT_DEFAULT_HASH="sha256",
        GIT_AUTHOR_DATE="2030-01-01T00:00:00Z",
    )
    assert (odd.returncode, odd.stdout) == (0, usual.stdout)
    repos = [RepoBuilder(tmp_path / name, exists=True) for name in ("usual", "odd")]
    assert repos[0].rev("re-record") == repos[1].rev("re-record")
    assert [repo.git("status", "--porcelain") for repo in repos] == ["", ""]


def test_another_repository_in_the_environment_is_left_alone(demo: Demo, repo: RepoBuilder) -> None:
    repo.commit({"a.txt": "a"})
    git_dir = repo.path / ".git"
    before = repo.state()
    done = demo(
        GIT_DIR=str(git_dir),
        GIT_WORK_TREE=str(repo.path),
        GIT_INDEX_FILE=str(git_dir / "index"),
        GIT_OBJECT_DIRECTORY=str(git_dir / "objects"),
    )
    assert done.returncode == 0
    assert SUMMARY.search(done.stdout)
    assert repo.state() == before


def test_inside_another_repository(demo: Demo, repo: RepoBuilder) -> None:
    repo.commit({"a.txt": "a"})
    done = demo("--into", "sample", cwd=repo.path)
    assert SUMMARY.search(done.stdout)
    assert repo.git("log", "--oneline").count("\n") == 0


def test_an_installed_package_brings_its_sample(demo: Demo, tmp_path: Path) -> None:
    """As a wheel lays it out, with the bytecode that pip leaves there."""
    site = tmp_path / "site"
    clean = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "recdiff", site / "recdiff", ignore=clean)
    shutil.copytree(ROOT / "sample_repo", site / "recdiff" / "sample_repo", ignore=clean)
    left = site / "recdiff" / "sample_repo" / "before" / "tests" / "__pycache__"
    left.mkdir()
    (left / "replay.cpython-311.pyc").write_bytes(b"bytecode")
    usual = demo("--into", "usual")
    installed = demo("--into", "installed", PYTHONPATH=str(site))
    assert (installed.returncode, installed.stdout) == (0, usual.stdout)
    repos = [RepoBuilder(tmp_path / name, exists=True) for name in ("usual", "installed")]
    assert repos[0].rev("re-record") == repos[1].rev("re-record")


def test_a_package_without_its_sample_says_so(demo: Demo, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(ROOT / "recdiff", site / "recdiff", ignore=shutil.ignore_patterns("__pycache__"))
    done = demo(PYTHONPATH=str(site))
    assert done.returncode == 2
    assert done.stderr == "recdiff: the sample project is not part of this installation\n"


@pytest.mark.parametrize("what", ["folder", "file", "below a file"])
def test_into_something_else_is_an_error(what: str, demo: Demo, tmp_path: Path) -> None:
    there = tmp_path / "there"
    if what == "folder":
        there.mkdir()
        (there / "mine.txt").write_text("mine")
    else:
        there.write_text("mine")
    target = f"{there}/below" if what == "below a file" else str(there)
    done = demo("--into", target)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"recdiff: {target}: ")
    assert done.stderr.count("\n") == 1
    mine = there / "mine.txt" if what == "folder" else there
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("arguments", [("main",), ("--", "tests"), ("--into",), ("--staged",)])
def test_wrong_words_are_an_error(arguments: tuple[str, ...], demo: Demo) -> None:
    done = demo(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("recdiff: ")
    assert done.stderr.count("\n") == 1


def test_without_git_it_is_one_line(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = demo(PATH=str(tmp_path / "bin"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "git" in done.stderr
