"""The trust report of a tiny trained run, saved and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from recommender.evaluate import Trust, load_trust, measure_trust, planted_causes, save_trust
from recommender.evaluate.trust import (
    _case,
    _curve_table,
    _deletion_table,
    _mean,
    _nanmean,
    trust_users,
)
from recommender.explain import recommend
from recommender.explain.types import METHODS
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from tests.tiny import random_scorer, tiny_dataset

MEASURES = ("pos@5", "neg@5", "cdcg", "del", "ins")


def trained(folder: Path, **config: object) -> Run:
    model = ModelConfig(width=32, window=12, n_layers=1, **config)  # type: ignore[arg-type]
    training = TrainConfig(max_epochs=1)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained(tmp_path_factory.mktemp("runs") / "tiny")


def causes_of(run: Run) -> pd.DataFrame:
    """A made-up cause: every held-out purchase was caused by the user's first event."""
    rows = []
    for user in map(int, run.split.test.users):
        held, history = run.held_out(user), run.history(user)
        rows += [
            {
                "user_id": f"u{user:02d}",
                "item_id": f"i{item:02d}",
                "event": "purchase",
                "time": pd.Timestamp(held.as_of, unit="s").isoformat(),
                "cause_item_id": f"i{history.items[0]:02d}",
                "cause_time": pd.Timestamp(int(history.times[0]), unit="s").isoformat(),
            }
            for item in held.items
        ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def report(run: Run) -> Trust:
    return measure_trust(run, 5, causes_of(run).head(12))


def test_tables_hold_means_over_users_and_their_standard_errors():
    # Two users of view all, with 0 and 1 (mean ½, error ½/√2), one of view new, with 3.
    values = np.array([0.0, 1.0])[:, None, None, None, None]
    judged = np.broadcast_to(values, (2, 2, 1, 2, 5)).copy()
    judged[0, 1], judged[1, 1] = np.nan, 3.0
    judged[:, 0, 0, 1, 4] += 10
    table = _deletion_table(["recency"], judged).set_index(["view", "span"])
    assert table.loc[("all", "tenths"), "users"] == 2
    assert table.loc[("all", "tenths"), list(MEASURES)].tolist() == [0.5] * 5
    assert table.loc[("all", "first"), list(MEASURES)].tolist() == [0.5] * 4 + [10.5]
    assert table.loc[("all", "first"), "ins_se"] == pytest.approx(0.5 / 2**0.5)
    assert table.loc[("new", "first"), ["users", "pos@5", "pos@5_se"]].tolist() == [1, 3.0, 0.0]

    curves = np.broadcast_to(values, (2, 2, 1, 2, 11)) + np.arange(11.0)
    curves[:, 0, 0, 1] *= 2
    curves[:, 1] = np.nan
    drawn = _curve_table(["recency"], curves)
    assert drawn["view"].tolist() == ["all"] * 11
    assert drawn["step"].tolist() == list(range(11))
    assert drawn["shown"].tolist() == [step + 0.5 for step in range(11)]
    assert drawn["probability"].tolist() == [2 * step + 1 for step in range(11)]
    assert drawn["shown_se"].tolist() == pytest.approx([0.5 / 2**0.5] * 11)
    assert drawn["probability_se"].tolist() == pytest.approx([1 / 2**0.5] * 11)


def test_what_nobody_knows_is_left_out_of_a_mean():
    table, other = np.array([[1.0, np.nan, np.nan]]), np.array([[3.0, 5.0, np.nan]])
    assert np.array_equal(_mean([table, other]), [[2.0, 5.0, np.nan]], equal_nan=True)
    assert _nanmean(np.array([np.nan, 2.0, 4.0])) == 3.0
    assert np.isnan(_nanmean(np.array([np.nan])))


def test_asked_is_the_first_recommendation_of_each_view():
    data = tiny_dataset()
    scorer, history = random_scorer(data), data.history(3)
    case = _case(scorer, history)
    logits = scorer.logits([history])[0]
    order = sorted(range(24), key=lambda item: -logits[item])
    assert case.targets == [order[0], next(item for item in order if item not in history.items)]
    assert [allowed.sum() for allowed in case.allowed] == [24, 24 - len(set(history.items))]
    everything = replace(history, **{name: np.arange(24) for name in ("items", "times", "baskets")})
    everything = replace(everything, events=np.zeros(24, dtype=int))
    assert len(_case(scorer, everything).targets) == 1, "nothing is new to who has all"


def test_the_document_has_every_method_and_measure(report: Trust):
    document = report.document()
    assert set(document) == {"users", "completeness_error", "methods", "planted"}
    assert set(document["methods"]) == set(document["planted"]) == set(METHODS)
    correlations = {"recency_correlation", "randomisation_correlation"}
    for values in document["methods"].values():
        assert set(values) == {*MEASURES, *correlations}
    assert document["completeness_error"] < 1e-4
    assert document["methods"]["recency"]["recency_correlation"] == pytest.approx(1)
    assert document["methods"]["recency"]["randomisation_correlation"] == pytest.approx(1)
    assert document["users"] == 5


def test_measures_lie_where_they_can(report: Trust):
    shares = report.deletion[["pos@5", "neg@5", "cdcg"]]
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    assert len(report.deletion) == 2 * 2 * len(METHODS)
    assert np.allclose(np.diag(report.agreement.drop(index="rollout", columns="rollout")), 1)


def test_the_mean_of_a_curve_between_its_ends_is_the_measure(report: Trust):
    between = report.curves.query("step > 0 and step < 10")
    mean = between.groupby(["view", "method"])[["shown", "probability"]].mean()
    tenths = report.deletion.query("span == 'tenths'").set_index(["view", "method"])
    tenths = tenths.loc[mean.index]
    assert mean["shown"].to_numpy() == pytest.approx(tenths["pos@5"].to_numpy())
    assert mean["probability"].to_numpy() == pytest.approx(tenths["del"].to_numpy())


def test_all_curves_begin_and_end_alike(report: Trust):
    for step in (0, 10):
        ends = report.curves[report.curves["step"] == step]
        assert (ends.groupby("view")["shown"].nunique() == 1).all()


def test_without_known_causes_none_are_reported(run: Run):
    assert "planted" not in measure_trust(run, 2).document()


def test_a_report_is_read_back_as_it_was_saved(report: Trust, tmp_path: Path):
    save_trust(report, tmp_path)
    found = load_trust(tmp_path, report.fingerprint)
    assert found is not None
    assert found.document("new") == report.document("new")
    pd.testing.assert_frame_equal(found.agreement, report.agreement)
    pd.testing.assert_frame_equal(found.planted, report.planted)
    pd.testing.assert_frame_equal(found.curves, report.curves)
    assert len(pd.read_csv(tmp_path / "trust.csv")) == len(report.deletion)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trust.csv", "trust.json"]


def test_a_report_of_other_weights_or_none_is_not_read(report: Trust, tmp_path: Path):
    assert load_trust(tmp_path, report.fingerprint) is None
    save_trust(report, tmp_path)
    assert load_trust(tmp_path, "0" * 16) is None
    (tmp_path / "trust.json").write_text("{half")
    assert load_trust(tmp_path, report.fingerprint) is None


def test_a_report_from_before_there_were_curves_is_still_read(report: Trust, tmp_path: Path):
    save_trust(report, tmp_path)
    saved = json.loads((tmp_path / "trust.json").read_text())
    del saved["curves"]
    (tmp_path / "trust.json").write_text(json.dumps(saved))
    found = load_trust(tmp_path, report.fingerprint)
    assert found is not None
    assert found.curves.empty
    assert found.document() == report.document()


def test_saved_json_has_no_word_that_json_lacks(report: Trust, tmp_path: Path):
    unsure = replace(report, agreement=report.agreement * np.nan)
    save_trust(unsure, tmp_path)
    assert json.loads((tmp_path / "trust.json").read_text())["agreement"][0]["recency"] is None


def test_the_contextual_readout_is_measured_without_contributions(tmp_path: Path):
    report = measure_trust(trained(tmp_path / "run", readout="contextual"), 2)
    document = report.document()
    assert set(document["methods"]) == set(METHODS) - {"contribution"}
    assert document["completeness_error"] is None


def test_users_are_drawn_before_anything_is_seen(run: Run):
    assert trust_users(run, 3) == trust_users(run, 5)[:3]
    before = [len(run.history(user, before_held_out=True)) for user in trust_users(run, 100)]
    assert min(before) >= 10


def test_without_long_histories_the_report_says_why(run: Run):
    short = replace(run.split.test, cuts=np.minimum(run.split.test.cuts, 9))
    with pytest.raises(ValueError, match="has 10 events before"):
        trust_users(replace(run, split=replace(run.split, test=short)), 3)


def test_the_oldest_event_is_found_when_it_is_the_cause_and_recency_is_reversed(run: Run):
    causes = causes_of(run).head(20)
    table = planted_causes(run, causes)
    assert table.loc["recency", "strict1"] == 0
    assert (table["top3"] >= table["top1"]).all()
    assert (table["top1"] >= table["strict1"]).all()
    within = planted_causes(run, causes, top=3)
    assert (within["cases"] < table["cases"]).all()


@pytest.mark.parametrize("view", ["all", "new"])
def test_purchases_that_are_ranked_high_stand_high_in_the_list_that_is_shown(run: Run, view):
    shown = replace(run, dataset=replace(run.dataset, repeats=view == "all"))
    causes, top = causes_of(run), 6
    expected = 0
    for user in map(int, run.split.test.users):
        held_out, history = run.held_out(user), run.history(user, before_held_out=True)
        first = {one.item for one in recommend(run, history, top, view)}
        expected += len(first & set(held_out.items))
    found = planted_causes(shown, causes, top, methods=["recency"])
    assert found.loc["recency", "cases"] == expected
