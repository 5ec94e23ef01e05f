"""What a training writes while it runs: progress as JSON lines, and its output."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from recommender.said import Said, as_it_is, heard

_LAST_BYTES: Final = 64_000
_LAST_LINES: Final = 200
PROGRESS, OUTPUT = "progress.jsonl", "output.txt"


def read_progress(folder: Path) -> tuple[dict[str, Any], ...]:
    """The latest complete lines of the progress file, since the training was last started."""
    lines = _tail(folder / PROGRESS).split("\n")[:-1]
    told = [_parsed(line) for line in lines if line.startswith("{") and line.endswith("}")]
    begun = max((i for i, line in enumerate(told) if line.get("state") == "started"), default=-1)
    if begun >= 0 and not told[begun + 1 :]:
        return ()
    return tuple(line for line in told if "step" in line or line.get("message"))


def note_start(folder: Path) -> None:
    """Mark in the progress file that the training is started, again perhaps."""
    with (folder / PROGRESS).open("a") as file:
        file.write(json.dumps({"state": "started"}) + "\n")


def how_it_ended(folder: Path) -> tuple[str, Said]:
    """State and message of the last line since the start; both empty if it says nothing."""
    lines = _tail(folder / PROGRESS).split("\n")[:-1]
    last = _parsed(lines[-1]) if lines else {}
    message = last.get("said", last.get("message", ""))
    try:
        return str(last.get("state", "")), heard(message)
    except ValueError:
        return str(last.get("state", "")), as_it_is(str(message))


def read_log(folder: Path) -> str:
    """The last lines of the output."""
    return "\n".join(_tail(folder / OUTPUT).splitlines()[-_LAST_LINES:])


def _tail(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - _LAST_BYTES, 0))
        return file.read().decode("utf-8", "replace")


def _parsed(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
