"""JSON as recdiff holds it: exact loading, canonical bytes, leaves and pointers. The only loading edge.

Equal means equal canonical bytes, so `1`, `1.0` and `true` differ, and so do `NaN` and `null`.
orjson parses; what it would change in silence (integers over 64 bits, repeated keys) or refuse
(NaN, lone surrogates) is found first and left to the standard library, which is exact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from math import isfinite
from typing import TypeAlias, cast

import orjson

from recdiff import jsonplaces
from recdiff.errors import UnreadableError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH = 250
"""Levels of nesting that every later stage survives (orjson writes 254); a deeper file is unreadable."""

_AS_LARGE_FLOAT = re.compile(rb"[0-9]e\+?(?:1[89]|[2-9][0-9]|[0-9]{3})(?![0-9a-zA-Z\"_-])")
"""How orjson writes a float of 1e18 and more, which is what it made of an integer over 64 bits."""
_SIGNED = b"+" in orjson.dumps(1e300)
_EXPONENT = b"e+" if _SIGNED else b"e"
"""How this version of orjson begins an exponent; looking for it first spares the pattern nearly always."""
_ESCAPED_COLON = re.compile(rb"\\u003[aA]")
_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)", re.MULTILINE)
_TOO_DEEP = f"nested over {MAX_DEPTH} levels deep"


def loads(data: bytes) -> Json:
    """Parse one JSON document exactly as `json.loads` would, or say what is wrong with it.

    Raises UnreadableError with line and column for bad syntax, with the key for a repeated key, and for
    invalid UTF-8, nesting over `MAX_DEPTH`, conflict markers and git-lfs pointers.
    """
    text = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    try:
        value = cast(Json, orjson.loads(text))
    except orjson.JSONDecodeError:
        return _loads_exactly(text)
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:  # the parser takes 1,024 levels, the writer 254
        return _loads_exactly(text)
    if _may_be_inexact(text, written):
        return _loads_exactly(text)
    return value


def _may_be_inexact(text: bytes, written: bytes) -> bool:
    """Whether keys were lost (fewer colons came out than went in) or an integer may have become a float.

    An escaped colon would upset the count, so it alone asks for the exact parser too.
    """
    if text.count(b":") != written.count(b":") or (b"\\u003" in text and _ESCAPED_COLON.search(text)):
        return True
    return (b"+" in written or not _SIGNED) and _EXPONENT in written and _AS_LARGE_FLOAT.search(written) is not None


def _loads_exactly(text: bytes) -> Json:
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        column = error.start - text.rfind(b"\n", 0, error.start)
        where = f"line {_line_of(text, error.start)}, column {column} (0x{text[error.start]:02x})"
        raise UnreadableError(f"invalid UTF-8 at {where}") from None
    try:
        value = cast(
            Json,
            json.loads(
                decoded,
                object_pairs_hook=_object_without_repeats,
                parse_constant=NoNumber,
                parse_float=_exact_float,
            ),
        )
    except json.JSONDecodeError as error:
        raise UnreadableError(_why_not_json(text, error)) from None
    except RecursionError:
        raise UnreadableError(f"{_TOO_DEEP}{jsonplaces.too_deep(decoded, MAX_DEPTH)}") from None
    except _RepeatedKeyError as error:
        where = jsonplaces.repeated_key(decoded)
        raise UnreadableError(f"the key {json.dumps(error.key)} stands twice in one object{where}") from None
    except ValueError:  # an integer of over 4,300 digits
        raise UnreadableError(f"a number of too many digits{jsonplaces.long_number(decoded)}") from None
    _refuse_depth(value, decoded)
    return value


class NoNumber(float):
    """NaN or an infinity. A type of its own, since orjson would write null for a plain one."""


def _exact_float(text: str) -> float:
    value = float(text)
    return value if isfinite(value) else NoNumber(value)


class _RepeatedKeyError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _object_without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedKeyError(key)
            seen.add(key)
    return found


def _why_not_json(text: bytes, error: json.JSONDecodeError) -> str:
    if text.startswith(b"version https://git-lfs.github.com/spec/"):
        return "a git-lfs pointer, not the recording itself (its content is in the work tree after `git lfs pull`)"
    conflict = _CONFLICT.search(text)
    marker = f" (merge conflict markers at line {_line_of(text, conflict.start())})" if conflict else ""
    if not text.strip():
        return "the file is empty"
    if error.pos >= len(error.doc.rstrip()):
        return f"JSON ends at line {error.lineno}, column {error.colno}{marker}"
    said = _IN_WORDS.get(error.msg, error.msg[:1].lower() + error.msg[1:])
    return f"no JSON at line {error.lineno}, column {error.colno}: {said}{marker}"


_IN_WORDS = {
    "Unterminated string starting at": "a string begins there and does not end",
    "Invalid control character at": "a control character inside a string",
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Illegal trailing comma before end of object": "a comma too many",
    "Illegal trailing comma before end of array": "a comma too many",
    "Extra data": "something follows after the end",
    "Invalid \\escape": "a backslash that escapes nothing",
    "Invalid \\uXXXX escape": "an incomplete \\u escape",
}
"""What the standard library says, for people who do not know it."""


def _line_of(text: bytes, offset: int) -> int:
    return text.count(b"\n", 0, offset) + 1


def _refuse_depth(value: Json, text: str) -> None:
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in children(node) if isinstance(child, (dict, list))]
        if not level:
            return
    raise UnreadableError(f"{_TOO_DEEP}{jsonplaces.too_deep(text, MAX_DEPTH)}")


def children(value: Json) -> Iterator[Json]:
    """The values directly inside an object or a list; nothing for a scalar."""
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def canonical(value: Json) -> bytes:
    """The bytes that decide equality: keys sorted, no white space, numbers as their type writes them."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return _canonical_exactly(value)


def token_of(value: Json) -> bytes:
    """The canonical bytes of a value, to be kept beside many others.

    A copy, because orjson leaves room behind what it writes (4 KiB in version 3.13): a list of small values would hold
    gigabytes.
    """
    return bytes(memoryview(canonical(value)))


def _canonical_exactly(value: Json) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def same(old: Json, new: Json) -> bool:
    """Whether two values are equal by their canonical bytes."""
    if old is new:
        return True
    kind = type(old)
    if kind is not type(new):
        return False
    if kind is str or kind is bool or kind is int:
        return old == new
    return canonical(old) == canonical(new)


def is_empty(value: Json) -> bool:
    """Whether a value says no more than its absence would: null, "", [], {} and objects of such alone."""
    if isinstance(value, dict):
        return all(is_empty(item) for item in value.values())
    return value is None or value == "" or value == []


def leaf_count(value: Json) -> int:
    """How many leaves a value has: scalars, `[]` and `{}`."""
    if isinstance(value, dict):
        inside: Collection[Json] = value.values()
    elif isinstance(value, list):
        inside = value
    else:
        return 1
    count = 0
    for item in inside:
        count += leaf_count(item) if isinstance(item, (dict, list)) else 1
    return count or 1


def leaves(value: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every leaf with its JSON pointer (RFC 6901), in document order."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{escape(key)}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def escape(key: str) -> str:
    """One key as a step of a JSON pointer."""
    if "~" in key or "/" in key:
        return key.replace("~", "~0").replace("/", "~1")
    return key


def unescape(step: str) -> str:
    """The key that a step of a JSON pointer names."""
    return step.replace("~1", "/").replace("~0", "~")


def resolve(value: Json, pointer: str) -> Json:
    """What a JSON pointer names. Raises KeyError or IndexError where it leads nowhere."""
    for step in pointer.split("/")[1:]:
        step = unescape(step)
        if isinstance(value, list):
            if not step.isdecimal():
                raise KeyError(step)
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value[step]
        else:
            raise KeyError(step)
    return value


def embedded(text: str) -> dict[str, Json] | list[Json] | None:
    """The object or list that a string holds as JSON text, or None."""
    stripped = text.strip()
    if len(stripped) < 2 or stripped[0] + stripped[-1] not in ("{}", "[]"):
        return None
    try:
        value = loads(stripped.encode("utf-8"))
    except (UnreadableError, UnicodeEncodeError):
        return None
    return value if isinstance(value, (dict, list)) else None
