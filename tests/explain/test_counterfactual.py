"""Counterfactuals are verified and minimal; contrasts are exact; summaries say what was tried."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.explain import (
    bring_in,
    change_profile,
    contrast,
    drop_out,
    edited_history,
    events_of,
    profile_of,
    recommend,
    trust_summary,
    why_not,
)
from recommender.explain.by_item import by_item
from recommender.explain.counterfactual import smallest_set
from recommender.explain.item_deletions import NAMED, item_deletions
from recommender.explain.ranking import margins, ranks, top_items
from recommender.explain.summary import trust_summaries, verdict
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from tests.tiny import tiny_dataset

K = 3


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=3)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


def top(run: Run, history, k: int = K) -> list[int]:
    return [one.item for one in recommend(run, history, k, "all")]


def proper_subsets(events: tuple[int, ...]):
    return [one for size in range(1, len(events)) for one in combinations(events, size)]


@pytest.mark.parametrize("user", range(8))
def test_what_drops_an_item_out_does_so_and_nothing_less_does(run: Run, user: int):
    history = run.history(user)
    for item in top(run, history):
        found = drop_out(run, history, item, K, "all")
        if found.events is None:
            assert all(
                item in top(run, history.without(*pair))
                for pair in combinations(range(len(history)), 1)
            )
            continue
        after = top(run, history.without(*found.events))
        assert item not in after
        assert found.other in after
        assert found.other not in top(run, history)
        assert found.rank_after > K >= found.rank_before
        for fewer in proper_subsets(found.events):
            assert item in top(run, history.without(*fewer))


@pytest.mark.parametrize("user", range(6))
def test_what_brings_an_item_in_does_so_and_nothing_less_does(run: Run, user: int):
    history = run.history(user)
    item = top(run, history, 5)[-1]
    found = bring_in(run, history, item, K, "all")
    assert found.rank_before == 5
    if found.events is not None:
        after = top(run, history.without(*found.events))
        assert item in after
        assert found.other in top(run, history)
        assert found.other not in after
        assert found.titles[0] == f"Item {history.items[found.events[0]]}"
        for fewer in proper_subsets(found.events):
            assert item not in top(run, history.without(*fewer))


def test_items_in_the_wrong_place_are_refused(run: Run):
    history = run.history(3)
    inside, outside = top(run, history)[0], top(run, history, 8)[-1]
    with pytest.raises(ValueError, match="not among the first 3"):
        drop_out(run, history, outside, K, "all")
    with pytest.raises(ValueError, match="already among the first 3"):
        bring_in(run, history, inside, K, "all")
    with pytest.raises(ValueError, match="among the first 3"):
        why_not(run, history, inside, K, "all")
    with pytest.raises(ValueError, match="has it already"):
        bring_in(run, history, int(history.items[0]), K, "new")


def test_an_empty_history_has_nothing_to_delete(run: Run):
    nobody = edited_history(run, [])
    found = drop_out(run, nobody, top(run, nobody)[0], K, "all")
    assert found.events is None
    assert found.rank_after is None
    assert trust_summary(run, nobody, 1).verdict == "weak"


@settings(max_examples=60)
@given(st.lists(st.floats(-1, 3), min_size=1, max_size=8), st.floats(0.1, 8))
def test_of_events_that_add_up_the_fewest_are_found(gains: list[float], needed: float):
    def lack(chosen):
        return np.array([needed - sum(gains[event] for event in one) for one in chosen])

    found = smallest_set(len(gains), lack)
    best = np.cumsum(sorted(gains, reverse=True)[:5])
    fewest = int(np.flatnonzero(best > needed)[0]) + 1 if (best > needed).any() else None
    assert (None if found is None else len(found)) == fewest


def test_two_events_that_hide_each_other_are_found_together():
    def lack(chosen):
        return np.array([-1.0 if {2, 4} <= set(one) else 1.0 for one in chosen])

    assert smallest_set(6, lack) == (2, 4)


def test_a_set_is_pruned_to_what_is_needed():
    def lack(chosen):
        # The greedy prefix (0, 1, 2, 3, 4) works, but 3 and 4 alone are what it takes.
        pull = {0: 0.4, 1: 0.3, 2: 0.2, 3: 0.1, 4: 0.0}
        worth = [sum(pull[e] for e in one) + 9 * ({3, 4} <= set(one)) for one in chosen]
        return np.array([1.5 - value for value in worth])

    assert smallest_set(5, lack) == (3, 4)


def test_a_profile_change_does_what_it_says(run: Run):
    minded = deepcopy(run.scorer.network)
    with torch.no_grad():
        minded.value_profile[0].normal_(0, 3, generator=torch.Generator().manual_seed(0))
    run = replace(run, scorer=Scorer.of(minded, run.scorer.voters.neighbours))
    changed = 0
    for user in range(12):
        history = run.history(user)
        for item in top(run, history, 6):
            found = change_profile(run, history, item, K, "all")
            if found is None:
                continue
            changed += 1
            other = history.profile.copy()
            other[0, 0] = {"": 0, "young": 1, "old": 2}[found.after]
            assert found.after != found.before
            after = top(run, replace(history, profile=other))
            assert (item in after) == (item not in top(run, history))
    assert changed


def test_margins_and_ranks_by_hand():
    logits = np.array([[5.0, 3.0, 4.0, 1.0]])
    allowed = np.array([True, True, True, False])
    assert ranks(logits, 1, allowed).tolist() == [3]
    assert margins(logits, 1, 2, allowed).tolist() == [-1.0]
    assert margins(logits, 0, 1, allowed).tolist() == [1.0]
    assert margins(logits, 1, 3, allowed).tolist() == [np.inf]


def test_ranks_are_the_places_in_the_list_of_the_best_where_logits_are_equal():
    logits = np.array([2.0, 7.0, 2.0, 2.0, 5.0])
    allowed = np.array([True, True, True, True, False])
    listed = top_items(logits, 4, allowed).tolist()
    assert listed == [1, 0, 2, 3]
    assert [int(ranks(logits[None], item, allowed)[0]) for item in listed] == [1, 2, 3, 4]


def test_a_contrast_adds_up_to_the_difference_of_the_logits(run: Run):
    history = run.history(3)
    found = contrast(run, history, 4, 9)
    logits = run.scorer.logits([history])[0]
    assert found.difference == pytest.approx(logits[4] - logits[9], abs=1e-4)
    whole = found.bias + found.order_term + found.events.sum() + found.profile.sum()
    assert whole == pytest.approx(found.difference, abs=1e-4)
    back = contrast(run, history, 9, 4)
    assert np.allclose(back.features, -found.features)


def test_an_absence_says_where_the_item_stands_and_what_lifts_it(run: Run):
    history = run.history(3)
    item = top(run, history, 6)[-1]
    found = why_not(run, history, item, K, "all")
    logits = run.scorer.logits([history])[0]
    assert found.rank == 6
    assert found.gap == pytest.approx(np.sort(logits)[-K] - logits[item], abs=1e-5)
    assert found.against.difference == pytest.approx(found.gap, abs=1e-4)
    for lift in found.lifts:
        bought = (f"i{lift.item:02d}", "purchase", history.as_of)
        edited = edited_history(run, [*events_of(run, history), bought], profile_of(run, history))
        assert item in top(run, edited)
        assert lift.rank_after <= K
    assert [lift.rank_after for lift in found.lifts] == sorted(
        lift.rank_after for lift in found.lifts
    )


def test_an_item_that_the_user_has_is_absent_for_that_reason(run: Run):
    history = run.history(3)
    assert not why_not(run, history, int(history.items[0]), K, "new").candidate


def test_a_summary_deletes_what_it_names(run: Run):
    history = run.history(3)
    item = top(run, history)[0]
    found = trust_summary(run, history, item, "all")
    logits = run.scorer.logits([history, history.without(*found.named)])
    log = torch.from_numpy(logits).log_softmax(-1)[:, item]
    assert found.effect_named == pytest.approx(float(log[0] - log[1]), abs=1e-4)
    assert found.newest == tuple(range(len(history)))[-3:]
    assert found.rank_without_named == 1 + (logits[1] > logits[1, item]).sum()


def test_the_words_of_a_summary_begin_where_they_were_calibrated():
    assert verdict(0.69, 5) == "mixed"
    assert verdict(0.7, 5) == "strong"
    assert verdict(0.34, 5) == "weak"
    assert verdict(5.0, 0) == "weak"


@pytest.mark.parametrize("user", range(4))
def test_an_item_is_deleted_with_all_its_events_and_the_worst_loss_comes_first(run: Run, user: int):
    history = run.history(user)
    item = top(run, history)[0]
    whole = run.scorer.logits([history])[0]
    losses = {}
    for past in set(history.items.tolist()):
        events = tuple(np.flatnonzero(history.items == past).tolist())
        left = run.scorer.logits([history.without(*events)])[0]
        rank = 1 + int((left > left[item]).sum())
        losses[f"Item {past}"] = (float(whole[item] - left[item]), events, rank)
    found = item_deletions(run, history, item, "all")
    assert len(losses) <= 10, "all are tried"
    best = sorted((loss for loss, _, _ in losses.values() if loss > 0), reverse=True)[:NAMED]
    assert [one.loss for one in found] == pytest.approx(best, abs=1e-4)
    for one in found:
        assert (one.events, one.rank_after) == losses[one.title][1:]


def test_without_a_history_no_item_is_deleted(run: Run):
    assert item_deletions(run, edited_history(run, []), 1, "all") == ()


@pytest.mark.parametrize("user", range(4))
def test_deletions_tried_for_several_candidates_at_once_are_those_of_each(run: Run, user: int):
    history, items = run.history(user), top(run, run.history(user))
    for item, together in zip(items, by_item(run, history, items, "all"), strict=True):
        (alone,) = by_item(run, history, [item], "all")
        assert [one.title for one in together] == [one.title for one in alone]
        assert [one.loss for one in together] == pytest.approx(
            [one.loss for one in alone], abs=1e-4
        )
        assert [one.rank_after for one in together] == [one.rank_after for one in alone]
        assert [one.loss for one in together] == sorted((o.loss for o in together), reverse=True)


@pytest.mark.parametrize("user", range(4))
def test_several_reasons_put_to_the_test_at_once_fare_as_each_does(run: Run, user: int):
    history, items = run.history(user), top(run, run.history(user))
    for item, together in zip(items, trust_summaries(run, history, items, "all"), strict=True):
        alone = trust_summary(run, history, item, "all")
        assert (together.verdict, together.named) == (alone.verdict, alone.named)
        assert together.newest == alone.newest
        assert together.effect_named == pytest.approx(alone.effect_named, abs=1e-4)
        assert together.effect_newest == pytest.approx(alone.effect_newest, abs=1e-4)
        assert together.rank_without_named == alone.rank_without_named
