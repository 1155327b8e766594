"""Where a test function is and how it reads, for files that Python can parse and for those that it cannot."""

from __future__ import annotations

import ast
import inspect
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff import testfunctions
from recdiff.testfunctions import FunctionSource, candidates, function_in

PATH = "tests/test_a.py"

SOURCE = '''\
"""Tests."""
import pytest


@pytest.mark.parametrize(
    "model",
    ["a::b", "c"],
)
@pytest.mark.slow
def test_x(model):
    """Asks.
at the margin
    """
    assert model


async def test_async():
    await thing()  # the end


class TestOne:
    class Inner:
        @staticmethod
        def test_deep():
            text = """
            kept
              deeper
            """

    def test_x(self): pass


def test_x_too():
    pass
'''


def found(source: str | bytes, test_id: str) -> FunctionSource | None:
    """The function of a source."""
    return function_in(PATH, source.encode() if isinstance(source, str) else source, test_id)


def source_of(source: str | bytes, test_id: str) -> str | None:
    """Its source alone."""
    function = found(source, test_id)
    return function.source if function else None


def broken(source: str) -> str:
    """The same with an error at its end, so that Python parses nothing of it."""
    return source + "\n\ndef (:\n"


@pytest.mark.parametrize("make", [str, broken])
@pytest.mark.parametrize(
    ("test_id", "first_line", "begins", "ends"),
    [
        (f"{PATH}::test_async", 17, "async def test_async():", "    await thing()  # the end"),
        (f"{PATH}::TestOne::test_x", 30, "def test_x(self): pass", "pass"),
        (f"{PATH}::TestOne::()::test_x", 30, "def test_x(self): pass", "pass"),
        (f"{PATH}::TestOne::test_x[a::b[c]", 30, "def test_x(self): pass", "pass"),
        (f"{PATH}::test_x_too[", 33, "def test_x_too():", "    pass"),
    ],
)
def test_functions_are_found(make: object, test_id: str, first_line: int, begins: str, ends: str) -> None:
    assert callable(make)
    function = found(make(SOURCE), test_id)
    assert function is not None
    assert (function.path, function.first_line) == (PATH, first_line)
    assert function.source.startswith(begins) and function.source.endswith(ends)


def test_decorators_are_part_of_it_and_text_at_the_margin_stays() -> None:
    function = found(SOURCE, f"{PATH}::test_x[a::b]")
    assert function is not None
    assert function.first_line == 5
    assert function.source == "\n".join(SOURCE.split("\n")[4:14])


def test_without_a_tree_decorators_are_found_too() -> None:
    function = found(broken(SOURCE.replace("\nat the margin", "")), f"{PATH}::test_x[a::b]")
    assert function is not None
    assert function.first_line == 5
    assert function.source.startswith("@pytest.mark.parametrize(\n") and function.source.endswith("assert model")


@pytest.mark.parametrize("make", [str, broken])
def test_the_indentation_of_a_method_is_taken_away(make: object) -> None:
    assert callable(make)
    source = source_of(make(SOURCE), f"{PATH}::TestOne::Inner::test_deep")
    assert source == ('@staticmethod\ndef test_deep():\n    text = """\n    kept\n      deeper\n    """')


@pytest.mark.parametrize("make", [str, broken])
def test_the_last_of_several_definitions_wins(make: object) -> None:
    assert callable(make)
    twice = make("class A:\n  def test_x(self): 1\nclass A:\n  def test_x(self): 2\n  def test_x(self): 3\n")
    assert source_of(twice, "a.py::A::test_x") == "def test_x(self): 3"


@pytest.mark.parametrize("make", [str, broken])
def test_a_function_inside_another_is_not_meant(make: object) -> None:
    assert callable(make)
    nested = make("def test_x():\n  1\n\ndef other():\n  def test_x(): 2\n")
    assert source_of(nested, "a.py::test_x") == "def test_x():\n  1"


@pytest.mark.parametrize("make", [str, broken])
def test_a_signature_of_several_lines(make: object) -> None:
    assert callable(make)
    source = "@deco(\n  1,\n)\ndef test_x(\n  a,\n) -> None:\n  pass"
    assert source_of(make(f"x = 1\n{source}\n\n# about y\ny = 2\n"), "a.py::test_x") == source


@pytest.mark.parametrize(
    "source",
    [
        "if True:\n  def test_x(): 1\n",
        "try:\n  pass\nexcept E:\n  pass\nelse:\n  def test_x(): 1\n",
        "try:\n  import a\nexcept E:\n  def test_x(): 1\n",
        "with a:\n  def test_x(): 1\n",
        "match a:\n  case 1:\n    def test_x(): 1\n",
        "if a:\n  def test_x(): 0\nelif b:\n  pass\nelse:\n  def test_x(): 1\n",
    ],
)
def test_definitions_under_a_condition(source: str) -> None:
    assert source_of(source, "a.py::test_x") == "def test_x(): 1"


def test_a_method_of_a_base_class_in_the_file() -> None:
    source = (
        "class Base(Sub):\n  def test_x(self): 1\nclass Mid(Base, Sub, other.Mid): pass\nclass Sub(Gone, Mid): pass\n"
    )
    assert source_of(source, "a.py::Sub::test_x") == "def test_x(self): 1"
    assert source_of(source, "a.py::Sub::test_y") is None


def test_a_decorator_that_begins_on_the_line_above_its_expression() -> None:
    source = "@(\n  deco\n)\ndef test_x(): 1"
    assert source_of(f"\n{source}\n", "a.py::test_x") == source


@pytest.mark.parametrize(
    ("data", "last"),
    [
        ("# coding: latin-1\ndef test_x(): 'é'".encode("latin-1"), "'é'"),
        (b"\xef\xbb\xbfdef test_x(): 'e'\xcc\x81", "'e'\u0301"),
        ("#!x\n# -*- coding: cp1252 -*-\ndef test_x(): '€'".encode("cp1252"), "'€'"),
        ("def test_x(): 'é'".encode("latin-1"), "'\ufffd'"),
        (b"\xef\xbb\xbf# coding: latin-1\ndef test_x(): '\xc3\xa9'", "'é'"),
        (b"# coding: no-such\ndef test_x(): '\xc3\xa9'", "'é'"),
        (b"# coding: hex\ndef test_x(): '\xc3\xa9'", "'é'"),
        (b"# coding: punycode\ndef test_x(): '\xc3\xa9'", "'é'"),
    ],
)
def test_encodings(data: bytes, last: str) -> None:
    source = source_of(data, "a.py::test_x")
    assert source is not None and source.endswith(last)


def test_line_ends_and_form_feeds_count_as_in_python() -> None:
    function = found(b"a = 1\r\n\x0c\r\nb = '\x0c\xc2\x85'\rdef test_x():\r\n    pass\r\n", "a.py::test_x")
    assert function == FunctionSource(PATH, 4, "def test_x():\n    pass")


def test_a_null_byte_hides_nothing() -> None:
    assert source_of("x = '\0'\ndef test_x():\n    pass\n", "a.py::test_x") == "def test_x():\n    pass"


@pytest.mark.parametrize(
    "nested",
    [
        "-" * 100_000 + "1",
        "(" * 100_000,
        "a" + ".b" * 100_000,
        "not " * 100_000 + "1",
        "if x:\n pass\n" + "elif x:\n pass\n" * 5_000,
        "if x:\n pass\n" + "elif x:\n pass\n" * 300,
    ],
)
def test_what_is_nested_too_deeply_for_python(nested: str) -> None:
    assert source_of(f"def test_x():\n    pass\n\n{nested}\n", "a.py::test_x") == "def test_x():\n    pass"


def test_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_: str) -> ast.Module:
        raise MemoryError

    monkeypatch.setattr(ast, "parse", parse)
    assert source_of("def test_x(): 1\n", "a.py::test_x") == "def test_x(): 1"


def test_huge_files_are_left_alone() -> None:
    start = time.perf_counter()
    assert source_of("def test_x(): 1\n" + "#" * 5_000_000, "a.py::test_x") is None
    assert source_of("# coding: punycode\n" + "a-b9z" * 900_000, "a.py::z") is None
    many = "".join(f"class C{n}(C{n + 1}): pass\n" for n in range(20_000))
    assert source_of(f"{many}# test_x", "a.py::C0::test_x") is None
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "test_id",
    ["", "::", "[", "a.py", "a.py::", "a.py::test_y", "a.py::test_x.*", "a.py::A::test_x", "a.py::test_x::y",
     "a.py::\ud800", "a.py::Inner::test_deep", "a.py::test_", "a.py::pytest"],
)  # fmt: skip
def test_there_is_no_such_function(test_id: str) -> None:
    assert found(SOURCE, test_id) is None
    assert found(broken(SOURCE), test_id) is None or test_id == "a.py::Inner::test_deep"


@pytest.mark.parametrize("data", [b"", b"\0\0\xff\xfe", b"GIF89a test_x", b"\xff\xfed\0e\0f\0 \0", b'{"test_x": 1}'])
def test_what_is_not_python(data: bytes) -> None:
    assert found(data, "a.py::test_x") is None


def test_nothing_warns(recwarn: pytest.WarningsRecorder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert source_of("def test_x(): '\\d'\n", "a.py::test_x") == "def test_x(): '\\d'"
    assert not recwarn.list


def test_it_finds_the_functions_of_a_real_module_as_inspect_does() -> None:
    data = inspect.getsource(testfunctions).encode()
    for name, function in inspect.getmembers(testfunctions, inspect.isfunction):
        if function.__module__ != testfunctions.__name__:
            continue
        expected, line = inspect.getsourcelines(function)
        assert function_in("x.py", data, f"x.py::{name}") == FunctionSource("x.py", line, "".join(expected).rstrip())
        assert found(broken(data.decode()), f"x.py::{name}") == FunctionSource(PATH, line, "".join(expected).rstrip())


PIECES = ["test_x", "A", "::", "[", "]", "/", "..", ".py", "\n", "\ud800", "\0", "é", "\\"]
IDS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text()


@given(st.binary() | st.text("def test_x():\n\t@#\\'\"\r\x0c[]A ").map(str.encode), IDS)
def test_nothing_raises(data: bytes, test_id: str) -> None:
    function_in(PATH, data, test_id)
    function_in(PATH, data + b"\ndef test_x():\n  1", test_id)
    function_in(PATH, data, "a.py::test_x")


# Where the file may be


@pytest.mark.parametrize(
    ("test_id", "recording", "expected"),
    [
        ("tests/test_a.py::test_x", "tests/recordings/1.json", ["tests/test_a.py", "tests/tests/test_a.py",
         "tests/recordings/tests/test_a.py"]),
        ("tests/test_a.py::test_x[b::c]", "proj/tests/rec/1.json", ["proj/tests/test_a.py", "tests/test_a.py",
         "proj/tests/tests/test_a.py", "proj/tests/rec/tests/test_a.py"]),
        ("test_a.py::test_x", "1.json", ["test_a.py"]),
        ("./tests//test_a.py", "1.json", ["tests/test_a.py"]),
        ("tests/[a]/test_a.py::test_x", "1.json", ["tests/[a]/test_a.py"]),
        ("test_a.py::test_x", "/tmp/rec/1.json", ["test_a.py"]),
        ("test_a.py::test_x", "../rec/1.json", ["test_a.py"]),
        ("test_a.py::test_x", "", ["test_a.py"]),
    ],
)  # fmt: skip
def test_candidates(test_id: str, recording: str, expected: list[str]) -> None:
    assert list(candidates(test_id, recording)) == expected


@pytest.mark.parametrize(
    "test_id",
    ["", "::test_x", "/etc/test_a.py::test_x", "../test_a.py::test_x", "a/../../test_a.py", "a/..", "..\\test_a.py",
     "C:/test_a.py", "C:test_a.py", ".git/hooks/a.py", "a/.GIT/a.py", "a\0/test_a.py", "a\n.py",
     "tests/test_a.txt::x", "tests/", "test_x"],
)  # fmt: skip
def test_what_names_no_file_of_the_repository_is_refused(test_id: str) -> None:
    assert candidates(test_id, "tests/recordings/1.json") == ()


@given(IDS, IDS)
def test_candidates_stay_in_the_repository(test_id: str, recording: str) -> None:
    for path in candidates(test_id, recording):
        assert path and not path.startswith("/") and "\\" not in path and "\0" not in path
        assert not {"..", ".", ""}.intersection(path.split("/"))
        assert path.endswith(".py")


def test_a_deep_recording_has_few_candidates() -> None:
    assert len(candidates("a.py::x", "d/" * 2_000 + "1.json")) <= 41
