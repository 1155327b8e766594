"""The one way of recorded text into Markdown: as the content of `<code>`, inside a block of HTML.

GitHub and GitLab look for @names, #123, commits, :emoji:, addresses and formulas in the text of a finished page too,
where no entity hides a character; what stands in `<code>` they leave alone (html-pipeline's MentionFilter, Banzai's
ReferenceFilter). No Markdown is read inside a block of HTML, which ends at the first blank line; recorded text has no
line ends here, nor does it ever begin a line, which GitLab would take for a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from recdiff.reports.paint import Paint
from recdiff.safe import visible

_REMOVED, _ADDED, _END = "\x02", "\x03", "\x04"
"""Marks around words while they are still text. `visible` spells these characters, so recorded text has none."""
_MARKED = re.compile(f"[{_REMOVED}{_ADDED}][^{_REMOVED}{_ADDED}{_END}]*{_END}")
_TAGS = {_REMOVED: "del", _ADDED: "ins"}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPED = str.maketrans(_ENTITIES)
_VECTOR_KEYS = {"dimension", "cosine", "largest"}

UNCUT = 10**9
"""A `most` that cuts nothing."""


@dataclass(frozen=True, slots=True)
class Marked(Paint):
    """Paint whose removed and added words become `<del>` and `<ins>` when `changed_code` makes HTML of the text."""

    def removed(self, text: str) -> str:
        """Words that only the old side has."""
        return f"{_REMOVED}{text}{_END}" if text else ""

    def added(self, text: str) -> str:
        """Words that only the new side has."""
        return f"{_ADDED}{text}{_END}" if text else ""


def code(text: str, most: int = UNCUT) -> str:
    """Text as HTML that shows it and does nothing else; cut with `…` where it would take more than `most` characters.

    Tags are not counted.
    """
    return f"<code>{_content([('', text)], most)}</code>"


def changed_code(text: str, most: int = UNCUT) -> str:
    """What `Marked` made of a change, as `code` shows a text, its removed and added words in `<del>` and `<ins>`."""
    return f"<code>{_content(_pieces(text), most)}</code>"


def _content(pieces: Iterable[tuple[str, str]], most: int) -> str:
    html = ""
    room = most
    for tag, words in pieces:
        shown, is_cut = _cut(visible(words[: 2 * room + 2]), room)  # only `\r\n` becomes shorter
        room -= len(shown)
        html += f"<{tag}>{shown}</{tag}>" if tag and shown else shown
        if is_cut:
            break
    return html


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text with the tag that goes around them; a mark without its other half is but a character."""
    at = 0
    for match in _MARKED.finditer(text):
        if match.start() > at:
            yield "", text[at : match.start()]
        yield _TAGS[match.group()[0]], match.group()[1:-1]
        at = match.end()
    if at < len(text):
        yield "", text[at:]


def _cut(words: str, room: int) -> tuple[str, bool]:
    """Escaped words of at most `room` characters, and whether their end was cut."""
    if len(words) <= room:
        html = words.translate(_ESCAPED)
        if len(html) <= room:
            return html, False
    kept = ""
    for char in words:
        escaped = _ENTITIES.get(char, char)
        if len(kept) + len(escaped) >= room:
            break
        kept += escaped
    return kept + "…", True


def link(base: str | None, path: str | None, line: int | None, inner: str) -> str:
    """`inner`, which is HTML, as a link to a line of a file below `base`; as it is, where there is nothing to link to.

    A path with `..` would lead out of `base`.
    """
    if not base or not path or not {"", ".", ".."}.isdisjoint(path.split("/")):
        return inner
    from urllib.parse import quote  # 4 ms

    target = quote(path.encode("utf-8", "surrogatepass"), safe="/")
    where = f"#L{line}" if line else ""
    return f'<a href="{attribute(base.rstrip("/"))}/{target}{where}">{inner}</a>'


def attribute(text: str) -> str:
    """Text for the inside of a double-quoted attribute."""
    return visible(text).translate(_ESCAPED).replace('"', "&quot;")
