"""Why one product: at a glance, through three lenses, and share by share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import catalogue, resources, sentences, state
from dashboard.figures.lenses import Order, lens_chart, lens_table
from dashboard.figures.palette import palette
from dashboard.figures.shares import share_chart, share_table
from dashboard.names import LENSES, lens_name, place, score
from dashboard.pages import page
from dashboard.views.chart import draw
from dashboard.views.feedback import feedback
from dashboard.views.frame import badges, section
from dashboard.views.reason import answer_card, audience, audience_choice
from dashboard.views.recommendations.checks import Places, draw_tested, evidence_places
from dashboard.views.recommendations.files import explanation_files
from dashboard.views.recommendations.flow import flow_section
from dashboard.views.recommendations.ranking import Chosen
from dashboard.views.selection import Selection
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Explanation


REASON = "reason"
"""Anchor of the explanation."""


def explain_item(selection: Selection, chosen: Chosen, tested: bool) -> Places:
    """Draw the explanation of one product for the selected customer; places for what is tried.

    `tested`: what is tried on the model is known from the list, and drawn at once.
    """
    explained = resources.explanation(selection.question, chosen.item)
    with st.container(key="explanation"):
        places = _summary(selection, chosen, explained)
        if tested:
            draw_tested(selection, chosen, places)
        feedback(selection, chosen, explained)
        lens_section(explained)
        share_section(explained)
        flow_section(selection, chosen)
        with st.container(horizontal=True, vertical_alignment="center", key="onward"):
            for name, label in (
                ("attention", _("All attention weights")),
                ("features", _("Feature by feature")),
                ("item", _("Who else gets it")),
            ):
                st.page_link(
                    page(name),
                    label=label,
                    icon=":material/arrow_forward:",
                    icon_position="right",
                    query_params=state.link(item=explained.item_id),
                )
            explanation_files(selection, chosen, explained)
    return places


def _summary(selection: Selection, chosen: Chosen, explained: Explanation) -> Places:
    (standing,) = resources.standings(selection.question, (explained.item,))
    section(_("Why {title}?").format(title=explained.title), anchor=REASON)
    known = catalogue.facts(selection.run.dataset, explained.item)[:3]
    badges(
        (place(standing, chosen.candidates), "primary"),
        _("score {value}").format(value=score(explained.logit)),
        *(f"{name}: {value}" for name, value in known),
    )
    with st.container(key="reason", gap="xsmall"):
        card = answer_card(selection.question, explained)
        if audience() == "shopper":
            audience_choice()
    attempt = _buttons(selection, chosen, explained)
    return Places(card, attempt, evidence_places())


def _buttons(selection: Selection, chosen: Chosen, explained: Explanation) -> DeltaGenerator:
    """What to do next; returns the place of the first, which is known when the test is done."""
    with st.container(key="next_steps", horizontal=True, vertical_alignment="center", gap="small"):
        attempt = st.empty()
        if chosen.following is not None:
            ids = selection.run.dataset.items["item_id"]
            st.page_link(
                page("compare"),
                label=_("Compare with #{n}").format(n=f"{chosen.following_rank:,}"),
                icon=":material/compare_arrows:",
                query_params=state.link(
                    **{
                        state.WHAT: "products",
                        state.ITEM: explained.item_id,
                        state.WITH_ITEM: str(ids.iloc[chosen.following]),
                    }
                ),
            )
        opened = state.read(state.EVIDENCE) == "1"
        st.button(
            _("Hide the evidence") if opened else _("All the evidence"),
            key="all_evidence",
            icon=":material/expand_less:" if opened else ":material/expand_more:",
            on_click=state.write,
            kwargs={state.EVIDENCE: None if opened else "1"},
        )
    return attempt


def lens_section(explained: Explanation) -> None:
    """The three lenses on every event."""
    section(
        _("Event by event"),
        "\n\n".join(
            [
                *(
                    _("**{plain}** ({term}): {meaning}.").format(
                        plain=name.plain, term=name.term, meaning=name.meaning
                    )
                    for name in map(lens_name, LENSES)
                ),
                _(
                    "Attention alone misleads: a model can look at what it does not use. Where the "
                    "lenses disagree, believe what mattered."
                ),
            ]
        ),
    )
    if not explained.titles and not explained.profile:
        st.text(_("Nothing is known of this {@customer}."))
        return
    orders = (*LENSES, "time")
    names = {lens: lens_name(lens).plain for lens in LENSES} | {"time": _("Newest")}
    with st.container(horizontal=True, vertical_alignment="center", key="lens_controls"):
        order = st.segmented_control(
            _("Order by"),
            orders,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.choice(state.ORDER, orders, "influence"),
        )
        most = len(explained.titles)
        shown = 10
        if most > shown:
            counts = [str(n) for n in (10, 25, 50) if n < most] + ["all"]
            chosen = st.selectbox(
                _("Events"),
                counts,
                format_func=lambda n: (
                    _("all events") if n == "all" else _("{n} events").format(n=n)
                ),
                label_visibility="collapsed",
                width=130,
                **state.choice(state.EVENTS, counts, "10"),
            )
            shown = most if chosen == "all" else int(chosen)
    draw(
        "lenses",
        lens_chart(explained, palette(state.theme()), cast(Order, order), shown),
        sentences.lenses(explained),
        partial(lens_table, explained),
    )


def share_section(explained: Explanation) -> None:
    """The score as a sum of shares."""
    section(
        _("How the score adds up"),
        _(
            "Shares of the score (logit) by feature. They are exact: all bars together, the "
            "{@product}'s own popularity included, make the score."
        ),
    )
    draw(
        "shares",
        share_chart(explained, palette(state.theme())),
        sentences.shares(explained),
        partial(share_table, explained),
    )
