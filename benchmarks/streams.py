"""Whether recdiff collapses a stream to what the provider's own SDK makes of it.

    python -m benchmarks.streams [--corpus DIR]

Every stream of the OGX cases and of protocols/ is shown by `recdiff show --format json`, and compared with
the openai and anthropic SDKs' accumulators; Ollama, Gemini and text completions with a plain concatenation of
what their SDK's types parsed. Text, reasoning, refusal, tool calls and finish reason must be equal.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

from benchmarks import CORPUS, RunError, oracle, run_recdiff, table
from benchmarks.oracle import NotAcceptedError, Reply, Said

Json: TypeAlias = Any
BATCH = 200  # files in one run of recdiff


@dataclass
class Tally:
    """Streams of one kind. `accepted` counts them by how the SDK took them, `refused` by its reason."""

    agree: int = 0
    differ: list[str] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def chat_reply(document: Json) -> tuple[str, Reply]:
    """A chat stream by the openai SDK's accumulator. Raises NotAcceptedError."""
    chunks = [oracle.payload(chunk) for chunk in oracle.body_of(document)]
    try:
        return "as recorded", oracle.openai_reply(chunks)
    except NotAcceptedError:
        return "without null keys", oracle.openai_reply(oracle.without_null(chunks))


def completion_reply(document: Json) -> tuple[str, Reply]:
    """A text completion stream, parsed by the openai SDK's type and concatenated. Raises NotAcceptedError."""
    from openai.types import Completion

    return "types", _parsed(document, lambda event: Completion.construct(**event).to_dict(mode="json"))


def ollama_reply(document: Json) -> tuple[str, Reply]:
    """An Ollama stream, parsed by the SDK's types and concatenated. Raises NotAcceptedError."""
    from ollama import ChatResponse, GenerateResponse

    chat = "message" in oracle.payload(oracle.body_of(document)[0])
    parse = ChatResponse.model_validate if chat else GenerateResponse.model_validate
    return "types", _parsed(document, lambda event: parse(event).model_dump(mode="json"))


def gemini_reply(document: Json) -> tuple[str, Reply]:
    """Gemini content chunks, parsed by the SDK's type and concatenated. Raises NotAcceptedError."""
    from google.genai.types import GenerateContentResponse

    return "types", _parsed(
        document, lambda event: GenerateContentResponse.model_validate(event).model_dump(mode="json")
    )


def interactions_reply(document: Json) -> tuple[str, Reply]:
    """Gemini interactions, by plain concatenation: SDKs of today have types for later events only."""
    return "no SDK", oracle.naive_reply(document)


def anthropic_reply(document: Json) -> tuple[str, Reply]:
    """Anthropic message events by the anthropic SDK's accumulator. Raises NotAcceptedError."""
    from anthropic.lib.streaming._messages import accumulate_event

    accumulate = cast(Callable[..., Any], accumulate_event)
    message, buffers = None, dict[int, bytes]()
    try:
        for event in oracle.sse_events(oracle.body_of(document)):
            message = accumulate(event=event, current_snapshot=message, json_bufs=buffers)
    except Exception as error:  # the SDK raises what it finds
        raise NotAcceptedError(f"{type(error).__name__}: {error}") from error
    if message is None:
        raise NotAcceptedError("no event")
    said = Said(finish=message.stop_reason or "")
    for block in message.content:
        said.text += block.text if block.type == "text" else ""
        said.reasoning += block.thinking if block.type == "thinking" else ""
        if block.type == "tool_use":
            said.calls.append([block.name, block.input])
    return "accumulator", {0: said}


def _parsed(document: Json, parse: Callable[[Json], Json]) -> Reply:
    try:
        events = [parse(oracle.payload(event)) for event in oracle.body_of(document)]
    except Exception as error:  # pydantic's ValidationError, for the most part
        raise NotAcceptedError(f"{type(error).__name__}: {str(error).splitlines()[0]}") from error
    typed = [
        {**event, "__data__": data} if "__data__" in event else data
        for event, data in zip(oracle.body_of(document), events, strict=True)
    ]
    return oracle.naive_reply({"response": {"body": typed}})


SDKS: Mapping[str, Callable[[Json], tuple[str, Reply]]] = {
    "chat-stream": chat_reply,
    "Completion-stream": completion_reply,
    "ollama-stream": ollama_reply,
    "anthropic-sse": anthropic_reply,
    "gemini-stream": gemini_reply,
    "interactions-sse": interactions_reply,
}


def streams(corpus: Path) -> Iterator[tuple[Path, str, Json]]:
    """Every recorded stream: its file, its kind, the parsed recording."""
    for path in sorted((*(corpus / "ogx").rglob("*.json"), *(corpus / "protocols").rglob("*.json"))):
        try:
            document = json.loads(path.read_bytes())
        except ValueError:
            continue
        if isinstance(document, dict) and isinstance(document.get("response"), dict):
            kind = oracle.body_kind(document)
            if kind in SDKS:
                yield path, kind, document


def shown(paths: Sequence[Path], folder: Path) -> dict[Path, Json]:
    """What `recdiff show` prints for each file. Raises RunError."""
    lines: dict[Path, Json] = {}
    for start in range(0, len(paths), BATCH):
        batch = paths[start : start + BATCH]
        output = run_recdiff(["show", "--format", "json", *map(str, batch)], folder)
        for line in output.decode("utf-8").splitlines():
            record = json.loads(line)
            lines[Path(record["path"])] = record
    return lines


def difference(kind: str, wanted: Reply, record: Json | None) -> str:
    """The first thing in which recdiff's line for a file differs from what the SDK says; empty for none."""
    if record is None:
        return "no line"
    if not record.get("interactions"):
        return f"no interaction; error {record.get('error')}"
    reply = record["interactions"][0]["response"]["reply"]
    if reply is None:
        return "no reply"
    choices = {choice["index"]: choice for choice in reply["choices"]}
    for index in sorted(wanted.keys() | choices.keys()):
        said, choice = wanted.get(index, Said()), choices.get(index)
        if choice is None:
            if said != Said():
                return f"choice {index} is missing"
            continue
        for name, value in (("text", said.text), ("reasoning", said.reasoning), ("refusal", said.refusal)):
            if (choice[name] or "") != value:
                return f"{name}: {(choice[name] or '')[-60:]!r}, wanted {value[-60:]!r}"
        calls = [[call["name"], _plain(call["arguments"])] for call in choice["tool_calls"]]
        if oracle.canonical(calls) != oracle.canonical([[name, _plain(a)] for name, a in said.calls]):
            return f"tool calls: {str(calls)[:80]}, wanted {str(said.calls)[:80]}"
        finish = choice["finish_reason"] or ""
        if kind == "gemini-stream":
            finish, said.finish = finish.casefold(), said.finish.casefold()
        if kind != "interactions-sse" and finish != said.finish:
            return f"finish reason: {finish!r}, wanted {said.finish!r}"
    return ""


def _plain(arguments: Json) -> Json:
    """Tool arguments as a JSON value where they parse; a missing one is the empty text."""
    return oracle.parsed("" if arguments is None else arguments)


def compare(corpus: Path, kinds: Sequence[str] = tuple(SDKS)) -> dict[str, Tally]:
    """Every stream of the corpus of these kinds, by kind. Raises RunError."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    wanted: dict[Path, tuple[str, Reply]] = {}
    for path, kind, document in streams(corpus):
        if kind not in kinds:
            continue
        try:
            how, reply = SDKS[kind](document)
        except NotAcceptedError as error:
            tallies[kind].refused[str(error)[:100]] += 1
        else:
            tallies[kind].accepted[how] += 1
            wanted[path] = kind, reply
    records = shown([path.resolve() for path in wanted], corpus)
    for path, (kind, reply) in wanted.items():
        found = difference(kind, reply, records.get(path.resolve()))
        if found:
            tallies[kind].differ.append(f"{path.relative_to(corpus)}: {found}")
        else:
            tallies[kind].agree += 1
    return dict(tallies)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streams", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder that holds ogx/ and protocols/")
    options = parser.parse_args()
    tallies = compare(options.corpus)
    rows = [
        (
            kind, str(tally.agree), str(len(tally.differ)), str(tally.refused.total()),
            ", ".join(f"{n} {how}" for how, n in tally.accepted.most_common()),
        )
        for kind, tally in sorted(tallies.items())
    ]  # fmt: skip
    print(table(("streams", "agree", "differ", "refused by the SDK", "accepted"), rows))
    for kind, tally in sorted(tallies.items()):
        for reason, count in tally.refused.most_common():
            print(f"\nrefused: {count} {kind}: {reason}")
        for place in tally.differ[:20]:
            print(f"\nFAIL {kind}: {place}")
    return 0 if tallies and not any(tally.differ for tally in tallies.values()) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunError as error:
        sys.exit(str(error))
