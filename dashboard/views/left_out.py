"""What a customer did that does not count: it stands beside the history, with the reason."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import resources
from dashboard.names import day, event_name, not_counted
from dashboard.resources import Question
from dashboard.words import _, plural


def left_out(question: Question) -> None:
    """Draw the rows that no model reads, newest first; nothing where every row counts."""
    rows = resources.left_out(question)[::-1]
    if not rows:
        return
    table = pd.DataFrame({"product": [row.title for row in rows]})
    table["event"] = [event_name(row.event) for row in rows]
    if any(row.time is not None for row in rows):
        table["when"] = ["" if row.time is None else day(row.time) for row in rows]
    table["why"] = [not_counted(row) for row in rows]
    said = plural("{n} more event is not counted", "{n} more events are not counted", len(rows))
    with st.expander(said, key="not_counted"):
        st.caption(
            _("The model does not read them. Their {@products} are not new to the {@customer}.")
        )
        st.dataframe(table, hide_index=True, column_config=_columns(), key="not_counted_rows")


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "product": text(_("{@Product}")),
        "event": text(_("Event")),
        "when": text(_("When")),
        "why": text(_("Why")),
    }
