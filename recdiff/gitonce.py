"""git asked once: for programs that git starts for every file, where GitPython's start would be most of the cost.

Nothing here opens a repository or keeps a child; `git.py` does that. git finds the repository as it does for
any program: by the folder, or by the variables that it gave to us.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from recdiff.errors import GitError
from recdiff.gitoutput import complaint

NO_GIT = "git is not installed or not on PATH"


class Answer(NamedTuple):
    """How git ended, and what it printed."""

    status: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """What it printed, as text without the last newline."""
        return os.fsdecode(self.out).removesuffix("\n")


class Content(NamedTuple):
    """One side of a file: its bytes, and its mode as git writes it (`100644`, `120000`)."""

    data: bytes
    mode: str = "100644"


def ask(
    *arguments: str,
    directory: str | None = None,
    feed: bytes = b"",
    without: tuple[str, ...] = (),
    fine: tuple[int, ...] | None = None,
) -> Answer:
    """Run git to its end, fed with some input.

    Raises GitError where git is missing, or ends in a status that is not `fine`; with `fine` left out, every status is.
    """
    try:
        done = subprocess.run(
            ["git", *arguments],
            input=feed,
            capture_output=True,
            cwd=directory,
            env={name: value for name, value in os.environ.items() if name not in without} if without else None,
            check=False,
        )
    except FileNotFoundError as error:
        missing = directory is not None and not Path(directory).is_dir()
        raise GitError(f"no folder '{directory}'" if missing else NO_GIT) from error
    except (OSError, ValueError) as error:
        raise GitError(f"git {arguments[0]}: {error}") from error
    if fine is not None and done.returncode not in fine:
        said = complaint(done.stderr) or f"ended with status {done.returncode}"
        raise GitError(f"git {arguments[0]}: {said}")
    return Answer(done.returncode, done.stdout, done.stderr)


def folder_of(question: str, directory: str | None = None) -> str | None:
    """The folder that git answers to a question (`--git-common-dir`, `--show-toplevel`); None where there is none.

    Raises GitError where git is missing.
    """
    answer = ask("rev-parse", question, directory=directory)
    return str(Path(directory or ".", answer.text).resolve()) if answer.status == 0 and answer.text else None


def setting(name: str, *options: str) -> str | None:
    """One setting of git as it stands here, or None. `options` narrow or convert it (`--bool`, `--global`)."""
    try:
        answer = ask("config", *options, "--get", name)
    except GitError:
        return None
    return answer.text if answer.status == 0 else None


def wants_colour(slot: str, *, terminal: bool) -> bool:
    """Whether git itself would colour what belongs to a slot (`color.diff`), its pager and TERM included."""
    try:
        answer = ask("config", "--get-colorbool", slot, "true" if terminal else "false")
    except GitError:
        return terminal
    return answer.text == "true"


def pager_command() -> str:
    """The pager that git would start for this user, as a command line; `cat` or nothing for none."""
    try:
        answer = ask("var", "GIT_PAGER")
    except GitError:
        return os.environ.get("PAGER", "less")
    return answer.text if answer.status == 0 else os.environ.get("PAGER", "less")


def plain_diff(
    old_path: str,
    old: Content | None,
    new_path: str,
    new: Content | None,
    *,
    colour: bool = False,
    about: str = "",
) -> bytes:
    """The diff that git itself prints for a file, with its header: the contents alone decide, and the user's settings.

    `about` is what git says of a rename (`similarity index …`), which stands in the header. Nothing for two equal
    sides of one mode. Raises GitError.
    """
    with tempfile.TemporaryDirectory(prefix="recdiff-") as folder:
        options = [f"--color={'always' if colour else 'never'}", "--no-ext-diff", "--no-textconv", "-O/dev/null"]
        if old is not None and new is not None:
            names = [f"a/{_inside(old_path)}", f"b/{_inside(new_path)}"]
            options.append("--no-prefix")
        else:
            names = [
                _inside(path) if content is not None else os.devnull
                for path, content in ((old_path, old), (new_path, new))
            ]
            options += ["--src-prefix=a/", "--dst-prefix=b/"]
        try:
            for name, content in zip(names, (old, new), strict=True):
                if content is not None:
                    _put(Path(folder, name), content)
        except (OSError, ValueError) as error:
            raise GitError(f"cannot lay out a diff of {new_path}: {error}") from error
        names = [_apart(name) for name in names]
        answer = ask(
            "diff", "--no-index", *options, "--", *names,
            directory=folder, fine=(0, 1),
        )  # fmt: skip
    if not about:
        return answer.out
    header = os.fsencode(f"diff --git {_quoted(f'a/{old_path}')} {_quoted(f'b/{new_path}')}\n")
    first, newline, rest = answer.out.partition(b"\n")
    said = "".join(line for line in about.splitlines(keepends=True) if not answer.out or not line.startswith("index "))
    return (first + newline if answer.out else header) + os.fsencode(said) + rest


def _inside(path: str) -> str:
    """A path that stays below the folder that it is put into: `git diff --no-index` names files anywhere."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "file"


def _put(file: Path, content: Content) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if content.mode == "120000":
        file.symlink_to(os.fsdecode(content.data))
    else:
        file.write_bytes(content.data)
        file.chmod(0o755 if content.mode == "100755" else 0o644)


def _apart(name: str) -> str:
    """A name that git takes for a file: `-` alone is its input."""
    return f"./{name}" if name == "-" else name


def _quoted(path: str) -> str:
    """A path as git writes it into a header: in quotes where it holds what could be misread."""
    if path.isprintable() and '"' not in path and "\\" not in path and path.isascii():
        return path
    named = {ord("\n"): "\\n", ord("\t"): "\\t", ord('"'): '\\"', ord("\\"): "\\\\", ord("\r"): "\\r"}
    spelled = "".join(
        named.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}") for byte in os.fsencode(path)
    )
    return f'"{spelled}"'


def unified_diff(old: bytes, new: bytes, *, context: int = 3) -> list[bytes]:
    """git's own line diff of two contents, without a header; a line each, with their newlines. Raises GitError.

    `context` is how many equal lines stand around a change.
    """
    with tempfile.TemporaryDirectory(prefix="recdiff-") as folder:
        for name, content in (("old", old), ("new", new)):
            Path(folder, name).write_bytes(content)
        answer = ask(
            "diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "-O/dev/null",
            f"-U{context}", "old", "new", directory=folder, without=("GIT_DIFF_OPTS",), fine=(0, 1),
        )  # fmt: skip
    lines = [line + b"\n" for line in answer.out.removesuffix(b"\n").split(b"\n")]  # a bare CR ends no line of git's
    first = next((number for number, line in enumerate(lines) if line.startswith(b"@@")), len(lines))
    return lines[first:]


def merged(
    ours: bytes, base: bytes, theirs: bytes, labels: tuple[str, str, str], marker_size: int
) -> tuple[bytes, bool]:
    """What `git merge-file` makes of three contents, and whether it left conflicts. Raises GitError.

    `labels` name ours, base and theirs at the markers. Contents that it takes for binary stay ours, as a conflict.
    """
    with tempfile.TemporaryDirectory(prefix="recdiff-") as folder:
        for name, content in (("ours", ours), ("base", base), ("theirs", theirs)):
            Path(folder, name).write_bytes(content)
        named = [word for label in labels for word in ("-L", label)]
        answer = ask(
            "merge-file", "-p", *named, f"--marker-size={marker_size}",
            *(str(Path(folder, name)) for name in ("ours", "base", "theirs")),
        )  # fmt: skip
    if answer.status > 127:
        if b"binary" in answer.err:
            return ours, True
        raise GitError(f"git merge-file: {complaint(answer.err) or f'ended with status {answer.status}'}")
    return answer.out, answer.status != 0
