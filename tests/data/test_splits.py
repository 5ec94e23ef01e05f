from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import (
    SPLITS,
    Dataset,
    Holdout,
    SplitName,
    propose_split,
    split_dataset,
)
from tests.data.shop import built, shop

HEADER = "user,item,time,event,order_id\n"
# One user: b1 a view and a purchase, b2 two purchases, b3 a view only, b4 a view and a purchase.
JOURNEY = HEADER + (
    "u,a,2024-01-01,view,b1\nu,a,2024-01-02,purchase,b1\n"
    "u,b,2024-01-03,purchase,b2\nu,c,2024-01-03,purchase,b2\n"
    "u,d,2024-01-04,view,b3\n"
    "u,d,2024-01-05,view,b4\nu,e,2024-01-06,purchase,b4\nu,d,2024-01-07,view,b4\n"
)


def cases(holdout: Holdout, dataset: Dataset) -> list[tuple[str, int, int, list[str]]]:
    """User, cut, day of the month as of which, and answers."""
    ids = dataset.items["item_id"].to_numpy()
    return [
        (
            dataset.users["user_id"].iloc[user],
            int(cut),
            int((as_of - 1_704_067_200) // 86_400) + 1,
            ids[holdout.targets(case)].tolist(),
        )
        for case, (user, cut, as_of) in enumerate(
            zip(holdout.users, holdout.cuts, holdout.as_of, strict=True)
        )
    ]


@st.composite
def journeys(draw: st.DrawFn) -> str:
    step = st.tuples(
        st.sampled_from("uvw"),
        st.sampled_from("abcd"),
        st.integers(10, 20),
        st.sampled_from(["view", "purchase"]),
    )
    steps = draw(st.lists(step, min_size=1, max_size=25))
    rows = [f"{user},{item},2024-01-{day},{event}\n" for user, item, day, event in steps]
    return "user,item,time,event\n" + "".join(rows)


def test_last_basket_with_a_purchase_is_held_out_from_its_first_event_on() -> None:
    dataset = built(JOURNEY)
    split = split_dataset(dataset, "leave-last-basket-out")
    assert cases(split.test, dataset) == [("u", 5, 5, ["e"])]
    assert cases(split.validation, dataset) == [("u", 2, 3, ["b", "c"])]
    assert split.train_end.tolist() == [2]


def test_last_purchase_alone_is_held_out() -> None:
    dataset = built(JOURNEY)
    split = split_dataset(dataset, "leave-last-out")
    assert cases(split.test, dataset) == [("u", 6, 6, ["e"])]
    assert cases(split.validation, dataset) == [("u", 3, 3, ["c"])]
    assert split.train_end.tolist() == [3]


def test_users_need_something_to_remember() -> None:
    dataset = built(
        "user,item,time\none,a,2024-01-01\n"
        "two,a,2024-01-01\ntwo,b,2024-01-02\n"
        "zoe,a,2024-01-01\nzoe,b,2024-01-02\nzoe,c,2024-01-03\n"
    )
    for name in ("leave-last-out", "leave-last-basket-out"):
        split = split_dataset(dataset, name)  # type: ignore[arg-type]
        assert cases(split.test, dataset) == [("two", 1, 2, ["b"]), ("zoe", 2, 3, ["c"])]
        assert cases(split.validation, dataset) == [("zoe", 1, 2, ["b"])]
        assert split.train_end.tolist() == [1, 1, 1]


def test_item_bought_twice_in_the_held_out_basket_is_one_answer() -> None:
    dataset = built(HEADER + "u,a,2024-01-01,buy,1\nu,b,2024-01-02,buy,2\nu,b,2024-01-03,buy,2\n")
    assert cases(split_dataset(dataset).test, dataset) == [("u", 1, 2, ["b"])]


def test_by_time_holds_out_the_same_weeks_of_everyone() -> None:
    days = "".join(f"u,i{day:02},2024-01-{day:02}\n" for day in range(1, 11))
    dataset = built("user,item,time\n" + days + "v,i01,2024-01-01\nw,i05,2024-01-10\n")
    split = split_dataset(dataset, "by-time")
    assert cases(split.test, dataset) == [("u", 9, 10, ["i10"])]
    assert cases(split.validation, dataset) == [("u", 8, 9, ["i09"])]
    assert split.train_end.tolist() == [8, 1, 0]


def test_by_time_users_without_an_earlier_event_stand_apart() -> None:
    days = "".join(f"u,i{day:02},2024-01-{day:02}\n" for day in range(1, 11))
    late = "w,i05,2024-01-10\nw,i06,2024-01-11\nv,i01,2024-01-01\n"
    dataset = built("user,item,time\n" + days + late)
    split = split_dataset(dataset, "by-time")
    assert cases(split.newcomers, dataset) == [("w", 0, 10, ["i05", "i06"])]
    assert not len(split_dataset(dataset, "leave-last-out").newcomers)


def test_an_added_like_is_neither_asked_about_nor_anything_to_remember() -> None:
    dataset = built(
        "user,item,time,event\n"
        "own,a,2024-01-01,add\nown,b,2024-01-02,purchase\n"
        "liker,a,2024-01-01,like\nliker,b,2024-01-02,purchase\n"
        "both,a,2024-01-01,purchase\nboth,c,2024-01-02,like\nboth,b,2024-01-03,purchase\n"
        "both,d,2024-01-04,like\n"
    )
    assert set(dataset.event_types) == {"add", "like", "purchase"}
    liked = replace(dataset, liked_event="like", target_events=("like", "purchase"))
    for name in ("leave-last-out", "leave-last-basket-out"):
        split = split_dataset(liked, name)  # type: ignore[arg-type]
        assert sorted(cases(split.test, liked)) == [("both", 2, 3, ["b"]), ("own", 1, 2, ["b"])]


def test_some_of_the_cases_keep_their_own_answers() -> None:
    whole = Holdout(
        users=np.array([2, 5, 7, 8]),
        cuts=np.array([1, 3, 2, 9]),
        as_of=np.array([10, 20, 30, 40]),
        target_offsets=np.array([0, 2, 3, 6, 7]),
        target_items=np.array([4, 9, 1, 3, 5, 6, 8]),
    )
    some = whole.of(np.array([0, 2, 3]))
    assert (some.users.tolist(), some.cuts.tolist()) == ([2, 7, 8], [1, 2, 9])
    assert some.as_of.tolist() == [10, 30, 40]
    assert [some.targets(case).tolist() for case in range(3)] == [[4, 9], [3, 5, 6], [8]]
    assert len(whole.of(np.array([], dtype=int))) == 0


@settings(max_examples=15)
@given(journeys())
def test_by_time_against_a_plain_loop(content: str) -> None:
    dataset = built(content)
    wanted = [dataset.event_types.index(event) for event in dataset.target_events]
    table = dataset.interactions
    times = sorted(table["time"][table["event"].isin(wanted)])
    bounds = [times[int(len(times) * share)] for share in (1 - 2 * 0.1, 1 - 0.1)]
    bounds.append(times[-1] + 10**9)
    split = split_dataset(dataset, "by-time")
    for holdout, newcomers, start, end in (
        (split.validation, False, *bounds[:2]),
        (split.test, False, *bounds[1:]),
        (split.newcomers, True, *bounds[1:]),
    ):
        expected = []
        for user in range(len(dataset.users)):
            history = dataset.history(user)
            cut = int((history.times < start).sum())
            held = [
                int(item)
                for item, time, event in zip(
                    history.items, history.times, history.events, strict=True
                )
                if start <= time < end and event in wanted
            ]
            if held and (cut == 0) == newcomers:
                expected.append((user, cut, sorted(set(held))))
        found = zip(
            holdout.users, holdout.cuts, map(holdout.targets, range(len(holdout))), strict=True
        )
        assert [(int(u), int(c), t.tolist()) for u, c, t in found] == expected


def test_data_without_time_cannot_be_split_by_time() -> None:
    with pytest.raises(ValueError, match="has no time"):
        split_dataset(built("user,item\nu,a\nu,b\n"), "by-time")


def test_unknown_split_is_an_error() -> None:
    with pytest.raises(ValueError, match="no split called 'random'; choose one of leave-last-out"):
        split_dataset(shop(), "random")  # type: ignore[arg-type]


def test_baskets_are_proposed_where_there_are_some() -> None:
    assert propose_split(built("user,item\nu,a\nu,b\n")) == "leave-last-out"
    assert propose_split(shop()) == "leave-last-out"
    both = built("user,item,time\nu,a,2024-01-01\nu,b,2024-01-01\n")
    assert propose_split(both) == "leave-last-basket-out"
    assert split_dataset(both).name == "leave-last-basket-out"


def test_one_event_leaves_nothing_to_hold_out() -> None:
    dataset = built("user,item,time\nu,a,2024-01-01\n")
    for name in SPLITS:
        split = split_dataset(dataset, name)
        assert len(split.test) == len(split.validation) == 0
        assert split.test.target_offsets.tolist() == [0]


@settings(max_examples=15)
@given(journeys(), st.sampled_from(SPLITS))
def test_laws_of_splits(content: str, name: SplitName) -> None:
    dataset = built(content)
    split = split_dataset(dataset, name)
    train_end = split.train_end
    assert (train_end <= split.test_start).all()
    assert (split.test_start <= np.diff(dataset.offsets)).all()
    assert (split.test_start[split.test.users] == split.test.cuts).all()
    for holdout in (split.validation, split.test):
        assert (holdout.cuts >= 1).all()
        assert len(set(holdout.users.tolist())) == len(holdout)
        for case in range(len(holdout)):
            user, cut = int(holdout.users[case]), int(holdout.cuts[case])
            history = dataset.history(user)
            assert train_end[user] <= cut
            assert history.times[cut] == holdout.as_of[case]
            assert (history.times[:cut] <= holdout.as_of[case]).all()
            targets = holdout.targets(case).tolist()
            assert targets == sorted(set(targets)) != []
            codes = [dataset.event_types.index(event) for event in dataset.target_events]
            later = {
                int(item)
                for item, event in zip(history.items[cut:], history.events[cut:], strict=True)
                if event in codes
            }
            assert set(targets) <= later
    if name != "by-time":
        validated = dict(zip(split.validation.users, split.validation.cuts, strict=True))
        for user, cut in zip(split.test.users, split.test.cuts, strict=True):
            assert train_end[user] == validated.get(user, cut)


@settings(max_examples=15)
@given(journeys())
def test_last_basket_against_a_plain_loop(content: str) -> None:
    dataset = built(content)
    expected = []
    wanted = [dataset.event_types.index(event) for event in dataset.target_events]
    for user in range(len(dataset.users)):
        history = dataset.history(user)
        with_target = {
            int(basket)
            for basket, event in zip(history.baskets, history.events, strict=True)
            if event in wanted
        }
        if with_target and (last := max(with_target)) > 0:
            first = history.baskets.tolist().index(last)
            answers = {
                int(item)
                for item, event, basket in zip(
                    history.items, history.events, history.baskets, strict=True
                )
                if event in wanted and basket == last
            }
            expected.append((user, first, sorted(answers)))
    test = split_dataset(dataset, "leave-last-basket-out").test
    assert expected == [
        (int(test.users[i]), int(test.cuts[i]), test.targets(i).tolist()) for i in range(len(test))
    ]


@pytest.mark.parametrize("name", SPLITS)
def test_where_nothing_is_asked_for_nothing_is_held_out(name: SplitName) -> None:
    rows = "u,a,1969-01-01,view\nu,b,1969-01-02,view\nu,a,1969-01-03,purchase\n"
    bought = built("user,item,time,event\n" + rows)
    looked = bought.interactions["event"] == bought.event_types.index("view")
    dataset = replace(bought, interactions=bought.interactions[looked])
    split = split_dataset(dataset, name)
    assert len(split.test) == len(split.validation) == len(split.newcomers) == 0
    assert split.train_end.tolist() == split.test_start.tolist() == [2]
