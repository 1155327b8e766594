"""Real git repositories for tests, built by git itself, and the processes that git started meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest


class RepoBuilder:
    """A repository at `path`, made on construction. Paths are relative to its work tree; `bytes` are taken raw."""

    def __init__(self, path: Path, *, object_format: str = "sha1", bare: bool = False, exists: bool = False) -> None:
        self.path = path
        if not exists:
            path.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", f"--object-format={object_format}", *(["--bare"] if bare else []))
            self.git("symbolic-ref", "HEAD", "refs/heads/main")

    def git(
        self,
        *arguments: str | bytes | Path,
        feed: bytes | str | None = None,
        env: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> str:
        """Run git there; its output without the last newline. Fails the test with git's words."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=feed.encode() if isinstance(feed, str) else feed,
            env={**os.environ, **(env or {})},
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments!r}: {os.fsdecode(done.stderr)}")
        return os.fsdecode(done.stdout).removesuffix("\n")

    def file(self, path: str | bytes) -> Path:
        """Where a path of the work tree is on disk."""
        return self.path / os.fsdecode(path)

    def write(self, path: str | bytes, content: str | bytes, *, add: bool = True, program: bool = False) -> Path:
        """Write a file, its folders too, and add it to the index."""
        file = self.file(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(0o755 if program else 0o644)
        if add:
            self.add(path)
        return file

    def symlink(self, path: str | bytes, target: str, *, add: bool = True) -> None:
        """Put a symbolic link in the place of what was there."""
        file = self.file(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.symlink_to(target)
        if add:
            self.add(path)

    def add(self, *paths: str | bytes) -> None:
        """Add paths to the index, as they are named (no pathspec magic); everything where none is given."""
        if not paths:
            self.git("add", "--all", "--force")
        else:
            self.git("--literal-pathspecs", "add", "--all", "--force", "--", *paths)

    def remove(self, *paths: str | bytes) -> None:
        """Remove files from disk and index."""
        self.git("--literal-pathspecs", "rm", "--quiet", "-r", "--force", "--", *paths)

    def commit(self, files: Mapping[str, str | bytes | None] | None = None, message: str = "a commit") -> str:
        """Write (or remove, for None) these files, commit the index, and give the commit's id."""
        for path, content in (files or {}).items():
            if content is None:
                self.remove(path)
            else:
                self.write(path, content)
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.rev("HEAD")

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and switch to it."""
        self.git("checkout", "--quiet", "-b", name, start)

    def switch(self, revision: str) -> None:
        """Check out a branch or a commit."""
        self.git("checkout", "--quiet", revision)

    def merge(self, revision: str, *, conflicts: bool = False) -> None:
        """Merge; with `conflicts`, the merge must stop at some."""
        self.git("merge", "--quiet", "--no-edit", revision, check=not conflicts)
        assert bool(self.git("ls-files", "--unmerged")) == conflicts

    def config(self, key: str, value: str) -> None:
        """Set one setting of this repository."""
        self.git("config", key, value)

    def rev(self, revision: str) -> str:
        """The id of an object."""
        return self.git("rev-parse", "--verify", revision)

    def clone(self, path: Path, *options: str) -> RepoBuilder:
        """A clone by way of `file://`, which really fetches."""
        self.git("-c", "protocol.file.allow=always", "clone", "--quiet", *options, self.path.as_uri(), path)
        return RepoBuilder(path, exists=True)

    def state(self) -> dict[str, tuple[bytes, int]]:
        """Every file of the git directory with its bytes and time: equal before and after what only reads."""
        git_dir = Path(self.git("rev-parse", "--absolute-git-dir"))
        return {
            str(file.relative_to(git_dir)): (file.read_bytes(), file.stat().st_mtime_ns)
            for file in sorted(git_dir.rglob("*"))
            if file.is_file()
        }


@contextmanager
def tracing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """The arguments of every git process that starts meanwhile, filled at the end.

    Children of git are included, but not those of a process that ran already.
    """
    trace = folder / "trace2.json"
    trace.unlink(missing_ok=True)
    processes: list[list[str]] = []
    with monkeypatch.context() as patch:
        patch.setenv("GIT_TRACE2_EVENT", str(trace))
        yield processes
    processes += started(trace)


def started(trace: Path) -> list[list[str]]:
    """The arguments of the git processes that wrote to a file of GIT_TRACE2_EVENT."""
    if not trace.exists():
        return []
    events = map(json.loads, trace.read_text(errors="surrogateescape").splitlines())
    return [event["argv"] for event in events if event["event"] == "start"]


def command_of(argv: list[str]) -> str:
    """git's command among its arguments: `diff` of `git -C folder -c a=b diff …`."""
    words = iter(argv[1:])
    for word in words:
        if word in ("-C", "-c"):
            next(words)
        elif not word.startswith("-"):
            return word
    return ""


def lock(file: Path) -> None:
    """Take away the right to read a file; skips the test for a user who reads everything."""
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
