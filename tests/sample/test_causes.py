"""The planted causes are what they are said to be."""

import pandas as pd
import pytest

from recommender.sample import SampleShop
from recommender.sample.products import categories
from recommender.sample.rules import (
    CAUSED,
    COMPLEMENTS,
    LOYALTY_DAYS,
    REPLACEMENTS,
    REPLENISHMENTS,
    SEASONS,
    UNCAUSED,
)

TAGS = {kind.name: kind.tag for category in categories() for kind in category.kinds}
DECOYS = ("film camera", "tarp", "French press", "trainers", "over-ear headphones", "marble run")


def test_every_event_has_one_reason(any_shop: SampleShop) -> None:
    keys = ["session_id", "item_id"]
    assert not any_shop.causes.duplicated(keys).any()
    events = any_shop.interactions[keys].drop_duplicates()
    assert len(events.merge(any_shop.causes[keys])) == len(events) == len(any_shop.causes)


def test_every_reason_stands_at_the_event_the_look_ended_in(any_shop: SampleShop) -> None:
    last = any_shop.interactions.groupby(["session_id", "item_id"], as_index=False).last()
    keys = ["user_id", "item_id", "session_id", "time", "event"]
    assert len(last[keys].merge(any_shop.causes[keys])) == len(any_shop.causes)


def test_every_purchase_stands_in_the_causes(any_shop: SampleShop) -> None:
    keys = ["user_id", "item_id", "session_id", "time", "event"]
    bought = any_shop.interactions.query("event == 'purchase'")[keys]
    assert len(bought.merge(any_shop.causes[keys])) == len(bought)


def test_a_cause_is_an_earlier_purchase_of_the_same_user_in_another_session(
    any_shop: SampleShop,
) -> None:
    caused = any_shop.causes.dropna(subset="cause_item_id")
    events = any_shop.interactions[["user_id", "item_id", "time", "event", "session_id"]]
    renamed = {name: f"cause_{name}" for name in ("item_id", "time", "event", "session_id")}
    keys = ["user_id", "cause_item_id", "cause_time", "cause_event"]
    found = caused.merge(events.rename(columns=renamed), on=keys)
    assert len(found) == len(caused)
    assert set(found["cause_event"]) == {"purchase"}
    starts = events.groupby("session_id")["time"].min()
    ends = events.groupby("session_id")["time"].max()
    effect = found["session_id"].map(starts)
    assert (found["cause_session_id"].map(ends) < effect).all()


def test_events_back_counts_the_events_between_cause_and_session(any_shop: SampleShop) -> None:
    caused = any_shop.causes.dropna(subset="cause_item_id").iloc[::97]
    for row in caused.itertuples():
        own = any_shop.interactions[any_shop.interactions["user_id"] == row.user_id]
        start = own.loc[own["session_id"] == row.session_id, "time"].min()
        between = (own["time"] > row.cause_time) & (own["time"] < start)
        assert row.events_back == between.sum()


def test_cause_columns_are_filled_exactly_for_rules_that_have_a_cause(
    any_shop: SampleShop,
) -> None:
    causes = any_shop.causes
    assert set(causes["rule"]) == {*CAUSED, *UNCAUSED}
    columns = ["cause_item_id", "cause_time", "cause_event", "events_back"]
    filled = causes[columns].notna()
    assert (filled.all(axis=1) == causes["rule"].isin(CAUSED)).all()
    assert (filled.any(axis=1) == causes["rule"].isin(CAUSED)).all()


def test_complements_follow_a_planted_pair_within_its_wait(looks: pd.DataFrame) -> None:
    rows = looks[looks["rule"] == "complement"]
    waits = {(TAGS[rule.cause], TAGS[rule.effect]): rule.days[0] for rule in COMPLEMENTS}
    pairs = list(zip(rows["cause_kind"], rows["kind"], strict=True))
    assert len(waits) >= 25
    assert set(pairs) == set(waits)
    days = (rows["time"] - rows["cause_time"]).dt.total_seconds() / 86_400
    assert (days >= pd.Series([waits[pair] for pair in pairs], index=rows.index)).all()


@pytest.mark.parametrize(
    ("rule", "rules"), [("replenishment", REPLENISHMENTS), ("replacement", REPLACEMENTS)]
)
def test_renewals_are_of_the_same_kind(looks: pd.DataFrame, rule: str, rules: tuple) -> None:
    rows = looks[looks["rule"] == rule]
    assert (rows["kind"] == rows["cause_kind"]).all()
    assert set(rows["kind"]) == {TAGS[rule.effect] for rule in rules}


def test_a_replacement_is_another_product(looks: pd.DataFrame) -> None:
    rows = looks[looks["rule"] == "replacement"]
    assert (rows["item_id"] != rows["cause_item_id"]).all()


def test_a_replenishment_follows_the_last_purchase_of_its_kind(looks: pd.DataFrame) -> None:
    bought = looks[looks["event"] == "purchase"].sort_values("time")
    rows = looks[looks["rule"] == "replenishment"].sort_values("time")
    last = pd.merge_asof(
        rows,
        bought[["user_id", "kind", "time"]].assign(bought_at=bought["time"]),
        on="time",
        by=["user_id", "kind"],
        allow_exact_matches=False,
    )
    assert (last["bought_at"] == last["cause_time"]).mean() > 0.98


def test_brand_loyalty_finds_another_kind_of_the_same_brand(looks: pd.DataFrame) -> None:
    rows = looks[looks["rule"] == "brand_loyalty"]
    assert (rows["brand"] == rows["cause_brand"]).all()
    assert (rows["kind"] != rows["cause_kind"]).all()
    days = (rows["time"] - rows["cause_time"]).dt.days
    assert days.min() >= LOYALTY_DAYS[0]


def test_seasonal_looks_fall_into_their_months(looks: pd.DataFrame) -> None:
    months = {TAGS[kind]: months for kind, months in SEASONS.items()}
    rows = looks[looks["rule"] == "season"]
    started = rows["time"] - pd.Timedelta(hours=3)  # a visit may run past midnight
    fits = [
        bool({now.month, before.month} & set(months[kind]))
        for now, before, kind in zip(rows["time"], started, rows["kind"], strict=True)
    ]
    assert all(fits)


def test_decoys_cause_no_complement(looks: pd.DataFrame) -> None:
    rows = looks[looks["rule"] == "complement"]
    assert not rows["cause_kind"].isin([TAGS[kind] for kind in DECOYS]).any()


def test_buyers_of_a_camera_buy_memory_cards_more_than_buyers_of_its_decoy(
    looks: pd.DataFrame,
) -> None:
    bought = looks[looks["event"] == "purchase"]

    def share_with_card(kind: str) -> float:
        first = bought[bought["kind"] == kind].groupby("user_id")["time"].min()
        cards = bought[bought["kind"] == "memory-card"].groupby("user_id")["time"].max()
        return float((cards.reindex(first.index) > first).mean())

    assert share_with_card("mirrorless-camera") > 1.5 * share_with_card("film-camera")
