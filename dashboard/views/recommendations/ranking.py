"""The top-k of a customer as a table to choose from, with filters, beside what really happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import catalogue, resources, sentences, sentences_card, state
from dashboard.figures.palette import palette
from dashboard.names import event_and_when, event_name, feature_name, when
from dashboard.resources import Candidates
from dashboard.views.chart import download
from dashboard.views.frame import empty, section
from dashboard.views.product import asked_for
from dashboard.views.recommendations.interests import driven, interests
from dashboard.views.recommendations.why_not import why_not
from dashboard.views.selection import Selection
from dashboard.views.stepping import step_product
from dashboard.words import _, literal, plural

if TYPE_CHECKING:
    from recommender.explain.types import Recommendation

_DEEP = 400
"""How many candidates filters look through."""
_SHOWN = ("all", "new", "again")
_LENGTH = 5, 50, 10
"""How short and how long a list may be, and how long it usually is."""


@dataclass(frozen=True)
class Chosen:
    """The row that is being looked at."""

    item: int
    causes: tuple[int, ...]
    """Position of the event that counts most for it, if one does."""
    following: int | None
    """The product that comes next in the list."""
    following_rank: int
    """Its rank; 0 where nothing follows."""
    k: int
    """How long the list is before it is filtered."""
    candidates: Candidates
    listed: tuple[int, ...]
    """All products of the list as it is shown."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to."""

    shown: str
    k: int
    categories: tuple[str, ...]
    prices: tuple[float, float] | None
    driven: tuple[int, ...] | None
    """Products that the chosen interest drives."""

    @property
    def candidates(self) -> Candidates:
        """What is ranked."""
        return "new" if self.shown == "new" else "all"

    @property
    def narrow(self) -> bool:
        """Whether more candidates than k have to be looked through."""
        return bool(self.categories) or self.prices is not None or self.shown == "again"


@dataclass(frozen=True)
class Ranking:
    """The list that the URL asks for, best first."""

    filters: Filters
    rows: list[Recommendation]
    after: Recommendation | None
    """The first that the list is too short for."""

    @property
    def ids(self) -> list[str]:
        """Of the rows."""
        return [row.item_id for row in self.rows]

    @property
    def place(self) -> int:
        """The row that the URL asks for, or the first."""
        asked, ids = state.read(state.ITEM), self.ids
        return ids.index(asked) if asked in ids else 0

    @property
    def chosen(self) -> Chosen | None:
        """That row, if there is any."""
        if not self.rows:
            return None
        row = self.rows[self.place]
        following = [*self.rows, self.after][self.place + 1]
        return Chosen(
            row.item,
            causes=() if row.reason_event is None else (row.reason_event,),
            following=following.item if following else None,
            following_rank=following.rank if following else 0,
            k=self.filters.k,
            candidates=self.filters.candidates,
            listed=tuple(row.item for row in self.rows),
        )


def rank(selection: Selection) -> Ranking:
    """What the URL asks for, before anything of it is drawn."""
    filters = _filters(selection)
    found = _rows(selection, filters)
    after = found[filters.k] if len(found) > filters.k else None
    return Ranking(filters, found[: filters.k], after)


def draw_ranking(selection: Selection, ranking: Ranking) -> None:
    """Draw the filters, the list and what was held out."""
    section(
        _("Recommended"),
        _(
            "Percentile: how many of all candidates score lower. The reason is the event of the "
            "history whose exact share of the score is the largest."
        ),
    )
    filters, rows = ranking.filters, ranking.rows
    _draw_filters(selection, filters)
    if not rows:
        _nothing_fits()
        return
    ids = ranking.ids
    asked_for(selection.run.dataset, ids)
    table = _table(selection, rows, filters)
    with st.container(key="ranking"):
        st.dataframe(
            _coloured(table),
            hide_index=True,
            height="content",
            row_height=62,
            column_config=_columns(selection, table),
            column_order=_order(table),
            **state.row_choice(state.ITEM, ids, default=ids[0]),
        )
    with st.container(horizontal=True, vertical_alignment="center", key="under_ranking"):
        step_product(ids, ids[ranking.place])
        st.toggle(_("Show scores (logits)"), **state.switch(state.LOGIT))
        download("ranking", table)
        why_not(selection, filters.k, filters.candidates)
    _held_out(selection, filters, rows)


def _nothing_fits() -> None:
    empty(
        _("Nothing fits these filters"),
        _("Widen the price or the categories, or let go of the tag."),
    )
    st.button(
        _("Clear filters"),
        icon=":material/filter_alt_off:",
        on_click=state.write,
        kwargs=dict.fromkeys((state.CANDIDATES, state.CATEGORY, state.PRICE, state.TAG)),
    )


def _filters(selection: Selection) -> Filters:
    shown = state.chosen(state.CANDIDATES, _SHOWN, selection.run.default_view)
    categories = tuple(state.all_chosen(state.CATEGORY, _categories(selection)))
    ends = _price_ends(selection)
    prices = state.ends(state.PRICE, *ends) if ends else None
    unled = Filters(
        shown,
        state.whole(state.K, *_LENGTH),
        categories,
        prices=None if prices == ends else prices,
        driven=None,
    )
    return replace(unled, driven=driven(selection.question, unled.k, unled.candidates))


def _draw_filters(selection: Selection, filters: Filters) -> None:
    names = {"all": _("All {@products}"), "new": _("New to them"), "again": _("Had before")}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        st.segmented_control(
            _("{@Products}"),
            _SHOWN,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.choice(state.CANDIDATES, _SHOWN, selection.run.default_view),
        )
        with st.popover(_("Filter"), icon=":material/tune:", key="narrow"):
            low, high, _usual = _LENGTH
            st.slider(_("How many"), low, high, step=5, **state.number(state.K, *_LENGTH))
            feature = catalogue.category_feature(selection.run.dataset)
            if feature is not None:
                values = _categories(selection)
                st.multiselect(
                    feature_name(feature.name),
                    values,
                    placeholder=_("Any"),
                    **state.choices(state.CATEGORY, values),
                )
            ends = _price_ends(selection)
            if ends:
                st.slider(_("Price"), *ends, **state.span(state.PRICE, *ends))
    with st.container(key="interests"):
        interests(selection.question, filters.k, filters.candidates)


def _categories(selection: Selection) -> list[str]:
    feature = catalogue.category_feature(selection.run.dataset)
    return sorted(feature.values) if feature is not None else []


def _price_ends(selection: Selection) -> tuple[float, float] | None:
    """The lowest and highest price, in whole units; None where all cost the same."""
    values = resources.prices(selection.question.run)
    if values is None or not np.nanmax(values) > np.nanmin(values):
        return None
    return float(np.floor(np.nanmin(values))), float(np.ceil(np.nanmax(values)))


def _rows(selection: Selection, filters: Filters) -> list[Recommendation]:
    """What fits the filters, best first: k of them or more, and the one after them."""
    depth = max(_DEEP, filters.k) if filters.narrow else filters.k + 1
    rows = list(resources.recommendations(selection.question, depth, filters.candidates))
    if filters.shown == "again":
        had = set(resources.history(selection.question).had.tolist())
        rows = [row for row in rows if row.item in had]
    if filters.categories:
        feature = catalogue.category_feature(selection.run.dataset)
        wanted = set(filters.categories)
        rows = [row for row in rows if feature and _values(feature, row.item) & wanted]
    if filters.prices is not None:
        price, (low, high) = resources.prices(selection.question.run), filters.prices
        rows = [row for row in rows if price is not None and low <= price[row.item] <= high]
    if filters.driven is not None:
        rows = [row for row in rows if row.item in filters.driven]
    return rows


def _values(feature: Any, item: int) -> set[str]:
    return {feature.values[code - 1] for code in feature.codes[item] if code > 0}


def _table(selection: Selection, rows: list[Recommendation], filters: Filters) -> pd.DataFrame:
    data, items = selection.run.dataset, [row.item for row in rows]
    feature = catalogue.category_feature(data)
    pictures = resources.pictures(selection.question.run, tuple(items))
    table = pd.DataFrame({"rank": [row.rank for row in rows]})
    if any(pictures):
        table["picture"] = pictures
    table["product"] = [row.title for row in rows]
    if feature is not None:
        table["category"] = [feature.label(item) for item in items]
    table["percentile"] = [row.percentile for row in rows]
    table["logit"] = [row.logit for row in rows]
    table["holds"] = _lights(selection, items, filters.candidates)
    table["reason"] = [_reason(selection, row) for row in rows]
    return table


def _lights(selection: Selection, items: list[int], candidates: Candidates) -> list[str]:
    """Whether each product's reason holds, as a sign; all are put to the test together."""
    found = resources.reason_tests(selection.question, tuple(items), candidates)
    return [sentences_card.light(one.verdict) for one in found]


def _coloured(table: pd.DataFrame) -> Any:
    colours = palette(state.theme()).lights
    return table.style.map(lambda sign: f"color: {colours[sign]}", subset=["holds"])


def _reason(selection: Selection, row: Recommendation) -> str:
    if row.reason_event is None:
        return _("popular, or fits the profile")
    past, data = resources.history(selection.question), selection.run.dataset
    cause = str(data.items["title"].iloc[past.items[row.reason_event]])
    if past.items[row.reason_event] == row.item:
        kind = data.event_types[past.events[row.reason_event]]
        moment = past.moment(row.reason_event)
        if moment.time is None:
            return event_and_when(kind, moment)
        return _("{event} on {day}").format(event=event_name(kind), day=when(moment))
    return f"{cause} · {sentences.reason(row.reason_feature)}"


def _order(table: pd.DataFrame) -> list[str]:
    hidden = () if state.read(state.LOGIT) == "1" else ("logit",)
    return [name for name in table.columns if name not in hidden]


def _columns(selection: Selection, table: pd.DataFrame) -> dict[str, Any]:
    config, dataset = st.column_config, selection.run.dataset
    scored = "logit" in _order(table)  # one column more, in the same room
    return {
        "rank": config.NumberColumn("#", width=40),
        "picture": config.ImageColumn("", width=60),
        "product": config.TextColumn(_("{@Product}"), width=122 if scored else 134),
        "category": config.TextColumn(catalogue.category_name(dataset), width=88 if scored else 96),
        "percentile": config.ProgressColumn(
            _("Percentile"),
            min_value=0,
            max_value=100,
            format="%.1f",
            width=70 if scored else 82,
            help=_("Share of the candidates that score lower"),
        ),
        "logit": config.NumberColumn(_("Logit"), format="%.2f", width=56),
        "holds": config.TextColumn(
            _("Holds"),
            width=54,
            help=_("Believe the reason? ● holds, ◐ partly, ○ weak"),
        ),
        "reason": config.TextColumn(_("Strongest reason"), width=160 if scored else 172),
    }


def _held_out(selection: Selection, filters: Filters, rows: list[Recommendation]) -> None:
    """What the customer did next, with the rank that the model had given it."""
    held_out = selection.held_out
    if held_out is None:
        return
    ranks = resources.ranks(selection.question, held_out.items, filters.candidates)
    titles = selection.run.dataset.items["title"].to_numpy()
    moment = selection.run.dataset.history(selection.question.user).moment(held_out.cut)
    with st.container(border=True, key="held_out", gap="xsmall"):
        st.markdown(f"**{_('What happened next')}** · :small[{when(moment)}]")
        best = min((rank for rank in ranks if rank), default=0)
        st.text(_verdict(best, len(rows)))
        for item, rank in sorted(zip(held_out.items, ranks, strict=True), key=lambda pair: pair[1]):
            colour = "primary" if 0 < rank <= filters.k else "gray"
            place = _("rank {n}").format(n=f"{rank:,}") if rank else _("had before")
            st.markdown(f":{colour}-badge[{place}] {literal(str(titles[item]))}")


def _verdict(best: int, shown: int) -> str:
    if best == 0:
        return _(
            "The {@customer} {@bought} again what they had; the list shows new {@products} only."
        )
    if best <= shown:
        return _("The model was right: what the {@customer} {@bought} stands in the list above.")
    return plural(
        "The model was not right: the best of what was {@bought} came at rank {n}.",
        "The model was not right: the best of what was {@bought} came at rank {n}.",
        best,
    )
