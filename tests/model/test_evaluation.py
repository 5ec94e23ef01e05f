"""What a run is measured by: its rows, and who stands apart where the split is by time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.data import Dataset, split_dataset
from recommender.data.histories import SECONDS_A_DAY
from recommender.model.baselines import Recency, fading_histories
from recommender.model.evaluation import evaluate_run
from tests.explain.test_not_new import left_out
from tests.tiny import random_scorer, tiny_dataset


def with_latecomers() -> Dataset:
    """The tiny data set, in which users 0 and 1 come after everybody else was there."""
    data = tiny_dataset()
    table = data.interactions.copy()
    late = table["user"] < 2
    table.loc[late, "time"] += int(table["time"].max() - table.loc[late, "time"].min())
    table.loc[late, "time"] += SECONDS_A_DAY
    return replace(data, interactions=table)


def test_by_time_those_who_come_late_are_measured_apart():
    data = with_latecomers()
    split = split_dataset(data, "by-time")
    assert split.newcomers.users.tolist() == [0, 1]
    assert not np.isin([0, 1], split.test.users).any()
    assert fading_histories(data, split.newcomers, Recency()).nnz == 0
    found = evaluate_run(data, split, random_scorer(data), names=("popularity",))
    assert found["newcomers"]["users"] == 2
    assert list(found["newcomers"]["baselines"]) == ["popularity"]
    assert found["views"]["all"]["users"] == len(split.test)


def test_latecomers_who_take_only_what_they_had_rejected_are_no_newcomers_with_figures():
    data = with_latecomers()
    late = split_dataset(data, "by-time").newcomers
    answers = [(int(u), int(item), 0) for i, u in enumerate(late.users) for item in late.targets(i)]
    data = replace(data, uncounted=left_out(answers))
    split = split_dataset(data, "by-time")
    assert len(split.newcomers) == 2
    found = evaluate_run(data, split, random_scorer(data), names=("popularity",))
    assert "newcomers" not in found


def test_where_nobody_comes_late_nobody_stands_apart():
    data = tiny_dataset()
    found = evaluate_run(data, split_dataset(data), random_scorer(data), names=())
    assert "newcomers" not in found


def test_where_latecomers_find_nothing_new_they_are_not_measured():
    data = with_latecomers()
    late = data.interactions[data.interactions["user"] < 2]
    had = late[["user", "item"]].drop_duplicates().assign(place=0, time=np.nan, rating=np.nan)
    had = had.assign(event="view", reason="undated").reset_index(drop=True)
    data = replace(data, uncounted=had)
    split = split_dataset(data, "by-time")
    assert len(split.newcomers) == 2
    found = evaluate_run(data, split, random_scorer(data), names=())
    assert "newcomers" not in found
    assert found["views"]["all"]["users"] == len(split.test)
