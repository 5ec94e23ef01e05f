"""The file of recommendations for everyone, with the strongest reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from recommender.commands.app import note_here
from recommender.commands.speech import say, tracked
from recommender.commands.tables import write_table


def write_lists(run: Any, k: int, view: Literal["all", "new"], out: Path) -> None:
    """Write every user's top-k to the file, which appears whole or not at all."""
    import pandas as pd

    from recommender.explain.lists import COLUMNS, listed

    out.parent.mkdir(parents=True, exist_ok=True)  # before the work, should it be in vain
    users = tracked(range(len(run.dataset.users)), "Recommending")
    table = pd.DataFrame(listed(run, users, k, view), columns=list(COLUMNS))
    note_here("export", run.path)
    write_table(table, out)
    say.print(f"{len(table):,} recommendations written to {out}")
