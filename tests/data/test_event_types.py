"""What types of events are called in the files of the world, and which of them are predicted."""

from __future__ import annotations

import pytest

from recommender.data import TableError, build_dataset
from recommender.data.event_types import is_purchase, is_removal, is_return, step_of
from tests.data.shop import built, read


def names(listed: str) -> list[str]:
    """Names with bars or line ends between them."""
    return [name.strip() for line in listed.split("\n") for name in line.split("|") if name.strip()]


@pytest.mark.parametrize(
    "name",
    names("""
    Order Completed|order_completed|orderCompleted|Completed Order|Purchase|purchase|PURCHASE
    product_purchased|ecommerce_purchase|in_app_purchase|checkout_complete|Order Placed
    placed_order|buy|Buy Now|bought|paid|payment_success|Payment Successful|transaction
    Transaction Completed|sale|checkout|order|item_sold|conversion|购买|下单|支付成功|成交
    已付款|下单成功
    """),
)
def test_names_of_purchases(name: str) -> None:
    assert is_purchase(name)
    assert not is_return(name) and not is_removal(name)


@pytest.mark.parametrize(
    "name",
    names("""
    Product Viewed|view_item|add_to_cart|Product Added|begin_checkout|Checkout Started
    checkout_step_completed|add_payment_info|Payment Info Entered|Order Viewed|order_updated
    payment_failed|Payment Declined|purchase_intent|buy_button_click|click|view|cart|wishlist
    remove_from_cart|order_cancelled|refund|1|4|加入购物车|待付款|取消订单|浏览|收藏|付款失败
    Order Abandoned|saved_order
    """),
)
def test_names_that_are_no_purchases(name: str) -> None:
    assert not is_purchase(name)


@pytest.mark.parametrize(
    "name",
    names("""
    return|Returned|refund|Order Refunded|order_cancelled|Order Canceled|product_returned
    transaction_refunded|chargeback|purchase_refund|退货|退款|取消订单|申请退款|item_return
    CANCELLED|cancellation|refunded|payment_voided|赎回
    """),
)
def test_names_of_returns(name: str) -> None:
    assert is_return(name)


@pytest.mark.parametrize("name", ["returning_visitor", "Return Policy Viewed", "view_returns_page"])
def test_names_that_only_sound_like_returns(name: str) -> None:
    assert not is_return(name)


@pytest.mark.parametrize(
    "name",
    names("""
    remove_from_cart|Product Removed|removeFromCart|removed_from_cart|delete_from_cart
    Remove From Wishlist|unlike|dislike|Disliked|unfollow|unfavorite|downvote|thumbs_down
    thumbs-down|not_interested|Product Removed from Wishlist|cart_remove|item_deleted|取消收藏
    移出购物车|从购物车删除|不感兴趣|点踩|删除收藏
    """),
)
def test_names_of_removals(name: str) -> None:
    assert is_removal(name)
    assert not is_purchase(name)


def test_types_go_from_the_glance_to_the_purchase() -> None:
    told = ["Order Completed", "Product Added", "Product Viewed", "Product Clicked"]
    assert sorted(told, key=step_of) == [
        "Product Viewed", "Product Clicked", "Product Added", "Order Completed",
    ]  # fmt: skip


def log(*types: str) -> str:
    rows = [f"u{i % 3},p{i % 4},2024-01-{i + 1:02d},{name}\n" for i, name in enumerate(types)]
    return "user_id,item_id,time,event\n" + "".join(rows)


def test_a_completed_order_is_what_is_predicted() -> None:
    dataset = built(log("Product Viewed", "Product Added", "Order Completed", "Product Viewed"))
    assert dataset.target_events == ("Order Completed",)


@pytest.mark.parametrize("types", ["1 3 4 1 1 2", "pv fav cart", "view like share", "a b"])
def test_without_a_known_purchase_it_is_asked_what_is_predicted(types: str) -> None:
    tables = read(log(*types.split()))
    (asked,) = [p for p in tables.problems if p.message.startswith("no type of event is known")]
    assert "so all of them are predicted" in asked.message
    assert asked.remedy == "Say which types are to be predicted"
    assert asked.sentence in build_dataset(tables, "shop").notes


def test_what_is_predicted_can_be_said_and_is_asked_no_more() -> None:
    tables = read(log("1", "3", "4", "1", "1", "4"), predicted=("4",))
    assert not tables.problems
    assert build_dataset(tables, "shop").target_events == ("4",)


def test_a_type_that_is_not_there_cannot_be_predicted() -> None:
    with pytest.raises(TableError, match="no event of type '5', which is to be predicted"):
        read(log("1", "4"), predicted=("5",))


@pytest.mark.parametrize("types", ["view purchase", "view view", "浏览 购买"])
def test_nothing_is_asked_where_it_is_known(types: str) -> None:
    assert not read(log(*types.split())).problems


def test_removals_are_no_interest_and_what_was_removed_is_not_new() -> None:
    tables = read(log("view", "remove_from_cart", "purchase", "cart"))
    assert tables.interactions["event"].tolist() == ["view", "purchase", "cart"]
    assert tables.uncounted["reason"].tolist() == ["removed"]
    assert "1 event of type 'remove_from_cart' is no interest and was left out" in [
        problem.message for problem in tables.problems
    ]


def test_removals_can_count_all_the_same() -> None:
    tables = read(log("view", "dislike"), refused=frozenset({"removals"}))
    assert len(tables.interactions) == 2
