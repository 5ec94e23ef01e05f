"""Edited histories are what they say, and what cannot be is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.explain import edited_history, events_of, explain, profile_of, recommend
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, RunError, train_run
from tests.tiny import tiny_dataset

USER = 3


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=1)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


def test_an_unedited_history_comes_back_the_same(run: Run):
    history = run.history(USER)
    same = edited_history(run, events_of(run, history), profile_of(run, history))
    for name in ("items", "events", "times", "profile", "as_of"):
        assert np.array_equal(getattr(same, name), getattr(history, name)), name
    assert np.allclose(run.scorer.logits([same]), run.scorer.logits([history]))


def test_leaving_an_event_out_is_deleting_it(run: Run):
    history = run.history(USER)
    events = events_of(run, history)
    edited = edited_history(run, events[:1] + events[2:], profile_of(run, history))
    assert np.allclose(run.scorer.logits([edited]), run.scorer.logits([history.without(1)]))


def test_events_are_put_in_order_of_time(run: Run):
    edited = edited_history(run, [("i05", "view", 200), ("i02", "purchase", 100)], as_of=300)
    assert edited.items.tolist() == [2, 5]
    assert edited.events.tolist() == [1, 0]
    assert edited.baskets.tolist() == [0, 1]
    assert edited.as_of == 300


def test_a_user_without_events_and_profile_can_be_asked_about(run: Run):
    nobody = edited_history(run, [])
    found = recommend(run, nobody, 3, "all")
    assert len(found) == 3
    assert len(explain(run, nobody, found[0].item).items) == 0
    assert nobody.profile.tolist() == [[0]]
    assert nobody.as_of == run.history(USER).as_of


def test_profile_values_become_their_codes(run: Run):
    assert edited_history(run, [], {"age": "old"}).profile.tolist() == [[2]]
    assert edited_history(run, [], {"age": ""}).profile.tolist() == [[0]]


def test_what_cannot_be_is_refused_with_what_there_is(run: Run):
    with pytest.raises(RunError, match="no item 'nothing'"):
        edited_history(run, [("nothing", "view", 1)])
    with pytest.raises(ValueError, match=r"no event type 'look'.*view, purchase"):
        edited_history(run, [("i01", "look", 1)])
    with pytest.raises(ValueError, match=r"no user feature 'size'.*age"):
        edited_history(run, [], {"size": "big"})
    with pytest.raises(ValueError, match=r"age has no value 'ancient'.*young, old"):
        edited_history(run, [], {"age": "ancient"})
    with pytest.raises(ValueError, match="age takes at most 1"):
        edited_history(run, [], {"age": ["old", "young"]})
    with pytest.raises(ValueError, match="earlier time"):
        edited_history(run, [("i01", "view", 10)], as_of=9)
