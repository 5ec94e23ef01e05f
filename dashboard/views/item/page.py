"""One product: who gets it and why, what it competes with, how popularity and taste share in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import catalogue, groups, resources, state
from dashboard.access import fragment
from dashboard.figures.item import (
    cause_chart,
    feature_chart,
    feature_table,
    part_chart,
    part_table,
    segment_chart,
    segment_table,
)
from dashboard.figures.palette import palette
from dashboard.resources import Candidates, RunKey
from dashboard.views.chart import draw
from dashboard.views.frame import calm, empty, facts, section, title, waiting
from dashboard.views.item import sentences as sentences_item
from dashboard.views.item.examples import examples, rivals
from dashboard.views.item.more import more_to_say
from dashboard.views.item_search import found_items, item_table
from dashboard.words import _, literal, shorten

if TYPE_CHECKING:
    from recommender.evaluate.items import Audience
    from recommender.model.run import Run

_SHOWN = ("all", "new")
_EVERY_SECONDS = 0.5


def show() -> None:
    """Draw the page."""
    title(
        _("{@Product}"), _("Who gets this {@product}, what leads to it, and what it competes with.")
    )
    key = resources.run_key(state.read(state.RUN))
    with waiting(key):
        opened = resources.run(key)
    asked = state.read(state.ITEM)
    item = (
        catalogue.item_code(opened.dataset, asked) if asked else resources.most_frequent_item(key)
    )
    with st.container(key="which", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            _picker(key, opened, item)
        _facts(opened, item)
        candidates, k = _list(opened)
    if item is None:
        empty(
            _("There is no {@product} {which} in this data set").format(which=asked),
            _("Choose one above; the list can be searched by title, category or id."),
        )
    elif resources.lists_done(key) < 1:
        fragment(_await_lists, run_every=_EVERY_SECONDS)(key)
    else:
        _seen_from_all(opened, key, resources.audience(key, item, k, candidates), candidates)


@fragment
def _picker(key: RunKey, opened: Run, item: int | None) -> None:
    titles = opened.dataset.items["title"]
    name = shorten(str(titles.iloc[item]), 44) if item is not None else _("Choose")
    menu = st.popover(literal(name), icon=":material/search:", key="item_picker", on_change="rerun")
    if menu.open:
        with menu:
            _search(key, opened)


def _search(key: RunKey, opened: Run) -> None:
    hits = found_items(key, "item")
    ids = opened.dataset.items["item_id"].iloc[hits.items].astype(str).to_list()
    item_table(key, "products", hits, state.row_choice(state.ITEM, ids))
    if state.picked(state.ITEM):
        st.rerun()


def _facts(opened: Run, item: int | None) -> None:
    known = catalogue.facts(opened.dataset, item)[:3] if item is not None else ()
    with st.container(key="facts", width="stretch"):
        facts(known)


def _list(opened: Run) -> tuple[Candidates, int]:
    """Which lists are looked at, and how long they are."""
    names = {"all": _("All {@products}"), "new": _("New to them")}
    shown = st.segmented_control(
        _("{@Products}"),
        _SHOWN,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.CANDIDATES, _SHOWN, opened.default_view),
    )
    with st.popover(_("List"), icon=":material/tune:", key="list_length"):
        k = st.slider(_("Places in a list"), 5, 50, step=5, **state.number(state.K, 5, 50, 10))
    return ("new" if shown == "new" else "all"), k


def _await_lists(key: RunKey) -> None:
    done = resources.lists_done(key)
    if done == 1:
        st.rerun()
    st.progress(done, text=_("Asking what every {@customer} would be offered …"))
    st.skeleton(height=280)


@calm
def _seen_from_all(opened: Run, key: RunKey, found: Audience, candidates: Candidates) -> None:
    n_items = len(opened.dataset.items)
    _head(opened, key, found)
    if 0 < found.explained < groups.smallest():
        with st.container(key="reason"):
            st.text(
                _(
                    "Fewer than {least} {@customers} get it or come near it: what leads to it is "
                    "not shown while {@customer} ids are hidden."
                ).format(least=groups.smallest())
            )
        more_to_say(key, found, candidates)
        return
    with st.container(key="reason"):
        st.text(sentences_item.audience(found, n_items))
        if groups.note():
            st.caption(groups.note())
    if not found.explained:
        more_to_say(key, found, candidates)
        empty(
            _("Nobody comes near it"),
            _("It is not among the first 50 of any {@customer}, so there is nothing to explain."),
        )
        return
    with st.container(key="split_parts"):
        left, right = st.columns(2, gap="large")
    with left:
        _parts(found, n_items)
        _features(found)
    with right:
        _causes(found)
        _segments(found)
    with st.container(key="split_people"):
        left, right = st.columns(2, gap="large")
    with left:
        rivals(key, found)
    with right:
        examples(opened, found)
    more_to_say(key, found, candidates)


def _head(opened: Run, key: RunKey, found: Audience) -> None:
    """The product in a picture and a few numbers."""
    picture = resources.pictures(key, (found.item,))[0]
    price = resources.prices(key)
    facts = [
        (_("Would get it"), groups.counted(len(found.users))),
        (_("Of {@customers} asked"), f"{found.asked:,}"),
        (_("{@Bought} it"), groups.counted(found.buyers)),
        (_("Offered, rank"), f"{found.reach_rank:,}"),
        (_("{@Sold}, rank"), f"{found.buyers_rank:,}"),
    ]
    if price is not None and price[found.item] == price[found.item]:
        facts.append((_("Price"), f"{price[found.item]:,.2f}"))
    with st.container(key="numbers", horizontal=True, gap="large", vertical_alignment="center"):
        if picture:
            st.image(picture, width=64, alt=str(opened.dataset.items["title"].iloc[found.item]))
        for name, value in facts:
            st.metric(name, value, width="content")


def _parts(found: Audience, n_items: int) -> None:
    section(
        _("Popularity and taste"),
        _(
            "The mean score of those who get it, taken apart. Popularity is the same for all; "
            "any event at all is what activity adds, whatever it was about; "
            "taste is what {@a_customer}'s own past and profile add. Scores count against the "
            "average {@product}, so popularity can be below zero."
        ),
    )
    draw(
        "parts",
        part_chart(found, palette(state.theme())),
        sentences_item.parts(found, n_items),
        partial(part_table, found),
    )


def _features(found: Audience) -> None:
    section(
        _("Through which features"),
        _("The taste part by feature: mean share of the score over those explained."),
    )
    draw(
        "item_features",
        feature_chart(found, palette(state.theme())),
        sentences_item.features(found),
        partial(feature_table, found),
    )


def _causes(found: Audience) -> None:
    section(
        _("What in their past leads to it"),
        _(
            "{@Products} that people who get it have in their history, by what all events on them "
            "add to the score, on average over everybody explained. It says what moved the model, "
            "not why people {@buy}."
        ),
    )
    if found.causes.empty:
        st.text(groups.note() or sentences_item.causes(found))
        return
    draw(
        "causes",
        cause_chart(found, palette(state.theme())),
        sentences_item.causes(found),
        lambda: found.causes,
    )


def _segments(found: Audience) -> None:
    if segment_table(found).empty:
        return
    section(
        _("Who gets it"),
        _(
            "Of each segment, the share that has it in the list. Segments of fewer than 20 "
            "{@customers} are left out: their share is chance. The line is everybody."
        ),
    )
    draw(
        "segments",
        segment_chart(found, palette(state.theme())),
        sentences_item.segments(found),
        lambda: found.segments,
    )
