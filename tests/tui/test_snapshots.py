"""Pictures of every part of the review screen, at three sizes and in two themes, against the ones that were looked at.

After a change that is meant, look at the new ones: `pytest tests/tui/test_snapshots.py --snapshot-update`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from recdiff.arranging import Branch
from recdiff.cli.demo import RANGE, build
from recdiff.cli.screen import Range
from recdiff.decisions import Decisions
from recdiff.sources.git_range import open_range
from recdiff.tui.app import ReviewApp
from recdiff.tui.subject import Reading
from tests.tui.running import Stage

MADE_WITH = "8.2.8"
SIZES = {"narrow": (80, 24), "usual": (110, 30), "wide": (150, 38)}
THEMES = ("dark", "light")
SITUATIONS: dict[str, tuple[str, Sequence[str]]] = {
    "tool-calls": ("test_wind_with_gusts", ()),
    "reply": ("test_guide_greets", ("enter",)),
    "finish-and-request": ("test_night_outlook", ("enter",)),
    "error": ("test_storm_bulletin", ("enter",)),
    "data": ("models-", ("enter",)),
    "vectors": ("test_pages_as_vectors", ("enter",)),
    "usage": ("test_guide_greets", ("enter", "z", "z")),
    "provenance": ("test_opening_hours", ("enter", "z")),
    "rules": ("This range changes the rules", ("enter",)),
    "test-source": ("test_night_outlook", ("T",)),
    "hidden": ("test_night_outlook", ("h",)),
    "conversation": ("test_two_harbours", ("o",)),
    "whole-request": ("test_night_outlook", ("d",)),
    "unified": ("test_guide_greets", ("v", "enter")),
    "raw": ("test_night_outlook", ("J",)),
    "whole-text": ("test_guide_greets", ("x",)),
    "stream": ("test_guide_greets", ("s",)),
    "added": ("Added", ("right", "right", "right", "enter")),
    "group": ("", ("t", "t", "home", "enter")),
    "folders": ("", ("t", "home")),
    "decided": ("", ("home", "down", "a", "a", "r", "f")),
    "help": ("", ("question_mark",)),
    "question": ("", ("A",)),
    "search": ("", ("slash", *"wind")),
}
"""What to look at: words of the row to go to, and the keys from there."""


class Svg(SingleFileSnapshotExtension):
    """A snapshot is a picture that a browser shows."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    build(folder)
    return folder


async def pictures(folder: Path, row: str, keys: Sequence[str]) -> dict[str, str]:
    """The screen in one situation, at every size and in every theme."""
    subject = Range(lambda: open_range(str(folder), [RANGE]), directory=str(folder))
    facts = subject.open()
    reading = Reading(subject.read).start()
    reading.wait()
    app = ReviewApp(subject, facts, reading, Decisions.open(None))
    found = {}
    async with app.run_test(size=SIZES["usual"]) as pilot:
        stage = Stage(app, pilot, folder)
        await stage.settle()
        stage.words.cursor_blink = False
        _go(stage, row)
        await stage.settle()
        for key in keys:
            await stage.press(key)
        for size, (width, height) in SIZES.items():
            await stage.resize(width, height)
            for theme in THEMES:
                app.theme = f"textual-{theme}"
                await stage.settle()
                app.clear_notifications()
                await pilot.pause()
                found[f"{size}-{theme}"] = _steady(app.export_screenshot(title="recdiff"))
    return found


def _go(stage: Stage, row: str) -> None:
    if not row:
        return
    for branch in stage.tree.root.children:
        if branch.data is not None and row in branch.data.title and isinstance(branch.data, Branch):
            stage.tree.move_cursor(branch)
            return
    entry = next(entry for entry in stage.review.session.files if row in f"{entry.test_id} {entry.path}")
    assert stage.review.go_to(entry)


def _steady(svg: str) -> str:
    """A picture without what differs from run to run, fonts from elsewhere, and what only adds bytes."""
    for useless in (
        r"@font-face \{.*?\}\s*",
        r"<clipPath.*?</clipPath>\s*",
        r' clip-path="[^"]*"',
        r' textLength="[^"]*"',
    ):
        svg = re.sub(useless, "", svg, flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "screen", svg)


@pytest.mark.skipif(version("textual") != MADE_WITH, reason=f"the pictures were made with Textual {MADE_WITH}")
@pytest.mark.parametrize("name", SITUATIONS)
def test_the_screen_looks_as_it_did(sample: Path, snapshot: SnapshotAssertion, name: str) -> None:
    shown = asyncio.run(pictures(sample, *SITUATIONS[name]))
    assert len(shown) == len(SIZES) * len(THEMES)
    for look, picture in shown.items():
        assert picture == snapshot(extension_class=Svg, name=f"{name}-{look}")
