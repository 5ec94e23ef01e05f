"""From files to clean tables, with everything that was found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    PRICE,
    QUANTITY,
    TIME,
    TITLE,
    USER,
)
from recommender.data.files import RawTable, Source, read_file
from recommender.data.kinds import Kind, infer_kind
from recommender.data.mapping import TableName, propose_mapping
from recommender.data.numerals import parse_numbers
from recommender.data.problems import Problem
from recommender.data.times import parse_times

RatingRule = Literal["user_mean", "threshold", "all"]


@dataclass(frozen=True)
class ReadOptions:
    """How files are to be read where guessing is not enough."""

    columns: Mapping[str, str | None] = field(default_factory=dict)
    """Role to column in the file, such as {"user_id": "CustomerID"}; None: no column has the
    role. `items.title` instead of `title` speaks of one table only."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """Feature column to kind, such as {"zip": "categorical"}; `ignore` leaves it out.
    `users.name` instead of `name` speaks of one table only."""
    rating_rule: RatingRule = "user_mean"
    """Which ratings are interest: those not below the user's own mean, those not below the
    threshold, or all."""
    rating_threshold: float | None = None
    """Least rating that is interest; for the rule `threshold`, which needs it."""
    day_first: bool | None = None
    """Whether 03/04/2024 is the third of April; None: seen from the file where it can be."""

    def __post_init__(self) -> None:
        if (self.rating_rule == "threshold") != (self.rating_threshold is not None):
            raise ValueError("rating_threshold belongs to the rating rule 'threshold'")


@dataclass(frozen=True, eq=False)
class Tables:
    """Clean tables: ids are text and never blank, every row has its place in time."""

    interactions: pd.DataFrame
    """`user_id`, `item_id`, `event` (text), `time` (int64 seconds since 1970-01-01), and where the
    files have them `basket_id` (text, blank if unknown), `quantity`, `price` (float64). In the
    order of the file."""
    items: pd.DataFrame
    """Every item, each once: `item_id`, `title`, `image_url` and `price` (float64) where known,
    and feature columns as text."""
    users: pd.DataFrame
    """Every user, each once: `user_id` and feature columns as text."""
    mapping: dict[TableName, dict[str, str | None]]
    """For each table the role of each column in its file."""
    kinds: dict[TableName, dict[str, Kind]]
    """For `items` and `users` the kind of each feature column."""
    problems: tuple[Problem, ...]
    """What was repaired or is worth knowing; errors are raised."""
    notes: tuple[str, ...]
    """The same, and what was inferred, one sentence each."""
    has_time: bool
    """False where the order of rows stands in for time."""


def read_tables(
    interactions: Source,
    items: Source | None = None,
    users: Source | None = None,
    options: ReadOptions | None = None,
) -> Tables:
    """Read one to three files. Raises TableError with every problem found in all of them."""
    options = options or ReadOptions()
    raw: dict[TableName, RawTable] = {"interactions": read_file(interactions)}
    if items is not None:
        raw["items"] = read_file(items)
    if users is not None:
        raw["users"] = read_file(users)
    mapping = {name: propose_mapping(table.frame.columns, name) for name, table in raw.items()}
    named: dict[TableName, pd.DataFrame] = {
        name: table.frame.rename(columns={c: r for c, r in mapping[name].items() if r})
        for name, table in raw.items()
    }
    events = _events(named["interactions"])
    item_frame = _entities(named.get("items"), events[ITEM], ITEM)
    if TITLE not in item_frame:
        item_frame[TITLE] = item_frame[ITEM]
    if PRICE in item_frame:
        item_frame[PRICE] = parse_numbers(item_frame[PRICE].fillna(""))
    user_frame = _entities(named.get("users"), events[USER], USER)
    kinds: dict[TableName, dict[str, Kind]] = {
        "items": _kinds(item_frame, (ITEM, IMAGE, PRICE, TITLE)),
        "users": _kinds(user_frame, (USER,)),
    }
    if PRICE in item_frame:
        kinds["items"][PRICE] = "numeric"
    if (item_frame[TITLE] != item_frame[ITEM]).any():
        kinds["items"][TITLE] = "text"
    return Tables(events, item_frame, user_frame, mapping, kinds, (), (), True)


def _events(named: pd.DataFrame) -> pd.DataFrame:
    events = pd.DataFrame({USER: named[USER], ITEM: named[ITEM]})
    events[TIME] = parse_times(named[TIME]).seconds
    events[EVENT] = named.get(EVENT, "purchase")
    if BASKET in named:
        events[BASKET] = named[BASKET]
    for column in (QUANTITY, PRICE):
        if column in named:
            events[column] = parse_numbers(named[column])
    return events.reset_index(drop=True)


def _entities(named: pd.DataFrame | None, seen: pd.Series, key: str) -> pd.DataFrame:
    frame = pd.DataFrame({key: []}, dtype="str") if named is None else named
    missing = pd.Index(seen.unique()).difference(frame[key])
    frame = pd.concat([frame, pd.DataFrame({key: missing})], ignore_index=True)
    text = [name for name in frame.columns if name != key]
    frame[text] = frame[text].fillna("")
    return frame


def _kinds(frame: pd.DataFrame, not_features: tuple[str, ...]) -> dict[str, Kind]:
    return {name: infer_kind(frame[name]) for name in frame if name not in not_features}
