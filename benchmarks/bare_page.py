"""The least that Streamlit needs for what is done on ours: charts of constant data.

`?as=click` has a table to click on, three Vega-Lite charts with as many bars as the page of
recommendations has, and a heading that names the chosen row; `?as=next` a button that changes all
of them and the name above; `?as=edit` a button, a table, a sentence and the two charts of an
edited history; `?as=search` a field and a table of what was typed. The keys are those that `visits`
looks for.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

_ROWS, _EVENTS, _LENSES, _SHARES = 10, 13, 3, 14


def products(shift: int) -> pd.DataFrame:
    """Ten rows."""
    names = [f"product {row + 10 * shift}" for row in range(_ROWS)]
    return pd.DataFrame({"rank": range(_ROWS), "product": names})


def bars(n: int, series: int, shift: int) -> dict[str, Any]:
    """Bars with their values in words; the shift makes another picture of each row."""
    values = [
        {"row": f"row {i}", "series": f"s{j}", "value": (7 * i + 5 * j + 3 * shift) % 11 + 1}
        for i in range(n)
        for j in range(series)
    ]
    y = {"field": "row", "type": "nominal"}
    x = {"field": "value", "type": "quantitative"}
    text = {"field": "value", "type": "quantitative"}
    colour = {"field": "series", "type": "nominal", "legend": None}
    return {
        "data": {"values": values},
        "height": 27 * n,
        "layer": [
            {"mark": "bar", "encoding": {"x": x, "y": y, "color": colour}},
            {"mark": {"type": "text", "dx": 8}, "encoding": {"x": x, "y": y, "text": text}},
        ],
    }


def chart(name: str, n: int, series: int, shift: int) -> None:
    """One chart under the key that is looked for."""
    with st.container(key=f"chart_{name}"):
        st.vega_lite_chart(spec=bars(n, series, shift), key=name)


def presses(name: str, label: str) -> int:
    """How often a button was pressed; its keys are ours."""
    counted = f"n_{name}"
    st.session_state.setdefault(counted, 0)

    def count() -> None:
        st.session_state[counted] += 1

    st.button(label, key=name, on_click=count)
    return int(st.session_state[counted])


def clicked(by_button: bool) -> None:
    """The page of recommendations, bare; either a row is chosen or all is changed."""
    shift = presses("customer_next", "next") if by_button else 0
    with st.container(key="picker"):
        st.button(f"Customer {shift}", key="who")
    past = st.container()
    left, right = st.columns(2)
    with left, st.container(key="ranking"):
        chosen_rows = st.dataframe(
            products(shift),
            hide_index=True,
            row_height=62,
            height="content",
            on_select="rerun",
            selection_mode=["single-row", "single-cell"],
            key="rows",
        )
    cells = chosen_rows["selection"]["cells"]
    chosen = shift or (cells[0][0] if cells else 0)
    with right, st.container(key="explanation"):
        st.subheader(f"Row {chosen}")
        chart("lenses", _EVENTS, _LENSES, chosen)
        chart("shares", _SHARES, 1, chosen)
    with past:
        chart("timeline", 3, 9, chosen)


def edited() -> None:
    """The page of what-ifs, bare."""
    said = st.container(key="verdict")
    shift = presses("leave", "leave out")
    st.dataframe(products(shift), hide_index=True, row_height=52, height="content")
    with said:
        st.text(f"After {shift} changes")
    left, right = st.columns(2)
    with left:
        chart("lens_changes", _EVENTS, _LENSES, shift)
    with right:
        chart("share_changes", _SHARES, 1, shift)


@st.fragment
def searched() -> None:
    """A field and a table of what was typed in it."""
    query = st.text_input("Find", type="search", live=True, key="query")
    with st.container(key="people"):
        st.dataframe(pd.DataFrame({"found": [f"{query} {row}" for row in range(50)]}), height=320)


st.set_page_config(layout="wide")
page = st.query_params.get("as", "click")
if page == "edit":
    edited()
elif page == "search":
    searched()
else:
    clicked(by_button=page == "next")
