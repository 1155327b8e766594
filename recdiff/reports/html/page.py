"""html(review): the whole page, as large as a reader can use and no larger."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

import orjson

from recdiff import __version__
from recdiff.errors import UsageError
from recdiff.filtering import counts
from recdiff.jsonvalue import Json
from recdiff.model import CLASSES, FileReview, Review
from recdiff.reports.html.blocks import Blocks
from recdiff.reports.html.data import page_data, trees_of
from recdiff.reports.html.limits import MOST_BYTES, STEPS
from recdiff.reports.html.sections import sample_of
from recdiff.reports.paint import plural
from recdiff.rules.defaults import default_rules
from recdiff.safe import visible

_SCRIPTS = ("make.js", "recording.js", "tree.js", "filters.js", "page.js")
_MOST_SAMPLES = 5
"""Differences that one rule hid, shown of the whole range."""
_MOST_OTHERS = 200
"""Files that are no recordings, named one by one."""
_MOST_NAMED = 400
"""Recordings that are named where no script runs."""


class HiddenRule(NamedTuple):
    """A rule with what it hid in the whole range. A rule of the project's own has no reason here."""

    name: str
    reason: str
    leaves: int
    files: int
    samples: tuple[tuple[str, str, str], ...]


def html(review: Review, *, link_base: str | None = None) -> str:
    """The page of a review: one HTML document that needs no other file and no network.

    `link_base` is the address below which the new side's files are found (`https://host/owner/name/blob/SHA`); paths
    are then links. Raises UsageError where it is no http address.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # only a page needs it
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(visible=visible, number="{:,}".format, plural=plural)
    environment.policies["json.dumps_function"] = _written
    style, script = Markup(_text("page.css")), Markup(_script())
    data, is_shortened = _data(review, _checked(link_base))
    return environment.get_template("page.html.j2").render(
        review=review,
        policy=_policy(style, script),
        style=style,
        script=script,
        data=data,
        is_shortened=is_shortened,
        headline=_headline(review),
        counts=counts(review.files, lambda _: False),
        hidden=tuple(_hidden(review)),
        others=review.others[:_MOST_OTHERS],
        told=tuple(_told(review)),
        version=__version__,
    )


def _text(name: str) -> str:
    """One of the page's own files."""
    return files(__package__).joinpath(name).read_text("utf-8")


def _script() -> str:
    """The page's script: its files as one function, so that none of its names become the window's."""
    return '"use strict";\n(() => {\n' + "\n".join(map(_text, _SCRIPTS)) + "})();\n"


def _written(value: Json, **_: object) -> str:
    """JSON as short as it gets, for Jinja2's `tojson`, which escapes what HTML would take for its own."""
    return orjson.dumps(value).decode("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: run its own script, wear its own style, and nothing else."""
    hashes = (b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in (style, script))
    return (
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ).format(*hashes)


def _checked(link_base: str | None) -> str | None:
    """The address without its last slash. Raises UsageError for what a browser would not open as a page."""
    if link_base and not link_base.lower().startswith(("https://", "http://")):
        raise UsageError(f"{link_base!r}: links take an address that starts with https:// or http://")
    return link_base.rstrip("/") if link_base else None


def _data(review: Review, link_base: str | None) -> tuple[dict[str, Json], bool]:
    """The data in the first step that is small enough, else in the last; whether that left out more than usual."""
    blocks = Blocks()
    trees = trees_of(review)
    room = MOST_BYTES - _size(trees)
    data: dict[str, Json] = {}
    for limits in STEPS:
        data = page_data(review, blocks, limits, link_base)
        if _size(data) <= room:
            break
    return {**data, "trees": trees}, limits is not STEPS[0]


def _size(data: dict[str, Json]) -> int:
    """Bytes of the data in the page; what HTML would take for its own grows by five."""
    written = orjson.dumps(data)
    return len(written) + 5 * sum(written.count(sign) for sign in (b"<", b">", b"&", b"'"))


def _headline(review: Review) -> str:
    """The verdict in a sentence."""
    total = len(review.files)
    if not total and review.selection and review.selection.files:
        return f"None of {plural(review.selection.files, 'recording')} is of {visible(review.selection.words)}."
    if not total:
        return f"No recordings differ between {visible(review.old)} and {visible(review.new)}."
    part = f" ({visible(review.selection.words)}, of {review.selection.files:,})" if review.selection else ""
    told = f"{review.count('meaningful'):,}" if review.count("meaningful") else "None"
    return f"{told} of {plural(total, 're-recorded file')} changed in meaning{part}"


def _hidden(review: Review) -> Iterator[HiddenRule]:
    """Every rule that hid something, the one that hid most first."""
    reasons = {rule.name: rule.reason for rule in default_rules()}
    leaves: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    samples: dict[str, dict[tuple[str, str, str], None]] = defaultdict(dict)
    for entry in review.files:
        leaves.update(entry.hidden)
        holders.update(entry.hidden.keys())
        for leaf in entry.hidden_leaves:
            if len(samples[leaf.rule]) < _MOST_SAMPLES:
                samples[leaf.rule][sample_of(leaf)] = None
    for rule, count in leaves.most_common():
        yield HiddenRule(visible(rule), reasons.get(rule, ""), count, holders[rule], tuple(samples[rule]))


class Told(NamedTuple):
    """A recording in one line, for a reader whose browser runs no script."""

    name: str
    classes: str
    error: str


def _told(review: Review) -> Iterator[Told]:
    """What a reviewer must see at least."""
    wanted = [entry for entry in review.files if entry.status in ("meaningful", "unreadable")]
    for entry in wanted[:_MOST_NAMED]:
        yield Told(visible(entry.test_id or entry.path), ", ".join(_classes(entry)), visible(entry.error or ""))


def _classes(entry: FileReview) -> list[str]:
    there = {change.change_class for change in entry.changes}
    return [name for name in CLASSES if name in there]
