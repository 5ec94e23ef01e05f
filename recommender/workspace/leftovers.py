"""What a training that did not end leaves beside its run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

CHECKPOINT: Final = "state.safetensors"


def unfinished(out: Path) -> Path:
    """Where `train` keeps the state of a training that is to write `out`."""
    return out.parent / f".{out.name}-unfinished"


def can_go_on(out: Path) -> bool:
    """Whether a training goes on from a whole epoch when it is started again."""
    return (unfinished(out) / CHECKPOINT).is_file()


def clear_leftovers(out: Path, checkpoints: bool = False) -> None:
    """Delete drafts of the run, and its checkpoint where it holds nothing or is not wanted."""
    if not out.parent.is_dir():
        return
    # Only what `train` itself names so: `.shop-2-unfinished` belongs to another run than `shop`.
    draft = re.compile(rf"\.{re.escape(out.name)}-(old-)?[a-z0-9_]{{8}}")
    for path in out.parent.iterdir():
        if draft.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
    if checkpoints or not can_go_on(out):
        shutil.rmtree(unfinished(out), ignore_errors=True)
