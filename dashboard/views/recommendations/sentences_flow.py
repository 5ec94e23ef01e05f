"""The flow of a score in words: the whole of it, one product of the history, one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboard.figures.flow import all_ways, way_name
from dashboard.names import feature_help, score
from dashboard.words import _, ended, in_a_row, listed, plural
from recommender.explain.types import HEAD

if TYPE_CHECKING:
    from recommender.explain.flows import Flow
    from recommender.explain.types import ItemDeletion

_NOTICEABLE = 0.005
_NAMED = 2


def flow(found: Flow) -> str:
    """Which product of the history gives most and by which way, and what no event gives."""
    own = sum(share for _name, share in found.own)
    total = score(found.score)
    if not len(found.items):
        return _(
            "There is no history: popularity and profile give the whole score of {total}."
        ).format(total=total)
    given = found.shares.sum(1)
    most = int(given.argmax())
    history = _("Of the score of {total}, the history gives {value} and all else {rest}").format(
        total=total, value=score(float(given.sum())), rest=score(own)
    )
    if given[most] < _NOTICEABLE:
        return in_a_row(ended(history), _("No {@product} of the history speaks for it."))
    said = _("Most comes from {title} ({value}), largely through “{way}”").format(
        title=found.titles[most],
        value=score(float(given[most])),
        way=_inside(found.ways[int(found.shares[most].argmax())]),
    )
    least = int(given.argmin())
    if given[least] < -_NOTICEABLE:
        said += _("; most against it speaks {title} ({value})").format(
            title=found.titles[least], value=score(float(given[least]))
        )
    return in_a_row(ended(history), ended(said))


def _inside(way: str) -> str:
    """The name of a way inside a sentence."""
    name = way_name(way)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def past(found: Flow, row: int, lost: ItemDeletion) -> str:
    """One product of the history: what it gives through what, and what is lost without it."""
    n = len(found.events[row])
    shares = found.shares[row]
    order = [i for i in np.argsort(-np.abs(shares), kind="stable") if abs(shares[i]) >= _NOTICEABLE]
    said = _("{title}: {events} give {value}").format(
        title=found.titles[row],
        events=plural("{n} event", "{n} events", n),
        value=score(float(shares.sum())),
    )
    if order:
        named = (_named(found.ways[i], float(shares[i])) for i in order[: _NAMED + 1])
        said += _(", through {ways}").format(ways=listed(named))
    return in_a_row(ended(said), _without(lost, n))


def _named(way: str, share: float) -> str:
    return _("“{name}” ({value})").format(name=_inside(way), value=score(share))


def _without(lost: ItemDeletion, n: int) -> str:
    """What deleting all its events does to the score and the rank."""
    events = plural("Without it", "Without all {n} together", n)
    if lost.rank_before == lost.rank_after:
        said = _("{events} the score changes by {loss}, and the rank stays {before}.")
    else:
        said = _("{events} the score changes by {loss}, and the rank goes {before} → {after}.")
    return said.format(
        events=events,
        loss=score(-lost.loss),
        before=f"{lost.rank_before:,}",
        after=f"{lost.rank_after:,}",
    )


def way(found: Flow, name: str) -> str:
    """One way: how much it carries, for which products most, and what it is."""
    place, own = all_ways(found).index(name), dict(found.own)
    given = place < len(found.ways)
    shares = found.shares[:, place] if given else np.zeros(len(found.items))
    total = float(shares.sum()) if given else own[name]
    said = _("“{name}” gives {value} of the score").format(name=way_name(name), value=score(total))
    order = [i for i in np.argsort(-np.abs(shares), kind="stable") if abs(shares[i]) >= _NOTICEABLE]
    if order:
        named = (
            _("{name} ({value})").format(name=found.titles[i], value=score(float(shares[i])))
            for i in order[:_NAMED]
        )
        said += _(", most of it from {titles}").format(titles=listed(named))
    return in_a_row(ended(said), _meaning(name))


def _meaning(name: str) -> str:
    if name.startswith(HEAD):
        return _(
            "A head looks at some events more than at others, and adds what their {@products} have "
            "in "
            "common with this one."
        )
    if name == "profile":
        return _("What is known of the {@customer} adds it, whatever the history.")
    return feature_help(name)
