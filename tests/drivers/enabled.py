"""Repositories in which git calls recdiff, and git run there as its users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.building import RepoBuilder
from tests.cli.running import ROOT, Done, recdiff, recorded

PROGRAM = f"{sys.executable} -m recdiff"
FOLDER = "tests/recordings"

GOOD = recorded("good")
DEEP = GOOD.replace('"good"', "[" * 1000 + "]" * 1000)
BAD: dict[str, str | bytes] = {
    "truncated": GOOD[:300],
    "empty": "",
    "no UTF-8": GOOD.encode()[:200] + b"\xff" + GOOD.encode()[200:],
    "a BOM": b"\xef\xbb\xbf" + recorded("bom").encode(),
    "a repeated key": GOOD.replace('"created": 1,', '"created": 1, "created": 1,'),
    "NaN": GOOD.replace('"created": 1,', '"created": NaN,'),
    "a large integer": GOOD.replace('"created": 1,', '"created": 123456789012345678901234567890,'),
    "conflict markers": GOOD.replace('"object"', '<<<<<<< HEAD\n"a": 1,\n=======\n"a": 2,\n>>>>>>> other\n"object"'),
    "an LFS pointer": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
    "deep nesting": DEEP,
    "no recording": '{"hello": 1}',
    "an unknown body": recorded("x").replace("openai.types.chat.chat_completion.ChatCompletion", "some.New.Type"),
    "bytes": b"\x00\x01\x02\xfe",
    "hostile": recorded("\x1b]0;owned\x07 \u202e \x9b31m <script> [/bold]"),
}
"""Files that no one wants, as in the first issue's list; the 50 MB file is made where it is needed."""


def git(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> Done:
    """Run git without a terminal; a traceback of recdiff is a failure wherever it shows."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RECDIFF_DEBUG": "1", **(env or {})},
        check=False,
    )
    err = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in err, err
    return Done(done.returncode, done.stdout.decode("utf-8", "replace"), err)


def enable(repo: RepoBuilder, *options: str) -> None:
    """Turn recdiff on in a repository, for everything below `tests/recordings` unless patterns are given."""
    patterns = [option for option in options if not option.startswith("-")] or [f"/{FOLDER}/**"]
    flags = [option for option in options if option.startswith("-")]
    done = recdiff(repo.path, "git", "enable", *flags, *patterns)
    assert done.code == 0, done.err
    (repo.path / ".git" / "info").mkdir(exist_ok=True)


def enabled(repo: RepoBuilder, *options: str) -> RepoBuilder:
    """The repository with recdiff on, its attributes committed."""
    enable(repo, *options)
    repo.commit({".gitattributes": (repo.path / ".gitattributes").read_bytes()}, "attributes")
    return repo
