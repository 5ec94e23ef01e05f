"""What the fields are called on the page: plain words first, the term of art second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from dashboard.words import _, language
from recommender.data.histories import Moment
from recommender.explain.types import AGAIN, ANY, LATELY, TOGETHER, USUALLY, NotCounted, Standing
from recommender.words import formats, phrases
from recommender.words.left_out import not_counted_because
from recommender.words.templates import usual_event

Lens = Literal["attention", "contribution", "influence"]
LENSES: tuple[Lens, ...] = ("attention", "contribution", "influence")


@dataclass(frozen=True)
class LensName:
    """One lens in words."""

    plain: str
    term: str
    meaning: str


def lens_name(lens: Lens) -> LensName:
    """How a lens is called and what it is."""
    return {
        "attention": LensName(
            _("Looked at"), _("attention"), _("where the model's readout looked; sums to 100%")
        ),
        "contribution": LensName(
            _("Counted"), _("contribution"), _("the exact share of the score that it added")
        ),
        "influence": LensName(
            _("Mattered"), _("influence"), _("how much the score falls when it is left out")
        ),
    }[lens]


def feature_name(feature: str) -> str:
    """A feature of an event, or one of the reserved shares, in words."""
    reserved = {
        AGAIN: _("Same {@product} again"),
        TOGETHER: _("Often {@bought} together"),
        ANY: _("Any event at all"),
        "item_id": _("This very {@product}"),
        "bias": _("Popularity of the {@product}"),
        USUALLY: _("{@Bought} at all times"),
        LATELY: _("{@Bought} lately"),
        "popularity": _("Popularity of the {@product}"),
        "order and combination": _("Order and combination"),
        "order_term": _("Order and combination"),
    }
    return reserved.get(feature) or capital(feature.replace("_", " "))


def feature_inside(feature: str) -> str:
    """The same name inside a sentence: only what is no abbreviation begins with a small letter."""
    name = feature_name(feature)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def capital(words: str) -> str:
    """The words with a capital letter in front; those behind it stay, as in SKU."""
    return words[:1].upper() + words[1:]


def feature_help(feature: str) -> str:
    """What a share stands for, in one sentence."""
    reserved = {
        AGAIN: _("The event was about the recommended {@product} itself."),
        TOGETHER: _("Other {@customers} often {@bought} the two {@products} together."),
        ANY: _("What any event adds, whichever {@product} it was about."),
        "item_id": _("What only this {@product} says, beyond its category, brand and so on."),
        "bias": _("The score that the {@product} has for anyone, whatever the history."),
        USUALLY: _("What the popularity of the {@product} is when no season counts."),
        LATELY: _("More or fewer than usual {@buy} the {@product} these days, whoever they are."),
        "order_term": _("What the order of events adds and no single event explains."),
    }
    said = reserved.get(feature)
    return said or _("What the event adds through its {feature}.").format(
        feature=feature_inside(feature)
    )


def feature_and_value(feature: str, value: str) -> str:
    """A feature with one of its values."""
    return _("{plain}: {meaning}").format(plain=feature_name(feature), meaning=value_name(value))


def history_name(events: str) -> str:
    """A group of users by how long their histories are: `1`, `2–5` and the like."""
    return _("1 event") if events == "1" else _("{n} events").format(n=events)


def ranker_name(method: str) -> str:
    """A way to make lists, as reports and charts call it."""
    known = {
        "this model": _("this model"),
        "popularity": _("popularity"),
        "personal frequency": _("personal frequency"),
        "blend": _("best blend of simple methods"),
        "without attention": _("this model without attention"),
    }
    return known.get(method) or method.replace("_", " ")


def value_name(value: str) -> str:
    """A value of a feature: data, but for the two that stand for none and for all others.

    These stand in brackets where the data have a value of that name.
    """
    if value.startswith("(") and value.endswith(")"):
        return f"({value_name(value[1:-1])})"
    return _("other") if value == "other" else phrases.value_name(value, language())


def unknown() -> str:
    """What stands for a value that nobody knows."""
    return phrases.UNKNOWN[language()]


def event_name(kind: str) -> str:
    """A kind of event: data, in English as it is; the usual kinds in other languages as words
    have them."""
    return usual_event(kind, language())


def role_name(role: str) -> str:
    """What a column of somebody's table can be."""
    known = {
        "user_id": _("user id"),
        "item_id": _("item id"),
        "time": _("time"),
        "event": _("event"),
        "basket_id": _("basket id"),
        "quantity": _("quantity"),
        "price": _("price"),
        "rating": _("rating"),
        "outcome": _("outcome"),
        "title": _("title"),
        "image_url": _("image url"),
    }
    return known.get(role) or role.replace("_", " ")


def kind_name(kind: str) -> str:
    """How a feature is read."""
    known = {
        "categorical": _("categorical"),
        "multi": _("multi"),
        "numeric": _("numeric"),
        "text": _("text"),
        "vector": _("vector"),
        "date": _("date"),
        "ignore": _("ignore"),
    }
    return known.get(kind) or kind


def table_name(table: str) -> str:
    """What a table is about."""
    known = {
        "interactions": _("interactions"),
        "items": _("items"),
        "users": _("users"),
    }
    return known.get(table) or table


def day(seconds: int | float) -> str:
    """A date as people read it: 3 Mar 2025."""
    return formats.day(int(seconds), language())


def short_day(moment: datetime) -> str:
    """A date where room is scarce: 3 Mar 25."""
    return formats.dated(moment, formats.SHORT_DAY, language())


def month(moment: datetime) -> str:
    """A month in full: March 2025."""
    return formats.dated(moment, formats.MONTH, language())


def day_format() -> str:
    """How a date is written, as charts have it; `day` says the same."""
    return _("%-d %b %Y")


def month_format() -> str:
    """How a month is written, as charts have it."""
    return _("%b %Y")


def day_of_year_format() -> str:
    """How a date is written where the year is clear, as charts have it."""
    return _("%-d %b")


def hour_format() -> str:
    """How a moment of a day is written where the year is clear, as charts have it."""
    return _("%-d %b, %H:%M")


def when(moment: Moment) -> str:
    """The day of a moment; where nobody said when, which of the customer's events it was."""
    return formats.when(moment, language())


def short_when(moment: Moment) -> str:
    """The same where room is scarce: 3 Mar 25, or event 12."""
    if moment.time is not None:
        return short_day(datetime.fromtimestamp(moment.time, UTC))
    return _("event {n}").format(n=f"{moment.number:,}")


def as_of(asked: Moment) -> str:
    """The moment that a recommendation is for."""
    return when(asked) if asked.time is None else _("as of {day}").format(day=when(asked))


def event_and_when(kind: str, moment: Moment) -> str:
    """What kind of event it was, and when."""
    return _("{event}, {day}").format(event=event_name(kind), day=when(moment))


def not_counted(row: NotCounted) -> str:
    """What stands beside something that the customer did and that does not count: why."""
    return not_counted_because(row, language())


def place(standing: Standing, candidates: Literal["all", "new"]) -> str:
    """Where an item stands in the list that is shown; the list of new items is named."""
    found = standing.among(candidates)
    if not found.rank:
        return _("had before")
    known = {"n": f"{found.rank:,}", "all": f"{found.of:,}"}
    if candidates == "new":
        return _("#{n} of {all} new").format(**known)
    return _("#{n} of {all}").format(**known)


def score(value: float, decimals: int = 2) -> str:
    """A share of the logit with its sign and a true minus."""
    return formats.signed(value, language(), decimals)


def measure(value: float, decimals: int = 2) -> str:
    """A measure such as a correlation, with a true minus where it is below nought."""
    return formats.measure(value, language(), decimals)


def percent(share: float) -> str:
    """A share of one as a percentage: digits only where they tell.

    What rounds to ten is ten, and to nothing nothing: 9.96 % is written like 10 %.
    """
    said = formats.percent(share, language(), 1)
    whole, _point, rest = said.lstrip("-").partition(".")
    if len(whole) > 1 or (whole, rest[:1]) == ("0", "0"):
        return formats.percent(share, language(), 0)
    return said
