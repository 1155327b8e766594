"""The test beside a recording: the source of its function, coloured as Python."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.safe import visible
from recdiff.testfunctions import FunctionSource
from recdiff.tui.page.blocks import Block, Line, Section, Span


def test_section(function: FunctionSource) -> Section:
    """A folded section with the test's source and its line numbers."""
    note = (Span(f"{visible(function.path)}:{function.first_line}  (e opens it)", "faint"),)
    return Section("test", "Test", note, False, lambda: _blocks(function))


def _blocks(function: FunctionSource) -> Iterator[Block]:
    number = function.first_line
    line: list[Span] = []
    for style, text in _tokens(function.source):
        for index, part in enumerate(text.split("\n")):
            if index:
                yield _line(number, line)
                number, line = number + 1, []
            if part:
                line.append(Span(visible(part), style))
    if line:
        yield _line(number, line)


def _line(number: int, spans: list[Span]) -> Line:
    return Line((Span(f"{number:>5}  ", "faint"), *spans), indent=0, hang=11)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    styles = (
        (Comment, "comment"), (String, "string"), (Number, "number"), (Keyword, "keyword"), (Operator.Word, "keyword"),
        (Name.Function, "name"), (Name.Decorator, "name"), (Name.Class, "name"),
    )  # fmt: skip
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        yield next((style for kind, style in styles if token in kind), ""), text  # type: ignore[comparison-overlap]
