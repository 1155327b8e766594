"""Protocols: from events to a reply. An explicit registry, asked in order; none knows a container or a rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from recdiff.jsonvalue import Json
from recdiff.model import Event, Request, Response
from recdiff.protocols import anthropic, gemini, gemini_interactions, ollama, openai
from recdiff.protocols.slots import Collapsed

Collapse: TypeAlias = Callable[[Sequence[Event]], Collapsed]


class Protocol(NamedTuple):
    """A provider's API: its name, the SDK types that tell it, how its payloads look, and how they collapse."""

    name: str
    types: frozenset[str]
    looks: Callable[[dict[str, Json]], bool]
    collapse: Collapse


def _object_is(*names: str) -> Callable[[dict[str, Json]], bool]:
    return lambda payload: payload.get("object") in names


def _looks_anthropic(payload: dict[str, Json]) -> bool:
    kind = payload.get("type")
    return kind == "message_start" or (kind == "message" and "content" in payload and "role" in payload)


def _looks_interaction(payload: dict[str, Json]) -> bool:
    return payload.get("object") == "interaction" or str(payload.get("event_type")).startswith("interaction.")


def _looks_gemini(payload: dict[str, Json]) -> bool:
    return "candidates" in payload and not payload.keys().isdisjoint(
        ("model_version", "modelVersion", "usage_metadata", "usageMetadata")
    )


def _looks_ollama(key: str) -> Callable[[dict[str, Json]], bool]:
    return lambda payload: "done" in payload and "model" in payload and key in payload


REGISTRY: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        Protocol(
            "openai-chat",
            frozenset(("ChatCompletionChunk", "ChatCompletion")),
            _object_is("chat.completion", "chat.completion.chunk"),
            openai.collapse,
        ),
        Protocol(
            "openai-completions",
            frozenset(("Completion",)),
            _object_is("text_completion", "text.completion", "completion.chunk"),
            openai.collapse,
        ),
        Protocol("ollama-chat", frozenset(("ChatResponse",)), _looks_ollama("message"), ollama.collapse),
        Protocol("ollama-generate", frozenset(("GenerateResponse",)), _looks_ollama("response"), ollama.collapse),
        Protocol("anthropic-messages", frozenset(), _looks_anthropic, anthropic.collapse),
        Protocol("gemini-content", frozenset(), _looks_gemini, gemini.collapse),
        Protocol("gemini-interactions", frozenset(), _looks_interaction, gemini_interactions.collapse),
    )
}
"""Every protocol by its name; the order is the order in which they are asked."""


def protocol_of(request: Request, response: Response) -> Protocol | None:
    """The protocol that a response speaks: by its SDK type, else by the look of its first payloads, else None.

    An error body speaks none: it is compared as it stands.
    """
    for name in dict.fromkeys(spelled.rsplit(".", 1)[-1] for spelled in response.types):
        for protocol in REGISTRY.values():
            if name in protocol.types:
                return protocol
    if response.shape == "none" or (response.status is not None and response.status >= 400):
        return None
    endpoint = str(request.view.get("endpoint") or request.view.get("url") or "")
    for event in response.events[:3]:
        payload = event.payload
        if not isinstance(payload, dict) or payload.get("type") == "error":
            continue
        for protocol in REGISTRY.values():
            if protocol.looks(payload):
                return protocol
        if "choices" in payload and endpoint.endswith("/completions"):
            return REGISTRY["openai-chat" if "/chat/" in endpoint else "openai-completions"]
    return None
