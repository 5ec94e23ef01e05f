"""The words of a data set: proposed from its columns, chosen, kept, and carried."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.data import DatasetError, build_dataset, load_dataset, read_tables, save_dataset
from recommender.data.vocabulary import SHOP, Vocabulary, choices, vocabulary_of
from recommender.said import StatedError
from tests.data.shop import shop


def proposed(header: str, row: str, name: str = "data") -> str:
    tables = read_tables((f"{name}.csv", f"{header}\n{row}\n".encode()))
    return str(build_dataset(tables, name).vocabulary)


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        ("customer_id,product_id,order_date,quantity", "ann,kettle,2024-03-01,2", SHOP),
        ("user_id,item_id,timestamp,event", "ann,kettle,2024-03-01,purchase", SHOP),
        ("userId,movieId,rating,timestamp", "ann,Alien,5,2024-03-01", "rated,film,viewer"),
        ("user_id,movie_id,watched_at", "ann,Alien,2024-03-01", "watched,film,viewer"),
        ("reviewerID,asin,rating,reviewTime", "ann,B001,5,2024-03-01", "rated,product,customer"),
        ("user_id,isbn,rating", "ann,0306406152,5", "rated,book,reader"),
        ("user_id,news_id,timestamp,event", "ann,n1,2024-03-01,click", "clicked,article,reader"),
        ("user_id,track_id,timestamp", "ann,t1,2024-03-01", "listened,song,listener"),
        ("user_id,game_id,timestamp", "ann,g1,2024-03-01", "played,game,player"),
        ("user_id,course_id,timestamp", "ann,c1,2024-03-01", "enrolled,course,student"),
        ("user_id,item_id,title,timestamp", "ann,7,Alien,2024-03-01", "used,item,user"),
        ("user_id,item_id,timestamp", "ann,7,2024-03-01", "used,item,user"),
        ("客户,商品编号,购买时间", "张三,苹果,2024-03-01", SHOP),
        ("用户id,电影id,评分", "张三,流浪地球,5", "rated,film,viewer"),
    ],
)
def test_columns_and_events_propose_the_words(header: str, row: str, words: object) -> None:
    assert proposed(header, row) == str(words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("orders", "bought,product,customer"),
        ("my_movies", "watched,film,viewer"),
        ("book-ratings", "rated,book,reader"),
        ("课程", "enrolled,course,student"),
        ("export", "used,item,user"),
    ],
)
def test_the_name_of_the_file_helps_where_columns_say_nothing(name: str, words: str) -> None:
    assert proposed("user_id,item_id,timestamp", "ann,7,2024-03-01", name) == words


def test_an_article_that_is_bought_is_a_product() -> None:
    header = "customer_id,article_id,t_dat,price"
    assert proposed(header, "ann,108775,2024-03-01,5.5") == "bought,product,customer"


def test_one_word_names_the_usual_nouns_and_three_name_all() -> None:
    assert vocabulary_of("watched") == Vocabulary("watched", "film", "viewer")
    assert vocabulary_of("rated, book, reader") == Vocabulary("rated", "book", "reader")


@pytest.mark.parametrize("text", ["", "seen", "rated,book", "rated,books,reader", "book"])
def test_other_words_are_refused_by_name(text: str) -> None:
    with pytest.raises(StatedError, match=r"use one of (bought|product)"):
        vocabulary_of(text)


def test_all_that_may_be_chosen_begins_with_what_is_proposed_and_names_nothing_twice() -> None:
    offered = choices(vocabulary_of("rated,film,viewer"))
    assert offered[0] == Vocabulary("rated", "film", "viewer")
    assert Vocabulary("watched", "film", "viewer") in offered
    assert SHOP in offered
    assert len(set(offered)) == len(offered)


def test_the_words_are_kept_and_older_data_sets_are_a_shops(tmp_path: Path) -> None:
    words = vocabulary_of("watched")
    folder = save_dataset(replace(shop(), vocabulary=words), tmp_path / "films")
    assert load_dataset(folder).vocabulary == words
    schema = json.loads((folder / "schema.json").read_text())
    assert schema["vocabulary"] == {"verb": "watched", "item": "film", "person": "viewer"}
    del schema["vocabulary"]
    (folder / "schema.json").write_text(json.dumps(schema))
    assert load_dataset(folder).vocabulary == SHOP


def test_words_that_nobody_knows_are_damage(tmp_path: Path) -> None:
    folder = save_dataset(shop(), tmp_path / "shop")
    schema = json.loads((folder / "schema.json").read_text())
    schema["vocabulary"]["verb"] = "<script>"
    (folder / "schema.json").write_text(json.dumps(schema))
    with pytest.raises(DatasetError, match="is damaged"):
        load_dataset(folder)


def test_the_words_are_not_part_of_the_content(tmp_path: Path) -> None:
    films = save_dataset(replace(shop(), vocabulary=vocabulary_of("read")), tmp_path / "films")
    assert load_dataset(films).fingerprint == shop().fingerprint
