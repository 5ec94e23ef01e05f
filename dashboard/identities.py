"""How a customer is named: on pages, in addresses and in files. Ids of users are read here alone.

While they are hidden a pseudonym stands in for each (`recommender/workspace/pseudonyms.py`). An
address names a customer by id or, after a mark, by pseudonym; both are understood at any time, so
that a link leads on whoever made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, urlencode

import numpy as np
import pandas as pd

from recommender.data.cleaning.tables import Tables
from recommender.data.columns import USER
from recommender.data.dataset import Dataset
from recommender.words.vocabulary import words_of
from recommender.workspace.pseudonyms import (
    IN_ADDRESS,
    MARK,
    Pseudonyms,
    id_in,
    pseudonym,
    pseudonym_in,
    secret,
)

ADDRESS: Final = "state"
"""The column of feedback that holds the page's address."""


def user_id(dataset: Dataset, user: int) -> str:
    """The id itself, for what is kept on the server; never for what is shown."""
    return str(dataset.users[USER].iloc[user])


def label(dataset: Dataset, user: int, hidden: bool) -> str:
    """What a page and a document call the customer. Raises StoreError where there is no secret."""
    from dashboard.words import _  # whose language is told by the address, which is read below

    name = user_id(dataset, user)
    return _("{@Customer} {n}").format(n=pseudonym(name, secret())) if hidden else name


def labels(dataset: Dataset, found: Pseudonyms | None) -> pd.Series:
    """What a search looks through, in the order of the data; with pseudonyms nothing of the ids."""
    if found is None:
        return dataset.users[USER].astype("str")
    who = words_of(dataset.vocabulary, "en")["customer"]
    return pd.Series([f"{who} {found[user]}" for user in range(len(dataset.users))], dtype="str")


def handle(dataset: Dataset, user: int, hidden: bool) -> str:
    """How an address names the customer. An id that begins with the mark has one more."""
    name = user_id(dataset, user)
    plain = f"{MARK}{name}" if name.startswith(MARK) else name
    return hidden_handle(plain) if hidden else plain


def hidden_handle(told: str) -> str:
    """The same customer by pseudonym, be it of this data or not; nothing stays nothing.

    Raises StoreError where there is no secret.
    """
    told = told.strip()
    if not told:
        return told
    return MARK + (pseudonym_in(told) or pseudonym(id_in(told), secret()))


def user_of(dataset: Dataset, told: str) -> int | None:
    """The customer whose id an address names, if there is one."""
    found = np.flatnonzero((dataset.users[USER] == id_in(told)).to_numpy())
    return int(found[0]) if len(found) else None


def pseudonyms(dataset: Dataset, key: bytes) -> Pseudonyms:
    """Those of all customers."""
    return Pseudonyms.of(dataset.users[USER].astype("str"), key)


def hidden_params(params: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """An address's parameters without an id of a customer. Raises StoreError."""
    return {
        name: [hidden_handle(value) for value in values] if name in IN_ADDRESS else list(values)
        for name, values in params.items()
    }


def named(ids: Sequence[str], hidden: bool) -> list[str]:
    """Ids of customers as a page names them in a sentence. Raises StoreError."""
    if not hidden:
        return list(ids)
    found = Pseudonyms.of(ids, secret())
    return [found[place] for place in range(len(ids))]


def exported(table: pd.DataFrame, hidden: bool) -> pd.DataFrame:
    """A table as it is shown or handed out: ids of customers, and addresses that name some.

    Rows stand in the order of the pseudonyms, since that of the data tells who is who; opinions,
    which have addresses, in the order in which they were given. Raises StoreError.
    """
    if not hidden:
        return table
    if USER in table:
        places, ids = pd.factorize(table[USER].astype("str"))
        names = pd.Series(named(list(ids), hidden), dtype="str")
        table = table.assign(**{USER: names.to_numpy()[places]})
    if ADDRESS in table:
        return table.assign(**{ADDRESS: [_hidden_address(one) for one in table[ADDRESS]]})
    if USER in table:
        return table.sort_values(USER, kind="stable", ignore_index=True)
    return table


def exported_tables(tables: Tables, hidden: bool) -> Tables:
    """Clean tables with every id of a customer so."""
    return replace(
        tables,
        interactions=exported(tables.interactions, hidden),
        users=exported(tables.users, hidden),
        uncounted=exported(tables.uncounted, hidden),
    )


def _hidden_address(address: str) -> str:
    return urlencode(hidden_params(parse_qs(address, keep_blank_values=True)), doseq=True)
