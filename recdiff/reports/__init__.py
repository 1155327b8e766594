"""Reports: a review as Markdown, HTML, JSON, text or JUnit, each a function that gives a whole text.

    recdiff.reports.markdown(review)

A module with what else belongs to a form has the form's name, and is imported by its full one
(`from recdiff.reports.markdown import COMMENT_LIMIT`); a function here is never replaced by its module.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from recdiff.model import Review

__all__ = ["html", "json", "junit", "markdown", "text"]


def markdown(
    review: Review,
    *,
    limit: int = 65_536,
    link_base: str | None = None,
    read_new: Callable[[str], bytes | None] | None = None,
) -> str:
    """A comment for a pull request, of at most `limit` characters; beyond, it tells less and says what it left out.

    With `link_base` (`https://…/blob/COMMIT`) files are links, and with `read_new`, which gives a file's new bytes by
    its path, so are the lines of changes.
    """
    from recdiff.reports.markdown import markdown as written

    return written(review, limit=limit, link_base=link_base, read_new=read_new)


def html(review: Review, *, link_base: str | None = None) -> str:
    """One page that needs nothing else; what was hidden opens to examples where the review has `samples`."""
    from recdiff.reports.html import html as written

    return written(review, link_base=link_base)


def json(review: Review, *, show_hidden: bool = False) -> str:
    """One object by the schema `recdiff.report/1` in one line; `show_hidden` needs a review that was made with it."""
    from recdiff.reports.json import report

    return report(review, show_hidden=show_hidden).decode()


def text(review: Review, *, full: bool = False, show_hidden: bool = False) -> str:
    """What `recdiff diff` prints, without colour; `show_hidden` needs a review that was made with it."""
    from recdiff.reports.paint import UNCUT, Paint
    from recdiff.reports.text import Detail, report

    paint = Paint(longest=UNCUT) if full else Paint()
    return "".join(f"{line}\n" for line in report(review, paint, Detail(full, show_hidden)))


def junit(review: Review) -> str:
    """Test cases for a CI system: an XML document."""
    from recdiff.reports.junit import junit as written

    return written(review)


class _Package(ModuleType):
    """A package whose functions stay where a module of the same name is imported, whichever comes first."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
