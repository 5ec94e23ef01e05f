"""The top-k of every user as a file, each with its strongest reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recommender.data.spreadsheets import unescaped
from tests.cli.calling import call
from tests.cli.shop import WITHOUT_HISTORY, user_ids

COLUMNS = [
    "user_id", "rank", "item_id", "title", "logit", "percentile",
    "reason_item_id", "reason_title", "reason_share", "reason_feature",
]  # fmt: skip


def exported(run: Path, out: Path, *options: str) -> pd.DataFrame:
    answer = call("recommend", run, "--all", "--k", "3", "--out", out, *options)
    assert answer.code == 0, answer.err
    assert answer.out == ""
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    if out.suffix == ".csv":
        table = pd.read_csv(out, dtype={"user_id": str, "item_id": str, "reason_item_id": str},
                            keep_default_na=False)  # fmt: skip
        return table.map(lambda cell: unescaped(cell) if isinstance(cell, str) else cell)
    return pd.read_parquet(out)


@pytest.mark.parametrize("name", ["top.csv", "top.parquet"])
def test_every_user_has_the_top_k_with_reasons(run: Path, tmp_path: Path, name: str):
    table = exported(run, tmp_path / "exports" / name)
    assert list(table.columns) == COLUMNS
    assert set(table["user_id"]) == {*user_ids(), WITHOUT_HISTORY}
    assert list(table["rank"]) == [1, 2, 3] * len(table["user_id"].unique())


def test_the_export_agrees_with_recommend(run: Path, tmp_path: Path):
    table = exported(run, tmp_path / "exports" / "top.parquet", "--candidates", "new")
    rows = table[table["user_id"] == "NA"]
    alone = call("recommend", run, "--user", "NA", "--k", "3", "--candidates", "new", "--json")
    wanted = alone.document["recommendations"]
    assert list(rows["item_id"]) == [row["item_id"] for row in wanted]
    assert list(rows["logit"]) == pytest.approx([row["logit"] for row in wanted], abs=1e-4)


def test_a_reason_is_the_event_that_contributes_most(run: Path, tmp_path: Path):
    table = exported(run, tmp_path / "exports" / "top.csv")
    row = table[table["user_id"] == "007"].iloc[0]
    why = call("explain", run, "--user", "007", "--item", row["item_id"], "--json").document
    strongest = max(why["events"], key=lambda event: event["contribution"])
    assert row["reason_item_id"] == strongest["item_id"]
    assert row["reason_title"] == strongest["title"]
    assert row["reason_share"] == pytest.approx(strongest["contribution"], abs=1e-4)
    assert row["reason_feature"] == max(strongest["features"], key=strongest["features"].get)


def test_who_has_no_history_has_no_reason(run: Path, tmp_path: Path):
    table = exported(run, tmp_path / "exports" / "top.csv")
    reasons = table[table["user_id"] == WITHOUT_HISTORY]
    assert list(reasons["reason_item_id"]) == ["", "", ""]
    assert list(reasons["reason_share"]) == [0, 0, 0]
