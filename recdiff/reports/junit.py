"""The review as JUnit XML, for systems that know of tests alone: a suite for each test file, a case for each test.

Source of the format: what Jenkins' JUnit plugin and GitLab read (`testsuites`, `testsuite`, `testcase` with one of
`failure`, `error` and `skipped`, `system-out`, `properties`), and pytest writes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias
from xml.etree import ElementTree

from recdiff.model import CLASSES, STATUSES, FileReview, Review
from recdiff.reports.changes import change_lines
from recdiff.reports.paint import Paint, counted, plural
from recdiff.reports.text import told_alone
from recdiff.safe import visible
from recdiff.testids import split_test_id

Outcome: TypeAlias = Literal["error", "failure", "skipped", ""]

_FORBIDDEN = re.compile("[\ufffe\uffff]")
"""What XML 1.0 forbids of what `visible` leaves."""
_ROOT = "recdiff"


def junit(review: Review) -> str:
    """The whole review as an XML document, ending in a newline.

    A test is an error where a recording of it cannot be read or changed in an error, a failure where one changed in
    meaning, else it passes. What the reader must know of the range itself is a skipped case of the suite `recdiff`.
    """
    root = ElementTree.Element("testsuites", name=_ROOT)
    tests: dict[str, dict[str, list[FileReview]]] = defaultdict(lambda: defaultdict(list))
    for entry in review.files:
        home, name = _test_of(entry)
        tests[home][name].append(entry)
    if review.rules_changed or review.notes:
        suite = ElementTree.SubElement(root, "testsuite", name=_ROOT)
        _remark(suite, "this range changes recdiff's rules", review.rules_changed)
        _remark(suite, "notes", review.notes)
        _count(suite)
    for home in sorted(tests):
        suite = ElementTree.SubElement(root, "testsuite", name=_text(home))
        _properties(suite, [entry for entries in tests[home].values() for entry in entries])
        for name in sorted(tests[home]):
            _case(suite, home, name, tests[home][name])
        _count(suite)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _test_of(entry: FileReview) -> tuple[str, str]:
    """The test's file and the rest of its id; without a test, the folder and name of the recording."""
    function, _ = split_test_id(entry.test_id)
    if function is None:
        folder, _, name = entry.path.rpartition("/")
        return folder or ".", name
    file = function.partition("::")[0]
    return file or ".", (entry.test_id or "").removeprefix(file).removeprefix("::") or file


def _remark(suite: ElementTree.Element, name: str, lines: Sequence[str]) -> None:
    if lines:
        case = _new_case(suite, _ROOT, name)
        skipped = ElementTree.SubElement(case, "skipped", message=_text(lines[0]))
        skipped.text = "\n".join(map(_text, lines))


def _new_case(suite: ElementTree.Element, home: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=_text(home), name=_text(name), time="0")


def _properties(suite: ElementTree.Element, entries: Sequence[FileReview]) -> None:
    """How many recordings there are of each status."""
    counts = Counter(entry.status for entry in entries)
    properties = ElementTree.SubElement(suite, "properties")
    for status in STATUSES:
        if counts[status]:
            ElementTree.SubElement(properties, "property", name=status, value=str(counts[status]))


def _case(suite: ElementTree.Element, home: str, name: str, entries: Sequence[FileReview]) -> None:
    case = _new_case(suite, home, name)
    ordered = sorted(entries, key=lambda entry: (entry.turns, entry.path, entry.old_path or ""))
    telling = [entry for entry in ordered if _outcome(entry)]
    if telling:
        outcome = "error" if "error" in map(_outcome, telling) else "failure"
        found = ElementTree.SubElement(
            case, outcome, message=_text(_message(telling, len(entries))), type=_type(telling)
        )
        found.text = "\n".join(_text(line) for entry in telling for line in _told(entry))
    output = ElementTree.SubElement(case, "system-out")
    output.text = "\n".join(_text(_line(entry)) for entry in ordered)


def _outcome(entry: FileReview) -> Outcome:
    if entry.status == "unreadable" or any(change.change_class == "error" for change in entry.changes):
        return "error"
    return "failure" if entry.status == "meaningful" else ""


def _type(entries: Sequence[FileReview]) -> str:
    """What is wrong, in words of recdiff's own."""
    if any(entry.status == "unreadable" for entry in entries):
        return "unreadable"
    return _classes(entries)


def _classes(entries: Sequence[FileReview]) -> str:
    found = {change.change_class for entry in entries for change in entry.changes if change.level == "meaningful"}
    return ", ".join(name for name in CLASSES if name in found)


def _message(entries: Sequence[FileReview], total: int) -> str:
    reasons = [entry.error or "" for entry in entries if entry.status == "unreadable"]
    changed = [entry for entry in entries if entry.status != "unreadable"]
    told = [f"unreadable: {reason}" for reason in reasons[:1]]
    if changed:
        of = f"{len(changed)} of {plural(total, 'recording')} changed in meaning" if total > 1 else "changed in meaning"
        told.append(f"{_classes(changed)}: {of}")
    return "; ".join(told)


def _told(entry: FileReview) -> Iterator[str]:
    yield visible(entry.path)
    if entry.status == "unreadable":
        yield f"  {visible(entry.error or '')}"
    yield from (f"  {line}" for line in change_lines(entry.changes, Paint()))


def _line(entry: FileReview) -> str:
    """A recording in one line: its status, and what was hidden."""
    path = visible(entry.path)
    if entry.old_path and entry.new_path and entry.old_path != entry.new_path:
        path = f"{visible(entry.old_path)} → {path}"
    hidden = f"hidden {plural(sum(entry.hidden.values()), 'difference')}: {counted(list(entry.hidden.items()), ', ')}"
    told = (f"{entry.status}: {path}", hidden if entry.hidden else "", told_alone(entry, Paint()))
    return " · ".join(filter(None, told))


def _count(suite: ElementTree.Element) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", "0")


def _text(text: str) -> str:
    """Text that XML can hold, in one line."""
    return _FORBIDDEN.sub(lambda match: f"\\u{ord(match.group()):04x}", visible(text))
