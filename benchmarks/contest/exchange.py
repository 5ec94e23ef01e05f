"""What contestants read and write, as plain files, so that each can run in its own environment.

A folder of questions holds `events.parquet` (every event: user, item, whether it is of a kind that
is to be predicted; by user, then time), `training.parquet` (how many events of each user training
may see), `validation.parquet` and `test.parquet` (a row for each case: the user, how many events
come before, and the items that came next). An answer is a folder with `lists.parquet` (for each
view and case the best items, best first), and `facts.json` (what it cost).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from recommender.metrics import Cases, View, evaluate
from recommender.metrics.evaluator import views_of

LISTED = 100
"""Items in a list."""
PartName = Literal["validation", "test"]


@dataclass(frozen=True, eq=False)
class Questions:
    """The events, what training may see of them, and the cases that choose and judge."""

    events: pd.DataFrame
    """Columns `user`, `item`, `target`; row number = event."""
    train_end: np.ndarray
    """Training may see the first `train_end` events of each user."""
    parts: dict[PartName, pd.DataFrame]
    """Columns `user`, `cut`, `targets` (a list of items), `uncounted` (items that the user had
    before without interest, such as those rated low)."""
    n_items: int
    newcomers: int = 0
    """Users of the test part without an event before it; they are no cases."""

    @cached_property
    def _begin(self) -> np.ndarray:
        counts = np.bincount(self.events["user"], minlength=len(self.train_end))
        return np.concatenate([[0], np.cumsum(counts)])

    @cached_property
    def _nth(self) -> np.ndarray:
        return np.arange(len(self.events)) - self._begin[self.events["user"]]

    def training(self) -> pd.DataFrame:
        """The events that training may see."""
        return self.events[self._nth < self.train_end[self.events["user"]]]

    def histories(self, part: PartName) -> pd.DataFrame:
        """The events before each case, with its number in the column `case`."""
        cases = self.parts[part]
        cut = np.zeros(len(self.train_end), dtype=np.int64)
        number = np.full(len(self.train_end), -1)
        cut[cases["user"]] = cases["cut"]
        number[cases["user"]] = np.arange(len(cases))
        user = self.events["user"].to_numpy()
        rows = self.events[(self._nth < cut[user]) & (number[user] >= 0)]
        return rows.assign(case=number[rows["user"]])

    def cases(self, part: PartName) -> Cases:
        """The cases as the evaluator wants them."""
        seen, shape = self.histories(part), (len(self.parts[part]), self.n_items)
        targets, had = (_pairs(self.parts[part][name]) for name in ("targets", "uncounted"))
        return Cases(
            _ones(np.append(seen["case"], had[0]), np.append(seen["item"], had[1]), shape),
            _ones(*targets, shape),
        )


def _pairs(lists: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The number of the case and the item, for each item of each list."""
    case = np.repeat(np.arange(len(lists)), lists.str.len())
    return case, np.concatenate(lists.to_list()).astype(np.int64)


def _ones(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_matrix:
    data = np.ones(len(rows), dtype=np.float32)
    matrix = sparse.csr_matrix((data, (rows, columns)), shape=shape)
    matrix.data[:] = 1.0
    return matrix


def read_questions(folder: Path) -> Questions:
    """The questions in a folder."""
    facts = json.loads((folder / "questions.json").read_text())
    parts: tuple[PartName, PartName] = ("validation", "test")
    return Questions(
        events=pd.read_parquet(folder / "events.parquet"),
        train_end=pd.read_parquet(folder / "training.parquet")["train_end"].to_numpy(),
        parts={part: pd.read_parquet(folder / f"{part}.parquet") for part in parts},
        n_items=facts["items"],
        newcomers=facts.get("newcomers", 0),
    )


@dataclass(frozen=True)
class Lists:
    """The best items of each case, best first, for each view; -1 where a list is shorter."""

    items: dict[View, np.ndarray]

    def write(self, path: Path) -> None:
        """As Parquet: view, case, rank (from 1), item."""
        tables = []
        for view, items in self.items.items():
            case, place = np.nonzero(items >= 0)
            columns = {"case": case, "rank": place + 1, "item": items[case, place]}
            tables.append(pd.DataFrame({"view": view, **columns}))
        pd.concat(tables).to_parquet(path, index=False)

    @classmethod
    def read(cls, path: Path, n_cases: int) -> Lists:
        """Lists that `write` wrote."""
        found: dict[View, np.ndarray] = {}
        for view, table in pd.read_parquet(path).groupby("view"):
            items = np.full((n_cases, LISTED), -1)
            items[table["case"], table["rank"] - 1] = table["item"]
            found[view] = items  # type: ignore[index]
        return cls(found)


def judge(lists: Lists, cases: Cases) -> dict[View, dict[str, np.ndarray]]:
    """Metrics of each case, by the project's one evaluator; what is not listed comes last."""
    found = {}
    for view, items in lists.items.items():

        def scores(chunk: np.ndarray, items: np.ndarray = items) -> np.ndarray:
            listed = items[chunk]
            dense = np.full((len(chunk), cases.seen.shape[1]), -np.inf)
            row, place = np.nonzero(listed >= 0)
            dense[row, listed[row, place]] = -place
            return dense

        found |= evaluate(scores, cases, (view,))
    return found


def mean_ndcg(lists: Lists, cases: Cases) -> float:
    """NDCG@10, mean of the views: what chooses between settings and epochs."""
    return float(np.mean([np.mean(one["ndcg@10"]) for one in judge(lists, cases).values()]))


@dataclass
class Clock:
    """Wall and processor seconds since it was made."""

    def __post_init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def seconds(self) -> dict[str, float]:
        """Both, since the start."""
        wall, processor = time.perf_counter() - self.wall, time.process_time() - self.processor
        return {"seconds": wall, "cpu_seconds": processor}


def peak_gb() -> float:
    """Largest resident memory of this process so far, in 10^9 bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


ListsOf = Callable[[int, PartName, tuple[View, ...]], Lists]
"""Gives the best `k` items of each case of a part, in some views."""


def answer(out: Path, questions: Questions, lists_of: ListsOf, training: dict[str, Any]) -> None:
    """Ask a trained model for its lists of the test cases and write the answer.

    Top-10 is timed in one view.
    """
    views, ten = views_of(questions.cases("test")), Clock()
    lists_of(10, "test", views[:1])
    seconds = ten.seconds()
    lists_of(LISTED, "test", views).write(out / "lists.parquet")
    facts = {"training": training, "top10": seconds, "peak_gb": peak_gb()}
    (out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
