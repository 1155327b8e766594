"""What a source lists and reads, in shapes that tests compare."""

from __future__ import annotations

from recdiff.errors import UnreadableError
from recdiff.sources.base import Source


def contents(source: Source) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Old and new bytes of each file that differs, by path; fails on one that cannot be read."""
    files = source.listing().files
    versions = [version for file in files for version in (file.old, file.new) if version]
    answers = source.read(versions)
    found = {}
    for file in files:
        sides: list[bytes | None] = []
        for version in (file.old, file.new):
            if version is None:
                sides.append(None)
                continue
            asked, content = next(answers)
            assert asked == version
            assert isinstance(content, bytes), f"{version.path}: {content}"
            sides.append(content)
        found[file.path] = (sides[0], sides[1])
    assert next(answers, None) is None
    return found


def modes(source: Source) -> dict[str, tuple[str | None, str | None]]:
    """Old and new modes of each file that differs, by path."""
    return {
        file.path: (file.old.mode if file.old else None, file.new.mode if file.new else None)
        for file in source.listing().files
    }


def paths(source: Source) -> list[str]:
    """The paths that differ, as listed."""
    return [file.path for file in source.listing().files]


def error_of(source: Source, path: str, side: str = "new") -> str:
    """Why one side of a listed file cannot be read."""
    (file,) = [file for file in source.listing().files if file.path == path]
    version = file.new if side == "new" else file.old
    assert version
    ((_, content),) = source.read([version])
    assert isinstance(content, UnreadableError)
    return str(content)
