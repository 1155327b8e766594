"""The shape of the house: who may import whom, who runs git, who writes to the terminal, and what a start imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import RepoBuilder
from tests.cli.running import recorded

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "recdiff"

ROOMS = (
    "errors", "jsonplaces", "jsonvalue", "safe", "model", "naming", "testids", "testfunctions", "decisionsfile",
    "decisions", "arranging", "filtering", "gitoutput", "catfile", "gitonce", "gitrunner",
    "git", "sources", "wire", "formats", "protocols", "views", "asked", "synopsis", "rules", "comparing", "pairing",
    "judging", "grouping", "candidates", "pipeline", "decidedfile", "gate", "opening", "reports", "drivers", "tui",
    "cli", "api",
)  # fmt: skip
"""The rooms in the order in which data flows; a module imports only from its own room and those before it."""


def modules() -> Iterator[tuple[str, ast.Module, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        yield relative.parts[0].removesuffix(".py"), ast.parse(path.read_text("utf-8")), path


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "recdiff":
                yield from (f"recdiff.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_imports_point_one_way() -> None:
    wrong = []
    for room, tree, path in modules():
        if room in ("__init__", "__main__"):
            continue
        for name in imported(tree):
            if name.startswith("recdiff."):
                target = name.split(".")[1]
                if target in ROOMS and ROOMS.index(target) > ROOMS.index(room):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


SCREEN = (
    "subject", "apart", "keynames", "watching", "editor", "page", "session", "pages", "widgets", "screens", "commands",
    "app",
)  # fmt: skip
"""The parts of `tui/` in their order: a page knows no widget, a widget no screen."""


def test_imports_within_the_screen_point_one_way() -> None:
    wrong, parts = [], set()
    for _, tree, path in modules():
        steps = path.relative_to(PACKAGE).with_suffix("").parts
        if steps[0] != "tui" or steps[1] == "__init__":
            continue
        parts.add(steps[1])
        for name in imported(tree):
            target = name.split(".")[2] if name.startswith("recdiff.tui.") else steps[1]
            if SCREEN.index(target) > SCREEN.index(steps[1]):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == [] and parts == set(SCREEN)


def test_no_module_of_the_screen_is_long_and_the_app_is_short() -> None:
    sizes = {str(path.relative_to(PACKAGE)): len(path.read_text("utf-8").splitlines()) for _, _, path in modules()}
    assert sizes["tui/app.py"] < 150
    assert {name for name, size in sizes.items() if name.startswith("tui/") and size > 400} == set()


def test_every_module_has_a_room() -> None:
    assert {room for room, _, _ in modules()} == {*ROOMS, "__init__", "__main__"}


def test_the_architecture_page_lists_the_rooms_in_their_order() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = page[page.index("| room |") : page.index("## One recording")]
    listed = [name.rstrip("/").removesuffix(".py") for name in re.findall(r"`([a-z]+(?:\.py|/))`", table)]
    assert [name for name in listed if name in ROOMS] == list(ROOMS)


def test_only_git_py_uses_gitpython_and_only_it_and_the_pager_start_programs() -> None:
    users = {"git": set(), "subprocess": set()}
    for _, tree, path in modules():
        for name in imported(tree):
            if name.split(".")[0] in users:
                users[name.split(".")[0]].add(str(path.relative_to(PACKAGE)))
    # catfile.py names GitPython's type alone; output.py starts the pager; standing.py asks whether recdiff starts;
    # editor.py starts the user's editor
    assert users["git"] == {"git.py", "catfile.py", "gitrunner.py"}
    assert users["subprocess"] == {
        "git.py",
        "gitonce.py",
        "cli/output.py",
        "drivers/setup/standing.py",
        "tui/editor.py",
    }


def test_only_one_module_writes_to_the_terminal() -> None:
    writers = set()
    for _, tree, path in modules():
        for node in ast.walk(tree):
            named = isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr")
            if named and isinstance(node.value, ast.Name) and node.value.id == "sys":
                writers.add(path.relative_to(PACKAGE).as_posix())
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                writers.add(path.relative_to(PACKAGE).as_posix())
    assert writers == {"cli/output.py"}


def test_no_module_is_a_drawer_or_a_giant() -> None:
    assert not list(PACKAGE.rglob("util*.py")) + list(PACKAGE.rglob("helper*.py"))
    giants = {path.name: path.read_text("utf-8").count("\n") for _, _, path in modules()}
    assert {name: lines for name, lines in giants.items() if lines > 430} == {}


def loaded_by(arguments: list[str], folder: Path) -> set[str]:
    """The modules that are loaded when a command line has run."""
    script = (
        "import sys\nfrom recdiff.cli import run\n"
        f"code = run({arguments!r})\nsys.stderr.write('\\n' + ' '.join(sorted(sys.modules)))\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, check=True)
    return set(done.stderr.decode().split("\n")[-1].split())


HEAVY = {"textual", "jinja2", "yaml", "deepdiff", "numpy", "rich"}


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--version"], HEAVY | {"click", "git", "orjson", "rapidfuzz", "pathspec", "tomllib", "recdiff.pipeline"}),
        (["show", "tests/recordings/a.json"], HEAVY | {"git", "rapidfuzz", "pathspec", "tomllib", "recdiff.pipeline"}),
        (["rules", "list"], HEAVY | {"rapidfuzz", "pathspec", "recdiff.pipeline"}),
        (["report", "HEAD~1", "HEAD"], HEAVY | {"pathspec", "tomllib", "recdiff.synopsis", "recdiff.reports.text"}),
        (["diff", "HEAD~1", "HEAD"], HEAVY | {"pathspec", "tomllib"}),
        (["diff", "--no-index", "tests", "tests"], HEAVY | {"git", "pathspec", "tomllib"}),
        (
            ["git", "textconv", "--v1", "tests/recordings/a.json"],
            HEAVY | {"click", "git", "rapidfuzz", "pathspec", "tomllib", "subprocess", "recdiff.pipeline"},
        ),
        (
            ["git", "external-diff", "a.json", "tests/recordings/a.json", "0", "100644", "/dev/null", ".", "."],
            HEAVY | {"click", "git", "rapidfuzz", "pathspec", "tomllib"},
        ),
        (["git", "difftool", "tests/recordings/a.json", "/dev/null", "a.json"], HEAVY | {"click", "git", "tomllib"}),
    ],
)
def test_a_command_imports_only_what_it_needs(arguments: list[str], spared: set[str], repo: RepoBuilder) -> None:
    repo.commit({"tests/recordings/a.json": recorded("one")})
    repo.commit({"tests/recordings/a.json": recorded("two")})
    loaded = loaded_by(arguments, repo.path)
    assert loaded & spared == set()
    assert "recdiff.cli" in loaded
