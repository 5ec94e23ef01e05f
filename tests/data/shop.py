"""Small tables as bytes, and the data sets made of them."""

from __future__ import annotations

from functools import cache

from recommender.data import Dataset, Problem, ReadOptions, Tables, build_dataset, read_tables

INTERACTIONS = """user_id,item_id,time,event,session_id,quantity,price
ann,007,2024-01-01 10:00:00,view,s1,,
ann,007,2024-01-01 10:05:00,purchase,s1,1,9.5
ann,NA,2024-01-03 09:00:00,purchase,s2,2,3
bob,007,2024-01-02 12:00:00,purchase,s3,1,9.5
bob,lamp,2024-01-09 12:00:00,purchase,s4,1,20
"""
ITEMS = """item_id,title,category,price
007,Spy watch,gadgets,9.50
NA,Namibia guide,books,3.00
lamp,Desk lamp,gadgets,20.00
rug,Wool rug,home,80.00
"""
USERS = """user_id,region
ann,north
bob,south
eve,north
"""


def read(
    interactions: str | bytes,
    items: str | None = None,
    users: str | None = None,
    **options: object,
) -> Tables:
    """The tables of files with these contents."""
    return read_tables(
        ("interactions.csv", _bytes(interactions)),
        None if items is None else ("items.csv", items.encode()),
        None if users is None else ("users.csv", users.encode()),
        ReadOptions(**options),  # type: ignore[arg-type]
    )


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@cache
def shop(**settings: object) -> Dataset:
    """The data set of the three tables above."""
    return build_dataset(read(INTERACTIONS, ITEMS, USERS), "shop", **settings)  # type: ignore[arg-type]


def built(interactions: str, **settings: object) -> Dataset:
    """The data set of one table."""
    return build_dataset(read(interactions), "shop", **settings)  # type: ignore[arg-type]


def of(problems: tuple[Problem, ...], severity: str) -> list[Problem]:
    """The problems of one severity."""
    return [problem for problem in problems if problem.severity == severity]
