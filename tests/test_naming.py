"""What files and places are called."""

from __future__ import annotations

import pytest

from recdiff.model import Change, ChangeClass, Kind
from recdiff.naming import is_obvious, item_of, label_of, place_of, short_name


def change(name: ChangeClass, label: str, pattern: str = "/a", kind: Kind = "changed") -> Change:
    return Change(name, "/a", kind, 1, 2, label, pattern)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b/short.json", "short.json"),
        ("a/" + "0123456789abcdef" * 4 + ".json", "0123456789ab…89abcdef.json"),
        ("models-1cc46c82a51469e4-ollama.json", "models-1cc46…4-ollama.json"),
        ("a/" + "x" * 40, "x" * 40),
        ("", ""),
    ],
)
def test_a_long_hash_is_cut_in_its_middle(path: str, name: str) -> None:
    assert short_name(path) == name


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (change("text", "choices[0].text"), ""),
        (change("text", "choices[1].text"), "choices[1].text"),
        (change("finish", "choices[0].finish_reason"), ""),
        (change("data", "choices[0].text"), "text"),
        (change("tool", "choices[0].tool_calls[get_wind].arguments.gusts"), "get_wind.gusts"),
        (change("tool", "choices[0].tool_calls[0]"), ""),
        (change("tool", "choices[0].tool_calls"), "tool_calls"),
        (change("usage", "usage.total_tokens"), "total_tokens"),
        (change("request", "usage.x"), "usage.x"),
    ],
)
def test_a_place_is_what_the_class_does_not_say(found: Change, place: str) -> None:
    assert place_of(found) == place


def test_only_the_first_choice_goes_without_saying() -> None:
    assert label_of(change("text", "choices[0].text")) == "text"
    assert label_of(change("text", "choices[1].text")) == "choices[1].text"
    assert is_obvious("choices[].text", "text") and is_obvious("error", "error")
    assert not is_obvious("text", "finish") and not is_obvious("url", "request")


def test_an_item_of_a_list_has_the_name_that_its_pattern_gives_it() -> None:
    item = item_of(change("data", "data[a/b[1]]", "/data/[a~1b[1]]", "added"))
    assert item is not None and item == ("/data", "data", "a/b[1]")
    assert item_of(change("data", "data[x]", "/data/[x]")) is None
    assert item_of(change("data", "data.x", "/data/x", "added")) is None
    assert item_of(change("tool", "tool_calls[x]", "/tool_calls/[x]", "removed")) is None
