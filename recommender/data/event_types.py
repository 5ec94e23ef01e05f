"""What a type of event means, from the words in its name: bought, given back, taken out again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from recommender.data.cleaning.synonyms import FUNNEL, PURCHASES, RETURNS

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_BUYING_WORDS: Final = """purchase purchased purchases buy buys bought ordered sold paid
    conversion converted"""
_BUYING: Final = frozenset(_BUYING_WORDS.split())
"""Words that say it, whatever stands beside them."""
_ORDERS_WORDS: Final = """order orders checkout payment transaction transactions sale"""
_ORDERS: Final = frozenset(_ORDERS_WORDS.split())
"""Words of what is bought only once it is done: an order may be viewed, a checkout begun."""
_DONE_WORDS: Final = """complete completed completes place placed success successful
    successfully succeeded confirm confirmed confirmation done made finished fulfilled submit
    submitted received approved paid delivered shipped"""
_DONE: Final = frozenset(_DONE_WORDS.split())
_NOT_DONE_WORDS: Final = """view views viewed click clicks clicked start started begin begins
    began begun initiate initiated fail failed failure abandon abandoned declined pending
    unsuccessful not no intent add added button page step info entered request requested updated
    reminder search searched impression hover saved"""
_NOT_DONE: Final = frozenset(_NOT_DONE_WORDS.split())
_BESIDE_WORDS: Final = """product item user web app online in store ecommerce event type"""
_BESIDE: Final = frozenset(_BESIDE_WORDS.split())
_GIVEN_BACK_WORDS: Final = """return returned returns refund refunded refunds cancel cancelled
    canceled cancellation chargeback voided"""
_GIVEN_BACK: Final = frozenset(_GIVEN_BACK_WORDS.split())
_GOING_WORDS: Final = """visit visitor visitors user users policy home page view viewed"""
_GOING: Final = frozenset(_GOING_WORDS.split())
_TAKEN_OUT_WORDS: Final = """remove removed removes removal delete deleted unlike unliked unsave
    unsaved unfavorite unfavourite unfollow unfollowed uncollect dislike disliked downvote
    downvoted hate thumbsdown notinterested removefromcart removefromwishlist"""
_TAKEN_OUT: Final = frozenset(_TAKEN_OUT_WORDS.split())
_BOUGHT_ZH: Final = r"购买|下单|支付|成交|付款|已买|买入|申购"
_NOT_BOUGHT_ZH: Final = r"取消|退|失败|未|待|浏览|点击|加购|购物车|提醒"
_TAKEN_OUT_ZH: Final = (
    r"(取消|移除|移出|删除|清空).*(收藏|关注|赞|喜欢|购物车|加购|心愿单)"
    r"|(购物车|心愿单|收藏夹?)中?(删除|移除|移出)"
    r"|不喜欢|不感兴趣|点踩"
)
_GIVEN_BACK_ZH: Final = r"退货|退款|取消|赎回|撤单"


def words_of(name: str) -> frozenset[str]:
    """The words of a name in lower case, however it is written: `orderCompleted`, `add_to_cart`."""
    return frozenset(word.casefold() for word in _WORD.findall(name))


def is_purchase(name: str) -> bool:
    """Whether an event of this type is a purchase that was made."""
    if is_return(name) or is_removal(name):
        return False
    if name.strip().casefold() in PURCHASES:
        return True
    words = words_of(name)
    if words & _NOT_DONE or (re.search(_NOT_BOUGHT_ZH, name)):
        return False
    orders = words & _ORDERS
    done = bool(orders) and (bool(words & _DONE) or words <= _ORDERS | _BESIDE)
    return bool(words & _BUYING) or done or re.search(_BOUGHT_ZH, name) is not None


def is_return(name: str) -> bool:
    """Whether it takes a purchase back."""
    if is_removal(name):
        return False
    if name.strip().casefold() in RETURNS or re.search(_GIVEN_BACK_ZH, name):
        return True
    words = words_of(name)
    return bool(words & _GIVEN_BACK) and not words & _GOING


def is_removal(name: str) -> bool:
    """Whether it takes something out of a cart or list again, or says that it is not liked."""
    if re.search(_TAKEN_OUT_ZH, name):
        return True
    words = words_of(name)
    not_wanted = ("thumbs" in words and "down" in words) or {"not", "interested"} <= words
    return bool(words & _TAKEN_OUT) or not_wanted


def targets_among(types: Iterable[str]) -> tuple[str, ...]:
    """The types that are purchases; none where none is known as one."""
    return tuple(name for name in types if is_purchase(name))


def step_of(name: str) -> int:
    """Where the type stands between the first glance and the purchase."""
    if is_purchase(name):
        return len(FUNNEL) + 1
    for step, names in enumerate(FUNNEL):
        if name.casefold() in names:
            return step
    words = words_of(name)
    steps = [step for step, names in enumerate(FUNNEL) if words & names]
    return steps[-1] if steps else len(FUNNEL)
