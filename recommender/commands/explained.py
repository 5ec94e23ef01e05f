"""An explanation as `explain` prints it: a table of events, and what else is in the score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from recommender.explain.documents import iso
from recommender.words import Language, formats
from recommender.words.left_out import not_counted_because
from recommender.words.phrases import value_name
from recommender.words.templates import PHRASES, usual_event

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
        "item": "商品",
        "attention": "看过",
        "contribution": "计入",
        "influence": "起作用",
        "profile": "画像 {feature} {value}：计入 {score}",
        "bias": "商品自身的热度：{score}",
        "all": "在全部 {of} 件商品中排第 {rank}",
        "new": "在该用户未接触过的 {of} 件商品中排第 {rank}",
    },
}
_DIGITS = 3


def events_table(user: str, explanation: Explanation, language: Language) -> Table:
    """The three lenses on every event, oldest first."""
    said, name = SAID[language], PHRASES[language].locale
    title = said["title"].format(
        title=explanation.title, user=user, score=_score(explanation.logit, language)
    )
    table = Table(title=Text(title))
    table.add_column(said["time"], no_wrap=True, min_width=19)
    for column in ("event", "item", "attention", "contribution", "influence"):
        table.add_column(said[column])
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


def places(standing: Standing, language: Language) -> list[str]:
    """Where the item stands in each list that it is in."""
    said, name = SAID[language], PHRASES[language].locale
    return [
        said[view].format(rank=formats.whole(place.rank, name), of=formats.whole(place.of, name))
        for view, place in (("all", standing.all), ("new", standing.new))
        if place.rank
    ]


def other_shares(explanation: Explanation, language: Language) -> list[str]:
    """What the profile and the item itself add to the score."""
    said = SAID[language]
    profile = [
        said["profile"].format(
            feature=one.feature,
            value=value_name(one.value, language),
            score=_score(one.contribution, language),
        )
        for one in explanation.profile
    ]
    return [*profile, said["bias"].format(score=_score(explanation.bias, language))]


def _score(value: float, language: Language) -> str:
    return formats.signed(float(value), PHRASES[language].locale, _DIGITS)
