"""One customer or product on or back, by button or by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard import identities, resources, state
from dashboard.resources import RunKey
from dashboard.words import _
from recommender.data.dataset import Dataset


def step_customer(key: RunKey, dataset: Dataset, user: int | None) -> None:
    """Buttons to the customers before and after, in the order in which they are shown."""
    place, n = 0 if user is None else resources.place_of(key, user), len(dataset.users)

    def go(to: int) -> dict[str, Any]:
        handle = identities.handle(dataset, resources.user_at(key, to), state.masked())
        return {state.USER: handle} | dict.fromkeys(state.OF_ONE)

    with st.container(horizontal=True, width="content", gap="xsmall", key="step_customer"):
        _button("customer_before", "B", "chevron_left", _("{@Customer} before"), place - 1, n, go)
        _button("customer_next", "N", "chevron_right", _("Next {@customer}"), place + 1, n, go)


def step_product(ids: Sequence[str], chosen: str) -> None:
    """Buttons to the products above and below in a list."""
    place, n = list(ids).index(chosen), len(ids)

    def go(to: int) -> dict[str, Any]:
        return {state.ITEM: ids[to]}

    with st.container(horizontal=True, width="content", gap="xsmall", key="step_product"):
        _button("product_above", "K", "keyboard_arrow_up", _("{@Product} above"), place - 1, n, go)
        _button(
            "product_below", "J", "keyboard_arrow_down", _("{@Product} below"), place + 1, n, go
        )


def _button(
    name: str,
    key: str,
    icon: str,
    label: str,
    to: int,
    n: int,
    go: Callable[[int], dict[str, Any]],
) -> None:
    """One step to place `to` of `n`; what `go` says of that place is written to the URL."""
    st.button(
        "",
        key=name,
        icon=f":material/{icon}:",
        type="tertiary",
        shortcut=key,
        help=label,
        disabled=not 0 <= to < n,
        on_click=state.write,
        kwargs=go(min(max(to, 0), n - 1)),
    )
