"""The page in a real browser: what a reader does with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from recdiff.model import Review
from recdiff.reports.html import html
from tests.reports.html.browsing import PHONE, WIDE, Visitor, here, titles
from tests.reports.html.reviews import change, entry, review, sample


@pytest.fixture(scope="module")
def found() -> Review:
    return sample()


@pytest.fixture(scope="module")
def page_text(found: Review) -> str:
    return html(found)


def pressed(page: Any, name: str) -> bool:
    return bool(page.get_by_role("button", name=name).get_attribute("aria-pressed") == "true")


def test_it_opens_on_what_is_to_be_reviewed(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    assert page.title() == "recdiff main...re-record: 11 of 26 re-recorded files changed in meaning"
    assert page.get_by_role("heading", level=1).inner_text() == "11 of 26 re-recorded files changed in meaning"
    assert "rule buoy-battery changed" in page.get_by_role("region", name="Notes on this range").inner_text()
    assert titles(page)[:2] == ["test_boat_trip[kelp-7b]", "test_morning_outlook[kelp-7b]"]
    branches = page.locator("main > .branch > summary h2").all_inner_texts()
    assert branches[-5:] == ["The same change in many", "Added 2", "Removed 1", "Minor only 3", "Noise only 9"]
    first = page.locator(".recording").first
    assert first.locator("ins", has_text="Name the wind first.").is_visible()
    assert first.locator("del", has_text="two").is_visible()
    assert page.evaluate("performance.getEntriesByName('recdiff.ready').length") == 1


def test_it_leaves_no_names_in_the_window(page_text: str, visit: Visitor) -> None:
    names = "Object.getOwnPropertyNames(window).sort().filter((name) => !/^__playwright|^\\\\d+$/.test(name))"
    bare = visit("<!doctype html><title>x</title><link rel=icon href=data:,>").evaluate(names)
    assert visit(page_text).evaluate(names) == bare


def test_counters_filter(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.get_by_role("button", name="error 1").click()
    assert titles(page) == ["test_storm_bulletin[kelp-7b]"]
    assert pressed(page, "error 1")
    assert page.get_by_role("status").inner_text() == "1 of 26 recordings"
    page.get_by_role("button", name="error 1").click()
    page.get_by_role("button", name="noise 9").click()
    assert len(titles(page)) == 9
    page.get_by_role("button", name="added 2").click()
    assert len(titles(page)) == 11
    page.get_by_role("button", name="finish 3").click()
    assert titles(page) == ["test_school_rhyme[kelp-7b]"]
    page.get_by_role("button", name="All filters off").click()
    assert page.get_by_role("status").inner_text() == ""
    assert not page.get_by_role("button", name="All filters off").is_visible()


def test_search_finds_in_paths_tests_and_texts(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    for words, expected in (
        ("storm_bulletin", "test_storm_bulletin[kelp-7b]"),
        ("WIND rowing", "test_boat_trip[kelp-7b]"),
        ("e95cab5f", "test_storm_bulletin[kelp-7b]"),
        ("limpets noon", "test_school_rhyme[kelp-7b]"),
        ("reef-flash anemones", "test_anemones[reef-flash] · 139218095bb6…22174e42.json"),
    ):
        page.keyboard.press("/")
        page.get_by_role("searchbox").fill("")
        page.keyboard.type(words)
        assert {re.sub(r"^test_\w+\.py::", "", title) for title in titles(page)} == {expected}
        page.keyboard.press("Enter")
        assert here(page) == titles(page)[0]
    page.get_by_role("searchbox").fill("no such words")
    assert page.get_by_role("main").inner_text().startswith("No recording is like that.")
    page.get_by_role("main").get_by_role("button", name="All filters off").click()
    assert len(titles(page)) > 9


def test_what_was_searched_for_is_marked(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.keyboard.press("/")
    page.keyboard.type("Wind first")
    page.locator("ins", has_text="Name the wind").wait_for()
    marked = page.evaluate("[...CSS.highlights.get('found')].map(String)")
    assert {text.lower() for text in marked} == {"wind", "first"}
    page.get_by_role("searchbox").fill("")
    assert page.evaluate("CSS.highlights.get('found').size") == 0


def test_keys_move_and_open(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    seen = []
    for _ in range(4):
        page.keyboard.press("j")
        seen.append(here(page))
    assert seen == titles(page)[:4]
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") < 300
    page.keyboard.press("k")
    assert here(page) == seen[2]
    page.keyboard.press("o")
    assert page.evaluate("document.activeElement.parentElement.open") is False
    page.keyboard.press("o")
    assert page.evaluate("document.activeElement.parentElement.open") is True
    for _ in range(40):
        page.keyboard.press("j")
    assert here(page) == "Noise only 9"
    page.keyboard.press("o")
    page.keyboard.press("j")
    assert here(page).startswith("test_question_as_vector[limpet-embed] · b9192d7f89ef…")


def test_keys_type_where_somebody_types(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.keyboard.press("/")
    page.keyboard.type("jot?/")
    assert page.get_by_role("searchbox").input_value() == "jot?/"
    page.keyboard.press("Escape")
    assert page.get_by_role("searchbox").input_value() == "jot?/"
    page.keyboard.press("F")
    assert page.get_by_role("searchbox").input_value() == ""


def test_help(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.get_by_role("button", name="Help").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert not page.get_by_role("dialog").is_visible()


def test_by_test_by_folder_by_group(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.get_by_role("button", name="By folder").click()
    assert page.locator("main > .branch > summary h2").first.inner_text() == "tests/recordings"
    page.keyboard.press("t")
    assert pressed(page, "By group 2")
    first = page.locator("main > .branch").first
    assert first.locator("h2").inner_text() == "url: models.tidepool.example → inference.tidepool.example"
    assert (
        first.locator(".sample ins").first.inner_text() == "http://inference.tidepool.example:8000/v1/chat/completions"
    )
    first.get_by_text("Where").click()
    assert first.locator(".recording > summary").count() == 8
    page.keyboard.press("t")
    assert pressed(page, "By test")


def test_side_by_side_and_unified(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    assert pressed(page, "Side by side")
    table = page.locator("table.sides").first
    cells = [cell.inner_text() for cell in table.locator("tbody td").all()]
    assert cells == [
        "You advise on boat trips. Answer in one sentence.",
        "You advise on boat trips. Name the wind first. Answer in one sentence.",
    ]
    assert table.locator("th").all_inner_texts() == ["old", "new"]
    page.keyboard.press("v")
    assert page.locator("table.sides").count() == 0
    assert page.locator(".text").first.inner_text() == cells[1]
    page.reload()
    assert pressed(page, "Unified")
    page.get_by_role("button", name="Side by side").click()
    assert page.locator("table.sides").count() > 0


def test_a_phone_gets_one_column_and_no_sideways_scrolling(page_text: str, visit: Visitor) -> None:
    page = visit(page_text, size=PHONE)
    assert pressed(page, "Unified")
    for press in ("O", "v", "t", "t"):
        page.keyboard.press(press)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="By folder").click()
    assert page.get_by_role("searchbox").bounding_box()["width"] > 300


def test_the_theme_follows_the_system_until_chosen(page_text: str, visit: Visitor) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = visit(page_text), visit(page_text, scheme="dark")
    colours = [page.evaluate(ground) for page in (light, dark)]
    assert colours[0] != colours[1]
    light.get_by_label("Theme").select_option("dark")
    assert light.evaluate(ground) == colours[1]
    light.reload()
    assert light.evaluate(ground) == colours[1]
    light.get_by_label("Theme").select_option("")
    assert light.evaluate(ground) == colours[0]


def test_hidden_differences_open_to_examples(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    first = page.locator(".recording").first
    first.get_by_text("Hidden: 5 differences by 4 rules").click()
    rule = first.locator("details.rule", has_text="created")
    rule.locator("summary").click()
    assert re.match(r"/response/\S*created \d+ → \d+", rule.locator("li").first.inner_text())
    page.get_by_role("link", name="264 hidden differences").click()
    whole = page.get_by_role("region", name="Hidden differences")
    whole.locator("summary").first.click()
    whole.locator("details.rule", has_text="created").locator("summary").click()
    assert whole.locator("details.rule[open] li").count() == 5


def test_added_recordings_read_as_a_conversation(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.locator("summary", has_text="Added 2").click()
    row = page.locator(".recording", has_text="test_school_rhyme")
    said = "“Write a short rhyme about limpets for a school class.” ⇒ Limpets on the rock at noon"
    assert row.locator(".said").inner_text().startswith(said)
    assert row.locator("summary .mark").all_inner_texts() == ["length"]
    row.locator("summary").click()
    assert row.locator("dt").all_inner_texts() == ["asked", "outcome", "marks"]


def test_unreadable_files_come_first_with_their_reason(visit: Visitor) -> None:
    broken = entry(status="unreadable", error="JSON ends at line 14 (merge conflict markers at line 9)")
    page = visit(html(review([entry(changes=(change("text", "a", "b", "text"),)), broken], notes=("not fetched",))))
    assert page.locator("main h2").first.inner_text() == "Unreadable 1"
    assert page.locator(".problem").first.inner_text().startswith("JSON ends at line 14")
    assert "not fetched" in page.get_by_role("region", name="Notes on this range").inner_text()


def test_links_lead_to_the_new_files(found: Review, visit: Visitor) -> None:
    page = visit(html(found, link_base="https://git.example/o/r/blob/1"))
    link = page.locator(".recording a").first
    assert link.get_attribute("href") == f"https://git.example/o/r/blob/1/{link.inner_text()}"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_it_reads_without_a_script(page_text: str, visit: Visitor) -> None:
    page = visit(page_text, java_script_enabled=False)
    assert "Without its script" in page.locator("noscript").inner_text()
    assert page.locator("noscript li").count() == 11
    assert not page.locator(".bar").is_visible()


def test_a_page_that_was_opened_from_a_file(page_text: str, visit: Visitor, tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    file.write_text(page_text, "utf-8")
    told: list[str] = []
    page = visit.browser.new_page()
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(file.as_uri())
    assert titles(page) == titles(visit(page_text))
    assert told == [file.as_uri()]
    page.close()


def test_it_prints_what_matters(page_text: str, visit: Visitor) -> None:
    page = visit(page_text, size=WIDE, scheme="dark")
    page.get_by_role("button", name="Close all").click()
    assert page.locator(".recording[open]").count() == 0
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".recording.is-meaningful[open] .body:not(:empty)").count() == 11
    assert page.locator(".body:empty:visible").count() == 0
    assert not page.locator(".bar").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".recording[open]").count() == 0
    opened = "document.querySelectorAll('.recording[open] .body:not(:empty)').length"
    page.evaluate(f"addEventListener('beforeprint', () => (document.body.dataset.printed = {opened}))")
    assert page.pdf()[:5] == b"%PDF-"
    assert page.evaluate("document.body.dataset.printed") == "11"
