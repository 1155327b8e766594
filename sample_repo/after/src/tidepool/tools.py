"""The tools that a model may call: small tables that the warden keeps."""

from __future__ import annotations

import json
from typing import Any

_HIGH_WATER = {"Saltmarsh": "10:42", "Gull Point": "11:15"}
_MOON = {"today": "waxing, two days after the first quarter"}
_WIND = {"Saltmarsh": "west 3", "Gull Point": "west 5, gusts 7"}


def declared(name: str) -> dict[str, Any]:
    """One tool, as it is declared to a model."""
    about, arguments = _TOOLS[name]
    properties = {argument: {"type": kind} for argument, kind in arguments.items()}
    parameters = {"type": "object", "properties": properties}
    return {"type": "function", "function": {"name": name, "description": about, "parameters": parameters}}


def run(name: str, arguments: str) -> str:
    """Call a tool with arguments as JSON text."""
    found = json.loads(arguments)
    if name == "get_tides":
        return f"High water at {found['harbour']}: {_HIGH_WATER[found['harbour']]}"
    if name == "get_moon":
        return f"Moon {found['day']}: {_MOON[found['day']]}"
    return f"Wind at {found['harbour']}: {_WIND[found['harbour']]}"


_TOOLS = {
    "get_tides": ("Tells high water.", {"harbour": "string"}),
    "get_moon": ("Tells the phase of the moon.", {"day": "string"}),
    "get_wind": ("Tells the wind.", {"harbour": "string", "gusts": "boolean"}),
}
