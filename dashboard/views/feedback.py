"""Thumbs and a reason on a recommendation and on its explanation; what everybody said, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import access, identities, resources, state
from dashboard.access import fragment
from dashboard.errors import told
from dashboard.exports import to_csv, to_parquet
from dashboard.names import LENSES
from dashboard.views.data.training import start_training
from dashboard.views.frame import calm, empty, section
from dashboard.views.recommendations.ranking import Chosen
from dashboard.views.selection import Selection
from dashboard.words import _, plural
from recommender.workspace.feedback import (
    REASONS,
    About,
    Opinion,
    keep,
    likes_for,
    opinion_of,
    opinions,
    summary,
    write_likes,
)
from recommender.workspace.library import Entry
from recommender.workspace.store import StoreError

if TYPE_CHECKING:
    from recommender.explain.types import Explanation

_STRONGEST = 3


@calm
def feedback(selection: Selection, chosen: Chosen, explained: Explanation) -> None:
    """Draw what can be said of the chosen recommendation and of its explanation."""
    with st.container(key="feedback", horizontal=True, vertical_alignment="center", gap="small"):
        _ask("recommendation", _("Good to offer?"), selection, chosen, explained)
        _ask("explanation", _("Reason clear?"), selection, chosen, explained)


def _ask(
    about: About, label: str, selection: Selection, chosen: Chosen, explained: Explanation
) -> None:
    run, user = selection.run, selection.question.user
    user_id = identities.user_id(run.dataset, user)
    who = access.visitor()
    thumb, reason, note = opinion_of(who, about, run.fingerprint, user_id, explained.item_id)
    handle = identities.handle(run.dataset, user, state.masked())
    key = f"{about}_{run.fingerprint}_{handle}_{explained.item}"

    def say(thumb: int, reason: str, note: str) -> None:
        seen = _seen(selection, chosen, explained)
        address = urlencode(state.link(), doseq=True)
        data = run.dataset
        known = (run.name, run.fingerprint, data.name, data.fingerprint)
        given = Opinion(about, thumb, *known, user_id, explained.item_id, address, seen)
        try:
            keep(_because(given, reason, note), who)
        except ValueError as problem:  # the library, the room for it, or its size
            empty(_("Your feedback was not kept"), told(problem))
        else:
            st.toast(_("Your feedback is kept."), icon=":material/check:")

    st.text(label)
    given = st.feedback("thumbs", default={1: 1, -1: 0}.get(thumb), key=f"thumb_{key}")
    now = {1: 1, 0: -1, None: 0}[given]
    if now != thumb:
        say(now, reason if now else "", note if now else "")
    if now:
        with st.container(width="content"):
            _why(about, key, (reason, note), lambda because, words: say(now, because, words))


def _because(given: Opinion, reason: str, note: str) -> Opinion:
    return replace(given, reason=reason, note=note)


@fragment
def _why(about: About, key: str, kept: tuple[str, str], say: Callable[[str, str], None]) -> None:
    """A menu; the form in it is made when it is opened."""
    menu = st.popover(
        _("Why"), key=f"why_{about}", type="tertiary", on_change="rerun", width="content"
    )
    if not menu.open:
        return
    names = {"helpful": _("helpful"), "wrong": _("wrong"), "unclear": _("unclear")}
    with menu, st.form(f"why_form_{key}", border=False):
        because = st.pills(
            _("It is"), REASONS, default=kept[0] or None, format_func=names.__getitem__
        )
        words = st.text_area(_("In your words"), kept[1], max_chars=2_000)
        if st.form_submit_button(_("Keep")):
            say(because or "", words or "")


def _seen(selection: Selection, chosen: Chosen, explained: Explanation) -> dict[str, Any]:
    """What stood on the page, in numbers."""
    top = resources.recommendations(selection.question, chosen.k, chosen.candidates)
    held_out = selection.held_out
    return {
        "as_of": explained.asked.time,
        "moment": selection.question.moment,
        "rank": resources.ranks(selection.question, (explained.item,), chosen.candidates)[0],
        "logit": round(explained.logit, 6),
        "k": chosen.k,
        "candidates": chosen.candidates,
        "top": [row.item_id for row in top],
        "lenses": {lens: _strongest(explained, lens) for lens in LENSES},
        "answer": held_out is not None and explained.item in held_out.items,
    }


def _strongest(explained: Explanation, lens: str) -> list[list[Any]]:
    """The events that are largest by this lens: product id and value."""
    values = getattr(explained, lens)
    order = sorted(range(len(values)), key=lambda event: -abs(float(values[event])))
    return [
        [explained.item_ids[event], round(float(values[event]), 6)] for event in order[:_STRONGEST]
    ]


def train_with_likes(chosen: Entry) -> None:
    """A button that trains on a data set and on what was liked on it, where anything was."""
    try:
        found = likes_for(chosen.path, access.visitor())
    except (StoreError, OSError, KeyError, ValueError):
        return
    if found.empty:
        return
    label = plural("Train with {n} like", "Train with {n} likes", len(found))
    help_ = _("Liked recommendations become events of type “liked”, right before what is held out.")
    if st.button(label, help=help_, icon=":material/thumb_up:", key=f"train_liked_{chosen.key}"):
        path = write_likes(found, access.visitor())
        data = chosen.path / "dataset" if chosen.kind == "run" else chosen.path
        start_training(data, f"{chosen.name}-liked", ("--feedback", str(path)))


@calm
def what_was_said() -> None:
    """The summary of all feedback, and the rows to download; nothing where nobody said anything."""
    found = opinions(access.visitor())
    if found.empty:
        return
    section(
        _("Feedback"),
        _("The newest word of each person on each recommendation and each explanation."),
    )
    counted = summary(found)
    names = {"recommendation": _("Recommendations"), "explanation": _("Explanations")}
    table = pd.DataFrame(
        {
            _("About"): [names[about] for about in counted["about"]],
            "👍": counted["up"],
            "👎": counted["down"],
            _("helpful"): counted["helpful"],
            _("wrong"): counted["wrong"],
            _("unclear"): counted["unclear"],
        }
    )
    with st.container(key="said"):
        st.dataframe(table, hide_index=True, width="content")
    with st.container(horizontal=True, key="said_files"):
        for label, ending, make in (("CSV", "csv", to_csv), ("Parquet", "parquet", to_parquet)):
            st.download_button(
                label,
                data=access.exported("feedback", partial(_handed_out, found, make, state.masked())),
                file_name=f"reclens-feedback.{ending}",
                key=f"said_{ending}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def _handed_out(found: pd.DataFrame, make: Callable[[pd.DataFrame], bytes], hidden: bool) -> bytes:
    return make(identities.exported(found, hidden))
