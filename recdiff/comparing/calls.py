"""Tool calls: aligned by what they call, not by position; their arguments are compared as JSON."""

from __future__ import annotations

from recdiff.comparing.alignment import best_in_order
from recdiff.comparing.arguments import compare_arguments
from recdiff.comparing.ledger import Cell
from recdiff.comparing.place import Path, Place
from recdiff.comparing.slots import compare_slots
from recdiff.comparing.tree import Comparison
from recdiff.jsonvalue import Json, canonical
from recdiff.protocols.slots import Slot


def compare_calls(on: Comparison, calls: Place, old: dict[Path, Slot], new: dict[Path, Slot]) -> None:
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
    named = Place(call.path, "", "", call.old_path, (*call.pattern[:-1], f"[{_part(new, 'name')}]"))
    for path in dict.fromkeys((*old, *new)):
        if path == ("arguments",):
            here, inside = call.key("arguments"), named.key("arguments")
            compare_arguments(on, here, inside, old.get(path), new.get(path))
        else:
            compare_slots(on, (call if path == ("name",) else named).below(path), old.get(path), new.get(path))
