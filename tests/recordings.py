"""Small made-up OGX recordings of every shape, and ways to load, compare, mutate and account for them.

A document is what `json.loads` gives; every builder makes a fresh one. The shapes follow real recordings.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from recdiff import formats
from recdiff.comparing.ledger import Ledger
from recdiff.comparing.recordings import compare_recordings
from recdiff.errors import UnreadableError
from recdiff.jsonvalue import leaves
from recdiff.model import Change, Event, Recording
from recdiff.protocols.slots import Collapsed
from recdiff.rules.engine import RuleSet
from recdiff.views import interaction_view

Json: TypeAlias = Any
Document: TypeAlias = dict[str, Any]

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
"""Real re-recordings, which are not part of the project; tests that need them skip where they are missing."""

CHUNK = "openai.types.chat.chat_completion_chunk.ChatCompletionChunk"
COMPLETION_TYPE = "openai.types.completion.Completion"
TEST_ID = "tests/integration/test_inference.py::test_chat[openai_client-txt=ollama/llama3.2:3b]"
RULES = RuleSet()

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
"""Hypothesis for what compares recordings; nothing here looks at the clock."""
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
"""Hypothesis for what takes microseconds."""


# ------------------------------------------------------------------------------------------------------ loading


def load(document: Json, path: str = "recordings/a.json") -> Recording:
    """A document as recdiff reads it from its bytes."""
    return formats.load(path, json.dumps(document).encode("utf-8", "surrogatepass"))


def compared(old: Json, new: Json, rules: RuleSet = RULES) -> Ledger:
    """The account of two documents, with a trace."""
    return compare_recordings(load(old), load(new), rules, trace=True)


def changes(old: Json, new: Json, rules: RuleSet = RULES) -> list[Change]:
    """All changes of two documents, ids included as if no test had renamed them."""
    ledger = compared(old, new, rules)
    return [*ledger.changes, *(seen.change for seen in ledger.sightings if seen.change is not None)]


def told(old: Json, new: Json) -> list[tuple[str, str, Json, Json]]:
    """Class, path below the interaction, old and new of every change."""
    return [
        (change.change_class, change.path.removeprefix("/interactions/0"), change.old, change.new)
        for change in changes(old, new)
    ]


def hidden(old: Json, new: Json) -> dict[str, list[int]]:
    """Leaves of either side by the rule that hid them; there must be no change beside them."""
    ledger = compared(old, new)
    assert not ledger.changes
    return ledger.hidden


def exact(value: Json) -> bytes:
    """Bytes by which leaves are told apart, made without recdiff: `1`, `1.0`, `true`, NaN and Infinity all differ."""
    return json.dumps(value, sort_keys=True).encode()


# ----------------------------------------------------------------------------------------------------- containers


def request(messages: Sequence[Json] = (), *, endpoint: str = "/v1/chat/completions", **body: Json) -> Document:
    """A request as the SDK recorder writes it."""
    asked = list(messages) or [{"role": "user", "content": "What is the capital of France?"}]
    model = body.pop("model", "llama3.2:3b")
    said = {"prompt": "Roses are red,"} if endpoint == "/v1/completions" else {"messages": asked}
    return {
        "method": "POST",
        "url": f"http://0.0.0.0:11434/v1{endpoint}",
        "headers": {},
        "body": {"model": model, **said, **body},
        "endpoint": endpoint,
        "model": model,
        "provider_metadata": {"openai_sdk_version": "2.31.0"},
    }


def recording(
    body: Json, *, streaming: bool = False, asked: Document | None = None, test_id: str | None = TEST_ID, **more: Json
) -> Document:
    """A whole recording around a response body; `more` are further keys of the response."""
    return {
        "test_id": test_id,
        "request": asked if asked is not None else request(),
        "response": {"body": body, "is_streaming": streaming, **more},
        "id_normalization_mapping": {},
    }


def typed(name: str, data: Json) -> Document:
    """An SDK object."""
    return {"__type__": name, "__data__": data}


# ----------------------------------------------------------------------------------------------------------- chat


@dataclass
class Answer:
    """What one choice says, whatever the wire. A call is (id, name, arguments as JSON text)."""

    text: str | None = "The capital of France is Paris."
    reasoning: str | None = None
    refusal: str | None = None
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    finish: str | None = "stop"
    reasoning_key: str = "reasoning"
    logprobs: bool = False


Cut: TypeAlias = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """The usual cut: after every space."""
    pieces = text.split(" ")
    return [piece + " " for piece in pieces[:-1]] + pieces[-1:]


def cut_by(rng: random.Random) -> Cut:
    """A cut at random boundaries."""

    def cut(text: str) -> list[str]:
        at = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randrange(6)))
        return [text[start:end] for start, end in zip([0, *at], [*at, len(text)], strict=True)]

    return cut


USAGE = {"completion_tokens": 12, "prompt_tokens": 30, "total_tokens": 42, "completion_tokens_details": None}


def token_of(text: str) -> Document:
    """The logprobs entry of one token."""
    return {"token": text, "logprob": -0.25, "bytes": list(text.encode()), "top_logprobs": []}


def chat_single(*answers: Answer, model: str = "llama3.2:3b", asked: Document | None = None, **more: Json) -> Document:
    """A chat completion. `more` are keys of the payload."""
    choices = []
    for index, answer in enumerate(answers or (Answer(),)):
        message: Document = {"content": answer.text, "refusal": answer.refusal, "role": "assistant"}
        message["function_call"] = None
        message["tool_calls"] = [
            {"id": name, "function": {"arguments": arguments, "name": called}, "type": "function"}
            for name, called, arguments in answer.calls
        ] or None
        if answer.reasoning is not None:
            message[answer.reasoning_key] = answer.reasoning
        tokens = [token_of(piece) for piece in words(answer.text or "")] if answer.logprobs else []
        choices.append(
            {
                "finish_reason": answer.finish,
                "index": index,
                "logprobs": {"content": tokens, "refusal": None} if answer.logprobs else None,
                "message": message,
            }
        )
    payload = {
        "id": "rec-63855d10addd",
        "choices": choices,
        "created": 1766000000,
        "model": model,
        "object": "chat.completion",
        "service_tier": None,
        "system_fingerprint": "fp_ollama",
        "usage": dict(USAGE),
        **more,
    }
    return recording(typed("openai.types.chat.chat_completion.ChatCompletion", payload), asked=asked)


def delta_chunk(index: int, delta: Document, *, finish: str | None = None, logprobs: Json = None) -> Document:
    """One chunk of a chat stream, with the null keys that the SDK writes."""
    filled = {"content": None, "function_call": None, "refusal": None, "role": None, "tool_calls": None, **delta}
    return chunk([{"delta": filled, "finish_reason": finish, "index": index, "logprobs": logprobs}])


def chunk(choices: Json, **more: Json) -> Document:
    """One chunk with these choices."""
    payload = {
        "id": "rec-63855d10addd",
        "choices": choices,
        "created": 1766000000,
        "model": "llama3.2:3b",
        "object": "chat.completion.chunk",
        "service_tier": None,
        "system_fingerprint": "fp_ollama",
        "usage": None,
        **more,
    }
    return typed(CHUNK, payload)


def answer_chunks(index: int, answer: Answer, cut: Cut = words) -> list[Document]:
    """The chunks of one choice."""
    found = [delta_chunk(index, {"role": "assistant", "content": "" if answer.text is not None else None})]
    for piece in cut(answer.reasoning) if answer.reasoning is not None else ():
        found.append(delta_chunk(index, {answer.reasoning_key: piece}))
    for piece in cut(answer.text) if answer.text is not None else ():
        tokens = {"content": [token_of(piece)], "refusal": None} if answer.logprobs else None
        found.append(delta_chunk(index, {"content": piece}, logprobs=tokens))
    for piece in cut(answer.refusal) if answer.refusal is not None else ():
        found.append(delta_chunk(index, {"refusal": piece}))
    for number, (name, called, arguments) in enumerate(answer.calls):
        first = {"index": number, "id": name, "type": "function", "function": {"arguments": "", "name": called}}
        found.append(delta_chunk(index, {"tool_calls": [first]}))
        for piece in cut(arguments):
            more = {"index": number, "id": None, "type": None, "function": {"arguments": piece, "name": None}}
            found.append(delta_chunk(index, {"tool_calls": [more]}))
    if answer.finish is not None:
        found.append(delta_chunk(index, {}, finish=answer.finish))
    return found


def chat_stream(
    *answers: Answer, cut: Cut = words, model: str = "llama3.2:3b", rng: random.Random | None = None
) -> Document:
    """A chat stream; with `rng`, the chunks of several choices come interleaved at random."""
    queues = [answer_chunks(index, answer, cut) for index, answer in enumerate(answers or (Answer(),))]
    body: list[Document] = []
    while any(queues):
        waiting = [queue for queue in queues if queue]
        body.append((rng.choice(waiting) if rng else waiting[0]).pop(0))
    body.append(chunk([], usage=dict(USAGE)))
    for item in body:
        item["__data__"]["model"] = model
    return recording(body, streaming=True, asked=request(stream=True))


CALLS = Answer(
    text=None,
    reasoning="I should look both up.",
    calls=[
        ("call_1", "get_weather", '{"city": "Paris", "days": 3, "item_id": "item-1"}'),
        ("call_2", "get_time", '{"zone": "Europe/Paris", "precise": false}'),
    ],
    finish="tool_calls",
)

CONVERSATION = (
    {"role": "user", "content": "How is the weather, call_1?"},
    {
        "role": "assistant",
        "content": "",
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"id": "call_1"}'}}
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "sunny, says call_1"},
)


def azure_stream() -> Document:
    """Azure: an empty first chunk with filter results, filter results in every choice, obfuscation."""
    safe = {"hate": {"filtered": False, "severity": "safe"}, "jailbreak": {"filtered": False, "detected": False}}
    first = chunk([], model="", object="", system_fingerprint=None)
    first["__data__"]["prompt_filter_results"] = [{"prompt_index": 0, "content_filter_results": safe}]
    body = [first, *answer_chunks(0, Answer("Bonjour à tous")), chunk([], usage=dict(USAGE))]
    for number, item in enumerate(body[1:]):
        item["__data__"]["obfuscation"] = f"hUy0{number}"
        for choice in item["__data__"]["choices"]:
            choice["content_filter_results"] = {} if number % 2 else {"hate": {"filtered": False, "severity": "safe"}}
    return recording(body, streaming=True, asked=request(stream=True))


def together_stream(doubled: bool = True) -> Document:
    """Together: the text of every chunk once more at the choice, with `token_id` and `seed`."""
    body = answer_chunks(0, Answer("One two three"))
    for number, item in enumerate(body):
        choice = item["__data__"]["choices"][0]
        choice["token_id"], choice["seed"] = number, 16158686754257986000
        if doubled:
            choice["text"] = choice["delta"]["content"]
    return recording(body, streaming=True, asked=request(stream=True))


def completion_stream(text: str = "Violets are blue.", cut: Cut = words) -> Document:
    """A text completion stream."""
    payloads = [*(_completion(piece, None) for piece in cut(text)), {**_completion("", "length"), "usage": dict(USAGE)}]
    items = [typed(COMPLETION_TYPE, payload) for payload in payloads]
    return recording(items, streaming=True, asked=request(endpoint="/v1/completions", stream=True))


def completion_single(text: str = "Violets are blue.") -> Document:
    """A text completion."""
    payload = {**_completion(text, "length"), "usage": dict(USAGE)}
    return recording(typed(COMPLETION_TYPE, payload), asked=request(endpoint="/v1/completions"))


def _completion(text: str, finish: str | None) -> Document:
    return {
        "id": "rec-cb4673f5ab80",
        "choices": [{"finish_reason": finish, "index": 0, "logprobs": None, "text": text}],
        "created": 1766000000,
        "model": "llama3.2:3b",
        "object": "text_completion",
        "system_fingerprint": "fp_ollama",
        "usage": None,
    }


# --------------------------------------------------------------------------------------------------------- ollama


def _ollama_request(endpoint: str, stream: bool) -> Document:
    said = {"prompt": "Hi"} if endpoint == "/api/generate" else {"messages": [{"role": "user", "content": "Hi"}]}
    body = {"model": "llama3.2:3b", **said, "stream": stream}
    url = f"http://localhost:11434{endpoint}"
    return {"method": "POST", "url": url, "headers": {}, "body": body, "endpoint": endpoint, "model": "llama3.2:3b"}


_OLLAMA_END = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 395085500,
    "load_duration": 70000000,
    "prompt_eval_count": 26,
    "eval_count": 5,
}


def ollama_generate(text: str = "Hello there, friend.", cut: Cut = words, *, stream: bool = True) -> Document:
    """Ollama's generate, streamed or single."""
    head = {"model": "llama3.2:3b", "created_at": "2025-10-08T16:14:05Z"}
    last = {**head, **_OLLAMA_END, "response": "" if stream else text, "thinking": None, "context": [1, 2, 3]}
    pieces = [{**head, "done": False, "done_reason": None, "response": piece, "context": None} for piece in cut(text)]
    items = [typed("ollama._types.GenerateResponse", item) for item in ([*pieces, last] if stream else [last])]
    return recording(items if stream else items[0], streaming=stream, asked=_ollama_request("/api/generate", stream))


def ollama_chat(text: str = "Hello there, friend.", cut: Cut = words, *, stream: bool = True) -> Document:
    """Ollama's chat, with a tool call that comes whole."""
    head = {"model": "llama3.2:3b", "created_at": "2025-10-08T16:14:05Z"}
    call = {"function": {"name": "get_boiling_point", "arguments": {"liquid": "polyjuice", "celsius": True}}}

    def message(said: str, calls: Json = None) -> Document:
        return {"role": "assistant", "content": said, "thinking": None, "images": None, "tool_calls": calls}

    pieces = [{**head, "done": False, "done_reason": None, "message": message(piece)} for piece in cut(text)]
    last = {**head, **_OLLAMA_END, "message": message("" if stream else text, [call])}
    items = [typed("ollama._types.ChatResponse", item) for item in ([*pieces, last] if stream else [last])]
    return recording(items if stream else items[0], streaming=stream, asked=_ollama_request("/api/chat", stream))


# ------------------------------------------------------------------------------------------------------ anthropic


def _http(path: str, payload: Document, host: str = "http://0.0.0.0:11434") -> Document:
    return {"test_id": TEST_ID, "url": f"{host}{path}", "method": "POST", "payload": payload}


BLOCKS: tuple[Document, ...] = (
    {"type": "thinking", "thinking": "The user wants the weather.", "signature": "c2lnbmVk"},
    {"type": "text", "text": "I will look it up."},
    {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris", "days": 3}},
    {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "Paris"}},
)


def sse(events: Iterable[Document], key: str = "type") -> list[str]:
    """Events as the recorder keeps lines."""
    lines: list[str] = []
    for event in events:
        name = [f"event: {event[key]}"] if key in event else []
        lines += [*name, f"data: {json.dumps(event)}", ""]
    return lines


def anthropic_events(blocks: Sequence[Document] = BLOCKS, cut: Cut = words) -> list[Document]:
    """The events of a streamed message."""
    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": []}
    usage = {"input_tokens": 70, "output_tokens": 1}
    events: list[Document] = [{"type": "message_start", "message": {**start, "usage": usage}}, {"type": "ping"}]
    for index, block in enumerate(blocks):
        events += _block_events(index, block, cut)
    delta = {"stop_reason": "tool_use", "stop_sequence": None}
    events.append({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 32}})
    return [*events, {"type": "message_stop"}]


def _block_events(index: int, block: Document, cut: Cut) -> Iterator[Document]:
    kind = block["type"]
    streamed = {"text": ("text", "text_delta"), "thinking": ("thinking", "thinking_delta")}.get(kind)
    deltas: list[Document] = []
    begin = dict(block)
    if streamed:
        key, name = streamed
        begin[key] = ""
        deltas = [{"type": name, key: piece} for piece in cut(block[key])]
    if "input" in block:
        begin["input"] = {}
        pieces = cut(json.dumps(block["input"]))
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
    if "signature" in begin:
        deltas.append({"type": "signature_delta", "signature": begin.pop("signature")})
    yield {"type": "content_block_start", "index": index, "content_block": begin}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


_ANTHROPIC_ASKED = {"model": "claude-x", "messages": [{"role": "user", "content": "Weather?"}], "max_tokens": 64}


def anthropic_lines(
    blocks: Sequence[Document] = BLOCKS, cut: Cut = words, events: Sequence[Document] | None = None
) -> Document:
    """A streamed message, kept as SSE lines."""
    lines = sse(events if events is not None else anthropic_events(blocks, cut))[:-1]
    return recording(lines, streaming=True, asked=_http("/v1/messages", {**_ANTHROPIC_ASKED, "stream": True}))


def anthropic_single(blocks: Sequence[Document] = BLOCKS) -> Document:
    """A message in one piece."""
    body = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": copy.deepcopy(list(blocks)),
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": 70, "output_tokens": 32},
    }
    return recording(body, asked=_http("/v1/messages", dict(_ANTHROPIC_ASKED)), status=200)


# --------------------------------------------------------------------------------------------------------- gemini

PARTS: tuple[Document, ...] = (
    {"text": "The user greets. I greet back.", "thought": True},
    {"text": "Bonjour to you all."},
    {"function_call": {"id": "fc_1", "name": "get_weather", "args": {"city": "Paris", "days": 3}}},
)


def _gemini_payload(parts: Sequence[Document], *, last: bool) -> Document:
    candidate: Document = {"content": {"parts": list(parts), "role": "model"}}
    usage: Document = {"traffic_type": "ON_DEMAND"}
    if last:
        candidate["finish_reason"] = "STOP"
        usage |= {"candidates_token_count": 9, "prompt_token_count": 5, "total_token_count": 14}
    headers = {"Content-Type": "text/event-stream", "Date": "Wed, 08 Apr 2026 13:29:26 GMT"}
    return {
        "sdk_http_response": {"headers": headers},
        "candidates": [candidate],
        "create_time": "2026-04-08T13:29:25.783268Z",
        "model_version": "gemini-2.0-flash",
        "response_id": "NVjWaaTnL7bGxN8P7d6T2Ak",
        "usage_metadata": usage,
    }


def _gemini_request(endpoint: str) -> Document:
    contents = [{"role": "user", "parts": [{"text": "Say bonjour."}]}]
    body = {"model": "publishers/google/models/gemini-2.0-flash", "contents": contents, "config": {}}
    asked = {"method": "POST", "url": f"vertexai://{endpoint}", "headers": {}, "body": body, "endpoint": endpoint}
    return {**asked, "model": body["model"], "provider_metadata": {"provider": "vertexai"}}


def gemini_stream(parts: Sequence[Document] = PARTS, cut: Cut = words) -> Document:
    """`generate_content_stream`: plain dicts."""
    body: list[Document] = []
    for part in parts:
        pieces = [{**part, "text": piece} for piece in cut(part["text"])] if "text" in part else [part]
        body += [_gemini_payload([piece], last=False) for piece in pieces]
    body.append(_gemini_payload([{"text": ""}], last=True))
    return recording(body, streaming=True, asked=_gemini_request("/generate_content_stream"))


def gemini_single(parts: Sequence[Document] = PARTS) -> Document:
    """`generate_content`: one plain dict."""
    return recording(_gemini_payload(copy.deepcopy(parts), last=True), asked=_gemini_request("/generate_content"))


# --------------------------------------------------------------------------------------------------- interactions

OUTPUTS: tuple[Document, ...] = (
    {"type": "thought", "signature": "c2lnbmVk"},
    {"type": "text", "text": "Hello from the interaction."},
    {"type": "function_call", "id": "fn_1", "name": "get_weather", "arguments": {"city": "Paris", "days": 3}},
)

_GOOGLE = "https://generativelanguage.googleapis.com"


def interaction_lines(outputs: Sequence[Document] = OUTPUTS, cut: Cut = words) -> Document:
    """A streamed interaction, kept as SSE lines."""
    begun = {"id": "v1_a", "status": "in_progress", "object": "interaction", "model": "gemini-2.5-flash-lite"}
    usage = {"total_input_tokens": 7, "total_output_tokens": 9, "total_tokens": 16}
    done = {**begun, "status": "completed", "role": "model", "usage": usage}
    events: list[Document] = [
        {"interaction": begun, "event_type": "interaction.start"},
        {"interaction_id": "v1_a", "status": "in_progress", "event_type": "interaction.status_update"},
    ]
    for index, output in enumerate(outputs):
        kind = output["type"]
        events.append({"index": index, "content": {"type": kind}, "event_type": "content.start"})
        pieces: list[Document] = [dict(output)]
        if kind == "text":
            pieces = [{"text": piece, "type": "text"} for piece in cut(output["text"])]
        elif kind == "thought":
            pieces = [{**output, "type": "thought_signature"}]
        events += [{"index": index, "delta": piece, "event_type": "content.delta"} for piece in pieces]
        events.append({"index": index, "event_type": "content.stop"})
    events.append({"interaction": done, "event_type": "interaction.complete"})
    lines = [*sse(events, "event_type"), "event: done", "data: [DONE]"]
    payload = {"model": "gemini-2.5-flash-lite", "input": "Say hello.", "stream": True}
    return recording(lines, streaming=True, asked=_http("/v1beta/interactions", payload, _GOOGLE))


def interaction_single(outputs: Sequence[Document] = OUTPUTS) -> Document:
    """An interaction in one piece."""
    body = {
        "id": "v1_a",
        "status": "completed",
        "object": "interaction",
        "model": "gemini-2.5-flash-lite",
        "role": "model",
        "outputs": copy.deepcopy(list(outputs)),
        "usage": {"total_input_tokens": 7, "total_output_tokens": 9, "total_tokens": 16},
    }
    payload = {"model": "gemini-2.5-flash-lite", "input": "Say hello."}
    return recording(body, asked=_http("/v1beta/interactions", payload, _GOOGLE), status=200)


# ---------------------------------------------------------------------------------------------------------- others


def vector(length: int = 32, seed: int = 1) -> list[float]:
    """A vector of small fractions."""
    rng = random.Random(seed)
    return [round(rng.uniform(-0.1, 0.1), 8) for _ in range(length)]


def embeddings(*vectors: Json, model: str = "nomic-embed-text") -> Document:
    """An embedding response; a vector may be base64."""
    data = [
        {"embedding": found, "index": index, "object": "embedding"}
        for index, found in enumerate(vectors or (vector(),))
    ]
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    payload = {"data": data, "model": model, "object": "list", "usage": usage}
    asked = {**request(endpoint="/v1/embeddings"), "body": {"model": model, "input": "hello"}}
    return recording(typed("openai.types.create_embedding_response.CreateEmbeddingResponse", payload), asked=asked)


def model_list(
    *names: str, host: str = "http://localhost:11434", test_id: str | None = None, body: Document | None = None
) -> Document:
    """A list of models."""
    items = [
        typed("openai.types.model.Model", {"id": name, "created": 1770761891, "object": "model", "owned_by": "library"})
        for name in names or ("gpt-oss:20b", "qwen3:8B", "llama3.2:3b")
    ]
    url = f"{host}/v1/v1/models"
    asked = {"method": "POST", "url": url, "headers": {}, "body": body or {}, "endpoint": "/v1/models", "model": ""}
    return recording(items, asked=asked, test_id=test_id)


def tool_invocation(content: Json = None, **kwargs: Json) -> Document:
    """A call of a tool, whose result is JSON text."""
    found = {"query": "python", "top_k": [{"url": "https://a.example", "title": "A", "score": 0.91}]}
    data = {"content": content if content is not None else json.dumps(found), "error_message": None, "error_code": None}
    asked = {"test_id": TEST_ID, "provider": "tavily", "tool_name": "web_search"}
    kwargs = kwargs or {"query": "latest Python version", "limit": 5, "strict": False}
    return recording(typed("ogx_api.tools.ToolInvocationResult", data), asked={**asked, "kwargs": kwargs})


def exception(
    message: str = "Error code: 400 - {'error': {'message': 'invalid image input'}}",
    body: Json = None,
    *,
    streaming: bool = False,
) -> Document:
    """A call that raised; `body` are the chunks that came before."""
    data = {
        "category": "provider_sdk",
        "provider": "openai",
        "type": "BadRequestError",
        "message": message,
        "status_code": 400,
        "body": {"message": "invalid image input", "param": None, "code": None},
    }
    return recording(body, streaming=streaming, is_exception=True, exception_data=data, exception_message=message)


def error_status(message: str = "no such field") -> Document:
    """An HTTP error."""
    body = {"error": {"message": message, "code": "invalid_request"}}
    asked = _http("/v1beta/interactions", {"model": "gemini", "input": "x"})
    return recording(body, asked=asked, status=400)


def unknown_body() -> Document:
    """A body that no protocol knows, with values of every type."""
    body = {"answer": [1, 2.5, "three", None, True, {"four": [], "five": {}}], "nested": {"a": [[1, 2], [3]], "b": ""}}
    return recording(body, asked=request(endpoint="/v1/strange"))


BUILDERS: dict[str, Callable[[], Document]] = {
    "chat-single": chat_single,
    "chat-single-calls": lambda: chat_single(CALLS, asked=request(CONVERSATION)),
    "chat-single-refusal": lambda: chat_single(Answer(None, refusal="I cannot help.", finish="content_filter")),
    "chat-single-two": lambda: chat_single(Answer("One", logprobs=True), Answer("Two", reasoning="Hm.")),
    "chat-stream": chat_stream,
    "chat-stream-calls": lambda: chat_stream(CALLS),
    "chat-stream-refusal": lambda: chat_stream(Answer(None, refusal="I cannot help.", finish="content_filter")),
    "chat-stream-two": lambda: chat_stream(Answer("One two", logprobs=True), Answer("Three", reasoning="Hm, so.")),
    "chat-stream-azure": azure_stream,
    "chat-stream-together": together_stream,
    "completion-single": completion_single,
    "completion-stream": completion_stream,
    "ollama-generate": ollama_generate,
    "ollama-generate-single": lambda: ollama_generate(stream=False),
    "ollama-chat": ollama_chat,
    "ollama-chat-single": lambda: ollama_chat(stream=False),
    "anthropic-lines": anthropic_lines,
    "anthropic-single": anthropic_single,
    "gemini-stream": gemini_stream,
    "gemini-single": gemini_single,
    "interaction-lines": interaction_lines,
    "interaction-single": interaction_single,
    "embeddings": lambda: embeddings(vector(), vector(seed=2)),
    "model-list": model_list,
    "tool-invocation": tool_invocation,
    "exception": exception,
    "exception-after-chunks": lambda: exception(body=answer_chunks(0, Answer("Half an"))[:-1], streaming=True),
    "error-status": error_status,
    "unknown-body": unknown_body,
}
"""Every kind of recording, by a name for the test's id."""

SINGLE_AND_STREAM: dict[str, tuple[Callable[[], Document], Callable[[Cut], Document]]] = {
    "chat": (
        lambda: chat_single(Answer(reasoning="Let me think."), CALLS),
        lambda cut: chat_stream(Answer(reasoning="Let me think."), CALLS, cut=cut),
    ),
    "completion": (completion_single, lambda cut: completion_stream(cut=cut)),
    "ollama-generate": (lambda: ollama_generate(stream=False), lambda cut: ollama_generate(cut=cut)),
    "ollama-chat": (lambda: ollama_chat(stream=False), lambda cut: ollama_chat(cut=cut)),
    "anthropic": (lambda: anthropic_single(BLOCKS[:3]), lambda cut: anthropic_lines(BLOCKS[:3], cut)),
    "gemini": (gemini_single, lambda cut: gemini_stream(cut=cut)),
    "interaction": (interaction_single, lambda cut: interaction_lines(cut=cut)),
}
"""The same answer in one piece, and streamed with any cut."""


# ------------------------------------------------------------------------------------------------------- pointers


def steps_of(pointer: str) -> list[str]:
    """The steps of a JSON pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def at(document: Json, pointer: str) -> Json:
    """What a pointer names."""
    for step in steps_of(pointer):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def with_value(document: Json, pointer: str, value: Json) -> Json:
    """A copy of a document with another value at a pointer."""
    made = copy.deepcopy(document)
    parent, last = _parent(made, pointer)
    parent[last] = value
    return made


def without(document: Json, pointer: str) -> Json:
    """A copy of a document without what a pointer names."""
    made = copy.deepcopy(document)
    parent, last = _parent(made, pointer)
    del parent[last]
    return made


def _parent(document: Json, pointer: str) -> tuple[Json, Any]:
    *above, last = steps_of(pointer)
    parent = document
    for step in above:
        parent = parent[int(step)] if isinstance(parent, list) else parent[step]
    return parent, int(last) if isinstance(parent, list) else last


def data_of(line: Json) -> Json:
    """The JSON that an SSE line carries, or None."""
    if not isinstance(line, str) or not line.startswith("data: {"):
        return None
    try:
        return json.loads(line.removeprefix("data: "))
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------------ mutations

_STRANGE: tuple[Json, ...] = (
    None, True, False, 0, 1, 1.0, 0.5, -3, 2**63, 10**30, "", "x", "a/b~c", "\ud800", "stop", "assistant", [None],
    [1, "x"], {"": ""}, {"id": "call_9"}, {"index": 0}, [[1], {"a": 2}], float("nan"), float("inf"), float("-inf"), [],
    {}, [[], {}], [{}],
)  # fmt: skip
_NAMES = (
    "id", "index", "type", "text", "content", "new_key", "a/b", "~", "", "model", "usage", "created", "error",
    "streamed",
)  # fmt: skip


def mutated(document: Document, rng: random.Random, times: int = 1) -> Document:
    """A copy of a recording after some random changes anywhere in it, inside SSE lines too.

    Leaves and whole parts are replaced by strange values, dropped, added, put in another order, cut into other chunks,
    emptied, and ids renamed.
    """
    made: Document = copy.deepcopy(document)
    change = _Mutation(rng)
    for _ in range(times):
        inside = [line for line in _lines(made) if data_of(line[1])]
        if inside and rng.random() < 0.5:
            number, line = rng.choice(inside)
            payload = data_of(line)
            change.anywhere_in(payload)
            made["response"]["body"][number] = f"data: {json.dumps(payload)}"
        else:
            change.anywhere_in(made)
    return made


def _lines(document: Document) -> list[tuple[int, str]]:
    response = document.get("response")
    body = response.get("body") if isinstance(response, dict) else None
    lines = body if isinstance(body, list) else []
    return [(number, line) for number, line in enumerate(lines) if isinstance(line, str)]


class _Mutation:
    """One kind of change after the other; each says whether it could be made at a place."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def anywhere_in(self, document: Json) -> None:
        kinds = (
            self.replace, self.replace, self.drop, self.insert, self.reorder, self.rechunk, self.null_or_absent,
            self.rename,
        )  # fmt: skip
        change = self.rng.choice(kinds)
        places = list(_containers(document))
        self.rng.shuffle(places)
        for place in places:
            if change(place) and change != self.rename:
                return

    def _value(self) -> Json:
        return copy.deepcopy(self.rng.choice(_STRANGE))

    def _keys(self, place: Json) -> list[Any]:
        return list(place) if isinstance(place, dict) else list(range(len(place)))

    def replace(self, place: Json) -> bool:
        keys = self._keys(place)
        if not keys:
            return False
        key = self.rng.choice(keys)
        value = place[key]
        if isinstance(value, (dict, list)) and value and self.rng.random() < 0.9:
            return False
        if isinstance(value, str) and self.rng.random() < 0.5:
            place[key] = value + self.rng.choice((" ", "x", "é", "."))
        elif type(value) is int and self.rng.random() < 0.5:
            place[key] = value + 1
        else:
            place[key] = self._value()
        return True

    def drop(self, place: Json) -> bool:
        keys = self._keys(place)
        if not keys:
            return False
        del place[self.rng.choice(keys)]
        return True

    def insert(self, place: Json) -> bool:
        beside = place if isinstance(place, list) else place.values()
        value = copy.deepcopy(self.rng.choice((self._value(), *beside)))
        if isinstance(place, list):
            place.insert(self.rng.randrange(len(place) + 1), value)
        else:
            place[self.rng.choice(_NAMES)] = value
        return True

    def reorder(self, place: Json) -> bool:
        if len(place) < 2:
            return False
        if isinstance(place, list):
            self.rng.shuffle(place)
        else:
            items = list(place.items())
            self.rng.shuffle(items)
            place.clear()
            place.update(items)
        return True

    def rechunk(self, place: Json) -> bool:
        if not isinstance(place, list) or not place or not isinstance(place[0], dict):
            return False
        number = self.rng.randrange(len(place))
        first, second = copy.deepcopy(place[number]), copy.deepcopy(place[number])
        for key in ("content", "text", "arguments", "reasoning", "thinking", "response"):
            for one, other in zip(list(_containers(first)), list(_containers(second)), strict=True):
                if isinstance(one, dict) and isinstance(one.get(key), str):
                    middle = self.rng.randrange(len(one[key]) + 1)
                    one[key], other[key] = one[key][:middle], other[key][middle:]
        place[number : number + 1] = [first, second]
        return True

    def null_or_absent(self, place: Json) -> bool:
        if not isinstance(place, dict):
            return False
        empty = [
            key for key in self._keys(place) if place[key] in (None, "") and not isinstance(place[key], (bool, int))
        ]
        if empty and self.rng.random() < 0.5:
            del place[self.rng.choice(empty)]
        else:
            value = self.rng.choice((None, "", [], {}))
            place[self.rng.choice((*empty, "refusal", "audio", "annotations"))] = value
        return True

    def rename(self, place: Json) -> bool:
        for key in self._keys(place):
            value = place[key]
            if isinstance(value, str) and value.startswith(("call_", "toolu_", "fc_", "fn_", "msg_", "rec-")):
                place[key] = value + "-new"
        return True


def _containers(value: Json) -> Iterator[Json]:
    if isinstance(value, (dict, list)):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _containers(item)


def is_recording(document: Json) -> bool:
    """Whether a mutated document is still a recording."""
    try:
        load(document)
    except UnreadableError:
        return False
    return True


# -------------------------------------------------------------------------------------------------------- account


def check_account(old: Recording, new: Recording, ledger: Ledger) -> None:
    """Every leaf of either file has one fate: the same, shown, or hidden. Fails the test otherwise.

    All that was shown, hidden or is an id that waits for its test's verdict is taken out of both files; what stays
    must be the same leaves on both sides. The counts that are kept without a trace must say so too.
    """
    left: list[Counter[bytes]] = []
    for side, recorded in enumerate((old, new)):
        file = {place: exact(value) for place, value in leaves(recorded.document)}
        gone = list(ledger.shown_at[side])
        for leaf in (*ledger.trail, *(leaf for seen in ledger.sightings for leaf in seen.trail)):
            place, value = ((leaf.old_path, leaf.old), (leaf.new_path, leaf.new))[side]
            if place is not None:
                assert place in file, f"no leaf of the file: {place} ({leaf})"
                assert file[place] == exact(value), f"another value stands at {place}: {leaf}"
                gone.append(place)
        twice = [place for place, count in Counter(gone).items() if count > 1]
        assert not twice, f"counted twice: {twice[:5]}"
        nowhere = [place for place in gone if place not in file]
        assert not nowhere, f"shown, but no leaf of the file: {nowhere[:5]}"
        for place in gone:
            del file[place]
        left.append(Counter(file.values()))
        counted = sum(counts[side] for counts in ledger.hidden.values()) + ledger.shown[side]
        assert counted + sum(seen.leaves[side] for seen in ledger.sightings) == len(gone)
    assert left[0] == left[1], f"unaccounted: {list(left[0] - left[1])[:3]} against {list(left[1] - left[0])[:3]}"


# ---------------------------------------------------------------------------------------------------------- views


def response_of(document: Document) -> Document:
    """What `recdiff show` prints of the response."""
    return interaction_view(load(document).interactions[0])["response"]


def reply_of(document: Document) -> Document:
    """What `recdiff show` prints of the reply."""
    reply = response_of(document)["reply"]
    assert isinstance(reply, dict)
    return reply


def said(document: Document, choice: int = 0) -> dict[str, Json]:
    """What a choice says: its parts that are not empty, without what the protocol does not know."""
    parts = reply_of(document)["choices"][choice]
    names = ("text", "reasoning", "refusal", "finish_reason")
    calls = [(call["name"], call["arguments"]) for call in parts["tool_calls"]]
    return {name: parts[name] for name in names if parts[name]} | ({"calls": calls} if calls else {})


def events_of(payloads: Sequence[Json], at: str = "/response/body") -> list[Event]:
    """Payloads as events of a plain list."""
    return [Event(payload, f"{at}/{number}") for number, payload in enumerate(payloads)]


def leaves_of(collapsed: Collapsed) -> Counter[tuple[str, bytes]]:
    """Every leaf that a collapsed reply holds, with its place."""
    cells = [cell for slot in collapsed.slots.values() for cell in slot.cells()]
    return Counter((place, exact(leaf)) for value, at in cells for place, leaf in leaves(value, at))


def leaves_in(events: Sequence[Event]) -> Counter[tuple[str, bytes]]:
    """Every leaf of the payloads, with its place."""
    return Counter((place, exact(leaf)) for event in events for place, leaf in leaves(event.payload, event.at))


# --------------------------------------------------------------------------------------------------------- corpus


def corpus_pairs() -> list[tuple[Path, Path]]:
    """Every recording of the corpus that was modified in place: its old and its new file."""
    olds = sorted((CORPUS / "ogx").glob("*/old/**/*.json"))
    pairs = [(old, Path(str(old).replace("/old/", "/new/", 1))) for old in olds]
    return [(old, new) for old, new in pairs if new.exists()]


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=5) | st.dictionaries(st.text(max_size=8), inside, max_size=5),
    max_leaves=15,
)
json_values = st.one_of(
    _values,
    st.lists(st.floats(allow_nan=False) | st.integers(), min_size=20, max_size=60),
    st.lists(_values, min_size=9),
)
"""Any value, long lists of numbers among them."""
