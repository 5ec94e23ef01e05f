"""The JSON of recommend, explain and evaluate: keys, types, and what has to add up."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli.calling import call
from tests.cli.conftest import WINDOW
from tests.cli.shop import N_ITEMS, TITLES, WITHOUT_HISTORY

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
METRICS = {"ndcg@10", "recall@10", "mrr@10"}
RESERVED = ["+again", "+together", "+any"]


def recommended(run: Path, *options: str) -> dict[str, Any]:
    return call("recommend", run, *options, "--json").document


def explained(run: Path, *options: str) -> dict[str, Any]:
    return call("explain", run, *options, "--json").document


def bought(dataset: Path, user: str) -> pd.DataFrame:
    """The user's events in order, with item ids, as the data set's files hold them."""
    events = pd.read_parquet(dataset / "interactions.parquet")
    users = list(pd.read_parquet(dataset / "users.parquet")["user_id"])
    events = events[events["user"] == users.index(user)]
    ids = pd.read_parquet(dataset / "items.parquet")["item_id"].to_numpy()
    return events.assign(item_id=ids[events["item"]])


def test_recommend_has_the_promised_keys_and_types(run: Path):
    document = recommended(run, "--user", "007", "--k", "4")
    assert list(document) == ["user", "k", "as_of", "candidates", "recommendations"]
    assert document["user"] == "007"
    assert document["k"] == 4
    assert ISO.fullmatch(document["as_of"])
    assert document["candidates"] == "all"
    assert len(document["recommendations"]) == 4
    for row in document["recommendations"]:
        assert list(row) == ["rank", "item_id", "title", "logit", "percentile"]
        kinds = [type(value) for value in row.values()]
        assert kinds == [int, str, str, float, float]


def test_recommend_gives_ten_unless_told(run: Path):
    document = recommended(run, "--user", "NA")
    assert document["k"] == 10
    assert [row["rank"] for row in document["recommendations"]] == list(range(1, 11))


def test_recommendations_fall_in_logit_and_percentile_from_the_best(run: Path):
    rows = recommended(run, "--user", "NA", "--k", "9")["recommendations"]
    assert rows[0]["percentile"] == 100
    for better, worse in pairwise(rows):
        assert better["logit"] >= worse["logit"]
        assert 100 >= better["percentile"] >= worse["percentile"] >= 0
    assert len({row["item_id"] for row in rows}) == 9


def test_a_k_beyond_the_catalogue_gives_every_item(run: Path):
    rows = recommended(run, "--user", "NA", "--k", "1000")["recommendations"]
    assert len(rows) == N_ITEMS
    assert rows[-1]["percentile"] == 0


def test_new_candidates_are_new_to_the_user(run: Path, dataset: Path):
    document = recommended(run, "--user", "007", "--k", "1000", "--candidates", "new")
    assert document["candidates"] == "new"
    has = set(bought(dataset, "007")["item_id"])
    offered = {row["item_id"] for row in document["recommendations"]}
    assert not offered & has
    assert len(offered) + len(has) == N_ITEMS


def test_titles_are_given_as_they_are(run: Path):
    rows = recommended(run, "--user", "007", "--k", "1000")["recommendations"]
    shown = {row["item_id"]: row["title"] for row in rows}
    assert {item: shown[item] for item in TITLES} == TITLES


def test_explain_has_the_promised_keys_and_types(run: Path):
    document = explained(run, "--user", "007", "--item", "i05")
    assert {name: type(value) for name, value in document.items()} == {
        "user": str,
        "item_id": str,
        "title": str,
        "as_of": str,
        "logit": float,
        "bias": float,
        "lately": float,
        "order_term": float,
        "candidates": str,
        "rank": int,
        "ranks": dict,
        "window": int,
        "events_total": int,
        "events": list,
        "not_counted": list,
        "profile": list,
        "trust": dict,
        "item_deletions": list,
        "claims": list,
        "words": dict,
    }
    assert document["user"] == "007"
    assert document["item_id"] == "i05"
    assert document["window"] == WINDOW
    for event in document["events"]:
        assert {name: type(value) for name, value in event.items()} == {
            "position": int,
            "item_id": str,
            "title": str,
            "time": str,
            "event": str,
            "attention": float,
            "contribution": float,
            "influence": float,
            "influence_log": float,
            "features": dict,
            "values": dict,
        }
        assert ISO.fullmatch(event["time"])
        assert next(iter(event["features"])) == "item_id"
        assert list(event["features"])[-3:] == RESERVED
    assert [list(row) for row in document["profile"]] == [
        ["feature", "value", "attention", "contribution", "influence"]
    ]
    assert document["profile"][0]["feature"] == "age"
    assert document["profile"][0]["value"] in ("young", "old")


def test_explain_has_a_row_for_each_event_with_the_oldest_first(run: Path, dataset: Path):
    document = explained(run, "--user", "007")
    history = bought(dataset, "007")
    assert len(history) > WINDOW
    assert document["events_total"] == len(history)
    assert [event["position"] for event in document["events"]] == list(range(len(history)))
    assert [event["item_id"] for event in document["events"]] == list(history["item_id"])
    times = [event["time"] for event in document["events"]]
    assert times == sorted(times)
    written = pd.to_datetime(history["time"], unit="s").dt.strftime("%Y-%m-%dT%H:%M:%S")
    assert times == list(written)


def test_an_item_bought_twice_is_two_rows(run: Path):
    events = explained(run, "--user", "007")["events"]
    assert [event["item_id"] for event in events[-2:]] == ["NA", "NA"]
    assert events[-2]["time"] < events[-1]["time"]


def test_explain_is_of_the_first_recommendation_unless_told(run: Path):
    for view in ("all", "new"):
        options = ("--user", "u07", "--candidates", view)
        first = recommended(run, *options)["recommendations"][0]
        document = explained(run, *options)
        assert document["item_id"] == first["item_id"]
        assert document["title"] == first["title"]
        assert document["logit"] == pytest.approx(first["logit"], abs=1e-4)


@pytest.mark.parametrize("user", ["007", "NA", "u11", WITHOUT_HISTORY])
@pytest.mark.parametrize("item", ["007", "NA", "i02", "i13"])
def test_all_shares_sum_to_the_logit(run: Path, user: str, item: str):
    document = explained(run, "--user", user, "--item", item)
    shares = [document["bias"], document["order_term"]]
    shares += [event["contribution"] for event in document["events"]]
    shares += [row["contribution"] for row in document["profile"]]
    assert sum(shares) == pytest.approx(document["logit"], abs=1e-4)
    for event in document["events"]:
        assert sum(event["features"].values()) == pytest.approx(event["contribution"], abs=1e-4)


@pytest.mark.parametrize("user", ["007", "NA", "u11", WITHOUT_HISTORY])
def test_attention_sums_to_one_over_events_and_profile(run: Path, user: str):
    document = explained(run, "--user", user)
    weights = [row["attention"] for row in document["events"] + document["profile"]]
    assert sum(weights) == pytest.approx(1, abs=1e-4)
    assert min(weights) >= 0


def test_events_beyond_the_window_are_not_looked_at(run: Path):
    events = explained(run, "--user", "007")["events"]
    assert all(event["attention"] == 0 for event in events[:-WINDOW])
    assert all(event["attention"] > 0 for event in events[-WINDOW:])


def test_a_user_without_history_has_recommendations_and_no_events(run: Path):
    assert len(recommended(run, "--user", WITHOUT_HISTORY)["recommendations"]) == 10
    document = explained(run, "--user", WITHOUT_HISTORY)
    assert document["events"] == []
    assert document["events_total"] == 0


def test_evaluate_has_both_views_and_the_baselines(run: Path):
    document = call("evaluate", run, "--json").document
    assert list(document) == ["split", "views"]
    assert document["split"] == "leave-last-basket-out"
    assert list(document["views"]) == ["all", "new"]
    for view in document["views"].values():
        assert list(view) == ["users", "metrics", "baselines"]
        assert isinstance(view["users"], int)
        assert set(view["baselines"]) >= {"popularity", "personal frequency", "item-kNN"}
        for values in (view["metrics"], *view["baselines"].values()):
            assert set(values) == METRICS
            assert all(0 <= value <= 1 for value in values.values())
    assert document["views"]["all"]["users"] == 48


def test_evaluate_again_gives_the_metrics_that_training_stored(run: Path):
    stored = (run / "metrics.json").read_text()
    assert call("evaluate", run, "--json").out == stored


def test_a_view_that_the_data_cannot_have_is_left_out(tmp_path: Path):
    events = [f"u{u},i{(u + step) % 9},2024-01-{1 + step:02d}" for u in range(9) for step in (0, 1)]
    (tmp_path / "events.csv").write_text("\n".join(["user_id,item_id,time", *events]))
    for arguments in (
        ["import", "--interactions", tmp_path / "events.csv", "--out", tmp_path / "data"],
        ["train", tmp_path / "data", "--epochs", "1", "--out", tmp_path / "run"],
    ):
        assert call(*arguments).code == 0
    assert list(call("evaluate", tmp_path / "run", "--json").document["views"]) == ["new"]


@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_people_get_a_table_with_titles_as_they_are(run: Path, command: str):
    answer = call(command, run, "--user", "007")
    assert answer.code == 0
    assert "Error" not in answer.err
    assert "Lampe" in answer.out if command == "explain" else "rank" in answer.out


def test_people_get_the_metrics_on_standard_output(run: Path):
    answer = call("evaluate", run)
    assert answer.code == 0
    assert "RecLens" in answer.out
    assert "popularity" in answer.out
