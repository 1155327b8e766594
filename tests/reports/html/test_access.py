"""Who cannot see the page, or not well, reads it too: names, landmarks, contrast, and no need of a mouse."""

from __future__ import annotations

from typing import Any

import pytest

from recdiff.reports.html import html
from tests.reports.html.browsing import PHONE, WIDE, Visitor
from tests.reports.html.reviews import sample

CONTRAST = """() => {
  const number = (colour) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([red, green, blue]) => [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = number(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const known = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest("script, style")) continue;
    const style = getComputedStyle(element);
    const key = style.color + element.className + element.tagName;
    if (known.has(key)) continue;
    const [one, other] = [light(number(style.color)), light(ground(element))].sort((a, b) => b - a);
    const where = `${element.tagName}.${element.className}: ${node.data.slice(0, 30)}`;
    known.set(key, [(one + 0.05) / (other + 0.05), where]);
  }
  return [...known.values()];
}"""


@pytest.fixture(scope="module")
def page_text() -> str:
    return html(sample())


def tree(page: Any) -> list[dict[str, Any]]:
    """Every node that a screen reader is told of."""
    session = page.context.new_cdp_session(page)
    return [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]


def of(nodes: list[dict[str, Any]], *roles: str) -> list[str]:
    return [node.get("name", {}).get("value", "") for node in nodes if node["role"]["value"] in roles]


def test_every_control_has_a_name(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.keyboard.press("O")
    page.get_by_role("button", name="error 1").click()
    page.get_by_role("button", name="error 1").click()
    nodes = tree(page)
    controls = of(nodes, "button", "searchbox", "textbox", "combobox", "link", "DisclosureTriangle", "checkbox")
    assert len(controls) > 60
    assert [name for name in controls if not name.strip()] == []
    assert of(nodes, "searchbox") == ["Search in paths, tests and texts"]
    assert of(nodes, "combobox") == ["Theme"]
    assert "Help" in controls and "Side by side" in controls
    page.keyboard.press("?")
    assert of(tree(page), "dialog") == ["Keys"]


def test_landmarks_and_headings(page_text: str, visit: Visitor) -> None:
    nodes = tree(visit(page_text))
    for role, names in {
        "banner": [""],
        "main": ["Recordings"],
        "search": [""],
        "contentinfo": [""],
        "region": ["Notes on this range", "Filters and view", "Hidden differences"],
        "group": ["Arrangement", "Texts", "Recordings", "Show only"],
    }.items():
        found = of(nodes, role)
        assert [name for name in names if name not in found] == [], role
    assert len([node for node in nodes if node["role"]["value"] == "heading"]) > 20


def test_a_keyboard_reaches_everything(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the recordings"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is False


def test_what_the_keyboard_stands_on_is_not_under_the_bar(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    for _ in range(5):
        page.keyboard.press("j")
    bottom = page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= bottom


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", WIDE), ("dark", PHONE)])
def test_contrast(scheme: str, size: tuple[int, int], page_text: str, visit: Visitor) -> None:
    page = visit(page_text, size=size, scheme=scheme)
    page.keyboard.press("O")
    page.get_by_role("button", name="tool 2").click()
    page.get_by_role("button", name="All filters off").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = page.evaluate(CONTRAST)
    assert len(found) > 40
    assert [(round(ratio, 2), where) for ratio, where in found if ratio < 4.5] == []


def test_nothing_moves_for_who_wants_no_motion(page_text: str, visit: Visitor) -> None:
    page = visit(page_text, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('button')).transitionDuration") == "0s"
    assert page.evaluate("document.getAnimations().length") == 0


def test_removed_and_added_differ_in_more_than_colour(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    page.locator(".sides ins").first.wait_for()
    page.keyboard.press("v")
    line = "(every) => every.map((one) => one.tagName + ' ' + getComputedStyle(one).textDecorationLine)"
    lines = page.locator(".row:not(.whole) > :is(del, ins)").evaluate_all(line)
    assert set(lines) == {"DEL line-through", "INS underline"}
