"""What pairing looks at: the traits of one recording that has no other side at its own path."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from recdiff.comparing.alignment import essence
from recdiff.jsonvalue import Json, is_empty, token_of
from recdiff.model import Recording, Request, Response
from recdiff.testids import split_test_id
from recdiff.views import MESSAGES, turns_of

_DEFINITIONS = frozenset(("tools", "functions", "response_format"))

_CLOCKED = frozenset(("created", "created_at", "modified_at", "updated", "updated_at", "expires_at", "permission"))
"""Keys of a list of models that differ without its models being others."""

_HEAD, _TAIL = 800, 1_600
"""Characters of a request's beginning and end that its likeness is judged by: a conversation differs at its end."""


class Traits(NamedTuple):
    """One recording, as pairing sees it. `exact` is the canonical request, `equal` the one without ids and nulls.

    `path_asked` is `where` without a host; `models` is what a list of models answered, without its times.
    """

    path: str
    test_id: str | None
    function: str | None
    bare_function: str | None
    parameters: str
    where: str
    host: str
    path_asked: str
    model: str
    is_model_list: bool
    models: bytes
    exact: bytes
    equal: bytes
    turns: int
    text: str


def traits_of(recording: Recording) -> Traits:
    """The traits of a recording's first interaction."""
    request = recording.interactions[0].request if recording.interactions else Request({}, {})
    view = request.view
    body = view.get("body")
    url = str(view.get("url") or "")
    where = str(view.get("endpoint") or view.get("tool_name") or url)
    beside: dict[str, Json] = {
        key: view[key] for key in ("provider", "api", "file_id") if key in view and not view.get("tool_name")
    }
    core: dict[str, Json] = {"body": body}
    core.update(beside if body is None else {})
    equal = essence(core)
    function, parameters = split_test_id(recording.test_id)
    is_model_list = is_empty(body) and bool(re.search(r"/(?:models|tags|ps)$", where))
    return Traits(
        path=recording.path,
        test_id=recording.test_id,
        function=function,
        bare_function=function.rsplit("::", 1)[-1] if function else None,
        parameters=parameters,
        where=where,
        host=_host(url),
        path_asked=where.partition(_host(where))[2] if _host(where) else where,
        model=str(view.get("model") or ""),
        is_model_list=is_model_list,
        models=_models(recording.interactions[0].response) if is_model_list else b"",
        exact=token_of([where, core]),
        equal=token_of([where, equal]),
        turns=turns_of(body),
        text=_ends("\n".join(_strings(_without_definitions(equal)))),
    )


def _models(response: Response) -> bytes:
    """What a list of models says, or the error in its place, without what is drawn or clocked for every response."""
    said: list[Json] = [_without_clocks(event.payload) for event in response.events]
    return token_of([response.status, response.error, said])


def _without_clocks(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_clocks(item) for key, item in value.items() if key not in _CLOCKED and not is_empty(item)}
    return [_without_clocks(item) for item in value] if isinstance(value, list) else value


def _without_definitions(core: Json) -> Json:
    """A request without its tool definitions, which say the same in every turn."""
    body = core.get("body") if isinstance(core, dict) else None
    if not isinstance(body, dict):
        return core
    return {key: value for key, value in body.items() if key not in _DEFINITIONS}


def _ends(text: str) -> str:
    return text if len(text) <= _HEAD + _TAIL else text[:_HEAD] + text[-_TAIL:]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _strings(value: Json) -> list[str]:
    """Every scalar as text, what is said before the parameters; keys are alike in all requests and tell nothing."""
    found: list[str] = []
    _collect(value, found)
    return found


def _collect(value: Json, found: list[str]) -> None:
    if isinstance(value, dict):
        for _, item in sorted(value.items(), key=_said_first):
            _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)
    elif value is not None:
        found.append(value if isinstance(value, str) else str(value))


def _said_first(entry: tuple[str, Json]) -> tuple[bool, str]:
    return entry[0] not in MESSAGES, entry[0]
