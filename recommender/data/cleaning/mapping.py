"""Which column of a file plays which role, guessed from its name or said by its owner."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from recommender.data.cleaning.synonyms import COLUMN_NAMES, ROLE_NAMES, plain
from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    OUTCOME,
    PRICE,
    QUANTITY,
    RATING,
    TIME,
    TITLE,
    USER,
    TableName,
)
from recommender.data.problems import Finder, Problem
from recommender.said import Said

ROLES: Final[dict[TableName, tuple[str, ...]]] = {
    "interactions": (
        USER,
        ITEM,
        TIME,
        EVENT,
        BASKET,
        QUANTITY,
        PRICE,
        RATING,
        OUTCOME,
        TITLE,
        IMAGE,
    ),
    "items": (ITEM, TITLE, PRICE, IMAGE),
    "users": (USER,),
}
"""The roles that columns of each table can have; any other column is (at most) a feature."""
NEEDED: Final[dict[TableName, tuple[str, ...]]] = {
    "interactions": (USER, ITEM),
    "items": (ITEM,),
    "users": (USER,),
}


def propose_mapping(columns: Iterable[str], table: TableName) -> dict[str, str | None]:
    """The role of each column of the file, or None for a column that is (at most) a feature.

    A role is the name of the column it becomes, such as `user_id`. Each role is given at most
    once, to the column with the commonest name for it. Names alone are looked at; `guess_roles`
    looks at the cells too.
    """
    mapping: dict[str, str | None] = dict.fromkeys(columns)
    for role in ROLES[table]:
        called = [c for c in called_so(role, list(mapping), table) if mapping[c] is None]
        if called:
            mapping[called[0]] = role
    return with_sessions_as_users(mapping) if table == "interactions" else mapping


def called_so(role: str, columns: Sequence[str], table: TableName) -> list[str]:
    """The columns whose name says this role, the commonest name first."""
    names = _names(role, table)
    known = [column for column in columns if plain(column) in names]
    return sorted(known, key=lambda column: names.index(plain(column)))


def with_sessions_as_users(mapping: Mapping[str, str | None]) -> dict[str, str | None]:
    """Logs of visits know sessions, not people: then a session is what a recommendation is for."""
    if USER in mapping.values():
        return dict(mapping)
    return {
        column: USER if taken == BASKET and "session" in plain(column) else taken
        for column, taken in mapping.items()
    }


def _names(role: str, table: TableName) -> tuple[str, ...]:
    bare = {("items", ITEM), ("users", USER)}
    return (*COLUMN_NAMES[role], "id", "编号") if (table, role) in bare else COLUMN_NAMES[role]


def resolve_mapping(
    columns: Mapping[TableName, Sequence[str]],
    overrides: Mapping[str, str | None],
    finders: Mapping[TableName, Finder],
    proposed: Mapping[TableName, Mapping[str, str | None]] | None = None,
) -> tuple[dict[TableName, dict[str, str | None]], list[Problem]]:
    """The mapping of each table: proposed (by names alone unless it is told), then overridden, with
    what is wrong or missing.

    An override is `role: column` or `table.role: column`; without a table it speaks of every
    table that has the column. A column of None takes the role from whatever has it.
    """
    mapping = {table: propose_mapping(names, table) for table, names in columns.items()}
    mapping |= {table: dict(roles) for table, roles in (proposed or {}).items()}
    problems = []
    for key, column in overrides.items():
        wanted = _tables_and_role(key, columns)
        if isinstance(wanted, Said):
            problems.append(finders["interactions"].error(wanted, _roles_in_words()))
            continue
        tables, role = wanted
        having = [table for table in tables if not column or column in columns[table]]
        for table in having:
            mapping[table] = _moved(mapping[table], role, column or None)
        if not tables:
            message = Said("{role} was named, and there is no table that could have it", role=key)
            problems.append(finders["interactions"].note(message))
        if not having and tables:
            finder = finders[tables[0]]
            problems.append(_no_such_column(str(column), key, columns[tables[0]], finder))
    for table, names in mapping.items():
        problems += _missing_roles(table, names, finders[table])
    for column, taken in mapping["interactions"].items():
        if taken == USER and "session" in plain(column):
            message = Said("there is no column for the user, so each session counts as one")
            problems.append(finders["interactions"].note(message, column=column))
    return mapping, problems


def _tables_and_role(
    key: str, columns: Mapping[TableName, Sequence[str]]
) -> tuple[list[TableName], str] | Said:
    """The tables that an override speaks of and the role, or what is wrong with it."""
    table_name, _, role_name = key.rpartition(".")
    role = ROLE_NAMES.get(plain(role_name))
    if role is None or (table_name and table_name not in ROLES):
        return Said("there is no role called {role!r}", role=key)
    tables = [t for t in columns if role in ROLES[t] and table_name in ("", t)]
    return tables, role


def _roles_in_words() -> Said:
    return Said(
        "Use one of {roles}, if need be after 'items.' or 'users.'",
        roles=", ".join(ROLES["interactions"]),
    )


def _moved(
    mapping: Mapping[str, str | None], role: str, column: str | None
) -> dict[str, str | None]:
    freed = {name: None if taken == role else taken for name, taken in mapping.items()}
    return freed if column is None else freed | {column: role}


def _no_such_column(column: str, key: str, columns: Sequence[str], finder: Finder) -> Problem:
    return finder.error(
        Said("there is no column {column!r}, which was named as {role}", column=column, role=key),
        perhaps(closest(column, columns), _columns(columns)),
    )


def perhaps(meant: str | None, there_are: Said) -> Said:
    """What there is, after what was probably meant."""
    if not meant:
        return there_are
    return Said("Did you mean {meant!r}? {there_are}", meant=meant, there_are=there_are)


def _columns(names: Iterable[str]) -> Said:
    return Said("The columns are: {columns}", columns=", ".join(names))


def _missing_roles(
    table: TableName, mapping: Mapping[str, str | None], finder: Finder
) -> list[Problem]:
    problems = []
    for role in NEEDED[table]:
        if role in mapping.values() or not mapping:
            continue
        free = [column for column, taken in mapping.items() if taken is None]
        near = [name for name in (closest(n, free) for n in _names(role, table)[:8]) if name]
        remedy = Said(
            "Say which column it is ({role}=COLUMN). {there_are}",
            role=role,
            there_are=_columns(mapping),
        )
        if near:
            remedy = Said("Is it {near!r}? {remedy}", near=near[0], remedy=remedy)
        problems.append(finder.error(Said("no column is known as {role}", role=role), remedy))
    return problems


def closest(name: str, names: Sequence[str]) -> str | None:
    """The name that was probably meant, if one is near enough."""
    by_plain = {plain(candidate): candidate for candidate in names}
    found = difflib.get_close_matches(plain(name), list(by_plain), n=1, cutoff=0.7)
    return by_plain[found[0]] if found else None


def rename_by_role(
    columns: Iterable[str], mapping: Mapping[str, str | None], table: TableName = "interactions"
) -> dict[str, str]:
    """File column to the name it has from here on: its role, or its own name.

    A feature that happens to have the name of a role is set apart from it, whether any column has
    the role or none.
    """
    roles = {role for role in mapping.values() if role} | set(ROLES[table])
    return {
        column: mapping[column] or (f"{column} (feature)" if column in roles else column)
        for column in columns
    }
