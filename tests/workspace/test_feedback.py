from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recommender.data import load_dataset, split_dataset
from recommender.data.likes import LIKED, add_likes
from recommender.data.spreadsheets import to_csv
from recommender.workspace import feedback
from recommender.workspace.feedback import Opinion
from recommender.workspace.library import OPERATOR
from recommender.workspace.visitors import Visitor
from tests.dashboard.shop import dataset

ANN, BOB = Visitor("ann", "Ann", admin=False), Visitor("bob", "Bob", admin=False)
UP = Opinion(
    "recommendation", 1, "run", "f1", "Tiny shop", "d1", "u00", "i05", "user=u00&k=10",
    {"top": ["i05", "i01"], "answer": False},
)  # fmt: skip


def said(visitor: Visitor) -> list[tuple[str, int]]:
    found = feedback.opinions(visitor)
    return list(zip(found["item_id"], found["thumb"].astype(int), strict=True))


def test_the_newest_word_counts_and_one_taken_back_is_gone() -> None:
    for thumb in (1, -1):
        feedback.keep(replace(UP, thumb=thumb), ANN)
    feedback.keep(replace(UP, item_id="i07"), ANN)
    assert said(ANN) == [("i05", -1), ("i07", 1)]
    feedback.keep(replace(UP, thumb=0), ANN)
    assert said(ANN) == [("i07", 1)]
    assert feedback.opinion_of(ANN, "recommendation", "f1", "u00", "i05")[0] == 0


def test_everybody_reads_their_own_and_administrators_all() -> None:
    feedback.keep(UP, ANN)
    feedback.keep(replace(UP, thumb=-1), BOB)
    assert said(ANN) == [("i05", 1)]
    assert said(BOB) == [("i05", -1)]
    assert said(OPERATOR) == [("i05", 1), ("i05", -1)]


def test_what_stood_on_the_page_is_kept_with_it() -> None:
    feedback.keep(replace(UP, reason="helpful", note="  = 1+1 "), ANN)
    row = feedback.opinions(ANN).iloc[0]
    assert (row["state"], row["reason"], row["note"]) == ("user=u00&k=10", "helpful", "= 1+1")
    assert row["seen"] == '{"top": ["i05", "i01"], "answer": false}'


@pytest.mark.parametrize("wrong", [{"thumb": 2}, {"about": "weather"}, {"reason": "ugly"}])
def test_other_opinions_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        replace(UP, **wrong)


def test_the_summary_counts_by_what_it_is_about() -> None:
    feedback.keep(replace(UP, reason="helpful"), ANN)
    feedback.keep(replace(UP, thumb=-1, reason="wrong"), BOB)
    feedback.keep(replace(UP, about="explanation", thumb=-1, reason="unclear"), BOB)
    rows = feedback.summary(feedback.opinions(OPERATOR)).to_dict("records")
    assert rows == [
        {"about": "recommendation", "up": 1, "down": 1, "helpful": 1, "wrong": 1, "unclear": 0},
        {"about": "explanation", "up": 0, "down": 1, "helpful": 0, "wrong": 0, "unclear": 1},
    ]


def test_an_export_runs_no_formula_and_comes_back_the_same(tmp_path: Path) -> None:
    feedback.keep(replace(UP, user_id="=1+1", note="@SUM(A1)"), ANN)
    feedback.keep(replace(UP, user_id="007"), ANN)
    (tmp_path / "said.csv").write_bytes(to_csv(feedback.opinions(ANN)))
    assert "'=1+1" in (tmp_path / "said.csv").read_text(encoding="utf-8-sig")
    feedback.opinions(ANN).to_parquet(tmp_path / "said.parquet")
    for name in ("said.csv", "said.parquet"):
        assert feedback.read_feedback(tmp_path / name)["user_id"].tolist() == ["=1+1", "007"]


def test_what_the_page_gave_away_is_not_learned_from() -> None:
    feedback.keep(UP, ANN)
    feedback.keep(replace(UP, item_id="i07", seen={"answer": True}), ANN)
    feedback.keep(replace(UP, item_id="i09", about="explanation"), ANN)
    assert feedback.likes(feedback.opinions(ANN)).to_numpy().tolist() == [["u00", "i05"]]


def test_likes_are_found_by_the_data_set_they_were_given_on(data: Path) -> None:
    told = load_dataset(data)
    assert told.name == UP.dataset
    feedback.keep(UP, ANN)  # on other data of the same name
    feedback.keep(replace(UP, dataset_fingerprint=told.fingerprint, item_id="i07"), ANN)
    renamed = replace(UP, dataset="Other shop", dataset_fingerprint=told.fingerprint)
    feedback.keep(replace(renamed, item_id="i09"), ANN)
    assert feedback.likes_for(data, ANN)["item_id"].tolist() == ["i07", "i09"]


def likes(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["user_id", "item_id"])


def test_a_like_becomes_an_event_that_training_reads_and_moves_no_answer() -> None:
    before = dataset()
    after = add_likes(before, likes(("u00", "i05"), ("u00", "i07"), ("u00", "i05")))
    assert len(after.interactions) == len(before.interactions) + 2
    old, new = split_dataset(before), split_dataset(after)
    assert old.name == new.name
    for was, now in ((old.validation, new.validation), (old.test, new.test)):
        np.testing.assert_array_equal(was.users, now.users)
        np.testing.assert_array_equal(was.target_items, now.target_items)
    np.testing.assert_array_equal(new.train_end - old.train_end, [2] + [0] * 59)
    rows = after.interactions[: new.train_end[0]].tail(2)
    assert [after.event_types[code] for code in rows["event"]] == [LIKED, LIKED]
    assert sorted(after.items["item_id"].iloc[rows["item"]]) == ["i05", "i07"]
    assert after.interactions["time"][after.interactions["user"] == 0].is_monotonic_increasing
    assert after.fingerprint != before.fingerprint


def test_a_like_of_the_answer_or_of_nobody_is_left_out_and_counted() -> None:
    data = dataset()
    test = split_dataset(data).test
    user, item = int(test.users[0]), int(test.targets(0)[0])
    answer = (str(data.users["user_id"][user]), str(data.items["item_id"][item]))
    grown = add_likes(data, likes(answer, ("nobody", "i05"), ("u09", "i05")))
    assert len(grown.interactions) == len(data.interactions) + 1
    assert "1 liked" in grown.notes[-1]
    assert "1 of unknown" in grown.notes[-1]
    assert "1 of what is held out" in grown.notes[-1]
    with pytest.raises(ValueError, match="none of 1 likes"):
        add_likes(data, likes(("nobody", "i05")))
