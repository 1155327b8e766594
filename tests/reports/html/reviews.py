"""Reviews for pages: the sample project, one with many files, and one that holds hostile text in every field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from recdiff import pipeline
from recdiff.jsonvalue import Json
from recdiff.model import Change, ChangeClass, FileReview, Group, HiddenLeaf, Kind, Review, Selection, Synopsis
from recdiff.rules.project import project_config
from recdiff.sources.folders import open_folders

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample_repo"
CORPUS = ROOT.parent / "shared" / "corpus" / "ogx"

XSS = (
    "<script>window.zqx=1</script>",
    "</script><script>window.zqx=1</script>",
    "</script ><img src=x onerror=window.zqx=1>",
    "<!--<script>",
    "--><script>window.zqx=1</script>",
    '"><img src=x onerror="window.zqx=1">',
    "'><svg/onload=window.zqx=1>",
    "<img src=//evil.example/x.png>",
    "<iframe srcdoc='<script>parent.zqx=1</script>'></iframe>",
    "<svg><script>window.zqx=1</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.zqx=1>",
    "</title><script>window.zqx=1</script>",
    "</style><style>*{display:none}</style>",
    "</noscript><img src=x onerror=window.zqx=1>",
    "</template><script>window.zqx=1</script>",
    "</textarea><script>window.zqx=1</script>",
    '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
    '<base href="http://evil.example/">',
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<object data=http://evil.example/></object><embed src=http://evil.example/>",
    "<form action=http://evil.example/><button>Go</button></form>",
    "<a href=javascript:window.zqx=1>x</a>",
    "javascript:window.zqx=1",
    "data:text/html,<script>window.zqx=1</script>",
    "<details open ontoggle=window.zqx=1>",
    "<input autofocus onfocus=window.zqx=1>",
    "<body onload=window.zqx=1>",
    "<style>@import 'http://evil.example/x.css';</style>",
    '" style="background:url(http://evil.example/x)" x="',
    "' onmouseover='window.zqx=1' x='",
    "&lt;script&gt;window.zqx=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.zqx=1&#62;",
    "\\u003cscript\\u003ewindow.zqx=1\\u003c/script\\u003e",
    "{{ 7*7 }}{% for x in y %}${7*7}#{7*7}<%= 7*7 %>",
    '"];window.zqx=1;//',
    "`-window.zqx=1-`",
    "__proto__",
    "constructor",
    "]]><![CDATA[x",
    "<plaintext>",
    "<xmp><noembed><noframes>",
    "\u2028window.zqx=1\u2029",
    "\x00<scr\x00ipt>\x1b[31m\u202e\ud800\r\n\t",
)
"""Strings that do something where text is taken for markup or script."""


def of_folders(old: Path, new: Path, *, samples: int = 3) -> Review:
    """The review of two folders, named `main...re-record`."""
    source = open_folders(str(old), str(new))
    config, rules_changed = project_config(source, None)
    found = pipeline.review(source, pipeline.Options(config, rules_changed=rules_changed, samples=samples))
    return found._replace(label="main...re-record", old="main", new="re-record")


def sample() -> Review:
    """What recdiff makes of the sample project."""
    return of_folders(SAMPLE / "before", SAMPLE / "after")


def change(
    name: ChangeClass, old: Json, new: Json, label: str, *, kind: Kind = "changed", group: str | None = None
) -> Change:
    """One change."""
    return Change(name, f"/{label}", kind, old, new, label, f"/{label}", group=group)


def entry(**given: object) -> FileReview:
    """A pair that changed in meaning, with what is given."""
    facts: dict[str, object] = {
        "status": "meaningful",
        "old_path": "tests/recordings/a.json",
        "new_path": "tests/recordings/a.json",
        "paired_by": "path",
        "format": "ogx",
        "test_id": "tests/test_a.py::test_a",
        **given,
    }
    return FileReview(**facts)  # type: ignore[arg-type]


def review(files: Sequence[FileReview], groups: Sequence[Group] = (), **more: object) -> Review:
    """A review of these files."""
    return Review("main...x", "main", "x", tuple(files), tuple(groups), 0)._replace(**more)  # type: ignore[arg-type]


def many(count: int, *, text: str = "The tide is out until {0}. ", times: int = 5) -> Review:
    """That many pairs, a text of each changed; every second one is noise."""
    files = []
    for number in range(count):
        path = f"tests/recordings/{number:04}{'f' * 60}.json"
        facts = {"old_path": path, "new_path": path, "test_id": f"tests/test_{number % 20}.py::test_{number}[kelp-7b]"}
        if number % 2:
            files.append(entry(**facts, status="noise", hidden={"created": 1, "response-id": 1}))
        else:
            old, new = (text.format(hour) * times for hour in (f"nine {number}", f"ten {number}"))
            files.append(entry(**facts, changes=(change("text", old, new, "choices[0].text"),), turns=1))
    return review(files)


FIELDS = (
    "path", "old-path", "test", "old-text", "new-text", "tool", "argument", "value", "rule", "place", "hidden-old",
    "hidden-new", "group", "asked", "outcome", "endpoint", "model", "mark", "error", "about", "pairing", "label",
    "added", "json", "flow", "moved", "vector",
)  # fmt: skip
"""Every field of a file that holds recorded text, by the name that `hostile` gives its text."""


def said(field: str, payload: str) -> str:
    """What `hostile` puts into a field: the payload after the field's name, by which it is known again."""
    return f"zq-{field}:{payload}"


def hostile(payload: str, number: int) -> tuple[list[FileReview], Group]:
    """A file of each kind with a payload in every field that holds recorded text, and their group."""

    def at(field: str) -> str:
        return said(field, payload)

    call: dict[str, Json] = {"name": at("tool"), "arguments": {at("argument"): at("value")}}
    group = f"group-{number}"
    changes = (
        change("text", at("old-text"), at("new-text"), at("label")),
        change("text", f"one two three four {at('flow')} five six", f"one two three 4 {at('flow')} 5 six", "text"),
        change("tool", None, call, "choices[0].tool_calls[0]", kind="added"),
        change("tool", {**call, "arguments": at("value")}, None, "choices[0].tool_calls[1]", kind="removed"),
        change("error", None, {"message": at("added"), "data": {"type": at("added")}}, "error", kind="added"),
        change("data", {at("json"): [at("json")]}, {at("json"): [at("json"), 1]}, "body"),
        change("data", [1, at("moved")], [at("moved"), 1], "body", kind="moved"),
        change("data", {"dimension": at("vector")}, {"dimension": at("vector"), "cosine": 1}, "vector"),
        change("usage", at("old-text"), at("new-text"), f"usage.{at('label')}"),
        change("request", at("old-text"), at("new-text"), "url", group=group),
    )
    test = f"tests/test_a.py::{at('test')}"
    hidden = {at("rule"): 3}
    leaf = HiddenLeaf(at("rule"), at("place"), at("place"), at("hidden-old"), at("hidden-new"))
    lone = Synopsis(at("endpoint"), at("model"), at("asked"), at("outcome"), (at("mark"),))
    return [
        entry(
            old_path=at("old-path"), new_path=at("path"), paired_by="test", test_id=test, changes=changes,
            hidden=hidden, hidden_leaves=(leaf,), pairing=at("pairing"), about=at("about"), model=at("model"),
        ),
        entry(new_path=f"{at('path')}2", test_id=at("test"), changes=changes[-1:]),
        entry(status="noise", new_path=f"{at('path')}3", hidden=hidden, hidden_leaves=(leaf,)),
        entry(status="added", old_path=None, new_path=f"{at('path')}4", synopsis=lone),
        entry(status="removed", old_path=f"{at('path')}5", new_path=None, synopsis=lone),
        entry(status="unreadable", new_path=f"{at('path')}6", error=at("error")),
    ], Group(group, "request", at("group"), at("label"), at("old-text"), at("new-text"), 2)  # fmt: skip


def all_hostile() -> Review:
    """Every payload in every field of files, groups and the review itself."""
    made = [hostile(payload, number) for number, payload in enumerate(XSS)]
    files = [one for found, _ in made for one in found]
    every = "".join(said("review", payload) for payload in XSS)
    return Review(
        label=every,
        old=every,
        new=every,
        files=tuple(files),
        groups=tuple(group for _, group in made),
        skipped=len(XSS),
        notes=tuple(said("note", payload) for payload in XSS),
        rules_changed=tuple(said("rules", payload) for payload in XSS),
        others=tuple(said("other", payload) for payload in XSS),
        selection=Selection(every, len(files)),
    )


def walk(value: Json) -> Iterator[str]:
    """Every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)
