"""An explanation as `explain` prints it: a table of events, and what else is in the score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.explain.documents import iso
from recommender.words import Language, formats
from recommender.words.left_out import not_counted_because
from recommender.words.phrases import value_name
from recommender.words.templates import PHRASES, usual_event
from recommender.words.vocabulary import filled_in

if TYPE_CHECKING:
    from recommender.data.histories import Moment
    from recommender.explain.types import Explanation, Standing

SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "Why {title} for {user}: logit {score}",
        "time": "time",
        "event": "event",
        "item": "item",
        "attention": "looked at",
        "contribution": "counted",
        "influence": "mattered",
        "profile": "{feature} {value}: counted {score}",
        "bias": "the item's own popularity: {score}",
        "all": "rank {rank} of {of} among all items",
        "new": "rank {rank} of {of} among items new to the user",
    },
    "zh": {
        "title": "为什么向 {user} 推荐 {title}：得分（logit）{score}",
        "time": "时间",
        "event": "事件",
        "item": "{@product}",
        "attention": "看过",
        "contribution": "计入",
        "influence": "起作用",
        "profile": "画像 {feature} {value}：计入 {score}",
        "bias": "{@product}自身的热度：{score}",
        "all": "在全部 {of} {@piece}{@product}中排第 {rank}",
        "new": "在该{@customer}未接触过的 {of} {@piece}{@product}中排第 {rank}",
    },
}
"""English has the words of the options, `--user` and `--item`, whatever the data set calls them."""
_DIGITS = 3


def _said(name: str, language: Language, vocabulary: Vocabulary) -> str:
    return filled_in(SAID[language][name], vocabulary, language)


def events_table(
    user: str, explanation: Explanation, language: Language, vocabulary: Vocabulary = SHOP
) -> Table:
    """The three lenses on every event, oldest first."""
    name = PHRASES[language].locale
    title = SAID[language]["title"].format(
        title=explanation.title, user=user, score=_score(explanation.logit, language)
    )
    table = Table(title=Text(title))
    table.add_column(SAID[language]["time"], no_wrap=True, min_width=19)
    for column in ("event", "item", "attention", "contribution", "influence"):
        table.add_column(_said(column, language, vocabulary))
    for i, kind in enumerate(explanation.event_types):
        table.add_row(
            iso(explanation.moment(i).time) or formats.when(explanation.moment(i), name),
            usual_event(kind, language),
            explanation.titles[i],
            formats.percent(float(explanation.attention[i]), name),
            _score(explanation.contribution[i], language),
            _score(explanation.influence[i], language),
        )
    return table


def as_of(asked: Moment) -> str:
    """The moment of a recommendation, as the head of a table has it."""
    said = iso(asked.time)
    return f"as of {said}" if said else formats.when(asked, "en")


def left_out(explanation: Explanation, language: Language) -> list[str]:
    """What the user did that does not count, one line each, with the reason."""
    return [
        " · ".join(
            part
            for part in (
                iso(row.time),
                usual_event(row.event, language),
                row.title,
                not_counted_because(row, language),
            )
            if part
        )
        for row in explanation.not_counted
    ]


def places(standing: Standing, language: Language, vocabulary: Vocabulary = SHOP) -> list[str]:
    """Where the item stands in each list that it is in."""
    name = PHRASES[language].locale
    return [
        _said(view, language, vocabulary).format(
            rank=formats.whole(place.rank, name), of=formats.whole(place.of, name)
        )
        for view, place in (("all", standing.all), ("new", standing.new))
        if place.rank
    ]


def other_shares(
    explanation: Explanation, language: Language, vocabulary: Vocabulary = SHOP
) -> list[str]:
    """What the profile and the item itself add to the score."""
    profile = [
        SAID[language]["profile"].format(
            feature=one.feature,
            value=value_name(one.value, language),
            score=_score(one.contribution, language),
        )
        for one in explanation.profile
    ]
    bias = _said("bias", language, vocabulary)
    return [*profile, bias.format(score=_score(explanation.bias, language))]


def _score(value: float, language: Language) -> str:
    return formats.signed(float(value), PHRASES[language].locale, _DIGITS)
