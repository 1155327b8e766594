"""The JSON Schema of `recdiff.report/1`, which `report.schema.json` beside this module holds."""

from __future__ import annotations

from importlib.resources import files


def schema() -> str:
    """The schema (draft 2020-12) as JSON text, ending in a newline."""
    return (files("recdiff.reports") / "report.schema.json").read_text("utf-8")
