"""What no claim backs is refused, and what one backs is kept, in other words too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import get_args

import numpy as np
import pytest

from recommender.explain.claims import claims_of
from recommender.words import AUDIENCES, LANGUAGES, Audience, Language, Sentence, Words, in_words
from recommender.words.checker import Answered, Checked, check
from recommender.words.synonyms import OPENINGS, SYNONYMS
from recommender.words.templates import PHRASES, phrases_in
from tests.words.made import DAY, NOW, found, made, nothing_known
from tests.words.tampering import tampered

COFFEE = "“Filter coffee, 500 g”"
FALSE_ENGLISH = [
    "Removing “Grinder” reduces the score by 1.20.",
    "Removing “Kettle” reduces the score by 1.40.",
    "Removing “Kettle” raises the score by 1.20.",
    "“Kettle” did not influence the score.",
    f"The strongest influence is {COFFEE}.",
    f"Without {COFFEE} the score of “Kettle” falls by 1.20.",
    "“Kettle” raises the score because the customer loves coffee.",
    f"The customer will buy {COFFEE} because of “Kettle”.",
    f"{COFFEE} was purchased 5 times before, and this repetition adds 1.60.",
    f"{COFFEE} was bought about every 20 days, last 21 days ago.",
    f"“Milk jug” beats {COFFEE} by 0.75.",
    f"Without “Kettle”, {COFFEE} would drop from rank 1 to rank 12.",
    f"Without “Kettle” and {COFFEE}, {COFFEE} would drop from rank 12 to rank 1.",
    f"Without “Kettle” and {COFFEE}, {COFFEE} would rise from rank 1 to rank 12.",
    f"If {COFFEE} were missing, the score would drop by 1.95.",
    "If all 3 events of “Kettle” were missing, the score would drop by 1.95.",
    f"If all 3 events of {COFFEE} were missing, the score would rise by 1.95.",
    "Popularity gives +2.90 of the score +0.50.",
    "“Espresso machine” mattered most.",
    "This reason is weak.",
    "On Mar 14, 2024 “Kettle” moved the score most.",
]
FALSE_CHINESE = [
    "若没有“Kettle”，得分会增加1.20。",
    f"影响最大的是{COFFEE}。",
    "“Kettle”没有影响。",
    f"{COFFEE}此前买过4次。",
    f"“Milk jug”比{COFFEE}高0.75。",
    "因为喜欢“Kettle”，顾客会购买。",
    f"若没有“Kettle”，{COFFEE}会跌出前10名。",
]


def kept(text: str, language: Language, verdict: str = "strong") -> bool:
    """Whether it is, for any reader and whichever claims it is said to name."""
    claims = claims_of(made(), found(verdict))
    return any(
        check([Answered(one.claims, text)], words)[0].backed
        for words in (in_words(claims, language, audience) for audience in AUDIENCES)
        for one in words.sentences
    )


@pytest.mark.parametrize("text", FALSE_ENGLISH)
def test_false_english_is_refused(text: str):
    assert not kept(text, "en")


@pytest.mark.parametrize("text", FALSE_CHINESE)
def test_false_chinese_is_refused(text: str):
    assert not kept(text, "zh")


def test_what_a_real_model_got_wrong_is_refused():
    """Names put in each other's place, a number moved to another claim, a sentence cut short."""
    jug = "“Milk jug”"
    for text in (
        "What drives “Kettle” most is “Kettle”: 1.20 of the score hangs on it.",
        f"{COFFEE} scores 0.75 above {jug}; what speaks most for it there is {COFFEE} (+0.35).",
        f"Of your history, {COFFEE} (purchase, Apr 21, 2024, 41 days before) did most for this.",
        "Taking any one away changes the log-probability by -1.84 at most.",
        "What drives “{title}” most is “{title}”: {size} of the score hangs on it.",
        "“{candidate}” scores {size} above “{other}”; what speaks most for it there is "
        "“{candidate}” ({part}).",
        "Taking any one away changes the log-probability by {change} at most.",
    ):
        assert not kept(text, "en"), text
    assert not kept("在一定程度上影响了这条推荐。", "zh", "mixed")


def told(language: Language) -> Iterator[Words]:
    """Words of every audience on explanations that make all that can be said be said."""
    day = made(as_of=NOW + DAY)
    torn = made(attention=np.array([0.1, 0.5, 0.1, 0.1, 0.1]))
    against = made(bias=-0.4, order_term=0.3, influence=made().influence[[1, 1, 2, 0, 4]])
    for explanation in (made(), day, torn, against, nothing_known(made())):
        for verdict in ("strong", "mixed", "weak"):
            claims = claims_of(explanation, found(verdict) if len(explanation.items) else None)
            for audience in AUDIENCES:
                yield in_words(claims, language, audience)


def distinct(language: Language) -> Iterator[tuple[Words, Sentence]]:
    """Each sentence once that has wordings of its own."""
    seen = set()
    for words in told(language):
        for one in words.sentences:
            if (words.audience, *sorted(one.wordings)) not in seen:
                seen.add((words.audience, *sorted(one.wordings)))
                yield words, one


def answered(sentence: Sentence, text: str, words: Words) -> Checked:
    return check([Answered(sentence.claims, text)], words)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_templates_say_is_backed_by_the_claims_they_name(language: Language):
    for words in told(language):
        said = [Answered(one.claims, one.wordings[0]) for one in words.sentences]
        assert tuple(one.shown for one in check(said, words)) == words.sentences
        for sentence in words.sentences:
            for wording in sentence.wordings:
                assert answered(sentence, wording, words).backed, wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_tampered_sentences_none_is_backed(language: Language):
    dice, done, backed = Random(7), Counter[str](), list[tuple[str, str]]()
    for words, sentence in distinct(language):
        for what, claims, text in tampered(sentence, words, dice):
            done[what] += 1
            if check([Answered(claims, text)], words)[0].backed:
                backed.append((what, text))
    assert backed == []
    assert done.total() > 20_000
    assert min(done.values()) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_outside_the_slots_of_a_template_is_a_digit_or_a_name(language: Language):
    for audience in get_args(Audience):
        for template in every(audience, language):
            outside = re.sub(r"\{\w+\}", "", template)
            assert not re.search(r"\d", outside), template
            assert "“" not in outside.replace("“”", ""), template


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_means_the_same_may_stand_for_another_in_every_wording(language: Language):
    for words, sentence in distinct(language):
        for wording, row in product(sentence.wordings, SYNONYMS[language]):
            for other in row[1:]:
                text = _exchanged(wording, row, other, language)
                if other not in text:
                    continue
                one, same = (answered(sentence, said, words) for said in (text, wording))
                assert one.backed, text
                assert _values(one.text) == _values(same.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_the_words_of_some_template_first(language: Language):
    templates = {one for audience in AUDIENCES for one in every(audience, language)}
    for row in SYNONYMS[language]:
        assert any("…" in _exchanged(one, row, "…", language) for one in templates), row


def every(audience: Audience, language: Language) -> Iterator[str]:
    for templates in getattr(phrases_in(language), audience).values():
        yield from templates


def _exchanged(text: str, row: tuple[str, ...], other: str, language: Language) -> str:
    """With one word for another; without quotes and, in Chinese, spaces, which may be left out."""
    text = re.sub("[“”]", "", text)
    if language == "zh":
        return text.replace(" ", "").replace(row[0], other)
    return re.sub(rf"(?<![\w{{]){re.escape(row[0])}(?!\w)", other, text, flags=re.IGNORECASE)


def _values(text: str) -> list[str]:
    """Names, numbers and dates, as they come."""
    return re.findall(r"“[^”]*”|[+−]?\d+(?:[.,]\d+)*", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_that_mean_the_same_make_one_template_say_another_thing(language: Language):
    """Each template is kept for claims of its own kind and sign, and for none of another."""
    for audience in AUDIENCES:
        every = {
            key: PHRASES[language].templates(audience, key)
            for table in (PHRASES[language].analyst, getattr(PHRASES[language], audience))
            for key in table
        }
        for key, wordings in every.items():
            words = Words(language, audience, (Sentence("", (0,), wordings),), ())
            for other, templates in every.items():
                for template in templates if other != key else ():
                    assert not _matches(template, words), (key, other, template)


def _matches(template: str, words: Words) -> bool:
    return not check([Answered((0,), template)], words)[0].objection


OPPOSITES = {
    "en": (
        "falls|drops|decreases|down|lower|lowers|reduces|off|away|below|leave",
        "rises|climbs|up|higher|raises|adds|contributes|above|enter|come in",
    ),
    "zh": ("下降|降低|减少|减去|跌|掉|低", "上升|升|提高|贡献|带来|高"),
}
TURNING = {
    "en": r"\b(no|not|never|n't|only|if|because|so|most|least|first|all|half|hardly|\w*\d\w*)\b",
    "zh": r"不|没|未|非|只|如果|因为|所以|最[^后]|全|半|几|[一二三四五六七八九十\d]",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_has_words_of_both_directions(language: Language):
    low, high = (
        re.compile(rf"(?<!\w)({one})(?!\w)" if language == "en" else one)
        for one in OPPOSITES[language]
    )
    for row in SYNONYMS[language]:
        down, up = (any(one.search(word) for word in row) for one in (low, high))
        assert not (down and up), row


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_introduces_a_sentence_asserts_nothing_and_may_introduce_all(language: Language):
    comma, sentences = ", " if language == "en" else "，", [*distinct(language)]
    for opening in OPENINGS[language]:
        assert not re.search(TURNING[language], opening), opening
        for words, one in sentences:
            said = answered(one, f"{opening.capitalize()}{comma}{one.wordings[0]}", words)
            assert said.backed
            assert said.text.endswith(one.text[1:])


def test_capitals_quotes_spaces_and_the_last_stop_may_differ():
    words = in_words(claims_of(made(), found()), "en", "shopper")
    (sentence,) = words.sentences
    for text in (
        "  {title} ({about}) moved this suggestion most",
        '"{title}" ({about})  Moved THIS suggestion most.',
        "Here, 「{Title}」 （{about}） moved this suggestion most.",
    ):
        one = answered(sentence, text, words)
        assert one.backed, text
        kettle = one.text.replace("（", "(").replace("）", ")").removeprefix("Here, ")
        assert kettle.startswith("“Kettle” (view, 13 Mar 2024, 80 days before) ")


def test_a_title_with_braces_is_not_filled_again():
    titles = ("{size} {candidate} {0}", *made().titles[1:])
    words = in_words(claims_of(made(titles=titles), found()), "en", "shopper")
    (sentence,) = words.sentences
    one = answered(sentence, "“{title}” ({about}) moved this suggestion most.", words)
    assert one.text.startswith("“{size} {candidate} {0}” (view")


def test_each_sentence_is_judged_alone_and_the_template_stands_in_for_what_is_refused():
    words = in_words(claims_of(made(), found()), "en", "analyst")
    first, second, third = words.sentences[:3]
    said = [
        Answered(first.claims, first.wordings[1]),
        Answered(second.claims, "“{title}” is loved by all."),
        Answered((), "It is loved by all."),
        Answered(third.claims, third.wordings[0]),
    ]
    checked = check(said, words)
    assert [one.backed for one in checked] == [True, False, False, True]
    assert [one.shown for one in checked][1:] == [second, None, third]


def test_a_sentence_out_of_its_turn_or_said_twice_is_refused():
    """*It* and *too* are understood in the order of the templates alone."""
    words = in_words(claims_of(made(), found()), "en", "merchandiser")
    first, second = (Answered(one.claims, one.wordings[0]) for one in words.sentences[:2])
    assert [one.backed for one in check([second, first], words)] == [True, False]
    assert [one.shown is None for one in check([first, first, second], words)] == [
        False, True, False,
    ]  # fmt: skip
