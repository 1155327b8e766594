"""What two responses say: replies where a protocol reads them, bodies as they stand where none does."""

from __future__ import annotations

from recdiff.comparing.ledger import Cell, Ledger
from recdiff.comparing.lines import fold
from recdiff.comparing.place import Place
from recdiff.comparing.replies import compare_replies
from recdiff.comparing.tree import Comparison, compare
from recdiff.jsonvalue import Json, is_empty
from recdiff.model import Interaction, Response
from recdiff.protocols import protocol_of
from recdiff.protocols.slots import Collapsed
from recdiff.rules.defaults import EMPTY
from recdiff.rules.ids import kept_ids


def compare_bodies(on: Comparison, old: Interaction, new: Interaction) -> None:
    """Compare what two responses say: their replies, and the bodies that no protocol reads."""
    before, after = old.response, new.response
    protocols = protocol_of(old.request, before), protocol_of(new.request, after)
    replies = tuple(
        protocol.collapse(response.events) if protocol else None
        for protocol, response in zip(protocols, (before, after), strict=True)
    )
    if "lines" in (before.shape, after.shape):
        inner = Comparison(on.rules, Ledger(trace=True), on.prefix)
        _compare_contents(inner, old, replies[0], new, replies[1])
        fold(inner.ledger, on.ledger, before, after)
    else:
        _compare_contents(on, old, replies[0], new, replies[1])


def _compare_contents(
    on: Comparison, old: Interaction, old_reply: Collapsed | None, new: Interaction, new_reply: Collapsed | None
) -> None:
    before, after = old.response, new.response
    if old_reply is not None or new_reply is not None:
        if before.shape != after.shape or "single" in (before.shape, after.shape):
            for reply in filter(None, (old_reply, new_reply)):
                reply.forget_end()
        compare_replies(on, old_reply or Collapsed(), new_reply or Collapsed())
    place = Place(("response", "body"), before.body_at, after.body_at)
    left, right = _body_of(before, old_reply), _body_of(after, new_reply)
    on.kept = kept_ids(old.request, left) | kept_ids(new.request, right)
    on.error_body = _is_error(before, left) or _is_error(after, right)
    if left is not None and right is not None and isinstance(left, list) != isinstance(right, list):
        change = on.change(place, "changed", left, right)
        on.ledger.show(change, _payload_cells(before), _payload_cells(after))
    elif left is not None and right is not None:
        place.wrapped = _wrapping(before), _wrapping(after)
        if before.shape == "single":
            place.old_at = before.events[0].at
        if after.shape == "single":
            place.new_at = after.events[0].at
        compare(on, place, left, right)
    elif left is not None:
        _one_sided_body(on, place, left, before, removed=True)
    elif right is not None:
        _one_sided_body(on, place, right, after, removed=False)
    on.error_body, on.kept = False, frozenset()
    _compare_null_bodies(on, before, after)


def _one_sided_body(on: Comparison, place: Place, body: Json, response: Response, *, removed: bool) -> None:
    """A body that only one side has, or that only one side's protocol could not read."""
    cells = _payload_cells(response)
    if is_empty(body) and on.rules.is_on(EMPTY):
        on.ledger.hide(EMPTY, *((cells, ()) if removed else ((), cells)))
        return
    change = on.change(place, "removed" if removed else "added", body if removed else None, None if removed else body)
    on.ledger.show(change, *((cells, ()) if removed else ((), cells)))


def _payload_cells(response: Response) -> list[Cell]:
    if not response.events:
        return [(response.raw_body, response.body_at)]
    return [(event.payload, event.at) for event in response.events]


def _compare_null_bodies(on: Comparison, old: Response, new: Response) -> None:
    """A null body is a leaf too, and says no more than an absent one."""
    before: list[Cell] = [(None, old.body_at)] if old.has_null_body else []
    after: list[Cell] = [(None, new.body_at)] if new.has_null_body else []
    if len(before) == len(after):
        return
    if on.rules.is_on(EMPTY):
        on.ledger.hide(EMPTY, before, after)
    else:
        on.ledger.show(on.change(Place(("response", "body"), "", ""), "changed", None, None), before, after)


def _body_of(response: Response, reply: Collapsed | None) -> Json:
    """What `recdiff show` prints as the body: nothing where the reply says it all."""
    if reply is not None or response.shape == "none":
        return None
    if response.shape == "single":
        return response.events[0].payload
    return [event.payload for event in response.events]


def _wrapping(response: Response) -> str:
    return "/__data__" if response.shape in ("list", "stream") and response.types else ""


def _is_error(response: Response, body: Json) -> bool:
    """Whether a body is an error: by its HTTP status, or because it says so and holds nothing else."""
    if has_failed(response):
        return True
    return isinstance(body, dict) and (body.get("type") == "error" or ("error" in body and len(body) <= 2))


def has_failed(response: Response) -> bool:
    """Whether a response has an HTTP status that says so."""
    return response.status is not None and response.status >= 400
