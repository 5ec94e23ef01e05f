"""The only door to the caches, and the only place where pages reach the model.

Modules that load torch are imported inside the cached functions, so that a page that needs none
of them is drawn at once. Every result is keyed by the run's folder and the time it was written.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import numpy as np
import pandas as pd
import streamlit as st
from jaxtyping import Int
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from dashboard import access, catalogue, groups, identities, state
from dashboard.catalogue import SearchText
from dashboard.discretion import shown_place
from dashboard.drawing_order import out_of_turn
from dashboard.edits import Draft, apply
from dashboard.errors import LONGEST_VALUE, told
from dashboard.measuring import Measurement, Measuring, begin
from dashboard.names import event_and_when
from dashboard.words import _, language, shorten
from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.explain.types import SAMPLE
from recommender.said import read_back
from recommender.workspace.places import erasings, start_run
from recommender.workspace.pseudonyms import Pseudonyms, pseudonym_in, secret
from recommender.workspace.store import StoreError

if TYPE_CHECKING:
    from recommender.data.cleaning.tables import Tables
    from recommender.data.dataset import Dataset
    from recommender.data.histories import History
    from recommender.evaluate.global_explanation import Overall
    from recommender.evaluate.items import Audience
    from recommender.evaluate.looking_back import Looked, LookingBack
    from recommender.evaluate.newcomers import Newcomer
    from recommender.evaluate.quality import Quality
    from recommender.evaluate.starts import Start
    from recommender.evaluate.trust_report import Trust
    from recommender.explain.bundles import Bundle
    from recommender.explain.card import Card
    from recommender.explain.claims import Findings
    from recommender.explain.flows import Flow
    from recommender.explain.tags import InterestTags
    from recommender.explain.types import (
        Absence,
        Attention,
        Attribution,
        Contrast,
        Counterfactual,
        Explanation,
        ItemDeletion,
        Lift,
        NotCounted,
        ProfileChange,
        Recommendation,
        Standing,
        TrustSummary,
    )
    from recommender.model.run import Run
    from recommender.model.scored import ScoredWith
    from recommender.model.transfer import Carried
    from recommender.words import Audience as WordsFor
    from recommender.words import Words
    from recommender.words.answers import AnswerCache
    from recommender.words.model_settings import ModelSettings

Moment = Literal["before", "now"]
Candidates = Literal["all", "new"]
Projection = Literal["pca", "tsne"]
T = TypeVar("T")
_MOST_OF_SEGMENT: Final = 60
"""Of more users in a segment as many are asked, spread evenly."""


@dataclass(frozen=True)
class RunKey:
    """A run as it stood when it was last written: what every cached value belongs to."""

    path: str
    written: int


@dataclass(frozen=True, eq=False)
class Report:
    """What a run tells about itself before its model is opened: quick, without torch."""

    name: str
    dataset: Dataset
    metrics: dict[str, Any]
    """Of its own data: no view in a run that scored histories with another's network."""
    curve: list[dict[str, float]]
    scored_with: ScoredWith | None
    """That other run."""
    erased: int
    """Customers who were in the data when all this was learned and measured, and are not now."""


@dataclass(frozen=True)
class Question:
    """For whom and when: one history of one user in one run."""

    run: RunKey
    user: int
    moment: Moment
    edits: tuple[str, ...] = ()
    """What was changed in the history, as `dashboard.edits` spells it."""


def forget_erased() -> int:
    """Let go of all that is cached if a customer was erased since this was last asked; in this
    process or in another. Returns what tells one erasing from the next."""
    now = erasings()
    if _ERASINGS.setdefault("seen", now) != now:
        _ERASINGS["seen"] = now
        st.cache_data.clear()
        st.cache_resource.clear()
    return now


_ERASINGS: Final[dict[str, int]] = {}


class NotOpenError(ValueError):
    """There is no run to show; the message says why and what to do."""


def current_name(name: str) -> str | None:
    """The name of the entry that is open."""
    entry = access.find(name)
    return entry.name if entry else None


def run_key(name: str) -> RunKey:
    """The run of this name in the library. Raises NotOpenError."""
    entry = access.find(name)
    if entry is None and name:
        shown = shorten(name, LONGEST_VALUE)
        raise NotOpenError(_("There is no run called {name} here.").format(name=shown))
    if entry is None:
        raise NotOpenError(_("There is no run in {path}.").format(path=shown_place(start_run())))
    if entry.kind != "run":
        raise NotOpenError(
            _("{name} is a data set that no model was trained on.").format(name=name)
        )
    return RunKey(str(entry.path), _written(entry.path))


def _written(path: Path) -> int:
    return (path / "config.json").stat().st_mtime_ns


def report(key: RunKey) -> Report:
    """What the run tells about itself. Raises NotOpenError if it is damaged."""
    from recommender.data import DatasetError

    try:
        return _report(key.path, key.written)
    except (DatasetError, OSError, ValueError) as error:
        raise NotOpenError(
            _("{path} is damaged ({error}): train it again.").format(
                path=shown_place(Path(key.path)), error=told(error)
            )
        ) from error


@st.cache_resource(max_entries=3, show_spinner=False)
def _report(path: str, written: int) -> Report:
    from recommender.data import load_dataset
    from recommender.model.scored import own_metrics, scored_with

    folder = Path(path)
    config, metrics, curve = (
        json.loads((folder / name).read_text())
        for name in ("config.json", "metrics.json", "curve.json")
    )
    return Report(
        folder.resolve().name,
        load_dataset(folder / "dataset"),
        own_metrics(config, metrics),
        curve,
        scored_with(config),
        len(config.get("erased", ())),
    )


def vocabulary_of(name: str) -> Vocabulary:
    """The words of the run of this name in the library; a shop's where it cannot be opened."""
    try:
        return report(run_key(name)).dataset.vocabulary
    except (NotOpenError, StoreError):
        return SHOP  # the page says it


def configuration(key: RunKey) -> list[tuple[str, str]]:
    """What the model was built and trained with, as name and value."""
    told = json.loads((Path(key.path) / "config.json").read_text())
    pairs = {**told["model"], **told["training"]} | {
        name: told[name] for name in ("split", "precision", "dataset") if name in told
    }
    trend = {f"trend_{name}": value for name, value in (told.get("trend") or {}).items()}
    return [(name.replace("_", " "), str(value)) for name, value in {**pairs, **trend}.items()]


def run(key: RunKey) -> Run:
    """The opened run. Raises NotOpenError if it is damaged."""
    from recommender.model.run import RunError

    try:
        return _run(key.path, key.written)
    except RunError as error:
        raise NotOpenError(told(error)) from error


@st.cache_resource(max_entries=3, show_spinner=False)
def _run(path: str, written: int) -> Run:
    from recommender.model.run import open_run

    opened = open_run(Path(path))
    _OPENED.add((path, written))
    gc.freeze()  # libraries and runs stay: looking through them for garbage holds up all visitors
    return opened


_OPENED: Final[set[tuple[str, int]]] = set()
"""Runs that this server has opened before, so that no one waits for them again."""


def is_open(key: RunKey) -> bool:
    """Whether the run can be shown at once."""
    return (key.path, key.written) in _OPENED


def user(key: RunKey, handle: str) -> int | None:
    """The customer whom an address names by id or by pseudonym, if there is one."""
    spelled = pseudonym_in(handle)
    if spelled is None:
        return identities.user_of(report(key).dataset, handle)
    return _pseudonyms(key, secret()).user(spelled)


@dataclass(frozen=True, eq=False)
class Customers:
    """The customers of a run in the order in which they are shown."""

    text: SearchText
    """What a search looks through."""
    order: Int[np.ndarray, " place"]

    def find(self, query: str, limit: int) -> Int[np.ndarray, " found"]:
        """The first that a search finds."""
        found: np.ndarray = self.order[catalogue.find(self.text, query, limit)]
        return found


def customers(key: RunKey) -> Customers:
    """To search among, in the order of the data; by pseudonym while ids are hidden, so that no
    place tells a row."""
    return _customers(key, secret() if state.masked() else None)


@st.cache_resource(max_entries=6, show_spinner=False)
def _customers(key: RunKey, hiding: bytes | None) -> Customers:
    data = report(key).dataset
    names = _pseudonyms(key, hiding) if hiding else None
    order = names.order if names else np.arange(len(data.users))
    return Customers(catalogue.search_text(data, identities.labels(data, names), order), order)


@st.cache_resource(max_entries=6, show_spinner=False)
def _pseudonyms(key: RunKey, hiding: bytes) -> Pseudonyms:
    return identities.pseudonyms(report(key).dataset, hiding)


def place_of(key: RunKey, user: int) -> int:
    """A customer's place in the order in which they are shown."""
    if not state.masked():
        return user
    return int(np.flatnonzero(_pseudonyms(key, secret()).order == user)[0])


def user_at(key: RunKey, place: int) -> int:
    """The customer at a place in that order."""
    return int(_pseudonyms(key, secret()).order[place]) if state.masked() else place


@st.cache_resource(max_entries=6, show_spinner=False)
def item_text(key: RunKey) -> SearchText:
    """What a search for products looks through."""
    return catalogue.item_text(run(key).dataset)


@st.cache_resource(max_entries=6, show_spinner=False)
def prices(key: RunKey) -> np.ndarray | None:
    """Price of each item, or None where the data has none."""
    return catalogue.prices(run(key).dataset)


def history(question: Question) -> History:
    """The history that the question is about, with its edits."""
    opened = run(question.run)
    if not question.edits:
        return opened.history(question.user, before_held_out=question.moment == "before")
    from recommender.explain import Event, edited_history

    data, found, before = opened.dataset, draft(question), history(replace(question, edits=()))
    ids = data.items["item_id"].to_numpy()
    edited = edited_history(
        opened,
        [
            Event(str(ids[row.item]), data.event_types[row.event], row.time, row.dated)
            for row in found.kept
        ],
        {
            feature.name: [feature.values[code - 1] for code in codes]
            for feature, codes in zip(data.user_features, found.profile, strict=True)
        },
        found.as_of,
        None if found.nobody else before.uncounted,
    )
    return replace(edited, dates=replace(edited.dates, asked_said=before.dates.asked_said))


def draft(question: Question) -> Draft:
    """The history with its edits, what was left out still in sight."""
    before = history(replace(question, edits=()))
    return apply(run(question.run).dataset, before, question.edits)


@st.cache_data(max_entries=500, show_spinner=False)
def pictures(key: RunKey, items: tuple[int, ...]) -> tuple[str | None, ...]:
    """A picture of each item as an address that a browser can draw, or None."""
    from dashboard.pictures import picture

    data = run(key).dataset
    if "image_url" not in data.items.columns:
        return (None,) * len(items)
    urls = data.items["image_url"].to_numpy()
    return tuple(picture(urls[item], Path(key.path).resolve().parent) for item in items)


def event_names(question: Question) -> tuple[str, ...]:
    """For each event of the history what kind it was and when."""
    past, kinds = history(question), run(question.run).dataset.event_types
    return tuple(
        event_and_when(kinds[event], past.moment(place)) for place, event in enumerate(past.events)
    )


_ON_MODEL: Final = threading.Lock()


def _asked(work: Callable[..., T], question: Question, *more: Any) -> T:
    """`work(run, history, …)`, one visitor at a time; it must ask for nothing that is cached.

    Threads in which torch hands Python's lock on after each operation get less done beside one
    another than one after the other.
    """
    with _ON_MODEL:
        return work(run(question.run), history(question), *more)


@st.cache_data(max_entries=500, show_spinner=False)
def recommendations(
    question: Question, k: int, candidates: Candidates
) -> tuple[Recommendation, ...]:
    """The user's top-k with its strongest reasons."""
    from recommender.explain import recommend

    return _asked(recommend, question, k, candidates)


@st.cache_data(max_entries=500, show_spinner=False)
def standings(question: Question, items: tuple[int, ...]) -> tuple[Standing, ...]:
    """Where each item stands in each list: the one place from which pages and files have ranks."""
    from recommender.explain import standings as of_items

    return _asked(of_items, question, items)


def ranks(question: Question, items: tuple[int, ...], candidates: Candidates) -> tuple[int, ...]:
    """Rank of each item among the candidates, from 1; 0 for one that is not among them."""
    return tuple(found.among(candidates).rank for found in standings(question, items))


@st.cache_data(max_entries=500, show_spinner=False)
def explanation(question: Question, item: int) -> Explanation:
    """Why this item, for this history."""
    from recommender.explain import explain

    return _asked(explain, question, item)


@st.cache_data(max_entries=300, show_spinner=False)
def flow(question: Question, item: int) -> Flow | None:
    """Which products of the history give what to this one; None where its score is no sum."""
    from recommender.explain.flows import has_flow, score_flow

    return _asked(score_flow, question, item) if has_flow(run(question.run)) else None


@st.cache_data(max_entries=300, show_spinner=False)
def lost_without(question: Question, item: int, candidates: Candidates) -> tuple[ItemDeletion, ...]:
    """What is lost without each product of the history, in the order of `flow`."""
    from recommender.explain.item_deletions import all_item_deletions

    return _asked(all_item_deletions, question, item, candidates)


def left_out(question: Question) -> tuple[NotCounted, ...]:
    """What the customer did that does not count, oldest first."""
    from recommender.explain.left_out import not_counted

    return not_counted(run(question.run).dataset, history(question))


@dataclass(frozen=True, eq=False)
class Turning:
    """What would move one product out of a list, or into it."""

    listed: bool
    """Whether it is in the list now."""
    deletion: Counterfactual | None
    """None where the product is no candidate."""
    profile: ProfileChange | None
    lifts: tuple[Lift, ...]
    """For a product that is not in the list: single events more that would bring it in."""


@st.cache_data(max_entries=300, show_spinner=False)
def turning(question: Question, item: int, k: int, candidates: Candidates) -> Turning:
    """The smallest changes that turn the outcome for one product, each tried on the model."""
    from recommender.explain import change_profile

    found = deletion(question, item, k, candidates)
    if found is None:
        return Turning(False, None, None, ())
    change = _asked(change_profile, question, item, k, candidates)
    absent = absence(question, item, k, candidates)
    return Turning(absent is None, found, change, absent.lifts if absent else ())


@st.cache_data(max_entries=300, show_spinner=False)
def deletion(
    question: Question, item: int, k: int, candidates: Candidates
) -> Counterfactual | None:
    """The fewest events to delete so that it leaves the first k, or comes in.

    None if it is no candidate.
    """
    from recommender.explain import bring_in, drop_out

    rank = ranks(question, (item,), candidates)[0]
    if not rank:
        return None
    search = drop_out if rank <= k else bring_in
    return _asked(search, question, item, k, candidates)


@st.cache_data(max_entries=300, show_spinner=False)
def absence(question: Question, item: int, k: int, candidates: Candidates) -> Absence | None:
    """Why a product is not among the first k; None if it is."""
    from recommender.explain import why_not

    if 0 < ranks(question, (item,), candidates)[0] <= k:
        return None
    return _asked(why_not, question, item, k, candidates)


@st.cache_data(max_entries=500, show_spinner=False)
def contrast(question: Question, item: int, other: int) -> Contrast:
    """Why one product scores above another."""
    from recommender.explain import contrast as between

    return _asked(between, question, item, other)


def reason_test(
    question: Question, item: int, candidates: Candidates, listed: tuple[int, ...] = ()
) -> TrustSummary:
    """Whether what the reasons name holds the product more than the newest events do.

    `listed` are the products beside which it stands: they are put to the test together.
    """
    together = listed if item in listed else (item,)
    return reason_tests(question, together, candidates)[together.index(item)]


@st.cache_data(max_entries=500, show_spinner=False)
def reason_tests(
    question: Question, items: tuple[int, ...], candidates: Candidates
) -> tuple[TrustSummary, ...]:
    """The same for a list of products, which takes hardly longer than for one."""
    from recommender.explain.summary import trust_summaries

    return _asked(trust_summaries, question, items, candidates)


def deleted_items(
    question: Question, item: int, candidates: Candidates, listed: tuple[int, ...] = ()
) -> tuple[ItemDeletion, ...]:
    """What is lost without all events of one product of the history, the largest loss first."""
    together = listed if item in listed else (item,)
    return _deleted_items(question, together, candidates)[together.index(item)]


@st.cache_data(max_entries=500, show_spinner=False)
def _deleted_items(
    question: Question, items: tuple[int, ...], candidates: Candidates
) -> tuple[tuple[ItemDeletion, ...], ...]:
    from recommender.explain.by_item import by_item

    return _asked(by_item, question, items, candidates)


def card(
    question: Question,
    explained: Explanation,
    candidates: Candidates | None = None,
    listed: tuple[int, ...] = (),
) -> Card:
    """The reason at a glance; with what was tried on the model, if it says among which
    candidates."""
    from recommender.explain.card import card_of

    if candidates is None:
        return card_of(explained)
    asked = question, explained.item, candidates, listed
    return card_of(explained, deleted_items(*asked), reason_test(*asked))


def reason_bounds() -> tuple[float, float]:
    """Where mixed and strong begin, as the lead in log-probability."""
    from recommender.explain.summary import MIXED, STRONG

    return MIXED, STRONG


@st.cache_data(max_entries=300, show_spinner=False)
def interest_tags(question: Question, k: int, candidates: Candidates, most: int) -> InterestTags:
    """What the first k recommendations of this customer rest on, as feature values."""
    from recommender.explain import interest_tags as tags_of

    return _asked(tags_of, question, k, candidates, most)


def reason(
    question: Question,
    explained: Explanation,
    audience: WordsFor = "analyst",
    candidates: Candidates | None = None,
    listed: tuple[int, ...] = (),
) -> Words:
    """The explanation in words; put to the test among the candidates, they say how far it holds."""
    from recommender.explain import claims_of
    from recommender.words import in_words

    findings = _findings(question, explained, candidates, listed)
    return in_words(claims_of(explained, findings), language(), audience, findings.vocabulary)


def _findings(
    question: Question,
    explained: Explanation,
    candidates: Candidates | None,
    listed: tuple[int, ...] = (),
) -> Findings:
    """What words may say beside the explanation itself."""
    from recommender.explain import Findings
    from recommender.explain.item_deletions import worth_naming

    tried: dict[str, Any] = {}
    if candidates is not None:
        asked = question, explained.item, candidates, listed
        tried["trust"] = reason_test(*asked)
        tried["item_deletions"] = worth_naming(deleted_items(*asked))
    return Findings.of(run(question.run).dataset, explained.items, **tried)


def language_model() -> ModelSettings | None:
    """The language model that may rephrase, by the secrets or else the environment.

    None where none is set. Raises NotOpenError for bad settings.
    """
    from recommender.words.model_settings import NAMES, ModelSettings

    try:
        return ModelSettings.read(access.settings(NAMES))
    except ValueError as error:
        raise NotOpenError(told(error)) from error


@st.cache_resource
def model_answers() -> AnswerCache:
    """What language models answered, as they said it: it is checked anew each time."""
    from recommender.words.answers import AnswerCache

    return AnswerCache()


def document(
    user: str, question: Question, explained: Explanation, candidates: Candidates
) -> dict[str, Any]:
    """The explanation as programs read it, with its claims, its test and its words."""
    from recommender.explain.documents import as_document
    from recommender.words.documents import with_words

    (standing,) = standings(question, (explained.item,))
    found = _findings(question, explained, candidates)
    findings = replace(found, candidates=candidates, standing=standing)
    return with_words(as_document(user, explained, findings), explained, findings, language())


@st.cache_data(max_entries=50, show_spinner=False)
def attention(question: Question) -> Attention:
    """Every attention weight of one forward pass."""
    from recommender.explain import attend

    return _asked(attend, question)


@st.cache_data(max_entries=50, show_spinner=False)
def looked_back(question: Question) -> Looked:
    """Where the readout looked in this history, by days and by place."""
    from recommender.evaluate.looking_back import looked_back as of_history

    return of_history(attention(question), history(question))


def looking_back(key: RunKey) -> LookingBack | None:
    """The same on average over customers; None while it is measured."""
    return _when_done(_measuring(key.path, key.written, "looking-back"))


@st.cache_resource(max_entries=30, show_spinner=False)
def _measuring(path: str, written: int, name: str) -> Measuring:
    def kept() -> Any | None:
        from recommender.evaluate import measured

        return measured(_run(path, written), name)

    def measure(tell: Callable[[int, int], None]) -> Any:
        from recommender.evaluate import measure as take

        return take(_run(path, written), name, tell)

    return begin(Measurement(name, path, is_open(RunKey(path, written)), kept, measure))


@st.cache_data(max_entries=100, show_spinner=False)
def attributions(question: Question, item: int) -> tuple[Attribution, ...]:
    """What each event counts for this item by every method that this model has."""
    from recommender.explain import METHODS, attribute

    found = []
    for method in METHODS:
        try:
            found.append(_asked(attribute, question, [item], method))
        except ValueError:
            # Contributions are the additive readout's alone.
            continue
    return tuple(found)


def importance(key: RunKey) -> pd.DataFrame:
    """What each feature moves on average, over a sample of users that stays the same."""
    try:
        with out_of_turn():
            found: pd.DataFrame = _measuring(key.path, key.written, "importance").value.result()
            return found
    except ValueError as error:
        raise NotOpenError(told(error)) from error


def importance_users(key: RunKey) -> int:
    """How many users that sample has."""
    return min(SAMPLE, len(report(key).dataset.users))


def importance_is_ready(key: RunKey) -> bool:
    """Whether it is measured; if not, that begins in the background, which also loads the model."""
    return _measuring(key.path, key.written, "importance").value.done()


def starts(key: RunKey) -> tuple[Start, ...] | None:
    """Users worth looking at first; None while they are looked for, which the first call begins."""
    looking = _measuring(key.path, key.written, "starts").value
    return looking.result() if looking.done() else None


def lists_done(key: RunKey) -> float:
    """How much of everybody's lists is computed, from 0 to 1; the first call begins."""
    return _measuring(key.path, key.written, "lists").done


def overall_done(key: RunKey, among: tuple[str, ...] = ()) -> float:
    """How much of the global explanation is computed, from 0 to 1; the first call begins."""
    return _explaining(key, among).done


def overall(key: RunKey, among: tuple[str, ...] = ()) -> Overall:
    """What the run rests on, over all users or those in the groups; waits until it is computed."""
    try:
        with out_of_turn():
            found: Overall = _explaining(key, among).value.result()
            return groups.in_overall(found, groups.smallest(), narrowed=bool(among))
    except ValueError as error:
        raise NotOpenError(told(error)) from error


def _explaining(key: RunKey, among: tuple[str, ...]) -> Measuring:
    if among:
        return _explaining_some(key.path, key.written, among)
    return _measuring(key.path, key.written, "overall")


@st.cache_resource(max_entries=12, show_spinner=False)
def _explaining_some(path: str, written: int, among: tuple[str, ...]) -> Measuring:
    measuring, context = Measuring(), get_script_run_ctx()

    def explain_them() -> Overall:
        add_script_run_ctx(threading.current_thread(), context)
        from recommender.evaluate import overall as explain_overall
        from recommender.evaluate import telling

        users = users_in(RunKey(path, written), among)
        return explain_overall(_run(path, written), users, track=telling(measuring.tell))

    measuring.value = _EXPLAINING.submit(explain_them)
    return measuring


def user_groups(key: RunKey) -> dict[str, tuple[int, ...]]:
    """Users by `grouping=group`: length of history, then each categorical feature of users."""
    return groups.told_apart(_user_groups(key), groups.smallest())


@st.cache_data(max_entries=6, show_spinner=False)
def _user_groups(key: RunKey) -> dict[str, tuple[int, ...]]:
    from recommender.evaluate.segments import groupings

    data = run(key).dataset
    return {
        groups.spelled(grouping.name, group): tuple(np.flatnonzero(grouping.code == code).tolist())
        for grouping in groupings(data, np.diff(data.offsets))
        for code, group in enumerate(grouping.groups)
    }


def users_in(key: RunKey, named: tuple[str, ...]) -> list[int]:
    """Users in any of the named groups of each grouping that is named."""
    members: dict[str, set[int]] = {}
    for group in named:
        members.setdefault(group.split("=")[0], set()).update(_user_groups(key)[group])
    return sorted(set.intersection(*members.values()))


def may_be_told(key: RunKey, named: tuple[str, ...]) -> bool:
    """Whether those in the named groups may be shown apart from all others."""
    return groups.may_be_told(_user_groups(key), named, groups.smallest())


def audience(key: RunKey, item: int, k: int, candidates: Candidates) -> Audience:
    """Who gets an item among their first k, and why; waits for everybody's lists."""
    return groups.in_audience(_audience(key, item, k, candidates), groups.smallest())


@st.cache_data(max_entries=300, show_spinner=False)
def _audience(key: RunKey, item: int, k: int, candidates: Candidates) -> Audience:
    from recommender.evaluate.items import audience as audience_of

    lists = _measuring(key.path, key.written, "lists").value.result()
    return audience_of(run(key), lists[candidates], item, k)


def bundles(key: RunKey, item: int, size: int) -> tuple[Bundle, ...]:
    """Up to `size` items that go together with this one, by what the model counts for them."""
    least = groups.smallest()
    return tuple(one for one in _bundles(key, item, size) if one.users >= least)


@st.cache_data(max_entries=300, show_spinner=False)
def _bundles(key: RunKey, item: int, size: int) -> tuple[Bundle, ...]:
    from recommender.explain.bundles import bundles as of_item

    return of_item(run(key), item, size)


def lift_baseline(key: RunKey, item: int) -> pd.DataFrame:
    """The items bought with it most beyond chance: `title`, `users` who bought both, `lift`."""
    found = _lift_baseline(key, item)
    return found[found["users"] >= groups.smallest()]


@st.cache_data(max_entries=300, show_spinner=False)
def _lift_baseline(key: RunKey, item: int) -> pd.DataFrame:
    from recommender.explain.bundles import by_lift, together

    opened = run(key)
    best = list(by_lift(opened, item))
    users, lift = together(opened.dataset, item)
    titles = opened.dataset.items["title"].to_numpy()
    return pd.DataFrame({"title": titles[best], "users": users[best], "lift": lift[best]})


def newcomer(key: RunKey, item: int) -> Newcomer:
    """Whom an item would suit by its features alone; nothing of their profiles while ids are
    hidden, for how many have a value is not told."""
    found = _newcomer(key, item)
    return replace(found, profiles=()) if state.masked() else found


@st.cache_data(max_entries=300, show_spinner=False)
def _newcomer(key: RunKey, item: int) -> Newcomer:
    from recommender.evaluate.newcomers import newcomer as suited

    try:
        return suited(run(key), item)
    except ValueError as error:
        raise NotOpenError(told(error)) from error


@st.cache_data(max_entries=300, show_spinner=False)
def segment_tags(
    key: RunKey, users: tuple[int, ...], k: int, candidates: Candidates
) -> tuple[int, InterestTags]:
    """What moves the recommendations of these users, and how many of them were asked."""
    from recommender.explain import segment_tags as tags_of

    spread = np.linspace(0, len(users) - 1, min(len(users), _MOST_OF_SEGMENT)).astype(int)
    opened = run(key)
    histories = [opened.dataset.history(users[place]) for place in spread]
    return len(spread), tags_of(opened, histories, k, candidates)


def trust(key: RunKey) -> Trust | None:
    """How far this run's explanations can be believed; None where it was not measured."""
    from recommender.evaluate.trust_report import load_trust

    return load_trust(Path(key.path), run(key).fingerprint)


def measure_trust(key: RunKey) -> None:
    """Begin to measure it in a process of its own; `trust_job` tells how it stands."""
    _TRUST[key] = _PROCESSES.submit(_trust_command, key.path)


def trust_job(key: RunKey) -> tuple[bool, str]:
    """Whether it is being measured, and what went wrong with the last attempt."""
    job = _TRUST.get(key)
    if job is None or not job.done():
        return job is not None, ""
    return False, job.result()


def _trust_command(path: str) -> str:
    command = [sys.executable, "-m", "recommender.commands.in_parts", "trust", path]
    ended = subprocess.run(command, capture_output=True, text=True)
    lines = ended.stderr.strip().splitlines()
    return read_back(lines[-1]) if ended.returncode and lines else ""


def quality(key: RunKey) -> Quality | None:
    """How good the run is, for whom and at what price; None while it is measured."""
    found: Quality | None = _when_done(_measuring(key.path, key.written, "quality"))
    return found and groups.in_quality(found, groups.smallest())


def item_map(key: RunKey, projection: Projection) -> pd.DataFrame | None:
    """Products on a plane; None while it is computed."""
    return _when_done(_measuring(key.path, key.written, f"map-{projection}"))


def _when_done(measuring: Measuring) -> Any:
    """What was measured, or None while it is not."""
    try:
        return measuring.value.result() if measuring.value.done() else None
    except ValueError as error:
        raise NotOpenError(told(error)) from error


_TRUST: Final[dict[RunKey, Future[str]]] = {}
_PROCESSES: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trust")
_EXPLAINING: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="explaining")
"""Two, so that what is already kept on disk does not wait for a long computation."""


@dataclass(frozen=True)
class Scored:
    """Uploaded histories with the run that was made for them."""

    path: Path
    carried: Carried


def score(key: RunKey, tables: Tables, name: str, out: Path) -> Scored:
    """Write a run of these histories to `out`. Raises ValueError where it can read none of them."""
    from recommender.model.transfer import carry_over

    return Scored(out, carry_over(run(key), tables, name, out))


def lists_of(path: Path, most: int | None = None) -> pd.DataFrame:
    """The first ten of everybody in a run, or of its first users, with the strongest reasons."""
    return _lists_of(str(path), _written(path), most)


@st.cache_data(max_entries=6, show_spinner=False)
def _lists_of(path: str, written: int, most: int | None) -> pd.DataFrame:
    from recommender.explain.lists import COLUMNS, listed

    opened = _run(path, written)
    users = range(len(opened.dataset.users))[:most]
    return pd.DataFrame(listed(opened, users, 10, opened.default_view), columns=list(COLUMNS))


@st.cache_data(max_entries=6, show_spinner=False)
def loyal_user(key: RunKey) -> tuple[int, float] | None:
    """Who most often bought what they had before, and how large a share that is."""
    return catalogue.loyal_user(report(key).dataset)


@st.cache_data(max_entries=6, show_spinner=False)
def most_frequent_item(key: RunKey) -> int:
    """The product with most events."""
    return int(report(key).dataset.interactions["item"].value_counts().index[0])


@st.cache_data(max_entries=6, show_spinner=False)
def activity(key: RunKey) -> pd.DataFrame:
    """Events by month and kind."""
    from dashboard.figures.quality import activity_table

    return activity_table(report(key).dataset)


@st.cache_data(max_entries=6, show_spinner=False)
def categories(key: RunKey) -> pd.DataFrame | None:
    """Events and products by category, or None where items have none."""
    from dashboard.figures.quality import category_table

    dataset = report(key).dataset
    feature = catalogue.category_feature(dataset)
    return category_table(dataset, feature) if feature else None
