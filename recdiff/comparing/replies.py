"""Two collapsed replies, slot by slot: the same text cut elsewhere is the same, and every piece keeps its account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from recdiff.comparing.alignment import best_in_order
from recdiff.comparing.ledger import Cell, Ledger
from recdiff.comparing.place import Path, Place
from recdiff.comparing.tree import Comparison, compare, compare_objects
from recdiff.jsonvalue import Json, canonical, is_empty, same
from recdiff.model import Kind
from recdiff.protocols.slots import Collapsed, Slot, distinct
from recdiff.rules.defaults import CHUNKING, EMPTY, ENVELOPE, LAYOUT
from recdiff.rules.engine import EVERYWHERE, ONLY_OWN, Reach
from recdiff.rules.ids import IdSighting

_TEXT = frozenset(("text", "reasoning", "refusal"))
_KEPT_APART = frozenset((str, int, type(None)))
"""Types of which no two values are equal unless they are the same JSON (1, 1.0 and true are equal in Python)."""


def compare_replies(on: Comparison, old: Collapsed, new: Collapsed) -> None:
    """Compare what two responses say; enter every differing piece into the ledger."""
    olds, news = _by_part(old), _by_part(new)
    old_ranks, new_ranks = ranks(old), ranks(new)
    for part in sorted(olds.keys() | news.keys(), key=_order):
        left, right = olds.get(part, {}), news.get(part, {})
        here = Place(("response", "reply"), "", "")
        if part:
            before, after = old_ranks.get(part), new_ranks.get(part)
            here = here.key("choices").item(before, after)
            _compare_calls(on, here.key("tool_calls"), left, right)
            left, right = _beside_calls(left), _beside_calls(right)
        for path in _union(left, right):
            _compare_slots(on, _below(here, path), left.get(path), right.get(path))


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


def _union(old: Iterable[Path], new: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys((*old, *new)))


def _below(here: Place, path: Path) -> Place:
    for step in path:
        here = here.key(str(step))
    return here


def _beside_calls(slots: dict[Path, Slot]) -> dict[Path, Slot]:
    return {path: slot for path, slot in slots.items() if path[0] != "tool_calls"}


# ---------------------------------------------------------------------------------------------------- one slot


def _compare_slots(on: Comparison, place: Place, old: Slot | None, new: Slot | None) -> None:
    lost, gained = left_over(old, new)
    if not lost and not gained:
        _sight_kept_id(on, old, new)
        return
    slot = new or old
    assert slot is not None
    if slot.combine == "shell":
        _hide_shell(on, old, new, lost, gained)
        return
    before, after = _value(old), _value(new)
    if same(before, after) or (is_empty(before) and is_empty(after)):
        _hide_pieces(on, place, old, new, lost, gained)
        _sight_kept_id(on, old, new)
        return
    rule = on.rules.hiding(place.path, before, after, ONLY_OWN if place.path[-1] in _TEXT else EVERYWHERE)
    if rule is not None:
        on.ledger.hide(rule.name, lost, gained)
    elif slot.combine == "id" and isinstance(before, str) and isinstance(after, str):
        on.ledger.sight(on.change(place, "changed", before, after), lost, gained)
    elif slot.combine != "extend" and _is_one_piece(old) and _is_one_piece(new):
        _compare_pieces(on, place, lost[0], gained[0])
    elif isinstance(before, dict) and isinstance(after, dict):
        _compare_collected(on, place, before, after, lost, gained)
    else:
        _show(on, place, before, after, lost, gained)


def _value(slot: Slot | None) -> Json:
    return slot.value() if slot else None


def _is_one_piece(slot: Slot | None) -> bool:
    return slot is not None and len(slot.values) == 1 and not slot.echoes


def _compare_pieces(on: Comparison, place: Place, old: Cell, new: Cell) -> None:
    """One piece against one piece is two trees, each at its own place in its file."""
    there = Place(place.path, old[1], new[1], place.old_path, place.pattern)
    reach = ONLY_OWN if place.path[-1] in _TEXT else EVERYWHERE
    compare(on, there, old[0], new[0], reach)


def _show(on: Comparison, place: Place, old: Json, new: Json, lost: list[Cell], gained: list[Cell]) -> None:
    kind: Kind = "added" if is_empty(old) else "removed" if is_empty(new) else "changed"
    on.ledger.show(on.change(place, kind, old, new), lost, gained)


def _compare_collected(
    on: Comparison,
    place: Place,
    old: dict[str, Json],
    new: dict[str, Json],
    lost: list[Cell],
    gained: list[Cell],
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


def _sight_kept_id(on: Comparison, old: Slot | None, new: Slot | None) -> None:
    if old is None or new is None or old.combine != "id":
        return
    kept = new.value()
    if isinstance(kept, str) and kept:
        on.ledger.sightings.append(IdSighting(kept, kept))


def _hide_pieces(
    on: Comparison, place: Place, old: Slot | None, new: Slot | None, lost: list[Cell], gained: list[Cell]
) -> None:
    """Pieces of one meaning: an empty value that stands for no key, or the same cut into other chunks."""
    absent = _says_nothing(old) or _says_nothing(new)
    if not on.rules.is_on(EMPTY if absent else CHUNKING):
        pieces: tuple[Json, Json] = [value for value, _ in lost], [value for value, _ in gained]
        on.ledger.show(on.change(place, "changed", *pieces), lost, gained)
        return
    on.ledger.hide(EMPTY if absent else CHUNKING, lost, gained)


def _says_nothing(slot: Slot | None) -> bool:
    return slot is None or all(map(is_empty, slot.values))


def _hide_shell(on: Comparison, old: Slot | None, new: Slot | None, lost: list[Cell], gained: list[Cell]) -> None:
    """The wire's own frame: repeated more or less often (chunking), absent or empty, or of another shape."""
    before = distinct(old.values) if old else []
    after = distinct(new.values) if new else []
    if canonical(before) == canonical(after):
        empty = not before and (old is None or new is None)
        on.ledger.hide(EMPTY if empty else CHUNKING, lost, gained)
    else:
        on.ledger.hide(ENVELOPE, lost, gained)


def left_over(old: Slot | None, new: Slot | None) -> tuple[list[Cell], list[Cell]]:
    """The pieces of either side that have no equal piece on the other, in order."""
    if old is None or new is None:
        return list(old.cells()) if old else [], list(new.cells()) if new else []
    here = [*old.values, *(value for value, _ in old.echoes)]
    there = [*new.values, *(value for value, _ in new.echoes)]
    if len(here) == len(there) and canonical(here) == canonical(there):
        return [], []
    before, after = _tokens(here, there), _tokens(there, here)
    lost, gained = _unmatched(before, after), _unmatched(after, before)
    return _pick(old, lost), _pick(new, gained)


def _tokens(values: list[Json], others: list[Json]) -> Sequence[Hashable]:
    """What stands for each value where equality is asked: the values themselves, where their types keep them apart."""
    if not {*map(type, values), *map(type, others)} - _KEPT_APART:
        return values  # type: ignore[return-value]
    return [value if type(value) is str else canonical(value) for value in values]


def _unmatched(tokens: Sequence[Hashable], others: Sequence[Hashable]) -> list[int]:
    """Positions of the tokens that are more than the others have, the later ones of each."""
    surplus = Counter(tokens)
    surplus.subtract(Counter(others))
    if all(count <= 0 for count in surplus.values()):
        return []
    kept: list[int] = []
    for position in range(len(tokens) - 1, -1, -1):
        if surplus[tokens[position]] > 0:
            surplus[tokens[position]] -= 1
            kept.append(position)
    return kept[::-1]


def _pick(slot: Slot, positions: list[int]) -> list[Cell]:
    if not positions:
        return []
    cells = list(slot.cells())
    return [cells[position] for position in positions]


# -------------------------------------------------------------------------------------------------- tool calls


def _compare_calls(on: Comparison, calls: Place, old: dict[Path, Slot], new: dict[Path, Slot]) -> None:
    """Align the tool calls of a choice by what they call, then compare each; what has no partner came or went."""
    olds, news = _calls(old), _calls(new)
    pairs = _align_calls(olds, news)
    for before, after in pairs:
        _compare_call(on, calls.item(before, after), olds[before], news[after])
    for index in sorted(set(range(len(olds))) - {before for before, _ in pairs}):
        change = on.change(calls.item(index, None), "removed", _brief(olds[index]), None)
        on.ledger.show(change, _all_cells(olds[index]))
    for index in sorted(set(range(len(news))) - {after for _, after in pairs}):
        change = on.change(calls.item(None, index), "added", None, _brief(news[index]))
        on.ledger.show(change, (), _all_cells(news[index]))
    order = [before for before, _ in pairs]
    if order != sorted(order):
        names: list[Json] = [_part(olds[index], "name") for index in sorted(order)]
        on.ledger.show(on.change(calls, "moved", names, [_part(olds[index], "name") for index in order]))


def _calls(slots: dict[Path, Slot]) -> list[dict[Path, Slot]]:
    """The slots of each tool call, in index order."""
    found: dict[int, dict[Path, Slot]] = {}
    for path, slot in slots.items():
        if path[0] == "tool_calls" and isinstance(path[1], int):
            found.setdefault(path[1], {})[path[2:]] = slot
    return [found[index] for index in sorted(found)]


def _part(call: dict[Path, Slot], part: str) -> Json:
    slot = call.get((part,))
    return slot.value() if slot else None


def _brief(call: dict[Path, Slot]) -> dict[str, Json]:
    return {"name": _part(call, "name"), "arguments": _part(call, "arguments")}


def _all_cells(call: dict[Path, Slot]) -> list[Cell]:
    return [cell for slot in call.values() for cell in slot.cells()]


def _align_calls(old: list[dict[Path, Slot]], new: list[dict[Path, Slot]]) -> list[tuple[int, int]]:
    """Pairs of calls: equal ones first, then those of one name in order, then those at one position."""
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old))), list(range(len(new)))
    briefs = [canonical(_brief(call)) for call in old], [canonical(_brief(call)) for call in new]
    names = [canonical(_part(call, "name")) for call in old], [canonical(_part(call, "name")) for call in new]
    for tokens in (briefs, names):
        for before in list(left):
            after = next((index for index in right if tokens[1][index] == tokens[0][before]), None)
            if after is not None:
                pairs.append((before, after))
                left.remove(before)
                right.remove(after)
    rest = best_in_order(len(left), len(right), lambda a, b: 50.0 + 50.0 * (left[a] == right[b]), least=30.0)
    return sorted((*pairs, *((left[a], right[b]) for a, b in rest)), key=lambda pair: pair[1])


def _compare_call(on: Comparison, call: Place, old: dict[Path, Slot], new: dict[Path, Slot]) -> None:
    for path in _union(old, new):
        if path == ("arguments",):
            _compare_arguments(on, call, old.get(path), new.get(path), str(_part(new, "name")))
        else:
            _compare_slots(on, _below(call, path), old.get(path), new.get(path))


def _compare_arguments(on: Comparison, call: Place, old: Slot | None, new: Slot | None, name: str) -> None:
    """Compare arguments as JSON, argument by argument; a string that is no JSON is compared as it stands."""
    lost, gained = left_over(old, new)
    if not lost and not gained:
        return
    before, after = _value(old), _value(new)
    spelled = _spelled(old), _spelled(new)
    if None not in spelled and spelled[0] == spelled[1] and on.rules.is_on(CHUNKING):
        on.ledger.hide(CHUNKING, lost, gained)
    elif same(before, after) and on.rules.is_on(LAYOUT):
        on.ledger.hide(EMPTY if before is None else LAYOUT, lost, gained)
    elif isinstance(before, dict) and isinstance(after, dict) and not same(before, after):
        there = call.key("arguments")
        named = Place(there.path, "", "", there.old_path, (*call.pattern[:-1], f"[{name}]", "arguments"))
        _compare_collected(on, named, before, after, lost, gained, LAYOUT, ONLY_OWN)
    else:
        on.ledger.show(on.change(call.key("arguments"), "changed", before, after), lost, gained)


def _spelled(slot: Slot | None) -> str | None:
    """Arguments as the stream spelled them, or None where they came parsed."""
    if slot is None or any(not (value is None or isinstance(value, str)) for value in slot.values):
        return None
    return "".join(value for value in slot.values if isinstance(value, str))
