"""The comment: what it says of the sample, what it leaves out within a limit, and that recorded text is but text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recdiff.model import CLASSES, STATUSES, FileReview, Review, Selection
from recdiff.reports.changedlines import lines_of_changes
from recdiff.reports.github import step_summary
from recdiff.reports.inert import Marked, changed_code, code, link
from recdiff.reports.markdown import COMMENT_LIMIT, markdown
from recdiff.safe import visible
from tests.reports.hostile import (
    ANY_TEXT,
    BASE,
    KNOWN,
    LARGEST,
    MARK,
    SAMPLE,
    Page,
    change,
    changes_of,
    is_golden,
    marked,
    of_folders,
    reader,
    review_of,
    sample,
)

SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def review() -> Review:
    return sample()


def empty(**more: Any) -> Review:
    return Review("main...x", "main", "x", (), (), 0)._replace(**more)


# What it says


def test_the_sample_is_told_as_before(review: Review) -> None:
    text = markdown(review, link_base=BASE, read_new=reader(SAMPLE / "after"))
    assert is_golden("sample.md", text)


def test_the_verdict_comes_first_and_what_loosens_it_next(review: Review) -> None:
    blocks = markdown(review).split("\n\n")
    assert blocks[0] == (
        "**recdiff: 11 of 26 re-recorded files changed in meaning** · 1 error · 2 tool · 2 finish · 8 request · 6 model"
        " · 5 text · 3 data · 3 minor only · 9 noise only · 2 added · 1 removed"
    )
    assert "changes recdiff's rules" in blocks[1]
    assert "buoy-battery" in blocks[1]
    noted = markdown(review._replace(rules_changed=(), notes=("a link was not followed",)))
    assert "a link was not followed" in noted.split("\n\n")[1]


def test_every_recording_that_changed_is_folded_under_its_test(review: Review) -> None:
    titles = re.findall("<summary>(.*?)</summary>", markdown(review))
    changed = [re.sub("<[^>]*>", "", title) for title in titles if "<b>" not in title]
    assert len(changed) == review.count("meaningful")
    assert "test_tools.py · test_wind_with_gusts[kelp-7b]: tool" in changed
    assert "test_outlook.py · test_night_outlook[kelp-7b]: finish, text, usage" in changed


def test_words_arguments_vectors_and_lists_read_as_such(review: Review) -> None:
    page = Page(markdown(review))
    assert 'true → "true"' in page.codes
    assert "24 dimensions, cosine 0.958500, largest difference 0.059" in page.codes
    assert "kelp-7b-long driftwood-3b" in page.codes
    assert {"two", "one", " and starfish"} <= set(page.struck)


def test_groups_are_told_once_with_their_count(review: Review) -> None:
    text = markdown(review)
    assert text.count("inference.tidepool.example") == 1
    row = "<tr><td>request</td><td>8</td><td><code>url: models.tidepool.example → inference.tidepool.example</code>"
    assert row in text


def test_without_differences_it_says_between_what(review: Review) -> None:
    assert markdown(empty(skipped=2)) == (
        "**recdiff: no recordings differ** · 2 other files do\n\n"
        "<p>Compared: <code>main</code> and <code>x</code>.</p>\n"
    )
    told = markdown(empty(selection=Selection("--only tool", 5)))
    assert told.startswith("**recdiff: none of 5 differing recordings is what was asked for**")
    assert "<code>--only tool</code>" in told
    noise = markdown(review._replace(files=tuple(entry for entry in review.files if entry.status == "noise")))
    assert noise.startswith("**recdiff: no change in meaning in 9 re-recorded files** · 9 noise only\n")


def test_a_part_that_was_asked_for_is_told_with_its_minor_changes(review: Review) -> None:
    files = tuple(
        entry._replace(changes=tuple(c for c in entry.changes if c.change_class == "usage"), status="minor")
        for entry in review.files
        if any(c.change_class == "usage" for c in entry.changes)
    )
    chosen = Selection("--only usage", 26, by_class=True)
    text = markdown(review._replace(files=files, groups=(), selection=chosen))
    assert text.count("<details>") == len(files)
    assert "<code>--only usage</code>" in text


def test_links_lead_to_the_line_of_the_change(review: Review) -> None:
    read = reader(SAMPLE / "after")
    page = Page(markdown(review, link_base=BASE + "/", read_new=read))
    for entry in review.files:
        for position, found in enumerate(entry.changes):
            if entry.status == "meaningful" and found.group is None and found.change_class in ("tool", "text"):
                data = read(entry.path)
                assert data is not None
                line = lines_of_changes(entry.path, data, entry.changes)[position]
                assert f"{BASE}/{entry.path}#L{line}" in page.links
    gone = [entry.old_path for entry in review.files if entry.status == "removed"]
    assert not any(str(path) in address for path in gone for address in page.links)


def test_an_odd_path_links_below_the_base_or_nowhere() -> None:
    assert link(BASE, "a b/ü#?%.json", 3, "x") == f'<a href="{BASE}/a%20b/%C3%BC%23%3F%25.json#L3">x</a>'
    for path in ("../x", "a/../../x", "/etc/passwd", "a//b", "./a", "", None):
        assert link(BASE, path, 3, "x") == "x"
    assert link('https://x"><script>', "a", None, "x") == '<a href="https://x&quot;&gt;&lt;script&gt;/a">x</a>'
    assert link(None, "a", 1, "x") == "x"


def test_the_command_that_tells_all_is_named(review: Review) -> None:
    assert "<code>recdiff diff --full main...re-record</code>" in markdown(review)
    words = markdown(review._replace(label="HEAD → work tree"))
    assert "<code>recdiff diff --full</code> on <code>HEAD → work tree</code>" in words


# Within a limit


def check_counts(text: str, review: Review) -> None:
    """All counts are there, whatever was left out."""
    for status in STATUSES:
        if review.count(status) and status != "meaningful":
            assert f"{review.count(status):,} {status}" in text
    for name in CLASSES:
        count = sum(any(c.change_class == name for c in entry.changes) for entry in review.files)
        if count:
            assert re.search(rf"{name} {count:,}\b|\| {name} \| \w+ \| {count:,} \|", text), name


def test_it_tells_less_step_by_step(review: Review) -> None:
    whole = markdown(review)
    told = []
    for limit in (len(whole), len(whole) - 1, 6_000, 4_500, 3_000, 2_000):
        text = markdown(review, limit=limit)
        assert len(text) <= limit
        check_counts(text, review)
        page = Page(text)
        told.append((text.count("<details><summary><code>"), text.count("<tr><td>"), "Left out" in text))
        assert page.tags
    assert told[0] == (11, told[0][1], False)
    assert told[1] == (11, told[0][1], True), "fewer words first"
    assert [recordings for recordings, _, _ in told] == sorted((recordings for recordings, _, _ in told), reverse=True)
    assert told[-1][0] < 11
    assert all(is_cut for _, _, is_cut in told[1:])


def test_the_weightiest_recordings_are_kept(review: Review) -> None:
    text = markdown(review, limit=5_000)
    kept = re.findall("</code>: ([a-z, ]+)</summary>", text)
    assert 0 < len(kept) < 11
    assert "error, finish, text" in kept
    assert not set(kept) & {"data", "data, usage"}
    assert f"{11 - len(kept)} changed" in text


def test_what_is_left_out_is_counted() -> None:
    files = tuple(
        FileReview("meaningful", f"{n}.json", f"{n}.json", "path", "ogx", f"t.py::test_{n}", changes=(
            change("text", "word " * 300, "other " * 300, "choices[0].text"),
        ))
        for n in range(400)
    )  # fmt: skip
    review = empty(files=files)
    text = markdown(review)
    shown = text.count("<details>")
    assert 20 < shown < 400
    assert f"… and {400 - shown} more recordings that changed" in text
    assert f"{400 - shown} changed, words around changes" in text
    assert COMMENT_LIMIT - 2_000 < len(text) <= COMMENT_LIMIT


@pytest.mark.parametrize("times", [1, 8])
@pytest.mark.parametrize("text", ["<&>" * 2_000, "🏴" * 900, "word " * 900, "x" * 9_000, "\n" * 999, "\x1b" * 999])
def test_any_limit_holds_for_long_text(times: int, text: str) -> None:
    review = review_of(text, times=times, selection=True)
    for limit in (2_000, 5_000, 65_536):
        found = markdown(review, limit=limit, link_base=BASE)
        assert len(found) <= limit
        check_counts(found, review)
        Page(found)
    assert len(step_summary(review, limit=3_000, link_base=BASE).encode()) <= 3_000


@SOME
@given(ANY_TEXT, st.integers(1, 12), st.integers(2_000, 30_000), st.booleans())
def test_any_limit_holds(text: str, times: int, limit: int, selection: bool) -> None:
    review = review_of(marked(text), times=times, selection=selection)
    found = markdown(review, limit=limit, link_base=BASE)
    assert len(found) <= limit
    assert found == markdown(review, limit=limit, link_base=BASE)
    check_counts(found, review)
    Page(found)


def test_the_largest_case_of_the_corpus_is_within_its_limit() -> None:
    if not LARGEST.is_dir():
        pytest.skip("the corpus of real recordings is not at ../shared/corpus")
    review = of_folders(LARGEST / "old", LARGEST / "new")
    text = markdown(review, link_base=BASE, read_new=reader(LARGEST / "new"))
    assert len(text) <= COMMENT_LIMIT
    assert len(text.encode()) <= 4 * COMMENT_LIMIT
    check_counts(text, review)
    assert "<td>166</td>" in text
    page = Page(text)
    assert all(address.startswith(f"{BASE}/tests/integration/") for address in page.links)


# Recorded text is but text


def check_inert(text: str, page: str, links: bool = True) -> Page:
    """Recorded text stands in `<code>` alone, in blocks of HTML, and begins no line."""
    found = Page(page)
    beside = "".join(found.beside)
    assert MARK not in beside
    assert not set("@#`*[]\\$~<>&") & set(beside)
    assert not re.search(r"https?:|www\.|:\w+:|\b[0-9a-f]{7,}\b", beside)
    assert all(address.startswith(f"{BASE}/") for address in found.links)
    assert all(re.fullmatch(r"[\w/.~%-]+(#L\d+)?", address[len(BASE) :]) for address in found.links)
    for line in page.splitlines():
        assert MARK not in line or line.startswith("<"), line
    for block in page.split("\n\n"):
        assert MARK not in block or block.startswith(("<p>", "<table>", "<details>")), block
    page.encode("utf-8")
    assert visible(page, lines=True) == page
    return found


@pytest.mark.parametrize("text", KNOWN)
def test_known_strings_are_inert_in_every_field(text: str) -> None:
    text = marked(text)
    for selection in (False, True):
        review = review_of(text, times=2, selection=selection)
        found = check_inert(text, markdown(review, link_base=BASE, read_new=lambda path: None))
        shown = visible(text)
        assert f"{text} at line 7".replace(text, shown) in found.codes  # the reason of what cannot be read
        assert found.codes.count(shown) >= 4  # notes, changed rules, paths, rules
        assert any(f"{shown}." in told for told in found.codes)  # what is new
    assert shown in check_inert(text, markdown(empty(old=text, new=text))).codes


@SOME
@given(ANY_TEXT, st.booleans())
def test_any_text_is_inert_in_every_field(text: str, selection: bool) -> None:
    text = marked(text)
    check_inert(text, markdown(review_of(text, selection=selection), link_base=BASE, read_new=lambda path: b"{}"))


@SOME
@given(ANY_TEXT, ANY_TEXT)
def test_changed_words_say_what_was_recorded(old: str, new: str) -> None:
    paint = Marked(context=10**9, longest=10**9)
    page = Page(f"<p>{changed_code(paint.removed(visible(old)) + visible('kept') + paint.added(visible(new)))}</p>")
    assert page.codes == [f"{visible(old)}kept{visible(new)}"]
    assert "".join(page.struck) == visible(old) + visible(new)


@SOME
@given(st.text("<&>\x02\x03\x04\n漢x", max_size=60), st.integers(1, 80))
@example("&&&&", 6)
def test_a_cut_is_seen_and_cuts_no_tag(text: str, most: int) -> None:
    html = code(text, most)
    (told,) = Page(f"<p>{html}</p>").codes
    whole = Page(f"<p>{code(text)}</p>").codes[0]
    assert len(re.sub("</?(?:code|del|ins)>", "", html)) <= max(most, 1) + 1
    assert told == whole or (told.endswith("…") and whole.startswith(told[:-1]))


def test_an_object_that_looks_like_a_vector_is_told_as_it_stands() -> None:
    text = marked("\x1b[31m")
    vectors = [found for found in changes_of(text) if isinstance(found.old, dict) and "cosine" in found.old]
    file = FileReview("meaningful", "a", "a", "path", "ogx", "t.py::t", changes=tuple(vectors))
    page = check_inert(text, markdown(empty(files=(file,)), link_base=BASE))
    assert any('"dimension"' in told and r"\u001b" in told for told in page.codes)
