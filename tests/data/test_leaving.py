"""A data set without a user is the one that never had the user."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Dataset, DatasetError, build_dataset, read_tables, save_dataset
from recommender.data.leaving import ERASED, OwnValue, own_values, rows_of, without_user
from recommender.data.splits import held_out_from, split_dataset
from tests.dashboard import shop


def built(interactions: str, users: str) -> Dataset:
    tables = read_tables(
        ("interactions.csv", interactions.encode()),
        ("items.csv", shop.items().encode()),
        ("users.csv", users.encode()),
    )
    return build_dataset(tables, "Tiny shop")


def without_lines(text: str, user: str) -> str:
    return "".join(row for row in text.splitlines(keepends=True) if not row.startswith(f"{user},"))


def test_nothing_is_left_that_files_without_the_user_would_not_have_made() -> None:
    never = built(without_lines(shop.interactions(), "u08"), without_lines(shop.users(), "u08"))
    assert without_user(shop.dataset(), "u08").fingerprint == never.fingerprint
    assert never.fingerprint != shop.dataset().fingerprint


def test_others_keep_their_history_and_profile() -> None:
    before = shop.dataset()
    after = without_user(before, "u07")
    was, now = before.history(8), after.history(7)
    assert after.users["user_id"].tolist()[7] == "u08"
    assert now.items.tolist() == was.items.tolist()
    assert now.profile.tolist() == was.profile.tolist()


LOW = """user_id,item_id,timestamp,rating
ann,a,2024-01-01,5
ann,b,2024-01-02,1
bob,a,2024-01-01,5
bob,b,2024-01-02,1
bob,c,2024-01-03,5
"""


def test_what_does_not_count_goes_too_and_stays_others() -> None:
    before = build_dataset(read_tables(("low.csv", LOW.encode())), "low")
    assert before.uncounted["user"].tolist() == [0, 1]
    after = without_user(before, "ann")
    assert after.uncounted[["user", "place"]].to_numpy().tolist() == [[0, 1]]
    assert after.history(0).uncounted.items.tolist() == before.history(1).uncounted.items.tolist()


CITIES = "user_id,city\n" + "".join(
    f"u{user:02d},{'Reykjavik' if user == 7 else ('Bonn', 'Oslo')[user % 2]}\n"
    for user in range(60)
)


def test_a_value_that_nobody_else_has_loses_its_name_and_keeps_its_code() -> None:
    before = built(shop.interactions(), CITIES)
    assert before.user_features[0].values == ("Bonn", "Oslo", "Reykjavik")
    assert own_values(before, 7) == (OwnValue(0, 3),)
    after = without_user(before, "u07")
    assert after.user_features[0].values == ("Bonn", "Oslo", ERASED)
    assert 3 not in after.user_features[0].codes


def test_two_such_values_are_called_apart() -> None:
    users = CITIES.replace("u08,Bonn", "u08,Lima")
    after = without_user(without_user(built(shop.interactions(), users), "u07"), "u08")
    assert sorted(after.user_features[0].values) == [ERASED, f"{ERASED} 2", "Bonn", "Oslo"]


def test_who_is_not_in_it_changes_nothing() -> None:
    assert without_user(shop.dataset(), "nobody").fingerprint == shop.dataset().fingerprint


def test_a_data_set_of_one_user_alone_is_to_be_deleted() -> None:
    alone = build_dataset(read_tables(("x.csv", b"user_id,item_id\nann,a\nann,b\n")), "one")
    with pytest.raises(DatasetError, match="delete the data set"):
        without_user(alone, "ann")


def test_notes_name_nobody_who_left() -> None:
    noted = replace(shop.dataset(), notes=("2 ids here, such as 'u07'.", "70 rows.", "u071 stays."))
    assert without_user(noted, "u07").notes == (
        f"2 ids here, such as '{ERASED}'.", "70 rows.", "u071 stays.",
    )  # fmt: skip


def test_rows_are_counted_without_reading_all(tmp_path) -> None:  # type: ignore[no-untyped-def]
    save_dataset(shop.dataset(), tmp_path / "shop")
    assert rows_of(tmp_path / "shop", "u07") == (16, 59 * 16)
    assert rows_of(tmp_path / "shop", "u7") is None


def test_what_is_held_out_of_others_by_time_stays_held_out() -> None:
    """Without a user who did much late, a tenth would begin earlier: in what was trained on."""
    rows = shop.interactions() + "".join(
        f"late,i{item % 24:02d},2024-12-{item % 28 + 1:02d} 09:{item % 60:02d}:00,purchase\n"
        for item in range(300)
    )
    before = built(rows, shop.users())
    after = without_user(before, "late")
    assert held_out_from(before) > held_out_from(after)
    was = split_dataset(before, "by-time")
    now = split_dataset(after, "by-time", held_out_from(before))
    kept = np.arange(len(before.users)) != before.users["user_id"].tolist().index("late")
    assert now.train_end.tolist() == was.train_end[kept].tolist()
    assert now.test_start.tolist() == was.test_start[kept].tolist()


def test_a_note_forgets_an_id_that_had_blanks_in_the_file() -> None:
    rows = "".join(f" 1000{n}.0 ,{item},2024-01-0{n},5\n" for n in (1, 2, 3) for item in "ab")
    file = ("sales.csv", f"user_id,item_id,timestamp,rating\n{rows}".encode())
    before = build_dataset(read_tables(file), "sales")
    named = [note for note in before.notes if "10001" in note]
    assert named
    after = without_user(before, before.users["user_id"].iloc[0])
    assert not [note for note in after.notes if "10001" in note]
