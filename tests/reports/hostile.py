"""Recorded text that would be more than text, reviews that hold it in every field, and pages taken apart again."""

from __future__ import annotations

import os
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import strategies as st
from markdown_it import MarkdownIt

from recdiff import pipeline
from recdiff.jsonvalue import Json
from recdiff.model import (
    CLASSES,
    STATUSES,
    Change,
    ChangeClass,
    FileReview,
    Group,
    Kind,
    Review,
    Selection,
    Synopsis,
)
from recdiff.rules.project import project_config
from recdiff.sources.folders import open_folders

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_repo"
LARGEST = ROOT.parent / "shared" / "corpus" / "ogx" / "bulk-rename-project"
GOLDEN = Path(__file__).parent / "golden"

MARK = "zqx"
"""Stands at both ends of recorded text, so that it is known wherever it comes out."""
BASE = "https://git.example/o/r/blob/0123abc"

KNOWN = (
    "`", "``` js", "````\n```\n~~~~", "~~~", "</details>", "</summary></td></table></code></p>", "<!-- ", "-->",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", '" onmouseover="alert(1)',
    "<a href='javascript:alert(1)'>x</a>", "<style>*{display:none}</style>", "<?php ?>", "<![CDATA[x]]>", "<plaintext>",
    "@octocat", "@org/team", "a@b.example", "#123", "GH-1", "o/r#1", "o/r@0123456789abcdef", "!12", "$34", "%5", "~bug",
    "0123456789abcdef0123456789abcdef01234567", "![x](http://evil.example/x.png)", "[x](http://evil.example)",
    "[x]: http://evil.example", "<http://evil.example>", "http://evil.example", "www.evil.example",
    "mailto:a@b.example",
    "|", "a | b\n|---|---|\n| c | d |", "| --- |", "\\|", "\\`", "&lt;b&gt;", "&#64;octocat", "&#x3c;b>", "&", "&amp",
    "*a* **b** _c_ __d__ ~~e~~", "# h", "> q", "- [ ] task", "1. one", "---", "===", "    code", "\tcode", ":smile:",
    "$`x`$", "$$x$$", "```math\nx\n```", "```mermaid\ngraph\n```", "> [!WARNING]", "[^1]", "/close", "\n/approve\n",
    "Fixes #1", "::set-output name=a::b", "\n::error::x", "\r\n::add-mask::x", "::stop-commands::x", "##[error]x",
    "%0A::error::x", "%25", "a:b,c=d", ",line=1::", "\x1b[31mred\x1b[m", "\x1b]8;;http://evil.example\x07x\x1b]8;;\x07",
    "\u202eevil\u202c", "\u2066x\u2069", "\u200b\u200d\ufeff", "\x00", "\x07\x08\x0b\x0c\x7f\x85", "\u2028\u2029",
    "\ud800", "\udfff\ud800", "\ufffe\uffff", "\x02del\x04", "\x03ins\x04\x02", "\x04", "]]>", "\n\n", " ", "\r",
    "<b>\n\n**b**", "\n\n# h\n\n", "\n\n<script>alert(1)</script>\n\n", "é̂", "👩‍👩‍👧", "漢字", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
)  # fmt: skip

ANY_TEXT = st.one_of(
    st.sampled_from(KNOWN),
    st.lists(st.sampled_from([*KNOWN, "\n", " ", "x"]), max_size=5).map("".join),
    st.text(st.characters(codec=None), max_size=40),
)


def marked(text: str) -> str:
    """Recorded text that is known again."""
    return f"{MARK}{text}{MARK}"


def change(change_class: ChangeClass, old: Json, new: Json, label: str, kind: Kind = "changed", **more: str) -> Change:
    """One change whose place is `label` and the pattern ends with it."""
    pattern = more.get("pattern", f"/interactions/0/response/{label}")
    return Change(
        change_class, f"/interactions/0/response/{label}", kind, old, new, label, pattern, group=more.get("group")
    )


def changes_of(text: str) -> tuple[Change, ...]:
    """Changes of every class and form, all of which say `text`."""
    call: Json = {"name": text, "arguments": {text: [text]}}
    vector: Json = {"dimension": text, "cosine": text, "largest": text}
    every = [change(name, text, f"{text}.", text) for name in CLASSES]
    return (
        *every,
        change("tool", None, call, "choices[0].tool_calls[0]", "added"),
        change("tool", {"name": text, "arguments": text}, None, "choices[0].tool_calls[1]", "removed"),
        change("tool", [text, "b"], ["b", text], "choices[0].tool_calls", "moved"),
        change("error", None, {"message": text, "data": {"type": text}}, "error", "added"),
        change("text", f"one two three {text} four five six", f"one two three {text} four 5 six", "choices[0].text"),
        change("data", None, text, f"body[{text}]", "added", pattern=f"/body/[{text}]"),
        change("data", text, None, f"body[{text}2]", "removed", pattern=f"/body/[{text}2]"),
        change("data", vector, {**vector, "cosine": 1}, f"{text} {text}"),
        change("data", {text: text}, [text, {text: None}], "body"),
        change("usage", {text: text}, None, f"usage.{text}", "removed"),
        change("request", text, f"{text}!", "url", group="g"),
    )


def review_of(text: str, *, times: int = 1, selection: bool = False) -> Review:
    """A review with a file of each status, `times` over, and with `text` in every field that holds text."""
    synopsis = Synopsis(text, text, text, text, (text,))
    files = []
    for number in range(times):
        path = f"{text}{number or ''}"
        for status in STATUSES:
            both = status not in ("added", "removed")
            files.append(
                FileReview(
                    status=status,
                    old_path=f"{path}~" if both or status == "removed" else None,
                    new_path=path if both or status == "added" else None,
                    paired_by="test" if both else None,
                    format="ogx",
                    test_id=f"{text}::{text}[{text}{number}]" if number % 2 else text,
                    hidden={text: 3, f"{text}2": 1},
                    error=f"{text} at line 7" if status == "unreadable" else None,
                    changes={"meaningful": changes_of(text), "minor": changes_of(text)[7:9]}.get(status, ()),
                    synopsis=None if both else synopsis,
                    pairing=text,
                    about=text,
                    model=text,
                )
            )
    group = Group("g", "request", text, text, text, f"{text}!", times)
    another = Group("h", "text", text, text, text, None, times)
    chosen = Selection(text, len(files), by_class=True) if selection else None
    return Review(text, text, text, tuple(files), (group, another), 3, (text,) * times, (text,) * times, (), chosen)


def sample() -> Review:
    """What recdiff makes of the sample project."""
    return of_folders(SAMPLE / "before", SAMPLE / "after")


def of_folders(old: Path, new: Path) -> Review:
    """The review of two folders, named `main...re-record`."""
    source = open_folders(str(old), str(new))
    config, rules_changed = project_config(source, None)
    found = pipeline.review(source, pipeline.Options(config, rules_changed=rules_changed))
    return found._replace(label="main...re-record", old="main", new="re-record")


def reader(folder: Path) -> Callable[[str], bytes | None]:
    """What gives the bytes of a folder's files."""
    return lambda path: (folder / path).read_bytes() if (folder / path).is_file() else None


def is_golden(name: str, text: str) -> bool:
    """Whether a text is what the golden file says; RECDIFF_GOLDEN=write writes it anew."""
    file = GOLDEN / name
    if os.environ.get("RECDIFF_GOLDEN") == "write":
        file.write_text(text, "utf-8")
    return file.read_text("utf-8") == text


# A page taken apart

TAGS = {
    "p", "b", "strong", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "del",
    "ins", "a",
}  # fmt: skip


class Page(HTMLParser):
    """A rendered comment: what stands in `<code>`, what stands beside it, and where links lead."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.codes: list[str] = []
        self.beside: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.struck: list[str] = []
        self._open: list[str] = []
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.tags.add(tag)
        self._open.append(tag)
        for name, value in attrs:
            if tag in ("th", "td"):
                assert (name, value) == ("style", "text-align:right")
            else:
                assert (tag, name) == ("a", "href")
                self.links.append(value or "")
        if tag == "code":
            assert self._open.count("code") == 1
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.codes[-1] += data
        else:
            self.beside.append(data)
        if {"del", "ins"} & set(self._open):
            self.struck.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)
