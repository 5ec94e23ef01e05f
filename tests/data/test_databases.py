"""What a database answers is read as a file is: nothing written, nothing lost, nothing told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

import duckdb
import pytest
from sqlalchemy import create_engine

from recommender.confined import MEGABYTES, SECONDS, Limits
from recommender.data import RawTable, databases, read_file, read_tables
from recommender.data.limits import MAX_COLUMNS
from recommender.data.problems import Finder
from recommender.data.queries import Query, from_environment, one_statement, url_of
from recommender.data.reading.files import Opened
from tests.servers.postgresql import cluster

ROWS = [("ann", "kettle", "2024-03-01 10:00:00"), ("bob", "cup", "2024-03-02 11:30:00")]
MADE = "CREATE TABLE orders (customer TEXT, product TEXT, order_date TEXT)"
ALL = "SELECT * FROM orders"
BUY = """CREATE FUNCTION buy() RETURNS text LANGUAGE sql AS
    $$INSERT INTO orders VALUES ('eve', 'cup', '') RETURNING 'done'$$"""
"""A SELECT of it writes."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a real server with the table in it."""
    with cluster() as server:
        engine = create_engine(server.url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.exec_driver_sql(MADE)
            for row in ROWS:
                connection.exec_driver_sql("INSERT INTO orders VALUES (%s, %s, %s)", row)
            connection.exec_driver_sql(BUY)
        engine.dispose()
        yield server.url


@pytest.fixture(params=["sqlite", "duckdb", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of the same table in each kind of database."""
    return address(request.param, request, tmp_path)


def address(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    return request.getfixturevalue("postgres") if kind == "postgresql" else in_file(kind, folder)


def in_file(kind: str, folder: Path) -> str:
    path = folder / f"shop.{kind}"
    with closing(sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path))) as made:
        made.execute(MADE)
        made.executemany("INSERT INTO orders VALUES (?, ?, ?)", ROWS)
        made.commit() if kind == "sqlite" else None
    return f"{kind}:///{path}"


def asked(url: str, sql: str, most: int = 1_000_000, seconds: int = 60) -> RawTable:
    """Asked by this process, which has loaded the drivers already."""
    with TemporaryFile() as nothing:
        query = Query(url, sql)
        source = Opened(query.name, None, nothing, most, query, Limits(2_000, seconds))
        return databases.read_query(source)


def why(raw: RawTable) -> str:
    """What stops the reading."""
    assert raw.frame.empty
    errors = [str(problem) for problem in raw.problems if problem.severity == "error"]
    assert len(errors) == 1
    return errors[0]


def cells(raw: RawTable) -> dict[str, list[str]]:
    return {str(name): raw.frame[name].tolist() for name in raw.frame}


def test_the_answer_is_a_table_of_text_whose_rows_are_numbered_from_one(shop: str) -> None:
    raw = asked(shop, f"{ALL} ORDER BY customer;  -- all of them")
    assert cells(raw) == {
        "customer": ["ann", "bob"],
        "product": ["kettle", "cup"],
        "order_date": ["2024-03-01 10:00:00", "2024-03-02 11:30:00"],
    }
    assert raw.frame.index.tolist() == [1, 2]
    assert (raw.form.format, raw.problems) == ("database", ())
    assert raw.file == ("postgres" if shop.startswith("postgresql") else shop.split("/")[-1])


def test_the_doctor_goes_over_it_as_over_a_file(tmp_path: Path) -> None:
    tables = read_tables(Query(in_file("sqlite", tmp_path), ALL))
    assert tables.mapping["interactions"] == {
        "customer": "user_id", "product": "item_id", "order_date": "time",
    }  # fmt: skip
    assert sorted(tables.interactions["time"]) == [1_709_287_200, 1_709_379_000]


def test_items_may_be_asked_for_beside(tmp_path: Path) -> None:
    shop = in_file("duckdb", tmp_path)
    items = "SELECT 'cup' AS item_id, 'Blue cup' AS title, 3.50 AS price"
    tables = read_tables(Query(shop, ALL), Query(shop, items))
    titles = dict(zip(tables.items["item_id"], tables.items["title"], strict=True))
    assert titles == {"cup": "Blue cup", "kettle": "kettle"}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM orders",
        "INSERT INTO orders VALUES ('eve', 'cup', '')",
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
        "SELECT 1; SELECT 2",
        "PRAGMA query_only=OFF",
        "SELECT * INTO copied FROM orders",
        "",
    ],
)
def test_nothing_that_writes_is_asked(shop: str, sql: str) -> None:
    why(asked(shop, sql))
    assert len(asked(shop, ALL).frame) == 2


def test_the_database_itself_refuses_what_writes(
    shop: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever a question may look like to us."""
    monkeypatch.setattr(databases, "one_statement", lambda sql: sql)
    monkeypatch.chdir(tmp_path)
    for sql in (
        "DELETE FROM orders",
        "SELECT 1; DELETE FROM orders",
        "COMMIT; DELETE FROM orders",
        "CREATE TABLE made (a INT)",
        "ATTACH 'other.db' AS other",
        "COPY (SELECT 1) TO 'copied.csv'",
        "SET TRANSACTION READ WRITE",
    ):
        why(asked(shop, sql))
    assert {path.name for path in tmp_path.iterdir()} <= {"shop.sqlite", "shop.duckdb"}
    assert len(asked(shop, ALL).frame) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT buy()",
        "SELECT set_config('transaction_read_only', 'off', false), buy()",
    ],
)
def test_a_function_that_writes_is_refused_by_a_transaction_that_only_reads(
    postgres: str, sql: str
) -> None:
    said = why(asked(postgres, sql))
    assert "read-only transaction" in said or "read-write mode" in said
    assert len(asked(postgres, ALL).frame) == 2


def test_what_such_a_transaction_lets_pass_is_not_kept(postgres: str) -> None:
    asked(postgres, "SELECT lo_create(0)")  # refused by newer servers alone
    left = asked(postgres, "SELECT count(*) AS n FROM pg_largeobject_metadata")
    assert cells(left) == {"n": ["0"]}


def test_no_other_file_is_read_through_a_database(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    shop = in_file("duckdb", tmp_path)
    for sql in (f"FROM '{secret}'", f"FROM read_text('{secret}')", f"FROM read_csv('{secret}')"):
        assert "the database refuses" in why(asked(shop, sql))
    said = why(asked(in_file("sqlite", tmp_path), "SELECT load_extension('secret.so')"))
    assert "not authorized" in said


EXACT = [
    ("sqlite", "9223372036854775807", "9223372036854775807"),
    ("sqlite", "0.1", "0.1"),
    ("sqlite", "'0012'", "0012"),
    ("sqlite", "NULL", ""),
    ("duckdb", "12.50::DECIMAL(10, 2)", "12.50"),
    ("duckdb", "123456789012345678901234567.123::DECIMAL(38, 3)",
     "123456789012345678901234567.123"),
    ("duckdb", "340282366920938463463374607431768211455::UHUGEINT",
     "340282366920938463463374607431768211455"),
    ("duckdb", "TIMESTAMPTZ '2024-03-01 10:00:00+05:30'", "2024-03-01 04:30:00+00"),
    ("duckdb", "DATE '2024-03-01'", "2024-03-01"),
    ("duckdb", "['a', 'b']", "a|b"),
    ("duckdb", "TRUE", "true"),
    ("duckdb", "NULL", ""),
    ("postgresql", "12.50::numeric", "12.50"),
    ("postgresql", "123456789012345678901234567890.123::numeric",
     "123456789012345678901234567890.123"),
    ("postgresql", "timestamptz '2024-03-01 10:00:00+05:30'", "2024-03-01 04:30:00+00"),
    ("postgresql", "timestamp 'infinity'", "infinity"),
    ("postgresql", "date '2024-03-01'", "2024-03-01"),
    ("postgresql", "ARRAY['a', 'b']", "a|b"),
    ("postgresql", "'100%'", "100%"),
    ("postgresql", "TRUE", "true"),
    ("postgresql", "NULL", ""),
]  # fmt: skip
"""A value of each kind of database, and all that it says."""


@pytest.mark.parametrize(("kind", "sql", "text"), EXACT)
def test_every_type_keeps_all_that_it_says(
    kind: str, sql: str, text: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    raw = asked(address(kind, request, tmp_path), f"SELECT 'x' AS id, {sql} AS value")
    assert (cells(raw)["value"], raw.problems) == ([text], ())


@pytest.mark.parametrize(
    ("kind", "sql"),
    [("sqlite", "x'00ff'"), ("sqlite", "CAST(x'ff' AS TEXT)"), ("duckdb", "'ab'::BLOB"),
     ("postgresql", "'ab'::bytea")],
)  # fmt: skip
def test_a_column_of_bytes_is_left_out_and_named(
    kind: str, sql: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    raw = asked(address(kind, request, tmp_path), f"SELECT 'ann' AS customer, {sql} AS photo")
    assert cells(raw) == {"customer": ["ann"]}
    (problem,) = raw.problems
    assert (problem.column, problem.severity) == ("photo", "note")
    assert "bytes" in str(problem)


def test_of_a_database_that_is_not_told_to_refuse_what_writes_that_is_said(tmp_path: Path) -> None:
    url = url_of(in_file("sqlite", tmp_path))
    with databases._any(url, ALL, Limits(2_000, 60)) as answer:
        assert [part[0].to_pylist() for part in answer.parts if part[0]] == [["ann", "bob"]]
    (note,) = answer.notes
    assert "Use an account that may only read" in str(note)


def test_a_name_that_comes_twice_is_told(shop: str) -> None:
    raw = asked(shop, "SELECT customer, product AS customer FROM orders")
    assert list(raw.frame) == ["customer", "customer (2)"]
    assert [problem.column for problem in raw.problems] == ["customer"]


def test_no_rows_are_no_data(shop: str) -> None:
    assert "the query gives no rows" in why(asked(shop, f"{ALL} WHERE customer = 'eve'"))


def test_what_is_wrong_in_the_query_is_said_as_the_database_says_it(shop: str) -> None:
    for sql, word in (("SELECT nothing FROM orders", "nothing"), ("SELECT 1 FROM gone", "gone")):
        said = why(asked(shop, sql))
        assert word in said
        assert "SELECT" not in said
        assert "Check the address, the rights and the query" in said


def test_a_value_that_cannot_be_read_is_a_cell_and_hidden_with_the_ids(tmp_path: Path) -> None:
    raw = asked(in_file("duckdb", tmp_path), "SELECT customer::INT FROM orders")
    (problem,) = raw.problems
    hidden = problem.message.with_each(lambda name, text: "…" if name == "example" else text)
    assert "'ann'" in why(raw)
    assert hidden == "a value cannot be read: …"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("shop.db", "no address of a database"),
        ("", "no address of a database"),
        ("sqlite://", "there is no such file"),
        ("sqlite:///gone.db", "gone.db: there is no such file"),
        ("duckdb:///gone.duckdb", "gone.duckdb: there is no such file"),
        ("postgresql://ann:hunter2@127.0.0.1:1/shop", "the database refuses"),
        ("postgresql://127.0.0.1:1/shop?password=hunter2", "the database refuses"),
        ("postgresql://ann:hunter2@127.0.0.1:one/shop", "no address of a database"),
        ("nosuch://ann:hunter2@127.0.0.1/shop", "no driver of nosuch is installed"),
        ("mysql://ann:hunter2@127.0.0.1/shop", "no driver of mysql is installed"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(url: str, words: str) -> None:
    raw = asked(url, ALL)
    assert words in why(raw)
    assert "hunter2" not in why(raw) + raw.file + repr(raw) + repr(Query(url, ALL))


def test_what_a_process_of_its_own_reads_is_the_same(shop: str) -> None:
    apart, here = read_file(Query(shop, ALL)), asked(shop, ALL)
    assert cells(apart) == cells(here)
    assert (apart.file, apart.form, apart.problems) == (here.file, here.form, here.problems)


def test_what_a_driver_says_of_the_password_is_not_said() -> None:
    url = url_of("postgresql://ann:hunter2@host/shop?sslpassword=open")
    for text in ("hunter2 is wrong", "could not use sslpassword=open"):
        assert databases._told(RuntimeError(text), url).said.values["why"] == "RuntimeError"
    assert databases._told(RuntimeError("host is down"), url).said.values["why"] == "host is down"


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("user,item\n" * 500)
    for kind in ("sqlite", "duckdb"):
        assert "the database refuses" in why(asked(f"{kind}:///{tmp_path}/shop.db", ALL))


def test_an_answer_beyond_the_limits_is_refused(tmp_path: Path) -> None:
    shop = in_file("duckdb", tmp_path)
    wide = ", ".join(f"1 AS c{i}" for i in range(MAX_COLUMNS + 1))
    assert "1,001 columns" in why(asked(shop, f"SELECT {wide}"))
    long = "SELECT repeat('x', 100) AS a FROM range(20000)"
    said = why(asked(shop, long, most=100_000))
    assert "more than 10,000 rows, more than can be read" in said


def test_a_query_that_takes_too_much_is_ended_and_the_next_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS, "1")
    monkeypatch.setenv(MEGABYTES, "300")
    shop = in_file("sqlite", tmp_path)
    endless = "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    said = why(read_file(Query(shop, endless, sent=True)))
    assert "takes more than 300 MB of memory or 1 s" in said
    assert len(read_file(Query(shop, ALL, sent=True)).frame) == 2


def test_a_server_that_takes_too_long_ends_it(postgres: str) -> None:
    assert "statement timeout" in why(asked(postgres, "SELECT pg_sleep(60)", seconds=1))


@pytest.mark.parametrize(
    ("sql", "statement"),
    [
        ("SELECT 1", "SELECT 1"),
        (" select 1 ; ", " select 1 "),
        ("SELECT ';' -- a; b", "SELECT ';' -- a; b"),
        ("/* all */ (SELECT 1) ;; -- done", "/* all */ (SELECT 1) "),
        ("WITH a AS (SELECT $$;$$) SELECT * FROM a", "WITH a AS (SELECT $$;$$) SELECT * FROM a"),
    ],
)
def test_one_statement_is_taken_without_what_ends_it(sql: str, statement: str) -> None:
    assert one_statement(sql) == statement


def test_an_address_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DATABASE", "sqlite:///shop.db")
    assert from_environment("env:SHOP_DATABASE") == "sqlite:///shop.db"
    assert from_environment("sqlite:///other.db") == "sqlite:///other.db"
    with pytest.raises(ValueError, match="the environment has no GONE"):
        from_environment("env:GONE")


def test_a_long_answer_comes_in_parts_and_stays_in_order(tmp_path: Path) -> None:
    raw = asked(in_file("duckdb", tmp_path), "SELECT i::VARCHAR AS user_id FROM range(25000) r(i)")
    assert raw.frame["user_id"].tolist() == [str(i) for i in range(25_000)]
    assert raw.frame.index[[0, -1]].tolist() == [1, 25_000]


def test_rows_are_taken_ten_thousand_at_a_time(shop: str) -> None:
    numbers = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        SELECT a.i + 100 * b.i AS i, c.i AS j FROM n a, n b, n c WHERE c.i < 4"""
    with databases._asked(Query(shop, numbers), Limits(2_000, 60), Finder("shop")) as answer:
        sizes = [len(part[0]) for part in answer.parts if part[0] is not None]
    assert sum(sizes) == 30_000
    assert len(sizes) < 20
