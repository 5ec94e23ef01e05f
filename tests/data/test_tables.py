"""Files as people have them, from bytes to clean tables."""

from __future__ import annotations

import base64
import gzip
import io
from pathlib import Path

import pandas as pd
import pytest

from recommender.data import TableError, Tables, read_tables
from tests.data.shop import INTERACTIONS, ITEMS, USERS, of, read


def messages(tables: Tables) -> str:
    return "\n".join(str(problem) for problem in tables.problems)


def test_three_plain_tables_need_no_repair() -> None:
    tables = read(INTERACTIONS, ITEMS, USERS)
    assert tables.problems == ()
    assert tables.interactions["item_id"].tolist() == ["007", "007", "NA", "007", "lamp"]
    assert tables.interactions["time"].iloc[0] == 1_704_103_200
    assert tables.items["item_id"].tolist() == ["007", "NA", "lamp", "rug"]
    assert tables.items["price"].tolist() == [9.5, 3.0, 20.0, 80.0]
    assert tables.users["user_id"].tolist() == ["ann", "bob", "eve"]
    assert tables.kinds == {
        "items": {"title": "text", "price": "numeric", "category": "categorical"},
        "users": {"region": "categorical"},
    }


def test_ids_stay_text() -> None:
    events = read("user,item\n007,NA\n7,1e5\n0070,007\n").interactions
    assert events["user_id"].tolist() == ["007", "7", "0070"]
    assert events["item_id"].tolist() == ["NA", "1e5", "007"]


def test_whole_numbers_written_with_a_point_are_whole_numbers() -> None:
    tables = read("user,item\n17850.0,a\n,b\n13047.0,c\n")
    assert tables.interactions["user_id"].tolist() == ["17850", "13047"]
    assert "without their '.0'" in messages(tables)


def test_chinese_headers() -> None:
    tables = read(
        "用户ID,商品编号,时间,行为类型,数量,价格\n张三,苹果,2024年1月2日,购买,2,3.5\n"
        "李四,香蕉,2024年1月13日,浏览,,\n"
    )
    assert tables.interactions["user_id"].tolist() == ["张三", "李四"]
    assert tables.interactions["event"].tolist() == ["购买", "浏览"]
    assert tables.interactions["quantity"].tolist()[0] == 2.0


@pytest.mark.parametrize("wrap", ["plain", "gzip", "parquet", "semicolon", "latin-1"])
def test_same_tables_from_any_format(wrap: str) -> None:
    content = INTERACTIONS.encode()
    if wrap == "gzip":
        content = gzip.compress(content)
    if wrap == "semicolon":
        content = content.replace(b",", b";")
    if wrap == "latin-1":
        content = INTERACTIONS.replace("ann", "Zoë").encode("latin-1")
    if wrap == "parquet":
        buffer = io.BytesIO()
        pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False).to_parquet(buffer)
        content = buffer.getvalue()
    events, plain = read(content).interactions, read(INTERACTIONS).interactions
    assert events[["item_id", "time", "price"]].equals(plain[["item_id", "time", "price"]])
    assert (events["user_id"].iloc[0] == "Zoë") == (wrap == "latin-1")


def test_without_time_the_order_of_rows_stands_in() -> None:
    tables = read("user,item\nu,a\nv,b\nu,c\nu,a\n")
    assert tables.has_time is False
    assert tables.interactions["time"].tolist() == [0, 0, 86_400, 172_800]
    assert "the order of the rows stands in for time" in messages(tables)


def test_day_and_time_of_day_in_two_columns_are_put_together() -> None:
    tables = read("user,item,date,time\nu,a,2024-01-01,10:30\nu,b,2024-01-02,11:00:05\n")
    assert tables.interactions["time"].tolist() == [1_704_105_000, 1_704_193_205]
    assert "put together" in messages(tables)


def test_assumed_order_of_day_and_month_is_said() -> None:
    tables = read("user,item,date\nu,a,01/02/2024\nu,b,03/02/2024\n")
    assert tables.interactions["time"].diff().iloc[1] == 2 * 86_400
    assert "dates were read as day first, which is assumed" in messages(tables)
    tables = read("user,item,date\nu,a,01/02/2024\nu,b,03/02/2024\n", day_first=False)
    assert tables.interactions["time"].diff().iloc[1] == 60 * 86_400


def test_rows_without_id_or_date_are_left_out_and_counted() -> None:
    tables = read(
        "user,item,time\nu,a,2024-01-01\n,b,2024-01-02\nv, ,2024-01-03\nv,c,soon\nv,d,2024-01-05\n"
    )
    assert tables.interactions["item_id"].tolist() == ["a", "d"]
    repaired = of(tables.problems, "repaired")
    assert [(p.column, p.rows, p.count) for p in repaired] == [
        ("time", (5,), 1),
        ("user", (3,), 1),
        ("item", (4,), 1),
    ]


def test_column_of_no_dates_is_an_error() -> None:
    with pytest.raises(TableError, match="most cells \\(2 of 2\\) are no dates, such as 'soon'"):
        read("user,item,time\nu,a,soon\nu,b,later\n")


def test_cells_that_are_no_numbers_are_unknown_and_counted() -> None:
    tables = read("user,item,time,price\nu,a,2024-01-01,cheap\nu,b,2024-01-01,2\n")
    assert tables.interactions["price"].isna().tolist() == [True, False]
    assert "1 cell is no number, such as 'cheap'" in messages(tables)


def test_spellings_of_one_event_type_are_one() -> None:
    tables = read("user,item,event\nu,a,View\nu,b,view\nu,c,BUY\n")
    assert tables.interactions["event"].tolist() == ["View", "View", "BUY"]


def test_column_of_many_values_is_no_event_type() -> None:
    rows = "".join(f"u,i{i},note number {i}\n" for i in range(40))
    tables = read("user,item,action\n" + rows)
    assert tables.interactions["event"].unique().tolist() == ["interaction"]
    assert "40 different values are no types of events" in messages(tables)


def test_unnamed_events_are_called_by_what_is_known_of_them() -> None:
    assert read("user,item\nu,a\n").interactions["event"].tolist() == ["interaction"]
    assert read("user,item,qty\nu,a,1\n").interactions["event"].tolist() == ["purchase"]
    assert read("user,item,stars\nu,a,1\n").interactions["event"].tolist() == ["rating"]


def test_every_problem_of_every_file_is_in_one_error() -> None:
    with pytest.raises(TableError) as caught:
        read("usr_nr,item_id,time\nu,a,soon\n", "sku2,title\nx,y\n", "")
    problems = of(caught.value.problems, "error")
    assert [(p.file, p.message) for p in problems] == [
        ("users.csv", "the file is empty"),
        ("interactions.csv", "no column is known as user_id"),
        ("items.csv", "no column is known as item_id"),
    ]
    assert str(caught.value).startswith("3 problems have to be mended first:\n  - users.csv: ")


def test_misspelt_columns_can_be_named() -> None:
    tables = read("usr_nr,thing\nu,a\n", columns={"user_id": "usr_nr", "item_id": "thing"})
    assert tables.interactions["user_id"].tolist() == ["u"]
    assert tables.mapping["interactions"] == {"usr_nr": "user_id", "thing": "item_id"}


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(TableError, match="no row is left"):
        read("user,item\n,a\nu,\n")
    with pytest.raises(TableError, match="no interaction is left"):
        read("user,item,time,quantity\nu,a,2024-01-01,-1\n")


WIDE = (
    "order_id,user_id,item_id,time,title,category,price,country,channel\n"
    "1,u,a,2024-01-01,RED RUG,home,5,DE,web\n"
    "1,u,b,2024-01-01,Lamp,light,7,DE,shop\n"
    "2,v,a,2024-01-02,Red rug,home,6,FR,web\n"
    "3,v,a,2024-01-03,Red rug,home,100,FR,shop\n"
    "3,v,b,2024-01-03,Lamp,light,7,FR,web\n"
)


def test_columns_of_one_wide_table_go_to_items_and_users() -> None:
    tables = read(WIDE)
    assert tables.items.to_dict("list") == {
        "item_id": ["a", "b"],
        "title": ["Red rug", "Lamp"],
        "price": [6.0, 7.0],
        "category": ["home", "light"],
    }
    assert tables.users.to_dict("list") == {"user_id": ["u", "v"], "country": ["DE", "FR"]}
    assert "change from row to row are not used: channel" in messages(tables)


def test_items_table_goes_before_the_wide_table_which_fills_its_blanks() -> None:
    tables = read(WIDE, "item_id,title,category\na,Wool rug,\nc,Chair,seats\n")
    items = tables.items.set_index("item_id")
    assert items["title"].to_dict() == {"a": "Wool rug", "b": "Lamp", "c": "Chair"}
    assert items["category"].to_dict() == {"a": "home", "b": "light", "c": "seats"}


def test_ids_missing_in_their_tables_are_kept_and_counted() -> None:
    tables = read(INTERACTIONS, "item_id,colour\n007,red\nlamp,blue\n", "user_id,age\nann,3\n")
    assert tables.items["item_id"].tolist() == ["007", "NA", "lamp"]
    assert tables.items["title"].tolist() == ["007", "NA", "lamp"]
    assert "1 of the 3 ids in the interactions is missing here, such as 'NA'" in messages(tables)
    assert "1 of the 2 ids in the interactions is missing here, such as 'bob'" in messages(tables)


def test_first_row_of_an_item_stays() -> None:
    tables = read(INTERACTIONS, ITEMS + "lamp,Other lamp,junk,1\n,No id,junk,1\n")
    assert tables.items.set_index("item_id").loc["lamp", "title"] == "Desk lamp"
    assert [p.rows for p in of(tables.problems, "repaired")] == [(7,), (6,)]


def test_kinds_can_be_changed() -> None:
    tables = read(INTERACTIONS, ITEMS, USERS, kinds={"items.title": "ignore", "region": "multi"})
    assert tables.kinds["items"]["title"] == "ignore"
    assert tables.kinds["users"]["region"] == "multi"


def test_kind_of_a_feature_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TableError, match=r"there is no feature 'categry'.*mean 'category'"):
        read(INTERACTIONS, ITEMS, kinds={"categry": "text"})


def test_texts_about_users_are_not_used() -> None:
    bios = "".join(
        f"u{i},likes long walks near the river and house number {i}\n" for i in range(25)
    )
    tables = read("user,item\nu1,a\n", users="user_id,bio\n" + bios)
    assert tables.kinds["users"] == {"bio": "ignore"}
    assert "texts about users are not used as features: bio" in messages(tables)


def test_titles_that_are_the_ids_are_no_feature() -> None:
    assert "title" not in read("user,item\nu,a\nu,b\n").kinds["items"]


def test_spellings_of_one_item_become_one_where_the_titles_agree() -> None:
    tables = read("user,item,description\nu,85A,Rug\nv,85A,rug\nw,85a,RUG\nu,9b,Cup\nv,9B,Mug\n")
    assert tables.interactions["item_id"].tolist() == ["85A", "85A", "85A", "9b", "9B"]
    assert tables.items["item_id"].tolist() == ["85A", "9B", "9b"]
    assert "such as '85a' and '85A', and was made one" in messages(tables)
    assert "such as '9B', and are left apart" in messages(tables)


def shop_with_postage() -> str:
    rows = "".join(f"u{i % 7},{i % 150 + 20000},Rug number {i % 150}\n" for i in range(300))
    return "user,item,description\n" + rows + "u1,POST,POSTAGE\nu2,POST,POSTAGE\nu3,X,Stamp X\n"


def test_postage_is_no_product() -> None:
    tables = read(shop_with_postage())
    assert "POST" not in set(tables.items["item_id"])
    assert "X" in set(tables.items["item_id"])
    assert of(tables.problems, "repaired")[0].rows == (302, 303)


def test_postage_can_be_kept() -> None:
    assert "POST" in set(
        read(shop_with_postage(), refused=frozenset({"services"})).items["item_id"]
    )


def test_one_user_and_one_item() -> None:
    tables = read("user,item\nu,a\n")
    assert tables.users["user_id"].tolist() == ["u"]
    assert tables.items["item_id"].tolist() == ["a"]


def test_small_pictures_beside_the_items_are_taken_in(tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "a.svg").write_text(svg, encoding="utf-8")
    (tmp_path / "shop" / "large.png").write_bytes(b"x" * 20_000)
    (tmp_path / "secret.svg").write_text(svg, encoding="utf-8")
    images = ["a.svg", "../secret.svg", "large.png", "none.png", "https://shop.example/a.svg"]
    rows = "".join(f"i{i},{image}\n" for i, image in enumerate(images))
    (tmp_path / "shop" / "items.csv").write_text("item_id,image_url\n" + rows, encoding="utf-8")
    tables = read_tables(("a.csv", b"user,item\nu,i0\n"), tmp_path / "shop" / "items.csv")
    kept = tables.items["image_url"].tolist()
    assert kept[0] == "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    assert kept[1:] == images[1:]


def test_errors_travel_between_processes() -> None:
    import pickle

    with pytest.raises(TableError) as caught:
        read("")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
