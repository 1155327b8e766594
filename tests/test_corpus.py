"""What recdiff says of real re-recordings, against an independent reader of the raw JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks import CORPUS, accuracy, ogx_cases, streams  # noqa: E402

pytestmark = pytest.mark.skipif(
    not (CORPUS / "ogx").is_dir(), reason="the corpus of real recordings is not at ../shared/corpus"
)

CASES = [case.name for case in ogx_cases(CORPUS)] if (CORPUS / "ogx").is_dir() else []
NEED_OPENAI = (*accuracy.STATUS, accuracy.all_modified_are_noise)


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], accuracy.Review]:
    """A case as a real repository, with recdiff's report: made once for the module."""
    reviews: dict[str, accuracy.Review] = {}

    def of(case: str) -> accuracy.Review:
        if case not in reviews:
            reviews[case] = accuracy.Review(CORPUS / "ogx" / case, tmp_path_factory.mktemp("corpus") / case)
        return reviews[case]

    return of


@pytest.mark.parametrize(
    ("case", "check"),
    [
        pytest.param(case, check, id=f"{case}-{check.__name__}")
        for case in CASES
        for check in accuracy.checks(case)
        if check is not accuracy.undecided
    ],
)
def test_figure_is_reached(case: str, check: accuracy.Check, review: Callable[[str], accuracy.Review]) -> None:
    if check in NEED_OPENAI:
        pytest.importorskip("openai")
    figure = check(review(case))
    assert figure.passed is not False, str(figure)


def test_chat_streams_collapse_as_the_openai_sdk_does() -> None:
    pytest.importorskip("openai")
    tally = streams.compare(CORPUS, ("chat-stream", "Completion-stream"))
    assert not [place for kind in tally.values() for place in kind.differ]
    assert tally["chat-stream"].agree > 1000


def test_interactions_collapse_as_plain_concatenation_does() -> None:
    tally = streams.compare(CORPUS, ("interactions-sse",))
    assert not tally["interactions-sse"].differ
    assert tally["interactions-sse"].agree


@pytest.mark.parametrize(
    ("kind", "package"),
    [("anthropic-sse", "anthropic"), ("ollama-stream", "ollama"), ("gemini-stream", "google.genai")],
)
def test_other_streams_collapse_as_their_sdk_does(kind: str, package: str) -> None:
    pytest.importorskip(package)
    tally = streams.compare(CORPUS, (kind,))
    assert not tally[kind].differ
    assert tally[kind].agree
