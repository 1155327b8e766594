"""The one way of recorded text to a terminal: what would move the cursor, hide or reorder text becomes visible."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"  # invisible, bidi,
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"  # line ends, fillers, variants
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # lone surrogates, tags
    "]"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_JOINER = "\u200d"


def visible(text: str, *, lines: bool = False) -> str:
    """Text that a terminal shows as it is: control and bidi characters as `\\x1b`, `\\u202e`; emoji stay whole.

    Newlines become `⏎` and tabs `⇥`, unless `lines` asks to keep them.
    """
    if not lines:
        text = text.replace("\r\n", "⏎").replace("\n", "⏎").replace("\t", "⇥")
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_spell, text)


def _spell(match: re.Match[str]) -> str:
    if match.group() == _JOINER and _joins_emoji(match.string, match.start()):
        return _JOINER
    return spelled(match.group())


def spelled(char: str) -> str:
    """One character by its number: `\\x1b`, `\\u202e`."""
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _joins_emoji(text: str, at: int) -> bool:
    return bool(at and _EMOJI.match(text, at - 1) and _EMOJI.match(text, at + 1))


def cells(text: str) -> int:
    """How many columns of a terminal a text takes: 2 for wide characters, 0 for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def shortened(text: str, width: int) -> str:
    """A text of at most `width` columns; `…` says that its end was cut."""
    if cells(text) <= width:
        return text
    kept = ""
    used = 1
    for char in text:
        used += cells(char)
        if used > width:
            break
        kept += char
    return kept + "…"
