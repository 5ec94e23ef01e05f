"""The first minute: what this is in three steps, and customers worth looking at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard import catalogue, identities, resources, state
from dashboard.access import fragment
from dashboard.names import LENSES, lens_name, percent, score
from dashboard.pages import page
from dashboard.resources import Report, RunKey
from dashboard.views.frame import section, whole_page_when
from dashboard.words import _, literal, plural

if TYPE_CHECKING:
    from recommender.evaluate.starts import Start

_EVERY_SECONDS = 1.0
_COLOURS = ("orange", "blue", "violet")
"""Of the lenses, as badges have them: looked at, counted, mattered."""


def guide() -> None:
    """Draw the three steps, until somebody puts them away."""
    if state.read(state.GUIDE) == "0":
        return
    with st.container(border=True, key="guide", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('New here? Three steps')}**")
            st.space("stretch")
            st.button(
                _("Got it"),
                key="guide_read",
                type="tertiary",
                icon=":material/close:",
                on_click=state.write,
                kwargs={state.GUIDE: "0"},
            )
        columns = st.columns(3, gap="medium")
        for column, draw in zip(columns, (_choose, _lenses, _change), strict=True):
            with column:
                draw()


def _choose() -> None:
    st.markdown(f"**1. {_('Choose {@a_customer}')}**")
    st.caption(
        _("Take one of those below, or search for any. You see their past and their offers.")
    )
    st.page_link(
        page("recommendations"),
        label=_("To the recommendations"),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=state.link(),
    )


def _lenses() -> None:
    st.markdown(f"**2. {_('Read each reason three times')}**")
    for lens, colour in zip(LENSES, _COLOURS, strict=True):
        name = lens_name(lens)
        st.markdown(f":{colour}-badge[{name.plain}] :small[{name.meaning}]")


def _change() -> None:
    st.markdown(f"**3. {_('Check it yourself')}**")
    st.caption(_("Leave out what mattered and see the list change. A link keeps what you did."))
    st.page_link(
        page("whatif"),
        label=_("To what if"),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=state.link(),
    )


@dataclass(frozen=True)
class _Way:
    """One customer to start from."""

    name: str
    why: str
    user: int
    item: int | None = None
    moment: str | None = None


def ways_in(told: Report, key: RunKey) -> None:
    """Draw the customers; those that have to be looked for come when they are found."""
    section(
        _("Start with {@a_customer}"),
        _(
            "Surprising: the model found a rare {@product} that the {@customer} then {@bought} and "
            "never had. Lenses disagree: what the model looked at is least what mattered. Both are "
            "looked for among {@customers} drawn at random."
        ),
    )
    with st.container(key="ways", horizontal=True, gap="small"):
        known = _known(told, key)
        for place, way in enumerate(known):
            _draw(told, way, place)
        if resources.starts(key) is None:
            fragment(_await_starts, run_every=_EVERY_SECONDS)(key)
        else:
            for place, start in enumerate(resources.starts(key) or (), start=len(known)):
                _draw(told, _found(told, start), place)


def _await_starts(key: RunKey) -> None:
    whole_page_when(resources.starts(key) is not None)
    st.skeleton(height=92)


def _known(told: Report, key: RunKey) -> list[_Way]:
    """Customers that the data alone tells."""
    data = told.dataset
    lengths = np.diff(data.offsets)

    def events(user: int) -> str:
        return plural("{n} event", "{n} events", int(lengths[user]))

    typical, new = catalogue.typical_user(data), catalogue.new_user(data)
    ways = [_Way(_("Typical"), events(typical), typical), _Way(_("New"), events(new), new)]
    loyal = resources.loyal_user(key)
    if loyal is not None:
        said = _("{share} of {@purchases} are of what they had").format(share=percent(loyal[1]))
        ways.append(_Way(_("Loyal"), said, loyal[0]))
    return ways


def _found(told: Report, start: Start) -> _Way:
    title = str(told.dataset.items["title"].iloc[start.item])
    if start.kind == "surprising":
        why = _("{title}, {@bought} by {share}, was foreseen").format(
            title=title, share=percent(start.value)
        )
        return _Way(_("Surprising"), why, start.user, start.item, "before")
    why = _("{title}: ranks correlate by {value}").format(title=title, value=score(start.value))
    return _Way(_("Lenses disagree"), why, start.user, start.item, "now")


def _draw(told: Report, way: _Way, place: int) -> None:
    data, masked = told.dataset, state.masked()
    item = None if way.item is None else str(data.items["item_id"].iloc[way.item])
    with st.container(border=True, key=f"way_{place}", width="stretch"):
        st.page_link(
            page("recommendations"),
            label=literal(way.name),
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=state.link(
                user=identities.handle(data, way.user, masked),
                item=item,
                moment=way.moment,
                edit=None,
                event=None,
            ),
            width="stretch",
        )
        st.text(f"{identities.label(data, way.user, masked)} · {way.why}")
