"""The review screen as its users have it: a process of its own in a real terminal, which pyte plays."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.cli.running import ROOT, recorded
from tests.drivers.enabled import enable
from tests.tui.terminal import Terminal

FOLDER = "tests/recordings"
RANGE = "main...re-record"
COLOURS = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


_SAID = {
    "alder": ("Leaves are green", "Leaves are yellow"), "birch": ("Bark is white", "Bark is black"),
    "cedar": ("Wood is red", "Wood is brown"), "noise": ("Trees are tall", "Trees are tall"),
}  # fmt: skip


@pytest.fixture
def recordings(repo: RepoBuilder) -> RepoBuilder:
    """Three recordings that say something else on the branch `re-record`, and one that differs in noise alone."""
    for side, branch in enumerate(("main", "re-record")):
        if side:
            repo.branch(branch)
        repo.commit(
            {
                f"{FOLDER}/{name}.json": recorded(
                    f"{said[side]} along the river, as far as the old mill, for most of the year, or so they say.",
                    test_id=f"tests/test_trees.py::test_{name}", asked=name, created=side,
                )
                for name, said in _SAID.items()
            }
        )  # fmt: skip
    return repo


def terminal(
    folder: Path, *words: str, size: tuple[int, int] = (140, 40), env: dict[str, str | None] | None = None
) -> Terminal:
    """A program in a terminal of many colours. Variables that are None are not set."""
    wanted = {
        **os.environ, "PYTHONPATH": str(ROOT), "RECDIFF_DEBUG": "1", "TERM": "xterm-256color",
        "COLORTERM": "truecolor", "GIT_PAGER": "cat", "COLUMNS": None, "LINES": None, "NO_COLOR": None,
        "PYTHONDONTWRITEBYTECODE": None, "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "bytecode"), **(env or {}),
    }  # fmt: skip
    return Terminal(folder, words, {name: value for name, value in wanted.items() if value is not None}, size)


def review(folder: Path, *words: str, **more: object) -> Terminal:
    """recdiff in a terminal."""
    return terminal(folder, sys.executable, "-m", "recdiff", *words, **more)  # type: ignore[arg-type]


def is_listed(screen: Terminal) -> bool:
    """Whether everything was read, and the page beside the list is there."""
    return "recording" in screen.rows[0] and "reading" not in screen.rows[0] and "⚑" in screen.text


def leave(screen: Terminal) -> int:
    """Leave with `q`: the exit code, once it is certain that the terminal is as it was."""
    screen.press("q")
    code = screen.ended()
    assert_restored(screen)
    return code


def assert_restored(screen: Terminal, *, traceback: bool = False) -> None:
    """The alternate screen was left, the cursor shows, mouse, focus and paste are not reported, keys are echoed."""
    assert b"\x1b[?1049h" in screen.raw and not screen.is_alternate
    assert not screen.screen.cursor.hidden and screen.is_cooked
    for mode in (1000, 1003, 1006, 1004, 2004):
        assert screen.raw.rfind(b"\x1b[?%dl" % mode) > screen.raw.rfind(b"\x1b[?%dh" % mode), mode
    assert ("Traceback" in screen.said) == traceback


def row_of(screen: Terminal, words: str) -> str:
    """The row of the list that holds some words."""
    return next((row[:52] for row in screen.rows if words in row[:52]), "")


# Deciding


def test_decisions_are_made_and_found_again(recordings: RepoBuilder) -> None:
    with review(recordings.path, RANGE) as screen:
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        assert "0 of 3 decided" in screen.rows[0] and "4 recordings" in screen.rows[0]
        screen.press("a")
        screen.until(lambda: "1 of 3 decided" in screen.rows[0] and "white" in screen.text)
        assert "✓" in row_of(screen, "test_alder")
        screen.press("down")
        screen.until("brown")
        screen.press("up")
        screen.until("white")
        screen.press("c")
        screen.until("Comment on")
        screen.press(*"never 黒!", "enter")
        screen.until(lambda: "Comment on" not in screen.text and "“never 黒!”" in screen.text)
        screen.press("r")
        screen.until(lambda: "2 of 3 decided, 1 rejected" in screen.rows[0])
        assert leave(screen) == 0
        assert screen.said.split("\n") == [
            f"{RANGE}: 2 of 3 decided, 1 rejected",
            "  ✗ tests/test_trees.py::test_birch  (birch.json)  “never 黒!”", "",
        ]  # fmt: skip

    with review(recordings.path, RANGE, "--exit-code") as screen:
        screen.until(lambda: is_listed(screen) and "brown" in screen.text)
        assert "2 of 3 decided, 1 rejected" in screen.rows[0]
        assert "✓" in row_of(screen, "test_alder") and "✗" in row_of(screen, "test_birch")
        screen.press("up")
        screen.until("rejected · “never 黒!”")
        screen.press("a")
        screen.until(lambda: "2 of 3 decided" in screen.rows[0] and "rejected" not in screen.rows[0])
        assert leave(screen) == 1

    with review(recordings.path, RANGE, "--exit-code") as screen:
        screen.until(lambda: is_listed(screen) and "brown" in screen.text)
        screen.press("a")
        screen.until(lambda: "3 of 3 decided" in screen.rows[0])
        assert leave(screen) == 0
        assert screen.said == f"{RANGE}: 3 of 3 decided\n"


def test_a_killed_review_loses_no_decision(recordings: RepoBuilder) -> None:
    with review(recordings.path, RANGE) as screen:
        screen.until(lambda: is_listed(screen))
        screen.press("a")
        screen.until(lambda: "1 of 3 decided" in screen.rows[0])
        assert screen.kill() == -9
    with review(recordings.path, RANGE) as screen:
        screen.until(lambda: is_listed(screen))
        assert "1 of 3 decided" in screen.rows[0] and "✓" in row_of(screen, "test_alder")
        assert leave(screen) == 0


@pytest.mark.parametrize("above", ["", "?", "/"])
def test_ctrl_c_leaves_from_everywhere(recordings: RepoBuilder, above: str) -> None:
    with review(recordings.path, RANGE) as screen:
        screen.until(lambda: is_listed(screen))
        if above:
            screen.press(above)
            screen.until({"?": "In the list", "/": "words in path"}[above])
        screen.press("ctrl+c")
        assert screen.ended() == 130
        assert_restored(screen)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_puts_the_terminal_back(recordings: RepoBuilder, number: int, code: int) -> None:
    with review(recordings.path, RANGE) as screen:
        screen.until(lambda: is_listed(screen))
        screen.press("a")
        screen.until("1 of 3 decided")
        assert screen.kill(number) == code
        assert_restored(screen)
        assert screen.said == f"{RANGE}: 1 of 3 decided\n"


def test_ctrl_c_in_the_editor_is_the_editors(recordings: RepoBuilder, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\ntrap 'echo kept on' INT\necho editing\nread line || read line\necho $line\n")
    editor.chmod(0o755)
    with review(recordings.path, RANGE, env={"EDITOR": str(editor), "VISUAL": None}) as screen:
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        screen.press("E")
        screen.until("editing")
        screen.press("ctrl+c")
        screen.until("kept on")
        screen.press("done", "enter")
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        screen.press("a")
        screen.until("1 of 3 decided")
        assert leave(screen) == 0


def test_the_editor_hears_of_no_color(recordings: RepoBuilder, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "colour: ${NO_COLOR-yes}"\nread line\n')
    editor.chmod(0o755)
    for given, told in (("1", "1"), (None, "yes")):
        env = {"EDITOR": str(editor), "VISUAL": None, "NO_COLOR": given}
        with review(recordings.path, RANGE, env=env) as screen:
            screen.until(lambda: is_listed(screen) and "green" in screen.text)
            screen.press("E")
            screen.until(f"colour: {told}")
            screen.press("enter")
            screen.until(lambda: is_listed(screen) and "green" in screen.text)
            assert leave(screen) == 0


@pytest.mark.parametrize("debug", [None, "1"])
def test_a_fault_of_the_screen_is_one_line_and_costs_no_decision(recordings: RepoBuilder, debug: str | None) -> None:
    program = (
        "import sys; import recdiff.tui.screens.review as review; from recdiff.__main__ import main\n"
        "def fail(self): 1 / 0\n"
        "review.ReviewScreen.action_arrange = fail; main()"
    )
    with terminal(recordings.path, sys.executable, "-c", program, RANGE, env={"RECDIFF_DEBUG": debug}) as screen:
        screen.until(lambda: is_listed(screen))
        screen.press("a")
        screen.until("1 of 3 decided")
        screen.press("t")
        assert screen.ended() == (1 if debug else 2)
        assert_restored(screen, traceback=bool(debug))
        *before, last = screen.said.splitlines()
        assert before[0] == f"{RANGE}: 1 of 3 decided"
        if debug:
            assert last == "ZeroDivisionError: division by zero"
        else:
            told = "recdiff: this is a bug in recdiff: ZeroDivisionError: division by zero"
            assert before[1:] == [] and last == f"{told} (RECDIFF_DEBUG=1 shows where; please report it)"
    with review(recordings.path, RANGE) as screen:
        screen.until("1 of 3 decided")
        assert leave(screen) == 0


def test_decisions_that_nothing_keeps_are_not_lost_in_silence(recordings: RepoBuilder, tmp_path: Path) -> None:
    recordings.git("worktree", "add", "--quiet", tmp_path / "old", "main")
    with review(tmp_path, "--no-index", str(tmp_path / "old"), str(recordings.path)) as screen:
        screen.until(lambda: is_listed(screen) and "not kept" in screen.rows[0])
        screen.press("a")
        screen.until("1 of 3 decided · not kept")
        screen.press("q")
        assert screen.ended() == 0
        why = "Decisions end with this session: there is no git repository to keep them in"
        assert screen.said.splitlines()[0] == f"recdiff: 1 decision is not kept: {why}"


def test_a_part_of_a_review_says_so(recordings: RepoBuilder) -> None:
    with review(recordings.path, RANGE, "--test", "test_alder") as screen:
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        assert screen.rows[0].startswith(f" {RANGE} · --test test_alder · 1 recording · 0 of 1 decided")
        screen.press("a", "q")
        assert screen.ended() == 0
        assert screen.said == f"{RANGE} · --test test_alder: 1 of 1 decided\n"


# Where there is no screen


@pytest.mark.parametrize(
    ("command", "env"),
    [
        ("{} " + RANGE, {"TERM": "dumb"}),
        ("{} " + RANGE, {"TERM": None}),
        ("{} " + RANGE + " </dev/null", {}),
        ("{} " + RANGE + " | cat", {}),
        ("{} --no-tui " + RANGE, {}),
        ("{} --stat " + RANGE, {}),
        ("{} --no-index --no-tui . .", {}),
        ("{} " + RANGE + " 2>/dev/null", {}),
    ],
)
def test_text_instead(recordings: RepoBuilder, command: str, env: dict[str, str | None]) -> None:
    program = f"{sys.executable} -m recdiff"
    with terminal(recordings.path, "sh", "-c", command.format(program), env=env) as screen:
        assert screen.ended(seconds=10) == 0
        assert b"\x1b[?" not in screen.raw and b"\x1b[>" not in screen.raw
        told = re.sub(r"\x1b\[[0-9;]*m", "", screen.said)
        assert "3 meaningful" in told or "No recordings differ" in told


def test_a_wrong_revision_opens_no_screen(recordings: RepoBuilder) -> None:
    with review(recordings.path, "mian") as screen:
        assert screen.ended() == 2
        assert screen.raw == b"recdiff: no revision 'mian' (did you mean 'main'?)\r\n"


def test_an_empty_range_is_one_line(recordings: RepoBuilder) -> None:
    with review(recordings.path, "main", "main", "--exit-code") as screen:
        assert screen.ended() == 0
        assert_restored(screen)
        assert screen.said == "No recordings differ between main and main.\n"


# Other ways in


@pytest.mark.parametrize("mode", [["-y"], ["--dir-diff"]])
def test_git_difftool(recordings: RepoBuilder, mode: list[str]) -> None:
    enable(recordings)
    with terminal(
        recordings.path, "git", "difftool", "-t", "recdiff", *mode, "main", "re-record", "--", ":!*birch*"
    ) as screen:
        files = ["alder", "cedar"] if mode == ["-y"] else ["alder"]
        for name in files:
            screen.until(lambda name=name: is_listed(screen) and f"test_{name}" in screen.text)  # type: ignore[misc]
            screen.press("q")
            screen.until(lambda: not screen.is_alternate)
        assert screen.ended() == 0
        assert_restored(screen)


def test_git_difftool_goes_on_to_no_other_file_after_ctrl_c(recordings: RepoBuilder) -> None:
    enable(recordings)
    with terminal(recordings.path, "git", "difftool", "-y", "-t", "recdiff", "main", "re-record") as screen:
        screen.until(lambda: is_listed(screen) and "test_alder" in screen.text)
        screen.press("ctrl+c")
        assert screen.ended() != 0
        assert_restored(screen)
        assert screen.raw.count(b"\x1b[?1049h") == 1


def test_folders_and_files(recordings: RepoBuilder, tmp_path: Path) -> None:
    recordings.git("worktree", "add", "--quiet", tmp_path / "old", "main")
    for old, new, count in (
        (tmp_path / "old", recordings.path, "4 recordings"),
        (tmp_path / "old" / FOLDER / "alder.json", recordings.path / FOLDER / "alder.json", "1 recording "),
    ):
        with review(tmp_path, "--no-index", str(old), str(new)) as screen:
            screen.until(lambda: is_listed(screen) and "green" in screen.text)
            assert count in screen.rows[0]
            assert leave(screen) == 0


def test_the_demo(tmp_path: Path) -> None:
    with review(tmp_path, "demo") as screen:
        screen.until(lambda: is_listed(screen))
        assert "main...re-record" in screen.rows[0]
        assert leave(screen) == 0


# What a terminal can


@pytest.mark.parametrize(("words", "env"), [((), {"NO_COLOR": "1"}), (("--color", "never"), {})])
def test_no_colour(recordings: RepoBuilder, words: tuple[str, ...], env: dict[str, str | None]) -> None:
    with review(recordings.path, *words, RANGE, env=env) as screen:
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        screen.until(lambda: "[-green-]" in screen.text and "{+yellow+}" in screen.text)
        screen.press("v")
        screen.until("[-green-]{+yellow+}")
        screen.press("?")
        screen.until("In the list")
        screen.press("escape")
        screen.until(lambda: "In the list" not in screen.text)
        screen.press("A")
        screen.until("y  yes")
        screen.press("n")
        screen.until(lambda: "y  yes" not in screen.text)
        assert leave(screen) == 0
        assert not COLOURS.search(screen.raw.decode())


def test_256_colours(recordings: RepoBuilder) -> None:
    with review(recordings.path, RANGE, env={"COLORTERM": None}) as screen:
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        assert leave(screen) == 0
        assert b";5;" in screen.raw and b"8;2;" not in screen.raw


def test_a_resize_paints_anew(recordings: RepoBuilder) -> None:
    with review(recordings.path, RANGE) as screen:
        screen.until(lambda: is_listed(screen) and "green" in screen.text)
        screen.resize(80, 24)
        screen.until(lambda: "Help" in screen.rows[23] and "test_alder" in screen.text and "green" not in screen.text)
        screen.press("enter")
        screen.until(lambda: "green" in screen.text and "by test" not in screen.text)
        screen.resize(160, 50)
        screen.until(lambda: "green" in screen.text and "by test" in screen.text and "Help" in screen.rows[49])
        assert leave(screen) == 0
