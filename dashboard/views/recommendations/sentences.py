"""Why one product is above another, why one is not there at all, and what a list rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int

from dashboard.errors import told
from dashboard.names import feature_inside, percent, score
from dashboard.words import _, ended, in_a_row, listed, literal, plural, shorten
from recommender.data.dataset import Dataset
from recommender.explain.types import AGAIN, TOGETHER

if TYPE_CHECKING:
    from recommender.explain.tags import InterestTags, Tag
    from recommender.explain.types import Absence, Contrast
    from recommender.words.llm import Rephrased

_NOTICEABLE = 0.02
_NAMED = 2
_TAG_WIDTH = 24


def by_model(said: Rephrased) -> str:
    """What became of a language model's sentences, and what they cost."""
    parts = []
    if said.checked:
        kept = sum(one.backed for one in said.checked)
        parts.append(
            plural(
                "{kept} of its {n} sentence is backed by the numbers.",
                "{kept} of its {n} sentences are backed by the numbers.",
                len(said.checked),
                kept=kept,
            )
        )
    if said.problem:
        parts.append(_("What stands above is kept: {problem}.").format(problem=told(said.problem)))
    if said.cost:
        parts.append(
            _("It read {tokens_in} tokens and wrote {tokens_out}.").format(
                tokens_in=f"{said.cost.tokens_in:,}", tokens_out=f"{said.cost.tokens_out:,}"
            )
        )
    if said.cost and said.cost.price is not None:
        parts.append(_("By the prices set that is {price}.").format(price=f"{said.cost.price:.6f}"))
    return in_a_row(*parts)


def parts(
    between: Contrast, dataset: Dataset, items: Int[np.ndarray, " event"]
) -> list[tuple[str, float]]:
    """The difference of two scores by past product and by what is not an event, largest first.

    The values sum to the difference.
    """
    titles = dataset.items["title"].to_numpy()
    found: dict[str, float] = {}
    for item, value in zip(items, between.events, strict=True):
        title = str(titles[item])
        found[title] = found.get(title, 0.0) + float(value)
    rest = {
        feature_inside("bias"): between.bias,
        feature_inside("order_term"): between.order_term,
    } | {
        feature_inside(name): float(value)
        for name, value in zip(between.profile_names, between.profile, strict=True)
    }
    pairs = [*found.items(), *rest.items()]
    return sorted(pairs, key=lambda pair: -abs(pair[1]))


def above(between: Contrast, by_part: list[tuple[str, float]], other: str) -> str:
    """Why one product stands above the next: what speaks most for it, and what against."""
    gap = between.difference
    said = _("It scores {gap} more than {other}").format(
        gap=f"{gap:.2f}" if gap >= 0.005 else f"{gap:.4f}", other=other
    )
    return ended(said + _speaking(by_part))


def _speaking(by_part: list[tuple[str, float]]) -> str:
    """The largest parts for and against."""
    pros = [pair for pair in by_part if pair[1] > _NOTICEABLE][:_NAMED]
    cons = [pair for pair in by_part if pair[1] < -_NOTICEABLE][:1]
    said = ""
    if pros:
        said += _(", mostly through {parts}").format(parts=_listed(pros))
    if cons:
        said += _("; against it speaks {part}").format(part=_listed(cons))
    return said


def _listed(pairs: list[tuple[str, float]]) -> str:
    return listed(
        _("{name} ({value})").format(name=name, value=score(value)) for name, value in pairs
    )


def absent(found: Absence, last: str, by_part: list[tuple[str, float]]) -> str:
    """Where it stands, and what the last of the list has that it lacks."""
    place = (
        _("It stands at rank {rank}").format(rank=f"{found.rank:,}")
        if found.candidate
        else _(
            "They have it already, and the list shows new {@products} only; else it would stand at "
            "rank {rank}"
        ).format(rank=f"{found.rank:,}")
    )
    if found.gap <= 0:
        return ended(place)
    said = _("{place} and lacks {gap} in score to {last}, the last of the first {k}").format(
        place=place, gap=f"{found.gap:.2f}", last=last, k=found.k
    )
    lacking = [pair for pair in by_part if pair[1] > _NOTICEABLE][:_NAMED]
    if lacking:
        said += _(". What that one has over it: {parts}").format(parts=_listed(lacking))
    return ended(said)


def holding_down(titles: list[str]) -> str:
    """Which products of the past speak against it."""
    return _("Against it speak {titles} in the past.").format(
        titles=_(", ").join(dict.fromkeys(titles))
    )


def lifts(found: Absence) -> str:
    """Which single purchase would bring it in; each was tried on the model."""
    if not found.lifts:
        return _("No single {@purchase} that was tried would bring it in.")
    said = [
        _("{title} (rank {rank})").format(title=lift.title, rank=f"{lift.rank_after:,}")
        for lift in found.lifts
    ]
    return _("One more {@purchase} now would bring it in: {titles}.").format(
        titles=_(" or ").join(said)
    )


def tag(found: Tag, total: float) -> str:
    """An interest with its weight, as a label in Markdown."""
    icon = {
        AGAIN: ":material/replay: ",
        TOGETHER: ":material/link: ",
        "item_id": ":material/sell: ",
    }.get(found.feature, "")
    weight = f" :small[:gray[{literal(percent(found.weight / total))}]]" if total > 0 else ""
    return f"{icon}{literal(shorten(found.value, _TAG_WIDTH))}{weight}"


def tags_help(found: InterestTags) -> str:
    """How to read the tags, and what they leave out."""
    said = _(
        "What in this {@customer}'s past the list rests on: values of features with their share of "
        "all that the past gives to the list. Choose one to see the {@products} it gives most to, "
        "five at most. :material/replay: the same {@product} again, :material/link: often "
        "{@bought} together with it, :material/sell: this very {@product}."
    )
    if found.total <= 0:
        return said
    rest = found.rest / found.total
    return in_a_row(said, _("All else together: {rest}.").format(rest=percent(rest)))
