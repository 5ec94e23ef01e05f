"""What the sample shop amounts to, for two seeds."""

import pandas as pd
import pytest

from recommender.sample import SampleConfig, SampleShop, generate_sample, sample_facts
from recommender.sample.shoppers import AGE_BANDS, AGE_LEANS, REGION_LEANS


def test_the_shop_is_as_large_as_promised(any_shop: SampleShop) -> None:
    facts = sample_facts(any_shop)
    assert facts["users"] >= 1_500
    assert facts["items"] >= 500
    assert facts["events"] >= 60_000
    assert any_shop.items["category"].nunique() >= 12
    span = any_shop.interactions["time"].max() - any_shop.interactions["time"].min()
    assert span.days > 530


def test_most_events_have_no_single_cause(any_shop: SampleShop) -> None:
    assert sample_facts(any_shop)["share_uncaused"] >= 0.4


def test_the_median_cause_lies_at_least_five_events_back(any_shop: SampleShop) -> None:
    assert sample_facts(any_shop)["median_events_back"] >= 5


def test_last_sessions_hold_several_hundred_caused_purchases(any_shop: SampleShop) -> None:
    facts = sample_facts(any_shop)
    assert facts["test_purchases_caused"] >= 500
    assert 0.3 <= facts["share_test_caused"] <= 0.55
    assert 0.3 <= facts["share_purchases_caused"] <= 0.55


def test_another_seed_gives_the_same_picture(shop: SampleShop, other_shop: SampleShop) -> None:
    one, two = sample_facts(shop), sample_facts(other_shop)
    assert two["events"] == pytest.approx(one["events"], rel=0.05)
    assert two["purchases"] == pytest.approx(one["purchases"], rel=0.05)
    assert two["share_uncaused"] == pytest.approx(one["share_uncaused"], abs=0.02)
    assert two["share_test_caused"] == pytest.approx(one["share_test_caused"], abs=0.04)
    assert two["median_events_back"] == pytest.approx(one["median_events_back"], abs=1)
    for rule, n in one["rules"].items():
        share = two["rules"][rule] / two["events"]
        assert share == pytest.approx(n / one["events"], abs=0.01), rule


def test_facts_are_counted_right() -> None:
    day = pd.Timestamp("2024-01-01")
    rows = [
        ("U1", "P1", day, "view", "S1"),
        ("U1", "P1", day + pd.Timedelta(minutes=1), "purchase", "S1"),
        ("U2", "P2", day + pd.Timedelta(days=1), "purchase", "S2"),
        ("U1", "P2", day + pd.Timedelta(days=2), "view", "S3"),
        ("U1", "P2", day + pd.Timedelta(days=2, minutes=1), "purchase", "S3"),
    ]
    columns = ["user_id", "item_id", "time", "event", "session_id"]
    causes = pd.DataFrame([rows[1], rows[2], rows[4]], columns=columns)
    causes["rule"] = ["taste", "popularity", "complement"]
    causes["events_back"] = pd.array([None, None, 0], dtype="Int64")
    facts = sample_facts(
        SampleShop(
            pd.DataFrame(rows, columns=columns),
            pd.DataFrame({"item_id": ["P1", "P2", "P3"]}),
            pd.DataFrame({"user_id": ["U1", "U2"]}),
            causes,
        )
    )
    assert facts == {
        "events": 5,
        "users": 2,
        "items": 3,
        "sessions": 3,
        "purchases": 3,
        "never_bought": 1,
        "fewest_events": 1,
        "median_events": 2.5,
        "most_events": 4,
        "share_uncaused": 0.6,
        "median_events_back": 0.0,
        "share_purchases_caused": 0.3333,
        "test_purchases": 1,
        "test_purchases_caused": 1,
        "share_test_caused": 1.0,
        "rules": {"taste": 2, "complement": 2, "popularity": 1},
    }


def test_activity_varies_from_light_to_heavy_users(any_shop: SampleShop) -> None:
    events = any_shop.interactions.groupby("user_id").size()
    sessions = any_shop.interactions.groupby("user_id")["session_id"].nunique()
    assert events.min() >= 8
    assert events.quantile(0.99) > 100
    assert (sessions <= 3).mean() > 0.05


def test_popularity_is_skewed(any_shop: SampleShop) -> None:
    counts = any_shop.interactions["item_id"].value_counts()
    assert counts.iloc[: len(counts) // 10].sum() > 0.3 * counts.sum()


def test_some_products_have_never_been_met(any_shop: SampleShop) -> None:
    met = set(any_shop.interactions["item_id"])
    cold = set(any_shop.items["item_id"]) - met
    assert len(cold) == SampleConfig().n_cold


def test_every_kind_of_blank_profile_occurs_and_most_are_filled(any_shop: SampleShop) -> None:
    blank = any_shop.users[["age_band", "gender", "region"]].isna().mean()
    assert blank.between(0.03, 0.12).all()
    assert set(any_shop.users["age_band"].dropna()) == set(AGE_BANDS)


def test_the_profile_tells_something_about_taste(any_shop: SampleShop) -> None:
    looks = any_shop.causes[any_shop.causes["rule"] == "taste"].merge(any_shop.users)
    looks = looks.merge(any_shop.items[["item_id", "category"]], on="item_id")
    for field, leans in (("age_band", AGE_LEANS), ("region", REGION_LEANS)):
        shares = pd.crosstab(looks[field], looks["category"], normalize="index")
        among = [shares.loc[who, c] for who, categories in leans.items() for c in categories]
        assert sum(among) / len(among) > 1.25 * shares.to_numpy().mean(), field


def test_times_of_a_user_rise_and_sessions_do_not_mix(any_shop: SampleShop) -> None:
    assert any_shop.interactions["time"].is_monotonic_increasing
    own = any_shop.interactions.sort_values(["user_id", "time"], kind="stable")
    assert not own.duplicated(["user_id", "time"]).any()
    same_user = own["user_id"].eq(own["user_id"].shift())
    earlier = own["session_id"].shift().fillna("")
    assert (own["session_id"] >= earlier)[same_user].all()


def test_titles_and_descriptions_do_not_repeat(any_shop: SampleShop) -> None:
    assert any_shop.items["title"].is_unique
    assert any_shop.items["description"].is_unique


def test_a_shopper_does_not_depend_on_how_many_others_there_are(shop: SampleShop) -> None:
    few = generate_sample(config=SampleConfig(n_users=20))
    columns = ["user_id", "item_id", "time", "event", "price"]
    same = shop.interactions[shop.interactions["user_id"] <= "U0020"]
    pd.testing.assert_frame_equal(few.interactions[columns], same[columns].reset_index(drop=True))


@pytest.mark.parametrize(
    "wrong", [{"n_users": 0}, {"n_days": 10}, {"season_percent": 60, "popularity_percent": 60}]
)
def test_a_senseless_configuration_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must be|more than"):
        SampleConfig(**wrong)
