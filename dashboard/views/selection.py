"""For whom and when: the customer, found by typing, and the moment. Pages share this bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import catalogue, identities, resources, sentences, state
from dashboard.access import fragment
from dashboard.names import feature_name
from dashboard.resources import Moment, Question, RunKey
from dashboard.views.frame import calm, empty, facts, waiting
from dashboard.views.stepping import step_customer
from dashboard.words import _, literal

if TYPE_CHECKING:
    from recommender.model.run import HeldOut, Run

_FOUND = 50


@dataclass(frozen=True)
class Selection:
    """What the URL says is being looked at."""

    question: Question
    run: Run
    held_out: HeldOut | None
    """The purchase that the history stops before; None if it does not stop."""


def select() -> Selection | None:
    """Draw the bar that chooses customer and moment; None if the data has no such customer."""
    key = resources.run_key(state.read(state.RUN))
    with waiting(key):
        opened = resources.run(key)
    handle = state.read(state.USER)
    user = resources.user(key, handle) if handle else first_user(opened)
    with st.container(key="who", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            _picker(key, opened, user)
        step_customer(key, opened.dataset, user)
        _profile(opened, user)
        moment = _moment(opened, user)
    if user is None:
        empty(
            _("There is no {@customer} {who} in this data set").format(who=handle),
            _("Choose one above; the list can be searched by id or profile."),
        )
        return None
    if handle:
        # A link made while ids were hidden has a pseudonym, which leads nowhere else.
        state.write(user=identities.handle(opened.dataset, user, state.masked()))
    held_out = opened.held_out(user) if moment == "before" else None
    return Selection(Question(key, user, moment), opened, held_out)


def first_user(opened: Run) -> int:
    """The judged customer with the median length of history: neither empty nor endless."""
    lengths = np.diff(opened.dataset.offsets)
    judged = opened.split.test.users
    users = judged if len(judged) else np.arange(len(lengths))
    return int(users[np.argsort(lengths[users], kind="stable")[len(users) // 2]])


def _moment(opened: Run, user: int | None) -> Moment:
    if user is None or opened.held_out(user) is None:
        return "now"
    moments = ("before", "now")
    names = {"before": _("Before the held-out {@purchase}"), "now": _("Now, full history")}
    chosen = st.segmented_control(
        _("Moment"),
        moments,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.MOMENT, moments, "before"),
    )
    return cast(Moment, chosen)


@fragment
@calm
def _picker(key: RunKey, opened: Run, user: int | None) -> None:
    masked = state.masked()
    name = identities.label(opened.dataset, user, masked) if user is not None else _("Choose")
    menu = st.popover(
        literal(name), icon=":material/person_search:", key="picker", on_change="rerun"
    )
    if menu.open:
        with menu:
            _search(key, opened, masked)


def _profile(opened: Run, user: int | None) -> None:
    known = catalogue.profile(opened.dataset, user) if user is not None else ()
    with st.container(key="profile", width="stretch"):
        facts(known)


def _search(key: RunKey, opened: Run, masked: bool) -> None:
    """Search as one types; the first 50 found stand in a table to choose from."""
    query = st.text_input(
        _("Find {@a_customer}"),
        type="search",
        live=True,
        key="query",
        placeholder=_("Id, age, region …"),
        max_chars=catalogue.LONGEST_QUERY,
        width=420,
    )
    customers = resources.customers(key)
    found = customers.find(query or "", _FOUND)
    if not len(found):
        st.text(_("Nobody matches. Try a part of the id or of the profile."))
        return
    handles = [identities.handle(opened.dataset, int(user), masked) for user in found]
    picked = state.row_choice(state.USER, handles, drop=state.OF_ONE)
    with st.container(key="people"):
        st.dataframe(
            _found_table(opened, found, masked),
            hide_index=True,
            height=320,
            width=420,
            **picked,
        )
    typed = bool((query or "").split())
    st.text(sentences.found(len(found), _FOUND, len(customers.order), typed))
    if state.picked(state.USER):
        st.rerun()


def _found_table(opened: Run, users: np.ndarray, masked: bool) -> pd.DataFrame:
    data = opened.dataset
    table = pd.DataFrame(
        {
            _("{@Customer}"): [identities.label(data, int(user), masked) for user in users],
            _("Events"): np.diff(data.offsets)[users],
        }
    )
    for feature in data.user_features[:3]:
        label = feature_name(feature.name)
        table[label] = [feature.label(int(user)) for user in users]
    return table
