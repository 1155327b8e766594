"""Git ranges as a source, on real repositories: which two sides, which files, which bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recdiff.errors import GitError, RangeError, UsageError
from recdiff.sources.base import ChangedFile, FileVersion
from tests.building import RepoBuilder, command_of, lock, tracing
from tests.sources.conftest import Opener
from tests.sources.reading import contents, error_of, modes, paths


@pytest.fixture
def history(repo: RepoBuilder) -> RepoBuilder:
    """main: base, then main's commit; side: base, then side's commit, checked out."""
    repo.commit({"same": "same", "both": "base", "gone": "gone"}, "base")
    repo.branch("side")
    repo.commit({"both": "side", "gone": None, "new": "side"}, "on side")
    repo.switch("main")
    repo.commit({"both": "main"}, "on main")
    repo.switch("side")
    return repo


# Which two sides

SIDE_SINCE_BASE = {"both": (b"base", b"side"), "gone": (b"gone", None), "new": (None, b"side")}
SIDE_SINCE_MAIN = {"both": (b"main", b"side"), "gone": (b"gone", None), "new": (None, b"side")}


@pytest.mark.parametrize(
    ("words", "expected", "old_label", "new_label"),
    [
        (("main", "side"), SIDE_SINCE_MAIN, "main", "side"),
        (("main..side",), SIDE_SINCE_MAIN, "main", "side"),
        (("main..",), SIDE_SINCE_MAIN, "main", "HEAD"),
        (("main...side",), SIDE_SINCE_BASE, "merge base of main and side ({base})", "side"),
        (("main...",), SIDE_SINCE_BASE, "merge base of main and HEAD ({base})", "HEAD"),
        (("HEAD~", "@"), SIDE_SINCE_BASE, "HEAD~", "@"),
        (("main~1^{tree}", "HEAD^{tree}"), SIDE_SINCE_BASE, "main~1^{tree}", "HEAD^{tree}"),
        (("side...main",), {"both": (b"base", b"main")}, "merge base of side and main ({base})", "main"),
        (("...main",), {"both": (b"base", b"main")}, "merge base of HEAD and main ({base})", "main"),
        (("..side",), {}, "HEAD", "side"),
    ],
)  # fmt: skip
def test_two_revisions(
    history: RepoBuilder, opened: Opener, words: tuple[str, ...], expected: object, old_label: str, new_label: str
) -> None:
    source = opened(history.path, *words)
    assert contents(source) == expected
    assert source.label == " ".join(words)
    assert source.old_label == old_label.replace("{base}", history.rev("main~")[:7])
    assert source.new_label == new_label


def test_dots_inside_one_revision(history: RepoBuilder, opened: Opener) -> None:
    history.write("new", "disk", add=False)
    source = opened(history.path, "HEAD^{/o..side}")
    assert contents(source) == {"new": (b"side", b"disk")}
    assert source.label == "HEAD^{/o..side} → work tree"


def test_work_tree_against_head(history: RepoBuilder, opened: Opener) -> None:
    history.write("both", "disk", add=False)
    history.write("staged", "index")
    history.write("staged", "disk", add=False)
    history.write("deep/untracked", "disk", add=False)
    history.write(".gitignore", "*.log\n")
    history.write("ignored.log", "x", add=False)
    history.file("new").unlink()
    source = opened(history.path)
    assert contents(source) == {
        ".gitignore": (None, b"*.log\n"),
        "both": (b"side", b"disk"),
        "deep/untracked": (None, b"disk"),
        "new": (b"side", None),
        "staged": (None, b"disk"),
    }
    assert (source.label, source.old_label, source.new_label) == ("HEAD → work tree", "HEAD", "work tree")


def test_work_tree_against_a_revision(history: RepoBuilder, opened: Opener) -> None:
    history.write("both", "main", add=False)
    history.write("untracked", "disk", add=False)
    source = opened(history.path, "main")
    assert contents(source) == {"gone": (b"gone", None), "new": (None, b"side"), "untracked": (None, b"disk")}
    assert (source.label, source.old_label, source.new_label) == ("main → work tree", "main", "work tree")


def test_index_against_head_and_against_a_revision(history: RepoBuilder, opened: Opener) -> None:
    history.write("both", "index")
    history.write("both", "disk", add=False)
    history.write("untracked", "disk", add=False)
    source = opened(history.path, staged=True)
    assert contents(source) == {"both": (b"side", b"index")}
    assert (source.label, source.old_label, source.new_label) == ("HEAD → index", "HEAD", "index")
    source = opened(history.path, "main", staged=True)
    assert contents(source) == {**SIDE_SINCE_MAIN, "both": (b"main", b"index")}
    assert source.label == "main → index"


def test_what_a_work_tree_took_back_is_no_difference(history: RepoBuilder, opened: Opener) -> None:
    history.write("both", "index")
    history.write("both", "side", add=False)
    assert contents(opened(history.path)) == {}
    assert contents(opened(history.path, staged=True)) == {"both": (b"side", b"index")}


@pytest.mark.parametrize("staged", [False, True])
def test_unborn_head_is_an_empty_side(repo: RepoBuilder, opened: Opener, staged: bool) -> None:
    repo.write("added", "1")
    repo.write("untracked", "2", add=False)
    source = opened(repo.path, staged=staged)
    assert contents(source) == {"added": (None, b"1"), **({} if staged else {"untracked": (None, b"2")})}
    assert source.old_label == "HEAD (no commit yet)"
    with pytest.raises(RangeError, match=r"^no revision 'HEAD': there is no commit yet$"):
        opened(repo.path, "HEAD")


def test_a_fresh_repository_has_no_index(repo: RepoBuilder, opened: Opener) -> None:
    assert contents(opened(repo.path)) == {}
    assert contents(opened(repo.path, staged=True)) == {}


def test_a_broken_head_is_not_unborn(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    commit = repo.rev("HEAD")
    (repo.path / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    with pytest.raises(RangeError, match="HEAD names no commit"):
        opened(repo.path)


# Words that are wrong


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mian",), "no revision 'mian' (did you mean 'main'?)"),
        (("main", "sied"), "no revision 'sied' (did you mean 'side'?)"),
        (("mian~2...HEAD",), "no revision 'mian~2' (did you mean 'main~2'?)"),
        (("..v1.00",), "no revision 'v1.00' (did you mean 'v1.0.0'?)"),
        (("xyz",), "no revision 'xyz'"),
        (("main~99",), "no revision 'main~99'"),
        (("--output=x",), "no revision '--output=x'"),
        (("",), "no revision ''"),
        (("both",), "no revision 'both' (it is a path: put it behind --)"),
        (("main", "both"), "no revision 'both' (it is a path: put it behind --)"),
        (("..",), "no revision '..' (it is a path: put it behind --)"),
        (("../repo",), "no revision '../repo' (it is a path: put it behind --)"),
        (("HEAD^{tree}...main",), "'HEAD^{tree}' is a tree without history: no merge base for 'HEAD^{tree}...main'"),
        (("other...main",), "other and main have no merge base"),
    ],
)  # fmt: skip
def test_revisions_that_do_not_exist(
    history: RepoBuilder, opened: Opener, words: tuple[str, ...], message: str
) -> None:
    history.git("tag", "v1.0.0")
    history.git("checkout", "--quiet", "--orphan", "other")
    history.commit({"other": "1"})
    with pytest.raises(RangeError) as caught:
        opened(history.path, *words)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("words", "staged"),
    [(("main", "side", "main"), False), (("main", "side"), True), (("main..side",), True), (("main...side",), True)],
)  # fmt: skip
def test_words_that_cannot_go_together(
    history: RepoBuilder, opened: Opener, words: tuple[str, ...], staged: bool
) -> None:
    with pytest.raises(UsageError):
        opened(history.path, *words, staged=staged)


def test_a_revision_is_never_an_option(history: RepoBuilder, opened: Opener) -> None:
    with pytest.raises(RangeError):
        opened(history.path, f"--output={history.path}/pwned", "main")
    assert not (history.path / "pwned").exists()
    history.git("update-ref", "refs/heads/--stat", "main")
    assert contents(opened(history.path, "--stat", "side")) == SIDE_SINCE_MAIN


def test_outside_a_repository(tmp_path: Path, opened: Opener) -> None:
    with pytest.raises(GitError, match=r"not a git repository: .* \(use --no-index OLD NEW"):
        opened(tmp_path)


# Pathspecs and places


def test_pathspecs_are_relative_to_the_folder_and_paths_to_the_root(repo: RepoBuilder, opened: Opener) -> None:
    files = ["a.json", "b.txt", "sub/a.json", "sub/deep/c.json", "other/a.json"]
    repo.commit(dict.fromkeys(files, "1"))
    repo.commit(dict.fromkeys(files, "2"))
    repo.write("sub/untracked", "3", add=False)
    repo.write("untracked", "3", add=False)
    sub = repo.path / "sub"
    both = ("HEAD~", "HEAD")
    assert paths(opened(sub, *both)) == sorted(files)
    assert paths(opened(sub, *both, paths=(".",))) == ["sub/a.json", "sub/deep/c.json"]
    assert paths(opened(sub, *both, paths=("../other", "deep"))) == ["other/a.json", "sub/deep/c.json"]
    assert paths(opened(sub, *both, paths=(":/*.json", ":!deep"))) == ["a.json", "other/a.json", "sub/a.json"]
    assert paths(opened(sub, *both, paths=(":(glob)*.json",))) == ["sub/a.json"]
    assert paths(opened(sub, *both, paths=(":!.",))) == ["a.json", "b.txt", "other/a.json"]
    assert paths(opened(sub, "HEAD")) == ["sub/untracked", "untracked"]
    assert paths(opened(sub, "HEAD", paths=(".",))) == ["sub/untracked"]
    assert paths(opened(sub, "HEAD", paths=(":!.",))) == ["untracked"]
    assert paths(opened(sub, "HEAD", paths=("unt*",))) == ["sub/untracked"]
    assert contents(opened(sub, "HEAD~", paths=("a.json",))) == {"sub/a.json": (b"1", b"2")}


@pytest.mark.parametrize("words", [("HEAD~", "HEAD"), ("HEAD~",), ()])
def test_a_path_that_names_nothing(repo: RepoBuilder, opened: Opener, words: tuple[str, ...]) -> None:
    repo.commit({"sub/a": "1", "gone": "1", "keep": "1"})
    repo.commit({"sub/a": "2", "gone": None})
    repo.write("sub/a", "3", add=False)
    for good in ("sub", "sub/a", "keep", "*a", ":(glob)**/a", ":/keep", "."):
        opened(repo.path, *words, paths=(good,)).listing()
    if words:
        assert paths(opened(repo.path, *words, paths=("gone", "sub"))) == ["gone", "sub/a"]
    for bad in ("nothere", "sub/nothere", "*.json", ":(glob)*/b", ":/nope", ":(icase)NOPE"):
        for given in ((bad,), ("sub", bad), (bad, "sub", ":!keep")):
            with pytest.raises(RangeError) as caught:
                opened(repo.path, *words, paths=given).listing()
            assert f"path '{bad}' names nothing in " in str(caught.value)


def test_a_path_of_untracked_ignored_or_staged_files_only(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", ".gitignore": "*.log\n"})
    repo.write("untracked/x.json", "1", add=False)
    repo.write("x.log", "1", add=False)
    repo.write("staged", "1")
    repo.file("staged").unlink()
    assert paths(opened(repo.path, paths=("unt*", "a"))) == ["untracked/x.json"]
    # It is on disk, though git does not look at it.
    assert paths(opened(repo.path, paths=("x.log",))) == []
    assert paths(opened(repo.path, staged=True, paths=("staged",))) == ["staged"]
    assert paths(opened(repo.path, paths=("staged",))) == []
    with pytest.raises(RangeError, match=r"'\*\.log' names nothing in HEAD, nor in work tree"):
        opened(repo.path, paths=("*.log",)).listing()


def test_pathspecs_that_git_refuses(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    for refused in ("../outside", "", ":(nonsense)a"):
        with pytest.raises(RangeError):
            opened(repo.path, "HEAD", "HEAD", paths=(refused,)).listing()


def test_linked_work_tree(history: RepoBuilder, tmp_path: Path, opened: Opener) -> None:
    history.git("worktree", "add", "--quiet", tmp_path / "linked", "main")
    (tmp_path / "linked" / "both").write_text("linked")
    assert contents(opened(tmp_path / "linked")) == {"both": (b"main", b"linked")}
    assert contents(opened(tmp_path / "linked", "main..side")) == SIDE_SINCE_MAIN


@pytest.mark.parametrize("place", ["bare", ".git"])
def test_without_a_work_tree(history: RepoBuilder, tmp_path: Path, opened: Opener, place: str) -> None:
    bare = history.clone(tmp_path / "bare", "--bare") if place == "bare" else history
    directory = bare.path if place == "bare" else bare.path / ".git"
    assert contents(opened(directory, "main...side")) == SIDE_SINCE_BASE
    assert paths(opened(directory, "main", "side", paths=("new",))) == ["new"]
    # What lies in a git directory is no path of a tree.
    with pytest.raises(RangeError, match="'objects' names nothing"):
        opened(directory, "main", "side", paths=("objects",)).listing()
    for words in ((), ("main",)):
        with pytest.raises(RangeError, match="there is no work tree here: give two revisions"):
            opened(directory, *words)
    if place == "bare":
        with pytest.raises(RangeError, match="there is no index here: give two revisions"):
            opened(directory, staged=True)
    else:
        assert contents(opened(directory, staged=True)) == {}


def test_git_dir_and_work_tree_variables(
    history: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.write("both", "disk", add=False)
    history.write("untracked", "disk", add=False)
    monkeypatch.setenv("GIT_DIR", str(history.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(history.path))
    assert contents(opened(tmp_path)) == {"both": (b"side", b"disk"), "untracked": (None, b"disk")}


def test_an_index_elsewhere(
    history: RepoBuilder, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    history.git("read-tree", "HEAD")
    history.write("staged", "1")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert contents(opened(history.path)) == {"staged": (None, b"1")}
    assert contents(opened(history.path, staged=True)) == {}
    # The work tree has it either way: for the one index as a tracked file, for the other as an untracked one.
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert contents(opened(history.path, staged=True)) == {"staged": (None, b"1")}
    assert contents(opened(history.path)) == {"staged": (None, b"1")}


def test_a_split_index(history: RepoBuilder, opened: Opener) -> None:
    history.git("update-index", "--split-index")
    history.write("both", "index")
    history.write("both", "disk", add=False)
    assert contents(opened(history.path)) == {"both": (b"side", b"disk")}
    assert contents(opened(history.path, staged=True)) == {"both": (b"side", b"index")}


# Paths and files of every kind


ODD_PATHS = [
    b"a b", b"'q\"", b"line\nbreak", b"tab\t", "naïve/日本.json".encode(), b"caf\xe9", b"-dash", b":(top)x",
    b"a\\b", b"*", b"HEAD", b"x\r",
]  # fmt: skip


def test_odd_paths(repo: RepoBuilder, opened: Opener) -> None:
    for path in ODD_PATHS:
        repo.write(path, b"old " + path)
    repo.commit()
    for path in ODD_PATHS[::2]:
        repo.write(path, b"new " + path)
    repo.commit()
    for path in ODD_PATHS[1::2]:
        repo.write(path, b"new " + path, add=False)
    repo.write(b"untracked\xff\n", "x", add=False)
    committed = contents(opened(repo.path, "HEAD~..HEAD"))
    assert committed == {os.fsdecode(path): (b"old " + path, b"new " + path) for path in ODD_PATHS[::2]}
    in_work_tree = contents(opened(repo.path))
    assert in_work_tree == {
        **{os.fsdecode(path): (b"old " + path, b"new " + path) for path in ODD_PATHS[1::2]},
        "untracked\udcff\n": (None, b"x"),
    }
    assert list(in_work_tree) == sorted(in_work_tree, key=os.fsencode)


def test_paths_of_pathspecs_with_odd_bytes(repo: RepoBuilder, opened: Opener) -> None:
    repo.write(b"caf\xe9", "1")
    repo.commit()
    assert paths(opened(repo.path, "HEAD~0", "HEAD", paths=("caf\udce9",))) == []
    with pytest.raises(RangeError, match="names nothing"):
        opened(repo.path, "HEAD", "HEAD", paths=("caf\udcea",)).listing()


def test_a_mode_alone_is_no_difference(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"mode": "1", "both": "1"})
    repo.write("mode", "1", program=True)
    repo.write("both", "2", program=True)
    assert modes(opened(repo.path)) == {"both": ("100644", "100755")}
    assert modes(opened(repo.path, staged=True)) == {"both": ("100644", "100755")}
    repo.commit()
    assert modes(opened(repo.path, "HEAD~", "HEAD")) == {"both": ("100644", "100755")}
    repo.write("mode", "1", add=False)
    repo.write("both", "3", add=False)
    assert contents(opened(repo.path)) == {"both": (b"2", b"3")}


def test_links_are_listed_and_not_followed(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    repo.commit({"becomes-link": "1", "a": "1"})
    repo.symlink("link", "a")
    repo.symlink("turned", "a")
    repo.commit()
    repo.symlink("becomes-link", "../secret")
    repo.symlink("link", "../secret")
    repo.symlink("untracked-link", "../secret", add=False)
    repo.file("turned").unlink()
    repo.write("turned", "a")
    # Its bytes are those of the link; still a file came where a link was.
    expected = {
        "becomes-link": ("100644", "120000"),
        "link": ("120000", "120000"),
        "turned": ("120000", "100644"),
    }
    in_work_tree = opened(repo.path)
    assert modes(in_work_tree) == {**expected, "untracked-link": (None, "120000")}
    assert in_work_tree.listing().notes == ("4 symbolic links differ; they are not followed",)
    assert error_of(in_work_tree, "becomes-link") == "a symbolic link or a submodule is not followed"
    assert modes(opened(repo.path, staged=True)) == expected
    repo.commit()
    committed = opened(repo.path, "HEAD~", "HEAD")
    assert modes(committed) == expected
    assert error_of(committed, "link", "old") == "a symbolic link or a submodule is not followed"


def test_folders_that_became_links_are_not_read_through(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.json").write_text("secret")
    repo.commit({"d/a.json": "1", "e/f/a.json": "1"})
    listed = opened(repo.path)
    repo.write("d/a.json", "2", add=False)
    repo.write("e/f/a.json", "2", add=False)
    assert paths(listed) == ["d/a.json", "e/f/a.json"]
    for folder in ("d", "e/f"):
        (repo.path / folder).rename(tmp_path / folder.replace("/", "-"))
        (repo.path / folder).symlink_to(outside)
    # Listed before, read after: the path now leads elsewhere.
    for path in ("d/a.json", "e/f/a.json"):
        assert error_of(listed, path) == "its path leads through a symbolic link or a file; links are not followed"
    anew = opened(repo.path)
    assert modes(anew) == {
        "d": (None, "120000"), "d/a.json": ("100644", None),
        "e/f": (None, "120000"), "e/f/a.json": ("100644", None),
    }  # fmt: skip


def test_files_that_vanish_or_are_no_files(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "1", "c": "1", "d": "1"})
    for path in "abcd":
        repo.write(path, "2", add=False)
    repo.write("e", "2", add=False)
    source = opened(repo.path)
    assert paths(source) == ["a", "b", "c", "d", "e"]
    repo.symlink("e", "d", add=False)
    assert error_of(source, "e") == "its path leads through a symbolic link or a file; links are not followed"
    for path in "abc":
        repo.file(path).unlink()
    os.mkfifo(repo.file("b"))
    repo.file("c").mkdir()
    assert error_of(source, "a") == "it is not on disk any more"
    assert error_of(source, "b") == "it is no regular file"
    assert error_of(source, "c") == "it is no regular file"
    new = [file.new for file in source.listing().files if file.new]
    assert [content for _, content in source.read(new)][3] == b"2"


def test_files_that_may_not_be_read(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "1"})
    repo.write("a", "2", add=False)
    repo.write("b", "2", add=False)
    lock(repo.file("a"))
    source = opened(repo.path)
    assert paths(source) == ["a", "b"]
    assert error_of(source, "a") == "it cannot be read: Permission denied"


def test_submodules_and_inner_repositories(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    inner = RepoBuilder(tmp_path / "inner")
    inner.commit({"a": "1"})
    repo.commit({"z": "1"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path.as_uri(), "sub")
    repo.symlink("link", "z")
    repo.symlink("other", "z")
    repo.commit()
    source = opened(repo.path, "HEAD~..HEAD")
    assert modes(source) == {
        ".gitmodules": (None, "100644"), "link": (None, "120000"), "other": (None, "120000"), "sub": (None, "160000"),
    }  # fmt: skip
    assert source.listing().notes == ("2 symbolic links and 1 submodule differ; they are not followed",)
    assert error_of(source, "sub") == "a symbolic link or a submodule is not followed"
    assert opened(repo.path).listing().files == ()
    # A submodule that somebody set aside differs all the same.
    repo.config("submodule.sub.ignore", "all")
    repo.config("diff.ignoreSubmodules", "all")
    RepoBuilder(repo.path / "sub", exists=True).commit({"a": "2"})
    RepoBuilder(repo.path / "stray").commit({"a": "1"})
    source = opened(repo.path)
    assert modes(source) == {"sub": ("160000", "160000")}
    assert source.listing().notes == (
        "1 submodule differs; it is not followed",
        "untracked repositories inside this one, not looked into: 1",
    )


def test_a_file_that_only_the_index_lost(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"same": "1", "changed": "1", "ignored": "1", ".gitignore": "ignored\n"})
    repo.git("rm", "--cached", "--quiet", "same", "changed", "ignored")
    repo.write("changed", "2", add=False)
    assert contents(opened(repo.path)) == {"changed": (b"1", b"2"), "ignored": (b"1", None)}
    assert paths(opened(repo.path, staged=True)) == ["changed", "ignored", "same"]


def test_an_intended_addition(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.write("b", "2", add=False)
    repo.git("add", "--intent-to-add", "b")
    assert contents(opened(repo.path)) == {"b": (None, b"2")}


def test_git_s_filters_decide_what_differs(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({".gitattributes": "*.json text eol=crlf\n", "a.json": "1\n2\n", "b.json": "1\n2\n"})
    repo.write("a.json", "1\r\n2\r\n", add=False)
    repo.write("b.json", "1\r\n3\r\n", add=False)
    assert contents(opened(repo.path)) == {"b.json": (b"1\n2\n", b"1\r\n3\r\n")}


def test_sparse_files_are_read_from_the_index(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"in/a": "1", "out/a": "1"})
    repo.commit({"in/a": "2", "out/a": "2"})
    repo.git("sparse-checkout", "set", "in")
    assert not repo.file("out/a").exists()
    assert contents(opened(repo.path)) == {}
    assert contents(opened(repo.path, "HEAD~")) == {"in/a": (b"1", b"2"), "out/a": (b"1", b"2")}


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_object_formats(tmp_path: Path, opened: Opener, object_format: str) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format=object_format)
    repo.write("a", "1")
    assert contents(opened(repo.path)) == {"a": (None, b"1")}
    repo.commit()
    repo.commit({"a": "2", ".recdiff.toml": "x"})
    repo.write("a", "2", add=False, program=True)
    repo.git("rm", "--quiet", "--cached", ".recdiff.toml")
    assert contents(opened(repo.path, "main~...main")) == {".recdiff.toml": (None, b"x"), "a": (b"1", b"2")}
    assert contents(opened(repo.path)) == {}
    assert opened(repo.path).read_root_file(".recdiff.toml", "old") == b"x"


# During a merge


@pytest.fixture
def merging(repo: RepoBuilder) -> RepoBuilder:
    """A merge that stopped: changed on both sides, added on both, deleted on one, and one that went well."""
    repo.commit({"both": "base\n", "we-delete": "base\n", "they-delete": "base\n", "fine": "base\n"})
    repo.branch("side")
    repo.commit({"both": "side\n", "we-delete": "side\n", "they-delete": None, "added": "side\n", "fine": "side\n"})
    repo.switch("main")
    repo.commit({"both": "main\n", "we-delete": None, "they-delete": "main\n", "added": "main\n"})
    repo.merge("side", conflicts=True)
    return repo


def test_unmerged_paths_of_the_work_tree(merging: RepoBuilder, opened: Opener) -> None:
    source = opened(merging.path)
    files = {file.path: file for file in source.listing().files}
    assert {path: file.unmerged for path, file in files.items()} == {
        "added": True, "both": True, "fine": False, "we-delete": True,
    }  # fmt: skip
    read = contents(source)
    old, new = read["both"]
    assert old == b"main\n"
    assert new == merging.file("both").read_bytes()
    assert new.startswith(b"<<<<<<< ")
    assert read["fine"] == (b"base\n", b"side\n")
    assert read["we-delete"] == (None, b"side\n")
    merging.file("both").unlink()
    (both,) = [file for file in opened(merging.path).listing().files if file.path == "both"]
    assert (both.new, both.unmerged) == (None, True)


def test_unmerged_paths_of_the_index(merging: RepoBuilder, opened: Opener) -> None:
    merging.file("added").unlink()
    source = opened(merging.path, staged=True)
    files = {file.path: file for file in source.listing().files}
    base = {path: merging.rev(f"HEAD:{path}") for path in ("added", "both", "they-delete", "fine")}
    version = FileVersion
    assert files["both"] == ChangedFile(
        version("both", "100644", base["both"]), version("both", "100644"), unmerged=True, is_open=True
    )
    assert files["added"] == ChangedFile(version("added", "100644", base["added"]), None, unmerged=True, is_open=True)
    assert files["we-delete"] == ChangedFile(None, version("we-delete", "100644"), unmerged=True, is_open=True)
    assert files["they-delete"].unmerged
    assert not files["fine"].unmerged
    assert contents(source)["they-delete"] == (b"main\n", b"main\n")


# Settings and traces


HOSTILE = """\
[diff]
    noprefix = true
    renames = copies
    external = /bin/false
    mnemonicPrefix = true
    relative = true
    ignoreSubmodules = all
    orderFile = no-such-file
    autoRefreshIndex = false
    submodule = log
    colorMoved = zebra
    context = 99
    wordRegex = .
    interHunkContext = 9
[core]
    quotePath = true
    abbrev = 4
    pager = /bin/false
    splitIndex = true
    untrackedCache = true
[color]
    ui = always
    diff = always
[status]
    relativePaths = true
    showUntrackedFiles = no
    renames = copies
    short = true
[submodule]
    recurse = true
[log]
    showSignature = true
[alias]
    diff = !false
    ls-files = !false
[pager]
    diff = /bin/false
"""


def test_settings_of_the_user_change_nothing(
    repo: RepoBuilder, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "".join(f"line {number}\n" for number in range(50))
    repo.commit({"moved": long, "sub/é": "1", "copied": long + "x"})
    repo.commit({"moved": None, "target": long, "sub/é": "2", "copy": long + "x"})
    repo.write("sub/untracked é", "3", add=False)
    repo.git("update-index", "--refresh")
    os.utime(repo.file("target"), (1, 1))
    settings = tmp_path / "hostile"
    settings.write_text(HOSTILE)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/bin/false")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=9")
    monkeypatch.setenv("GIT_PAGER", "/bin/false")
    monkeypatch.setenv("GIT_TRACE", "1")
    before = repo.state()
    sub = repo.path / "sub"
    committed = {"copy", "moved", "sub/é", "target"}
    assert set(paths(opened(sub, "HEAD~", "HEAD"))) == committed
    assert modes(opened(sub, "HEAD~", "HEAD"))["moved"] == ("100644", None)
    assert set(paths(opened(sub, "HEAD~"))) == {*committed, "sub/untracked é"}
    assert paths(opened(sub)) == ["sub/untracked é"]
    assert paths(opened(sub, staged=True)) == []
    assert set(paths(opened(sub, "HEAD~", staged=True))) == committed
    assert repo.state() == before


def test_nothing_is_written(history: RepoBuilder, opened: Opener) -> None:
    history.git("update-index", "--refresh")
    os.utime(history.file("both"), (1, 1))
    os.utime(history.file("same"), (1, 1))
    history.write("new", "disk", add=False)
    before = history.state()
    for words in ((), ("main",), ("main", "side"), ("main...",)):
        source = opened(history.path, *words)
        contents(source)
        source.read_root_file(".recdiff.toml", "new")
    contents(opened(history.path, staged=True))
    assert history.state() == before


def test_number_of_processes(
    history: RepoBuilder, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commands(*words: str, **options: object) -> list[str]:
        with tracing(tmp_path, monkeypatch) as processes:
            source = opened(history.path, *words, **options)
            source.prefetch([version for file in source.listing().files for version in (file.old, file.new) if version])
            contents(source)
            for side in ("old", "new"):
                source.read_root_file(".recdiff.toml", side)
                source.read_root_file("pyproject.toml", side)
            source.close()
        # GitPython asks once, when it is imported.
        return [command_of(argv) for argv in processes if command_of(argv) != "version"]

    history.write("both", "disk", add=False)
    assert commands("main", "side") == ["rev-parse", "cat-file", "diff"]
    assert commands("main", "side", paths=("both", "new")) == ["rev-parse", "cat-file", "diff"]
    assert commands("main...side") == ["rev-parse", "cat-file", "merge-base", "diff"]
    assert commands() == ["rev-parse", "cat-file", "diff", "ls-files"]
    assert commands(staged=True) == ["rev-parse", "cat-file", "diff"]


# Reading


def test_reading_in_any_order_and_twice(history: RepoBuilder, opened: Opener) -> None:
    history.write("both", "disk", add=False)
    source = opened(history.path, "main")
    by_path = {file.path: file for file in source.listing().files}
    old, new, gone = by_path["both"].old, by_path["both"].new, by_path["gone"].old
    assert old and new and gone
    order = [new, gone, old, gone, new, gone]
    answers = list(source.read(iter(order)))
    assert [version for version, _ in answers] == order
    assert [content for _, content in answers] == [b"disk", b"gone", b"main", b"gone", b"disk", b"gone"]


def test_reading_that_is_left_early(history: RepoBuilder, opened: Opener) -> None:
    source = opened(history.path, "main", "side")
    versions = [file.old for file in source.listing().files if file.old] * 100
    first = source.read(versions)
    assert next(first)[1] == b"main"
    assert [content for _, content in source.read(versions[:2])] == [b"main", b"gone"]
    first.close()
    assert source.read_root_file("both", "old") == b"main"


def test_an_object_that_is_missing_is_an_error_of_its_file(history: RepoBuilder, opened: Opener) -> None:
    oid = history.rev("main:both")
    (history.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    source = opened(history.path, "main", "side")
    versions = [version for file in source.listing().files for version in (file.old, file.new) if version]
    source.prefetch(versions)
    answers = {(version.path, version.oid): content for version, content in source.read(versions)}
    assert str(answers.pop(("both", oid))) == f"object {oid} is missing"
    assert sorted(answers.values()) == [b"gone", b"side", b"side"]
    with pytest.raises(GitError, match=f"both: object {oid} is missing"):
        source.read_root_file("both", "old")


def test_root_files(history: RepoBuilder, opened: Opener) -> None:
    history.commit({"rules": "committed", "folder/rules": "x"})
    history.symlink("link", "rules")
    history.commit()
    history.write("rules", "staged")
    history.write("rules", "disk", add=False)
    sub = history.path / "folder"
    assert opened(sub).read_root_file("rules", "old") == b"committed"
    assert opened(sub).read_root_file("rules", "new") == b"disk"
    assert opened(sub, staged=True).read_root_file("rules", "new") == b"staged"
    assert opened(sub, "main", "side").read_root_file("rules", "old") is None
    assert opened(sub, "main", "side").read_root_file("rules", "new") == b"committed"
    for source in (opened(sub), opened(sub, staged=True), opened(sub, "main", "side")):
        for side in ("old", "new"):
            assert source.read_root_file("nothere", side) is None
            assert source.read_root_file("folder", side) is None
    for source in (opened(sub), opened(sub, "main", "side")):
        assert source.read_root_file("link", "new") is None
