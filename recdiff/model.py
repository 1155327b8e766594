"""The nouns of recdiff, frozen: what every stage takes and every face shows. No I/O, no behaviour of a stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from recdiff.jsonvalue import Json

ChangeClass: TypeAlias = Literal["error", "tool", "finish", "request", "model", "text", "data", "usage", "provenance"]
Level: TypeAlias = Literal["meaningful", "minor"]
Status: TypeAlias = Literal["meaningful", "minor", "noise", "added", "removed", "unreadable"]
Kind: TypeAlias = Literal["changed", "added", "removed", "moved"]
PairedBy: TypeAlias = Literal["path", "test", "request"]

CLASSES: tuple[ChangeClass, ...] = (
    "error", "tool", "finish", "request", "model", "text", "data", "usage", "provenance",
)  # fmt: skip
"""All change classes, the weightiest first."""

STATUSES: tuple[Status, ...] = ("meaningful", "minor", "noise", "added", "removed", "unreadable")

MINOR: frozenset[ChangeClass] = frozenset(("usage", "provenance"))


_NOTHING: Mapping[str, Json] = MappingProxyType({})
_NO_COUNTS: Mapping[str, int] = MappingProxyType({})


def level_of(change_class: ChangeClass) -> Level:
    """Whether a class asks for a reviewer's eye."""
    return "minor" if change_class in MINOR else "meaningful"


class Request(NamedTuple):
    """What was asked. `view` is what `recdiff show` prints; `at` names where each of its keys stands in the file."""

    view: dict[str, Json]
    at: Mapping[str, str]


class Event(NamedTuple):
    """One item of a response body after the wire is decoded.

    `at` is the JSON pointer of its payload; where one string of the file carries it (an SSE line), `carrier` is
    that string's pointer, and pointers below it do not exist in the file.
    """

    payload: Json
    at: str
    carrier: str | None = None


Shape: TypeAlias = Literal["none", "single", "list", "stream", "lines"]
"""How a container held a response body: nothing, one payload, a list of payloads that is no stream, a stream of
payloads, or a stream as lines of text."""


class Response(NamedTuple):
    """What came back, still in its container's terms.

    `view` holds what `recdiff show` prints beside reply and body (`status`, `streamed`, `error`, unknown keys), `at`
    where each of its keys stands in the file (`error/message` and `error/data` for the parts of an error).
    `frame` holds, by pointer, what the view says in other words (`is_streaming`, `is_exception`, empty parts of an
    error). `events` are the payloads, one for a single response. `types` are the SDK types that the container names,
    and `type_places` where.
    """

    view: dict[str, Json]
    at: Mapping[str, str]
    frame: Mapping[str, Json]
    shape: Shape
    events: tuple[Event, ...]
    body_at: str
    raw_body: Json
    types: tuple[str, ...] = ()
    type_places: tuple[str, ...] = ()
    has_null_body: bool = False

    @property
    def status(self) -> int | None:
        """The HTTP status, where the recorder kept it."""
        status = self.view.get("status")
        return status if isinstance(status, int) else None

    @property
    def streamed(self) -> bool:
        """Whether the response came as a stream."""
        return self.view.get("streamed") is True

    @property
    def error(self) -> Json:
        """What was raised instead of (or after) a response; None where nothing was."""
        return self.view.get("error")


class Interaction(NamedTuple):
    """One request and its response."""

    request: Request
    response: Response


class Recording(NamedTuple):
    """One file: its interactions and the test that it belongs to."""

    path: str
    format: str
    test_id: str | None
    interactions: tuple[Interaction, ...]
    document: Json
    """The parsed file, which the account of leaves is checked against."""
    top: Mapping[str, Json] = _NOTHING
    """Keys of the container beside its interactions, the test id among them, as the file has them."""


class Change(NamedTuple):
    """One difference in meaning. `path` is a pointer into what `recdiff show` prints for the new side.

    (For what was removed: into what it prints for the old one.)
    `label` says the place in words (`get_weather.city`, `messages[2].content`); `pattern` is the path with list
    positions as `*`, by which the same change in several recordings is known.
    """

    change_class: ChangeClass
    path: str
    kind: Kind
    old: Json
    new: Json
    label: str
    pattern: str
    derived: bool = False
    group: str | None = None

    @property
    def level(self) -> Level:
        """`minor` for usage and provenance, else `meaningful`."""
        return level_of(self.change_class)


class HiddenLeaf(NamedTuple):
    """One leaf (or one leaf of each side) that a rule took out of sight; the pointers are of the raw files."""

    rule: str
    old_path: str | None
    new_path: str | None
    old: Json
    new: Json

    @property
    def place(self) -> str:
        """Where it stands in the new file, or stood in the old one."""
        return self.new_path or self.old_path or ""


class Synopsis(NamedTuple):
    """A recording in two lines, for those that have no other side: what was asked, and the outcome."""

    endpoint: str
    model: str
    asked: str
    outcome: str
    marks: tuple[str, ...] = ()
    """Any of `exception`, `empty`, `length`: what a reviewer of a new recording must not miss."""


def status_of(changes: Collection[Change]) -> Status:
    """The status of a pair with these changes."""
    if any(change.level == "meaningful" and not change.derived for change in changes):
        return "meaningful"
    return "minor" if changes else "noise"


class FileReview(NamedTuple):
    """One recording or pair that differs, and the one status it counts in."""

    status: Status
    old_path: str | None
    new_path: str | None
    paired_by: PairedBy | None
    format: str | None
    test_id: str | None
    hidden: Mapping[str, int] = _NO_COUNTS
    error: str | None = None
    changes: tuple[Change, ...] = ()
    hidden_leaves: tuple[HiddenLeaf, ...] = ()
    synopsis: Synopsis | None = None
    pairing: str = ""
    """Why the two sides are a pair, in words; empty for the same path."""
    about: str = ""
    """What was called and how it answered, in few words: `chat/completions · streamed`."""
    model: str = ""
    """The model that was asked, for a pair; a recording without another side has it in its synopsis."""
    turns: int = 0
    """How long the conversation of the request is; a test's recordings are read in this order."""
    asked: str = ""
    """What was asked last, for a pair; a recording without another side has it in its synopsis."""
    fingerprint: str = ""
    """For a recording without another side, a name of what it says, noise aside; for one that cannot be read, of its
    bytes. Empty where the review was not asked for it."""
    unshown: tuple[Change, ...] = ()
    """Changes that a selection leaves out; `changes` and the status are of what it keeps."""

    @property
    def path(self) -> str:
        """The new side's path, or the old one's where there is no new side."""
        return self.new_path or self.old_path or ""


class Group(NamedTuple):
    """The same change in several recordings, shown once."""

    id: str
    change_class: ChangeClass
    title: str
    place: str
    old: Json
    new: Json
    files: int


class Selection(NamedTuple):
    """Which part of a review somebody asked for: in words, of how many files, and whether changes were picked."""

    words: str
    files: int
    by_class: bool = False


class Review(NamedTuple):
    """All that a range changed, as every face shows it."""

    label: str
    old: str
    new: str
    files: tuple[FileReview, ...]
    groups: tuple[Group, ...]
    skipped: int
    notes: tuple[str, ...] = ()
    """What the reader must know and no file says: links and submodules that were not followed."""
    rules_changed: tuple[str, ...] = ()
    """How the project's own rules differ between the two sides, a line each; shown before anything else."""
    others: tuple[str, ...] = ()
    """The paths of the skipped files."""
    selection: Selection | None = None
    """Set where this is a part of a review."""

    @property
    def title(self) -> str:
        """The range as it was typed, and what part of its review this is."""
        return f"{self.label} · {self.selection.words}" if self.selection else self.label

    def count(self, status: Status) -> int:
        """How many files have this status."""
        return sum(entry.status == status for entry in self.files)
