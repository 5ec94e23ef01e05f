"""Opens a run or data set from elsewhere, in a process that the memory it takes cannot hurt."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from recommender.confined import confine, reading_limits
from recommender.said import Said, StatedError, Value, as_it_is, said_by, written
from recommender.workspace.places import kind_of
from recommender.workspace.records import fingerprint_of

_LONGEST: Final = 1_000
"""Letters of a value: an error can hold a whole file."""
NO_MEMORY: Final = Said("it cannot be opened with the memory that it may take")


def main(folder: Path) -> int:
    """0 if it opens; else 1, and why not on standard output, as `written` has it."""
    if kind_of(folder) == "run":
        import recommender.model.run  # noqa: F401  libraries count for nothing

    confine(reading_limits())
    try:
        if not fingerprint_of(folder):
            raise StatedError("its description cannot be read")
        _open(folder)
    except (ValueError, OSError, KeyError, TypeError) as error:
        said = said_by(error) or as_it_is(type(error).__name__)
        print(written(said.but(**_shown(folder, said.values))))
        return 1
    except (MemoryError, RecursionError, RuntimeError):
        print(written(NO_MEMORY))
        return 1
    return 0


def _shown(folder: Path, values: Mapping[str, Value]) -> dict[str, Value]:
    """Values without the folder in which it is tried, which nobody has to know, and not endless."""
    return {name: _value(folder, value) for name, value in values.items()}


def _value(folder: Path, value: Value) -> Value:
    if isinstance(value, Said):
        return value.but(**_shown(folder, value.values))
    if not isinstance(value, str):
        return value
    return value[:_LONGEST].replace(str(folder), "the run").replace(folder.name, "the run")


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
