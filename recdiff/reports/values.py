"""What a changed value says, in a line or in several, whatever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from json import JSONEncoder
from unicodedata import normalize

from recdiff.comparing.words import Run
from recdiff.jsonvalue import Json, canonical, embedded
from recdiff.model import Change, HiddenLeaf
from recdiff.reports.changedtext import common_end, common_start
from recdiff.safe import spelled, visible

_OF_VECTOR = {"dimension", "cosine", "largest"}
_IN_A_ROW = 8
"""Numbers in a line where two lists are to be compared: the same place on both sides, whatever the numbers are."""
_LEAST_NUMBERS = 24
"""Numbers of a list from which on it is told by the first of them and their count, or in rows."""

_ALIKE = {"\u2010": "-", "\u2011": "-"}

encoded = JSONEncoder(ensure_ascii=False).encode


# In one line


def literal(value: Json) -> str:
    """A value in one line as JSON has it; strings between quotes, and their letters as they are."""
    text = f'"{value}"' if isinstance(value, str) else canonical(value).decode("utf-8", "surrogatepass")
    return visible(text)


def sides_of(leaf: HiddenLeaf, told: Callable[[Json], str] = literal) -> tuple[str, str]:
    """Old and new of a hidden difference, each as it is `told`; a side that has no such place says so."""
    old = told(leaf.old) if leaf.old_path is not None else "(none)"
    return old, told(leaf.new) if leaf.new_path is not None else "(none)"


def told_apart(old: str, new: str) -> tuple[str, str]:
    """Two texts that differ, as a reader can tell them apart: letters that only look alike are spelled."""
    if old == new or _look(old) != _look(new):
        return old, new
    start = common_start(old, new)
    end = common_end(old[start:], new[start:])
    return _spelled(old, start, end), _spelled(new, start, end)


def apart(runs: Iterable[Run]) -> list[Run]:
    """How a text became another, its changed words so that a reader can tell them apart."""
    return [run if run.kept else Run(*told_apart(run.old, run.new)) for run in runs]


def _look(text: str) -> str:
    """What a reader sees: spaces of any kind, hyphens that do not break, and letters with their marks in one piece."""
    return normalize("NFC", "".join(_ALIKE.get(char, " " if char.isspace() else char) for char in text))


def _spelled(text: str, start: int, end: int) -> str:
    stop = len(text) - end
    letters = (char if char.isascii() else spelled(char) for char in text[start:stop])
    return text[:start] + "".join(letters) + text[stop:]


def number(value: float) -> str:
    """A number as people write it, without the noise that floating point leaves."""
    try:
        return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    except ValueError:  # of more digits than Python writes
        return "a huge number"


def as_number(value: Json) -> float | None:
    """A number, which `true` is none."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def step_of(change: Change) -> str:
    """How much a number went up or down, with its sign; nothing where one side is none."""
    old, new = as_number(change.old), as_number(change.new)
    if old is None or new is None:
        return ""
    try:
        step = new - old
    except OverflowError:  # one is no integer, the other beyond every other number
        return ""
    return f"{'+' if step >= 0 else '−'}{number(abs(step))}"


def is_vector(value: Json) -> bool:
    """Whether a changed value stands for a vector: a recorded object may have keys of these names, and any text."""
    return isinstance(value, dict) and value.keys() == _OF_VECTOR and isinstance(value["dimension"], int)


def vector_text(change: Change) -> str | None:
    """How far apart two vectors are, or their dimensions; None where the sides are no vectors."""
    old, new = change.old, change.new
    if not (is_vector(old) and is_vector(new) and isinstance(old, dict) and isinstance(new, dict)):
        return None
    if old["dimension"] != new["dimension"]:
        return f"{old['dimension']} → {new['dimension']} dimensions"
    cosine, largest = new["cosine"], new["largest"]
    if not isinstance(cosine, (int, float)) or not isinstance(largest, (int, float)):
        return f"{new['dimension']} dimensions, not comparable"
    try:
        return f"{new['dimension']} dimensions, cosine {cosine:.6f}, largest difference {largest:.2g}"
    except OverflowError:
        return f"{new['dimension']} dimensions, not comparable"


def call_text(value: Json, told: Callable[[Json], str] = literal) -> str | None:
    """A tool call as `name(key: value)`, each value as it is `told`; None for what is no call."""
    if not isinstance(value, dict) or "name" not in value or "arguments" not in value:
        return None
    arguments = value["arguments"]
    if isinstance(arguments, dict):
        inside = ", ".join(f"{visible(key)}: {told(item)}" for key, item in arguments.items())
    else:
        inside = "" if arguments is None else told(arguments)
    return f"{visible(str(value['name']))}({inside})"


def said(value: Json) -> str:
    """A value as somebody says it: a text without quotes, in its lines."""
    return visible(value, lines=True) if isinstance(value, str) else literal(value)


def exception_text(value: Json, told: Callable[[Json], str] = said) -> str | None:
    """An exception by its type and message, the rest of what was recorded repeats it; None for what is none."""
    if not isinstance(value, dict) or value.keys() != {"message", "data"}:
        return None
    data = value["data"]
    kind = data.get("type") if isinstance(data, dict) else None
    message = value["message"] if value["message"] is not None else data
    return f"{visible(str(kind))}: {told(message)}" if kind else told(message)


# In several


def is_numbers(value: Json) -> bool:
    """Whether a value is a long list of nothing but numbers."""
    return (
        isinstance(value, list) and len(value) >= _LEAST_NUMBERS and all(type(item) in (int, float) for item in value)
    )


def pretty(value: Json) -> str:
    """A value over several lines, not yet visible, so that two of them compare line by line; a string as it is."""
    if isinstance(value, str):
        return value
    found: list[str] = []
    _spread(value, "", "", "", found)
    return "\n".join(found)


def compared(old: Json, new: Json, form: Callable[[Json], str] = pretty) -> tuple[str, str]:
    """The two texts, not yet visible, whose words tell how a value changed; nothing for null.

    Text that is JSON on both sides is compared in its `form`, which the order of keys and white space do not touch, if
    that tells anything.
    """
    if isinstance(old, str) and isinstance(new, str):
        before, after = embedded(old), embedded(new)
        if before is not None and after is not None and (told := (form(before), form(after)))[0] != told[1]:
            return told
        return old, new
    left, right = ("" if value is None else pretty(value) for value in (old, new))
    return left, right


def _spread(value: Json, indent: str, lead: str, tail: str, found: list[str]) -> None:
    inner = indent + "  "
    if isinstance(value, dict) and value:
        found.append(f"{indent}{lead}{{")
        last = len(value) - 1
        for place, (key, item) in enumerate(value.items()):
            _spread(item, inner, f"{encoded(key)}: ", "," if place < last else "", found)
        found.append(f"{indent}}}{tail}")
    elif isinstance(value, list) and value:
        found.append(f"{indent}{lead}[")
        if is_numbers(value):
            for start in range(0, len(value), _IN_A_ROW):
                comma = "," if start + _IN_A_ROW < len(value) else ""
                found.append(f"{inner}{encoded(value[start : start + _IN_A_ROW])[1:-1]}{comma}")
        else:
            last = len(value) - 1
            for place, item in enumerate(value):
                _spread(item, inner, "", "," if place < last else "", found)
        found.append(f"{indent}]{tail}")
    else:
        found.append(f"{indent}{lead}{encoded(value)}{tail}")
