"""What each pair came to: its changes, once the ids of its whole test are judged, and the status that follows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recdiff.asked import asked_of
from recdiff.comparing.ledger import Ledger
from recdiff.model import Change, FileReview, HiddenLeaf, PairedBy, Recording, status_of
from recdiff.rules import ids
from recdiff.rules.defaults import RENAMED_ID
from recdiff.rules.engine import RuleSet
from recdiff.views import turns_of


class About(NamedTuple):
    """What was called and how it answered, in few words; the model, the length of the conversation, what was asked."""

    called: str
    model: str
    turns: int
    asked: str


UNKNOWN = About("", "", 0, "")


@dataclass(slots=True)
class Compared:
    """One pair after comparing, before its test's ids are judged; or what has its `entry` already."""

    old: str | None
    new: str | None
    paired_by: PairedBy | None
    pairing: str
    recording: Recording | None
    old_test_id: str | None = None
    about: About = UNKNOWN
    ledger: Ledger | None = None
    error: str | None = None
    entry: FileReview | None = None


def keep_samples(ledger: Ledger, most: int) -> None:
    """Of what a trace listed, keep `most` hidden leaves of each rule that are not alike; the counts stay.

    Whether an id was renamed is judged later, over its whole test: of each place where one stands, one leaf stays.
    """
    ledger.trail = _sampled(ledger.trail, most)
    ledger.sightings = [sighting._replace(trail=sighting.trail[:1]) for sighting in ledger.sightings]
    ledger.shown_at = [], []


def _sampled(leaves: Sequence[HiddenLeaf], most: int) -> list[HiddenLeaf]:
    """The first `most` leaves of each rule, of those with the same values on both sides one."""
    kept: list[HiddenLeaf] = []
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for leaf in leaves:
        said = seen[leaf.rule]
        if len(said) < most and (values := (repr(leaf.old), repr(leaf.new))) not in said:
            said.add(values)
            kept.append(leaf)
    return kept


def judged(compared: Sequence[Compared], rules: RuleSet, samples: int = 0) -> Iterator[FileReview]:
    """Every file with its status, once the ids of its test are judged. With `samples`, no rule lists more leaves."""
    tests: dict[tuple[str, str], list[ids.IdSighting]] = defaultdict(list)
    for found in compared:
        if found.ledger:
            tests[_test_of(found)].extend(found.ledger.sightings)
    renamed = {
        test: ids.consistent(sightings) if rules.is_on(RENAMED_ID) else set() for test, sightings in tests.items()
    }
    for found in compared:
        if found.entry:
            yield found.entry
        elif found.ledger is None:
            yield FileReview("unreadable", found.old, found.new, found.paired_by, None, None, error=found.error)
        else:
            yield _entry(found, found.ledger, renamed[_test_of(found)], samples)


def _test_of(found: Compared) -> tuple[str, str]:
    """The scope in which an id is one id: the test (old and new), or the file alone where no test is known."""
    test_id = found.recording.test_id if found.recording else None
    if test_id is None:
        return "", f"{found.new or found.old}"
    return found.old_test_id or "", test_id


def _entry(found: Compared, ledger: Ledger, renamed: set[tuple[str, str]], samples: int) -> FileReview:
    recording = found.recording
    assert recording is not None
    changes: list[Change] = list(ledger.changes)
    trail: list[HiddenLeaf] = list(ledger.trail)
    hidden = {rule: [old, new] for rule, (old, new) in ledger.hidden.items()}
    for sighting in ledger.sightings:
        if sighting.change is None:
            continue
        if (sighting.old, sighting.new) in renamed:
            tally = hidden.setdefault(RENAMED_ID, [0, 0])
            tally[0] += sighting.leaves[0]
            tally[1] += sighting.leaves[1]
            trail.extend(leaf._replace(rule=RENAMED_ID) for leaf in sighting.trail)
        else:
            changes.append(sighting.change)
    return FileReview(
        status=status_of(changes),
        old_path=found.old,
        new_path=found.new,
        paired_by=found.paired_by,
        format=recording.format,
        test_id=recording.test_id,
        hidden={rule: max(counts) for rule, counts in sorted(hidden.items()) if max(counts)},
        changes=tuple(changes),
        hidden_leaves=tuple(_sampled(trail, samples) if samples else trail),
        pairing=found.pairing,
        about=found.about.called,
        model=found.about.model,
        turns=found.about.turns,
        asked=found.about.asked,
    )


def about(recording: Recording) -> About:
    """What is known of a recording by its first request."""
    if not recording.interactions:
        return UNKNOWN
    interaction = recording.interactions[0]
    view = interaction.request.view
    called = str(view.get("tool_name") or view.get("endpoint") or view.get("url") or "")
    called = re.sub(r"^(?:https?://[^/]*)?/(?:v1/)?", "", called)
    how = " · streamed" if interaction.response.streamed else ""
    return About(f"{called}{how}", str(view.get("model") or ""), turns_of(view.get("body")), asked_of(recording))
