"""First come, first served; who waits for something long lets others go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from dashboard import drawing_order as turns
from dashboard.drawing_order import CHARTS, Line, in_turn, let_paint, out_of_turn


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def waits(line: Line, n: int) -> None:
    """Until so many stand in the line."""
    end = time.monotonic() + 20
    while len(line._waiting) < n:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_turns_are_had_one_at_a_time_in_the_order_of_coming() -> None:
    line, had = Line(), []

    def one(n: int) -> Callable[[], None]:
        def come() -> None:
            line.enter()
            had.append(n)
            line.leave()

        return come

    line.enter()
    threads = []
    for n in range(5):
        threads.append(started(one(n)))
        waits(line, n + 1)
    assert had == []
    line.leave()
    for thread in threads:
        thread.join(20)
    assert had == [0, 1, 2, 3, 4]
    line.enter()
    line.leave()


class Drawing:
    """Somebody else's page: asks for a turn at once, and notes when it is drawn."""

    def __init__(self) -> None:
        self.drawn = threading.Event()
        self.thread = started(self._draw)

    def _draw(self) -> None:
        with in_turn():
            self.drawn.set()

    def comes(self) -> bool:
        """Whether it is drawn in the end."""
        self.thread.join(20)
        return self.drawn.is_set()


def test_a_part_of_a_page_is_drawn_in_the_turn_of_the_page() -> None:
    with in_turn():
        with in_turn():
            pass
        other = Drawing()
        assert not other.drawn.wait(0.05), "the turn ended with its part"
    assert other.comes()


def test_who_waits_for_something_long_lets_others_draw() -> None:
    with in_turn():
        first = Drawing()
        assert not first.drawn.wait(0.05)
        with out_of_turn():
            assert first.comes()
        second = Drawing()
        assert not second.drawn.wait(0.05)
    assert second.comes()


def test_who_has_no_turn_gives_none_away() -> None:
    with out_of_turn():
        assert Drawing().comes()


def test_a_page_that_fails_gives_its_turn_back() -> None:
    with pytest.raises(ZeroDivisionError), in_turn():
        raise ZeroDivisionError
    assert Drawing().comes()


def test_while_a_browser_paints_others_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    other = None

    def paints(seconds: float) -> None:
        assert seconds == CHARTS
        assert other is not None
        assert other.comes()

    with in_turn():
        other = Drawing()
        assert not other.drawn.wait(0.05)
        monkeypatch.setattr(turns, "sleep", paints)
        let_paint(CHARTS)
    assert other.drawn.is_set()
