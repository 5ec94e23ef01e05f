"""Scoring says what of the new histories it read otherwise, or not at all."""

from __future__ import annotations

from pathlib import Path

from tests.cli.calling import call


def test_score_says_what_it_read_otherwise_and_what_it_does_not_know(
    run: Path, tmp_path: Path
) -> None:
    events = "user_id,item_id,time,event\nguest,i02,2024-12-01,order\nguest,cold,2024-12-02,order\n"
    (tmp_path / "events.csv").write_text(events)
    items = "item_id,title,category,price\ncold,A cold thing,z,2.5\n"
    (tmp_path / "items.csv").write_text(items)
    files = ("--interactions", tmp_path / "events.csv", "--items", tmp_path / "items.csv")
    answer = call("score", run, *files, "--out", tmp_path / "recs.csv")
    assert answer.code == 0, answer.err
    said = " ".join(answer.err.split())
    assert "2 events of 1 user;" in said
    assert "1 type of events is called otherwise in the run: order (as purchase)" in said
    assert "1 unknown item is read through its features: cold" in said
    assert "1 value of users and of new items is unknown: category: z" in said
    assert "not saved" not in said
    assert len((tmp_path / "recs.csv").read_text().splitlines()) == 11


def test_what_is_measured_of_a_run_that_only_scored_is_called_no_test(
    run: Path, tmp_path: Path
) -> None:
    events = "user_id,item_id,time,event\n" + "".join(
        f"guest,i0{step},2024-12-0{step},purchase\n" for step in range(2, 6)
    )
    (tmp_path / "events.csv").write_text(events)
    files = ("--interactions", tmp_path / "events.csv", "--out", tmp_path / "recs.csv")
    assert call("score", run, *files, "--keep", tmp_path / "kept").code == 0
    answer = call("evaluate", tmp_path / "kept")
    assert "1 user, leave-last-basket-out" in " ".join(answer.out.split())
    said = " ".join(answer.err.split())
    assert f"These histories were only scored, by the model of {run.name}" in said
    found = call("evaluate", tmp_path / "kept", "--json").document
    assert found["scored_with"]["name"] == run.name
    assert "scored_with" not in call("evaluate", run, "--json").document
