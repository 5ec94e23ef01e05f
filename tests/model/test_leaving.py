"""A run without a user: what others are recommended stays as it was, to the last digit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from recommender.data import build_dataset, read_tables, save_dataset
from recommender.data.leaving import ERASED
from recommender.evaluate.kept import keep, kept
from recommender.model.leaving import names_of, run_without, trace_of
from recommender.model.run import Run, open_run
from recommender.model.transfer import carry_over
from recommender.model.trend import Sales
from tests.cli.calling import call
from tests.dashboard import shop
from tests.data.test_leaving import CITIES

MARK = "K7F2-M9QD-X4TB"


def logits(run: Run, user: int) -> list[float]:
    history = run.history(user)
    return np.asarray(run.scorer.logits([history]))[0].tolist()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on the shop, in which u07 alone lives in Reykjavik, with a trend put into it."""
    folder = tmp_path_factory.mktemp("left")
    tables = read_tables(
        ("interactions.csv", shop.interactions().encode()),
        ("items.csv", shop.items().encode()),
        ("users.csv", CITIES.encode()),
    )
    save_dataset(build_dataset(tables, "shop"), folder / "data")
    short = ("--width", "32", "--window", "20", "--epochs", "1", "--device", "cpu")
    answer = call("train", folder / "data", "--out", folder / "run", *short)
    assert answer.code == 0, answer.err
    run = open_run(folder / "run")
    sales = Sales.of(run.dataset, run.split.test_start)
    weights = load_file(folder / "run" / "weights.safetensors")
    import torch

    weights["sales.items"] = torch.from_numpy(sales.items.astype(np.int32))
    weights["sales.times"] = torch.from_numpy(sales.times)
    save_file(weights, folder / "run" / "weights.safetensors")
    config = json.loads((folder / "run" / "config.json").read_text())
    config["trend"] = {"days": 7.0, "weight": 0.5}
    (folder / "run" / "config.json").write_text(json.dumps(config))
    return folder / "run"


@pytest.fixture
def run_folder(trained: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(trained, tmp_path / "run"))


def leave(folder: Path, user: str = "u07", origin: Path | None = None) -> None:
    with run_without(folder, user, MARK, trace_of(origin or folder, user)):
        pass


def test_the_user_is_gone_and_others_score_as_before_but_for_the_trend(run_folder: Path) -> None:
    config = json.loads((run_folder / "config.json").read_text())
    del config["trend"]
    weights = load_file(run_folder / "weights.safetensors")
    for name in ("sales.items", "sales.times"):
        del weights[name]
    save_file(weights, run_folder / "weights.safetensors")
    (run_folder / "config.json").write_text(json.dumps(config))
    before = logits(open_run(run_folder), 8)
    leave(run_folder)
    after = open_run(run_folder)
    assert "u07" not in set(after.dataset.users["user_id"])
    assert logits(after, 7) == before
    assert after.metrics == json.loads((run_folder / "metrics.json").read_text())


def test_what_the_user_bought_when_leaves_the_trend(run_folder: Path) -> None:
    run = open_run(run_folder)
    before = load_file(run_folder / "weights.safetensors")
    leave(run_folder)
    after = load_file(run_folder / "weights.safetensors")
    # Eight purchases, of which the last is the test and no sale that is known.
    assert run.split.test_start[7] == 14 + 1
    assert len(before["sales.items"]) - len(after["sales.items"]) == 7
    left = Sales.of(open_run(run_folder).dataset, open_run(run_folder).split.test_start)
    assert sorted(zip(left.items, left.times, strict=True)) == sorted(
        zip(after["sales.items"].tolist(), after["sales.times"].tolist(), strict=True)
    )


def test_what_was_learned_of_a_value_that_nobody_else_has_is_unlearned(run_folder: Path) -> None:
    leave(run_folder)
    weights = load_file(run_folder / "weights.safetensors")
    place = open_run(run_folder).dataset.user_features[0].values.index(ERASED) + 1
    for name in ("routing_profile.0", "value_profile.0"):
        assert weights[name][place].tolist() == weights[name][0].tolist()


def test_the_same_again_writes_the_same(run_folder: Path, tmp_path: Path) -> None:
    import shutil

    other = Path(shutil.copytree(run_folder, tmp_path / "again" / "run"))
    leave(run_folder)
    leave(other)
    assert open_run(run_folder).fingerprint == open_run(other).fingerprint


def test_an_interruption_leaves_the_run_as_it_was(run_folder: Path) -> None:
    before = open_run(run_folder).fingerprint
    with pytest.raises(RuntimeError), run_without(run_folder, "u07", MARK, None):
        raise RuntimeError
    assert open_run(run_folder).fingerprint == before
    assert [path.name for path in run_folder.parent.iterdir()] == ["run"]


def test_a_run_that_scores_with_it_forgets_the_user_too(run_folder: Path, tmp_path: Path) -> None:
    rows = (
        b"user_id,item_id,timestamp,event\nu07,i01,2025-01-01,purchase\nzoe,i02,2025-01-02,view\n"
    )
    tables = read_tables(("new.csv", rows), users=("users.csv", CITIES.encode()))
    carry_over(open_run(run_folder), tables, "new", tmp_path / "scored")
    n = len(load_file(tmp_path / "scored" / "weights.safetensors")["sales.items"])
    leave(tmp_path / "scored", origin=run_folder)
    scored = open_run(tmp_path / "scored")
    assert "u07" not in set(scored.dataset.users["user_id"])
    assert ERASED in scored.dataset.user_features[0].values
    assert n - len(load_file(tmp_path / "scored" / "weights.safetensors")["sales.items"]) == 7
    assert trace_of(tmp_path / "scored", "zoe") is None
    # The trained run is called otherwise now, and known by what the other calls it.
    named = scored.scored_with
    assert named is not None
    leave(run_folder)
    assert {named.fingerprint, open_run(run_folder).fingerprint} == names_of(run_folder)


def test_what_was_measured_of_it_is_not_kept_in_the_folder_of_another(run_folder: Path) -> None:
    opened = open_run(run_folder)
    leave(run_folder)
    keep(opened, "lists", ("u07",))
    assert not (run_folder / "measured").exists()
    again = open_run(run_folder)
    keep(again, "lists", (1,))
    assert kept(again, "lists") == (1,)
