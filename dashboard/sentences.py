"""One sentence in words for each chart, about this very user and this very data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from dashboard.errors import told
from dashboard.figures.attention import Tokens, routing_weights
from dashboard.figures.quality import MOST_CATEGORIES
from dashboard.figures.shares import share_table
from dashboard.names import (
    LENSES,
    day,
    feature_inside,
    feature_name,
    lens_name,
    measure,
    month,
    percent,
    ranker_name,
    score,
)
from dashboard.words import _, ended, in_a_row, plural
from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.workspace.jobs import Job

if TYPE_CHECKING:
    from recommender.explain.types import Attention, Explanation

_FEWEST_TO_RANK = 5
_LEADING = 3
_NOTICEABLE = 0.005
_HOUR = 3600


def lenses(explanation: Explanation) -> str:
    """Which event each lens puts first."""
    if not explanation.titles:
        return _("There is no history: the score is the {@product}'s popularity and the profile.")
    parts = []
    for lens in LENSES:
        values = getattr(explanation, lens)
        top = int(np.argmax(values))
        said = percent(values[top]) if lens == "attention" else score(values[top])
        parts.append(
            _("{lens} most: {title} ({value})").format(
                lens=lens_name(lens).plain, title=explanation.titles[top], value=said
            )
        )
    agreement = rank_agreement(explanation.attention, explanation.influence)
    if agreement is not None:
        parts.append(
            _("Ranks of looked at and mattered correlate by {value}").format(
                value=measure(agreement)
            )
        )
    return in_a_row(ended(*parts), *_looked_elsewhere(explanation))


def _looked_elsewhere(explanation: Explanation) -> tuple[str, ...]:
    """That what was looked at most is not what mattered most, with what it was measured to do."""
    if "attention" not in explanation.lenses:
        return ()
    looked, mattered = (
        int(np.argmax(values)) for values in (explanation.attention, explanation.influence)
    )
    if explanation.items[looked] == explanation.items[mattered]:
        return ()
    said = _("Looking is not relying: without {title}, looked at most, the score moves by {value}.")
    return (
        said.format(title=explanation.titles[looked], value=score(-explanation.influence[looked])),
    )


def rank_agreement(
    first: Float[np.ndarray, " event"], second: Float[np.ndarray, " event"]
) -> float | None:
    """Spearman's rank correlation; None for fewer than five events or where all are alike."""
    if len(first) < _FEWEST_TO_RANK:
        return None
    from recommender.metrics.agreement import spearman  # loads scipy, which no first page needs

    (agreement,) = map(float, spearman(first[None], second[None]))
    return None if np.isnan(agreement) else agreement


def shares(explanation: Explanation) -> str:
    """What the score is made of, and that it adds up."""
    table = share_table(explanation)
    top = table.iloc[0]
    rest = table["contribution"].iloc[1:].sum()
    return _("{name} makes {value} of the score of {total}; all else together {rest}.").format(
        name=feature_name(top["feature"]),
        value=score(top["contribution"]),
        total=score(explanation.logit),
        rest=score(rest),
    )


def timeline(table: pd.DataFrame, target_events: tuple[str, ...]) -> str:
    """How much history there is, and what it is mostly about."""
    seen = table[~table["held_out"]]
    if seen.empty:
        return _("No event is known of this {@customer}.")
    events = plural("{n} event", "{n} events", len(seen))
    bought = int(seen["event"].isin(target_events).sum())
    predicted = plural(
        "{n} of them is what the model predicts", "{n} of them are what the model predicts", bought
    )
    if "time" in seen and seen["time"].notna().any():
        said = _("{events} {when}, {predicted}").format(
            events=events, when=span(seen["time"]), predicted=predicted
        )
    else:
        said = _("{events}, {predicted}").format(events=events, predicted=predicted)
    categories = seen.loc[seen["category"] != "", "category"].value_counts()
    if len(categories):
        said += _("; most often {category}").format(category=categories.index[0])
    undated = int(seen["time"].isna().sum()) if "time" in seen else 0
    if undated:
        said += plural(
            "; {n} without a date is not drawn", "; {n} without a date are not drawn", undated
        )
    if table["cause"].any():
        said += _(". The ring marks what counted most for the chosen {@product}")
    if table["held_out"].any():
        said += _(". The diamond is the {@purchase} that the model has not seen")
    return ended(said)


def span(times: pd.Series) -> str:
    """How long what happened took: days, of less than a day the hours, within an hour the day."""
    took = times.max() - times.min()
    if took.days:
        return _("over {time}").format(time=plural("{n} day", "{n} days", took.days))
    hours = int(took.total_seconds() // _HOUR)
    if hours:
        return _("within {time}").format(time=plural("{n} hour", "{n} hours", hours + 1))
    return _("on {day}").format(day=day(times.min().timestamp()))


def found(n: int, limit: int, among: int, typed: bool) -> str:
    """How many of all a search has found, of which at most so many are listed."""
    if typed and n >= limit:
        said = _("The first {n} that match, of {all} in all; type more to narrow.")
    elif typed:
        said = _("{n} found, of {all} in all.")
    elif n < among:
        said = _("The first {n} of {all}; type to narrow.")
    else:
        said = _("{all} in all.")
    return said.format(n=f"{n:,}", all=f"{among:,}")


def quality(view: Mapping[str, Any], metric: str) -> str:
    """The model beside the best baseline."""
    own = view["metrics"][metric]
    users = plural("{n} {@customer}", "{n} {@customers}", view["users"])
    if not view["baselines"]:
        return _("{metric} of {own:.3f} on {users}.").format(metric=metric, own=own, users=users)
    name, best = max(
        ((name, values[metric]) for name, values in view["baselines"].items()),
        key=lambda pair: pair[1],
    )
    if best <= 0:
        return _("{metric} of {own:.3f} on {users}; no baseline finds anything.").format(
            metric=metric, own=own, users=users
        )
    gain = own / best - 1
    if abs(gain) < _NOTICEABLE:
        return _("As good as the best other method ({name}), on {users}.").format(
            name=ranker_name(name), users=users
        )
    verdict = _("better") if gain > 0 else _("worse")
    return _("{gain:.0f}% {verdict} than the best other method ({name}), on {users}.").format(
        gain=abs(100 * gain), verdict=verdict, name=ranker_name(name), users=users
    )


def importance(table: pd.DataFrame, users: int) -> str:
    """What the model relies on in what so many users are offered first."""
    top = table.sort_values("share", ascending=False, kind="stable").head(2)
    names = [feature_name(feature) for feature in top["feature"]]
    if len(names) == 1:
        return _("Every score is {name} alone.").format(name=names[0])
    return _(
        "In the first recommendation of {users}, {first} moves scores most ({share}), then "
        "{second} ({other})."
    ).format(
        users=plural("{n} {@customer}", "{n} {@customers}", users),
        first=feature_inside(top["feature"].iloc[0]),
        share=percent(top["share"].iloc[0]),
        second=feature_inside(top["feature"].iloc[1]),
        other=percent(top["share"].iloc[1]),
    )


def event_features(explanation: Explanation) -> str:
    """The strongest cell of the heatmap of events by features."""
    if not explanation.titles:
        return _("There is no history, so no event adds anything.")
    event, feature = np.unravel_index(
        int(np.abs(explanation.features).argmax()), explanation.features.shape
    )
    return _("The strongest single share is {title} through “{feature}”: {value}.").format(
        title=explanation.titles[event],
        feature=feature_inside(explanation.feature_names[feature]),
        value=score(explanation.features[event, feature]),
    )


def acting(explanation: Explanation, feature: str) -> str:
    """How much all events add through one feature."""
    column = explanation.features[:, explanation.feature_names.index(feature)]
    top = int(np.abs(column).argmax())
    act = int((np.abs(column) > _NOTICEABLE).sum())
    return _("Through it {events}: {total}; {title} alone {value}.").format(
        events=plural("{n} event acts", "{n} events act", act),
        total=score(float(column.sum())),
        title=explanation.titles[top],
        value=score(float(column[top])),
    )


def readout(attention: Attention) -> str:
    """Where the readout looked, and how much of it at the newest events."""
    mean = attention.readout.mean(axis=0)
    events = np.flatnonzero(attention.positions >= 0)
    if not len(events):
        return _("There is no history: the readout looks at the start and the profile only.")
    top = events[int(np.argmax(mean[events]))]
    newest = float(mean[events[-5:]].sum())
    return _(
        "The readout looked most at {title} ({value}); the newest five events hold {newest} "
        "and what is not an event {other}."
    ).format(
        title=attention.tokens[top],
        value=percent(float(mean[top])),
        newest=percent(newest),
        other=percent(float(1 - mean[events].sum())),
    )


def routing(attention: Attention, shown: Tokens, layer: int, head: int) -> str:
    """What the newest event reads, and how far back rows read on average."""
    weights = routing_weights(attention, layer, head)
    last = weights[-1]
    top = int(np.argmax(last))
    steps = np.arange(len(weights))
    back = float((weights * np.maximum(steps[:, None] - steps[None, :], 0)).sum(axis=1).mean())
    return _(
        "The newest event reads {title} most ({value}); on average a row reads {back:.1f} "
        "places back."
    ).format(title=attention.tokens[top], value=percent(float(last[top])), back=back)


def reason(feature: str) -> str:
    """How an event led to a recommendation, in a few words."""
    said = {
        AGAIN: _("again"),
        TOGETHER: _("often {@bought} together"),
        ANY: _("recent activity"),
        "item_id": _("goes with it"),
    }
    return said.get(feature) or _("same {feature}").format(feature=feature_inside(feature))


def activity(table: pd.DataFrame) -> str:
    """The busiest month."""
    months = table.groupby("month")["events"].sum()
    busiest = months.idxmax()
    return _("{month} was the busiest month with {n}; a month has {mean} on average.").format(
        month=month(busiest),
        n=plural("{n} event", "{n} events", int(months.max())),
        mean=f"{months.mean():,.0f}",
    )


def categories(table: pd.DataFrame) -> str:
    """How much of the traffic the first categories hold."""
    most = _LEADING if len(table) > _LEADING else 1
    left = max(len(table) - MOST_CATEGORIES, 0)
    share = table["events"].head(most).sum() / max(table["events"].sum(), 1)
    if most == 1:
        said = _("{name} leads with {share} of all events.")
    else:
        said = _("{name} leads; the first three of {n} hold {share} of all events.")
    said = said.format(name=table["name"].iloc[0], n=len(table), share=percent(share))
    if not left:
        return said
    more = plural("{n} with fewest is not drawn.", "{n} with fewest are not drawn.", left)
    return in_a_row(said, more)


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return plural("{n} second", "{n} seconds", round(seconds))
    return plural("{n} minute", "{n} minutes", round(seconds / 60))


def progress(job: Job) -> str:
    """Where a running job stands."""
    if not job.progress:
        return _("Preparing …")
    last = job.progress[-1]
    if job.state == "running" and job.share == 1:
        return _("Trained; now its recommendations are measured …")
    parts = [
        _("step {step} of {steps}").format(step=last.get("step", 0), steps=last.get("steps", 0)),
        _("epoch {epoch}").format(epoch=last.get("epoch", 0)),
    ]
    if last.get("loss") is not None:
        parts.append(_("loss {value:.3f}").format(value=last["loss"]))
    measured = [line["ndcg@10"] for line in job.progress if line.get("ndcg@10") is not None]
    if measured:
        parts.append(_("NDCG@10 {value:.3f}").format(value=measured[-1]))
    if last.get("seconds_left") is not None:
        parts.append(_("at most {time} left").format(time=duration(last["seconds_left"])))
    return _(", ").join(parts)


def outcome(job: Job) -> str:
    """How a job ended."""
    if job.state == "done":
        took = job.progress[-1].get("seconds", 0) if job.progress else 0
        return _("Done after {time}. The new run is in the library.").format(time=duration(took))
    if job.state == "cancelled":
        if job.can_resume:
            return _("Cancelled. The epochs that had ended are kept, so it can go on.")
        return _("Cancelled. Nothing was written.")
    return _("Training failed: {message}").format(message=told(job.message))
