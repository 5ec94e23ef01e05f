"""Which groups of customers may be shown apart while ids are hidden."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import groups
from recommender.evaluate.items import Audience


@pytest.mark.parametrize(
    ("sizes", "out"),
    [
        ({"a": 100, "b": 40}, ""),
        ({"a": 100, "b": 40, "c": 10}, ""),
        ({"a": 100, "b": 40, "c": 3}, "bc"),  # c alone could be told from the whole
        ({"a": 100, "b": 40, "c": 6, "d": 5}, "cd"),  # eleven together
        ({"a": 100, "b": 40, "c": 4, "d": 5}, "bcd"),  # nine together
        ({"a": 100, "c": 3}, "ac"),
        ({"a": 4, "b": 3}, "ab"),
        ({"a": 100, "b": 40, "c": 0}, ""),
        ({}, ""),
    ],
)
def test_what_is_left_out_is_never_a_small_group(sizes: dict[str, int], out: str) -> None:
    assert groups.withheld(sizes, 10) == frozenset(out)


@given(st.dictionaries(st.integers(), st.integers(0, 60)), st.integers(1, 20))
def test_what_can_be_told_from_the_whole_is_no_small_group(
    sizes: dict[int, int], least: int
) -> None:
    out = groups.withheld(sizes, least)
    shown = [n for name, n in sizes.items() if name not in out and n]
    assert all(n >= least for n in shown)
    left = [sizes[name] for name in out]
    assert not left or not shown or (sum(left) >= least and len(left) > 1)


def users(first: int, end: int) -> tuple[int, ...]:
    return tuple(range(first, end))


SHOP = {
    "region=North": users(0, 50),
    "region=South": users(50, 97),
    "region=Islands": users(97, 100),
    "age=young": users(0, 45) + users(50, 60),
    "age=old": users(45, 50) + users(60, 100),
    "history=1–3": users(0, 25) + users(50, 75),
    "history=4–9": users(25, 50) + users(75, 100),
}


def test_small_groups_are_no_choice() -> None:
    assert set(SHOP) - set(groups.told_apart(SHOP, 10)) == {"region=South", "region=Islands"}
    assert groups.told_apart(SHOP, 1) == SHOP


@pytest.mark.parametrize(
    ("named", "may"),
    [
        (("region=North",), True),
        (("region=Islands",), False),
        (("region=North", "age=young"), False),  # but for five all of the North are young
        (("region=South", "age=old"), False),  # eight of the old are not of the South
        (("region=North", "history=1–3"), True),
        (("region=North", "history=1–3", "history=4–9"), True),  # all of the North
        (("region=North", "age=old"), False),  # five
        (("region=North", "region=South", "age=old"), False),  # would tell the five
        (("region=South", "region=Islands", "history=4–9"), False),  # three of the islands
    ],
)
def test_groups_that_leave_few_beside_are_not_shown(named: tuple[str, ...], may: bool) -> None:
    assert groups.may_be_told(SHOP, named, 10) is may
    assert groups.may_be_told(SHOP, named, 1)


def audience(**parts: Any) -> Audience:
    empty = pd.DataFrame({"users": [], "lists": []})
    known: dict[str, Any] = {"causes": empty, "rivals": empty}
    fields = dict.fromkeys(Audience.__dataclass_fields__)
    return Audience(**cast(Any, fields | known | parts))


def test_whoever_has_no_value_is_a_group_too() -> None:
    table = pd.DataFrame(
        {"feature": "region", "value": ["North", "South"], "users": [50, 47], "receivers": 20}
    )
    whole = groups.in_audience(audience(segments=table, asked=97), 10)
    assert whole.segments["value"].tolist() == ["North", "South"]
    without = groups.in_audience(audience(segments=table, asked=100), 10)
    assert without.segments["value"].tolist() == ["North"]  # three more could be told from all


def test_products_that_few_have_in_their_past_are_left_out() -> None:
    causes = pd.DataFrame({"title": ["Kettle", "Tripod"], "users": [10, 9]})
    rivals = pd.DataFrame({"title": ["Lamp", "Chair"], "lists": [9, 10]})
    segments = pd.DataFrame({"feature": [], "value": [], "users": []})
    found = audience(segments=segments, causes=causes, rivals=rivals, asked=0)
    assert groups.in_audience(found, 10).causes["title"].tolist() == ["Kettle"]
    assert groups.in_audience(found, 10).rivals["title"].tolist() == ["Chair"]
    assert groups.in_audience(found, 1) is found


def test_what_is_small_in_one_view_is_left_out_in_all() -> None:
    rows = [
        (view, "region", group, n)
        for view, sizes in {"all": (60, 30, 10, 12), "new": (60, 30, 9, 12)}.items()
        for group, n in zip(("North", "South", "East", "Islands"), sizes, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["view", "grouping", "group", "users"])
    measured = groups.in_quality(quality(segments=table), 10)
    assert measured.segments["group"].tolist() == ["North", "South"] * 2


def test_of_some_customers_no_groups_are_told_apart() -> None:
    table = pd.DataFrame({"segment": "region", "group": ["North", "South"], "users": [60, 40]})
    found = overall(segments=table)
    assert groups.in_overall(found, 10, narrowed=False).segments["group"].tolist() == [
        "North",
        "South",
    ]
    assert groups.in_overall(found, 10, narrowed=True).segments.empty
    assert groups.in_overall(found, 1, narrowed=True) is found


def quality(segments: pd.DataFrame) -> Any:
    from recommender.evaluate.quality import Quality

    empty = pd.DataFrame()
    return Quality(beyond=empty, segments=segments, fame=empty, cases=0)


def overall(segments: pd.DataFrame) -> Any:
    from recommender.evaluate.global_explanation import Overall

    fields = dict.fromkeys(Overall.__dataclass_fields__)
    return Overall(**cast(Any, fields | {"segments": segments}))


def test_the_operator_says_how_small_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(groups.SETTING, raising=False)
    assert groups.floor() == 10
    monkeypatch.setenv(groups.SETTING, "25")
    assert groups.floor() == 25
    monkeypatch.setenv(groups.SETTING, "none")
    with pytest.raises(ValueError, match="RECLENS_SMALLEST_GROUP is 'none'"):
        groups.floor()


def test_nothing_is_small_while_ids_are_shown() -> None:
    assert groups.smallest() == 1
    assert groups.note() == ""
    assert groups.counted(3) == "3"


def test_a_small_number_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups.state, "masked", lambda: True)
    assert [groups.counted(n) for n in (0, 9, 10, 1_200)] == [
        "0",
        "fewer than 10",
        "10",
        "1,200",
    ]


def test_features_whose_names_hold_signs_of_equality_are_groupings_of_their_own() -> None:
    """Taken for one grouping, the towns and who lives in the first would add up to it and one."""
    north, old = tuple(range(30)), (*range(1, 30), 40)
    sizes = {
        groups.spelled("town", "a=North"): north,
        groups.spelled("town=a", "North"): old,
        groups.spelled("50%3D", "x"): old,
    }
    assert len(sizes) == 3
    assert [groups.grouping_and_group(told) for told in sizes] == [
        ("town", "a=North"), ("town=a", "North"), ("50%3D", "x"),
    ]  # fmt: skip
    assert not groups.may_be_told(sizes, list(sizes)[:2], 10)
