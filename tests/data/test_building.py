from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import DatasetError
from tests.data.shop import built, shop


def test_codes_follow_the_order_of_ids() -> None:
    dataset = shop()
    assert dataset.items["item_id"].tolist() == ["007", "NA", "lamp", "rug"]
    assert dataset.users["user_id"].tolist() == ["ann", "bob", "eve"]
    assert dataset.interactions["user"].tolist() == [0, 0, 0, 1, 1]
    assert dataset.interactions["item"].tolist() == [0, 0, 1, 0, 2]


def test_columns_have_the_types_of_the_contract() -> None:
    assert {name: str(kind) for name, kind in shop().interactions.dtypes.items()} == {
        "user": "int32",
        "item": "int32",
        "time": "int64",
        "event": "int8",
        "basket": "int32",
        "quantity": "float32",
        "price": "float32",
    }


def test_event_types_go_from_glance_to_purchase_which_is_the_target() -> None:
    dataset = shop()
    assert dataset.event_types == ("view", "purchase")
    assert dataset.target_events == ("purchase",)
    assert dataset.interactions["event"].tolist() == [0, 1, 1, 1, 1]


def test_without_purchases_every_type_is_a_target() -> None:
    dataset = built("user,item,event\nu,a,like\nu,b,click\n")
    assert dataset.target_events == dataset.event_types == ("click", "like")


def test_items_nobody_had_and_users_without_history_stay() -> None:
    dataset = shop()
    assert "rug" in dataset.items["item_id"].tolist()
    assert dataset.offsets.tolist() == [0, 3, 5, 5]


def test_events_are_sorted_by_user_time_and_row() -> None:
    dataset = built(
        "user,item,time\nb,x,2024-01-02\na,y,2024-01-03\na,x,2024-01-01\nb,a,2024-01-02\n"
    )
    assert dataset.interactions["user"].tolist() == [0, 0, 1, 1]
    items = dataset.items["item_id"].to_numpy()[dataset.interactions["item"]]
    assert items.tolist() == ["x", "y", "x", "a"]


def test_baskets_are_numbered_from_zero_for_each_user() -> None:
    assert shop().interactions["basket"].tolist() == [0, 0, 1, 0, 1]


def test_two_orders_of_one_moment_are_two_baskets() -> None:
    dataset = built(
        "user,item,time,order_id\nu,a,2024-01-01,o1\nu,b,2024-01-01,o2\nu,c,2024-01-01,o1\n"
    )
    items = dataset.items["item_id"].to_numpy()[dataset.interactions["item"]]
    assert items.tolist() == ["a", "c", "b"]
    assert dataset.interactions["basket"].tolist() == [0, 0, 1]


def test_without_a_basket_column_one_moment_is_one_basket() -> None:
    dataset = built(
        "user,item,time\nu,a,2024-01-01\nu,b,2024-01-01\nu,c,2024-01-02\nv,a,2024-01-02\n"
    )
    assert dataset.interactions["basket"].tolist() == [0, 0, 1, 0]


def test_events_without_a_basket_id_are_put_together_by_moment() -> None:
    dataset = built(
        "user,item,time,order_id\nu,a,2024-01-01,\nu,b,2024-01-01,\nu,c,2024-01-02,\n"
        "u,d,2024-01-03,o1\nu,e,2024-01-04,o1\n"
    )
    assert dataset.interactions["basket"].tolist() == [0, 0, 1, 2, 2]


def test_without_time_and_basket_each_event_is_a_basket() -> None:
    assert built("user,item\nu,a\nu,b\nv,a\n").interactions["basket"].tolist() == [0, 1, 0]


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("uv"), st.sampled_from("abc"), st.integers(1, 4), st.integers(1, 5)
        ),
        min_size=1,
        max_size=25,
    )
)
def test_baskets_never_decrease_and_skip_no_number(
    events: list[tuple[str, str, int, int]],
) -> None:
    rows = "".join(f"{u},{i},2024-01-0{day},{u}{basket}\n" for u, i, day, basket in events)
    table = built("user,item,time,order_id\n" + rows).interactions
    for _, baskets in table.groupby("user")["basket"]:
        assert baskets.iloc[0] == 0
        assert set(np.diff(baskets)) <= {0, 1}


def test_repeats_are_proposed_where_purchases_repeat() -> None:
    often = "user,item,time\n" + "".join(f"u,a,2024-01-{day:02}\n" for day in range(1, 10))
    dataset = built(often)
    assert dataset.repeats is True
    assert dataset.notes[-1].startswith("89% of what is predicted was in an earlier basket")


def test_repeats_are_not_proposed_where_they_are_rare() -> None:
    assert shop().repeats is False
    assert shop(repeats=True).repeats is True


def test_item_twice_in_one_basket_is_no_repeat() -> None:
    assert (
        built("user,item,time\nu,a,2024-01-01\nu,a,2024-01-01\nu,b,2024-01-02\n").repeats is False
    )


def test_rare_items_and_users_can_be_left_out() -> None:
    dataset = shop(min_item_events=2)
    assert dataset.items["item_id"].tolist() == ["007"]
    assert dataset.users["user_id"].tolist() == ["ann", "bob", "eve"]
    assert "3 items with fewer than 2 events were left out." in dataset.notes
    dataset = shop(min_item_events=2, min_user_events=2)
    assert dataset.users["user_id"].tolist() == ["ann"]


def test_leaving_everything_out_is_an_error() -> None:
    with pytest.raises(DatasetError, match="no event is left of items with 9"):
        shop(min_item_events=9)


def test_features_are_those_of_the_tables() -> None:
    dataset = shop()
    assert [(feature.name, feature.kind) for feature in dataset.item_features] == [
        ("title", "text"),
        ("price", "numeric"),
        ("category", "categorical"),
    ]
    category = dataset.item_features[2]
    assert [category.label(row) for row in range(4)] == ["gadgets", "books", "gadgets", "home"]
    assert [feature.name for feature in dataset.user_features] == ["region"]


def test_one_user_with_one_event_is_a_data_set() -> None:
    dataset = built("user,item\nu,a\n")
    assert len(dataset.interactions) == len(dataset.items) == len(dataset.users) == 1
    assert dataset.item_features == ()


def test_fingerprint_is_of_the_content_not_of_the_name() -> None:
    content = "user,item,time\nu,a,2024-01-01\nu,b,2024-01-02\n"
    first = built(content).fingerprint
    assert len(first) == 16
    assert first == built(content).fingerprint
    assert first != built(content.replace("02", "03")).fingerprint
    assert first != built(content, repeats=True).fingerprint
