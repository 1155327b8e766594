"""Filtering: words, and the counters that are filters, by key and by mouse."""

from __future__ import annotations

from recdiff.arranging import Leaf
from recdiff.filtering import Filter
from recdiff.tui.screens.deciding import leaves
from recdiff.tui.widgets.filters import FilterBar
from tests.building import RepoBuilder
from tests.tui.running import NEEDED, Stage, opened, played


def listed(here: Stage) -> set[str]:
    """The recordings that the list has, in branches that are closed too."""
    found: list[Leaf] = leaves(here.review.branches)
    return {leaf.entry.path.rpartition("/")[2].removesuffix(".json") for leaf in found}


async def to_chip(here: Stage, name: str) -> None:
    """With the arrows, to a counter."""
    names = [chip.name for chip in here.bar.chips()]
    await here.press(*["right"] * ((names.index(name) - here.bar.cursor) % len(names)))
    assert here.bar.chips()[here.bar.cursor].name == name


@played
async def test_what_a_row_says_can_be_searched(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        for words, found in (
            ("which colour", {"text"}),
            ("boiling point", {"call"}),
            ("completions tide-1 grey", {"text"}),
        ):
            await here.press("slash", "ctrl+u", *["space" if key == " " else key for key in words], "enter")
            assert listed(here) == found, words


@played
async def test_words_filter_while_they_are_typed(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("slash")
        assert here.words.has_focus and here.words.display
        await here.press(*"grey")
        assert listed(here) == {"text"} and here.app.session.wanted == Filter(words="grey")
        assert here.here in ("text", "file:tests/test_sky.py")
        await here.press("enter")
        assert here.tree.has_focus and here.words.display and listed(here) == {"text"}
        await here.press("n")
        assert here.here == here.on_show == "text"
        await here.press("slash", "home", *"test_sky ", "enter")
        assert here.app.session.wanted.words == "test_sky grey" and listed(here) == {"text"}
        await here.press("slash", "ctrl+u", *"polyJUICE")
        assert listed(here) == {"call"} or listed(here) == set()
        await here.press("ctrl+u", *"no such word")
        assert listed(here) == set() and here.review.entry is None
        assert "Nothing passes the filter." in here.page and here.sections == []
        await here.press("escape")
        assert here.tree.has_focus and here.words.display
        await here.press("a", "n", "e", "x", "h", "enter", "left", "right")
        assert here.app.session.tally().decided == 0
        await here.press("F")
        assert here.app.session.wanted == Filter() and len(listed(here)) == 13 and not here.words.display
        assert here.words.value == ""
        await here.settle()
        assert here.view.page is not None and here.view.page.key


@played
async def test_an_empty_line_of_words_goes_away(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        for key in ("escape", "enter"):
            await here.press("slash")
            assert here.words.display
            await here.press(key)
            assert not here.words.display and here.tree.has_focus
        assert here.app.session.wanted == Filter()


@played
async def test_counters_are_filters_by_arrows_space_and_enter(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("finish")
        await here.press("f")
        assert here.bar.has_focus and here.bar.cursor == 0
        assert [(chip.kind, chip.words) for chip in here.bar.chips()] == [
            ("class", "tool 1"), ("class", "finish 2"), ("class", "request 3"), ("class", "text 2"),
            ("class", "usage 1"), ("status", "meaningful 7"), ("status", "minor 1"), ("status", "noise 2"),
            ("status", "added 1"), ("status", "removed 1"), ("status", "unreadable 1"), ("undecided", "undecided 10"),
        ]  # fmt: skip
        await here.press("left")
        assert here.bar.cursor == 11
        await here.press("down")
        assert here.bar.cursor == 0
        await here.press("up", "right", "right")
        assert here.bar.cursor == 1
        await here.press("space")
        assert here.app.session.wanted.classes == {"finish"} and listed(here) == {"both", "finish"}
        assert "[finish 2]" in here.painted()[1] and here.here == here.on_show == "finish"
        await here.press("right", "right", "enter")
        assert here.app.session.wanted.classes == {"finish", "text"} and listed(here) == {"both", "finish", "text"}
        await to_chip(here, "minor")
        await here.press("space")
        assert listed(here) == set() and "Nothing passes the filter." in here.page
        await here.press("F")
        assert len(listed(here)) == 13 and here.app.session.wanted == Filter()
        await to_chip(here, "added")
        await here.press("space")
        await to_chip(here, "removed")
        await here.press("space")
        assert listed(here) == {"new", "gone"}
        await here.press("space")
        assert listed(here) == {"new"}


@played
async def test_undecided_only_follows_what_is_decided(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("a", "f")
        await to_chip(here, "undecided")
        assert here.bar.chips()[-1].words == "undecided 9"
        await here.press("space")
        assert here.app.session.wanted.undecided
        assert listed(here) == set(NEEDED) - {"call"}
        await here.press("escape")
        await here.go("both")
        await here.press("r")
        assert here.here == "finish" and "[undecided 8]" in " ".join(here.painted()[1:4])
        await here.press("u")
        assert here.here == "both"


@played
async def test_a_click_on_a_counter_switches_it(project: RepoBuilder) -> None:
    async with opened(project.path, size=(100, 28)) as here:
        places = {chip.name: (line, column) for line, column, _, chip in here.bar._placed(here.bar.content_size.width)}
        assert max(line for line, _ in places.values()) == 1
        for name in ("tool", "undecided"):
            line, column = places[name]
            await here.pilot.click(FilterBar, offset=(column + 2, line))
            await here.settle()
        assert here.app.session.wanted == Filter(classes=frozenset(("tool",)), undecided=True)
        assert listed(here) == {"call"}
        await here.pilot.click(FilterBar, offset=(places["tool"][1] + 2, 0))
        await here.settle()
        assert here.app.session.wanted == Filter(undecided=True) and len(listed(here)) == 10
        await here.pilot.click(FilterBar, offset=(0, 0))
        await here.settle()
        assert here.app.session.wanted == Filter(undecided=True)
