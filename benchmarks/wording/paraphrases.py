"""True sentences in further wordings: some that the lexicon was held against, some that it was not.

`KNOWN` were unknown to the checker when they were written; words were added for their sake. No word
was added for the sake of `UNSEEN`: what the checker refuses of them stays refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wording.tampering import Sample

Wordings = dict[str, tuple[str, ...]]

KNOWN_ENGLISH: Wordings = {
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
KNOWN_CHINESE: Wordings = {
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

UNSEEN_ENGLISH: Wordings = {
    "influence": (
        "With “{t}” left out, the score goes down by {v:.2f}.",
        "“{t}” pulls the score up by {v:.2f}.",
        "This suggestion leans on “{t}”, which is worth {v:.2f}.",
        "Deleting “{t}” would cost {v:.2f}.",
    ),
    "repetition": ("Repeat purchases of “{c}” give {v:.2f}.",),
    "interval": ("Purchases of “{c}” come every {v:g} days or so.",),
    "affinity": ("{v:.2f} comes through the “{f}” “{w}”.",),
    "popularity": ("The item's popularity accounts for {v:+.2f}.",),
    "contrast": ("The score of “{c}” is {v:.2f} above that of “{o}”.",),
    "counterfactual": (
        "If {names} had been missing, “{c}” would have slipped to rank {after}.",
        "“{c}” stays in the top {k} only with {names}.",
    ),
    "item": (
        "Without any of the {n} events of “{t}” the score is {v:.2f} lower.",
        "All events of “{t}” taken away, the rank would be {after} instead of {before}.",
    ),
}
UNSEEN_CHINESE: Wordings = {
    "influence": ("不考虑“{t}”时，得分会下降{v:.2f}。", "“{t}”把得分拉高了{v:.2f}。"),
    "repetition": ("复购“{c}”带来{v:.2f}分。",),
    "contrast": ("“{c}”的得分高出“{o}”{v:.2f}。",),
    "counterfactual": ("缺少{zh_names}时，“{c}”的排名会变成第{after}名。",),
    "item": ("“{t}”的所有事件都去掉后，得分降低{v:.2f}。",),
}


def paraphrases(document: dict[str, Any]) -> Iterator[Sample]:
    """Each claim of the document in each of these wordings."""
    for claim in document["claims"]:
        if _plain(claim):
            slots = _slots(claim)
            for done, language, wordings in (
                ("true (en)", "en", KNOWN_ENGLISH),
                ("true (zh)", "zh", KNOWN_CHINESE),
                ("true, unseen (en)", "en", UNSEEN_ENGLISH),
                ("true, unseen (zh)", "zh", UNSEEN_CHINESE),
            ):
                for wording in wordings.get(claim["kind"], ()):
                    yield Sample(wording.format(**slots), language, True, done)


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
        "before": ranks[0],
        "after": ranks[1],
        "n": len(claim.get("events", ())),
        "days": claim.get("days", 0),
        "names": " and ".join(f"“{one}”" for one in titles),
        "zh_names": "和".join(f"“{one}”" for one in titles),
    }
