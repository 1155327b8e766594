"""How a project's rules differ between two sides of a range, in words."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.rules.config import ProjectConfig
from recdiff.rules.rule import Rule


def describe_changes(old: ProjectConfig, new: ProjectConfig) -> tuple[str, ...]:
    """How the rules of two sides differ, in words: a line for each difference, always in the same order."""
    return tuple(map(_one_line, _differences(old, new)))


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _differences(old: ProjectConfig, new: ProjectConfig) -> Iterator[str]:
    if old.origin and new.origin and old.origin != new.origin:
        yield f"the rules moved from {old.origin} to {new.origin}"
    yield from _pattern_differences(old.recordings, new.recordings)
    for name in sorted(new.disabled - old.disabled):
        yield f"default rule {name} turned off"
    for name in sorted(old.disabled - new.disabled):
        yield f"default rule {name} turned on again"
    before = {rule.name: rule for rule in old.rules}
    after = {rule.name: rule for rule in new.rules}
    for name, rule in before.items():
        if name not in after:
            yield f"rule {name} removed: {_in_words(rule)}"
    for name, rule in after.items():
        if name not in before:
            yield f"rule {name} added: {_in_words(rule)}"
        else:
            yield from _rule_differences(before[name], rule)
    kept_before, kept_after = [n for n in before if n in after], [n for n in after if n in before]
    if kept_before != kept_after:
        yield f"rules in another order: {', '.join(kept_before)} → {', '.join(kept_after)}"


def _pattern_differences(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    if old == new:
        return
    for pattern in sorted(set(new) - set(old)):
        yield f"recordings: {pattern} added"
    for pattern in sorted(set(old) - set(new)):
        yield f"recordings: {pattern} removed"
    if set(old) == set(new):  # the last pattern that matches decides
        yield f"recordings in another order: {', '.join(old)} → {', '.join(new)}"


def _rule_differences(old: Rule, new: Rule) -> Iterator[str]:
    if _in_words(old) != _in_words(new):
        yield f"rule {new.name} changed: {_in_words(old)} → {_in_words(new)}"
    if old.reason != new.reason:
        yield f"rule {new.name} has another reason: {old.reason} → {new.reason}"


def _in_words(rule: Rule) -> str:
    where = ", ".join(selector.text for selector in rule.selectors)
    if rule.action == "round":
        return f"round {where} to {rule.digits} digit{'' if rule.digits == 1 else 's'}"
    if rule.action == "placeholder":
        return f"put a placeholder for {rule.pattern or 'the value'} in {where}"
    return f"{rule.action} {where}"
