"""`recdiff git enable` and `disable`: both files at once, and back to the very bytes where nobody changed them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from recdiff.drivers.setup.editing import (
    lines_below_comment,
    settings_in,
    with_lines,
    with_settings,
    without_lines,
    without_settings,
)
from recdiff.drivers.setup.place import Place
from recdiff.drivers.setup.record import Found, Record, digest, keeping, kept
from recdiff.drivers.setup.together import Edit, read, write_together
from recdiff.drivers.setup.wording import Setting, ours_among, without_repeats
from recdiff.gitonce import ask

CACHE = "refs/notes/textconv/recdiff"
"""Where git keeps what textconv printed."""


class Plan(NamedTuple):
    """What an `enable` or a `disable` would do: the lines that come or go in each file, and the edits."""

    config: Path
    attributes: Path
    settings: tuple[Setting, ...]
    lines: tuple[str, ...]
    edits: tuple[Edit, ...]
    restores: tuple[Path, ...] = ()
    """Files that become what they were before, byte for byte."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.edits


def plan_enable(place: Place, settings: Sequence[Setting], lines: Sequence[str]) -> Plan:
    """What enabling would write. An earlier `enable` is replaced, from what was there before it. Raises GitError."""
    record = kept(place)
    config, attributes = read(place.config), read(place.attributes)
    config_before, attributes_before = config, attributes
    if record is not None:
        # From what was there before the last time: what was written then is no part of what was found.
        config_before = _taken_back(record.config, config, record.settings)
        if record.attributes_path == str(place.attributes):
            attributes_before = _lines_taken_back(record.attributes, attributes, record.lines)
    config_after = with_settings(config_before, settings)
    attributes_after = with_lines(attributes_before, lines)
    fresh = without_repeats(lines, (attributes_before or b"").decode("utf-8", "surrogateescape"))
    if config_after == config and attributes_after == attributes and record is not None:
        return Plan(place.config, place.attributes, tuple(settings), fresh, ())
    new_record = Record(
        Found(config_before, digest(config_after)),
        Found(attributes_before, digest(attributes_after or b"")),
        tuple(settings),
        fresh,
        str(place.attributes),
    )
    # The settings come last: without them git takes no notice of the attributes.
    edits = [keeping(place, new_record)]
    edits += [Edit(place.attributes, attributes_after)] if attributes_after != attributes else []
    edits += [Edit(place.config, config_after)] if config_after != config else []
    return Plan(place.config, place.attributes, tuple(settings), fresh, tuple(edits))


def _taken_back(found: Found, now: bytes | None, settings: Sequence[Setting]) -> bytes | None:
    """A config file as it was found, or without what was written into it where it changed since."""
    if found.is_untouched(now) or now is None:
        return found.before if now is not None else None
    return without_settings(now, settings)


def _lines_taken_back(found: Found, now: bytes | None, lines: Sequence[str]) -> bytes | None:
    """An attributes file as it was found, or without our lines where it changed since."""
    if found.is_untouched(now) or now is None:
        return found.before if now is not None else None
    return without_lines(now, lines)


def plan_disable(place: Place) -> Plan:
    """What disabling would take back: exactly what `enable` wrote. Raises GitError."""
    record = kept(place) or _recognised(place)
    if record is None:
        return Plan(place.config, place.attributes, (), (), ())
    attributes_path = Path(record.attributes_path)
    config, attributes = read(place.config), read(attributes_path)
    edits: list[Edit] = []
    restores: list[Path] = []
    if config is not None:
        edits.append(Edit(place.config, _taken_back(record.config, config, record.settings)))
        restores += [place.config] if record.config.is_untouched(config) else []
    if attributes is not None and record.lines:
        edits.append(Edit(attributes_path, _lines_taken_back(record.attributes, attributes, record.lines)))
        restores += [attributes_path] if record.attributes.is_untouched(attributes) else []
    edits.append(Edit(place.record, None))
    return Plan(place.config, attributes_path, record.settings, record.lines, tuple(edits), tuple(restores))


def _recognised(place: Place) -> Record | None:
    """What looks like ours where no record was kept: settings of our wording, and the lines below our comment."""
    config, attributes = read(place.config), read(place.attributes)
    found = ours_among(settings_in(config)) if config is not None else ()
    lines = lines_below_comment(attributes or b"")
    if not found and not lines:
        return None
    return Record(Found(None, ""), Found(None, ""), found, lines, str(place.attributes))


def carry_out(plan: Plan) -> None:
    """Make the edits of a plan, all or none. Raises GitError."""
    write_together(plan.edits)


def has_cache() -> bool:
    """Whether git keeps texts of textconv in this repository."""
    return ask("rev-parse", "--verify", "--quiet", CACHE).status == 0


def drop_cache() -> None:
    """Delete what git kept of textconv here. Raises GitError."""
    ask("update-ref", "-d", CACHE, fine=(0,))
