"""What was changed in a history, and what came of it, in sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.edits import NOTHING, Draft
from dashboard.names import (
    LENSES,
    day,
    event_name,
    feature_inside,
    lens_name,
    percent,
    score,
    unknown,
)
from dashboard.words import _, ended, listed, plural
from recommender.data.dataset import Dataset

if TYPE_CHECKING:
    from recommender.explain.types import Counterfactual, Explanation

_NOTICEABLE = 0.005
_NAMED = 2


def edit(dataset: Dataset, draft: Draft, spelled: str) -> str:
    """One edit in a few words, such as: without Camera."""
    what, rest = spelled[0], spelled[1:]
    if spelled == NOTHING:
        return _("from nothing")
    if what == "a":
        when, _kind, item_id = rest.split(".", 2)
        title = dataset.items["title"][dataset.items["item_id"] == item_id].iloc[0]
        if not when:
            return _("with {title} as the newest").format(title=title)
        return _("with {title} on {day}").format(title=title, day=_day(when))
    if what == "p":
        return _profile(dataset, [int(part) for part in rest.split(".")])
    return _moved(dataset, draft, what, rest.split("."))


def _moved(dataset: Dataset, draft: Draft, what: str, parts: list[str]) -> str:
    """An edit of events that are there."""
    if what in "xb":
        said = {"x": _("without {what}"), "b": _("with {what} put back")}[what]
        return said.format(what=_events(dataset, draft, parts))
    title = _events(dataset, draft, parts[:1])
    if what == "d":
        return _("{title} on {day}").format(title=title, day=_day(parts[1]))
    if what == "k":
        kind = event_name(dataset.event_types[int(parts[1])])
        return _("{title} as a {kind}").format(title=title, kind=kind)
    said = {"e": _("{title} one place earlier"), "l": _("{title} one place later")}[what]
    return said.format(title=title)


def _events(dataset: Dataset, draft: Draft, keys: list[str]) -> str:
    """The products of these events by name, or how many events they are where that is long."""
    items = dict.fromkeys(row.item for row in draft.rows if row.key in keys)
    if len(items) <= _NAMED:
        return listed(str(dataset.items["title"].iloc[item]) for item in items)
    return plural("{n} event", "{n} events", len(keys))


def _profile(dataset: Dataset, said: list[int]) -> str:
    feature, *codes = said
    known = dataset.user_features[feature]
    value = _(", ").join(known.values[code - 1] for code in codes) or unknown()
    return f"{feature_inside(known.name)}: {value}"


def moved(change: str, before: int) -> str:
    """How one product of the list moved."""
    return {
        "same": _("as before"),
        "new": _("new, was {n}").format(n=f"{before:,}") if before else _("new"),
    }.get(change) or _("was {n}").format(n=f"{before:,}")


def _day(spelled: str) -> str:
    return day(datetime.strptime(spelled, "%Y%m%d").replace(tzinfo=UTC).timestamp())


def edits(dataset: Dataset, draft: Draft, spelled: tuple[str, ...]) -> str:
    """All edits together: each in words where they are few."""
    made = [one for one in spelled if one not in draft.refused]
    if len(made) > 2:
        return plural("After {n} edit", "After {n} edits", len(made))
    said = listed(edit(dataset, draft, one) for one in made)
    return said[:1].upper() + said[1:]


def outcome(what: str, changes: pd.DataFrame) -> str:
    """At a glance: how much of the list stays, what fell furthest, what came in."""
    listed = changes[changes["change"] != "out"]
    stayed = listed[listed["change"] != "new"]
    if len(stayed) == len(listed) and (listed["change"] == "same").all():
        return _("{what}, the list stays exactly as it is.").format(what=what)
    n = len(listed)
    said = [
        plural(
            "{what}, the one stays in the list", "{what}, all {n} stay in the list", n, what=what
        )
        if len(stayed) == n
        else plural(
            "{what}, {n} of {all} stays in the list",
            "{what}, {n} of {all} stay in the list",
            len(stayed),
            what=what,
            all=n,
        )
    ]
    fallen = changes[changes["change"].isin(["out", "down"])]
    if len(fallen):
        # A product that is no candidate any more (rank 0) fell furthest of all.
        far = fallen["rank"].where(fallen["rank"] > 0, 10**9) - fallen["before"]
        said.append(_fell(fallen.loc[far.idxmax()]))
    entered = listed[listed["change"] == "new"]
    if len(entered):
        first = entered.iloc[0]
        said.append(_("{title} comes in at {n}").format(title=first["title"], n=first["rank"]))
    return ended(*said)


def _fell(row: pd.Series) -> str:
    if row["rank"] == 0:
        return _("{title} is no candidate any more").format(title=row["title"])
    return _("{title} falls from {before} to {now}").format(
        title=row["title"], before=row["before"], now=f"{row['rank']:,}"
    )


def deletion(found: Counterfactual) -> str:
    """What has to be left out, the rank that follows, and who gains or loses by it."""
    titles = list(dict.fromkeys(found.titles))
    what = listed(titles)
    if len(found.titles) > len(titles):
        n = plural("{n} event", "{n} events", len(found.titles))
        what = _("{what} ({n})").format(what=what, n=n)
    said = (
        _("Without {what} it would leave the first {k} (rank {rank}); {other} takes its place.")
        if found.leaves
        else _("Without {what} it would come in at rank {rank}, in the place of {other}.")
    )
    return said.format(
        what=what, k=found.k, rank=f"{found.rank_after or 0:,}", other=found.other_title
    )


def no_deletion(found: Counterfactual) -> str:
    """That nothing was found, which says something too."""
    if found.leaves:
        return plural(
            "No single event was found without which it would leave.",
            "No set of up to {n} events was found without which it would leave.",
            found.most_events,
        )
    return plural(
        "No single event was found without which it would come in.",
        "No set of up to {n} events was found without which it would come in.",
        found.most_events,
    )


def lens_changes(table: pd.DataFrame) -> str:
    """What each lens puts first before and after."""
    events = table[~table["profile"]]
    if events.empty:
        return _("There is no event on either side: popularity and the profile decide.")
    parts = []
    for lens in LENSES:
        first, second = (_top(events, f"{lens}_{side}") for side in ("before", "after"))
        say = percent if lens == "attention" else score
        said = _("{lens} most: {title} ({value})")
        if first["title"] != second["title"]:
            said = _("{lens} most: {was} before, now {title} ({value})")
        parts.append(
            said.format(
                lens=lens_name(lens).plain,
                was=first["title"],
                title=second["title"],
                value=say(float(second[f"{lens}_after"])),
            )
        )
    return ended(*parts)


def _top(events: pd.DataFrame, column: str) -> pd.Series:
    return events.loc[events[column].idxmax()]


def share_changes(before: Explanation, after: Explanation, table: pd.DataFrame) -> str:
    """What moved the score most."""
    total = _("The score goes from {before} to {after}").format(
        before=score(before.logit), after=score(after.logit)
    )
    largest = table.loc[table["change"].abs().idxmax()]
    if abs(largest["change"]) < _NOTICEABLE:
        return ended(total)
    return _("{total}, mostly through “{feature}” ({change}).").format(
        total=total,
        feature=feature_inside(largest["feature"]),
        change=score(largest["change"]),
    )
