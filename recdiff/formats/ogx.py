"""OGX (formerly llama-stack) recordings: one interaction a file, as JSON.

Source of the format: `api_recorder.py` of llama-stack 0.2 to 0.5 and of OGX, 2025-08 to 2026-06. A recording holds
`request` (SDK calls: `method`, `url`, `endpoint`, `model`, `headers`, `body`; HTTP calls: `method`, `url`, `payload`;
tools: `provider`, `tool_name`, `kwargs`; file processors: `provider`, `api`, `file_id`) and `response` (`body`,
`is_streaming`, for HTTP `status`, for a call that raised `is_exception`, `exception_data`, `exception_message`), and in
most versions `test_id` and `id_normalization_mapping`. Objects of an SDK are wrapped as `{"__type__", "__data__"}`.
"""

from __future__ import annotations

from operator import itemgetter
from typing import cast

from recdiff.jsonvalue import Json, escape
from recdiff.model import Event, Interaction, Recording, Request, Response, Shape
from recdiff.wire import sse

NAME = "ogx"

_BODY_KEYS = ("body", "payload", "kwargs")
_EXCEPTION_KEYS = {"exception_message": "message", "exception_data": "data"}
_VIEW_KEYS = frozenset(("streamed", "error", "events", "protocol", "reply", "type", "extra"))
"""Names that a view uses itself; a key of the file that has one of them goes to the view's `extra`."""
_WRAPPER = frozenset(("__type__", "__data__"))
_PARTS = itemgetter("__type__", "__data__")


def recognises(document: Json) -> bool:
    """Whether a parsed file is such a recording: an object of request and response that looks like one."""
    if not isinstance(document, dict):
        return False
    request, response = document.get("request"), document.get("response")
    if not isinstance(request, dict) or not isinstance(response, dict):
        return False
    if "body" not in response and "is_exception" not in response:
        return False
    return not request.keys().isdisjoint(("url", "endpoint", "tool_name", "provider", "api", "method"))


def read(path: str, document: dict[str, Json]) -> Recording:
    """One recognised document as a Recording with one interaction."""
    request, response = document["request"], document["response"]
    assert isinstance(request, dict) and isinstance(response, dict)
    test_id = document.get("test_id")
    return Recording(
        path=path,
        format=NAME,
        test_id=test_id if isinstance(test_id, str) and test_id else None,
        interactions=(Interaction(_read_request(request), _read_response(response)),),
        document=document,
        top={key: value for key, value in document.items() if key not in ("request", "response")},
    )


def _read_request(request: dict[str, Json]) -> Request:
    view: dict[str, Json] = {"method": None, "url": None, "endpoint": None, "model": None, "body": None}
    at: dict[str, str] = {}
    body_key = next((key for key in _BODY_KEYS if key in request), "")
    for key, value in request.items():
        name = "body" if key == body_key else key
        view[name] = value
        at[name] = f"/request/{escape(key)}"
    body = view["body"]
    if "model" not in request and isinstance(body, dict):
        view["model"] = body.get("model")
    return Request(view, at)


def _read_response(response: dict[str, Json]) -> Response:
    error = _error_of(response)
    view: dict[str, Json] = {
        "status": response.get("status"),
        "streamed": response.get("is_streaming") is True,
        "error": error,
    }
    at: dict[str, str] = {}
    frame: dict[str, Json] = {}
    unknown: dict[str, Json] = {}
    for key, value in response.items():
        place = f"/response/{escape(key)}"
        if key == "is_streaming":
            at["streamed"] = place
            frame[place] = value
        elif key == "is_exception" and isinstance(error, dict) and key in error:
            at[f"error/{key}"] = place
        elif key in _EXCEPTION_KEYS and value is not None:
            at[f"error/{_EXCEPTION_KEYS[key]}"] = place
        elif key == "is_exception" or key in _EXCEPTION_KEYS:
            frame[place] = value
        elif key in _VIEW_KEYS:
            unknown[key] = value
            at[f"extra/{key}"] = place
        elif key != "body":
            view[key] = value
            at[key] = place
    if unknown:
        view["extra"] = unknown
    body = response.get("body")
    shape, events, types, places = _read_body(body, response.get("is_streaming") is True)
    return Response(
        view=view,
        at=at,
        frame=frame,
        shape=shape,
        events=events,
        body_at="/response/body",
        raw_body=body,
        types=types,
        type_places=places,
        has_null_body="body" in response and body is None,
    )


def _error_of(response: dict[str, Json]) -> Json:
    """What was raised. A flag that says otherwise than the parts do is one of the parts."""
    found = {name: response[key] for key, name in _EXCEPTION_KEYS.items() if response.get(key) is not None}
    flag = response.get("is_exception")
    raised = flag is not None and flag is not False
    if not raised and not found:
        return None
    if flag is not True and flag is not None:
        found["is_exception"] = flag
    return {"message": None, "data": None, **found}


def _read_body(body: Json, streamed: bool) -> tuple[Shape, tuple[Event, ...], tuple[str, ...], tuple[str, ...]]:
    """Shape, payloads, SDK types (each once, in order) and where they stand."""
    at = "/response/body"
    if body is None:
        return "none", (), (), ()
    if not isinstance(body, list):
        event, type_name = _unwrap(body, at)
        if type_name is None:
            return "single", (event,), (), ()
        return "single", (event,), (type_name,), (f"{at}/__type__",)
    lines = [line for line in body if isinstance(line, str)]
    if lines and len(lines) == len(body) and sse.looks_like_sse(lines):
        return "lines", sse.decode_lines(lines, at), (), ()
    shape: Shape = "stream" if streamed else "list"
    wrapped = _unwrap_all(body)
    if wrapped is None:  # no SDK objects, or a mixture, which stays as it stands
        return shape, tuple(Event(item, f"{at}/{number}") for number, item in enumerate(body)), (), ()
    names, payloads = wrapped
    events = tuple(map(Event, payloads, [f"{at}/{number}/__data__" for number in range(len(body))]))
    places = tuple([f"{at}/{number}/__type__" for number in range(len(body))])
    return shape, events, tuple(dict.fromkeys(names)), places


def _unwrap_all(items: list[Json]) -> tuple[tuple[str, ...], tuple[Json, ...]] | None:
    """Types and payloads of SDK objects, or None where any item is something else; thousands of chunks at once."""
    objects = cast("list[dict[str, Json]]", items)
    if {*map(type, items)} != {dict} or {*map(len, objects)} != {len(_WRAPPER)}:
        return None
    try:
        names, payloads = zip(*map(_PARTS, objects), strict=True)
    except KeyError:
        return None
    return (names, payloads) if {*map(type, names)} == {str} else None


def _unwrap(item: Json, at: str) -> tuple[Event, str | None]:
    """The payload of an SDK object and the object's type; any other value is its own payload."""
    if isinstance(item, dict) and item.keys() == _WRAPPER and isinstance(item["__type__"], str):
        return Event(item["__data__"], f"{at}/__data__"), item["__type__"]
    return Event(item, at), None
