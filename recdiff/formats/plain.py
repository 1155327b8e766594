"""Any other JSON file, compared by its structure: what a project or a folder calls a recording, and no format knows."""

from __future__ import annotations

from recdiff.jsonvalue import Json
from recdiff.model import Recording

NAME = "json"


def read(path: str, document: Json) -> Recording:
    """A document without interactions; its keys (or the whole, if it is no object) are what is compared."""
    top: dict[str, Json] = document if isinstance(document, dict) else {"": document}
    test_id = top.get("test_id")
    return Recording(path, NAME, test_id if isinstance(test_id, str) else None, (), document, top=top)
