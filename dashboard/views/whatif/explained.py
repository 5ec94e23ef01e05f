"""Why one product, before and after the edits: lens by lens, and share by share."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import resources, state
from dashboard.figures.palette import palette
from dashboard.figures.whatif import (
    lens_changes,
    lens_changes_chart,
    share_changes,
    share_changes_chart,
)
from dashboard.names import LENSES, lens_name, score
from dashboard.resources import Question
from dashboard.views.chart import draw
from dashboard.views.frame import badges, calm, section
from dashboard.views.reason import answer_card, tested_card
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.views.whatif.sides import WhatIf
from dashboard.words import _


@calm
def explained_twice(sides: WhatIf, item: int) -> None:
    """Draw both explanations of the product in one."""
    before, after = (resources.explanation(side, item) for side in (sides.before, sides.after))
    section(
        _("Why {title}, before and after").format(title=before.title),
        _("Pale is before, solid is after.")
        + "\n\n"
        + "\n\n".join(
            _("**{plain}** ({term}): {meaning}.").format(
                plain=name.plain, term=name.term, meaning=name.meaning
            )
            for name in map(lens_name, LENSES)
        ),
    )
    _badges(sides, item)
    cards = _cards(sides, item)
    if not sides.edited:
        st.text(_("Both sides are the same until something is changed."))
    with st.container(key="split_twice"):
        left, right = st.columns([12, 9], gap="large")
    colours = palette(state.theme())
    with left:
        table = lens_changes(before, after, *sides.keys)
        draw(
            "lens_changes",
            lens_changes_chart(table, colours),
            sentences_whatif.lens_changes(table),
            table,
        )
    with right:
        shares = share_changes(before, after)
        draw(
            "share_changes",
            share_changes_chart(shares, colours),
            sentences_whatif.share_changes(before, after, shares),
            shares,
        )
    # Last, so that no chart waits for the tests.
    for place, side in cards:
        tested_card(place, side, resources.explanation(side, item), sides.candidates)


def _cards(sides: WhatIf, item: int) -> list[tuple[DeltaGenerator, Question]]:
    """The answer card of either side, once where both are the same; with their places."""
    if not sides.edited:
        with st.container(key="reason"):
            explained = resources.explanation(sides.before, item)
            return [(answer_card(sides.before, explained), sides.before)]
    places = []
    for name, column, side in zip(
        (_("Before"), _("After")),
        st.columns(2, gap="large"),
        (sides.before, sides.after),
        strict=True,
    ):
        with column:
            st.caption(name)
            places.append((answer_card(side, resources.explanation(side, item)), side))
    return places


def _badges(sides: WhatIf, item: int) -> None:
    """Rank and score on either side."""
    ranks = [
        resources.ranks(side, (item,), sides.candidates)[0] for side in (sides.before, sides.after)
    ]
    scores = [resources.explanation(side, item).logit for side in (sides.before, sides.after)]
    badges(
        (_moved(*ranks), "primary"),
        _("score {before} → {after}").format(before=score(scores[0]), after=score(scores[1])),
    )


def _moved(before: int, after: int) -> str:
    """From one rank to another, as far as it has one."""
    if before == after:
        return _("#{n}, as before").format(n=f"{after:,}") if after else _("no candidate")
    said = [f"#{rank:,}" if rank else _("no candidate") for rank in (before, after)]
    return _("{before} → {after}").format(before=said[0], after=said[1])
