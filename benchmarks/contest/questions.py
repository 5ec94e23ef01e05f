"""The data sets of the contest, made on demand, and the questions asked on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recommender.data import (
    KNOWN,
    Dataset,
    Holdout,
    ReadOptions,
    Split,
    SplitName,
    build_dataset,
    read_tables,
    save_dataset,
    split_dataset,
)

ROOT = Path(__file__).parents[2]
DATA = ("sample", "movielens-100k", "online-retail", "complete-journey")
_ONLINE_RETAIL: Final[dict[str, str | None]] = {
    "user_id": "CustomerID",
    "item_id": "StockCode",
    "time": "InvoiceDate",
    "title": "Description",
    "quantity": "Quantity",
    "price": "UnitPrice",
    "basket_id": "InvoiceNo",
}


def dataset_path(name: str, build: Path, online_retail: Path | None) -> Path:
    """Where the named data set lies; it is built under `build` the first time."""
    if name == "sample":
        return ROOT / "sample_data" / "run" / "dataset"
    folder = build / name / "dataset"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        save_dataset(_built(name, online_retail), folder)
    return folder


def _built(name: str, online_retail: Path | None) -> Dataset:
    if name in KNOWN:
        return KNOWN[name].build(KNOWN[name].min_item_events)
    if online_retail is None:
        raise SystemExit("Online Retail is asked for: say where the file is by --online-retail")
    tables = read_tables(online_retail, options=ReadOptions(columns=_ONLINE_RETAIL))
    return build_dataset(tables, "Online Retail", min_item_events=10, min_user_events=5)


def write_questions(dataset: Dataset, folder: Path, name: SplitName | None = None) -> None:
    """The data set and a split (the proposed one by default), as `contest.exchange` reads them."""
    split: Split = split_dataset(dataset, name)
    kinds = np.array([kind in dataset.target_events for kind in dataset.event_types])
    events = dataset.interactions[["user", "item"]]
    target = kinds[dataset.interactions["event"].to_numpy()]
    folder.mkdir(parents=True, exist_ok=True)
    events.assign(target=target).to_parquet(folder / "events.parquet")
    pd.DataFrame({"train_end": split.train_end}).to_parquet(folder / "training.parquet")
    for part, holdout in (("validation", split.validation), ("test", split.test)):
        _cases(dataset, holdout).to_parquet(folder / f"{part}.parquet")
    facts = {
        "name": dataset.name,
        "fingerprint": dataset.fingerprint,
        "split": split.name,
        "events": len(events),
        "users": len(dataset.users),
        "items": len(dataset.items),
        "newcomers": len(split.newcomers),
    }
    (folder / "questions.json").write_text(json.dumps(facts, indent=1) + "\n")


def _cases(dataset: Dataset, holdout: Holdout) -> pd.DataFrame:
    left_out = dataset.uncounted["item"].to_numpy()
    known = zip(*dataset.uncounted_rows(holdout.users, holdout.cuts), strict=True)
    columns = {
        "user": holdout.users,
        "cut": holdout.cuts,
        "targets": [holdout.targets(case) for case in range(len(holdout))],
        "uncounted": [left_out[start:end] for start, end in known],
    }
    return pd.DataFrame(columns)
