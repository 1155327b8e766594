"""Recorded text is text: strings that would be markup or script, in every field, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

from recdiff.jsonvalue import canonical
from recdiff.reports.html import html
from recdiff.safe import visible
from tests.reports.html.browsing import Visitor, everything
from tests.reports.html.reviews import FIELDS, XSS, all_hostile, said

FOREIGN = (
    "script:not([id=data]), img, svg, math, iframe, object, embed, base, form, video, audio, template, textarea, "
    "plaintext, xmp, noembed, noframes, [style]:not(html), [srcdoc], [src], [action], [formaction], [autofocus], "
    "link:not([rel=icon]), style:not(head > style), meta[http-equiv=refresh]"
)
ATTRIBUTES = (
    "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on'))"
)


@pytest.fixture(scope="module")
def page_text() -> str:
    return html(all_hostile(), link_base='https://git.example/"><script>window.zqx=1</script>')


def is_untouched(page: Any) -> None:
    """Nothing of the recordings became an element, an attribute or a script."""
    assert page.evaluate("'zqx' in window") is False
    assert page.evaluate("({}).zqx") is None
    elements = page.evaluate(f"[...document.querySelectorAll({FOREIGN!r})].map((e) => e.outerHTML.slice(0, 80))")
    assert len(elements) == 1 and elements[0].startswith('<script>"use strict"')
    assert page.evaluate(ATTRIBUTES) == []
    links = page.evaluate("[...document.links].map((a) => a.protocol)")
    assert set(links) <= {"http:", "https:"}


def test_every_field_is_text(page_text: str, visit: Visitor) -> None:
    page = visit(page_text)
    is_untouched(page)
    told = leveled(everything(page))
    missing = [
        (field, payload)
        for field in FIELDS
        for payload in XSS
        if not any(leveled(visible(text, lines=True)) in told for text in spellings(field, payload))
    ]
    assert missing == []
    is_untouched(page)


def leveled(text: str) -> str:
    """A text without its white space, which a title, a line and a block keep each in its way."""
    return re.sub(r"[\s⏎⇥]|\\x0d|\\u202[89]", "", text)


def spellings(field: str, payload: str) -> tuple[str, str]:
    """A field's text as it is, and as it stands in JSON; what was hidden is shown up to 60 columns."""
    most = 50 if field.startswith("hidden-") else None
    text = said(field, payload)
    quoted = canonical(text.replace("\ud800", "")).decode()[1:-1].replace("\\r\\n\\t", "")
    return text[:most], quoted[:most]


def test_whatever_is_done_with_it(page_text: str, visit: Visitor) -> None:
    page = visit(page_text, size=(390, 844), scheme="dark")
    for key in ("O", "t", "O", "v", "t", "O", "j", "j", "o", "k", "?", "Escape"):
        page.keyboard.press(key)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for payload in XSS[::6]:
        page.get_by_role("searchbox").fill(payload)
    page.get_by_role("searchbox").fill("zq-path")
    page.mouse.wheel(0, 20_000)
    page.wait_for_timeout(200)
    is_untouched(page)


def test_where_no_script_runs(page_text: str, visit: Visitor) -> None:
    page = visit(page_text, java_script_enabled=False)
    text = page.locator("noscript").inner_text()
    assert all(visible(said("test", payload)) in text for payload in XSS[:20])
    assert page.locator("img, svg, iframe, object, form, base").count() == 0


def test_the_policy_holds_where_escaping_would_not(page_text: str, visitor: Visitor) -> None:
    """A page whose markup was tampered with still runs nothing, and makes no markup of a string."""
    bait = (
        "<script>window.zqx = 1</script><img src='data:,' onerror='window.zqx = 1'>"
        "<a id=bait href='javascript:window.zqx = 1'>x</a><img src='http://evil.example/x.png'>"
    )
    page = visitor(page_text.replace("<header>", f"<header>{bait}", 1))
    page.locator("#bait").click()
    page.wait_for_timeout(100)
    assert page.evaluate("'zqx' in window") is False
    parsed = "try { document.body.innerHTML = '<b>x</b>'; } catch (error) { return error.name; }"
    assert page.evaluate(f"(() => {{ {parsed} }})()") == "TypeError"
    told = visitor.told()
    assert told.count("Content Security Policy") >= 4 and "asked for" not in told
