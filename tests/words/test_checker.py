"""What no claim backs is refused, and what one backs is kept, in other words too."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.explain.claims import claims_of
from recommender.words import AUDIENCES, LANGUAGES, Language, in_words
from recommender.words.checker import check
from tests.words.made import DAY, NOW, found, made

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


def kept(text: str, language: Language) -> bool:
    (one,) = check(text, claims_of(made(), found()), language)
    return one.backed


@pytest.mark.parametrize("text", FALSE_ENGLISH)
def test_false_english_is_refused(text: str):
    assert not kept(text, "en")


@pytest.mark.parametrize("text", FALSE_CHINESE)
def test_false_chinese_is_refused(text: str):
    assert not kept(text, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ["strong", "mixed", "weak"])
def test_what_the_templates_say_is_backed_by_the_claims_they_name(language: Language, verdict: str):
    for day in range(4):
        torn = made(attention=np.array([0.1, 0.5, 0.1, 0.1, 0.1]), as_of=NOW + day * DAY)
        against = made(bias=-0.4, order_term=0.3)
        for explanation in (made(as_of=NOW + day * DAY), against, torn):
            claims = claims_of(explanation, found(verdict))
            for audience in AUDIENCES:
                for sentence in in_words(claims, language, audience).sentences:
                    (one,) = check(sentence.text, claims, language)
                    assert one.backed, (sentence.text, one.objection)


def test_what_a_real_model_got_wrong_is_refused():
    """Names put in each other's place, a number moved to another claim, a sentence cut short."""
    jug = "“Milk jug”"
    for text in (
        "What drives “Kettle” most is “Kettle”: 1.20 of the score hangs on it.",
        f"{COFFEE} scores 0.75 above {jug}; what speaks most for it there is {COFFEE} (+0.35).",
        f"Of your history, {COFFEE} (purchase, Apr 21, 2024, 41 days before) did most for this.",
        "Taking any one away changes the log-probability by -1.84 at most.",
    ):
        assert not kept(text, "en"), text
    (cut_short,) = check("在一定程度上影响了这条推荐。", claims_of(made(), found("mixed")), "zh")
    assert not cut_short.backed
