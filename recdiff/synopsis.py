"""A recording in two lines: what was asked and how it came out, for recordings that have no other side."""

from __future__ import annotations

from recdiff.asked import LONGEST, asked_of, brief
from recdiff.jsonvalue import Json, is_empty
from recdiff.model import Recording, Synopsis
from recdiff.views import interaction_view

_LENGTH = frozenset(("length", "max_tokens", "MAX_TOKENS", "incomplete"))


def synopsis_of(recording: Recording) -> Synopsis:
    """The first interaction's question and outcome, and the marks that a reviewer must not miss."""
    if not recording.interactions:
        return Synopsis("", "", "", "no interaction")
    interaction = recording.interactions[0]
    request = interaction.request
    response = interaction_view(interaction)["response"]
    assert isinstance(response, dict)
    outcome, marks = _outcome(response)
    return Synopsis(
        endpoint=str(request.view.get("endpoint") or request.view.get("tool_name") or request.view.get("url") or ""),
        model=str(request.view.get("model") or ""),
        asked=asked_of(recording),
        outcome=outcome[:LONGEST],
        marks=marks,
    )


def _outcome(response: dict[str, Json]) -> tuple[str, tuple[str, ...]]:
    error, reply = response.get("error"), response.get("reply")
    status = response.get("status")
    if error is not None:
        message = error.get("message") if isinstance(error, dict) else None
        return f"exception: {message or brief(error)}", ("exception",)
    if isinstance(status, int) and status >= 400:
        return f"status {status}: {brief(response.get('body'))}", ("exception",)
    if isinstance(reply, dict):
        return _reply_outcome(reply)
    return _body_outcome(response.get("body"))


def _reply_outcome(reply: dict[str, Json]) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []
    marks: list[str] = []
    choices = reply.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        if not isinstance(choice, dict):
            continue
        calls = choice.get("tool_calls")
        for call in calls if isinstance(calls, list) else []:
            if isinstance(call, dict):
                parts.append(f"→ {call.get('name')}({brief(call.get('arguments'))})")
        for key in ("text", "refusal"):
            if choice.get(key):
                parts.append(str(choice[key]))
        finish = choice.get("finish_reason")
        if finish is None or str(finish) in _LENGTH:
            parts.append(f"[{finish or 'no finish reason'}]")
            marks.append("broken off" if finish is None else "length")
        if not calls and not choice.get("text") and not choice.get("refusal"):
            marks.append("empty")
    if not parts and "empty" not in marks:
        marks.append("empty")
    return " · ".join(parts) or "no text", tuple(dict.fromkeys(marks))


def _body_outcome(body: Json) -> tuple[str, tuple[str, ...]]:
    if is_empty(body):
        return "nothing", ("empty",)
    if isinstance(body, list):
        return _plural(len(body), "items"), ()
    if isinstance(body, dict):
        for key, noun in (
            ("data", "vectors"),
            ("embeddings", "vectors"),
            ("models", "models"),
            ("chunks", "chunks"),
        ):
            items = body.get(key)
            if isinstance(items, list):
                return _plural(len(items), noun if noun != "vectors" or _has_vectors(items) else "items"), ()
        if isinstance(body.get("content"), str):
            return str(body["content"]), ()
    return brief(body), ()


def _plural(count: int, nouns: str) -> str:
    return f"{count} {nouns.removesuffix('s') if count == 1 else nouns}"


def _has_vectors(items: list[Json]) -> bool:
    return any(isinstance(item, list) or (isinstance(item, dict) and "embedding" in item) for item in items)
