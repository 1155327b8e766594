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
from recdiff.drivers.setup.record import Attributes, Found, Record, digest, keeping, kept
from recdiff.drivers.setup.together import Edit, read, write_together
from recdiff.drivers.setup.wording import Setting, ours_among, without_repeats
from recdiff.gitonce import ask

CACHE = "refs/notes/textconv/recdiff"
"""Where git keeps what textconv printed."""


class FileChange(NamedTuple):
    """What happens to one file, for people: lines that come, lines that go, and whether the very bytes come back."""

    path: Path
    comes: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    is_restored: bool = False


class Plan(NamedTuple):
    """What an `enable` or a `disable` would do: the edits, and what they come to."""

    edits: tuple[Edit, ...] = ()
    changes: tuple[FileChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.edits


def recorded_lines(place: Place) -> tuple[str, ...]:
    """The attribute lines of an earlier `enable` here, which stay where no patterns are given. Raises GitError."""
    record = kept(place)
    entry = record.of(place.attributes) if record else None
    return entry.lines if entry else ()


def plan_enable(place: Place, settings: Sequence[Setting], lines: Sequence[str]) -> Plan:
    """What enabling would write. An earlier `enable` is replaced, from what was there before it. Raises GitError."""
    record = kept(place)
    config, attributes = read(place.config), read(place.attributes)
    config_before, attributes_before = config, attributes
    entry = record.of(place.attributes) if record else None
    if record is not None:
        # From what was there before the last time: what was written then is no part of what was found.
        config_before = _taken_back(record.config, config, record.settings)
    if entry is not None:
        attributes_before = _lines_taken_back(entry.found, attributes, entry.lines)
    config_after = with_settings(config_before, settings)
    attributes_after = with_lines(attributes_before, lines)
    fresh = without_repeats(lines, (attributes_before or b"").decode("utf-8", "surrogateescape"))
    if config_after == config and attributes_after == attributes and record is not None:
        return Plan()
    others = tuple(other for other in record.attributes if other.path != place.attributes) if record else ()
    mine = Attributes(place.attributes, Found(attributes_before, digest(attributes_after or b"")), fresh)
    new_record = Record(Found(config_before, digest(config_after)), tuple(settings), (*others, mine))
    # The settings come last: without them git takes no notice of the attributes.
    edits = [keeping(place, new_record)]
    edits += [Edit(place.attributes, attributes_after)] if attributes_after != attributes else []
    edits += [Edit(place.config, config_after)] if config_after != config else []
    replaced = _differing(settings_in(config) if config else (), settings)
    gone = tuple(line for line in entry.lines if line not in fresh) if entry else ()
    changes = (
        FileChange(place.config, tuple(map(_spelled, settings)), replaced),
        FileChange(place.attributes, fresh, gone),
    )
    return Plan(tuple(edits), changes)


def _spelled(setting: Setting) -> str:
    return f"{setting.key} = {setting.value}"


def _differing(found: Sequence[Setting], settings: Sequence[Setting]) -> tuple[str, ...]:
    """Settings that are there and will say something else, or nothing where they were recdiff's own."""
    wanted = {setting.key.lower(): setting.value for setting in settings}
    own = set(ours_among(found))
    return tuple(
        _spelled(old)
        for old in found
        if (old.key.lower() in wanted and wanted[old.key.lower()] != old.value)
        or (old in own and old.key.lower() not in wanted)
    )


def _taken_back(found: Found, now: bytes | None, settings: Sequence[Setting]) -> bytes | None:
    """A config file as it was found, or without what was written into it where it changed since."""
    if found.is_untouched(now) or now is None:
        return found.before if now is not None else None
    return without_settings(now, settings, found.before)


def _lines_taken_back(found: Found, now: bytes | None, lines: Sequence[str]) -> bytes | None:
    """An attributes file as it was found, or without our lines where it changed since."""
    if found.is_untouched(now) or now is None:
        return found.before if now is not None else None
    return without_lines(now, lines)


def plan_disable(place: Place) -> Plan:
    """What disabling would take back: exactly what `enable` wrote, in every work tree. Raises GitError."""
    record = kept(place) or _recognised(place)
    if record is None:
        return Plan()
    edits: list[Edit] = []
    changes: list[FileChange] = []
    config = read(place.config)
    if config is not None:
        edits.append(Edit(place.config, _taken_back(record.config, config, record.settings)))
        goes = tuple(map(_spelled, record.settings))
        changes.append(FileChange(place.config, (), goes, record.config.is_untouched(config)))
    for path, found, lines in record.attributes:
        now = read(path)
        if now is not None and lines:
            edits.append(Edit(path, _lines_taken_back(found, now, lines)))
            changes.append(FileChange(path, (), lines, found.is_untouched(now)))
    edits.append(Edit(place.record, None))
    return Plan(tuple(edits), tuple(changes))


def _recognised(place: Place) -> Record | None:
    """What looks like ours where no record was kept: settings of our wording, and the lines below our comment."""
    config, attributes = read(place.config), read(place.attributes)
    found = ours_among(settings_in(config)) if config is not None else ()
    lines = lines_below_comment(attributes or b"")
    if not found and not lines:
        return None
    return Record(Found(None, ""), found, (Attributes(place.attributes, Found(None, ""), lines),))


def carry_out(plan: Plan) -> None:
    """Make the edits of a plan, all or none. Raises GitError."""
    write_together(plan.edits)


def has_cache() -> bool:
    """Whether git keeps texts of textconv in this repository."""
    return ask("rev-parse", "--verify", "--quiet", CACHE).status == 0


def drop_cache() -> None:
    """Delete what git kept of textconv here. Raises GitError."""
    ask("update-ref", "-d", CACHE, fine=(0,))
