"""Whether files are others than before: those that were read, and others like them beside them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recdiff.tui import watching
from recdiff.tui.watching import stamps_of

READ = ("r/a.json", "r/b.json", "top.json", "gone.json")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("r/a.json", "r/b.json", "r/c.json", "r/notes.md", "top.json", "other.json", "s/d.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{}")
    return tmp_path


def test_nothing_changed(root: Path) -> None:
    before = stamps_of(str(root), READ)
    assert set(before.read) == set(READ) and before.read["gone.json"] is None
    assert set(before.beside or ()) == {"r/c.json"}
    assert before.changed(stamps_of(str(root), READ)) == 0


def test_what_was_read_and_what_lies_beside_it_is_counted_and_nothing_else(root: Path) -> None:
    before = stamps_of(str(root), READ)
    for name in ("r/a.json", "gone.json", "r/c.json", "r/new.json", "r/notes.md", "other.json", "s/d.json"):
        (root / name).write_text("[1, 2]")
    (root / "r/b.json").unlink()
    assert before.changed(stamps_of(str(root), READ)) == 5
    os.utime(root / "top.json", ns=(1, 1))
    assert before.changed(stamps_of(str(root), READ)) == 6


def test_of_very_many_only_those_that_were_read_are_looked_at(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stamps_of(str(root), READ)
    monkeypatch.setattr(watching, "_MOST", 0)
    (root / "r/a.json").write_text("[1, 2]")
    now = stamps_of(str(root), READ)
    assert now.beside is None and before.changed(now) == 1 and now.changed(before) == 1


def test_a_link_is_looked_at_itself(root: Path) -> None:
    (root / "r/link.json").symlink_to("a.json")
    before = stamps_of(str(root), ["r/link.json"])
    (root / "r/a.json").write_text("[1, 2]")
    now = stamps_of(str(root), ["r/link.json"])
    assert before.read == now.read and before.changed(now) == 1  # the file beside it


def test_a_folder_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    assert stamps_of(str(tmp_path / "none"), ["x/a.json", "b\0.json"]).read == {"x/a.json": None, "b\0.json": None}
