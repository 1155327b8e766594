"""How keys are named to people; Textual's own names are for programs."""

from __future__ import annotations

_NAMES = {
    "right_square_bracket": "]", "left_square_bracket": "[", "full_stop": ".", "comma": ",", "slash": "/",
    "question_mark": "?", "pageup": "page up", "pagedown": "page down", "up": "↑", "down": "↓", "left": "←",
    "right": "→",
}  # fmt: skip


def shown_key(key: str) -> str:
    """A key, or several with commas between them, as people know them."""
    return " ".join(_NAMES.get(one, one) for one in key.split(","))
