from __future__ import annotations

import pytest

from tests.data.shop import built, shop


def test_history_is_what_the_user_did_as_of_the_end_of_the_data() -> None:
    history = shop().history(0)
    assert history.items.tolist() == [0, 0, 1]
    assert history.events.tolist() == [0, 1, 1]
    assert history.baskets.tolist() == [0, 0, 1]
    assert history.times.tolist() == [1_704_103_200, 1_704_103_500, 1_704_272_400]
    assert history.as_of == 1_704_801_600  # bob's last purchase


def test_history_can_be_cut_and_dated() -> None:
    history = shop().history(0, cut=1, as_of=5)
    assert (len(history), history.as_of) == (1, 5)
    assert len(shop().history(0, cut=0)) == 0
    assert len(shop().history(1, cut=99)) == 2


def test_profile_holds_the_codes_of_the_users_features() -> None:
    dataset = shop()
    assert dataset.user_features[0].values == ("north", "south")
    assert [dataset.history(user).profile.tolist() for user in range(3)] == [[[1]], [[2]], [[1]]]


def test_user_without_events_has_an_empty_history() -> None:
    assert len(shop().history(2)) == 0


def test_without_user_features_the_profile_is_empty() -> None:
    assert built("user,item\nu,a\n").history(0).profile.shape == (0, 0)


def test_without_time_the_moment_is_the_day_after_the_last_event() -> None:
    dataset = built("user,item\nu,a\nu,b\nv,a\n")
    assert dataset.history(0).as_of == 2 * 86_400
    assert dataset.history(1).as_of == 86_400


@pytest.mark.parametrize("user", [-1, 3])
def test_unknown_user_is_an_error(user: int) -> None:
    with pytest.raises(IndexError, match="the data set has 3 users"):
        shop().history(user)


def test_deleted_events_close_up_and_the_moment_stays() -> None:
    history = shop().history(0)
    assert history.without(1).items.tolist() == [0, 1]
    assert history.without(1).as_of == history.as_of
    assert history.newest(1).items.tolist() == [1]
    assert len(history.newest(9)) == 3
