"""A range of git as a source: two trees, or a tree against the index or the work tree."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from recdiff.catfile import GitObject
from recdiff.errors import GitError, ObjectError, RangeError, UnreadableError
from recdiff.git import Repository
from recdiff.gitoutput import NO_MODE, RawChange, blob_oid, is_exclusion
from recdiff.sources.base import ChangedFile, FileVersion, Listing, SideName
from recdiff.sources.disk import mode_on_disk, read_file
from recdiff.sources.notes import not_followed
from recdiff.sources.revisions import Endpoints, endpoints


def open_range(
    directory: str,
    revisions: Sequence[str],
    *,
    staged: bool = False,
    paths: Sequence[str] = (),
    strip_inherited: bool = False,
) -> GitRangeSource:
    """Open a git range as seen from a folder.

    `revisions` are the words before `--`: none (the work tree against HEAD), `A`, `A B`, `A..B` or `A...B`;
    with `staged`, none or `A`, against the index. `paths` are git's pathspecs, relative to `directory`.
    `strip_inherited` looks at the folder alone, whatever repository the environment names.

    Raises GitError outside a repository, RangeError for what does not exist, UsageError for what cannot be.
    """
    repository = Repository(directory, strip_inherited=strip_inherited)
    try:
        return GitRangeSource(repository, endpoints(repository, revisions, staged=staged), paths)
    except BaseException:
        repository.close()
        raise


class GitRangeSource:
    """Implements `Source` for two sides that git knows. Paths are relative to the repository's root."""

    def __init__(self, repository: Repository, sides: Endpoints, paths: Sequence[str] = ()) -> None:
        self.repository = repository
        self.sides = sides
        self._paths = tuple(paths)
        self._listing: Listing | None = None

    @property
    def label(self) -> str:
        """The range as typed, or `HEAD → work tree`."""
        return self.sides.label

    @property
    def old_label(self) -> str:
        """The old side's name: `main`, `merge base of main and HEAD (abc1234)`."""
        return self.sides.old_label

    @property
    def new_label(self) -> str:
        """The new side's name: a revision, `index` or `work tree`."""
        return self.sides.new_label

    def listing(self) -> Listing:
        """The files that differ, in path order, found once.

        A work-tree range lists what `git diff` and `git status` together tell: by content after git's
        filters, with untracked files. A changed mode alone is no difference.

        Raises RangeError for a pathspec that names nothing on either side.
        """
        if self._listing is None:
            self._listing = self._list()
        return self._listing

    def prefetch(self, versions: Sequence[FileVersion]) -> None:
        """Get the blobs that a partial clone lacks, in one request. Raises ObjectError where that fails.

        Reading goes on after that error: what is not here is then an error of its own file.
        """
        wanted = {version.oid: version.path for version in versions if version.oid and version.is_file}
        if not wanted or not self.repository.promisors():
            return
        trees = [tree for tree in (self.sides.old_tree, self.sides.new_tree) if tree]
        missing = self.repository.missing(trees, wanted.values(), index=self.sides.new_tree is None)
        if missing := missing & wanted.keys():
            self.repository.fetch(missing)

    def read(self, versions: Iterable[FileVersion]) -> Iterator[tuple[FileVersion, bytes | UnreadableError]]:
        """The bytes of each version in the order asked, one at a time; an error stands in for one that fails.

        Links and submodules are such errors. Bytes of the work tree are as they are on disk.
        """
        asked = tuple(versions)
        with closing(self.repository.objects(v.oid for v in asked if v.oid and v.is_file)) as blobs:
            for version in asked:
                if not version.is_file:
                    yield version, UnreadableError("a symbolic link or a submodule is not followed")
                elif version.oid:
                    yield version, _content(next(blobs))
                else:
                    yield version, self._on_disk(version.path)

    def read_root_file(self, name: str, side: SideName) -> bytes | None:
        """A file at the top of one side, or None where it is not there, or is a link.

        The index tells no modes here: a link in it gives the bytes of the link. Raises GitError where the file is
        there and cannot be read.
        """
        tree = self.sides.old_tree if side == "old" else self.sides.new_tree
        if tree:
            entry = self.repository.top_entries(tree).get(name)
            if entry is None or not entry.mode.startswith("100"):
                return None
            content = _content(self.repository.find(entry.oid))
        elif self.sides.new_side == "index":
            found = self.repository.find(f":0:{name}")
            if isinstance(found, ObjectError):
                return None
            content = _content(found)
        else:
            mode = mode_on_disk(self._root, name)
            if mode is None or not FileVersion(name, mode).is_file:
                return None
            content = self._on_disk(name)
        if isinstance(content, UnreadableError):
            raise GitError(f"{name}: {content}")
        return content

    def read_beside(self, path: str, side: SideName) -> bytes | None:
        """Any other file of one side; None where it is not there or cannot be read."""
        tree = self.sides.old_tree if side == "old" else self.sides.new_tree
        if tree is None and self.sides.new_side != "index":
            content = self._on_disk(path) if self._root else None
        else:
            found = self.repository.find(f"{tree}:{path}" if tree else f":0:{path}")
            content = _content(found) if not isinstance(found, ObjectError) else None
        return content if isinstance(content, bytes) else None

    def close(self) -> None:
        """End git's children. May be called twice."""
        self.repository.close()

    @property
    def _root(self) -> str:
        # No path lies below the empty name, as none does where there is no work tree.
        return self.repository.work_tree or ""

    def _on_disk(self, path: str) -> bytes | UnreadableError:
        try:
            return read_file(self._root, path)
        except UnreadableError as error:
            return error

    def _list(self) -> Listing:
        sides, notes = self.sides, list[str]()
        untracked: Sequence[str] = ()
        unmerged: Collection[str] = ()
        if sides.new_tree:
            changes = self.repository.diff(sides.old_tree, sides.new_tree, self._paths)
        elif sides.new_side == "index":
            changes = self.repository.diff_index(sides.old_tree, self._paths)
            unmerged = {change.path for change in changes if change.status == "U"}
        else:
            changes = self.repository.diff_work_tree(sides.old_tree, self._paths)
            untracked, unmerged, nested = self.repository.stray(self._paths)
            if nested:
                notes.append(f"untracked repositories inside this one, not looked into: {nested}")

        files: dict[str, ChangedFile] = {}
        for change in changes:
            file = self._changed(change, unmerged=change.path in unmerged)
            if file:
                files[change.path] = file
        for path in untracked:
            self._add_untracked(path, files)
        self._check_paths(found=bool(files))
        in_order = tuple(sorted(files.values(), key=lambda file: os.fsencode(file.path)))
        return Listing(in_order, (*not_followed(in_order), *notes))

    def _changed(self, change: RawChange, *, unmerged: bool) -> ChangedFile | None:
        """A record of git as a difference in content; None where there is none."""
        path, old, new = change.path, None, None
        if change.old_mode != NO_MODE:
            old = FileVersion(path, change.old_mode, change.old_oid)
        if change.new_mode != NO_MODE:
            new = FileVersion(path, change.new_mode, change.new_oid)
        elif change.status == "U" and (mode := mode_on_disk(self._root, path)):
            new = FileVersion(path, mode)
        if not (old or new):
            return None
        # Where the modes are the same too, git has compared the content.
        if old and new and old.mode != new.mode and old.is_file == new.is_file and self._same_bytes(old, new):
            return None
        return ChangedFile(old, new, unmerged, is_open=unmerged and self.sides.new_side == "index")

    def _add_untracked(self, path: str, files: dict[str, ChangedFile]) -> None:
        """An untracked file is new, unless the old side has its path: the index alone had lost it."""
        mode = mode_on_disk(self._root, path)
        if mode is None:
            return
        new = FileVersion(path, mode)
        old = files.pop(path).old if path in files else None
        if not (old and old.is_file == new.is_file and self._same_bytes(old, new)):
            files[path] = ChangedFile(old, new)

    def _same_bytes(self, old: FileVersion, new: FileVersion) -> bool:
        if new.oid:
            return old.oid == new.oid
        data = self._on_disk(new.path)
        return isinstance(data, bytes) and blob_oid(data, self.repository.object_format) == old.oid

    def _check_paths(self, *, found: bool) -> None:
        needed = [path for path in self._paths if not is_exclusion(path)]
        # Git says nothing of a path that names nothing, and one path alone has named what was found.
        if found and len(needed) == 1:
            return
        for path in needed:
            if not self._names_something(path):
                raise RangeError(f"path '{path}' names nothing in {self.old_label}, nor in {self.new_label}")

    def _names_something(self, path: str) -> bool:
        repository, sides = self.repository, self.sides
        if self._root and not path.startswith(":") and os.path.lexists(Path(repository.directory, path)):
            return True
        if repository.matches(path, sides.old_tree) or repository.matches(path, sides.new_tree):
            return True
        return sides.new_side == "work tree" and bool(repository.stray([path]).untracked)


def _content(found: GitObject | ObjectError) -> bytes | UnreadableError:
    if isinstance(found, ObjectError):
        return UnreadableError(str(found))
    if found.kind != "blob":
        return UnreadableError(f"object {found.oid} is a {found.kind}, not a file")
    return found.data
