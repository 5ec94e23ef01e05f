"""Rows that do not count: kept, with their reason, and known from the right moment on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from recommender.data import Dataset, build_dataset, load_dataset, save_dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.uncounted import no_rows
from tests.data.shop import built, read

RATED = """user_id,item_id,rating,timestamp
ann,a,5,1700000000
ann,b,1,1700000100
ann,c,5,1700000200
bob,a,5,1700000300
"""
BOUGHT = "user_id,item_id,time,quantity\n"


def rows(content: str, **options: object) -> list[tuple[object, ...]]:
    """User, item and reason of each row that does not count."""
    table = read(content, **options).uncounted
    return list(table[["user_id", "item_id", "reason"]].itertuples(index=False, name=None))


def places(data: Dataset) -> list[tuple[str, str, int]]:
    """User, item, and after how many of the user's events the row is known."""
    table = data.uncounted
    users = data.users["user_id"].to_numpy()[table["user"]]
    items = data.items["item_id"].to_numpy()[table["item"]]
    return list(zip(users, items, table["place"].tolist(), strict=True))


def test_a_rating_below_the_mean_is_kept_with_its_time_and_its_stars() -> None:
    data = built(RATED)
    assert len(data.interactions) == 3
    (row,) = data.uncounted.to_dict("records")
    assert (row["time"], row["rating"], row["reason"]) == (1_700_000_100, 1.0, "rated_low")
    assert row["event"] == "rating"
    assert places(data) == [("ann", "b", 1)]


def test_what_came_back_and_what_took_it_back_do_not_count() -> None:
    content = BOUGHT + "u,a,2024-01-01,1\nu,b,2024-01-02,1\nu,a,2024-01-03,-1\nu,c,2024-01-04,-1\n"
    assert rows(content) == [("u", "a", "taken_back"), ("u", "a", "return"), ("u", "c", "return")]


def test_what_is_in_part_bought_still_is_an_event_and_its_return_is_none() -> None:
    content = BOUGHT + "u,a,2024-01-01,12\nu,a,2024-01-03,-2\n"
    assert rows(content) == [("u", "a", "return")]


def test_a_return_that_takes_nothing_back_is_no_event_either() -> None:
    content = BOUGHT + "u,a,2024-01-01,1\nu,b,2024-01-02,1\nu,a,2024-01-03,-1\n"
    assert rows(content, refused=frozenset({"returns"})) == [("u", "a", "return")]


def test_quantity_zero_does_not_count() -> None:
    assert rows(BOUGHT + "u,a,2024-01-01,1\nu,b,2024-01-02,0\n") == [("u", "b", "nothing_bought")]


def test_a_row_without_a_date_does_not_count_and_has_no_time() -> None:
    content = BOUGHT + "u,a,2024-01-01,1\nu,b,soon,1\nv,b,2024-01-02,1\nv,a,2024-01-03,1\n"
    table = read(content).uncounted
    assert table["reason"].tolist() == ["undated"]
    assert np.isnan(table["time"].iloc[0])
    assert places(built(content)) == [("u", "b", 1)]


def test_a_time_yet_to_come_does_not_count() -> None:
    content = BOUGHT + "u,a,2024-01-01,1\nu,b,2099-01-01,1\nv,b,2024-01-02,1\nv,a,2024-01-03,1\n"
    assert rows(content) == [("u", "b", "future")]


def test_a_number_that_is_none_leaves_its_row_out_where_its_owner_says_so() -> None:
    content = BOUGHT + "u,a,2024-01-01,1\nu,b,2024-01-02,some\nv,b,2024-01-02,1\n"
    assert rows(content, refused=frozenset({"numbers"})) == [("u", "b", "no_number")]


def test_copies_of_an_event_stand_for_it_and_are_not_kept_twice() -> None:
    assert rows(BOUGHT + "u,a,2024-01-01,1\nu,a,2024-01-01,1\nu,b,2024-01-02,1\n") == []


def test_an_id_is_spelled_like_that_of_the_events() -> None:
    content = (
        "user_id,item_id,title,time\n"
        "u,A1,Lamp,2024-01-01\nu,A1,Lamp,2024-01-02\nv,a1,Lamp,2024-01-02\nw,b2,Rug,2024-01-02\n"
        "w,a1,Lamp,soon\n"
    )
    assert rows(content) == [("w", "A1", "undated")]


def test_a_row_is_known_only_to_those_who_ask_about_a_later_moment() -> None:
    data = built(
        "user_id,item_id,rating,time\n"
        "u,a,5,2024-01-02\nu,b,1,2024-01-01\nu,c,1,2024-01-02\nu,d,5,2024-01-03\nu,e,1,2024-01-09\n"
        "v,a,5,2024-01-01\nv,b,5,2024-01-01\nv,c,5,2024-01-01\nv,d,5,2024-01-01\nv,e,5,2024-01-01\n"
    )
    # c was rated together with a: who asks what came at that moment does not know it yet.
    assert places(data) == [("u", "b", 0), ("u", "c", 1), ("u", "e", 2)]
    had = {cut: data.items["item_id"][data.history(0, cut).had].tolist() for cut in (0, 1, 2)}
    assert had == {0: ["b"], 1: ["a", "b", "c"], 2: ["a", "b", "c", "d", "e"]}


def test_without_times_the_order_in_the_file_says_what_came_before() -> None:
    data = built("user_id,item_id,rating\nu,a,1\nu,b,5\nv,b,5\nu,c,1\nu,d,5\nv,a,5\nu,e,1\n")
    assert places(data) == [("u", "a", 0), ("u", "c", 1), ("u", "e", 2)]
    assert data.uncounted["time"].isna().all()


def test_rows_of_items_that_are_dropped_go_with_them() -> None:
    tables = read(RATED)
    assert places(build_dataset(tables, "shop", min_item_events=2)) == []


def test_a_saved_data_set_keeps_them(tmp_path: Path) -> None:
    data = built(RATED)
    loaded = load_dataset(save_dataset(data, tmp_path / "data"))
    assert loaded.uncounted.equals(data.uncounted)
    assert list(loaded.uncounted.dtypes) == list(data.uncounted.dtypes)


def test_a_data_set_saved_before_they_were_kept_opens_and_says_so(tmp_path: Path) -> None:
    data = replace(built(RATED), uncounted=no_rows())
    folder = save_dataset(replace(data, fingerprint=dataset_fingerprint(data)), tmp_path / "data")
    (folder / "uncounted.parquet").unlink()
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    del schema["files"]["uncounted"]
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    old = load_dataset(folder)
    assert old.uncounted.equals(no_rows())
    assert old.notes[:-1] == data.notes
    assert "may come back as new to them; import the data again" in old.notes[-1]


def test_the_fingerprint_tells_what_does_not_count_and_is_the_old_one_where_all_does() -> None:
    data = built(RATED)
    assert dataset_fingerprint(replace(data, uncounted=no_rows())) != data.fingerprint
    every = "user_id,item_id,time\nu,a,2024-01-01\nu,b,2024-01-02\n"
    assert built(every).fingerprint == "a7f53ab7278c2c55"
