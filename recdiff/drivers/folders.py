"""`git difftool --dir-diff`: the two folders that git laid out, as one review under the repository's own paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from recdiff.drivers.handed import Handed, as_git_would, links_in_index
from recdiff.gitonce import Content, folder_of
from recdiff.model import Review
from recdiff.pipeline import Options, review_project
from recdiff.sources.folders import FolderSource, open_folders


def open_laid_out(old: str, new: str) -> FolderSource:
    """The two folders as a source; what is checked out is a link into the work tree there. Raises RangeError."""
    work_tree = folder_of("--show-toplevel")
    labels = ("git difftool", "the old side", "the new side")
    return open_folders(old, new, labels=labels, work_tree=work_tree, links=links_in_index())


def plain_diffs(source: FolderSource, *, colour: bool) -> Iterator[bytes]:
    """git's own diff of every file that differs. Raises GitError."""
    for changed in source.listing().files:
        sides: list[Content | None] = []
        for version in (changed.old, changed.new):
            data = next(source.read([version]))[1] if version else None
            sides.append(Content(data, version.mode) if version and isinstance(data, bytes) else None)
        yield as_git_would(Handed(changed.path, changed.path, sides[0], sides[1]), colour=colour)


def review_folders(source: FolderSource, progress: Callable[[int, int], None]) -> Review:
    """Review all that differs between the two folders, paired across names. Raises RulesError and GitError."""
    return review_project(source, options=Options(progress=progress))
