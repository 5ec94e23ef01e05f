"""Opens a run or data set from elsewhere, in a process that the memory it takes cannot hurt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from recommender.confined import confine, reading_limits
from recommender.workspace.places import kind_of
from recommender.workspace.records import fingerprint_of

_SAID: Final = 1_000
"""Characters of what is wrong: an error can hold a whole file."""


def main(folder: Path) -> int:
    """0 if it opens; else 1, and why not on standard output."""
    if kind_of(folder) == "run":
        import recommender.model.run  # noqa: F401  libraries count for nothing

    confine(reading_limits())
    try:
        if not fingerprint_of(folder):
            raise ValueError("its description cannot be read")
        _open(folder)
    except (ValueError, OSError, KeyError, TypeError) as error:
        print(" ".join(str(error)[:_SAID].split()) or type(error).__name__)
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
