"""A picture of patches and words, as a value: Plotly draws it on a page (`heatmap.plotted`), and
here it becomes SVG, which needs no browser.

Across, places go from 0 to 1, so that a picture fits a phone and a desk; down, they are pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

Span = tuple[float, float]
MARGIN = 8
"""Pixels around a picture."""
FONT_SIZE = 12.5


@dataclass(frozen=True)
class Patch:
    """A filled shape between two places across: a ribbon, or a bar where both ends are alike."""

    across: Span
    start: Span
    end: Span
    colour: str
    opacity: float
    said: str
    """What it is, for who asks a picture without a page."""

    def path(self, left: float = 0.0, width: float = 1.0) -> str:
        """As SVG and Plotly have it; both edges leave and arrive level."""
        x0, x1 = (f"{left + width * x:.4f}" for x in self.across)
        middle = f"{left + width * sum(self.across) / 2:.4f}"
        (a, b), (c, d) = self.start, self.end
        upper = f"M{x0},{a:.2f} C{middle},{a:.2f} {middle},{c:.2f} {x1},{c:.2f}"
        return f"{upper} L{x1},{d:.2f} C{middle},{d:.2f} {middle},{b:.2f} {x0},{b:.2f} Z"


@dataclass(frozen=True)
class Word:
    """Text that begins or ends at a place, in the middle of its line."""

    x: float
    y: float
    text: str
    side: Literal["right", "left"]
    """Of the place."""
    colour: str


@dataclass(frozen=True)
class Spot:
    """Where the mouse finds something; a click on it chooses `key`."""

    x: float
    y: float
    said: tuple[str, ...]
    """Lines, the first of which names it."""
    key: str


@dataclass(frozen=True)
class Drawing:
    """The whole picture."""

    height: float
    patches: tuple[Patch, ...]
    words: tuple[Word, ...]
    spots: tuple[Spot, ...]

    @property
    def keys(self) -> list[str]:
        """What each spot chooses."""
        return [spot.key for spot in self.spots]


def svg(drawing: Drawing, width: int, font: str, background: str) -> str:
    """The picture as SVG on its background; text in it is text, and each patch says what it is."""
    inner, height = width - 2 * MARGIN, drawing.height + 2 * MARGIN
    patches = "".join(
        f'<path d="{one.path(0, inner)}" fill="{one.colour}" fill-opacity="{one.opacity}">'
        f"<title>{escape(one.said)}</title></path>"
        for one in drawing.patches
    )
    words = "".join(
        f'<text x="{one.x * inner + (5 if one.side == "right" else -5):.1f}" y="{one.y:.1f}" '
        f'dy="0.35em" text-anchor="{"start" if one.side == "right" else "end"}" '
        f'fill="{one.colour}">{escape(one.text)}</text>'
        for one in drawing.words
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:.0f}" '
        f'viewBox="0 0 {width} {height:.0f}" font-family="{escape(font)}" '
        f'font-size="{FONT_SIZE}"><rect width="100%" height="100%" fill="{background}"/>'
        f'<g transform="translate({MARGIN},{MARGIN})">{patches}{words}</g></svg>'
    )
