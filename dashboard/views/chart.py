"""A chart with all that belongs to it: a sentence in words, its data and its picture as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import altair as alt
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import access, state
from dashboard.access import fragment
from dashboard.exports import to_csv, to_parquet
from dashboard.figures.drawing import Drawing
from dashboard.figures.export import Figure, to_png, to_svg
from dashboard.figures.finish import Spec
from dashboard.figures.heatmap import plotted
from dashboard.figures.palette import palette
from dashboard.words import _

# Tests check charts against their schema; to do it again at each click costs half a second.
alt.utils.schemapi.disable_debug_mode()
alt.theme.enable("none")

Table: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]
"""The data of a chart, or what makes it when it is asked for."""

# What our own menu does, and what only a mouse could go on with, is no stop for the keyboard.
_NO_BUTTONS = ["toImage", "zoom2d", "pan2d", "autoScale2d", "select2d", "lasso2d"]
_PLOTLY = {"displaylogo": False, "modeBarButtonsToRemove": _NO_BUTTONS}


def draw(
    name: str,
    figure: Figure,
    sentence: str,
    table: Table,
    **options: Any,
) -> Any:
    """Draw the figure; under it the sentence, and the data as a file made when asked for.

    `options` go to Streamlit, such as `on_select`; what the chart returns is returned.
    """
    with st.container(key=f"chart_{name}", gap="xsmall"):
        if isinstance(figure, go.Figure | Drawing):
            with st.container(key=f"plotly_{name}"):
                shown = plotted(figure) if isinstance(figure, Drawing) else figure
                event = st.plotly_chart(
                    shown, key=f"{name}_plot", config=_PLOTLY, alt=sentence, **options
                )
        else:
            spec = figure.to_dict(validate=False)
            heard = figure.name if isinstance(figure, Spec) else sentence
            event = st.vega_lite_chart(spec=spec, key=f"{name}_plot", alt=heard, **options)
        with st.container(
            horizontal=True, vertical_alignment="top", wrap=False, gap="small", key=f"under_{name}"
        ):
            st.text(sentence)
            download(name, table)
            with st.container(width="content"):
                _more(name, figure, table)
    return event


@fragment
def _more(name: str, figure: Figure, table: Table) -> None:
    """The other forms of a chart, made when they are asked for."""
    menu = st.popover(
        "",
        type="tertiary",
        icon=":material/more_horiz:",
        key=f"more_{name}",
        width="content",
        help=_("Picture, or data in another form"),
        on_change="rerun",
    )
    if not menu.open:
        return
    colours = palette(state.theme())
    with menu:
        for label, ending, mime, make in (
            ("PNG", "png", "image/png", lambda: to_png(figure, colours)),
            ("SVG", "svg", "image/svg+xml", lambda: to_svg(figure, colours)),
            (
                "Parquet",
                "parquet",
                "application/vnd.apache.parquet",
                lambda: to_parquet(_made(table)),
            ),
        ):
            st.download_button(
                label,
                data=access.exported(f"chart {name}", make),
                file_name=f"reclens-{name}.{ending}",
                mime=mime,
                key=f"{ending}_{name}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def download(name: str, table: Table) -> None:
    """A button that makes the CSV when it is clicked."""
    st.download_button(
        _("CSV"),
        data=access.exported(f"table {name}", lambda: to_csv(_made(table))),
        file_name=f"reclens-{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help=_("Data of this chart"),
    )


def _made(table: Table) -> pd.DataFrame:
    return table() if callable(table) else table
