"""Training says how it goes, to people and to programs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.calling import Answer, assert_one_paragraph, call

QUICK = ("--width", "32", "--layers", "1", "--device", "cpu")


def train(dataset: Path, out: Path, *options: str) -> Answer:
    return call("train", dataset, "--out", out, *QUICK, *options)


def epochs(said: str) -> list[list[str]]:
    """What a log says of each epoch, but for its seconds."""
    return [line.split("  ")[:3] for line in said.splitlines() if line.startswith("epoch ")]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_progress_is_one_json_document_a_line_and_ends_with_done(dataset: Path, tmp_path: Path):
    progress = tmp_path / "progress.jsonl"
    answer = train(dataset, tmp_path / "run", "--epochs", "1", "--progress", str(progress))
    assert answer.code == 0
    assert answer.out == ""
    *running, last = lines(progress)
    assert [line["state"] for line in running] == ["running"] * len(running)
    assert last["state"] == "done"
    for line in (*running, last):
        assert set(line) == {
            "step", "steps", "epoch", "loss", "ndcg@10", "seconds", "seconds_left",
            "state", "message",
        }  # fmt: skip
        assert line["step"] <= line["steps"]
        assert line["epoch"] == 1
    assert last["step"] == last["steps"]
    assert 0 <= last["ndcg@10"] <= 1


def test_progress_tells_of_a_failure(dataset: Path, run: Path, tmp_path: Path):
    progress = tmp_path / "progress.jsonl"
    assert_one_paragraph(train(dataset, run, "--progress", str(progress)))
    (line,) = lines(progress)
    assert line["state"] == "failed"
    assert "exists already" in str(line["message"])


def test_people_see_device_precision_metrics_and_where_the_run_is(dataset: Path, tmp_path: Path):
    answer = train(dataset, tmp_path / "run", "--epochs", "1")
    assert "cpu, float32" in answer.err
    assert "NDCG@10" in answer.err
    assert "item-kNN" in answer.err
    assert "Saved to" in answer.err


def test_a_log_has_a_line_for_each_epoch_with_what_programs_are_told(dataset: Path, tmp_path: Path):
    progress = tmp_path / "progress.jsonl"
    answer = train(dataset, tmp_path / "run", "--epochs", "2", "--progress", str(progress))
    said, beside = answer.err.split("Training the same without attention")
    ends = {line["epoch"]: line for line in lines(progress)}  # the last of each epoch
    assert epochs(said) == [
        [f"epoch {n}", f"loss {end['loss']:.3f}", f"NDCG@10 {end['ndcg@10']:.4f}"]
        for n, end in ends.items()
    ]
    assert list(ends) == [1, 2]
    assert [name for name, *_ in epochs(beside)] == ["epoch 1", "epoch 2"]


def test_a_run_holds_all_that_is_needed(run: Path):
    assert sorted(path.name for path in run.iterdir()) == [
        "config.json",
        "curve.json",
        "dataset",
        "metrics.json",
        "weights.safetensors",
        "without_attention.safetensors",
    ]


def test_the_split_can_be_chosen(dataset: Path, tmp_path: Path):
    for split in ("leave-last-out", "by-time"):
        assert train(dataset, tmp_path / split, "--epochs", "1", "--split", split).code == 0
        document = call("evaluate", tmp_path / split, "--json").document
        assert document["split"] == split


def test_shares_of_a_model_with_an_order_term_sum_too(dataset: Path, tmp_path: Path):
    assert train(dataset, tmp_path / "run", "--epochs", "1", "--order-term").code == 0
    document = call("explain", tmp_path / "run", "--user", "007", "--json").document
    shares = [row["contribution"] for row in document["events"] + document["profile"]]
    total = document["bias"] + document["order_term"] + sum(shares)
    assert document["order_term"] != 0
    assert abs(total - document["logit"]) < 1e-4


def test_where_nobody_is_validated_on_no_figure_is_said(tmp_path: Path):
    rows = [f"u{user},i{(user + place) % 5}" for user in range(12) for place in (0, 1)]
    (tmp_path / "two.csv").write_text("\n".join(["user_id,item_id", *rows]) + "\n")
    files = ("--interactions", tmp_path / "two.csv", "--out", tmp_path / "data")
    assert call("import", *files).code == 0
    progress = tmp_path / "progress.jsonl"
    answer = train(
        tmp_path / "data", tmp_path / "run", "--epochs", "1", "--progress", str(progress)
    )
    assert answer.code == 0, answer.err
    assert [figure for *_, figure in epochs(answer.err)] == ["NDCG@10 –", "NDCG@10 –"]
    assert [line["ndcg@10"] for line in lines(progress)] == [None] * len(lines(progress))


def test_why_nothing_is_held_out_is_said_as_it_is(tmp_path: Path):
    rows = [f"u{day // 2},i{day % 5},2024-01-{day:02d}" for day in range(1, 31)]
    (tmp_path / "apart.csv").write_text("\n".join(["user_id,item_id,time", *rows]) + "\n")
    files = ("--interactions", tmp_path / "apart.csv", "--out", tmp_path / "data")
    assert call("import", *files).code == 0
    answer = train(tmp_path / "data", tmp_path / "run", "--split", "by-time")
    assert_one_paragraph(answer)
    assert "no user has events both before the last tenth of all and in it" in answer.err
