"""The history as rows to edit: leave out, put back, another day, another kind, another place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st

from dashboard import edits, state
from dashboard.edits import Row
from dashboard.names import event_and_when, event_name
from dashboard.views.frame import section
from dashboard.views.left_out import left_out
from dashboard.views.whatif.sides import WhatIf
from dashboard.words import _, literal, plural, shorten

_SHOWN = 12


def history_editor(sides: WhatIf) -> None:
    """Draw the events, newest first; the chosen one opens."""
    section(
        _("History"),
        _(
            "Newest first. The cross leaves an event out; a click on the name opens what else can "
            "be done with it."
        ),
    )
    rows = sides.draft.rows[::-1]
    if not rows:
        st.text(_("No event is known. Add {@products} that this {@customer} might have {@bought}."))
    shown = _how_many(len(rows))
    opened = state.read(state.EVENT)
    with st.container(key="events", gap=None):
        for place, row in enumerate(rows):
            if place < shown or row.state != "kept" or row.key == opened:
                _event(sides, row)
                if row.key == opened:
                    _details(sides, row)
    left_out(sides.after)


def _how_many(n: int) -> int:
    if n <= _SHOWN:
        return n
    counts = [str(_SHOWN), *(str(count) for count in (25, 50) if count < n), "all"]
    chosen = st.selectbox(
        _("Events"),
        counts,
        format_func=lambda count: (
            plural("all {n} event", "all {n} events", n)
            if count == "all"
            else _("newest {n} events").format(n=count)
        ),
        label_visibility="collapsed",
        width=190,
        **state.choice(state.EVENTS, counts, str(_SHOWN)),
    )
    return n if chosen == "all" else int(chosen)


def _event(sides: WhatIf, row: Row) -> None:
    data = sides.selection.run.dataset
    name = literal(shorten(str(data.items["title"].iloc[row.item]), 44))
    opened = row.key == state.read(state.EVENT)
    said = {
        "removed": _("left out"),
        "added": _("added"),
        "changed": _("changed"),
    }
    when, kind = sides.draft.moment(row), data.event_types[row.event]
    context = event_name(kind) if when is None else event_and_when(kind, when)
    if row.state != "kept":
        context = f"{context} · {said[row.state]}"
    label = {"removed": f":gray[~~{name}~~]", "kept": name}.get(row.state, f":primary[{name}]")
    with st.container(
        horizontal=True,
        gap="xsmall",
        vertical_alignment="center",
        wrap=False,
        key=f"event_{row.key}",
    ):
        st.button(
            f"{label} :small[:gray[{literal(context)}]]",
            key=f"open_{row.key}",
            type="tertiary",
            width="stretch",
            wrap=True,
            on_click=state.write,
            kwargs={state.EVENT: None if opened else row.key},
        )
        out = row.state == "removed"
        st.button(
            _("put back") if out else _("leave out"),
            key=f"out_{row.key}",
            icon=":material/undo:" if out else ":material/close:",
            type="tertiary",
            on_click=state.edit,
            args=(edits.put_back(row.key) if out else edits.removed(row.key),),
        )


def _details(sides: WhatIf, row: Row) -> None:
    """What else can be done with one event."""
    kept = [one.key for one in sides.draft.kept]
    alike = [one.key for one in sides.draft.kept if one.item == row.item]
    out = row.state == "removed"
    with st.container(border=True, key="event_details", gap="small"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _day_input(sides, row, out)
            _kind_input(sides, row, out)
        with st.container(horizontal=True):
            _action(
                _("Earlier"), edits.earlier(row.key), out or row.key == kept[0], "arrow_downward"
            )
            _action(_("Later"), edits.later(row.key), out or row.key == kept[-1], "arrow_upward")
            if len(alike) > 1:
                said = plural(
                    "Leave out its {n} event", "Leave out all {n} events of it", len(alike)
                )
                _action(said, edits.removed(*alike), False, "close")


def _action(label: str, edit: str, disabled: bool, icon: str) -> None:
    st.button(
        label,
        key=f"do_{edit}",
        icon=f":material/{icon}:",
        on_click=state.edit,
        args=(edit,),
        disabled=disabled,
    )


def _day_input(sides: WhatIf, row: Row, out: bool) -> None:
    last = sides.draft.last_day
    if last is None:
        return
    current = datetime.fromtimestamp(row.time, UTC).date() if row.dated else None
    # The key holds the day, so that an edit undone elsewhere shows here too.
    chosen = st.date_input(
        _("Day"),
        current,
        min_value=min(current or last, date(last.year - 20, 1, 1)),
        max_value=last,
        format="YYYY-MM-DD",
        key=f"day_{row.key}_{row.time}",
        disabled=out,
        width=150,
    )
    if isinstance(chosen, date) and chosen != current:
        state.edit(edits.dated(row.key, chosen))
        st.rerun()


def _kind_input(sides: WhatIf, row: Row, out: bool) -> None:
    kinds = sides.selection.run.dataset.event_types
    if len(kinds) < 2:
        return
    chosen = st.selectbox(
        _("Kind"),
        range(len(kinds)),
        index=row.event,
        format_func=lambda kind: event_name(kinds[kind]),
        key=f"kind_{row.key}_{row.event}",
        disabled=out,
        width=150,
    )
    if chosen != row.event:
        state.edit(edits.of_kind(row.key, int(chosen)))
        st.rerun()
