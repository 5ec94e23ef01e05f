"""How often each lens names the planted cause of a purchase that was held out of training.

    python benchmarks/causes.py RUN CAUSES.csv

Asked of every held-out purchase that an earlier event caused. A hit: an event of the causing item
is among the k strongest events of the lens; strict: the causing event itself. Recency and a
random order stand beside.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from machine import describe_machine
from rich.console import Console
from rich.progress import track
from rich.table import Table

from recommender.explain import explain
from recommender.model.run import Run, open_run

SEED = 0


def cases(run: Run, causes: pd.DataFrame) -> list[tuple[int, int, int, int]]:
    """User, item, causing item and causing time of every caused purchase in the test part."""
    users = {name: code for code, name in enumerate(run.dataset.users["user_id"])}
    items = {name: code for code, name in enumerate(run.dataset.items["item_id"])}
    caused = causes[causes["cause_item_id"].notna() & (causes["event"] == "purchase")]
    found = []
    for row in caused.itertuples():
        user, item = users[row.user_id], items[row.item_id]
        held_out = run.held_out(user)
        time = int(pd.Timestamp(row.time).timestamp())
        if held_out is not None and item in held_out.items and time >= held_out.as_of:
            cause_time = int(pd.Timestamp(row.cause_time).timestamp())
            found.append((user, item, items[row.cause_item_id], cause_time))
    return found


def measure(run: Run, causes: pd.DataFrame) -> pd.DataFrame:
    """Hit rates in percent: a row a lens, columns top1, top3, strict1, strict3."""
    rng = np.random.default_rng(SEED)
    hits: dict[str, list[list[bool]]] = {}
    for user, item, cause, cause_time in track(cases(run, causes), description="Explaining"):
        found = explain(run, run.history(user, before_held_out=True), item)
        orders = {
            "influence (log-softmax)": found.influence_log,
            "influence (logit)": found.influence,
            "contribution": found.contribution,
            "attention": found.attention,
            "recency": np.arange(len(found.items)),
            "random": rng.random(len(found.items)),
        }
        of_item = found.items == cause
        itself = of_item & (found.times == cause_time)
        for name, strength in orders.items():
            order = np.argsort(-strength, kind="stable")
            row = [bool(hit[order[:k]].any()) for hit in (of_item, itself) for k in (1, 3)]
            hits.setdefault(name, []).append(row)
    columns = ["top1", "top3", "strict1", "strict3"]
    means = {name: 100 * np.mean(rows, axis=0) for name, rows in hits.items()}
    table = pd.DataFrame.from_dict(means, orient="index", columns=columns)
    table.attrs["cases"] = len(next(iter(hits.values())))
    return table


def main(run_path: str, causes_path: str) -> None:
    """Print the table with the machine's description."""
    console = Console()
    console.print(describe_machine())
    table = measure(open_run(Path(run_path)), pd.read_csv(causes_path, dtype=str))
    shown = Table(title=f"Planted causes named, % of {table.attrs['cases']} caused purchases")
    shown.add_column("ranked by")
    for column in table.columns:
        shown.add_column(column, justify="right")
    for name, row in table.iterrows():
        shown.add_row(str(name), *(f"{value:.1f}" for value in row))
    console.print(shown)


if __name__ == "__main__":
    main(*sys.argv[1:3])
