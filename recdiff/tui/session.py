"""The state of one review on the screen: what was read, what of it is shown and how, what was decided. No widget."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, TypeAlias

from recdiff.arranging import ARRANGEMENTS, Arrangement, Branch, arrange
from recdiff.decisions import Decisions, Point, Tally, point_of
from recdiff.decisionsfile import Verdict
from recdiff.filtering import Counts, Filter, Searcher, counts, passing
from recdiff.model import CLASSES, Change, FileReview, Review

Mark: TypeAlias = Literal["accepted", "rejected", "undecided", "none"]
"""How a row is marked; `none` is for what needs no decision and has none."""

Need: TypeAlias = Literal["open", "decided", "none"]
"""Whether an entry must be decided on, and was."""


class Session:
    """What the review screen shows. Widgets ask it; nothing in here knows a widget."""

    def __init__(self, label: str, decisions: Decisions) -> None:
        self.label = label
        self.decisions = decisions
        self.review: Review | None = None
        self.files: tuple[FileReview, ...] = ()
        self.wanted = Filter()
        self.by: Arrangement = "test"
        self._searcher = Searcher()
        self._coming: list[FileReview] = []
        self._keys: tuple[FileReview | None, dict[int, str]] = None, {}

    # Reading

    def begin(self) -> None:
        """A reading begins; what was there before stays until it has ended."""
        self._coming = []

    def take(self, found: Sequence[FileReview]) -> None:
        """Files that a reading has found; shown at once where no earlier reading stands."""
        self._coming.extend(found)
        if self.review is None:
            self.files = tuple(self._coming)

    def finish(self, review: Review) -> None:
        """A reading has ended: its review replaces everything."""
        self.decisions.forget()
        self.review, self.files, self._coming = review, review.files, []
        self.label = review.title

    # What is shown

    def shown(self) -> tuple[FileReview, ...]:
        """The files that the filter lets through."""
        return passing(self.files, self.wanted, self.decisions.is_open, self._searcher)

    def tree(self) -> tuple[Branch, ...]:
        """What is shown, arranged; before and after it, where there is any, what is to be known of the range itself."""
        review = self.review
        branches = arrange(self.shown(), review.groups if review else (), self.by)
        if review is None or not branches:
            return branches
        first = "⚠ This range changes the rules" if review.rules_changed else "Notes on this range"
        notes = (Branch("notes", "notes", first, ()),) if review.rules_changed or review.notes else ()
        last = f"{len(review.others):,} other file{'s' if len(review.others) > 1 else ''} skipped"
        others = (Branch("others", "notes", last, ()),) if review.others else ()
        return (*notes, *branches, *others)

    def counts(self) -> Counts:
        """The numbers of all files, which the filters name."""
        return counts(self.files, self.decisions.is_open)

    def next_arrangement(self) -> Arrangement:
        """Go on to the next arrangement, and name it."""
        self.by = ARRANGEMENTS[(ARRANGEMENTS.index(self.by) + 1) % len(ARRANGEMENTS)]
        return self.by

    # Decisions

    def mark(self, entry: FileReview) -> Mark:
        """How an entry's row is marked."""
        points = self.decisions.points(entry)
        state = self.decisions.state(entry)
        if state == "undecided" and not any(point.is_needed for point in points):
            return "none"
        return state if points else "none"

    def need(self, entry: FileReview) -> Need:
        """Whether an entry still waits for a decision, has one, or needs none."""
        if self.decisions.is_open(entry):
            return "open"
        return "decided" if any(point.is_needed for point in self.decisions.points(entry)) else "none"

    def mark_of(self, entry: FileReview, changes: Sequence[Change]) -> Mark:
        """How a change, or a section's changes, are marked."""
        if self._keys[0] is not entry:  # a key is a hash of all that changed: too dear to make for each line painted
            points = zip(entry.changes, self.decisions.points(entry), strict=False)
            self._keys = entry, {id(change): point.key for change, point in points}
        keys = (self._keys[1].get(id(change)) or point_of(entry, change).key for change in changes)
        verdicts = {self.decisions.of(key).verdict for key in keys}
        if "rejected" in verdicts:
            return "rejected"
        if verdicts == {"accepted"}:
            return "accepted"
        return "undecided" if any(change.level == "meaningful" for change in changes) else "none"

    def left_to(self, verdict: Verdict | None, points: Sequence[Point]) -> tuple[tuple[Point, ...], int]:
        """Which of many points a verdict on all of them is about, and how many keep the other one.

        Those that nobody decided on; where there are none, those that were decided otherwise. To take verdicts back is
        about those that have one.
        """
        verdicts = [self.decisions.of(point.key).verdict for point in points]
        told = tuple(
            point for point, its in zip(points, verdicts, strict=True) if (its is None) == (verdict is not None)
        )
        if verdict is None or told:
            return told, sum(its not in (None, verdict) for its in verdicts) if verdict else 0
        return tuple(point for point, its in zip(points, verdicts, strict=True) if its != verdict), 0

    def also_in(self, points: Sequence[Point], entries: Sequence[FileReview]) -> int:
        """How many other recordings say the same at one of these points, so that a decision is about them too."""
        keys, known = {point.key for point in points}, set(map(id, entries))
        others = (entry for entry in self.files if id(entry) not in known)
        return sum(any(point.key in keys for point in self.decisions.points(entry)) for entry in others)

    def tally(self) -> Tally:
        """How far the whole review is."""
        return self.decisions.tally(self.files)

    def points(
        self, entries: Sequence[FileReview], groups: Collection[str] | None = None, classes: Collection[str] = ()
    ) -> tuple[Point, ...]:
        """All that can be decided of some entries, each once; of some groups' or classes' changes alone where named.

        A recording that is decided on as a whole is of every class.
        """
        if groups is None:
            others = set(CLASSES).difference(classes) if classes else ()
            every = (point for entry in entries for point in self.decisions.points(entry))
            found = (point for point in every if point.change_class not in others)
        else:
            grouped = ((entry, change) for entry in entries for change in entry.changes if change.group in groups)
            found = (point_of(entry, change) for entry, change in grouped)
        return tuple({point.key: point for point in found}.values())

    def progress(self, branch: Branch) -> Progress:
        """How far a branch is: of groups by their changes, of everything else by its recordings."""
        groups = groups_of(branch)
        entries = tuple(branch.every())
        if groups is None:
            needs = [self.need(entry) for entry in entries]
            rejected = sum(self.mark(entry) == "rejected" for entry in entries)
            return Progress(needs.count("open"), len(needs) - needs.count("none"), rejected)
        verdicts = [self.decisions.of(point.key).verdict for point in self.points(entries, groups) if point.is_needed]
        return Progress(verdicts.count(None), len(verdicts), verdicts.count("rejected"))

    def remarked(self, points: Sequence[Point]) -> tuple[str, tuple[Point, ...]]:
        """The comment that points share, none where they have different ones; and those that another would be on.

        A comment on a whole recording leaves those that its changes have of their own.
        """
        said = [self.decisions.of(point.key).comment for point in points]
        shared = said[0] if len(set(said)) == 1 else ""
        return shared, tuple(point for point, its in zip(points, said, strict=True) if its == shared)


class Progress(NamedTuple):
    """What waits for a decision, how much needs one at all, and how much is rejected."""

    open: int
    total: int
    rejected: int


def groups_of(branch: Branch) -> frozenset[str] | None:
    """The groups whose changes a branch stands for; None for one that stands for its recordings."""
    if branch.group is not None:
        return frozenset((branch.group.id,))
    if branch.kind != "groups":
        return None
    return frozenset(child.group.id for child in branch.children if isinstance(child, Branch) and child.group)
