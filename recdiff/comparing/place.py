"""Where a difference stands: its path on both sides, its pointers in both files, and the class that follows from it."""

from __future__ import annotations

from typing import TypeAlias

from recdiff.jsonvalue import escape
from recdiff.model import ChangeClass

Path: TypeAlias = tuple[str | int, ...]


class Place:
    """One place of an interaction. Paths start with `request` or `response` and are those of `recdiff show`.

    `pattern` is the path with list positions as `*` or the name of the keyed item; `old_at` and `new_at` are JSON
    pointers into the two files. `wrapped` is what a container put between a list here and its items' values.
    """

    __slots__ = ("new_at", "old_at", "old_path", "path", "pattern", "wrapped")

    def __init__(
        self,
        path: Path,
        old_at: str,
        new_at: str,
        old_path: Path | None = None,
        pattern: Path | None = None,
        wrapped: tuple[str, str] = ("", ""),
    ) -> None:
        self.path = path
        self.old_path = path if old_path is None else old_path
        self.pattern = path if pattern is None else pattern
        self.old_at = old_at
        self.new_at = new_at
        self.wrapped = wrapped

    def key(self, key: str) -> Place:
        """The value of one key of the object here."""
        step = "/" + escape(key)
        return Place(
            (*self.path, key),
            self.old_at + step,
            self.new_at + step,
            (*self.old_path, key),
            (*self.pattern, key),
        )

    def below(self, path: Path) -> Place:
        """What stands some keys below here."""
        here = self
        for step in path:
            here = here.key(str(step))
        return here

    def item(self, old: int | None, new: int | None, name: str | None = None) -> Place:
        """An item of the list here, at its position on either side; `name` is the key that aligned it."""
        before = old if old is not None else new if new is not None else 0
        after = new if new is not None else before
        return Place(
            (*self.path, after),
            f"{self.old_at}/{old}{self.wrapped[0]}",
            f"{self.new_at}/{new}{self.wrapped[1]}",
            (*self.old_path, before),
            (*self.pattern, "*" if name is None else f"[{name}]"),
        )


def pointer(path: Path) -> str:
    """A path as a JSON pointer."""
    return "".join(f"/{escape(step) if isinstance(step, str) else step}" for step in path)


def label(pattern: Path, path: Path) -> str:
    """A path in words for people: `messages[2].content`, `models[llama3.2:3b].size`, `usage.total_tokens`."""
    words = ""
    for step, named in zip(path, pattern, strict=False):
        if isinstance(step, int):
            name = named if isinstance(named, str) and named != "*" else f"[{step}]"
            words += name
        else:
            words += f".{step}" if words else step
    for prefix in ("request.body.", "request.", "response.reply.", "response.body.", "response."):
        if words.startswith(prefix):
            return words.removeprefix(prefix)
    return words


_SAID = frozenset(("content", "text", "prompt", "input", "instructions", "system", "reasoning", "thinking"))


def is_said(path: Path) -> bool:
    """Whether a string at a path is what somebody says: a message's content, a prompt; also as an item of a list."""
    key = path[-2] if isinstance(path[-1], int) and len(path) > 1 else path[-1]
    return key in _SAID or (key == "output" and path[0] == "request")  # what a tool said; in a response often files


_REQUEST_PROVENANCE = frozenset(("provider_metadata", "test_id"))
_STREAM_OPTIONS = frozenset(("stream", "stream_options"))
_FINISH_KEYS = frozenset(("finish_reason", "finishReason", "stop_reason", "done_reason"))
_MODEL_KEYS = frozenset(("model", "model_version", "modelVersion"))
_USAGE_KEYS = frozenset(("usage", "usage_metadata", "usageMetadata", "prompt_eval_count", "eval_count", "token_count"))
_REPLY: dict[str | int, ChangeClass] = {"model": "model", "usage": "usage"}
_CHOICE: dict[str | int, ChangeClass] = {
    "text": "text",
    "reasoning": "text",
    "refusal": "text",
    "tool_calls": "tool",
    "finish_reason": "finish",
}
_RESPONSE: dict[str | int, ChangeClass] = {
    "status": "error",
    "error": "error",
    "streamed": "provenance",
    "type": "provenance",
}


def class_of(path: Path, *, error_body: bool = False) -> ChangeClass:
    """The class of a change at a path. `error_body` says that the response's body is an error."""
    if path[0] == "request":
        return _class_in_request(path)
    if path[0] != "response":
        return "provenance" if path[0] == "test_id" else "data"
    if len(path) > 1 and path[1] in _RESPONSE:
        return _RESPONSE[path[1]]
    if len(path) > 2 and path[1] == "reply":
        return _class_in_reply(path)
    if len(path) > 1 and path[1] == "body":
        return _class_in_body(path, error_body)
    return "data"


def _class_in_request(path: Path) -> ChangeClass:
    if path[1:] in (("model",), ("body", "model")):
        return "model"
    if len(path) > 1 and path[1] in _REQUEST_PROVENANCE:
        return "provenance"
    if len(path) > 2 and path[1] == "body" and path[2] in _STREAM_OPTIONS:
        return "provenance"
    return "request"


def _class_in_reply(path: Path) -> ChangeClass:
    if path[2] in _REPLY:
        return _REPLY[path[2]]
    if path[2] == "extra" and len(path) > 3:
        if path[3] in ("error", "ended_by"):
            return "error"
        return "provenance" if path[3] == "sdk_http_response" else "data"
    if path[2] == "choices" and len(path) > 4:
        return _CHOICE.get(path[4], "data")
    return "data"


def _class_in_body(path: Path, error_body: bool) -> ChangeClass:
    if error_body or (len(path) > 2 and path[2] == "error"):
        return "error"
    if any(step in _FINISH_KEYS for step in path[2:]):
        return "finish"
    if len(path) == 3 and path[2] in _MODEL_KEYS:
        return "model"
    if len(path) > 2 and path[2] in _USAGE_KEYS:
        return "usage"
    return "data"
