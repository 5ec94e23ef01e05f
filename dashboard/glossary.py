"""The terms of the pages, each in one plain sentence."""

from __future__ import annotations

from dashboard.names import LENSES, feature_help, feature_name, lens_name
from dashboard.words import _
from recommender.explain.types import AGAIN, ANY, LATELY, TOGETHER


def glossary() -> tuple[tuple[str, str, str], ...]:
    """Plain name, term of art (may be empty) and meaning, in the order one meets them."""
    lenses = tuple(
        (name.plain, name.term, f"{name.meaning[:1].upper()}{name.meaning[1:]}.")
        for name in map(lens_name, LENSES)
    )
    shares = tuple(
        (feature_name(share), "", feature_help(share)) for share in (AGAIN, TOGETHER, ANY)
    )
    return (
        *lenses,
        (
            _("Score"),
            _("logit"),
            _(
                "What {@products} are ranked by. Only differences between {@products} mean "
                "something."
            ),
        ),
        (
            _("Share"),
            _("contribution"),
            _("A part of the score. All shares of {@a_product} sum to its score exactly."),
        ),
        (_("Popularity of the {@product}"), _("bias"), feature_help("bias")),
        (_("{@Bought} lately"), _("trend"), feature_help(LATELY)),
        *shares,
        (
            _("Percentile"),
            "",
            _("How many of all candidates score lower, in percent."),
        ),
        (
            _("Candidate"),
            "",
            _("{@A_product} that may be offered: any, or only those new to the {@customer}."),
        ),
        (
            _("Held-out {@purchase}"),
            "",
            _("What the {@customer} did last. The model has not seen it and can be judged by it."),
        ),
        (
            _("What if"),
            _("counterfactual"),
            _("The smallest change of a history that turns the outcome."),
        ),
        (
            _("Readout"),
            "",
            _("The model's last look at the history: its weights decide what each event may add."),
        ),
        (
            _("Head and layer"),
            "",
            _("A model reads with several heads side by side, in layers one after the other."),
        ),
        (
            "NDCG@10",
            "",
            _(
                "1 if what was {@bought} next is always first, 0 if it is never among the first "
                "ten."
            ),
        ),
        (
            "Recall@10",
            "",
            _("How much of what was {@bought} next is among the first ten."),
        ),
        (
            "MRR@10",
            "",
            _("The mean of 1 over the rank of the first hit among the first ten."),
        ),
    )
