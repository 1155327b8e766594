"""`recdiff git textconv --v1 FILE`: a recording as steady lines, any other file byte for byte.

git keeps what this prints in a cache that knows nothing of settings or environment, so neither is read: recdiff's own
rules alone decide, and the version of the output is a word of the command.
"""

from __future__ import annotations

from recdiff import formats
from recdiff.cli import output
from recdiff.errors import UnreadableError, UsageError


def main(words: list[str]) -> int:
    """Print the file that the last word names. Raises UsageError where it cannot be read."""
    # git appends the file, whose name may look like anything: the version is the word before it.
    names = words[1:] if len(words) == 2 and words[0].startswith("--v") else words
    if len(names) != 1:
        raise UsageError("textconv takes one FILE (git calls it: diff.recdiff.textconv)")
    try:
        with open(names[0], "rb") as file:  # noqa: PTH123  (pathlib costs 6 ms, for each of the two sides)
            data = file.read()
    except OSError as error:
        raise UsageError(f"{names[0]}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    try:
        output.write_bytes(_converted(data))
    except output.ReaderGoneError:
        raise
    except Exception as error:  # git would end its whole diff for one file that we stumble over
        output.complain(f"{names[0]} is shown as it is: {type(error).__name__}: {error}")
        output.write_bytes(data)
    return 0


def _converted(data: bytes) -> bytes:
    try:
        recording = formats.load("", data)
    except UnreadableError:
        return data
    from recdiff.comparing.normal import normal_form
    from recdiff.reports.textconv import lines
    from recdiff.rules.engine import RuleSet

    rules = RuleSet()
    text = lines(normal_form(recording, rules), (rule.name for rule in rules.defaults))
    return "".join(f"{line}\n" for line in text).encode("utf-8", "backslashreplace")
