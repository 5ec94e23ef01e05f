"""Beside and behind one product: what it competes with, and customers who get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from dashboard import groups, identities, resources, sentences, state
from dashboard.names import when
from dashboard.pages import page
from dashboard.resources import RunKey
from dashboard.views.chart import download
from dashboard.views.frame import badges, section
from dashboard.views.item import sentences as sentences_item
from dashboard.words import _, literal
from recommender.data.histories import Moment

if TYPE_CHECKING:
    from recommender.evaluate.items import Audience
    from recommender.model.run import Run


def rivals(key: RunKey, found: Audience) -> None:
    """What stands in the same lists; a click opens that product."""
    section(
        _("What it competes with"),
        _(
            "{@Products} in the lists of those who get it. Usual: the share of all lists that hold "
            "the {@product}; where it is much smaller, the two go to the same people. Above: in "
            "what share of the common lists it stands above."
        ),
    )
    if found.rivals.empty:
        st.text(groups.note() or sentences_item.rivals(found))
        return
    ids = found.rivals["item_id"].to_list()
    pictures = resources.pictures(key, tuple(int(item) for item in found.rivals["item"]))
    table = pd.DataFrame({"picture": pictures} if any(pictures) else {}, index=found.rivals.index)
    table["title"] = found.rivals["title"]
    for name in ("share", "usual", "above"):
        table[name] = 100 * found.rivals[name]
    with st.container(key="rivals"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            row_height=52,
            column_config=_columns(),
            **state.row_choice(state.ITEM, ids),
        )
    with st.container(horizontal=True, wrap=False, key="under_rivals"):
        st.text(sentences_item.rivals(found))
        download("rivals", lambda: found.rivals)


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "picture": config.ImageColumn("", width=48),
        "title": config.TextColumn(_("{@Product}"), width=200),
        "share": config.NumberColumn(_("In their lists"), format="%.0f%%", width=90),
        "usual": config.NumberColumn(_("Usual"), format="%.0f%%", width=70),
        "above": config.NumberColumn(_("Above it"), format="%.0f%%", width=80),
    }


def examples(opened: Run, found: Audience) -> None:
    """Customers who get it, each with the strongest reason and a link to the whole explanation."""
    section(
        _("{@Customers} who get it") if len(found.users) else _("{@Customers} who come nearest"),
        _("Spread over the ranks. The reason is the event that counts most for the {@product}."),
    )
    data, masked = opened.dataset, state.masked()
    item_id = str(data.items["item_id"].iloc[found.item])
    with st.container(key="examples", gap=None):
        for place, row in enumerate(found.examples.itertuples()):
            with st.container(
                key=f"example_{place}", horizontal=True, gap="small", vertical_alignment="center"
            ):
                st.page_link(
                    page("recommendations"),
                    label=literal(identities.label(data, row.user, masked)),
                    query_params=state.link(
                        user=identities.handle(data, row.user, masked),
                        item=item_id,
                        moment="now",
                        edit=None,
                        event=None,
                    ),
                )
                badges((_("rank {n}").format(n=row.rank), "primary"))
                st.text(_because(opened, row))


def _because(opened: Run, row: Any) -> str:
    if row.cause < 0:
        return _("popular, or fits the profile")
    title = str(opened.dataset.items["title"].iloc[row.cause])
    moment = Moment(row.number, row.of, None if pd.isna(row.time) else int(row.time))
    return f"{title} · {when(moment)} · {sentences.reason(row.feature)}"
