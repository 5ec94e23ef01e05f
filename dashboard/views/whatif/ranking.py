"""The top-k after the edits beside the one before, to choose a product from."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import catalogue, resources, state
from dashboard.figures.palette import Palette, palette
from dashboard.figures.whatif import rank_changes
from dashboard.views.chart import download
from dashboard.views.frame import empty, section
from dashboard.views.whatif.sides import WhatIf, asked_item
from dashboard.words import _

_SHOWN = ("all", "new")


def changed_ranking(sides: WhatIf) -> pd.DataFrame:
    """Draw the list; return it as `rank_changes` gives it."""
    section(
        _("Offered now"),
        _(
            "The list after the edits, with the rank that each {@product} had before. What fell "
            "out of the list stands below it with its new rank."
        ),
    )
    names = {"all": _("All {@products}"), "new": _("New to them")}
    st.segmented_control(
        _("{@Products}"),
        _SHOWN,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.CANDIDATES, _SHOWN, sides.selection.run.default_view),
    )
    changes = _changes(sides)
    if changes.empty:
        empty(_("Nothing to recommend"), _("The {@customer} has every {@product} already."))
        return changes
    ids = changes["item_id"].to_list()
    table = _table(sides, changes)
    with st.container(key="changed_ranking"):
        st.dataframe(
            _coloured(table, palette(state.theme())),
            hide_index=True,
            height="content",
            row_height=52,
            column_config=_columns(sides),
            **state.row_choice(state.ITEM, ids, default=_explained(sides)),
        )
    with st.container(horizontal=True, wrap=False, key="under_changed"):
        st.text(_("Choose {@a_product} to see below what moved it."))
        download("what-if", lambda: changes)
    return changes


def _explained(sides: WhatIf) -> str:
    item = asked_item(sides)
    ids = sides.selection.run.dataset.items["item_id"]
    return "" if item is None else str(ids.iloc[item])


def _changes(sides: WhatIf) -> pd.DataFrame:
    lists = [
        resources.recommendations(question, sides.k, sides.candidates)
        for question in (sides.before, sides.after)
    ]
    before, after = lists
    return rank_changes(
        before,
        after,
        resources.ranks(sides.before, tuple(row.item for row in after), sides.candidates),
        resources.ranks(sides.after, tuple(row.item for row in before), sides.candidates),
    )


def _table(sides: WhatIf, changes: pd.DataFrame) -> pd.DataFrame:
    items = changes["item"].to_list()
    feature = catalogue.category_feature(sides.selection.run.dataset)
    pictures = resources.pictures(sides.before.run, tuple(items))
    table = pd.DataFrame(
        {
            "rank": [f"{rank:,}" if rank else "–" for rank in changes["rank"]],
            "change": [_move(row) for row in changes.itertuples()],
        }
    )
    if any(pictures):
        table["picture"] = pictures
    table["product"] = changes["title"]
    if feature is not None:
        table["category"] = [feature.label(item) for item in items]
    table["before"] = [f"{rank:,}" if rank else "–" for rank in changes["before"]]
    return table


def _move(row: Any) -> str:
    """How a product moved, in a sign and a word or a number: it reads without colour."""
    if row.change == "out":
        return _("▼ out")
    if row.change == "new":
        return _("▲ new")
    step = row.before - row.rank
    return "=" if step == 0 else f"{'▲' if step > 0 else '▼'} {abs(step)}"


def _coloured(table: pd.DataFrame, colours: Palette) -> Any:
    up, down = f"color: {colours.accent}", f"color: {colours.categories[1]}"
    styles = {"▲": up, "▼": down, "=": f"color: {colours.muted}"}
    return table.style.map(lambda move: styles[str(move)[0]], subset=["change"])


def _columns(sides: WhatIf) -> dict[str, Any]:
    config = st.column_config
    return {
        "rank": config.TextColumn(_("Now"), width=48),
        "change": config.TextColumn(_("Change"), width=68),
        "picture": config.ImageColumn("", width=52),
        "product": config.TextColumn(_("{@Product}"), width=210),
        "category": config.TextColumn(
            catalogue.category_name(sides.selection.run.dataset), width=110
        ),
        "before": config.TextColumn(_("Before"), width=62),
    }
