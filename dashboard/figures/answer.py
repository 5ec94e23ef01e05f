"""The answer card as HTML: what it says, rows with bars that open, and a light.

Pure, as charts are, and without a script: rows open by themselves, by mouse and by keyboard. Every
text in it is escaped. How it looks is in `card.css`, which the page and files share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from dashboard import sentences_card
from dashboard.figures.palette import Palette
from dashboard.names import Lens, lens_name, percent, score
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.card import Card, Row
    from recommender.explain.types import Explanation, ItemDeletion, TrustSummary, Verdict


@dataclass(frozen=True)
class Bar:
    """A bar on a track from 0 to 1."""

    start: float
    end: float

    def html(self, zero: float) -> str:
        """From nought, which is marked where bars go both ways."""
        low, high = sorted((self.start, self.end))
        line = f'<b style="left:{100 * zero:.1f}%"></b>' if zero else ""
        place = f"left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"
        against = ' class="against"' if self.end < self.start else ""
        return f'<span class="bar" aria-hidden="true">{line}<i{against} style="{place}"></i></span>'


def bars(values: Sequence[float]) -> tuple[list[Bar], float]:
    """A bar for each value on one scale with nought in it, and where that is."""
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    zero = -low / span
    return [Bar(zero, (value - low) / span) for value in values], zero


def answer(card: Card, palette: Palette, how: str = "") -> str:
    """The whole card; `how` is told where the light is opened."""
    lens = palette.contribution if card.sums else palette.influence
    return (
        f'<div class="answer" style="--lens:{lens}">{_said(card)}{_believe(card.trust, how)}'
        f"{_rows(card)}</div>"
    )


def sentence(said: str) -> str:
    """One sentence in place of the card."""
    return f'<div class="answer"><p class="said">{escape(said)}</p></div>'


def _said(card: Card) -> str:
    if not card.tried:
        return '<p class="said">…</p>'
    said = f'<p class="did">{escape(sentences_card.did(card))}</p>'
    without = sentences_card.without(card)
    if without:
        label = escape(_("Without that:"))
        said += f'<p class="without"><span>{label}</span> <b>{escape(without)}</b></p>'
    return f'<div class="said">{said}</div>'


def _believe(found: TrustSummary | None, how: str) -> str:
    label = f'<span class="label">{escape(_("Believe it?"))}</span>'
    if found is None:
        return f'<p class="believe">{label} …</p>'
    line = f"{label}{_light(found.verdict)}<span>{escape(sentences_card.tested(found))}</span>"
    if not how:
        return f'<p class="believe">{line}</p>'
    explained = "".join(f"<p>{escape(part)}</p>" for part in how.split("\n\n"))
    return f'<details class="believe"><summary>{line}</summary>{explained}</details>'


def _light(found: Verdict) -> str:
    said = f"{sentences_card.light(found)} {sentences_card.verdict(found)}"
    return f'<strong class="{found}">{escape(said)}</strong>'


def _rows(card: Card) -> str:
    if not card.rows:
        return ""
    drawn, zero = bars([row.value for row in card.rows])
    rows = "".join(
        _row(row, bar.html(zero), card) for row, bar in zip(card.rows, drawn, strict=True)
    )
    return f"<h4>{escape(sentences_card.heading(card))}</h4><ul>{rows}</ul>"


def _row(row: Row, bar: str, card: Card) -> str:
    name = escape(sentences_card.row_name(row))
    line = f'<span class="name">{name}</span>{bar}<span class="value">{score(row.value)}</span>'
    parts = "".join(
        f'<li><span class="name">{escape(sentences_card.part_name(part, card.explanation))}'
        f"{_note(sentences_card.part_note(part, card.explanation))}</span>"
        f'<span class="value">{score(part.value)}</span></li>'
        for part in row.parts
    )
    return _opening(line, parts, opens=row.group != "popular" or len(row.parts) > 1)


def _note(said: str) -> str:
    return f" <small>{escape(said)}</small>" if said else ""


def _opening(line: str, parts: str, opens: bool = True) -> str:
    """A row, which opens to its parts unless they would say the same again."""
    if not opens:
        return f'<li><div class="row">{line}</div></li>'
    return f'<li><details><summary class="row">{line}</summary><ul>{parts}</ul></details></li>'


def products(lost: Sequence[ItemDeletion], explained: Explanation, palette: Palette) -> str:
    """One row a product of the past: what is lost without all its events, and, opened, each."""
    drawn, zero = bars([-one.loss for one in lost])
    rows = "".join(
        _product(one, bar.html(zero), explained) for one, bar in zip(lost, drawn, strict=True)
    )
    return f'<div class="answer products" style="--lens:{palette.influence}"><ul>{rows}</ul></div>'


def _product(one: ItemDeletion, bar: str, explained: Explanation) -> str:
    rank = sentences_card.moved(one.rank_before, one.rank_after)
    moved = f" <b>{escape(rank)}</b>" if one.rank_before != one.rank_after else ""
    line = (
        f'<span class="name">{escape(one.title)}'
        f"{_note(sentences_card.summary(one.events, explained))}</span>{bar}"
        f'<span class="value">{score(-one.loss)}{moved}</span>'
    )
    events = "".join(_event(j, explained) for j in one.events[::-1])
    return _opening(line, events)


def _event(j: int, explained: Explanation) -> str:
    said = _("{lens} {value}")
    values = [
        said.format(
            lens=lens_name(lens).plain,
            value=percent(value) if lens == "attention" else score(value),
        )
        for lens, value in _lenses(j, explained)
    ]
    name = escape(sentences_card.event_said(j, explained))
    return f'<li><span class="name">{name}</span><small>{escape(" · ".join(values))}</small></li>'


def _lenses(j: int, explained: Explanation) -> list[tuple[Lens, float]]:
    return [(lens, float(getattr(explained, lens)[j])) for lens in explained.lenses]


@dataclass(frozen=True)
class Evidence:
    """One claim in words, with the lens and the size of its number."""

    said: str
    lens: Lens | None
    size: float
    """Beside the largest of its lens, from 0 to 1; 0 where it has no number that compares."""


def evidence(claims: Sequence[Evidence], palette: Palette) -> str:
    """A claim a line."""
    colours = dict(zip(("attention", "contribution", "influence"), palette.lenses, strict=True))
    lines = "".join(_line(one, colours) for one in claims)
    return f'<div class="answer evidence"><ul>{lines}</ul></div>'


def _line(one: Evidence, colours: dict[str, str]) -> str:
    said = f"<p>{escape(one.said)}</p>"
    if one.lens is None:
        return f'<li class="claim"><span class="label"></span>{said}</li>'
    bar = Bar(0.0, one.size).html(0.0) if one.size else ""
    name = escape(lens_name(one.lens).plain)
    style = f"--lens:{colours[one.lens]}"
    return f'<li class="claim" style="{style}"><span class="label">{name}{bar}</span>{said}</li>'
