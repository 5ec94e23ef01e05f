"""Claims and drafts in the words of their data set, in both languages."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

import pytest

from recommender.data.vocabulary import ITEMS, PEOPLE, SHOP, VERBS, Vocabulary, vocabulary_of
from recommender.explain.claims import claims_of
from recommender.words import AUDIENCES, LANGUAGES, Language, in_words
from recommender.words.checker import Answered, check
from recommender.words.drafts import lift_baseline, no_bundle
from recommender.words.templates import PHRASES, phrases_in
from recommender.words.vocabulary import GAP, filled_in, words_of
from tests.words.made import found, made

FILMS, BOOKS, SONGS = (vocabulary_of(text) for text in ("watched", "rated,book,reader", "listened"))
ENROLLED = vocabulary_of("enrolled")


def text(words: Vocabulary, language: Language, audience: Any = "analyst") -> str:
    return in_words(claims_of(made(), found()), language, audience, words).text


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (SHOP, "bought before (3 purchases)", "以前买过（3 次购买）"),
        (FILMS, "watched before (3 viewings)", "以前看过（3 次观看）"),
        (BOOKS, "rated before (3 ratings)", "以前评价过（3 次评分）"),
        (SONGS, "listened to before (3 listens)", "以前听过（3 次收听）"),
        (ENROLLED, "enrolled in before (3 enrolments)", "以前报名过（3 次报名）"),
    ],
)
def test_a_repetition_is_said_in_the_words_of_the_data(
    words: Vocabulary, english: str, chinese: str
) -> None:
    assert english in text(words, "en")
    assert chinese in text(words, "zh")


def test_merchandisers_hear_of_viewers_and_shoppers_of_what_they_watched() -> None:
    assert "For this viewer" in text(FILMS, "en", "merchandiser") or (
        "for this viewer" in text(FILMS, "en", "merchandiser")
    )
    assert "这位观众" in text(FILMS, "zh", "merchandiser")
    own = made(influence=made().influence[[1, 1, 2, 0, 4]])
    said = in_words(claims_of(own, found()), "en", "shopper", FILMS).text
    assert "viewings" in said
    assert "purchase" not in said.replace("(purchase,", "")


def test_no_bundle_and_no_lift_are_said_in_the_words_of_the_data() -> None:
    assert no_bundle("Alien", "en", FILMS) == "Too few watched “Alien” with anything else."
    assert no_bundle("Alien", "zh", FILMS) == "把“Alien”与其他电影一起观看的观众太少。"
    assert lift_baseline("Alien", [], "en", SONGS) == (
        "Nothing was listened to with “Alien” often enough to have a lift."
    )
    assert lift_baseline("Alien", [], "zh", BOOKS) == (
        "没有哪本图书与“Alien”一起被评分的次数足以计算提升度。"
    )


def test_an_article_before_a_vowel() -> None:
    said = "{@A_product} for {@a_customer}, {@a_purchase}"
    assert filled_in(said, SHOP, "en") == "A product for a customer, a purchase"
    assert filled_in(said, Vocabulary("enrolled", "article", "investor"), "en") == (
        "An article for an investor, an enrolment"
    )
    assert filled_in("{@a_customer} of {@a_product}", Vocabulary("used", "item", "user"), "en") == (
        "a user of an item"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_vocabulary_has_every_word(language: Language) -> None:
    shops = set(words_of(SHOP, language))
    for verb in VERBS:
        assert set(words_of(Vocabulary(verb=verb), language)) == shops
    for item in ITEMS:
        assert all(words_of(Vocabulary(item=item), language).values())
    for person in PEOPLE:
        assert all(words_of(Vocabulary(person=person), language).values())


@pytest.mark.parametrize("words", [FILMS, BOOKS, SONGS, ENROLLED], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checker_understands_the_words_of_the_data(
    words: Vocabulary, language: Language
) -> None:
    claims = claims_of(made(), found())
    for audience in AUDIENCES:
        said = in_words(claims, language, audience, words)
        for one in said.sentences:
            for wording in one.wordings:
                (checked,) = check([Answered(one.claims, wording)], said)
                assert checked.backed, wording


def test_the_checker_refuses_what_is_bought_where_nothing_is() -> None:
    claims = claims_of(made(), found())
    shops, films = (in_words(claims, "en", "analyst", words) for words in (SHOP, FILMS))
    (one,) = (said for said in shops.sentences if "bought before" in said.text)
    wording = next(said for said in one.wordings if "bought before" in said)
    assert check([Answered(one.claims, wording)], shops)[0].backed
    assert not check([Answered(one.claims, wording)], films)[0].backed


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_have_gaps_where_a_shop_would_have_words(language: Language) -> None:
    """But for event types: these are data."""
    bare = replace(PHRASES[language], events={})
    gone = phrases_in(language, FILMS)
    for field in fields(bare):
        for said in _texts(getattr(bare, field.name)):
            assert not (_SHOPS[language] & set(_pieces(re.sub(r"{[^}]*}", "", said), language))), (
                said
            )
    assert not any(GAP.search(said) for said in _texts(gone.analyst))


_SHOPS: dict[str, set[str]] = {
    "en": {"bought", "buy", "purchase", "purchases", "customer", "product", "products"},
    "zh": set("买购") | {"商品", "顾客", "用户"},
}


def _pieces(said: str, language: Language) -> list[str]:
    if language == "en":
        return "".join(one if one.isalpha() else " " for one in said.lower()).split()
    return [said[i : i + n] for n in (1, 2) for i in range(len(said))]


def _texts(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    parts = said.values() if hasattr(said, "values") else said
    return [text for part in parts for text in _texts(part)]
