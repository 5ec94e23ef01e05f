"""What an answer card says: few words, and only what a number backs and what changes something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dashboard.names import (
    event_and_when,
    event_name,
    feature_and_value,
    feature_name,
    month,
    score,
    when,
)
from dashboard.words import _, ended, in_a_row, language, plural, shorten
from recommender.words import formats

if TYPE_CHECKING:
    from recommender.explain.card import Card, Part, Row
    from recommender.explain.types import Explanation, ItemDeletion, TrustSummary, Verdict

_TITLE = 60
_MOST = 50.0
"""Losses of log-probability beyond this are told as this."""
_UNCHANGED = 1.05
"""What is less than this many times as likely, or as unlikely, is as likely as before."""
_PUT, _TAKEN = "cart", "purchase"


def verdict(found: Verdict) -> str:
    """The traffic light's word."""
    return {"strong": _("Holds"), "mixed": _("Partly"), "weak": _("Weak")}[found]


def light(found: Verdict) -> str:
    """Its sign, which tells the three apart without colour."""
    return {"strong": "●", "mixed": "◐", "weak": "○"}[found]


def did(card: Card) -> str:
    """What the customer did that most is lost without."""
    explained, cause = card.explanation, card.cause
    if not explained.titles:
        return _("Nothing is known that they did.")
    if cause is None:
        return _("No single {@product} they had decides it.")
    moment = explained.moment(cause.events[-1])
    last, act = when(moment), _act(card, cause, _("it"))
    if moment.time is None:
        return _("They {act} ({place}).").format(act=act, place=last)
    if len(cause.events) == 1:
        return _("They {act} on {day}.").format(act=act, day=last)
    kinds = {explained.event_types[j] for j in cause.events}
    if len(kinds) == 1:
        return plural(
            "They {act} {n} time, last {day}.",
            "They {act} {n} times, last {day}.",
            len(cause.events),
            act=act,
            day=last,
        )
    return _("They {act}, last {day}.").format(act=act, day=last)


def _act(card: Card, cause: ItemDeletion, itself: str) -> str:
    """What was done, without who and when: “viewed and bought it”."""
    kinds = tuple(dict.fromkeys(card.explanation.event_types[j] for j in cause.events))
    named = _("{title}").format(title=shorten(cause.title, _TITLE))
    return act(kinds, itself if card.own else named)


def act(kinds: Sequence[str], what: str) -> str:
    """What was done with something, by the kinds of the events; kinds that are not the usual ones
    stay as the data calls them."""
    # Between looking and buying, putting it in the cart says nothing more.
    told = tuple(kind for kind in kinds if kind != _PUT or _TAKEN not in kinds)
    known = {
        frozenset({"view"}): _("viewed {what}"),
        frozenset({_PUT}): _("put {what} in the cart"),
        frozenset({_TAKEN}): _("{@bought} {what}"),
        frozenset({"view", _PUT}): _("viewed {what} and put it in the cart"),
        frozenset({"view", _TAKEN}): _("viewed and {@bought} {what}"),
    }
    said = known.get(frozenset(told))
    if said is None:
        named = _(", ").join(f"“{event_name(kind)}”" for kind in told)
        return _("had {kinds} on {what}").format(kinds=named, what=what)
    return said.format(what=what)


def without(card: Card) -> str:
    """What becomes of it without that: another rank, or else less of the score; nothing where
    nothing is named."""
    cause = card.cause
    if cause is None:
        return ""
    if cause.rank_before != cause.rank_after:
        return moved(cause.rank_before, cause.rank_after)
    return _("score {value}").format(value=score(-cause.loss))


def moved(before: int, after: int) -> str:
    """From one rank to another."""
    return _("#{before} → #{after}").format(before=f"{before:,}", after=f"{after:,}")


def tested(found: TrustSummary) -> str:
    """One line: what deleting the strongest events costs, beside deleting as many of the newest."""
    if not found.newest:
        return _("There is no history to test.")
    if not found.named:
        return _("No event speaks for it, so there is nothing to test.")
    named = plural("its top event", "its top {n} events", len(found.named))
    first = _("{change} without {events}").format(
        change=likelihood(found.effect_named), events=named
    )
    if set(found.named) == set(found.newest):
        return _("{first}. They are the newest too, so no test can tell.").format(first=first)
    newest = plural("the newest one", "the newest {n}", len(found.newest))
    if min(found.effect_named, found.effect_newest) > math.log(_UNCHANGED):
        # “Times less likely” is said already.
        second = _("{n} without {newest}").format(n=_less(found.effect_newest), newest=newest)
    else:
        change = likelihood(found.effect_newest)
        second = _("{change} without {newest}").format(change=change, newest=newest)
    return ended(_("{first}; {second}").format(first=first, second=second))


def likelihood(loss: float) -> str:
    """A loss of log-probability as a factor."""
    if abs(loss) < math.log(_UNCHANGED):
        return _("unchanged")
    if loss > 0:
        return _("{n} times less likely").format(n=_less(loss))
    return _("{n} times more likely").format(n=formats.more(_factor(-loss), language()))


def _less(loss: float) -> str:
    """How much less likely, without the words."""
    return formats.less(_factor(loss), language())


def _factor(loss: float) -> float:
    return math.exp(min(loss, _MOST))


def how_tested(found: TrustSummary, titles: Sequence[str], bounds: tuple[float, float]) -> str:
    """What the light measures, from where on it says what, and which events were tried."""
    mixed, strong = bounds
    said = _(
        "The events that mattered most are deleted, three at most, and, apart, as many of the "
        "newest. What the first deletion costs more than the second, in log-probability, decides: "
        "the reason holds from {strong:.2f} on ({strong_times:.1f} times less likely), in part "
        "from {mixed:.2f} on ({mixed_times:.1f} times), else it is weak. Only one in twenty "
        "random choices of events is good enough to hold."
    ).format(strong=strong, strong_times=math.exp(strong), mixed=mixed, mixed_times=math.exp(mixed))
    figures = _("Here: {named} against {newest}.").format(
        named=score(found.effect_named), newest=score(found.effect_newest)
    )
    if not titles:
        return f"{said}\n\n{figures}"
    tried = _("Tried: {titles}.").format(titles=_(", ").join(dict.fromkeys(titles)))
    return f"{said}\n\n{in_a_row(figures, tried)}"


def shopper(card: Card) -> str:
    """The one sentence for the customer themselves."""
    explained, cause, found = card.explanation, card.cause, card.trust
    if not explained.titles:
        if explained.bias > 0:
            return _("Because many others choose it.")
        return _("A first suggestion: your history is still empty.")
    if cause is None:
        return _("Because of many things in your history, none of them alone.")
    done = _act(card, cause, _("this"))
    day = explained.moment(cause.events[-1])
    if day.time is not None:
        done = _("{act} in {month}").format(
            act=done, month=month(datetime.fromtimestamp(day.time, UTC))
        )
    sure = found.verdict if found else "strong"
    said = {
        "strong": _("Because you {act}."),
        "mixed": _("Partly because you {act}."),
        "weak": _("Perhaps because you {act}."),
    }[sure]
    return said.format(act=done)


def prose(card: Card) -> tuple[str, ...]:
    """All that the card says but for headings, labels and buttons."""
    found = tested(card.trust) if card.trust else ""
    return tuple(said for said in (did(card), without(card), found) if said)


def heading(card: Card) -> str:
    """Over the rows."""
    if not card.sums:
        return _("What the score loses without each")
    return _("Where {score} comes from").format(score=score(card.total))


def row_name(row: Row) -> str:
    """The group of shares, or the item."""
    return {
        "alike": _("Similar to what they had"),
        "again": _("Had this {@product} before"),
        "together": _("Often {@bought} together"),
        "popular": _("Popular anyway") if row.value >= 0 else _("Less popular than most"),
        "else": _("Profile and the rest"),
        "item": row.name,
    }[row.group]


def part_name(part: Part, explained: Explanation) -> str:
    """One thing in a row."""
    if part.kind == "item":
        return part.name
    if part.kind == "event":
        return event_said(part.events[0], explained)
    if part.kind == "profile":
        value = next(one.value for one in explained.profile if one.feature == part.name)
        return feature_and_value(part.name, value)
    if part.kind == "rest":
        return plural("{n} more", "{n} more", part.n)
    return feature_name(part.name)


def event_said(j: int, explained: Explanation) -> str:
    """One event by its kind and day."""
    return event_and_when(explained.event_types[j], explained.moment(j))


def part_note(part: Part, explained: Explanation) -> str:
    """What stands behind an item: its events, by kind and last day."""
    if part.kind != "item":
        return ""
    return summary(part.events, explained)


def summary(events: Sequence[int], explained: Explanation) -> str:
    """Events of one item in a few words: “view, cart, purchase, 1 Nov 2024”."""
    kinds = list(dict.fromkeys(event_name(explained.event_types[j]) for j in events))
    last = when(explained.moment(events[-1]))
    if len(events) == 1:
        return _("{event}, {day}").format(event=kinds[0], day=last)
    if len(kinds) == 1:
        return _("{n} × {event}, last {day}").format(n=len(events), event=kinds[0], day=last)
    return _("{event}, last {day}").format(event=_(", ").join(kinds), day=last)
