"""What git prints and stores, parsed: records of `diff --raw -z`, entries of trees, ids of bytes.

Paths are kept as `os.fsdecode` gives them: bytes that are no UTF-8 become surrogates and find their way back.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

NO_MODE = "000000"
"""The mode of a side that does not have the path."""

_EXCLUSION = re.compile(r":[/!^]*[!^]|:\([^)]*\bexclude\b")


class RawChange(NamedTuple):
    """A record of `git diff --raw`: an oid is None where git gave zeros (no such side, or bytes on disk)."""

    path: str
    status: str
    old_mode: str
    new_mode: str
    old_oid: str | None
    new_oid: str | None


class TreeEntry(NamedTuple):
    """What a tree says of one path."""

    mode: str
    oid: str


class Stray(NamedTuple):
    """Paths of the work tree that a diff with a commit does not tell."""

    untracked: tuple[str, ...]
    unmerged: frozenset[str]
    nested: int
    """Folders that are repositories of their own: git does not look into them."""


def parse_raw(output: bytes) -> list[RawChange]:
    """The records of `git diff --raw -z --no-abbrev --no-renames`, in git's order."""
    fields = output.split(b"\0")
    changes = []
    for record, path in zip(fields[0:-1:2], fields[1::2], strict=True):
        old_mode, new_mode, old, new, status = record[1:].decode("ascii").split(" ")
        oids = (oid if oid.strip("0") else None for oid in (old, new))
        changes.append(RawChange(os.fsdecode(path), status, old_mode, new_mode, *oids))
    return changes


def parse_stray(output: bytes) -> Stray:
    """The answer of `git ls-files -t -z --others --unmerged`, where the tag `?` marks untracked paths."""
    untracked, unmerged, nested = [], set(), 0
    for line in output.split(b"\0")[:-1]:
        tag, rest = line[:2], line[2:]
        if tag != b"? ":
            unmerged.add(os.fsdecode(rest.split(b"\t", 1)[1]))
        elif rest.endswith(b"/"):
            nested += 1
        else:
            untracked.append(os.fsdecode(rest))
    return Stray(tuple(untracked), frozenset(unmerged), nested)


def parse_tree(data: bytes, object_format: str) -> dict[str, TreeEntry]:
    """The entries of one tree object by name; a folder's mode is `40000`."""
    width = 20 if object_format == "sha1" else 32
    entries = {}
    at = 0
    while at < len(data):
        space, end = data.index(b" ", at), data.index(b"\0", at)
        oid = data[end + 1 : end + 1 + width].hex()
        entries[os.fsdecode(data[space + 1 : end])] = TreeEntry(data[at:space].decode("ascii"), oid)
        at = end + 1 + width
    return entries


def blob_oid(data: bytes, object_format: str) -> str:
    """The id that git gives these bytes as they are, no filter applied."""
    import hashlib

    digest = hashlib.new(object_format, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def is_exclusion(pathspec: str) -> bool:
    """Whether a pathspec only takes paths away (`:!docs`, `:(exclude)docs`)."""
    return _EXCLUSION.match(pathspec) is not None


def complaint(stderr: bytes) -> str:
    """What git says went wrong, on one line: from its `fatal:` on where there is one."""
    text = os.fsdecode(stderr)
    _, fatal, rest = text.partition("fatal: ")
    return " ".join((rest if fatal else text).split())
