"""A database instead of files, for operators alone: they may name any that this machine reaches."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import access, state
from dashboard.errors import told
from dashboard.views.frame import empty
from dashboard.words import _
from recommender.data.columns import TableName
from recommender.data.queries import Query, from_environment

_ASKED: Final = "asked"
_LONGEST: Final = 20_000


def ask_database() -> tuple[int, dict[TableName, Query]]:
    """What was asked for each table, and how many times something was: nothing where nobody may.

    The address is kept by the session alone.
    """
    if not access.visitor().admin:
        return 0, {}
    with st.expander(_("Or ask a database")):
        _form()
    asked: tuple[int, dict[TableName, Query]] = state.recall(_ASKED) or (0, {})
    return asked


def _form() -> None:
    labels: dict[TableName, str] = {
        "interactions": _("Query: who did what, and when"),
        "items": _("Query: {@products} (optional)"),
        "users": _("Query: {@customers} (optional)"),
    }
    with st.form("database", border=False):
        address = st.text_input(
            _("Address of the database"),
            type="password",
            autocomplete="off",
            key="database_address",
            help=_(
                "Such as sqlite:///shop.db, duckdb:///shop.duckdb or postgresql://reader@host/shop,"
                " or env:NAME, the environment variable of this server that holds it. It is kept "
                "nowhere."
            ),
        )
        queries = {
            table: st.text_area(
                label,
                key=f"query_{table}",
                max_chars=_LONGEST,
                height=100,
                placeholder="SELECT user_id, item_id, time FROM orders"
                if table == "interactions"
                else None,
            ).strip()
            for table, label in labels.items()
        }
        st.caption(_("It is asked without the right to change anything, one SELECT each."))
        if not st.form_submit_button(_("Ask")):
            return
    try:
        url = from_environment(address.strip())
    except ValueError as error:
        empty(_("The database cannot be asked"), told(error))
        return
    times, _before = state.recall(_ASKED) or (0, {})
    asked = {table: Query(url, sql, sent=True) for table, sql in queries.items() if sql}
    state.remember(_ASKED, (times + 1, asked))
