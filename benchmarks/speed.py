"""How long `recdiff report --format json` takes, beside the least that any reader of its blobs would take.

    python -m benchmarks.speed [--corpus DIR] [-n RUNS] [CASE ...]

Each run is a process of its own. The runs of recdiff, of a bare script (one `git cat-file --batch`, and
`json.loads` on each blob) and of `git diff` alternate, so that a busy moment hits all. The best runs count.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import (
    CORPUS,
    Repository,
    RunError,
    build_repository,
    ended,
    environment,
    ogx_cases,
    recdiff_command,
    table,
)

START = 0.200  # seconds that recdiff may need for itself
FACTOR = 2.5  # times the bare script
MOST_MEMORY = 250e6  # bytes

BARE = """\
import json, subprocess, sys
with open(sys.argv[1], "rb") as names:
    git = subprocess.run(["git", "cat-file", "--batch"], stdin=names, stdout=subprocess.PIPE, check=True)
answer, at = git.stdout, 0
while at < len(answer):
    end = answer.index(b"\\n", at)
    size = int(answer[at:end].split()[2])
    json.loads(answer[end + 1 : end + 1 + size])
    at = end + size + 2
"""


@dataclass
class Runs:
    """Wall times in seconds of one command, and the most memory in bytes that one of its processes held."""

    command: Sequence[str]
    times: list[float] = field(default_factory=list)
    memory: int = 0

    @property
    def best(self) -> float:
        return min(self.times)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def once(self, folder: Path, *, counts: bool = True) -> None:
        """Run the command. Memory is that of the command or of its largest child, whichever is more.

        The kernel counts the memory of the process that starts another in the other's, so this one is small.
        """
        with tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            process = subprocess.Popen(
                self.command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=errors
            )
            _, status, usage = os.wait4(process.pid, 0)
            took = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                errors.seek(0)
                raise RunError(ended(self.command, process.returncode, errors.read()))
        if counts:
            self.times.append(took)
            self.memory = max(self.memory, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


@dataclass(frozen=True)
class Measured:
    """One case: its size, and the runs of the three programs."""

    name: str
    blobs: int
    size: int
    recdiff: Runs
    bare: Runs
    git: Runs

    @property
    def limit(self) -> float:
        return START + FACTOR * self.bare.best

    @property
    def reached(self) -> bool:
        return self.recdiff.best <= self.limit and self.recdiff.memory < MOST_MEMORY

    def row(self) -> tuple[str, ...]:
        return (
            self.name, str(self.blobs), f"{self.size / 1e6:.1f}",
            *(f"{1000 * seconds:.0f}" for seconds in (
                self.bare.best, self.bare.median, self.recdiff.best, self.recdiff.median, self.limit
            )),
            f"{self.recdiff.best / self.bare.best:.2f}", f"{self.recdiff.memory / 1e6:.0f}",
            f"{1000 * self.git.best:.0f}", f"{self.recdiff.best / self.git.best:.2f}",
            "PASS" if self.reached else "FAIL",
        )  # fmt: skip


HEADER = (
    "case", "blobs", "MB", "bare ms", "median", "recdiff ms", "median", "limit ms", "x bare", "peak MB",
    "git diff ms", "x git", "",
)  # fmt: skip


def blobs_of(repository: Repository) -> list[str]:
    """The object ids that differ between the two commits, each once."""
    raw = repository.git(
        "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", repository.old, repository.new
    )
    names: dict[str, None] = {}
    for part in raw.split(b"\0"):
        if part.startswith(b":"):
            names.update(dict.fromkeys(name.decode() for name in part.split()[2:4] if name.strip(b"0")))
    return list(names)


def measure(case: Path, folder: Path, runs: int) -> Measured:
    """Measure one case. Raises RunError."""
    repository = build_repository(case, folder / "repository", packed=True)
    names, script = folder / "names", folder / "bare.py"
    ids = blobs_of(repository)
    names.write_text("".join(f"{name}\n" for name in ids))
    script.write_text(BARE)
    range_ = (repository.old, repository.new)
    recdiff = Runs(recdiff_command("report", *range_, "--format", "json"))
    bare = Runs([sys.executable, str(script), str(names)])
    git = Runs(["git", "--no-pager", "diff", *range_])
    programs = [recdiff, bare, git]
    for program in programs:  # fills the disk cache and writes the bytecode of Python modules
        program.once(repository.path, counts=False)
    for number in range(runs):
        for program in programs[number % 3 :] + programs[: number % 3]:
            program.once(repository.path)
    sizes = repository.git("cat-file", "--batch-check=%(objectsize)", stdin=names.read_bytes())
    size = sum(int(line) for line in sizes.split())
    return Measured(case.name, len(ids), size, recdiff, bare, git)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder that holds ogx/")
    parser.add_argument("-n", "--runs", type=int, default=5, help="runs of each program (5)")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="names of cases (all)")
    options = parser.parse_args()
    measured = []
    for case in ogx_cases(options.corpus):
        if not options.cases or case.name in options.cases:
            with tempfile.TemporaryDirectory() as folder:
                measured.append(measure(case, Path(folder), max(options.runs, 1)))
    print(table(HEADER, [one.row() for one in measured]))
    print(f"\nlimit: {1000 * START:.0f} ms + {FACTOR} times bare; under {MOST_MEMORY / 1e6:.0f} MB; best runs")
    return 0 if measured and all(one.reached for one in measured) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RunError, FileNotFoundError) as error:
        sys.exit(str(error))
