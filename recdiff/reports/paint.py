"""How a text report is coloured, and how changed words look without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recdiff.comparing.words import Run, runs_of
from recdiff.jsonvalue import Json, canonical
from recdiff.reports.changedtext import is_rewritten
from recdiff.reports.values import apart, compared, is_vector, told_apart
from recdiff.safe import visible

_CODES = {
    "removed": "31",
    "added": "32",
    "heading": "1",
    "faint": "2",
    "error": "1;31",
    "tool": "1;35",
    "finish": "1;33",
    "request": "36",
    "model": "1;36",
    "text": "1",
    "data": "34",
    "minor": "2",
    "mark": "1;33",
}

_WIDEST = 60
"""Characters of kept text shown on one side of a change, where it has no spaces."""
_HUGE = 100_000
"""Characters beyond which the words of a text are not even counted before it is cut."""
UNCUT = 10**9
"""A `longest` that cuts nothing."""
_LETTERS = 8
"""Characters that count as one word where text has no spaces."""


@dataclass(frozen=True, slots=True)
class Paint:
    """Colour, or none; and how much of a text is shown around and inside its changes.

    `context` and `longest` count words: kept words beside a change, and words of one removed or added run.
    """

    colour: bool = False
    context: int = 4
    longest: int = 40

    def __call__(self, style: str, text: str) -> str:
        """Text in one of the report's styles; the text is already visible."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[m" if self.colour and text else text

    @property
    def is_full(self) -> bool:
        """Whether nothing is to be cut."""
        return self.longest >= UNCUT

    def removed(self, text: str) -> str:
        """Words that only the old side has."""
        return self("removed", f"[-{text}-]") if text else ""

    def added(self, text: str) -> str:
        """Words that only the new side has."""
        return self("added", f"{{+{text}+}}") if text else ""

    def words(self, old: str, new: str) -> str:
        """How a text became another: changed words with a few around them; `…` stands for unchanged ones."""
        runs = apart(runs_of(old, new))
        if is_rewritten(runs):
            return self.removed(self._long(old)) + self.added(self._long(new))
        return "".join(self._run(run, index, len(runs)) for index, run in enumerate(runs))

    def _run(self, run: Run, index: int, count: int) -> str:
        if not run.kept:
            return self.removed(self._long(run.old)) + self.added(self._long(run.new))
        words = run.old.split(" ")
        head = words[: self.context] if index else []
        tail = words[-self.context :] if index < count - 1 else []
        if len(words) <= len(head) + len(tail) + 1 and len(run.old) <= 2 * _WIDEST:
            return visible(run.old)
        before, after = " ".join(head)[:_WIDEST], " ".join(tail)[-_WIDEST:]
        return f"{visible(before)}…{visible(after)}"

    def _long(self, text: str) -> str:
        words = text.split(" ") if len(text) <= max(_HUGE, self.longest) else ()
        if len(words) > self.longest:
            kept = self.longest // 2
            head, tail = " ".join(words[:kept]), " ".join(words[-kept:])
            text = f"{head} …{len(words) - 2 * kept} words (--full)… {tail}"
        if len(text) > self.longest * _LETTERS:
            kept = self.longest * _LETTERS // 2
            text = f"{text[:kept]}…{len(text) - 2 * kept:,} characters (--full)…{text[-kept:]}"
        return visible(text)

    def value(self, value: Json) -> str:
        """A JSON value in one line, without more marks than it needs."""
        return self._long(value) if isinstance(value, str) else self._literal(value)

    def change(self, old: Json, new: Json) -> str:
        """Old and new of a change in one line: words of a text, keys of JSON, or `old → new`."""
        if isinstance(old, str) and isinstance(new, str):
            if not old or not new:
                return self.removed(self._long(old)) or self.added(self._long(new))
            if len(old) + len(new) <= 60 and "\n" not in old + new and " " not in old + new:
                before, after = told_apart(visible(old), visible(new))
                return f"{self('removed', before)} → {self('added', after)}"
            return self.words(*compared(old, new, _canonical))
        left, right = self._literal(old), self._literal(new)
        return f"{self('removed', left)} → {self('added', right)}"

    def _literal(self, value: Json) -> str:
        if isinstance(value, dict) and is_vector(value):
            return f"a vector of {value['dimension']} dimensions"
        return self._long(_canonical(value))


def _canonical(value: Json) -> str:
    return canonical(value).decode("utf-8", "replace")


def counted(counts: Sequence[tuple[str, int]], separator: str = " · ") -> str:
    """`created 6 · chunking 1`, the largest first."""
    return separator.join(f"{name} {count:,}" for name, count in sorted(counts, key=lambda item: (-item[1], item[0])))


def plural(count: int, noun: str) -> str:
    """`1 recording`, `2 recordings`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
