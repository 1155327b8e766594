"""A project's rules: every mistake with its file, line and suggestion; where keys stand; changes in words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdiff.errors import RulesError
from recdiff.rules.config import ProjectConfig, parse_config
from recdiff.rules.config_changes import describe_changes
from recdiff.rules.patterns import matcher
from recdiff.rules.rule import Rule
from recdiff.rules.selectors import parse_selector
from recdiff.rules.toml_lines import TomlPath, key_lines

DEFAULTS = ("created", "response-id", "search-score")

GOOD = """\
recordings = ["tests/**/recordings/*.json"]
disable = ["search-score"]

[[rules]]
name = "score-noise"
selector = "response.**.score"
action = "round"
digits = 3
reason = '''
the index is rebuilt
for every run'''

[[rules]]
name = "request-ids"
selectors = ["response.**.req", 'request.body."x.y"']
action = "placeholder"
pattern = "req_[0-9a-f]+"
reason = "drawn anew"
"""


def read(text: str, file_name: str = ".recdiff.toml") -> ProjectConfig:
    return parse_config(text.encode(), file_name, DEFAULTS)


def in_pyproject(text: str) -> str:
    """The same config as a part of a `pyproject.toml`, three lines further down."""
    return "[project]\nname = 'x'\n[tool.recdiff]\n" + text.replace("[[rules]]", "[[tool.recdiff.rules]]")


def complaint(text: str, file_name: str = ".recdiff.toml") -> str:
    with pytest.raises(RulesError) as caught:
        read(text, file_name)
    return str(caught.value)


def test_everything_is_read() -> None:
    assert read(GOOD) == ProjectConfig(
        recordings=("tests/**/recordings/*.json",),
        disabled=frozenset({"search-score"}),
        rules=(
            Rule(
                "score-noise",
                "the index is rebuilt for every run",
                "round",
                (parse_selector("response.**.score"),),
                digits=3,
                origin=".recdiff.toml, line 4",
            ),
            Rule(
                "request-ids",
                "drawn anew",
                "placeholder",
                (parse_selector("response.**.req"), parse_selector('request.body."x.y"')),
                pattern="req_[0-9a-f]+",
                origin=".recdiff.toml, line 13",
            ),
        ),
        origin=".recdiff.toml",
    )


def test_a_pyproject_says_the_same_in_its_own_table() -> None:
    config, plain = read(in_pyproject(GOOD), "pyproject.toml"), read(GOOD)
    assert [rule.origin for rule in config.rules] == ["pyproject.toml, line 7", "pyproject.toml, line 16"]
    assert config.origin == "pyproject.toml"
    assert (config.recordings, config.disabled) == (plain.recordings, plain.disabled)
    assert tuple(rule._replace(origin="") for rule in config.rules) == tuple(
        rule._replace(origin="") for rule in plain.rules
    )


@pytest.mark.parametrize("name", ["pyproject.toml", "sub/pyproject.toml", "HEAD:pyproject.toml"])
@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'recdiff'\n", "[tool.other]\n", "tool = 'recdiff'\n", "[[[ no TOML"]
)
def test_a_pyproject_without_the_table_says_nothing(text: str, name: str) -> None:
    assert read(text, name) == ProjectConfig()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "rules = []\n", "\ufeff", "disable = []\r\n"])
def test_an_empty_file_is_a_config_without_rules(text: str) -> None:
    assert read(text) == ProjectConfig(origin=".recdiff.toml")


def test_rules_may_be_inline_tables() -> None:
    text = """\
rules = [
  # why not
  { name = "one", selector = "response.a", action = "hide", reason = "r" },
  { name = "two", selector = "response.b", action = "sort", reason = "r" },
]
"""
    assert [(rule.name, rule.origin) for rule in read(text).rules] == [
        ("one", ".recdiff.toml, line 3"),
        ("two", ".recdiff.toml, line 4"),
    ]
    assert complaint(text.replace('"sort"', '"sorted"')) == (
        ".recdiff.toml, line 4: unknown action 'sorted'; did you mean 'sort'?"
    )


RULES = """\
[[rules]]
name = "first"
selector = "response.a"
action = "hide"
reason = "for a"

[[rules]]
name = "second"
selector = "response.b"
action = "round"
digits = 2
reason = "for b"
"""

SECOND = 'name = "second"'
SELECTOR = 'selector = "response.b"'
HIDE = 'action = "hide"'
NAMED = "is not in kebab-case; did you mean"

MISTAKES_AT_THE_TOP = [
    ("recordngs = []", 1, "unknown key 'recordngs'; did you mean 'recordings'?"),
    ("zzz = {}", 1, "unknown key 'zzz'; expected 'recordings', 'disable', 'rules' or 'check'"),
    ("digits = 3", 1, "'digits' belongs in [[rules]]"),
    (
        "[tool.recdiff]",
        1,
        "[tool.recdiff] belongs in pyproject.toml; here, keys stand at the top of the file",
    ),
    ("[rules]\nname = 'n'", 1, "'rules' must be an array of tables ([[rules]]), not a table"),
    ("rules = ['n']", 1, "a rule must be a table ([[rules]]), not a string"),
    ("recordings = 'a'", 1, "'recordings' must be an array of strings, not a string"),
    ("recordings = [\n'a',\n1]", 3, "'recordings' must be an array of strings, not of an integer"),
    ("recordings = ['a', '']", 1, "the pattern '' matches nothing"),
    ("recordings = ['# a']", 1, "the pattern '# a' matches nothing"),
    ("recordings = ['/']", 1, "the pattern '/' matches nothing"),
    (
        "recordings = ['./a']",
        1,
        "the pattern './a' matches nothing: patterns start at the repository's root, without dots",
    ),
    ("recordings = ['!']", 1, "the pattern '!' is no valid .gitignore pattern"),
    ("recordings = ['[z-a]']", 1, "the pattern '[z-a]' is no valid .gitignore pattern"),
    ("recordings = [\n'[[:digit:]]']", 2, "the pattern '[[:digit:]]' is no valid .gitignore pattern"),
    ("disable = [['created']]", 1, "'disable' must be an array of strings, not of an array"),
    (
        "disable = ['created',\n'search-scores']",
        2,
        "unknown default rule 'search-scores'; did you mean 'search-score'?",
    ),
    (
        "disable = ['xyz']",
        1,
        "unknown default rule 'xyz'; expected 'created', 'response-id' or 'search-score'",
    ),
]

MISTAKES_IN_RULES = [
    # keys
    (
        'selector = "response.a"',
        "selectr = 'x'",
        3,
        "unknown key 'selectr' in [[rules]]; did you mean 'selector'?",
    ),
    ("digits = 2", "DIGITS = 2", 11, "unknown key 'DIGITS' in [[rules]]; did you mean 'digits'?"),
    (
        "digits = 2",
        "why = 2",
        11,
        "unknown key 'why' in [[rules]]; expected 'name', 'selector', 'selectors', 'action', 'digits', "
        "'pattern' or 'reason'",
    ),
    (SECOND + "\n", "", 7, "missing key 'name' in [[rules]]"),
    (SELECTOR + "\n", "", 7, "missing key 'selector' in [[rules]]"),
    (HIDE + "\n", "", 1, "missing key 'action' in [[rules]]"),
    ('reason = "for b"\n', "", 7, "missing key 'reason' in [[rules]]"),
    ("digits = 2\n", "", 7, "missing key 'digits', which action 'round' needs"),
    (HIDE, HIDE + "\ndigits = 2", 5, "'digits' belongs to action 'round', not to 'hide'"),
    (
        "digits = 2",
        "digits = 2\npattern = 'x'",
        12,
        "'pattern' belongs to action 'placeholder', not to 'round'",
    ),
    (SELECTOR, SELECTOR + "\nselectors = []", 10, "a rule has 'selector' or 'selectors', not both"),
    # types
    (SECOND, "name = 7", 8, "'name' must be a string, not an integer"),
    ('reason = "for a"', "reason = 1979-05-27 07:32:00", 5, "'reason' must be a string, not a date or time"),
    ("digits = 2", "digits = 2.0", 11, "'digits' must be an integer, not a float"),
    ("digits = 2", "digits = true", 11, "'digits' must be an integer, not a boolean"),
    ("digits = 2", "digits = {a = 1}", 11, "'digits' must be an integer, not a table"),
    (
        SELECTOR,
        "selector = ['response.b']",
        9,
        "'selector' must be a string, not an array; did you mean 'selectors'?",
    ),
    (SELECTOR, "selectors = 'response.b'", 9, "'selectors' must be an array of strings, not a string"),
    # values
    (SECOND, "name = 'Score Noise'", 8, f"the name 'Score Noise' {NAMED} 'score-noise'?"),
    (SECOND, "name = 'scoreNoise_2'", 8, f"the name 'scoreNoise_2' {NAMED} 'score-noise-2'?"),
    (SECOND, "name = '-'", 8, "the name '-' is not in kebab-case"),
    (
        SECOND,
        "name = 'created'",
        8,
        "the name 'created' belongs to a default rule, which 'disable' turns off; choose another name",
    ),
    (HIDE, "action = 'hidden'", 4, "unknown action 'hidden'; did you mean 'hide'?"),
    (
        HIDE,
        "action = 'vector'",
        4,
        "unknown action 'vector'; expected 'hide', 'round', 'placeholder' or 'sort'",
    ),
    ("digits = 2", "digits = 16", 11, "'digits' must be from 0 to 15"),
    ("digits = 2", "digits = -1", 11, "'digits' must be from 0 to 15"),
    ("digits = 2", f"digits = 0x{'f' * 5000}", 11, "'digits' must be from 0 to 15"),
    ('reason = "for a"', "reason = ' '", 5, "'reason' must not be empty"),
    (SELECTOR, "selectors = []", 9, "'selectors' must not be empty"),
    (HIDE, "action = 'placeholder'\npattern = ''", 5, "'pattern' must not be empty"),
    (
        HIDE,
        "action = 'placeholder'\npattern = 'req_[0-9'",
        5,
        "the pattern 'req_[0-9' is no regular expression: unterminated character set at position 4",
    ),
    (
        HIDE,
        "action = 'placeholder'\npattern = '[[a]'",
        5,
        "the pattern '[[a]' is no regular expression: Possible nested set at position 1",
    ),
    # selectors
    (
        "response.b",
        "reponse.b",
        9,
        "selector 'reponse.b', column 1: a selector starts with 'request', 'response' or '**'; "
        "did you mean 'response'?",
    ),
    (
        SELECTOR,
        'selectors = [\n"response.b", # fine\n\n"response.x["]',
        12,
        "selector 'response.x[', column 11: the bracket '[' is not closed",
    ),
    (
        "response.b",
        "request.body.model",
        9,
        "selector 'request.body.model' would hide the model, which no rule may hide",
    ),
    (
        "response.b",
        "response.error.**",
        9,
        "selector 'response.error.**' would hide the exception, which no rule may hide",
    ),
]


@pytest.mark.parametrize(("text", "line", "problem"), MISTAKES_AT_THE_TOP)
def test_a_mistake_at_the_top_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    rules = "" if "rules" in text else RULES
    assert complaint(f"{text}\n{rules}") == f".recdiff.toml, line {line}: {problem}"


@pytest.mark.parametrize(("right", "wrong", "line", "problem"), MISTAKES_IN_RULES)
def test_a_mistake_in_a_rule_is_told_with_its_line(right: str, wrong: str, line: int, problem: str) -> None:
    assert RULES.count(right) == 1
    text = RULES.replace(right, wrong)
    assert complaint(text) == f".recdiff.toml, line {line}: {problem}"
    in_its_table = problem.replace("[[rules]]", "[[tool.recdiff.rules]]")
    assert complaint(in_pyproject(text), "a/pyproject.toml") == (f"a/pyproject.toml, line {line + 3}: {in_its_table}")


def test_a_name_stands_for_one_rule() -> None:
    assert complaint(RULES.replace("second", "first")) == (
        ".recdiff.toml, line 8: the name 'first' is taken by the rule at line 1"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("recordngs = []", "unknown key 'recordngs' in [tool.recdiff]; did you mean 'recordings'?"),
        ("reason = 'r'", "'reason' belongs in [[tool.recdiff.rules]]"),
        (
            "[[rules]]\ndisable = []",
            "'disable' belongs in [tool.recdiff], before the first [[tool.recdiff.rules]]",
        ),
    ],
)
def test_a_mistake_in_a_pyproject_names_its_tables(text: str, problem: str) -> None:
    line = 3 + len(text.splitlines())
    assert complaint(in_pyproject(text), "pyproject.toml") == f"pyproject.toml, line {line}: {problem}"


def test_a_key_of_the_whole_file_does_not_belong_in_a_rule() -> None:
    assert complaint(RULES + "disable = ['created']\n") == (
        ".recdiff.toml, line 13: 'disable' belongs at the top of the file, before the first [[rules]]"
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (RULES.replace("digits = 2", "digits = "), "line 11: no TOML: invalid value (column 10)"),
        (RULES.replace("digits = 2", "digits = 2\ndigits = 3"), "line 12: no TOML: cannot overwrite a value"),
        ("disable = [\n'created',\n", "line 2: no TOML: "),
        ("disable = [\n'created',\n  x", "line 3: no TOML: "),
        ("selector = response.a", "line 1: no TOML: "),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, start: str) -> None:
    assert complaint(text).startswith(f".recdiff.toml, {start}")


def test_a_table_of_the_wrong_type_in_pyproject() -> None:
    assert complaint("[tool]\nrecdiff = 3\n", "pyproject.toml") == (
        "pyproject.toml, line 2: [tool.recdiff] must be a table, not an integer"
    )


def test_invalid_utf8_is_told_with_its_line() -> None:
    with pytest.raises(RulesError, match=r"^\.recdiff\.toml, line 3: invalid UTF-8 \(0xff\)$"):
        parse_config(b"\xef\xbb\xbf# a\n# b\nx = '\xff'\n", ".recdiff.toml", DEFAULTS)


def test_what_python_cannot_hold_is_an_error_too() -> None:
    assert complaint("a = " + "[" * 100_000).startswith(".recdiff.toml, line 1: ")
    assert complaint("a = " + "9" * 5_000).startswith(".recdiff.toml, line 1: no TOML: ")


@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.text("[]{}='\"\\\n.#,x1é*", max_size=6))
def test_a_damaged_file_is_a_config_or_a_rules_error(at: int, cut: int, inserted: str) -> None:
    for text, name in ((GOOD, ".recdiff.toml"), (in_pyproject(GOOD), "pyproject.toml")):
        try:
            read(text[:at] + inserted + text[at + cut :], name)
        except RulesError as error:
            assert str(error).startswith(f"{name}, line ")
            assert "\n" not in str(error)


VARIED = '''\
# [[rules]] in a comment
top = """
[[rules]]
name = "decoy" \\""" """
dotted . "k\\u0065y".'lit.eral' = 1979-05-27 07:32:00
array = [ # comment ]
  1, [2,
  '],'], { "in" = 3.5, deep = [ """x
]""" ] },
]

[ a . "b.c" ]
x = \'\'\'
x = 1\'\'\'\'\'
y = ""
[[rules]]
name = 'one'
[rules.sub]
z = "\\"#"
[[rules.many]]
[[rules.many]]
w = 1
[[rules]]
[[rules.many]]
v = -inf
'''

VARIED_LINES: dict[TomlPath, int] = {
    (): 1,
    ("top",): 2,
    ("dotted",): 5,
    ("dotted", "key"): 5,
    ("dotted", "key", "lit.eral"): 5,
    ("array",): 6,
    ("array", 0): 7,
    ("array", 1): 7,
    ("array", 1, 0): 7,
    ("array", 1, 1): 8,
    ("array", 2): 8,
    ("array", 2, "in"): 8,
    ("array", 2, "deep"): 8,
    ("array", 2, "deep", 0): 8,
    ("a",): 12,
    ("a", "b.c"): 12,
    ("a", "b.c", "x"): 13,
    ("a", "b.c", "y"): 15,
    ("rules",): 16,
    ("rules", 0): 16,
    ("rules", 0, "name"): 17,
    ("rules", 0, "sub"): 18,
    ("rules", 0, "sub", "z"): 19,
    ("rules", 0, "many"): 20,
    ("rules", 0, "many", 0): 20,
    ("rules", 0, "many", 1): 21,
    ("rules", 0, "many", 1, "w"): 22,
    ("rules", 1): 23,
    ("rules", 1, "many"): 24,
    ("rules", 1, "many", 0): 24,
    ("rules", 1, "many", 0, "v"): 25,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_is_found_on_its_line(newline: str) -> None:
    tomllib.loads(VARIED)
    assert key_lines(VARIED.replace("\n", newline)) == VARIED_LINES


SCALARS = st.sampled_from(
    [
        "1",
        "-0.5e+3",
        "true",
        "nan",
        "0xff",
        '""',
        "''",
        '"a # b"',
        r'"\"]"',
        "'[[x]]'",
        "07:32:00.5",
        "1979-05-27T07:32:00Z",
    ]
)
LONG = st.sampled_from(
    [
        '"""\nk1 = 1\n[[t]]"""',
        "'''\n]\n'''",
        '"""""q"" """""',
        "'''''q'''",
        '"""a\\\n  b\\\\"""',
        "''''''",
        '"""\\""""""',
    ]
)
GAPS = st.sampled_from(["", "\n", '# ] } = [[x]] "\n', "\n\n  # '''\n"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[TomlPath, int]]:
    """A TOML document in many styles, and the line of everything in it."""
    text, lines, fresh = "", dict[TomlPath, int](), iter(range(10_000))

    def note(path: TomlPath) -> None:
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], text.count("\n") + 1)

    def key() -> tuple[str, str]:
        name = f"k{next(fresh)}"
        return draw(st.sampled_from([(name, name), (f'"{name}.#\\t"', f"{name}.#\t"), (f"'{name}\"['", f'{name}"[')]))

    def dotted() -> tuple[str, tuple[str, ...]]:
        written, names = zip(*[key() for _ in range(draw(st.integers(1, 3)))], strict=True)
        return draw(st.sampled_from([".", " . "])).join(written), names

    def pair(table: TomlPath, depth: int) -> None:
        nonlocal text
        written, names = dotted()
        note((*table, *names))
        text += f"{written} = "
        value((*table, *names), depth)

    def value(path: TomlPath, depth: int) -> None:
        nonlocal text
        kind = draw(st.sampled_from(["scalar", "long", "array", "table"] if depth else ["scalar", "long"]))
        if kind == "array":
            text += "["
            for index in range(draw(st.integers(0, 3))):
                text += draw(GAPS)
                note((*path, index))
                value((*path, index), depth - 1)
                text += draw(GAPS) + ","
            text += draw(GAPS) + "]"
        elif kind == "table":
            text += "{"
            for index in range(draw(st.integers(0, 2))):
                text += ", " if index else " "
                pair(path, depth - 1)
            text += " }"
        else:
            text += draw(LONG if kind == "long" else SCALARS)

    def statements(table: TomlPath) -> None:
        nonlocal text
        for _ in range(draw(st.integers(0, 3))):
            text += draw(GAPS) + draw(st.sampled_from(["", "  "]))
            pair(table, 2)
            text += draw(st.sampled_from(["\n", " # 'x\n"]))

    statements(())
    for _ in range(draw(st.integers(0, 3))):
        written, names = dotted()
        text += draw(GAPS)
        if draw(st.booleans()):
            note(names)
            text += f"[{written}]\n"
            statements(names)
        else:
            for index in range(draw(st.integers(1, 3))):
                note((*names, index))
                text += f"[[{written}]] # ]]\n"
                statements((*names, index))
                if draw(st.booleans()):
                    below, more = dotted()
                    note((*names, index, *more))
                    text += f"[ {written}.{below} ]\n"
                    statements((*names, index, *more))
    return text, lines


@given(documents())
def test_lines_of_any_document(document: tuple[str, dict[TomlPath, int]]) -> None:
    text, lines = document
    tomllib.loads(text)
    assert key_lines(text) == {(): 1, **lines}


def test_changes_in_words() -> None:
    old = """\
recordings = ["a/*.json", "b/*.json"]
disable = ["created"]
[[rules]]
name = "gone"
selectors = ["response.a", "response.b"]
action = "hide"
reason = "r"
[[rules]]
name = "kept"
selector = "response.c"
action = "round"
digits = 1
reason = "old reason"
[[rules]]
name = "same"
selector = "response.d"
action = "sort"
reason = "r"
"""
    new = """\
recordings = ["b/*.json", "c/*.json"]
disable = ["search-score"]
[[rules]]
name = "same"
selector = "response.d"
action = "sort"
reason = "r"
[[rules]]
name = "kept"
selector = "response.c"
action = "round"
digits = 3
reason = "new reason"
[[rules]]
name = "req"
selector = "response.**.req"
action = "placeholder"
pattern = "req_[0-9]+"
reason = "r"
[[rules]]
name = "any"
selector = '''response."two
lines"'''
action = "placeholder"
reason = "r"
"""
    assert describe_changes(read(old), read(new)) == (
        "recordings: c/*.json added",
        "recordings: a/*.json removed",
        "default rule search-score turned off",
        "default rule created turned on again",
        "rule gone removed: hide response.a, response.b",
        "rule kept changed: round response.c to 1 digit → round response.c to 3 digits",
        "rule kept has another reason: old reason → new reason",
        "rule req added: put a placeholder for req_[0-9]+ in response.**.req",
        'rule any added: put a placeholder for the value in response."two\\nlines"',
        "rules in another order: kept, same → same, kept",
    )


def test_the_same_rules_in_another_place_are_one_change() -> None:
    moved = read(in_pyproject(GOOD), "pyproject.toml")
    assert describe_changes(read(GOOD), moved) == ("the rules moved from .recdiff.toml to pyproject.toml",)
    assert describe_changes(read(GOOD), read("\n\n" + GOOD)) == ()


def test_first_rules_are_told() -> None:
    assert describe_changes(ProjectConfig(), read(RULES)) == (
        "rule first added: hide response.a",
        "rule second added: round response.b to 2 digits",
    )


def test_the_order_of_patterns_is_a_change() -> None:
    old, new = ProjectConfig(recordings=("a", "!b")), ProjectConfig(recordings=("!b", "a"))
    assert describe_changes(old, new) == ("recordings in another order: a, !b → !b, a",)


PATTERNS = ("tests/**/recordings/*.json", "!tests/**/recordings/models-*.json", "cassettes/", "/top.yaml")


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("tests/recordings/a.json", True),
        ("tests/a/b/recordings/a.json", True),
        ("tests/a/recordings/sub/a.json", False),
        ("tests/a/recordings/models-1.json", False),
        ("cassettes/a.yaml", True),
        ("a/cassettes/b/a.yaml", True),
        ("cassettes", False),
        ("top.yaml", True),
        ("a/top.yaml", False),
        ("tests/recordings/\udcff.json", True),
    ],
)
def test_patterns_are_those_of_a_gitignore(path: str, matches: bool) -> None:
    assert matcher(PATTERNS)(path) is matches


def test_without_patterns_nothing_matches() -> None:
    matches: Callable[[str], bool] = matcher(())
    assert not matches("tests/recordings/a.json")
