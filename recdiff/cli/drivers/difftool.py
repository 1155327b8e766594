"""`recdiff git difftool LOCAL REMOTE [MERGED]`: git's `difftool.recdiff.cmd`, for a file or (`--dir-diff`) two folders.

With somebody at the terminal it is the review screen; else, and with `--no-tui`, the review is printed. A file that
differs in noise alone is one line and no key press; `git config difftool.recdiff.noise show` opens it too, every hidden
difference listed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from recdiff.cli import output
from recdiff.drivers import is_off
from recdiff.drivers.handed import Handed, as_git_would, mode_in_index, read_side
from recdiff.errors import RangeError, UnreadableError, UsageError
from recdiff.gitonce import setting


def main(words: list[str]) -> int:
    """Show the two sides that git names. Raises UsageError for words that are not git's, GitError."""
    names = [word for word in words if word != "--no-tui"]
    if len(names) not in (2, 3):
        raise UsageError("git hands over LOCAL and REMOTE, and MERGED for a file: this is for difftool.recdiff.cmd")
    old, new = names[:2]
    if os.environ.get("GIT_PAGER") == "":
        del os.environ["GIT_PAGER"]  # git difftool empties it for the diff that it runs itself
    from recdiff.cli.screen import can_open

    screen = can_open() and "--no-tui" not in words
    if os.environ.get("GIT_DIFFTOOL_DIRDIFF") or (Path(old).is_dir() and Path(new).is_dir()):
        return _folders(old, new, screen=screen)
    return _file(old, new, names[2] if len(names) == 3 and names[2] else Path(new).name, screen=screen)


def _folders(old: str, new: str, *, screen: bool) -> int:
    """One review of all files that git laid out in two folders; the exit code."""
    from recdiff.drivers.folders import open_laid_out, plain_diffs, review_folders
    from recdiff.reports.paint import Paint
    from recdiff.reports.text import report

    if screen and not is_off():
        from recdiff.cli.screen import Range, review_on_screen

        return review_on_screen(Range(lambda: open_laid_out(old, new)))
    colour = output.has_git_colour("color.diff")
    source = open_laid_out(old, new)
    if is_off():
        for plain in plain_diffs(source, colour=colour):
            output.write_bytes(plain)
        return 0
    progress = output.Progress()
    try:
        review = review_folders(source, progress)
    finally:
        progress.done()
    output.page(report(review, Paint(colour)), pager=False)
    return 0


def _file(old: str, new: str, path: str, *, screen: bool) -> int:
    """One file; the exit code, by which git knows whether to go on to the next."""
    try:
        # A file of the work tree has its own path: after a rename, git calls both sides by the old one.
        here = path if new == "/dev/null" or Path(new).is_absolute() else new
        mode = mode_in_index(path)
        handed = Handed(path, here, read_side(old, mode), read_side(new, mode))
    except UnreadableError as error:
        raise RangeError(str(error)) from None
    colour = output.has_git_colour("color.diff")
    if is_off() or not handed.is_file:
        output.write_bytes(as_git_would(handed, colour=colour))
        return 0
    from recdiff.drivers.verdict import verdict
    from recdiff.reports.paint import Paint
    from recdiff.reports.single import lines

    shows_noise = (setting("difftool.recdiff.noise") or "skip").lower() == "show"
    before, after = (side.data if side else None for side in (handed.old, handed.new))
    found = verdict(path, before, handed.new_path, after, rules_root=_top(), trace=shows_noise)
    if found.problem:
        output.complain(found.problem)
    entry = found.entry
    if entry is None:
        output.page(_plain_lines(handed, colour=colour), pager=screen)
        return 0
    is_noise = entry.status == "noise"
    if screen and (shows_noise or not is_noise):
        return _on_screen(path, before, handed.new_path, after)
    told = lines(entry, Paint(colour), hidden=is_noise and shows_noise)
    if entry.status == "unreadable":
        told = (line for part in (told, _plain_lines(handed, colour=colour)) for line in part)
    output.page(told, pager=False)
    return 0


def _on_screen(old_path: str, old: bytes | None, new_path: str, new: bytes | None) -> int:
    """One file on the review screen."""
    from recdiff.cli.screen import Range, review_on_screen
    from recdiff.sources.contents import ContentsSource

    rules_root = _top()
    return review_on_screen(Range(lambda: ContentsSource(old_path, old, new_path, new, rules_root)))


def _plain_lines(handed: Handed, *, colour: bool) -> Iterator[str]:
    from recdiff.safe import visible

    for line in as_git_would(handed, colour=False).decode("utf-8", "replace").splitlines():
        style = {"+": "32", "-": "31", "@": "36"}.get(line[:1]) if colour else None
        yield f"\x1b[{style}m{visible(line, lines=True)}\x1b[m" if style else visible(line, lines=True)


def _top() -> str | None:
    """The folder whose rules count: git starts its tools at the top of the work tree, others may call from anywhere."""
    from recdiff.errors import GitError
    from recdiff.gitonce import folder_of

    try:
        return folder_of("--show-toplevel")
    except GitError:
        return None
