"""The least that Streamlit needs for a click like ours: as many charts of constant data, no more.

A table to click on, three Vega-Lite charts with as many bars as the page of recommendations has,
and a heading that names the chosen row. The keys are those that `dashboard.py` looks for.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

_ROWS, _EVENTS, _LENSES, _SHARES = 10, 13, 3, 14
_TABLE = pd.DataFrame({"rank": range(_ROWS), "product": [f"product {row}" for row in range(_ROWS)]})


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


st.set_page_config(layout="wide")
with st.container(key="chart_timeline"):
    st.vega_lite_chart(spec=bars(3, 9, 0), key="timeline")
left, right = st.columns(2)
with left, st.container(key="ranking"):
    clicked = st.dataframe(
        _TABLE,
        hide_index=True,
        row_height=62,
        height="content",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key="rows",
    )
cells = clicked["selection"]["cells"]
chosen = cells[0][0] if cells else 0
with right, st.container(key="explanation"):
    st.subheader(f"Row {chosen}")
    with st.container(key="chart_lenses"):
        st.vega_lite_chart(spec=bars(_EVENTS, _LENSES, chosen), key="lenses")
    with st.container(key="chart_shares"):
        st.vega_lite_chart(spec=bars(_SHARES, 1, chosen), key="shares")
