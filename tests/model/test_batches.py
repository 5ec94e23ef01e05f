"""What training sees, and what it must not."""

from __future__ import annotations

from itertools import chain, pairwise

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
from recommender.model.network import ModelConfig, gap_buckets, repeat_buckets
from recommender.model.training import fit
from tests.tiny import tiny_dataset

DATASET = tiny_dataset()
SPLIT = split_dataset(DATASET)
DATA = TrainingEvents.of(DATASET, SPLIT.train_end)
PURCHASE = DATASET.event_types.index("purchase")


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
            if history.events[place] == PURCHASE:
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


@pytest.mark.parametrize("window", [6, 100])
def test_a_batch_holds_what_each_query_sees_and_leads_to(window: int):
    todo, made = batch(window=window)
    asked = [
        (piece, query) for piece in todo for query in range(piece.first_query, piece.last_query)
    ]
    for nth, (piece, query) in enumerate(asked):
        cut = int(DATA.cuts[query] - DATA.offsets[piece.user])
        past, whole = DATASET.history(piece.user, cut), DATASET.history(piece.user)
        as_of, basket = whole.times[cut], whole.baskets == whole.baskets[cut]
        row, place = int(made.queries.rows[nth]), int(made.queries.cuts[nth])
        assert todo[row] is piece
        assert made.queries.as_of[nth] == as_of
        read = past.newest(place)
        for name in ("items", "events", "times"):
            shown = getattr(made.sequences, name)[row, :place]
            assert shown.tolist() == getattr(read, name).tolist()
        assert made.sequences.profile[row].tolist() == past.profile.tolist()

        voting = made.votes.query == nth
        items = made.vote_items[made.votes.item[voting].numpy()]
        assert items.tolist() == past.items.tolist()
        assert made.votes.event[voting].tolist() == past.events.tolist()
        gaps = gap_buckets(torch.from_numpy(as_of - past.times))
        assert made.votes.gap[voting].tolist() == gaps.tolist()
        later = [int((past.items[i + 1 :] == item).sum()) for i, item in enumerate(past.items)]
        assert made.votes.repeat[voting].tolist() == repeat_buckets(torch.tensor(later)).tolist()
        assert made.votes.damping[voting].numpy() == pytest.approx(max(cut, 1) ** -0.5)

        bought = set(whole.items[basket & (whole.events == PURCHASE)].tolist())
        led_to = made.target_query == nth
        assert made.target_item[led_to].tolist() == sorted(bought)
        assert made.target_weight[led_to].numpy() == pytest.approx(1 / len(bought))
    assert len(made.queries.rows) == len(asked)
    assert made.n_events == sum(piece.end - piece.start for piece in todo)


def test_of_too_many_queries_a_part_is_kept_with_its_own_targets():
    whole, some = batch()[1], assemble(DATA, pieces(DATA, 6, rng()), 20, 3, 0.0, rng())
    assert len(some.queries.rows) == 20
    moments = [*zip(*(part.tolist() for part in some.queries[:3]), strict=True)]
    assert len(set(moments)) == 20
    every = [*zip(*(part.tolist() for part in whole.queries[:3]), strict=True)]
    for nth, moment in enumerate(moments):
        targets = whole.target_item[whole.target_query == every.index(moment)]
        assert some.target_item[some.target_query == nth].tolist() == targets.tolist()
    assert (some.fold, whole.fold) == (pieces(DATA, 6, rng())[0].user % 3, 0)


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


@pytest.mark.parametrize("most", [1, 30, 100])
def test_groups_hold_one_fold_and_as_many_events_as_asked_but_no_more(most: int):
    todo = pieces(DATA, 6, rng())
    groups = group_pieces(todo, 2, most, rng())
    assert sorted(map(id, chain(*groups))) == sorted(map(id, todo))
    for group in groups:
        assert len({piece.user % 2 for piece in group}) == 1
        assert longest(group) * len(group) <= most or len(group) == 1
    for group, after in pairwise(groups):
        same_fold = group[0].user % 2 == after[0].user % 2
        assert not same_fold or longest([*group, after[0]]) * (len(group) + 1) > most


def longest(group: list[Piece]) -> int:
    return max(piece.end - piece.start for piece in group)


def test_pieces_of_like_length_are_grouped():
    todo = [Piece(0, 0, n, 0, 1) for n in (40, 2, 44, 1, 80, 3, 42)]
    (short, middle, long) = group_pieces(todo, 1, 140, rng())
    assert {piece.end for piece in short} == {1, 2, 3}
    assert {piece.end for piece in middle} == {40, 42, 44}
    assert {piece.end for piece in long} == {80}


def test_each_part_of_a_batch_keeps_the_same_share_of_its_queries():
    group = pieces(DATA, 6, rng())
    own = [sum(p.last_query - p.first_query for p in part.pieces) for part in parts(group, 10_000)]
    assert [part.n_queries for part in parts(group, 10_000)] == own
    kept = [part.n_queries for part in parts(group, 40)]
    assert sum(kept) == 40
    assert np.allclose(kept, np.array(own) * 40 / sum(own), atol=1)
    assert len(set(own)) > 1
    assert sum(part.n_queries for part in in_parts(group, 2, 60)) == 2, "never more than asked for"


def test_parts_have_equally_many_pieces_and_about_so_many_events():
    # Seven pieces of at most 10 events fill 70 places: three parts of 30, of two or three pieces.
    group = [Piece(0, 100, 100 + n, 50, 51) for n in (10, 3, 10, 4, 10, 5, 6)]
    made = in_parts(group, 100, 30)
    assert [len(part.pieces) for part in made] == [2, 2, 3]
    assert [part.n_queries for part in made] == [2, 2, 3]
    assert [len(part.pieces) for part in in_parts(group, 100, 1)] == [1] * 7
    assert [len(part.pieces) for part in in_parts(group, 100, 70)] == [7]
    assert [len(part.pieces) for part in in_parts(group, 100, 69)] == [3, 4]


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
