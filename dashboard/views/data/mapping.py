"""What each column is and what kind each feature has: as proposed, or as changed here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.names import kind_name, percent, role_name, table_name
from dashboard.views.counting import values_that_count
from dashboard.views.frame import section
from dashboard.words import _
from recommender.data import KINDS, Kind, ReadOptions, Tables
from recommender.data.cleaning.mapping import NEEDED, ROLES
from recommender.data.cleaning.repairs import RatingRule
from recommender.data.cleaning.role_confidence import Guess, guess_roles
from recommender.data.columns import OUTCOME, RATING, TableName
from recommender.data.reading.files import RawTable

_NONE: Final = "~"
"""Stands in the URL for a role that no column has."""
_SURE: Final = 0.8
"""Whoever proposes with less wants to be looked at."""


@dataclass(frozen=True)
class Doubts:
    """Roles that still want somebody's eye."""

    missing: tuple[str, ...]
    """Needed, and no column has them."""
    unsure: tuple[str, ...]
    """As proposed, and the proposal is not sure."""


def map_columns(raw: dict[TableName, RawTable], options: ReadOptions) -> tuple[ReadOptions, Doubts]:
    """The options with which column plays which role, as proposed or as changed here."""
    if all(read.frame.columns.empty for read in raw.values()):
        # The problems say why there is nothing to choose from.
        return options, Doubts(NEEDED["interactions"], ())
    section(
        _("Columns"),
        _(
            "What each column is was guessed from its name and from what stands in it. Change "
            "what was guessed wrong; under each choice stands how sure the guess is."
        ),
        anchor="columns",
    )
    columns: dict[str, str | None] = {}
    missing: list[str] = []
    unsure: list[str] = []
    rated, outcome = False, None
    for table, read in raw.items():
        names = [str(name) for name in read.frame.columns]
        if not names:
            continue
        guesses = {guess.role: guess for guess in guess_roles(read.frame, table) if guess.role}
        proposed = {role: guess.column for role, guess in guesses.items()}
        with st.container(border=True, key=f"mapping_{table}"):
            st.text(read.file)
            with st.container(horizontal=True, gap="small"):
                for role in ROLES[table]:
                    with st.container(width=190, gap=None):
                        chosen = _role(table, role, names, proposed.get(role))
                        _sureness(guesses.get(role), chosen)
                    rated |= role == RATING and chosen is not None
                    outcome = (read, chosen) if role == OUTCOME and chosen else outcome
                    if chosen is None and role in NEEDED[table]:
                        missing.append(role)
                    elif _is_unsure(guesses.get(role), chosen):
                        unsure.append(role)
                    if chosen != proposed.get(role):
                        columns[f"{table}.{role}"] = chosen
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day_first = _day_first()
        rule, threshold = _rating_rule() if rated else ("user_mean", None)
        counting = None
        if outcome is not None:
            read, name = outcome
            counting = values_that_count(read.frame[name], name)
    changed = replace(
        options,
        columns=columns,
        day_first=day_first,
        rating_rule=rule,
        rating_threshold=threshold,
        counting=counting,
    )
    return changed, Doubts(tuple(missing), tuple(unsure))


def _is_unsure(guess: Guess | None, chosen: str | None) -> bool:
    return guess is not None and guess.column == chosen and guess.confidence < _SURE


def _sureness(guess: Guess | None, chosen: str | None) -> None:
    """How sure the guess is, where it is what is chosen."""
    if guess is None or guess.column != chosen:
        st.caption(_("chosen here") if chosen else _("none found"))
        return
    why = {
        "name": _("by its name"),
        "values": _("not all cells fit"),
        "loose name": _("its name says little"),
        "contents": _("by what stands in it"),
    }
    share = percent(guess.confidence)
    st.caption(_("{share} sure, {why}").format(share=share, why=why[guess.why]))


def _role(table: TableName, role: str, names: list[str], proposed: str | None) -> str | None:
    needed = role in NEEDED[table]
    options = names if needed and proposed else [_NONE, *names]
    chosen = st.selectbox(
        role_name(role) + (" *" if needed else ""),
        options,
        format_func=lambda name: "–" if name == _NONE else name,
        width=190,
        **state.choice(f"{table}.{role}", options, proposed or _NONE),
    )
    return None if chosen == _NONE else chosen


def _day_first() -> bool | None:
    names = {"seen": _("as seen in the file"), "day": _("day first"), "month": _("month first")}
    chosen = st.selectbox(
        _("Dates like 03/04/2024"),
        list(names),
        format_func=names.__getitem__,
        width=220,
        **state.choice(state.DATES, list(names), "seen"),
    )
    return {"seen": None, "day": True, "month": False}[chosen]


def _rating_rule() -> tuple[RatingRule, float | None]:
    names: dict[RatingRule, str] = {
        "user_mean": _("not below the {@customer}'s own mean"),
        "threshold": _("not below a value"),
        "all": _("all of them"),
    }
    rule = st.selectbox(
        _("Ratings that are interest"),
        list(names),
        format_func=names.__getitem__,
        width=280,
        **state.choice(state.RATINGS, list(names), "user_mean"),
    )
    if rule != "threshold":
        return cast(RatingRule, rule), None
    least = st.number_input(
        _("Least rating"), step=0.5, width=140, **state.amount(state.LEAST_RATING, 4.0)
    )
    return "threshold", float(least)


def choose_kinds(tables: Tables, options: ReadOptions) -> ReadOptions:
    """What kind each feature is, as proposed in these tables or as changed here."""
    proposed = {
        f"{table}.{name}": kind
        for table, kinds in tables.kinds.items()
        for name, kind in kinds.items()
    }
    if not proposed:
        return options
    section(
        _("Features"),
        _(
            "What the model learns about {@products} and {@customers}. Categorical: one of a few "
            "values. Multi: several values in one cell. Ignore leaves a column out."
        ),
    )
    kinds = {name: _kind_in_url(name, kind) for name, kind in proposed.items()}
    _edit_kinds(kinds, proposed)
    return replace(options, kinds={n: kind for n, kind in kinds.items() if kind != proposed[n]})


def _kind_in_url(feature: str, proposed: Kind) -> Kind:
    told = dict(one.rpartition("=")[::2] for one in state.read_all(state.KIND))
    kind = told.get(feature)
    return next((known for known in KINDS if known == kind), proposed)


def _edit_kinds(kinds: dict[str, Kind], proposed: dict[str, Kind]) -> None:
    """A table to change kinds in; a change goes to the URL."""
    names = [
        (table_name(table), feature) for table, feature in (name.split(".", 1) for name in kinds)
    ]
    frame = pd.DataFrame(names, columns=["table", "feature"]).assign(kind=list(kinds.values()))
    config = st.column_config

    def change(row: int, kind: object) -> None:
        wanted = kinds | {list(kinds)[row]: kind}
        changed = [f"{name}={kind}" for name, kind in wanted.items() if kind != proposed[name]]
        state.write(**{state.KIND: changed or None})

    with st.container(key="kinds"):
        st.data_editor(
            frame,
            hide_index=True,
            disabled=["table", "feature"],
            width=560,
            column_config={
                "table": config.TextColumn(_("Table")),
                "feature": config.TextColumn(_("Feature")),
                "kind": config.SelectboxColumn(
                    _("Kind"),
                    options=list(KINDS),
                    required=True,
                    format_func=lambda kind: kind_name(str(kind)),
                ),
            },
            **state.cell_choice("kinds", "kind", tuple(kinds.items()), change),
        )
