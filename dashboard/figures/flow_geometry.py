"""Where everything of a flow lies: nodes in three columns and the ribbons between them.

What is on the left flows through ways in the middle to what is on the right; some ways have a part
of their own, which comes from nothing on the left. Values have a sign: what speaks for and what
speaks against flow apart, each as wide as it is large, so that at the right the first less the
second is the score. Places are in pixels, downward; a column is 0, 1 or 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Merged = tuple[tuple[int, ...], ...]
"""For each that is drawn, which of the given ones it is; several are “the rest”."""
Span = tuple[float, float]
"""From where to where, in pixels."""
_TINY = 0.005
"""Of everything, below which nothing is drawn by itself."""
_SIGNS = (1, -1)


@dataclass(frozen=True, eq=False)
class Parts:
    """What flows, in sizes: what speaks for comes first, then what speaks against.

    By sign, no less leaves a way than enters it from the sources; what is more is its own. All that
    arrives for, less all that arrives against, is the score, or the sum of the scores.
    """

    first: Float[np.ndarray, "sign source way"]
    second: Float[np.ndarray, "sign way target"]

    @classmethod
    def of(
        cls,
        through: Float[np.ndarray, "source way target"],
        own: Float[np.ndarray, "way target"],
    ) -> Parts:
        """Parts of shares with their signs; `own` comes from no source."""
        sizes = np.stack([np.maximum(sign * through, 0) for sign in _SIGNS])
        alone = np.stack([np.maximum(sign * own, 0) for sign in _SIGNS])
        return cls(sizes.sum(3), sizes.sum(1) + alone)

    @property
    def own(self) -> Float[np.ndarray, "sign way"]:
        """What leaves each way and comes from no source."""
        return np.asarray(np.maximum(self.second.sum(2) - self.first.sum(1), 0))

    @property
    def sizes(self) -> tuple[Float[np.ndarray, " node"], ...]:
        """How much flows through each thing of each column, whatever its sign."""
        return self.first.sum((0, 2)), self.second.sum((0, 2)), self.second.sum((0, 1))

    @property
    def values(self) -> tuple[Float[np.ndarray, " node"], ...]:
        """What speaks for less what speaks against, likewise."""
        first, second = (one[0] - one[1] for one in (self.first, self.second))
        return first.sum(1), second.sum(1), second.sum(0)

    @property
    def total(self) -> float:
        """The score, or the sum of the scores."""
        return float(self.values[2].sum())


@dataclass(frozen=True)
class Node:
    """One thing in its column."""

    column: int
    place: int
    """Its row among the parts."""
    span: Span
    value: float
    """What flows through it, with its sign."""


@dataclass(frozen=True)
class Ribbon:
    """What flows from a node to one of the next column."""

    column: int
    """That it begins in."""
    source: int
    target: int
    value: float
    """With its sign; the ribbon is as wide as its size."""
    start: Span
    end: Span


@dataclass(frozen=True)
class Geometry:
    """The picture, but for its width."""

    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float
    unit: float
    """Pixels for a value of 1."""


@dataclass(frozen=True)
class Room:
    """How much room there is, in pixels."""

    band: float = 260
    """What all that flows takes in the column where most does."""
    label: float = 19
    """A node has so much at least, for what is written beside it."""
    gap: float = 7


def flow_geometry(parts: Parts, room: Room = Room()) -> Geometry:
    """Lay the parts out, in their order from the top; what nothing flows through is left out."""
    first, second, sizes = parts.first, parts.second, parts.sizes
    widest = max(float(size.sum()) for size in sizes)
    unit = room.band / widest if widest > 0 else 0.0
    tops, height = _stacked([size * unit for size in sizes], room)
    # What is a way's own enters it after what comes from the left, and from nowhere.
    entering = np.concatenate([first, parts.own[:, None]], axis=1)
    ends = _ends(entering, tops[1], unit)[:, :-1]
    ribbons = (
        *_ribbons(0, first, _starts(first, tops[0], unit), ends, unit),
        *_ribbons(1, second, _starts(second, tops[1], unit), _ends(second, tops[2], unit), unit),
    )
    return Geometry(tuple(_nodes(parts, tops, unit)), ribbons, height, unit)


def _stacked(
    heights: list[Float[np.ndarray, " node"]], room: Room
) -> tuple[list[Float[np.ndarray, " node"]], float]:
    """The top of each node, columns in the middle of the picture; and its height."""
    slots = [np.where(one > 0, np.maximum(one, room.label) + room.gap, 0.0) for one in heights]
    whole = max((float(slot.sum()) for slot in slots), default=0.0)
    tops = [
        (whole - slot.sum()) / 2 + np.cumsum(slot) - slot + (slot - height) / 2
        for slot, height in zip(slots, heights, strict=True)
    ]
    return tops, whole


def _starts(
    sizes: Float[np.ndarray, "sign source target"], tops: Float[np.ndarray, " source"], unit: float
) -> Float[np.ndarray, "sign source target"]:
    """Where each ribbon leaves its source: those for on top, in the order of the targets."""
    before = np.cumsum(sizes, axis=2) - sizes
    before[1] += sizes[0].sum(axis=1, keepdims=True)
    return np.asarray(tops[None, :, None] + unit * before)


def _ends(
    sizes: Float[np.ndarray, "sign source target"], tops: Float[np.ndarray, " target"], unit: float
) -> Float[np.ndarray, "sign source target"]:
    """Where each ribbon enters its target, in the order of the sources."""
    return _starts(sizes.transpose(0, 2, 1), tops, unit).transpose(0, 2, 1)


def _ribbons(
    column: int,
    sizes: Float[np.ndarray, "sign source target"],
    starts: Float[np.ndarray, "sign source target"],
    ends: Float[np.ndarray, "sign source target"],
    unit: float,
) -> Iterator[Ribbon]:
    for place in zip(*np.nonzero(sizes), strict=True):
        sign, source, target = map(int, place)
        size, start, end = float(sizes[place]), float(starts[place]), float(ends[place])
        wide = size * unit
        value = _SIGNS[sign] * size
        yield Ribbon(column, source, target, value, (start, start + wide), (end, end + wide))


def _nodes(parts: Parts, tops: list[Float[np.ndarray, " node"]], unit: float) -> Iterator[Node]:
    for column, (size, top, value) in enumerate(zip(parts.sizes, tops, parts.values, strict=True)):
        for place in map(int, np.flatnonzero(size > 0)):
            span = float(top[place]), float(top[place] + size[place] * unit)
            yield Node(column, place, span, float(value[place]))


def gathered(parts: Parts, most: tuple[int, int, int]) -> tuple[Parts, tuple[Merged, ...]]:
    """The parts with the smallest of each column as one, so that the sum stays.

    Sources and targets come largest first, ways in the order they are in; the rest is last. At most
    so many of each column are left, and but for the rest nothing below half a percent of all.
    """
    merged = tuple(
        _merged(size, many, in_order=column == 1)
        for column, (size, many) in enumerate(zip(parts.sizes, most, strict=True))
    )
    left, middle, right = (
        _membership(those, len(size)) for those, size in zip(merged, parts.sizes, strict=True)
    )
    first = np.einsum("as,bw,nsw->nab", left, middle, parts.first)
    return Parts(first, np.einsum("bw,ct,nwt->nbc", middle, right, parts.second)), merged


def _merged(size: Float[np.ndarray, " node"], most: int, in_order: bool) -> Merged:
    """Which are drawn by themselves, and those that are the rest; what is nothing is in neither."""
    order = [int(i) for i in np.argsort(-size, kind="stable") if size[i] > 0]
    apart = sum(size[i] >= _TINY * size.sum() for i in order)
    gathers = len(order) > most or len(order) - apart > 1
    apart = min(apart, most - 1) if gathers else len(order)
    alone = sorted(order[:apart]) if in_order else order[:apart]
    rest = tuple(sorted(order[apart:]))
    return (*((one,) for one in alone), *([rest] if rest else []))


def _membership(merged: Merged, n: int) -> Float[np.ndarray, "drawn given"]:
    within = np.zeros((len(merged), n))
    for row, those in enumerate(merged):
        within[row, list(those)] = 1
    return within
