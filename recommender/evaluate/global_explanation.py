"""What a run's recommendations rest on, over all users or some: the global explanation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from recommender.data.features import category_of
from recommender.data.histories import SECONDS_A_DAY, History
from recommender.evaluate.heads import head_roles
from recommender.evaluate.kept import keep, kept
from recommender.evaluate.segments import OTHER, UNKNOWN, groupings, set_apart
from recommender.explain.contributions import Shares, contributions, feature_names
from recommender.explain.flows import by_way, own_shares, ways_of
from recommender.explain.importance import popularity_rows
from recommender.explain.ranking import allowed_items, top_items
from recommender.explain.types import LATELY, USUALLY
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.inference import HISTORIES_A_BATCH
from recommender.model.network import GAP_EDGES_DAYS
from recommender.model.run import Run

HEAD_USERS = 300
"""Users, drawn at random, of whom the heads are asked."""
CATEGORIES = 20
"""Categories shown by name; the rest are one."""
SOURCES = ("popularity", "history", "profile", "order and combination")

Track = Callable[[Sequence[Any], str], Iterable[Any]]


@dataclass(frozen=True, eq=False)
class Overall:
    """The global explanation; contributions are in logits, over the users' top-k."""

    users: int
    k: int
    features: pd.DataFrame
    """`feature`, `kind` (event, profile, bias, order), `mean_abs_contribution`,
    `mean_contribution`, `share` (of all absolute ones)."""
    recency: pd.DataFrame
    """`days_from`, `days_to` (inf: no end), `events` (mean a user), `contribution` (mean absolute
    of an event), `share`."""
    event_types: pd.DataFrame
    """`event`, `events`, `contribution`, `share`, likewise."""
    categories: pd.DataFrame
    """`history`, `recommended`, `contribution` (signed, a recommendation), `share` (of the positive
    ones). Empty where items have no categorical feature."""
    flow: pd.DataFrame
    """What feeds what, a recommendation: a row for each `category` of the history (`side` is
    `history`) or of what is recommended (`recommended`) and each `way` that shares take, as
    `explain.flows` calls them; `towards` is what speaks for, `against` the size of what speaks
    against. Empty where items have no categorical feature."""
    sources: pd.DataFrame
    """`source` (popularity, history, profile, order and combination), `share`."""
    segments: pd.DataFrame
    """`segment`, `group`, `users`, and a column for each source's share."""
    heads: pd.DataFrame
    """As `evaluate.heads.head_roles` says; asked of 300 of the users."""


def overall(
    run: Run,
    users: Sequence[int] | None = None,
    k: int = 10,
    candidates: View | None = None,
    track: Track = lambda values, what: values,
) -> Overall:
    """Explain the top-k of all users (or those given), one after another, on one thread.

    What was computed for the same run, users, k and view is read from the run's folder.
    """
    chosen = list(range(len(run.dataset.users))) if users is None else sorted(set(users))
    view = candidates or run.default_view
    name = "overall"
    if (len(chosen), k, view) != (len(run.dataset.users), 10, run.default_view):
        asked = json.dumps([chosen, k, view])
        name = f"{name}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"
    found: Overall | None = kept(run, name, [Overall])
    if found is None:
        with threads(1):
            found = _compute(run, chosen, k, view, track)
        keep(run, name, found)
    return found


def telling(tell: Callable[[int, int], None]) -> Track:
    """A track that tells how much is done, of 100: users come first and take most of the time,
    then the heads."""

    def track(values: Sequence[Any], what: str) -> Iterator[Any]:
        start, span = (0, 80) if what == "Explaining" else (80, 15)
        for place, value in enumerate(values):
            tell(start + span * place // len(values), 100)
            yield value

    return track


def _compute(run: Run, users: Sequence[int], k: int, view: View, track: Track) -> Overall:
    category = category_of(run.dataset.item_features)
    codes = None if category is None else category.codes[:, 0]
    sums = _Sums(run, codes)
    for user, (history, items) in zip(
        track(users, "Explaining"), _ranked(run, users, k, view), strict=True
    ):
        if len(items):
            shares = contributions(run.scorer, history, [int(item) for item in items])
            sums.add(user, history, items, shares)
    drawn = np.random.default_rng(0).permutation(users)[:HEAD_USERS]
    heads = head_roles(run, [int(user) for user in np.sort(drawn)], codes, view, track)
    values = () if category is None else category.values
    names = (set_apart(UNKNOWN, values), *values)
    return sums.result(run, k, names, heads)


def _ranked(
    run: Run, users: Sequence[int], k: int, view: View
) -> Iterator[tuple[History, Int[np.ndarray, " candidate"]]]:
    """Everyone's history and top-k, scored some at once."""
    for start in range(0, len(users), HISTORIES_A_BATCH):
        histories = [run.history(user) for user in users[start : start + HISTORIES_A_BATCH]]
        for history, logits in zip(histories, run.scorer.logits(histories), strict=True):
            yield history, top_items(logits, k, allowed_items(history, len(logits), view))


class _Sums:
    """Running sums over users, so that no user's shares are kept."""

    def __init__(self, run: Run, category: Int[np.ndarray, " item"] | None) -> None:
        dataset = run.dataset
        self._events = feature_names([feature.name for feature in dataset.item_features])
        self._profile = [feature.name for feature in dataset.user_features]
        n_parts = len(self._events) + len(self._profile) + 3
        self._signed, self._absolute = np.zeros(n_parts), np.zeros(n_parts)
        n_gaps = len(GAP_EDGES_DAYS) + 1
        self._gap_count, self._gap_sum = np.zeros(n_gaps), np.zeros(n_gaps)
        n_types = len(dataset.event_types)
        self._type_count, self._type_sum = np.zeros(n_types), np.zeros(n_types)
        self._category = category
        n = 0 if category is None else int(category.max(initial=0)) + 1
        self._pairs = np.zeros((n, n))
        self._flow = _Flows(n)
        self._users: list[int] = []
        self._sources: list[np.ndarray] = []

    def add(
        self, user: int, history: History, items: Int[np.ndarray, " candidate"], shares: Shares
    ) -> None:
        parts = np.concatenate(
            [
                shares.features.sum(1),
                shares.profile,
                (shares.bias - shares.lately)[:, None],
                shares.lately[:, None],
                shares.order_term[:, None],
            ],
            axis=1,
        )
        self._signed += parts.mean(0)
        self._absolute += np.abs(parts).mean(0)
        by_event = shares.features.sum(2)
        size = np.abs(by_event).mean(0)
        said = np.array([history.moment(i).time is not None for i in range(len(history))], bool)
        days = np.maximum(history.as_of - history.times, 0)[said] / SECONDS_A_DAY
        gap = np.searchsorted(GAP_EDGES_DAYS, days, side="right")
        self._gap_count += np.bincount(gap, minlength=len(self._gap_count))
        self._gap_sum += np.bincount(gap, weights=size[said], minlength=len(self._gap_sum))
        self._type_count += np.bincount(history.events, minlength=len(self._type_count))
        self._type_sum += np.bincount(history.events, weights=size, minlength=len(self._type_sum))
        if self._category is not None:
            place = np.ix_(self._category[history.items], self._category[items])
            pairs = np.broadcast_arrays(*place)
            np.add.at(self._pairs, tuple(pairs), by_event.T / len(items))
            self._flow.add(self._category[history.items], self._category[items], shares)
        self._users.append(user)
        self._sources.append(self._of_sources(parts))

    def _of_sources(self, parts: Float[np.ndarray, "candidate part"]) -> np.ndarray:
        n_events = len(self._events)
        cuts = (n_events, n_events + len(self._profile), -1)
        history, profile, own, order = (part.sum(1) for part in np.split(parts, cuts, axis=1))
        return np.array([float(np.abs(part).mean()) for part in (own, history, profile, order)])

    def result(self, run: Run, k: int, names: Sequence[str], heads: pd.DataFrame) -> Overall:
        n = max(len(self._users), 1)
        edges = [0.0, *GAP_EDGES_DAYS, float("inf")]
        recency = _counted(self._gap_count, self._gap_sum, n)
        types = _counted(self._type_count, self._type_sum, n)
        sources = np.array(self._sources).reshape(-1, len(SOURCES))
        return Overall(
            users=len(self._users),
            k=k,
            features=self._feature_table(run, n),
            recency=pd.DataFrame({"days_from": edges[:-1], "days_to": edges[1:]} | recency),
            event_types=pd.DataFrame({"event": run.dataset.event_types} | types),
            categories=_category_table(self._pairs / n, names),
            flow=self._flow.table(n, names),
            sources=pd.DataFrame({"source": SOURCES, "share": _shares(sources.sum(0))}),
            segments=_segment_table(run, np.array(self._users, dtype=np.int64), sources),
            heads=heads,
        )

    def _feature_table(self, run: Run, n: int) -> pd.DataFrame:
        kinds = ["event"] * len(self._events) + ["profile"] * len(self._profile)
        table = pd.DataFrame(
            {
                "feature": [*self._events, *self._profile, USUALLY, LATELY, SOURCES[3]],
                "kind": [*kinds, "bias", "bias", "order"],
                "mean_abs_contribution": self._absolute / n,
                "mean_contribution": self._signed / n,
                "share": _shares(self._absolute),
            }
        )
        return popularity_rows(run, table, SOURCES[0])


class _Flows:
    """Running sums of what flows from categories of the history into ways, and on into categories
    of what is recommended; what speaks for and what speaks against apart.

    A flow is what all of a user's events of one category give one recommendation by one way.
    """

    def __init__(self, n_categories: int) -> None:
        self._n = n_categories
        self._into: dict[str, np.ndarray] = {}
        self._out: dict[str, np.ndarray] = {}

    def add(
        self,
        history: Int[np.ndarray, " event"],
        recommended: Int[np.ndarray, " candidate"],
        shares: Shares,
    ) -> None:
        """`history` and `recommended` are codes of categories."""
        given = by_way(shares)
        past, place = np.unique(history, return_inverse=True)
        of_category = (place == np.arange(len(past))[:, None]).astype(np.float64)
        for way, name in enumerate(ways_of(shares)):
            self._flow(name, past, recommended, given[..., way] @ of_category.T)
        for name, share in own_shares(shares).items():
            self._flow(name, np.array([], dtype=np.int64), recommended, share[:, None])

    def _flow(
        self,
        way: str,
        past: Int[np.ndarray, " past"],
        recommended: Int[np.ndarray, " candidate"],
        given: Float[np.ndarray, "candidate source"],
    ) -> None:
        """Sources are categories of the history or, where there are none, the way itself."""
        for sign, row in ((1, 0), (-1, 1)):
            size = np.maximum(sign * given, 0) / len(recommended)
            out = self._out.setdefault(way, np.zeros((2, self._n)))
            np.add.at(out[row], recommended, size.sum(1))
            into = self._into.setdefault(way, np.zeros((2, self._n)))
            np.add.at(into[row], past, size.sum(0)[: len(past)])

    def table(self, n_users: int, names: Sequence[str]) -> pd.DataFrame:
        """Means over the users; categories with hardly anything are one."""
        sides = {"history": self._into, "recommended": self._out}
        found = [
            pd.DataFrame(
                {
                    "side": side,
                    "category": _labels(np.sum([*ways.values()], axis=(0, 1)), names),
                    "way": way,
                    "towards": sums[0] / n_users,
                    "against": sums[1] / n_users,
                }
            )
            for side, ways in sides.items()
            for way, sums in ways.items()
        ]
        if not found or not self._n:
            return pd.DataFrame(columns=["side", "category", "way", "towards", "against"])
        table = pd.concat(found, ignore_index=True)
        table = table.groupby(["side", "category", "way"], as_index=False, sort=False).sum()
        return table[(table["towards"] > 0) | (table["against"] > 0)].reset_index(drop=True)


def _labels(weight: Float[np.ndarray, " category"], names: Sequence[str]) -> np.ndarray:
    """The categories that weigh most by name, all others as one."""
    named = np.argsort(-weight, kind="stable")[:CATEGORIES]
    own = [names[code] for code in named]
    label = np.full(len(weight), set_apart(OTHER, own), dtype=object)
    label[named] = own
    return label


def _counted(count: np.ndarray, total: np.ndarray, n_users: int) -> dict[str, np.ndarray]:
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return {"events": count / n_users, "contribution": mean, "share": _shares(total)}


def _shares(values: np.ndarray) -> np.ndarray:
    return values / max(float(values.sum()), 1e-12)


def _category_table(
    pairs: Float[np.ndarray, "history recommended"], names: Sequence[str]
) -> pd.DataFrame:
    """The strongest categories by name, the rest as one."""
    label = _labels(np.abs(pairs).sum(0) + np.abs(pairs).sum(1), names)
    table = pd.DataFrame(
        {
            "history": np.repeat(label, len(pairs)),
            "recommended": np.tile(label, len(pairs)),
            "contribution": pairs.ravel(),
        }
    )
    table = table.groupby(["history", "recommended"], as_index=False).sum()
    positive = table["contribution"].clip(lower=0).to_numpy()
    return table.assign(share=_shares(positive))


def _segment_table(
    run: Run, users: Int[np.ndarray, " user"], sources: Float[np.ndarray, "user source"]
) -> pd.DataFrame:
    """Shares of the sources by length of history and by profile."""
    rows = []
    for grouping in groupings(run.dataset, np.diff(run.dataset.offsets)):
        code = grouping.code[users]
        for number, group in enumerate(grouping.groups):
            chosen = sources[code == number]
            if len(chosen):
                share = dict(zip(SOURCES, _shares(chosen.sum(0)), strict=True))
                row = {"segment": grouping.name, "group": group, "users": len(chosen)}
                rows.append(row | share)
    return pd.DataFrame(rows, columns=["segment", "group", "users", *SOURCES])
