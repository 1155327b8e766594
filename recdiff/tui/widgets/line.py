"""A line to write on; what is pasted into it, or stood there before, is shown like recorded text."""

from __future__ import annotations

from textual.widgets import Input

from recdiff.safe import visible


class WrittenLine(Input):
    """An input whose value holds nothing that a terminal would obey."""

    def validate_value(self, value: str) -> str:
        """Textual asks this before it takes a value."""
        return visible(value)
