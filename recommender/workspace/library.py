"""The workspace: a folder with the data sets and runs that people made, found by name."""

from __future__ import annotations

import os
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HOME = "RECLENS_HOME"
START_RUN = "RECLENS_RUN"
SAMPLE_RUN = Path("sample_data/run")
RUN_MARK, DATASET_MARK = "config.json", "schema.json"
LINKS = "links.txt"

Kind = Literal["run", "dataset"]


@dataclass(frozen=True)
class Entry:
    """One run or data set that can be opened by its name."""

    name: str
    kind: Kind
    path: Path


def home() -> Path:
    """The workspace folder: `RECLENS_HOME`, or `workspace` here."""
    return Path(os.environ.get(HOME) or "workspace")


def start_run() -> Path:
    """The run that opens first: `RECLENS_RUN`, or that of the sample data."""
    return Path(os.environ.get(START_RUN) or SAMPLE_RUN)


def kind_of(path: Path) -> Kind | None:
    """Whether a folder is a run, a data set, or neither."""
    if (path / RUN_MARK).is_file():
        return "run"
    return "dataset" if (path / DATASET_MARK).is_file() else None


def entries() -> tuple[Entry, ...]:
    """All runs and data sets: the one to start with, those made here, those linked from outside.

    Links and pages name an entry, never a folder, so nobody opens a folder that was not put here.
    """
    folders = [start_run(), *_children("runs"), *_children("datasets"), *_linked()]
    found: dict[str, Entry] = {}
    for path in folders:
        kind = kind_of(path)
        name = path.resolve().name
        if kind is None or any(entry.path.resolve() == path.resolve() for entry in found.values()):
            continue
        unique = free_name(name, found)
        found[unique] = Entry(unique, kind, path)
    return tuple(found.values())


def find(name: str) -> Entry | None:
    """The entry of this name; the one to start with if the name is empty.

    Where no run to start with was asked for and the sample has none, the newest run stands in.
    """
    every = entries()
    if name:
        return next((entry for entry in every if entry.name == name), None)
    first = next((entry for entry in every if entry.path == start_run()), None)
    if first is None and not os.environ.get(START_RUN):
        first = next((entry for entry in every if entry.kind == "run"), None)
    return first


def add_link(path: Path) -> Entry:
    """Put a folder from outside into the library.

    Raises ValueError if the folder is neither a run nor a data set.
    """
    path = path.expanduser().resolve()
    if kind_of(path) is None:
        raise ValueError(
            f"{path} is neither a run nor a data set: a run is a folder written by `train`, "
            "a data set one written by `import` or `fetch`"
        )
    if path not in [entry.path.resolve() for entry in entries()]:
        home().mkdir(parents=True, exist_ok=True)
        with (home() / LINKS).open("a", encoding="utf-8") as links:
            links.write(f"{path}\n")
    return next(entry for entry in entries() if entry.path.resolve() == path)


def new_path(kind: Kind, name: str) -> Path:
    """A folder for a new run or data set that does not exist yet."""
    parent = home() / f"{kind}s"
    taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
    return parent / free_name(safe_name(name), taken | {entry.name for entry in entries()})


def safe_name(name: str) -> str:
    """The name as a folder can be called: letters of any script, digits, dots and dashes."""
    return re.sub(r"[^\w.-]+", "-", name.strip()).strip("-._")[:60] or "data"


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or the name with the first number that is not taken."""
    number, unique = 2, name
    while unique in taken:
        unique, number = f"{name}-{number}", number + 1
    return unique


def _children(folder: str) -> list[Path]:
    parent = home() / folder
    if not parent.is_dir():
        return []
    return sorted(parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)


def _linked() -> list[Path]:
    links = home() / LINKS
    return [Path(line) for line in links.read_text().splitlines()] if links.is_file() else []
