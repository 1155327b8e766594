"""What re-recording changed, said by a second reader of the raw JSON that shares no code with recdiff.

It knows OGX recordings alone. Chat streams are collapsed by the openai SDK's own accumulator, everything else
by plain concatenation. `judge` says for each pair which of the model's words and acts differ, and whether the
two files differ in noise alone. What the issue leaves open is in neither answer, but `undecided`.
"""

from __future__ import annotations

import base64
import json
import math
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = Any

KINDS = ("text", "reasoning", "refusal", "tool", "finish", "exception")

_ANSWERS = ("ChatCompletion", "ChatCompletionChunk", "Completion", "CreateEmbeddingResponse")
_OLLAMA = ("GenerateResponse", "ChatResponse", "EmbedResponse")
_TIMES = frozenset({"created", "created_at", "create_time"})
_DURATIONS = frozenset({"total_duration", "load_duration", "prompt_eval_duration", "eval_duration", "time_info"})
_ENVELOPE = frozenset({"system_fingerprint", "obfuscation"}) | _TIMES | _DURATIONS
_SAID = frozenset(
    {"content", "text", "reasoning", "reasoning_content", "refusal", "thinking", "partial_json"}
    | {"name", "arguments", "id", "index", "type"}
)
_ID_KEYS = frozenset({"tool_call_id", "tool_use_id", "call_id"})


class NotAcceptedError(Exception):
    """The SDK's accumulator refused a stream; the message says how."""


@dataclass
class Said:
    """What one choice of a reply says. `calls` holds [name, arguments as recorded, a text or a dict]."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    finish: str = ""
    calls: list[list[Json]] = field(default_factory=list)

    def tools(self) -> list[str]:
        """The calls in order as canonical JSON, arguments parsed where they parse."""
        return [canonical([name, parsed(arguments)]) for name, arguments in self.calls]


@dataclass(frozen=True)
class Verdict:
    """What the oracle says of one pair: the kinds that differ, noise alone or not, what it leaves open."""

    meaning_differs: frozenset[str]
    only_noise: bool
    undecided: tuple[str, ...] = ()


Reply: TypeAlias = dict[int, Said]


def canonical(value: Json) -> str:
    """Bytes to compare by: 1, 1.0 and True all differ, key order does not."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def parsed(arguments: Json) -> Json:
    """Tool arguments as a JSON value where they are JSON text, else as they are."""
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments


def type_name(value: Json) -> str:
    """The last word of `__type__`, or nothing."""
    return str(value.get("__type__", "")).rsplit(".", 1)[-1] if isinstance(value, dict) else ""


def payload(value: Json) -> Json:
    """A typed value's `__data__`, or the value itself."""
    return value["__data__"] if isinstance(value, dict) and "__data__" in value else value


def body_of(document: Json) -> Json:
    """The response's body of a recording, or None."""
    response = document.get("response")
    return response.get("body") if isinstance(response, dict) else None


def test_id_of(document: Json) -> str | None:
    """The test a recording belongs to."""
    return document.get("test_id") or (document.get("request") or {}).get("test_id")


def body_kind(document: Json) -> str:
    """One word for the shape of the body: `chat-stream`, `ollama`, `anthropic-sse`, … or `other`."""
    body = body_of(document)
    stream = isinstance(body, list)
    first = body[0] if stream and body else body
    name = type_name(first)
    if name == "ChatCompletionChunk":
        return "chat-stream"
    if name in ("ChatCompletion", "Completion"):
        return name + ("-stream" if stream else "")
    if name in ("GenerateResponse", "ChatResponse"):
        return "ollama-stream" if stream else "ollama"
    if stream and isinstance(first, str):
        return "interactions-sse" if any('"event_type"' in line for line in body) else "anthropic-sse"
    if isinstance(first, dict) and "candidates" in first:
        return "gemini-stream" if stream else "gemini"
    if isinstance(first, dict) and not stream and first.get("type") == "message":
        return "anthropic"
    if isinstance(first, dict) and not stream and "outputs" in first:
        return "interactions"
    return "other"


# What a reply says, by plain concatenation.


def naive_reply(document: Json) -> Reply:
    """What the model said, by the shortest code that can say it; empty where the body is no model's reply."""
    kind = body_kind(document)
    body = body_of(document)
    events = [payload(event) for event in body] if isinstance(body, list) else [payload(body)]
    reply: Reply = defaultdict(Said)
    if kind in ("chat-stream", "ChatCompletion"):
        _add_chat(events, reply)
    elif kind in ("Completion", "Completion-stream"):
        for choice in (choice for event in events for choice in event.get("choices") or []):
            said = reply[choice.get("index") or 0]
            said.text += choice.get("text") or ""
            said.finish = choice.get("finish_reason") or said.finish
    elif kind in ("ollama", "ollama-stream"):
        for event in events:
            _add_ollama(event, reply[0])
    elif kind in ("gemini", "gemini-stream"):
        for candidate in (candidate for event in events for candidate in event.get("candidates") or []):
            _add_gemini(candidate, reply[candidate.get("index") or 0])
    elif kind in ("anthropic", "anthropic-sse"):
        _add_anthropic(sse_events(body) if kind.endswith("sse") else _as_anthropic_events(body), reply[0])
    elif kind in ("interactions", "interactions-sse"):
        _add_interactions(sse_events(body) if kind.endswith("sse") else _as_interaction_events(body), reply[0])
    return dict(reply)


def _add_chat(events: Sequence[Json], reply: Reply) -> None:
    slots: dict[int, dict[int, list[Json]]] = defaultdict(dict)
    for choice in (choice for event in events for choice in event.get("choices") or []):
        index = choice.get("index") or 0
        said, delta = reply[index], choice.get("delta") or choice.get("message") or {}
        content = delta.get("content") or ""
        said.text += content if isinstance(content, str) else canonical(content)
        said.reasoning += delta.get("reasoning_content") or delta.get("reasoning") or ""
        said.refusal += delta.get("refusal") or ""
        said.finish = choice.get("finish_reason") or said.finish
        for position, call in enumerate(delta.get("tool_calls") or []):
            place = call.get("index") if "delta" in choice else position
            slot = slots[index].setdefault(position if place is None else place, ["", ""])
            function = call.get("function") or {}
            slot[0] = slot[0] or function.get("name") or ""
            slot[1] += function.get("arguments") or ""
    for index, calls in slots.items():
        reply[index].calls = [calls[place] for place in sorted(calls)]


def _add_ollama(event: Json, said: Said) -> None:
    message = event.get("message") or {}
    said.text += (event.get("response") or "") + (message.get("content") or "")
    said.reasoning += (event.get("thinking") or "") + (message.get("thinking") or "")
    said.finish = event.get("done_reason") or said.finish
    for call in message.get("tool_calls") or []:
        said.calls.append([call["function"]["name"], call["function"].get("arguments")])


def _add_gemini(candidate: Json, said: Said) -> None:
    for part in (candidate.get("content") or {}).get("parts") or []:
        if part.get("thought"):
            said.reasoning += part.get("text") or ""
        else:
            said.text += part.get("text") or ""
        if part.get("function_call"):
            said.calls.append([part["function_call"].get("name"), part["function_call"].get("args")])
    said.finish = candidate.get("finish_reason") or said.finish


def sse_events(lines: Sequence[str]) -> list[Json]:
    """The JSON of every `data:` line, in order; `[DONE]` left out."""
    texts = (line.removeprefix("data:").strip() for line in lines if line.startswith("data:"))
    return [json.loads(text) for text in texts if text and text != "[DONE]"]


def _as_anthropic_events(message: Json) -> Iterator[Json]:
    for index, block in enumerate(message.get("content") or []):
        yield {"type": "content_block_start", "index": index, "content_block": block}
    yield {"type": "message_delta", "delta": {"stop_reason": message.get("stop_reason")}}


def _add_anthropic(events: Sequence[Json] | Iterator[Json], said: Said) -> None:
    calls: dict[int, list[Json]] = {}
    for event in events:
        block = event.get("content_block") or event.get("delta") or {}
        said.text += block.get("text") or ""
        said.reasoning += block.get("thinking") or ""
        said.finish = block.get("stop_reason") or said.finish
        if event.get("type") == "content_block_start" and block.get("type") == "tool_use":
            calls[event["index"]] = [block.get("name"), block.get("input") or ""]
        if block.get("type") == "input_json_delta" and event["index"] in calls:
            calls[event["index"]][1] += block.get("partial_json") or ""
    said.calls = [[name, arguments or {}] for _, (name, arguments) in sorted(calls.items())]


def _as_interaction_events(interaction: Json) -> Iterator[Json]:
    for index, output in enumerate(interaction.get("outputs") or []):
        yield {"index": index, "content": output}


def _add_interactions(events: Sequence[Json] | Iterator[Json], said: Said) -> None:
    for event in events:
        part = event.get("content") or event.get("delta") or {}
        if part.get("type") == "text":
            said.text += part.get("text") or ""
        elif str(part.get("type", "")).startswith("thought"):
            summary = part.get("summary")
            said.reasoning += part.get("text") or (summary if isinstance(summary, str) else "")
        elif part.get("type") == "function_call" and part.get("name"):
            said.calls.append([part["name"], part.get("arguments")])


def openai_reply(chunks: Sequence[Json]) -> Reply:
    """What the openai SDK's own accumulator makes of `ChatCompletionChunk` data. Raises NotAcceptedError.

    The recorder writes a null for every key that a chunk did not have on the wire; the SDK asserts that the
    `type` of a tool call is not null. Where it refuses, `without_null` gives the chunks as the wire had them.
    """
    from openai.lib.streaming.chat import ChatCompletionStreamState
    from openai.types.chat import ChatCompletionChunk

    state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    try:
        for chunk in chunks:
            state.handle_chunk(ChatCompletionChunk.construct(**chunk))
        snapshot: Any = state.current_completion_snapshot
    except Exception as error:  # the SDK asserts, and trips over indexes and types
        raise NotAcceptedError(f"{type(error).__name__}: {error}") from error
    reply: Reply = {}
    for choice in snapshot.choices:
        message, extra = choice.message, choice.message.model_extra or {}
        reply[choice.index] = Said(
            text=message.content or "",
            reasoning=extra.get("reasoning_content") or extra.get("reasoning") or "",
            refusal=message.refusal or "",
            finish=choice.finish_reason or "",
            calls=[[call.function.name, call.function.arguments or ""] for call in message.tool_calls or []],
        )
    return reply


def reply_of(document: Json) -> Reply:
    """What the model said: by the SDK for chat streams that it accepts, else by plain concatenation."""
    if body_kind(document) == "chat-stream":
        chunks = [payload(chunk) for chunk in body_of(document)]
        for attempt in (chunks, without_null(chunks)):
            with suppress(NotAcceptedError):
                return openai_reply(attempt)
    return naive_reply(document)


def exception_of(document: Json) -> str:
    """The exception or failed status of a recording, comparable; empty where all went well."""
    response = document.get("response") or {}
    body, status = response.get("body"), response.get("status")
    error = body.get("error") if isinstance(body, dict) else None
    if not response.get("is_exception") and not error and (status is None or status < 400):
        return ""
    return canonical(
        [
            status,
            error,
            response.get("is_exception"),
            response.get("exception_message"),
            response.get("exception_data"),
        ]
    )


def meaning_differs(old: Json, new: Json) -> frozenset[str]:
    """The kinds in which two recordings say something else."""
    kinds = {"exception"} if exception_of(old) != exception_of(new) else set()
    if canonical(body_of(old)) != canonical(body_of(new)):
        before, after = reply_of(old), reply_of(new)
        for index in before.keys() | after.keys():
            one, two = before.get(index, Said()), after.get(index, Said())
            kinds |= {k for k in ("text", "reasoning", "refusal", "finish") if getattr(one, k) != getattr(two, k)}
            kinds |= {"tool"} if one.tools() != two.tools() else set()
    return frozenset(kinds)


# Noise alone: the two documents without what item 4 of the issue calls noise.


@dataclass(frozen=True)
class Lenience:
    """One step further than the letter of the issue; a pair that needs it is undecided for `reason`."""

    reason: str
    nested: bool = False  # a dict that holds only empty values counts as empty
    order: bool = False  # distinct values of a stream in any order
    arguments: bool = False  # tool arguments by their JSON value, not their text
    listings: bool = False  # times and ids inside lists of models, expiry times, dates in headers
    kept_ids: bool = False  # a renamed id that another recording of the test keeps in its request


STRICT = Lenience("")
LENIENT = (
    Lenience("a key that holds only empty values", nested=True),
    Lenience("the same values of a stream in another order", nested=True, order=True),
    Lenience("tool arguments written in another way", nested=True, arguments=True),
    Lenience("an id renamed here and kept in another request of the test", nested=True, kept_ids=True),
    Lenience("times and ids inside listings", nested=True, listings=True),
    Lenience("several of these", nested=True, order=True, arguments=True, listings=True, kept_ids=True),
)


def judge(pairs: Sequence[tuple[Json, Json]]) -> list[Verdict]:
    """A verdict for each pair of parsed recordings.

    Renamed ids are judged over all the pairs that have one test on their old side and one on their new. A pair
    of two different tests, which pairing alone brought together, says nothing of the ids in either.
    """
    renames = [_Renames() for _ in pairs]
    by_test: dict[tuple[str | None, str], _Renames] = {}
    for number, (old, new) in enumerate(pairs):
        test = test_id_of(new)
        if test is not None:
            renames[number] = by_test.setdefault((test_id_of(old), test), renames[number])
        renames[number].add(old, new)
    verdicts = []
    for (old, new), names in zip(pairs, renames, strict=True):
        kinds = meaning_differs(old, new)
        noise = _equal_but_noise(old, new, names, STRICT)
        reasons = () if noise or kinds else _open_reasons(old, new, names)
        if noise and kinds:  # the two halves of the oracle contradict each other: say neither
            verdicts.append(Verdict(frozenset(), False, (f"noise, yet differs in {', '.join(sorted(kinds))}",)))
        else:
            verdicts.append(Verdict(kinds, noise, reasons))
    return verdicts


def _open_reasons(old: Json, new: Json, names: _Renames) -> tuple[str, ...]:
    """Why a pair without a difference in meaning may be called noise by somebody else; () if by nobody."""
    if not _equal_but_noise(old, new, names, LENIENT[-1]):
        return ()
    return (next(step.reason for step in LENIENT if _equal_but_noise(old, new, names, step)),)


class _Renames:
    """Tool-call ids of one test, old to new, seen at the same place of both sides."""

    def __init__(self) -> None:
        self._old: dict[str, set[str]] = defaultdict(set)
        self._new: dict[str, set[str]] = defaultdict(set)
        self._kept: set[str] = set()

    def add(self, old: Json, new: Json) -> None:
        for part in ("response", "request"):
            before = [holder[key] for holder, key in _id_places(old.get(part))]
            after = [holder[key] for holder, key in _id_places(new.get(part))]
            if len(before) != len(after):
                continue
            for one, two in zip(before, after, strict=True):
                if part == "request" and one == two:
                    self._kept.add(one)
                    continue
                self._old[one].add(two)
                self._new[two].add(one)

    def get(self, name: str, kept_ids: bool) -> str:
        """The new name of an old id where the renaming is one to one, else the id itself."""
        names = self._old.get(name, set())
        if len(names) != 1 or (name in self._kept and not kept_ids):
            return name
        (renamed,) = names
        return renamed if len(self._new[renamed]) == 1 else name


def _id_places(value: Json) -> Iterator[tuple[Json, str]]:
    """Where tool-call ids stand: holder and key, in document order. Never inside text or arguments."""
    if isinstance(value, list):
        for item in value:
            yield from _id_places(item)
    elif isinstance(value, dict):
        is_call = "function" in value or value.get("type") in ("tool_use", "function_call")
        for key, item in value.items():
            if (key in _ID_KEYS or (key == "id" and is_call)) and isinstance(item, str) and item:
                yield value, key
            elif key not in ("arguments", "input", "args"):
                yield from _id_places(item)


def _equal_but_noise(old: Json, new: Json, names: _Renames, lenience: Lenience) -> bool:
    asked = [{key: value for key, value in document.items() if key != "response"} for document in (old, new)]
    return _same(asked[0], asked[1], names, lenience) and _same(old, new, names, lenience)


def _same(old: Json, new: Json, names: _Renames, lenience: Lenience) -> bool:
    one, two = _without_noise(old, lenience), _without_noise(new, lenience)
    for holder, key in list(_id_places(one)):
        holder[key] = names.get(holder[key], lenience.kept_ids)
    _equate_vectors(one, two)
    before, after = body_of(one), body_of(two)
    if isinstance(before, list) and isinstance(after, list) and canonical(before) != canonical(after):
        if body_kind(one) == "other" or body_kind(one) != body_kind(two):
            return False
        one["response"]["body"] = _collapsed(one, lenience)
        two["response"]["body"] = _collapsed(two, lenience)
    return canonical(without_empty(one, lenience.nested)) == canonical(without_empty(two, lenience.nested))


def without_empty(value: Json, nested: bool = False) -> Json:
    """A copy without the keys that hold null, "", [] or {}; with `nested` also those that become so."""
    if isinstance(value, list):
        return [without_empty(item, nested) for item in value]
    if not isinstance(value, dict):
        return value
    pairs = [(key, item, without_empty(item, nested)) for key, item in value.items()]
    return {key: copy for key, item, copy in pairs if not _empty(copy if nested else item)}


def _empty(value: Json) -> bool:
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def _without_noise(document: Json, lenience: Lenience) -> Json:
    """A copy of a recording without ids, times, durations and what else the issue names."""
    copy: Json = json.loads(json.dumps(document))
    copy.pop("id_normalization_mapping", None)
    body = body_of(copy)
    if isinstance(body, list) and body and isinstance(body[0], str):
        body = copy["response"]["body"] = sse_events(body)
    for event in body if isinstance(body, list) else [body]:
        _strip_event(payload(event), type_name(event))
    if lenience.arguments:
        whole = [copy.get("request"), None if isinstance(body, list) else body]  # no fragments of a stream
        for holder in _holders_of(whole, "arguments"):
            holder["arguments"] = parsed(holder["arguments"])
    if lenience.listings:
        for key in (*_TIMES, "expires_at", "modified_at", "updated", "Date"):
            for holder in _holders_of(copy.get("response"), key):
                del holder[key]
        for holder in _holders_of(copy.get("response"), "permission"):
            for permission in holder["permission"] or []:
                permission.pop("id", None)
    return copy


def _strip_event(event: Json, name: str) -> None:
    if not isinstance(event, dict):
        return
    message = event.get("message") if event.get("type") == "message_start" else event.get("interaction")
    if name in _ANSWERS or "candidates" in event or event.get("type") == "message" or "outputs" in event:
        _drop(event, _ENVELOPE | {"id", "response_id"})
    elif name in _OLLAMA:
        _drop(event, _TIMES | _DURATIONS)
    elif isinstance(message, dict):
        _drop(message, {"id", "created", "updated"})
    event.pop("interaction_id", None)
    for choice in event.get("choices") or []:
        delta = choice.get("delta")
        _drop(choice, {"seed", "token_id"})
        if isinstance(delta, dict):
            _drop(delta, {"token_id"})
            if "text" in choice and choice["text"] == (delta.get("content") or ""):
                del choice["text"]


def _drop(holder: Json, keys: frozenset[str] | set[str]) -> None:
    for key in keys & holder.keys():
        del holder[key]


def _holders_of(value: Json, key: str) -> Iterator[Json]:
    if isinstance(value, list):
        for item in value:
            yield from _holders_of(item, key)
    elif isinstance(value, dict):
        for item in list(value.values()):
            yield from _holders_of(item, key)
        if key in value:
            yield value


def _collapsed(document: Json, lenience: Lenience) -> Json:
    """A stream without its chunk boundaries: what was said, and each distinct value of all else."""
    body = body_of(document)
    said = {str(index): dict(vars(choice)) for index, choice in naive_reply(_relined(document)).items()}
    if lenience.arguments:
        for choice in said.values():
            choice["calls"] = [[name, parsed(arguments)] for name, arguments in choice["calls"]]
    ids = [holder[key] for holder, key in _id_places(body)]
    rest: dict[str, list[str]] = defaultdict(list)
    logprobs: dict[str, list[Json]] = defaultdict(list)
    for event in body:
        for path, value in _leaves(payload(event), ""):
            if _empty(value) or _is_said(path):
                continue
            if "/logprobs/" in path:
                logprobs[path].append(value)
            elif canonical(value) not in rest[path]:
                rest[path].append(canonical(value))
    if lenience.order:
        rest = defaultdict(list, {path: sorted(values) for path, values in rest.items()})
    types = sorted({type_name(event) for event in body})
    return {"said": said, "ids": ids, "rest": rest, "logprobs": logprobs, "types": types}


def _relined(document: Json) -> Json:
    """The document with SSE events as lines again, which is what `naive_reply` reads."""
    body = body_of(document)
    if body and isinstance(body[0], dict) and ("event_type" in body[0] or body[0].get("type") == "message_start"):
        lines = ["data: " + json.dumps(event) for event in body]
        return {**document, "response": {**document["response"], "body": lines}}
    return document


def _is_said(path: str) -> bool:
    """Whether a leaf of a stream is part of what `Said` holds already, or counts chunks."""
    last = path.rsplit("/", 1)[-1]
    if any(holder in path for holder in ("/delta/", "/parts/", "/message/", "/content_block/")):
        return last in _SAID
    return last in ("text", "response", "thinking", "finish_reason", "done_reason", "stop_reason", "done")


def _leaves(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Leaves with a path in which a list's position is the item's own index, else a star."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}/{key}")
    elif isinstance(value, list) and value:
        for item in value:
            index = item.get("index", "*") if isinstance(item, dict) else "*"
            yield from _leaves(item, f"{path}/{index}")
    else:
        yield path, value


def _equate_vectors(old: Json, new: Json) -> None:
    """Give the new side the old side's vectors where they are within tolerance; changes it in place."""
    before, after = payload(body_of(old)), payload(body_of(new))
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return
    for one, two in zip(before.get("data") or [], after.get("data") or [], strict=False):
        if isinstance(one, dict) and isinstance(two, dict) and close(one.get("embedding"), two.get("embedding")):
            two["embedding"] = one["embedding"]
    if isinstance(before.get("embeddings"), list) and isinstance(after.get("embeddings"), list):
        vectors = zip(before["embeddings"], after["embeddings"], strict=False)
        for number, (one, two) in enumerate(vectors):
            if close(one, two):
                after["embeddings"][number] = one


def close(one: Json, two: Json) -> bool:
    """Whether two vectors (lists, or base64 of float32) agree: 1 − cosine ≤ 1e-5, difference ≤ 1e-3."""
    first, second = _vector(one), _vector(two)
    if not first or len(first) != len(second):
        return False
    lengths = math.hypot(*first) * math.hypot(*second)
    if not lengths or max(abs(a - b) for a, b in zip(first, second, strict=True)) > 1e-3:
        return False
    return 1 - sum(a * b for a, b in zip(first, second, strict=True)) / lengths <= 1e-5


def _vector(value: Json) -> list[float]:
    if isinstance(value, str):
        try:
            raw = base64.b64decode(value, validate=True)
        except ValueError:
            return []
        return [float(number) for number in struct.unpack(f"<{len(raw) // 4}f", raw[: len(raw) // 4 * 4])]
    if isinstance(value, list) and all(isinstance(number, (int, float)) for number in value):
        return [float(number) for number in value]
    return []


# Pairing.


def request_key(document: Json, nulls_only: bool = False) -> str:
    """Equal for equal requests: endpoint, else tool name or url, and body, apart from ids and null keys.

    A key that holds "", [] or {} counts as null, unless `nulls_only`.
    """
    request = document.get("request") or {}
    where = request.get("endpoint") or request.get("tool_name") or request.get("url") or request.get("api")
    asked = next((request[key] for key in ("body", "kwargs", "payload") if key in request), None)
    if asked is None:
        asked = {key: request[key] for key in ("provider", "file_id") if key in request}
    copy = json.loads(json.dumps(asked))
    copy = without_null(copy) if nulls_only else without_empty(copy)
    numbers: dict[str, int] = {}
    for holder, key in list(_id_places(copy)):
        holder[key] = f"id {numbers.setdefault(holder[key], len(numbers))}"
    return canonical([where, copy])


def without_null(value: Json) -> Json:
    """A copy without the keys that hold null."""
    if isinstance(value, list):
        return [without_null(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: without_null(item) for key, item in value.items() if item is not None}


def equal_request_pairs(old_files: Mapping[str, Json], new_files: Mapping[str, Json]) -> set[tuple[str, str]]:
    """Every (deleted, added) pair of paths with equal requests where exactly one of each has that request.

    "Null keys" can be read in two ways; a pair is in only where it is unique under both.
    """
    return _unique_pairs(old_files, new_files, True) & _unique_pairs(old_files, new_files, False)


def arguable_request_pairs(old_files: Mapping[str, Json], new_files: Mapping[str, Json]) -> set[tuple[str, str]]:
    """The pairs that are unique under one reading of "null keys" alone."""
    return _unique_pairs(old_files, new_files, True) ^ _unique_pairs(old_files, new_files, False)


def _unique_pairs(
    old_files: Mapping[str, Json], new_files: Mapping[str, Json], nulls_only: bool
) -> set[tuple[str, str]]:
    deleted = {path: request_key(item, nulls_only) for path, item in old_files.items() if path not in new_files}
    added = {path: request_key(item, nulls_only) for path, item in new_files.items() if path not in old_files}
    times_old, times_new = Counter(deleted.values()), Counter(added.values())
    unique = {request: path for path, request in added.items() if times_new[request] == 1}
    return {(path, unique[r]) for path, r in deleted.items() if times_old[r] == 1 and r in unique}
