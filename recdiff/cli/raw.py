"""The plain line diff of files in a review, for `--raw`: git's own, of the two contents."""

from __future__ import annotations

from collections.abc import Iterator

from recdiff.cli.ranges import Asked, open_source
from recdiff.errors import GitError, UnreadableError
from recdiff.model import Review
from recdiff.reports.paint import Paint
from recdiff.safe import visible


def raw_lines(wanted: Asked, review: Review, paint: Paint) -> Iterator[str]:
    """For every file of the review, a heading and its unified diff, made visible line by line."""
    from recdiff.gitonce import unified_diff

    source = open_source(wanted)
    try:
        listing = source.listing()
        olds = {changed.old.path: changed.old for changed in listing.files if changed.old}
        news = {changed.new.path: changed.new for changed in listing.files if changed.new}
        for entry in review.files:
            old = olds.get(entry.old_path or "")
            new = news.get(entry.new_path or "")
            contents = [content for _, content in source.read([side for side in (old, new) if side])]
            broken = next((content for content in contents if isinstance(content, UnreadableError)), None)
            yield ""
            yield paint("heading", f"━━ {visible(entry.path)} ━━")
            if broken is not None:
                yield visible(str(broken))
                continue
            sides = iter(content for content in contents if isinstance(content, bytes))
            before, after = (next(sides, b"") if old else b""), (next(sides, b"") if new else b"")
            try:
                diff = unified_diff(before, after)
            except GitError as error:
                yield visible(f"no plain diff: {error}")
                continue
            for line in diff:
                text = visible(line.decode("utf-8", "replace").rstrip("\r\n"), lines=True)
                style = {"+": "added", "-": "removed", "@": "request"}.get(text[:1])
                yield paint(style, text) if style else text
    finally:
        source.close()
