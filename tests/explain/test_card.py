"""The answer card: rows that sum as they are shown, one cause, and what is lost by item."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.explain.card import Card, Part, Row, card_of, summing
from recommender.explain.types import ItemDeletion
from tests.words.made import made, nothing_known, trust

COFFEE = ItemDeletion("Filter coffee, 500 g", (2, 3, 4), 1.95, 1, 9)
KETTLE = ItemDeletion("Kettle", (0,), 1.2, 1, 4)


def test_the_largest_remainders_go_up() -> None:
    assert summing([33.4, 33.3, 33.3], 100) == [34, 33, 33]
    assert summing([-2.6, 5.6], 3) == [-3, 6]
    assert summing([0.5, 0.5], 1) == [1, 0]


def test_values_that_do_not_make_the_total_are_refused() -> None:
    with pytest.raises(AssertionError, match="do not sum to 9"):
        summing([1.0, 2.0], 9)


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=9))
def test_every_value_is_shown_next_to_itself_and_all_sum(values: list[float]) -> None:
    shown = summing(values, round(sum(values)))
    assert sum(shown) == round(sum(values))
    assert all(abs(one - value) <= 1 for one, value in zip(shown, values, strict=True))


def test_shares_are_gathered_in_groups_the_largest_first_all_else_last() -> None:
    # again 0.9 + 0.5 + 0.2; alike 0.4 - 0.1 + 3 × 0.1; nothing goes together: left out; profile 0.2
    rows = card_of(made()).rows
    assert [(row.group, row.value) for row in rows] == [
        ("again", 1.6), ("alike", 0.6), ("popular", 0.5), ("else", 0.2),
    ]  # fmt: skip


def test_a_row_opens_to_events_or_to_items_with_all_their_events() -> None:
    again, alike, popular, rest = card_of(made()).rows
    assert again.parts == (
        Part("event", "", 0.9, (2,)), Part("event", "", 0.5, (3,)), Part("event", "", 0.2, (4,)),
    )  # fmt: skip
    assert alike.parts == (
        Part("item", "Kettle", 0.4, (0,)),
        Part("item", "Filter coffee, 500 g", 0.3, (2, 3, 4)),
        Part("item", "Grinder", -0.1, (1,)),
    )
    assert popular.parts == (Part("feature", "bias", 0.5),)
    assert rest.parts == (Part("profile", "age_band", 0.2),)


def test_what_more_or_fewer_buy_lately_is_a_part_of_popularity() -> None:
    popular = card_of(made(lately=0.2)).rows[2]
    assert popular.parts == (Part("feature", "+usually", 0.3), Part("feature", "+lately", 0.2))


def test_a_row_that_would_show_as_nought_goes_with_all_else() -> None:
    rows = card_of(made(bias=0.004, logit=2.404)).rows
    assert [row.group for row in rows] == ["again", "alike", "else"]
    assert sum(round(100 * row.value) for row in rows) == 240


def summed(card: Card) -> None:
    assert round(100 * card.total) == sum(round(100 * row.value) for row in card.rows)
    for row in card.rows:
        assert round(100 * row.value) == sum(round(100 * part.value) for part in row.parts)


@given(st.lists(st.floats(-3, 3), min_size=60, max_size=60), st.floats(-2, 2))
def test_rows_sum_to_the_score_as_shown_and_parts_to_their_row(
    values: list[float], bias: float
) -> None:
    features, nothing = np.array(values).reshape(12, 5), np.zeros(12)
    card = card_of(
        made(
            features=features,
            contribution=features.sum(1),
            bias=bias,
            lately=bias / 3,
            logit=bias + float(features.sum()) + 0.2,
            titles=tuple(f"Thing {j % 9}" for j in range(12)),
            item_ids=("i00",) * 12,
            event_types=("view",) * 12,
            items=np.arange(12) % 9,
            times=np.arange(12),
            attention=nothing,
            gate=nothing,
            influence=nothing,
            influence_log=nothing,
        )
    )
    summed(card)
    assert all(len(row.parts) <= 8 for row in card.rows)


def test_without_a_history_popularity_and_profile_make_the_score() -> None:
    card = card_of(nothing_known(made(logit=0.7)), (), trust("weak"))
    assert [(row.group, row.value) for row in card.rows] == [("popular", 0.5), ("else", 0.2)]
    assert card.cause is None
    assert card.tried


def test_the_cause_is_the_item_that_most_is_lost_without() -> None:
    card = card_of(made(), (COFFEE, KETTLE), trust())
    assert card.cause is COFFEE
    assert card.own
    assert not card_of(made(), (KETTLE,), trust()).own
    assert not card_of(made()).tried


def test_a_loss_that_nobody_would_notice_is_no_cause() -> None:
    assert card_of(made(), (replace(KETTLE, loss=0.04),), trust()).cause is None


def test_a_recommender_without_shares_has_rows_of_what_was_measured_and_claims_no_sum() -> None:
    card = card_of(made(lenses=("influence",)), (COFFEE, KETTLE), trust())
    assert not card.sums
    coffee, kettle = card.rows
    assert (coffee.group, coffee.name, coffee.value) == ("item", "Filter coffee, 500 g", 1.95)
    assert [part.value for part in coffee.parts] == [0.1, 0.6, 0.3]  # newest first, each alone
    assert kettle == Row("item", 1.2, (Part("event", "", 1.2, (0,)),), "Kettle")
