"""What a gate asks for: named on a command line or in a project's config, with a default where nobody said anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from recdiff.model import CLASSES, STATUSES

V = TypeVar("V")

FAILABLE: tuple[str, ...] = (*CLASSES, *STATUSES)
"""What `fail-on` may name: classes of changes, and statuses of recordings."""
DEFAULT_FAIL_ON = ("error", "unreadable")
POLICY_KEYS = ("fail-on", "max-meaningful", "require-decided", "no-noise")


class Policy(NamedTuple):
    """What fails a review: None where nothing was said, so that what is said elsewhere, or a default, counts.

    `fail_on` names classes and statuses that no recording may have, `max_meaningful` how many may be meaningful;
    `require_decided` wants every decision made and none a rejection, `no_noise` no file that is re-recorded for noise.
    """

    fail_on: tuple[str, ...] | None = None
    max_meaningful: int | None = None
    require_decided: bool | None = None
    no_noise: bool | None = None

    def over(self, other: Policy) -> Policy:
        """This policy, and the other's word wherever this one says nothing."""
        return Policy(
            _first(self.fail_on, other.fail_on),
            _first(self.max_meaningful, other.max_meaningful),
            _first(self.require_decided, other.require_decided),
            _first(self.no_noise, other.no_noise),
        )

    @property
    def failing(self) -> tuple[str, ...]:
        """The classes and statuses that fail: those named, in the order of their weight, or the default ones."""
        named = DEFAULT_FAIL_ON if self.fail_on is None else self.fail_on
        return tuple(name for name in FAILABLE if name in named)


def _first(mine: V | None, other: V | None) -> V | None:
    return other if mine is None else mine


def policy_changes(old: Policy, new: Policy) -> Iterator[str]:
    """How a range changes the gate's policies, in words: a line for each."""
    if old.failing != new.failing:
        yield f"check: fail-on {', '.join(old.failing) or 'nothing'} → {', '.join(new.failing) or 'nothing'}"
    if old.max_meaningful != new.max_meaningful:
        before, after = ("any" if most is None else most for most in (old.max_meaningful, new.max_meaningful))
        yield f"check: max-meaningful {before} → {after}"
    for key, was, now in (
        ("require-decided", old.require_decided, new.require_decided),
        ("no-noise", old.no_noise, new.no_noise),
    ):
        if bool(was) != bool(now):
            yield f"check: {key} turned {'on' if now else 'off'}"
