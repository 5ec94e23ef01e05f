"""What differs between two sides, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.names import feature_inside, score
from dashboard.words import _, ended, plural

if TYPE_CHECKING:
    from recommender.explain.types import Recommendation


def lists(here: Sequence[Recommendation], there: Sequence[Recommendation]) -> str:
    """How many products both lists have, and the one that moved most."""
    ranks = {row.item_id: row.rank for row in there}
    both = [row for row in here if row.item_id in ranks]
    said = plural(
        "{n} of {all} {@products} is in both lists",
        "{n} of {all} {@products} are in both lists",
        len(both),
        all=len(here),
    )
    moved = max(both, key=lambda row: abs(row.rank - ranks[row.item_id]), default=None)
    if moved is None or moved.rank == ranks[moved.item_id]:
        return ended(said)
    return said + _("; {title} stands at {here} on the left and at {there} on the right.").format(
        title=moved.title, here=moved.rank, there=ranks[moved.item_id]
    )


def shares(table: pd.DataFrame) -> str:
    """Which share makes most of the distance between the two scores."""
    first, second = table["first"].sum(), table["second"].sum()
    if table["difference"].abs().max() == 0:
        return _("Both scores are made of the same shares.")
    top = table.iloc[0]
    return _(
        "{first} on the left, {second} on the right; “{name}” makes most of the distance: {value}."
    ).format(
        first=score(first),
        second=score(second),
        name=feature_inside(top["feature"]),
        value=score(top["difference"]),
    )
