"""On which line of a recording's file a change stands. A change's path leads into what `recdiff show` prints, which
protocols collapsed from many events: the way back goes through the same slots."""

from __future__ import annotations

import json
from collections.abc import Sequence

from recdiff import formats
from recdiff.errors import UnreadableError
from recdiff.formats import plain
from recdiff.jsonvalue import escape, is_empty, loads, same, unescape
from recdiff.model import Change, Interaction, Recording, Response
from recdiff.protocols import protocol_of
from recdiff.protocols.slots import Cell, Slot
from recdiff.reports.rawlines import lines_of, offsets_of


def lines_of_changes(path: str, data: bytes, changes: Sequence[Change]) -> list[int]:
    """The line, from 1, of each change in the new side's file, as near as the file tells.

    A text that was streamed stands where the first event with other words begins; what was removed, at what held it.
    Line 1 where the file cannot be read.
    """
    try:
        recording = _read(path, data)
        pointers = [_raw_pointer(recording, change) for change in changes]
        lines = lines_of(data.decode("utf-8", "replace"), set(pointers))
        return [lines[pointer] for pointer in pointers]
    except Exception:  # a line number is not worth the report
        return [1] * len(changes)


def _read(path: str, data: bytes) -> Recording:
    try:
        return formats.load(path, data)
    except UnreadableError:
        return plain.read(path, loads(data))


def _raw_pointer(recording: Recording, change: Change) -> str:
    """Where a change stands in the file, as a JSON pointer that may lead beyond what is there."""
    steps = [unescape(step) for step in change.path.split("/")[1:]]
    if change.kind == "removed":
        while len(steps) > 1 and steps[-1].isdecimal():  # a position of the old side says nothing about the new one
            steps.pop()
    if steps[:1] == ["extra"]:
        is_object = isinstance(recording.document, dict)
        return _pointer(steps[1:] if is_object else steps[2:])
    if steps[:1] != ["interactions"] or len(steps) < 3 or not steps[1].isdecimal():
        return _pointer(steps)
    number = int(steps[1])
    if number >= len(recording.interactions):
        return ""
    interaction = recording.interactions[number]
    if steps[2] == "request":
        return _in_request(interaction, steps[3:])
    return _in_response(interaction, steps[3:], change)


def _pointer(steps: Sequence[str]) -> str:
    return "".join(f"/{escape(step)}" for step in steps)


def _in_request(interaction: Interaction, steps: list[str]) -> str:
    at = interaction.request.at
    if not steps:
        return "/request"
    if steps[0] in at:
        return at[steps[0]] + _pointer(steps[1:])
    if steps[0] == "model" and "body" in at:
        return at["body"] + "/model"
    return "/request"


def _in_response(interaction: Interaction, steps: list[str], change: Change) -> str:
    response = interaction.response
    here = response.body_at.rpartition("/")[0]
    if not steps:
        return here
    key, rest = steps[0], steps[1:]
    if key == "reply":
        return _in_reply(interaction, rest, change)
    if key == "body":
        return _in_body(response, rest)
    if key in ("error", "extra"):
        names = [f"{key}/{rest[0]}"] if rest else ["error/message", *response.at]
        for name in names:
            if name.startswith(f"{key}/") and name in response.at:
                return response.at[name] + _pointer(rest[1:])
    elif key == "type" and response.type_places:
        return response.type_places[0]
    return response.at[key] + _pointer(rest) if key in response.at else here


def _in_body(response: Response, steps: list[str]) -> str:
    events = response.events
    if response.shape == "single" and events:
        return events[0].at + _pointer(steps)
    if steps and steps[0].isdecimal() and int(steps[0]) < len(events):
        event = events[int(steps[0])]
        return event.carrier or event.at + _pointer(steps[1:])
    return response.body_at


def _in_reply(interaction: Interaction, steps: list[str], change: Change) -> str:
    """The piece of a slot that a change is in: the slot that its path names, or the first below it or around it."""
    protocol = protocol_of(interaction.request, interaction.response)
    if protocol is None:
        return interaction.response.body_at
    slots = {tuple(map(str, path)): slot for path, slot in protocol.collapse(interaction.response.events).slots.items()}
    path = _by_index(slots, steps)
    for size in range(len(path), 0, -1):
        head = tuple(path[:size])
        if head in slots:
            return _piece(slots[head], path[size:], change)
        for name, slot in slots.items():
            if name[:size] == head:
                return _piece(slot, [], change)
    return interaction.response.body_at


def _by_index(slots: dict[tuple[str, ...], Slot], steps: list[str]) -> list[str]:
    """A path of the view, whose choices and calls are counted, as a path of slots, which know them by their index."""
    path = list(steps)
    for at, name in ((0, "choices"), (2, "tool_calls")):
        if len(path) > at + 1 and path[at] == name and path[at + 1].isdecimal():
            head = tuple(path[: at + 1])
            indexes = {slot[at + 1] for slot in slots if slot[: at + 1] == head and len(slot) > at + 1}
            ordered = sorted(indexes, key=_number)
            rank = int(path[at + 1])
            path[at + 1] = ordered[rank] if rank < len(ordered) else path[at + 1]
    return path


def _number(text: str) -> int:
    return int(text) if text.removeprefix("-").isdecimal() else 0


def _piece(slot: Slot, rest: list[str], change: Change) -> str:
    cells = list(zip(slot.values, slot.places, strict=True)) or slot.echoes
    if not cells:
        return ""
    if len(cells) == 1:
        return cells[0][1] + _pointer(rest)
    if slot.combine == "join" and not rest and isinstance(change.new, str):
        return _of_text(cells, change)
    if slot.combine == "arguments":
        return _of_arguments(cells, rest, change)
    if slot.combine in ("items", "extend", "each") and rest and rest[0].isdecimal():
        return _of_items(cells, int(rest[0])) + _pointer(rest[1:])
    if slot.combine in ("last", "merge"):
        holding = [at for value, at in cells if isinstance(value, dict) and (not rest or rest[0] in value)]
        said = holding or [at for value, at in cells if not is_empty(value)] or [cells[0][1]]
        return said[-1] + _pointer(rest)
    return _of_values(cells, change) + _pointer(rest)


def _of_text(cells: Sequence[Cell], change: Change) -> str:
    """The fragment in which the new text begins to differ; its last one where only an end was cut off."""
    offset = _first_difference(change)
    new = change.new if isinstance(change.new, str) else ""
    return _at_offset(cells, offset + len(new[offset:]) - len(new[offset:].lstrip()))


def _first_difference(change: Change) -> int:
    """How many characters of a new text are those of the old one."""
    old, new = (value if isinstance(value, str) else "" for value in (change.old, change.new))
    pairs = enumerate(zip(old, new, strict=False))
    return next((position for position, (a, b) in pairs if a != b), min(len(old), len(new)))


def _at_offset(cells: Sequence[Cell], offset: int) -> str:
    passed = 0
    last = cells[0][1]
    for value, at in cells:
        if isinstance(value, str) and value:
            passed += len(value)
            last = at
            if passed > offset:
                break
    return last


def _of_arguments(cells: Sequence[Cell], rest: list[str], change: Change) -> str:
    """The fragment of a call's arguments in which one of them stands; a parsed object has a place for each."""
    for value, at in cells:
        if isinstance(value, dict) and rest and rest[0] in value:
            return at + _pointer(rest)
    text = "".join(value for value, _ in cells if isinstance(value, str))
    pointer = _pointer(rest)
    offset = offsets_of(text, [pointer])[pointer] if rest else 0
    if rest and isinstance(change.new, str):  # behind the quote, and behind what the old one begins with as well
        kept = change.new[: _first_difference(change)]
        offset += len(json.dumps(kept, ensure_ascii=False)) - 1
    return _at_offset(cells, offset)


def _of_items(cells: Sequence[Cell], position: int) -> str:
    passed = 0
    for value, at in cells:
        size = len(value) if isinstance(value, list) else int(value is not None)
        if passed + size > position:
            return f"{at}/{position - passed}" if isinstance(value, list) else at
        passed += size
    return cells[-1][1]


def _of_values(cells: Sequence[Cell], change: Change) -> str:
    """The first piece that says what is new; else the first that does not say what is old."""
    said = [cell for cell in cells if not is_empty(cell[0])] or list(cells)
    for value, at in said:
        if same(value, change.new):
            return at
    return next((at for value, at in said if not same(value, change.old)), said[0][1])
