"""The look that all Altair charts share."""

from __future__ import annotations

import altair as alt

from dashboard.figures.palette import Palette


def finish(*layers: alt.Chart, height: int, palette: Palette) -> alt.LayerChart:
    """The layers as one chart, as wide as its place, without a frame, with quiet labels."""
    chart: alt.LayerChart = (
        alt.LayerChart(layer=list(layers))
        .properties(height=height, width="container")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12.5, labelColor=palette.muted)
    )
    return chart
