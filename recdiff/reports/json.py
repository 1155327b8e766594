"""The JSON report: one object, version 1, for scripts."""

from __future__ import annotations

import json
import re
from collections import Counter

import orjson

from recdiff.jsonvalue import Json, NoNumber
from recdiff.model import CLASSES, STATUSES, Change, FileReview, Group, HiddenLeaf, Review

SCHEMA = "recdiff.report/1"


def report(review: Review, *, show_hidden: bool = False) -> bytes:
    """The whole review as one line of JSON, ending in a newline."""
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "old": review.old,
        "new": review.new,
        "summary": summary(review),
        "files": [file_object(entry, show_hidden=show_hidden) for entry in review.files],
        "groups": [group_object(group) for group in review.groups],
        "notes": list(review.notes),
        "rules_changed": list(review.rules_changed),
    }
    return written(document) + b"\n"


def written(document: Json) -> bytes:
    """JSON text of any recorded value: bytes that no Unicode has become escapes, never an error."""
    try:
        data = orjson.dumps(document)
    except TypeError:
        text = json.dumps(_without_no_numbers(document), separators=(",", ":"), ensure_ascii=False)
        data = text.encode("utf-8", "backslashreplace")
    return _UNSEEN.sub(_escaped, data)


_UNSEEN = re.compile(
    rb"\x7f|\xc2[\x80-\x9f\xad]|\xd8\x9c|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xf3\xa0[\x80-\x81]."
)
"""What a terminal obeys or hides, as UTF-8: DEL, C1, bidi, line separators, zero-width and tag characters."""


def _escaped(match: re.Match[bytes]) -> bytes:
    """The same characters as JSON escapes them."""
    return json.dumps(match.group().decode("utf-8"))[1:-1].encode("ascii") if match.group() != b"\x7f" else b"\\u007f"


def _without_no_numbers(value: Json) -> Json:
    """NaN and the infinities as strings: JSON has no words for them."""
    if isinstance(value, NoNumber):
        return str(float(value))
    if isinstance(value, dict):
        return {key: _without_no_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_no_numbers(item) for item in value]
    return value


def summary(review: Review) -> dict[str, Json]:
    """The counts: files by status and by class, leaves by rule, files that are no recordings."""
    statuses = Counter(entry.status for entry in review.files)
    classes = Counter(name for entry in review.files for name in {c.change_class for c in entry.changes})
    hidden: Counter[str] = Counter()
    for entry in review.files:
        hidden.update(entry.hidden)
    counts: dict[str, Json] = {"files": len(review.files)}
    counts.update((status, statuses[status]) for status in STATUSES)
    counts["classes"] = {name: classes[name] for name in CLASSES if classes[name]}
    counts["hidden"] = dict(sorted(hidden.items()))
    counts["skipped"] = review.skipped
    return counts


def file_object(entry: FileReview, *, show_hidden: bool = False) -> dict[str, Json]:
    """One file or pair."""
    found: dict[str, Json] = {
        "status": entry.status,
        "old_path": entry.old_path,
        "new_path": entry.new_path,
        "paired_by": entry.paired_by,
        "format": entry.format,
        "test_id": entry.test_id,
        "hidden": dict(entry.hidden),
        "error": entry.error,
        "changes": [change_object(change) for change in entry.changes],
    }
    if show_hidden:
        found["hidden_changes"] = [hidden_object(leaf) for leaf in entry.hidden_leaves]
    return found


def change_object(change: Change) -> dict[str, Json]:
    """One change."""
    return {
        "class": change.change_class,
        "level": change.level,
        "path": change.path,
        "kind": change.kind,
        "old": change.old,
        "new": change.new,
        "derived": change.derived,
        "group": change.group,
    }


def hidden_object(leaf: HiddenLeaf) -> dict[str, Json]:
    """One hidden leaf."""
    return {
        "rule": leaf.rule,
        "old_path": leaf.old_path,
        "new_path": leaf.new_path,
        "old": leaf.old,
        "new": leaf.new,
    }


def group_object(group: Group) -> dict[str, Json]:
    """One group."""
    return {
        "id": group.id,
        "class": group.change_class,
        "title": group.title,
        "old": group.old,
        "new": group.new,
        "files": group.files,
    }
