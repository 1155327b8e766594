"""textconv: steady lines that differ where the meaning does, in every command of git that shows a file."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff import formats
from recdiff.comparing.normal import normal_form
from recdiff.model import FileReview
from recdiff.pipeline import Options, review
from recdiff.reports.textconv import lines
from recdiff.rules.config import ProjectConfig
from recdiff.rules.engine import RuleSet
from recdiff.sources.contents import ContentsSource
from recdiff.sources.folders import open_folders
from tests.building import RepoBuilder
from tests.cli.running import recdiff, recorded
from tests.drivers.enabled import BAD, FOLDER, enabled, git
from tests.recordings import CORPUS, QUICK

RULES = RuleSet()


def text_of(data: bytes) -> list[str]:
    names = [rule.name for rule in RULES.defaults]
    return list(lines(normal_form(formats.load("", data), RULES), names))


def status_of(old: bytes, new: bytes) -> str:
    found = review(ContentsSource("a.json", old, "a.json", new), Options(ProjectConfig(), synopses=False))
    return found.files[0].status if found.files else "noise"


@pytest.fixture
def on(repo: RepoBuilder) -> RepoBuilder:
    return enabled(repo)


def test_diff_log_show_blame_and_grep_speak_in_sentences(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    on.commit({path: recorded("The tide is high. Stay ashore. Ask again at noon.")})
    on.commit({path: recorded("The tide is low. Stay ashore. Ask again at noon.", created=9)}, "low tide")
    wanted = ["-    text: The tide is high.", "+    text: The tide is low."]
    for words in (["diff", "HEAD~1", "HEAD"], ["log", "-p", "-1"], ["show"], ["diff-tree", "-p", "--textconv", "HEAD"]):
        done = git(on.path, *words)
        changed = [line for line in done.out.partition("@@")[2].splitlines() if line.startswith(("+", "-"))]
        assert (done.code, changed) == (0, wanted), words
    assert "text: The tide is low." in git(on.path, "blame", path).out
    assert git(on.path, "grep", "--textconv", "tide is low", "HEAD", "--", FOLDER).code == 0
    assert "created" not in git(on.path, "show", "--textconv", f"HEAD:{path}").out.replace("response-id, created", "")


def test_a_file_of_noise_alone_vanishes_and_no_textconv_brings_it_back(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    on.commit({path: recorded("same", created=1)})
    on.write(path, recorded("same", created=2))
    assert "@@" not in git(on.path, "diff", "HEAD").out
    raw = git(on.path, "diff", "HEAD", "--no-textconv").out
    assert '+        "created": 2' in raw
    on.git("apply", "--reverse", feed=raw)
    assert (on.path / path).read_text() == recorded("same", created=1)


def test_git_keeps_the_text_and_keeps_it_apart_by_version(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    on.commit({path: recorded("one")})
    on.commit({path: recorded("two")})
    first = git(on.path, "show").out
    assert on.git("rev-parse", "--verify", "refs/notes/textconv/recdiff")
    assert git(on.path, "show", env={"PATH": "/nowhere:" + __import__("os").environ["PATH"]}).out == first
    assert on.git("config", "diff.recdiff.textconv").endswith(" git textconv --v1")


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_passes_byte_for_byte_or_is_text(on: RepoBuilder, kind: str) -> None:
    data = BAD[kind].encode() if isinstance(BAD[kind], str) else BAD[kind]
    assert isinstance(data, bytes)
    file = on.path / "file"
    file.write_bytes(data)
    done = recdiff(on.path, "git", "textconv", "--v1", "file")
    assert done.code == 0 and done.err == ""
    read = kind in ("a BOM", "NaN", "a large integer", "an unknown body", "hostile")
    if read:
        assert done.out.startswith("test: ") and "\x1b" not in done.out and "\u202e" not in done.out
    else:
        assert done.out == data.decode("utf-8", "replace")
    on.commit({f"{FOLDER}/bad.json": recorded("one"), f"{FOLDER}/other.json": recorded("one")})
    on.commit({f"{FOLDER}/bad.json": data, f"{FOLDER}/other.json": recorded("two")})
    for words in (["diff", "HEAD~1", "HEAD"], ["log", "-p"], ["show", "HEAD"]):
        shown = git(on.path, *words)
        assert shown.code == 0 and "+    text: two" in shown.out


def test_neither_settings_nor_environment_change_a_byte(on: RepoBuilder) -> None:
    path = f"{FOLDER}/a.json"
    on.commit({path: recorded("one", mood="glad")})
    told = recdiff(on.path, "git", "textconv", "--v1", path).out
    on.write(".recdiff.toml", 'disable = ["created"]\n')
    on.config("color.ui", "always")
    loud = {"COLUMNS": "40", "GIT_PAGER_IN_USE": "1", "RECDIFF": "0", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    assert recdiff(on.path, "git", "textconv", "--v1", path, environment=loud).out == told
    assert recdiff(on.path / FOLDER, "git", "textconv", "--v1", "a.json").out == told


def test_what_cannot_be_read_is_one_line(repo: RepoBuilder) -> None:
    done = recdiff(repo.path, "git", "textconv", "--v1", "missing.json")
    assert (done.code, done.err) == (2, "recdiff: missing.json: cannot be read: no such file or directory\n")
    assert recdiff(repo.path, "git", "textconv").code == 2


def test_ids_are_numbered_by_first_appearance() -> None:
    def conversation(first: str, second: str) -> bytes:
        calls = [
            {"id": first, "type": "function", "function": {"name": "tide", "arguments": '{"harbour": "Brest"}'}},
            {"id": second, "type": "function", "function": {"name": "wind", "arguments": "{}"}},
        ]
        document = json.loads(recorded("fine"))
        document["request"]["body"]["messages"] += [
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "tool_call_id": second, "content": "calm"},
        ]
        return json.dumps(document).encode()

    text = text_of(conversation("call_a", "call_b"))
    assert '      call tide <json {"harbour": "Brest"}>  <id 1>' in text
    assert "      tool_call_id: <id 2>" in text
    assert text == text_of(conversation("call_x", "call_y"))
    assert text == text_of(conversation("call_b", "call_a"))


def document(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(recorded("x"))
    found["response"]["body"] = {"results": [{"score": 0.911}], **more}
    return found


def both(old: dict[str, Any], new: dict[str, Any]) -> tuple[bool, str]:
    """Whether two documents have the same lines, and what comparing them says."""
    before, after = json.dumps(old).encode(), json.dumps(new).encode()
    return text_of(before) == text_of(after), status_of(before, after)


@given(st.floats(-2, 2), st.floats(-0.02, 0.02))
def test_scores_beyond_the_tolerance_never_vanish(score: float, step: float) -> None:
    same, status = both(document(results=[{"score": score}]), document(results=[{"score": score + step}]))
    assert not same or status == "noise"


@QUICK
@given(st.integers(0, 2**32), st.sampled_from([16, 384, 1536]), st.sampled_from([0.01, 1.0, 30.0]), st.integers(1, 5))
def test_embeddings_beyond_the_tolerance_never_vanish(seed: int, size: int, length: float, digits: int) -> None:
    draw = random.Random(seed)
    numbers = [draw.gauss(0, 1) for _ in range(size)]
    norm = sum(number**2 for number in numbers) ** 0.5
    vector = [number / norm * length for number in numbers]
    others = (
        [round(number, digits) for number in vector],
        [-number if abs(number) < 0.005 * length else number for number in vector],
        [number + draw.uniform(-1e-3, 1e-3) for number in vector],
    )
    for other in others:
        same, status = both(document(data=[{"embedding": vector}]), document(data=[{"embedding": other}]))
        assert not same or status == "noise"


def streamed_call(arguments: Any) -> dict[str, Any]:
    call = {"index": 0, "id": "c", "type": "function", "function": {"name": "tide", "arguments": arguments}}
    found: dict[str, Any] = json.loads(recorded("x"))
    choice = {"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    wrapped = {"__type__": "openai.types.chat.chat_completion_chunk.ChatCompletionChunk", "__data__": chunk}
    found["response"] = {"body": [wrapped], "is_streaming": True}
    return found


@pytest.mark.parametrize("old", ["{}", None, "", "[]", '{"a": ""}'])
@pytest.mark.parametrize("new", ["{}", None, "", "[]", '{"a": null}'])
def test_arguments_that_say_little_are_told_apart(old: str | None, new: str | None) -> None:
    same, status = both(streamed_call(old), streamed_call(new))
    is_a_spelling_of_none = {old, new} == {None, ""}  # one side alone cannot tell it from the JSON text '""'
    assert same == (status == "noise" and not is_a_spelling_of_none)


@pytest.mark.parametrize("value", ["", [], {}, None, "2025-01-01T00:00:00Z", 1750000000])
@pytest.mark.parametrize("key", ["created_at", "expires_at", "total_duration"])
def test_a_field_of_noise_that_is_emptied(key: str, value: Any) -> None:
    same, status = both(document(**{key: 1760000000}), document(**{key: value}))
    assert same == (status == "noise")


def test_what_the_request_says_twice_or_with_a_space() -> None:
    old, new = document(), document()
    del new["request"]["model"]
    assert both(old, new) == (False, "meaningful")
    new = document()
    new["request"]["url"] += " "
    assert both(old, new) == (False, "meaningful")
    for flag in (0, {}, "False"):
        new = document()
        new["response"]["is_streaming"] = flag
        same, status = both(old, new)
        assert same == (status == "noise")


def test_odd_parts_and_odd_names_are_read(on: RepoBuilder) -> None:
    odd = document()
    odd["request"]["body"]["messages"] = [{"role": "user", "content": [{"type": ["text"], "text": "hi"}]}]
    assert any("hi" in line for line in text_of(json.dumps(odd).encode()))
    on.commit({".gitattributes": "*.json diff=recdiff\n", "--vcr.json": recorded("one"), "--v1": recorded("a")})
    on.write("--vcr.json", recorded("two"))
    done = git(on.path, "diff", "HEAD")
    assert done.code == 0 and "+    text: two" in done.out
    assert "text: a" in recdiff(on.path, "git", "textconv", "--v1", "--v1").out


TEXTS = st.lists(
    st.sampled_from([*"ab .!?\n\\⏎“<>-1{}[]:\"'\t\x1b\u202e", "id ", "text: ", "null", "(escaped) "]), max_size=25
).map("".join)


@QUICK
@given(TEXTS, TEXTS)
def test_two_texts_have_the_same_lines_only_if_they_are_the_same(one: str, other: str) -> None:
    same = text_of(recorded(one).encode()) == text_of(recorded(other).encode())
    assert same == (one == other or status_of(recorded(one).encode(), recorded(other).encode()) == "noise")


@QUICK
@given(TEXTS)
def test_a_text_stays_whole(text: str) -> None:
    told = "\n".join(text_of(recorded(f"a{text}z").encode()))
    letters = [char for char in text if char.isalnum()]
    assert [char for char in told if char in letters].count("a") >= letters.count("a")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real re-recordings is not here")
@pytest.mark.parametrize("case", sorted(p.name for p in (CORPUS / "ogx").glob("*") if (p / "new").is_dir()))
def test_on_real_recordings_the_lines_differ_exactly_where_the_meaning_does(case: str) -> None:
    """The comparers are the other side of this: they never saw these lines."""
    folder = CORPUS / "ogx" / case
    found = review(open_folders(str(folder / "old"), str(folder / "new")), Options(ProjectConfig(), synopses=False))
    pairs = [entry for entry in found.files if entry.old_path and entry.new_path and entry.status != "unreadable"]
    assert pairs
    edges = 0
    for entry in pairs:
        old, new = _sides(folder, entry)
        same = text_of(old) == text_of(new)
        if same:
            assert status_of(old, new) == "noise", entry.new_path
        elif status_of(old, new) == "noise":
            # one side alone cannot know a tolerance: a number on a rounding's edge is told
            assert "embedding-tolerance" in entry.hidden or "search-score" in entry.hidden, entry.new_path
            edges += 1
    assert edges <= len(pairs) * 0.1


def _sides(folder: Path, entry: FileReview) -> tuple[bytes, bytes]:
    return (folder / "old" / (entry.old_path or "")).read_bytes(), (
        folder / "new" / (entry.new_path or "")
    ).read_bytes()
