"""The page without a browser: its skeleton, its policy, what its data says, and how it stays small."""

from __future__ import annotations

import hashlib
import json
import os
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from recdiff.arranging import ARRANGEMENTS, Leaf, arrange
from recdiff.errors import UsageError
from recdiff.model import Group, HiddenLeaf, Review
from recdiff.reports.html import html
from recdiff.reports.html.limits import STEPS
from tests.reports.html.reviews import XSS, all_hostile, change, entry, many, review, sample, walk

GOLDEN = Path(__file__).parent / "golden"
STYLE, SCRIPT = re.compile(r"<style>(.*?)</style>", re.S), re.compile(r"<script>(.*?)</script>", re.S)
ISLAND = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)


@pytest.fixture(scope="module")
def found() -> Review:
    return sample()


def data_of(page: str) -> dict[str, Any]:
    """What the script is given."""
    match = ISLAND.search(page)
    assert match
    found = json.loads(match[1])
    assert isinstance(found, dict)
    return found


def skeleton(page: str) -> str:
    """The page without its own files, its hashes, its version and its data."""
    page = STYLE.sub("<style>…</style>", SCRIPT.sub("<script>…</script>", page))
    page = ISLAND.sub('<script type="application/json" id="data">…</script>', page)
    return re.sub(r"recdiff \d[\w.]*", "recdiff VERSION", re.sub(r"sha256-[\w+/=]+", "sha256-…", page))


def is_golden(name: str, text: str) -> bool:
    """Whether a text is what the golden file says; RECDIFF_GOLDEN=write writes it anew."""
    file = GOLDEN / name
    if os.environ.get("RECDIFF_GOLDEN") == "write":
        file.write_text(text, "utf-8")
    return file.read_text("utf-8") == text


class Parsed(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_skeleton_is_as_before(found: Review) -> None:
    assert is_golden("sample.html", skeleton(html(found)))


def test_the_data_is_as_before(found: Review) -> None:
    lines = (json.dumps(value, ensure_ascii=False) for value in flattened(data_of(html(found))))
    assert is_golden("sample.jsonl", "".join(f"{line}\n" for line in lines))


def flattened(data: dict[str, Any]) -> list[Any]:
    """The data a line for each file (without examples of what was hidden), group, branch and block."""
    for file in data["files"]:
        file["hidden"] = {data["rules"][rule]: count for rule, count, _ in file.get("hidden", [])}
    trees = [[by, branch] for by in ARRANGEMENTS for branch in data["trees"][by]]
    return [data["by"], data["classes"], data["rules"], *data["files"], *data["groups"], *trees, *data["blocks"]]


def test_the_policy_allows_the_pages_own_style_and_script_alone(found: Review) -> None:
    page = html(found)
    policy = next(attrs["content"] for tag, attrs in Parsed(page).tags if attrs.get("http-equiv"))
    rules = dict(rule.strip().split(" ", 1) for rule in (policy or "").split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": hashed(STYLE.findall(page)),
        "script-src": hashed(SCRIPT.findall(page)),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def hashed(texts: list[str]) -> str:
    assert len(texts) == 1
    return f"'sha256-{b64encode(hashlib.sha256(texts[0].encode()).digest()).decode()}'"


@pytest.mark.parametrize("make", [sample, all_hostile])
def test_nothing_of_the_page_is_elsewhere(make: Any) -> None:
    tags = Parsed(html(make())).tags
    assert {tag for tag, _ in tags} <= {
        "html", "head", "meta", "title", "link", "style", "body", "a", "header", "p", "b", "span", "h1", "h2",
        "section", "strong", "ul", "li", "code", "div", "input", "button", "select", "option", "main", "noscript",
        "details", "summary", "footer", "dialog", "dl", "dt", "dd", "kbd", "del", "ins", "script",
    }  # fmt: skip
    for tag, attrs in tags:
        assert not any(name.startswith("on") or name in ("src", "style", "srcdoc", "action") for name in attrs), tag
        assert (attrs.get("href") or "#").startswith(("#", "data:,"))


def test_recorded_text_ends_no_script_and_begins_no_comment() -> None:
    page = html(all_hostile())
    assert page.count("</script") == page.count("<script") == 2
    assert "<!--" not in page
    island = ISLAND.search(page)
    assert island and not set("<>&'\u2028\u2029\x00") & set(island[1])
    assert not any(ord(char) < 32 and char != "\n" for char in page)
    assert "zqx=1" in page
    page.encode("utf-8")


def test_the_trees_are_those_of_the_screen(found: Review) -> None:
    data = data_of(html(found))
    for by in ARRANGEMENTS:
        assert outline(data, data["trees"][by]) == [
            [one.title, [leaf.entry.path for leaf in one.children if isinstance(leaf, Leaf)]]
            for one in arrange(found.files, found.groups, by)
        ]


def outline(data: dict[str, Any], branches: list[Any]) -> list[Any]:
    """Each branch's title, and the paths of the leaves right below it."""
    files = data["files"]
    leaves = [[files[leaf[0]] for leaf in one["inside"] if isinstance(leaf, list)] for one in branches]
    paths = [[file.get("new") or file["old"] for file in inside] for inside in leaves]
    return [[one["title"], inside] for one, inside in zip(branches, paths, strict=True)]


def test_what_many_share_is_folded_and_what_must_be_seen_is_not() -> None:
    shared = change("request", "http://a", "http://b", "url", group="url")
    finish = change("finish", "stop", "length", "choices[0].finish_reason", group="finish")
    paths = [f"r/{number}.json" for number in range(3)]
    files = [entry(old_path=path, new_path=path, changes=(shared, finish)) for path in paths]
    groups = [Group("url", "request", "t", "url", "a", "b", 3), Group("finish", "finish", "t", "f", "a", "b", 3)]
    data = data_of(html(review(files, groups)))
    assert all([data["classes"][name] for name, _ in file["own"]] == ["finish"] for file in data["files"])
    assert all([data["classes"][name] for name, _ in file["shared"]] == ["request"] for file in data["files"])
    assert data["by"] == "test"
    only = review([one._replace(changes=(shared,)) for one in files], groups[:1])
    assert data_of(html(only))["by"] == "group"
    assert not any("isOpen" in file for file in data_of(html(only))["files"])


def test_equal_changes_stand_once(found: Review) -> None:
    blocks = [json.dumps(block) for block in data_of(html(found))["blocks"]]
    assert len(blocks) == len(set(blocks))


def test_samples_of_hidden_differences() -> None:
    leaves = tuple(HiddenLeaf("created", f"/{n}", None if n else "/0", n, n + 1) for n in range(9))
    page = html(review([entry(hidden={"created": 9, "own-rule": 2}, hidden_leaves=leaves)]))
    rules = data_of(page)["files"][0]["hidden"]
    assert rules == [[0, 9, [["/0", "0", "1"], ["/1", "1", "(none)"], ["/2", "2", "(none)"]]], [1, 2, []]]
    assert page.count("<li><span") == 5
    assert "when a response was made says nothing about it" in page
    assert '<p class="rule"><span class="name recorded">own-rule</span>' in page


@pytest.mark.parametrize("base", ["javascript:alert(1)", "//host", "ftp://host", "file:///etc"])
def test_links_lead_to_web_pages_alone(base: str, found: Review) -> None:
    with pytest.raises(UsageError):
        html(found, link_base=base)


def test_links_to_the_new_side() -> None:
    names = ("a b/ü#?.json", "../x.json", "r/\udcff.json", "r/\ud800.json")
    files = [entry(old_path="old.json", new_path=name) for name in names]
    gone = entry(status="removed", old_path="gone.json", new_path=None)
    found = data_of(html(review([*files, gone]), link_base="https://h/blob/1/"))["files"]
    base = "https://h/blob/1"
    assert [file.get("href") for file in found] == [
        f"{base}/a%20b/%C3%BC%23%3F.json", None, f"{base}/r/%FF.json", None, None,
    ]  # fmt: skip


def test_a_review_of_nothing() -> None:
    page = html(review([], skipped=2, others=("a.txt",)))
    assert "<h1>No recordings differ between main and x.</h1>" in page
    assert "2 other files that are no recordings" in page and "and 1 more" in page
    assert '<section class="bar"' not in page


def test_texts_are_shortened_where_the_page_would_be_too_large() -> None:
    files = [
        entry(new_path=f"{number}.json", changes=(change("text", None, f"{number}<" * 5_000, "text", kind="added"),))
        for number in range(600)
    ]
    page = html(review(files))
    assert len(page.encode()) < 3_000_000
    assert "Texts are shortened more than usual" in page
    assert len(data_of(page)["files"]) == 600
    assert all("characters" in "".join(walk(block)) for block in data_of(page)["blocks"])
    assert "Texts are shortened more than usual" not in html(many(600))


def test_changes_beyond_the_limit_are_counted() -> None:
    every = [change("data", number, -number, f"body[{number}]") for number in range(STEPS[0].changes + 7)]
    assert data_of(html(review([entry(changes=tuple(every))])))["files"][0]["left"] == 7


def test_every_payload_is_told() -> None:
    told = "\n".join(walk(data_of(html(all_hostile()))))
    assert all(payload in told for payload in XSS if payload.isprintable())
