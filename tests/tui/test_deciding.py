"""Deciding: what `a`, `r`, `U`, `u`, `c`, `A` and `R` are about, and that nothing else decides anything."""

from __future__ import annotations

import asyncio

import pytest

from recdiff.decisions import Decisions
from recdiff.decisionsfile import Decision
from recdiff.tui.screens.asking import AskLine, Confirm
from recdiff.tui.screens.help import Help
from recdiff.tui.screens.review import ReviewScreen
from tests.building import RepoBuilder
from tests.cli.running import recorded
from tests.tui.running import FOLDER, NEEDED, SEA, Stage, opened, played

ACCEPTED, REJECTED, OPEN = Decision("accepted"), Decision("rejected"), Decision()


def states(here: Stage) -> dict[str, str]:
    """What is on disk, by recording; those that nobody decided on are left out."""
    kept = here.kept()
    found = {name: kept.state(here.entry(name)) for name in NEEDED}
    kept.close()
    return {name: state for name, state in found.items() if state != "undecided"}


# From the list


@played
async def test_a_and_r_in_the_list_decide_the_recording_and_go_on(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        assert here.here == here.on_show == "broken"
        await here.go("both")
        await here.press("a")
        assert (here.here, here.on_show) == ("call", "call")
        assert here.decided("both") == [("finish", ACCEPTED), ("text", ACCEPTED), ("text", ACCEPTED)]
        assert here.said == "3 changes accepted"
        await here.press("r")
        assert here.here == "finish" and states(here) == {"both": "accepted", "call": "rejected"}
        assert here.summary.words() == "2 of 10 decided, 1 rejected"
        assert "2 of 10 decided, 1 rejected" in here.painted()[0]
        rows = {row.split()[1]: row for row in map(str.strip, here.rows) if len(row.split()) > 1}
        assert rows["test_both"].startswith("✓") and rows["test_call[tide-1]"].startswith("✗")
        assert rows["test_finish"].startswith("○")
        assert here.bar.counts is not None and here.bar.counts.undecided == 8


@played
async def test_keys_that_come_at_once_are_about_the_row_under_the_cursor(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press_at_once("down", "r")
        assert states(here) == {"call": "rejected"}
        await here.go("both")
        await here.press_at_once("down", "down", "y")
        assert here.app.clipboard == "tests/recordings/finish.json"
        await here.go("both")
        await here.press_at_once("down", "down", "down", "c")
        assert isinstance(here.app.screen, AskLine) and "test_text" in here.app.screen._question


@played
async def test_a_page_that_is_not_on_show_yet_is_not_decided(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.into("finish")
        await here.press_at_once("n", "a")
        assert here.here == here.on_show == "text"
        assert states(here) == {} and here.said == "Nothing was decided: the recording is not on show yet."
        await here.press("a")
        assert states(here) == {"text": "accepted"} and here.here == "text"


@played
async def test_noise_asks_for_nothing(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("quiet_first")
        for key, words in (
            ("a", "Nothing to decide here: no meaningful change."),
            ("r", "Nothing to decide here: no meaningful change."),
            ("c", "Nothing to comment on: no meaningful change."),
        ):
            await here.press(key)
            assert here.said == words and here.here == "quiet_first"
        assert not (project.path / ".git/recdiff").exists()


@pytest.mark.parametrize("name", ["new", "gone", "broken"])
@played
async def test_a_recording_without_another_side_is_one_decision(project: RepoBuilder, name: str) -> None:
    async with opened(project.path) as here:
        await here.into(name)
        await here.press("down", "down", "down", "down", "down", "down", "r")
        assert [said for _, said in here.decided(name)] == [REJECTED]
        assert here.subtitle == "a r: the whole recording · rejected"


@played
async def test_a_minor_change_can_be_decided_and_need_not_be(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("meter")
        await here.press("r")
        assert here.state("meter") == "rejected"
        assert [said for _, said in here.decided("meter")] == [REJECTED] * 2
        assert here.summary.words() == "0 of 10 decided"


# In the page


@played
async def test_in_the_page_the_cursor_says_what_is_decided(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.into("both")
        assert here.view.cursor == 0 and here.subtitle == "a r: the whole recording"
        await here.to_section("text", down=1)
        assert [change.old for change in here.view.target()] == ["One fine day"]
        assert here.subtitle == "a r: this text change"
        await here.press("a")
        assert here.decided("both") == [("finish", OPEN), ("text", ACCEPTED), ("text", OPEN)]
        assert here.here == "both" and here.view.has_focus
        assert here.subtitle == "a r: this text change · accepted"
        assert here.state("both") == "undecided"
        await here.to_section("text")
        assert len(here.view.target()) == 2 and here.subtitle == "a r: these 2 changes"
        await here.press("r")
        assert here.decided("both") == [("finish", OPEN), ("text", REJECTED), ("text", REJECTED)]
        await here.press("g", "a")
        assert here.decided("both") == [("finish", ACCEPTED), ("text", ACCEPTED), ("text", ACCEPTED)]
        assert here.here == "both" and here.view.cursor == 0
        heads = [here.view.render_line(y).text for y in range(20)]
        assert any("✓▾ Finish" in head for head in heads) and any("✓▾ Reply" in head for head in heads)


@played
async def test_undecide_takes_back_what_the_cursor_stands_on(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("a")
        await here.into("both")
        await here.to_section("finish")
        await here.press("U")
        assert here.decided("both") == [("finish", OPEN), ("text", ACCEPTED), ("text", ACCEPTED)]
        await here.press("left", "left")
        assert here.tree.has_focus
        await here.press("U")
        assert here.state("both") == "undecided" and here.here == "both"
        assert here.said == "3 changes open again"


@played
async def test_enter_and_escape_decide_nothing(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        for name in ("both", "new", "broken"):
            await here.go(name)
            await here.press("enter", "enter", "down", "down", "enter", "escape", "escape")
            assert here.tree.has_focus
        for key in ("groups", "file:tests/test_sky.py"):
            await here.go_branch(key)
            await here.press("enter", "escape")
        await here.press("A")
        assert isinstance(here.app.screen, Confirm)
        await here.press("enter", "space", "tab", "enter")
        assert isinstance(here.app.screen, Confirm)
        await here.press("escape")
        assert isinstance(here.app.screen, ReviewScreen)
        await here.press("question_mark")
        assert isinstance(here.app.screen, Help)
        await here.press("enter", "f", "escape", "slash", "enter")
        assert states(here) == {} and not (project.path / ".git/recdiff").exists()


# Many at once


@played
async def test_a_branch_is_asked_about_with_its_numbers(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go_branch("file:tests/test_sky.py")
        await here.press("A")
        asked = here.app.screen
        assert isinstance(asked, Confirm)
        assert (asked._question, asked._details) == ("Accept 6 changes in 4 recordings?", "test_sky.py")
        text = "\n".join(here.painted())
        assert "Accept 6 changes in 4 recordings?" in text and "test_sky.py" in text
        for key in ("n", "escape", "q"):
            await here.press(key)
            assert here.app.screen is here.review and here.app.is_running
            await here.press("A")
        await here.press("y")
        assert states(here) == dict.fromkeys(("both", "call", "finish", "text"), "accepted")
        assert here.said == "6 changes accepted" and here.here == "file:tests/test_sky.py"
        await here.press("r")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Reject 6 changes in 4 recordings?"
        await here.press("y")
        assert set(states(here).values()) == {"rejected"}
        await here.press("U")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Undecide 6 changes in 4 recordings?"
        await here.press("y")
        assert states(here) == {} and here.said == "6 changes open again"


@played
async def test_a_group_decides_its_own_change_alone(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        kept = here.kept()
        entry = here.entry("shared_a")
        group = next(change.group for change in entry.changes if change.group)
        assert len(entry.changes) == 1
        kept.close()
        await here.go_branch(f"group:{group}")
        assert "Old" in here.page and here.sections == ["change", "entries"]
        await here.press("R")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Reject 3 changes in 3 recordings?"
        await here.press("y")
        assert states(here) == dict.fromkeys(("shared_a", "shared_b", "shared_c"), "rejected")
        await here.press("u")
        assert states(here) == {} and here.here == f"group:{group}"
        assert here.said == "taken back: 3 changes as before"
        await here.press("a", "y")
        await here.go("text")
        await here.press("u")
        assert states(here) == {} and here.here.startswith("shared")


@played
async def test_a_group_leaves_the_other_changes_of_its_recordings_open(project: RepoBuilder) -> None:
    for name in "ab":
        file = project.file(f"tests/recordings/shared_{name}.json")
        file.write_text(file.read_text().replace(f"Reply {name}", f"Another {name}"))
    async with opened(project.path) as here:
        group = next(change.group for change in here.entry("shared_a").changes if change.change_class == "request")
        await here.go_branch(f"group:{group}")
        await here.press("A", "y")
        assert here.decided("shared_a") == [("request", ACCEPTED), ("text", OPEN)]
        assert states(here) == {"shared_c": "accepted"}


@played
async def test_from_a_recording_the_whole_review_is_asked_about_or_what_the_filter_leaves(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("A")
        asked = here.app.screen
        assert isinstance(asked, Confirm)
        assert (asked._question, asked._details) == (
            "Accept 11 changes in 8 recordings and 3 whole recordings?",
            "the whole review",
        )
        await here.press("n", "slash", *"finish", "enter")
        await here.go("finish")
        await here.press("R")
        asked = here.app.screen
        assert isinstance(asked, Confirm)
        assert (asked._question, asked._details) == ("Reject 4 changes in 2 recordings?", "all that is shown")
        await here.press("y")
        assert states(here) == {"both": "rejected", "finish": "rejected"}
        await here.press("slash", *"nowhere", "enter", "A")
        assert here.said == "Nothing to decide here." and here.app.screen is here.review


@played
async def test_a_filter_by_classes_decides_the_changes_of_these_alone(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.press("f", "right")
        chip = here.bar.chips()[here.bar.cursor]
        assert chip.words == "finish 2"
        await here.press("space", "escape")
        await here.press("A")
        asked = here.app.screen
        assert isinstance(asked, Confirm)
        assert (asked._question, asked._details) == ("Accept 2 finish changes in 2 recordings?", "all that is shown")
        await here.press("y")
        assert here.decided("both") == [("finish", ACCEPTED), ("text", OPEN), ("text", OPEN)]
        assert here.decided("finish") == [("finish", ACCEPTED)]
        assert states(here) == {"finish": "accepted"}
        await here.press("u")
        await here.go_branch("file:tests/test_sky.py")
        await here.press("R")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Reject 2 finish changes in 2 recordings?"
        await here.press("n", "F", "A")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Accept 6 changes in 4 recordings?"


@played
async def test_a_recording_decided_as_a_whole_is_of_every_class(project: RepoBuilder) -> None:
    project.write(f"{FOLDER}/new.json", recorded("Fre", test_id="x", asked="y", finish="length"), add=False)
    async with opened(project.path) as here:
        await here.press("f", "right")
        assert here.bar.chips()[here.bar.cursor].words == "finish 3"
        await here.press("space", "escape", "A")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Accept 2 finish changes in 2 recordings and 1 whole recording?"
        await here.press("y")
        assert states(here) == {"finish": "accepted", "new": "accepted"}


@played
async def test_the_answers_can_be_clicked(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go_branch("file:tests/test_sea.py")
        await here.press("A")
        await here.pilot.click("#no")
        await here.settle()
        assert here.app.screen is here.review and states(here) == {}
        await here.press("A")
        await here.pilot.click("#yes")
        await here.settle()
        assert states(here) == dict.fromkeys(("shared_a", "shared_b", "shared_c"), "accepted")


@played
async def test_the_same_change_in_many_is_about_these_changes_alone_and_counts_them(project: RepoBuilder) -> None:
    for name in "ab":
        file = project.file(f"{FOLDER}/shared_{name}.json")
        file.write_text(file.read_text().replace(f"Reply {name}", f"Another {name}"))
    async with opened(project.path) as here:
        await here.go_branch("groups")
        assert any("The same change in many" in row and "0/3" in row for row in here.rows)
        await here.press("A")
        assert isinstance(here.app.screen, Confirm)
        assert here.app.screen._question == "Accept 3 changes in 3 recordings?"
        await here.press("y")
        assert here.decided("shared_a") == [("request", ACCEPTED), ("text", OPEN)]
        assert any("The same change in many" in row and row.rstrip().endswith("✓") for row in here.rows)
        group = next(change.group for change in here.entry("shared_a").changes if change.group)
        await here.go("shared_c")
        await here.press("r")
        await here.go_branch(f"group:{group}")
        assert here.rows[here.tree.cursor_line - here.tree.scroll_offset.y].rstrip().endswith("✗ 1")
        await here.press("u")
        await here.go_branch(f"group:{group}")
        assert here.rows[here.tree.cursor_line - here.tree.scroll_offset.y].rstrip().endswith("✓")


@played
async def test_what_was_taken_back_is_listed_again_under_undecided_only(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("text")
        await here.press("a")
        here.review.action_switch("undecided", "undecided")
        await here.settle()
        assert not any("test_text" in row for row in here.rows)
        await here.press("u")
        assert any("test_text" in row for row in here.rows) and here.here == "text"
        other = here.kept()
        other.decide(other.points(here.entry("call")), "accepted")
        other.close()
        here.review.look_at_others()
        await here.press("F", "f")
        here.review.action_switch("undecided", "undecided")
        await here.settle()
        assert not any("test_call" in row for row in here.rows)
        other = here.kept()
        other.decide(other.points(here.entry("call")), None)
        other.close()
        here.review.look_at_others()
        await here.settle()
        assert any("test_call" in row for row in here.rows)


@played
async def test_a_comment_on_a_recording_leaves_those_on_its_changes(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.into("both")
        await here.to_section("finish", down=1)
        await here.press("c", *"one", "enter")
        assert here.subtitle.endswith("“one”")
        await here.to_section("text", down=1)
        assert "“" not in here.subtitle
        await here.press("escape")
        assert any("test_both" in row and "“”" in row for row in here.rows)
        await here.press("c")
        asked = here.app.screen
        assert isinstance(asked, AskLine) and asked._text == ""
        await here.press(*"all", "enter")
        assert [said.comment for _, said in here.decided("both")] == ["one", "all", "all"]
        await here.into("both")
        await here.to_section("text", down=1)
        await here.press("c", "end", *"!", "enter")
        assert sorted(said.comment for _, said in here.decided("both")) == ["all", "all!", "one"]
        await here.press("escape", "c")
        assert here.said.startswith("Each change here has a comment of its own") or isinstance(here.app.screen, AskLine)


@played
async def test_nothing_is_taken_back_where_nothing_was_decided(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("U")
        assert here.said == "Nothing was decided here." and not (project.path / ".git/recdiff").exists()


@played
async def test_many_at_once_overrule_nobody(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("r")
        await here.go_branch("file:tests/test_sky.py")
        assert any("test_sky.py" in row and "✗ 1 1/4" in row for row in here.rows)
        await here.press("A")
        asked = here.app.screen
        assert isinstance(asked, Confirm)
        assert asked._question == "Accept 5 changes in 3 recordings?"
        assert asked._details == "test_sky.py · what is rejected already stays so (1)"
        await here.press("y")
        assert states(here) == {"both": "accepted", "finish": "accepted", "text": "accepted", "call": "rejected"}
        assert any("test_sky.py" in row and row.rstrip().endswith("✗ 1") for row in here.rows)
        await here.press("A")
        asked = here.app.screen
        assert isinstance(asked, Confirm)
        assert (asked._question, asked._details) == ("Accept 1 change in 1 recording?", "test_sky.py · rejected now")
        await here.press("y")
        assert here.state("call") == "accepted" and here.said == "1 change accepted, 1 of them rejected before"
        assert any("test_sky.py" in row and row.rstrip().endswith("✓") for row in here.rows)
        await here.press("A")
        assert here.app.screen is here.review and here.said == "All of it is accepted already."
        await here.press("u")
        assert here.state("call") == "rejected"


@played
async def test_a_list_of_undecided_ones_that_is_out_of_date_overrules_nobody(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        here.review.action_switch("undecided", "undecided")
        await here.settle()
        await here.go("call")
        await here.press("r")
        await here.go_branch("file:tests/test_sky.py")
        await here.press("A", "y")
        assert here.state("call") == "rejected" and here.state("both") == "accepted"


@played
async def test_what_another_session_decided_while_the_question_stood_there_stays(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go_branch("file:tests/test_sky.py")
        await here.press("A")
        other = here.kept()
        other.decide(other.points(here.entry("call")), "rejected")
        other.close()
        await here.press("y")
        assert states(here) == {"both": "accepted", "finish": "accepted", "text": "accepted", "call": "rejected"}
        assert here.told[-2:] == ["5 changes accepted", "1 change left as decided elsewhere meanwhile."]


@played
async def test_a_decision_that_others_share_says_so(project: RepoBuilder) -> None:
    for name in "ab":
        said = recorded("One", test_id=f"{SEA}::test_twin", asked=name, created=1)
        project.write(f"{FOLDER}/twin_{name}.json", said)
    project.git("commit", "--quiet", "-m", "twins")
    for name in "ab":
        said = recorded("Two", test_id=f"{SEA}::test_twin", asked=name, created=2)
        project.write(f"{FOLDER}/twin_{name}.json", said, add=False)
    async with opened(project.path) as here:
        await here.go("twin_a")
        await here.press("r")
        assert here.said == "1 change rejected, the same in 1 more recording of the test"
        assert here.state("twin_b") == "rejected"
        await here.go("text")
        told = len(here.told)
        await here.press("r")
        assert len(here.told) == told


# Undo, and comments


@played
async def test_undo_goes_back_step_by_step_to_where_it_was(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("a", "r")
        await here.go("new")
        await here.press("c", *"why", "enter")
        assert [said for _, said in here.decided("new")] == [Decision(None, "why")]
        await here.go("text")
        await here.press("u")
        assert here.here == "new" and [said for _, said in here.decided("new")] == [OPEN]
        await here.press("u")
        assert here.here == here.on_show == "call" and states(here) == {"both": "accepted"}
        assert here.said == "taken back: 1 change as before"
        await here.press("u")
        assert here.here == "both" and states(here) == {} and here.said == "taken back: 3 changes as before"
        await here.press("u")
        assert here.said == "Nothing to undo." and here.here == "both"


@played
async def test_undo_spares_what_another_session_changed_since(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        entry = await here.go("call")
        await here.press("a")
        other = Decisions.open(str(project.path / ".git"))
        other.decide(other.points(entry), "rejected")
        other.close()
        await here.press("u")
        assert here.said == "Nothing to undo." and states(here) == {"call": "rejected"}


@played
async def test_a_comment_is_kept_changed_left_and_taken_away(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("call")
        await here.press("c")
        assert isinstance(here.app.screen, AskLine)
        assert here.app.screen._question == "Comment on tests/test_sky.py::test_call[tide-1]"
        await here.press(*"wrong", "space", *"type", "enter")
        assert here.decided("call") == [("tool", Decision(None, "wrong type"))] and here.said == "comment kept"
        assert here.subtitle == "a r: the whole recording · “wrong type”"
        assert here.here == "call" and here.state("call") == "undecided"
        await here.press("c", *" or so", "escape")
        assert here.decided("call") == [("tool", Decision(None, "wrong type"))]
        await here.press("c", "end", *"!", "enter")
        assert here.decided("call") == [("tool", Decision(None, "wrong type!"))]
        await here.press("r")
        assert here.decided("call") == [("tool", Decision("rejected", "wrong type!"))]
        await here.go("call")
        await here.press("c", "ctrl+u", "enter")
        assert here.decided("call") == [("tool", Decision("rejected", ""))] and here.said == "comment taken away"


@played
async def test_in_the_page_a_comment_is_on_the_change(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.into("both")
        await here.to_section("finish", down=1)
        await here.press("c")
        assert isinstance(here.app.screen, AskLine)
        assert here.app.screen._question == "Comment on choices[0].finish_reason"
        await here.press(*"hm", "enter")
        assert here.decided("both") == [("finish", Decision(None, "hm")), ("text", OPEN), ("text", OPEN)]
        assert here.subtitle.endswith("“hm”") and here.view.has_focus
        await here.go_branch("groups")
        await here.press("c")
        assert here.said == "A comment belongs to a recording: choose one first."
        assert here.app.screen is here.review


@played
async def test_decisions_are_there_again(project: RepoBuilder) -> None:
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("a", "r", "c", *"so", "enter")
        assert here.here == "finish"
    await asyncio.sleep(0)
    async with opened(project.path) as here:
        assert here.summary.words() == "2 of 10 decided, 1 rejected"
        assert states(here) == {"both": "accepted", "call": "rejected"}
        assert here.app.session.decisions.comment(here.entry("finish")) == "so"
        assert here.here == "broken"
        await here.press("n", "n", "n", "n")
        assert here.here == "finish"
