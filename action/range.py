"""Finds out what the action reviews, and makes sure that its commits and their merge base are here.

A checkout is shallow: what is missing is fetched from `origin`, and history only as far as it takes. Takes RANGE, which
is empty for what the event is about. Gives `range`; `link-base`, below which the new side's files are on the web; and
`number`, of the pull request that the event is about. Nothing of an event is used but ids, a number and a branch.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, NoReturn

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STEPS = ("--deepen=50", "--deepen=500", "--deepen=5000", "--unshallow")
_HINT = "check out with 'fetch-depth: 0', or give the input 'range'"


class Event(NamedTuple):
    """What an event says of a range: the commits before and after, and how they are looked at (`..` or `...`)."""

    old: str
    new: str
    dots: str
    number: str = ""
    default_branch: str = ""


def main() -> None:
    """Write the outputs of the step. Leaves with 2 where there is no range."""
    event = _event()
    words = os.environ.get("RANGE", "").split()
    if any(word.startswith("-") for word in words):
        _fail("the input 'range' takes a range of git, no options")
    if not words:
        words = [_range_of(event)]
    last = re.split(r"\.{2,3}", words[-1])[-1] or "HEAD"
    new = _git("rev-parse", "--quiet", "--verify", "--end-of-options", f"{last}^{{commit}}")
    server, repository = (os.environ.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
    outputs = {
        "range": " ".join(words),
        "link-base": f"{server}/{repository}/blob/{new}" if new and server and repository else "",
        "number": event.number,
    }
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def _event() -> Event:
    try:
        said = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
        repository, pull, group = (said.get(name) or {} for name in ("repository", "pull_request", "merge_group"))
        branch = str(repository.get("default_branch") or "")
        if pull:
            number = str(int(pull["number"]))
            return Event(_id(pull["base"]["sha"]), _id(pull["head"]["sha"]), "...", number, branch)
        if group:
            return Event(_id(group["base_sha"]), _id(group["head_sha"]), "..", "", branch)
        return Event(_id(said.get("before")), _id(said.get("after")), "..", "", branch)
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return Event("", "", "")


def _id(value: object) -> str:
    """The id of a commit; nothing for what is none, as the zeros that stand for no commit."""
    return value if isinstance(value, str) and _ID.fullmatch(value) and value.strip("0") else ""


def _range_of(event: Event) -> str:
    """The range of an event, once its commits are here."""
    if not event.new:
        name = os.environ.get("GITHUB_EVENT_NAME", "")
        _fail(f"an event of '{name}' says no commits to review: give the input 'range'")
    if not _is_here(event.new, f"refs/pull/{event.number}/head" if event.number else ""):
        _fail(f"the commit {event.new} cannot be fetched: {_HINT}")
    old, dots = event.old, event.dots
    if not old or not _is_here(old):
        if event.number:
            _fail(f"the commit {old} cannot be fetched: {_HINT}")
        # a branch's first push, or one that was forced: what the branch has over the default one
        old, dots = _tip(event.default_branch), "..."
    if dots == "..." and not _meet(old, event.new):
        _fail(f"{old} and {event.new} have no merge base: {_HINT}")
    return f"{old}{dots}{event.new}"


def _is_here(commit: str, *names: str) -> bool:
    """Whether a commit is here, or could be fetched by its id or by another name."""
    for name in (commit, *filter(None, names)):
        if _has(commit):
            return True
        _fetch(*(["--depth=1"] if _is_shallow() else []), "origin", name)
    return _has(commit)


def _tip(branch: str) -> str:
    """The commit of a branch of the remote."""
    if not branch or not _fetch(*(["--depth=1"] if _is_shallow() else []), "origin", f"refs/heads/{branch}"):
        _fail(f"there is no commit before the push to compare with: {_HINT}")
    return _git("rev-parse", "--verify", "FETCH_HEAD^{commit}")


def _meet(old: str, new: str) -> bool:
    """Whether two commits have a merge base, once history was fetched until they have."""
    for step in _STEPS:
        if _git("merge-base", old, new):
            return True
        if not _is_shallow() or not _fetch(step, "origin", old, new):
            break
    return bool(_git("merge-base", old, new))


def _has(commit: str) -> bool:
    return bool(_git("rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}"))


def _is_shallow() -> bool:
    return _git("rev-parse", "--is-shallow-repository") == "true"


def _fetch(*arguments: str) -> bool:
    command = ["git", "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _git(*arguments: str) -> str:
    """What git answers in one line; nothing where it refuses."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _fail(message: str) -> NoReturn:
    said = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    sys.stdout.write(f"::error title=recdiff::{said}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
