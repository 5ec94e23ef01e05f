"""The words of a vocabulary in each language, and sentences with gaps for them.

`{@bought}` in a sentence is a gap that the data set's vocabulary fills: *bought*, or *watched*, in
the form that the shop's word has. `{@Bought}` begins with a capital letter, `{@a_product}` has its
article. Chinese words do not change; theirs is `{@piece}`, how a thing is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from recommender.data.vocabulary import Vocabulary
from recommender.words.phrases import Language, Phrases

GAP: Final = re.compile(r"\{@(\w+)\}")
"""A gap for a word of the vocabulary; its name is the shop's word."""

_ENGLISH_VERBS: Final[Mapping[str, str]] = {
    "bought": "bought|buy|purchase|purchases",
    "watched": "watched|watch|viewing|viewings",
    "read": "read|read|reading|readings",
    "listened": "listened to|listen to|listen|listens",
    "played": "played|play|play|plays",
    "rated": "rated|rate|rating|ratings",
    "clicked": "clicked|click|click|clicks",
    "viewed": "viewed|view|view|views",
    "enrolled": "enrolled in|enrol in|enrolment|enrolments",
    "used": "used|use|use|uses",
}
"""What was done, to do it, one time of it, several times."""
_CHINESE_VERBS: Final[Mapping[str, str]] = {
    "bought": "购买|买",
    "watched": "观看|看",
    "read": "阅读|读",
    "listened": "收听|听",
    "played": "游玩|玩",
    "rated": "评分|评价",
    "clicked": "点击|点击",
    "viewed": "浏览|浏览",
    "enrolled": "报名|报名",
    "used": "使用|用",
}
"""What is done, also as a noun; and the short form before 过."""
_CHINESE_ITEMS: Final[Mapping[str, str]] = {
    "product": "商品|件",
    "film": "电影|部",
    "book": "图书|本",
    "article": "文章|篇",
    "song": "歌曲|首",
    "game": "游戏|款",
    "course": "课程|门",
    "fund": "基金|只",
    "item": "物品|件",
}
"""A thing, and how things of the kind are counted."""
_CHINESE_PEOPLE: Final[Mapping[str, str]] = {
    "customer": "顾客",
    "reader": "读者",
    "viewer": "观众",
    "listener": "听众",
    "player": "玩家",
    "student": "学员",
    "investor": "投资者",
    "user": "用户",
}


@cache
def words_of(vocabulary: Vocabulary, language: Language) -> Mapping[str, str]:
    """The vocabulary's words in the language, by the names of their gaps."""
    return _chinese(vocabulary) if language == "zh" else _english(vocabulary)


def filled_in(text: str, vocabulary: Vocabulary, language: Language) -> str:
    """The text with the vocabulary's words in their gaps; other gaps stay as they are.

    Raises KeyError for a gap that the language has no word for.
    """
    if "{@" not in text:
        return text
    words = words_of(vocabulary, language)
    return GAP.sub(lambda gap: words[gap[1]], text)


def spoken_of(phrases: Phrases, vocabulary: Vocabulary) -> Phrases:
    """The templates and small phrases of a language with the vocabulary's words in them."""
    fields = phrases.__dataclass_fields__
    filled = {name: _each(getattr(phrases, name), vocabulary, phrases.language) for name in fields}
    return replace(phrases, **filled)


def _each(said: Any, vocabulary: Vocabulary, language: Language) -> Any:
    if isinstance(said, str):
        return filled_in(said, vocabulary, language)
    if isinstance(said, tuple):
        return tuple(_each(one, vocabulary, language) for one in said)
    return {name: _each(one, vocabulary, language) for name, one in said.items()}


def _english(vocabulary: Vocabulary) -> Mapping[str, str]:
    bought, buy, purchase, purchases = _ENGLISH_VERBS[vocabulary.verb].split("|")
    words = {
        "bought": bought,
        "buy": buy,
        "purchase": purchase,
        "purchases": purchases,
        "product": vocabulary.item,
        "products": f"{vocabulary.item}s",
        "customer": vocabulary.person,
        "customers": f"{vocabulary.person}s",
        "shopper": "shopper" if vocabulary.person == "customer" else vocabulary.person,
        "sold": "sold" if vocabulary.verb == "bought" else bought,
        "sales": "sales" if vocabulary.verb == "bought" else purchases,
        "basket": "basket" if vocabulary.verb == "bought" else "visit",
    }
    one = {name: words[name] for name in ("purchase", "product", "customer")}
    words |= {f"a_{name}": f"{_article(word)} {word}" for name, word in one.items()}
    return words | {_capital(name): _capital(word) for name, word in words.items()}


def _article(word: str) -> str:
    """Before *user* one says *a*, and *u* begins no other word here."""
    return "an" if word[0] in "aeio" else "a"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _chinese(vocabulary: Vocabulary) -> Mapping[str, str]:
    bought, buy = _CHINESE_VERBS[vocabulary.verb].split("|")
    product, piece = _CHINESE_ITEMS[vocabulary.item].split("|")
    person = _CHINESE_PEOPLE[vocabulary.person]
    shopper = "消费者" if vocabulary.person == "customer" else person
    return {
        "bought": bought,
        "buy": buy,
        "product": product,
        "piece": piece,
        "customer": person,
        "shopper": shopper,
    }
