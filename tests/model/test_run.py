"""A run opens as it was saved, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from scipy import sparse

from recommender.data import load_dataset, save_dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.splits import split_dataset
from recommender.model import run as run_module
from recommender.model.batches import TrainingEvents
from recommender.model.checkpoints import best_weights
from recommender.model.evaluation import evaluate_run
from recommender.model.learning import TrainConfig
from recommender.model.neighbours import together_weights
from recommender.model.network import ModelConfig
from recommender.model.run import Run, RunError, open_run, train_run
from recommender.model.training import Progress, finished, fit, new_network
from tests.tiny import tiny_dataset

CPU = torch.device("cpu")
SAMPLE_RUN = Path(__file__).parents[2] / "sample_data" / "run"
MODEL = ModelConfig(width=32, n_layers=1, window=12)
TRAINING = TrainConfig(max_epochs=2)


def dataset(seed: int = 0, **sizes: int) -> Any:
    """The tiny data set with the fingerprint of its content."""
    made = tiny_dataset(seed=seed, **sizes)
    return replace(made, fingerprint=dataset_fingerprint(made))


def trained(out: Path, training: TrainConfig = TRAINING, **options: Any) -> Run:
    return train_run(dataset(), out, MODEL, training, device=CPU, **options)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but the run `tiny`."""
    folder = tmp_path_factory.mktemp("runs")
    trained(folder / "tiny")
    assert [path.name for path in folder.iterdir()] == ["tiny"]
    return folder / "tiny"


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return shutil.copytree(saved, tmp_path / "tiny")


def change_json(path: Path, change: Callable[[Any], Any]) -> None:
    value = json.loads(path.read_text())
    changed = change(value)
    path.write_text(json.dumps(value if changed is None else changed))


def change_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], Any]) -> None:
    weights = load_file(folder / "weights.safetensors")
    change(weights)
    save_file(weights, folder / "weights.safetensors")


def test_opening_gives_the_logits_that_training_gave(tmp_path: Path):
    data, parts = dataset(), split_dataset(dataset())
    made = finished(fit(data, parts, MODEL, TRAINING, device=CPU), data, parts)
    scorer = made.scorer()
    run = trained(tmp_path / "run")
    histories = [data.history(user) for user in (0, 7, 31)]
    assert np.array_equal(run.scorer.logits(histories), scorer.logits(histories))


def test_a_run_knows_what_goes_together_until_the_test_and_nothing_after(saved: Path):
    run = open_run(saved, CPU)
    shape = len(run.dataset.users), len(run.dataset.items)

    def together(ends: np.ndarray) -> sparse.csr_matrix:
        known = TrainingEvents.of(run.dataset, ends)
        return together_weights(known.users, known.items, shape)[0]

    def as_in_the_run(matrix: sparse.csr_matrix) -> bool:
        return abs(matrix - run.scorer.voters.neighbours).max() < 1e-5

    assert as_in_the_run(together(run.split.test_start))
    assert not as_in_the_run(together(run.split.train_end))
    assert not as_in_the_run(together(np.diff(run.dataset.offsets)))


def test_opening_twice_gives_the_same_logits_and_fingerprint(saved: Path, copy: Path):
    one, two = open_run(saved, CPU), open_run(copy, CPU)
    history = one.history(3)
    assert np.array_equal(one.scorer.logits([history]), two.scorer.logits([history]))
    assert one.fingerprint == two.fingerprint
    assert one.config == replace(MODEL, order_term=False)
    assert one.training == TRAINING
    assert one.name == "tiny"


@pytest.mark.parametrize("repeats", [True, False])
def test_the_order_term_is_for_data_in_which_nothing_is_bought_again(repeats: bool):
    data = replace(dataset(), repeats=repeats)
    assert new_network(data, MODEL).config.order_term is not repeats
    asked = replace(MODEL, order_term=repeats)
    assert new_network(data, asked).config.order_term is repeats


def test_stored_metrics_are_those_that_evaluation_gives(saved: Path):
    run = open_run(saved, CPU)
    plain = run.without_attention
    assert evaluate_run(run.dataset, run.split, run.scorer, plain) == run.metrics


def test_stored_metrics_of_the_sample_run_are_those_that_evaluation_gives():
    run = open_run(SAMPLE_RUN, CPU)
    again = evaluate_run(run.dataset, run.split, run.scorer, run.without_attention)
    assert again["split"] == run.metrics["split"]
    assert list(again["views"]) == list(run.metrics["views"]) == ["all", "new"]
    for view, values in run.metrics["views"].items():
        measured = again["views"][view]
        assert measured["users"] == values["users"]
        # Another machine may round a network's logits otherwise, and so swap two items that are
        # nearly equal. Scores of baselines are rounded before they rank.
        assert measured["metrics"] == pytest.approx(values["metrics"], abs=1e-3)
        plain = values["baselines"].pop("without attention")
        assert measured["baselines"].pop("without attention") == pytest.approx(plain, abs=1e-3)
        assert measured["baselines"] == values["baselines"]


def test_a_run_is_measured_beside_the_same_without_attention(saved: Path):
    run = open_run(saved, CPU)
    plain, history = run.without_attention, run.history(3)
    assert plain is not None
    popular, votes = plain.popularity(history.as_of).numpy(), plain.voters.logits([history])[0]
    assert np.allclose(plain.logits([history])[0], popular + votes, atol=1e-5)
    assert not np.array_equal(plain.bias, run.scorer.bias)  # learned by itself
    measured = evaluate_run(run.dataset, run.split, plain, names=())
    for view, values in run.metrics["views"].items():
        assert values["baselines"]["without attention"] == measured["views"][view]["metrics"]
        assert values["baselines"]["blend"]["ndcg@10"] > 0


def test_a_run_from_before_opens_without_a_model_to_compare_with(copy: Path, saved: Path):
    (copy / "without_attention.safetensors").unlink()
    before, now = open_run(copy, CPU), open_run(saved, CPU)
    assert before.without_attention is None
    assert before.fingerprint == now.fingerprint


@pytest.mark.parametrize(
    "change",
    [lambda weights: weights.pop("bias"), lambda weights: weights.update(bias=torch.zeros(3))],
)
def test_a_damaged_model_to_compare_with_is_refused(copy: Path, change: Callable[[Any], Any]):
    path = copy / "without_attention.safetensors"
    weights = load_file(path)
    change(weights)
    save_file(weights, path)
    with pytest.raises(RunError, match="damaged"):
        _ = open_run(copy, CPU).without_attention


def test_the_sample_run_beats_every_baseline_in_both_views():
    metrics = json.loads((SAMPLE_RUN / "metrics.json").read_text())
    for values in metrics["views"].values():
        for baseline in values["baselines"].values():
            assert values["metrics"]["ndcg@10"] > baseline["ndcg@10"]


def test_the_sample_run_was_trained_on_the_sample_data():
    names = set(open_run(SAMPLE_RUN, CPU).dataset.users["user_id"])
    lines = (SAMPLE_RUN.parent / "users.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert names == {line.split(",")[0] for line in lines}


def test_the_same_seed_gives_the_same_metrics_and_weights(saved: Path, tmp_path: Path):
    again = trained(tmp_path / "again")
    assert again.metrics == open_run(saved, CPU).metrics
    assert (again.path / "weights.safetensors").read_bytes() == (
        saved / "weights.safetensors"
    ).read_bytes()


def test_another_seed_gives_other_weights(saved: Path, tmp_path: Path):
    other = train_run(dataset(), tmp_path / "other", MODEL, replace(TRAINING, seed=1), device=CPU)
    assert other.fingerprint != open_run(saved, CPU).fingerprint


@pytest.mark.parametrize("name", run_module.FILES)
def test_a_run_without_one_of_its_files_is_refused(copy: Path, name: str):
    (copy / name).unlink()
    with pytest.raises(RunError, match=rf"{name}.* missing"):
        open_run(copy, CPU)


def test_a_run_without_its_data_set_is_refused(copy: Path):
    shutil.rmtree(copy / "dataset")
    with pytest.raises(RunError, match=r"the data set of .* cannot be read"):
        open_run(copy, CPU)


def test_a_folder_that_is_not_there_is_no_run(tmp_path: Path):
    with pytest.raises(RunError, match="is not a run"):
        open_run(tmp_path / "none", CPU)


@pytest.mark.parametrize("name", run_module.FILES)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(copy: Path, name: str, share: float):
    whole = (copy / name).read_bytes()
    (copy / name).write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(RunError, match="is damaged"):
        open_run(copy, CPU)


def test_a_changed_table_is_refused(copy: Path):
    path = copy / "dataset" / "interactions.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(RunError, match=r"interactions\.parquet is damaged or was changed"):
        open_run(copy, CPU)


def test_another_data_set_beside_the_weights_is_refused(copy: Path):
    shutil.rmtree(copy / "dataset")
    save_dataset(dataset(seed=1), copy / "dataset")
    with pytest.raises(RunError, match="was trained on data"):
        open_run(copy, CPU)


def test_another_fingerprint_in_the_configuration_is_refused(copy: Path):
    change_json(copy / "config.json", lambda config: config.update(dataset="0123456789abcdef"))
    with pytest.raises(RunError, match="was trained on data 0123456789abcdef"):
        open_run(copy, CPU)


@pytest.mark.parametrize("key", ["model", "training", "split", "dataset", "precision"])
def test_a_configuration_that_lacks_a_part_is_refused(copy: Path, key: str):
    change_json(copy / "config.json", lambda config: config.pop(key) and None)
    with pytest.raises(RunError, match="is damaged"):
        open_run(copy, CPU)


@pytest.mark.parametrize("value", [[], "text", None, 3])
def test_a_configuration_of_another_kind_is_refused(copy: Path, value: object):
    (copy / "config.json").write_text(json.dumps(value))
    with pytest.raises(RunError, match="is damaged"):
        open_run(copy, CPU)


def test_a_setting_that_is_not_known_is_refused(copy: Path):
    change_json(copy / "config.json", lambda config: config["model"].update(colour="red"))
    with pytest.raises(RunError, match="colour"):
        open_run(copy, CPU)


def test_a_split_that_is_not_known_is_refused(copy: Path):
    change_json(copy / "config.json", lambda config: config.update(split="by-hand"))
    with pytest.raises(RunError):
        open_run(copy, CPU)


def test_a_run_of_another_format_is_refused(copy: Path):
    change_json(copy / "config.json", lambda config: config.update(format=99))
    with pytest.raises(RunError):
        open_run(copy, CPU)


def test_weights_of_another_width_are_refused(copy: Path):
    change_json(copy / "config.json", lambda config: config["model"].update(width=64))
    with pytest.raises(RunError, match="do not fit"):
        open_run(copy, CPU)


def test_weights_for_another_catalogue_are_refused(copy: Path):
    change_weights(copy, lambda weights: weights.update(bias=torch.zeros(9)))
    with pytest.raises(RunError, match="do not fit"):
        open_run(copy, CPU)


def test_weights_that_lack_a_tensor_are_refused(copy: Path):
    change_weights(copy, lambda weights: weights.pop("start"))
    with pytest.raises(RunError, match="do not fit"):
        open_run(copy, CPU)


def test_neighbours_for_another_catalogue_are_refused(copy: Path):
    def shorten(weights: dict[str, torch.Tensor]) -> None:
        kept = weights["neighbours.indptr"][:4].clone()
        weights["neighbours.indptr"] = kept
        for name in ("data", "indices"):
            weights[f"neighbours.{name}"] = weights[f"neighbours.{name}"][: kept[-1]].clone()
        weights["neighbours.indices"] %= 3

    change_weights(copy, shorten)
    with pytest.raises(RunError):
        open_run(copy, CPU)


def test_neighbours_that_point_nowhere_are_refused(copy: Path):
    def break_off(weights: dict[str, torch.Tensor]) -> None:
        weights["neighbours.indices"] = weights["neighbours.indices"] + 1000

    change_weights(copy, break_off)
    with pytest.raises(RunError, match="is damaged"):
        open_run(copy, CPU)


@pytest.mark.parametrize("name", ["metrics", "curve"])
def test_measurements_of_another_kind_are_refused(copy: Path, name: str):
    (copy / f"{name}.json").write_text('"text"')
    with pytest.raises(RunError):
        open_run(copy, CPU)


def test_a_run_that_exists_is_left_alone_unless_it_is_to_be_replaced(copy: Path):
    before = (copy / "weights.safetensors").read_bytes()
    with pytest.raises(RunError, match="exists already"):
        trained(copy)
    assert (copy / "weights.safetensors").read_bytes() == before


def test_a_folder_that_is_no_run_is_never_replaced(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    with pytest.raises(RunError):
        trained(tmp_path / "letters", replace=True)
    assert (tmp_path / "letters" / "letter.txt").read_text() == "dear"


def test_a_run_can_be_trained_in_bfloat16(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def half(_: torch.device) -> torch.dtype:
        return torch.bfloat16

    monkeypatch.setattr("recommender.model.learning.training_precision", half)
    run = trained(tmp_path / "run")
    assert all(np.isfinite(epoch["loss"]) for epoch in run.curve)
    assert run.scorer.candidates.dtype == torch.float32


class Interruption(BaseException):
    """As when somebody presses Ctrl-C."""


def interrupt(now: Progress) -> None:
    if now.epoch == 2:
        raise Interruption


def test_interrupted_training_leaves_no_run_behind(tmp_path: Path):
    with pytest.raises(Interruption):
        trained(tmp_path / "run", on_progress=interrupt)
    assert not (tmp_path / "run").exists()
    assert [path for path in tmp_path.iterdir() if not path.name.startswith(".")] == []


def test_interrupted_training_keeps_the_best_weights_so_far(tmp_path: Path):
    with pytest.raises(Interruption):
        trained(tmp_path / "run", on_progress=interrupt)
    assert "start" in best_weights(tmp_path / ".run-unfinished" / "state.safetensors")


def test_interrupted_training_goes_on_to_the_very_same_run(tmp_path: Path):
    whole = trained(tmp_path / "whole")
    with pytest.raises(Interruption):
        trained(tmp_path / "run", on_progress=interrupt)
    epochs = []
    resumed = trained(tmp_path / "run", on_progress=lambda now: epochs.append(now.epoch))
    assert epochs[0] == 2
    assert resumed.fingerprint == whole.fingerprint
    assert [row["loss"] for row in resumed.curve] == [row["loss"] for row in whole.curve]
    assert not (tmp_path / ".run-unfinished").exists()


def test_a_state_of_another_configuration_is_not_gone_on_from(tmp_path: Path):
    with pytest.raises(Interruption):
        trained(tmp_path / "run", on_progress=interrupt)
    epochs = []
    other = replace(TRAINING, learning_rate=1e-3)
    trained(tmp_path / "run", training=other, on_progress=lambda now: epochs.append(now.epoch))
    assert epochs[0] == 1


def test_interrupted_training_leaves_the_run_that_was_to_be_replaced(copy: Path):
    before = (copy / "weights.safetensors").read_bytes()
    with pytest.raises(Interruption):
        trained(copy, replace=True, on_progress=interrupt)
    assert (copy / "weights.safetensors").read_bytes() == before
    open_run(copy, CPU)


def test_a_write_that_fails_leaves_no_run_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(run_module, "write_dataset", fail)
    with pytest.raises(OSError, match="no space"):
        trained(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_data_where_nobody_came_back_cannot_be_trained_on(tmp_path: Path):
    whole = dataset()
    first = np.zeros(len(whole.interactions), dtype=bool)
    first[whole.offsets[:-1]] = True
    alone = replace(whole, interactions=whole.interactions[first].reset_index(drop=True))
    with pytest.raises(RunError, match="came back"):
        train_run(alone, tmp_path / "run", MODEL, TRAINING, device=CPU)
    assert list(tmp_path.iterdir()) == []


def test_by_time_users_who_all_come_at_once_cannot_be_trained_on(tmp_path: Path):
    """They have many baskets: what is lacking is somebody who was there before."""
    whole = dataset()
    at_once = whole.interactions.assign(time=1_700_000_000)
    with pytest.raises(RunError, match="both before the last tenth of all and in it"):
        data = replace(whole, interactions=at_once)
        train_run(data, tmp_path / "run", MODEL, TRAINING, "by-time", device=CPU)


def test_what_was_held_out_is_not_in_the_history_before_it(saved: Path):
    run = open_run(saved, CPU)
    for user in range(0, 60, 7):
        held_out = run.held_out(user)
        assert held_out is not None
        whole, before = run.history(user), run.history(user, before_held_out=True)
        assert len(before) == held_out.cut < len(whole)
        assert set(held_out.items) <= set(whole.items[held_out.cut :].tolist())
        assert before.as_of == held_out.as_of
        assert before.times.max() <= held_out.as_of


def test_ids_and_codes_belong_together(saved: Path):
    run = open_run(saved, CPU)
    assert run.user("u07") == 7
    assert run.item("i05") == 5
    with pytest.raises(RunError, match=r"there is no user 'nobody'.* u00, u01, u02"):
        run.user("nobody")
    with pytest.raises(RunError, match="there is no item 'u07'"):
        run.item("u07")


def test_a_saved_run_holds_the_data_set_it_was_trained_on(saved: Path):
    assert load_dataset(saved / "dataset").fingerprint == dataset().fingerprint
