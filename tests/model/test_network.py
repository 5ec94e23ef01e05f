"""Laws of the network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from recommender.model.batches import stack
from recommender.model.network import ModelConfig, Queries, gap_buckets
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
SCORER = random_scorer(DATASET)


def history(user: int = 3):
    return DATASET.history(user)


def test_rows_of_routing_attention_sum_to_one_and_do_not_look_ahead():
    sequences, _ = stack([history()], 12)
    for weights in SCORER.network.routing_weights(sequences):
        assert torch.allclose(weights.sum(-1), torch.ones(()), atol=1e-5)
        assert torch.equal(weights, weights.tril())


def test_written_out_attention_is_what_the_fused_kernel_computes():
    layer = SCORER.network.layers[0]
    sequences, _ = stack([history()], 12)
    x = SCORER.network.embed(sequences)
    from recommender.model.network import Rotary

    rotary = Rotary.of(sequences.times, SCORER.network.n_placeless)
    _, _, v = layer._heads(x, rotary)
    mixed = layer.weights(x, rotary) @ v
    by_hand = x + layer.out(mixed.transpose(1, 2).flatten(2))
    gate, up = layer.up(layer.forward_norm(by_hand)).chunk(2, dim=-1)
    by_hand = by_hand + layer.down(torch.nn.functional.silu(gate) * up)
    assert torch.allclose(layer(x, rotary, None), by_hand, atol=1e-5)


def test_a_query_does_not_see_events_after_its_cut():
    full = history()
    assert len(full) >= 4
    sequences, _ = stack([full], 12)
    cut = len(full) - 2
    as_of = torch.tensor([full.as_of])
    early = Queries(torch.tensor([0]), torch.tensor([cut]), as_of)
    changed = sequences._replace(items=sequences.items.clone())
    changed.items[0, cut:] = 0
    same = SCORER.network.user_vectors(changed, early)
    assert torch.allclose(SCORER.network.user_vectors(sequences, early), same, atol=1e-5)
    alone, query = stack([full.without(*range(cut, len(full)))], 12)
    assert torch.allclose(same, SCORER.network.user_vectors(alone, query), atol=1e-4)


def test_scores_do_not_depend_on_who_else_is_in_the_batch():
    histories = [DATASET.history(user) for user in range(8)]
    together = SCORER.logits(histories)
    alone = np.concatenate([SCORER.logits([one]) for one in histories])
    assert np.allclose(together, alone, atol=1e-4)


def test_readout_softmax_sums_to_one_over_profile_and_events():
    sequences, queries = stack([history()], 12)
    softmax, gate = SCORER.network.look(SCORER.network.route(sequences), sequences, queries)
    assert torch.allclose(softmax.sum(-1), torch.ones(()), atol=1e-5)
    assert (softmax[:, :, 0] == 0).all()
    assert ((gate > 0) & (gate < 2)).all()


def test_an_empty_history_without_profile_looks_at_the_start_token():
    dataset = replace(DATASET, user_features=())
    scorer = random_scorer(dataset)
    sequences, queries = stack([dataset.history(0, cut=0)], 12)
    softmax, _ = scorer.network.look(scorer.network.route(sequences), sequences, queries)
    assert (softmax[:, :, 0] == 1).all()
    assert np.isfinite(scorer.logits([dataset.history(0, cut=0)])).all()


def test_a_shift_of_all_times_changes_nothing():
    full = history()
    later = replace(full, times=full.times + 10**7, as_of=full.as_of + 10**7)
    assert np.allclose(SCORER.logits([full]), SCORER.logits([later]), atol=1e-3)


def test_gap_buckets_rise_with_the_gap():
    gaps = torch.tensor([-5, 0, 3_600, 86_400, 40 * 86_400, 10**9])
    assert gap_buckets(gaps).tolist() == [0, 0, 1, 3, 7, 11]


@pytest.mark.parametrize("bad", [{"width": 30}, {"width": 24}, {"window": 0}])
def test_a_configuration_that_cannot_be_is_refused(bad):
    with pytest.raises(ValueError, match="must"):
        ModelConfig(**bad)
