"""One file's verdict for a driver: the review of two contents, under the rules of the project at hand."""

from __future__ import annotations

from typing import NamedTuple

from recdiff.errors import RecdiffError
from recdiff.model import FileReview
from recdiff.pipeline import Options, review
from recdiff.rules.config import ProjectConfig
from recdiff.rules.project import project_config
from recdiff.sources.contents import ContentsSource


class Verdict(NamedTuple):
    """What a review says of one file. `entry` is None where neither side is a recording, or both are the same bytes.

    `problem` says what stood in the way of the project's own rules.
    """

    entry: FileReview | None
    problem: str | None = None


def verdict(
    old_path: str,
    old: bytes | None,
    new_path: str,
    new: bytes | None,
    *,
    rules_root: str | None,
    trace: bool = False,
) -> Verdict:
    """Review two contents of one file; the rules are those at the top of `rules_root`.

    Rules that are wrong cost a driver its project's rules, never its answer.
    """
    source = ContentsSource(old_path, old, new_path, new, rules_root)
    config, problem = ProjectConfig(), None
    try:
        config = project_config(source, None)[0]
    except RecdiffError as error:
        problem = f"{error} (recdiff's own rules alone were used)"
    found = review(source, Options(config, trace=trace))
    return Verdict(found.files[0] if found.files else None, problem)
