"""A real browser: the system's Chromium through Playwright, one for all tests of the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.reports.html.browsing import Visitor

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    """A headless Chromium. It ends with this package: Playwright's loop would be in the way of other tests' own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this computer: the page is not proven in a browser")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="package")
def visitor(browser: object) -> Iterator[Visitor]:
    """Whoever opens pages for the tests."""
    visitor = Visitor(browser)
    yield visitor
    visitor.close()


@pytest.fixture
def visit(visitor: Visitor) -> Iterator[Visitor]:
    """Opens pages; at the end, none of them may have said, asked or left anything."""
    yield visitor
    assert visitor.told() == ""
