"""Values that several pieces make: what a slot says, and objects of which no piece is a whole."""

from __future__ import annotations

from recdiff.comparing.ledger import Ledger
from recdiff.comparing.pieces import Pieces
from recdiff.comparing.place import Place
from recdiff.comparing.tree import Comparison, compare_objects
from recdiff.jsonvalue import Json
from recdiff.protocols.slots import Slot
from recdiff.rules.defaults import CHUNKING
from recdiff.rules.engine import EVERYWHERE, Reach


def value_of(slot: Slot | None) -> Json:
    """What a slot says; None where there is none."""
    return slot.value() if slot else None


def is_one_piece(slot: Slot | None) -> bool:
    """Whether a slot is one value of the file, which has a place of its own."""
    return slot is not None and len(slot.values) == 1 and not slot.echoes


def compare_collected(
    on: Comparison,
    place: Place,
    old: dict[str, Json],
    new: dict[str, Json],
    lost: Pieces,
    gained: Pieces,
    otherwise: str = CHUNKING,
    reach: Reach = EVERYWHERE,
) -> None:
    """Objects that several pieces make (running usage, arguments): compare them; the pieces are one account.

    `otherwise` is the rule that explains pieces whose objects differ in nothing.
    """
    inner = Comparison(on.rules, Ledger(), on.prefix, on.error_body)
    compare_objects(inner, place, old, new, reach)
    changes = [*inner.ledger.changes, *(s.change for s in inner.ledger.sightings if s.change is not None)]
    if changes:
        on.ledger.changes.extend(changes)
        on.ledger.cover(lost, gained)
    else:
        on.ledger.hide(next(iter(inner.ledger.hidden), otherwise), lost, gained)
