"""What a writer or a training that did not end leaves beside what it was to write."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Final

from recommender.atomic import DRAFT, clear, put_back
from recommender.workspace.places import DATASET_MARK, RUN_MARK

CHECKPOINT: Final = "state.safetensors"
_OF_RUN: Final = (RUN_MARK, "weights.safetensors", "metrics.json", "curve.json")
_ASIDE: Final = {"data": r"\.(.+)\.old\.[a-z0-9_]{8}", "run": r"\.(.+)-old-[a-z0-9_]{8}"}
"""Folders in which versions before this one moved what they replaced, by what they called it there.
Names alone tell nothing: a draft of a run called `shop-old` was called like what `shop` moved."""

_OLDER: Final = re.compile(r"\..+(?:\.new\.|\.old\.|-)[a-z0-9_]{8}")
"""What such versions called drafts, and folders in which they moved something aside."""
_HELD: Final = ("", "data", "dataset", "run/dataset")
"""Where a data set stands in them; other hidden folders, called like them, are not ours."""


def drafts_in(parent: Path) -> list[Path]:
    """Hidden folders that this version or one before it wrote in, or that are called so."""
    ours = (path for path in parent.glob(".*") if path.is_dir() and not path.is_symlink())
    return [one for one in ours if DRAFT.fullmatch(one.name) or _OLDER.fullmatch(one.name)]


def data_in(draft: Path) -> list[Path]:
    """Folders of such a draft that may hold a data set."""
    if DRAFT.fullmatch(draft.name):
        return [users.parent for users in draft.rglob("users.parquet")]
    return [draft / place for place in _HELD]


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
    clear(out.parent)
    clear(unfinished(out))
    # As versions before this one called them; what they moved aside is left to the sweep.
    draft = re.compile(rf"\.{re.escape(out.name)}-[a-z0-9_]{{8}}")
    for path in out.parent.iterdir():
        if draft.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
    if checkpoints or not can_go_on(out):
        shutil.rmtree(unfinished(out), ignore_errors=True)


def settle_older(draft: Path) -> None:
    """Delete what a version before this one left; what it moved aside and put nothing in the place
    of is put back."""
    for held, called in _ASIDE.items():
        found = re.fullmatch(called, draft.name)
        if found and _is_whole(draft / held):
            put_back(draft / held, draft.with_name(found[1]))
    shutil.rmtree(draft, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    """Whether a run or data set has all its files; one that is half deleted has not."""
    is_run = (folder / RUN_MARK).is_file()
    data = folder / "dataset" if is_run else folder
    try:
        tables = json.loads((data / DATASET_MARK).read_text(encoding="utf-8"))["files"]
        files = [data / f"{name}.parquet" for name in tables]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all(path.is_file() for path in files + [folder / name for name in _OF_RUN if is_run])
