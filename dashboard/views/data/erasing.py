"""A customer's data erased: what there is, a word, the receipt, and the training anew."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import access, resources, state
from dashboard.errors import told
from dashboard.views.data.training import start_training
from dashboard.views.frame import busy, calm, empty
from dashboard.words import _, literal, plural
from recommender.data.limits import MAX_ID
from recommender.workspace.erasing import Found, erase, find_customer, may_change
from recommender.workspace.library import Entry
from recommender.workspace.receipts import CANNOT, Receipt

_RECEIPT = "receipt"


def erase_customer() -> None:
    """A button, and the dialog behind it."""
    if st.button(_("Erase {@a_customer}"), icon=":material/person_remove:", key="erase_customer"):
        state.forget(_RECEIPT)
        title = _("Erase {@a_customer}'s data")
        st.dialog(title, width="large", on_dismiss="rerun")(dialog)()


@calm
def dialog() -> None:
    """Ask for whom, show what there is, and remove it after a word; then the receipt."""
    done = state.recall(_RECEIPT)
    if isinstance(done, Receipt):
        _show_receipt(done)
        return
    place = st.empty()
    with place.container():
        found = _asked()
        if found is None or not _agreed(found):
            return
        receipt = _erased(found)
    if receipt is not None:
        state.remember(_RECEIPT, receipt)
        place.empty()
        _show_receipt(receipt)


def _asked() -> Found | None:
    """Where the customer is, as far as the visitor may change it; None until there is something."""
    user_id = st.text_input(
        _("Id of the {@customer}"),
        max_chars=MAX_ID,
        key="erase_id",
        help=_("As it stands in the files. It is kept nowhere."),
    ).strip()
    if not user_id:
        return None
    try:
        found = find_customer(user_id, access.visitor())
        _say_what_is_left_alone()
        if not found:
            st.text(_("There is nothing of this {@customer} here."))
            return None
        places = {place.entry.address: _called(place.entry) for place in found.places}
        chosen = st.multiselect(
            _("Erase from"),
            list(places),
            list(places),
            format_func=places.__getitem__,
            key=f"erase_from_{'/'.join(places)}",
            help=_(
                "{@Customers} of several data sets may have the same id. Runs go with their data "
                "set."
            ),
        )
        if chosen != list(places):
            found = find_customer(user_id, access.visitor(), chosen)
    except (ValueError, OSError) as problem:
        empty(_("This {@customer} cannot be looked for"), told(problem))
        return None
    _show(found)
    return found


def _called(entry: Entry) -> str:
    return entry.name if entry.kind == "run" else _("{name} (data)").format(name=entry.name)


def _say_what_is_left_alone() -> None:
    """What the visitor sees and may not change: a customer who is there is not found."""
    others = [one.name for one in access.entries() if not may_change(one, access.visitor())]
    if others:
        said = _("Not looked through, as it is not yours to change: {names}.")
        st.caption(literal(said.format(names=_(", ").join(others))))


def _show(found: Found) -> None:
    kinds = {"run": _("run"), "dataset": _("data set")}
    table = pd.DataFrame(
        {
            _("Name"): [place.entry.name for place in found.places],
            _("Kind"): [kinds[place.entry.kind] for place in found.places],
            _("Events"): [place.events for place in found.places],
            _("Its model learned from them"): [place.trained for place in found.places],
        }
    )
    with st.container(key="erase_found"):
        st.dataframe(table, hide_index=True)
    for sentence in _beside(found):
        st.text(sentence)
    for problem in found.unreadable:
        st.text(_("Not looked through: {problem}").format(problem=told(problem)))


def _beside(found: Found) -> list[str]:
    traces = found.traces
    counted = (
        (traces.opinions, plural("{n} opinion", "{n} opinions", traces.opinions)),
        (traces.addresses, plural("{n} address", "{n} addresses", traces.addresses)),
        (traces.likes, plural("{n} like for training", "{n} likes for training", traces.likes)),
        (traces.log_lines, plural("{n} line of a log", "{n} lines of logs", traces.log_lines)),
        (
            traces.checkpoints,
            plural("{n} unfinished training", "{n} unfinished trainings", traces.checkpoints),
        ),
    )
    listed = [words for n, words in counted if n]
    said = [_("Beside these: {things}.").format(things=_(", ").join(listed))] if listed else []
    if traces.notes:
        by_hand = CANNOT["notes"]
        said.append(told(by_hand))
    return said


def _agreed(found: Found) -> bool:
    st.text(_("All this will be gone for good. Backups that were made before keep it."))
    return st.button(_("Erase for good"), type="primary", key="erase_for_good") and bool(found)


def _erased(found: Found) -> Receipt | None:
    bar = st.progress(0.0)

    def tell(done: int, of: int) -> None:
        bar.progress(done / max(of, 1))

    try:
        with busy(_("Erasing …")):
            receipt, _path = erase(found, tell)
    except (ValueError, OSError) as problem:
        empty(_("This could not be erased"), told(problem))
        return None
    resources.forget_erased()
    return receipt


def _show_receipt(receipt: Receipt) -> None:
    if receipt.complete:
        said = _("Erased. The {@customer} is called {name} in the receipt.")
        st.text(said.format(name=receipt.customer))
    else:
        empty(_("Not everything could be erased"), _("See below, and erase again."))
    for problem in receipt.not_changed:
        st.text(told(problem))
    st.download_button(
        _("Receipt"),
        data=access.exported("receipt", receipt.as_json),
        file_name=f"reclens-erased-{receipt.customer}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="receipt",
    )
    with st.expander(_("What stays"), expanded=True):
        for sentence in receipt.what_stays:
            st.text(told(sentence))
    _train_again(receipt)


def _train_again(receipt: Receipt) -> None:
    """A button for each run that learned from the customer: the same settings, the data of now."""
    for name in receipt.retrain:
        entry = access.find(name)
        if entry is None:
            continue
        label = _("Train {name} anew").format(name=literal(name))
        if st.button(label, icon=":material/replay:", key=f"anew_{entry.key}"):
            options = ("--config", str(entry.path / "config.json"))
            start_training(entry.path / "dataset", name, options)
