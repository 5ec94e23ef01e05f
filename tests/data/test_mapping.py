from __future__ import annotations

import pytest

from recommender.data.cleaning.mapping import propose_mapping, rename_by_role, resolve_mapping
from recommender.data.problems import Finder, Problem

FINDERS = {"interactions": Finder("a.csv"), "items": Finder("b.csv"), "users": Finder("c.csv")}


def resolve(
    overrides: dict[str, str | None], **columns: list[str]
) -> tuple[dict[str, dict[str, str | None]], list[Problem]]:
    return resolve_mapping(columns, overrides, FINDERS)  # type: ignore[arg-type, return-value]


def test_online_shop_columns() -> None:
    columns = "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country"
    assert propose_mapping(columns.split(), "interactions") == {
        "InvoiceNo": "basket_id",
        "StockCode": "item_id",
        "Description": "title",
        "Quantity": "quantity",
        "InvoiceDate": "time",
        "UnitPrice": "price",
        "CustomerID": "user_id",
        "Country": None,
    }


@pytest.mark.parametrize(
    "columns",
    [
        "userId movieId rating timestamp",
        "user_id:token item_id:token rating:float timestamp:float",
        "用户ID 商品编号 评分 时间",
        "reviewerID asin overall unixReviewTime",
    ],
)
def test_ratings_columns(columns: str) -> None:
    roles = list(propose_mapping(columns.split(), "interactions").values())
    assert roles == ["user_id", "item_id", "rating", "time"]


def test_chinese_shop_columns() -> None:
    columns = "用户ID 商品编号 时间 行为类型 数量 价格 订单号 商品名称 颜色"
    roles = list(propose_mapping(columns.split(), "interactions").values())
    assert roles == [
        "user_id",
        "item_id",
        "time",
        "event",
        "quantity",
        "price",
        "basket_id",
        "title",
        None,
    ]


@pytest.mark.parametrize("column", ["session_id", "order_id", "Receipt No.", "basketId"])
def test_names_of_baskets(column: str) -> None:
    assert propose_mapping(["user", "item", column], "interactions")[column] == "basket_id"


@pytest.mark.parametrize("column", ["household_id", "household_key", "visitorid", "Member ID"])
def test_names_of_users(column: str) -> None:
    assert propose_mapping([column, "item"], "interactions")[column] == "user_id"


def test_description_is_the_title_only_where_nothing_better_is() -> None:
    assert propose_mapping(["sku", "name", "description"], "items") == {
        "sku": "item_id",
        "name": "title",
        "description": None,
    }
    assert propose_mapping(["sku", "description"], "items")["description"] == "title"


def test_bare_id_is_the_key_of_items_and_users_only() -> None:
    assert propose_mapping(["id", "name"], "items")["id"] == "item_id"
    assert propose_mapping(["id", "age"], "users")["id"] == "user_id"
    assert propose_mapping(["id", "user", "item"], "interactions")["id"] is None


def test_each_role_is_given_once() -> None:
    roles = propose_mapping(["user", "user_id", "customer", "item"], "interactions")
    assert roles == {"user": None, "user_id": "user_id", "customer": None, "item": "item_id"}


def test_sessions_stand_in_for_users() -> None:
    mapping, problems = resolve({}, interactions=["session_id", "item_id"])
    assert mapping["interactions"]["session_id"] == "user_id"
    assert "each session counts as one" in problems[0].message


def test_override_takes_the_role_from_another_column() -> None:
    mapping, problems = resolve({"user_id": "who"}, interactions=["user_id", "who", "item"])
    assert mapping["interactions"] == {"user_id": None, "who": "user_id", "item": "item_id"}
    assert not problems


def test_override_can_speak_of_one_table() -> None:
    mapping, _ = resolve(
        {"items.title": "label2"},
        interactions=["user", "item", "title", "label2"],
        items=["id", "title", "label2"],
    )
    assert mapping["interactions"]["title"] == "title"
    assert mapping["items"] == {"id": "item_id", "title": None, "label2": "title"}


def test_override_of_none_frees_the_column() -> None:
    mapping, _ = resolve({"price": None}, interactions=["user", "item", "price"])
    assert mapping["interactions"]["price"] is None


def test_override_may_name_the_role_in_short() -> None:
    mapping, problems = resolve(
        {"user": "Who", "basket": "Trip"}, interactions=["Who", "x", "Trip"]
    )
    assert mapping["interactions"]["Who"] == "user_id"
    assert mapping["interactions"]["Trip"] == "basket_id"
    assert [problem.message for problem in problems] == ["no column is known as item_id"]


def test_misspelt_column_in_an_override_is_an_error_with_a_suggestion() -> None:
    _, (problem,) = resolve({"user_id": "CustomrID"}, interactions=["CustomerID", "item"])
    assert problem.severity == "error"
    assert problem.message == "there is no column 'CustomrID', which was named as user_id"
    assert problem.remedy == "Did you mean 'CustomerID'? The columns are: CustomerID, item"


def test_unknown_role_in_an_override_is_an_error() -> None:
    _, (problem,) = resolve({"colour": "c"}, interactions=["user", "item", "c"])
    assert problem.message == "there is no role called 'colour'"


def test_misspelt_columns_are_all_named_with_what_they_may_mean() -> None:
    _, problems = resolve({}, interactions=["usr_id", "itemm", "time"], items=["sku2"])
    assert [problem.message for problem in problems] == [
        "no column is known as user_id",
        "no column is known as item_id",
        "no column is known as item_id",
    ]
    assert problems[0].remedy.startswith("Is it 'usr_id'? Say which column it is (user_id=COLUMN).")
    assert problems[2].file == "b.csv"


def test_feature_called_like_a_role_is_set_apart() -> None:
    mapping = {"Cost": "price", "price": None}
    assert rename_by_role(["Cost", "price"], mapping) == {
        "Cost": "price",
        "price": "price (feature)",
    }
