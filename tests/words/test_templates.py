"""Claims said in words: right numbers, plurals and dates, the same words for the same claims."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter
from typing import get_args

import numpy as np
import pytest

from recommender.explain.claims import claims_of
from recommender.explain.types import ItemDeletion, ProfileShare
from recommender.words import AUDIENCES, LANGUAGES, Audience, Language, in_words
from recommender.words.checker import Answered, check
from recommender.words.templates import PHRASES, phrases_in
from tests.words.made import found, made, nothing_known, trust


def text(language: Language, audience: Audience, verdict: str = "strong") -> str:
    return in_words(claims_of(made(), found(verdict)), language, audience).text


def test_a_shopper_is_told_one_short_line():
    said = in_words(claims_of(made(), found()), "en", "shopper")
    assert len(said.sentences) == 1
    assert "“Kettle” (view, 13 Mar 2024, 80 days before)" in said.text
    assert "0." not in said.text


def test_a_shopper_of_a_repeat_is_told_the_interval():
    own = made(influence=made().influence[[1, 1, 2, 0, 4]])
    said = in_words(claims_of(own, found()), "en", "shopper")
    assert "21 days apart" in said.text
    assert "20 days before" in said.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_analyst_is_told_the_numbers(language: Language):
    said = text(language, "analyst")
    for number in (
        "1.20", "0.60", "+1.60", "21", "1.95", "+0.30", "+0.20", "+2.90", "0.75", "+0.50", "12",
    ):  # fmt: skip
        assert number in said
    assert "−1.84" in said
    assert "−0.52" in said


def test_dates_and_quotes_follow_the_language():
    assert "13 Mar 2024" in text("en", "analyst")
    assert "2024年3月13日" in text("zh", "analyst")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_same_claims_are_said_in_the_same_words(language: Language, audience: Audience):
    assert text(language, audience) == text(language, audience)


def test_other_claims_are_said_in_other_words():
    openings = set()
    for i in range(20):
        said = in_words(claims_of(made(as_of=made().as_of + i * 86_400)), "en", "analyst")
        openings.add(re.sub(r"[\d.,]+", "0", said.sentences[0].text)[:20])
    assert len(openings) > 1


@pytest.mark.parametrize(("language", "hedge"), [("en", "weak|lean"), ("zh", "较弱|依赖")])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_weak_explanations_say_so(language: Language, audience: Audience, hedge: str):
    assert re.search(hedge, text(language, audience, "weak"))
    assert not re.search(hedge.split("|")[0], text(language, audience, "strong"))


@pytest.mark.parametrize(
    ("language", "hedge"), [("en", "in part|fully"), ("zh", "部分成立|程度|不完全")]
)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_holds_in_part_is_said_to_hold_in_part(
    language: Language, audience: Audience, hedge: str
):
    assert re.search(hedge, text(language, audience, "mixed"), re.IGNORECASE)
    for other in ("strong", "weak"):
        assert not re.search(hedge, text(language, audience, other), re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_without_history_no_event_is_named(language: Language, audience: Audience):
    said = in_words(claims_of(nothing_known(made())), language, audience)
    assert said.events == ()
    assert "Kettle" not in said.text


def test_one_is_singular_and_many_are_plural():
    once = ("view", "view", "view", "view", "purchase")
    assert "(1 purchase)" in in_words(claims_of(made(event_types=once))).text
    assert "(3 purchases)" in in_words(claims_of(made())).text


def test_a_title_that_looks_like_a_template_is_shown_as_it_is():
    odd = "{candidate} %s ” <b>"
    titles = (odd, *made().titles[1:])
    assert f"“{odd}”" in in_words(claims_of(made(titles=titles))).text


def test_unknown_event_types_are_quoted():
    kinds = ("rated 5★", *made().event_types[1:])
    assert "(“rated 5★”, " in in_words(claims_of(made(event_types=kinds))).text


def test_every_sentence_names_the_claims_that_back_it():
    said = in_words(claims_of(made(), found()))
    assert all(one.claims for one in said.sentences)
    assert said.said[0].kind == "influence"
    assert said.events == (0, 3, 2, 4)


def test_both_languages_say_the_same_things_with_the_same_slots():
    for audience in get_args(Audience):
        english, chinese = (getattr(phrases_in(one), audience) for one in LANGUAGES)
        assert english.keys() == chinese.keys()
        for key, templates in english.items():
            slots = {frozenset(names(one)) for one in templates + chinese[key]}
            assert len(slots) == 1 or key.startswith(("affinity", "influence.same")), key


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_a_value_that_nobody_knows_is_called_so_in_the_language():
    share = ProfileShare("region", "unknown", 0.04, 0.3, 0.3)
    claims = claims_of(made(profile=(share,)), found())
    for language, called in (("en", "“unknown”"), ("zh", "“未知”")):
        said = in_words(claims, language, "analyst")
        profile = next(one for one in said.sentences if "region" in one.text)
        assert called in profile.text
        assert profile in {
            one.shown for one in check([Answered(profile.claims, profile.wordings[0])], said)
        }


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_space_stands_between_chinese_and_a_number_as_on_pages(audience: Audience):
    claims = claims_of(made(influence=made().influence[[1, 1, 2, 0, 4]]), found())
    for said in (text("zh", audience), in_words(claims, "zh", audience).text):
        bare = re.sub(r"“[^”]*”|\d+年\d+月\d+日", "", said)
        assert not re.search(r"[\u4e00-\u9fff][+−\d]|\d[\u4e00-\u9fff]", bare)
        assert not re.search(r"[（，。：；] | [（，。：；）]", bare)


RISES = {"en": "yet .* rises", "zh": "但.*升至"}
SILENT = dict.fromkeys(LANGUAGES, "^(?!.*(rank|名)).*$")
"""No word of a rank."""


@pytest.mark.parametrize(("before", "after", "told"), [(8, 7, RISES), (3, 3, SILENT)])
@pytest.mark.parametrize("audience", ["analyst", "merchandiser"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rank_that_rises_is_no_fall_and_one_that_stays_is_not_told(
    language: Language, audience: Audience, before: int, after: int, told: dict[Language, str]
):
    for loss in (1.95, 1.94, 1.93, 1.92):  # other numbers come in other words
        lost = ItemDeletion("Filter coffee, 500 g", (2, 3, 4), loss, before, after)
        claims = claims_of(made(), replace(found(), item_deletions=(lost,)))
        words = in_words(claims, language, audience)
        (said,) = (one for one in words.sentences if claims[one.claims[0]].kind == "item")
        assert re.search(told[language], said.text), said
        for other in ("item", "item.stays", "item.rises"):
            for wording in PHRASES[language].templates(audience, other):
                (one,) = check([Answered(said.claims, wording)], words)
                assert one.backed is (wording in said.wordings), wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_that_a_rank_goes_from_one_to_the_same(language: Language):
    same = replace(trust("strong"), rank_before=1, rank_without_named=1)
    for effect in (1.84, 1.85, 1.86, 1.87):  # other numbers come in other words
        findings = replace(found(), trust=replace(same, effect_named=effect))
        claims = claims_of(made(), findings)
        words = in_words(claims, language, "analyst")
        (said,) = (one for one in words.sentences if claims[one.claims[0]].kind == "tested")
        assert not re.search("rank|名", said.text), said.text
        (checked,) = check([Answered(said.claims, said.wordings[0])], words)
        assert checked.backed, said.text


@pytest.mark.parametrize("audience", ["analyst", "merchandiser"])
def test_what_all_events_of_an_item_do_comes_before_what_one_does(audience: Audience):
    claims = claims_of(made(), found())
    kinds = [claims[one.claims[0]].kind for one in in_words(claims, "en", audience).sentences]
    assert kinds.index("item") < kinds.index("influence")
    little = replace(found(), item_deletions=(ItemDeletion("Kettle", (0, 1), 1.1, 1, 4),))
    claims = claims_of(made(), little)  # one event alone is worth 1.2
    kinds = [claims[one.claims[0]].kind for one in in_words(claims, "en", audience).sentences]
    assert kinds.index("influence") < kinds.index("item")


def test_another_product_that_is_called_alike_is_not_the_product_itself():
    alike = made(titles=(made().title, "Grinder", *made().titles[2:]))
    own = made(items=np.array([7, 2, 7, 7, 7]), titles=alike.titles)
    for explanation, itself in ((alike, False), (own, True)):
        claims = claims_of(explanation, found())
        said = in_words(claims, "en", "analyst").text
        assert ("itself (" in said) is itself, said
        assert next(claim.own for claim in claims if claim.kind == "influence") is (itself or None)
    assert "bought" not in in_words(claims_of(alike, found()), "en", "shopper").text
