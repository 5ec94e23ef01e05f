"""Likes are learned from and change no question: what is asked is asked with and without them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.catalogue import loyal_user
from recommender.data import SPLITS, Dataset, SplitName, load_dataset, save_dataset, split_dataset
from recommender.data.likes import LIKED, add_likes
from recommender.evaluate.starts import buyers
from recommender.explain.bundles import together
from recommender.explain.claims import Findings
from recommender.explain.contrasts import with_purchase
from recommender.model.batches import TrainingEvents
from recommender.model.run import Run
from recommender.model.trend import Sales
from tests.data.shop import built

HEADER = "user,item,time,event\n"
ONE_BASKET = (
    HEADER + "once,lamp,2024-01-02,purchase\n"
    "twice,rug,2024-01-01,purchase\ntwice,desk,2024-01-03,purchase\n"
    "often,rug,2024-01-01,purchase\noften,lamp,2024-01-02,purchase\noften,vase,2024-01-04,purchase\n"
)


def likes(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["user_id", "item_id"])


def random_shop(seed: int) -> Dataset:
    """Customers of no, one or several events, some of many in one basket; some only look."""
    rng = np.random.default_rng(seed)
    rows = [
        f"u{user},i{rng.integers(9)},2024-01-{day:02d},{rng.choice(['view', 'purchase'])}\n"
        for user in range(30)
        for day in np.sort(rng.integers(1, 29, rng.integers(0, 5)))
        for _ in range(rng.integers(1, 4))
    ]
    return built(HEADER + "".join(rows))


def test_a_customer_with_one_basket_is_asked_nothing_for_a_like() -> None:
    grown = add_likes(built(ONE_BASKET), likes(("once", "vase"), ("once", "lamp")))
    split = split_dataset(grown)
    once = grown.users["user_id"].tolist().index("once")
    assert once not in split.test.users
    assert once not in split.validation.users
    assert split.train_end[once] == 3


def test_a_customer_with_two_baskets_is_validated_on_no_like() -> None:
    split = split_dataset(add_likes(built(ONE_BASKET), likes(("twice", "vase"))))
    assert len(split.validation.users) == 1  # only who came three times, as without the like
    assert split.train_end.tolist() == [1, 1, 2]


@pytest.mark.parametrize("name", SPLITS)
@pytest.mark.parametrize("seed", range(8))
def test_likes_change_no_case_of_any_split(name: SplitName, seed: int) -> None:
    before = random_shop(seed)
    rng = np.random.default_rng(seed)
    pairs = [(f"u{rng.integers(30)}", f"i{rng.integers(9)}") for _ in range(60)]
    after = add_likes(before, likes(*pairs), name)
    old, new = split_dataset(before, name), split_dataset(after, name)
    n_likes = np.bincount(
        after.interactions["user"][
            after.interactions["event"] == after.event_types.index(after.liked_event)
        ],
        minlength=len(after.users),
    )
    assert n_likes.sum() > 20
    for part in ("validation", "test", "newcomers"):
        was, now = getattr(old, part), getattr(new, part)
        for column in ("users", "as_of", "target_offsets", "target_items"):
            np.testing.assert_array_equal(getattr(was, column), getattr(now, column))
        np.testing.assert_array_equal(now.cuts, was.cuts + n_likes[was.users])
    np.testing.assert_array_equal(new.train_end, old.train_end + n_likes)


@pytest.mark.parametrize("name", SPLITS)
def test_no_like_of_an_answer_of_the_split_is_learned_from(name: SplitName) -> None:
    before = random_shop(3)
    everything = likes(*((f"u{user}", f"i{item}") for user in range(30) for item in range(9)))
    after = add_likes(before, everything, name)
    split = split_dataset(after, name)
    read = TrainingEvents.of(after, split.train_end)
    liked = read.events == after.event_types.index(after.liked_event)
    learned = set(zip(read.users[liked].tolist(), read.items[liked].tolist(), strict=True))
    assert len(learned) > 100
    for holdout in (split.validation, split.test):
        for case, user in enumerate(holdout.users.tolist()):
            assert not learned & {(user, int(item)) for item in holdout.targets(case)}


def test_the_order_of_a_file_that_has_events_called_liked_stays_a_question() -> None:
    rows = "".join(f"ann,i{day},2024-01-0{day},liked\n" for day in range(1, 5))
    grown = add_likes(built(HEADER + rows), likes(("ann", "i1")))
    assert grown.event_types == (LIKED, "liked recommendation")
    assert grown.liked_event == "liked recommendation"
    assert split_dataset(grown).test.target_items.tolist() == [3]


def test_likes_are_added_to_likes() -> None:
    once = add_likes(built(ONE_BASKET), likes(("once", "vase")))
    twice = add_likes(once, likes(("once", "rug")))
    assert twice.event_types == ("purchase", LIKED)
    assert (twice.interactions["event"] == 1).sum() == 2
    assert twice.target_events == ("purchase", LIKED)


def test_a_saved_data_set_knows_its_likes_and_so_does_an_old_one(tmp_path: Path) -> None:
    grown = add_likes(built(ONE_BASKET), likes(("once", "vase")))
    folder = save_dataset(grown, tmp_path / "new")
    assert load_dataset(folder).liked_event == LIKED
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    del schema["liked_event"]  # as it was written before there was such a field
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    assert load_dataset(folder).liked_event == LIKED


def called_bought(data: Dataset) -> dict[str, object]:
    """Whatever says of an event that something was bought."""
    sales = Sales.of(data, np.diff(data.offsets))
    return {
        "buyers": buyers(data).tolist(),
        "together": [together(data, item)[0].tolist() for item in range(len(data.items))],
        "loyal": loyal_user(data),
        "lately": (sales.items.tolist(), sales.times.tolist()),
        "said": Findings.of(data, data.history(0).items).bought,
    }


def test_nothing_that_is_liked_is_called_bought() -> None:
    rows = "".join(f"ann,lamp,2024-02-{day:02d},purchase\n" for day in range(1, 12))
    before = built(ONE_BASKET + rows)
    pairs = [(user, item) for user in before.users["user_id"] for item in before.items["item_id"]]
    after = add_likes(before, likes(*pairs))
    assert len(after.interactions) > len(before.interactions)
    assert called_bought(after) == called_bought(before)


def run_on(data: Dataset) -> Run:
    """As much of a run as asks for no model."""
    return Run(Path("run"), data, split_dataset(data), *[None] * 8)  # type: ignore[arg-type]


def test_one_event_more_is_a_purchase_that_has_a_moment() -> None:
    grown = add_likes(built(ONE_BASKET), likes(("once", "vase")))
    run = run_on(grown)
    more = with_purchase(run, run.history(run.user("once")), run.item("rug"))
    assert [grown.event_types[code] for code in more.events] == ["purchase", LIKED, "purchase"]
    assert [more.moment(place).time is None for place in range(3)] == [False, True, False]


def test_of_several_types_that_are_predicted_one_event_more_is_of_the_last() -> None:
    rows = "ann,rug,2024-01-01,click\nann,lamp,2024-01-02,play\nann,vase,2024-01-03,click\n"
    run = run_on(built(HEADER + rows))
    assert run.dataset.target_events == ("click", "play")
    more = with_purchase(run, run.history(0), 0)
    assert run.dataset.event_types[more.events[-1]] == "play"


def test_what_was_held_out_is_of_the_type_that_it_was() -> None:
    rows = "ann,rug,2024-01-01,play\nann,lamp,2024-01-02,play\nann,vase,2024-01-03,click\n"
    held_out = run_on(built(HEADER + rows)).held_out(0)
    assert held_out is not None
    assert (held_out.items, held_out.events) == ((2,), (0,))
    grown = add_likes(built(ONE_BASKET), likes(("twice", "vase")))
    held_out = run_on(grown).held_out(2)
    assert held_out is not None
    assert [grown.event_types[code] for code in held_out.events] == ["purchase"]
