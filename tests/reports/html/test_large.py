"""Pages of many files: nothing is made before it is looked at, and all of it can be."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest

from recdiff.model import Review
from recdiff.reports.html import html
from tests.reports.html.browsing import Visitor, titles
from tests.reports.html.reviews import CORPUS, many, of_folders

NODES = "document.getElementsByTagName('*').length"
READY = "performance.getEntriesByName('recdiff.ready')[0].startTime"
MOST_BYTES = 3_000_000
_log = logging.getLogger(__name__)


def measured(name: str, page: Any, size: int) -> None:
    """Say the figures (--log-cli-level=INFO shows them); a slow computer is no fault of the page."""
    ready, elements = page.evaluate(READY), page.evaluate(NODES)
    _log.info("%s: %d bytes, ready after %d ms, %d elements", name, size, ready, elements)


def test_five_hundred_files(visit: Visitor) -> None:
    text = html(many(500))
    page = visit(text)
    measured("500 files", page, len(text.encode()))
    assert len(text.encode()) < MOST_BYTES
    assert page.evaluate(NODES) < 12_000
    filled = page.locator(".body:not(:empty)").count()
    assert 0 < filled < 40
    assert len(titles(page)) == 250
    page.get_by_role("searchbox").fill("test_498")
    assert titles(page) == ["test_498[kelp-7b]"]
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="noise 250").click()
    assert len(titles(page)) == 250
    page.get_by_role("button", name="Open all").click()
    assert page.locator(".recording[open]").count() == 250
    assert page.locator(".body:not(:empty)").count() < 80


def test_recordings_are_filled_as_they_come_near(visit: Visitor) -> None:
    page = visit(html(many(500)))
    last = page.locator(".recording").last.locator(".body")
    assert last.evaluate("(e) => e.childElementCount") == 0
    for _ in range(3):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(150)
    assert last.evaluate("(e) => e.childElementCount") > 0
    assert page.locator(".body:not(:empty)").count() < 150


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real recordings is not at ../shared/corpus")
@pytest.mark.parametrize("case", ["bulk-rename-project", "test-isolation-renames"])
def test_real_re_recordings(case: str, visit: Visitor) -> None:
    found: Review = of_folders(CORPUS / case / "old", CORPUS / case / "new")
    text = html(found)
    page = visit(text)
    measured(case, page, len(text.encode()))
    assert len(text.encode()) < MOST_BYTES
    assert page.evaluate(NODES) < 12_000
    total = re.sub(r"\D", "", page.locator("h1").inner_text().split(" of ")[1])
    assert int(total) == len(found.files)
    page.get_by_role("button", name="By folder").click()
    page.get_by_role("button", name="Open all").click()
    shown = set(titles(page))
    assert len(shown) > len(found.files) // 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 1400
