"""What training sees, and what it must not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recommender.data.splits import split_dataset
from recommender.model.batches import (
    Part,
    Piece,
    TrainingEvents,
    assemble,
    group_pieces,
    in_parts,
    pieces,
)
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.training import fit
from tests.tiny import tiny_dataset

DATASET = tiny_dataset()
SPLIT = split_dataset(DATASET)
DATA = TrainingEvents.of(DATASET, SPLIT.train_end)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def batch(event_dropout: float = 0.0, window: int = 6):
    todo = pieces(DATA, window, rng())
    return todo, assemble(DATA, todo, 10_000, 1, event_dropout, rng())


def test_training_sees_nothing_of_what_is_held_out():
    assert len(DATA.items) == SPLIT.train_end.sum()
    for user, cut in zip(SPLIT.test.users, SPLIT.test.cuts, strict=True):
        assert SPLIT.train_end[user] <= cut


@pytest.mark.parametrize("window", [1, 2, 6, 100])
def test_every_basket_with_targets_is_asked_about_once(window: int):
    todo, made = batch(window=window)
    asked = sorted(
        (piece.user, int(DATA.cuts[query] - DATA.offsets[piece.user]))
        for piece in todo
        for query in range(piece.first_query, piece.last_query)
    )
    assert asked == sorted(baskets_with_targets())
    assert len(made.queries.rows) == len(asked)


def baskets_with_targets() -> list[tuple[int, int]]:
    """User and first event of each, counted one by one among the events that training sees."""
    found = {}
    for user, end in enumerate(SPLIT.train_end):
        history = DATASET.history(user, int(end))
        for place in range(len(history)):
            basket = history.baskets == history.baskets[place]
            if history.events[place] == DATASET.event_types.index("purchase"):
                found[user, int(basket.argmax())] = True
    return list(found)


@pytest.mark.parametrize("window", [1, 2, 6, 100])
def test_a_piece_holds_a_window_of_events_at_most_and_asks_within_it(window: int):
    for piece in batch(window=window)[0]:
        assert 0 < piece.end - piece.start <= window
        assert DATA.offsets[piece.user] <= piece.start < piece.end <= DATA.offsets[piece.user + 1]
        cuts = DATA.cuts[piece.first_query : piece.last_query]
        assert ((piece.start <= cuts) & (cuts <= piece.end)).all()


def test_a_query_reads_the_events_before_its_basket():
    _, made = batch()
    sequences, queries = made.sequences, made.queries
    for row, cut, as_of in zip(*(part.tolist() for part in queries[:3]), strict=True):
        assert cut == 0 or sequences.times[row, cut - 1] < as_of


def test_queries_laid_out_by_row_come_back_in_line():
    sequences, queries = batch()[1][:2]
    values = torch.rand(len(queries.rows), 3)
    laid = queries.by_row(values, len(sequences.items))
    assert torch.equal(queries.in_line(laid), values)
    for row in range(len(laid)):
        of_row = values[queries.rows == row]
        assert torch.equal(laid[row, : len(of_row)], of_row)
        assert not laid[row, len(of_row) :].any()


def test_dropped_events_close_up_and_targets_stay():
    _, whole = batch()
    _, made = batch(event_dropout=0.5)
    assert (made.queries.cuts <= whole.queries.cuts).all()
    assert made.queries.cuts.sum() < 0.8 * whole.queries.cuts.sum()
    assert made.target_item.tolist() == whole.target_item.tolist()
    for row, cut in zip(made.queries.rows.tolist(), made.queries.cuts.tolist(), strict=True):
        times = made.sequences.times[row, :cut]
        assert (times[1:] >= times[:-1]).all()


def test_the_targets_of_a_query_weigh_one_in_sum():
    _, made = batch()
    weight = np.bincount(made.target_query.numpy(), weights=made.target_weight.numpy())
    assert np.allclose(weight, 1.0)


def test_groups_hold_one_fold_and_no_more_events_than_asked():
    todo = pieces(DATA, 6, rng())
    for group in group_pieces(todo, 2, 30, rng()):
        assert len({piece.user % 2 for piece in group}) == 1
        longest = max(piece.end - piece.start for piece in group)
        assert longest * len(group) <= 30 or len(group) == 1


def test_each_part_of_a_batch_keeps_the_same_share_of_its_queries():
    group = pieces(DATA, 6, rng())
    own = [sum(p.last_query - p.first_query for p in part.pieces) for part in parts(group, 10_000)]
    assert [part.n_queries for part in parts(group, 10_000)] == own
    kept = [part.n_queries for part in parts(group, 40)]
    assert sum(kept) == 40
    assert np.allclose(kept, np.array(own) * 40 / sum(own), atol=1)
    assert len(set(own)) > 1
    assert sum(part.n_queries for part in in_parts(group, 2, 60)) == 2, "never more than asked for"


def parts(group: list[Piece], n_queries: int) -> list[Part]:
    made = in_parts(group, n_queries, 60)
    assert [piece for part in made for piece in part.pieces] == group
    return made


def test_one_seed_gives_one_result():
    def curve() -> list[float]:
        config = TrainConfig(max_epochs=2, events_a_batch=200)
        trained = fit(DATASET, SPLIT, ModelConfig(width=32, window=12), config)
        return [row["loss"] for row in trained.curve]

    assert curve() == pytest.approx(curve(), abs=1e-6)


def test_training_lowers_the_loss():
    config = TrainConfig(max_epochs=8, patience=8, events_a_batch=200)
    trained = fit(DATASET, SPLIT, ModelConfig(width=32, window=12, dropout=0.0), config)
    assert trained.curve[-1]["loss"] < trained.curve[0]["loss"] - 0.1


def test_small_data_are_passed_more_often_than_large_ones():
    by_default = TrainConfig(events_a_batch=1000)
    assert [by_default.epochs(events) for events in (10_000, 100_000, 10_000_000)] == [30, 15, 3]
    assert by_default.epochs(100_000, n_processes=2) == 30
    assert TrainConfig(max_epochs=7).epochs(10_000_000) == 7


@pytest.mark.parametrize("bad", [{"max_epochs": 0}, {"learning_rate": 2.0}])
def test_a_training_that_cannot_be_is_refused(bad):
    with pytest.raises(ValueError, match="must be"):
        TrainConfig(**bad)
