"""`git difftool --dir-diff`: the two folders that git laid out, as one review under the repository's own paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from recdiff.gitonce import ask
from recdiff.model import Review
from recdiff.pipeline import Options, review
from recdiff.rules.project import project_config
from recdiff.sources.folders import open_folders


class FromGit(NamedTuple):
    """The folders of the old and of the new side. What is checked out is a link into the work tree there."""

    old: str
    new: str

    def plain_diff(self, *, colour: bool) -> bytes:
        """git's own diff of the two folders. Raises GitError."""
        return ask(
            "diff", "--no-index", f"--color={'always' if colour else 'never'}", "--no-ext-diff", "--no-textconv",
            "--", self.old, self.new, fine=(0, 1),
        ).out  # fmt: skip


def review_folders(folders: FromGit, progress: Callable[[int, int], None]) -> Review:
    """Review all that differs between the two folders, paired across names. Raises RulesError and GitError."""
    top = ask("rev-parse", "--show-toplevel")
    work_tree = top.text if top.status == 0 else None
    labels = ("git difftool", "the old side", "the new side")
    source = open_folders(folders.old, folders.new, labels=labels, work_tree=work_tree)
    config, rules_changed = project_config(source, None)
    return review(source, Options(config, rules_changed=rules_changed, progress=progress))
