"""One product seen from all users, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.figures.item import FEWEST, MOST_SEGMENTS, part_table, segment_table
from dashboard.names import feature_inside, feature_name, percent, score, value_name
from dashboard.words import _, ended, in_a_row, plural
from recommender.explain.types import ANY

if TYPE_CHECKING:
    from recommender.evaluate.items import Audience


def audience(found: Audience, n_items: int) -> str:
    """Who gets it beside who bought it."""
    if not len(found.users):
        return _(
            "Nobody has it among the first {k}. What follows is about those who come nearest to "
            "getting it."
        ).format(k=found.k)
    share = len(found.users) / found.asked
    said = plural("{n} {@customer} would get it", "{n} {@customers} would get it", len(found.users))
    return _(
        "{who} ({share}): rank {reach} of {items} by how often it is offered, and rank {buyers} by "
        "how many {@bought} it. {verdict}"
    ).format(
        who=said,
        share=percent(share),
        reach=f"{found.reach_rank:,}",
        items=f"{n_items:,}",
        buyers=f"{found.buyers_rank:,}",
        verdict=_verdict(found),
    )


def _verdict(found: Audience) -> str:
    if found.reach_rank * 2 <= found.buyers_rank:
        return _("The model offers it more than its {@sales} would.")
    if found.buyers_rank * 2 <= found.reach_rank:
        return _("The model offers it less than its {@sales} would.")
    return _("The model offers it about as much as its {@sales} would.")


def parts(found: Audience, n_items: int) -> str:
    """Popularity against taste."""
    table = part_table(found).set_index("part")["contribution"]
    taste = float(table.drop(["bias", "any"]).sum())
    return _(
        "Of the mean score of {total}, taste gives {taste}, popularity {bias}, and any event at "
        "all {any}. By popularity alone it would be at rank {rank} of {items}."
    ).format(
        bias=score(float(table["bias"])),
        total=score(float(table.sum())),
        taste=score(taste),
        any=score(float(table["any"])),
        rank=f"{found.bias_rank:,}",
        items=f"{n_items:,}",
    )


def features(found: Audience) -> str:
    """The features that lead to it most and that hold it down most."""
    table = found.shares[(found.shares["kind"] != "bias") & (found.shares["feature"] != ANY)]
    up, down = (table.loc[table["contribution"].agg(way)] for way in ("idxmax", "idxmin"))
    said = _("{feature} leads to it most ({value})").format(
        feature=feature_name(up["feature"]), value=score(up["contribution"])
    )
    if down["contribution"] < -0.005:
        said += _("; {feature} holds it down most ({value})").format(
            feature=feature_inside(down["feature"]), value=score(down["contribution"])
        )
    return ended(said)


def causes(found: Audience) -> str:
    """The product in people's past that leads to it most."""
    if found.causes.empty:
        return _("No {@product} in anybody's past leads to it: popularity and the profile do.")
    first = found.causes.iloc[0]
    return plural(
        "{title} leads to it most: {n} of {all} has it in the past; mostly it acts through "
        "“{feature}”.",
        "{title} leads to it most: {n} of {all} have it in their past; mostly it acts through "
        "“{feature}”.",
        int(first["users"]),
        title=first["title"],
        all=f"{found.explained:,}",
        feature=feature_inside(first["feature"]),
    )


def segments(found: Audience) -> str:
    """The segment most likely to get it, beside everybody."""
    table = segment_table(found)
    overall = percent(len(found.users) / max(found.asked, 1))
    if table.empty or not len(found.users):
        return _("No segment gets it more than another.")
    first = table.iloc[0]
    said = _(
        "Most likely: {feature} {value} ({rate}, {n} of {all}); the line is everybody ({overall})."
    ).format(
        feature=feature_inside(first["feature"]),
        value=value_name(first["value"]),
        rate=percent(first["rate"]),
        n=f"{first['receivers']:,}",
        all=f"{first['users']:,}",
        overall=overall,
    )
    small, unlikely = len(found.segments) - len(table), max(len(table) - MOST_SEGMENTS, 0)
    if small:
        more = plural(
            "{n} segment of fewer than {least} {@customers} is left out.",
            "{n} segments of fewer than {least} {@customers} are left out.",
            small,
            least=FEWEST,
        )
        said = in_a_row(said, more)
    if unlikely:
        more = plural(
            "{n} that gets it least is not drawn.",
            "{n} that get it least are not drawn.",
            unlikely,
        )
        said = in_a_row(said, more)
    return said


def rivals(found: Audience) -> str:
    """What stands beside it most."""
    if found.rivals.empty:
        return _("Nothing: it is in nobody's list.")
    first = found.rivals.iloc[0]
    return _(
        "{title} is in {share} of the lists that hold it, and above it in {above} of those."
    ).format(title=first["title"], share=percent(first["share"]), above=percent(first["above"]))
