"""Recorded text that would move a cursor, ring a bell or be markup: shown as it is everywhere, obeyed nowhere."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from recdiff.arranging import Branch
from recdiff.decisions import Decisions
from recdiff.safe import visible
from recdiff.tui.screens.asking import AskLine, Confirm
from recdiff.tui.screens.deciding import leaves
from tests.building import RepoBuilder
from tests.cli.running import recorded
from tests.tui.running import Stage, opened, played

MARKUP = "[/ [/] [bold]loud[/bold] [@click=app.bell]ring[/] \\[red] [link=http://x]y[/link] $error {x}"
CONTROLS = "\x1b[31mred\x1b]0;title\x07 \x9b31m \x90 \u202egnp.exe\u202c a\x00b \x7f \u2028 \ufeff \u200b"
SPELLED = ("\\x1b[31mred", "\\x1b]0;title\\x07", "\\x9b31m", "\\u202egnp.exe\\u202c", "a\\x00b", "\\x7f")
WIDE_TEXT = "漢字かな 🎉 👨‍👩‍👧 é ✔️ \ud800"
HOSTILE = f"{MARKUP} {CONTROLS} {WIDE_TEXT}"
IN_NAMES = "[@click=app.bell]x[ [bold] \x1b[31m\u202e\x9b \\[red] 漢字 \udcff"
"""What a file's name may hold."""


def hostile(text: str, created: int, name: str = "one", asked: str = "", **more: object) -> str:
    """A recording that is hostile in its test, question, model and finish reason."""
    test = f"tests/{HOSTILE}.py::test_{name}[{HOSTILE}]"
    finish = f"{HOSTILE} {created}"
    found = json.loads(recorded(text, test_id=test, asked=asked or HOSTILE, created=created, finish=finish, **more))
    found["request"]["model"] = found["request"]["endpoint"] = HOSTILE
    found["request"]["url"] = f"http://{HOSTILE}/{created}"
    found[HOSTILE] = HOSTILE
    return json.dumps(found)


def calling(arguments: object, created: int) -> str:
    """A tool call whose name and arguments are hostile."""
    function = {"name": HOSTILE, "arguments": json.dumps(arguments)}
    call = {"id": HOSTILE, "type": "function", "function": function}
    choices = [
        {"index": 0, "finish_reason": "x", "message": {"role": "assistant", "content": None, "tool_calls": [call]}}
    ]
    return hostile("", created, "call", choices=choices)


@pytest.fixture
def nasty(tmp_path: Path) -> RepoBuilder:
    """A repository whose own name is hostile too."""
    repo = RepoBuilder(tmp_path / "[bold]re[/po] [@click=app.bell]x")
    folder = f"rec/{IN_NAMES}"

    def path(name: str) -> bytes:
        return os.fsencode(f"{folder}/{name}{IN_NAMES}.json")

    broken = f'{{"{HOSTILE}": \n<<<<<<< {MARKUP}\n'.encode("utf-8", "surrogatepass")
    pairs: dict[str, tuple[str | bytes | None, str | bytes | None]] = {
        "text": (hostile(f"{HOSTILE} old", 1), hostile(f"{HOSTILE} new {HOSTILE}", 2)),
        "twin": (hostile(f"{HOSTILE} old", 1, "two"), hostile(f"{HOSTILE} new {HOSTILE}", 2, "two")),
        "call": (calling({HOSTILE: HOSTILE, "a": 1}, 1), calling({HOSTILE: f"{HOSTILE}!", "a": HOSTILE}, 2)),
        "data": (hostile("", 1, "data", **{HOSTILE: {HOSTILE: [HOSTILE]}}),
                 hostile("", 2, "data", **{HOSTILE: {HOSTILE: [f"{HOSTILE}!", HOSTILE]}, "usage": {HOSTILE: 3}})),
        "new": (None, hostile(f"{HOSTILE}\n{HOSTILE}", 3, "new")),
        "gone": (hostile(HOSTILE, 4, "gone", asked="Something else was asked of it"), None),
        "broken": (hostile("fine", 5, "broken"), broken),
        "noise": (recorded(HOSTILE, created=1), recorded(HOSTILE, created=2)),
    }  # fmt: skip
    for name, (old, _) in pairs.items():
        if old is not None:
            repo.write(path(name), old)
    repo.commit()
    for name, (_, new) in pairs.items():
        if new is None:
            repo.file(path(name)).unlink()
        else:
            repo.write(path(name), new, add=False)
    return repo


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No test of this file ends with a bell that rang."""
    rung: list[str] = []
    monkeypatch.setattr(App, "bell", lambda self: rung.append("bell"))
    yield rung
    assert rung == []


def check(here: Stage) -> str:
    """What is painted now: every letter is one that a terminal shows, and none can be clicked; as one text."""
    strips = here.app.screen._compositor.render_strips()
    for strip in strips:
        for segment in strip:
            text = segment.text.rstrip(" ").removesuffix(
                "\u200d"
            )  # Textual cuts through a sign where a message covers its rest
            assert visible(text) == text, ascii(text)
            meta = segment.style.meta if segment.style else {}
            assert not any(name.startswith("@") and "bell" in str(action) for name, action in meta.items()), meta
            assert not (segment.style and segment.style.link), segment
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@played
async def test_every_row_and_every_page_in_every_arrangement(nasty: RepoBuilder) -> None:
    async with opened(nasty.path, size=(230, 50)) as here:
        seen = set()
        for by in ("test", "folder", "group"):
            assert here.app.session.by == by
            for branch in here.review.branches:
                await here.go_branch(branch.key)
                check(here)
            for leaf in leaves(here.review.branches):
                if (by, leaf.entry.path) in seen or (by != "test" and leaf.entry.status != "meaningful"):
                    continue
                seen.add((by, leaf.entry.path))
                assert here.review.go_to(leaf.entry)
                await here.settle()
                assert here.sections and here.app.is_running
                check(here)
            await here.press("t")
        assert len({path for _, path in seen}) == 8
        rows = "\n".join(here.rows)
        assert "[/ [/] [bold]loud[/bold] [@click=app" in rows
        check(here)


@pytest.mark.parametrize("name", ["text", "call", "data", "new", "gone", "broken", "noise"])
@played
async def test_every_section_and_view_of_a_page(nasty: RepoBuilder, name: str) -> None:
    async with opened(nasty.path, size=(160, 50)) as here:
        entry = next(entry for entry in here.app.session.files if Path(entry.path).name.startswith(name))
        here.review.go_to(entry)
        await here.settle()
        for section in here.view.page.sections if here.view.page else ():
            if not here.is_open(section.key):
                here.view.toggle_section(section.key)
        pages = [here.page]
        check(here)
        for key in ("v", "J", "v", "x", "v", "s", "w"):
            await here.press(key)
            pages.append(here.page)
            check(here)
            await here.press("G")
            check(here)
        for page in pages:
            assert visible(page, lines=True) == page
        whole = "\n".join(pages)
        flat = "".join(whole.split())
        for spelled in SPELLED if name != "broken" else ():
            assert "".join(spelled.split()) in flat, spelled
        assert "[@click=app.bell]" in flat and "[/" in whole and "\\[red]" in flat
        if name not in ("broken",):
            assert "漢字" in flat and "🎉" in flat and "\\ud800" in flat


@played
async def test_borders_messages_and_questions(nasty: RepoBuilder) -> None:
    async with opened(nasty.path, size=(160, 50)) as here:
        entry = next(entry for entry in here.app.session.files if Path(entry.path).name.startswith("text"))
        other = Decisions.open(str(nasty.path / ".git"))
        other.remark(other.points(entry), HOSTILE)
        other.close()
        here.review.look_at_others()
        here.review.go_to(entry)
        await here.settle()
        assert here.subtitle == f"a r: the whole recording · “{visible(HOSTILE)}”"
        assert "“[/ [/] [bold]loud[/bold]" in check(here)
        await here.press("c")
        assert isinstance(here.app.screen, AskLine)
        text = check(here)
        assert "Comment on tests/[/ [/] [bold]loud[/bold]" in text
        await here.press("enter")
        assert here.app.screen is here.review
        await here.press("c")
        here.app.screen.query_one(Input).value = MARKUP
        await here.press("enter")
        assert here.subtitle.endswith(f"“{visible(MARKUP)}”")
        check(here)
        await here.press("slash")
        here.app.post_message(events.Paste(f"{CONTROLS} {MARKUP}"))
        await here.until(lambda: here.words.value != "")
        assert here.words.value == visible(f"{CONTROLS} {MARKUP}".splitlines()[0])
        check(here)
        await here.press("escape", "F")
        for branch in here.review.branches:
            await here.go_branch(branch.key)
            await here.press("A")
            if isinstance(here.app.screen, Confirm):
                assert here.app.screen._details.split()[0] in check(here)
                await here.press("n")
        groups = next(branch for branch in here.review.branches if branch.key == "groups")
        group = next(child for child in groups.children if isinstance(child, Branch))
        await here.go_branch(group.key)
        await here.press("R")
        assert isinstance(here.app.screen, Confirm)
        check(here)
        await here.press("y")
        check(here)
        gone = next(entry for entry in here.app.session.files if entry.status == "removed")
        here.review.go_to(gone)
        await here.settle()
        await here.press("E")
        assert here.said == f"{visible(gone.path)} is not in the work tree"
        await here.press("y")
        assert here.app.clipboard.startswith("rec/[@click=app.bell]x[") and "\\udcff" in here.app.clipboard
        here.app.session.decisions.problem = ""
        folder = nasty.path / ".git/recdiff"
        folder.rename(nasty.path / ".git/away")
        folder.write_text("")
        await here.press("r")
        assert "[bold]re[/po] [@click=app.bell]x" in here.said
        assert "[@click=app.bell]x" in check(here)


@played
async def test_five_megabytes_in_one_line(project: RepoBuilder) -> None:
    before, long = recorded("old", test_id="t.py::test_long"), f"{HOSTILE} {'lorem ipsum ' * 420_000} new"
    project.commit({"long.json": before})
    project.write("long.json", before.replace('"old"', json.dumps(long)), add=False)
    async with opened(project.path) as here:
        await here.go("long")
        assert here.on_show == "long" and "[bold]loud[/bold]" in check(here)
        for key in ("v", "x", "J"):
            await here.press(key)
            assert here.app.is_running and here.sections
            check(here)
        await here.press("escape", "escape", "a")
        assert here.state("long") == "accepted" and here.here == "shared_a"
