"""The tables of a data set out of one to three files, of which one may be a zip of them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from recommender.data.columns import TableName
from recommender.data.databases import read_query
from recommender.data.fixes import FixName
from recommender.data.options import ReadOptions
from recommender.data.problems import Finder
from recommender.data.reading.archives import Member, listed
from recommender.data.reading.files import (
    Opened,
    RawTable,
    Source,
    members_of,
    read_member,
    read_one,
)
from recommender.data.reading.process_client import Wish, read_apart
from recommender.data.shapes import one_row_an_event
from recommender.said import Said

_WORDS: Final[dict[TableName, str]] = {
    "interactions": """interaction event order transaction purchase rating click log sale histor
        review behavio invoice basket session visit 交互 订单 交易 行为 评分 购买 销售 记录""",
    "items": "item product article catalog movie book good sku 商品 产品 物品",
    "users": "user customer member client buyer visitor household demographic 用户 客户 会员",
}
_LONGEST_SHEET: Final = 200
_CALLED: Final = {table: tuple(words.split()) for table, words in _WORDS.items()}
"""How the names of files begin or what is in them; the first table that fits is taken, so that
`order_items.csv` holds orders."""


def gather(sources: Mapping[TableName, Source], options: ReadOptions) -> dict[TableName, RawTable]:
    """Read the files, in a process of its own; problems are in the tables, never raised."""
    sheets = {str(table): sheet[:_LONGEST_SHEET] for table, sheet in options.sheets.items()}
    wish = Wish("gather", options.encoding, sheets, tuple(options.refused), tuple(sources))
    raw = read_apart({str(table): source for table, source in sources.items()}, wish)
    return {table: raw[table] for table in _CALLED if table in raw}


def read_file(
    source: Source,
    encoding: str | None = None,
    sheet: str = "",
    refused: frozenset[FixName] = frozenset(),
) -> RawTable:
    """Read one table: CSV, TSV, a workbook or Parquet, plain, gzip or zip.

    Problems are returned, never raised. `refused` are fixes that are not to be made.
    """
    wish = Wish("one", encoding, {"one": sheet[:_LONGEST_SHEET]}, tuple(refused), ("one",))
    return read_apart({"one": source}, wish)["one"]


def read_opened(
    sources: Mapping[str, Opened], wish: Wish, begin: Callable[[], object]
) -> dict[str, RawTable]:
    """What the wish asks for, read here and now; `begin` is called before each file."""
    if wish.job == "one":
        begin()
        refused = frozenset(wish.refused)
        if sources["one"].query is not None:
            return {"one": read_query(sources["one"])}
        return {"one": read_one(sources["one"], wish.encoding, wish.sheets["one"], refused)}  # type: ignore[arg-type]
    return _gathered(sources, wish, begin)  # type: ignore[arg-type, return-value]


def _gathered(
    sources: Mapping[TableName, Opened], wish: Wish, begin: Callable[[], object]
) -> dict[TableName, RawTable]:
    raw: dict[TableName, RawTable] = {}
    for table, source in sources.items():
        begin()
        if source.query is not None:
            raw[table] = read_query(source)
            continue
        members = members_of(source)
        if isinstance(members, RawTable):
            raw[table] = members
            continue
        if len(members) == 1:
            raw[table] = _read(source, members[0], table, wish)
            continue
        chosen, left = _by_name(members)
        wanted = {t: one for t, one in chosen.items() if t == table or t not in wish.tables}
        if table not in wanted or table != "interactions":
            wanted = {table: wanted[table]} if table in wanted else {}
        if not wanted:
            raw[table] = _several(source, members, table)
            continue
        for found, member in wanted.items():
            raw[found] = _read(source, member, found, wish)
        unused = [*left, *(one for t, one in chosen.items() if t not in wanted)]
        if unused:
            message = Said("files in the archive that were not read: {names}", names=listed(unused))
            remedy = Said("Name them interactions, items or users")
            note = Finder(raw[table].file).note(message, remedy)
            raw[table] = replace(raw[table], problems=(*raw[table].problems, note))
    return raw


def _read(source: Opened, member: Member, table: TableName, wish: Wish) -> RawTable:
    refused: frozenset[FixName] = frozenset(wish.refused)  # type: ignore[arg-type]
    raw = read_member(source, member, wish.encoding, wish.sheets.get(table, ""), refused)
    return one_row_an_event(raw, Finder(raw.file, refused)) if table == "interactions" else raw


def _by_name(members: tuple[Member, ...]) -> tuple[dict[TableName, Member], list[Member]]:
    """Which file is which table, by its name, and the files that are none or come second."""
    chosen: dict[TableName, Member] = {}
    left = []
    for member in members:
        words = re.findall(r"[^\W\d_]+", member.name.casefold())
        table = next(
            (t for t, names in _CALLED.items() if any(_says(word, names) for word in words)), None
        )
        if table is None or table in chosen:
            left.append(member)
        else:
            chosen[table] = member
    return chosen, left


def _says(word: str, names: tuple[str, ...]) -> bool:
    return any(word.startswith(name) if name.isascii() else name in word for name in names)


def _several(source: Opened, members: tuple[Member, ...], table: TableName) -> RawTable:
    message = Said(
        "the archive holds several tables and none is called {table}: {names}",
        table=table,
        names=listed(members),
    )
    remedy = Said("Name them interactions, items and users")
    problem = Finder(source.name).error(message, remedy)
    return RawTable(source.name, source.folder, pd.DataFrame(), (problem,))
