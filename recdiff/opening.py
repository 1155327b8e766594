"""One entry of a review, opened: both files again, what they say, and every difference that was hidden.

A review lets documents go as soon as they are compared; what a person opens is read again from the same source.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import NamedTuple

from recdiff import formats
from recdiff.comparing.recordings import compare_recordings
from recdiff.errors import RecdiffError, UnreadableError
from recdiff.formats import plain
from recdiff.jsonvalue import Json, canonical, loads
from recdiff.model import Change, FileReview, HiddenLeaf, Recording
from recdiff.rules.config import ProjectConfig
from recdiff.rules.defaults import RENAMED_ID
from recdiff.rules.engine import RuleSet
from recdiff.sources.base import FileVersion, SideName, Source
from recdiff.testfunctions import FunctionSource, candidates, function_in
from recdiff.views import recording_view


class Side(NamedTuple):
    """One file of an opened entry. `view` is what `recdiff show` prints of it, None where it cannot be read."""

    path: str
    data: bytes
    recording: Recording | None
    view: dict[str, Json] | None
    error: str = ""


class Opened(NamedTuple):
    """Both files of an entry; a side is None where there is no such file."""

    entry: FileReview
    old: Side | None
    new: Side | None

    @property
    def latest(self) -> Side | None:
        """The new side, or the old one where that is all there is."""
        return self.new or self.old


class Hidden(NamedTuple):
    """Every hidden leaf of a pair. `is_stale` says that the files are no longer those that the review saw."""

    leaves: tuple[HiddenLeaf, ...]
    is_stale: bool


class Opener:
    """Opens entries of one review, one at a time; may be called from any thread.

    `source` is another one of the same range, which is closed with this; its listing is asked for when the first entry
    is opened.
    """

    def __init__(self, source: Source, config: ProjectConfig) -> None:
        self._source = source
        self._rules = RuleSet(config.rules, config.disabled)
        self._lock = threading.Lock()
        self._versions: dict[tuple[SideName, str], FileVersion] | None = None

    def open(self, entry: FileReview) -> Opened:
        """Read both files of an entry. Raises GitError where the repository is gone."""
        with self._lock:
            return Opened(entry, self._side("old", entry.old_path), self._side("new", entry.new_path))

    def hidden(self, opened: Opened) -> Hidden:
        """What the rules took out of sight in a pair, leaf by leaf, as the review judged its ids."""
        entry = opened.entry
        before, after = (side.recording if side else None for side in (opened.old, opened.new))
        if before is None or after is None:
            return Hidden((), is_stale=False)
        ledger = compare_recordings(before, after, self._rules, trace=True)
        told = {_told(change) for change in (*entry.changes, *entry.unshown)}
        leaves = list(ledger.trail)
        counts = {rule: list(sides) for rule, sides in ledger.hidden.items()}
        found = {_told(change) for change in ledger.changes}
        for sighting in ledger.sightings:
            if sighting.change is None:
                continue
            if _told(sighting.change) in told:
                found.add(_told(sighting.change))
            else:
                leaves.extend(leaf._replace(rule=RENAMED_ID) for leaf in sighting.trail)
                tally = counts.setdefault(RENAMED_ID, [0, 0])
                tally[:] = (tally[0] + sighting.leaves[0], tally[1] + sighting.leaves[1])
        hidden = {rule: max(sides) for rule, sides in counts.items() if max(sides)}
        return Hidden(tuple(leaves), is_stale=found != told or hidden != dict(entry.hidden))

    def function_of(self, entry: FileReview) -> FunctionSource | None:
        """The source of the test that an entry belongs to, as the side that has the recording has it."""
        if not entry.test_id:
            return None
        side: SideName = "new" if entry.new_path else "old"
        with self._lock:
            for path in candidates(entry.test_id, entry.path):
                data = self._source.read_beside(path, side)
                found = function_in(path, data, entry.test_id) if data is not None else None
                if found is not None:
                    return found
        return None

    def close(self) -> None:
        """End what the source started. Waits for whoever reads."""
        with self._lock:
            self._source.close()

    def _side(self, side: SideName, path: str | None) -> Side | None:
        if path is None:
            return None
        if self._versions is None:
            self._versions = dict(_versions_of(self._source))
        version = self._versions.get((side, path))
        if version is None:
            return Side(path, b"", None, None, "the file is no longer part of this range: read the range again")
        data = next(iter(self._source.read([version])))[1]
        return Side(path, b"", None, None, str(data)) if isinstance(data, UnreadableError) else side_of(path, data)


def side_of(path: str, data: bytes) -> Side:
    """A file by its bytes, whatever they are: what cannot be read has an error instead of a view."""
    try:
        recording = formats.load(path, data)
    except UnreadableError as error:
        try:
            recording = plain.read(path, loads(data))
        except (RecdiffError, RecursionError):
            return Side(path, data, None, None, str(error))
    except RecursionError:
        return Side(path, data, None, None, "nested too deeply")
    except Exception as error:  # a page that says so is better than none
        return Side(path, data, None, None, f"recdiff itself failed on it: {type(error).__name__}: {error}")
    return Side(path, data, recording, recording_view(recording))


def _versions_of(source: Source) -> Iterator[tuple[tuple[SideName, str], FileVersion]]:
    for changed in source.listing().files:
        if changed.old:
            yield ("old", changed.old.path), changed.old
        if changed.new:
            yield ("new", changed.new.path), changed.new


def _told(change: Change) -> tuple[str, str, str, bytes]:
    return change.change_class, change.path, change.kind, canonical([change.old, change.new])
