"""The score as a flow: what the history's products give, through what, to the one recommended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dashboard.figures.drawing import Drawing, Patch, Spot, Word
from dashboard.figures.flow_geometry import Geometry, Node, Parts, Ribbon, flow_geometry, gathered
from dashboard.figures.palette import Palette
from dashboard.names import feature_name, score
from dashboard.words import _, plural, shorten, shorten_apart
from recommender.explain.types import HEAD

if TYPE_CHECKING:
    from recommender.explain.flows import Flow
    from recommender.explain.types import ItemDeletion

PAST, WAY = "item", "way"
"""What the key of a thing begins with: a product of the history, or a way."""
_MOST = (8, 10, 1)
"""Products, ways and candidates drawn by themselves."""
_BAR = 0.014
"""How wide a node is, of the whole."""
_HEAD = 26
"""Pixels for the line on top."""
_NAME = 19
"""Characters of a name beside its node: what a phone has room for."""
_TITLE, _CORNER = 28, 0.92
"""Characters of the name on top, and where it ends: in the corner are the page's own buttons."""
_HAIR = 1
"""What is lower than so many pixels has no name: it would read 0.00; the mouse finds it."""
_THIN, _ABOVE = 10, 9
"""Nodes lower than so many pixels have their name so far above them, not struck through."""
_FULL, _FAINT, _SOLID = 0.55, 0.14, 0.9
_FOUND_AT = (0.06, 0.18, 0.3, 0.42, 0.54, 0.66, 0.78, 0.9)
"""Where along a ribbon the mouse finds it."""


@dataclass(frozen=True)
class Thing:
    """What a node stands for."""

    key: str
    """Of its column, and what a click on it chooses; empty for nothing."""
    name: str
    short: str
    said: tuple[str, ...] = ()
    """What more is told of it under the mouse."""
    ours: bool = False
    """Whether it comes of no event."""


@dataclass(frozen=True)
class Frame:
    """Where the columns stand, from 0 to 1, and what is written at them."""

    middle: float = 0.5
    right: float = 1.0
    """Where the last column ends; its names stand behind it."""
    values: tuple[bool, bool, bool] = (True, True, False)
    """At which columns values stand behind the names."""

    def edges(self, column: int) -> tuple[float, float]:
        """Where the nodes of a column begin and end."""
        left = (0.0, self.middle - _BAR / 2, self.right - _BAR)[column]
        return left, left + _BAR


@dataclass(frozen=True, eq=False)
class Drawn:
    """A flow as it is drawn: its parts, and which of the given products and ways each is."""

    parts: Parts
    sources: tuple[tuple[int, ...], ...]
    ways: tuple[tuple[int, ...], ...]


def way_name(way: str) -> str:
    """What a share comes through, in words."""
    if way.startswith(HEAD):
        return _("Attention head {n}").format(n=way.removeprefix(HEAD).strip())
    return _("Profile") if way == "profile" else feature_name(way)


def all_ways(flow: Flow) -> tuple[str, ...]:
    """The ways of the events, then what no event gives."""
    return (*flow.ways, *(name for name, _share in flow.own))


def flow_parts(flow: Flow) -> Parts:
    """Every product of the history, every way, one candidate."""
    n_past, n_own = len(flow.items), len(flow.own)
    through = np.concatenate([flow.shares, np.zeros((n_past, n_own))], axis=1)
    own = np.array([*[0.0] * len(flow.ways), *(share for _name, share in flow.own)])
    return Parts.of(through[..., None], own[:, None])


def drawn(flow: Flow) -> Drawn:
    """The smallest products and ways are one each."""
    parts, (sources, ways, _target) = gathered(flow_parts(flow), _MOST)
    return Drawn(parts, sources, ways)


def past_key(flow: Flow, row: int) -> str:
    """What a product of the history is called in a link."""
    return f"{PAST}~{flow.item_ids[row]}"


def way_key(way: str) -> str:
    """What a way is called in a link."""
    return f"{WAY}~{way}"


def keys(flow: Flow, shown: Drawn) -> dict[str, str]:
    """What can be chosen in the picture, with its name."""
    ways = all_ways(flow)
    things = [(past_key(flow, one[0]), flow.titles[one[0]]) for one in shown.sources if not one[1:]]
    things += [(way_key(ways[one[0]]), way_name(ways[one[0]])) for one in shown.ways if not one[1:]]
    return dict(things)


def flow_chart(
    flow: Flow, lost: Sequence[ItemDeletion], palette: Palette, chosen: str = ""
) -> Drawing:
    """The picture; `lost` is what is lost without each product, `chosen` the key that stands out.

    All widths for, less all widths against, are the score.
    """
    shown, ways = drawn(flow), all_ways(flow)
    geometry = flow_geometry(shown.parts)
    columns = (
        _past(flow, shown, lost),
        _through(flow, shown, ways),
        [Thing("", flow.title, "")],
    )
    ends = (_("History"), f"{shorten(flow.title, _TITLE)}  {score(flow.score)}")
    return flow_drawing(geometry, columns, ends, palette, chosen)


def _past(flow: Flow, shown: Drawn, lost: Sequence[ItemDeletion]) -> list[Thing]:
    """The products of the history, each with what is lost without all its events."""
    alone = [one[0] for one in shown.sources if not one[1:]]
    short = dict(zip(alone, _short([flow.titles[row] for row in alone]), strict=True))
    things = []
    for those in shown.sources:
        n = sum(len(flow.events[row]) for row in those)
        events = plural("{n} event", "{n} events", n)
        if those[1:]:
            name = plural("{n} more {@product}", "{n} more {@products}", len(those))
            things.append(Thing("", name, name, (events,)))
        else:
            (row,) = those
            said = (events, *([without(lost[row])] if lost else []))
            things.append(Thing(past_key(flow, row), flow.titles[row], short[row], said))
    return things


def without(lost: ItemDeletion) -> str:
    """What is lost without all events of a product."""
    if lost.rank_before == lost.rank_after:
        said = _("without it {loss}, the rank stays {before}")
    else:
        said = _("without it {loss}, rank {before} → {after}")
    return said.format(
        loss=score(-lost.loss), before=f"{lost.rank_before:,}", after=f"{lost.rank_after:,}"
    )


def _through(flow: Flow, shown: Drawn, ways: Sequence[str]) -> list[Thing]:
    things = []
    for those in shown.ways:
        own = min(those) >= len(flow.ways)
        if those[1:]:
            name = _("All else")
            said = tuple(way_name(ways[one]) for one in those)
            things.append(Thing("", name, name, said, own))
        else:
            name = way_name(ways[those[0]])
            things.append(Thing(way_key(ways[those[0]]), name, name, (), own))
    return things


def _short(names: Sequence[str]) -> list[str]:
    return shorten_apart(names, _NAME)


def flow_drawing(
    geometry: Geometry,
    columns: Sequence[Sequence[Thing]],
    ends: tuple[str, str],
    palette: Palette,
    chosen: str = "",
    frame: Frame = Frame(),
) -> Drawing:
    """The geometry with colours and names: blue for, brown against.

    `ends` stands above the first and the last column. What has a short name is written beside its
    node.
    """
    head = (
        Word(0.0, _HEAD / 3, ends[0], "right", palette.muted),
        Word(min(_CORNER, frame.right), _HEAD / 3, ends[1], "left", palette.text),
    )
    found = _spots(geometry, columns, frame)
    patches = (
        *(_ribbon(one, columns, palette, chosen, frame) for one in geometry.ribbons),
        *(_bar(one, columns, palette, frame) for one in geometry.nodes),
    )
    words = (*head, *_words(geometry.nodes, columns, palette, frame))
    return Drawing(geometry.height + _HEAD, patches, words, tuple(found))


def _lower(span: tuple[float, float]) -> tuple[float, float]:
    return span[0] + _HEAD, span[1] + _HEAD


def _ribbon(
    one: Ribbon,
    columns: Sequence[Sequence[Thing]],
    palette: Palette,
    chosen: str,
    frame: Frame,
) -> Patch:
    against, towards = palette.diverging[1], palette.diverging[-2]
    ends = columns[one.column][one.source], columns[one.column + 1][one.target]
    meant = not chosen or chosen in (end.key for end in ends)
    across = frame.edges(one.column)[1], frame.edges(one.column + 1)[0]
    said = _("{name} ({value})").format(name=_between(ends), value=score(one.value))
    colour, opacity = (towards if one.value > 0 else against), (_FULL if meant else _FAINT)
    return Patch(across, _lower(one.start), _lower(one.end), colour, opacity, said)


def _between(ends: tuple[Thing, Thing]) -> str:
    return f"{ends[0].name} → {ends[1].name}"


def _bar(one: Node, columns: Sequence[Sequence[Thing]], palette: Palette, frame: Frame) -> Patch:
    thing, span = columns[one.column][one.place], _lower(one.span)
    colour = palette.muted if thing.ours else palette.contribution
    said = _("{name} ({value})").format(name=thing.name, value=score(one.value))
    return Patch(frame.edges(one.column), span, span, colour, _SOLID, said)


def _words(
    nodes: Iterable[Node], columns: Sequence[Sequence[Thing]], palette: Palette, frame: Frame
) -> Iterable[Word]:
    """The name of each node, and its value where there is room."""
    for one in nodes:
        short, (top, bottom) = columns[one.column][one.place].short, _lower(one.span)
        if short and bottom - top >= _HAIR:
            y = (top + bottom) / 2 - (_ABOVE if bottom - top < _THIN and one.column < 2 else 0)
            text = f"{short}  {score(one.value)}" if frame.values[one.column] else short
            yield Word(frame.edges(one.column)[1], y, text, "right", palette.text)


def _spots(geometry: Geometry, columns: Sequence[Sequence[Thing]], frame: Frame) -> Iterable[Spot]:
    for node in geometry.nodes:
        thing = columns[node.column][node.place]
        x, y = sum(frame.edges(node.column)) / 2, sum(_lower(node.span)) / 2
        yield Spot(x, y, (thing.name, _of_score(node.value), *thing.said), thing.key)
    for one in geometry.ribbons:
        ends = columns[one.column][one.source], columns[one.column + 1][one.target]
        lines = _between(ends), _of_score(one.value)
        start, end = sum(_lower(one.start)) / 2, sum(_lower(one.end)) / 2
        left, right = frame.edges(one.column)[1], frame.edges(one.column + 1)[0]
        for t in _FOUND_AT:
            bent = t * t * (3 - 2 * t)
            x, y = left + t * (right - left), start + bent * (end - start)
            yield Spot(x, y, lines, ends[0].key)


def _of_score(value: float) -> str:
    return _("{value} of the score").format(value=score(value))


def flow_table(flow: Flow, lost: Sequence[ItemDeletion]) -> pd.DataFrame:
    """A row for each product of the history, in their order, and for what no event gives.

    `contribution` sums to the score, the columns of the ways (`head 1`, `again` and so on) to each
    contribution; `loss` is what the score loses without all events of the product.
    """
    names = [way.removeprefix("+") for way in flow.ways]
    rows = [
        {
            "item_id": flow.item_ids[row],
            "title": flow.titles[row],
            "events": len(flow.events[row]),
            "contribution": flow.shares[row].sum(),
            **dict(zip(names, flow.shares[row], strict=True)),
            "loss": gone.loss,
            "rank_before": gone.rank_before,
            "rank_after": gone.rank_after,
        }
        for row, gone in enumerate(lost)
    ]
    rows += [
        {"item_id": "", "title": way_name(name), "events": 0, "contribution": share}
        for name, share in flow.own
    ]
    table = pd.DataFrame(rows)
    ranks = {name: "Int64" for name in ("rank_before", "rank_after") if name in table}
    return table.astype(ranks)
