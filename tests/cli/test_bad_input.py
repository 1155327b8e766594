"""Files that no one wants: each is reported, none stops the others, and only `--strict` makes them an error."""

from __future__ import annotations

import json

import pytest

from tests.building import RepoBuilder
from tests.cli.running import recdiff, recorded, report

GOOD = recorded("good")
DEEP = GOOD.replace('"good"', "[" * 1000 + "]" * 1000)
CONFLICT = GOOD.replace('"object"', '<<<<<<< HEAD\n"a": 1,\n=======\n"a": 2,\n>>>>>>> other\n"object"')
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD[:300], "JSON ends at line"),
        ("", "the file is empty"),
        ("   \n", "the file is empty"),
        (GOOD.encode()[:200] + b"\xff" + GOOD.encode()[200:], "invalid UTF-8 at line"),
        (GOOD.replace('"created": 1,', '"created": 1, "created": 1,'), 'the key "created" stands twice'),
        (CONFLICT, "merge conflict markers at line"),
        (LFS, "git-lfs pointer"),
        (DEEP, "nested over 250 levels deep"),
        ('{"hello": 1}', "no format that recdiff knows"),
        ("[1, 2", "JSON ends at line 1"),
        (b"\x00\x01\x02binary", "no JSON at line 1"),
    ],
)
def test_unreadable_with_its_reason_beside_others_that_are_reviewed(
    repo: RepoBuilder, content: str | bytes, reason: str
) -> None:
    repo.commit({"recordings/bad.json": GOOD, "recordings/other.json": recorded("one")})
    repo.commit({"recordings/bad.json": content, "recordings/other.json": recorded("two")})
    found = report(repo.path, "HEAD~1", "HEAD")
    bad, other = found["files"]
    assert (bad["status"], bad["changes"]) == ("unreadable", [])
    assert reason in bad["error"]
    assert (other["status"], other["changes"][0]["class"]) == ("meaningful", "text")
    text = recdiff(repo.path, "diff", "HEAD~1", "HEAD")
    assert text.code == 0 and reason in text.out and "recordings/bad.json" in text.out
    assert recdiff(repo.path, "diff", "HEAD~1", "HEAD", "--strict").code == 2
    raw = recdiff(repo.path, "diff", "HEAD~1", "HEAD", "--raw", "--status", "unreadable")
    assert raw.code == 0 and "@@ " in raw.out


@pytest.mark.parametrize("content", [GOOD[:300], LFS, "", DEEP])
def test_a_broken_file_that_is_added_or_removed(repo: RepoBuilder, content: str) -> None:
    repo.commit({"recordings/a.json": recorded("one")})
    repo.commit({"recordings/bad.json": content})
    assert [entry["status"] for entry in report(repo.path, "HEAD~1", "HEAD")["files"]] == ["unreadable"]
    repo.commit({"recordings/bad.json": None})
    entry = report(repo.path, "HEAD~1", "HEAD")["files"][0]
    assert (entry["status"], entry["new_path"]) == ("unreadable", None)


def test_json_that_is_no_recording_is_skipped_where_no_recordings_live(repo: RepoBuilder) -> None:
    repo.commit({"package.json": '{"a": 1}', "a.json": recorded("one"), "broken.json": "{"})
    repo.commit({"package.json": '{"a": 2}', "a.json": recorded("two"), "broken.json": "[", "notes.md": "x"})
    found = report(repo.path, "HEAD~1", "HEAD")
    assert [entry["new_path"] for entry in found["files"]] == ["a.json", "broken.json"]  # beside a recording
    assert found["summary"]["skipped"] == 2


def test_json_that_a_project_calls_a_recording_is_compared(repo: RepoBuilder) -> None:
    config = 'recordings = ["golden/*.json"]\n'
    repo.commit({"golden/a.json": '{"x": [1, {"y": 2}]}', ".recdiff.toml": config})
    repo.commit({"golden/a.json": '{"x": [1, {"y": 3}]}'})
    entry = report(repo.path, "HEAD~1", "HEAD")["files"][0]
    assert (entry["format"], [change["new"] for change in entry["changes"]]) == ("json", [3])


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"\xef\xbb\xbf" + GOOD.encode(), None),
        (GOOD.replace('"created": 1', '"created": NaN'), "created"),
        (json.dumps(json.loads(GOOD), indent=7, sort_keys=True), None),
    ],
)
def test_odd_but_exact_content_is_noise(repo: RepoBuilder, content: str | bytes, rule: str | None) -> None:
    repo.commit({"recordings/a.json": GOOD})
    repo.commit({"recordings/a.json": content})
    entry = report(repo.path, "HEAD~1", "HEAD")["files"][0]
    assert (entry["status"], entry["hidden"]) == ("noise", {rule: 1} if rule else {})


def test_integers_over_64_bits_are_exact(repo: RepoBuilder) -> None:
    repo.commit({"recordings/a.json": recorded(nonce=123456789012345678901234567890)})
    repo.commit({"recordings/a.json": recorded(nonce=123456789012345678901234567891)})
    changes = report(repo.path, "HEAD~1", "HEAD")["files"][0]["changes"]
    assert [(change["old"], change["new"]) for change in changes] == [
        (123456789012345678901234567890, 123456789012345678901234567891)
    ]


def test_a_body_of_a_type_never_seen_is_compared_by_its_structure(repo: RepoBuilder) -> None:
    def odd(value: object) -> str:
        document = json.loads(GOOD)
        document["response"]["body"] = {"__type__": "sea.Tide", "__data__": {"__level": [1, {"at": value}]}}
        return json.dumps(document)

    repo.commit({"recordings/a.json": odd("noon")})
    repo.commit({"recordings/a.json": odd("dusk")})
    changes = report(repo.path, "HEAD~1", "HEAD")["files"][0]["changes"]
    assert [(change["class"], change["path"]) for change in changes] == [
        ("data", "/interactions/0/response/body/__level/1/at")
    ]


def test_a_recording_of_many_megabytes(repo: RepoBuilder) -> None:
    repo.commit({"recordings/big.json": recorded("tide " * 2_000_000)})
    repo.commit({"recordings/big.json": recorded("tide " * 1_000_000 + "turned " + "tide " * 1_000_000)})
    done = recdiff(repo.path, "diff", "HEAD~1", "HEAD")
    assert done.code == 0 and "turned" in done.out
    assert max(map(len, done.lines)) < 2_000


def test_links_and_submodules_are_named_and_not_followed(repo: RepoBuilder) -> None:
    repo.commit({"recordings/a.json": recorded("one")})
    repo.symlink("recordings/link.json", "/etc/hostname")
    repo.commit()
    found = report(repo.path, "HEAD~1", "HEAD")
    assert found["files"] == [] and found["summary"]["skipped"] == 1
    assert "symbolic link" in found["notes"][0] and "not followed" in found["notes"][0]


def test_a_merge_in_progress(repo: RepoBuilder) -> None:
    repo.commit({"recordings/a.json": recorded("base")})
    repo.branch("other")
    repo.commit({"recordings/a.json": recorded("theirs")})
    repo.switch("main")
    repo.commit({"recordings/a.json": recorded("ours")})
    repo.merge("other", conflicts=True)
    entry = report(repo.path)["files"][0]
    assert entry["status"] == "unreadable" and "merge conflict markers" in entry["error"]
