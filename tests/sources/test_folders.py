"""Two folders or two files, without git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recdiff.errors import GitError, RangeError
from recdiff.sources.base import FileVersion
from recdiff.sources.folders import open_folders
from tests.building import lock
from tests.sources.reading import contents, error_of, modes, paths


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """A folder with these files."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders that differ in some files."""
    same = {"same": "1", "deep/er/same": "1"}
    old = write(tmp_path / "old", {**same, "deep/changed": "1", "gone": "1", "longer": "1", ".git/config": "1"})
    new = write(tmp_path / "new", {**same, "deep/changed": "2", "added": "2", "longer": "12", ".git/config": "2"})
    return old, new


def test_folders_are_paired_by_path(sides: tuple[Path, Path]) -> None:
    old, new = map(str, sides)
    source = open_folders(old, new)
    expected = {"added": (None, b"2"), "deep/changed": (b"1", b"2"), "gone": (b"1", None), "longer": (b"1", b"12")}
    assert contents(source) == expected
    assert list(contents(source)) == sorted(expected)
    assert source.listing().notes == ()
    assert (source.label, source.old_label, source.new_label) == (f"{old} → {new}", old, new)
    source.prefetch([])
    source.close()
    source.close()
    assert contents(source) == expected


def test_reading_in_any_order(sides: tuple[Path, Path]) -> None:
    source = open_folders(*map(str, sides))
    (changed,) = [file for file in source.listing().files if file.path == "deep/changed"]
    assert changed.old and changed.new
    assert changed.old != changed.new
    order = [changed.new, changed.old, changed.new]
    assert [content for _, content in source.read(iter(order))] == [b"2", b"1", b"2"]


def test_relative_folders_and_a_trailing_slash(sides: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sides[0].parent)
    source = open_folders("old/", "./new")
    assert paths(source) == ["added", "deep/changed", "gone", "longer"]
    assert source.label == "old/ → ./new"


def test_equal_sizes_are_compared_to_the_last_byte(tmp_path: Path) -> None:
    big = b"x" * (3 << 20)
    old = write(tmp_path / "old", {"same": big, "last": big + b"1", "empty": ""})
    new = write(tmp_path / "new", {"same": big, "last": big + b"2", "empty": ""})
    assert paths(open_folders(str(old), str(new))) == ["last"]


def test_two_files_are_a_pair_whatever_their_names(tmp_path: Path) -> None:
    write(tmp_path, {"a/one.json": "1", "b/two.json": "2", "b/one.json": "1"})
    one, two, same = (str(tmp_path / name) for name in ("a/one.json", "b/two.json", "b/one.json"))
    source = open_folders(one, two)
    (file,) = source.listing().files
    assert file.old and file.new
    assert (file.old.path, file.new.path, file.path) == ("one.json", "two.json", "two.json")
    assert contents(source) == {"two.json": (b"1", b"2")}
    assert (source.old_label, source.new_label) == (one, two)
    assert open_folders(one, same).listing().files == ()
    assert source.read_root_file("one.json", "old") is None


@pytest.mark.parametrize("absent", ["/dev/null", os.devnull])
def test_an_absent_side(tmp_path: Path, sides: tuple[Path, Path], absent: str) -> None:
    write(tmp_path, {"a.json": "1", "empty.json": ""})
    assert contents(open_folders(absent, str(tmp_path / "a.json"))) == {"a.json": (None, b"1")}
    assert contents(open_folders(str(tmp_path / "a.json"), absent)) == {"a.json": (b"1", None)}
    assert contents(open_folders(absent, str(tmp_path / "empty.json"))) == {"empty.json": (None, b"")}
    assert len(contents(open_folders(absent, str(sides[1])))) == 5
    assert open_folders(absent, absent).listing().files == ()
    assert open_folders(absent, str(sides[1])).read_root_file("added", "old") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("nothere", "new", "no file or folder 'nothere'"),
        ("old", "old/gone/x", "no file or folder 'old/gone/x'"),
        ("old", "new/added", "'old' is a folder and 'new/added' a file: give two folders or two files"),
        ("old/gone", "new", "'new' is a folder and 'old/gone' a file: give two folders or two files"),
        ("pipe", "new", "'pipe' is neither a file nor a folder"),
        ("dangling", "new", "no file or folder 'dangling'"),
    ],
)
def test_what_cannot_be_compared(
    sides: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    monkeypatch.chdir(sides[0].parent)
    os.mkfifo("pipe")
    Path("dangling").symlink_to("nowhere")
    with pytest.raises(RangeError) as caught:
        open_folders(old, new)
    assert str(caught.value) == message


def test_links_inside_are_noted_and_not_followed(sides: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = sides
    outside = write(tmp_path / "outside", {"secret": "secret"})
    for side in sides:
        (side / "same-link").symlink_to("same")
    (old / "moved").symlink_to("a")
    (new / "moved").symlink_to("b")
    (new / "folder").symlink_to(outside)
    (new / "dangling").symlink_to("nowhere")
    (new / "gone").symlink_to("same")
    source = open_folders(str(old), str(new))
    links = {path: both for path, both in modes(source).items() if "120000" in both}
    assert links == {
        "dangling": (None, "120000"),
        "folder": (None, "120000"),
        "gone": ("100644", "120000"),
        "moved": ("120000", "120000"),
    }
    assert source.listing().notes == ("4 symbolic links differ; they are not followed",)
    assert error_of(source, "gone") == "a symbolic link is not followed"
    assert not any(path.startswith("folder/") for path in paths(source))


def test_folders_that_became_links_are_not_read_through(sides: tuple[Path, Path], tmp_path: Path) -> None:
    source = open_folders(*map(str, sides))
    source.listing()
    outside = write(tmp_path / "outside", {"changed": "secret"})
    (sides[1] / "deep").rename(tmp_path / "deep")
    (sides[1] / "deep").symlink_to(outside)
    assert (
        error_of(source, "deep/changed") == "its path leads through a symbolic link or a file; links are not followed"
    )


def test_links_that_were_named_are_followed(sides: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "to-old").symlink_to(sides[0])
    (tmp_path / "to-file").symlink_to(sides[0] / "gone")
    assert len(paths(open_folders(str(tmp_path / "to-old"), str(sides[1])))) == 4
    assert contents(open_folders(str(tmp_path / "to-file"), str(sides[1] / "added"))) == {"added": (b"1", b"2")}


def test_special_files_are_counted_and_left_alone(sides: tuple[Path, Path]) -> None:
    os.mkfifo(sides[1] / "pipe")
    source = open_folders(*map(str, sides))
    assert "pipe" not in paths(source)
    assert source.listing().notes == (f"1 special file of {sides[1]} not read",)


def test_a_file_against_a_folder_of_the_same_name(tmp_path: Path) -> None:
    old, new = write(tmp_path / "old", {"a": "1"}), write(tmp_path / "new", {"a/b": "2"})
    assert contents(open_folders(str(old), str(new))) == {"a": (b"1", None), "a/b": (None, b"2")}


def test_odd_names(tmp_path: Path) -> None:
    names = ["line\nbreak", "caf\udce9", " ", "naïve/日本", "-x", "a\\b"]
    old, new = (write(tmp_path / side, dict.fromkeys(names, side)) for side in ("old", "new"))
    assert contents(open_folders(str(old), str(new))) == dict.fromkeys(names, (b"old", b"new"))


def test_what_may_not_be_read(sides: tuple[Path, Path]) -> None:
    (sides[1] / "deep").chmod(0)
    lock(sides[1] / "same")
    source = open_folders(*map(str, sides))
    assert error_of(source, "same") == "it cannot be read: Permission denied"
    assert source.listing().notes == (f"cannot read the folder deep of {sides[1]}: Permission denied",)


def test_files_that_vanish(sides: tuple[Path, Path]) -> None:
    source = open_folders(*map(str, sides))
    source.listing()
    (sides[1] / "added").unlink()
    assert error_of(source, "added") == "it is not on disk any more"
    ((_, content),) = source.read([FileVersion("../old/gone", "100644")])
    assert str(content) == "it is in neither of the two folders"


def test_root_files(sides: tuple[Path, Path], tmp_path: Path) -> None:
    write(sides[0], {".recdiff.toml": "rules"})
    (sides[1] / ".recdiff.toml").symlink_to("added")
    source = open_folders(*map(str, sides))
    assert source.read_root_file(".recdiff.toml", "old") == b"rules"
    assert source.read_root_file(".recdiff.toml", "new") is None
    assert source.read_root_file("deep", "new") is None
    assert source.read_root_file("nothere", "old") is None


def test_a_root_file_that_may_not_be_read(sides: tuple[Path, Path]) -> None:
    write(sides[0], {".recdiff.toml": "rules"})
    lock(sides[0] / ".recdiff.toml")
    with pytest.raises(GitError, match=r"\.recdiff\.toml: it cannot be read: Permission denied"):
        open_folders(*map(str, sides)).read_root_file(".recdiff.toml", "old")


def test_no_git_is_needed(sides: tuple[Path, Path]) -> None:
    code = (
        "import sys\nfrom recdiff.sources.folders import open_folders\n"
        f"print(len(open_folders({str(sides[0])!r}, {str(sides[1])!r}).listing().files))\n"
        "print('git' in sys.modules, 'subprocess' in sys.modules)"
    )
    environment = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("4\nFalse False\n", "")
