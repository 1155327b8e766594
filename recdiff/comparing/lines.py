"""The account of a response that was recorded as lines: a line is one leaf, whatever many things it says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from recdiff.comparing.ledger import Cell, Ledger
from recdiff.jsonvalue import Json, leaves
from recdiff.model import HiddenLeaf, Response
from recdiff.rules.defaults import CHUNKING


def fold(inner: Ledger, outer: Ledger, old: Response, new: Response) -> None:
    """Enter into `outer` what `inner` found piece by piece, with the lines of either side as its leaves.

    `inner` has a trace, whose pointers lead below lines (`/response/body/4/delta/text`). A line with an equal line on
    the other side is the same; else it is shown if anything on it is shown, else hidden under its first rule.
    A side that is no lines keeps its own leaves.
    """
    outer.changes.extend(inner.changes)
    differing = _differing_lines(old, new), _differing_lines(new, old)
    rules: tuple[dict[str, str], dict[str, str]] = {}, {}
    for leaf in inner.trail:
        for side, place in enumerate((leaf.old_path, leaf.new_path)):
            if place is not None and differing[side] is not None:
                line = _line_of(place, (old, new)[side])
                if rules[side].get(line, CHUNKING) == CHUNKING:
                    rules[side][line] = leaf.rule
    shown = tuple(
        {_line_of(place, response) for place in inner.shown_at[side]} for side, response in enumerate((old, new))
    )
    pending = _pend(inner, outer, (old, new), differing, shown)
    by_rule: dict[str, tuple[list[Cell], list[Cell]]] = defaultdict(lambda: ([], []))
    for side, lines in enumerate(differing):
        if lines is None:
            _keep_own_leaves(inner, outer, side, (old, new)[side], by_rule)
            continue
        visible: list[Cell] = []
        for text, at in lines:
            if at in shown[side]:
                visible.append((text, at))
            elif at not in pending[side]:
                by_rule[rules[side].get(at, CHUNKING)][side].append((text, at))
        outer.cover(*((visible, ()) if side == 0 else ((), visible)))
    for rule, cells in by_rule.items():
        outer.hide(rule, *cells)


def _differing_lines(here: Response, there: Response) -> list[Cell] | None:
    """Lines of one side without an equal line on the other; None where this side is no lines."""
    if here.shape != "lines" or not isinstance(here.raw_body, list):
        return None
    others = there.raw_body if there.shape == "lines" and isinstance(there.raw_body, list) else []
    budget = Counter(line for line in others if isinstance(line, str))
    found: list[Cell] = []
    for number, line in enumerate(here.raw_body):
        assert isinstance(line, str)
        if budget[line] > 0:
            budget[line] -= 1
        else:
            found.append((line, f"{here.body_at}/{number}"))
    return found


def _line_of(place: str, response: Response) -> str:
    steps = place[len(response.body_at) + 1 :].split("/", 1)
    return f"{response.body_at}/{steps[0]}"


def _pend(
    inner: Ledger,
    outer: Ledger,
    responses: tuple[Response, Response],
    differing: tuple[list[Cell] | None, list[Cell] | None],
    shown: tuple[set[str], ...],
) -> tuple[set[str], set[str]]:
    """Ids wait for their test's verdict; the lines that say nothing else wait with them."""
    waiting: tuple[set[str], set[str]] = set(), set()
    texts = tuple({at: text for text, at in lines or ()} for lines in differing)
    for sighting in inner.sightings:
        trail: list[HiddenLeaf] = []
        for leaf in sighting.trail:
            places: list[str | None] = [leaf.old_path, leaf.new_path]
            for side in (0, 1):
                place = places[side]
                if place is None or differing[side] is None:
                    continue
                line = _line_of(place, responses[side])
                free = line in texts[side] and line not in shown[side] and line not in waiting[side]
                places[side] = line if free else None
                if free:
                    waiting[side].add(line)
            if places != [None, None]:
                trail.append(_as_lines(leaf, places, texts))
        counts = tuple(sum(place is not None for place in side) for side in _columns(trail))
        outer.sightings.append(
            sighting._replace(leaves=(counts[0], counts[1]), trail=tuple(trail) if outer.trace else ())
        )
    return waiting


def _as_lines(leaf: HiddenLeaf, places: Sequence[str | None], texts: Sequence[dict[str, Json]]) -> HiddenLeaf:
    old, new = places
    return HiddenLeaf(
        leaf.rule,
        old,
        new,
        texts[0].get(old, leaf.old) if old else None,
        texts[1].get(new, leaf.new) if new else None,
    )


def _columns(trail: Sequence[HiddenLeaf]) -> tuple[list[str | None], list[str | None]]:
    return [leaf.old_path for leaf in trail], [leaf.new_path for leaf in trail]


def _keep_own_leaves(
    inner: Ledger, outer: Ledger, side: int, response: Response, by_rule: dict[str, tuple[list[Cell], list[Cell]]]
) -> None:
    """Of a side that is no lines. What a line of the other side says too has no equal leaf: it is cut elsewhere."""
    accounted = {*inner.shown_at[side]}
    for sighting in inner.sightings:
        accounted.update(place for leaf in sighting.trail if (place := (leaf.old_path, leaf.new_path)[side]))
    for leaf in inner.trail:
        place, value = (leaf.old_path, leaf.old) if side == 0 else (leaf.new_path, leaf.new)
        if place is not None:
            by_rule[leaf.rule][side].append((value, place))
            accounted.add(place)
    for event in response.events:
        for place, value in leaves(event.payload, event.at):
            if place not in accounted:
                by_rule[CHUNKING][side].append((value, place))
    own: list[Cell] = [(None, place) for place in inner.shown_at[side]]
    outer.cover(*((own, ()) if side == 0 else ((), own)))
