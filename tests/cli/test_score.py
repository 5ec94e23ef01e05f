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
    assert "2 events of 1 users" in said
    assert "1 types of events are called otherwise in the run: order (as purchase)" in said
    assert "1 unknown items are read through their features: cold" in said
    assert "1 values of users and of new items are unknown: category: z" in said
    assert "not saved" not in said
    assert len((tmp_path / "recs.csv").read_text().splitlines()) == 11


def test_evaluate_says_where_answers_may_have_been_learned(run: Path, tmp_path: Path) -> None:
    def scored(user: str) -> Path:
        days = [f"{user},i0{day},2024-12-0{day},order\n" for day in range(2, 6)]
        (tmp_path / f"{user}.csv").write_text("user_id,item_id,time,event\n" + "".join(days))
        kept = tmp_path / f"run-{user}"
        files = ("--interactions", tmp_path / f"{user}.csv", "--keep", kept)
        answer = call("score", run, *files, "--out", tmp_path / f"{user}-recs.csv")
        assert answer.code == 0, answer.err
        return kept

    for folder, learned in ((run, False), (scored("guest"), False), (scored("u02"), True)):
        answer = call("evaluate", folder)
        assert answer.code == 0, answer.err
        assert ("may have been learned" in " ".join(answer.err.split())) == learned
