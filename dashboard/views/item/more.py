"""More to say of one product: what goes with it, whom a new one suits, what moves a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import groups, resources, state
from dashboard.access import fragment
from dashboard.figures.all_recommendations import group_name
from dashboard.resources import Candidates, RunKey
from dashboard.views.frame import busy, calm, section
from dashboard.views.header import refresh_links
from dashboard.words import _, language, plural, vocabulary
from recommender.words.drafts import blurb, bundle_reason, segment_words, suits

if TYPE_CHECKING:
    from recommender.evaluate.items import Audience

_SIZES = ("2", "3", "4")
_RECEIVERS = "receivers"


@fragment
@calm
def more_to_say(key: RunKey, found: Audience, candidates: Candidates) -> None:
    """Draw the choice; what is chosen is computed then, and not before."""
    section(
        _("More to say"),
        _(
            "Computed when it is asked for. Drafts are marked as drafts: they hold what the data "
            "and the model say, and somebody should read them before {@customers} do."
        ),
    )
    names = {"bundles": _("What goes with it"), "segment": _("What moves a segment")}
    if not found.buyers:
        names = {"newcomer": _("Whom it would suit")} | names
    with st.container(key="more_to_say", gap="small"):
        chosen = st.segmented_control(
            _("More to say"),
            list(names),
            format_func=names.__getitem__,
            label_visibility="collapsed",
            **state.option(state.MORE, list(names)),
        )
        with busy(_("Asking the model …")):
            if chosen == "bundles":
                _bundles(key, found.item)
            elif chosen == "newcomer":
                _newcomer(key, found.item)
            elif chosen == "segment":
                _segment(key, found, candidates)
    refresh_links()


def _bundles(key: RunKey, item: int) -> None:
    """Bundles by what the model counts, with plain lift beside them."""
    size = st.segmented_control(
        _("{@Products} in a bundle"),
        _SIZES,
        required=True,
        **state.choice(state.SIZE, _SIZES, "3"),
    )
    left, right = st.columns([13, 7], gap="large")
    with left:
        found = resources.bundles(key, item, int(size or 3))
        if not found:
            st.text(_("Too few {@customers} {@bought} it together with anything else."))
        for one in found:
            with st.container(border=True, gap="xsmall"):
                pictures = [made for made in resources.pictures(key, one.items) if made]
                if pictures:
                    st.image(pictures, width=56)
                st.text(bundle_reason(one, language(), vocabulary()))
    with right:
        st.markdown(f"**{_('By lift alone')}**")
        baseline = resources.lift_baseline(key, item)
        if baseline.empty:
            st.text(_("Nothing was {@bought} with it often enough to count."))
        for row in baseline.itertuples():
            st.text(
                _("{title}: {lift} times as often as by chance, {customers}").format(
                    title=row.title,
                    lift=f"{row.lift:.2f}",
                    customers=plural("{n} {@customer}", "{n} {@customers}", int(row.users)),
                )
            )


def _newcomer(key: RunKey, item: int) -> None:
    """Whom an item without sales would suit, why, and drafts of what to say."""
    found = resources.newcomer(key, item)
    if len(found.users) < groups.smallest():
        st.text(groups.note())
        return
    st.text(
        plural(
            "Nobody {@bought} it yet. By its features alone it was scored for {asked}; what "
            "follows is what sets the one apart whom it suits best.",
            "Nobody {@bought} it yet. By its features alone it was scored for {asked}; what "
            "follows is what sets the {n} apart whom it suits best.",
            len(found.users),
            asked=plural("{n} {@customer}", "{n} {@customers}", found.asked),
        )
    )
    for said in (blurb(found, language()), *suits(found, language(), vocabulary())):
        st.text(said)
    if not (found.through or found.profiles):
        st.text(_("Nothing sets them apart, so there is no reason to give."))


def _segment(key: RunKey, found: Audience, candidates: Candidates) -> None:
    """What the recommendations of some customers rest on."""
    least = groups.smallest()
    segments = {name: users for name, users in resources.user_groups(key).items() if users}
    if len(found.users) >= least:
        segments = {_RECEIVERS: tuple(map(int, found.users))} | segments
    if groups.note():
        st.caption(groups.note())
    if not segments:
        return
    names = {name: group_name(name) for name in segments if name != _RECEIVERS}
    names[_RECEIVERS] = _("{@Customers} who get it")
    chosen = st.selectbox(
        _("Segment"),
        list(segments),
        format_func=names.__getitem__,
        width=320,
        **state.choice(state.SEGMENT, list(segments), next(iter(segments))),
    )
    users = segments[str(chosen)]
    asked, tags = resources.segment_tags(key, users, found.k, candidates)
    st.text(segment_words(tags, language(), vocabulary()))
    st.caption(
        plural(
            "Asked: {asked} of {n} {@customer} of this segment.",
            "Asked: {asked} of {n} {@customers} of this segment.",
            len(users),
            asked=f"{asked:,}",
        )
    )
