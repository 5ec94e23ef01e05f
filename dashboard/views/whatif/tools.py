"""What can be done with a history as a whole: add, profile, undo, and edits to begin with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard import edits, resources, state
from dashboard.access import fragment
from dashboard.edits import Row
from dashboard.names import event_name, feature_name, unknown
from dashboard.views.item_search import found_items, item_table
from dashboard.views.whatif.sides import WhatIf, asked_item
from dashboard.words import _, literal, plural, shorten
from recommender.data.features import Feature

if TYPE_CHECKING:
    from recommender.explain.types import Explanation

_RECENT = 5


def tools(sides: WhatIf) -> None:
    """Draw what stands in the bar above the history."""
    with st.container(width="content"):
        _add(sides)
    if sides.draft.profile:
        with st.popover(_("Profile"), icon=":material/person:", key="edit_profile"):
            _profile(sides)
    some = bool(sides.after.edits)
    _step(_("Undo"), "undo", state.undo, not some, "Ctrl+Z")
    _step(_("Redo"), "redo", state.redo, not state.can_redo(), "Ctrl+Y")
    _step(_("Reset"), "restart_alt", state.reset, not some, None)


def _step(label: str, icon: str, act: object, disabled: bool, shortcut: str | None) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"step_{icon}",
        on_click=act,  # type: ignore[arg-type]
        disabled=disabled,
        shortcut=shortcut,
        type="tertiary",
    )


@fragment
def _add(sides: WhatIf) -> None:
    """A menu; the search in it is made when it is opened."""
    menu = st.popover(_("Add {@a_product}"), icon=":material/add:", key="add", on_change="rerun")
    if menu.open:
        with menu:
            _addable(sides)


def _addable(sides: WhatIf) -> None:
    """Search as one types; a click adds the product to the history."""
    data = sides.selection.run.dataset
    with st.container(horizontal=True):
        day = _added_day(sides)
        kinds = data.event_types
        kind = st.selectbox(
            _("Kind"),
            range(len(kinds)),
            index=data.asked_codes[-1],
            format_func=lambda kind: event_name(kinds[kind]),
            key="add_kind",
            width=150,
        )
    hits = found_items(sides.before.run, "add")
    ids = data.items["item_id"].iloc[hits.items].astype(str).to_list()

    def act(item_id: str) -> None:
        state.edit(edits.added(item_id, int(kind), day))

    item_table(sides.before.run, "addable", hits, state.row_action("add", ids, act))
    if state.picked("add"):
        st.rerun()


def _added_day(sides: WhatIf) -> date | None:
    """On which day a product is added; None where no event has a day."""
    last = sides.draft.last_day
    if last is None:
        return None
    day = st.date_input(
        _("Day"), last, max_value=last, format="YYYY-MM-DD", key=f"add_day_{last}", width=150
    )
    return day if isinstance(day, date) else last


def _profile(sides: WhatIf) -> None:
    """One choice a profile feature."""
    features = sides.selection.run.dataset.user_features
    for i, (feature, codes) in enumerate(zip(features, sides.draft.profile, strict=True)):
        chosen = _values(i, feature, codes)
        if chosen != codes:
            state.edit(edits.profiled(i, chosen))
            st.rerun()


def _values(i: int, feature: Feature, codes: tuple[int, ...]) -> tuple[int, ...]:
    # The key holds the value, so that an edit undone elsewhere shows here too.
    key, label = f"profile_{i}_{codes}", literal(feature_name(feature.name))
    most = feature.codes.shape[1]
    every = range(1, len(feature.values) + 1)

    def said(code: int) -> str:
        return feature.values[code - 1] if code else unknown()

    if most > 1:
        picked = st.multiselect(
            label, every, list(codes), format_func=said, max_selections=most, key=key
        )
        return tuple(int(code) for code in picked)
    one = st.selectbox(
        label, [0, *every], index=codes[0] if codes else 0, format_func=said, key=key
    )
    return (int(one),) if one else ()


def suggestions(sides: WhatIf) -> None:
    """Edits to begin with, each one click."""
    if sides.edited or not sides.draft.rows:
        return
    item = asked_item(sides)
    explained = None if item is None else resources.explanation(sides.before, item)
    with st.container(horizontal=True, key="suggestions", gap="small"):
        for edit, label in suggested(sides.draft.rows, explained).items():
            st.button(literal(label), key=f"suggest_{edit}", on_click=state.edit, args=(edit,))


def suggested(rows: tuple[Row, ...], explained: Explanation | None) -> dict[str, str]:
    """What to call each edit to begin with; two that come to the same are one."""
    offered = {}
    if len(rows) > _RECENT:
        offered[edits.removed(rows[-1].key)] = _("Without the newest event")
        newest = plural("Only the newest {n} event", "Only the newest {n} events", _RECENT)
        offered[edits.removed(*(row.key for row in rows[:-_RECENT]))] = newest
    offered[edits.NOTHING] = _("Start from nothing")
    if explained is None or not len(explained.items):
        return offered
    keys = leading_product(explained)
    named = _("Without {title}").format(title=shorten(explained.titles[int(keys[0])], 40))
    return {edits.removed(*keys): named} | {
        edit: label for edit, label in offered.items() if edit != edits.removed(*keys)
    }


def leading_product(explained: Explanation) -> list[str]:
    """Keys of all events of the product whose events together count most."""
    items, place = np.unique(explained.items, return_inverse=True)
    counted = np.bincount(place, weights=explained.contribution)
    return [str(i) for i in np.flatnonzero(explained.items == items[counted.argmax()])]
