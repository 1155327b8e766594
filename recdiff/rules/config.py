"""A project's own rules, from `.recdiff.toml` or `pyproject.toml`: read, checked, compared in words.

    recordings = ["tests/**/recordings/*.json"]     # which files are recordings, as in a .gitignore
    disable = ["search-score"]                      # default rules turned off

    [[rules]]                                       # [[tool.recdiff.rules]] in pyproject.toml
    name = "score-noise"
    selector = "response.**.score"                  # or selectors = ["…", "…"]
    action = "round"                                # hide | round | placeholder | sort
    digits = 3                                      # round only
    reason = "the index is rebuilt for every run"

    [check]                                         # [tool.recdiff.check] in pyproject.toml
    fail-on = ["unreadable", "error", "tool"]       # classes and statuses
    max-meaningful = 20
    require-decided = true
    no-noise = true

Whatever is wrong is a RulesError that says `FILE, line N: what; did you mean 'x'?`. A rules file that is read
wrongly would hide what nobody asked to hide, so nothing in it is skipped.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, NoReturn, TypeVar

from recdiff.errors import RulesError
from recdiff.rules.patterns import why_no_pattern
from recdiff.rules.policies import FAILABLE, POLICY_KEYS, Policy
from recdiff.rules.protected import aims_at_protected
from recdiff.rules.rule import PROJECT_ACTIONS, Action, Rule
from recdiff.rules.selectors import Selector, SelectorError, parse_selector
from recdiff.rules.toml_lines import TomlPath, key_lines

V = TypeVar("V")

TOP_KEYS = ("recordings", "disable", "rules", "check")
RULE_KEYS = ("name", "selector", "selectors", "action", "digits", "pattern", "reason")
MAX_DIGITS = 15
"""What a double holds; rounding to more changes nothing."""

_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
_TYPES: Mapping[type, str] = {
    str: "a string", bool: "a boolean", int: "an integer", float: "a float",
    list: "an array", dict: "a table",
}  # fmt: skip


class ProjectConfig(NamedTuple):
    """What a project says about its recordings. `origin` is the file's name, None where there is none."""

    recordings: tuple[str, ...] = ()
    disabled: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    origin: str | None = None
    check: Policy = Policy()


def parse_config(data: bytes, file_name: str, default_names: Collection[str]) -> ProjectConfig:
    """Read a project's rules; a `pyproject.toml` without `[tool.recdiff]` gives an empty config.

    `default_names` are the default rules, which `disable` may name and `rules` may not. Raises RulesError.
    """
    in_pyproject = re.split(r"[/\\:]", file_name)[-1] == "pyproject.toml"
    if in_pyproject and b"recdiff" not in data:  # most of them: not worth a parser's start
        return ProjectConfig()
    text = _decode(data, file_name)
    table: object = _load(text, file_name)
    base: tuple[str, ...] = ("tool", "recdiff") if in_pyproject else ()
    for key in base:
        if not isinstance(table, dict) or key not in table:
            return ProjectConfig()
        table = table[key]
    return _Reader(file_name, base, key_lines(text)).config(table, default_names)


def _decode(data: bytes, file_name: str) -> str:
    content = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise RulesError(f"{file_name}, line {line}: invalid UTF-8 (0x{byte:02x})") from None


def _load(text: str, file_name: str) -> dict[str, object]:
    import tomllib  # only a project with rules pays for it

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise RulesError(f"{file_name}, line 1: nested too deeply") from None
    except ValueError as error:
        problem = str(error)
        place = _AT.search(problem)
        if place:
            line, problem = int(place[1]), f"{problem[: place.start()]} (column {place[2]})"
        else:
            line = len(text.splitlines()) or 1 if "end of document" in problem else 1
        raise RulesError(f"{file_name}, line {line}: no TOML: {problem[:1].lower()}{problem[1:]}") from None


class _Reader:
    """One file while it is checked: it knows the line of everything, and how to complain."""

    def __init__(self, file_name: str, base: tuple[str, ...], lines: Mapping[TomlPath, int]) -> None:
        self._file = file_name
        self._base = base
        self._lines = lines
        self._rules_table = f"[[{'.'.join((*base, 'rules'))}]]"

    def line(self, place: TomlPath) -> int:
        """The line of a place below the config's own table, or of the nearest table around it."""
        path: TomlPath = (*self._base, *place)
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def fail(self, place: TomlPath, problem: str, near: str | None = None) -> NoReturn:
        hint = f"; did you mean {near!r}?" if near else ""
        raise RulesError(f"{self._file}, line {self.line(place)}: {problem}{hint}")

    def config(self, table: object, default_names: Collection[str]) -> ProjectConfig:
        if not isinstance(table, dict):
            self.fail((), f"[tool.recdiff] must be a table, not {_type_of(table)}")
        self._check_top_keys(table)
        patterns = tuple(self._strings(table, (), "recordings"))
        for index, pattern in enumerate(patterns):
            problem = why_no_pattern(pattern)
            if problem:
                self.fail(("recordings", index), f"the pattern {pattern!r} {problem}")
        disabled = tuple(self._strings(table, (), "disable"))
        for index, name in enumerate(disabled):
            if name not in default_names:
                self._fail_unknown(("disable", index), "default rule", name, sorted(default_names))
        rules = table.get("rules", [])
        if not isinstance(rules, list):
            self.fail(("rules",), f"'rules' must be an array of tables ({self._rules_table}), not {_type_of(rules)}")
        read: dict[str, Rule] = {}
        for index, entry in enumerate(rules):
            rule = self._rule(("rules", index), entry)
            if rule.name in default_names:
                problem = f"the name {rule.name!r} belongs to a default rule, which 'disable' turns off"
                self.fail(("rules", index, "name"), f"{problem}; choose another name")
            if rule.name in read:
                first = read[rule.name].origin.rpartition(", ")[2]
                self.fail(("rules", index, "name"), f"the name {rule.name!r} is taken by the rule at {first}")
            read[rule.name] = rule
        policy = self._policy(table["check"]) if "check" in table else Policy()
        return ProjectConfig(patterns, frozenset(disabled), tuple(read.values()), self._file, policy)

    def _policy(self, table: object) -> Policy:
        place, own = ("check",), f"[{'.'.join((*self._base, 'check'))}]"
        if not isinstance(table, dict):
            self.fail(place, f"'check' must be a table ({own}), not {_type_of(table)}")
        for key in table:
            if key not in POLICY_KEYS:
                self._fail_unknown((*place, key), "key", key, POLICY_KEYS, own)
        failing = tuple(self._strings(table, place, "fail-on")) if "fail-on" in table else None
        for index, name in enumerate(failing or ()):
            if name not in FAILABLE:
                self._fail_unknown((*place, "fail-on", index), "class or status", name, FAILABLE)
        most = self._typed(table, place, "max-meaningful", int) if "max-meaningful" in table else None
        if most is not None and most < 0:
            self.fail((*place, "max-meaningful"), "'max-meaningful' must not be negative")
        decided, quiet = (
            self._typed(table, place, key, bool) if key in table else None for key in ("require-decided", "no-noise")
        )
        return Policy(failing, most, decided, quiet)

    def _check_top_keys(self, table: Mapping[str, object]) -> None:
        own = f"[{'.'.join(self._base)}]" if self._base else ""
        for key in table:
            if key in TOP_KEYS:
                continue
            if key in RULE_KEYS:
                self.fail((key,), f"{key!r} belongs in {self._rules_table}")
            if key in POLICY_KEYS:
                self.fail((key,), f"{key!r} belongs in [{'.'.join((*self._base, 'check'))}]")
            if key == "tool" and not self._base:
                self.fail(
                    (key,),
                    "[tool.recdiff] belongs in pyproject.toml; here, keys stand at the top of the file",
                )
            self._fail_unknown((key,), "key", key, TOP_KEYS, own)

    def _rule(self, place: TomlPath, entry: object) -> Rule:
        if not isinstance(entry, dict):
            self.fail(place, f"a rule must be a table ({self._rules_table}), not {_type_of(entry)}")
        for key in entry:
            if key in TOP_KEYS:
                where = f"in [{'.'.join(self._base)}]" if self._base else "at the top of the file"
                self.fail((*place, key), f"{key!r} belongs {where}, before the first {self._rules_table}")
            if key not in RULE_KEYS:
                self._fail_unknown((*place, key), "key", key, RULE_KEYS, self._rules_table)
        name = self._name(entry, place)
        word = self._required(entry, place, "action")
        action = next((known for known in PROJECT_ACTIONS if known == word), None)
        if action is None:
            self._fail_unknown((*place, "action"), "action", word, PROJECT_ACTIONS)
        self._refuse_foreign(entry, place, action)
        return Rule(
            name,
            " ".join(self._required(entry, place, "reason").split()),
            action,
            self._selectors(entry, place),
            digits=self._digits(entry, place) if action == "round" else None,
            pattern=self._pattern(entry, place) if "pattern" in entry else None,
            origin=f"{self._file}, line {self.line(place)}",
        )

    def _name(self, entry: Mapping[str, object], place: TomlPath) -> str:
        name = self._required(entry, place, "name")
        if not _KEBAB.fullmatch(name):
            near = "-".join(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()))
            self.fail((*place, "name"), f"the name {name!r} is not in kebab-case", near)
        return name

    def _selectors(self, entry: Mapping[str, object], place: TomlPath) -> tuple[Selector, ...]:
        if "selector" in entry and "selectors" in entry:
            self.fail((*place, "selectors"), "a rule has 'selector' or 'selectors', not both")
        if "selectors" not in entry:
            if isinstance(entry.get("selector"), list):
                self.fail((*place, "selector"), "'selector' must be a string, not an array", "selectors")
            return (self._selector(self._required(entry, place, "selector"), (*place, "selector")),)
        texts = self._strings(entry, place, "selectors")
        if not texts:
            self.fail((*place, "selectors"), "'selectors' must not be empty")
        return tuple(self._selector(text, (*place, "selectors", index)) for index, text in enumerate(texts))

    def _selector(self, text: str, place: TomlPath) -> Selector:
        try:
            selector = parse_selector(text)
        except SelectorError as error:
            self.fail(place, str(error))
        protected = aims_at_protected(selector)
        if protected:
            self.fail(place, f"selector {text!r} would hide {protected}, which no rule may hide")
        return selector

    def _refuse_foreign(self, entry: Mapping[str, object], place: TomlPath, action: Action) -> None:
        for key, owner in (("digits", "round"), ("pattern", "placeholder")):
            if key in entry and action != owner:
                self.fail((*place, key), f"{key!r} belongs to action {owner!r}, not to {action!r}")

    def _digits(self, entry: Mapping[str, object], place: TomlPath) -> int:
        digits = self._typed(entry, place, "digits", int, "which action 'round' needs")
        if not 0 <= digits <= MAX_DIGITS:
            self.fail((*place, "digits"), f"'digits' must be from 0 to {MAX_DIGITS}")
        return digits

    def _pattern(self, entry: Mapping[str, object], place: TomlPath) -> str:
        pattern = self._required(entry, place, "pattern")
        try:
            with warnings.catch_warnings():
                # What Python only warns of (`[[a]`) it prints, and it may come to mean something else.
                warnings.simplefilter("error")
                re.compile(pattern)
        except (re.error, Warning, OverflowError, RecursionError) as error:
            self.fail((*place, "pattern"), f"the pattern {pattern!r} is no regular expression: {error}")
        return pattern

    def _required(self, entry: Mapping[str, object], place: TomlPath, key: str) -> str:
        value = self._typed(entry, place, key, str)
        if not value.strip():
            self.fail((*place, key), f"{key!r} must not be empty")
        return value

    def _typed(self, entry: Mapping[str, object], place: TomlPath, key: str, kind: type[V], needed: str = "") -> V:
        if key not in entry:
            self.fail(place, f"missing key {key!r}" + (f", {needed}" if needed else f" in {self._rules_table}"))
        value = entry[key]
        if type(value) is not kind:  # `isinstance` would take `true` for an integer
            self.fail((*place, key), f"{key!r} must be {_TYPES[kind]}, not {_type_of(value)}")
        return value

    def _strings(self, entry: Mapping[str, object], place: TomlPath, key: str) -> list[str]:
        values = entry.get(key, [])
        if not isinstance(values, list):
            self.fail((*place, key), f"{key!r} must be an array of strings, not {_type_of(values)}")
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.fail((*place, key, index), f"{key!r} must be an array of strings, not of {_type_of(value)}")
        return values

    def _fail_unknown(self, place: TomlPath, what: str, word: str, known: Sequence[str], table: str = "") -> NoReturn:
        import difflib  # only a mistake needs it

        near = difflib.get_close_matches(word.lower(), known, n=1)
        problem = f"unknown {what} {word!r}" + (f" in {table}" if table else "")
        if near:
            self.fail(place, problem, near[0])
        self.fail(place, f"{problem}; expected {_one_of(known)}" if known else problem)


def _type_of(value: object) -> str:
    return _TYPES.get(type(value), "a date or time")


def _one_of(words: Sequence[str]) -> str:
    *most, last = map(repr, words)
    return f"{', '.join(most)} or {last}" if most else last
