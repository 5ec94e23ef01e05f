"""True sentences in wordings that the checker's lexicon was never held against.

Written once, and what the checker refuses of them stays refused: no word was added for their sake.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wording.tampering import Sample

ENGLISH: dict[str, tuple[str, ...]] = {
    "influence": (
        "Take “{t}” out of the history and the score is {v:.2f} lower.",
        "The score would be {v:.2f} lower if “{t}” had not happened.",
        "{v:.2f} of the score depends on “{t}”.",
        "The model relied on “{t}”: its removal costs {v:.2f}.",
        "Had “{t}” not been in the history, the score would have lost {v:.2f}.",
    ),
    "repetition": (
        "Having bought “{c}” before adds {v:.2f} to the score.",
        "Because “{c}” was purchased before, the score is {v:.2f} higher.",
    ),
    "interval": (
        "The median gap between purchases of “{c}” is {v:g} days.",
        "It has been {days} days since “{c}” was last purchased.",
    ),
    "affinity": (
        "Events with the “{f}” “{w}” contribute {v:.2f} to the score.",
        "“{w}” as “{f}” adds {v:.2f} to the score.",
    ),
    "popularity": ("The product's popularity changes the score by {v:+.2f}.",),
    "contrast": ("“{c}” outranks “{o}” by {v:.2f}.", "“{c}” leads “{o}” by {v:.2f}."),
    "counterfactual": (
        "“{c}” would no longer be in the top {k} without {names}.",
        "Removing {names} pushes “{c}” down to rank {after}.",
    ),
    "item": (
        "Deleting every event of “{t}” costs {v:.2f}.",
        "The score falls by {v:.2f} once all events of “{t}” are removed.",
    ),
}
CHINESE: dict[str, tuple[str, ...]] = {
    "influence": (
        "少了“{t}”，得分就会低{v:.2f}。",
        "得分中有{v:.2f}取决于“{t}”。",
        "假如没有“{t}”，得分将下降{v:.2f}。",
    ),
    "repetition": ("以前购买过“{c}”，使得分增加了{v:.2f}。",),
    "interval": ("“{c}”通常每{v:g}天买一次。",),
    "affinity": ("“{f}”是“{w}”的商品让得分提高了{v:.2f}。",),
    "contrast": ("“{c}”以{v:.2f}的优势领先于“{o}”。",),
    "counterfactual": ("去除{zh_names}会让“{c}”掉到第{after}名。",),
    "item": ("去掉“{t}”的所有记录，得分会下降{v:.2f}。",),
}


def unseen(document: dict[str, Any]) -> Iterator[Sample]:
    """Each claim of the document in each of these wordings."""
    for claim in document["claims"]:
        if not _plain(claim):
            continue
        slots = _slots(claim)
        for language, wordings in (("en", ENGLISH), ("zh", CHINESE)):
            for wording in wordings.get(claim["kind"], ()):
                yield Sample(wording.format(**slots), language, True, f"true, unseen ({language})")


def _plain(claim: dict[str, Any]) -> bool:
    """Whether the wordings are true of it: they say that things add, lead, and leave."""
    if claim["kind"] == "affinity" and not claim.get("feature_value"):
        return False
    if claim["kind"] == "contrast" and claim["candidate"] == claim["other"]:
        return False
    return claim["kind"] == "popularity" or claim["value"] > 0


def _slots(claim: dict[str, Any]) -> dict[str, Any]:
    titles = claim.get("titles", [""])
    ranks = claim.get("ranks", [0, 0])
    return {
        "t": titles[0],
        "c": claim["candidate"],
        "o": claim.get("other", ""),
        "v": claim["value"],
        "f": claim.get("feature", ""),
        "w": claim.get("feature_value", ""),
        "k": claim.get("top", 0),
        "after": ranks[1],
        "days": claim.get("days", 0),
        "names": " and ".join(f"“{one}”" for one in titles),
        "zh_names": "和".join(f"“{one}”" for one in titles),
    }
