"""The one module that runs git: a method for each question, through GitPython's command runner.

Words that a user typed reach git as input of `cat-file --batch`, or behind `--` where they are pathspecs;
what else a command line holds are fixed options and object ids, so that nothing typed is read as an option.
Every output that has paths is asked for with `-z`. Nothing here writes to the repository but `fetch`, which
does what git itself does when a partial clone lacks an object. Works from git 2.30 on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recdiff.catfile import GitObject, ObjectReaders
from recdiff.errors import GitError, ObjectError, RangeError
from recdiff.gitonce import NO_GIT
from recdiff.gitoutput import (
    RawChange,
    Stray,
    TreeEntry,
    complaint,
    is_exclusion,
    parse_raw,
    parse_stray,
    parse_tree,
)
from recdiff.gitrunner import executable, runner

if TYPE_CHECKING:
    from git.cmd import Git

INHERITED = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS",
)  # fmt: skip
"""What git sets for the programs it starts, and what would bind a new git to that one repository."""

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
# rev-parse repeats options that it does not know: a mark between answers that may hold newlines.
_MARK = "--recdiff-mark"
# A pathspec of more folders than this is slower than the whole walk.
_MAX_FOLDERS = 100


class Resolved(NamedTuple):
    """What a revision names: `commit` is None where it is only a tree."""

    commit: str | None
    tree: str


class Repository:
    """A repository as seen from `directory`, as git sees it there: GIT_DIR and GIT_WORK_TREE count.

    With `strip_inherited`, the variables that git sets for its own children (`INHERITED`) are kept from it.
    Costs one process; the `cat-file` children start when first needed and live until `close`.

    Raises GitError where git is missing or `directory` is in no repository.
    """

    is_bare: bool
    is_shallow: bool
    object_format: str
    """`sha1` or `sha256`."""
    git_dir: str
    work_tree: str | None
    """The top folder, links resolved; None in a bare repository and inside a git directory."""

    def __init__(self, directory: str = ".", *, strip_inherited: bool = False) -> None:
        self.directory = directory
        self._stripped = INHERITED if strip_inherited else ()
        self._environment = {"GIT_OPTIONAL_LOCKS": "0"}
        self._readers = ObjectReaders(lambda: self._start("cat-file", "--batch", feed=True))
        self._promisors: tuple[str, ...] | None = None

        status, out, err = self._run(
            "rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-object-format",
            _MARK, "--absolute-git-dir", _MARK, "--git-common-dir", _MARK, "--git-path", "index",
            _MARK, "--show-cdup", fine=(0, 128),
        )  # fmt: skip
        if status:
            raise GitError(self._why_no_repository(complaint(err)))
        facts, git_dir, common_dir, index, up = out.split(f"{_MARK}\n".encode())
        bare, shallow, self.object_format = facts.decode("ascii").split()
        self.is_bare, self.is_shallow = bare == "true", shallow == "true"
        self.git_dir = self._absolute(git_dir)
        self._common_dir = self._absolute(common_dir)
        self._index = self._absolute(index)
        # No answer at all is no work tree; an empty one is the folder we are in.
        self.work_tree = self._absolute(up) if up else None
        self._up = os.fsdecode(up[:-1])

    def _absolute(self, answer: bytes) -> str:
        return str(Path(self.directory, os.fsdecode(answer[:-1])).resolve())

    def _why_no_repository(self, said: str) -> str:
        if "not a git repository" not in said:
            return said
        named = os.environ.get("GIT_DIR") if "GIT_DIR" not in self._stripped else None
        where = named or Path(self.directory).absolute()
        return f"not a git repository: {where} (use --no-index OLD NEW to compare two folders or files)"

    @property
    def empty_tree(self) -> str:
        """The tree without entries, which git knows without having it."""
        return _EMPTY_TREES[self.object_format]

    # Revisions

    def resolve(self, revision: str) -> Resolved | None:
        """The commit and tree that a revision names, or the tree alone; None where there is no such thing.

        Raises RangeError for the first digits of more than one object.
        """
        # The bare name is for `REV:FOLDER`, where the rest would be part of a path; behind `:/` all is text.
        for peeling in ("",) if revision.startswith(":/") else ("^{commit}", "^{tree}", ""):
            found = self.find(revision + peeling)
            if isinstance(found, ObjectError):
                if str(found).endswith(" is ambiguous"):
                    raise RangeError(f"revision '{revision}' is ambiguous: give more of its digits")
            elif found.kind == "commit":
                first_line = found.data.partition(b"\n")[0]
                return Resolved(found.oid, first_line.removeprefix(b"tree ").decode("ascii"))
            elif found.kind == "tree":
                return Resolved(None, found.oid)
        return None

    def is_unborn(self) -> bool:
        """Whether HEAD is a branch that has no commit yet."""
        return self._run("rev-parse", "--verify", "--quiet", "HEAD", fine=(0, 1)).status == 1

    def merge_base(self, old: str, new: str) -> str | None:
        """The best common ancestor of two commit ids; None where they share no history that is here."""
        status, out, _ = self._run("merge-base", old, new, fine=(0, 1))
        return None if status else out.decode("ascii").strip()

    def names(self) -> list[str]:
        """Branches, tags and remote branches, as short as they can be said."""
        where = ("refs/heads", "refs/tags", "refs/remotes")
        return os.fsdecode(self._run("for-each-ref", "--format=%(refname:short)", *where).out).splitlines()

    # What differs

    def diff(self, old: str, new: str, paths: Sequence[str] = ()) -> list[RawChange]:
        """What differs between two trees, of what the pathspecs name."""
        return parse_raw(self._diff("--raw", old, new, paths=paths).out)

    def diff_index(self, old: str, paths: Sequence[str] = ()) -> list[RawChange]:
        """What differs between a tree and the index. Unmerged paths have the status `U` and no new side."""
        return parse_raw(self._diff("--raw", "--cached", old, paths=paths).out)

    def diff_work_tree(self, old: str, paths: Sequence[str] = ()) -> list[RawChange]:
        """What differs between a tree and the tracked files on disk, by content after git's clean filters."""
        with self._index_copy() as copy:
            return parse_raw(self._diff("--raw", old, paths=paths, index=copy).out)

    def matches(self, pathspec: str, tree: str | None) -> bool:
        """Whether a pathspec names anything in a tree, or in the index where `tree` is None."""
        sides = ("--cached", self.empty_tree) if tree is None else (self.empty_tree, tree)
        return self._diff("--quiet", *sides, paths=[pathspec], fine=(0, 1)).status == 1

    def stray(self, paths: Sequence[str] = ()) -> Stray:
        """The files that are neither tracked nor ignored, and the paths that a merge left open."""
        if self._up and all(is_exclusion(path) for path in paths):
            # ls-files would stay in this folder where diff looks at the whole tree.
            paths = [self._up, *paths]
        kinds = ("--others", "--unmerged", "--exclude-standard")
        return parse_stray(self._run("ls-files", "-t", "-z", "--full-name", *kinds, "--", *paths).out)

    def _diff(
        self, *arguments: str, paths: Sequence[str], index: str | None = None, fine: Collection[int] = (0,)
    ) -> _Finished:
        try:
            return self._run(
                "diff", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff",
                "--no-textconv", "--ignore-submodules=none", "-O/dev/null", *arguments, "--", *paths,
                settings=("diff.autoRefreshIndex=true",),
                environment={"GIT_INDEX_FILE": index} if index else {}, fine=fine,
            )  # fmt: skip
        except GitError as error:
            if paths and any(word in str(error) for word in ("pathspec", "outside repository")):
                raise RangeError(str(error).removeprefix("git diff: ")) from error
            raise

    @contextmanager
    def _index_copy(self) -> Iterator[str]:
        """A copy of the index that is locked: git diff writes it anew for touched files, optional locks or not."""
        try:
            folder = tempfile.TemporaryDirectory(prefix="recdiff-")
        except OSError as error:
            raise GitError(f"cannot make a temporary folder: {error.strerror}") from error
        with folder as name:
            copy = str(Path(name, "index").absolute())
            try:
                # With its time: git reads again what is younger than the index.
                shutil.copy2(self._index, copy)
                Path(f"{copy}.lock").touch()
            except FileNotFoundError:
                pass  # nothing was ever added; git takes a missing index for an empty one
            except OSError as error:
                raise GitError(f"cannot copy the index: {error.strerror}") from error
            yield copy

    # Objects

    def find(self, name: str) -> GitObject | ObjectError:
        """The object that a name stands for (an id, `REV`, `REV:PATH`, `:PATH`), or why there is none."""
        return self._readers.find(name)

    def objects(self, names: Iterable[str]) -> Generator[GitObject | ObjectError, None, None]:
        """The object of each name, in order and one at a time; an error stands in for one that fails."""
        return self._readers.objects(names)

    def top_entries(self, tree: str) -> dict[str, TreeEntry]:
        """The names at the top of a tree; a folder's mode is `40000`. Raises ObjectError."""
        found = self.find(tree)
        if isinstance(found, ObjectError):
            raise found
        return parse_tree(found.data, self.object_format)

    # Partial clones

    def promisors(self) -> tuple[str, ...]:
        """The remotes that a partial clone may ask for objects, in git's order; none for other clones."""
        if self._promisors is None:
            self._promisors = self._ask_promisors() if self._may_be_partial() else ()
        return self._promisors

    def _may_be_partial(self) -> bool:
        """A look at the repository's settings: cheaper than a process that nearly always finds nothing."""
        try:
            text = Path(self._common_dir, "config").read_bytes().lower()
        except OSError:
            return False
        return any(word in text for word in (b"promisor", b"partialclone", b"[include"))

    def _ask_promisors(self) -> tuple[str, ...]:
        keys = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
        out = os.fsdecode(self._run("config", "-z", "--get-regexp", keys, fine=(0, 1)).out)
        first, last = dict[str, None](), dict[str, None]()
        for setting in out.split("\0")[:-1]:
            key, _, value = setting.partition("\n")
            if key == "extensions.partialclone":
                last[value] = None
            elif not key.endswith(".promisor") or value.lower() in ("", "true", "yes", "on", "1"):
                first[key.removeprefix("remote.").rpartition(".")[0]] = None
        return (*(remote for remote in first if remote not in last), *last)

    def missing(self, trees: Sequence[str], paths: Iterable[str], *, index: bool = False) -> set[str]:
        """Ids of objects that the trees (and the index) name near these paths and that are not here.

        A walk, because it alone tells without fetching on every git: a question about one id would fetch it.
        """
        folders = {path.rpartition("/")[0] for path in paths}
        lines = list(trees)
        if "" not in folders and len(folders) <= _MAX_FOLDERS and not any("\n" in name for name in folders):
            lines += ["--", *(f":(top,literal){name}" for name in sorted(folders))]
        out = self._run(
            "rev-list", "--objects", "--missing=print", "--no-walk", "--stdin",
            *(["--indexed-objects"] if index else []),
            feed=os.fsencode("".join(f"{line}\n" for line in lines)),
            environment=dict.fromkeys((name for name in INHERITED if name.endswith("_PATHSPECS")), "0"),
        ).out  # fmt: skip
        return {line[1:].decode("ascii") for line in out.split(b"\n") if line.startswith(b"?")}

    def fetch(self, oids: Collection[str]) -> None:
        """Get objects in one request: the one that git makes for a single missing object.

        Raises ObjectError where no remote gives them; after that, no read tries a remote again (git 2.45).
        """
        why = "no remote promised them"
        for remote in self.promisors():
            status, _, err = self._run(
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no",
                "--filter=blob:none", "--stdin", "--", remote,
                settings=("fetch.negotiationAlgorithm=noop", "fetch.writeCommitGraph=false", "gc.auto=0",
                          "maintenance.auto=false"),
                feed="".join(f"{oid}\n" for oid in sorted(oids)).encode("ascii"), fine=None,
            )  # fmt: skip
            if status == 0:
                return
            # Whole, because what ssh says of the reason stands before git's own words.
            why = f"{remote}: {' '.join(os.fsdecode(err).split())}"
        self._environment["GIT_NO_LAZY_FETCH"] = "1"
        self.close()
        raise ObjectError(f"this partial clone lacks {len(oids)} objects and cannot fetch them: {why}")

    # Processes

    def close(self) -> None:
        """End the children that wait for questions. More may start when the repository is used again."""
        self._readers.close()

    def _run(
        self,
        verb: str,
        *arguments: str,
        settings: Sequence[str] = (),
        feed: bytes | None = None,
        environment: Mapping[str, str] | None = None,
        fine: Collection[int] | None = (0,),
    ) -> _Finished:
        """Run git to its end. Raises GitError for a status that is not fine; None takes any."""
        process = self._start(verb, *arguments, settings=settings, feed=feed is not None, environment=environment)
        out, err = process.communicate(feed)
        if fine is not None and process.returncode not in fine:
            raise GitError(f"git {verb}: {complaint(err) or f'ended with status {process.returncode}'}")
        return _Finished(process.returncode, out, err)

    def _start(
        self,
        verb: str,
        *arguments: str,
        settings: Sequence[str] = (),
        feed: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Git.AutoInterrupt:
        """Start git, with a pipe as its input where it will be fed. Raises GitError."""
        run, not_found = runner()
        command: list[str] = []
        stripped = [name for name in self._stripped if name in os.environ]
        if stripped:
            # GitPython cannot unset a variable for a child; `env` becomes git, no process more.
            command += ["env", *(word for name in stripped for word in ("-u", name))]
        command.append(executable())
        if self.directory not in ("", "."):
            # Not as GitPython's working_dir, which expands `~` and `$` in the names of folders.
            command += ["-C", self.directory]
        command += [word for setting in settings for word in ("-c", setting)]
        try:
            return run().execute(
                [*command, verb, *arguments],
                istream=subprocess.PIPE if feed else None,
                as_process=True,
                env={**self._environment, **(environment or {})},
                shell=False,
            )
        except not_found as error:
            raise GitError(NO_GIT) from error
        except (OSError, ValueError) as error:
            raise GitError(f"git {verb}: {error}") from error


class _Finished(NamedTuple):
    status: int
    out: bytes
    err: bytes


def build_repository(folder: str, commits: Sequence[tuple[str, str, Mapping[str, bytes]]]) -> None:
    """Make a repository in a folder: each (branch, message, files) is a whole commit upon the one before it.

    The last branch is checked out. Author, dates and settings are fixed, so that the same files make the same commits
    on every computer. Raises GitError.
    """
    stream = b""
    for number, (branch, message, files) in enumerate(commits, 1):
        who = f"The tidepool team <team@tidepool.example> {1_717_405_200 + number * 86_400} +0000"
        said = message.encode()
        stream += f"commit refs/heads/{branch}\nmark :{number}\ncommitter {who}\ndata {len(said)}\n".encode() + said
        stream += f"\nfrom :{number - 1}\ndeleteall\n".encode() if number > 1 else b"\n"
        for path, content in files.items():
            stream += b"M 100644 inline %s\ndata %d\n%s\n" % (os.fsencode(path), len(content), content)
    here = [word for name in os.environ if name.startswith("GIT_") for word in ("-u", name)]
    here += ["GIT_CONFIG_NOSYSTEM=1", f"GIT_CONFIG_SYSTEM={os.devnull}", f"GIT_CONFIG_GLOBAL={os.devnull}"]
    for feed, *arguments in (
        (b"", "init", "--quiet", "--template=", "--object-format=sha1", f"--initial-branch={commits[-1][0]}"),
        (stream, "fast-import", "--quiet"),
        (b"", "reset", "--quiet", "--hard"),
    ):
        command = ["env", *here, "git", "-C", folder, *arguments]
        process = runner()[0]().execute(command, istream=subprocess.PIPE, as_process=True, shell=False)
        _, err = process.communicate(feed)
        if process.returncode:
            raise GitError(f"git {arguments[0]}: {complaint(err) or f'ended with status {process.returncode}'}")
