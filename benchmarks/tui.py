"""How quickly the review screen starts, fills, opens a recording and answers a key, in a real pseudo-terminal.

    python -m benchmarks.tui [--corpus DIR] [-n RUNS] [FIGURE ...]

Each run is a process of its own in a terminal of 140 by 40, which pyte plays; nothing sleeps. Bytes are stamped as they
are read, and painted once the program is silent, so that pyte takes no time from what is measured: a time ends with the
bytes that put on the screen what was waited for. Beside it runs the floor, a bare Textual app in the same terminal: a
`Tree` of as many rows, or a `ScrollView` of as many lines with a cursor. Runs alternate; the best one counts, and of
the keys of a run the median one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks import CORPUS, Repository, RunError, build_repository, environment, recdiff_command, table
from tests.tui.terminal import StuckError, Terminal

START = 0.600  # seconds to the first painted list
WHOLE = 2.000  # seconds to the whole list
ANSWER = 0.250  # seconds from a key to its answer while a range is read
OPENS = 0.150  # seconds from a key to the page of a recording of 1 MB
BEYOND = 0.050  # seconds of a key beyond the floor
MOST_MEMORY = 250e6  # bytes

QUICK, LONGEST, LARGEST = "pypdf-rerecord", "test-isolation-renames", "bulk-rename-project"
ROWS = 480  # of the bare tree
LINES = 50_000
KEYS = 9  # presses of a key in a run
QUIET = 0.1  # seconds without a byte after which pyte paints

BARE = """\
import sys
from pathlib import Path
from rich.segment import Segment
from textual.app import App
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Tree


class Lines(ScrollView, can_focus=True):
    BINDINGS = [Binding(key, f"go({step})") for key, step in (("down", 1), ("pagedown", 36), ("pageup", -36))]

    def __init__(self, lines):
        super().__init__()
        self.lines, self.cursor = lines, 0
        self.virtual_size = Size(60, len(lines))

    def render_line(self, y):
        style, width = self.rich_style, self.size.width
        index = self.scroll_offset.y + y
        if index >= len(self.lines):
            return Strip.blank(width, style)
        mark = "▌" if index == self.cursor else " "
        return Strip([Segment(mark + self.lines[index], style)]).crop_extend(0, width, style)

    def action_go(self, step):
        self.cursor = max(min(self.cursor + step, len(self.lines) - 1), 0)
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
        self.refresh()


class Bare(App):
    def compose(self):
        if sys.argv[1] == "lines":
            yield Lines(Path(sys.argv[2]).read_text().splitlines())
            return
        tree = Tree("rows")
        tree.root.expand()
        for number in range(int(sys.argv[2])):
            tree.root.add_leaf(f"row {number}")
        yield tree


Bare().run()
"""


@dataclass
class Figure:
    """One thing that is measured: a number for each run, those of the floor beside it, and how much it may be."""

    name: str
    limit: float
    is_beyond: bool = False
    """Whether the limit is on what comes on top of the floor."""
    is_memory: bool = False
    runs: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    worst: float = 0

    def take(self, *values: float) -> None:
        """One run's values: their median counts, and the best one of the runs."""
        self.runs.append(statistics.median(values))
        self.worst = max(self.worst, *values)

    @property
    def most(self) -> float:
        """The limit, the floor's part included."""
        return self.limit + (min(self.floor) if self.is_beyond else 0)

    @property
    def reached(self) -> bool:
        return min(self.runs) <= self.most

    def row(self) -> tuple[str, ...]:
        def shown(value: float) -> str:
            return f"{value / 1e6:.0f}" if self.is_memory else f"{1000 * value:.0f}"

        best, bare = min(self.runs), min(self.floor, default=0)
        return (
            self.name, shown(best), shown(statistics.median(self.runs)), shown(self.worst), shown(self.most),
            shown(bare) if bare else "", f"{best / bare:.1f}" if bare else "", "PASS" if self.reached else "FAIL",
        )  # fmt: skip


HEADER = ("figure (ms, or MB)", "best", "median", "worst", "limit", "floor", "x floor", "")


class Bench:
    """The folder that is measured in, and how its programs are started."""

    def __init__(self, corpus: Path, folder: Path, runs: int) -> None:
        self.corpus = corpus
        self.folder = folder
        self.runs = runs
        self._script = folder / "bare.py"
        self._script.write_text(BARE)
        self._environment = environment() | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._environment.pop("LINES", None)

    def case(self, name: str) -> Repository:
        """A repository made from a case of the corpus. Raises FileNotFoundError."""
        case = self.corpus / "ogx" / name
        if not (case / "new").is_dir():
            raise FileNotFoundError(f"{case} is no case: give the corpus with --corpus")
        return build_repository(case, self.folder / name, packed=True)

    def made(self, name: str, sides: tuple[dict[str, str], dict[str, str]]) -> Repository:
        """A repository made from two sides of recordings, by their paths."""
        case = self.folder / f"{name}-case"
        for side, files in zip(("old", "new"), sides, strict=True):
            for path, content in files.items():
                file = case / side / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
        return build_repository(case, self.folder / name, packed=True)

    @contextmanager
    def review(self, repository: Repository) -> Iterator[Terminal]:
        """The review screen of a repository's two commits; it must end well."""
        with Terminal(repository.path, recdiff_command(repository.old, repository.new), self._environment) as screen:
            yield screen
            screen.press("q")
            if code := screen.ended():
                raise RunError(f"recdiff ended with {code}: {screen.said[-300:]}")

    @contextmanager
    def bare(self, *arguments: str) -> Iterator[Terminal]:
        """The floor: a bare app."""
        with Terminal(self.folder, [sys.executable, str(self._script), *arguments], self._environment) as screen:
            yield screen


# What stands on the screen


def is_listed(screen: Terminal) -> bool:
    """Whether a row of the list or a counter is painted."""
    return any("▾ " in row or "▸ " in row for row in screen.rows) or "added " in screen.rows[1]


def is_whole(screen: Terminal) -> bool:
    """Whether the list is complete: the progress bar has gone, and the rows are there."""
    return "recording" in screen.rows[0] and "reading" not in screen.rows[0] and is_listed(screen)


def row_here(screen: Terminal, column: int = 20) -> str:
    """The list's row under the cursor, which has another background than most; a column is one of its text."""
    backgrounds = [screen.screen.buffer[y][column].bg for y in range(3, 38)]
    usual = statistics.mode(backgrounds)
    return next((f"{y} {screen.rows[y][:52]}" for y, bg in enumerate(backgrounds, 3) if bg != usual), "")


def title_of(screen: Terminal) -> str:
    """What stands above the chips of a page, its path among it; nothing where no recording is on show."""
    title, chips, _ = "\n".join(row[56:138] for row in screen.rows[3:38]).partition("⚑")
    return title.replace("▌", " ") if chips and ".json" in title else ""  # without the cursor


def begin(screen: Terminal) -> None:
    """Wait for the whole list, and go to the first recording in it, wherever the cursor was."""
    screen.until(lambda: is_whole(screen), quiet=QUIET)
    screen.press("g")
    screen.until("▾ Recordings", quiet=QUIET)  # the page of a branch
    screen.press("n")
    screen.until(lambda: title_of(screen), quiet=QUIET)


def line_here(screen: Terminal) -> int:
    """The number of the text's line under the cursor, once all lines on the screen follow each other; else -1."""
    numbers = [int(found[0]) if (found := re.findall(r"line (\d{6})", row)) else -1 for row in screen.rows]
    shown = [number for number in numbers if number >= 0]
    marked = [number for number, row in zip(numbers, screen.rows, strict=True) if "▌" in row]
    follow = all(after == before + 1 for before, after in pairwise(shown))
    return marked[0] if follow and len(marked) == 1 else -1


def moved(screen: Terminal, key: str, place: Callable[[], str | int]) -> float:
    """Seconds from a key to a screen whose place is another one, and is one at all."""
    screen.look()
    before = place()
    pressed = screen.press(key)
    return screen.until(lambda: place() not in (before, "", -1), quiet=QUIET) - pressed


def answered(screen: Terminal, key: str, words: str) -> float:
    """Seconds from a key to the words that it brings."""
    screen.look()  # what was read before is painted before the key: painting it takes time
    pressed = screen.press(key)
    return screen.until(words, quiet=QUIET) - pressed


# What is measured


def start(bench: Bench) -> Iterator[Figure]:
    """From nothing to the list, and the cursor in it."""
    repository = bench.case(QUICK)
    first = Figure("start to the first painted list", START)
    whole = Figure("start to the whole list", WHOLE)
    key = Figure("cursor down in the list", BEYOND, is_beyond=True)
    for run in range(bench.runs + 1):
        with bench.review(repository) as screen:
            listed = screen.until(lambda: is_listed(screen), quiet=QUIET) - screen.started
            complete = screen.until(lambda: is_whole(screen), quiet=QUIET) - screen.started
            begin(screen)
            keys = [moved(screen, "down", lambda: row_here(screen)) for _ in range(KEYS)]
        with bench.bare("rows", str(ROWS)) as bare:
            floor = bare.until("row 30", quiet=QUIET) - bare.started
            bare.press(*["down"] * 6)
            bare.until(lambda: row_here(bare, 5), quiet=QUIET)
            bare_keys = [moved(bare, "down", lambda: row_here(bare, 5)) for _ in range(KEYS)]
        if run:  # the first one fills the disk cache and writes the bytecode of Python modules
            first.take(listed)
            whole.take(complete)
            key.take(*keys)
            first.floor.append(floor)
            whole.floor.append(floor)
            key.floor.append(statistics.median(bare_keys))
    yield from (first, whole, key)


def fills(bench: Bench) -> Iterator[Figure]:
    """The list of the longest range, and a key pressed as soon as there is one; its floor is the same key later."""
    repository = bench.case(LONGEST)
    whole = Figure("536 files listed whole", WHOLE)
    key = Figure("a key while they are read", ANSWER)
    for run in range(bench.runs + 1):
        with bench.review(repository) as screen:
            complete = screen.until(lambda: is_whole(screen), quiet=QUIET) - screen.started
            begin(screen)
            later = answered(screen, "t", "by folder")
        with bench.review(repository) as screen:
            screen.until_bytes("▸ ".encode())
            early = answered(screen, "t", "by folder")
        with bench.bare("rows", str(ROWS)) as bare:
            floor = bare.until("row 30", quiet=QUIET) - bare.started
        if run:
            whole.take(complete)
            whole.floor.append(floor)
            key.take(early)
            key.floor.append(later)
    yield from (whole, key)


def opens(bench: Bench) -> Iterator[Figure]:
    """Recordings of 1 MB: from the key that goes to one, to its page."""
    repository = bench.made("large", large())
    stream, vector = Figure("a streamed chat of 1 MB opens", OPENS), Figure("embeddings of 1 MB open", OPENS)
    for _ in range(bench.runs):
        with bench.review(repository) as screen:
            begin(screen)
            times = [moved(screen, "down", lambda: title_of(screen)) for _ in range(7)]
        vector.take(*times[::2])
        stream.take(*times[1::2])
    yield from (stream, vector)


def scrolls(bench: Bench) -> Iterator[Figure]:
    """Keys in a text of 50,000 lines, on its first screen and once all lines are laid out."""
    lines = [f"line {number:06} of what was said\n" for number in range(LINES)]
    pieces = ["".join(lines[at : at + 100]) for at in range(0, LINES, 100)]
    repository = bench.made(
        "text", ({"recordings/a.json": chat(0, 0, pieces)}, {"recordings/a.json": chat(0, 1, pieces)})
    )
    file = bench.folder / "lines.txt"
    file.write_text("".join(lines))
    figures = {
        key: Figure(f"{what} in 50,000 lines", BEYOND, is_beyond=True)
        for key, what in (("pagedown", "page down"), ("down", "cursor down"), ("pageup", "page up"))
    }
    early = Figure("page down while they are laid out", BEYOND, is_beyond=True)
    for _ in range(bench.runs):
        with bench.review(repository) as screen:
            begin(screen)
            screen.press("x")
            for _ in range(2):  # it is painted again and again meanwhile
                screen.until_bytes(b"line 000010")
            screen.look()
            pressed = screen.press("pagedown")
            early.take(screen.until(lambda: line_here(screen) >= 0, quiet=QUIET) - pressed)
            screen.press("G")
            screen.until(f"line {LINES - 1:06}", quiet=QUIET)
            screen.press("g", "pagedown")
            screen.until(lambda: 0 <= line_here(screen) < 100, quiet=QUIET)
            for key, figure in figures.items():
                figure.take(*(moved(screen, key, lambda: line_here(screen)) for _ in range(KEYS)))
        with bench.bare("lines", str(file)) as bare:
            bare.until(lambda: line_here(bare) == 0, quiet=QUIET)
            for key, figure in figures.items():
                times = [moved(bare, key, lambda: line_here(bare)) for _ in range(KEYS)]
                figure.floor.append(statistics.median(times))
            early.floor.append(figures["pagedown"].floor[-1])
    yield from (*figures.values(), early)


def memory(bench: Bench) -> Iterator[Figure]:
    """The most that the screen, or its child that reads, holds while every recording of the largest case is looked at.

    `n` goes to each that must be decided on, which is gone into and left; the cursor goes to those that need not be.
    """
    figure = Figure("peak MB, all of 33 MB looked at", MOST_MEMORY, is_memory=True)
    with bench.review(bench.case(LARGEST)) as screen:
        begin(screen)
        counted = re.search(r"· (\d+) recordings · 0 of (\d+) decided", screen.rows[0])
        if counted is None:
            raise RunError(f"no count of recordings in {screen.rows[0]!r}")
        every, undecided = map(int, counted.groups())
        seen = {title_of(screen)}
        for key, count in (("n", undecided), ("down", every)):
            while len(seen) < count:
                if key == "n":
                    for is_inside in (True, False):
                        screen.press("tab")
                        screen.until(lambda is_inside=is_inside: ("▌" in screen.text) == is_inside)  # type: ignore[misc]
                moved(screen, key, lambda: title_of(screen))
                seen.add(title_of(screen))
            screen.press("end", "right")  # into the branch of those
    figure.take(screen.memory)
    yield figure


FIGURES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "start": start, "fills": fills, "opens": opens, "scrolls": scrolls, "memory": memory,
}  # fmt: skip


# Recordings that are made


def large() -> tuple[dict[str, str], dict[str, str]]:
    """Two sides of four streamed chats and four answers with vectors, 1 MB each; something changed in each of them."""
    words = [f"word{number} " for number in range(1450)]
    old, new = (
        {f"recordings/{n}.json": vectors(n, side) if n % 2 else chat(n, side, words) for n in range(8)}
        for side in range(2)
    )
    return old, new


def chat(number: int, side: int, pieces: list[str]) -> str:
    """A streamed chat; on the new side the piece in the middle is another one."""
    said = list(pieces)
    if side:
        said[len(said) // 2] = said[len(said) // 2].replace("0", "zero ", 1).replace("7", "seven ", 1)
    chunks = [
        {
            "__type__": "openai.types.chat.chat_completion_chunk.ChatCompletionChunk",
            "__data__": {
                "id": f"chatcmpl-{number}-{side}",
                "choices": [
                    {
                        "delta": {"content": piece, "function_call": None, "refusal": None, "role": "assistant"},
                        "finish_reason": None, "index": 0, "logprobs": None,
                    }
                ],
                "created": 1_700_000_000 + side, "model": "tide-1", "object": "chat.completion.chunk",
                "service_tier": None, "system_fingerprint": None, "usage": None,
            },
        }
        for piece in said
    ]  # fmt: skip
    asked = {"messages": [{"role": "user", "content": f"Say it all, {number}"}], "stream": True}
    return recording(number, "/v1/chat/completions", asked, chunks)


def vectors(number: int, side: int) -> str:
    """An answer with vectors, of which one is another on the new side."""
    numbers = random.Random(number)
    data = [
        {"embedding": [numbers.uniform(-1, 1) for _ in range(768)], "index": index, "object": "embedding"}
        for index in range(36)
    ]
    if side:
        data[7]["embedding"] = [numbers.uniform(-1, 1) for _ in range(768)]
    usage = {"prompt_tokens": 5, "total_tokens": 5}
    body = {
        "__type__": "openai.types.create_embedding_response.CreateEmbeddingResponse",
        "__data__": {"data": data, "model": "tide-1", "object": "list", "usage": usage},
    }
    return recording(number, "/v1/embeddings", {"input": [f"text {n}" for n in range(36)]}, body)


def recording(number: int, path: str, asked: dict[str, object], body: object) -> str:
    """A recording as OGX writes it."""
    request = {
        "method": "POST", "url": f"http://localhost:8000{path}", "headers": {}, "body": {"model": "tide-1", **asked},
        "endpoint": path, "model": "tide-1",
    }  # fmt: skip
    response = {"body": body, "is_streaming": isinstance(body, list)}
    test_id = f"tests/test_large.py::test_large_{number}"
    return json.dumps({"test_id": test_id, "request": request, "response": response}, indent=2)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tui", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder that holds ogx/")
    parser.add_argument("-n", "--runs", type=int, default=7, help="runs of each program (7)")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"any of {', '.join(FIGURES)} (all)")
    options = parser.parse_args()
    if unknown := set(options.figures) - set(FIGURES):
        parser.error(f"no figure {', '.join(sorted(unknown))}; there are {', '.join(FIGURES)}")
    measured: list[Figure] = []
    skipped: list[str] = []
    for name in options.figures or FIGURES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                measured += FIGURES[name](Bench(options.corpus, Path(folder), max(options.runs, 1)))
            except FileNotFoundError as error:
                skipped.append(f"{name} skipped: {error}")
    if measured:
        print(table(HEADER, [one.row() for one in measured]))
        print(f"\nlimit of a key: the floor + {1000 * BEYOND:.0f} ms; best runs, of the keys of a run the median one")
    print("\n".join(skipped), end="\n" if skipped else "")
    return 0 if measured and all(one.reached for one in measured) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RunError, StuckError) as error:
        sys.exit(str(error))
