"""The rules that are on for one review, and the question that comparers ask: which rule hides this difference?"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from recdiff.jsonvalue import Json, canonical, is_empty
from recdiff.rules.defaults import default_rules
from recdiff.rules.protected import is_protected
from recdiff.rules.rule import Rule, Values
from recdiff.rules.selectors import SelectorIndex

Path = tuple[str | int, ...]


class Reach(NamedTuple):
    """Which rules may act at a place: recdiff's defaults that hide, its tolerances, the project's own."""

    defaults: bool = True
    tolerances: bool = True
    empties: bool = True


EVERYWHERE = Reach()
IN_JSON_TEXT = Reach(defaults=False)
"""JSON inside a string of a response: scores move there too; nothing else is known to be noise."""
NO_DEFAULTS = Reach(defaults=False, tolerances=False)
"""A status: only that no value says as much as null."""
ONLY_OWN = Reach(defaults=False, tolerances=False, empties=False)
"""Text, arguments and errors: no default may hide anything there."""


class RuleSet:
    """All rules of a review: recdiff's defaults, less those that are turned off, and the project's own."""

    def __init__(self, own: Sequence[Rule] = (), disabled: Collection[str] = ()) -> None:
        self.defaults = tuple(rule for rule in default_rules() if rule.name not in disabled)
        self.own = tuple(own)
        self._on = {rule.name: rule for rule in self.defaults}
        rules = (*self.defaults, *self.own)
        self._index: SelectorIndex[Rule] = SelectorIndex(
            (selector, rule) for rule in rules for selector in rule.selectors
        )

    def is_on(self, name: str) -> bool:
        """Whether a default rule is on."""
        return name in self._on

    def hiding(self, path: Path, old: Json, new: Json, reach: Reach = EVERYWHERE) -> Rule | None:
        """The first rule that makes this difference noise, or None. `None` stands for an absent value."""
        for rule in self._index.find(path):
            own = rule.origin != "default"
            if own and (holds_protected(old, path) or holds_protected(new, path)):
                continue
            if not own and not (reach.tolerances if rule.action == "tolerance" else reach.defaults):
                continue
            if _hides(rule, path, old, new):
                return rule
        return None

    def always_hiding(self, path: Path) -> Rule | None:
        """The default rule that hides any two values at this path, whatever they are, or None."""
        for rule in self._index.find(path):
            if rule.action == "hide" and rule.origin == "default" and rule.values == "any":
                return rule
        return None

    def sorting(self, path: Path) -> Rule | None:
        """The project's rule that a list at this path has no order, or None."""
        if not self.own:
            return None
        found = (rule for rule in self._index.find(path) if rule.action == "sort")
        return None if is_protected(path) else next(found, None)


def _hides(rule: Rule, path: Path, old: Json, new: Json) -> bool:
    if rule.action == "hide":
        return rule.values == "any" or (_are(rule.values, old, path) and _are(rule.values, new, path))
    if rule.action == "tolerance":
        return _numbers(old, new) and _near(_number(old), _number(new), rule.tolerance or 0.0)
    if rule.action == "round":
        digits = rule.digits or 0
        return _numbers(old, new) and round(_number(old), digits) == round(_number(new), digits)
    if rule.action == "placeholder":
        return _with_placeholder(rule, old) == _with_placeholder(rule, new)
    return False


def _numbers(*values: Json) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _number(value: Json) -> float:
    return value if isinstance(value, (int, float)) else 0.0


_OF_REPLY: Path = ("response", "reply", "extra")
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|[A-Z]{3,4}|[+-]\d\d:?\d\d)){0,2})?"
    r"|\w{3}, \d\d? \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[A-Z]{3}|[+-]\d{4})",
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_DURATION = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)? ?(?:ns|us|µs|ms|s)?")
_FIRST_EPOCH, _LAST_EPOCH = 10**8, 10**20
"""Since 1970 in seconds to nanoseconds, from 1973 on: a smaller number counts something."""


def _are(values: Values, value: Json, path: Path) -> bool:
    """Whether a value, or every item of a list, is of the kind that a rule hides; an absent one is of any kind."""
    if is_empty(value):
        return True
    if isinstance(value, list):
        return all(_are(values, item, path) for item in value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return False
    if values == "number":
        return not isinstance(value, str) or _DURATION.fullmatch(value) is not None
    if isinstance(value, str):
        return _DATE.fullmatch(value) is not None or (_DIGITS.fullmatch(value) is not None and _is_epoch(float(value)))
    return _is_epoch(value) or path[:-1] == _OF_REPLY  # there the API says that it is a time


def _is_epoch(value: float) -> bool:
    return value == 0 or _FIRST_EPOCH <= value < _LAST_EPOCH


def _near(old: float, new: float, tolerance: float) -> bool:
    try:
        return abs(old - new) <= tolerance
    except OverflowError:  # an integer that no float can hold
        return False


def holds_protected(value: Json, path: Path) -> bool:
    """Whether a value is, or holds, what no rule of a project may hide; such a value is then hidden by none."""
    if is_protected(path):
        return True
    if isinstance(value, dict):
        return any(holds_protected(item, (*path, key)) for key, item in value.items())
    if isinstance(value, list):
        return any(
            holds_protected(item, (*path, index)) for index, item in enumerate(value) if isinstance(item, (dict, list))
        )
    return False


def _with_placeholder(rule: Rule, value: Json) -> bytes:
    if rule.pattern is None:
        return b"absent" if value is None else b"present"
    if isinstance(value, str):
        return canonical(re.sub(rule.pattern, "…", value))
    return canonical(value)
