"""A recording in two lines: what was asked and how it came out, for recordings that have no other side."""

from __future__ import annotations

from recdiff.jsonvalue import Json, canonical, is_empty
from recdiff.model import Recording, Request, Synopsis
from recdiff.views import interaction_view

_LONGEST = 400
"""Characters kept of what was asked or answered; a face shows fewer."""

_MOST_TALK = frozenset(("user", "human", "tool", "function"))
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
        asked=_asked(request)[:_LONGEST],
        outcome=outcome[:_LONGEST],
        marks=marks,
    )


def _asked(request: Request) -> str:
    body = request.view.get("body")
    if request.view.get("tool_name"):
        return f"{request.view['tool_name']}({_brief(body)})"
    if not isinstance(body, dict):
        return _brief(body)
    for key in ("messages", "contents", "input", "prompt", "query"):
        if key in body:
            return _last_said(body[key])
    return _brief(body)


def _last_said(value: Json) -> str:
    """The last thing that a user or a tool said, or the prompt itself."""
    if isinstance(value, list):
        said = [item for item in value if isinstance(item, dict) and str(item.get("role")) in _MOST_TALK]
        if said:
            return _text_of(said[-1])
        return ", ".join(_text_of(item) for item in value[:3]) + (", …" if len(value) > 3 else "")
    return _text_of(value)


def _text_of(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(filter(None, map(_text_of, value)))
    if isinstance(value, dict):
        for key in ("content", "text", "parts", "output", "input_text"):
            if not is_empty(value.get(key)):
                return _text_of(value[key])
        return _brief(value) if "role" not in value else ""
    return "" if value is None else str(value)


def _outcome(response: dict[str, Json]) -> tuple[str, tuple[str, ...]]:
    error, reply = response.get("error"), response.get("reply")
    status = response.get("status")
    if error is not None:
        message = error.get("message") if isinstance(error, dict) else None
        return f"exception: {message or _brief(error)}", ("exception",)
    if isinstance(status, int) and status >= 400:
        return f"status {status}: {_brief(response.get('body'))}", ("exception",)
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
                parts.append(f"→ {call.get('name')}({_brief(call.get('arguments'))})")
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
    return _brief(body), ()


def _plural(count: int, nouns: str) -> str:
    return f"{count} {nouns.removesuffix('s') if count == 1 else nouns}"


def _has_vectors(items: list[Json]) -> bool:
    return any(isinstance(item, list) or (isinstance(item, dict) and "embedding" in item) for item in items)


def _brief(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ", ".join(
            f"{key}: {_brief(item) if not isinstance(item, str) else repr(item)}" for key, item in value.items()
        )
    return "" if value is None else canonical(value).decode("utf-8", "replace")
