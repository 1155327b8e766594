"""The places that no project rule may hide: status, exceptions, finish reasons, models, called tools' names.

The engine asks `is_protected` for every leaf that a project's rule matches. Loading asks `aims_at_protected`:
a rule that could only ever be without effect is an error, not a silent promise.
"""

from __future__ import annotations

from recdiff.rules.selectors import Glob, Path, Selector, Wildcard

STATUS = "the HTTP status"
EXCEPTION = "the exception"
FINISH = "the finish reason"
MODEL = "the model"
TOOL_NAME = "the name of a called tool"

_ANYWHERE = {
    "finish_reason": FINISH,
    "stop_reason": FINISH,
    "done_reason": FINISH,
    "finishReason": FINISH,
    "model": MODEL,
    "model_id": MODEL,
    "modelVersion": MODEL,
    "model_version": MODEL,
    "tool_name": TOOL_NAME,
}
"""Keys that are protected wherever they stand, with everything below them."""

_CALLS = frozenset(("function_call", "functionCall", "tool_call", "tool_use", "toolUse", "content_block"))
"""Keys of one tool call (or of what may be one): the `name` directly inside is the tool's."""
_CALL_LISTS = frozenset(("content", "output", "outputs"))
"""Keys of lists with tool calls among their items: the `name` of an item is the tool's."""
_ARGUMENTS = frozenset(("arguments", "args", "input", "parameters"))
"""What a tool is called with: a `name` in there is any word, which a project may have reasons to hide."""


def is_protected(path: Path) -> bool:
    """Whether a path, from `request` or `response` on, is one that no project rule may hide."""
    return _protected(path) is not None


def aims_at_protected(selector: Selector) -> str | None:
    """What a selector would hide, in words, if a protected place is what it names; None for every other one.

    `response.**.model`, `response.error.*` and `**.choices.*.finish_reason` name one. `response.**` and
    `**.status` only reach further than they may, which is harmless: the engine leaves protected paths out.
    """
    # A `*` may be meant as either of its kinds, so an example of both is looked at.
    return _protected(_example(selector, any_one=0)) or _protected(_example(selector, any_one=_STAND_IN))


def _protected(path: Path) -> str | None:
    if len(path) > 1 and path[0] == "response":
        if path[1] == "error":
            return EXCEPTION
        if path[1] == "status" and len(path) == 2:
            return STATUS
    for step in path:
        found = _ANYWHERE.get(step)  # type: ignore[arg-type]  # a position is simply not in there
        if found:
            return found
    if len(path) > 2 and path[-1] == "name" and _names_a_called_tool(path):
        return TOOL_NAME
    return None


def _names_a_called_tool(path: Path) -> bool:
    above = path[-2]
    if isinstance(above, str):
        if above in _CALLS:
            return True
    elif path[-3] in _CALL_LISTS:
        return True
    if "tool_calls" not in path:
        return False
    inside = path[len(path) - path[::-1].index("tool_calls") : -1]
    return bool(inside) and _ARGUMENTS.isdisjoint(inside)


_STAND_IN = "?"
"""A key that no list above holds; it takes a wildcard's place."""


def _example(selector: Selector, any_one: str | int) -> Path:
    """A path that the selector matches and that has nothing protected in what its wildcards stand for."""
    example: list[str | int] = []
    for step in selector.steps:
        if isinstance(step, Glob):
            example.append(_STAND_IN.join(step.pieces))
        elif step is Wildcard.ANY_INDEX:
            example.append(0)
        elif step is Wildcard.ANY:
            example.append(any_one)
        elif step is Wildcard.DEEP:
            example.append(_STAND_IN)
        elif isinstance(step, (str, int)):
            example.append(step)
    return tuple(example)
