"""`recdiff demo`: build the sample project into a git repository of its own and review its re-recording."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recdiff.cli import output
from recdiff.errors import UsageError

if TYPE_CHECKING:
    from recdiff.model import Review
    from recdiff.sources.git_range import GitRangeSource

RANGE = "main...re-record"


@click.command("demo", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--keep", is_flag=True, help="Leave the repository in its temporary folder, and say where.")
@click.option("--into", metavar="DIR", help="Build it in DIR, which is new or empty, and leave it there.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("--no-pager", is_flag=True, help="Write to the terminal directly.")
@click.option("--no-tui", is_flag=True, help="Print the review, also on a terminal.")
@click.pass_obj
def command(paths: list[str] | None, keep: bool, into: str | None, color: str, no_pager: bool, no_tui: bool) -> int:
    """Review a sample: a small made-up project before and after its recordings were made anew.

    It becomes a git repository in a temporary folder, which is removed afterwards, and is shown as
    `recdiff main...re-record` shows it: on the review screen, or as text where nobody sits at a terminal.
    """
    from recdiff.cli.screen import Range, can_open, review_on_screen
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import report

    if paths:
        raise UsageError("demo takes no paths; build it with --into DIR and use `recdiff diff` there")
    with _folder(keep, into) as folder:
        build(folder)
        try:
            if can_open() and not (no_tui or no_pager):
                review_on_screen(Range(lambda: _source(folder), directory=str(folder)))
            else:
                output.page(report(_review(folder), Paint(output.has_colour(color))), pager=not no_pager)
            output.flush()
        finally:
            if keep or into is not None:
                _say_where(folder)
    return 0


def _say_where(folder: Path) -> None:
    output.complain(f"the sample repository is in {folder}")
    output.complain(f"next: cd {shlex.quote(str(folder))} && recdiff {RANGE}")


@contextmanager
def _folder(keep: bool, into: str | None) -> Iterator[Path]:
    """The folder to build in: a temporary one that goes away again, or one that stays. Raises UsageError."""
    try:
        if into is not None:
            folder = Path(into)
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise UsageError(f"{into}: not empty; --into takes a folder that is new or empty")
        elif keep:
            folder = Path(tempfile.mkdtemp(prefix="recdiff-demo-"))
        else:
            temporary = tempfile.TemporaryDirectory(prefix="recdiff-demo-")
    except OSError as error:
        where = f"{into}: cannot be used" if into is not None else "cannot make a temporary folder"
        raise UsageError(f"{where}: {error.strerror}") from None
    if keep or into is not None:
        yield folder.absolute()
    else:
        with temporary as name:
            yield Path(name)


def build(folder: Path) -> None:
    """Build the sample in a folder: the branch `main` as it was, `re-record` as it became. Raises GitError."""
    from recdiff.git import build_repository

    build_repository(
        str(folder),
        (
            ("main", "Answer visitors from recordings", _sample("before")),
            ("re-record", "Record everything again on the new model server", _sample("after")),
        ),
    )


def _source(folder: Path) -> GitRangeSource:
    from recdiff.sources.git_range import open_range

    return open_range(str(folder), [RANGE], strip_inherited=True)  # a hook's GIT_DIR would name another repository


def _review(folder: Path) -> Review:
    from recdiff.pipeline import review_project

    with closing(_source(folder)) as source:
        return review_project(source)


def _sample(side: str) -> dict[str, bytes]:
    """Every file of one side of the sample by its path. Raises UsageError where the sample is not installed."""
    package = files("recdiff")
    for top in (package / "sample_repo", Path(str(package)).parent / "sample_repo"):
        if (top / side).is_dir():
            return dict(_files_below(top / side, ""))
    raise UsageError("the sample project is not part of this installation")


def _files_below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    # pip compiles what it installs
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_file():
            yield path + entry.name, entry.read_bytes()
        elif entry.name != "__pycache__":
            yield from _files_below(entry, f"{path}{entry.name}/")
