"""Items that nobody had yet and users without a history: what their features alone are good for.

    python benchmarks/cold.py [DATASET] [--seed N]

A tenth of the items and a tenth of the users are drawn, and every event of theirs is taken out of
training. Then it is asked: what would the remaining users buy of the items held out, the first
time they did, from the events before that moment; and what do the users held out buy in each of
their baskets, from their profile alone. The trained state is kept in `build/cold`, so a training
that was stopped goes on, and one that ended is not repeated while the recipe is the same.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.data import Dataset, Holdout, load_dataset, split_dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.uncounted import no_rows
from recommender.evaluate.segments import bootstrap
from recommender.metrics.evaluator import Scores, evaluate
from recommender.model.baselines import Recency, fading_histories, holdout_cases, popularity
from recommender.model.batches import TrainingEvents
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.newcomers import welcome_new_items
from recommender.model.training import Progress, case_scores, fit
from recommender.model.uniqueness import make_shares_unique

SHARE: Final = 0.1
"""Of the items, and of the users, that are held out."""
MAX_CASES: Final = 2000
METRICS: Final = ("ndcg@10", "recall@10")
BUILD = Path("build/cold")


@dataclass(frozen=True, eq=False)
class Cold:
    """A data set whose cold items and users have no events, and the questions about them."""

    dataset: Dataset
    items: Bool[np.ndarray, " item"]
    users: Bool[np.ndarray, " user"]
    item_cases: Holdout
    """First purchases of cold items by users that are not cold."""
    user_cases: Holdout
    """Baskets of cold users, with nothing before them; targets are items that are not cold."""
    last_cases: Holdout
    """The last basket of each user that is not cold, with all its items, cold ones too."""


def hold_out(dataset: Dataset, seed: int) -> Cold:
    """Draw the cold items and users, and take out their events."""
    rng = np.random.default_rng(seed)
    items, users = (_drawn(len(table), rng) for table in (dataset.items, dataset.users))
    events = dataset.interactions
    user, item = events["user"].to_numpy(), events["item"].to_numpy()
    kept = ~items[item] & ~users[user]
    rest = replace(dataset, interactions=events[kept].reset_index(drop=True), uncounted=no_rows())
    rest = replace(rest, fingerprint=dataset_fingerprint(rest))
    names = np.array([name in dataset.target_events for name in dataset.event_types])
    targets = names[events["event"].to_numpy()]
    first = ~events[targets].duplicated(["user", "item"]).reindex(events.index, fill_value=True)
    kept_before = np.concatenate([[0], np.cumsum(kept)])
    before = kept_before[_basket_starts(dataset)] - kept_before[dataset.offsets[user]]
    of_items = targets & items[item] & ~users[user] & first.to_numpy() & (before > 0)
    of_users = targets & users[user] & ~items[item]
    last_cut = np.full(len(users), -1)
    test = split_dataset(rest).test
    last_cut[test.users] = test.cuts
    of_last = targets & (before == last_cut[user])
    return Cold(
        dataset=rest,
        items=items,
        users=users,
        item_cases=_cases(dataset, of_items, before, rng),
        user_cases=_cases(dataset, of_users, np.zeros_like(before), rng),
        last_cases=_cases(dataset, of_last, before, rng),
    )


def _drawn(n: int, rng: np.random.Generator) -> Bool[np.ndarray, " row"]:
    drawn = np.zeros(n, dtype=bool)
    drawn[rng.choice(n, round(SHARE * n), replace=False)] = True
    return drawn


def _basket_starts(dataset: Dataset) -> Int[np.ndarray, " event"]:
    """The row at which each event's basket begins."""
    events = dataset.interactions
    new = events[["user", "basket"]].diff().ne(0).any(axis=1).to_numpy()
    return np.maximum.accumulate(np.where(new, np.arange(len(events)), 0))


def _cases(
    dataset: Dataset,
    asked: Bool[np.ndarray, " event"],
    before: Int[np.ndarray, " event"],
    rng: np.random.Generator,
) -> Holdout:
    """A case for each basket with events that are asked for; of too many a random part."""
    events = dataset.interactions[asked].assign(cut=before[asked])
    baskets = events.groupby(["user", "basket"]).agg(
        time=("time", "first"), cut=("cut", "first"), items=("item", lambda of: np.unique(of))
    )
    if len(baskets) > MAX_CASES:
        baskets = baskets.iloc[np.sort(rng.choice(len(baskets), MAX_CASES, replace=False))]
    targets = baskets["items"].tolist()
    return Holdout(
        users=baskets.index.get_level_values("user").to_numpy(),
        cuts=baskets["cut"].to_numpy(),
        as_of=baskets["time"].to_numpy(),
        target_offsets=np.cumsum([0, *map(len, targets)]),
        target_items=np.concatenate(targets),
    )


def train(cold: Cold, seed: int, console: Console) -> tuple[Scorer, Scorer, TrainingEvents]:
    """A model of what is left, as `train` makes it, and with new items as training left them."""
    split, config = split_dataset(cold.dataset), TrainConfig(seed=seed)
    BUILD.mkdir(parents=True, exist_ok=True)
    epochs = [0]

    def say(now: Progress) -> None:
        if now.epoch > epochs[0]:
            epochs[0] = now.epoch
            console.print(f"epoch {now.epoch} …")

    trained = fit(
        cold.dataset,
        split,
        ModelConfig(),
        config,
        say,
        torch.device("cpu"),
        BUILD / f"{cold.dataset.fingerprint}-{seed}.safetensors",
    )
    data = TrainingEvents.of(cold.dataset, split.train_end)
    counts = np.bincount(data.items, minlength=len(cold.dataset.items))
    make_shares_unique(trained.network, counts)
    as_trained = trained.scorer()
    as_trained = replace(as_trained, bias=as_trained.bias.clone())
    welcome_new_items(trained.network, trained.neighbours, cold.dataset, split.validation, counts)
    return trained.scorer(), as_trained, data


def attribute_vectors(dataset: Dataset) -> Float[np.ndarray, "item dim"]:
    """Every attribute of each item, each of length one: texts as vectors, values as bags."""
    parts = []
    for feature in dataset.item_features:
        vectors = feature.vectors
        if vectors is None:
            bags = np.zeros((len(feature.codes), len(feature.values) + 1), dtype=np.float32)
            np.put_along_axis(bags, feature.codes, 1.0, axis=1)
            vectors = bags[:, 1:]
        parts.append(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))
    return np.hstack(parts)


def item_scores(
    cold: Cold, cases: Holdout, scorer: Scorer, as_trained: Scorer, seed: int
) -> dict[str, Scores]:
    """The ways to rank items for somebody with a history."""
    dataset = cold.dataset
    vectors = attribute_vectors(dataset)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    histories = fading_histories(dataset, cases, Recency())
    histories.data[:] = 1.0

    def alike(asked: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
        return np.asarray((histories[asked] @ vectors) @ vectors.T)

    return {
        "RecLens": case_scores(scorer, dataset, cases),
        "RecLens, new items as trained": case_scores(as_trained, dataset, cases),
        "attributes like the history's": alike,
        "random": _random(len(dataset.items), seed),
    }


def user_scores(cold: Cold, scorer: Scorer, data: TrainingEvents, seed: int) -> dict[str, Scores]:
    """The ways to rank items for somebody of whom no event is known."""
    cases, dataset = cold.user_cases, cold.dataset
    popular = popularity(data, len(dataset.items))

    def blank(asked: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
        nobody = [dataset.history(int(cases.users[i]), 0, int(cases.as_of[i])) for i in asked]
        return scorer.logits([replace(one, profile=one.profile * 0) for one in nobody])

    return {
        "RecLens, the profile known": case_scores(scorer, dataset, cases),
        "RecLens, the profile unknown": blank,
        "popularity": lambda asked: np.tile(popular, (len(asked), 1)),
        "random": _random(len(dataset.items), seed),
    }


def _random(n_items: int, seed: int) -> Scores:
    rng = np.random.default_rng(seed)
    return lambda asked: rng.random((len(asked), n_items), dtype=np.float32)


def measure(
    cold: Cold, models: dict[str, Scores], cases: Holdout, among: str
) -> dict[str, dict[str, Float[np.ndarray, " case"]]]:
    """Metrics of every case for each model, among `all` items, those `new`, or those `cold`."""
    asked, found = holdout_cases(cold.dataset, cases), {}
    view = "all" if among == "all" else "new"
    for name, scores in models.items():
        masked = _only(scores, cold.items) if among == "cold" else scores
        found[name] = evaluate(masked, asked, (view,))[view]
    return found


def _only(scores: Scores, items: Bool[np.ndarray, " item"]) -> Scores:
    return lambda asked: np.where(items, scores(asked), -np.inf)


def table_of(
    title: str, found: dict[str, dict[str, dict[str, Float[np.ndarray, " case"]]]]
) -> tuple[Table, dict[str, dict[str, list[float]]]]:
    """Means with their 95 % intervals, to print and to keep."""
    table, kept = Table(title=title), dict[str, dict[str, list[float]]]()
    table.add_column("ranked by")
    for among in found:
        for metric in METRICS:
            table.add_column(f"{metric}, {among}", justify="right")
    for model in next(iter(found.values())):
        row = {
            f"{metric} {among}": bootstrap(found[among][model][metric])
            for among in found
            for metric in METRICS
        }
        cells = [f"{one.mean:.4f} ({one.low:.4f}–{one.high:.4f})" for one in row.values()]
        table.add_row(model, *cells)
        kept[model] = {name: [one.mean, one.low, one.high] for name, one in row.items()}
    return table, kept


def main() -> None:
    """Hold out, train, measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, nargs="?", default=Path("sample_data/run/dataset"))
    parser.add_argument("--seed", type=int, default=0)
    asked, console = parser.parse_args(), Console()
    cold = hold_out(load_dataset(asked.dataset), asked.seed)
    console.print(describe_machine())
    scorer, as_trained, data = train(cold, asked.seed, console)
    scorers = scorer, as_trained, asked.seed
    for_items = item_scores(cold, cold.item_cases, *scorers)
    for_all = item_scores(cold, cold.last_cases, *scorers)
    for_users = user_scores(cold, scorer, data, asked.seed)
    of_items = {
        among: measure(cold, for_items, cold.item_cases, among) for among in ("all", "new", "cold")
    }
    of_all = {among: measure(cold, for_all, cold.last_cases, among) for among in ("all", "new")}
    of_users = {"all": measure(cold, for_users, cold.user_cases, "all")}
    kept = {}
    for title, found, cases in (
        (f"{cold.items.sum():,} cold items", of_items, cold.item_cases),
        ("what else is bought, cold items too", of_all, cold.last_cases),
        (f"{cold.users.sum():,} users with a profile only", of_users, cold.user_cases),
    ):
        table, kept[title] = table_of(f"{title}, {len(cases):,} baskets", found)
        console.print(table)
    (BUILD / "results.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
