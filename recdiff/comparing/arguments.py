"""Arguments of a tool: compared as JSON, argument by argument. Nothing that they say has a hiding default."""

from __future__ import annotations

from recdiff.comparing.collected import compare_collected, is_one_piece, value_of
from recdiff.comparing.pieces import left_over
from recdiff.comparing.place import Place
from recdiff.comparing.tree import Comparison, compare
from recdiff.jsonvalue import Json, same
from recdiff.model import Kind
from recdiff.protocols.slots import Slot
from recdiff.rules.defaults import CHUNKING, EMPTY, LAYOUT
from recdiff.rules.engine import ONLY_OWN


def compare_arguments(on: Comparison, whole: Place, inside: Place, old: Slot | None, new: Slot | None) -> None:
    """Compare the arguments of one call; a string that is no JSON is compared as it stands.

    `whole` is the place of all arguments, `inside` the same place for each of them, named by what is called.
    """
    pieces = left_over(old, new)
    if pieces is None:
        return
    lost, gained = pieces
    before, after = value_of(old), value_of(new)
    if not lost and not gained:
        if not same(before, after):  # the same pieces in another order
            on.ledger.show(on.change(whole, "changed", before, after))
        return
    rule = _rule_for_equal(old, new, before, after)
    if rule is not None and on.rules.is_on(rule):
        on.ledger.hide(rule, lost, gained)
    elif not isinstance(before, dict) or not isinstance(after, dict) or same(before, after):
        if same(before, after):  # they differ in their spelling alone
            before, after = _spelled_or(before, old), _spelled_or(after, new)
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        on.ledger.show(on.change(whole, kind, before, after), lost, gained)
    elif is_one_piece(old) and is_one_piece(new) and spelled(old) is None and spelled(new) is None:
        ((_, old_at),), ((_, new_at),) = lost, gained
        there = Place(inside.path, old_at, new_at, inside.old_path, inside.pattern)
        compare(on, there, before, after, ONLY_OWN)
    else:
        compare_collected(on, inside, before, after, lost, gained, LAYOUT, ONLY_OWN)


def _rule_for_equal(old: Slot | None, new: Slot | None, before: Json, after: Json) -> str | None:
    """The rule that explains pieces of equal arguments; None where the arguments differ."""
    written = spelled(old), spelled(new)
    if None not in written and written[0] == written[1]:
        return CHUNKING if same(before, after) else EMPTY
    if _is_nothing(old, before) and _is_nothing(new, after):
        return EMPTY if before is None or after is None else CHUNKING
    if same(before, after) and _is_json(old, before) == _is_json(new, after):
        return LAYOUT if before is not None or all(written) else EMPTY
    return None


def _is_nothing(slot: Slot | None, value: Json) -> bool:
    """Whether a call has no arguments: none, null, or the object without a key; a text says what it spells."""
    return (value is None or value == {}) and not spelled(slot)


def _is_json(slot: Slot | None, value: Json) -> bool:
    """Whether arguments were read as JSON; a text that was not is its own spelling."""
    return not isinstance(value, str) or spelled(slot) != value


def _spelled_or(value: Json, slot: Slot | None) -> Json:
    text = spelled(slot)
    return value if text is None else text


def spelled(slot: Slot | None) -> str | None:
    """Arguments as the stream spelled them, or None where they came parsed; `{}` before a text is a stream's frame."""
    if slot is None:
        return None
    text = "".join(value for value in slot.values if isinstance(value, str))
    parsed = (value for value in slot.values if value is not None and not isinstance(value, str))
    return None if any(not text or value != {} for value in parsed) else text
