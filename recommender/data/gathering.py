"""The tables of a data set out of one to three files, of which one may be a zip of them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from recommender.data.archives import Member
from recommender.data.files import RawTable, Source, members_of, place, read_member
from recommender.data.mapping import TableName
from recommender.data.options import ReadOptions
from recommender.data.problems import Finder

_WORDS: Final[dict[TableName, str]] = {
    "interactions": """interaction event order transaction purchase rating click log sale histor
        review behavio invoice basket session visit 交互 订单 交易 行为 评分 购买 销售 记录""",
    "items": "item product article catalog movie book good sku 商品 产品 物品",
    "users": "user customer member client buyer visitor household demographic 用户 客户 会员",
}
_CALLED: Final = {table: tuple(words.split()) for table, words in _WORDS.items()}
"""How the names of files begin or what is in them; the first table that fits is taken, so that
`order_items.csv` holds orders."""


def gather(sources: Mapping[TableName, Source], options: ReadOptions) -> dict[TableName, RawTable]:
    """Read the files; problems are in the tables, never raised."""
    raw: dict[TableName, RawTable] = {}
    for table, source in sources.items():
        members = members_of(source)
        if isinstance(members, RawTable):
            raw[table] = members
            continue
        if len(members) == 1:
            raw[table] = _read(source, members[0], table, options)
            continue
        chosen, left = _by_name(members)
        wanted = {t: one for t, one in chosen.items() if t == table or t not in sources}
        if table not in wanted or table != "interactions":
            wanted = {table: wanted[table]} if table in wanted else {}
        if not wanted:
            raw[table] = _several(source, members, table)
            continue
        for found, member in wanted.items():
            raw[found] = _read(source, member, found, options)
        unused = [*left, *(one.name for t, one in chosen.items() if t not in wanted)]
        if unused:
            message = f"files in the archive that were not read: {', '.join(unused)}"
            note = Finder(raw[table].file).note(message, "Name them interactions, items or users")
            raw[table] = replace(raw[table], problems=(*raw[table].problems, note))
    return {table: raw[table] for table in _CALLED if table in raw}


def _read(source: Source, member: Member, table: TableName, options: ReadOptions) -> RawTable:
    sheet = options.sheets.get(table, "")
    return read_member(source, member, options.encoding, sheet, options.refused)


def _by_name(members: tuple[Member, ...]) -> tuple[dict[TableName, Member], list[str]]:
    """Which file is which table, by its name, and the files that are none or come second."""
    chosen: dict[TableName, Member] = {}
    left = []
    for member in members:
        words = re.findall(r"[^\W\d_]+", member.name.casefold())
        table = next(
            (t for t, names in _CALLED.items() if any(_says(word, names) for word in words)), None
        )
        if table is None or table in chosen:
            left.append(member.name)
        else:
            chosen[table] = member
    return chosen, left


def _says(word: str, names: tuple[str, ...]) -> bool:
    return any(word.startswith(name) if name.isascii() else name in word for name in names)


def _several(source: Source, members: tuple[Member, ...], table: TableName) -> RawTable:
    file, folder = place(source)
    names = ", ".join(member.name for member in members)
    message = f"the archive holds several tables and none is called {table}: {names}"
    problem = Finder(file).error(message, "Name them interactions, items and users")
    return RawTable(file, folder, pd.DataFrame(), (problem,))
