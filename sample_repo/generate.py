"""Write the sample: a small made-up project before and after its recordings were made anew.

    python sample_repo/generate.py [FOLDER]

writes FOLDER/before and FOLDER/after, FOLDER being this script's own where none is given. What stood there is replaced.
Code comes from `templates` (`both`, then what one side has alone), recordings from `story.py`. Needs only the standard
library; the same bytes at every run.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from shapes import Side  # noqa: E402
from story import recordings  # noqa: E402

HERE = Path(__file__).resolve().parent


def files(side: Side) -> dict[str, bytes]:
    """Every file of one side by its path."""
    found = {}
    for part in ("both", side.name):
        top = HERE / "templates" / part
        for file in sorted(top.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found[file.relative_to(top).as_posix()] = file.read_bytes()
    for recording in recordings(side):
        path = f"tests/recordings/{recording.name}"
        if path in found:
            raise ValueError(f"two recordings are called {recording.name}")
        found[path] = (json.dumps(recording.document, indent=2, ensure_ascii=False) + "\n").encode()
    return found


def write(folder: Path) -> None:
    """Write both sides below a folder."""
    for side in (Side("before"), Side("after")):
        top = folder / side.name
        if top.exists():
            shutil.rmtree(top)
        for path, content in files(side).items():
            file = top / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        count = len(list(top.glob("tests/recordings/*.json")))
        print(f"{top}: {count} recordings")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
