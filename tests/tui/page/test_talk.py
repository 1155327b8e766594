"""Conversations as every API writes them: who spoke, what was said, what was called, and nothing of it lost."""

from __future__ import annotations

import pytest

from recdiff.jsonvalue import Json
from recdiff.tui.page.blocks import Block, Section, words_of
from recdiff.tui.page.content import call_text
from recdiff.tui.page.talk import conversation, messages, reply, tools_offered
from tests.recordings import BLOCKS, Answer, anthropic_single, chat_single, chat_stream, exception, request
from tests.tui.page.opened import alone, page, said, section

PICTURE = "data:image/png;base64," + "iVBORw0KGgo" * 400
BASE64 = "Zm9v" * 200


def told(*blocks: Block) -> list[str]:
    return said(Section("", "", (), True, lambda: iter(blocks)), 110)


def shown(message: Json) -> list[str]:
    """What is shown of one message."""
    return told(*conversation({"messages": [message]}))


def says(role: str, *content: Json, key: str = "content", **more: Json) -> Json:
    """A message of parts."""
    return {"role": role, key: list(content), **more}


_CHAT: list[tuple[Json, list[str]]] = [
    ("a prompt", ["   1 a prompt"]),
    ("two\nlines", ["   1 two", "     lines"]),
    ({"role": "user", "content": "Hi\nthere"}, ["   1 user", "     Hi", "     there"]),
    (
        says("user", {"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": PICTURE}}),
        ["   1 user", "     Look", f"     [image_url: {PICTURE[:48]}… 4,422 characters]"],
    ),
    (
        says("user", {"type": "input_audio", "input_audio": {"data": BASE64, "format": "wav"}}),
        ["   1 user", f"     [input_audio: {BASE64[:48]}… 800 characters, wav]"],
    ),
    (
        says("assistant", tool_calls=[{"id": "c", "function": {"name": "f", "arguments": '{"a": 1}'}}]),
        ["   1 assistant", '     → f({"a": 1})'],
    ),
    ({"role": "tool", "tool_call_id": "c", "content": "sunny"}, ["   1 tool answers c", "     sunny"]),
    (
        {"role": "assistant", "content": "Well", "reasoning_content": "Hm", "name": "bob"},
        ["   1 assistant", "     Well", '     reasoning_content: "Hm"', '     name: "bob"'],
    ),
    (
        {"role": "user", "content": "See", "images": [BASE64]},
        ["   1 user", "     See", "     images: [1 item]"],
    ),
    (says("user", "a", 1, None, [2.5]), ["   1 user", "     a", "     1", "     2.5"]),
]
_ANTHROPIC: list[tuple[Json, list[str]]] = [
    (
        says(
            "assistant",
            {"type": "thinking", "thinking": "Hm", "signature": "s"},
            {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
        ),
        ["   1 assistant", "     thinking", "     Hm", '     → f({"a":1})'],
    ),
    (
        says("user", {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "ok"}]}),
        ["   1 user", "     ← t", "     ok"],
    ),
    (
        says("user", {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": BASE64}}),
        ["   1 user", f"     [image: base64, image/png, {BASE64[:48]}… 800 characters]"],
    ),
]
_GEMINI: list[tuple[Json, list[str]]] = [
    (
        says(
            "model",
            {"text": "Hm", "thought": True},
            {"text": "Hi"},
            {"function_call": {"id": "c", "name": "f", "args": {"a": 1}}},
            key="parts",
        ),
        ["   1 model", "     thought", "     Hm", "     Hi", '     → f({"a":1})'],
    ),
    (
        says("user", {"functionResponse": {"name": "f", "response": {"ok": True}}}, key="parts"),
        ["   1 user", "     ← f", '     {"ok": true}'],
    ),
    (
        says("user", {"inline_data": {"mime_type": "image/png", "data": BASE64}}, key="parts"),
        ["   1 user", f"     [file: image/png, {BASE64[:48]}… 800 characters]"],
    ),
]
_RESPONSES: list[tuple[Json, list[str]]] = [
    (says("user", {"type": "input_text", "text": "Hi"}, type="message"), ["   1 user", "     Hi"]),
    (
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        ["   1 function_call", "     → f({})"],
    ),
    (
        {"type": "function_call_output", "call_id": "c", "output": "42"},
        ["   1 function_call_output answers c", "     ← c", "     42"],
    ),
    (
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]},
        ["   1 reasoning", "     thought", "     Hm"],
    ),
    (
        {"type": "item_reference", "id": "x", "strange": [1, 2]},
        ["   1 item_reference", '     {"type": "item_reference", "id": "x", "strange": [1, 2]}'],
    ),
]


@pytest.mark.parametrize(("message", "lines"), [*_CHAT, *_ANTHROPIC, *_GEMINI, *_RESPONSES])
def test_a_message_of_any_api_reads_as_what_it_says(message: Json, lines: list[str]) -> None:
    assert shown(message) == lines


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"messages": [1, 2]}, 1),
        ({"input": ["one", "two"]}, 2),
        ({"input": list(range(500))}, 1),
        ({"prompt": "text"}, 1),
        ({"contents": [{}, {}]}, 2),
        ({"messages": [], "input": "x"}, 1),
        ({"other": 1}, 0),
        ("no object", 0),
        (None, 0),
    ],
)
def test_messages_are_found_by_any_name(body: Json, count: int) -> None:
    assert len(messages(body)) == count


def test_numbers_for_words_are_one_line() -> None:
    assert told(*conversation({"input": list(range(500))})) == ["   1 [500 items]"]


@pytest.mark.parametrize(
    ("tools", "words"),
    [
        ([{"type": "function", "function": {"name": "f"}}], "1 tool offered: f"),
        ([{"name": "f"}, {"type": "web_search"}, "x", {}], '4 tools offered: f, web_search, "x", ?'),
        ([{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}], "2 tools offered: f, g"),
        ([], ""),
        (None, ""),
    ],
)
def test_tools_that_were_offered_are_named(tools: Json, words: str) -> None:
    assert words_of(tools_offered({"tools": tools})) == words


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ({"function": {"name": "f", "arguments": "{}"}}, "f({})"),
        ({"name": "f", "input": {"a": 1}}, 'f({"a":1})'),
        ({"functionCall": {"name": "f", "args": {}}}, "f({})"),
        ({"name": "f"}, "f()"),
        ("odd", '"odd"'),
    ],
)
def test_a_call_is_one_line(call: Json, text: str) -> None:
    assert words_of(call_text(call)) == text


def test_a_long_message_is_shortened_and_whole_where_all_is_asked_for() -> None:
    text = "\n".join(f"line {number}" for number in range(100))
    body = {"messages": [{"role": "system", "content": text}, {"role": "user", "content": "x " * 2_000}]}
    short, whole = told(*conversation(body)), told(*conversation(body, whole=True))
    assert "     ⋯ 80 more lines (x shows all)" in short
    assert short[1] == "     line 0" and "     line 99" in short
    assert "… 2,500 more characters (x shows all)" in "\n".join(short)
    assert [line.strip() for line in whole[1:101]] == text.split("\n")
    assert "more" not in "\n".join(whole)


def test_what_x_shows_is_really_there() -> None:
    text = "\n".join(f"line {number}" for number in range(100))
    opened = alone(chat_single(asked=request([{"role": "user", "content": text}])))
    assert "     line 50" in said(section(page(opened, "text"), "conversation"))
    assert "     line 50" not in said(section(page(opened), "conversation"))


def test_a_reply_reads_from_reasoning_to_its_end() -> None:
    answer = Answer("It is 3°.", reasoning="Look it up.", calls=[("c", "f", '{"a": 1}')], finish="tool_calls")
    lines = said(section(page(alone(chat_stream(answer))), "reply"))
    assert lines == [
        "  reasoning", "     Look it up.", "     It is 3°.", '     → f({"a":1})', "  finish              tool_calls",
    ]  # fmt: skip


@pytest.mark.parametrize(("document", "words"), [(chat_stream, "none: broken off"), (chat_single, "none")])
def test_a_reply_without_an_end_says_so(document: object, words: str) -> None:
    assert callable(document)
    lines = said(section(page(alone(document(Answer("Half", finish=None)))), "reply"))
    assert lines[-1] == f"  finish              {words}"


def test_blocks_that_are_no_text_are_part_of_the_reply() -> None:
    lines = said(section(page(alone(anthropic_single(BLOCKS))), "reply"))
    assert '     → web_search({"query":"Paris"})' in lines


def test_an_exception_is_an_error_and_not_a_reply() -> None:
    (found,) = [one for one in page(alone(exception("it failed"))).sections if one.key == "reply"]
    assert (found.title, found.style) == ("Error", "error")
    assert "     it failed" in said(found)


@pytest.mark.parametrize("view", [None, {}, {"reply": None, "body": None}, {"reply": {"choices": None}}, "x"])
def test_a_reply_that_is_none_does_no_harm(view: Json) -> None:
    assert told(*reply(view)) in (["  nothing"], [])
