"""What a whole model rests on, in one sentence for each chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.figures.all_recommendations import source_name
from dashboard.figures.flow import way_name
from dashboard.names import feature_inside, percent, score
from dashboard.words import _, ended, in_a_row, plural

if TYPE_CHECKING:
    from recommender.evaluate.global_explanation import Overall

_NOTICEABLE = 0.02


def features(found: Overall) -> str:
    """Which share moves scores most, and which pulls them down on the whole."""
    table = found.features.sort_values("share", ascending=False, kind="stable")
    top = table.iloc[0]
    said = _("Over the first {k} of {users}, {name} moves scores most ({share})").format(
        k=found.k,
        users=plural("{n} {@customer}", "{n} {@customers}", found.users),
        name=feature_inside(top["feature"]),
        share=percent(top["share"]),
    )
    down = table[(table["mean_contribution"] < 0) & (table["share"] >= _NOTICEABLE)]
    if down.empty:
        return said + _("; none pulls down on average.")
    return said + _("; on average {name} pulls down ({value}).").format(
        name=feature_inside(down["feature"].iloc[0]),
        value=score(float(down["mean_contribution"].iloc[0])),
    )


def events(table: pd.DataFrame) -> str:
    """Which rows do most together, and of which a single event does most."""
    if table.empty:
        return _("These {@customers} have no events.")
    whole = table.loc[table["share"].idxmax()]
    # The mean of a few events says little.
    known = table[table["share"] >= min(_NOTICEABLE, whole["share"])]
    single = known.loc[known["contribution"].idxmax()]
    said = _("Together, “{name}” does most: {share} of what the history does").format(
        name=whole["name"], share=percent(whole["share"])
    )
    if whole["name"] == single["name"]:
        return said + _("; one such event also does most.")
    times = float(single["contribution"] / max(whole["contribution"], 1e-12))
    return said + _("; but one event of “{name}” does {times:.1f} times as much.").format(
        name=single["name"], times=times
    )


def sources(table: pd.DataFrame) -> str:
    """What scores come from on the whole, and between which groups that differs most."""
    whole = table[table["group"] == table["group"].iloc[0]].set_index("source")["share"]
    said = _(", ").join(
        _("{name} {share}").format(name=source_name(source).lower(), share=percent(share))
        for source, share in whole.sort_values(ascending=False, kind="stable").items()
        if share > 0
    )
    said = _("What moves scores: {parts}.").format(parts=said)
    groups = table[table["group"] != table["group"].iloc[0]]
    history = groups[groups["source"] == "history"].set_index("group")["share"]
    if len(history) < 2:
        return said
    if history.max() - history.min() < _NOTICEABLE:
        return in_a_row(said, _("It is much the same in every group."))
    more = _("History counts most for {high} ({most}), least for {low} ({least}).").format(
        high=history.idxmax(),
        most=percent(history.max()),
        low=history.idxmin(),
        least=percent(history.min()),
    )
    return in_a_row(said, more)


def flow(table: pd.DataFrame) -> str:
    """What the mean score is made of: how much the history gives, from what and by which way."""
    net = table.assign(net=table["towards"] - table["against"])
    out = net[net["side"] == "recommended"]
    into = net[net["side"] == "history"]
    said = _("A recommendation scores {total} on average; the history gives {value} of it").format(
        total=score(float(out["net"].sum())), value=score(float(into["net"].sum()))
    )
    by_category = into.groupby("category", sort=False)["net"].sum()
    if by_category.empty or by_category.max() <= 0:
        return ended(said)
    by_way = out.groupby("way", sort=False)["net"].sum()
    return said + _(
        ". Most of that comes from {category} ({value}); the widest way is “{way}” ({carried})."
    ).format(
        category=by_category.idxmax(),
        value=score(float(by_category.max())),
        way=way_name(str(by_way.idxmax())),
        carried=score(float(by_way.max())),
    )


def categories(table: pd.DataFrame) -> str:
    """How much stays within a category, and the strongest way from one to another."""
    within = table[table["history"] == table["recommended"]]
    across = table[table["history"] != table["recommended"]]
    said = _("{share} of all that speaks for {@products} stays within its category").format(
        share=percent(float(within["share"].sum()))
    )
    if across.empty or across["contribution"].max() <= 0:
        return ended(said)
    top = across.loc[across["contribution"].idxmax()]
    return said + _("; the strongest way across is {a} → {b} ({value}).").format(
        a=top["history"], b=top["recommended"], value=score(float(top["contribution"]))
    )
