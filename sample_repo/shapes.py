"""How the sample's recordings look: OGX's container, and what the services put into it.

A side is `before` or `after` the re-recording. Whatever a provider makes up (ids, clocks, padding) is drawn from a hash
of the side and of what it is for, so that it differs between the sides and never between two runs.
"""

from __future__ import annotations

import hashlib
import json
import random
import runpy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

Json = dict[str, Any]
T = TypeVar("T")

_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CHAT = "openai.types.chat.chat_completion.ChatCompletion"
_CHUNK = "openai.types.chat.chat_completion_chunk.ChatCompletionChunk"

# The sample's own tests look a recording up by its name, so the name comes from their code.
_NAMING = runpy.run_path(str(Path(__file__).parent / "templates" / "both" / "tests" / "naming.py"))


class Recording(NamedTuple):
    """One file below `tests/recordings`."""

    name: str
    document: Json


class Call(NamedTuple):
    """One tool call of a reply; `arguments` is JSON text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Side:
    """One side of the re-recording."""

    name: str

    def pick(self, before: T, after: T) -> T:
        """What this side has."""
        return before if self.name == "before" else after

    def drawn(self, what: str, length: int = 24) -> str:
        """Letters that a provider would draw at random."""
        seed = hashlib.sha256(f"{self.name} {what}".encode()).digest() * 2
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in seed[:length])

    def clock(self, what: str) -> int:
        """When a response was made: somewhere within the hour of that side's recording."""
        start = self.pick(1_717_488_000, 1_717_574_400)
        return start + int(hashlib.sha256(f"{self.name} {what}".encode()).hexdigest(), 16) % 3600


# Containers


def sdk_call(
    test_id: str | None, url: str, body: Json, answer: Any, *, streamed: bool = False, mapping: Json | None = None
) -> Recording:
    """A call through an SDK that was answered."""
    response = {"body": answer, "is_streaming": streamed}
    return _recording(test_id, _sdk_request(url, body), response, mapping or {}, urlsplit(url).path, body)


def sdk_error(test_id: str, url: str, body: Json, status: int, kind: str, message: str) -> Recording:
    """A call through an SDK that raised."""
    told = f"Error code: {status} - {{'error': {{'message': '{message}', 'code': {status}}}}}"
    data = {"category": "provider_sdk", "provider": "openai", "type": kind, "message": told, "status_code": status}
    response = {
        "body": None,
        "is_streaming": False,
        "is_exception": True,
        "exception_data": {**data, "body": {"message": message, "code": status}},
        "exception_message": told,
    }
    return _recording(test_id, _sdk_request(url, body), response, {}, urlsplit(url).path, body)


def http_call(test_id: str, url: str, payload: Json, lines: list[str]) -> Recording:
    """A call without an SDK, its answer as lines of server-sent events."""
    request = {"test_id": test_id, "url": url, "method": "POST", "payload": payload}
    return _recording(test_id, request, {"body": lines, "is_streaming": True}, {}, urlsplit(url).path, payload)


def tool_call(test_id: str, tool: str, arguments: Json, content: str, metadata: Json | None) -> Recording:
    """What one of the station's own tools answered."""
    request = {"test_id": test_id, "provider": "station", "tool_name": tool, "kwargs": arguments}
    answer = {"content": content, "error_message": None, "error_code": None, "metadata": metadata}
    body = wrapped("ogx_api.tools.ToolInvocationResult", answer)
    return _recording(test_id, request, {"body": body, "is_streaming": False}, {}, tool, arguments)


def model_list(url: str, models: Sequence[Json]) -> Recording:
    """A server's list of models. It belongs to no test, and its name follows from what it holds."""
    found = sdk_call(None, url, {}, [wrapped("openai.types.model.Model", model) for model in models])
    digest = hashlib.sha256(" ".join(model["id"] for model in models).encode()).hexdigest()[:8]
    return found._replace(name=f"{_NAMING['models_name'](urlsplit(url).path)}-{digest}.json")


def wrapped(type_name: str, data: Json) -> Json:
    """An object of an SDK, as the recorder writes it."""
    return {"__type__": type_name, "__data__": data}


def _sdk_request(url: str, body: Json) -> Json:
    path = urlsplit(url).path
    model = body.get("model", "")
    return {"method": "POST", "url": url, "headers": {}, "body": body, "endpoint": path, "model": model}


def _recording(test_id: str | None, request: Json, response: Json, mapping: Json, where: str, asked: Json) -> Recording:
    document = {"test_id": test_id, "request": request, "response": response, "id_normalization_mapping": mapping}
    return Recording(_NAMING["file_name"](where, asked, test_id), document)


# What is asked


def asking(question: str, prompt: str = "") -> list[Json]:
    """The messages that begin a conversation."""
    told = [{"role": "system", "content": prompt}] if prompt else []
    return [*told, {"role": "user", "content": question}]


def after_calls(messages: list[Json], calls: Sequence[Call], results: Sequence[str]) -> list[Json]:
    """A conversation that goes on with tool calls and what they gave."""
    return [
        *messages,
        {"role": "assistant", "content": "", "tool_calls": [_spelled(call) for call in calls]},
        *(
            {"role": "tool", "tool_call_id": call.id, "content": result}
            for call, result in zip(calls, results, strict=True)
        ),
    ]


def declared(name: str, about: str, **arguments: str) -> Json:
    """A tool as it is declared to a model."""
    properties = {argument: {"type": kind} for argument, kind in arguments.items()}
    parameters = {"type": "object", "properties": properties}
    return {"type": "function", "function": {"name": name, "description": about, "parameters": parameters}}


def _spelled(call: Call) -> Json:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


# What is answered


def usage(asked: int, answered: int) -> Json:
    """Token counts of the chat protocol."""
    return {"completion_tokens": answered, "prompt_tokens": asked, "total_tokens": asked + answered}


def completion(
    side: Side, test_id: str, model: str, fingerprint: str, text: str, finish: str, counted: Json, *calls: Call
) -> Json:
    """A chat completion in one piece. Until the upgrades, the servers spelled out what they had nothing to say of."""
    message: Json = {"content": text, "role": "assistant"}
    if calls:
        message["tool_calls"] = [_spelled(call) for call in calls]
    elif side.name == "before":
        message |= {"refusal": None, "tool_calls": None}
    return wrapped(
        _CHAT,
        {
            "id": f"chatcmpl-{side.drawn(test_id + text)}",
            "choices": [{"finish_reason": finish, "index": 0, "message": message}],
            "created": side.clock(test_id),
            "model": model,
            "object": "chat.completion",
            "system_fingerprint": fingerprint,
            "usage": counted,
        },
    )


def chunks(
    side: Side, test_id: str, model: str, fingerprint: str, pieces: Sequence[str], counted: Json | None, padded: bool
) -> list[Json]:
    """A chat completion in pieces, the last of which only says that it was the last."""
    found = []
    for number, piece in enumerate((*pieces, None)):
        delta: Json = {} if piece is None else {"content": piece}
        if number == 0:
            delta["role"] = "assistant"
        if side.name == "before":
            delta["tool_calls"] = None
        data = {
            "id": f"chatcmpl-{side.drawn(test_id)}",
            "choices": [{"delta": delta, "finish_reason": "stop" if piece is None else None, "index": 0}],
            "created": side.clock(test_id),
            "model": model,
            "object": "chat.completion.chunk",
            "system_fingerprint": fingerprint,
        }
        if padded:
            data["obfuscation"] = side.drawn(f"{test_id} {number}", 12)
        if counted and piece is None:
            data["usage"] = counted
        found.append(wrapped(_CHUNK, data))
    return found


def events(*payloads: Json) -> list[str]:
    """Server-sent events as lines, named by their type."""
    lines = []
    for payload in payloads:
        lines += [f"event: {payload['type']}", f"data: {json.dumps(payload, separators=(',', ':'))}", ""]
    return lines


def message_events(
    side: Side, test_id: str, model: str, block: Json, deltas: Sequence[Json], stop: str, asked: int, answered: int
) -> list[str]:
    """A streamed reply of the Messages API with one block of content."""
    message = {"id": f"msg_{side.drawn(test_id)}", "type": "message", "role": "assistant", "model": model}
    counted = {"input_tokens": asked, "output_tokens": 1}
    return events(
        {"type": "message_start", "message": {**message, "content": [], "stop_reason": None, "usage": counted}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": answered}},
        {"type": "message_stop"},
    )


def content_chunks(side: Side, test_id: str, model: str, pieces: Sequence[str], counted: Json) -> list[Json]:
    """A streamed reply of Gemini's generateContent, as its SDK dumps it."""
    found = []
    for number, piece in enumerate(pieces, 1):
        candidate: Json = {"content": {"parts": [{"text": piece}], "role": "model"}}
        if number == len(pieces):
            candidate["finish_reason"] = "STOP"
        minute, second = divmod(side.clock(test_id) % 3600, 60)
        found.append(
            {
                "candidates": [candidate],
                "create_time": f"{side.pick('2024-06-04T08', '2024-06-05T08')}:{minute:02}:{second:02}Z",
                "model_version": model,
                "response_id": side.drawn(test_id, 20),
                "usage_metadata": counted if number == len(pieces) else {"traffic_type": "ON_DEMAND"},
            }
        )
    return found


def vector(what: str, shift: float = 0.0) -> list[float]:
    """A made-up embedding of 24 numbers; `shift` is how far each may lie from where it was."""
    place, noise = random.Random(what), random.Random(what[::-1])
    return [round(place.random() * 0.4 - 0.2 + shift * (noise.random() - 0.5), 8) for _ in range(24)]


def embeddings(model: str, vectors: Sequence[Sequence[float]], tokens: int) -> Json:
    """The answer of an embedding server."""
    data = [
        {"embedding": list(numbers), "index": index, "object": "embedding"} for index, numbers in enumerate(vectors)
    ]
    counted = {"prompt_tokens": tokens, "total_tokens": tokens}
    return wrapped(
        "openai.types.create_embedding_response.CreateEmbeddingResponse",
        {"data": data, "model": model, "object": "list", "usage": counted},
    )
