"""A run carried over to other histories answers as it did, and says what is new to it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.data import Dataset, Tables, build_dataset, read_tables
from recommender.data.features import Feature
from recommender.data.likes import add_likes
from recommender.explain import recommend
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, RunError, open_run, train_run
from recommender.model.scored import ScoredWith
from recommender.model.summaries import summarise
from recommender.model.transfer import carry_over, names_in_run
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


def rich(first_item: int = 0) -> Tables:
    """Twenty-four items of every kind of feature, called from `first_item` on."""
    rng = np.random.default_rng(0)
    rows = ["item_id,title,price,made,tags,weight,look"]
    for item in range(24):
        look = " ".join(f"{number:.3f}" for number in rng.normal(3, 1, 8))
        tags = "|".join(("soft", "warm", "light")[: 1 + item % 3])
        made = f"{1 + item % 12}/{13 + item % 9}/2023"
        rows.append(
            f"i{first_item + item:02d},{shop.CATEGORIES[item % 3]} thing no {item},"
            f"{rng.lognormal(2, 2):.7f},{made},{tags},{rng.normal(7, 3):.3f} kg,{look}"
        )
    people = "user_id,age,since\n" + "".join(
        f"u{user:02d},{rng.normal(40, 9):.5f},{1 + user % 12}/{13 + user % 15}/2020\n"
        for user in range(60)
    )
    events = shop.interactions()
    for item in reversed(range(24)):
        events = events.replace(f"i{item:02d}", f"i{first_item + item:02d}")
    return tables(events, "\n".join(rows).replace(" kg", ""), people)


@pytest.fixture(scope="module")
def rich_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    dataset = build_dataset(rich(), "rich")
    model, training = ModelConfig(width=32, n_layers=1, window=12), TrainConfig(max_epochs=1)
    return train_run(dataset, tmp_path_factory.mktemp("runs") / "rich", model, training)


def assert_alike(one: Feature, other: Feature) -> None:
    np.testing.assert_array_equal(one.codes, other.codes, one.name)
    if one.vectors is not None:
        np.testing.assert_allclose(one.vectors, other.vectors, atol=2e-6, err_msg=one.name)


def test_features_of_new_items_are_those_they_have_as_known_ones(
    rich_run: Run, tmp_path: Path
) -> None:
    kinds = [(feature.name, feature.kind) for feature in rich_run.dataset.item_features]
    assert kinds == [
        ("title", "text"),
        ("price", "numeric"),
        ("made", "date"),
        ("tags", "multi"),
        ("weight", "numeric"),
        ("look", "vector"),
    ]
    carried = carry_over(rich_run, rich(first_item=50), "new", tmp_path / "new")
    assert len(carried.through_features) == 24
    assert (carried.unknown_values, carried.unread) == ((), ())
    for feature in open_run(tmp_path / "new").dataset.item_features:
        if feature.vectors is None:
            known, new = feature.codes[:24], feature.codes[24:]
        else:
            known, new = feature.vectors[:24], feature.vectors[24:]
        assert known.any(), feature.name
        np.testing.assert_allclose(new, known, atol=2e-6, err_msg=feature.name)


def test_profiles_of_strangers_are_those_of_known_users_with_the_same_cells(
    rich_run: Run, tmp_path: Path
) -> None:
    new = rich()
    renamed = new.users.assign(user_id="x" + new.users["user_id"])
    ids = "x" + new.interactions["user_id"].astype("str")
    events = new.interactions.assign(user_id=ids.astype("category"))
    strangers = replace(new, users=renamed, interactions=events)
    carried = carry_over(rich_run, strangers, "strangers", tmp_path / "strangers")
    assert len(carried.unknown_users) == 60
    pairs = zip(
        rich_run.dataset.user_features,
        open_run(tmp_path / "strangers").dataset.user_features,
        strict=True,
    )
    for one, other in pairs:
        assert_alike(one, other)


def test_carrying_on_what_was_carried_reads_as_the_first_run_did(
    rich_run: Run, tmp_path: Path
) -> None:
    carry_over(rich_run, rich(first_item=50), "once", tmp_path / "once")
    once = open_run(tmp_path / "once")
    carry_over(once, rich(first_item=74), "twice", tmp_path / "twice")
    for feature in open_run(tmp_path / "twice").dataset.item_features:
        rows = feature.codes if feature.vectors is None else feature.vectors
        np.testing.assert_allclose(rows[48:], rows[:24], atol=2e-6, err_msg=feature.name)


def old(run: Run, folder: Path) -> Run:
    """The run as an older version left it."""
    shutil.copytree(run.path, folder)
    (folder / "dataset" / "readings.parquet").unlink()
    schema = json.loads((folder / "dataset" / "schema.json").read_text())
    for feature in schema["item_features"] + schema["user_features"]:
        feature.pop("reading", None)
    (folder / "dataset" / "schema.json").write_text(json.dumps(schema | {"format": 1}))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"format": 3}))
    return open_run(folder)


def test_a_run_of_an_older_version_says_what_it_cannot_read(rich_run: Run, tmp_path: Path) -> None:
    opened = old(rich_run, tmp_path / "old")
    carried = carry_over(opened, rich(first_item=50), "new", tmp_path / "new")
    assert carried.unread == (("title", "not kept"), ("look", "not kept"))
    assert len(carried.through_features) == 24
    features = {one.name: one for one in open_run(tmp_path / "new").dataset.item_features}
    np.testing.assert_array_equal(features["made"].codes[24:], features["made"].codes[:24])
    assert features["look"].vectors is not None
    assert not features["look"].vectors[24:].any()


def test_dates_written_in_another_order_are_unknown_and_named(
    rich_run: Run, tmp_path: Path
) -> None:
    events = "user_id,item_id,timestamp,event\ng,i01,2024-05-01,view\ng,new,2024-05-02,view\n"
    items = "item_id,title,made,tags\nnew,Coffee thing,13/1/2023,warm\n"
    carried = carry_over(rich_run, tables(events, items, "user_id\ng\n"), "n", tmp_path / "n")
    assert carried.through_features == ("new",)
    assert carried.unknown_values == ("made: 13/1/2023",)


@pytest.mark.parametrize(
    ("events", "split"),
    [
        ("user_id,item_id,event\ng,i01,purchase\ng,i02,purchase\n", "leave-last-out"),
        ("user_id,item_id,event,time\ng,i01,view,2024-05-01\ng,i02,view,2024-05-02\n", "by-time"),
    ],
)
def test_a_run_split_by_time_scores_histories_that_cannot_be_split_so(
    run: Run, tmp_path: Path, events: str, split: str
) -> None:
    folder = shutil.copytree(run.path, tmp_path / "by-time")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"split": "by-time"}))
    carried = carry_over(open_run(folder), tables(events), "new", tmp_path / "new")
    assert carried.events == 2
    assert open_run(tmp_path / "new").split.name == split


def test_what_cannot_be_opened_is_not_left_behind(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RunError("no")

    monkeypatch.setattr("recommender.model.transfer.open_run", fails)
    with pytest.raises(RunError, match="no"):
        carry_over(run, tables(shop.interactions()), "new", tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_whom_a_run_that_only_scored_was_trained_on_is_not_known(run: Run, tmp_path: Path) -> None:
    few = shop.interactions()[:2000]
    carry_over(run, tables(few), "few", tmp_path / "few")
    again = carry_over(
        open_run(tmp_path / "few"), tables(shop.interactions()), "all", tmp_path / "a"
    )
    assert again.unknown_users is None


def liking() -> Dataset:
    """A shop of purchases that has learned from likes."""
    before = shop.dataset()
    return add_likes(before, before.users[["user_id"]].assign(item_id="i05").head(9))


def test_orders_are_purchases_for_a_run_that_learned_from_likes() -> None:
    assert liking().target_events == ("purchase", "liked")
    assert names_in_run(liking(), ["order", "View"]) == {"order": "purchase", "View": "view"}
    assert names_in_run(liking(), ["interaction"]) == {"interaction": "purchase"}


def test_orders_are_the_purchases_among_what_is_predicted() -> None:
    watched = replace(shop.dataset(), target_events=("purchase", "view"))
    assert names_in_run(watched, ["order"]) == {"order": "purchase"}


def test_types_that_are_called_otherwise_are_said(run: Run, tmp_path: Path) -> None:
    orders = shop.interactions().replace("purchase", "order")
    carried = carry_over(run, tables(orders), "orders", tmp_path / "orders")
    assert carried.read_as == (("order", "purchase"),)
    assert carried.unknown_events == ()


def test_a_scored_run_has_no_metrics_of_its_own_and_names_the_run_that_has(
    run: Run, tmp_path: Path
) -> None:
    assert list(run.metrics["views"]) == ["all"]
    assert run.scored_with is None
    events = shop.interactions().replace("u59", "guest")
    carry_over(run, tables(events), "scored", tmp_path / "scored")
    scored = open_run(tmp_path / "scored")
    assert scored.metrics["views"] == {}
    assert scored.scored_with == ScoredWith(run.fingerprint, run.name, 60)
    assert summarise(scored.path).metrics == {}


def test_a_scored_run_of_an_older_version_does_not_show_anothers_metrics(
    run: Run, tmp_path: Path
) -> None:
    folder = shutil.copytree(run.path, tmp_path / "scored")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"format": 3, "scored_with": "f00"}))
    assert open_run(folder).metrics["views"] == {}
    assert open_run(folder).scored_with == ScoredWith("f00")
    assert summarise(folder).metrics == {}
