"""Replies, whatever protocol they came in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Call:
    """One tool that the model wants to have called. `arguments` is JSON text."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Reply:
    """What a model said, and which tools it wants."""

    text: str = ""
    calls: list[Call] = field(default_factory=list)


def read_chat(answer: Any) -> Reply:
    """A chat completion, or its chunks (nothing asks for tools in a stream)."""
    reply = Reply()
    for payload in answer if isinstance(answer, list) else [answer]:
        for choice in payload["choices"]:
            part = choice.get("delta") or choice.get("message") or {}
            reply.text += part.get("content") or ""
            for call in part.get("tool_calls") or ():
                function = call["function"]
                reply.calls.append(Call(call["id"], function["name"], function["arguments"]))
    return reply


def read_messages(lines: list[str]) -> Reply:
    """Server-sent events of the Messages API."""
    reply = Reply()
    for line in lines:
        if not line.startswith("data: "):
            continue
        event = json.loads(line.removeprefix("data: "))
        block, delta = event.get("content_block", {}), event.get("delta", {})
        if block.get("type") == "tool_use":
            reply.calls.append(Call(block["id"], block["name"]))
        reply.text += delta.get("text", "")
        if "partial_json" in delta:
            reply.calls[-1].arguments += delta["partial_json"]
    return reply


def read_content(chunks: list[dict[str, Any]]) -> Reply:
    """Chunks of generate_content_stream."""
    parts = [
        part for chunk in chunks for candidate in chunk["candidates"] for part in candidate["content"].get("parts", ())
    ]
    return Reply("".join(part.get("text", "") for part in parts))
