"""Running recdiff as its users do: a process of its own, in a repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def recdiff(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> Done:
    """Run `python -m recdiff` in a folder, without a terminal; a traceback is a failure wherever it shows."""
    done = subprocess.run(
        [sys.executable, "-m", "recdiff", *arguments],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RECDIFF_DEBUG": "1", **(environment or {})},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    err = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in err, err
    return Done(done.returncode, done.stdout.decode("utf-8", "replace"), err)


def report(folder: Path, *arguments: str) -> dict[str, object]:
    """The JSON report of a range."""
    done = recdiff(folder, "report", "--format", "json", *arguments)
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def recorded(
    text: str = "Hello",
    *,
    test_id: str | None = "tests/test_a.py::test_x",
    asked: str = "hi",
    created: int = 1,
    finish: str = "stop",
    **more: object,
) -> str:
    """A small OGX recording of one chat completion."""
    body = {
        "id": f"chatcmpl-{created}",
        "object": "chat.completion",
        "created": created,
        "model": "tide-1",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
        **more,
    }
    request = {
        "method": "POST",
        "url": "http://localhost:8000/v1/chat/completions",
        "headers": {},
        "body": {"model": "tide-1", "messages": [{"role": "user", "content": asked}]},
        "endpoint": "/v1/chat/completions",
        "model": "tide-1",
    }
    response = {
        "body": {"__type__": "openai.types.chat.chat_completion.ChatCompletion", "__data__": body},
        "is_streaming": False,
    }
    return json.dumps({"test_id": test_id, "request": request, "response": response}, indent=2)
