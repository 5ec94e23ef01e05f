"""The smallest changes that turn the outcome for one product, each one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import edits, resources, state
from dashboard.names import event_name, feature_inside, unknown
from dashboard.views.frame import calm, section
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.views.whatif.sides import WhatIf
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Counterfactual, Lift, ProfileChange


@calm
def turning_points(sides: WhatIf, item: int) -> None:
    """Draw what would move the product out of the list, or into it."""
    found = resources.turning(sides.after, item, sides.k, sides.candidates)
    title = str(sides.selection.run.dataset.items["title"].iloc[item])
    section(
        _("What would take {title} off the list?").format(title=title)
        if found.listed
        else _("What would bring {title} into the list?").format(title=title),
        _(
            "The smallest sets of changes that turn the outcome, searched for up to five events. "
            "Each was run through the model. It says what moves the model, not the {@customer}."
        ),
    )
    with st.container(key="turning", gap="xsmall"):
        if found.deletion is None:
            st.text(_("It is no candidate: the list shows new {@products} only."))
            return
        _deletion(sides, found.deletion)
        if found.profile is not None:
            _profile(sides, found.profile)
        for lift in found.lifts:
            _lift(sides, lift)


def _offer(sentence: str, edit: str) -> None:
    with st.container(key=f"turn_{edit}", horizontal=True, vertical_alignment="center", wrap=False):
        st.text(sentence)
        st.button(
            _("Try"),
            key=f"try_{edit}",
            icon=":material/play_arrow:",
            on_click=state.edit,
            args=(edit,),
        )


def _deletion(sides: WhatIf, found: Counterfactual) -> None:
    if not found.events:
        st.text(sentences_whatif.no_deletion(found))
        return
    keys = [sides.draft.kept[position].key for position in found.events]
    _offer(sentences_whatif.deletion(found), edits.removed(*keys))


def _profile(sides: WhatIf, found: ProfileChange) -> None:
    features = sides.selection.run.dataset.user_features
    at = [feature.name for feature in features].index(found.feature)
    codes = [features[at].values.index(found.after) + 1] if found.after else []
    said = _("With {feature} {value}: rank {rank}.").format(
        feature=feature_inside(found.feature),
        value=found.after or unknown(),
        rank=f"{found.rank_after:,}",
    )
    _offer(said, edits.profiled(at, codes))


def _lift(sides: WhatIf, lift: Lift) -> None:
    data = sides.selection.run.dataset
    kind = data.asked_codes[-1]
    said = _("With one {kind} of {title} more: rank {rank}.").format(
        kind=event_name(data.event_types[kind]), title=lift.title, rank=f"{lift.rank_after:,}"
    )
    _offer(
        said, edits.added(str(data.items["item_id"].iloc[lift.item]), kind, sides.draft.last_day)
    )
