"""JSON over several lines, to be read: what fits on one line stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recdiff.jsonvalue import Json, canonical
from recdiff.reports.values import encoded, is_numbers

_WIDTH = 100
"""Columns of a line, beyond which an object or a list is opened."""
_LEAST_BLOB = 300
"""Characters without a space from which on a string is taken for bytes."""
_HEAD_OF_BLOB = 48
_BLOB = re.compile(r"(?:data:[\w/+.;=-]{1,100},)?[A-Za-z0-9+/=_-]{200,}")


def json_lines(value: Json, *, is_brief: bool = True) -> Iterator[str]:
    """The lines of a value for a reader, not yet visible. `is_brief` tells vectors and bytes by their beginning."""
    return _lines(value, "", "", is_brief)


def is_blob(value: Json) -> bool:
    """Whether a string is bytes in letters: a picture, a vector, a signature."""
    return isinstance(value, str) and len(value) >= _LEAST_BLOB and _BLOB.match(value) is not None


def blob_text(text: str) -> str:
    """Bytes in letters by their beginning and their length."""
    return f"{text[:_HEAD_OF_BLOB]}… {len(text):,} characters"


def one_line(value: Json, width: int) -> str | None:
    """A value in one line of at most so many columns, spaced for a reader; None where it is longer."""
    if len(canonical(value)) > 2 * width + 8:  # letters may be two bytes and more; most of what is long ends here
        return None
    text = encoded(value)
    return text if len(text) <= width else None


def _brief(value: Json) -> str | None:
    if is_blob(value):
        return f'"{blob_text(str(value))}"'
    if isinstance(value, list) and is_numbers(value):
        return f"[{', '.join(map(encoded, value[:4]))}, … {len(value):,} numbers]"
    return None


def _lines(value: Json, lead: str, tail: str, is_brief: bool) -> Iterator[str]:
    told = _brief(value) if is_brief else None
    if told is None and (not isinstance(value, (dict, list)) or not value):
        told = encoded(value)
    if told is None:
        told = one_line(value, _WIDTH - len(lead) - len(tail))
    if told is not None:
        yield f"{lead}{told}{tail}"
        return
    inner = " " * (len(lead) - len(lead.lstrip(" ")) + 2)
    if isinstance(value, dict):
        yield f"{lead}{{"
        last = len(value) - 1
        for number, (key, item) in enumerate(value.items()):
            yield from _lines(item, f"{inner}{encoded(key)}: ", "," if number < last else "", is_brief)
        yield f"{inner[2:]}}}{tail}"
    elif isinstance(value, list):
        yield f"{lead}["
        if any(isinstance(item, (dict, list)) for item in value):
            for number, item in enumerate(value):
                yield from _lines(item, inner, "," if number < len(value) - 1 else "", is_brief)
        else:
            yield from _filled(value, inner, is_brief)
        yield f"{inner[2:]}]{tail}"


def _filled(values: list[Json], inner: str, is_brief: bool) -> Iterator[str]:
    """Scalars, as many on a line as it holds."""
    line = ""
    for number, value in enumerate(values):
        told = ((_brief(value) if is_brief else None) or encoded(value)) + ("," if number < len(values) - 1 else "")
        if line and len(inner) + len(line) + len(told) >= _WIDTH:
            yield inner + line
            line = ""
        line = f"{line} {told}" if line else told
    yield inner + line
