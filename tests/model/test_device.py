"""Work side by side: the same as in turn, with the threads that torch had before."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from recommender.data.splits import split_dataset
from recommender.model import training
from recommender.model.batches import group_pieces, in_parts, pieces
from recommender.model.device import side_by_side, threads
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.training import fit, new_network
from tests.tiny import tiny_dataset

CPU = torch.device("cpu")
MODEL = ModelConfig(width=32, n_layers=1, window=12)


def test_parts_are_worked_on_at_the_same_time_and_come_in_order() -> None:
    both_are_here = threading.Barrier(2, timeout=30)

    def work(part: int) -> tuple[int, int]:
        both_are_here.wait()
        return part, torch.get_num_threads()

    with threads(2):
        assert side_by_side(work, [0, 1, 2, 3], CPU) == [(0, 1), (1, 1), (2, 1), (3, 1)]
        assert torch.get_num_threads() == 2
        fresh: list[int] = []
        one = threading.Thread(target=lambda: fresh.append(torch.get_num_threads()))
        one.start()
        one.join()
        assert fresh == [2], "threads to come compute as they would have"


def test_threads_that_are_more_than_the_parts_are_shared_out() -> None:
    with threads(5):
        assert side_by_side(lambda part: torch.get_num_threads(), [0, 1], CPU) == [2, 2]


@pytest.mark.parametrize(("n_threads", "device"), [(1, CPU), (2, torch.device("meta"))])
def test_with_one_thread_or_off_the_cpu_all_is_done_here(
    n_threads: int, device: torch.device
) -> None:
    with threads(n_threads):
        assert set(side_by_side(lambda part: threading.get_ident(), [0, 1], device)) == {
            threading.get_ident()
        }


def test_what_goes_wrong_in_a_part_is_raised_here() -> None:
    def work(part: int) -> None:
        raise ValueError(f"part {part}")

    with threads(2), pytest.raises(ValueError, match="part 0"):
        side_by_side(work, [0, 1], CPU)


def test_lists_are_the_same_with_one_thread_and_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    data = tiny_dataset()
    histories = [data.history(user) for user in range(len(data.users))]
    monkeypatch.setattr("recommender.model.inference.EVENTS_A_BATCH", 24)
    scorer = Scorer.of(new_network(data, MODEL), fitted(1).neighbours)
    with threads(1):
        in_turn = scorer.logits(histories)
    with threads(2):
        np.testing.assert_allclose(scorer.logits(histories), in_turn, rtol=1e-5, atol=1e-5)


def fitted(n_threads: int) -> training.Trained:
    config = TrainConfig(max_epochs=2, events_a_batch=96)
    data = tiny_dataset()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "EVENTS_A_PART", 24)
        patch.setattr(training.distributed, "own_threads", lambda: n_threads)
        return fit(data, split_dataset(data), MODEL, config, device=CPU)


def test_training_draws_the_same_with_one_thread_and_with_two() -> None:
    """Dropout too: each part has a source of its own, whichever thread learns it."""
    once, again, in_turn = fitted(2), fitted(2), fitted(1)
    for one, two in zip(once.network.parameters(), again.network.parameters(), strict=True):
        assert torch.equal(one, two)
    for one, two in zip(once.curve, in_turn.curve, strict=True):
        assert one["loss"] == pytest.approx(two["loss"], rel=1e-4)


@pytest.mark.parametrize("full_softmax_items", [16_384, 1])
def test_the_parts_of_a_batch_teach_what_the_batch_does(
    monkeypatch: pytest.MonkeyPatch, full_softmax_items: int
) -> None:
    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", lambda weights, norm: None)
    data, still = tiny_dataset(), replace(MODEL, dropout=0.0, feature_dropout=0.0)
    config = TrainConfig(
        events_a_batch=96, n_negatives=5, full_softmax_items=full_softmax_items, event_dropout=0.0
    )

    def learned(
        n_events: int, times: int = 1
    ) -> tuple[list[int], torch.Tensor, list[torch.Tensor]]:
        torch.manual_seed(0)
        fit = training._Fit(data, split_dataset(data), still, config, CPU)
        group = group_pieces(pieces(fit.data, still.window, fit.rng), 4, 96, fit.rng)[0]
        (parts,) = fit._assemble([in_parts(group, 512, n_events)])
        fit.learner.rng = np.random.default_rng(0)
        loss = fit.learner.step([parts] * times, 0.0)
        weights = fit.learner.network.parameters()
        n_queries = [len(part.queries.rows) for part in parts]
        return n_queries, loss, [w.grad for w in weights if w.grad is not None]

    n_whole, whole_loss, whole = learned(1_000)
    n_parts, *in_parts_ = learned(24)
    assert len(n_whole) == 1
    assert len(set(n_parts)) > 1, "parts with more queries must count for more"
    found = [in_parts_]
    if full_softmax_items > 1:  # else a second batch has other negatives
        found.append(list(learned(24, times=2)[1:]))
    for loss, gradients in found:
        assert float(loss) == pytest.approx(float(whole_loss), rel=1e-5)
        for one, two in zip(gradients, whole, strict=True):
            torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-6)
