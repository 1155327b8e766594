"""Some hidden leaves of each rule, kept for faces that show examples: bounded, and never a count less."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from recdiff import pipeline
from recdiff.jsonvalue import canonical
from recdiff.model import FileReview, Review
from recdiff.rules.project import project_config
from recdiff.sources.folders import open_folders
from tests.reports.html.reviews import SAMPLE


def reviewed(*, samples: int = 0, trace: bool = False) -> Review:
    source = open_folders(str(SAMPLE / "before"), str(SAMPLE / "after"))
    config, _ = project_config(source, None)
    return pipeline.review(source, pipeline.Options(config, samples=samples, trace=trace))


def without_leaves(review: Review) -> list[FileReview]:
    return [entry._replace(hidden_leaves=()) for entry in review.files]


@pytest.fixture(scope="module")
def traced() -> Review:
    return reviewed(trace=True)


def test_none_is_kept_unless_asked_for() -> None:
    assert all(entry.hidden_leaves == () for entry in reviewed().files)


@pytest.mark.parametrize("most", [1, 3])
def test_as_many_of_each_rule_as_asked_for(most: int, traced: Review) -> None:
    found = reviewed(samples=most)
    assert without_leaves(found) == without_leaves(traced)
    assert found.groups == traced.groups
    for entry, whole in zip(found.files, traced.files, strict=True):
        kept = Counter(leaf.rule for leaf in entry.hidden_leaves)
        assert max(kept.values(), default=0) <= most
        assert kept.keys() == {leaf.rule for leaf in whole.hidden_leaves}, entry.path
        assert set(map(repr, entry.hidden_leaves)) <= set(map(repr, whole.hidden_leaves))


def test_samples_are_not_alike() -> None:
    for entry in reviewed(samples=5).files:
        said = Counter((leaf.rule, canonical(leaf.old), canonical(leaf.new)) for leaf in entry.hidden_leaves)
        assert not said or max(said.values()) == 1


def test_renamed_ids_have_samples_too(traced: Review) -> None:
    holders = [entry.path for entry in traced.files if "renamed-id" in entry.hidden]
    assert holders
    found = {entry.path: entry for entry in reviewed(samples=1).files}
    for path in holders:
        assert [leaf.rule for leaf in found[path].hidden_leaves].count("renamed-id") == 1


def test_a_trace_lists_all_whatever_samples_say(traced: Review) -> None:
    assert reviewed(samples=1, trace=True).files == traced.files


def test_files_are_told_with_their_samples_while_they_are_read(tmp_path: Path) -> None:
    told: list[FileReview] = []
    source = open_folders(str(SAMPLE / "before"), str(SAMPLE / "after"))
    config, _ = project_config(source, None)
    pipeline.review(source, pipeline.Options(config, samples=1, found=told.append))
    assert any(entry.hidden_leaves for entry in told)
    assert all(max(Counter(leaf.rule for leaf in entry.hidden_leaves).values(), default=0) <= 1 for entry in told)
