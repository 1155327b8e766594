"""Which item of an old list became which item of the new one: by a key of the items, else by what they say."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from recdiff.jsonvalue import Json, is_empty, token_of
from recdiff.rules.ids import ID_OWNERS, REFERENCES

Path = tuple[str | int, ...]

_NAMES = (
    "id",
    "model",
    "name",
    "url",
    "key",
    "document_id",
    "file_id",
    "chunk_id",
    "index",
    "modality",
    "code",
)
"""Keys that name an item of a list, the surest first."""

_NAMED_LISTS = {"tools": ("function", "name")}
"""Lists whose items are named one level down."""

_SPOKEN = frozenset(("role", "type", "function"))
"""Keys of a message, call or item of a conversation; an `id` beside none of them may be a name that means something."""

_MOST_CELLS = 40_000
"""Items old × items new up to which the likeliest pairs of a changed stretch are looked for."""


class Aligned(NamedTuple):
    """One item of either list, or of both. `name` is the key that aligned it, where one did."""

    old: int | None
    new: int | None
    name: str | None = None


class Alignment(NamedTuple):
    """All items of two lists, each once, new order first; `moved` says that named items changed places."""

    items: tuple[Aligned, ...]
    keyed: bool
    moved: bool = False


def align(path: Path, old: list[Json], new: list[Json]) -> Alignment:
    """Align two lists: by a name that all items have and that is theirs alone, else by what the items say.

    An id that a provider draws anew is such a name only where what the items say does not tell.
    """
    drawn = _drawn_ids(path, old, new)
    if drawn is not None:
        return _by_essence(old, new, *drawn)
    names = _names(path, old, new)
    if names is not None:
        return _by_name(*names)
    return Alignment(_by_content(old, new), keyed=False)


def align_unordered(path: Path, old: list[Json], new: list[Json]) -> Alignment:
    """Align two lists whose order says nothing: equal items first, wherever they stand, then as `align` does."""
    places: dict[bytes, list[int]] = {}
    for index in range(len(old) - 1, -1, -1):
        places.setdefault(token_of(old[index]), []).append(index)
    equal: list[Aligned] = []
    rest_new: list[int] = []
    for index, item in enumerate(new):
        waiting = places.get(token_of(item))
        if waiting:
            equal.append(Aligned(waiting.pop(), index))
        else:
            rest_new.append(index)
    rest_old = sorted(index for waiting in places.values() for index in waiting)
    rest = align(path, [old[index] for index in rest_old], [new[index] for index in rest_new])
    found = tuple(
        Aligned(
            None if item.old is None else rest_old[item.old],
            None if item.new is None else rest_new[item.new],
            item.name,
        )
        for item in rest.items
    )
    return Alignment((*equal, *found), keyed=rest.keyed)


def align_positions(old: Sequence[Hashable], new: Sequence[Hashable]) -> Alignment:
    """Align two lists whose items mean their positions: one to one, or around what came and went where tokens tell."""
    runs = [(0, len(old), 0, len(new), False)] if len(old) == len(new) else stretches(old, new)
    items: list[Aligned] = []
    for old_from, old_to, new_from, new_to, _ in runs:
        count = min(old_to - old_from, new_to - new_from)
        items.extend(Aligned(old_from + step, new_from + step) for step in range(count))
        items.extend(Aligned(None, index) for index in range(new_from + count, new_to))
        items.extend(Aligned(index, None) for index in range(old_from + count, old_to))
    return Alignment(tuple(items), keyed=False)


def _names(path: Path, old: list[Json], new: list[Json]) -> tuple[list[str], list[str]] | None:
    if not old or not new:
        return None
    inner = _NAMED_LISTS.get(str(path[-1])) if path else None
    for way in ((inner,) if inner else ()) + tuple((name,) for name in _NAMES):
        olds, news = _named(old, way), _named(new, way)
        if olds and news and (way == ("index",) or not set(olds).isdisjoint(news)):
            return olds, news
    return None


def _named(items: list[Json], way: tuple[str, ...]) -> list[str] | None:
    """Each item's name, or None where an item has none or shares it."""
    found: dict[str, None] = {}
    for item in items:
        for step in way:
            if not isinstance(item, dict) or step not in item:
                return None
            item = item[step]
        if isinstance(item, bool) or not isinstance(item, (str, int)) or item == "":
            return None
        name = str(item)
        if name in found:
            return None
        found[name] = None
    return list(found)


def _by_name(olds: list[str], news: list[str]) -> Alignment:
    place = {name: index for index, name in enumerate(olds)}
    items = [Aligned(place.get(name), index, name) for index, name in enumerate(news)]
    present = set(news)
    items += [Aligned(index, None, name) for index, name in enumerate(olds) if name not in present]
    kept = [item.old for item in items if item.old is not None and item.new is not None]
    return Alignment(tuple(items), keyed=True, moved=kept != sorted(kept))


def _drawn_ids(path: Path, old: list[Json], new: list[Json]) -> tuple[list[str], list[str]] | None:
    """The ids of calls, messages or items of a conversation, where every item has one and some are on both sides."""
    if not path or path[-1] not in ID_OWNERS or not all(map(_speaks, old)) or not all(map(_speaks, new)):
        return None
    olds, news = _named(old, ("id",)), _named(new, ("id",))
    return (olds, news) if olds and news and not set(olds).isdisjoint(news) else None


def _speaks(item: Json) -> bool:
    return isinstance(item, dict) and not _SPOKEN.isdisjoint(item)


def _by_essence(old: list[Json], new: list[Json], olds: list[str], news: list[str]) -> Alignment:
    """Items that say the same first; of the rest those of one id, unless the first contradict; then the likeliest."""
    partner = _of_one_essence(old, new, olds, news)
    both = set(olds) & set(news)
    renamed = any(olds[a] != news[b] and (olds[a] in both or news[b] in both) for b, a in partner.items())
    taken = set(partner.values())
    rest_old = [a for a in range(len(old)) if a not in taken]
    rest_new = [b for b in range(len(new)) if b not in partner]
    if not renamed:
        place = {olds[a]: a for a in rest_old}
        of_one_id = {b: place[news[b]] for b in rest_new if news[b] in place}
        partner.update(of_one_id)
        taken = set(of_one_id.values())
        rest_old = [a for a in rest_old if a not in taken]
        rest_new = [b for b in rest_new if b not in of_one_id]
    pairs = _likeliest([old[a] for a in rest_old], [new[b] for b in rest_new])
    partner.update((rest_new[b], rest_old[a]) for a, b in pairs)
    kept = [partner[b] for b in sorted(partner)]
    moved = kept != sorted(kept)
    paired = set(kept)
    items = [Aligned(partner.get(b), b, news[b] if moved else None) for b in range(len(new))]
    items += [Aligned(a, None, olds[a] if moved else None) for a in range(len(old)) if a not in paired]
    return Alignment(tuple(items), keyed=True, moved=moved)


def _of_one_essence(old: list[Json], new: list[Json], olds: list[str], news: list[str]) -> dict[int, int]:
    """New positions with the old ones that say the same: in order, or by id where one side says it more often."""
    groups: dict[bytes, tuple[list[int], list[int]]] = {}
    for side, items in enumerate((old, new)):
        for index, item in enumerate(items):
            groups.setdefault(token_of(essence(item)), ([], []))[side].append(index)
    partner: dict[int, int] = {}
    for before, after in groups.values():
        if len(before) != len(after):
            place = {olds[a]: a for a in before}
            same_id = {b: place[news[b]] for b in after if news[b] in place}
            partner.update(same_id)
            before = [a for a in before if a not in same_id.values()]
            after = [b for b in after if b not in same_id]
        partner.update(zip(after, before, strict=False))
    return partner


def essence(value: Json) -> Json:
    """A value without its ids and its empty keys: what must be equal for two requests or messages to be the same."""
    if isinstance(value, dict):
        kept: dict[str, Json] = {}
        for key, item in value.items():
            if key == "id" or key in REFERENCES:
                continue
            if not isinstance(item, (dict, list)):
                if item is not None and item != "":
                    kept[key] = item
            elif not is_empty(item):
                kept[key] = essence(item)
        return kept
    if isinstance(value, list):
        return [essence(item) if isinstance(item, (dict, list)) else item for item in value]
    return value


def _by_content(old: list[Json], new: list[Json]) -> tuple[Aligned, ...]:
    left = [token_of(essence(item)) for item in old]
    right = [token_of(essence(item)) for item in new]
    items: list[Aligned] = []
    for old_from, old_to, new_from, new_to, equal in stretches(left, right):
        if equal:
            items.extend(Aligned(old_from + step, new_from + step) for step in range(old_to - old_from))
        else:
            pairs = _likeliest(old[old_from:old_to], new[new_from:new_to])
            paired_old = {a for a, _ in pairs}
            partner = {b: a for a, b in pairs}
            items.extend(
                Aligned(old_from + partner[b] if b in partner else None, new_from + b) for b in range(new_to - new_from)
            )
            items.extend(Aligned(old_from + a, None) for a in range(old_to - old_from) if a not in paired_old)
    return tuple(items)


MOST_BITS = 400_000_000
"""Old × new items up to which a longest common subsequence is looked for: it takes a bit for each (50 MB)."""


def stretches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int, int, bool]]:
    """Two sequences as runs `(old_from, old_to, new_from, new_to, equal)`, by a longest common subsequence."""
    start = 0
    while start < len(old) and start < len(new) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    runs = [(0, start, 0, start, True)] if start else []
    old_end, new_end = len(old) - end, len(new) - end
    if start < old_end and start < new_end:
        runs += _inner_stretches(old[start:old_end], new[start:new_end], start)
    elif start < old_end or start < new_end:
        runs.append((start, old_end, start, new_end, False))
    if end:
        runs.append((old_end, len(old), new_end, len(new), True))
    return runs


def _inner_stretches(
    old: Sequence[Hashable], new: Sequence[Hashable], offset: int
) -> list[tuple[int, int, int, int, bool]]:
    if set(old).isdisjoint(new) or len(old) * len(new) > MOST_BITS:
        return [(offset, offset + len(old), offset, offset + len(new), False)]
    from rapidfuzz.distance import Indel

    runs: list[tuple[int, int, int, int, bool]] = []
    for code in Indel.opcodes(old, new):
        run = (
            code.src_start + offset,
            code.src_end + offset,
            code.dest_start + offset,
            code.dest_end + offset,
        )
        equal = code.tag == "equal"
        if runs and not equal and not runs[-1][4]:  # a deletion beside an insertion is one changed stretch
            before = runs.pop()
            run = (before[0], run[1], before[2], run[3])
        runs.append((*run, equal))
    return runs


def _likeliest(old: list[Json], new: list[Json]) -> list[tuple[int, int]]:
    """Pairs within a changed stretch, in order on both sides: those whose items are most alike in all."""
    if not old or not new:
        return []
    if len(old) == len(new) and all(map(_same_kind, old, new)):
        return [(index, index) for index in range(len(old))]
    if len(old) * len(new) > _MOST_CELLS:
        return [(index, index) for index in range(min(len(old), len(new)))]
    from rapidfuzz.fuzz import ratio

    left = [token_of(item) for item in old]
    right = [token_of(item) for item in new]

    def likeness(a: int, b: int) -> float:
        return ratio(left[a][:2000], right[b][:2000]) if _same_kind(old[a], new[b]) else 0.0

    return best_in_order(len(old), len(new), likeness, least=30.0)


def best_in_order(
    rows: int, columns: int, likeness: Callable[[int, int], float], least: float
) -> list[tuple[int, int]]:
    """Pairs (row, column), rising in both, of the greatest likeness in all; none below `least`."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    scores: list[list[float]] = []
    for row in range(rows):
        scores.append([likeness(row, column) for column in range(columns)])
        for column in range(columns):
            paired = best[row][column] + scores[row][column] if scores[row][column] >= least else 0.0
            best[row + 1][column + 1] = max(best[row][column + 1], best[row + 1][column], paired)
    pairs: list[tuple[int, int]] = []
    row, column = rows, columns
    while row and column:
        if best[row][column] == best[row - 1][column]:
            row -= 1
        elif best[row][column] == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]


def _same_kind(old: Json, new: Json) -> bool:
    """Whether two items may be one item that changed: the same type, and the same role or type where they say one."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(old.get(key) == new.get(key) for key in ("role", "type"))
    return type(old) is type(new)
