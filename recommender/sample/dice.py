"""Chance that falls the same on every machine."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """Draws from raw 64-bit words of PCG64, in whole numbers only.

    Neither the machine's floating point nor a new way of drawing in a later numpy can change them.
    """

    def __init__(self, *stream: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(stream))

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self._bits.random_raw()) % n

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of a hundred throws."""
        return self.below(100) < percent

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, all alike."""
        return values[self.below(len(values))]

    def weighted(self, weights: Sequence[int]) -> int:
        """A position, as often as its weight says."""
        return self.climb(list(accumulate(weights)))

    def climb(self, heights: Sequence[int]) -> int:
        """The same with weights already summed up, for when they are used often."""
        return bisect_right(heights, self.below(heights[-1]))

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in a random order (Fisher & Yates)."""
        deck = list(values)
        for last in range(len(deck) - 1, 0, -1):
            other = self.below(last + 1)
            deck[last], deck[other] = deck[other], deck[last]
        return deck
