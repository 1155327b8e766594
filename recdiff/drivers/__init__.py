"""What git calls: external diff, difftool, textconv, merge driver, mergetool, and turning them on and off."""

from __future__ import annotations

import os

OFF = "RECDIFF"
"""The variable that switches the external diff, difftool and merge drivers off for one command: `RECDIFF=0`."""


def is_off() -> bool:
    """Whether the user asked for git's own way this once. textconv never asks: git's cache would keep the answer."""
    return os.environ.get(OFF, "").lower() in ("0", "off", "no", "false")
