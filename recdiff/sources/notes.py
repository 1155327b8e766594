"""What a source saw and left alone, said in lines for people."""

from __future__ import annotations

from collections.abc import Iterable

from recdiff.sources.base import LINK_MODE, SUBMODULE_MODE, ChangedFile


def count(number: int, noun: str) -> str:
    """`1 submodule`, `2 submodules`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def not_followed(files: Iterable[ChangedFile]) -> list[str]:
    """At most one line: how many symbolic links and submodules are among the files that differ."""
    links = submodules = 0
    for file in files:
        modes = {version.mode for version in (file.old, file.new) if version}
        links += LINK_MODE in modes
        submodules += SUBMODULE_MODE in modes
    if not links + submodules:
        return []
    parts = [count(number, noun) for number, noun in ((links, "symbolic link"), (submodules, "submodule")) if number]
    ending = "differs; it is not followed" if links + submodules == 1 else "differ; they are not followed"
    return [f"{' and '.join(parts)} {ending}"]
