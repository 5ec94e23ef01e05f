"""The file of recommendations for everyone, with the strongest reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import typer

from recommender.commands.speech import say, tracked


def check_ending(out: Path) -> None:
    """Refuse a file that is neither CSV nor Parquet."""
    if out.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("--out must end in .csv or .parquet")


def write_lists(run: Any, k: int, view: Literal["all", "new"], out: Path) -> None:
    """Write every user's top-k to the file, which appears whole or not at all."""
    import pandas as pd

    from recommender.data.spreadsheets import to_csv
    from recommender.explain.lists import COLUMNS, listed

    out.parent.mkdir(parents=True, exist_ok=True)  # before the work, should it be in vain
    users = tracked(range(len(run.dataset.users)), "Recommending")
    table = pd.DataFrame(listed(run, users, k, view), columns=list(COLUMNS))
    draft = out.with_name(f".{out.name}.part")
    if out.suffix == ".csv":
        draft.write_bytes(to_csv(table))
    else:
        table.to_parquet(draft, index=False)
    draft.replace(out)
    say.print(f"{len(table):,} recommendations written to {out}")
