"""Two slots of one path: pieces cut elsewhere are the same, a value is compared by what it is."""

from __future__ import annotations

from recdiff.comparing.arguments import compare_arguments
from recdiff.comparing.collected import compare_collected, is_one_piece, value_of
from recdiff.comparing.ledger import Cell
from recdiff.comparing.pieces import Pieces, left_over
from recdiff.comparing.place import Place
from recdiff.comparing.tree import Comparison, compare, sight_equal_ids, sight_response_id
from recdiff.jsonvalue import Json, canonical, is_empty, same, token_of
from recdiff.model import Kind
from recdiff.protocols.slots import Slot, once, without_repeats
from recdiff.rules.defaults import CHUNKING, EMPTY, ENVELOPE
from recdiff.rules.engine import EVERYWHERE, ONLY_OWN
from recdiff.rules.ids import RESPONSE_IDS, IdSighting

_TEXT = frozenset(("text", "reasoning", "refusal"))


def compare_slots(on: Comparison, place: Place, old: Slot | None, new: Slot | None) -> None:
    """Compare one part of two replies; every piece that differs enters the ledger."""
    slot = new or old
    if slot is not None and slot.combine == "arguments":
        compare_arguments(on, place, place, old, new)
        return
    pieces = left_over(old, new)
    if pieces is None:
        _sight_kept_ids(on, place, old, new)
        return
    lost, gained = pieces
    if not lost and not gained:
        _compare_order(on, place, old, new)
        _sight_kept_ids(on, place, old, new)
        return
    assert slot is not None
    if slot.combine == "shell":
        _hide_shell(on, place, old, new, lost, gained)
        return
    always = on.rules.always_hiding(place.path) if lost.is_all and gained.is_all else None
    if always is not None:
        on.ledger.hide(always.name, lost, gained)
        if place.path in RESPONSE_IDS:
            sight_response_id(on, place, value_of(old), value_of(new))
        return
    before, after = _meanings(old, new)
    if same(before, after) or (is_empty(before) and is_empty(after)):
        _hide_pieces(on, place, old, new, lost, gained)
        _sight_kept_ids(on, place, old, new)
        return
    rule = on.rules.hiding(place.path, before, after, ONLY_OWN if place.path[-1] in _TEXT else EVERYWHERE)
    if rule is not None:
        on.ledger.hide(rule.name, lost, gained)
        sight_response_id(on, place, before, after)
    elif slot.combine == "id" and _are_ids(before, after):
        on.ledger.sight(on.change(place, "changed", before, after), lost, gained)
    elif _is_one_piece(old) and _is_one_piece(new):
        _compare_pieces(on, place, *lost, *gained)
    elif isinstance(before, dict) and isinstance(after, dict):
        compare_collected(on, place, before, after, lost, gained)
    else:
        _show(on, place, before, after, lost, gained)


def _compare_order(on: Comparison, place: Place, old: Slot | None, new: Slot | None) -> None:
    """The same pieces in another order make another text; noise and frames have no order."""
    if old is None or old.combine == "shell":
        return
    before, after = _meanings(old, new)
    if same(before, after):
        return
    reach = ONLY_OWN if place.path[-1] in _TEXT else EVERYWHERE
    if on.rules.hiding(place.path, before, after, reach) is None:
        on.ledger.show(on.change(place, "changed", before, after))


def _meanings(old: Slot | None, new: Slot | None) -> tuple[Json, Json]:
    """What two slots say; of values that chunks repeat, each, where that is what differs.

    How often a value is repeated follows from the chunks, but not which of equally many it is, nor whether several
    chunks say what one of the other side does.
    """
    before, after = value_of(old), value_of(new)
    if old is None or new is None or not isinstance(before, list) or "value" not in (old.combine, new.combine):
        return before, after
    if not same(before, after):
        return before, after
    olds, news = ([value for value in slot.values if not is_empty(value)] for slot in (old, new))
    is_meant = len(olds) == len(news) or not same(without_repeats(olds), without_repeats(news))
    return (olds, news) if is_meant else (before, after)


def _is_one_piece(slot: Slot | None) -> bool:
    """Whether the one piece of a slot is all that it says: of items, a list of them."""
    if slot is None or not is_one_piece(slot) or slot.combine == "extend":
        return False
    return slot.combine != "items" or isinstance(slot.values[0], list)


def _compare_pieces(on: Comparison, place: Place, old: Cell, new: Cell) -> None:
    """One piece against one piece is two trees, each at its own place in its file."""
    there = Place(place.path, old[1], new[1], place.old_path, place.pattern)
    reach = ONLY_OWN if place.path[-1] in _TEXT else EVERYWHERE
    compare(on, there, old[0], new[0], reach)


def _show(on: Comparison, place: Place, old: Json, new: Json, lost: Pieces, gained: Pieces) -> None:
    kind: Kind = "added" if is_empty(old) else "removed" if is_empty(new) else "changed"
    on.ledger.show(on.change(place, kind, old, new), lost, gained)


def _sight_kept_ids(on: Comparison, place: Place, old: Slot | None, new: Slot | None) -> None:
    """Ids of slots that are equal count when a test's renaming is judged."""
    if old is None or new is None:
        return
    if old.combine == "id":
        kept = new.value()
        if isinstance(kept, str) and kept:
            on.ledger.sightings.append(IdSighting(kept, kept))
    elif place.path in RESPONSE_IDS:
        sight_equal_ids(on, place, new.value())
    elif not {dict, list}.isdisjoint(map(type, new.values)) and b'id":"' in canonical(new.values):
        for value in once(new.values):
            sight_equal_ids(on, place, value)


def _hide_pieces(
    on: Comparison, place: Place, old: Slot | None, new: Slot | None, lost: Pieces, gained: Pieces
) -> None:
    """Pieces of one meaning: an empty value that stands for no key, or the same cut into other chunks."""
    rule = CHUNKING
    if _says_nothing(old) or _says_nothing(new):
        rule = EMPTY
    if not on.rules.is_on(rule):
        on.ledger.show(on.change(place, "changed", lost.values(), gained.values()), lost, gained)
        return
    on.ledger.hide(rule, lost, gained)


def _says_nothing(slot: Slot | None) -> bool:
    return slot is None or all(map(is_empty, once(slot.values)))


def _are_ids(*values: Json) -> bool:
    return all(isinstance(value, str) and value for value in values)


def _hide_shell(on: Comparison, place: Place, old: Slot | None, new: Slot | None, lost: Pieces, gained: Pieces) -> None:
    """The wire's own frame: repeated more or less often (chunking), absent or empty, or of another shape."""
    before, after = _said(old), _said(new)
    if before or after:
        rule = CHUNKING if before == after else ENVELOPE
    else:
        rule = CHUNKING if _spellings(old) == _spellings(new) else EMPTY
    if on.rules.is_on(rule):
        on.ledger.hide(rule, lost, gained)
    else:  # a frame has no place in what is printed: its reply stands for it
        reply = Place(("response", "reply"), "", "", None, place.pattern)
        change = on.change(reply, "changed", lost.values(), gained.values())
        on.ledger.show(change._replace(label=str(place.pattern[-1])), lost, gained)


def _said(slot: Slot | None) -> set[bytes]:
    return {token_of(value) for value in once(slot.values) if not is_empty(value)} if slot else set()


def _spellings(slot: Slot | None) -> set[bytes]:
    return {token_of(value) for value in once(slot.values)} if slot else set()
