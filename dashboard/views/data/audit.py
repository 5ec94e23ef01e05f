"""The audit log, for administrators."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import access
from dashboard.exports import to_csv
from dashboard.views.frame import calm
from dashboard.words import _, in_a_row, plural
from recommender.workspace.audit import COLUMNS, deeds

_SHOWN = 500


@calm
def what_was_done() -> None:
    """Draw who did what, newest first, and all of it as a file; nothing for anybody else."""
    if not access.visitor().admin:
        return
    with st.expander(_("Audit log"), key="audit"):
        found = pd.DataFrame(deeds(access.visitor()), columns=list(COLUMNS))
        st.caption(
            in_a_row(
                _("Who did what, and when (UTC). Nothing here can be changed or deleted."),
                plural("{n} entry.", "{n} entries.", len(found)),
            )
        )
        shown = found.head(_SHOWN)
        nobody = {access.NO_LOGIN: _("no login")}
        actors = [nobody.get(actor, actor) for actor in shown["actor"]]
        shown = shown.assign(actor=actors, action=shown["action"].map(_actions()))
        st.dataframe(shown, hide_index=True, column_config=_columns())
        st.download_button(
            _("Audit log (CSV)"),
            data=access.exported("audit log", lambda: to_csv(found)),
            file_name="reclens-audit.csv",
            mime="text/csv",
            on_click="ignore",
            key="audit_csv",
        )


def _actions() -> dict[str, str]:
    return {
        "import": _("imported"),
        "train": _("began a training"),
        "score": _("scored"),
        "export": _("exported"),
        "share": _("shared"),
        "delete": _("deleted"),
        "expire": _("deleted at the end of its days"),
        "keep": _("set how long it is kept"),
        "erase": _("erased {@a_customer}"),
        "backup": _("backed up"),
        "restore": _("restored"),
        "admin": _("added a folder"),
    }


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "sequence": st.column_config.NumberColumn(_("No."), width=60),
        "time": text(_("Time"), width=150),
        "actor": text(_("Who")),
        "action": text(_("What"), width=170),
        "object": text(_("Of what")),
        "name": text(_("Name")),
    }
