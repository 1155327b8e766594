"""Titles, the views of a page, and the pages of recordings without another side or without any sense."""

from __future__ import annotations

import pytest

from recdiff.model import HiddenLeaf
from recdiff.opening import Hidden
from recdiff.safe import visible
from recdiff.testfunctions import FunctionSource
from recdiff.tui.page.blocks import Sides, words_of
from recdiff.tui.page.broken import bytes_blocks
from recdiff.tui.page.hidden import hidden_section
from recdiff.tui.page.making import key_of
from tests.recordings import Answer, azure_stream, chat_single, chat_stream, embeddings, model_list, request, vector
from tests.tui.page.opened import alone, keys, missing, page, pair, said, section, title, unreadable

HASH = "0123456789abcdef" * 4
FUNCTION = FunctionSource("tests/test_a.py", 41, 'def test_x():\n    """Ask."""\n    assert 1 == "\x1b"  # no\n')


# Titles


def test_a_title_says_which_test_and_what_was_called() -> None:
    opened = pair(chat_stream(Answer("One two")), chat_stream(Answer("One")))
    assert title(page(opened)) == [
        "test_chat[openai_client-txt=ollama/llama3.2:3b]",
        "tests/integration/test_inference.py",
        "/v1/chat/completions · llama3.2:3b · streamed in 5 → 4 chunks",
        "recordings/a.json",
        "⚑\xa0text",
        "",
    ]


def test_names_that_are_hashes_are_short_unless_the_files_are_looked_at() -> None:
    opened = pair(chat_single(), chat_single(model="other"))
    old, new = f"tests/recordings/{HASH}.json", f"tests/recordings/models-{HASH[::-1]}-1f.json"
    entry = opened.entry._replace(old_path=old, new_path=new, pairing="same test")
    lines = title(page(opened._replace(entry=entry)))
    assert "tests/recordings/01234567….json → models-fedcba98…-1f.json" in lines
    assert "/v1/chat/completions · llama3.2:3b · paired: same test" in lines
    raw = title(page(opened._replace(entry=entry), "raw"))
    assert f"tests/recordings/{HASH}.json → models-{HASH[::-1]}-1f.json" in raw


def test_paths_of_two_folders_are_both_told() -> None:
    opened = pair(chat_single(), chat_single(model="other"))
    entry = opened.entry._replace(old_path="a/x.json", new_path="x.json")
    assert "a/x.json → x.json" in title(page(opened._replace(entry=entry)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (chat_single, chat_single, ""),
        (chat_stream, chat_stream, " · streamed in 9 chunks"),
        (chat_single, chat_stream, " · not streamed → streamed in 9 chunks"),
        (chat_stream, chat_single, " · streamed in 9 chunks → not streamed"),
    ],
)
def test_a_title_says_how_the_answer_came(old: object, new: object, words: str) -> None:
    assert callable(old) and callable(new)
    assert title(page(pair(old(), new())))[2] == f"/v1/chat/completions · llama3.2:3b{words}"


def test_a_side_that_was_lost_is_told() -> None:
    opened = pair(chat_single(), chat_single(Answer("No")))
    assert "the new file: the file is gone" in title(page(opened._replace(new=missing(opened.new))))


def test_chips_count_what_changed() -> None:
    opened = pair(chat_single(Answer("a"), Answer("b")), chat_single(Answer("c"), Answer("d", finish="length")))
    assert "⚑\xa0finish  ⚑\xa0text\xa02" in title(page(opened))
    assert "no meaningful change" in title(page(pair(chat_single(), chat_single())))
    assert "added" in title(page(alone(chat_single())))


def test_a_view_says_what_it_is_and_how_to_leave() -> None:
    opened = pair(chat_single(), chat_single())
    for view, words in (("raw", "the files as they are"), ("text", "the whole text"), ("stream", "the stream")):
        assert any(line.startswith(words) for line in title(page(opened, view)))  # type: ignore[arg-type]
        assert page(opened, view).key == page(opened).key == key_of(opened.entry)  # type: ignore[arg-type]


# Without another side


def test_an_added_recording_reads_as_a_conversation() -> None:
    shown = page(alone(chat_stream(Answer("It is Paris."))))
    assert keys(shown) == ["conversation", "reply", "usage", "beside", "request"]
    assert [one.is_open for one in shown.sections] == [True, True, False, False, False]
    assert words_of(section(shown, "reply").note) == "openai-chat · streamed in 6 chunks"
    assert words_of(section(shown, "usage").note) == "completion tokens 12, prompt tokens 30, total tokens 42"
    assert words_of(section(shown, "beside").note) == "id, created, service_tier, system_fingerprint"


def test_a_removed_recording_reads_so_too() -> None:
    opened = alone(chat_single(Answer("It is Paris.")), removed=True)
    assert "     It is Paris." in said(section(page(opened), "reply"))
    assert "removed" in title(page(opened))


def test_a_request_without_a_conversation_is_open() -> None:
    shown = page(alone(model_list("a", "b")))
    assert keys(shown) == ["reply", "request"]
    assert section(shown, "request").is_open
    assert any('"id": "a"' in line for line in said(section(shown, "reply")))
    assert "  method              POST" in said(section(shown, "request"))


def test_an_embedding_is_told_by_its_beginning_and_whole_where_all_is_asked_for() -> None:
    opened = alone(embeddings(vector(768)))
    assert any("… 768 numbers]" in line for line in said(section(page(opened), "reply")))
    assert len(said(section(page(opened, "text"), "Body"))) > 96


def test_what_a_request_asks_for_is_told_key_by_key() -> None:
    schema = {
        "type": "json_schema",
        "json_schema": {"name": "city", "schema": {"properties": {"name": {"type": "string"}}}},
    }
    shown = said(section(page(alone(chat_single(asked=request(seed=7, response_format=schema)))), "request"))
    assert "  seed                7" in shown
    assert shown[shown.index("  response_format") + 1] == "      {"


# Without any sense


def test_what_cannot_be_read_says_why_and_shows_its_bytes() -> None:
    shown = page(unreadable(b"{broken\n", b"{broken too\n", "no JSON at line 1"))
    assert keys(shown) == ["why", "raw", "bytes-old", "bytes-new"]
    assert said(section(shown, "why"))[0] == "  no JSON at line 1"
    assert [one.is_open for one in shown.sections] == [True, True, False, False]
    assert said(section(shown, "bytes-new")) == ["    1 {broken too"]
    one = page(unreadable(None, b""))
    assert keys(one) == ["why", "bytes-new"]
    assert section(one, "bytes-new").is_open
    assert said(section(one, "bytes-new")) == ["  (no bytes)"]


def test_bytes_are_lines_with_their_numbers() -> None:
    text = [words_of(block.text) for block in bytes_blocks(b"a\n<<<<<<< x\n\xff\x1b") if hasattr(block, "text")]  # type: ignore[union-attr]
    assert text == ["    1 a", "    2 <<<<<<< x", "    3 \\xff\\x1b", "      (no newline at its end)"]


# The other views


def test_both_files_stand_beside_each_other() -> None:
    opened = pair(chat_single(), chat_single(Answer("No")))
    (one,) = page(opened, "raw").sections
    rows = [block for block in one.blocks() if isinstance(block, Sides)]
    assert opened.old is not None and opened.new is not None
    for side, data in (("old", opened.old.data), ("new", opened.new.data)):
        column = [getattr(row, side) for row in rows]
        told = "\n".join(words_of(text) for text in column if text and not words_of(text).startswith("\\ "))
        assert told == data.decode()
    assert said(page(pair(chat_single(), chat_single()), "raw").sections[0]) == ["  the same bytes"]


def test_git_is_asked_once_for_both_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from recdiff.tui.page import raw

    asked = 0

    def counting(*arguments: object, **named: object) -> list[bytes]:
        nonlocal asked
        asked += 1
        return []

    monkeypatch.setattr(raw, "unified_diff", counting)
    (one,) = page(pair(chat_single(), chat_single(Answer("No"))), "raw").sections
    assert [said(one), said(one)] == [["  the same bytes"]] * 2
    assert asked == 1


def test_the_whole_text_leaves_nothing_out() -> None:
    text = "\n".join(f"line {number}" for number in range(300))
    opened = pair(chat_stream(Answer(text, reasoning="Hm")), chat_stream(Answer(f"{text}\nmore", reasoning="Hm")))
    shown = page(opened, "text")
    assert keys(shown) == ["Reasoning", "Text", "conversation"]
    found = said(section(shown, "Text"))
    assert found[:299] == [f"  line {number}" for number in range(299)]
    assert found[299:] == ["  line 299", "  {+more+}"]
    assert words_of(section(shown, "Reasoning").note) == "2 characters, unchanged"


def test_filters_of_a_provider_are_beside_the_reply() -> None:
    shown = said(section(page(alone(azure_stream())), "beside"))
    assert any("prompt_filter_results" in line for line in shown)


# The test, and what was hidden


def test_the_test_is_shown_with_its_line_numbers() -> None:
    shown = section(page(pair(chat_single(), chat_single()), function=FUNCTION), "test")
    assert words_of(shown.note) == "tests/test_a.py:41  (e opens it)"
    assert said(shown) == [
        "   41  def test_x():", '   42      """Ask."""', '   43      assert 1 == "\\x1b"  # no',
    ]  # fmt: skip
    styles = {span.text: span.style for block in shown.blocks() for span in getattr(block, "text", ())}
    assert (styles["def"], styles["test_x"], styles["# no"], styles["1"]) == ("keyword", "name", "comment", "number")
    assert all(visible(text) == text for text in styles)


LEAVES = (
    HiddenLeaf("created", "/response/created", "/response/created", 1, 2),
    HiddenLeaf("chunking", "/response/a", None, "x" * 100, None),
    HiddenLeaf("chunking", None, "/response/\x1b", None, {}),
)


def test_what_was_hidden_is_listed_by_rule() -> None:
    opened = pair(chat_single(), chat_single())
    entry = opened.entry._replace(hidden={"created": 1, "chunking": 2})
    shown = page(opened._replace(entry=entry), hidden=Hidden(LEAVES, is_stale=True))
    one = section(shown, "hidden")
    assert one.title == "Hidden: 3 differences by 2 rules"
    assert words_of(one.note) == "chunking 2, created 1"
    assert one.is_open
    found = said(one)
    assert found[0].startswith("  The files changed since this range was read")
    assert "  chunking  2" in found and "  created  1" in found
    assert "    /response/created  1 → 2" in found
    assert "    /response/\\x1b  (none) → {}" in found


def test_what_was_hidden_is_looked_for_once_and_only_when_it_is_opened() -> None:
    asked = 0

    def hidden() -> Hidden:
        nonlocal asked
        asked += 1
        return Hidden(LEAVES, is_stale=False)

    entry = pair(chat_single(), chat_single()).entry._replace(hidden={"created": 1})
    one = hidden_section(entry, hidden)
    assert one.title == "Hidden: 1 difference by 1 rule"
    assert asked == 0
    assert said(one) == said(one)
    assert asked == 1


def test_many_hidden_leaves_are_for_whoever_asks() -> None:
    entry = pair(chat_single(), chat_single()).entry
    for count, is_open in ((1_000, True), (1_001, False)):
        one = hidden_section(entry._replace(hidden={"created": count}), lambda: Hidden((), is_stale=False))
        assert one.is_open == is_open
    meaningful = entry._replace(hidden={"created": 1}, status="meaningful")
    assert not hidden_section(meaningful, lambda: Hidden((), is_stale=False)).is_open
