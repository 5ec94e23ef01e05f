"""A reason in words: the numbers of an explanation, said plainly, and no more than they say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recommender.data.histories import SECONDS_A_DAY
from recommender.explain.types import AGAIN, ANY, TOGETHER, Explanation

WEAK = 0.1
"""An event whose deletion changes the log-probability by less is not called a reason."""


def _same(text: str) -> str:
    return text


def reason(explanation: Explanation, translate: Callable[[str], str] = _same) -> str:
    """Two or three sentences: what mattered most, through what, and where the lenses disagree."""
    _ = translate
    if len(explanation.items) == 0:
        return _("There is no history to go by: popularity and the profile decide.")
    mattered = int(np.argmax(explanation.influence_log))
    if explanation.influence_log[mattered] < WEAK:
        return _(
            "No single event decides this: taking any one away changes the outcome little. "
            "The item's own popularity gives {bias:+.2f} of the score {logit:+.2f}."
        ).format(bias=explanation.bias, logit=explanation.logit)
    first = _(
        "What mattered most is “{title}” ({event}, {ago}): without it the score falls "
        "by {influence:.2f}."
    ).format(
        title=explanation.titles[mattered],
        event=explanation.event_types[mattered],
        ago=days_ago(explanation, mattered, _),
        influence=explanation.influence[mattered],
    )
    counted = _(" Its own share is {share:+.2f}, {through}.").format(
        share=explanation.contribution[mattered], through=_through(explanation, mattered, _)
    )
    return first + counted + disagreement(explanation, translate)


def disagreement(explanation: Explanation, translate: Callable[[str], str] = _same) -> str:
    """A sentence if the lenses name different events as the strongest; empty if they agree."""
    _ = translate
    mattered = int(np.argmax(explanation.influence))
    counted = int(np.argmax(explanation.contribution))
    looked = int(np.argmax(explanation.attention))
    parts = []
    if explanation.items[looked] != explanation.items[mattered]:
        parts.append(
            _("the model looked most at “{title}”").format(title=explanation.titles[looked])
        )
    if explanation.items[counted] != explanation.items[mattered]:
        parts.append(_("counted “{title}” most").format(title=explanation.titles[counted]))
    if not parts:
        return ""
    return _(" The lenses disagree: {parts}.").format(parts=_(" and ").join(parts))


def days_ago(explanation: Explanation, event: int, translate: Callable[[str], str] = _same) -> str:
    """How long before the recommendation the event was."""
    _ = translate
    days = (explanation.as_of - int(explanation.times[event])) // SECONDS_A_DAY
    if days < 1:
        return _("the same day")
    if days < 2:
        return _("a day before")
    return _("{days} days before").format(days=f"{days:,}")


def _through(explanation: Explanation, event: int, _: Callable[[str], str]) -> str:
    strongest = explanation.feature_names[int(np.argmax(explanation.features[event]))]
    said = {
        AGAIN: _("mostly because it is the same item"),
        TOGETHER: _("mostly because the two are often bought by the same people"),
        ANY: _("mostly for being an event at all"),
        "item_id": _("mostly through this very item"),
    }
    return said.get(strongest, _("mostly through its {feature}").format(feature=strongest))
