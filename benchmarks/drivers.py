"""How long `git diff` takes with recdiff as its external driver and as its textconv, for each file.

    python -m benchmarks.drivers [--corpus DIR] [-n RUNS] [CASE]

git starts the external driver once for a modified file, and textconv once for each of its two sides. From the best of
the runs, which alternate, comes the time of a file: the whole `git diff` less git's own plain diff, over the number of
files, less the bare interpreter's own start for each process. Without textconv's cache, which starts nothing twice.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import CORPUS, RunError, build_repository, recdiff_command, table
from benchmarks.speed import Runs

MOST = 0.120  # seconds a file beyond the interpreter's own start


def measure(case: Path, folder: Path, runs: int) -> tuple[list[tuple[str, ...]], bool]:
    """The rows of one case, and whether every figure was reached. Raises RunError."""
    repository = build_repository(case, folder / "repository", packed=True)
    program = " ".join(f"'{word}'" for word in recdiff_command("git"))
    settings = {"diff.recdiff.textconv": f"{program} textconv --v1", "diff.recdiff.command": f"{program} external-diff"}
    for key, value in settings.items():
        repository.git("config", key, value)
    (repository.path / ".git" / "info").mkdir(exist_ok=True)
    (repository.path / ".git" / "info" / "attributes").write_text("*.json diff=recdiff\n")
    diff = ["git", "--no-pager", "diff", "--diff-filter=M", "--no-renames"]
    sides = [repository.old, repository.new]
    files = len(repository.git(*diff[2:], "--name-only", *sides).splitlines())
    plain = Runs([*diff, "--no-ext-diff", "--no-textconv", *sides])
    external = Runs([*diff, *sides])
    textconv = Runs([*diff, "--no-ext-diff", *sides])
    start = Runs([sys.executable, "-c", "pass"])
    programs = [plain, external, textconv, start]
    for one in programs:
        one.once(repository.path, counts=False)
    for number in range(runs):
        for one in programs[number % 4 :] + programs[: number % 4]:
            one.once(repository.path)
    rows: list[tuple[str, ...]] = []
    reached = True
    for name, one, processes in (("external diff", external, 1), ("textconv", textconv, 2)):
        each = (one.best - plain.best) / files
        beyond = each - processes * start.best
        reached = reached and beyond <= MOST
        rows.append(
            (
                name, str(files), str(processes), f"{1000 * one.best:.0f}", f"{1000 * plain.best:.0f}",
                f"{1000 * each:.0f}", f"{1000 * start.best:.0f}", f"{1000 * beyond:.0f}", f"{1000 * MOST:.0f}",
                f"{one.memory / 1e6:.0f}", "PASS" if beyond <= MOST else "FAIL",
            )
        )  # fmt: skip
    return rows, reached


HEADER = (
    "driver", "files", "starts a file", "git diff ms", "plain ms", "ms a file", "bare start ms", "beyond ms", "limit",
    "peak MB", "",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drivers", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder that holds ogx/")
    parser.add_argument("-n", "--runs", type=int, default=9, help="runs of each program (9)")
    parser.add_argument("case", nargs="?", default="pypdf-rerecord", metavar="CASE", help="name of a case")
    options = parser.parse_args()
    case = options.corpus / "ogx" / options.case
    if not (case / "new").is_dir():
        raise FileNotFoundError(f"{case} is no case: give the corpus with --corpus")
    with tempfile.TemporaryDirectory() as folder:
        rows, reached = measure(case, Path(folder), max(options.runs, 1))
    print(table(HEADER, rows))
    return 0 if reached else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RunError, FileNotFoundError) as error:
        sys.exit(str(error))
