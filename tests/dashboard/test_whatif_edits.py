from __future__ import annotations

from datetime import date

import pytest

from dashboard import edits
from dashboard.edits import NOTHING, Draft
from recommender.data.histories import SECONDS_A_DAY
from tests.dashboard.shop import dataset

USER = 7


def draft(*said: str) -> Draft:
    return edits.apply(dataset(), dataset().history(USER), said)


def keys(found: Draft) -> list[str]:
    return [row.key for row in found.kept]


def test_without_edits_the_draft_is_the_history() -> None:
    history, found = dataset().history(USER), draft()
    assert [row.item for row in found.kept] == history.items.tolist()
    assert [row.time for row in found.kept] == history.times.tolist()
    assert {row.state for row in found.rows} == {"kept"}
    assert found.as_of == history.as_of


def test_events_left_out_stay_in_sight_and_can_be_put_back() -> None:
    found = draft(edits.removed("0", "3"))
    assert keys(found)[:3] == ["1", "2", "4"]
    assert [row.key for row in found.rows if row.state == "removed"] == ["0", "3"]
    assert draft(edits.removed("0", "3"), edits.put_back("3", "0")) == draft()


def test_another_day_puts_an_event_in_its_new_place() -> None:
    first = draft().rows[0]
    found = draft(edits.dated("0", date(2024, 4, 20)))
    moved = found.row("0")
    assert moved is not None
    assert moved.state == "changed"
    assert moved.time % SECONDS_A_DAY == first.time % SECONDS_A_DAY
    assert [row.time for row in found.kept] == sorted(row.time for row in found.kept)
    assert keys(found)[0] == "1"


def test_no_event_comes_after_the_moment_asked_about() -> None:
    for said in (edits.dated("0", date(2030, 1, 1)), edits.added("i05", 0, date(2030, 1, 1))):
        assert draft(said).kept[-1].time == draft().as_of


def test_another_kind_of_event() -> None:
    row = draft(edits.of_kind("0", 1)).row("0")
    assert row is not None
    assert (row.event, row.state) == (1, "changed")


def test_neighbours_change_places_and_keep_the_times() -> None:
    before, found = draft(), draft(edits.later("2"))
    assert keys(found)[2:4] == ["3", "2"]
    assert [row.time for row in found.kept] == [row.time for row in before.kept]
    assert draft(edits.later("2"), edits.earlier("2")) == before


def test_neighbours_skip_what_was_left_out() -> None:
    assert keys(draft(edits.removed("3"), edits.later("2")))[2:4] == ["4", "2"]


def test_an_added_event_can_be_edited_like_any_other() -> None:
    found = draft(edits.added("i05", 1, date(2024, 3, 1)))
    new = found.row("a0")
    assert new is not None
    assert (new.item, new.event, new.state) == (5, 1, "added")
    again = draft(edits.added("i05", 1, date(2024, 3, 1)), edits.of_kind("a0", 0))
    assert again.row("a0") is not None
    assert len(draft(edits.added("i05", 1, date(2024, 3, 1)), edits.removed("a0")).kept) == 16


def test_ids_with_points_are_added_too() -> None:
    # There is no such item here: the edit is told and not made, its id whole.
    assert draft(edits.added("i.0.5", 1, date(2024, 3, 1))).refused == ("a20240301.1.i.0.5",)


def test_a_profile_value_is_set_and_made_unknown() -> None:
    assert draft(edits.profiled(0, (2,))).profile == ((2,),)
    assert draft(edits.profiled(0, ())).profile == ((),)


def test_starting_from_nothing_leaves_neither_events_nor_profile() -> None:
    found = draft(NOTHING)
    assert found.kept == ()
    assert found.profile == ((),)
    assert len(found.rows) == 16


@pytest.mark.parametrize(
    "said",
    ["", "q", "x", "x99", "d0", "d0.never", "d0.99999999", "k0.7", "k0.-1", "e0", "l15", "a0.0.i05",
     "a20240301.9.i05", "p9.1", "p0.99", "p-1.1", "p0.1.1", "pold", "n3"],
)  # fmt: skip
def test_what_does_not_fit_is_told_and_changes_nothing(said: str) -> None:
    found = draft(said)
    assert found.refused == (said,)
    assert found.rows == draft().rows
    assert found.profile == draft().profile
