"""Groups of customers that are too small to be shown apart while ids are hidden.

What is said of a handful can be known of one of them. And what is left out can be told from the
whole and from the rest: so a small group is never left out alone, but with as many of the next
larger ones as it takes. Cell suppression, primary and complementary (Hundepool et al. 2012).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote

import pandas as pd

from dashboard import state
from dashboard.words import _
from recommender.confined import limit_of

if TYPE_CHECKING:
    from recommender.evaluate.global_explanation import Overall
    from recommender.evaluate.items import Audience
    from recommender.evaluate.quality import Quality

SETTING: Final = "RECLENS_SMALLEST_GROUP"
_FLOOR: Final = 10
_REST: Final = "\0rest"
Name = TypeVar("Name", bound=Hashable)


def spelled(grouping: str, group: str) -> str:
    """`grouping=group`, in which the first sign of equality ends the grouping, however called."""
    return f"{grouping.replace('%', '%25').replace('=', '%3D')}={group}"


def grouping_and_group(told: str) -> tuple[str, str]:
    """What `spelled` was told."""
    grouping, group = told.split("=", 1)
    return unquote(grouping), group


def floor() -> int:
    """Customers that a group needs to be shown apart where ids are hidden. Raises ValueError for a
    setting that is no whole number above 0."""
    return limit_of(SETTING, _FLOOR)


def smallest() -> int:
    """Customers that a group needs here and now."""
    return floor() if state.masked() else 1


def counted(n: int) -> str:
    """So many customers; of a small group not how many they are."""
    least = smallest()
    return f"{n:,}" if n >= least or not n else _("fewer than {least}").format(least=least)


def note() -> str:
    """What a page says where it may have left groups out; nothing while ids are shown."""
    if not state.masked():
        return ""
    return _(
        "While {@customer} ids are hidden, groups of fewer than {least} {@customers} are not shown "
        "apart, nor what they could be told from."
    ).format(least=floor())


def withheld(sizes: Mapping[Name, int], least: int) -> frozenset[Name]:
    """The groups that are not shown: those that are too small and, until all that is left out makes
    `least` customers in two groups, the next larger ones."""
    ordered = sorted((name for name in sizes if sizes[name]), key=sizes.__getitem__)
    out = [name for name in ordered if sizes[name] < least]
    for name in ordered[len(out) :]:
        if not out or (len(out) > 1 and sum(sizes[one] for one in out) >= least):
            break
        out.append(name)
    return frozenset(out)


def told_apart(groups: Mapping[str, Sequence[int]], least: int) -> dict[str, tuple[int, ...]]:
    """Those of the groups, as `spelled` has them, that may be shown."""
    kinds: dict[str, dict[str, int]] = {}
    for name, users in groups.items():
        kinds.setdefault(name.split("=")[0], {})[name] = len(users)
    out = frozenset().union(*(withheld(sizes, least) for sizes in kinds.values()))
    return {name: tuple(users) for name, users in groups.items() if name not in out}


def may_be_told(groups: Mapping[str, Sequence[int]], named: Sequence[str], least: int) -> bool:
    """Whether customers in the named groups may be shown: any of one grouping, in all groupings.

    Neither they, nor what each group has in common with each of another grouping, nor those who are
    left out by any one grouping, may be a small group.
    """
    kinds: dict[str, list[set[int]]] = {}
    for name in named:
        kinds.setdefault(name.split("=")[0], []).append(set(groups[name]))
    cells = [set.intersection(*cell) for cell in product(*kinds.values())]
    whole = {kind: set.union(*those) for kind, those in kinds.items()}
    found = set.intersection(*whole.values())
    wider = [[those for other, those in whole.items() if other != kind] for kind in whole]
    beside = [set.intersection(*those) - found for those in wider if those]
    return len(found) >= least and all(not one or len(one) >= least for one in [*cells, *beside])


def in_audience(found: Audience, least: int) -> Audience:
    """An audience without its small groups."""
    if least <= 1:
        return found
    return replace(
        found,
        segments=_segments(found, least),
        causes=found.causes[found.causes["users"] >= least].reset_index(drop=True),
        rivals=found.rivals[found.rivals["lists"] >= least].reset_index(drop=True),
    )


def _segments(found: Audience, least: int) -> pd.DataFrame:
    """Whoever has no known value of a feature is a group of it too, though it is not listed."""
    table, out = found.segments, set()
    for feature, rows in table.groupby("feature", sort=False):
        sizes = dict(zip(rows["value"], (int(n) for n in rows["users"]), strict=True))
        rest = {_REST: max(found.asked - sum(sizes.values()), 0)}
        out |= {(feature, value) for value in withheld(sizes | rest, least)}
    kept = [pair not in out for pair in zip(table["feature"], table["value"], strict=True)]
    return table[kept].reset_index(drop=True)


def in_quality(found: Quality, least: int) -> Quality:
    """A measurement without small groups; what is small in one view is left out in all."""
    if least <= 1:
        return found
    return replace(found, segments=_without_small(found.segments, "grouping", least))


def in_overall(found: Overall, least: int, narrowed: bool) -> Overall:
    """A global explanation without small groups; of some customers without any, since groups of
    them could be told from those of all."""
    if least <= 1:
        return found
    table = found.segments[:0] if narrowed else found.segments
    return replace(found, segments=_without_small(table, "segment", least))


def _without_small(table: pd.DataFrame, kind: str, least: int) -> pd.DataFrame:
    sizes = table.groupby([kind, "group"], sort=False)["users"].min()
    out = {
        (name, group)
        for name, those in sizes.groupby(level=0, sort=False)
        for group in withheld({one: int(n) for (_kind, one), n in those.items()}, least)
    }
    kept = [pair not in out for pair in zip(table[kind], table["group"], strict=True)]
    return table[kept].reset_index(drop=True)
