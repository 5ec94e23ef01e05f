"""A run carried over to other histories answers as it did, and says what is new to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recommender.data import Tables, read_tables
from recommender.explain import recommend
from recommender.model.run import Run, RunError, open_run
from recommender.model.transfer import carry_over
from tests.dashboard import shop
from tests.dashboard.shop import train_shop


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(train_shop(tmp_path_factory.mktemp("shop")))


def tables(events: str, items: str = shop.items(), users: str = shop.users()) -> Tables:
    files = {"interactions": events, "items": items, "users": users}
    return read_tables(**{name: (f"{name}.csv", text.encode()) for name, text in files.items()})


def test_the_same_histories_get_the_same_scores(run: Run, tmp_path: Path) -> None:
    carried = carry_over(run, tables(shop.interactions()), "same", tmp_path / "same")
    again = open_run(tmp_path / "same")
    assert (carried.unknown_users, carried.unknown_items, carried.events_left_out) == ((), (), 0)
    histories = [one.history(one.user("u07")) for one in (run, again)]
    scores = [
        one.scorer.logits([past])[0] for one, past in zip((run, again), histories, strict=True)
    ]
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-5)


def test_what_is_new_is_named_and_read_as_far_as_it_is_known(run: Run, tmp_path: Path) -> None:
    events = "user_id,item_id,timestamp,event\n" + "".join(
        f"guest,{item},2024-05-0{i + 1},{event}\n"
        for i, (item, event) in enumerate(
            [("i01", "view"), ("cold", "view"), ("void", "view"), ("i02", "sniff")]
        )
    )
    items = "item_id,title,category,price\ncold,Cold thing,Photo,7.50\nvoid,Void,Nowhere,\n"
    users = "user_id,age_band\nguest,90-99\n"
    carried = carry_over(run, tables(events, items, users), "new", tmp_path / "new")
    assert carried.unknown_users == ("guest",)
    assert carried.through_features == ("cold",)
    assert carried.unknown_items == ("void",)
    assert carried.unknown_events == ("sniff",)
    assert carried.unknown_values == ("age_band: 90-99",)
    assert (carried.events, carried.events_left_out) == (2, 2)
    opened = open_run(tmp_path / "new")
    history = opened.history(0)
    names = opened.dataset.items["item_id"].to_numpy()[history.items]
    assert names.tolist() == ["i01", "cold"]
    listed = {one.item_id for one in recommend(opened, history, 24, "all")}
    assert listed == set(run.dataset.items["item_id"])


def test_a_category_that_is_known_moves_the_scores(run: Run, tmp_path: Path) -> None:
    def scores(category: str) -> np.ndarray:
        events = "user_id,item_id,timestamp,event\ng,i01,2024-05-01,view\ng,cold,2024-05-02,view\n"
        items = f"item_id,title,category,price\ncold,Cold,{category},9.50\n"
        folder = tmp_path / category
        carry_over(run, tables(events, items, "user_id,age_band\ng,18-34\n"), category, folder)
        opened = open_run(folder)
        return opened.scorer.logits([opened.history(0)])[0]

    assert not np.allclose(scores("Photo"), scores("Garden"))


def test_histories_of_which_nothing_is_known_are_refused(run: Run, tmp_path: Path) -> None:
    events = "user_id,item_id,timestamp,event\ng,x1,2024-05-01,view\ng,x2,2024-05-02,view\n"
    with pytest.raises(RunError, match="none of these histories"):
        carry_over(run, tables(events, "item_id,title\nx1,A\n"), "none", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_what_does_not_count_in_the_new_histories_is_had(run: Run, tmp_path: Path) -> None:
    events = "user_id,item_id,timestamp,event\n" + "".join(
        f"guest,{item},2024-05-0{i + 1},{event}\n"
        for i, (item, event) in enumerate(
            [("i01", "purchase"), ("i02", "sniff"), ("i03", "purchase"), ("i01", "refund")]
        )
    )
    carry_over(run, tables(events), "left", tmp_path / "left")
    opened = open_run(tmp_path / "left")
    history = opened.history(opened.user("guest"))
    names = opened.dataset.items["item_id"].to_numpy()
    assert names[history.items].tolist() == ["i03"]
    assert names[history.uncounted.items].tolist() == ["i01", "i02", "i01"]
    assert history.uncounted.reasons == ("taken_back", "unknown_event", "return")
    listed = {one.item_id for one in recommend(opened, history, 24, "new")}
    assert not listed & {"i01", "i02", "i03"}
