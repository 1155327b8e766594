"""The page of a pair: what needs eyes first, each class in its own form, the rest folded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recdiff.jsonvalue import Json
from recdiff.model import Change
from recdiff.opening import Opened
from recdiff.reports.values import number
from recdiff.tui.page.blocks import words_of
from recdiff.tui.page.meters import meters_text
from recdiff.tui.page.values import in_short
from tests.recordings import (
    BUILDERS,
    CALLS,
    Answer,
    chat_single,
    chat_stream,
    embeddings,
    exception,
    model_list,
    request,
    tool_invocation,
    vector,
)
from tests.tui.page.opened import Document, keys, missing, page, pair, said, section

BASE64 = "Zm9v" * 200


def lines(old: Document, new: Document, key: str, width: int = 120) -> list[str]:
    return said(section(page(pair(old, new)), key), width)


def note(old: Document, new: Document, key: str) -> str:
    return words_of(section(page(pair(old, new)), key).note)


def test_the_weightiest_comes_first_and_what_stayed_is_folded() -> None:
    new = chat_single(Answer("Berlin.", finish="length"), usage={"completion_tokens": 2})
    shown = page(pair(chat_single(), new))
    assert keys(shown) == ["finish", "text", "usage", "reply", "conversation", "request-whole", "hidden"]
    assert [one.is_open for one in shown.sections] == [True, True, False, False, False, False, False]
    assert [len(one.changes) for one in shown.sections] == [1, 1, 3, 0, 0, 0, 0]


def test_every_section_has_its_own_key() -> None:
    for old in (chat_single, BUILDERS["anthropic-lines"]):
        for new in BUILDERS.values():
            shown = keys(page(pair(old(), new())))
            assert len(shown) == len(set(shown))


def test_what_stayed_says_whether_it_did() -> None:
    def notes(old: Document, new: Document) -> list[str]:
        return [note(old, new, key) for key in ("reply", "request-whole")]

    assert notes(chat_single(), chat_single()) == ["unchanged", "unchanged"]
    assert notes(chat_single(), chat_single(Answer("Other"))) == ["as it is now", "unchanged"]
    assert notes(chat_single(), chat_single(asked=request(seed=1))) == ["unchanged", "old and new"]
    assert notes(model_list("a"), model_list("b")) == ["as it is now", "unchanged"]


def test_a_text_is_told_by_its_words() -> None:
    old, new = ("It is a very fine and sunny day in " + place + ", they say." for place in ("Paris", "Rome"))
    assert lines(chat_single(Answer(old)), chat_single(Answer(new)), "text") == [
        "  text",
        "    It is a very fine and sunny day in [-Paris-]{+Rome+}, they say.",
    ]


def test_a_short_text_stands_in_one_line() -> None:
    assert lines(chat_single(Answer("Yes")), chat_single(Answer("No")), "text") == [
        '  text                "Yes" → "No"'
    ]


def test_an_error_that_came_says_its_message_first() -> None:
    assert note(chat_single(), exception("it failed"), "error") == "nothing → it failed"
    found = lines(chat_single(), exception("it failed"), "error")
    assert found[0] == "  error  added"
    assert '      "message": "it failed",' in found


def test_items_of_a_list_stand_together_by_their_names() -> None:
    assert lines(model_list("a", "b"), model_list("b", "c"), "data") == [
        "  body",
        '    + c  {"created": 1770761891, "object": "model", "owned_by": "library"}',
        '    − a  {"created": 1770761891, "object": "model", "owned_by": "library"}',
    ]


def test_many_items_share_a_line_for_each_kind() -> None:
    old, new = ([f"m{number}" for number in numbers] for numbers in (range(15), range(10, 30)))
    found = lines(model_list(*old), model_list(*new), "data", 400)
    assert found[0].split() == ["body", "15", "added:", *(f"+m{number}" for number in range(15, 30))]
    assert found[1].split() == ["body", "10", "removed:", *(f"−m{number}" for number in range(10))]


def test_vectors_are_told_by_how_far_they_are_apart() -> None:
    (line,) = lines(embeddings(vector(32, 1)), embeddings(vector(32, 2)), "data")
    assert line.startswith("  data[0].embedding   32 dimensions, cosine ")
    (line,) = lines(embeddings(vector(32)), embeddings(vector(64)), "data")
    assert line == "  data[0].embedding   32 → 64 dimensions"


def test_json_in_a_text_is_told_by_its_lines() -> None:
    found: list[Json] = [{"url": f"https://example.com/{at}", "title": f"Title {at}"} for at in range(9)]
    import json

    old = json.dumps({"results": found})
    new = old.replace("Title 4", "Other title")
    shown = lines(tool_invocation(old), tool_invocation(new), "data")
    assert shown[0] == "  content"
    assert '          "title": "[-Title 4-]{+Other title+}"' in shown
    assert sum("unchanged lines" in line for line in shown) == 2


def test_bytes_in_letters_are_told_by_their_beginning() -> None:
    old = tool_invocation(BASE64)
    new = tool_invocation(BASE64[:100] + "X" + BASE64[101:] + "QUJD")
    (line,) = lines(old, new, "data", 300)
    head = BASE64[:48]
    assert line == f"  content             {head}… 800 characters → {head}… 804 characters  from character 101 on"


def test_what_came_is_told_whole() -> None:
    text = "A long text that came.\n" * 10
    found = lines(chat_single(Answer("")), chat_single(Answer(text)), "text")
    assert found == ["  text", *["    {+A long text that came.+}"] * 10, ""]
    came = lines(chat_single(Answer(None)), chat_single(Answer(text)), "text")
    assert came == ["  text  was null", *["    {+A long text that came.+}"] * 10, ""]
    came = lines(chat_stream(CALLS), chat_stream(replace(CALLS, text=text)), "text")
    assert came == ["  text  added", *["    A long text that came."] * 10, ""]


def test_meters_say_how_far_they_went() -> None:
    old, new = (chat_single(usage={"completion_tokens": count, "cost": 0.1 * count}) for count in (1_200, 3))
    assert note(old, new, "usage") == "−1,197 completion tokens, −119.7 cost"
    assert lines(old, new, "usage")[0] == "  completion_tokens   1200 → 3   −1,197"


def test_meters_that_do_not_fit_are_counted() -> None:
    old, new = (chat_single(usage={f"meter_number_{at}": value for at in range(9)}) for value in (1, 2))
    assert (
        note(old, new, "usage")
        == "+1 meter number 0, +1 meter number 1, +1 meter number 2, +1 meter number 3 and 5 more"
    )


def test_the_model_that_was_asked_and_the_one_that_answered_are_told_apart() -> None:
    old, new = (chat_single(model=name, asked=request(model=name)) for name in ("one", "two"))
    assert lines(old, new, "model") == [
        '  model asked         "one" → "two"', '  model answered      "one" → "two"',
    ]  # fmt: skip


def test_provenance_names_its_place() -> None:
    old, new = (chat_single(asked={**request(), "provider_metadata": {"sdk": version}}) for version in ("1", "2"))
    assert note(old, new, "provenance") == "sdk  1 → 2"


def test_interactions_are_told_apart() -> None:
    opened = _of_two_interactions()
    shown = page(opened)
    assert said(section(shown, "text")) == [
        "  interaction 1 of 2", '  text                "One" → "Uno"', "  interaction 2 of 2",
        '  reasoning           "Hm" → "Ehm"', '  text                "Two" → "Due"',
    ]  # fmt: skip
    assert keys(shown)[1:] == [
        "reply", "conversation", "request-whole", "reply 2", "conversation 2", "request-whole 2",
    ]  # fmt: skip


def _of_two_interactions() -> Opened:
    """Two pairs as if one recording held both."""
    first = pair(chat_single(Answer("One")), chat_single(Answer("Uno")))
    second = pair(chat_single(Answer("Two", reasoning="Hm")), chat_single(Answer("Due", reasoning="Ehm")))
    changes: list[Change] = [
        change._replace(path=change.path.replace("/interactions/0", f"/interactions/{number}"))
        for number, opened in enumerate((first, second))
        for change in opened.entry.changes
    ]
    sides = []
    for one, other in ((first.old, second.old), (first.new, second.new)):
        assert one is not None and one.view is not None and other is not None and other.view is not None
        both = [view for side in (one, other) for view in side.view["interactions"]]  # type: ignore[index,union-attr]
        sides.append(one._replace(view={**one.view, "interactions": both}))
    return Opened(first.entry._replace(changes=tuple(changes)), *sides)


def test_a_pair_whose_files_are_gone_still_tells_its_changes() -> None:
    opened = pair(chat_single(Answer("Yes")), chat_single(Answer("No")))
    shown = page(opened._replace(old=missing(opened.old), new=missing(opened.new)))
    assert keys(shown) == ["text"]
    assert said(section(shown, "text")) == ['  text                "Yes" → "No"']


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1234567, "1,234,567"), (0.1 + 0.2, "0.3"), (1e-9, "1e-09"), (12345.678, "12,345.7")],
)
def test_numbers_are_written_for_people(value: float, text: str) -> None:
    assert number(value) == text


def test_meters_of_one_side() -> None:
    assert meters_text({"completion_tokens": 1200, "details": {}, "ok": True}) == "completion tokens 1,200"
    assert meters_text(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("short", '"short"'),
        ("x" * 30, f'"{"x" * 20}…" 30 characters'),
        ({"a": 1}, '{"a": 1}'),
        ([1] * 50, "[50 items]"),
        ({"first key": "x" * 20, "other": 2}, "{first key, other}"),
        (10**30, str(10**30)),
    ],
)
def test_values_in_short(value: Json, text: str) -> None:
    assert in_short(value, 20) == text
