"""Make the README's pictures from the sample project: `python docs/make_pictures.py` (rich is in the test extra)."""

from __future__ import annotations

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
WIDTH = 112
LINES = 44


def main() -> None:
    """Write `demo.svg`: the beginning of `recdiff demo`, as a terminal shows it."""
    command = [sys.executable, "-m", "recdiff", "demo", "--color", "always", "--no-pager"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=HERE.parent)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    for line in done.stdout.decode("utf-8").splitlines()[:LINES]:
        text = Text.from_ansi(line)
        text.truncate(WIDTH, overflow="ellipsis")
        console.print(text, no_wrap=True, crop=True)
    picture = console.export_svg(title="recdiff demo", unique_id="recdiff-demo")
    fontless = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    (HERE / "demo.svg").write_text(fontless.replace("Fira Code", "ui-monospace"), "utf-8")


if __name__ == "__main__":
    main()
