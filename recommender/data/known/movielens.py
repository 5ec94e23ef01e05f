"""MovieLens-100k: ratings of films, as the package recbole brings them."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from recommender.data.building import build_dataset
from recommender.data.cleaning.contract import check_tables
from recommender.data.cleaning.kinds import Kind
from recommender.data.cleaning.tables import Tables
from recommender.data.columns import EVENT, ITEM, TIME, TITLE, USER
from recommender.data.dataset import Dataset
from recommender.data.known.packages import package_folder, unreadable_package
from recommender.data.problems import Finder
from recommender.data.vocabulary import Vocabulary
from recommender.said import Said

_INSTALL: Final = "pip install --no-deps recbole"
"""Only its files are read, so what it depends on is not needed."""
_ITEM_KINDS: Final[dict[str, Kind]] = {TITLE: "text", "year": "numeric", "genres": "multi"}
_USER_KINDS: Final[dict[str, Kind]] = {
    "age": "numeric",
    "gender": "categorical",
    "occupation": "categorical",
}


def movielens_100k(min_item_events: int = 1) -> Dataset:
    """100,000 ratings of 1,682 films by 943 people (Harper & Konstan 2015).

    Every rating is an event, whatever its stars: what is predicted is which film somebody rates
    next. Films rated less than `min_item_events` times are left out. Raises DatasetError if the
    package recbole is not installed.
    """
    folder = package_folder("MovieLens-100k", "recbole", _INSTALL) / "dataset_example" / "ml-100k"
    try:
        ratings, films, people = (
            pd.read_csv(
                folder / f"ml-100k.{name}", sep="\t", dtype=str, keep_default_na=False, quoting=3
            )
            for name in ("inter", "item", "user")
        )
        tables = _tables(*(_plain_names(frame) for frame in (ratings, films, people)))
    except (OSError, ValueError, KeyError) as error:
        raise unreadable_package("recbole", error, _INSTALL) from error
    words = Vocabulary("rated", "film", "viewer")
    return build_dataset(
        tables, "MovieLens-100k", min_item_events=min_item_events, vocabulary=words
    )


def _plain_names(frame: pd.DataFrame) -> pd.DataFrame:
    """`item_id:token` is called `item_id`."""
    return frame.rename(columns=lambda name: name.partition(":")[0])


def _tables(ratings: pd.DataFrame, films: pd.DataFrame, people: pd.DataFrame) -> Tables:
    items = pd.DataFrame(
        {
            ITEM: films["item_id"],
            TITLE: films["movie_title"],
            "year": films["release_year"].where(films["release_year"].str.isdigit(), ""),
            "genres": films["class"].replace("unknown", "").str.replace(" ", "|", regex=False),
        }
    )
    users = people[["user_id", *_USER_KINDS]].rename(columns={"user_id": USER})
    interactions = pd.DataFrame(
        {
            USER: ratings["user_id"].astype("category"),
            ITEM: ratings["item_id"].astype("category"),
            EVENT: pd.Categorical.from_codes(np.zeros(len(ratings), dtype=np.int8), ["rating"]),
            TIME: ratings["timestamp"].astype(np.int64),
        }
    )
    check_tables(interactions, items, users)
    note = Finder("ratings").note(Said("every rating counts as interest, whatever its stars"))
    return Tables(
        interactions=interactions,
        items=items,
        users=users,
        mapping={},
        kinds={"items": dict(_ITEM_KINDS), "users": dict(_USER_KINDS)},
        problems=(note,),
        has_time=True,
    )
