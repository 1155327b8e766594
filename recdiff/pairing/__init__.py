"""Which old recording became which new one, where the path changed: stage by stage, the surest evidence first.

Within a stage the best pairing of the whole set is taken, not the first that fits. A weak guess is no pair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from recdiff.jsonvalue import canonical
from recdiff.model import PairedBy, Recording
from recdiff.pairing.assignment import assign
from recdiff.pairing.traits import Traits
from recdiff.protocols import protocol_of

LikenessOf = Callable[[int, int], float]
"""How alike the replies of an old and a new recording are, 0 to 1; asked only where requests are equal."""

_SAME_TEST = "same test"
_LEAST_OF_TEST = 0.2
"""Likeness of two requests of one test and endpoint below which they are other requests of that test."""
_LEAST_OF_FUNCTION = 0.5
_LEAST_ALONE = 0.85
_LEAST_OF_MODELS = 0.4
"""Share of the models of two lists that both name, up to which they are other lists."""
_NAMED = re.compile(rb'"(?:id|name|model)":"([^"]+)"')
_LEAST_SAID = 60
"""Characters of a request below which any two are alike: likeness alone says nothing of them."""
_FINE = 10**9
"""Steps in which the likeness of two replies is told apart."""
_LONGEST_REPLY = 20_000
"""Characters of a reply that its likeness is judged by."""


class Match(NamedTuple):
    """One pair of positions in the lists given, and why."""

    old: int
    new: int
    paired_by: PairedBy
    why: str


def reply_likeness(old: Recording, new: Recording) -> float:
    """How alike two recordings answer, 0 to 1: the text and calls of their replies, or their bodies."""
    from rapidfuzz.fuzz import ratio

    before, after = _said(old), _said(new)
    return 1.0 if before == after else ratio(before, after) / 100.01


def _said(recording: Recording) -> str:
    said = []
    for interaction in recording.interactions:
        response = interaction.response
        protocol = protocol_of(interaction.request, response)
        if protocol is None:
            said.append(canonical([event.payload for event in response.events]).decode("utf-8", "replace"))
            continue
        for path, slot in protocol.collapse(response.events).slots.items():
            if path[0] == "choices" and slot.combine not in ("shell", "id") and "extra" not in path:
                said.append(canonical(slot.value()).decode("utf-8", "replace"))
    return "\n".join(sorted(said))[:_LONGEST_REPLY]


def pair(old: Sequence[Traits], new: Sequence[Traits], reply_likeness: LikenessOf) -> list[Match]:
    """Pair deleted recordings with added ones. What stays unpaired is removed, or added."""
    return _Pairing(old, new, reply_likeness).run()


class _Pairing:
    def __init__(self, old: Sequence[Traits], new: Sequence[Traits], reply_likeness: LikenessOf) -> None:
        self.old, self.new = old, new
        self.reply_likeness = reply_likeness
        self.free_old = set(range(len(old)))
        self.free_new = set(range(len(new)))
        self.matches: list[Match] = []

    def run(self) -> list[Match]:
        if not self.old or not self.new:
            return []
        self._model_lists()
        for key in (lambda t: t.exact), (lambda t: t.equal):
            self._equal_requests(key)
        self._likeliest_replies()
        self._within(_SAME_TEST, "test", lambda t: (t.test_id, t.where, t.model), _LEAST_OF_TEST)
        self._within("same test, other model", "test", lambda t: (t.test_id, t.where), _LEAST_OF_TEST)
        self._within("same test function", "test", lambda t: (t.function, t.where), _LEAST_OF_FUNCTION)
        self._within("same test function elsewhere", "test", lambda t: (t.bare_function, t.where), _LEAST_OF_FUNCTION)
        self._alike()
        return sorted(self.matches, key=lambda match: (match.old, match.new))

    def _take(self, old: int, new: int, paired_by: PairedBy, why: str) -> None:
        self.free_old.discard(old)
        self.free_new.discard(new)
        self.matches.append(Match(old, new, paired_by, why))

    def _buckets(
        self, key: Callable[[Traits], object], *, model_lists: bool = False
    ) -> Iterable[tuple[list[int], list[int]]]:
        """Free old and new recordings with one key, where both sides have some; None in a key is no evidence."""
        olds: dict[object, list[int]] = defaultdict(list)
        news: dict[object, list[int]] = defaultdict(list)
        for buckets, free, traits in ((olds, self.free_old, self.old), (news, self.free_new, self.new)):
            for index in sorted(free):
                found = key(traits[index])
                known = found is not None and not (isinstance(found, tuple) and found[0] is None)
                if known and traits[index].is_model_list == model_lists:
                    buckets[found].append(index)
        return [(olds[found], news[found]) for found in olds if found in news]

    def _model_lists(self) -> None:
        """A list of models has no request to speak of: it pairs within its host, or if only the host differs."""
        within: tuple[Callable[[Traits], object], ...] = (
            lambda t: (t.where, t.host, t.models, t.test_id or ""),
            lambda t: (t.where, t.host, t.models),
            lambda t: (t.where, t.host, t.test_id or ""),
            lambda t: (t.where, t.host),
        )
        across: tuple[Callable[[Traits], object], ...] = (
            lambda t: (t.path_asked, t.models, t.test_id or ""),
            lambda t: (t.path_asked, t.models),
        )
        for key in (*within, *across):
            for olds, news in self._buckets(key, model_lists=True):
                if len(olds) == 1 == len(news):
                    self._take(olds[0], news[0], "request", "the same list of models")
        self._moved_model_lists()

    def _moved_model_lists(self) -> None:
        """Lists whose requests differ in their host alone, and that name much the same models."""
        for olds, news in self._buckets(lambda t: (t.path_asked, t.test_id or ""), model_lists=True):
            if len(olds) == 1 == len(news):
                before, after = (set(_NAMED.findall(t.models)) for t in (self.old[olds[0]], self.new[news[0]]))
                if len(before & after) > _LEAST_OF_MODELS * len(before | after):
                    self._take(olds[0], news[0], "request", "a list of models from another host")

    def _equal_requests(self, key: Callable[[Traits], bytes]) -> None:
        for olds, news in self._buckets(key):
            if len(olds) == 1 == len(news):
                self._take(olds[0], news[0], "request", "equal request")

    def _likeliest_replies(self) -> None:
        """One request that several tests make: its test first, then the likeliest reply; a tie is no pair."""
        for olds, news in self._buckets(lambda t: t.equal):
            # Whole numbers, so that one nearer test outweighs all likeness there can be, and nothing is rounded off.
            outweighing = (_FINE + 2) * (min(len(olds), len(news)) + 1)
            weights = (0, *(outweighing * (min(len(olds), len(news)) + 1) ** power for power in range(3)))
            scores = {
                (a, b): weights[self._kinship(a, b)] + round(self.reply_likeness(a, b) * _FINE) + 1
                for a in olds
                for b in news
            }
            for a, b in assign(scores).sure:
                self._take(a, b, "request", "equal request, likeliest reply")

    def _kinship(self, old: int, new: int) -> int:
        """How near two tests are: 3 the same, 2 the same function, 1 the same name, 0 neither or unknown."""
        a, b = self.old[old], self.new[new]
        if a.test_id is None or b.test_id is None:
            return 0
        return (
            3 if a.test_id == b.test_id else 2 if a.function == b.function else int(a.bare_function == b.bare_function)
        )

    def _within(self, why: str, by: PairedBy, key: Callable[[Traits], object], least: float) -> None:
        """Pair inside buckets of one key."""
        for olds, news in self._buckets(key):
            if why == _SAME_TEST and len(olds) == 1 == len(news):  # the only one of its test, however it changed
                self._take(olds[0], news[0], by, why)
                continue
            scores = {}
            for a in olds:
                for b in news:
                    likeness = self._likeness(self.old[a], self.new[b], least)
                    if likeness >= least:
                        scores[a, b] = likeness
            for a, b in assign(scores).sure:
                self._take(a, b, by, why)

    def _alike(self) -> None:
        """Likeness alone, of requests to one endpoint; never across functions while one's own has a free recording."""
        free_functions = {self.old[a].function for a in self.free_old} & {self.new[b].function for b in self.free_new}
        scores = {}
        for olds, news in self._buckets(lambda t: (t.where, t.model)):
            for a in olds:
                for b in news:
                    if {self.old[a].function, self.new[b].function} & free_functions - {None}:
                        continue
                    if min(len(self.old[a].text), len(self.new[b].text)) < _LEAST_SAID:
                        continue
                    likeness = self._likeness(self.old[a], self.new[b], _LEAST_ALONE)
                    if likeness >= _LEAST_ALONE:
                        scores[a, b] = likeness
        for a, b in assign(scores).sure:
            self._take(a, b, "request", "alike request")

    def _likeness(self, old: Traits, new: Traits, least: float) -> float:
        """How alike two requests are, 0 to 1: what they say, and a little of length and parameters; 0 below `least`."""
        from rapidfuzz.fuzz import ratio

        said = ratio(old.text, new.text, score_cutoff=max(0.0, (least - 0.15) * 100)) / 100
        if said == 0.0 and old.text != new.text:
            return 0.0
        same_length = 1.0 if old.turns == new.turns else 0.0
        parameters = ratio(old.parameters, new.parameters) / 100
        return 0.85 * said + 0.1 * same_length + 0.05 * parameters
