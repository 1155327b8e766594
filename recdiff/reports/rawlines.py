"""The line on which a value of a JSON text begins, by its pointer: annotations and links need it, no parser tells."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from recdiff.jsonvalue import unescape

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf'\s*({_STRING}|[{{}}\[\],:]|[^\s{{}}\[\],:"]+)', re.DOTALL)
_BRACKET = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)


class _Node:
    """One step of what is looked for: the pointers that go through here, and the steps that follow."""

    __slots__ = ("children", "pointers")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.pointers: list[str] = []


def lines_of(text: str, pointers: Collection[str]) -> dict[str, int]:
    """The line, from 1, on which each pointer's value begins.

    A pointer that leads nowhere has the line of the deepest value on its way; in what is no JSON, at worst line 1.
    """
    lines: dict[str, int] = {}
    line, at = 1, 0
    for offset, pointer in sorted((offset, pointer) for pointer, offset in offsets_of(text, pointers).items()):
        line += text.count("\n", at, offset)
        at = offset
        lines[pointer] = line
    return lines


def offsets_of(text: str, pointers: Collection[str]) -> dict[str, int]:
    """The position at which each pointer's value begins, or the deepest value on its way; 0 where there is none."""
    root = _Node()
    for pointer in pointers:
        here = root
        here.pointers.append(pointer)
        for step in pointer.split("/")[1:]:
            here = here.children.setdefault(unescape(step), _Node())
            here.pointers.append(pointer)
    scan = _Scan(text, dict.fromkeys(pointers, 0))
    if root.pointers:
        scan.value(root)
    return scan.found


class _Scan:
    """A walk through a JSON text that stops only at what is looked for."""

    def __init__(self, text: str, found: dict[str, int]) -> None:
        self.found = found
        self._text = text
        self._at = 1 if text.startswith("\ufeff") else 0
        self._start = 0

    def value(self, node: _Node) -> None:
        """Read the value that comes next; where it begins is where all that goes through it is, or begins there."""
        word = self._token()
        if word:
            self.found.update(dict.fromkeys(node.pointers, self._start))
        if word == "{":
            self._object(node)
        elif word == "[":
            self._list(node)

    def _object(self, node: _Node) -> None:
        key = self._token()
        while key.startswith('"'):
            self._token()
            self._take(node.children.get(_spelled(key)) if node.children else None)
            key = self._token() if self._token() == "," else ""

    def _list(self, node: _Node) -> None:
        number = 0
        if self._peek() == "]":
            self._token()
            return
        word = ","
        while word == ",":
            self._take(node.children.get(str(number)) if node.children else None)
            number += 1
            word = self._token()

    def _take(self, node: _Node | None) -> None:
        if node is not None:
            self.value(node)
        elif self._token() in ("{", "["):
            self._skip()

    def _skip(self) -> None:
        """To the end of the object or list that has just begun."""
        depth = 1
        for match in _BRACKET.finditer(self._text, self._at):
            word = match.group()
            if word in ("{", "["):
                depth += 1
            elif word in ("}", "]"):
                depth -= 1
                if not depth:
                    self._at = match.end()
                    return
        self._at = len(self._text)

    def _token(self) -> str:
        """The next word, empty at the end and where no word begins."""
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            return ""
        self._start, self._at = match.span(1)
        return match.group(1)

    def _peek(self) -> str:
        match = _TOKEN.match(self._text, self._at)
        return match.group(1) if match else ""


def _spelled(key: str) -> str:
    if "\\" not in key:
        return key[1:-1]
    try:
        spelled = json.loads(key, strict=False)
    except ValueError:
        return key
    return spelled if isinstance(spelled, str) else key
