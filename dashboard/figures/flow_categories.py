"""What feeds what over many customers: categories of the history, ways, categories recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from jaxtyping import Float

from dashboard.figures.drawing import Drawing
from dashboard.figures.flow import Frame, Thing, flow_drawing, way_name
from dashboard.figures.flow_geometry import Merged, Parts, flow_geometry, gathered
from dashboard.figures.palette import Palette
from dashboard.names import score
from dashboard.words import _, plural, shorten_apart
from recommender.explain.types import HEAD

if TYPE_CHECKING:
    from recommender.evaluate.global_explanation import Overall

_MOST = (14, 10, 14)
_NAME = 13
"""Characters of a category beside its node: what a phone has room for."""
_FRAME = Frame(middle=0.36, right=0.77, values=(True, False, False))
_SIGNS = ("towards", "against")


def flow_of_categories(found: Overall, palette: Palette) -> Drawing:
    """The mean recommendation: widths for less widths against are its score."""
    table = found.flow
    history, ways, recommended = _names(table)
    parts, (left, middle, right) = gathered(_parts(table), _MOST)
    of_history = set(table.loc[table["side"] == "history", "way"])
    columns = (
        _categories(history, left),
        [_way([ways[one] for one in those], of_history) for those in middle],
        _categories(recommended, right),
    )
    ends = _("History"), _("Recommended  {value}").format(value=score(parts.total))
    return flow_drawing(flow_geometry(parts), columns, ends, palette, frame=_FRAME)


def _names(table: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Categories of the history, ways and categories recommended; heads first, by number."""
    sides = [
        sorted(map(str, set(table.loc[table["side"] == side, "category"])))
        for side in ("history", "recommended")
    ]
    ways = list(dict.fromkeys(map(str, table["way"])))
    return sides[0], sorted(ways, key=lambda way: not way.startswith(HEAD)), sides[1]


def _parts(table: pd.DataFrame) -> Parts:
    history, ways, recommended = _names(table)
    first = _sizes(table[table["side"] == "history"], history, ways)
    second = _sizes(table[table["side"] == "recommended"], recommended, ways)
    return Parts(first, second.transpose(0, 2, 1))


def _sizes(
    table: pd.DataFrame, categories: list[str], ways: list[str]
) -> Float[np.ndarray, "sign category way"]:
    laid = table.pivot(index="category", columns="way", values=list(_SIGNS))
    return np.stack(
        [
            laid[sign].reindex(index=categories, columns=ways).fillna(0.0).to_numpy(dtype=float)
            for sign in _SIGNS
        ]
    )


def _categories(names: list[str], drawn: Merged) -> list[Thing]:
    alone = [names[those[0]] for those in drawn if not those[1:]]
    short = dict(zip(alone, shorten_apart(alone, _NAME), strict=True))
    more = [plural("{n} more", "{n} more", len(those)) for those in drawn]
    return [
        Thing("", more[place], more[place])
        if those[1:]
        else Thing("", names[those[0]], short[names[those[0]]])
        for place, those in enumerate(drawn)
    ]


def _way(those: list[str], of_history: set[str]) -> Thing:
    ours = not set(those) & of_history
    if those[1:]:
        return Thing("", _("All else"), _("All else"), tuple(map(way_name, those)), ours)
    name = way_name(those[0])
    return Thing("", name, name, (), ours)
