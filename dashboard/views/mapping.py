"""What each column is and what kind each feature has: as proposed, or as changed here."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.views.frame import section
from dashboard.words import _, plural
from recommender.data import FeatureKind, ReadOptions, Tables
from recommender.data.columns import RATING
from recommender.data.files import RawTable
from recommender.data.mapping import NEEDED, ROLES, TableName, propose_mapping
from recommender.data.repairs import RatingRule

_KINDS: Final = (*get_args(FeatureKind), "ignore")
_NONE: Final = ""


def map_columns(raw: dict[TableName, RawTable]) -> ReadOptions:
    """Which column plays which role, as proposed or as changed here."""
    section(
        _("Columns"),
        _("What each column is was guessed from its name. Change what was guessed wrong."),
    )
    columns: dict[str, str | None] = {}
    rated = False
    for table, read in raw.items():
        names = [str(name) for name in read.frame.columns]
        if not names:
            continue
        proposed = {role: column for column, role in propose_mapping(names, table).items() if role}
        with st.container(border=True, key=f"mapping_{table}"):
            st.text(f"{read.file} · " + plural("{n} row", "{n} rows", len(read.frame)))
            with st.container(horizontal=True, gap="small"):
                for role in ROLES[table]:
                    chosen = _role(table, role, names, proposed.get(role))
                    rated |= role == RATING and chosen is not None
                    if chosen != proposed.get(role):
                        columns[f"{table}.{role}"] = chosen
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day_first = _day_first()
        rule, threshold = _rating_rule() if rated else ("user_mean", None)
    return ReadOptions(
        columns=columns, day_first=day_first, rating_rule=rule, rating_threshold=threshold
    )


def _role(table: TableName, role: str, names: list[str], proposed: str | None) -> str | None:
    needed = role in NEEDED[table]
    options = names if needed and proposed else [_NONE, *names]
    chosen = st.selectbox(
        role.replace("_", " ") + (" *" if needed else ""),
        options,
        index=options.index(proposed) if proposed else 0,
        format_func=lambda name: name or "–",
        key=f"role_{table}_{role}_{hash(tuple(names)):x}",
        width=190,
    )
    return chosen or None


def _day_first() -> bool | None:
    names = {"seen": _("as seen in the file"), "day": _("day first"), "month": _("month first")}
    chosen = st.selectbox(
        _("Dates like 03/04/2024"), list(names), format_func=names.__getitem__, width=220
    )
    return {"seen": None, "day": True, "month": False}[chosen]


def _rating_rule() -> tuple[RatingRule, float | None]:
    names: dict[RatingRule, str] = {
        "user_mean": _("not below the customer's own mean"),
        "threshold": _("not below a value"),
        "all": _("all of them"),
    }
    rule = st.selectbox(
        _("Ratings that are interest"), list(names), format_func=names.__getitem__, width=280
    )
    if rule != "threshold":
        return rule, None
    return rule, float(st.number_input(_("Least rating"), value=4.0, step=0.5, width=140))


def choose_kinds(tables: Tables, options: ReadOptions, signature: object) -> ReadOptions:
    """What kind each feature is, as proposed or as changed here."""
    proposed = state.once("proposed_kinds", (signature, repr(options)), lambda: tables.kinds)
    rows = [(t, name, kind) for t, kinds in proposed.items() for name, kind in kinds.items()]
    if not rows:
        return options
    section(
        _("Features"),
        _(
            "What the model learns about products and customers. Categorical: one of a few values. "
            "Multi: several values in one cell. Ignore leaves a column out."
        ),
    )
    frame = pd.DataFrame(rows, columns=["table", "feature", "kind"])
    config = st.column_config
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=["table", "feature"],
        width=560,
        key=f"kinds_{hash(tuple(rows)):x}",
        column_config={
            "table": config.TextColumn(_("Table")),
            "feature": config.TextColumn(_("Feature")),
            "kind": config.SelectboxColumn(_("Kind"), options=list(_KINDS), required=True),
        },
    )
    changed = {
        f"{row.table}.{row.feature}": row.kind
        for row, (_table, _name, kind) in zip(edited.itertuples(), rows, strict=True)
        if row.kind != kind
    }
    return replace(options, kinds=changed)
