"""Two JSON values at one place: equal parts are cut, rules are asked, the rest goes to the comparer that knows it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from recdiff.comparing import structure, vectors
from recdiff.comparing.alignment import Aligned, Alignment, align, align_positions, align_unordered
from recdiff.comparing.ledger import Cell, Ledger
from recdiff.comparing.links import differ_in_signature
from recdiff.comparing.place import Path, Place, class_of, is_said, label, pointer
from recdiff.jsonvalue import Json, embedded, is_empty, leaves, same
from recdiff.model import Change, Kind
from recdiff.rules.defaults import EMBEDDING, EMPTY, LAYOUT, SIGNED_URL
from recdiff.rules.engine import EVERYWHERE, IN_JSON_TEXT, ONLY_OWN, Reach, RuleSet
from recdiff.rules.ids import RESPONSE_IDS, IdSighting, ids_in, is_id_place, is_in_arguments

MOST_CHANGES = 1_000
"""Changes of one recording that are told one by one; lists and objects that differ after that are one change each."""


@dataclass(slots=True)
class Comparison:
    """What comparing one interaction needs: rules, the account, and where the interaction stands in `recdiff show`."""

    rules: RuleSet
    ledger: Ledger
    prefix: str = "/interactions/0"
    error_body: bool = False
    kept: frozenset[Path] = frozenset()
    """Places where no default rule may hide anything in this interaction."""

    @property
    def is_flooded(self) -> bool:
        """Whether so much has changed that what is left is told whole: nobody reads ten thousand changes one by one."""
        return len(self.ledger.changes) >= MOST_CHANGES

    def change(self, place: Place, kind: Kind, old: Json, new: Json) -> Change:
        """A change at a place; its path leads into the new side, or into the old one where it was removed."""
        path = place.old_path if kind == "removed" else place.path
        return Change(
            change_class=class_of(path, error_body=self.error_body),
            path=self.prefix + pointer(path),
            kind=kind,
            old=vectors.without_numbers(old, place.old_path),
            new=vectors.without_numbers(new, place.path),
            label=label(place.pattern, path),
            pattern=pointer(place.pattern),
        )


def compare(on: Comparison, place: Place, old: Json, new: Json, reach: Reach = EVERYWHERE) -> None:
    """Compare two values that are both there, and enter every differing leaf into the ledger."""
    if same(old, new):
        sight_equal_ids(on, place, old)
        return
    ledger = on.ledger
    if (is_in_arguments(place.path) and place.path[-1] != "arguments") or place.path in on.kept:
        reach = ONLY_OWN
    if _may_be_empty(on, place, reach) and is_empty(old) and is_empty(new):
        ledger.hide(EMPTY, *differing(old, place.old_at, new, place.new_at))
        return
    rule = on.rules.hiding(place.path, old, new, reach)
    if rule is not None:
        ledger.hide(rule.name, *differing(old, place.old_at, new, place.new_at))
        sight_response_id(on, place, old, new)
    elif on.is_flooded and isinstance(old, (dict, list)):
        ledger.show(on.change(place, "changed", old, new), [(old, place.old_at)], [(new, place.new_at)])
    elif isinstance(old, dict) and isinstance(new, dict):
        compare_objects(on, place, old, new, reach)
    elif reach is not ONLY_OWN and _compare_vectors(on, place, old, new):
        pass
    elif isinstance(old, list) and isinstance(new, list):
        compare_lists(on, place, old, new, reach)
    elif isinstance(old, str) and isinstance(new, str):
        _compare_strings(on, place, old, new, reach)
    else:
        kind: Kind = "changed"
        ledger.show(on.change(place, kind, old, new), [(old, place.old_at)], [(new, place.new_at)])


def compare_objects(
    on: Comparison, place: Place, old: dict[str, Json], new: dict[str, Json], reach: Reach = EVERYWHERE
) -> None:
    """Compare two objects key by key, in the old one's order, then what only the new one has."""
    told = len(on.ledger.changes) + len(on.ledger.sightings)
    for key, value in old.items():
        if key in new:
            if value is not new[key]:
                compare(on, place.key(key), value, new[key], reach)
        else:
            one_sided(on, place.key(key), value, removed=True, reach=reach)
    for key, value in new.items():
        if key not in old:
            one_sided(on, place.key(key), value, removed=False, reach=reach)
    _settle_empty(on, place, old, new, told)


def _settle_empty(on: Comparison, place: Place, old: Json, new: Json, told: int) -> None:
    """An empty object or list is a leaf: it goes with the items that came in its place, or went and left it."""
    cells: tuple[list[Cell], list[Cell]] = ([], []) if old else ([(old, place.old_at)], [])
    if not new:
        cells[1].append((new, place.new_at))
    if not cells[0] and not cells[1]:
        return
    if len(on.ledger.changes) + len(on.ledger.sightings) > told:
        on.ledger.cover(*cells)
    else:
        on.ledger.hide(EMPTY, *cells)


def _may_be_empty(on: Comparison, place: Place, reach: Reach) -> bool:
    """Whether an empty value says nothing here: as a key's value, never as an item of a list or in arguments."""
    return reach.empties and isinstance(place.path[-1], str) and on.rules.is_on(EMPTY)


def one_sided(on: Comparison, place: Place, value: Json, *, removed: bool, reach: Reach = EVERYWHERE) -> None:
    """Enter a value that only one side has: without meaning if it is empty, hidden by a rule, or one change."""
    cells: tuple[list[Cell], list[Cell]] = ([(value, place.old_at)], []) if removed else ([], [(value, place.new_at)])
    old, new = (value, None) if removed else (None, value)
    if is_in_arguments(place.path) or place.path in on.kept:
        reach = ONLY_OWN
    if _may_be_empty(on, place, reach) and is_empty(value):
        on.ledger.hide(EMPTY, *cells)
        return
    rule = on.rules.hiding(place.path, old, new, reach)
    if rule is not None:
        on.ledger.hide(rule.name, *cells)
        return
    on.ledger.show(on.change(place, "removed" if removed else "added", old, new), *cells)


def compare_lists(on: Comparison, place: Place, old: list[Json], new: list[Json], reach: Reach = EVERYWHERE) -> None:
    """Compare two lists, aligned by the names of their items or by what the items say."""
    told = len(on.ledger.changes) + len(on.ledger.sightings)
    of_vectors = reach is not ONLY_OWN and (
        vectors.hold_vectors(old, place.old_path) or vectors.hold_vectors(new, place.path)
    )
    if on.rules.sorting(place.path) is not None:
        alignment = align_unordered(place.path, old, new)
    elif of_vectors:
        alignment = align_positions(_outlines(old, place.old_path), _outlines(new, place.path))
    else:
        alignment = align(place.path, old, new)
    if alignment.keyed or of_vectors or any(isinstance(item, dict) for item in (*old, *new)):
        _compare_items(on, place, old, new, alignment, reach)
    else:
        _compare_unnamed(on, place, old, new, alignment, reach)
    _settle_empty(on, place, old, new, told)


def _outlines(items: list[Json], path: Path) -> list[Hashable]:
    return [vectors.outline(item, (*path, index)) for index, item in enumerate(items)]


def _compare_items(
    on: Comparison, place: Place, old: list[Json], new: list[Json], alignment: Alignment, reach: Reach
) -> None:
    """Compare each item with its partner; items that are equal are cut there."""
    for number, item in enumerate(alignment.items):
        if on.is_flooded:
            _show_rest(on, place, old, new, alignment.items[number:])
            break
        there = place.item(item.old, item.new, item.name)
        if item.old is None and item.new is not None:
            one_sided(on, there, new[item.new], removed=False, reach=reach)
        elif item.new is None and item.old is not None:
            one_sided(on, there, old[item.old], removed=True, reach=reach)
        elif item.old is not None and item.new is not None:
            compare(on, there, old[item.old], new[item.new], reach)
    if alignment.moved:
        names = [item.name for item in alignment.items if item.old is not None and item.new is not None]
        former = sorted(
            (item for item in alignment.items if item.old is not None and item.new is not None),
            key=lambda item: item.old or 0,
        )
        on.ledger.show(on.change(place, "moved", [item.name for item in former], list(names)))


def _show_rest(on: Comparison, place: Place, old: list[Json], new: list[Json], items: Sequence[Aligned]) -> None:
    """What differs of the rest of a list, as one change of the list."""
    differing_items = [
        item for item in items if item.old is None or item.new is None or not same(old[item.old], new[item.new])
    ]
    olds = [(old[item.old], place.item(item.old, None).old_at) for item in differing_items if item.old is not None]
    news = [(new[item.new], place.item(None, item.new).new_at) for item in differing_items if item.new is not None]
    if differing_items:
        change = on.change(place, "changed", [value for value, _ in olds], [value for value, _ in news])
        on.ledger.show(change, olds, news)


def _compare_unnamed(
    on: Comparison, place: Place, old: list[Json], new: list[Json], alignment: Alignment, reach: Reach
) -> None:
    """Lists of values without names: what the alignment leaves over goes to DeepDiff, stretch by stretch."""
    for olds, news in _left_over(alignment, old, new):
        old_items, new_items = [old[index] for index in olds], [new[index] for index in news]
        if len(olds) == 1 == len(news) and not isinstance(old_items[0], (dict, list)):
            compare(on, place.item(olds[0], news[0]), old_items[0], new_items[0], reach)
            continue
        if not olds or not news:
            for index in olds:
                one_sided(on, place.item(index, None), old[index], removed=True, reach=reach)
            for index in news:
                one_sided(on, place.item(None, index), new[index], removed=False, reach=reach)
            continue
        found = None if on.is_flooded else structure.differences(old_items, new_items)
        if found is None:
            cells = (
                [(old[index], place.item(index, None).old_at) for index in olds],
                [(new[index], place.item(None, index).new_at) for index in news],
            )
            on.ledger.show(on.change(place, "changed", list(old), list(new)), *cells)
            continue
        for difference in found:
            position = difference.steps[0]
            assert isinstance(position, int)
            there = place.item(
                olds[position] if position < len(olds) else None,
                news[position] if position < len(news) else None,
            )
            for step in difference.steps[1:]:
                there = there.key(step) if isinstance(step, str) else there.item(step, step)
            if difference.kind == "changed":
                compare(on, there, difference.old, difference.new, reach)
            else:
                removed = difference.kind == "removed"
                one_sided(on, there, difference.old if removed else difference.new, removed=removed, reach=reach)


def _left_over(alignment: Alignment, old: list[Json], new: list[Json]) -> list[tuple[list[int], list[int]]]:
    """The stretches between equal items, as positions of either side."""
    stretches: list[tuple[list[int], list[int]]] = []
    fresh = True
    for item in alignment.items:
        if item.old is not None and item.new is not None and same(old[item.old], new[item.new]):
            fresh = True
            continue
        if fresh:
            stretches.append(([], []))
            fresh = False
        if item.old is not None:
            stretches[-1][0].append(item.old)
        if item.new is not None:
            stretches[-1][1].append(item.new)
    return [(sorted(olds), sorted(news)) for olds, news in stretches]


def _compare_vectors(on: Comparison, place: Place, old: Json, new: Json) -> bool:
    """Compare two embeddings as vectors; False where neither is one. One against anything else is a change."""
    before, after = vectors.as_vectors(old, new, place.old_path, place.path)
    if before is None and after is None:
        return False
    if before is None or after is None:
        on.ledger.show(on.change(place, "changed", old, new), [(old, place.old_at)], [(new, place.new_at)])
        return True
    difference = vectors.compare(before, after)
    cells = differing(old, place.old_at, new, place.new_at)
    if difference.is_noise and on.rules.is_on(EMBEDDING):
        on.ledger.hide(EMBEDDING, *cells)
    else:
        sides = difference.side(difference.old_dimension), difference.side(difference.new_dimension)
        on.ledger.show(on.change(place, "changed", *sides), *cells)
    return True


def _compare_strings(on: Comparison, place: Place, old: str, new: str, reach: Reach) -> None:
    cells: tuple[list[Cell], list[Cell]] = [(old, place.old_at)], [(new, place.new_at)]
    change = on.change(place, "changed", old, new)
    if reach is EVERYWHERE and old and new and is_id_place(place.path):
        on.ledger.sight(change, *cells)
        return
    if reach is EVERYWHERE and on.rules.is_on(SIGNED_URL) and differ_in_signature(old, new) and not is_said(place.path):
        on.ledger.hide(SIGNED_URL, *cells)
        return
    rule = _rule_for_json_text(on, place, old, new) if reach is not IN_JSON_TEXT else None
    if rule is not None:
        on.ledger.hide(rule, *cells)
        return
    on.ledger.show(change, *cells)


def _rule_for_json_text(on: Comparison, place: Place, old: str, new: str) -> str | None:
    """The rule that explains why two JSON texts say the same: their layout, or what is inside them; None otherwise."""
    of_response = place.path[:2] == ("response", "body")
    if not of_response and place.path[-1] != "arguments":
        return None
    before, after = embedded(old), embedded(new)
    if before is None or after is None:
        return None
    if same(before, after):
        return LAYOUT if on.rules.is_on(LAYOUT) else None
    inner = Comparison(on.rules, Ledger(), on.prefix, on.error_body)
    compare(inner, place, before, after, IN_JSON_TEXT if of_response else ONLY_OWN)
    if inner.ledger.changes or inner.ledger.sightings or not inner.ledger.hidden:
        return None
    return next(iter(inner.ledger.hidden))


def differing(old: Json, old_at: str, new: Json, new_at: str) -> tuple[list[Cell], list[Cell]]:
    """The leaves of two values that differ, position by position; equal ones are the same leaf."""
    if not isinstance(old, (dict, list)) and not isinstance(new, (dict, list)):
        return [(old, old_at)], [(new, new_at)]
    before, after = dict(leaves(old)), dict(leaves(new))
    olds = [(value, old_at + place) for place, value in before.items() if not _stands(after, place, value)]
    news = [(value, new_at + place) for place, value in after.items() if not _stands(before, place, value)]
    return olds, news


def _stands(others: dict[str, Json], place: str, value: Json) -> bool:
    return place in others and same(others[place], value)


def sight_equal_ids(on: Comparison, place: Place, value: Json) -> None:
    """Ids that stayed count when a test's renaming is judged."""
    if isinstance(value, str):
        if value and len(place.path) > 1 and (is_id_place(place.path) or place.path in RESPONSE_IDS):
            on.ledger.sightings.append(IdSighting(value, value))
    elif isinstance(value, (dict, list)):
        for found in ids_in(value, place.path):
            on.ledger.sightings.append(IdSighting(found, found))


def sight_response_id(on: Comparison, place: Place, old: Json, new: Json) -> None:
    """A response's name that is hidden counts too: what a later request calls it must be renamed with it."""
    if place.path in RESPONSE_IDS and old and new and isinstance(old, str) and isinstance(new, str):
        on.ledger.sightings.append(IdSighting(old, new))
