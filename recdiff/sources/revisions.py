"""The words of a git range, made into two sides: which trees, and what people call them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from recdiff.errors import RangeError, UsageError
from recdiff.git import Repository, Resolved

NewSide: TypeAlias = Literal["tree", "index", "work tree"]

_SUFFIX = re.compile(r"[~^@:].*", re.DOTALL)


class Endpoints(NamedTuple):
    """The two sides of a range. `new_tree` is None where the new side is the index or the work tree."""

    label: str
    old_label: str
    new_label: str
    old_tree: str
    new_tree: str | None
    new_side: NewSide


def endpoints(repository: Repository, revisions: Sequence[str], *, staged: bool = False) -> Endpoints:
    """What the words of a range mean here: none, `A`, `A B`, `A..B`, `A...B`; `staged` with none or `A`.

    Raises UsageError for words that cannot go together, and RangeError for a revision or a merge base that
    does not exist, or for a work tree that a bare repository does not have.
    """
    if len(revisions) > 2:
        raise UsageError(f"at most two revisions make a range; {len(revisions)} were given")
    if len(revisions) == 2:
        if staged:
            raise UsageError("--staged compares the index with one revision, not with two")
        left, right = revisions
        return _between(f"{left} {right}", left, right, _resolve(repository, left), _resolve(repository, right))
    if revisions and (dotted := _dotted(repository, revisions[0])):
        if staged:
            raise UsageError(f"--staged compares the index with one revision, not with '{revisions[0]}'")
        return dotted
    return _against_files(repository, revisions[0] if revisions else None, staged=staged)


def _between(label: str, old_label: str, new_label: str, old: Resolved, new: Resolved) -> Endpoints:
    return Endpoints(label, old_label, new_label, old.tree, new.tree, "tree")


def _dotted(repository: Repository, word: str) -> Endpoints | None:
    """`A..B` or `A...B`, either side empty for HEAD; None where the word is one revision (`HEAD^{/a..b}`)."""
    dots = "..." if "..." in word else ".."
    left, found, right = word.partition(dots)
    # `..` is the folder above, to git as to everyone.
    if not found or word == "..":
        return None
    old, new = (repository.resolve(side or "HEAD") for side in (left, right))
    if (old is None or new is None) and repository.resolve(word):
        return None
    left, right = left or "HEAD", right or "HEAD"
    old, new = old or _resolve(repository, left, word), new or _resolve(repository, right, word)
    if dots == "..":
        return _between(word, left, right, old, new)
    return _since_merge_base(repository, word, left, right, old, new)


def _since_merge_base(
    repository: Repository, label: str, left: str, right: str, old: Resolved, new: Resolved
) -> Endpoints:
    for word, side in ((left, old), (right, new)):
        if side.commit is None:
            raise RangeError(f"'{word}' is a tree without history: no merge base for '{label}'")
    base = repository.merge_base(old.commit or "", new.commit or "")
    tree = repository.resolve(base) if base else None
    if not base or not tree:
        raise RangeError(f"{left} and {right} have no merge base{_deepening(repository)}")
    return _between(label, f"merge base of {left} and {right} ({base[:7]})", right, tree, new)


def _against_files(repository: Repository, word: str | None, *, staged: bool) -> Endpoints:
    """The index or the work tree against a revision, which is HEAD where none is given."""
    side: NewSide = "index" if staged else "work tree"
    if repository.is_bare if staged else repository.work_tree is None:
        raise RangeError(f"there is no {side} here: give two revisions")
    old = _resolve(repository, word) if word is not None else repository.resolve("HEAD")
    name = word if word is not None else "HEAD"
    label = f"{name} → {side}"
    if old:
        return Endpoints(label, name, side, old.tree, None, side)
    if not repository.is_unborn():
        raise RangeError("HEAD names no commit that is here")
    return Endpoints(label, "HEAD (no commit yet)", side, repository.empty_tree, None, side)


def _resolve(repository: Repository, word: str, typed: str = "") -> Resolved:
    """A revision that must exist; `typed` is the whole word that it was a part of."""
    found = repository.resolve(word)
    if found is None:
        raise RangeError(_no_such(repository, word, typed or word))
    return found


def _no_such(repository: Repository, word: str, typed: str) -> str:
    message = f"no revision '{word}'"
    if typed and os.path.lexists(Path(repository.directory, typed)):
        return f"no revision '{typed}' (it is a path: put it behind --)"
    if word == "HEAD" and repository.is_unborn():
        return f"{message}: there is no commit yet"
    base = _SUFFIX.sub("", word)
    names = ["HEAD", *repository.names()]
    if base in names:
        return message + _deepening(repository)
    import difflib  # needed for mistakes alone

    close = difflib.get_close_matches(base, names, 1)
    return f"{message} (did you mean '{close[0]}{word[len(base) :]}'?)" if close else message


def _deepening(repository: Repository) -> str:
    if not repository.is_shallow:
        return ""
    return " (this clone is shallow: get more history by `git fetch --deepen=100` or `git fetch --unshallow`)"
