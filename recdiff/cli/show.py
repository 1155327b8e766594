"""`recdiff show`: a recording normalised, its streams collapsed; a line of JSON for each file, or text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from recdiff import formats
from recdiff.cli import output
from recdiff.errors import GitError, RangeError, UnreadableError, UsageError
from recdiff.formats import plain
from recdiff.jsonvalue import Json, loads
from recdiff.model import Recording


@click.command("show", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default=None, help="text on a terminal.")
@click.option("--strict", is_flag=True, help="Exit with 2 if a recording cannot be read.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], form: str | None, strict: bool, color: str) -> int:
    """Print recordings as recdiff sees them. FILE is a path, or REV:PATH; an existing file wins."""
    names = (*files, *(context.obj if isinstance(context.obj, list) else ()))
    if not names:
        raise UsageError("show takes at least one FILE (a path, or REV:PATH)")
    reader = _Reader()
    unreadable = False
    try:
        for name in names:
            recording, error = _load(name, reader)
            unreadable = unreadable or error is not None
            _print(name, recording, error, form or ("text" if output.is_terminal() else "json"), color)
    finally:
        reader.close()
    return 2 if strict and unreadable else 0


class _Reader:
    """Reads files and `REV:PATH`; the repository is opened when the first of those is asked for."""

    def __init__(self) -> None:
        self._close: Callable[[], None] | None = None
        self._find: Callable[[str], bytes | None] | None = None

    def read(self, name: str) -> bytes:
        """The bytes of a file, or of a blob. Raises RangeError where there is neither."""
        path = Path(name)
        if path.is_file() or ":" not in name:
            try:
                return path.read_bytes()
            except OSError as error:
                raise RangeError(f"{name}: {(error.strerror or 'cannot be read').lower()}") from None
        try:
            data = self._blob(name)
        except GitError as error:
            raise RangeError(f"{name}: no such file, and {error}") from None
        if data is None:
            raise RangeError(f"{name}: no such file or object")
        return data

    def _blob(self, name: str) -> bytes | None:
        if self._find is None:
            from recdiff.catfile import GitObject
            from recdiff.git import Repository

            repository = Repository(".")

            def find(name: str) -> bytes | None:
                found = repository.find(name)
                return found.data if isinstance(found, GitObject) and found.kind == "blob" else None

            self._close, self._find = repository.close, find
        return self._find(name)

    def close(self) -> None:
        """End git, where it was started."""
        if self._close is not None:
            self._close()


def _load(name: str, reader: _Reader) -> tuple[Recording | None, str | None]:
    data = reader.read(name)
    try:
        return formats.load(name, data), None
    except UnreadableError as error:
        try:
            return plain.read(name, loads(data)), str(error)
        except UnreadableError:
            return None, str(error)


def _print(name: str, recording: Recording | None, error: str | None, form: str, color: str) -> None:
    from recdiff.reports.json import written
    from recdiff.views import recording_view

    view: dict[str, Json] = {"path": name, "format": None, "test_id": None, "error": error, "interactions": []}
    if recording is not None:
        view = {**recording_view(recording), "path": name, "error": error}
    if form == "json":
        output.write_bytes(written(view) + b"\n")
        return
    from recdiff.reports.paint import Paint
    from recdiff.reports.recording import lines

    for line in lines(view, Paint(output.has_colour(color))):
        output.write(line + "\n")
