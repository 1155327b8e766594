"""Sizes: one pane at a time where it is narrow, both where it is wide, and the way from one to the other."""

from __future__ import annotations

import pytest

from tests.building import RepoBuilder
from tests.tui.running import NARROW, Stage, opened, played


def panes(here: Stage) -> tuple[bool, bool]:
    """Whether the list and the page are painted."""
    text = "\n".join(here.painted())
    found = here.tree.is_on_screen, here.view.is_on_screen
    assert found[0] == (" by " in text and "(t) ─" in text), text
    return found


@played
async def test_narrow_enter_shows_the_page_and_escape_the_list(project: RepoBuilder) -> None:
    async with opened(project.path, size=NARROW) as here:
        assert panes(here) == (True, False) and here.tree.has_focus
        await here.go("both")
        await here.press("enter")
        assert panes(here) == (False, True) and here.view.has_focus and here.on_show == "both"
        assert here.view.size.width >= 76 and all(len(line) <= 80 for line in here.painted())
        await here.to_section("text", down=1)
        await here.press("a")
        assert panes(here) == (False, True) and here.app.session.tally().decided == 0
        await here.press("n")
        assert here.on_show == "call" and panes(here) == (False, True)
        await here.press("escape")
        assert panes(here) == (True, False) and here.tree.has_focus and here.here == "call"
        for key in ("x", "h", "T", "tab", "right"):
            await here.press(key)
            assert panes(here) == (False, True) and here.view.has_focus, key
            await here.press("escape", "escape")
            assert panes(here) == (True, False) and here.tree.has_focus, key
        for key in ("slash", "f"):
            await here.press("enter", key)
            assert panes(here) == (True, False) and not here.view.has_focus, key
            await here.press("escape")
        await here.press("enter", "t")
        assert panes(here) == (False, True) and here.said == "by folder"
        await here.press("tab")
        assert panes(here) == (True, False) and here.tree.has_focus


@played
async def test_a_narrow_screen_is_unified_and_becomes_two_columns_when_it_is_wide(project: RepoBuilder) -> None:
    async with opened(project.path, size=NARROW, paints=True) as here:
        await here.go("text")
        await here.press("J")
        assert " │ " not in here.page
        for size, is_beside in (((160, 30), True), ((99, 30), False), ((200, 50), True), (NARROW, False)):
            await here.resize(*size)
            await here.until(lambda wanted=is_beside: (" │ " in here.page) == wanted)  # type: ignore[misc]


@pytest.mark.parametrize("size", [(80, 24), (100, 24), (80, 12)])
@played
async def test_a_review_begins_with_its_first_rows_on_show(project: RepoBuilder, size: tuple[int, int]) -> None:
    async with opened(project.path, size=size, paints=True) as here:
        await here.until(lambda: here.tree.scroll_offset.y == 0)
        assert "Unreadable 1" in "\n".join(here.painted())
        await here.press("N")
        assert here.tree.scroll_offset.y > 0 or size[1] > 20
        await here.press("n")
        assert here.here == "broken"
        await here.until(lambda: here.tree.scroll_offset.y == 0)


@played
async def test_from_wide_to_narrow_and_back(project: RepoBuilder) -> None:
    async with opened(project.path, paints=True) as here:
        await here.into("both")
        await here.to_section("text", down=1)
        target = here.view.target()
        assert panes(here) == (True, True) and len(target) == 1
        await here.resize(*NARROW)
        assert panes(here) == (False, True) and here.view.has_focus and here.on_show == "both"
        assert here.sections[:2] == ["finish", "text"] and here.view.virtual_size.width <= 80
        await here.press("escape")
        assert panes(here) == (True, False)
        await here.resize(110, 28)
        assert panes(here) == (True, True) and here.tree.has_focus and here.here == here.on_show == "both"
        await here.pilot.click(here.view, offset=(5, 2))
        await here.resize(*NARROW)
        assert panes(here) == (False, True) and here.view.has_focus
        await here.resize(20, 6)
        await here.press("escape", "down", "n", "question_mark", "escape", "A", "n")
        assert here.app.is_running and all(len(line) <= 20 for line in here.painted())


@played
async def test_a_very_large_terminal(project: RepoBuilder) -> None:
    async with opened(project.path, size=(300, 100), paints=True) as here:
        await here.into("both")
        lines = here.painted()
        assert len(lines) == 100 and all(len(line) == 300 for line in lines)
        assert here.tree.size.width <= 84 and here.view.size.width > 210
        assert panes(here) == (True, True)
        assert any("One fine day" in line and "One rainy day" in line for line in lines)
        await here.press("A", "n", "question_mark", "q", "G", "g", "a")
        assert here.state("both") == "accepted"
