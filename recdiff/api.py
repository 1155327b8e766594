"""recdiff from Python: a range of a repository as the `Review` that every command shows."""

from __future__ import annotations

import os
from collections.abc import Sequence

from recdiff.model import Review


def review(
    repository: str | os.PathLike[str] = ".",
    *revisions: str,
    paths: str | Sequence[str] = (),
    staged: bool = False,
    config: str | os.PathLike[str] | None = None,
    show_hidden: bool = False,
    samples: int = 0,
) -> Review:
    """Review what re-recording changed between two sides of a repository (or of any folder inside one).

    `revisions` are git's, as on the command line: none (the work tree against HEAD, untracked recordings included),
    `"A"`, `"A", "B"`, `"A..B"` or `"A...B"`; with `staged`, the index against HEAD or `"A"`. `paths` are pathspecs
    relative to `repository`. `config` is a file of rules in place of the project's own, which are those of the new
    side. With `show_hidden`, each file lists all its hidden leaves; with `samples`, as many of each rule (for a page).

    The review is plain, frozen data (`recdiff.model`): nothing stays open. What cannot be read is an entry of status
    `unreadable`, never an error. Raises GitError outside a repository, RangeError for a revision or a path that does
    not exist, UsageError for what cannot go together or a config that cannot be read, RulesError for rules that are
    wrong; all of them are `recdiff.errors.RecdiffError`, and their text is one line for people.
    """
    from recdiff import pipeline
    from recdiff.sources.git_range import open_range

    wanted = (paths,) if isinstance(paths, str) else tuple(paths)
    source = open_range(os.fspath(repository), revisions, staged=staged, paths=wanted)
    try:
        options = pipeline.Options(trace=show_hidden, samples=samples)
        return pipeline.review_project(source, None if config is None else os.fspath(config), options)
    finally:
        source.close()
