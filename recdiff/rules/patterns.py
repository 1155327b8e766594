"""Path patterns of a project: which files are recordings, in the manner of a .gitignore."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path (from the repository's root, with `/`) is matched by `.gitignore`-like patterns.

    The last pattern that matches decides; `!` takes back. Without patterns nothing matches.
    """
    lines = tuple(patterns)
    if not lines:
        return lambda _path: False
    from pathspec import GitIgnoreSpec  # 20 ms, for projects that name their recordings

    return GitIgnoreSpec.from_lines(lines).match_file


def why_no_pattern(pattern: str) -> str | None:
    """What is wrong with a pattern, or None."""
    from pathspec import GitIgnoreSpec

    if pattern.startswith(("./", "../")):
        return "matches nothing: patterns start at the repository's root, without dots"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pathspec knows no `[[:alpha:]]`, which only Python's warning says
            spec = GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error, Warning):
        return "is no valid .gitignore pattern"
    if all(line.include is None for line in spec.patterns):
        return "matches nothing"
    return None
