"""The gate: what each policy makes of a review, and the command that takes noise back. No git, no disk."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple, Protocol, TypeAlias

from recdiff.model import CLASSES, Change, FileReview, Review
from recdiff.rules.policies import FAILABLE, Policy
from recdiff.safe import visible

PolicyName: TypeAlias = Literal["unmerged", "fail-on", "max-meaningful", "require-decided", "no-noise"]

_LONGEST_COMMAND = 100_000
"""Bytes of one command line; systems take more, and a shell's history has to hold it."""
_WEIGHT = ("unreadable", *FAILABLE[:-1])
_MAGIC = frozenset("*?[\\")


class Offence(NamedTuple):
    """One file that fails a policy: `what` it is (classes and statuses), a reviewer's comment.

    `changes` are those by which it fails, the weightiest first. `entry` is None for an unmerged path that the review
    has no word about.
    """

    path: str
    entry: FileReview | None
    what: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    comment: str = ""


class Judgement(NamedTuple):
    """What one policy makes of a review. `terms` is what it asks for, `reason` what was found, both in few words."""

    policy: PolicyName
    terms: str
    reason: str
    offences: tuple[Offence, ...] = ()
    fails: bool = False


class Decided(Protocol):
    """What was decided, as `decisions.Decisions` tells it."""

    def state(self, entry: FileReview) -> Literal["accepted", "rejected", "undecided"]: ...

    def is_open(self, entry: FileReview) -> bool: ...

    def comment(self, entry: FileReview) -> str: ...


def judge(
    review: Review, policy: Policy, *, unmerged: Collection[str] = (), decided: Decided | None = None
) -> tuple[Judgement, ...]:
    """What each policy that is in force makes of a review; unmerged paths fail under any policy.

    With `policy.require_decided`, the review was made with fingerprints, and `decided` is what is asked; nothing is
    decided without it.
    """
    return tuple(_judgements(review, policy, unmerged, decided))


def _judgements(
    review: Review, policy: Policy, unmerged: Collection[str], decided: Decided | None
) -> Iterator[Judgement]:
    settled = [entry for entry in review.files if not {entry.old_path, entry.new_path} & set(unmerged)]
    if unmerged:
        entries = {path: entry for entry in review.files for path in (entry.old_path, entry.new_path)}
        offences = tuple(Offence(path, entries.get(path), ("unmerged",)) for path in sorted(unmerged))
        reason = f"a merge left {len(offences):,} open: settle the conflicts first"
        yield Judgement("unmerged", "", reason, offences, fails=True)
    yield _fail_on(settled, policy.failing)
    if policy.max_meaningful is not None:
        yield _max_meaningful(review.files, policy.max_meaningful)
    if policy.require_decided:
        yield _require_decided(settled, decided)
    if policy.no_noise:
        yield _no_noise(settled)


def _fail_on(entries: Collection[FileReview], failing: Collection[str]) -> Judgement:
    found = (offence for entry in entries if (offence := _offence(entry, failing)))
    offences = sorted(found, key=lambda offence: _WEIGHT.index(offence.what[0]))
    counts = Counter(name for offence in offences for name in offence.what)
    reason = ", ".join(f"{counts[name]:,} {name}" for name in failing if counts[name]) or "none"
    return Judgement("fail-on", ", ".join(failing) or "nothing", reason, tuple(offences), fails=bool(offences))


def _offence(entry: FileReview, failing: Collection[str]) -> Offence | None:
    """What of a recording fails. Nothing of an added one: there is nothing that it could have broken."""
    if entry.status == "added":
        return None
    changes = tuple(change for change in _weighty(entry) if change.change_class in failing)
    what = (*dict.fromkeys(change.change_class for change in changes), *{entry.status}.intersection(failing))
    return Offence(entry.path, entry, what, changes or _weighty(entry)) if what else None


def _weighty(entry: FileReview) -> tuple[Change, ...]:
    """The changes of a recording that no earlier one brought about, the weightiest first."""
    own = (change for change in entry.changes if not change.derived)
    return tuple(sorted(own, key=lambda change: CLASSES.index(change.change_class)))


def _max_meaningful(entries: Collection[FileReview], most: int) -> Judgement:
    meaningful = [entry for entry in entries if entry.status == "meaningful"]
    fails = len(meaningful) > most
    offences = tuple(Offence(entry.path, entry, ("meaningful",), _weighty(entry)) for entry in meaningful if fails)
    return Judgement("max-meaningful", f"{most:,}", f"{len(meaningful):,} meaningful", offences, fails)


def _require_decided(entries: Collection[FileReview], decided: Decided | None) -> Judgement:
    from recdiff.decisions import Decisions  # a gate that asks for no decisions does without

    asked = decided or Decisions.open(None)
    rejected = [entry for entry in entries if asked.state(entry) == "rejected"]
    undecided = [entry for entry in entries if asked.is_open(entry)]
    offences = (
        *(Offence(entry.path, entry, ("rejected",), _weighty(entry), asked.comment(entry)) for entry in rejected),
        *(Offence(entry.path, entry, ("undecided",), _weighty(entry)) for entry in undecided),
    )
    counts = (("rejected", len(rejected)), ("undecided", len(undecided)))
    reason = ", ".join(f"{count:,} {word}" for word, count in counts if count) or "all decided, none rejected"
    return Judgement("require-decided", "", reason, offences, fails=bool(offences))


def _no_noise(entries: Collection[FileReview]) -> Judgement:
    """A file whose name changed too is not meant: a replay finds its recording by the name."""
    noise = [entry for entry in entries if entry.status == "noise" and entry.old_path == entry.new_path]
    offences = tuple(Offence(entry.path, entry, ("noise",)) for entry in noise)
    reason = f"{len(noise):,} re-recorded for noise alone" if noise else "none"
    return Judgement("no-noise", "", reason, offences, fails=bool(noise))


def taking_back(revision: str, paths: Iterable[str], *, staged: bool = False, is_top: bool = True) -> Iterator[str]:
    """The commands that restore files as a revision has them, each a line for a shell.

    `is_top`: whether they are to run at the top of the work tree; else the paths say that they are seen from there.
    With `staged`, the index is restored too. Nothing in a path can mean anything to the shell, to git or to a terminal.
    """
    where = " --staged --worktree" if staged else ""
    start = f"git restore --source={shell_word(revision)}{where} --"
    line = start
    for path in paths:
        word = f" {shell_word(_pathspec(path, is_top=is_top))}"
        if len(line) > len(start) and len(line) + len(word) > _LONGEST_COMMAND:
            yield line
            line = start
        line += word
    if line != start:
        yield line


def _pathspec(path: str, *, is_top: bool) -> str:
    """What names one file and no other: git would take `*` for any name, and signs behind `:/` for orders."""
    if _MAGIC & set(path) or path.startswith(":") or not (is_top or path[0].isalnum()):
        return f":(top,literal){path}"
    return path if is_top else f":/{path}"


def shell_word(text: str) -> str:
    """A text as one word of a shell; what a terminal would obey or hide is spelled, as bash and zsh read it.

    No quote stands inside a spelled word: a shell that does not know them (dash) finds one word too, of no file.
    """
    if visible(text, lines=True) == text and not any(char in text for char in "\n\t"):
        return shlex.quote(text)
    plain = frozenset(range(0x20, 0x7F)) - frozenset(b"'\\")
    return "$'" + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in os.fsencode(text)) + "'"
