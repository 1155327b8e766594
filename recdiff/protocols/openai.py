"""OpenAI's chat completions and text completions, streamed and single, as OGX records them.

Source of the format: the `ChatCompletion`, `ChatCompletionChunk` and `Completion` types of the openai SDK, and what
compatible servers add (Azure's filter results and empty first chunk, `reasoning` and `reasoning_content` of vLLM,
Ollama and DeepSeek, Together's doubled `text`, Groq's and Cerebras' timings). Unknown keys stay as extra content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import cast

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event
from recdiff.protocols.slots import Collapsed, Combine, Path, Slot

_CHUNK: dict[str, tuple[Path, Combine]] = {
    "model": (("model",), "value"),
    "usage": (("usage",), "last"),
}
_CHOICE: dict[str, tuple[Path, Combine]] = {
    "finish_reason": (("finish_reason",), "value"),
    "text": (("text",), "join"),
}
_MESSAGE: dict[str, tuple[Path, Combine]] = {
    "content": (("content",), "join"),
    "reasoning": (("reasoning",), "join"),
    "reasoning_content": (("reasoning_content",), "join"),
    "refusal": (("refusal",), "join"),
}
_FRAME = {
    "object": frozenset(
        ("chat.completion", "chat.completion.chunk", "text_completion", "text.completion", "completion.chunk")
    ),
    "role": frozenset(("assistant",)),
    "type": frozenset(("function",)),
}
"""Keys that only frame an answer, with the words that they say there."""
_FUNCTION: dict[str, tuple[Path, Combine]] = {
    "name": (("name",), "name"),
    "arguments": (("arguments",), "arguments"),
}

_LEGACY_CALL = -1
"""The index of a `function_call`, which came before tool calls and has none."""


def collapse(events: Sequence[Event]) -> Collapsed:
    """Chat chunks, a chat completion, completion chunks, or a completion: whatever `choices` hold.

    Chunks of one shape are taken column by column: a stream has thousands of pieces and a handful of shapes.
    """
    found = Collapsed()
    ats = [event.at for event in events]
    for keys, payloads, places in _shapes([event.payload for event in events], ats):
        if keys is None:
            for payload, place in zip(payloads, places, strict=True):
                found.stray(payload, place)
            continue
        for key in keys:
            values = _column(payloads, key)
            if key == "choices":
                _take_choices(found, values, places)
            elif key == "object":
                found.frame((), key, values, places, "/object", _FRAME[key])
            else:
                path, combine = _CHUNK.get(key) or (("extra", key), "value")
                found.slot(path, combine).take(values, places, "/" + escape(key))
    _settle_doubles(found)
    return found


def _shapes(
    values: Sequence[Json], ats: Sequence[str]
) -> Iterator[tuple[tuple[str, ...] | None, Sequence[Json], Sequence[str]]]:
    """Runs of objects with the same keys in the same order; None stands for values that are no objects, or empty."""
    start = 0
    # `tuple` alone is the faster key: a stream has tens of thousands of these objects.
    keys_of = cast("Callable[[Json], tuple[str, ...] | None]", tuple) if {*map(type, values)} == {dict} else _keys_of
    for keys, run in groupby(values, keys_of):
        end = start + len(list(run))
        yield keys or None, values[start:end], ats[start:end]
        start = end


def _keys_of(value: Json) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, dict) and value else None


def _column(objects: Sequence[Json], key: str) -> list[Json]:
    return [value[key] for value in objects]  # type: ignore[index,call-overload]


def _take_choices(found: Collapsed, lists: Sequence[Json], ats: Sequence[str]) -> None:
    start = 0
    for size, run in groupby(lists, lambda value: len(value) if isinstance(value, list) else 0):
        end = start + len(list(run))
        here, places = lists[start:end], ats[start:end]
        start = end
        if not size:
            found.frame((), "choices", here, places, "/choices")
        if size == 1:
            choices = [value[0] for value in here if isinstance(value, list)]
            _take_choice(found, choices, 0, [f"{at}/choices/0" for at in places])
            continue
        for value, at in zip(here, places, strict=True):  # chunk by chunk: two entries may be of one choice
            for position, choice in enumerate(value if isinstance(value, list) else ()):
                _take_choice(found, [choice], position, [f"{at}/choices/{position}"])


def _take_choice(found: Collapsed, choices: Sequence[Json], position: int, ats: Sequence[str]) -> None:
    for keys, run, places in _shapes(choices, ats):
        if keys is None:
            found.slot(("extra", "choices"), "value").take(run, places, "")
            continue
        indexes = _column(run, "index") if "index" in keys else [position] * len(run)
        start = 0
        for index, same in groupby(indexes, lambda value: value if type(value) is int else position):
            end = start + len(list(same))
            _take_choice_run(found, ("choices", index), keys, run[start:end], places[start:end])
            start = end


def _take_choice_run(
    found: Collapsed, here: Path, keys: tuple[str, ...], run: Sequence[Json], ats: Sequence[str]
) -> None:
    for key in keys:
        values = _column(run, key)
        if key in ("delta", "message"):
            for inner, messages, places in _shapes(values, ats):
                _take_messages(found, here, inner, messages, places, f"/{key}")
        elif key == "logprobs":
            for inner, probabilities, places in _shapes(values, ats):
                if inner is None:
                    found.frame(here, "logprobs", probabilities, places, "/logprobs")
                for kind in inner or ():
                    tokens = _column(probabilities, kind)
                    found.slot((*here, "logprobs", kind), "extend").take(tokens, places, f"/logprobs/{escape(kind)}")
        elif key == "index":
            found.frame(here, key, values, ats, "/index", kind=int)
        else:
            path, combine = _CHOICE.get(key) or (("extra", key), "value")
            found.slot((*here, *path), combine).take(values, ats, "/" + escape(key))


def _take_messages(
    found: Collapsed,
    here: Path,
    keys: tuple[str, ...] | None,
    messages: Sequence[Json],
    ats: Sequence[str],
    below: str,
) -> None:
    if keys is None:
        found.frame(here, "message", messages, ats, below)
        return
    for key in keys:
        values = _column(messages, key)
        known = _MESSAGE.get(key)
        if known:
            found.slot((*here, *known[0]), known[1]).take(values, ats, f"{below}/{key}")
        elif key == "role":
            found.frame(here, key, values, ats, f"{below}/role", _FRAME[key])
        elif key not in ("tool_calls", "function_call"):
            found.slot((*here, "extra", key), "value").take(values, ats, f"{below}/{escape(key)}")
        elif not any(isinstance(value, (dict, list)) and value for value in values):
            found.frame(here, key, values, ats, f"{below}/{key}")
        else:
            for value, at in zip(values, ats, strict=True):
                _take_calls(found, here, key, value, f"{at}{below}/{key}")


def _take_calls(found: Collapsed, here: Path, key: str, value: Json, at: str) -> None:
    """The tool calls of one message or delta, or a legacy function call."""
    if key == "tool_calls" and isinstance(value, list) and value:
        for position, call in enumerate(value):
            _take_call(found, here, call, position, f"{at}/{position}")
    elif key == "function_call" and isinstance(value, dict) and value:
        _take_function(found, (*here, "tool_calls", _LEGACY_CALL), value, at)
    else:
        found.frame(here, key, (value,), (at,), "")


def _take_call(found: Collapsed, here: Path, call: Json, position: int, at: str) -> None:
    if not isinstance(call, dict) or not call:
        found.frame(here, "tool_calls", (call,), (at,), "")
        return
    index = call.get("index")
    there: Path = (*here, "tool_calls", index if type(index) is int else position)
    for key, value in call.items():
        if key == "function" and isinstance(value, dict) and value:
            _take_function(found, there, value, f"{at}/function")
        elif key == "index":
            found.frame(there, key, (value,), (f"{at}/index",), "", kind=int)
        elif key in ("type", "function"):
            found.frame(there, key, (value,), (f"{at}/{key}",), "", _FRAME.get(key, ()))
        elif key == "id":
            found.add((*there, "id"), "id", value, f"{at}/id")
        else:
            found.add((*there, "extra", key), "value", value, f"{at}/{escape(key)}")


def _take_function(found: Collapsed, there: Path, function: dict[str, Json], at: str) -> None:
    for key, value in function.items():
        path, combine = _FUNCTION.get(key) or (("extra", key), "value")
        found.add((*there, *path), combine, value, f"{at}/{escape(key)}")


def _settle_doubles(found: Collapsed) -> None:
    """Servers say the same text in two keys: read one, keep the other in the account; what differs is extra content."""
    for here in {path[:2] for path in found.slots if path[0] == "choices"}:
        content, text = (*here, "content"), (*here, "text")
        if content not in found.slots:
            pass
        elif text not in found.slots:
            found.move(content, text)
        elif found.slots[text].value() and not found.slots[content].value():
            found.echo(text, content)
        elif found.echo(content, text):
            found.move(content, text)
        else:
            found.move(text, (*here, "extra", "text"))
            found.move(content, text)
        reasoning, other = (*here, "reasoning"), (*here, "reasoning_content")
        if reasoning not in found.slots or (not _says(found.slots[reasoning]) and other in found.slots):
            first = found.slots.pop(reasoning, None)
            found.move(other, reasoning)
            if first is not None and reasoning in found.slots:
                found.slots[reasoning].echoes.extend(first.cells())
        elif not found.echo(reasoning, other):
            found.move(other, (*here, "extra", "reasoning_content"))


def _says(slot: Slot) -> bool:
    return slot.value() not in (None, "")
