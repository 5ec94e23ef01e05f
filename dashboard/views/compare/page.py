"""Two customers, two products or two runs side by side, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard import access, catalogue, identities, resources, sentences, state
from dashboard.figures.compare import difference_chart, difference_table, list_table
from dashboard.figures.lenses import lens_chart, lens_table
from dashboard.figures.palette import palette
from dashboard.resources import Question
from dashboard.views.chart import draw
from dashboard.views.compare import sentences as sentences_compare
from dashboard.views.frame import empty, section, title
from dashboard.views.product import asked_for
from dashboard.views.reason import answer_card, tested_card
from dashboard.views.selection import Selection, select
from dashboard.words import _, literal

if TYPE_CHECKING:
    from recommender.explain.types import Explanation, Recommendation
    from recommender.model.run import Run

_WHAT = ("customers", "products", "runs")
_K = 10


@dataclass(frozen=True)
class Side:
    """One of the two things compared."""

    name: str
    question: Question
    run: Run
    item: int
    rows: tuple[Recommendation, ...]

    @property
    def explained(self) -> Explanation:
        """Why the product, on this side."""
        return resources.explanation(self.question, self.item)


def show() -> None:
    """Draw the page."""
    title(_("Compare"), _("Two {@customers}, two {@products} or two runs, and what differs."))
    selection = select()
    if selection is None:
        return
    for name in (state.ITEM, state.WITH_ITEM):
        asked_for(selection.run.dataset, name=name)
    with st.container(horizontal=True, vertical_alignment="bottom", key="against", gap="small"):
        names = {
            "customers": _("Two {@customers}"),
            "products": _("Two {@products}"),
            "runs": _("Two runs"),
        }
        what = st.segmented_control(
            _("Compare"),
            _WHAT,
            format_func=names.__getitem__,
            required=True,
            **state.choice(state.WHAT, _WHAT, _WHAT[0]),
        )
        sides = {"customers": _customers, "products": _products, "runs": _runs}[str(what)](
            selection
        )
    if sides is not None:
        _lists(*sides)
        _difference(*sides)
        _lenses(*sides)


def _side(name: str, question: Question, run: Run, item: int | None = None) -> Side | None:
    rows = resources.recommendations(question, _K, run.default_view)
    if not rows:
        empty(_("Nothing to recommend"), name)
        return None
    return Side(name, question, run, rows[0].item if item is None else item, rows)


def _both(first: Side | None, second: Side | None) -> tuple[Side, Side] | None:
    return None if first is None or second is None else (first, second)


def _customers(selection: Selection) -> tuple[Side, Side] | None:
    """The customer above and another; each with their first product unless the URL names one."""
    data, question = selection.run.dataset, selection.question
    masked = state.masked()
    place = resources.place_of(question.run, question.user) + 1
    after = resources.user_at(question.run, place % len(data.users))
    handle = st.text_input(
        _("With {@customer}"),
        width=180,
        **state.words(state.WITH, identities.handle(data, after, masked)),
    )
    other = resources.user(question.run, (handle or "").strip())
    if other is None:
        empty(_("There is no {@customer} {who} in this data set").format(who=handle), "")
        return None
    asked = catalogue.item_code(data, state.read(state.ITEM))
    there = Question(question.run, other, question.moment)
    return _both(
        _side(identities.label(data, question.user, masked), question, selection.run, asked),
        _side(identities.label(data, other, masked), there, selection.run, asked),
    )


def _products(selection: Selection) -> tuple[Side, Side] | None:
    """Two of the customer's first products."""
    rows = resources.recommendations(selection.question, _K, selection.run.default_view)
    titles = {row.item_id: f"{row.rank}. {row.title}" for row in rows}
    data = selection.run.dataset
    for asked in (state.read(state.ITEM), state.read(state.WITH_ITEM)):
        code = catalogue.item_code(data, asked) if asked else None
        if code is not None and asked not in titles:
            titles[asked] = str(data.items["title"].iloc[code])
    ids = list(titles)
    if len(ids) < 2:
        empty(_("Nothing to recommend"), _("There are no two {@products} to compare."))
        return None
    chosen = [
        st.selectbox(label, ids, format_func=titles.__getitem__, width=300, **tied)
        for label, tied in (
            (_("{@Product}"), state.choice(state.ITEM, ids, ids[0])),
            (_("With {@product}"), state.choice(state.WITH_ITEM, ids, ids[1])),
        )
    ]
    first, second = (
        _side(titles[one], selection.question, selection.run, catalogue.item_code(data, one))
        for one in chosen
    )
    return _both(first, second)


def _runs(selection: Selection) -> tuple[Side, Side] | None:
    """The open run and another that was trained on the same data."""
    names = [entry.name for entry in access.entries() if entry.kind == "run"]
    here = resources.current_name(state.read(state.RUN)) or ""
    others = [name for name in names if name != here]
    if not others:
        empty(_("There is only one run"), _("Train another on the Data page."), onward=True)
        return None
    name = st.selectbox(
        _("With run"), others, width=240, **state.choice(state.WITH_RUN, others, others[0])
    )
    key = resources.run_key(str(name))
    other = resources.run(key)
    data = selection.run.dataset
    if other.dataset.fingerprint != data.fingerprint:
        empty(
            _("These runs know different data"),
            _(
                "Their {@customers} and {@products} are not the same, so they cannot stand side by "
                "side."
            ),
        )
        return None
    asked = catalogue.item_code(data, state.read(state.ITEM))
    there = Question(key, selection.question.user, selection.question.moment)
    first = _side(here, selection.question, selection.run, asked)
    return _both(first, _side(str(name), there, other, asked or (first.item if first else None)))


def _lists(first: Side, second: Side) -> None:
    if first.question == second.question:
        return
    section(
        _("Recommended"),
        _("“There” is the rank on the other side; a dash: not among its first ten."),
    )
    columns = st.columns(2, gap="large")
    for place, (column, here, there) in enumerate(
        zip(columns, (first, second), (second, first), strict=True)
    ):
        with column, st.container(key=f"list_{place}"):
            st.markdown(f"**{literal(here.name)}**")
            _table(list_table(here.rows, there.rows))
    st.text(sentences_compare.lists(first.rows, second.rows))


def _table(table: pd.DataFrame) -> None:
    config = st.column_config
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "rank": config.NumberColumn("#", width=40),
            "product": config.TextColumn(_("{@Product}")),
            "there": config.TextColumn(_("There"), width=60),
        },
    )


def _difference(first: Side, second: Side) -> None:
    section(
        _("Where the scores part"),
        _(
            "Each bar is a share of the left score minus the same share of the right one, and all "
            "bars together are the distance of the scores. Scores of two {@customers} or of two "
            "runs have no common zero: compare what makes them, not their height."
        ),
    )
    table = difference_table(first.explained, second.explained)
    draw(
        "difference",
        difference_chart(table, palette(state.theme())),
        sentences_compare.shares(table),
        table,
    )


def _lenses(first: Side, second: Side) -> None:
    section(_("Event by event"), _("The ten events that mattered most on each side."))
    columns, places = st.columns(2, gap="large"), []
    for place, (column, side) in enumerate(zip(columns, (first, second), strict=True)):
        with column:
            explained = side.explained
            st.markdown(f"**{literal(side.name)}** · {literal(explained.title)}")
            with st.container(key=f"reason_{place}"):
                places.append(answer_card(side.question, explained))
            if explained.titles or explained.profile:
                draw(
                    f"lenses_{place}",
                    lens_chart(explained, palette(state.theme()), "influence", 10),
                    sentences.lenses(explained),
                    partial(lens_table, explained),
                )
    # Last, so that no chart waits for the tests.
    for card, side in zip(places, (first, second), strict=True):
        tested_card(card, side.question, side.explained, side.run.default_view)
