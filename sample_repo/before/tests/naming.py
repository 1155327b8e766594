"""What a recording is called: by what was asked, so that a test finds its answer by asking."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def file_name(where: str, body: dict[str, Any], test_id: str) -> str:
    """The hash of what was asked, where (a path or a tool: the host does not matter), and by which test."""
    return _hash([where, _with_numbered_ids(body, {}), test_id]) + ".json"


def models_name(where: str) -> str:
    """The beginning of the names of a server's lists of models; what they hold makes the end."""
    return "models-" + _hash([where])


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _with_numbered_ids(value: Any, seen: dict[str, str]) -> Any:
    """A request with its ids of tool calls numbered, since a provider draws them anew every time."""
    if isinstance(value, list):
        return [_with_numbered_ids(item, seen) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: seen.setdefault(item, f"call-{len(seen)}")
        if key in ("id", "tool_call_id")
        else _with_numbered_ids(item, seen)
        for key, item in value.items()
    }
