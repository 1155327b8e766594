"""`recdiff show` and `recdiff rules list`."""

from __future__ import annotations

import json
from pathlib import Path

from recdiff.rules.defaults import default_rules
from tests.building import RepoBuilder
from tests.cli.running import recdiff, recorded


def test_show_prints_a_line_of_json_for_each_file(repo: RepoBuilder) -> None:
    repo.commit({"a.json": recorded("one"), "b.json": "{"})
    repo.write("a.json", recorded("two"))
    done = recdiff(repo.path, "show", "--format", "json", "a.json", "HEAD:a.json", "b.json")
    assert done.code == 0
    shown = [json.loads(line) for line in done.lines]
    assert [view["path"] for view in shown] == ["a.json", "HEAD:a.json", "b.json"]
    texts = [view["interactions"][0]["response"]["reply"]["choices"][0]["text"] for view in shown[:2]]
    assert texts == ["two", "one"]
    assert shown[2]["interactions"] == [] and "JSON ends" in shown[2]["error"]
    assert recdiff(repo.path, "show", "--strict", "b.json").code == 2


def test_show_has_the_shape_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(recorded("one"))
    view = json.loads(recdiff(tmp_path, "show", "--format", "json", "a.json").out)
    assert view.keys() >= {"path", "format", "test_id", "error", "interactions"}
    interaction = view["interactions"][0]
    assert interaction["request"].keys() >= {"method", "url", "endpoint", "model", "body"}
    response = interaction["response"]
    assert response.keys() >= {"status", "streamed", "events", "protocol", "error", "body", "reply"}
    assert (response["streamed"], response["events"], response["protocol"]) == (False, 0, "openai-chat")
    choice = response["reply"]["choices"][0]
    assert choice.keys() >= {
        "index",
        "text",
        "reasoning",
        "refusal",
        "finish_reason",
        "tool_calls",
        "logprobs",
        "extra",
    }
    assert choice["tool_calls"] == [] and response["body"] is None


def test_an_existing_file_wins_over_a_revision(repo: RepoBuilder) -> None:
    repo.commit({"HEAD:a.json": recorded("the file"), "a.json": recorded("the blob")})
    assert "the file" in recdiff(repo.path, "show", "HEAD:a.json").out


def test_a_path_of_a_revision_from_a_subfolder(repo: RepoBuilder) -> None:
    repo.commit({"sub/a.json": recorded("deep")})
    assert "deep" in recdiff(repo.path / "sub", "show", "HEAD:./a.json").out
    assert "deep" in recdiff(repo.path / "sub", "show", "HEAD:sub/a.json").out


def test_show_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(recorded("The tide is high.", asked="How is the tide?"))
    lines = recdiff(tmp_path, "show", "--format", "text", "a.json").lines
    assert lines[0] == "a.json"
    assert any("How is the tide?" in line for line in lines)
    assert any("The tide is high." in line for line in lines)


def test_rules_list_names_every_rule_its_reason_and_origin(repo: RepoBuilder) -> None:
    rule = '[[rules]]\nname = "tier"\nselector = "response.**.tier"\naction = "hide"\nreason = "varies"\n'
    config = f'disable = ["seed"]\n{rule}'
    repo.write(".recdiff.toml", config)
    done = recdiff(repo.path, "rules", "list")
    assert done.code == 0
    for rule in default_rules():
        assert f"{rule.name}  default" in done.out or f"{rule.name}  (turned off)  default" in done.out
        assert rule.reason in done.out
    assert "seed  (turned off)" in done.out
    assert "tier  .recdiff.toml, line 2" in done.out and "hide: response.**.tier" in done.out


def test_rules_list_outside_a_repository(tmp_path: Path) -> None:
    done = recdiff(tmp_path, "rules", "list")
    assert done.code == 0 and "response-id" in done.out


def test_help_and_version(tmp_path: Path) -> None:
    assert recdiff(tmp_path, "--version").out.startswith("recdiff ")
    usage = recdiff(tmp_path, "--help").out
    for command in ("diff", "report", "show", "rules", "demo"):
        assert f"  {command}" in usage
        assert recdiff(tmp_path, command, "--help").out.startswith(f"Usage: recdiff {command}")
