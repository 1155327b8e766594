"""The text report: a summary, what changed in many recordings at once, then each test; noise is one line."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from recdiff.model import CLASSES, STATUSES, FileReview, Review
from recdiff.naming import short_name
from recdiff.reports.changes import change_line, change_lines, hidden_lines, paths_of, style_of
from recdiff.reports.paint import UNCUT, Paint, counted, plural
from recdiff.reports.telling import group_text, is_picked, is_told_above, marks_of, said_alone, tells_most, test_of
from recdiff.safe import visible

_OBJECT_ID = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")
_MOST_ALIKE = 3
"""Files that cannot be read for one reason, named one by one."""
_MOST_SAID = 72
"""Columns of what was asked or answered in a line about an added recording."""


class Detail(NamedTuple):
    """How much a text report tells: `full` lists minor changes one by one, `hidden` every hidden leaf."""

    full: bool = False
    hidden: bool = False


BRIEF = Detail()


def report(review: Review, paint: Paint, detail: Detail = BRIEF) -> Iterator[str]:
    """The report's lines, without newlines."""
    yield from _rules_changed(review, paint)
    if len(review.files) == 1 and review.files[0].status == "noise":
        yield one_noise_line(review.files[0])
    else:
        yield from headline(review, paint)
    if len(review.files) > 1 or review.count("noise") < len(review.files):
        yield from _groups(review, paint, detail)
        yield from _tests(review, paint, detail)
        yield from _lone(review, paint, detail, "added")
        yield from _lone(review, paint, detail, "removed")
        yield from _unreadable(review, paint, detail)
        yield from _minor(review, paint, detail)
        yield from _noise(review, paint)
        yield from _others(review, paint, detail)
    if detail.hidden:
        yield from _hidden(review, paint)
    for note in review.notes:
        yield paint("faint", visible(note))


def headline(review: Review, paint: Paint) -> Iterator[str]:
    """The first lines: how many files of each status, changes by class, what was hidden and skipped."""
    if not review.files and review.selection and review.selection.files:
        total = plural(review.selection.files, "differing recording")
        yield f"None of {total} is of {visible(review.selection.words)}."
        return
    if not review.files:
        others = f" ({plural(review.skipped, 'other file')} {'does' if review.skipped == 1 else 'do'})"
        sides = f"{visible(review.old)} and {visible(review.new)}"
        yield f"No recordings differ between {sides}{others if review.skipped else ''}."
        return
    statuses = [f"{review.count(status):,} {status}" for status in STATUSES if review.count(status)]
    total = plural(len(review.files), "file")
    if review.selection:
        total = f"{len(review.files)} of {plural(review.selection.files, 'file')} ({visible(review.selection.words)})"
    yield paint("heading", f"{total}: {', '.join(statuses)}") + f"  ({visible(review.label)})"
    classes = Counter(name for entry in review.files for name in {c.change_class for c in entry.changes})
    parts = [paint(style_of(name), f"{classes[name]:,} {name}") for name in CLASSES if classes[name]]
    hidden: Counter[str] = Counter()
    for entry in review.files:
        hidden.update(entry.hidden)
    if hidden:
        told = f"hidden {plural(hidden.total(), 'difference')} by {plural(len(hidden), 'rule')} (--show-hidden)"
        parts.append(paint("faint", told))
    if review.skipped:
        parts.append(paint("faint", f"{plural(review.skipped, 'other file')} skipped (--full)"))
    if parts:
        yield "  " + "  ".join(parts)


def one_noise_line(entry: FileReview) -> str:
    """One recording that differs in noise alone, in one line."""
    if not entry.hidden:
        what = "the file's name" if entry.old_path != entry.new_path else "key order or white space"
        return f"{visible(entry.path)}: no meaningful change (only {what})"
    hidden = counted(list(entry.hidden.items()), ", ")
    total = plural(sum(entry.hidden.values()), "difference")
    return f"{visible(entry.path)}: no meaningful change ({total} hidden: {hidden})"


def _heading(paint: Paint, text: str) -> Iterator[str]:
    yield ""
    yield paint("heading", f"━━ {text} ━━")


def _rules_changed(review: Review, paint: Paint) -> Iterator[str]:
    if review.rules_changed:
        yield paint("mark", "━━ This range changes recdiff's rules ━━")
        yield from (f"  {visible(line)}" for line in review.rules_changed)
        yield ""


# Groups


def _groups(review: Review, paint: Paint, detail: Detail) -> Iterator[str]:
    shown = [group for group in review.groups if is_told_above(group.change_class, review)]
    if not shown:
        return
    yield from _heading(paint, "The same change in many" + ("" if detail.full else " (--full names the files)"))
    samples = {change.group: change for entry in review.files for change in entry.changes if change.group}
    for group in shown:
        name = paint(style_of(group.change_class), f"{group.change_class:<10}")
        yield f" {name} {plural(group.files, 'recording'):>15}   {group_text(group, samples[group.id], paint, '  ')}"
        if detail.full:
            members = (entry for entry in review.files if any(change.group == group.id for change in entry.changes))
            yield from (paint("faint", f"     {visible(entry.path)}") for entry in members)


# Changes of each recording


def _tests(review: Review, paint: Paint, detail: Detail) -> Iterator[str]:
    """Recordings with changes of their own, by test file and test: the meaningful ones, or of the classes asked for."""
    files: dict[str, dict[str, list[FileReview]]] = defaultdict(lambda: defaultdict(list))
    totals: Counter[str] = Counter()
    grouped_only: list[FileReview] = []
    picked = is_picked(review)
    for entry in review.files:
        if entry.status in ("meaningful", "minor"):
            totals[_test_key(entry)] += 1
        if entry.status != "meaningful" and not (picked and entry.status == "minor"):
            continue
        if any(change.group is None and (picked or change.level == "meaningful") for change in entry.changes):
            files[test_of(entry)[0] or "."][_test_name(entry)].append(entry)
        else:
            grouped_only.append(entry)
    for test_file in sorted(files):
        yield from _heading(paint, visible(test_file))
        for name in sorted(files[test_file]):
            entries = files[test_file][name]
            total = totals[_test_key(entries[0])]
            of = f"  {len(entries)} of {total} recordings" if total > 1 else ""
            about = paint("faint", f"{of}  {visible(entries[0].about)}" if entries[0].about else of)
            yield f" {paint('heading', visible(name))}{about}"
            for entry in sorted(entries, key=lambda entry: entry.turns):
                yield from _recording(entry, review, paint)
    if grouped_only:
        yield ""
        named = "" if detail.full else " (--full names them)"
        told = f"{plural(len(grouped_only), 'more recording')} changed only in what stands above{named}."
        yield paint("faint", told)
        if detail.full:
            yield from (f" {visible(entry.path)}" for entry in grouped_only)


def _test_key(entry: FileReview) -> str:
    return entry.test_id or entry.path


def _test_name(entry: FileReview) -> str:
    if entry.test_id:
        return entry.test_id.partition("::")[2] or entry.test_id
    return visible(short_name(entry.path))


def _recording(entry: FileReview, review: Review, paint: Paint) -> Iterator[str]:
    own = [c for c in entry.changes if c.group is None or not is_told_above(c.change_class, review)]
    yield from (f"   {line}" for line in change_lines(own, paint))
    above = len(entry.changes) - len(own)
    told = [f"and {plural(above, 'change')} from above"] if above else []
    if entry.hidden:
        hidden = counted(list(entry.hidden.items()))
        told.append(f"hidden {plural(sum(entry.hidden.values()), 'difference')}: {hidden}")
    yield paint("faint", f"   {' · '.join(told)}{'  ' if told else ''}({paths_of(entry)})")


# The rest


def _lone(review: Review, paint: Paint, detail: Detail, status: str) -> Iterator[str]:
    """Added or removed recordings: a line for each test, with what was asked and how it came out."""
    entries = [entry for entry in review.files if entry.status == status]
    if not entries:
        return
    yield from _heading(paint, f"{status.capitalize()}: {plural(len(entries), 'recording')}")
    tests: dict[str, dict[str, list[FileReview]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        file, function = test_of(entry)
        tests[file or "."][function].append(entry)
    for test_file in sorted(tests):
        count = sum(map(len, tests[test_file].values()))
        yield f" {visible(test_file)}  {paint('faint', str(count))}"
        for name in sorted(tests[test_file]):
            if detail.full:
                for entry in tests[test_file][name]:
                    yield from _lone_test(name, [entry], paint, status)
                    yield paint("faint", f"      {visible(entry.path)}")
            else:
                yield from _lone_test(name, tests[test_file][name], paint, status)
    if not detail.full and any(len(group) > 1 for tests_here in tests.values() for group in tests_here.values()):
        yield paint("faint", f" (--full --status {status} shows each)")


def _lone_test(name: str, entries: Sequence[FileReview], paint: Paint, status: str) -> Iterator[str]:
    sign = "+" if status == "added" else "−"
    head = f"  {paint(status, sign)} {visible(name)}"
    flagged = _flags(entries, paint)
    first = max(entries, key=tells_most)
    told = _told(first, paint) if status == "added" else ""
    more = paint("faint", f"  ×{len(entries)}") if len(entries) > 1 else ""
    yield "  ".join(filter(None, (head + more, flagged, told)))


def _flags(entries: Sequence[FileReview], paint: Paint) -> str:
    """What a reviewer of recordings without another side must not miss, with counts."""
    told = marks_of(entries).items()
    return "  ".join(paint("mark", f"⚑ {mark}{f' {count}' if count > 1 else ''}") for mark, count in told)


def told_alone(entry: FileReview, paint: Paint) -> str:
    """A recording that has no other side, in one line: its marks, what was asked and how it came out."""
    return "  ".join(filter(None, (_flags([entry], paint), _told(entry, paint))))


def _told(entry: FileReview, paint: Paint) -> str:
    return paint("faint", said_alone(entry, UNCUT if paint.is_full else _MOST_SAID))


def _unreadable(review: Review, paint: Paint, detail: Detail) -> Iterator[str]:
    entries = [entry for entry in review.files if entry.status == "unreadable"]
    if not entries:
        return
    yield from _heading(paint, f"Unreadable: {plural(len(entries), 'file')} (--raw shows a plain diff)")
    reasons: dict[str, list[FileReview]] = defaultdict(list)
    for entry in entries:
        reasons[_OBJECT_ID.sub("…", entry.error or "")].append(entry)
    for reason, alike in reasons.items():
        for entry in alike if detail.full or len(alike) <= _MOST_ALIKE else alike[:1]:
            yield f" {paint('error', visible(entry.path))}: {visible(entry.error or '')}"
        if len(alike) > _MOST_ALIKE and not detail.full:
            yield f" … and {len(alike) - 1} more: {visible(reason)} (--full names them)"


def _minor(review: Review, paint: Paint, detail: Detail) -> Iterator[str]:
    entries = [entry for entry in review.files if entry.status == "minor"]
    if not entries or is_picked(review):
        return
    yield from _heading(paint, f"Minor only: {plural(len(entries), 'recording')}")
    if not detail.full:
        classes = Counter(name for entry in entries for name in {change.change_class for change in entry.changes})
        yield f" {counted(list(classes.items()))}  {paint('faint', '(--status minor --full shows each)')}"
        return
    for entry in entries:
        yield f" {visible(entry.path)}"
        yield from (f"   {change_line(change, paint)}" for change in entry.changes)


def _noise(review: Review, paint: Paint) -> Iterator[str]:
    entries = [entry for entry in review.files if entry.status == "noise"]
    if not entries:
        return
    counts: Counter[str] = Counter(rule for entry in entries for rule in entry.hidden)
    counts["only the file's name"] = sum(not e.hidden and e.old_path != e.new_path for e in entries)
    counts["key order or white space of the file"] = sum(not e.hidden and e.old_path == e.new_path for e in entries)
    yield from _heading(paint, f"Noise only: {plural(len(entries), 'recording')}")
    yield f" {counted([(rule, count) for rule, count in counts.items() if count])}"


def _others(review: Review, paint: Paint, detail: Detail) -> Iterator[str]:
    """The files that are no recordings, by name where all is to be told."""
    if detail.full and review.others:
        yield from _heading(paint, f"Skipped: {plural(len(review.others), 'other file')}")
        yield from (f" {visible(path)}" for path in review.others)


def _hidden(review: Review, paint: Paint) -> Iterator[str]:
    """Every hidden leaf, under its file."""
    for entry in review.files:
        if entry.hidden_leaves:
            yield from _heading(paint, f"Hidden in {visible(entry.path)}")
            yield from hidden_lines(entry, paint)


def stat(review: Review, paint: Paint) -> Iterator[str]:
    """One line a file that changed in more than noise, then the headline; as `git diff --stat` does."""
    yield from _rules_changed(review, paint)
    shown = [entry for entry in review.files if entry.status != "noise"]
    width = min(100, max((len(visible(entry.path)) for entry in shown), default=0))
    for entry in shown:
        path = visible(entry.path)
        name = path if len(path) <= width else "…" + path[-(width - 1) :]
        classes = Counter(change.change_class for change in entry.changes)
        told = "  ".join(paint(style_of(c), f"{c} {classes[c]}") for c in CLASSES if classes[c]) or entry.status
        yield f" {name:<{width}} | {told}"
    yield from headline(review, paint)
