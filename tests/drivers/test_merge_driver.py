"""The merge driver: noise resolves itself to one whole side, two meanings are a conflict, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.drivers.merging import Sides, by_lines, merge
from tests.building import RepoBuilder
from tests.cli.running import ROOT, recdiff, recorded
from tests.drivers.enabled import BAD, FOLDER, enabled, git
from tests.recordings import QUICK

PATH = f"{FOLDER}/a.json"
BASE = recorded("base", created=1)
OURS = {"noise": recorded("base", created=2), "meaning": recorded("ours", created=2), "none": BASE}
THEIRS = {"noise": recorded("base", created=3), "meaning": recorded("theirs", created=3), "none": BASE}


@pytest.fixture
def on(repo: RepoBuilder) -> RepoBuilder:
    return enabled(repo)


def diverge(repo: RepoBuilder, base: str | bytes | None, ours: str | bytes | None, theirs: str | bytes | None) -> None:
    """Two branches, `main` (ours, checked out) and `side` (theirs), that changed one file since a common commit."""
    if base is not None:
        repo.commit({PATH: base}, "base")
    repo.branch("side")
    repo.commit({PATH: theirs, "side.txt": "side"}, "theirs")
    repo.switch("main")
    repo.commit({PATH: ours, "main.txt": "main"}, "ours")


def stages(repo: RepoBuilder) -> dict[str, str]:
    """What the index holds of the path while it is in conflict: stage to content."""
    listed = repo.git("ls-files", "--unmerged", "-z").split("\0")[:-1]
    return {line.split()[2]: repo.git("cat-file", "blob", line.split()[1]) for line in listed}


@pytest.mark.parametrize("how", ["merge", "rebase", "cherry-pick"])
@pytest.mark.parametrize("theirs", THEIRS)
@pytest.mark.parametrize("ours", OURS)
def test_who_carries_the_meaning_is_taken_whole(on: RepoBuilder, ours: str, theirs: str, how: str) -> None:
    diverge(on, BASE, OURS[ours], THEIRS[theirs])
    words = {
        "merge": ["merge", "--no-edit", "side"],
        "rebase": ["rebase", "side"],
        "cherry-pick": ["cherry-pick", "side"],
    }
    done = git(on.path, *words[how])
    now = (on.path / PATH).read_text()
    if ours == theirs == "meaning":
        assert done.code == 1
        assert f"{PATH}: CONFLICT: both sides changed its meaning (text)" in done.err
        assert now.startswith("<<<<<<< ") and "\n=======\n" in now and "\n>>>>>>> " in now
        with pytest.raises(ValueError):
            json.loads(now)
        kept = stages(on)
        assert {kept["1"], kept["2"], kept["3"]} == {BASE, OURS[ours], THEIRS[theirs]}
        assert OURS[ours] in now and THEIRS[theirs] in now
        return
    assert (done.code, on.git("ls-files", "--unmerged")) == (0, "")
    wanted = {
        ("meaning", "noise"): OURS["meaning"],
        ("meaning", "none"): OURS["meaning"],
        ("noise", "meaning"): THEIRS["meaning"],
        ("none", "meaning"): THEIRS["meaning"],
        ("none", "noise"): THEIRS["noise"],
        ("noise", "none"): OURS["noise"],
        ("none", "none"): BASE,
        # noise against noise keeps the side that git calls ours, which in a rebase is the branch below
        ("noise", "noise"): THEIRS["noise"] if how == "rebase" else OURS["noise"],
    }
    assert now == wanted[ours, theirs]


def test_both_added(on: RepoBuilder) -> None:
    diverge(on, None, OURS["noise"], THEIRS["noise"])
    assert git(on.path, "merge", "--no-edit", "side").code == 0
    assert (on.path / PATH).read_text() == OURS["noise"]


def test_both_added_another_meaning(on: RepoBuilder) -> None:
    diverge(on, None, OURS["meaning"], THEIRS["meaning"])
    done = git(on.path, "merge", "--no-edit", "side")
    assert done.code == 1 and "both sides added it, and they differ in meaning (text)" in done.err
    assert set(stages(on)) == {"2", "3"}


@pytest.mark.parametrize(("ours", "theirs"), [(None, THEIRS["meaning"]), (OURS["noise"], None)])
def test_one_side_deleted_it(on: RepoBuilder, ours: str | None, theirs: str | None) -> None:
    diverge(on, BASE, ours, theirs)
    done = git(on.path, "merge", "--no-edit", "side")
    assert done.code == 1 and "CONFLICT (modify/delete)" in done.out
    assert set(stages(on).values()) == {BASE, ours or theirs}


def test_a_criss_cross_merge_drops_no_side(on: RepoBuilder) -> None:
    """With two merge bases git merges those first, with the same driver unless told otherwise."""
    on.commit({PATH: recorded("root")}, "root")
    on.branch("side")
    on.commit({PATH: recorded("left one")}, "left")
    on.switch("main")
    on.commit({PATH: recorded("right one")}, "right")
    left, right = on.rev("side"), on.rev("main")
    for branch, other in (("main", left), ("side", right)):
        on.switch(branch)
        git(on.path, "merge", "--no-edit", other)
        on.write(PATH, recorded("right one" if branch == "main" else "left one"))
        on.git("commit", "--quiet", "--message", f"merge on {branch}")
    on.commit({PATH: recorded("left two")}, "left goes on")
    on.switch("main")
    on.commit({PATH: recorded("right two")}, "right goes on")
    assert len(on.git("merge-base", "--all", "main", "side").splitlines()) == 2
    done = git(on.path, "merge", "--no-edit", "side")
    assert done.code == 1
    kept = stages(on)
    assert "right two" in kept["2"] and "left two" in kept["3"]
    now = (on.path / PATH).read_text()
    assert "right two" in now and "left two" in now


@pytest.mark.parametrize("kind", BAD)
def test_a_side_that_cannot_be_read_is_merged_as_git_does(on: RepoBuilder, kind: str) -> None:
    diverge(on, recorded("base"), OURS["meaning"], BAD[kind])
    done = git(on.path, "merge", "--no-edit", "side")
    now = (on.path / PATH).read_bytes()
    kept = stages(on)
    assert done.code in (0, 1) and (done.code == 1) == bool(kept)
    if kind not in ("a BOM", "NaN", "a large integer", "an unknown body", "hostile"):
        assert "merged by lines, as git does" in done.err
        on.git("merge", "--abort")
        (on.path / ".git/info/attributes").write_text(f"{FOLDER}/** !merge\n")
        plain = git(on.path, "merge", "--no-edit", "side")
        assert plain.code == done.code
        assert _without_labels((on.path / PATH).read_bytes()) == _without_labels(now)


def _without_labels(content: bytes) -> list[bytes]:
    return [line[:7] if line[:7] in (b"<<<<<<<", b"|||||||", b">>>>>>>") else line for line in content.splitlines()]


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_switched_off_it_is_the_merge_of_git(on: RepoBuilder, style: str) -> None:
    on.config("merge.conflictStyle", style)
    diverge(on, BASE, OURS["meaning"], THEIRS["meaning"])
    assert git(on.path, "merge", "--no-edit", "side", env={"RECDIFF": "0"}).code == 1
    switched_off = (on.path / PATH).read_bytes()
    on.git("merge", "--abort")
    (on.path / ".git/info/attributes").write_text(f"{FOLDER}/** !merge\n")
    assert git(on.path, "merge", "--no-edit", "side").code == 1
    assert _without_labels(switched_off)[:30] == _without_labels((on.path / PATH).read_bytes())[:30]


def test_the_style_of_conflicts_is_the_user_s(on: RepoBuilder) -> None:
    on.config("merge.conflictStyle", "diff3")
    diverge(on, BASE, OURS["meaning"], THEIRS["meaning"])
    git(on.path, "merge", "--no-edit", "side")
    now = (on.path / PATH).read_text()
    assert "\n||||||| " in now and BASE in now
    on.git("checkout", "--merge", "--", PATH)  # makes the conflict again, through the driver


def test_git_commit_does_not_take_the_conflict_for_a_recording(on: RepoBuilder) -> None:
    diverge(on, BASE, OURS["meaning"], THEIRS["meaning"])
    git(on.path, "merge", "--no-edit", "side")
    assert git(on.path, "diff", "--check").code != 0
    on.git("commit", "--quiet", "--all", "--message", "unseen")
    assert recdiff(on.path, "diff", "HEAD~1", "HEAD", "--strict").code == 2


def test_a_merge_of_many_stops_at_the_one(on: RepoBuilder) -> None:
    names = [f"{FOLDER}/{number}.json" for number in range(6)]
    on.commit(dict.fromkeys(names, BASE), "base")
    on.branch("side")
    on.commit({**dict.fromkeys(names, THEIRS["noise"]), names[3]: THEIRS["meaning"]}, "theirs")
    on.switch("main")
    on.commit({**dict.fromkeys(names, OURS["noise"]), names[3]: OURS["meaning"]}, "ours")
    assert git(on.path, "merge", "--no-edit", "side").code == 1
    assert on.git("diff", "--name-only", "--diff-filter=U") == names[3]
    assert all((on.path / name).read_text() == OURS["noise"] for name in names if name != names[3])


def test_a_project_s_rules_decide_what_noise_is(on: RepoBuilder) -> None:
    rules = '[[rules]]\nname = "mood"\nselector = "response.reply.extra.mood"\naction = "hide"\nreason = "moody"\n'
    on.commit({".recdiff.toml": rules})
    diverge(on, recorded("base", mood="a"), recorded("base", mood="b"), recorded("base", mood="c"))
    assert git(on.path, "merge", "--no-edit", "side").code == 0
    assert (on.path / PATH).read_text() == recorded("base", mood="b")


def test_a_driver_that_is_killed_leaves_the_file_whole(on: RepoBuilder) -> None:
    """Killed when it writes: the content is put in place by a rename, so it is the old file or the new one."""
    on.write("base", BASE)
    on.write("ours", OURS["noise"])
    on.write("theirs", THEIRS["meaning"])
    script = (
        "import os, pathlib, signal, sys\nfrom recdiff.cli import run\n"
        "pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "run(['git', 'merge-driver', 'base', 'ours', 'theirs', '7', 'a.json'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["python3", "-c", script], cwd=on.path, env=environment, check=False, capture_output=True)
    assert done.returncode == -9
    assert (on.path / "ours").read_text() == OURS["noise"]


def test_words_that_git_would_not_say(repo: RepoBuilder) -> None:
    assert recdiff(repo.path, "git", "merge-driver", "a").code == 2
    done = recdiff(repo.path, "git", "merge-driver", "a", "b", "c")
    assert (done.code, done.err) == (2, "recdiff: a: cannot be read: no such file or directory\n")


CONTENTS = st.builds(
    lambda text, created: recorded(text, created=created).encode(),
    st.sampled_from(["one", "two", "three"]),
    st.integers(1, 3),
)


@QUICK
@given(CONTENTS, CONTENTS, CONTENTS)
def test_a_merge_is_a_whole_side_or_a_conflict_with_both(base: bytes, ours: bytes, theirs: bytes) -> None:
    outcome = merge(Sides("a.json", base, ours, theirs), rules_root=None)
    said = [json.loads(side)["response"]["body"]["__data__"]["choices"][0] for side in (base, ours, theirs)]
    if outcome.is_conflict:
        assert said[1] != said[2] and said[0] not in (said[1], said[2])
        assert ours in outcome.content and theirs in outcome.content
    else:
        assert outcome.content in (ours, theirs)
        merged = json.loads(outcome.content)["response"]["body"]["__data__"]["choices"][0]
        wanted = said[1] if said[1] != said[0] else said[2]
        assert merged == wanted


def test_by_lines_is_git_merge_file(tmp_path: Path) -> None:
    sides = Sides("x", b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n")
    assert by_lines(sides, "")[:2] == (b"A\nb\nC\n", False)
    conflict = by_lines(sides._replace(theirs=b"X\nb\nc\n", labels=("mine", "old", "yours")), "why")
    assert conflict.content == b"<<<<<<< mine\nA\n=======\nX\n>>>>>>> yours\nb\nc\n" and conflict.is_conflict
    assert by_lines(sides._replace(ours=b"\x00"), "").is_conflict
