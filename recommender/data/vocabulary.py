"""What a data set's own people would say: not every list of events is a shop's.

A data set of films is *watched* by *viewers*, one of courses is *enrolled* in by *students*. Which
words these are in a reader's language is said in `recommender/words/vocabulary.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Final

from recommender.data.cleaning.synonyms import PURCHASES, plain
from recommender.data.columns import ITEM, TIME, TITLE, USER, TableName
from recommender.said import StatedError

_USUAL: Final[Mapping[str, tuple[str, str]]] = {
    "bought": ("product", "customer"),
    "watched": ("film", "viewer"),
    "read": ("article", "reader"),
    "listened": ("song", "listener"),
    "played": ("game", "player"),
    "rated": ("item", "user"),
    "clicked": ("item", "user"),
    "viewed": ("item", "user"),
    "enrolled": ("course", "student"),
    "used": ("item", "user"),
}
"""What is done, and the usual words for what it is done with and for who does it."""
VERBS: Final = tuple(_USUAL)
_DONE_WITH: Final[Mapping[str, tuple[str, str]]] = {
    "product": ("bought", "customer"),
    "film": ("watched", "viewer"),
    "book": ("read", "reader"),
    "article": ("read", "reader"),
    "song": ("listened", "listener"),
    "game": ("played", "player"),
    "course": ("enrolled", "student"),
    "fund": ("bought", "investor"),
    "item": ("used", "user"),
}
"""A word for items, with what is usually done with them and by whom."""
ITEMS: Final = tuple(_DONE_WITH)
PEOPLE: Final = (
    "customer", "reader", "viewer", "listener", "player", "student", "investor", "user",
)  # fmt: skip

_EVENTS: Final[Mapping[str, str]] = {
    "watched": "watch watched watching watchtime 观看 看过 播放",
    "read": "read reads reading finished 阅读 读过 已读",
    "listened": "listen listened listening scrobble stream streamed 收听 听过",
    "played": "play played playing 游玩 玩过",
    "rated": "rating rate rated review reviewed 评分 打分 评价",
    "clicked": "click clk clicked 点击",
    "viewed": "view views viewed pageview page_view pv impression browse 浏览 查看",
    "enrolled": "enrol enroll enrolled enrolment enrollment 报名 选课",
    "bought": "invest invested 申购",
}
"""Event types that say what is done, beside those that are purchases."""
_TIMES: Final[Mapping[str, str]] = {
    "watched": "watchedat watchdate datewatched watchtime 观看时间 观看日期",
    "read": "dateread readat readdate finishedreading 阅读时间 读完日期",
    "listened": "listenedat listentime scrobbledat 收听时间",
    "played": "playedat lastplayed playtime 游玩时间",
    "rated": "ratedat ratingdate reviewtime unixreviewtime reviewdate 评分时间 评分日期",
    "clicked": "clickedat clicktime 点击时间",
    "viewed": "viewedat viewtime 浏览时间",
    "enrolled": "enrolledat enrolmentdate enrollmentdate enroldate 报名时间 选课时间",
    "bought": """orderdate ordertime orderdatetime invoicedate purchasedate purchasetime purchasedat
        transactiondate 购买时间 购买日期 下单时间 下单日期 订单时间 订单日期 支付时间""",
}
_ITEM_COLUMNS: Final[Mapping[str, str]] = {
    "product": "product sku stockcode goods asin gtin barcode upc ean listing 商品 产品 货",
    "film": "movie film video anime show series episode 电影 影片 视频 剧集 动漫",
    "book": "book isbn 图书 书籍 书名",
    "article": "article news story post document paper 文章 新闻 资讯",
    "song": "song track artist album music 歌曲 歌手 音乐 曲目",
    "game": "game 游戏",
    "course": "course lesson mooc 课程",
    "fund": "fund 基金",
}
_PEOPLE_COLUMNS: Final[Mapping[str, str]] = {
    "customer": "customer buyer shopper household cust 顾客 客户 买家 会员",
    "reader": "reader 读者",
    "viewer": "viewer 观众",
    "listener": "listener 听众",
    "player": "player gamer 玩家",
    "student": "student learner pupil 学生 学员",
    "investor": "investor 投资者 投资人",
}
_FILES: Final[Mapping[str, str]] = {
    **_EVENTS,
    "bought": "order sale purchase transaction invoice receipt shop store 订单 交易 购买",
}
"""Words in the name of a file: orders.csv."""
_AS_SAID_OF: Final[Mapping[tuple[str, str], str]] = {
    ("played", "song"): "listened",
    ("played", "film"): "watched",
    ("viewed", "film"): "watched",
}
"""A song that is played is listened to."""


@dataclass(frozen=True)
class Vocabulary:
    """What is done, what it is done with, and who does it. Raises StatedError for unknown words."""

    verb: str = "bought"
    """One of `VERBS`."""
    item: str = "product"
    """One of `ITEMS`, the word for one."""
    person: str = "customer"
    """One of `PEOPLE`, the word for one."""

    def __post_init__(self) -> None:
        for word, known in ((self.verb, VERBS), (self.item, ITEMS), (self.person, PEOPLE)):
            if word not in known:
                raise StatedError(
                    "{word!r} is no word of a vocabulary; use one of {known}",
                    word=word,
                    known=", ".join(known),
                )

    def __str__(self) -> str:
        """As `vocabulary_of` reads it: watched,film,viewer."""
        return ",".join(astuple(self))


SHOP: Final = Vocabulary()
"""The words of data sets that were saved without any."""


def vocabulary_of(text: str) -> Vocabulary:
    """What `watched`, or `rated,book,reader`, says. Raises StatedError for anything else."""
    words = [word.strip() for word in text.split(",")]
    if len(words) == 1 and words[0] in _USUAL:
        return Vocabulary(words[0], *_USUAL[words[0]])
    if len(words) == 3:
        return Vocabulary(*words)
    raise StatedError(
        "{text!r} is no vocabulary; use one of {verbs}, or three words such as rated,book,reader",
        text=text,
        verbs=", ".join(VERBS),
    )


def choices(proposed: Vocabulary) -> tuple[Vocabulary, ...]:
    """The proposed vocabulary first, then all that is done with the same, then what is usual."""
    same = [Vocabulary(verb, proposed.item, proposed.person) for verb in VERBS]
    usual = [Vocabulary(verb, *words) for verb, words in _USUAL.items()]
    books = Vocabulary("read", "book", "reader")
    others = [Vocabulary(verb, item, who) for item, (verb, who) in _DONE_WITH.items()]
    return tuple(dict.fromkeys([proposed, *same, *usual, books, *others]))


def propose_vocabulary(
    mapping: Mapping[TableName, Mapping[str, str | None]], targets: Iterable[str], name: str = ""
) -> Vocabulary:
    """What the names of columns (`Tables.mapping`), the event types that are predicted and the
    name of the file let one say. Where they say nothing, items are *used* by users."""
    columns: dict[str, list[str]] = {}
    for roles in mapping.values():
        for column, role in roles.items():
            columns.setdefault(role or "", []).append(plain(column))
    item = _called(columns, (ITEM, TITLE), _ITEM_COLUMNS) or _named(name, _ITEM_COLUMNS)
    verb = _done(targets) or _when(columns) or _named(name, _FILES)
    verb = verb or (_DONE_WITH[item][0] if item else "used")
    verb = _AS_SAID_OF.get((verb, item), verb)
    if not item or (verb, item) == ("bought", "article"):  # shops call their products so
        item = _USUAL[verb][0]
    person = _called(columns, (USER,), _PEOPLE_COLUMNS) or _named(name, _PEOPLE_COLUMNS)
    if not person or (item, person) == ("fund", "customer"):
        person = _who(verb, item)
    return Vocabulary(verb, item, person)


def _who(verb: str, item: str) -> str:
    """Whoever buys is a customer, of books too; of funds an investor."""
    return "customer" if verb == "bought" and item != "fund" else _DONE_WITH[item][1]


def _done(targets: Iterable[str]) -> str:
    """What the event types say, if they all say one thing."""
    names = [name.casefold() for name in targets]
    if any(name in PURCHASES for name in names):
        return "bought"
    told = {verb for name in names for verb in _EVENTS if name in _EVENTS[verb].split()}
    return told.pop() if len(told) == 1 else ""


def _when(columns: Mapping[str, list[str]]) -> str:
    """What the column of times says: `enrolled_at`."""
    times = set(columns.get(TIME, ()))
    return next((verb for verb, names in _TIMES.items() if times & set(names.split())), "")


def _called(
    columns: Mapping[str, list[str]], roles: Iterable[str], words: Mapping[str, str]
) -> str:
    """The word whose column one of these is: `movieid`, `track_uri` and the like begin with it."""
    return next(
        (
            word
            for role in roles
            for column in columns.get(role, ())
            for word, names in words.items()
            if column.startswith(tuple(names.split()))
        ),
        "",
    )


def _named(name: str, words: Mapping[str, str]) -> str:
    """The word that a file's name holds, in one or many: my_movies.csv."""
    parts = re.findall(r"[a-z]+|[^\W\d_a-z]+", name.casefold())
    return next(
        (
            word
            for word, names in words.items()
            for one in names.split()
            for part in parts
            if part in (one, f"{one}s", f"{one}es") or (not one.isascii() and one in part)
        ),
        "",
    )
