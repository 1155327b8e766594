"""The command line: the first word picks a command, whose module alone is imported. Exit codes are made here.

0 fine, 1 what `--exit-code` asks for, 2 usage and range errors (and unreadable recordings with `--strict`),
130 interrupted. Every error that is meant for people is one line on stderr.
"""

from __future__ import annotations

import gc
import importlib
import os
from collections.abc import Sequence

from recdiff import __version__
from recdiff.cli import output
from recdiff.errors import RangeError, RecdiffError

COMMANDS = {
    "diff": "what re-recording changed, as text for people",
    "report": "the same as JSON or text, for scripts and CI",
    "check": "the gate: exit 1 if a range fails a policy (--fail-on, --require-decided, …)",
    "decisions": "what was decided on the review screen, told or exported",
    "show": "one recording, normalised, its streams collapsed",
    "rules": "the rules that hide noise (`recdiff rules list`)",
    "git": "git itself speaks recdiff: enable, disable, status, and what git calls",
    "demo": "build the sample project and review it",
    "review": "the review itself; `recdiff [RANGE]` is short for it",
}
"""Every command and what it is for; each has a module of its name here."""

_USAGE = """\
recdiff: review re-recorded API and LLM responses, and see only the differences in meaning.

usage: recdiff [RANGE] [-- PATHS]        short for `recdiff review`
       recdiff COMMAND [OPTIONS] …       `recdiff COMMAND --help` says more

commands:
{commands}

ranges are git's: nothing (the work tree against HEAD), --staged, A, A B, A..B, A...B, then -- PATHS;
or two folders or files with --no-index OLD NEW.
"""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    # Parsing JSON makes hundreds of thousands of objects and no cycles: looking for some costs a tenth of a review.
    gc.set_threshold(200_000, 20, 100)
    output.prepare()
    words = list(arguments)
    try:
        return _dispatch(words)
    except RecdiffError as error:
        output.finish()
        output.complain(str(error))
        return 2
    except KeyboardInterrupt:
        output.abandon()
        return 130
    except output.ReaderGoneError:
        output.abandon()
        return 0
    except Exception as error:
        if os.environ.get("RECDIFF_DEBUG"):
            raise
        output.complain(
            f"this is a bug in recdiff: {type(error).__name__}: {error} (RECDIFF_DEBUG=1 shows where; please report it)"
        )
        return 2


def _dispatch(words: list[str]) -> int:
    if words and words[0] in ("--version", "-V"):
        output.write(f"recdiff {__version__}\n")
        return 0
    if words and words[0] in ("--help", "-h", "help"):
        output.write(_usage())
        return 0
    if not words or words[0] not in COMMANDS:
        return _run_short(words)
    name = words.pop(0)
    code = _run_driver(words) if name == "git" else None
    if code is None:
        code = _run_command(name, words)
    with output.until_the_reader_leaves():
        output.flush()
    return code


def _run_short(words: list[str]) -> int:
    """`recdiff [RANGE]`; a first word that is no revision may have been meant as a command."""
    try:
        code = _run_command("review", words)
    except RangeError as error:
        from difflib import get_close_matches

        near = get_close_matches(words[0], COMMANDS, 1) if words else []
        if not near or f"'{words[0]}'" not in str(error):
            raise
        raise RangeError(f"{error}; did you mean the command `recdiff {near[0]}`?") from None
    with output.until_the_reader_leaves():
        output.flush()
    return code


def _usage() -> str:
    commands = "\n".join(f"  {name:<9} {purpose}" for name, purpose in COMMANDS.items())
    return _USAGE.format(commands=commands)


def _run_driver(words: list[str]) -> int | None:
    """What git calls, once for each file: without click, which would be a third of the start. None for other words."""
    from recdiff.cli.drivers import REGISTRY

    if not words or words[0] not in REGISTRY:
        return None
    driver = importlib.import_module(f"recdiff.cli.drivers.{REGISTRY[words[0]]}")
    code: int = driver.main(words[1:])
    return code


def _run_command(name: str, words: list[str]) -> int:
    paths: list[str] | None = None
    if "--" in words:
        at = words.index("--")
        words, paths = words[:at], words[at + 1 :]
    import click

    command: click.Command = importlib.import_module(f"recdiff.cli.{name}").command
    try:
        result = command.main(words, prog_name=f"recdiff {name}", standalone_mode=False, obj=paths)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.exceptions.NoArgsIsHelpError as error:
        output.write(f"{error.format_message()}\n")
        return 0
    except click.ClickException as error:
        output.complain(_said(error))
        return 2
    except SystemExit:  # click's own way of saying that nobody reads its help
        raise output.ReaderGoneError from None
    except OSError as error:
        output.complain(f"stdout cannot be written: {(error.strerror or str(error)).lower()}")
        return 2
    return result if isinstance(result, int) else 0


def _said(error: Exception) -> str:
    import click

    assert isinstance(error, click.ClickException)
    message = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message} (see `{error.ctx.command_path} --help`)"
    return message
