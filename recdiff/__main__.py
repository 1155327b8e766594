"""The entry point: `recdiff` and `python -m recdiff`."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    from recdiff.cli import output, run

    output.leave(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
