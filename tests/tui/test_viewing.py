"""Looking: sections by their keys, the other views of a recording, the clipboard, the editor."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.cli.running import recorded
from tests.tui.running import FOLDER, SKY, opened, played


@played
async def test_sections_by_their_keys(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        for key, section, inside in (
            ("h", "hidden", "__data__/created"),
            ("d", "request-whole", '"headers": {}'),
            ("o", "conversation", "Boiling point?"),
            ("T", "test", "def test_call(model):"),
        ):
            await here.go("call")
            assert not here.is_open(section), section
            await here.press(key)
            assert here.view.has_focus and here.is_open(section) and inside in here.page
            assert here.line.startswith("▾ ") and here.here == "call"
            await here.press(key)
            assert not here.is_open(section) and here.line.startswith("▸ ") and inside not in here.page
            await here.press("escape")
        assert "test_sky.py:4" in here.page or "test_sky.py:5" in here.page
        await here.go("shared_a")
        await here.press("T")
        assert here.said.startswith("The test's source is not here") and here.tree.has_focus
        await here.go("new")
        await here.press("h")
        assert here.said == "This recording has no such part."
        await here.press("d")
        assert here.is_open("request") and here.view.has_focus and "http://localhost:8000" in here.page
        await here.go("quiet_first")
        assert here.is_open("hidden") and "no meaningful change" in here.page


@played
async def test_what_was_opened_stays_open_on_the_next_page_and_what_was_folded_does_not(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("o")
        await here.to_section("text")
        await here.press("enter")
        assert here.is_open("conversation") and not here.is_open("text")
        await here.press("v", "w", "J", "J")
        assert here.is_open("conversation") and not here.is_open("text")
        await here.press("escape")
        await here.go("text")
        assert here.is_open("conversation") and here.is_open("text")
        await here.press("enter", "z")
        await here.press("n")
        assert here.on_show == "new" and here.is_open("reply")


@played
async def test_a_section_that_is_asked_for_at_once_opens_when_its_page_is_there(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.pilot.press("n", "h")
        await here.until(lambda: here.on_show == "call" and here.view.has_focus)
        await here.settle()
        assert here.is_open("hidden") and here.line.startswith("▾ Hidden") and here.review.wish == ""


@pytest.mark.parametrize(
    ("key", "sections", "inside"),
    [
        ("J", ["raw"], '"tide-1"'),
        ("x", ["Text", "Text of choice 2"], "rainy day"),
        ("s", ["chunks0"], "Second new"),
    ],
)
@played
async def test_another_view_comes_and_goes(project: RepoBuilder, key: str, sections: list[str], inside: str) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        meaning = here.sections
        await here.press(key)
        assert set(sections) <= set(here.sections) and here.sections != meaning
        assert inside in here.page and here.view.has_focus
        await here.press(key)
        assert here.sections == meaning and here.review.view_name == "meaning"
        await here.press(key, "escape")
        assert here.sections == meaning and here.view.has_focus
        await here.press(key, "h")
        assert here.sections == meaning and here.is_open("hidden")
        await here.press(key, "n")
        assert here.on_show == "call" and here.review.view_name == "meaning" and "tool" in here.sections
        await here.press("escape")
        await here.go_branch("groups")
        await here.press(key)
        assert here.said == "Choose a recording first: this row stands for several." and here.tree.has_focus
        assert here.app.session.tally().decided == 0


@pytest.mark.parametrize("name", ["new", "gone", "broken", "quiet_first", "meter"])
@played
async def test_every_view_of_every_kind_of_recording(project: RepoBuilder, name: str) -> None:
    async with opened(project.path) as here:
        await here.go(name)
        for key in ("J", "x", "s"):
            await here.press(key)
            assert here.sections and here.on_show == name and here.page.strip()
        await here.press("escape", "z", "z", "G", "v", "w", "g", "z")
        assert here.on_show == name and here.app.is_running


@played
async def test_a_section_of_a_row_that_stands_for_several_is_asked_for_in_vain(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go_branch("file:tests/test_sky.py")
        for key in ("T", "h", "o", "d", "J", "x", "s"):
            await here.press(key)
            assert here.said == "Choose a recording first: this row stands for several." and here.tree.has_focus


@played
async def test_what_is_beyond_the_screen_is_marked_and_can_be_reached(project: RepoBuilder) -> None:
    file = project.file(f"{FOLDER}/text.json")
    said = " ".join(f"word{number}" for number in range(400))
    file.write_text(file.read_text().replace("The sky is grey", f"The sky is {said} grey"))
    async with opened(project.path, size=(100, 30), paints=True) as here:
        await here.into("text")
        await here.press("v", "w")
        await here.to_section("text", down=3)
        row = here.view.cursor - here.view.scroll_offset.y

        def shown() -> str:
            return here.view.render_line(row).text

        first = shown()
        assert first.rstrip().endswith("…") and len(first) == here.view.scrollable_content_region.width
        assert next(line for line in here.painted() if "word0 " in line).split("│")[-2].rstrip().endswith("…")
        strip = list(here.view.render_line(row))
        assert strip[-1].text == "…" and strip[-1].style != here.view.rich_style
        assert here.view.virtual_size.width > 400 * 6
        assert here.view.virtual_size.width == max(map(len, here.page.splitlines())) + 2
        await here.press("greater_than_sign")
        assert here.view.scroll_offset.x == here.view.size.width // 2
        assert shown()[2] == "…" and shown()[0] == "▌" and shown() != first
        await here.press("less_than_sign")
        assert shown() == first
        for _ in range(200):
            await here.press("greater_than_sign")
            if not shown().rstrip().endswith("…"):
                break
        assert shown().rstrip().endswith("grey")
        await here.press("w")
        assert here.view.scroll_offset.x == 0 and "word0" in here.page
        assert any("word0" in line for line in here.painted())
        await here.press("w", "greater_than_sign", "home")
        assert here.view.scroll_offset == (0, 0)
        await here.press("greater_than_sign", "n")
        assert here.view.scroll_offset.x == 0
        await here.press("greater_than_sign", "J")
        assert here.view.scroll_offset.x == 0


@played
async def test_where_two_columns_have_no_room_v_says_so(project: RepoBuilder) -> None:
    async with opened(project.path, size=(100, 30)) as here:
        await here.go("text")
        await here.press("J")
        assert " │ " not in here.page
        await here.press("v")
        assert here.said == "unified"
        await here.press("v")
        assert here.said == "side by side, once the page is wider" and " │ " not in here.page


@played
async def test_beside_and_wrapped(project: RepoBuilder) -> None:
    file = project.file(f"{FOLDER}/text.json")
    file.write_text(file.read_text().replace("The sky is grey", f"The sky is {'word ' * 100}grey"))
    async with opened(project.path, size=(160, 30)) as here:
        await here.go("text")
        await here.press("J")
        assert here.view.is_beside and " │ " in here.page
        await here.press("v")
        assert here.said == "unified" and not here.view.is_beside and " │ " not in here.page
        wrapped = len(here.page.splitlines())
        await here.press("w")
        assert here.said == "long lines as they are" and not here.view.is_wrapped
        assert len(here.page.splitlines()) < wrapped
        assert here.view.virtual_size.width > here.view.size.width
        await here.press("w", "v")
        assert here.said == "side by side" and here.view.is_beside and here.view.is_wrapped and " │ " in here.page
        await here.press("escape")
        await here.into("both")
        await here.press("v")
        await here.to_section("text", down=1)
        await here.press("v")
        assert here.line.startswith("▾ Reply")


@played
async def test_y_copies_the_path_the_line_or_the_value(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("y")
        assert (here.app.clipboard, here.said) == (f"{FOLDER}/both.json", "copied the path")
        await here.press("enter", "y")
        assert (here.app.clipboard, here.said) == ("test_both", "copied the line")
        await here.to_section("text", down=1)
        await here.press("y")
        assert (here.app.clipboard, here.said) == ("One rainy day", "copied the value")
        await here.to_section("text")
        await here.press("y")
        assert here.said == "copied the line" and here.app.clipboard.startswith("▾ Reply")
        await here.press("escape")
        await here.go_branch("file:tests/test_sky.py")
        await here.press("y")
        assert (here.app.clipboard, here.said) == ("test_sky.py", "copied the title")


@played
async def test_what_is_too_long_or_no_unicode_is_not_copied_as_it_is(project: RepoBuilder) -> None:
    old = recorded("a", test_id=f"{SKY}::test_text", asked="Which colour?")
    project.commit({f"{FOLDER}/text.json": old, f"{FOLDER}/finish.json": old.replace("test_text", "test_finish")})
    project.write(f"{FOLDER}/text.json", old.replace('"a"', f'"{"b" * 1_000_001}"'), add=False)
    project.write(
        f"{FOLDER}/finish.json", old.replace("test_text", "test_finish").replace('"a"', r'"x\ud800y"'), add=False
    )
    async with opened(project.path) as here:
        for name in ("text", "finish"):
            await here.into(name)
            await here.to_section("text", down=1)
            await here.press("y")
            if name == "text":
                assert here.said == "too long for a clipboard: 1,000,001 characters" and not here.app.clipboard
            await here.press("escape")
        assert here.app.clipboard == "x\\ud800y" and here.said == "copied the value"


# The editor


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An editor that writes down its arguments, one a line."""
    program = tmp_path / "vim"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/edited\n')
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", str(program))
    return tmp_path / "edited"


@played
async def test_the_test_and_the_recording_open_in_the_editor(
    project: RepoBuilder, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("e")
        assert here.said == "this terminal cannot be handed to an editor" and not editor.exists()
        here.app.clear_notifications()
        monkeypatch.setattr(here.app, "suspend", nullcontext)
        await here.press("e")
        assert editor.read_text().splitlines() == ["+4", str(project.file(SKY))] and here.told == []
        await here.press("E")
        assert editor.read_text().splitlines() == [str(project.file(f"{FOLDER}/call.json"))]
        await here.go("shared_a")
        editor.unlink()
        await here.press("e")
        assert editor.read_text().splitlines() == [str(project.file(f"{FOLDER}/shared_a.json"))]
        editor.unlink()
        await here.go("gone")
        await here.press("E")
        assert here.said == f"{FOLDER}/gone.json is not in the work tree" and not editor.exists()
        await here.go_branch("groups")
        await here.press("e")
        assert here.said == "No file to open: choose a recording, in a work tree." and not editor.exists()
        await here.go("call")
        for program, words in (
            ("false", "false ended with status 1"),
            ("/no/such/program", "/no/such/program cannot be started: "),
            ("'unended", "the words of $VISUAL or $EDITOR cannot be told apart: "),
        ):
            os.environ["EDITOR"] = program
            await here.press("e")
            assert here.said.startswith(words), here.said
        assert here.app.is_running and here.tree.has_focus
