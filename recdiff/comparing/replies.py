"""Two collapsed replies, slot by slot: the same text cut elsewhere is the same, and every piece keeps its account."""

from __future__ import annotations

from recdiff.comparing.blocks import compare_blocks
from recdiff.comparing.calls import compare_calls
from recdiff.comparing.place import Path, Place
from recdiff.comparing.slots import compare_slots
from recdiff.comparing.tree import Comparison
from recdiff.jsonvalue import Json
from recdiff.protocols.slots import Collapsed, Slot


def compare_replies(on: Comparison, old: Collapsed, new: Collapsed) -> None:
    """Compare what two responses say; enter every differing piece into the ledger."""
    olds, news = _by_part(old), _by_part(new)
    old_ranks, new_ranks = ranks(old), ranks(new)
    for part in sorted(olds.keys() | news.keys(), key=_order):
        left, right = olds.get(part, {}), news.get(part, {})
        told = len(on.ledger.changes)
        here = Place(("response", "reply"), "", "")
        if part:
            before, after = old_ranks.get(part), new_ranks.get(part)
            here = here.key("choices").item(before, after)
            compare_calls(on, here.key("tool_calls"), left, right)
            compare_blocks(on, here, old.runs.get(part, []), new.runs.get(part, []))
            left, right = _beside_calls(left), _beside_calls(right)
        for path in dict.fromkeys((*left, *right)):
            compare_slots(on, here.below(path), left.get(path), right.get(path))
        if part and part not in olds and len(on.ledger.changes) == told:
            on.ledger.show(on.change(here, "added", None, _choice(new, new_ranks[part])))
        elif part and part not in news and len(on.ledger.changes) == told:
            on.ledger.show(on.change(here, "removed", _choice(old, old_ranks[part]), None))


def _choice(reply: Collapsed, rank: int) -> Json:
    """A choice that says nothing, as `recdiff show` prints it: that it came or went is all there is to tell."""
    from recdiff.views import reply_view  # hardly any review needs it

    choices = reply_view(reply)["choices"]
    assert isinstance(choices, list)
    return choices[rank]


def _order(part: Path) -> tuple[int, int]:
    return (len(part), part[1] if len(part) > 1 and isinstance(part[1], int) else 0)


def _by_part(reply: Collapsed) -> dict[Path, dict[Path, Slot]]:
    """Slots by the choice that they belong to (`("choices", 0)`), or `()` for those of the whole reply."""
    parts: dict[Path, dict[Path, Slot]] = {}
    for path, slot in reply.slots.items():
        if path[0] == "choices":
            parts.setdefault(path[:2], {})[path[2:]] = slot
        else:
            parts.setdefault((), {})[path] = slot
    return parts


def ranks(reply: Collapsed) -> dict[Path, int]:
    """Each choice's position in the list that `recdiff show` prints, which is in index order."""
    parts = sorted({path[:2] for path in reply.slots if path[0] == "choices"}, key=_order)
    return {part: rank for rank, part in enumerate(parts)}


def _beside_calls(slots: dict[Path, Slot]) -> dict[Path, Slot]:
    return {path: slot for path, slot in slots.items() if path[0] != "tool_calls"}
