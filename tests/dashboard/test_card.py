"""The answer card: what it says, how little, and what stands in it as HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from dashboard import sentences_card
from dashboard.figures.answer import Evidence, answer, bars, evidence, products, sentence
from dashboard.figures.palette import DARK, LIGHT
from dashboard.words import speaking
from recommender.data.histories import Dates
from recommender.explain.card import Card, card_of
from recommender.explain.types import ItemDeletion, TrustSummary
from tests.words.made import made, nothing_known, trust

COFFEE = ItemDeletion("Filter coffee, 500 g", (2, 3, 4), 1.95, 1, 9)
KETTLE = ItemDeletion("Kettle", (0,), 1.2, 1, 4)
STAYS = replace(KETTLE, rank_after=1)


def card(*lost: ItemDeletion, found: TrustSummary | None = None) -> Card:
    return card_of(made(), lost, found or trust())


def test_what_they_did_is_said_with_its_day() -> None:
    assert sentences_card.did(card(KETTLE)) == "They viewed Kettle on 13 Mar 2024."
    assert sentences_card.did(card(COFFEE)) == "They bought it 3 times, last 12 May 2024."


def test_without_dates_the_place_of_the_event_is_said_and_no_month() -> None:
    timeless = card_of(made(dates=Dates(has_time=False)), (KETTLE,), trust())
    assert sentences_card.did(timeless) == "They viewed Kettle (event 1 of 5)."
    assert sentences_card.shopper(timeless) == "Because you viewed Kettle."


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("view", "purchase"), "viewed and bought it"),
        (("view", "cart", "purchase"), "viewed and bought it"),
        (("view", "cart"), "viewed it and put it in the cart"),
        (("cart",), "put it in the cart"),
        (("rented",), "had “rented” on it"),
        (("view", "rented"), "had “view”, “rented” on it"),
    ],
)
def test_several_kinds_of_events_are_one_deed(kinds: tuple[str, ...], said: str) -> None:
    assert sentences_card.act(kinds, "it") == said


def test_another_rank_is_said_and_where_it_stays_the_loss() -> None:
    assert sentences_card.without(card(KETTLE)) == "#1 → #4"
    assert sentences_card.without(card(STAYS)) == "score −1.20"


def test_where_no_product_decides_nothing_is_said_of_a_rank() -> None:
    none = card(replace(KETTLE, loss=0.01))
    assert sentences_card.did(none) == "No single product they had decides it."
    assert sentences_card.without(none) == ""
    empty = card_of(
        nothing_known(made(logit=0.7)), (), TrustSummary("weak", (), (), 0.0, 0.0, 1, 1, 1)
    )
    assert sentences_card.prose(empty) == (
        "Nothing is known that they did.", "There is no history to test.",
    )  # fmt: skip


def line(named: float, newest: float, lang: str = "en") -> str:
    found = replace(trust(), effect_named=float(np.log(named)), effect_newest=float(np.log(newest)))
    with speaking(lang):  # type: ignore[arg-type]
        return sentences_card.tested(found)


def test_the_test_is_one_line_of_factors() -> None:
    assert line(3.3, 1) == (
        "3.3 times less likely without its top 3 events; unchanged without the newest 3."
    )
    assert line(4, 2) == (
        "4.0 times less likely without its top 3 events; 2.0 without the newest 3."
    )
    assert line(4, 1 / 1.62) == (
        "4.0 times less likely without its top 3 events; "
        "1.6 times more likely without the newest 3."
    )
    assert line(5000, 1).startswith("over 1,000 times less likely")


def test_in_chinese_what_is_left_is_a_percentage_and_what_comes_on_top_too() -> None:
    assert line(1 / 0.3, 1 / 1.62, "zh") == (
        "没有影响最大的 3 个事件，可能性约为原来的 30%；没有最新的 3 个，高出 62%。"
    )
    assert "高出 2.0 倍" in line(3, 1 / 3, "zh")
    assert "分之" not in line(5000, 1, "zh")


def test_a_test_that_cannot_tell_says_so() -> None:
    same = replace(trust(), named=(4, 3, 2))
    assert sentences_card.tested(same).endswith("They are the newest too, so no test can tell.")
    assert "nothing to test" in sentences_card.tested(replace(trust(), named=()))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("strong", "Because you bought this in May 2024."),
        ("mixed", "Partly because you bought this in May 2024."),
        ("weak", "Perhaps because you bought this in May 2024."),
    ],
)
def test_customers_are_told_one_sentence(verdict: str, said: str) -> None:
    assert sentences_card.shopper(card(COFFEE, found=trust(verdict))) == said


class Text(HTMLParser):
    """The texts of a piece of HTML, and the names of its elements."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(markup)

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def test_rows_stand_with_their_values_and_open_to_what_is_in_them() -> None:
    drawn = Text(answer(card(COFFEE, KETTLE), LIGHT, "How.\n\nOn what."))
    texts = [text for text in drawn.texts if text]
    assert texts[:3] == ["They bought it 3 times, last 12 May 2024.", "Without that:", "#1 → #9"]
    assert texts[3:5] == ["Believe it?", "● Holds"]
    assert texts[6:9] == ["How.", "On what.", "Where +2.90 comes from"]
    assert texts[9:12] == ["Had this product before", "+1.60", "purchase, 31 Mar 2024"]
    # The light, three groups and all else open; popularity is one share and does not.
    assert drawn.tags.count("details") == 4


def test_the_card_without_what_is_tried_claims_nothing_of_it() -> None:
    said = " ".join(Text(answer(card_of(made()), LIGHT)).texts)
    assert "…" in said
    assert not re.search("Holds|Partly|Weak|Without|→|They", said)


def test_without_shares_the_rows_are_products_and_the_heading_claims_no_sum() -> None:
    measured = card_of(made(lenses=("influence",)), (COFFEE, KETTLE), trust())
    drawn = answer(measured, DARK)
    assert DARK.influence in drawn
    texts = [text for text in Text(drawn).texts if text]
    assert "What the score loses without each" in texts
    assert texts[texts.index("Kettle") + 1] == "+1.20"
    assert not any("comes from" in text for text in texts)


def test_bars_stand_on_one_scale_from_nought() -> None:
    drawn, zero = bars([3.0, -1.0])
    assert zero == 0.25
    assert [(bar.start, bar.end) for bar in drawn] == [(0.25, 1.0), (0.25, 0.0)]


def test_a_product_of_the_past_has_one_row_with_the_effect_of_all_its_events_first() -> None:
    drawn = Text(products((COFFEE, KETTLE), made(), LIGHT))
    texts = [text for text in drawn.texts if text]
    assert texts[:4] == [
        "Filter coffee, 500 g", "3 × purchase, last 12 May 2024", "−1.95", "#1 → #9",
    ]  # fmt: skip
    assert texts[4:6] == [
        "purchase, 12 May 2024", "Looked at 10% · Counted +0.30 · Mattered +0.10",
    ]  # fmt: skip


def test_claims_stand_one_a_line_each_with_its_lens() -> None:
    lines = evidence([Evidence("One.", "influence", 1.0), Evidence("Two.", None, 0.0)], LIGHT)
    assert [text for text in Text(lines).texts if text] == ["Mattered", "One.", "Two."]
    assert Text(lines).tags.count("li") == 2


HOSTILE = '<img src=x onerror="alert(1)">'


def test_names_are_no_markup() -> None:
    named = made(titles=(HOSTILE,) * 5, event_types=(HOSTILE,) * 5)
    lost = (replace(KETTLE, title=HOSTILE),)
    drawn = [
        answer(card_of(named, lost, trust()), LIGHT, HOSTILE),
        products(lost, named, LIGHT),
        evidence([Evidence(HOSTILE, "influence", 0.5)], LIGHT),
        sentence(HOSTILE),
    ]
    for markup in drawn:
        assert "img" not in Text(markup).tags
        assert any("<img" in text for text in Text(markup).texts)
