"""How commands speak: to people on standard error, to programs on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import track

say = Console(stderr=True, highlight=False, markup=False, emoji=False)
"""People are spoken to on standard error."""
results = Console(highlight=False, markup=False, emoji=False)
"""Standard output carries results alone. Titles and paths are shown as they are: no markup."""


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on standard output; NaN is refused, since JSON has none."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def iso(seconds: int) -> str:
    """Seconds since 1970 as people write a moment."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def tracked(values: Any, what: str) -> Iterable[Any]:
    """The values one by one, under a progress bar."""
    return track(values, description=what, console=say)
