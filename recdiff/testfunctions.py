"""Where a test function is and how it reads, from its pytest node id. The id is recorded text, so it is not trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import ast

    _FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_MOST_BYTES = 5_000_000
_MOST_FOLDERS = 40
"""Folders on the way to a recording that are looked into."""

_NOT_IN_PATHS = re.compile(r"[\x00-\x1f\x7f\\:]")
_NO_ENCODINGS = frozenset(("punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "undefined"))
"""Encodings that no source is written in: `punycode` takes a minute for half a megabyte."""


class FunctionSource(NamedTuple):
    """The source of a test function: whole lines with its decorators, less its indentation.

    `path` is the test file's in the repository; `first_line`, counted from 1, is that of the first decorator or `def`.
    """

    path: str
    first_line: int
    source: str


def candidates(test_id: str, recording_path: str) -> tuple[str, ...]:
    """Where the test file may be: below the repository's top, or below a folder on the way to the recording.

    (A project in a subfolder writes its node ids from there.) Where more of the file's folders are the recording's too
    comes first, then what is nearer to the top. Empty for ids that name no Python file, or one out of the repository.
    """
    file = _steps(test_id.partition("::")[0])
    if not file or not file[-1].endswith(".py"):
        return ()
    folders = (_steps(recording_path) or [])[:-1]
    found = [(-_agreeing(file, folders[depth:]), depth) for depth in range(min(len(folders), _MOST_FOLDERS) + 1)]
    return tuple("/".join([*folders[:depth], *file]) for _, depth in sorted(found))


def _steps(path: str) -> list[str] | None:
    """The steps of a path inside the repository; None for any other."""
    steps = [step for step in path.split("/") if step not in ("", ".")]
    if path.startswith("/") or _NOT_IN_PATHS.search(path) or any(step.casefold() in ("..", ".git") for step in steps):
        return None
    return steps


def _agreeing(file: Sequence[str], folders: Sequence[str]) -> int:
    """How many folders two paths begin with in common."""
    count = 0
    for ours, theirs in zip(file[:-1], folders, strict=False):
        if ours != theirs:
            break
        count += 1
    return count


def function_in(path: str, data: bytes, test_id: str) -> FunctionSource | None:
    """The function that a node id names, in the bytes of its file; of several definitions the last, as Python does.

    A method may be that of a base class in the same file. Where Python cannot parse the file, the function is found by
    its lines. Raises nothing; None where there is no such function, and for files over 5 MB.
    """
    names = [name for name in test_id.partition("::")[2].partition("[")[0].split("::") if name != "()"]
    if not all(name.isidentifier() for name in names) or not names or len(data) > _MOST_BYTES:
        return None
    if names[-1].isascii() and names[-1].encode() not in data:  # spares parsing
        return None
    text = _decoded(data)
    lines = text.split("\n")
    module = _parsed(text)
    if module is None:
        span = _span_by_lines(lines, names)
    else:
        function = _function(module.body, names)
        span = _span_of(function, lines) if function else None
    if span is None:
        return None
    first, end = span
    indent = _indent(lines[first])
    return FunctionSource(path, first + 1, "\n".join(line.removeprefix(indent) for line in lines[first:end]))


def _decoded(data: bytes) -> str:
    """The text with Python's line ends as `\\n`, by the encoding that the file declares; else what is UTF-8 in it."""
    import codecs
    import io
    import tokenize

    encoding = "utf-8-sig"
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if codecs.lookup(declared).name not in _NO_ENCODINGS:
            encoding = declared
        text = data.decode(encoding)
    except (SyntaxError, LookupError, ValueError):
        text = data.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(text: str) -> ast.Module | None:
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the code under test, about its escapes; they would go to stderr
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


# By the syntax tree


def _function(module: Sequence[ast.stmt], names: Sequence[str]) -> _FunctionNode | None:
    import ast

    body = module
    waiting: list[ast.ClassDef] = []
    for name in names[:-1]:
        owner = _classes(body).get(name)
        if owner is None:
            return None
        waiting, body = [owner], owner.body
    functions = _functions(body, names[-1])
    named = _classes(module) if waiting and not functions else {}
    while waiting and not functions:
        for base in waiting.pop(0).bases:
            inherited = named.pop(base.id, None) if isinstance(base, ast.Name) else None
            if inherited is not None:
                functions = functions or _functions(inherited.body, names[-1])
                waiting.append(inherited)
    return functions[-1] if functions else None


def _classes(body: Sequence[ast.stmt]) -> dict[str, ast.ClassDef]:
    import ast

    return {node.name: node for node in _definitions(body) if isinstance(node, ast.ClassDef)}


def _functions(body: Sequence[ast.stmt], name: str) -> list[_FunctionNode]:
    import ast

    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in _definitions(body) if isinstance(node, kinds) and node.name == name]


def _definitions(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module or a class, also those under `if`, `try` and the like, in order."""
    import ast

    rest: list[ast.AST] = list(reversed(body))
    while rest:
        node = rest.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inside = [getattr(node, name, ()) for name in ("body", "handlers", "cases", "orelse", "finalbody")]
            rest.extend(reversed([child for block in inside for child in block]))


def _span_of(function: _FunctionNode, lines: Sequence[str]) -> tuple[int, int]:
    """First line and the line after the last, counted from 0."""
    first = function.lineno - 1
    if function.decorator_list:
        first = min(first, *(decorator.lineno - 1 for decorator in function.decorator_list))
        while first and not lines[first].lstrip().startswith("@"):  # the expression may begin below its `@(`
            first -= 1
    return first, function.end_lineno or function.lineno


# By the lines alone


def _span_by_lines(lines: Sequence[str], names: Sequence[str]) -> tuple[int, int] | None:
    """The same, where there is no tree: the least indented `def` or `class` of each name, inside the one before."""
    first, end = 0, len(lines)
    for number, name in enumerate(names):
        word = r"(?:async[ \t]+)?def" if number == len(names) - 1 else "class"
        pattern = re.compile(rf"[ \t]*{word}[ \t]+{name}\b")
        found = [index for index in range(first, end) if pattern.match(lines[index])]
        if not found:
            return None
        least = min(len(_indent(lines[index])) for index in found)
        first = next(index for index in reversed(found) if len(_indent(lines[index])) == least)
        end = _block_end(lines, first, end)
        if number < len(names) - 1:
            first += 1
    return _decorated_from(lines, first), end


def _block_end(lines: Sequence[str], first: int, end: int) -> int:
    """The line after the block that begins at `first`: what is indented deeper, and brackets closed at its level."""
    depth = len(_indent(lines[first]))
    last = first
    for index in range(first + 1, end):
        line = lines[index].strip()
        if not line or line.startswith("#"):
            continue
        indent = len(_indent(lines[index]))
        if indent < depth or (indent == depth and line[0] not in ")]}"):
            break
        last = index
    return last + 1


def _decorated_from(lines: Sequence[str], first: int) -> int:
    """The first line of the decorators above a definition, also where one has several lines."""
    indent = _indent(lines[first])
    index = first
    while index:
        index -= 1
        line = lines[index].removeprefix(indent)
        if line.startswith("@"):
            first = index
        elif not line.startswith((" ", "\t", ")", "]", "}", "#")):
            break
    return first


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
