"""Make the README's pictures from the sample project: `python docs/make_pictures.py` (rich and Textual draw them)."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from recdiff.cli.demo import RANGE, build
from recdiff.cli.screen import Range
from recdiff.decisions import Decisions
from recdiff.sources.git_range import open_range
from recdiff.tui.app import ReviewApp
from recdiff.tui.subject import Reading

HERE = Path(__file__).parent
WIDTH = 112
LINES = 44
SCREENS: dict[str, tuple[tuple[int, int], str, Sequence[str]]] = {
    "review": ((132, 36), "textual-dark", ("a", "a", "r", *"nnn")),
    "review-light": ((132, 36), "textual-light", ("n", "enter", "T")),
    "review-narrow": ((80, 24), "textual-dark", ("n", "enter")),
}
"""Each picture of the review screen: its size, its theme, and the keys that lead there."""


def main() -> None:
    """Write `demo.svg`, the text of `recdiff demo --no-tui`, and a picture of the review screen for each of SCREENS."""
    _write("demo", _text_picture())
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for name, (size, theme, keys) in SCREENS.items():
            _write(name, asyncio.run(screen_picture(folder, size, theme, keys)))


def _text_picture() -> str:
    command = [sys.executable, "-m", "recdiff", "demo", "--color", "always", "--no-tui"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=HERE.parent)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    for line in done.stdout.decode("utf-8").splitlines()[:LINES]:
        text = Text.from_ansi(line)
        text.truncate(WIDTH, overflow="ellipsis")
        console.print(text, no_wrap=True, crop=True)
    return console.export_svg(title="recdiff demo", unique_id="recdiff-demo")


async def screen_picture(folder: str, size: tuple[int, int], theme: str, keys: Sequence[str]) -> str:
    """The review screen on the sample, after these keys."""
    subject = Range(lambda: open_range(folder, [RANGE]), directory=folder)
    facts = subject.open()
    reading = Reading(subject.read).start()
    reading.wait()
    app = ReviewApp(subject, facts, reading, Decisions.open(folder))
    app.title = f"recdiff {RANGE}"
    async with app.run_test(size=size) as pilot:
        app.theme = theme
        for key in ("", *keys):
            await pilot.press(*([key] if key else []))
            await pilot.pause(0.1)
            await app.workers.wait_for_complete()
        await pilot.pause()
        app.clear_notifications()
        await pilot.pause()
        return app.export_screenshot()


def _write(name: str, picture: str) -> None:
    fontless = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    steady = re.sub(r"terminal-\d+", f"recdiff-{name}", fontless)
    (HERE / f"{name}.svg").write_text(steady.replace("Fira Code", "ui-monospace"), "utf-8")


if __name__ == "__main__":
    main()
