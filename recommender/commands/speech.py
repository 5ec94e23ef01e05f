"""How commands speak: to people on standard error, to programs on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
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


def tracked(values: Any, what: str) -> Iterable[Any]:
    """The values one by one, under a progress bar."""
    return track(values, description=what, console=say)
