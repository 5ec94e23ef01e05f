"""Two recommendations side by side, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.figures.finish import Spec
from dashboard.figures.palette import Palette
from dashboard.figures.shares import bars, share_table
from dashboard.names import feature_help, feature_name, score
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Explanation, Recommendation

_TINY = 0.005


def list_table(here: Sequence[Recommendation], there: Sequence[Recommendation]) -> pd.DataFrame:
    """The list of one side; `there` is the product's rank on the other side, or a dash."""
    ranks = {row.item_id: row.rank for row in there}
    return pd.DataFrame(
        {
            "rank": [row.rank for row in here],
            "product": [row.title for row in here],
            "there": [str(ranks.get(row.item_id, "–")) for row in here],
        }
    )


def difference_table(first: Explanation, second: Explanation) -> pd.DataFrame:
    """Each share of both scores and the first minus the second; the differences sum to theirs."""
    sides = [
        share_table(one).groupby(["feature", "kind"], sort=False)["contribution"].sum()
        for one in (first, second)
    ]
    table = pd.concat(sides, axis=1, keys=["first", "second"]).fillna(0.0)
    table["difference"] = table["first"] - table["second"]
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index()


def difference_chart(table: pd.DataFrame, palette: Palette) -> Spec:
    """Bars of first minus second, the largest first; what hardly differs is left out."""
    shown = table[table["difference"].abs() >= _TINY]
    shown = shown.assign(
        name=shown["feature"].map(feature_name),
        said=[
            _("{difference} ({first} against {second})").format(
                difference=score(row.difference), first=score(row.first), second=score(row.second)
            )
            for row in shown.itertuples()
        ],
        brief=shown["difference"].map(score),
        help=shown["feature"].map(feature_help),
        chosen=True,
    )
    return bars(shown, "difference", palette, palette.contribution, narrow="brief", beside=0.35)
