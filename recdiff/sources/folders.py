"""Two folders or two files as a source (`--no-index OLD NEW`). Needs no git."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from recdiff.errors import RangeError, UnreadableError
from recdiff.sources.base import LINK_MODE, ChangedFile, FileVersion, Listing, SideName
from recdiff.sources.disk import FILE_MODE, mode_of, opened, read_file, read_top_file
from recdiff.sources.notes import count, not_followed

Kind: TypeAlias = Literal["folder", "file", "absent"]

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class DiskVersion(FileVersion):
    """A version that says which side it is of: both sides may have the same path, and neither has an id."""

    side: SideName = "old"


class _Found(NamedTuple):
    mode: str
    size: int


def open_folders(
    old: str,
    new: str,
    *,
    labels: tuple[str, str, str] | None = None,
    work_tree: str | None = None,
    links: frozenset[str] = frozenset(),
) -> FolderSource:
    """Open two folders, or two files, for comparison; `/dev/null` stands for a side that is not there.

    `labels` name both, the old and the new side where paths say nothing to people. With `work_tree`, a link to the
    file of the same path there is that file: that is how `git difftool --dir-diff` lays out what is checked out; the
    rules of a project that neither side has are then those of the work tree. `links` are paths that are links in the
    repository and were laid out as files.

    Raises RangeError for a path that does not exist or is neither, and for a folder against a file.
    """
    old_kind, new_kind = _kind(old), _kind(new)
    if {old_kind, new_kind} == {"folder", "file"}:
        folder, file = (old, new) if old_kind == "folder" else (new, old)
        raise RangeError(f"'{folder}' is a folder and '{file}' a file: give two folders or two files")
    return FolderSource({"old": old, "new": new}, {"old": old_kind, "new": new_kind}, labels, work_tree, links)


class FolderSource:
    """Implements `Source` for two paths of the disk that somebody named.

    Folders are paired by the path below each of them; two files are a pair whatever their names. Links that
    were named are followed, those inside a folder are not. What is called `.git` is left out.
    """

    def __init__(
        self,
        named: dict[SideName, str],
        kinds: dict[SideName, Kind],
        labels: tuple[str, str, str] | None = None,
        work_tree: str | None = None,
        links: frozenset[str] = frozenset(),
    ) -> None:
        self._named = named
        self._kinds = kinds
        self._labels = labels or (f"{named['old']} → {named['new']}", named["old"], named["new"])
        self._work_tree = work_tree
        self._links = links
        self._in_work_tree: set[tuple[SideName, str]] = set()
        self._listing: Listing | None = None

    @property
    def label(self) -> str:
        """Both sides' names."""
        return self._labels[0]

    @property
    def old_label(self) -> str:
        """The old path, as typed, or the name that it was given."""
        return self._labels[1]

    @property
    def new_label(self) -> str:
        """The new path, as typed, or the name that it was given."""
        return self._labels[2]

    def listing(self) -> Listing:
        """The files whose bytes differ, in path order, found once. Raises RangeError for an unreadable root."""
        if self._listing is None:
            self._listing = self._list_folders() if "folder" in self._kinds.values() else self._list_files()
        return self._listing

    def prefetch(self, versions: Sequence[FileVersion]) -> None:
        """Nothing is far away."""

    def read(self, versions: Iterable[FileVersion]) -> Iterator[tuple[FileVersion, bytes | UnreadableError]]:
        """The bytes of each listed version in the order asked; an error stands in for one that fails."""
        for version in versions:
            try:
                yield version, self._read(version)
            except UnreadableError as error:
                yield version, error

    def read_root_file(self, name: str, side: SideName) -> bytes | None:
        """A file at the top of a folder; None where it is not there, or is a link, or the side is no folder.

        Raises GitError where it is there and cannot be read.
        """
        return read_top_file(self._rules_root(name, side), name) if self._kinds[side] == "folder" else None

    def read_beside(self, path: str, side: SideName) -> bytes | None:
        """Any other file below a side's folder, or in the work tree where the sides were laid out from one."""
        root = self._work_tree or (self._named[side] if self._kinds[side] == "folder" else None)
        try:
            return read_file(root, path) if root is not None else None
        except UnreadableError:
            return None

    def close(self) -> None:
        """There is nothing to end."""

    def _rules_root(self, name: str, side: SideName) -> str:
        """Where a side's rules are: in the work tree for a file that is checked out, and for one that is on no side."""
        if self._work_tree is not None:
            here = {key for key, root in self._named.items() if os.path.lexists(Path(root, name))}
            if not here or (side in here and self._is_checked_out(Path(self._named[side], name), name)):
                return self._work_tree
        return self._named[side]

    def _is_checked_out(self, link: Path, path: str) -> bool:
        """Whether a link leads to the file of the same path in the work tree, which is a file."""
        if self._work_tree is None or not link.is_symlink():
            return False
        file = Path(self._work_tree, path)
        try:
            return not file.is_symlink() and file.is_file() and file.samefile(link)
        except OSError:
            return False

    def _root(self, side: SideName, path: str) -> str:
        if self._work_tree is not None and (side, path) in self._in_work_tree:
            return self._work_tree
        return self._named[side]

    def _read(self, version: FileVersion) -> bytes:
        if not version.is_file:
            raise UnreadableError("a symbolic link is not followed")
        if not isinstance(version, DiskVersion):
            raise UnreadableError("it is in neither of the two folders")
        named = self._named[version.side]
        if self._kinds[version.side] == "folder":
            return read_file(self._root(version.side, version.path), version.path)
        try:
            return Path(named).read_bytes()
        except OSError as error:
            raise UnreadableError(f"it cannot be read: {error.strerror}") from error

    def _list_files(self) -> Listing:
        old, new = self._named_version("old"), self._named_version("new")
        if not (old or new) or (old and new and self._same_files(old, new)):
            return Listing(())
        return Listing((ChangedFile(old, new),))

    def _named_version(self, side: SideName) -> DiskVersion | None:
        if self._kinds[side] == "absent":
            return None
        path = Path(self._named[side])
        try:
            return DiskVersion(path.name, mode_of(path.stat()) or FILE_MODE, None, side)
        except OSError as error:
            raise RangeError(f"cannot read '{path}': {error.strerror}") from error

    def _same_files(self, old: DiskVersion, new: DiskVersion) -> bool:
        try:
            sizes = {Path(named).stat().st_size for named in self._named.values()}
            return len(sizes) == 1 and self._read(old) == self._read(new)
        except (OSError, UnreadableError):
            return False

    def _list_folders(self) -> Listing:
        notes: list[str] = []
        old, new = self._scan("old", notes), self._scan("new", notes)
        files = []
        for path in sorted(old.keys() | new.keys(), key=os.fsencode):
            before, after = old.get(path), new.get(path)
            if before and after and self._same(path, before, after):
                continue
            files.append(
                ChangedFile(
                    before and DiskVersion(path, before.mode, None, "old"),
                    after and DiskVersion(path, after.mode, None, "new"),
                )
            )
        return Listing(tuple(files), (*not_followed(files), *notes))

    def _scan(self, side: SideName, notes: list[str]) -> dict[str, _Found]:
        """Every file and link below one side by path; what can be neither is counted in a note."""
        found: dict[str, _Found] = {}
        if self._kinds[side] == "absent":
            return found
        root, special = self._named[side], 0
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = list(os.scandir(Path(root, folder)))
            except OSError as error:
                if not folder:
                    raise RangeError(f"cannot read the folder '{root}': {error.strerror}") from error
                notes.append(f"cannot read the folder {folder} of {root}: {error.strerror}")
                continue
            for entry in entries:
                if entry.name == ".git":
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                    continue
                try:
                    checked_out = self._is_checked_out(Path(entry.path), path)
                    status = entry.stat(follow_symlinks=checked_out)
                except FileNotFoundError:
                    continue
                if checked_out:
                    self._in_work_tree.add((side, path))
                if mode := mode_of(status):
                    found[path] = _Found(LINK_MODE if path in self._links else mode, status.st_size)
                else:
                    special += 1
        if special:
            notes.append(f"{count(special, 'special file')} of {root} not read")
        return found

    def _same(self, path: str, old: _Found, new: _Found) -> bool:
        """Whether both sides hold the same bytes at `path`. What cannot be read is not called the same."""
        old_is_file, new_is_file = (FileVersion(path, found.mode).is_file for found in (old, new))
        if old_is_file != new_is_file or old.size != new.size:
            return False
        try:
            if not old_is_file:
                return Path(self._named["old"], path).readlink() == Path(self._named["new"], path).readlink()
            with opened(self._root("old", path), path) as left, opened(self._root("new", path), path) as right:
                while chunk := left.read(_CHUNK):
                    if chunk != right.read(_CHUNK):
                        return False
                return not right.read(1)
        except (OSError, UnreadableError):
            return False


def _kind(argument: str) -> Kind:
    if argument in ("/dev/null", os.devnull):
        return "absent"
    try:
        mode = Path(argument).stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RangeError(f"no file or folder '{argument}'") from error
    except (OSError, ValueError) as error:
        raise RangeError(f"cannot read '{argument}': {error}") from error
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISREG(mode):
        return "file"
    raise RangeError(f"'{argument}' is neither a file nor a folder")
