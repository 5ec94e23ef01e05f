"""Chance that is the same on every machine."""

import pytest

from recommender.sample.dice import Dice


def test_the_first_throws_of_a_stream_are_known() -> None:
    dice = Dice(7, 1)
    assert [dice.below(1_000) for _ in range(5)] == [757, 548, 490, 179, 516]


def test_streams_differ() -> None:
    one, two = Dice(7, 1), Dice(7, 2)
    assert [one.below(1_000) for _ in range(5)] != [two.below(1_000) for _ in range(5)]


def test_between_reaches_both_ends_and_nothing_else() -> None:
    dice = Dice(1)
    assert {dice.between(3, 5) for _ in range(200)} == {3, 4, 5}


def test_weights_are_kept() -> None:
    dice = Dice(2)
    places = [dice.weighted((3, 0, 1)) for _ in range(4_000)]
    assert set(places) == {0, 2}
    assert places.count(0) / len(places) == pytest.approx(0.75, abs=0.03)


def test_chance_is_in_a_hundred() -> None:
    dice = Dice(3)
    assert not any(dice.chance(0) for _ in range(500))
    assert all(dice.chance(100) for _ in range(500))


def test_shuffling_loses_nothing_and_leaves_the_original() -> None:
    values = list(range(50))
    shuffled = Dice(4).shuffled(values)
    assert shuffled != values == sorted(shuffled)
