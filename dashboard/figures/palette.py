"""Every colour of the charts: three lenses, one sequential and one diverging scale, categories."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme. Distinct for the colour-blind; scales are monotone in greyscale."""

    text: str
    muted: str
    faint: str
    """Grid lines, tracks and what is not meant."""
    surface: str
    accent: str
    attention: str
    contribution: str
    influence: str
    categories: tuple[str, ...]
    """For the most frequent categories; the last one means all others."""
    sequential: tuple[str, ...]
    """From nothing to much."""
    diverging: tuple[str, ...]
    """From against, through zero, to for."""

    holds: str
    partly: str
    weak: str

    @property
    def lights(self) -> dict[str, str]:
        """Of the signs that say whether a reason can be believed."""
        return {"●": self.holds, "◐": self.partly, "○": self.weak}

    @property
    def lenses(self) -> tuple[str, str, str]:
        """Looked at, counted, mattered: always in this order."""
        return self.attention, self.contribution, self.influence


SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
"""Of dots that colours alone do not tell apart."""
LIGHT = Palette(
    text="#1B2226",
    muted="#5D686E",
    faint="#E3E8E9",
    surface="#FFFFFF",
    accent="#0B6B66",
    attention="#D98E04",
    contribution="#2C7FB8",
    influence="#7B3F98",
    categories=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8C6D1F", "#56A5D6", "#A9B1B5"),
    sequential=("#F3F6F6", "#C3DCDA", "#83B9B5", "#3F8C88", "#0F5F5B", "#043834"),
    diverging=("#8A4507", "#D08A3A", "#F3E3CC", "#F5F6F6", "#D3E3EF", "#5C9CCB", "#0F4C85"),
    holds="#0E6B3A",
    partly="#7A5A00",
    weak="#A33A12",
)
DARK = Palette(
    text="#E4E9EB",
    muted="#9AA5AB",
    faint="#2A3338",
    surface="#101417",
    accent="#46BDB2",
    attention="#F0B24A",
    contribution="#5AAAE0",
    influence="#A96FD6",
    categories=("#4FA8DE", "#F0894A", "#3FC49B", "#E2A3C6", "#CDA94A", "#8CC8EC", "#6A757B"),
    sequential=("#151C1F", "#1E4241", "#29706C", "#3F9D96", "#7CCDC6", "#CFF4F0"),
    diverging=("#F6C48A", "#C0772F", "#573A22", "#20272B", "#234560", "#4792C8", "#B5DCF5"),
    holds="#5CC98D",
    partly="#E3B341",
    weak="#F0936B",
)


def palette(theme: str | None) -> Palette:
    """The colours for a page that is `dark` or anything else."""
    return DARK if theme == "dark" else LIGHT


def plotly_scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Evenly spaced stops, as Plotly wants them."""
    last = len(colours) - 1
    return [[i / last, colour] for i, colour in enumerate(colours)]
