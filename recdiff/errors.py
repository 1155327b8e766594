"""Every error that recdiff raises on purpose, in one tree.

    RecdiffError                 one line for people; exit code 2
    ├── UsageError               options that contradict each other, an unknown class or status
    ├── GitError                 git is missing, refused, or is no repository here
    │   ├── RangeError           a revision, path or merge base that does not exist
    │   └── ObjectError          an object that git promised and could not give
    ├── RulesError               a project's rules: file, line, and what would be right
    └── UnreadableError          one recording's bytes; caught per file, never ends a review
        └── NotARecordingError   valid content that no format recognises; the file is skipped

A message names the file, the place in it and what to do. `UnreadableError` is the only one that the
pipeline turns into a status; every other one ends the command with exit code 2.
"""

from __future__ import annotations


class RecdiffError(Exception):
    """Base of all errors meant for people: `str(error)` is one line without the program's name."""


class UsageError(RecdiffError):
    """The command line asks for something that cannot be."""


class GitError(RecdiffError):
    """git is missing, failed, or this is no repository."""


class RangeError(GitError):
    """A revision, a path or a merge base does not exist."""


class ObjectError(GitError):
    """A blob that a range needs cannot be read (a partial clone off line, a damaged repository)."""


class RulesError(RecdiffError):
    """A project's rules file is wrong; the message holds `file, line N: what; did you mean …?`."""


class UnreadableError(RecdiffError):
    """A recording's bytes cannot be understood; the message says why and where in the file."""


class NotARecordingError(UnreadableError):
    """The content is well-formed and belongs to no format that recdiff knows."""
