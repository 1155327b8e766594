"""One recording as text for people: what was asked, how it came out, without what belongs to the wire alone."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.jsonvalue import Json, canonical, is_empty
from recdiff.reports.paint import Paint
from recdiff.safe import visible

_SAID = ("content", "text", "parts", "input_text", "output")


def lines(view: dict[str, Json], paint: Paint) -> Iterator[str]:
    """A recording's view (as `recdiff show --format json` prints it) as lines without newlines."""
    yield paint("heading", visible(str(view["path"])))
    if view.get("error"):
        yield f"  {paint('error', 'unreadable')} {visible(str(view['error']))}"
    if view.get("test_id"):
        yield f"  test      {visible(str(view['test_id']))}"
    interactions = view.get("interactions")
    for interaction in interactions if isinstance(interactions, list) else []:
        if isinstance(interaction, dict):
            yield from _request(interaction.get("request"), paint)
            yield from _response(interaction.get("response"), paint)
    for key, value in _items(view.get("extra")):
        yield f"  {visible(key)}  {_brief(value)}"


def _items(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from value.items()


def _request(request: Json, paint: Paint) -> Iterator[str]:
    if not isinstance(request, dict):
        return
    where = " ".join(str(request[key]) for key in ("method", "url", "tool_name") if request.get(key))
    yield f"  {paint('request', 'request')}   {visible(where)}"
    if request.get("model"):
        yield f"    model   {visible(str(request['model']))}"
    body = request.get("body")
    for key, value in _items(body):
        if key in ("messages", "contents", "input") and isinstance(value, list):
            yield from (line for item in value for line in _message(item, paint))
        elif key != "model" and not is_empty(value):
            yield f"    {visible(key)}  {_brief(value)}"
    for key, value in request.items():
        if key not in ("method", "url", "tool_name", "model", "body", "endpoint", "test_id") and not is_empty(value):
            yield f"    {visible(key)}  {_brief(value)}"


def _message(message: Json, paint: Paint) -> Iterator[str]:
    if not isinstance(message, dict):
        yield f"    {paint('faint', '·')} {_brief(message)}"
        return
    role = str(message.get("role") or message.get("type") or "")
    said = next((message[key] for key in _SAID if not is_empty(message.get(key))), None)
    if said is not None:
        yield f"    {paint('heading', visible(role))}: {_said(said)}"
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            yield f"    {paint('heading', visible(role))} → {visible(str(function.get('name')))}" + (
                f"({_brief(function.get('arguments'))})"
            )


def _said(value: Json) -> str:
    if isinstance(value, list):
        return " ".join(map(_said, value))
    if isinstance(value, dict):
        return next((_said(value[key]) for key in _SAID if key in value), _brief(value))
    return _brief(value)


def _response(response: Json, paint: Paint) -> Iterator[str]:
    if not isinstance(response, dict):
        return
    how = f"streamed, {response.get('events')} events" if response.get("streamed") else "single"
    told = [str(part) for part in (response.get("protocol"), response.get("status"), how) if part]
    yield f"  {paint('request', 'response')}  {visible(', '.join(told))}"
    error, reply, body = response.get("error"), response.get("reply"), response.get("body")
    if error is not None:
        yield f"    {paint('error', 'exception')} {_brief(error.get('message') if isinstance(error, dict) else error)}"
    if isinstance(reply, dict):
        yield from _reply(reply, paint)
    if not is_empty(body):
        yield f"    body  {_brief(body)}"


def _reply(reply: dict[str, Json], paint: Paint) -> Iterator[str]:
    if reply.get("model"):
        yield f"    model   {_brief(reply['model'])}"
    choices = reply.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        if not isinstance(choice, dict):
            continue
        for key in ("reasoning", "text", "refusal"):
            if choice.get(key):
                yield f"    {paint('text', key)}  {_brief(choice[key])}"
        calls = choice.get("tool_calls")
        for call in calls if isinstance(calls, list) else []:
            if isinstance(call, dict):
                yield f"    {paint('tool', 'tool')}  {visible(str(call.get('name')))}({_brief(call.get('arguments'))})"
        yield f"    {paint('finish', 'finish')}  {_brief(choice.get('finish_reason'))}"
    if not is_empty(reply.get("usage")):
        yield f"    {paint('minor', 'usage')}  {_brief(reply.get('usage'))}"


def _brief(value: Json) -> str:
    if isinstance(value, str):
        return visible(value)
    return visible(canonical(value).decode("utf-8", "replace"))
