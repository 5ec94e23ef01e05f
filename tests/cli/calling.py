"""Calls the command line as a shell would: arguments in; exit code and both streams out."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recommender.commands import app, main

COMMANDS = (
    "sample", "fetch", "import", "train", "evaluate", "runs", "recommend", "explain", "trust",
    "tune", "library", "feedback",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a call left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output, which has to be one JSON document and nothing else."""
        assert self.code == 0, self.err
        return json.loads(self.out, parse_constant=_not_json)


def _not_json(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def call(*arguments: str | Path) -> Answer:
    """Call within this process, which spares loading torch again."""
    words, out, err = [str(word) for word in arguments], io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(lambda: app(words, prog_name="python -m recommender"))
        except SystemExit as end:
            code = int(end.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


def call_process(*arguments: str | Path) -> Answer:
    """Call in a process of its own."""
    words = [sys.executable, "-m", "recommender", *map(str, arguments)]
    ended = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    return Answer(ended.returncode, ended.stdout, ended.stderr)


def assert_one_paragraph(answer: Answer) -> None:
    """An error: exit code 1, nothing on standard output, one paragraph on standard error."""
    assert answer.code == 1
    assert answer.out == ""
    text = answer.err.strip()
    assert text.startswith("Error: ")
    assert "\n\n" not in text
    assert "Traceback" not in text
