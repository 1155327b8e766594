"""Where things stand in a TOML document, which `tomllib` does not tell: the line of each key, table and array item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias, cast

TomlPath: TypeAlias = tuple[str | int, ...]
"""A place in a TOML document: keys, and positions in arrays (also of tables)."""

_TOKEN = re.compile(
    r'''
    """(?:\\.|[^\\])*?"{3,5} | \'\'\'.*?'{3,5}      # up to two quotes may stand before the closing three
    | "(?:\\.|[^"\\])*" | '[^']*'
    | \#[^\n]* | [\[\]{}=,.\n] | [^\s"'\#\[\]{}=,.]+
    ''',
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> dict[TomlPath, int]:
    """The line of each key, table and array item of a valid TOML document, which `tomllib` does not tell.

    A table is where its header or its first key stands; the document itself, `()`, is at line 1.
    """
    return _KeyLines(text).lines


class _KeyLines:
    """Reads a document that `tomllib` has accepted, so nothing is checked; values are only stepped over."""

    def __init__(self, text: str) -> None:
        self.lines: dict[TomlPath, int] = {(): 1}
        self._tokens = list(_tokens(text))
        self._at = 0
        self._tables: dict[TomlPath, int] = {}
        table: TomlPath = ()
        while self._at < len(self._tokens):
            word = self._word()
            if word == "\n":
                self._at += 1
            elif word == "[":
                table = self._header()
            else:
                self._pair(table)

    def _word(self) -> str:
        return self._tokens[self._at][0]

    def _accept(self, word: str) -> bool:
        found = self._at < len(self._tokens) and self._word() == word
        self._at += found
        return found

    def _note(self, path: TomlPath, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)

    def _header(self) -> TomlPath:
        line = self._tokens[self._at][1]
        self._at += 1
        one_of_many = self._accept("[")
        *parents, last = self._key()
        self._at += 1 + one_of_many
        path: TomlPath = ()
        for part in parents:
            path = (*path, part)
            if path in self._tables:  # below an array of tables, a header means the latest of them
                path = (*path, self._tables[path])
        path = (*path, last)
        if one_of_many:
            self._tables[path] = self._tables.get(path, -1) + 1
            path = (*path, self._tables[path])
        self._note(path, line)
        return path

    def _key(self) -> list[str]:
        parts = [_key_part(self._word())]
        self._at += 1
        while self._accept("."):
            parts.append(_key_part(self._word()))
            self._at += 1
        return parts

    def _pair(self, table: TomlPath) -> None:
        line = self._tokens[self._at][1]
        path = (*table, *self._key())
        self._note(path, line)
        self._at += 1
        self._value(path)

    def _value(self, path: TomlPath) -> None:
        if self._accept("{"):
            while not self._closes("}"):
                self._pair(path)
        elif self._accept("["):
            index = 0
            while not self._closes("]"):
                self._note((*path, index), self._tokens[self._at][1])
                self._value((*path, index))
                index += 1
        else:
            while self._at < len(self._tokens) and self._word() not in ("\n", ",", "]", "}"):
                self._at += 1

    def _closes(self, bracket: str) -> bool:
        while self._accept("\n") or self._accept(","):
            pass
        return self._accept(bracket)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, counted = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if not found[0].startswith("#"):
            yield found[0], line


def _key_part(word: str) -> str:
    if word.startswith("'"):
        return word[1:-1]
    if not word.startswith('"'):
        return word
    import tomllib

    return cast(str, tomllib.loads(f"key = {word}")["key"])
