"""Bundles: what is bought together, counted by hand, and what the model adds."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from recommender.evaluate import newcomers
from recommender.explain.bundles import bundles, by_lift, together
from recommender.explain.opened import opened
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from recommender.words.drafts import blurb, bundle_reason, lift_baseline, suits
from tests.tiny import tiny_dataset


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=2)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


def test_pairs_and_lift_are_as_counted_one_by_one(run: Run):
    table = run.dataset.interactions
    bought = table[table["event"] == run.dataset.event_types.index("purchase")]
    who = {item: set(bought[bought["item"] == item]["user"]) for item in range(24)}
    everybody = set(bought["user"])
    shared, lift = together(run.dataset, 0)
    for other in range(1, 24):
        both = who[0] & who[other]
        assert shared[other] == len(both)
        expected = len(both) * len(everybody) / (len(who[0]) * len(who[other]))
        assert lift[other] == pytest.approx(expected)
    assert shared[0] == 0


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_bundle_begins_with_the_item_and_holds_each_once(run: Run, size: int):
    found = bundles(run, 0, size)
    assert found
    for one in found:
        assert one.items[0] == 0
        assert len(set(one.items)) == len(one.items) <= size
        assert one.feature not in ("+again", "+any")
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)


@pytest.mark.parametrize("size", [1, 5])
def test_a_bundle_has_two_to_four_items(run: Run, size: int):
    with pytest.raises(ValueError, match="two to four"):
        bundles(run, 0, size)


def test_the_baseline_is_the_highest_lift(run: Run):
    shared, lift = together(run.dataset, 0)
    best = by_lift(run, 0, 1)[0]
    assert lift[best] == pytest.approx(max(lift[shared >= 3]))


def test_words_of_a_bundle_name_its_items_and_numbers(run: Run):
    one = bundles(run, 0)[0]
    for language in ("en", "zh"):
        said = bundle_reason(one, language)
        assert all(f"“{title}”" in said for title in one.titles)
        assert f"{one.lift:.2f}" in said


def test_the_baseline_is_said_in_the_language_of_the_bundles():
    assert lift_baseline("Pan", ["i1", "i2"], "en") == "By lift alone: i1 and i2."
    assert lift_baseline("Pan", ["i1", "i2"], "zh") == "仅按提升度：i1和i2。"
    assert "“Pan”" in lift_baseline("Pan", [], "en")
    assert "“Pan”" in lift_baseline("Pan", [], "zh")


def test_a_newcomer_suits_those_whose_vectors_agree_most_with_its_features(run: Run):
    found = newcomers.newcomer(run, 3)
    assert found.title == "Item 3"
    assert ("category", "c0") in found.facts
    assert found.asked == 60
    parts = run.scorer.network.candidate_items(torch.tensor([3])).detach()[0]
    without_id = parts[1:].sum(0)
    fits = [
        float(opened(run.scorer, run.dataset.history(user)).vectors[0].detach() @ without_id)
        for user in range(60)
    ]
    assert len(set(found.users)) == 6
    assert [fits[user] for user in found.users] == pytest.approx(sorted(fits)[:-7:-1], abs=1e-5)


def test_drafts_are_marked_as_drafts_and_say_only_the_facts(run: Run):
    found = newcomers.newcomer(run, 3)
    said = (blurb(found, "en"), *suits(found, "en"))
    assert all(text.startswith("Draft: ") for text in said)
    assert all(text.startswith("草稿：") for text in (blurb(found, "zh"), *suits(found, "zh")))
    assert all(value in said[0] for _, value in found.facts)
