"""Visiting a page: it is served from memory, and whatever it asks for beside itself, says or raises is kept."""

from __future__ import annotations

from typing import Any

ADDRESS = "http://page.example/review.html"
WIDE, PHONE = (1400, 900), (390, 844)


class Visitor:
    """Opens pages in a browser. Windows of one kind are one window, which is opened anew: most of a visit's cost."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self._told: list[str] = []
        self._html = ""
        self._pages: dict[str, Any] = {}

    def __call__(self, html: str, *, size: tuple[int, int] = WIDE, scheme: str = "light", **more: Any) -> Any:
        """The page, opened in a window of a size and a colour scheme; `more` is Playwright's, for a context."""
        self._html = html
        page = self._pages.get(repr((size, scheme, more)))
        if page is None:
            page = self._pages[repr((size, scheme, more))] = self._window(size, scheme, more)
        else:
            page.evaluate("localStorage.clear()")
            page.emulate_media(media="null")
        page.goto(ADDRESS)
        return page

    def told(self) -> str:
        """What pages said, asked for or raised since the last time, a line each."""
        told, self._told = self._told, []
        return "\n".join(told)

    def close(self) -> None:
        """Close all windows."""
        for page in self._pages.values():
            page.context.close()

    def _window(self, size: tuple[int, int], scheme: str, more: dict[str, Any]) -> Any:
        viewport = {"width": size[0], "height": size[1]}
        context = self.browser.new_context(viewport=viewport, color_scheme=scheme, **more)
        context.route("**/*", self._serve)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self._told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self._told.append(f"error: {error}"))
        page.on("popup", lambda popup: self._told.append(f"popup: {popup.url}"))
        page.on("dialog", self._shut)
        page.on("framenavigated", self._follow)
        return page

    def _serve(self, route: Any) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8")
        else:
            self._told.append(f"asked for {route.request.url}")
            route.abort()

    def _shut(self, dialog: Any) -> None:
        self._told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _follow(self, frame: Any) -> None:
        if frame.url.partition("#")[0] != ADDRESS:
            self._told.append(f"went to {frame.url}")


def titles(page: Any) -> list[str]:
    """The recordings that a reader sees, by their titles."""
    found = page.evaluate(
        "[...document.querySelectorAll('.recording > summary > h4')].filter((e) => e.checkVisibility())"
        ".map((e) => e.textContent)"
    )
    assert isinstance(found, list)
    return found


def here(page: Any) -> str:
    """What the keyboard stands on."""
    return str(page.evaluate("document.activeElement.querySelector('h2, h3, h4')?.textContent ?? ''"))


def everything(page: Any) -> str:
    """All text of a page once each recording is opened and filled, as printing fills what is open."""
    page.get_by_role("button", name="Open all").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    text = page.evaluate("document.body.textContent")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    return str(text)
