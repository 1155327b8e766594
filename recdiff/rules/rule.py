"""What a rule is: a named reason to hide a difference, or to compare it in another way."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from recdiff.rules.selectors import Selector

Action: TypeAlias = Literal[
    "hide", "round", "placeholder", "sort",  # what a project may write
    "empty", "chunking", "envelope", "layout", "rename", "mapping", "tolerance", "vector", "url",  # recdiff's comparers
]  # fmt: skip

Values: TypeAlias = Literal["any", "time", "number"]
"""What two values must be for a rule to hide them: whatever, times, or numbers."""

PROJECT_ACTIONS: tuple[Action, ...] = ("hide", "round", "placeholder", "sort")


class Rule(NamedTuple):
    """One rule. `origin` says where it comes from: `default`, or `.recdiff.toml, line 7`.

    `selectors` say what it matches; a rule of recdiff's own comparers has a sentence in `matches` instead.
    `values` limits what it hides; `digits` belongs to `round`, `pattern` (a regular expression) to `placeholder`;
    `tolerance` is absolute.
    """

    name: str
    reason: str
    action: Action
    selectors: tuple[Selector, ...] = ()
    matches: str = ""
    digits: int | None = None
    pattern: str | None = None
    tolerance: float | None = None
    values: Values = "any"
    origin: str = "default"
