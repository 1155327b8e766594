"""Whether recdiff says of real re-recordings what the issue demands: "Must reach", but for the speed.

    python -m benchmarks.accuracy [--corpus DIR] [CASE ...]

Each case becomes a real git repository with two commits. recdiff runs as a process of its own, and its
report is judged by `benchmarks.oracle`, which reads the raw JSON and shares no code with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import CORPUS, Repository, RunError, build_repository, ogx_cases, oracle, read_side, table

Json: TypeAlias = Any
Entry: TypeAlias = dict[str, Any]

QUIET = ("noise", "minor")
GIT_LINES = 10_000
MOST_GROUPS = 12
LEAST_PAIRED = 35


@dataclass(frozen=True)
class Figure:
    """One demand and what was reached. `failures` says where it was missed; `passed` is None for a fact."""

    case: str
    name: str
    target: str
    reached: str
    passed: bool | None
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        places = "".join(f"\n    {failure}" for failure in self.failures[:10])
        return f"{self.case}: {self.name}: wanted {self.target}, reached {self.reached}{places}"


@dataclass(frozen=True)
class Pair:
    """The oracle's view of one old and one new file, beside recdiff's entry for them, if there is one."""

    old_path: str
    new_path: str
    verdict: oracle.Verdict
    entry: Entry | None

    @property
    def status(self) -> str:
        return str(self.entry["status"]) if self.entry else "not in the report"

    def __str__(self) -> str:
        return f"{self.new_path}: {self.status}; {', '.join(sorted(self.verdict.meaning_differs)) or 'noise'}"


class Review:
    """One case: its raw files, its repository, what recdiff and git print of it; each made when asked."""

    def __init__(self, case: Path, folder: Path) -> None:
        self.case = case
        self.name = case.name
        self._folder = folder

    @cached_property
    def repository(self) -> Repository:
        return build_repository(self.case, self._folder)

    @cached_property
    def old(self) -> dict[str, Json]:
        return {path: json.loads(content) for path, content in self._sides[0].items()}

    @cached_property
    def new(self) -> dict[str, Json]:
        return {path: json.loads(content) for path, content in self._sides[1].items()}

    @cached_property
    def _sides(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        return read_side(self.case, "old"), read_side(self.case, "new")

    @cached_property
    def modified(self) -> list[str]:
        """Paths on both sides with different bytes."""
        before, after = self._sides
        return [path for path in before if path in after and before[path] != after[path]]

    @cached_property
    def changed(self) -> set[tuple[str, str]]:
        """Each file that the range touches, as (side, path)."""
        before, after = self._sides
        touched = {("old", path) for path in before if after.get(path) != before[path]}
        return touched | {("new", path) for path in after if before.get(path) != after[path]}

    @cached_property
    def report(self) -> Entry:
        """`recdiff report --format json --show-hidden` of the case."""
        repository = self.repository
        return dict(
            json.loads(
                repository.recdiff("report", repository.old, repository.new, "--format", "json", "--show-hidden")
            )
        )

    @cached_property
    def plain_report(self) -> Entry:
        """The same without --show-hidden."""
        return dict(
            json.loads(self.repository.recdiff("report", self.repository.old, self.repository.new, "--format", "json"))
        )

    @cached_property
    def entries(self) -> dict[tuple[str | None, str | None], Entry]:
        return {(entry["old_path"], entry["new_path"]): entry for entry in self.report["files"]}

    @cached_property
    def renamed(self) -> list[Entry]:
        """Entries that pair a deleted file with an added one."""
        return [e for e in self.report["files"] if e["old_path"] and e["new_path"] and e["old_path"] != e["new_path"]]

    @cached_property
    def modified_pairs(self) -> list[Pair]:
        """The files modified in place, judged over themselves alone: recdiff's pairing has no say here."""
        return self._judged([(path, path) for path in self.modified])

    @cached_property
    def renamed_pairs(self) -> list[Pair]:
        """The pairs that recdiff made, judged over all the pairs of the range."""
        if not self.renamed:
            return []
        paths = [(path, path) for path in self.modified]
        paths += [(entry["old_path"], entry["new_path"]) for entry in self.renamed]
        return self._judged(paths)[len(self.modified) :]

    def _judged(self, paths: list[tuple[str, str]]) -> list[Pair]:
        verdicts = oracle.judge([(self.old[old], self.new[new]) for old, new in paths])
        return [
            Pair(old, new, verdict, self.entries.get((old, new)))
            for (old, new), verdict in zip(paths, verdicts, strict=True)
        ]

    @cached_property
    def git_lines(self) -> int:
        return self.repository.git("--no-pager", "diff", self.repository.old, self.repository.new).count(b"\n")

    @cached_property
    def recdiff_lines(self) -> int:
        return self.repository.recdiff("diff", self.repository.old, self.repository.new).count(b"\n")


def judged(review: Review, name: str, target: str, checked: int, failures: Iterable[str]) -> Figure:
    """A figure that is reached when nothing failed; a mere fact where there was nothing to check."""
    found = tuple(failures)
    if not checked and not found:
        return Figure(review.name, name, target, "nothing to check", None)
    return Figure(review.name, name, target, f"{max(checked - len(found), 0)} of {checked}", not found, found)


# Status.


def all_modified_are_noise(review: Review) -> Figure:
    """noise-only-normalise: every modified file is noise."""
    wrong = [str(pair) for pair in review.modified_pairs if pair.status != "noise"]
    return judged(review, "modified files that are noise", "all", len(review.modified_pairs), wrong)


def no_meaning_is_quiet(review: Review) -> Figure:
    """No modified file is quiet whose text, reasoning, tool calls, finish reason or exception differs."""
    differing = [pair for pair in review.modified_pairs if pair.verdict.meaning_differs]
    wrong = [str(pair) for pair in differing if pair.status != "meaningful"]
    return judged(review, "modified, another meaning: shown", "all", len(differing), wrong)


def no_meaning_is_quiet_in_pairs(review: Review) -> Figure:
    """The same for the pairs that recdiff made of deleted and added files."""
    differing = [pair for pair in review.renamed_pairs if pair.verdict.meaning_differs]
    wrong = [str(pair) for pair in differing if pair.status in QUIET]
    return judged(review, "paired, another meaning: shown", "all", len(differing), wrong)


def only_noise_is_noise(review: Review) -> Figure:
    """Every modified file that differs in nothing but noise is noise."""
    quiet = [pair for pair in review.modified_pairs if pair.verdict.only_noise]
    wrong = [str(pair) for pair in quiet if pair.status != "noise"]
    return judged(review, "modified, noise alone: noise", "all", len(quiet), wrong)


def undecided(review: Review) -> Figure:
    """A fact: how many modified files the oracle leaves open."""
    reasons = Counter(reason for pair in review.modified_pairs for reason in pair.verdict.undecided)
    told = "; ".join(f"{count} {reason}" for reason, count in reasons.most_common()) or "0"
    return Figure(review.name, "modified files left open by the oracle", "-", told, None)


# Pairing.


def equal_requests_are_paired(review: Review) -> Figure:
    """test-isolation-renames: every unique pair of equal requests."""
    wanted = oracle.equal_request_pairs(review.old, review.new)
    missed = [f"{old} -> {new}" for old, new in sorted(wanted) if (old, new) not in review.entries]
    return judged(review, "unique pairs of equal requests", "all", len(wanted), missed)


def all_deleted_are_paired(review: Review) -> Figure:
    """bedrock-url-renames: no deleted file is left alone."""
    deleted = [path for path in review.old if path not in review.new]
    paired = {entry["old_path"] for entry in review.renamed}
    return judged(review, "deleted files paired", "all", len(deleted), [p for p in deleted if p not in paired])


def enough_deleted_are_paired(review: Review) -> Figure:
    """pypdf-rerecord: at least 35 of the 50 deleted."""
    deleted = [path for path in review.old if path not in review.new]
    reached = len(review.renamed)
    return Figure(
        review.name, "deleted files paired", f"at least {LEAST_PAIRED} of {len(deleted)}", str(reached),
        reached >= LEAST_PAIRED,
    )  # fmt: skip


def same_tests_are_paired(review: Review) -> Figure:
    """pypdf-rerecord: as many pairs within one test id as it has deleted files, or added ones if fewer."""
    deleted = Counter(test_of(d) for path, d in review.old.items() if path not in review.new and test_of(d))
    added = Counter(test_of(d) for path, d in review.new.items() if path not in review.old and test_of(d))
    tests = [(test_of(review.old[e["old_path"]]), test_of(review.new[e["new_path"]])) for e in review.renamed]
    paired = Counter(before for before, after in tests if before == after)
    possible = {test: min(count, added[test]) for test, count in deleted.items() if added[test]}
    missed = [f"{test}: {paired[test]} of {n}" for test, n in possible.items() if paired[test] < n]
    reached = sum(min(paired[test], n) for test, n in possible.items())
    total = sum(possible.values())
    return Figure(review.name, "pairs within one test id", f"all {total}", str(reached), not missed, tuple(missed))


def none_across_free_functions(review: Review) -> Figure:
    """pypdf-rerecord: no pair across test functions while the same function is free.

    A pair joins two functions wrongly when its deleted file's function has an added file, or its added
    file's function a deleted one, of the same endpoint, that is unpaired or itself paired across functions.
    A unique pair of equal requests is right whatever its functions are. Without a test there is no function.
    """
    equal = oracle.equal_request_pairs(review.old, review.new)
    partners = [(entry["old_path"], entry["new_path"]) for entry in review.renamed]
    across = [(old, new) for old, new in partners if (old, new) not in equal and _joins_two(review, old, new)]
    at_home = {path for pair in partners if pair not in across for path in pair}
    free_old = {role(d) for path, d in review.old.items() if path not in review.new and path not in at_home}
    free_new = {role(d) for path, d in review.new.items() if path not in review.old and path not in at_home}
    wrong = [
        f"{old} ({function_of(review.old[old])}) -> {new} ({function_of(review.new[new])})"
        for old, new in across
        if role(review.old[old]) in free_new or role(review.new[new]) in free_old
    ]
    reached = f"{len(wrong)} of {len(across)} across"
    return Figure(review.name, "pairs across functions, own one free", "0", reached, not wrong, tuple(wrong))


def _joins_two(review: Review, old: str, new: str) -> bool:
    one, two = function_of(review.old[old]), function_of(review.new[new])
    return one is not None and two is not None and one != two


def test_of(document: Json) -> str | None:
    """A recording's test id."""
    return oracle.test_id_of(document)


def function_of(document: Json) -> str | None:
    """The bare name of a recording's test function, without file, class and parameters."""
    test = test_of(document)
    return test.split("[", 1)[0].rsplit("::", 1)[-1] if test else None


def role(document: Json) -> tuple[str | None, str]:
    """A test function and what is asked there, without the model: endpoint, else tool name or url."""
    request = document.get("request") or {}
    return function_of(document), str(request.get("endpoint") or request.get("tool_name") or request.get("url"))


# Length.


def diff_is_short(review: Review) -> Figure:
    """`recdiff diff` prints at most 1 % of the lines of `git diff`, where that prints over 10,000."""
    ours, theirs = review.recdiff_lines, review.git_lines
    reached = f"{ours} of {theirs} ({100 * ours / max(theirs, 1):.2f} %)"
    if theirs <= GIT_LINES:
        return Figure(review.name, "lines of recdiff diff", "-", reached, None)
    return Figure(review.name, "lines of recdiff diff", f"at most {theirs // 100}", reached, ours * 100 <= theirs)


def groups_are_few(review: Review) -> Figure:
    """bulk-rename-project: at most 12 groups and single changes in all."""
    alone = [
        f"{entry['new_path'] or entry['old_path']}: {change['class']} {change['path']}"
        for entry in review.report["files"]
        for change in entry["changes"]
        if change["group"] is None
    ]
    groups = len(review.report["groups"])
    reached = f"{groups} groups and {len(alone)} single"
    few = groups + len(alone) <= MOST_GROUPS
    return Figure(
        review.name,
        "groups and single changes",
        f"at most {MOST_GROUPS}",
        reached,
        few,
        () if few else tuple(alone),
    )


# The account of what is hidden.


def every_file_has_one_entry(review: Review) -> Figure:
    """Each file of the range is in exactly one entry, and the summary counts the entries."""
    entries = review.report["files"]
    named = Counter(
        (side, entry[f"{side}_path"]) for entry in entries for side in ("old", "new") if entry[f"{side}_path"]
    )
    wrong = [
        f"{side} {path}: {named[side, path]} entries" for side, path in sorted(review.changed) if named[side, path] != 1
    ]
    wrong += [f"{side} {path}: is not in the range" for side, path in sorted(named.keys() - review.changed)]
    summary, statuses = review.report["summary"], Counter(entry["status"] for entry in entries)
    if summary["files"] != len(entries):
        wrong.append(f"summary.files is {summary['files']}, files are {len(entries)}")
    for status in ("meaningful", "minor", "noise", "added", "removed", "unreadable"):
        if summary[status] != statuses[status]:
            wrong.append(f"summary.{status} is {summary[status]}, files are {statuses[status]}")
    return judged(review, "files in exactly one entry", "all", len(review.changed), wrong)


def hidden_pointers_resolve(review: Review) -> Figure:
    """Every pointer of hidden_changes leads to a leaf of the raw file, with the value stated."""
    wrong, checked = [], 0
    for entry in review.report["files"]:
        for hidden in entry.get("hidden_changes", ()):
            checked += 1
            sides = [side for side in ("old", "new") if hidden[f"{side}_path"] is not None]
            if not sides:
                wrong.append(f"{entry['new_path']}: {hidden['rule']}: neither side has a path")
            for side in sides:
                trouble = _pointer_trouble(review, entry, hidden, side)
                if trouble:
                    wrong.append(f"{entry[f'{side}_path']}: {side} {hidden[f'{side}_path']}: {trouble}")
    return judged(review, "hidden pointers resolve", "all", checked, wrong)


def _pointer_trouble(review: Review, entry: Entry, hidden: Entry, side: str) -> str:
    files = review.old if side == "old" else review.new
    path = entry[f"{side}_path"]
    if path is None:
        return "the entry has no such side"
    try:
        value = resolve(files[path], hidden[f"{side}_path"])
    except LookupError:
        return "leads nowhere"
    if isinstance(value, (dict, list)) and value:
        return "is no leaf"
    if oracle.canonical(value) != oracle.canonical(hidden[side]):
        return f"holds {oracle.canonical(value)[:60]}, stated {oracle.canonical(hidden[side])[:60]}"
    return ""


def hidden_pointers_are_unique(review: Review) -> Figure:
    """Each pointer is hidden at most once on each side."""
    wrong, checked = [], 0
    for entry in review.report["files"]:
        for side in ("old", "new"):
            times = Counter(h[f"{side}_path"] for h in entry.get("hidden_changes", ()) if h[f"{side}_path"] is not None)
            checked += len(times)
            wrong += [f"{entry[f'{side}_path']}: {pointer}: {n} times" for pointer, n in times.items() if n > 1]
    return judged(review, "hidden pointers once a side", "all", checked, wrong)


def hidden_counts_add_up(review: Review) -> Figure:
    """hidden[rule] is the larger of the two sides' counts, in each file; the summary is their sum."""
    wrong, total = [], Counter[str]()
    for entry in review.report["files"]:
        counts: dict[str, Counter[str]] = {"old": Counter(), "new": Counter()}
        for hidden in entry.get("hidden_changes", ()):
            for side in ("old", "new"):
                counts[side][hidden["rule"]] += hidden[f"{side}_path"] is not None
        larger = {rule: n for rule, n in (counts["old"] | counts["new"]).items() if n}
        stated = {rule: n for rule, n in entry["hidden"].items() if n}
        total.update(stated)
        if larger != stated:
            wrong.append(f"{entry['new_path'] or entry['old_path']}: listed {larger}, stated {stated}")
    summary = {rule: n for rule, n in review.report["summary"]["hidden"].items() if n}
    if summary != dict(total):
        wrong.append(f"summary.hidden is {summary}, the files' sum is {dict(total)}")
    return judged(review, "hidden counts add up", "all", len(review.report["files"]) + 1, wrong)


def noise_leaves_nothing(review: Review) -> Figure:
    """Without the hidden leaves, the two raw files of a noise entry hold the same values."""
    wrong, noise = [], [entry for entry in review.report["files"] if entry["status"] == "noise"]
    for entry in noise:
        rest = []
        for side, files in (("old", review.old), ("new", review.new)):
            hidden = {h[f"{side}_path"] for h in entry.get("hidden_changes", ())}
            rest.append(
                Counter(oracle.canonical(v) for p, v in leaves(files[entry[f"{side}_path"]]) if p not in hidden)
            )
        if rest[0] != rest[1]:
            gone, come = list((rest[0] - rest[1]).elements()), list((rest[1] - rest[0]).elements())
            wrong.append(f"{entry['new_path']}: only old {gone[:3]}, only new {come[:3]}")
    return judged(review, "noise: the rest is equal", "all", len(noise), wrong)


def hiding_changes_nothing(review: Review) -> Figure:
    """The report without --show-hidden is the same but for the lists."""
    shown = [{k: v for k, v in e.items() if k != "hidden_changes"} for e in review.report["files"]]
    plain = review.plain_report["files"]
    wrong = [str(e["new_path"] or e["old_path"]) for e, f in zip(shown, plain, strict=False) if e != f]
    if len(shown) != len(plain):
        wrong.append(f"{len(plain)} files without --show-hidden, {len(shown)} with it")
    return judged(review, "same report without --show-hidden", "all", len(plain), wrong)


def resolve(document: Json, pointer: str) -> Json:
    """What a JSON pointer leads to. Raises LookupError."""
    value = document
    for raw in pointer.split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and not step.isdigit():
            raise LookupError(pointer)
        if not isinstance(value, (dict, list)):
            raise LookupError(pointer)
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def leaves(value: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every scalar, [] and {} of a parsed file, with its JSON pointer."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


Check: TypeAlias = Callable[[Review], Figure]

ACCOUNT: tuple[Check, ...] = (
    every_file_has_one_entry, hidden_pointers_resolve, hidden_pointers_are_unique, hidden_counts_add_up,
    noise_leaves_nothing, hiding_changes_nothing,
)  # fmt: skip
STATUS: tuple[Check, ...] = (
    no_meaning_is_quiet,
    no_meaning_is_quiet_in_pairs,
    only_noise_is_noise,
    undecided,
)
EVERYWHERE: tuple[Check, ...] = (*STATUS, equal_requests_are_paired, diff_is_short, *ACCOUNT)
ONLY: Mapping[str, tuple[Check, ...]] = {
    "noise-only-normalise": (all_modified_are_noise,),
    "bulk-rename-project": (groups_are_few,),
    "bedrock-url-renames": (all_deleted_are_paired,),
    "pypdf-rerecord": (same_tests_are_paired, enough_deleted_are_paired, none_across_free_functions),
}


def checks(case: str) -> tuple[Check, ...]:
    """What is demanded of a case."""
    return (*ONLY.get(case, ()), *EVERYWHERE)


def measure(review: Review) -> Iterator[Figure]:
    """Every figure of a case. A run of recdiff that ends with an error fails the figures that need it."""
    for check in checks(review.name):
        try:
            yield check(review)
        except (RunError, LookupError, TypeError, ValueError) as error:
            said = f"{type(error).__name__}: {error}"
            yield Figure(review.name, check.__name__.replace("_", " "), "a report", "none", False, (said,))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder that holds ogx/")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="names of cases (all)")
    options = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for case in ogx_cases(options.corpus):
            if not options.cases or case.name in options.cases:
                figures += measure(Review(case, Path(folder) / case.name))
    verdict = {True: "PASS", False: "FAIL", None: ""}
    rows = [(f"{f.case}: {f.name}", f.target, f.reached, verdict[f.passed]) for f in figures]
    print(table(("figure", "target", "reached", ""), rows))
    missed = [figure for figure in figures if figure.passed is False]
    for figure in missed:
        print(f"\nFAIL {figure}")
    print(f"\n{len(missed)} of {sum(f.passed is not None for f in figures)} figures missed")
    return 1 if missed or not figures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FileNotFoundError as error:
        sys.exit(str(error))
