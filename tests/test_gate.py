"""The gate: what each policy makes of a review, and commands that no name of a file can turn into others."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.decisions import Decisions, points_of
from recdiff.gate import Judgement, judge, shell_word, taking_back
from recdiff.model import CLASSES, STATUSES, Change, ChangeClass, FileReview, Review, Status, status_of
from recdiff.rules.policies import DEFAULT_FAIL_ON, FAILABLE, Policy, policy_changes
from recdiff.safe import visible
from tests.recordings import MANY, QUICK


def change(name: ChangeClass = "text", *, derived: bool = False, new: str = "b") -> Change:
    return Change(name, f"/{name}", "changed", "a", new, "label", f"/{name}", derived)


def entry(path: str = "a.json", *changes: Change, status: Status | None = None, old: str | None = "") -> FileReview:
    """A pair with these changes, or what a status says of a file."""
    found = status or status_of(changes)
    before = None if found == "added" else (old or path)
    after = None if found == "removed" else path
    error = "no JSON" if found == "unreadable" else None
    return FileReview(found, before, after, "path", "ogx", path, changes=changes, error=error, fingerprint=path)


def review(*entries: FileReview) -> Review:
    return Review("A..B", "A", "B", entries, (), 0)


def judged(policy: Policy, *entries: FileReview, **more: Any) -> dict[str, Judgement]:
    return {judgement.policy: judgement for judgement in judge(review(*entries), policy, **more)}


def failing(policy: Policy, *entries: FileReview, **more: Any) -> dict[str, list[str]]:
    """The paths by policy, of the policies that fail."""
    found = judged(policy, *entries, **more)
    assert all(bool(judgement.offences) is judgement.fails for judgement in found.values())
    return {name: [offence.path for offence in j.offences] for name, j in found.items() if j.fails}


# ---------------------------------------------------------------------------------------------------- fail-on


def test_by_default_unreadable_and_errors_fail() -> None:
    files = (
        entry("error.json", change("error")), entry("text.json", change(), change("tool"), change("finish")),
        entry("broken.json", status="unreadable"), entry("gone.json", status="removed"), entry("noise.json"),
    )  # fmt: skip
    assert failing(Policy(), *files) == {"fail-on": ["broken.json", "error.json"]}
    assert judged(Policy(), *files)["fail-on"].reason == "1 error, 1 unreadable"
    assert judged(Policy(), *files[1:2])["fail-on"] == Judgement("fail-on", "error, unreadable", "none")
    assert failing(Policy(()), *files) == {}


@pytest.mark.parametrize("name", FAILABLE)
def test_fail_on_names_one_class_or_status(name: str) -> None:
    files = [entry(f"{one}.json", change(one)) for one in CLASSES] + [
        entry(f"is-{one}", status=one) for one in STATUSES
    ]
    found = failing(Policy((name,)), *files).get("fail-on", [])
    expected = [file.path for file in files if name in {file.status, *(c.change_class for c in file.changes)}]
    assert found == ([] if name == "added" else expected)
    assert bool(found) is (name != "added")


def test_added_recordings_never_fail_even_where_all_is_named() -> None:
    assert failing(Policy(FAILABLE), entry("new.json", status="added")) == {}


def test_a_change_that_another_brought_about_fails_nothing() -> None:
    assert failing(Policy(("request",)), entry("a.json", change("text"), change("request", derived=True))) == {}


def test_a_file_is_named_once_with_all_its_reasons_the_weightiest_first() -> None:
    file = entry("a.json", change("text"), change("error"), change("tool"), change("error"))
    (offence,) = judged(Policy(("text", "error", "meaningful")), file)["fail-on"].offences
    assert offence.what == ("error", "text", "meaningful")
    assert [found.change_class for found in offence.changes] == ["error", "error", "text"]


@MANY
@given(
    st.lists(st.sampled_from(FAILABLE)),
    st.lists(st.one_of(st.lists(st.sampled_from(CLASSES), max_size=3), st.sampled_from(STATUSES)), max_size=8),
)
def test_fail_on_fails_exactly_what_is_named(names: list[str], shapes: list[Any]) -> None:
    files = [
        entry(f"{number}.json", status=shape) if isinstance(shape, str)
        else entry(f"{number}.json", *(change(name) for name in shape))
        for number, shape in enumerate(shapes)
    ]  # fmt: skip
    found = judged(Policy(tuple(names)), *files)["fail-on"]
    said = {file.path: {file.status, *(c.change_class for c in file.changes)} for file in files}
    assert {offence.path for offence in found.offences} == {
        file.path for file in files if file.status != "added" and said[file.path] & set(names)
    }
    assert all(set(offence.what) == said[offence.path] & set(names) for offence in found.offences)


# ---------------------------------------------------------------------------------------------- other policies


@pytest.mark.parametrize(("most", "fails"), [(0, True), (1, True), (2, False), (3, False)])
def test_max_meaningful(most: int, fails: bool) -> None:
    files = (entry("a.json", change()), entry("b.json", change("tool")), entry("c.json", change("usage")))
    found = judged(Policy((), most), *files)["max-meaningful"]
    assert (found.fails, found.terms, found.reason) == (fails, str(most), "2 meaningful")
    assert [offence.path for offence in found.offences] == (["a.json", "b.json"] if fails else [])


def test_no_noise_means_files_of_one_name() -> None:
    files = (entry("a.json"), entry("b.json", old="old.json"), entry("c.json", change("usage")), entry("d.json"))
    assert failing(Policy((), no_noise=True), *files) == {"no-noise": ["a.json", "d.json"]}
    assert failing(Policy((), no_noise=True), *files[1:3]) == {}
    assert failing(Policy(()), *files) == {}


def test_require_decided() -> None:
    files = (
        entry("a.json", change(new="1")), entry("b.json", change(new="2"), change("tool", new="2")),
        entry("minor.json", change("usage")), entry("new.json", status="added"), entry("noise.json"),
        entry("gone.json", status="removed"), entry("broken.json", status="unreadable"),
    )  # fmt: skip
    asked = Policy((), require_decided=True)
    needed = ["a.json", "b.json", "new.json", "gone.json", "broken.json"]
    assert failing(asked, *files) == {"require-decided": needed}
    decided = Decisions.open(None)
    for file in files:
        if file.path in needed:
            decided.decide(points_of(file), "accepted")
    assert failing(asked, *files, decided=decided) == {}
    assert judged(asked, *files, decided=decided)["require-decided"].reason == "all decided, none rejected"
    decided.decide(points_of(files[1])[:1], "rejected")
    decided.remark(points_of(files[1])[:1], "wrong tide")
    decided.decide(points_of(files[2]), "rejected")  # nobody asked, but somebody said it
    decided.decide(points_of(files[0]), None)
    found = judged(asked, *files, decided=decided)["require-decided"]
    assert [(offence.path, offence.what, offence.comment) for offence in found.offences] == [
        ("b.json", ("rejected",), "wrong tide"), ("minor.json", ("rejected",), ""), ("a.json", ("undecided",), ""),
    ]  # fmt: skip
    assert found.reason == "2 rejected, 1 undecided"


def test_unmerged_paths_fail_whatever_is_asked_and_by_this_alone() -> None:
    files = (entry("a.json", status="unreadable"), entry("b.json", change()), entry("noise.json"))
    nothing = Policy(())
    assert failing(nothing, *files, unmerged=["b.json"]) == {"unmerged": ["b.json"]}
    every = Policy(FAILABLE, 0, True, True)
    found = failing(every, *files, unmerged=["b.json", "elsewhere.json"])
    assert found == {
        "unmerged": ["b.json", "elsewhere.json"], "fail-on": ["a.json", "noise.json"], "max-meaningful": ["b.json"],
        "require-decided": ["a.json"], "no-noise": ["noise.json"],
    }  # fmt: skip
    assert "unmerged" not in judged(every, *files)


def test_a_review_of_nothing_passes_every_policy() -> None:
    found = judged(Policy(FAILABLE, 0, True, True))
    assert list(found) == ["fail-on", "max-meaningful", "require-decided", "no-noise"]
    assert not any(judgement.fails for judgement in found.values())


# ----------------------------------------------------------------------------------------------------- policies

POLICIES = st.builds(
    Policy, st.none() | st.lists(st.sampled_from(FAILABLE), max_size=3).map(tuple), st.none() | st.integers(0, 3),
    st.none() | st.booleans(), st.none() | st.booleans(),
)  # fmt: skip


@MANY
@given(POLICIES, POLICIES)
def test_what_is_said_takes_the_place_of_the_same_key_alone(mine: Policy, other: Policy) -> None:
    both = mine.over(other)
    assert list(both) == [theirs if own is None else own for own, theirs in zip(mine, other, strict=True)]
    assert mine.over(Policy()) == Policy().over(mine) == mine.over(mine) == mine
    assert set(both.failing) == set(DEFAULT_FAIL_ON if both.fail_on is None else both.fail_on)


@MANY
@given(POLICIES, POLICIES)
def test_a_change_of_policy_is_told_where_it_changes_what_fails(old: Policy, new: Policy) -> None:
    lines = list(policy_changes(old, new))
    asked = [(p.failing, p.max_meaningful, bool(p.require_decided), bool(p.no_noise)) for p in (old, new)]
    assert len(lines) == sum(before != after for before, after in zip(*asked, strict=True))
    assert all(line.startswith("check: ") for line in lines)


# ----------------------------------------------------------------------------------------------------- commands

NAMES = st.text(
    st.sampled_from("ab/ .-_*?[]:!\\'\"`$(){}|&;<>#~=^%@,\n\t\r\x1b\x7f\x85\u202e\u2028é漢😀\udcff\udc80"),
    min_size=1, max_size=12,
).filter(lambda name: "\0" not in name)  # fmt: skip


def words_of(line: str, shell: str = "bash") -> list[str]:
    """The words that a shell makes of a command, were `git` to print them; nothing else can be run."""
    script = f'git() {{ printf "%s\\0" "$@"; }}\n{line}'
    program = shutil.which(shell) or shell
    done = subprocess.run([program, "-c", os.fsencode(script)], capture_output=True, check=False, env={"PATH": ""})
    assert done.stderr == b"" and done.returncode == 0
    return [os.fsdecode(word) for word in done.stdout.split(b"\0")[:-1]]


@QUICK
@given(st.lists(NAMES, min_size=1, max_size=5), NAMES.filter(str.isprintable), st.booleans(), st.booleans())
def test_a_command_names_its_files_whatever_they_are_called(
    paths: list[str], revision: str, staged: bool, is_top: bool
) -> None:
    (line,) = taking_back(revision, paths, staged=staged, is_top=is_top)
    assert line == visible(line) and line.startswith("git restore --source=")
    words = words_of(line)
    head = ["restore", f"--source={revision}", *(["--staged", "--worktree"] if staged else []), "--"]
    assert words[: len(head)] == head
    for path, word in zip(paths, words[len(head) :], strict=True):
        assert word in (path, f":(top,literal){path}") if is_top else (f":/{path}", f":(top,literal){path}")
        if any(char in path for char in "*?[\\") or path.startswith(":"):
            assert word.startswith(":(top,literal)")


@QUICK
@given(st.lists(NAMES, min_size=1, max_size=5))
def test_a_shell_that_cannot_read_the_words_runs_nothing_else(paths: list[str]) -> None:
    (line,) = taking_back("HEAD", paths)
    words = words_of(line, "sh")
    assert len(words) == 3 + len(paths)


def test_many_files_make_several_commands_with_every_file_once() -> None:
    paths = [f"tests/recordings/{number:064x}.json" for number in range(3_000)]
    lines = list(taking_back("main", paths))
    assert len(lines) > 1 and all(len(line) <= 100_000 for line in lines)
    assert [path for line in lines for path in line.split(" -- ")[1].split(" ")] == paths
    assert list(taking_back("main", [])) == []


def test_a_plain_name_stays_plain() -> None:
    assert shell_word("tests/recordings/3f2a.json") == "tests/recordings/3f2a.json"
    assert shell_word("a b") == "'a b'"
    assert shell_word("it's\n") == "$'it\\047s\\012'"
