"""Deciding: accept, reject, comment and undo, of a change, a recording, a group, or all that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recdiff.arranging import Branch, Leaf
from recdiff.decisions import Point, point_of
from recdiff.decisionsfile import Verdict
from recdiff.model import CLASSES, FileReview
from recdiff.safe import shortened, visible
from recdiff.tui.screens.asking import AskLine, Confirm
from recdiff.tui.session import groups_of

if TYPE_CHECKING:
    from recdiff.tui.screens.parts import ReviewParts as Parts
else:
    Parts = object

_WORDS: dict[Verdict | None, tuple[str, str]] = {
    "accepted": ("Accept", "accepted"), "rejected": ("Reject", "rejected"), None: ("Undecide", "open again"),
}  # fmt: skip
_OTHER: dict[Verdict | None, str] = {"accepted": "rejected", "rejected": "accepted", None: ""}


class Deciding(Parts):
    """The actions of the review screen that decide. Every decision is kept at once."""

    def action_decide(self, verdict: str) -> None:
        """Decide what the cursor stands on: the recording, or in its page the change; a branch is asked about."""
        self.arrive()
        wanted, entry, changes = _verdict(verdict), self.entry, self.target()
        if entry is None:
            self.action_decide_all(verdict)
        elif self._is_unseen():
            self.tell("Nothing was decided: the recording is not on show yet.")
        elif changes:
            self._decide([point_of(entry, change) for change in changes], wanted, [entry])
        else:
            points = self.session.points([entry])
            if not points:
                self.tell("Nothing to decide here: no meaningful change.")
                return
            self._decide(points, wanted, [entry])
            if wanted is not None and not self.is_in_page():
                self.action_next(1)

    def action_decide_all(self, verdict: str) -> None:
        """Decide the whole branch under the cursor, or all that is shown; asks first, naming the count.

        Where the list is filtered by classes, it is about the changes of these: the others may not have been looked at.
        """
        wanted, classes = _verdict(verdict), self.session.wanted.classes
        item, groups = self.tree_view.item_here(), None
        if isinstance(item, Branch):
            entries: Sequence[FileReview] = tuple(item.every())
            groups = groups_of(item)
            what = visible(item.title)
        else:
            entries = self.session.shown()
            what = "all that is shown" if self.is_filtered() else "the whole review"
        every = self.session.points(entries, groups, classes)
        points, left = self.session.left_to(wanted, every)
        if not points:
            self.tell(f"All of it is {wanted} already." if every and wanted else "Nothing to decide here.")
            return
        noun = f"{'/'.join(sorted(classes))} change" if classes and groups is None else "change"
        question = f"{_WORDS[wanted][0]} {' and '.join(self._told(entries, points, noun))}?"
        if wanted and self.session.decisions.of(points[0].key).verdict:
            what += f" · {_OTHER[wanted]} now"
        elif left:
            what += f" · what is {_OTHER[wanted]} already stays so ({left:,})"

        verdicts = {point.key: self.session.decisions.of(point.key).verdict for point in points}

        def decide(answer: bool | None) -> None:
            self.session.decisions.refresh()  # another session may have decided while the question stood here
            still = [point for point in points if self.session.decisions.of(point.key).verdict == verdicts[point.key]]
            if answer and still:
                self._decide(still, wanted, entries)
            if answer and len(still) < len(points):
                self.tell(f"{_count(len(points) - len(still), 'change')} left as decided elsewhere meanwhile.")
            self.show_decisions()

        self.app.push_screen(Confirm(question, what), decide)

    def _told(self, entries: Sequence[FileReview], points: Sequence[Point], noun: str) -> Iterator[str]:
        """How many changes there are in how many recordings, and how many recordings to be decided on whole."""
        changes = {point.key for point in points if point.change_class in CLASSES}
        count = sum(point.key in changes for point in points)
        if changes:
            held = sum(any(point.key in changes for point in self.session.decisions.points(entry)) for entry in entries)
            yield f"{_count(count, noun)} in {_count(held, 'recording')}"
        if count < len(points):
            yield _count(len(points) - count, "whole recording")

    def action_undo(self) -> None:
        """Take the last decision of this session back, and go where it was, unless the cursor stands there."""
        keys = set(self.session.decisions.undo())
        if not keys:
            self.tell("Nothing to undo.")
            return
        self._changed(f"taken back: {_count(len(keys), 'change')} as before")
        self.bring_back()
        item = self.tree_view.item_here()
        touched = [leaf.entry for leaf in leaves(self.branches) if self._is_touched(leaf.entry, keys)]
        here = leaves([item]) if item is not None else []
        if touched and not any(self._is_touched(leaf.entry, keys) for leaf in here):
            self.go_to(touched[0])

    def _is_touched(self, entry: FileReview, keys: set[str]) -> bool:
        return any(point.key in keys for point in self.session.decisions.points(entry))

    def _is_unseen(self) -> bool:
        """Whether the reader is in a page that is not the recording's: another one comes there in a moment."""
        return self.is_in_page() and not self.is_on_show()

    def action_comment(self) -> None:
        """Write a comment on the recording, or in its page on the change."""
        self.arrive()
        entry, changes = self.entry, self.target()
        if entry is None or self._is_unseen():
            self.tell("A comment belongs to a recording: choose one first.")
            return
        points: Sequence[Point] = [point_of(entry, change) for change in changes] or self.session.points([entry])
        if not points:
            self.tell("Nothing to comment on: no meaningful change.")
            return
        before, points = self.session.remarked(points)
        if not points:
            self.tell("Each change here has a comment of its own: comment on one of them in the recording.")
            return
        what = shortened(visible(changes[0].label if changes else entry.test_id or entry.path), 60)

        def remark(text: str | None) -> None:
            if text is not None and text != before:
                self.session.decisions.remark(points, text)
                self._changed("comment kept" if text else "comment taken away")

        self.app.push_screen(AskLine(f"Comment on {what}", before), remark)

    def _decide(self, points: Sequence[Point], verdict: Verdict | None, entries: Sequence[FileReview]) -> None:
        if verdict is None and not any(self.session.decisions.of(point.key).verdict for point in points):
            self.tell("Nothing was decided here.")
            return
        turned = sum(self.session.decisions.of(point.key).verdict not in (None, verdict) for point in points)
        also = self.session.also_in(points, entries)
        self.session.decisions.decide(points, verdict)
        told = [f"{_count(len(points), 'change')} {_WORDS[verdict][1]}"]
        if turned and verdict:
            told.append(f"{turned:,} of them {_OTHER[verdict]} before")
        if also:
            told.append(f"the same in {_count(also, 'more recording')} of the test")
        self._changed(", ".join(told) if len(points) > 1 or len(told) > 1 else "")

    def _changed(self, words: str) -> None:
        problem = self.session.decisions.problem
        if problem:
            self.tell(problem, severity="warning", title="The decision is kept in memory", timeout=8)
        elif words:
            self.tell(words, timeout=2)
        self.show_decisions()


def _verdict(name: str) -> Verdict | None:
    return "accepted" if name == "accepted" else "rejected" if name == "rejected" else None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def leaves(branches: Sequence[Branch | Leaf]) -> list[Leaf]:
    """Every leaf of a tree in its order."""
    found: list[Leaf] = []
    rest: list[Branch | Leaf] = list(reversed(branches))
    while rest:
        item = rest.pop()
        if isinstance(item, Leaf):
            found.append(item)
        else:
            rest.extend(reversed(item.children))
    return found
