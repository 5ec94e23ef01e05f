"""One id is one id, however a program wrote it; what says nobody is nobody."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.data import Tables, read_tables
from tests.data.shop import read


def users_of(*ids: str, refused: str = "") -> list[str]:
    """The users of rows with these ids, in the order of the file."""
    rows = "".join(f"{_cell(one)},p{i % 3}\n" for i, one in enumerate(ids))
    options = {"refused": frozenset({refused})} if refused else {}
    return read(f"customer_id,product_id\n{rows}", **options).interactions["user_id"].tolist()


def _cell(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def messages(tables: Tables) -> str:
    return "\n".join(map(str, tables.problems))


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["512.0", "513.0", "512"], ["512", "513", "512"]),
        (["512,0", "513", "512"], ["512", "513", "512"]),
        (["512.00", "513.00", "C9"], ["512", "513", "C9"]),
        (["8000001.0", "1.2000003E7", "12000003"], ["8000001", "12000003", "12000003"]),
        (["4.006381333931e+12", "4.01e+12"], ["4006381333931", "4010000000000"]),
        (["100001", "1e+05"], ["100001", "100000"]),
        (['="0045"', '="0046"'], ["0045", "0046"]),
        (['"k7"', "k8"], ["k7", "k8"]),
        (["'0045", "'0046"], ["0045", "0046"]),
        (["ann\u200b", "\ufeffann", "an\u00adn"], ["ann", "ann", "ann"]),
        (["ＡＢ１２", "AB12"], ["AB12", "AB12"]),
        (["١٢٣", "123"], ["123", "123"]),
        (["۴۵", "४५"], ["45", "45"]),
    ],
)
def test_an_id_written_two_ways_is_one(ids: list[str], expected: list[str]) -> None:
    assert users_of(*ids) == expected


@pytest.mark.parametrize(
    "ids",
    [
        ["1.0", "1.5", "2.0"],  # sections
        ["1.0", "1.0.1", "2.0"],  # versions
        ["007", "7", "70"],
        ["1e5", "2E7", "12E5"],  # codes
        ["خانه‌ها", "خانهها"],  # a joiner is spelling there
        ["NA", "na", "Nil Ltd"],
        ["0", "1", "2"],
        ["0", "ann", "bob"],
        ["商品。", "手机！"],
    ],
)
def test_what_may_be_an_id_stays_as_it_is(ids: list[str]) -> None:
    assert users_of(*ids) == ids


@pytest.mark.parametrize("nobody", ["N/A", "(not set)", "NONE", "Undefined", "-", "---", "—", "?"])
def test_a_word_for_nobody_is_no_customer(nobody: str) -> None:
    tables = read(f"user,item\nann,a\n{nobody},b\nbob,a\n{nobody},a\n")
    assert tables.users["user_id"].tolist() == ["ann", "bob"]
    told = next(problem for problem in tables.problems if problem.fix == "nobody")
    assert (told.rows, told.column) == ((3, 5), "user")
    assert repr(nobody) in str(told)


@pytest.mark.parametrize(
    "nobody", ["未知", "unbekannt", "匿名", "00000000-0000-0000-0000-000000000000"]
)
def test_nobody_is_known_in_other_languages_and_as_zeros(nobody: str) -> None:
    assert users_of("ann", nobody, "bob") == ["ann", "bob"]


def test_numbers_below_all_ids_mean_nobody() -> None:
    assert users_of("-1", "12", "13") == ["12", "13"]
    assert users_of("0", "70012", "70013") == ["70012", "70013"]


def test_placeholders_are_no_baskets_and_no_products() -> None:
    tables = read("user,item,order_id\nann,a,-\nann,b,-\nbob,n/a,7\nbob,a,7\n")
    assert tables.items["item_id"].tolist() == ["a", "b"]
    assert tables.interactions["basket_id"].isna().tolist() == [True, True, False]


def test_a_long_number_that_a_spreadsheet_rounded_is_still_left_out() -> None:
    tables = read("user,item\nann,4.00638E+12\nbob,4.00639E+12\neve,96385070\n")
    assert tables.items["item_id"].tolist() == ["96385070"]
    assert "that a spreadsheet rounded" in messages(tables)


def test_users_in_two_cases_are_told_and_can_be_made_one() -> None:
    rows = (
        "user,item,time\nAnn,a,2024-01-01\nann,b,2024-01-02\nann,a,2024-01-03\nbob,a,2024-01-04\n"
    )
    users = "user_id,town\nAnn,Ulm\nann,Ulm\nbob,Bern\n"
    apart = read(rows, users=users)
    one = read(rows, users=users, refused=frozenset({"user_spellings"}))
    assert "1 user differs from another one in letter case only" in messages(apart)
    assert apart.users["user_id"].tolist() == ["Ann", "ann", "bob"]
    assert one.users["user_id"].tolist() == ["ann", "bob"]
    assert one.interactions["user_id"].tolist() == ["ann", "ann", "ann", "bob"]


def test_ids_join_with_a_table_that_writes_them_otherwise() -> None:
    tables = read("user,item\nann,512.0\nbob,513.0\n", 'item_id,title\n"=""512""",Lamp\n513,Rug\n')
    assert tables.items["item_id"].tolist() == ["512", "513"]
    assert tables.items["title"].tolist() == ["Lamp", "Rug"]


def parquet(**columns: pa.Array) -> Tables:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return read_tables(("shop.parquet", out.getvalue()))


def test_exact_long_floats_are_whole_ids() -> None:
    codes = pa.array([8.712345678905e12, 40123455.0, None, 9.007199254740991e15], pa.float64())
    tables = parquet(user_id=pa.array(["a", "b", "c", "d"]), ean=codes)
    assert tables.interactions["item_id"].tolist() == [
        "8712345678905",
        "40123455",
        "9007199254740991",
    ]


def test_long_customer_numbers_as_floats_are_not_refused() -> None:
    phones = pa.array([13800000001.0, 13800000002.0, 13800000001.0], pa.float64())
    tables = parquet(customer_id=phones, item_id=pa.array(["a", "b", "c"]))
    assert tables.users["user_id"].tolist() == ["13800000001", "13800000002"]


def test_floats_that_cannot_tell_ids_apart_are_told() -> None:
    short = pa.array([16777217.0, 16777216.0, 5.0], pa.float32())
    tables = parquet(user_id=short, item_id=pa.array(["a", "b", "c"]))
    assert "floats of 32 bits are not exact from 16,777,216 on" in messages(tables)


def test_blank_cells_of_floats_stay_blank() -> None:
    frame = pd.DataFrame({"user": ["a", "b"], "item": ["x", "y"], "quantity": [2.0, float("nan")]})
    out = io.BytesIO()
    frame.to_parquet(out)
    quantity = read_tables(("shop.parquet", out.getvalue())).interactions["quantity"]
    assert quantity.iloc[0] == 2.0 and quantity.isna().iloc[1]
