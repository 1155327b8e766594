"""What a test's id says: pytest's node ids, which recorders keep beside a recording."""

from __future__ import annotations


def split_test_id(test_id: str | None) -> tuple[str | None, str]:
    """A pytest node id as function (`file.py::Class::test_x`) and parameters (`a-b`, without brackets)."""
    if not test_id:
        return None, ""
    function, bracket, parameters = test_id.partition("[")
    return function, parameters.removesuffix("]") if bracket else ""
