"""Two contents of one file as a source: what git hands to a driver, under the path that the repository knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from recdiff.errors import UnreadableError
from recdiff.sources.base import ChangedFile, FileVersion, Listing, SideName
from recdiff.sources.disk import FILE_MODE, read_file, read_top_file


class ContentsSource:
    """Implements `Source` for bytes in memory; a side that is None does not have the file.

    `rules_root` is the folder whose rules count, for both sides: git tells a driver nothing of its revisions.
    """

    def __init__(
        self,
        old_path: str,
        old: bytes | None,
        new_path: str,
        new: bytes | None,
        rules_root: str | None = None,
    ) -> None:
        self._contents: Mapping[SideName, bytes | None] = {"old": old, "new": new}
        self._paths: Mapping[SideName, str] = {"old": old_path, "new": new_path}
        self._rules_root = rules_root
        self._versions = {side: FileVersion(path, FILE_MODE, side) for side, path in self._paths.items()}

    @property
    def label(self) -> str:
        """The path."""
        return self._paths["new"]

    @property
    def old_label(self) -> str:
        """The old side's path."""
        return self._paths["old"]

    @property
    def new_label(self) -> str:
        """The new side's path."""
        return self._paths["new"]

    def listing(self) -> Listing:
        """The one file, where its sides differ."""
        old, new = self._contents["old"], self._contents["new"]
        if old == new:
            return Listing(())
        before = self._versions["old"] if old is not None else None
        return Listing((ChangedFile(before, self._versions["new"] if new is not None else None),))

    def prefetch(self, versions: Sequence[FileVersion]) -> None:
        """Nothing is far away."""

    def read(self, versions: Iterable[FileVersion]) -> Iterator[tuple[FileVersion, bytes | UnreadableError]]:
        """The bytes of each version; its `oid` is its side here."""
        for version in versions:
            data = self._contents["old" if version.oid == "old" else "new"]
            yield version, data if data is not None else UnreadableError("it is not there")

    def read_root_file(self, name: str, side: SideName) -> bytes | None:  # noqa: ARG002  (one folder for both)
        """A file of the folder whose rules count, the same for both sides. Raises GitError."""
        return read_top_file(self._rules_root, name) if self._rules_root is not None else None

    def read_beside(self, path: str, side: SideName) -> bytes | None:  # noqa: ARG002  (one folder for both)
        """Any other file of the folder whose rules count."""
        try:
            return read_file(self._rules_root, path) if self._rules_root is not None else None
        except UnreadableError:
            return None

    def close(self) -> None:
        """There is nothing to end."""
