"""Whatever a user did with an item, it is not new to them: everywhere that new items are listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from recommender.data import Dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.likes import add_likes
from recommender.evaluate.items import top_lists
from recommender.evaluate.lists import ranked_lists
from recommender.explain import edited_history, events_of, recommend, why_not
from recommender.explain.ranking import allowed_items
from recommender.model.baselines import holdout_cases
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from tests.tiny import tiny_dataset

USER = 3


def left_out(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Rows of user, item and place, rated low."""
    table = pd.DataFrame(rows, columns=["user", "item", "place"]).astype("int32")
    return table.assign(
        time=np.float64(np.nan), event="rating", rating=np.float32(1), reason="rated_low"
    ).astype({"event": "str", "reason": "str"})


def with_low_ratings(data: Dataset) -> Dataset:
    """Everybody rated three items low that they did not have: at first, in the middle, at last."""
    rows = []
    for user in range(len(data.users)):
        n_events = int(np.diff(data.offsets)[user])
        others = np.setdiff1d(np.arange(len(data.items)), data.history(user).items)
        rows += [(user, int(others[i]), place) for i, place in enumerate((0, 3, n_events))]
    data = replace(data, uncounted=left_out(rows))
    return replace(data, fingerprint=dataset_fingerprint(data))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=1)
    data = with_low_ratings(tiny_dataset())
    return train_run(data, folder, model, training, device=torch.device("cpu"))


def rated_low(run: Run, user: int) -> set[int]:
    table = run.dataset.uncounted
    return set(table["item"][table["user"] == user].tolist())


def test_no_list_of_new_items_holds_what_was_rated_low(run: Run) -> None:
    for user in range(len(run.dataset.users)):
        listed = {one.item for one in recommend(run, run.history(user), 24, "new")}
        assert len(rated_low(run, user)) == 3
        assert not listed & rated_low(run, user)
        assert len(listed) == 24 - len(set(run.history(user).items.tolist())) - 3


def test_no_kept_list_of_all_users_holds_it(run: Run) -> None:
    lists = top_lists(run)["new"]
    for user, items in zip(lists.users.tolist(), lists.items, strict=True):
        assert not set(items.tolist()) & rated_low(run, user)


def test_it_is_no_candidate_and_is_told_to_be_had(run: Run) -> None:
    item = min(rated_low(run, USER))
    assert not why_not(run, run.history(USER), item, candidates="new").candidate


def test_a_test_case_knows_only_what_was_rated_before_its_moment(run: Run) -> None:
    data, test = run.dataset, run.split.test
    seen = holdout_cases(data, test).seen.toarray() > 0
    for case, user in enumerate(test.users.tolist()):
        known = data.uncounted[data.uncounted["user"] == user]
        before = known["item"][known["place"] <= test.cuts[case]].tolist()
        after = known["item"][known["place"] > test.cuts[case]].tolist()
        assert len(before) >= 1 and len(after) >= 1
        assert seen[case, before].all() and not seen[case, after].any()
        history = run.history(user, before_held_out=True)
        allowed = allowed_items(history, len(data.items), "new")
        assert (allowed == ~seen[case]).all()


def test_lists_of_every_method_leave_it_out(run: Run) -> None:
    had = {
        int(user): set(run.history(int(user), before_held_out=True).had.tolist())
        for user in run.split.test.users
    }
    for lists in ranked_lists(run, k=3):
        for user, items in zip(lists.users.tolist(), lists.items, strict=True):
            assert lists.view == "all" or not set(items.tolist()) & had[user]


def test_deleting_events_does_not_make_it_new(run: Run) -> None:
    history = run.history(USER).without(0, 1)
    assert rated_low(run, USER) <= set(history.had.tolist())


def test_an_edited_history_keeps_it_where_it_is_said(run: Run) -> None:
    history = run.history(USER)
    edited = edited_history(run, events_of(run, history), uncounted=history.uncounted)
    assert set(edited.had.tolist()) == set(history.had.tolist())
    assert edited_history(run, events_of(run, history)).uncounted.reasons == ()


def test_likes_stand_before_what_was_left_out_after_them() -> None:
    data = with_low_ratings(tiny_dataset())
    strange = np.setdiff1d(np.arange(len(data.items)), data.history(3).had)[0]
    grown = add_likes(data, pd.DataFrame({"user_id": ["u03"], "item_id": [f"i{strange:02d}"]}))
    where = int(np.flatnonzero(grown.history(3).events == 2)[0])
    n_events = len(data.history(3))
    assert where < n_events
    places = grown.uncounted[grown.uncounted["user"] == 3]["place"].tolist()
    assert places == [0, 3 + (where < 3), n_events + 1]
    others = grown.uncounted[grown.uncounted["user"] != 3]
    assert others.equals(data.uncounted[data.uncounted["user"] != 3])
