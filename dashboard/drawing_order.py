"""Who draws when many click at once: first come, first served.

Python runs one thread at a time. Pages that are drawn beside one another take it from each other a
hundred times a second, and all of them come late; one after the other, most come early.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Final

LIST, CHARTS = 0.15, 0.2
"""Seconds in which a browser paints a list, or charts, on a machine that the server runs on too."""


class Line:
    """Lets one thread through at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def enter(self) -> None:
        """Wait for a turn."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            called = threading.Event()
            self._waiting.append(called)
        called.wait()

    def leave(self) -> None:
        """Give the turn to who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_LINE: Final = Line()
_mine = threading.local()


@contextmanager
def in_turn() -> Iterator[None]:
    """Draw when it is this visitor's turn; what is inside another turn is part of it."""
    if getattr(_mine, "turn", False):
        yield
        return
    _LINE.enter()
    _mine.turn = True
    try:
        yield
    finally:
        _mine.turn = False
        _LINE.leave()


@contextmanager
def out_of_turn() -> Iterator[None]:
    """Let others draw while this visitor waits for something long.

    Not inside a cached function: who waits for its value would hold the turn that it waits for.
    """
    if not getattr(_mine, "turn", False):
        yield
        return
    _mine.turn = False
    _LINE.leave()
    try:
        yield
    finally:
        _LINE.enter()
        _mine.turn = True


def let_paint(seconds: float) -> None:
    """Send nothing for a moment, so that what was asked for is painted before all that follows.

    A browser that is sent more takes it in first and paints last. Others draw in the meantime.
    """
    with out_of_turn():
        sleep(seconds)
