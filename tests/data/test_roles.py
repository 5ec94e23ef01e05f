"""The role of a column by what stands in it, where its name says too little or the wrong thing."""

from __future__ import annotations

import pandas as pd
import pytest

from recommender.data import TableError, Tables
from recommender.data.cleaning.role_confidence import guess_roles
from tests.data.shop import read

DAY = "2024-01-{:02d}"


def roles(**columns: list[str]) -> dict[str, str | None]:
    frame = pd.DataFrame(columns, dtype="str")
    return {guess.column: guess.role for guess in guess_roles(frame, "interactions")}


def rows(n: int, **cells: str) -> dict[str, list[str]]:
    """Columns of `n` rows; in a cell, {i} is the row, {item} and {user} are what come back."""
    base = {"user_id": "u{user}", "item_id": "p{item}"}
    numbers = [{"i": i, "day": i % 27 + 1, "item": i % 5, "user": i % 7} for i in range(n)]
    return {
        name: [cell.format(**number) for number in numbers]
        for name, cell in (base | cells).items()
        if cell
    }


def said(tables: Tables) -> str:
    return "\n".join(str(problem) for problem in tables.problems)


@pytest.mark.parametrize(
    "name",
    [
        "watched_at", "review_date", "played_at", "TransactionDT", "sale_date", "Date Read",
        "order_created", "utc_time", "when", "Fecha", "Datum", "data", "moment", "logged",
        "Dated", "TS", "event_dt", "enrolled_at", "date_added", "Bestelldatum", "购买日",
        "打卡时间", "ts_utc", "happened on", "purchase_day",
    ],
)  # fmt: skip
def test_the_only_column_of_dates_is_the_time_whatever_its_name(name: str) -> None:
    assert roles(**rows(30, **{name: "2024-01-{day:02d} 0{user}:00"}))[name] == "time"


@pytest.mark.parametrize("name", ["utc_time", "played_at", "event_ts", "log_timestamp_ms"])
def test_moments_as_numbers_are_the_time_where_the_name_says_so(name: str) -> None:
    assert roles(**rows(30, **{name: "17000{i:02d}000"}))[name] == "time"


@pytest.mark.parametrize("name", ["views", "population", "phone", "budget"])
def test_large_numbers_are_no_time_by_themselves(name: str) -> None:
    assert roles(**rows(30, **{name: "17000{i:02d}000"}))[name] is None


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("birth_date", "19{user}0-01-{day:02d}"),
        ("release_date", "2020-01-0{item}"),
        ("published", "2020-01-0{item}"),
        ("delivered_at", DAY.format(1)[:-2] + "{day:02d}"),
        ("last_login", "2024-01-{day:02d}"),
        ("expires", "2024-01-{day:02d}"),
        ("joined", "2020-01-0{user}"),
        ("anything", "2020-01-0{item}"),
        ("whatever", "2020-01-0{user}"),
    ],
)
def test_dates_of_items_of_users_and_of_something_else_are_not_the_time(
    name: str, cell: str
) -> None:
    assert roles(**rows(30, **{name: cell}))[name] is None


def test_of_several_dates_that_of_the_deed_is_the_time() -> None:
    found = roles(**rows(30, shipped_at="2024-02-{day:02d}", bought_on="2024-01-{day:02d}"))
    assert found["bought_on"] == "time"


def test_dates_found_without_a_name_are_told_and_order_the_history() -> None:
    content = "user_id,item_id,moment\n" + "".join(
        f"u{i % 2},p{i % 5},2024-01-{20 - i:02d} 10:00\n" for i in range(12)
    )
    tables = read(content)
    assert tables.has_time
    assert "column 'moment': it is taken for the time, by what stands in it" in said(tables)
    assert tables.interactions["time"].is_monotonic_decreasing


def test_a_role_can_be_taken_away_and_the_column_is_a_feature_then() -> None:
    tables = read("user,item,time\nu,a,2024-01-02\nu,b,2024-01-01\n", columns={"time": None})
    assert not tables.has_time
    priced = read("user,item,price\nu,a,5\nv,b,7\nu,b,7\nv,a,5\n", columns={"price": None})
    assert "price" not in priced.interactions and "price" not in priced.items
    assert "price (feature)" in priced.items


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("SKU", "Product"), ("Item Code", "Item"), ("article_no", "article"), ("asin", "product"),
        ("isbn", "book"), ("Barcode", "Product"), ("EAN", "article"), ("upc", "item"),
        ("Stock Code", "Product"), ("track_id", "track"), ("movieId", "movie"), ("plu", "Item"),
        ("game_id", "game"), ("course_id", "course"), ("gtin", "Product"), ("song_id", "song"),
        ("商品编码", "商品"), ("货号", "产品"), ("图书id", "图书"), ("barcode", "item"),
        ("fund_code", "fundname"), ("goods_id", "goods_name"),
    ],
)  # fmt: skip
def test_of_a_code_and_a_name_the_code_is_the_item_and_the_name_its_title(
    code: str, name: str
) -> None:
    for order in ((code, name), (name, code)):
        cells = {code: "A-100{item}", name: "Plain thing {item}"}
        found = roles(**rows(30, item_id="", **{column: cells[column] for column in order}))
        assert found == {"user_id": "user_id", code: "item_id", name: "title"}


def test_a_name_alone_is_the_item() -> None:
    assert roles(**rows(30, item_id="", Product="Plain thing {item}"))["Product"] == "item_id"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("title", "Headline {i}"),
        ("title", "Five stars {user}"),
        ("name", "Person {user}"),
        ("description", "Order of row {i}"),
        ("label", "{user}"),
        ("headline", "Not good {i}"),
        ("desc", "note {i}"),
        ("标题", "评论 {i}"),
    ],
)
def test_what_changes_within_most_items_does_not_name_them(column: str, cell: str) -> None:
    assert roles(**rows(35, **{column: cell}))[column] is None


def test_a_headline_is_listed_with_the_reason_and_ids_stand_in() -> None:
    content = "user_id,item_id,title\n" + "".join(
        f"u{i},p{i % 3},Headline {i}\n" for i in range(12)
    )
    tables = read(content)
    assert tables.items["title"].tolist() == ["p0", "p1", "p2"]
    assert "column 'title': it changes within most items" in said(tables)


def test_a_title_that_was_reworded_for_some_items_is_one() -> None:
    cells = rows(50, title="Thing {item}")
    cells["title"][:3] = ["Thing, old", "Thing, other", "Thing, odd"]
    assert roles(**cells)["title"] == "title"


def test_a_headline_of_a_review_is_no_title_where_no_item_comes_back() -> None:
    cells = rows(5, rating="{user}", title="So good {i}", text="I liked it {i}")
    assert roles(**cells)["title"] is None


@pytest.mark.parametrize("name", ["price", "Price", "unit_price", "价格", "售价"])
@pytest.mark.parametrize(
    "levels", ["low,medium,high", "$,$$,$$$", "便宜,适中,贵", "free,paid,paid"]
)
def test_a_price_in_words_is_a_category(name: str, levels: str) -> None:
    items = f"item_id,{name}\n" + "".join(f"p{i},{levels.split(',')[i % 3]}\n" for i in range(9))
    tables = read("user,item\n" + "".join(f"u,p{i}\n" for i in range(9)), items)
    (feature,) = tables.kinds["items"]
    assert feature.startswith(name) and tables.kinds["items"][feature] == "categorical"
    assert f"column {name!r}: its cells are no numbers, so it is a category" in said(tables)


def test_a_price_with_some_words_stays_a_price() -> None:
    tables = read("user,item\nu,a\nu,b\nu,c\n", "item_id,price\na,1.5\nb,ask\nc,3\n")
    assert tables.items["price"].tolist()[::2] == [1.5, 3.0]


def test_what_everybody_thinks_of_an_item_is_no_rating_by_the_user() -> None:
    assert roles(**rows(35, rating="4.{item}"))["rating"] is None


def test_the_type_of_an_item_is_no_type_of_event() -> None:
    assert roles(**rows(35, type="kind {item}"))["type"] is None
    assert roles(**rows(35, type="kind {day}"))["type"] == "event"


def test_a_basket_of_many_users_is_none() -> None:
    assert roles(**rows(35, order="{item}"))["order"] is None


@pytest.mark.parametrize(
    ("user", "item"),
    [
        ("user_pseudo_id", "item_id"), ("reader_id", "book_id"), ("Profile Name", "movie_id"),
        ("userID", "placeID"), ("steamid", "app_id"), ("user_id", "anime_id"),
        ("viewer_id", "show_id"), ("listener_id", "track_id"), ("player_id", "game_id"),
        ("student_id", "course_id"), ("investor_id", "fund_code"), ("learner_id", "lesson_id"),
        ("msno", "song_id"), ("fullVisitorId", "sku"), ("customer_unique_id", "product_id"),
        ("读者编号", "图书编号"), ("观众ID", "影片ID"), ("听众ID", "歌曲ID"), ("玩家ID", "游戏ID"),
        ("学员编号", "课程编号"), ("学号", "课程"), ("投资者ID", "基金代码"), ("读者证号", "书号"),
        ("用户编号", "菜品"), ("会员编号", "文章ID"),
    ],
)  # fmt: skip
def test_people_and_things_of_many_trades_are_known(user: str, item: str) -> None:
    found = roles(**{user: [f"a{i % 4}" for i in range(20)], item: [f"b{i}" for i in range(20)]})
    assert found == {user: "user_id", item: "item_id"}


@pytest.mark.parametrize(
    "column", ["patient_id", "patient", "subject_id", "hadm_id", "患者ID", "病人编号"]
)
def test_patients_are_no_users(column: str) -> None:
    with pytest.raises(TableError, match="no column is known as user_id"):
        read(f"{column},item_id\na,b\n")


def test_two_values_that_change_by_the_row_and_are_not_used_are_pointed_out() -> None:
    content = "user_id,item_id,flag\n" + "".join(
        f"u{i % 3},p{i % 4},{i % 5 % 2}\n" for i in range(24)
    )
    assert "columns of two values may say which rows count: flag" in said(read(content))
