"""Which rows count as interest and which events are predicted: as proposed, or as told."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.words import _
from recommender.data import ReadOptions, Tables
from recommender.data.columns import EVENT
from recommender.data.event_types import targets_among
from recommender.data.outcomes import MAX_OUTCOMES, outcome_values

_LONGEST: Final = 60


def values_that_count(cells: pd.Series, column: str) -> tuple[str, ...] | None:
    """The values of the column with the outcome whose rows count; None as they are understood."""
    found = outcome_values(pd.Series(cells.unique(), dtype="str"), column)
    if len(found) > MAX_OUTCOMES:
        return None
    understood = [value for value, counts in found.items() if counts is not False]
    chosen = st.multiselect(
        _("Values of {column} that count").format(column=column),
        list(found),
        format_func=lambda value: value[:_LONGEST] or _("(blank)"),
        width=420,
        **state.choices(state.COUNTING, list(found), understood),
    )
    return None if set(chosen) == set(understood) else tuple(chosen)


def choose_predicted(tables: Tables, options: ReadOptions) -> ReadOptions:
    """The options with the types of events that are predicted, where there are several types."""
    types = [str(name) for name in tables.interactions[EVENT].cat.categories]
    if len(types) < 2:
        return options
    proposed = ", ".join(targets_among(types) or types)
    chosen = st.multiselect(
        _("Events that are predicted"),
        types,
        placeholder=_("as proposed: {events}").format(events=proposed),
        width=420,
        **state.choices(state.PREDICTED, types),
    )
    return replace(options, predicted=tuple(chosen))
