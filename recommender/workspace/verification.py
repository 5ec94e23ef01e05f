"""Opens a run or data set from elsewhere, in a process that the memory it takes cannot hurt."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Final

from recommender.workspace.places import kind_of

_MEMORY: Final = 12 * 2**30
"""Bytes of address space; libraries alone map some."""
_SECONDS: Final = 120


def main(folder: Path) -> int:
    """0 if it opens; else 1, and why not on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        _open(folder)
    except (ValueError, OSError, KeyError, TypeError) as error:
        print(" ".join(str(error).split()) or type(error).__name__)
        return 1
    except (MemoryError, RecursionError, RuntimeError):
        print("it cannot be opened with the memory that it may take")
        return 1
    return 0


def _open(folder: Path) -> None:
    if kind_of(folder) == "dataset":
        from recommender.data import load_dataset

        load_dataset(folder)
        return
    from recommender.model.run import open_run

    run = open_run(folder)
    _ = run.without_attention  # is read when it is first asked for


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
