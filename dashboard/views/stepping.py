"""One customer or product on or back, by button or by key."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import catalogue, state
from dashboard.words import _
from recommender.data.dataset import Dataset


def step_customer(dataset: Dataset, user: int | None) -> None:
    """Buttons to the customers before and after, in the order of the data."""
    last = len(dataset.users) - 1
    place = 0 if user is None else user
    with st.container(horizontal=True, width="content", gap="xsmall", key="step_customer"):
        for name, to, key, icon, label in (
            ("before", place - 1, "B", "chevron_left", _("Customer before")),
            ("next", place + 1, "N", "chevron_right", _("Next customer")),
        ):
            st.button(
                "",
                key=f"customer_{name}",
                icon=f":material/{icon}:",
                type="tertiary",
                shortcut=key,
                help=label,
                disabled=not 0 <= to <= last,
                on_click=_go_to_customer,
                args=(catalogue.user_handle(dataset, min(max(to, 0), last), state.masked()),),
            )


def _go_to_customer(handle: str) -> None:
    of_one = (state.ITEM, state.CATEGORY, state.PRICE, state.TAG)
    state.write(**{state.USER: handle}, **dict.fromkeys(of_one))


def step_product(ids: Sequence[str], chosen: str) -> None:
    """Buttons to the products above and below in a list."""
    place = list(ids).index(chosen)
    with st.container(horizontal=True, width="content", gap="xsmall", key="step_product"):
        for name, to, key, icon, label in (
            ("above", place - 1, "K", "keyboard_arrow_up", _("Product above")),
            ("below", place + 1, "J", "keyboard_arrow_down", _("Product below")),
        ):
            st.button(
                "",
                key=f"product_{name}",
                icon=f":material/{icon}:",
                type="tertiary",
                shortcut=key,
                help=label,
                disabled=not 0 <= to < len(ids),
                on_click=state.write,
                kwargs={state.ITEM: ids[min(max(to, 0), len(ids) - 1)]},
            )
