"""The command that measures ahead of time what pages show of a whole run: measure."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from recommender.commands.app import RunPath, app, example
from recommender.commands.speech import say, tracked

_PATIENCE = 5
"""How far it steps back (nice): others come first, but where they never rest it still ends."""


@app.command(epilog=example("measure sample_data/run"))
def measure(
    run: RunPath,
    names: Annotated[
        list[str] | None, typer.Argument(help="What to measure. Default: everything.")
    ] = None,
    patient: Annotated[
        bool, typer.Option("--patient", help="Let others have the processor first.")
    ] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Print how far it is as lines of JSON.")
    ] = False,
) -> None:
    """Measure what pages show of the whole run, and keep it there, so that nobody waits for it."""
    from recommender.evaluate import MEASUREMENTS, measured
    from recommender.evaluate import measure as take
    from recommender.model.run import open_run

    if unknown := sorted(set(names or ()) - set(MEASUREMENTS)):
        raise ValueError(f"no such measurement: {unknown[0]}. There are {', '.join(MEASUREMENTS)}")
    if patient and hasattr(os, "nice"):
        os.nice(_PATIENCE)
    opened = open_run(run)

    def tell(done: int, total: int) -> None:
        if lines:
            sys.stdout.write(json.dumps({"done": done, "of": total}) + "\n")
            sys.stdout.flush()

    for name in tracked(names or list(MEASUREMENTS), "Measuring"):
        take(opened, name, tell)
        if measured(opened, name) is None:
            raise OSError(f"{run} cannot be written: {name} was measured but could not be kept")
    say.print(f"Kept in {run}")
