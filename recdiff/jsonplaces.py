"""Where in a JSON text a fault stands: what a parser knows and does not tell. Asked for broken files alone."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)
_LONG = re.compile(r"[0-9]{4301,}")


def repeated_key(text: str) -> str:
    """` at line N, column M` of the first key that its object has already; nothing where it is not found."""
    objects: list[set[str] | None] = []
    expects_key = False
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "{[":
            objects.append(set() if word == "{" else None)
            expects_key = word == "{"
        elif word in "}]":
            if objects:
                objects.pop()
            expects_key = False
        elif word == ",":
            expects_key = bool(objects) and objects[-1] is not None
        elif word != ":" and expects_key:
            seen = objects[-1] if objects else None
            if seen is not None:
                if word in seen:
                    return _place(text, token.start())
                seen.add(word)
            expects_key = False
    return ""


def too_deep(text: str, levels: int) -> str:
    """` at line N, column M` of the bracket that opens one level too many."""
    depth = 0
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "{[":
            depth += 1
            if depth > levels:
                return _place(text, token.start())
        elif word in "}]":
            depth -= 1
    return ""


def long_number(text: str) -> str:
    """` at line N, column M` of a number that has more digits than the standard library takes."""
    found = _LONG.search(text)
    return _place(text, found.start()) if found else ""


def _place(text: str, at: int) -> str:
    return f" at line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"
