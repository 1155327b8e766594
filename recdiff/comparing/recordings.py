"""One pair of recordings, from test id to the last chunk: every part goes to the comparer that knows it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from recdiff.comparing.bodies import compare_bodies, has_failed
from recdiff.comparing.ledger import Cell, Ledger
from recdiff.comparing.place import Place
from recdiff.comparing.tree import Comparison, compare, differing, one_sided
from recdiff.jsonvalue import Json, canonical, escape, is_empty, same
from recdiff.model import Change, Interaction, Kind, Recording, Request, Response
from recdiff.rules.defaults import CHUNKING, EMPTY, ENVELOPE, RECORDER_MAPPING
from recdiff.rules.engine import EVERYWHERE, NO_DEFAULTS, ONLY_OWN, RuleSet
from recdiff.rules.ids import REFERENCES, IdSighting


def _id_pattern(quote: bytes) -> re.Pattern[bytes]:
    """Ids and what refers to them in canonical bytes; it begins with what is quick to find."""
    keys = (key.encode() for key in ("id", *sorted(REFERENCES)))
    behind = b"|".join(rb"(?<=%b%b%b:)" % (quote, key, quote) for key in keys)
    return re.compile(rb'id%b:(?:%b) ?%b([^"\\]+)%b' % (quote, behind, quote, quote))


_ID = _id_pattern(rb'"')
_ID_IN_LINE = _id_pattern(rb'\\"')

_ECHOES = {
    "/interactions/0/request/body/model": "/interactions/0/request/model",
    "/interactions/0/request/test_id": "/test_id",
    "/interactions/0/request/body/stream": "/interactions/0/response/streamed",
    "/interactions/0/response/error/data/message": "/interactions/0/response/error/message",
}
"""Places that repeat another place: the same change there is one change."""

_OF_ANY_REPLY = frozenset(
    f"/interactions/0/response/{place}"
    for place in ("reply/model", "reply/usage", "reply/extra/ended_by", "type", "streamed")
)


def compare_recordings(old: Recording, new: Recording, rules: RuleSet, *, trace: bool = False) -> Ledger:
    """The account of one pair. With `trace` every hidden leaf is listed, not only counted."""
    ledger = Ledger(trace)
    on = Comparison(rules, ledger, prefix="")
    _compare_top(on, old, new)
    for number, (before, after) in enumerate(zip(old.interactions, new.interactions, strict=False)):
        on.prefix = f"/interactions/{number}"
        _compare_interaction(on, before, after)
    ledger.changes[:] = _without_echoes(ledger.changes)
    return ledger


def _compare_top(on: Comparison, old: Recording, new: Recording) -> None:
    """The test id, and keys of the container that recdiff does not know."""
    for key in dict.fromkeys((*old.top, *new.top)):
        at = f"/{escape(key)}"
        place = Place(("test_id",) if key == "test_id" else ("extra", key), at, at)
        before, after = old.top.get(key), new.top.get(key)
        if key == "id_normalization_mapping" and on.rules.is_on(RECORDER_MAPPING):
            if key in old.top and key in new.top:
                on.ledger.hide(RECORDER_MAPPING, *differing(before, at, after, at))
            else:
                cells: list[Cell] = [(before if key in old.top else after, at)]
                on.ledger.hide(RECORDER_MAPPING, *((cells, ()) if key in old.top else ((), cells)))
        elif key in old.top and key in new.top:
            compare(on, place, before, after)
        else:
            one_sided(on, place, before if key in old.top else after, removed=key in old.top)


def _compare_interaction(on: Comparison, old: Interaction, new: Interaction) -> None:
    _compare_request(on, old.request, new.request)
    if not _respond_equally(on, old.response, new.response):
        _compare_response(on, old, new)


def _compare_request(on: Comparison, old: Request, new: Request) -> None:
    for key in dict.fromkeys((*old.view, *new.view)):
        place = Place(("request", key), old.at.get(key, ""), new.at.get(key, ""))
        reach = ONLY_OWN if key == "body" and "tool_name" in (*old.at, *new.at) else EVERYWHERE
        if key in old.at and key in new.at:
            compare(on, place, old.view[key], new.view[key], reach)
        elif key in old.at or key in new.at:
            removed = key in old.at
            one_sided(on, place, (old if removed else new).view[key], removed=removed, reach=reach)


def _respond_equally(on: Comparison, old: Response, new: Response) -> bool:
    """Whether two responses are equal as they stand in their files, which most are; their ids stay then."""
    if old.view != new.view or old.shape != new.shape or old.at.keys() != new.at.keys():
        return False
    if old.has_null_body != new.has_null_body or old.raw_body != new.raw_body:
        return False
    before, after = canonical(old.raw_body), canonical(new.raw_body)
    if (
        before != after
        or canonical(old.view) != canonical(new.view)
        or canonical(dict(old.frame)) != canonical(dict(new.frame))
    ):
        return False
    for found in set((_ID_IN_LINE if old.shape == "lines" else _ID).findall(before)):
        name = found.decode("utf-8", "replace")
        on.ledger.sightings.append(IdSighting(name, name))
    return True


def _compare_response(on: Comparison, old: Interaction, new: Interaction) -> None:
    before, after = old.response, new.response
    _compare_error(on, before, after)
    for key in dict.fromkeys((*before.at, *after.at)):
        if key != "streamed" and not key.startswith("error/"):
            _compare_part(on, key, before, after)
    _compare_types(on, before, after)
    if before.streamed != after.streamed:
        place = Place(("response", "streamed"), "", "")
        on.ledger.show(on.change(place, "changed", before.streamed, after.streamed))
    _compare_frames(on, before, after)
    compare_bodies(on, old, new)


def _compare_part(on: Comparison, key: str, old: Response, new: Response) -> None:
    """The status, or a key of the container that recdiff does not know."""
    before, after = old.at.get(key, ""), new.at.get(key, "")
    in_extra = key.startswith("extra/")
    place = Place(("response", *key.split("/", 1)) if in_extra else ("response", key), before, after)
    reach = NO_DEFAULTS if key == "status" else EVERYWHERE
    if before and after:
        compare(on, place, _part_of(old, key), _part_of(new, key), reach)
    elif key == "status" and old.streamed != new.streamed and not has_failed(old) and not has_failed(new):
        cells: list[Cell] = [(_part_of(old if before else new, key), before or after)]
        on.ledger.cover(cells if before else (), () if before else cells)  # a recorder keeps none of a stream
    else:
        one_sided(on, place, _part_of(old if before else new, key), removed=bool(before), reach=reach)


def _part_of(response: Response, key: str) -> Json:
    extra = response.view.get("extra")
    if key.startswith("extra/") and isinstance(extra, dict):
        return extra[key.removeprefix("extra/")]
    return response.view[key]


def _compare_error(on: Comparison, old: Response, new: Response) -> None:
    """What was raised instead of an answer, part by part; an error that came or went is one change."""
    place = Place(("response", "error"), "", "")
    if isinstance(old.error, dict) and isinstance(new.error, dict):
        for part in ("message", "data", "is_exception"):
            before, after = old.at.get(f"error/{part}", ""), new.at.get(f"error/{part}", "")
            there = Place((*place.path, part), before, after)
            if before and after:
                compare(on, there, old.error[part], new.error[part], ONLY_OWN)
            elif before or after:
                value = (old.error if before else new.error)[part]
                one_sided(on, there, value, removed=bool(before), reach=ONLY_OWN)
    elif old.error is not None or new.error is not None:
        kind: Kind = "added" if old.error is None else "removed"
        on.ledger.show(on.change(place, kind, old.error, new.error), _error_cells(old), _error_cells(new))


def _error_cells(response: Response) -> list[Cell]:
    error = response.error
    if not isinstance(error, dict):
        return []
    return [(error[part], response.at[f"error/{part}"]) for part in error if f"error/{part}" in response.at]


def _compare_frames(on: Comparison, old: Response, new: Response) -> None:
    """What the container says of a response in its own words: covered by the change that says it in ours."""
    raised = (old.error is None) != (new.error is None)
    streamed = old.streamed != new.streamed
    for at in dict.fromkeys((*old.frame, *new.frame)):
        before: list[Cell] = [(old.frame[at], at)] if at in old.frame else []
        after: list[Cell] = [(new.frame[at], at)] if at in new.frame else []
        if before and after and same(before[0][0], after[0][0]):
            continue
        if on.rules.is_on(EMPTY) and all(is_empty(value) for value, _ in (*before, *after)):
            on.ledger.hide(EMPTY, before, after)
        elif at in (old.at.get("streamed"), new.at.get("streamed")) and not _are_flags(before, after):
            place = Place(("response", "streamed"), "", "")
            on.ledger.show(on.change(place, "changed", _first(before), _first(after)), before, after)
        elif streamed if at in (old.at.get("streamed"), new.at.get("streamed")) else raised:
            on.ledger.cover(before, after)
        elif "error/is_exception" in old.at or "error/is_exception" in new.at:
            on.ledger.cover(before, after)  # the other side's flag is part of its error, and shown there
        elif any(value is True for value, _ in (*before, *after)) and old.error is not None and new.error is not None:
            place = Place(("response", "error"), "", "")
            on.ledger.show(on.change(place, "changed", old.error, new.error), before, after)
        elif on.rules.is_on(ENVELOPE):
            on.ledger.hide(ENVELOPE, before, after)
        else:
            place = Place(("response",), "", "")
            on.ledger.show(on.change(place, "changed", _first(before), _first(after)), before, after)


def _are_flags(*sides: list[Cell]) -> bool:
    return all(isinstance(value, bool) or value is None for cells in sides for value, _ in cells)


def _first(cells: list[Cell]) -> Json:
    return cells[0][0] if cells else None


def _compare_types(on: Comparison, old: Response, new: Response) -> None:
    """SDK types: a new name for the same data is one change; the same names more or less often follow the chunks."""
    before, after = _type_cells(old), _type_cells(new)
    if len(old.types) == 1 and old.types == new.types:
        kept = min(len(before), len(after))
        cells = before[kept:], after[kept:]
    else:
        cells = _beyond(before, after), _beyond(after, before)
    if not cells[0] and not cells[1]:
        return
    if old.types == new.types and on.rules.is_on(CHUNKING):
        on.ledger.hide(CHUNKING, *cells)
    elif old.streamed != new.streamed and old.types and new.types:
        on.ledger.cover(*cells)  # the change of `streamed` says it
    else:
        place = Place(("response", "type"), "", "")
        kind: Kind = "added" if not old.types else "removed" if not new.types else "changed"
        on.ledger.show(on.change(place, kind, _spell(old.types), _spell(new.types)), *cells)


def _type_cells(response: Response) -> list[Cell]:
    items = response.raw_body if isinstance(response.raw_body, list) else [response.raw_body]
    names = (item["__type__"] for item in items if isinstance(item, dict) and "__type__" in item)
    return list(zip(names, response.type_places, strict=False))


def _beyond(cells: list[Cell], others: list[Cell]) -> list[Cell]:
    """The type names that the other side has not, or has less often."""
    budget = Counter(str(name) for name, _ in others)
    found: list[Cell] = []
    for cell in cells:
        if budget[str(cell[0])] > 0:
            budget[str(cell[0])] -= 1
        else:
            found.append(cell)
    return found


def _spell(types: Sequence[str]) -> Json:
    return types[0] if len(types) == 1 else list(types) or None


def _without_echoes(changes: list[Change]) -> list[Change]:
    """The changes without those that another one says already."""
    said = {change.path: change for change in changes}
    raised = said.get("/interactions/0/response/error")
    return [
        change
        for change in changes
        if not _is_echo(change, said.get(_ECHOES.get(change.path, "")))
        and not (raised and raised.kind == "added" and _went_with_the_reply(change))
    ]


def _went_with_the_reply(change: Change) -> bool:
    """Whether a change only says that there is no reply any more where an exception came: its model, meters, type."""
    return change.kind == "removed" and change.path in _OF_ANY_REPLY


def _is_echo(change: Change, original: Change | None) -> bool:
    return (
        original is not None
        and change.kind == original.kind
        and same(change.old, original.old)
        and same(change.new, original.new)
    )
