"""Claims said by templates: the same claims always in the same words, other claims in others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.explain.claims import Claim, ClaimKind
from recommender.words.chinese import CHINESE
from recommender.words.english import ENGLISH
from recommender.words.phrases import Audience, Language, Phrases
from recommender.words.slots import Slots
from recommender.words.vocabulary import spoken_of

PHRASES: dict[Language, Phrases] = {"en": ENGLISH, "zh": CHINESE}
MOST_NAMED = 2
"""Influences that are told; further ones of the same item say little."""
MOST_ITEMS = 2
"""Items whose events are told together."""
_DRIVERS: tuple[ClaimKind, ...] = (
    "weak", "item", "influence", "repetition", "interval", "affinity", "profile", "popularity",
    "contrast",
)  # fmt: skip
TOLD: dict[Audience, tuple[ClaimKind, ...]] = {
    "analyst": (
        "weak", "item", "influence", "share", "repetition", "interval", "affinity", "profile",
        "popularity",
        "order", "contrast", "counterfactual", "disagreement", "tested",
    ),
    "merchandiser": _DRIVERS,
}  # fmt: skip
"""What is told, in this order; shoppers are told one thing. What all events of an item do together
comes before what one of them does alone, for they hide one another."""


@cache
def phrases_in(language: Language, vocabulary: Vocabulary = SHOP) -> Phrases:
    """What the language brings, with the words of the vocabulary in it."""
    return spoken_of(PHRASES[language], vocabulary)


def usual_event(kind: str, language: Language) -> str:
    """A kind of event: data, in English as it is; in other languages the usual kinds as words
    have them."""
    return kind if language == "en" else PHRASES[language].events.get(kind, kind)


@dataclass(frozen=True)
class Sentence:
    """One sentence and the claims that back it."""

    text: str
    claims: tuple[int, ...]
    """Places in `Words.claims`."""
    wordings: tuple[str, ...] = ()
    """Templates that say the same, its own first; their slots are filled from its first claim."""


@dataclass(frozen=True)
class Words:
    """An explanation in words."""

    language: Language
    audience: Audience
    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    """All that could be said, said or not."""
    written_by: Literal["templates", "model"] = "templates"
    vocabulary: Vocabulary = SHOP

    @property
    def text(self) -> str:
        """All sentences in a row."""
        return PHRASES[self.language].joint.join(one.text for one in self.sentences)

    @property
    def said(self) -> tuple[Claim, ...]:
        """The claims that the sentences make."""
        return tuple(
            self.claims[i] for i in sorted({i for one in self.sentences for i in one.claims})
        )

    @property
    def events(self) -> tuple[int, ...]:
        """Positions of the events that are named as what holds the recommendation."""
        kinds = ("influence", "repetition", "interval", "share", "item", "counterfactual")
        return tuple(dict.fromkeys(j for one in self.said if one.kind in kinds for j in one.events))


def in_words(
    claims: Sequence[Claim],
    language: Language = "en",
    audience: Audience = "analyst",
    vocabulary: Vocabulary = SHOP,
) -> Words:
    """Say the claims to this audience, in the words of their data set; deterministic, and never
    more than the claims say."""
    phrases, claims = phrases_in(language, vocabulary), tuple(claims)
    chosen = _shopper(claims) if audience == "shopper" else _paragraph(claims, TOLD[audience])
    seed = hashlib.sha256(repr(claims).encode()).digest()
    sentences = []
    for key, places in chosen:
        wordings = _drawn_first(phrases.templates(audience, key), seed + key.encode())
        text = wordings[0].format_map(Slots(phrases, claims[places[0]]))
        sentences.append(Sentence(text, places, wordings))
    return Words(language, audience, tuple(sentences), claims, vocabulary=vocabulary)


Chosen = tuple[str, tuple[int, ...]]
"""A template's key, and the places of the claims it says; its slots are filled from the first."""


def _shopper(claims: tuple[Claim, ...]) -> list[Chosen]:
    """The one thing to say: a doubt if there is one, else repetition, else the strongest event."""
    found = _places(claims)
    influence = found.get("influence", [None])[0]
    weak = {claims[i].weakness: i for i in found.get("weak", ())}
    for weakness in ("no history", "no single event"):
        if weakness in weak:
            return [(f"weak.{weakness}", (weak[weakness],))]
    assert influence is not None, "claims without influences say that they are weak"
    for weakness, key in (("newest do as well", "doubtful"), ("only in part", "partly")):
        if weakness in weak:
            return [(f"influence.{key}", (influence, weak[weakness]))]
    first = claims[influence]
    if first.own:
        for kind in ("interval", "repetition"):
            if kind in found and (claims[found[kind][0]].part or claims[found[kind][0]].value) > 0:
                return [(kind, (found[kind][0], found["repetition"][0]))]
    return [("influence", (influence,))]


def _paragraph(claims: tuple[Claim, ...], told: tuple[ClaimKind, ...]) -> list[Chosen]:
    """The numbers that hold the recommendation, and what qualifies them."""
    found = _places(claims)
    doubts = {claims[i].weakness for i in found.get("weak", ())}
    doubted = bool(doubts & {"newest do as well", "only in part"})
    chosen: list[Chosen] = []
    for kind in _strongest_first(claims, found, told):
        if kind == "influence":
            chosen += _influences(claims, found.get(kind, []))
        elif not (kind == "tested" and doubted):
            most = {"weak": None, "disagreement": None, "item": MOST_ITEMS}.get(kind, 1)
            chosen += [(_key(claims[i]), (i,)) for i in found.get(kind, [])[:most]]
    return chosen


def _strongest_first(
    claims: tuple[Claim, ...], found: dict[str, list[int]], told: tuple[ClaimKind, ...]
) -> tuple[ClaimKind, ...]:
    """What is told; a single event before all events of an item where more is lost without it."""
    if "item" not in found or "influence" not in found:
        return told
    if claims[found["item"][0]].value >= claims[found["influence"][0]].value:
        return told
    alone: list[ClaimKind] = [kind for kind in told if kind != "item"]
    alone.insert(alone.index("influence") + 1, "item")
    return tuple(alone)


def _influences(claims: tuple[Claim, ...], places: list[int]) -> Iterator[Chosen]:
    """The strongest event, and the next of another item."""
    said: set[str] = set()
    for i in places:
        if claims[i].title not in said and len(said) < MOST_NAMED:
            own = ".same" if claims[i].own else ""
            yield ("influence.next" if said else f"influence{own}", (i,))
            said.add(claims[i].title)


def _places(claims: tuple[Claim, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for i, claim in enumerate(claims):
        found.setdefault(claim.kind, []).append(i)
    return found


def _key(claim: Claim) -> str:
    """Which template says this claim, as far as that depends on its signs and fields."""
    if claim.kind in ("repetition", "profile", "popularity", "order", "contrast"):
        return f"{claim.kind}.{'for' if claim.value >= 0 else 'against'}"
    if claim.kind == "weak":
        return f"weak.{claim.weakness}"
    if claim.kind == "affinity":
        return "affinity.value" if claim.feature_value else "affinity.feature"
    if claim.kind == "item" and claim.ranks is not None:
        before, after = claim.ranks
        return "item" if after > before else "item.stays" if after == before else "item.rises"
    if claim.kind == "disagreement":
        return f"disagreement.{claim.lens}"
    if claim.kind == "tested" and claim.ranks is not None and claim.ranks[0] == claim.ranks[1]:
        return "tested.stays"
    if claim.kind == "counterfactual":
        way = "out" if claim.leaves else "in"
        return f"counterfactual.{way}{'.other' if claim.other and claim.leaves else ''}"
    return claim.kind


def _drawn_first(templates: tuple[str, ...], seed: bytes) -> tuple[str, ...]:
    """The templates, beginning with one that the seed decides on."""
    drawn = hashlib.sha256(seed).digest()[0] % len(templates)
    return templates[drawn:] + templates[:drawn]
