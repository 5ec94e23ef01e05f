"""The kind of every feature column: inferred, then as its owner says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from recommender.data.cleaning.kinds import Kind, infer_kind
from recommender.data.cleaning.mapping import closest, perhaps
from recommender.data.columns import IMAGE, ITEM, PRICE, TITLE, USER, TableName
from recommender.data.problems import Finder, Problem
from recommender.said import Said


def settle_kinds(
    items: pd.DataFrame,
    users: pd.DataFrame,
    overrides: Mapping[str, Kind],
    left: Sequence[str],
    finder: Finder,
    problems: list[Problem],
) -> dict[TableName, dict[str, Kind]]:
    """The kinds of the feature columns of items and users; adds what was left out and why."""
    kinds: dict[TableName, dict[str, Kind]] = {
        "items": _item_kinds(items),
        "users": {name: infer_kind(users[name]) for name in users if name != USER},
    }
    problems += _override(kinds, overrides, left, finder)
    texts = [name for name, kind in kinds["users"].items() if kind == "text"]
    unused = [
        f"{table}.{name}"
        for table in kinds
        for name, kind in kinds[table].items()
        if kind == "ignore" and not {name, f"{table}.{name}"} & set(overrides)
    ]
    if texts:
        message = Said(
            "texts about users are not used as features: {columns}", columns=", ".join(texts)
        )
        problems.append(finder.note(message))
    if unused:
        message = Said(
            "columns that tell nothing apart are not used as features: {columns}",
            columns=", ".join(unused),
        )
        problems.append(finder.note(message, Said("Give them a kind to use them all the same")))
    kinds["users"] |= dict.fromkeys(texts, "ignore")
    return kinds


def _override(
    kinds: dict[TableName, dict[str, Kind]],
    overrides: Mapping[str, Kind],
    left: Sequence[str],
    finder: Finder,
) -> list[Problem]:
    """Set the kinds that were given, in place; returns those of features that are not there."""
    problems = []
    for key, kind in overrides.items():
        table_name, name = _table_and_feature(key)
        tables = [t for t in kinds if table_name in ("", t) and name in kinds[t]]
        for table in tables:
            kinds[table][name] = kind
        if not tables:
            problems.append(_no_feature(key, name, kinds, left, finder))
    return problems


def _table_and_feature(key: str) -> tuple[str, str]:
    """`users.age` is `age` of users; a point may also be part of a name."""
    table, _, name = key.partition(".")
    return (table, name) if table in ("items", "users") and name else ("", key)


def _item_kinds(items: pd.DataFrame) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    if (items[TITLE] != items[ITEM]).any():
        kinds[TITLE] = "text"
    if PRICE in items:
        kinds[PRICE] = "numeric"
    for name in items:
        if name not in (ITEM, TITLE, PRICE, IMAGE):
            kinds[name] = infer_kind(items[name])
    return kinds


def _no_feature(
    key: str,
    name: str,
    kinds: Mapping[TableName, Mapping[str, Kind]],
    left: Sequence[str],
    finder: Finder,
) -> Problem:
    if name in left:
        message = Said(
            "{feature} changes from row to row of an item and of a user, so it is no feature",
            feature=key,
        )
        return finder.error(message, Said("Put it into the items or users table, or leave it out"))
    names = [name for table in kinds.values() for name in table]
    meant = closest(name, names)
    there_are = Said("The features are: {features}", features=", ".join(names) or Said("none"))
    message = Said("there is no feature {feature!r}, whose kind was given", feature=key)
    return finder.error(message, perhaps(meant, there_are))
