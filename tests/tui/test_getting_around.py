"""Getting around: every key that moves, in the list, in the page and between them; help, the palette, and leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.binding import Binding
from textual.command import CommandPalette

from recdiff.model import FileReview
from recdiff.tui.app import ReviewApp
from recdiff.tui.screens.help import Help, shown_key
from recdiff.tui.screens.keys import KEYS
from recdiff.tui.screens.review import ReviewScreen
from recdiff.tui.widgets.filters import FilterBar
from recdiff.tui.widgets.footer import KeyLine
from recdiff.tui.widgets.recording import RecordingView
from recdiff.tui.widgets.recordings import RecordingTree
from tests.building import RepoBuilder
from tests.tui.running import NEEDED, Stage, opened, played


def test_every_key_has_an_action_and_a_word_and_six_of_them_a_place_in_the_footer() -> None:
    for owner, bindings in (
        (ReviewScreen, KEYS),
        *((widget, widget.BINDINGS) for widget in (RecordingTree, RecordingView, FilterBar)),
    ):
        for binding in bindings:
            assert isinstance(binding, Binding)
            name = binding.action.partition("(")[0]
            own = ReviewApp if name.startswith("app.") else owner
            assert hasattr(own, f"action_{name.removeprefix('app.')}"), binding
            assert binding.description
    assert len([binding for binding in KEYS if binding.show]) == 6
    assert len({binding.id for binding in KEYS}) == len(KEYS) and None not in {binding.id for binding in KEYS}
    keys = [key for binding in KEYS for key in binding.key.split(",")]
    assert len(set(keys)) == len(keys)


# From one undecided recording to the next


@played
async def test_next_skip_and_previous_go_through_all_that_is_undecided_and_round_the_end(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        seen = [here.here]
        for key in ["n", "space"] * 5:
            await here.press(key)
            seen.append(here.here)
            assert here.on_show == here.here
        assert seen == [*NEEDED, "broken"]
        back = []
        for _ in NEEDED:
            await here.press("N")
            back.append(here.here)
        assert back == list(reversed(NEEDED))
        group = here.entry("shared_a").changes[0].group
        await here.go_branch(f"group:{group}")
        for name in ("shared_a", "shared_b", "shared_c", "new"):
            await here.press("n")
            assert here.here == name
            assert (here.tree.key_here() or "").startswith(f"group:{group}|") or name == "new"
        await here.go_branch("file:tests/test_sky.py")
        await here.press("n")
        assert here.here == "both"
        await here.go_branch("file:tests/test_sky.py")
        await here.press("N")
        assert here.here == "shared_c"
        await here.into("call")
        await here.press("n")
        assert here.here == here.on_show == "finish" and here.view.has_focus and here.view.cursor == 0
        await here.press("space")
        assert here.here == here.on_show == "text" and here.view.has_focus


@played
async def test_what_is_decided_is_passed_over_until_nothing_is_left(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        decisions = here.app.session.decisions
        decisions.decide(here.app.session.points([here.entry(name) for name in NEEDED[:-2]]), "accepted")
        await here.press("n")
        assert here.here == "new"
        await here.press("a")
        assert here.here == "gone"
        await here.press("a")
        assert here.here == "gone" and here.said == "Everything is decided."
        await here.press("space")
        assert here.here == "gone" and here.said == "Everything is decided."
        assert here.summary.words() == "10 of 10 decided"
        await here.press("slash", *"test_new", "enter", "n")
        assert here.said == "Everything of what is shown is decided."


# The list


@played
async def test_the_keys_of_the_list(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.press("home")
        assert here.here == "unreadable" and here.sections == ["entries"] and "1 recording" in here.page
        await here.press("down")
        assert here.here == "broken"
        await here.press("j", "k", "up")
        assert here.here == "unreadable"
        await here.press("G")
        assert here.here == "noise"
        await here.press("g")
        assert here.here == "unreadable"
        await here.press("end")
        assert here.here == "noise" and not here.tree.cursor_node.is_expanded  # type: ignore[union-attr]
        await here.press("enter")
        assert here.tree.cursor_node.is_expanded and here.here == "noise"  # type: ignore[union-attr]
        await here.press("right")
        assert here.here == "quiet_first" and "no meaningful change" in here.page
        await here.press("left")
        assert here.here == "noise"
        await here.press("left")
        assert not here.tree.cursor_node.is_expanded  # type: ignore[union-attr]
        await here.press("right", "right", "right")
        assert here.here == "quiet_first" and here.view.has_focus
        await here.press("escape", "pageup")
        assert here.tree.has_focus and here.here != "quiet_first"
        await here.press("pagedown")
        assert here.here in ("quiet_first", "quiet_second")
        await here.go("shared_b")
        await here.press("left", "left")
        assert here.here.endswith("test_shared") and not here.tree.cursor_node.is_expanded  # type: ignore[union-attr]
        await here.press("left")
        assert here.here == "file:tests/test_sea.py"


@played
async def test_t_changes_the_arrangement_and_keeps_the_recording(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        shared = here.entry("shared_b").changes[0].group
        await here.go("shared_b")
        seen = []
        for _ in range(3):
            await here.press("t")
            seen.append((here.app.session.by, here.here, here.on_show))
            assert here.tree.border_title == f"by {here.app.session.by} (t)"
        assert seen == [(by, "shared_b", "shared_b") for by in ("folder", "group", "test")] and here.told == []
        await here.press("t", "t")
        keys = [branch.key for branch in here.review.branches]
        assert keys[:3] == ["unreadable", f"group:{shared}", "own"]
        assert set(keys) == {"unreadable", f"group:{shared}", "own", "added", "removed", "minor", "noise"}
        await here.into("call")
        await here.press("t")
        assert here.view.has_focus and here.here == here.on_show == "call"


@played
async def test_the_mouse_in_list_and_page(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        row = next(y for y, text in enumerate(here.rows) if "test_finish" in text)
        await here.pilot.click(RecordingTree, offset=(8, row + 1))
        await here.settle()
        assert here.here == here.on_show == "finish" and here.view.has_focus
        await here.pilot.click(RecordingView, offset=(6, 3))
        await here.settle()
        assert here.view.cursor == 2 and here.line.startswith("/v1/chat/completions")
        heads = [here.view.render_line(y).text for y in range(20)]
        row = next(y for y, text in enumerate(heads) if "▾ Finish" in text)
        await here.pilot.click(RecordingView, offset=(6, row + 1))
        await here.settle()
        assert not here.is_open("finish") and here.subtitle == "a r: this finish change"
        before = here.view.cursor
        await here.pilot.click(RecordingView, offset=(6, 0))
        await here.settle()
        assert here.view.cursor == before
        row = next(y for y, text in enumerate(here.rows) if "test_sky.py" in text)
        await here.pilot.click(RecordingTree, offset=(8, row + 1))
        await here.settle()
        assert here.here == "file:tests/test_sky.py" and not here.tree.cursor_node.is_expanded  # type: ignore[union-attr]
        assert here.app.session.tally().decided == 0


# The page


async def at(here: Stage, *keys: str) -> int:
    await here.press(*keys)
    return here.view.cursor


@played
async def test_the_keys_of_the_page(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.into("both")
        assert [await at(here, key) for key in ("down", "j", "up", "k", "up")] == [1, 2, 1, 0, 0]
        last = await at(here, "end")
        assert last == len(here.view._lines or ()) - 1 and await at(here, "home") == 0
        assert await at(here, "G") == last and await at(here, "g") == 0
        step = here.view.size.height - 2
        here.view.toggle_section("request-whole")
        assert await at(here, "g", "pagedown") == step and await at(here, "pageup") == 0
        assert await at(here, "pagedown", "b") == 0
        seen = []
        for key in ("right_square_bracket", "full_stop", "right_square_bracket", "left_square_bracket", "comma"):
            await here.press(key)
            seen.append([change.old for change in here.view.target()])
        assert seen == [["stop"], ["One fine day"], ["Second old"], ["One fine day"], ["stop"]]
        await here.press("comma")
        assert here.view.cursor == 0
        await here.to_section("text", down=1)
        await here.press("left")
        assert not here.is_open("text") and here.line.startswith("▸ Reply")
        await here.press("right")
        assert here.is_open("text")
        await here.press("enter")
        assert not here.is_open("text") and here.view.has_focus
        await here.press("g", "right_square_bracket", "right_square_bracket")
        assert len(here.view.target()) == 2
        await here.press("enter", "z")
        assert not any(map(here.is_open, here.sections)) and here.view.cursor == 0
        await here.press("z")
        assert [key for key in here.sections if here.is_open(key)] == ["finish", "text"]
        await here.press("left")
        assert here.tree.has_focus and here.here == "both"


# Between the parts


@played
async def test_keys_that_come_at_once_go_to_the_part_that_the_one_before_led_to(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        for way in ("enter", "right", "tab"):
            await here.go("call")
            await here.press_at_once(way, "tab")
            assert here.tree.has_focus and here.here == here.on_show == "call", way
            await here.press_at_once(way, "left", "down")
            assert here.tree.has_focus and here.here == "finish", way
            await here.go("call")
            await here.press_at_once(way, "down", "down", "tab", "up")
            assert here.tree.has_focus and here.here == "both", way


@played
async def test_the_footer_has_six_keys_and_each_can_be_clicked(project: RepoBuilder) -> None:
    async with opened(project.path, paints=True) as here:
        footer = here.review.query_one(KeyLine)
        line = here.painted()[-1]
        assert line.strip() == "a Accept  r Reject  n Next undecided  / Filter  v View  ? Help"
        places = {binding.key: start for binding, start, _ in footer.places()}
        assert list(places) == ["a", "r", "n", "slash", "v", "question_mark"]
        await here.go("call")
        for key, holds in (
            ("n", lambda: here.here == "finish"),
            ("a", lambda: here.here == "text"),
            ("v", lambda: not here.view.is_beside),
            ("question_mark", lambda: isinstance(here.app.screen, Help)),
        ):
            await here.pilot.click(KeyLine, offset=(places[key] + 1, 0))
            await here.settle()
            assert holds(), key
        await here.press("escape")
        await here.pilot.click(KeyLine, offset=(places["slash"] + 1, 0))
        await here.settle()
        assert here.words.has_focus and here.painted()[-1].strip().startswith("enter To the list  escape Back")
        await here.press("n", "a", "escape")
        assert here.words.value == "na" and "a Accept" in here.painted()[-1]
        await here.resize(40, 24)
        assert here.painted()[-1].strip() == "a Accept  r Reject  n Next undecided"


@played
async def test_tab_and_escape_go_between_the_panes(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.press("tab")
        assert here.view.has_focus
        await here.press("shift+tab")
        assert here.tree.has_focus
        for way in (["enter"], ["tab"], ["f"], ["slash"], ["x"]):
            await here.go("call")
            await here.press(*way)
            assert not here.tree.has_focus
            await here.press("escape", "escape")
            assert here.tree.has_focus and here.app.is_running
        await here.press("escape", "escape")
        assert here.app.screen is here.review and here.app.is_running


@played
async def test_help_lists_the_keys_of_the_focused_part(project: RepoBuilder) -> None:
    async with opened(project.path, size=(110, 70)) as here:
        for way, title, key, words in (
            (["escape"], "In the list", "→", "Open, or into the recording"),
            (["tab"], "In the recording", "z", "Fold or unfold everything"),
            (["f"], "On the counters", "enter space", "Switch this filter on or off"),
        ):
            await here.press(*way, "question_mark")
            assert isinstance(here.app.screen, Help)
            text = "\n".join(here.painted())
            assert title in text and "Everywhere" in text
            assert any(f" {key}  {words}" in line for line in here.painted())
            for binding in KEYS:
                assert binding.tooltip or binding.description in text
                assert shown_key(binding.key).split()[0] in text
            assert "] ." in text or title != "In the recording"
            await here.press("question_mark")
            assert here.app.screen is here.review
        for key in ("escape", "q", "enter"):
            await here.press("question_mark", key)
            assert here.app.screen is here.review and here.app.is_running


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("In the recording: Next change", lambda here: here.view.has_focus and here.view.cursor > 0),
        ("In the list: End", lambda here: here.tree.has_focus and here.here == "noise"),
    ],
)
@played
async def test_the_palette_does_what_the_keys_of_a_pane_do(
    project: RepoBuilder, name: str, holds: Callable[[Stage], bool]
) -> None:
    async with opened(project.path) as here:
        await here.go("text")
        await here.press("ctrl+p", *name)
        await here.until(lambda: any(f"{name} " in line for line in here.painted()[4:]))
        await here.press("enter")
        if isinstance(here.app.screen, CommandPalette):
            await here.press("enter")
        await here.until(lambda: here.app.screen is here.review)
        await here.until(lambda: holds(here))


@played
async def test_the_palette_does_what_the_keys_do(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("ctrl+p")
        assert isinstance(here.app.screen, CommandPalette)
        await here.press(*"accept what the cursor")
        await here.until(lambda: any("Accept what the cursor" in line for line in here.painted()))
        await here.press("enter")
        if isinstance(here.app.screen, CommandPalette):
            await here.press("enter")
        await here.until(lambda: here.app.screen is here.review)
        await here.settle()
        assert here.state("call") == "accepted" and here.here == "finish"


# Leaving


@pytest.mark.parametrize(
    ("keys", "code"), [("q", 0), ("ctrl+c", 130), ("question_mark ctrl+c", 130), ("A ctrl+c", 130), ("ctrl+z q", 0)]
)
@played
async def test_leaving(project: RepoBuilder, keys: str, code: int) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("a")
        await here.pilot.press(*keys.split())
        entry: FileReview = here.entry("call")
        assert here.app.return_code == code and here.app._exit
    kept = here.kept()
    assert kept.state(entry) == "accepted" and kept.tally(here.app.session.files).decided == 1
    kept.close()


@played
async def test_the_palette_has_none_of_textuals_commands_that_leave_or_hide_parts(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        titles = {command.title for command in here.app.get_system_commands(here.review)}
        assert "Theme" in titles and not titles & {"Quit", "Maximize", "Minimize", "Keys"}
        await here.pilot.press("ctrl+q")
        assert here.app._exit and here.app.return_code == 0
