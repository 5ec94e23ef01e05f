"""A text against the claims it should say: sentence by sentence, what no claim backs is refused.

A sentence is read with a closed lexicon, so what is not understood is refused too. What is left has
to agree with one claim, or each of its clauses with one, in names, dates, numbers, their roles and
signs, in what raises and what lowers, in what comes first, in denials, and in who moves whom.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.explain.claims import Claim, ClaimKind, Weakness
from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.words.facts import dates, names
from recommender.words.figures_read import wrong_number
from recommender.words.frames import takes_away, wrong_direction, wrong_subject
from recommender.words.phrases import UNKNOWN, Language
from recommender.words.reading import Token, sentences, tokens

_ABOUT_PEOPLE = re.compile(
    r"(?:[会想将愿让使致]|(?<![主重首])要)[^\s（(，,]{0,3}(?:买|购买|下单|观看|阅读|收听|游玩|报名|点击)|喜欢|偏好|想要|热爱|需要"
    r"|\b(?:will|would|wants? to|going to|likely to) "
    r"(?:buy|purchase|order|watch|read|listen|play|rate|click|enrol|view|use)\b",
    re.IGNORECASE,
)
"""What the model's reasons never say: what somebody likes or is going to do."""


@dataclass(frozen=True)
class Checked:
    """One sentence and what became of it."""

    text: str
    claims: tuple[int, ...]
    """The claims that back it; empty if none does."""
    objection: str
    """Why it was refused; empty if it was not."""

    @property
    def backed(self) -> bool:
        """Whether it may be shown."""
        return bool(self.claims)


def check(
    text: str, claims: Sequence[Claim], language: Language, vocabulary: Vocabulary = SHOP
) -> tuple[Checked, ...]:
    """Every sentence of the text, in order; a word of another vocabulary is not understood."""
    all_names = {name for claim in claims for name in names(claim)}
    all_dates = {day for claim in claims for day in dates(claim)}
    return tuple(
        _checked(shown, tokens(masked, all_names, all_dates, language, vocabulary), claims)
        for shown, masked in sentences(text, all_names, all_dates)
    )


def _checked(shown: str, read: tuple[Token, ...], claims: Sequence[Claim]) -> Checked:
    unknown = [one.text for one in read if one.kind == "unknown"]
    if unknown:
        return Checked(shown, (), f"not understood: {' '.join(unknown)}")
    if _ABOUT_PEOPLE.search(re.sub(r"“[^”]*”", "", shown)):
        return Checked(shown, (), "speaks of what a person likes or will do")
    whole = _backing(read, claims)
    if isinstance(whole, tuple):
        return Checked(shown, tuple(sorted({*whole, *_doubts(read, claims)})), "")
    pieces = _clauses(read)
    if len(pieces) > 1:
        backed = [_backing(piece, claims) for piece in pieces]
        if all(isinstance(one, tuple) for one in backed):
            found = sorted({i for one in backed if isinstance(one, tuple) for i in one})
            return Checked(shown, tuple(found), "")
    return Checked(shown, (), str(whole))


def _backing(read: tuple[Token, ...], claims: Sequence[Claim]) -> tuple[int, ...] | str:
    """The first claim that backs it, or the objection of the one that came nearest."""
    best = (-1, "nothing is claimed")
    for i, claim in enumerate(claims):
        step, objection = _objection(read, claim)
        if not objection:
            return (i,)
        best = max(best, (step, objection))
    return best[1]


def _doubts(read: tuple[Token, ...], claims: Sequence[Claim]) -> tuple[int, ...]:
    """The doubts that a sentence says beside what it claims."""
    return tuple(
        i
        for i, claim in enumerate(claims)
        if claim.kind == "weak"
        and claim.trust in _DOUBT
        and _WEAKNESS[claim.weakness] == _DOUBT[claim.trust]
        and any(one.does(_DOUBT[claim.trust]) for one in read)
    )


def _clauses(read: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Split at semicolons and contrasts, and at a comma with *and*."""
    pieces: list[list[Token]] = [[]]
    for place, one in enumerate(read):
        comma = one.text in (",", "，") and place + 1 < len(read)
        joined = comma and (read[place + 1].text in ("and", "并", "且", "与", "而"))
        if one.does("break") or joined:
            pieces.append([])
        else:
            pieces[-1].append(one)
    return [tuple(piece) for piece in pieces if any(t.kind != "mark" for t in piece)]


Objection = Callable[[tuple[Token, ...], Claim], str]


def _objection(read: tuple[Token, ...], claim: Claim) -> tuple[int, str]:
    """What speaks against this claim as the backing, empty if nothing; and how far it came."""
    steps: tuple[Objection, ...] = (
        _wrong_name, _wrong_topic, wrong_number, wrong_direction, wrong_subject, _wrong_denial,
        _wrong_order,
    )  # fmt: skip
    for step, objects in enumerate(steps):
        objection = objects(read, claim)
        if objection:
            return step, objection
    return len(steps), ""


def _wrong_name(read: tuple[Token, ...], claim: Claim) -> str:
    allowed, days = names(claim), dates(claim)
    said = {one.text for one in read if one.kind == "name"}
    if said & set(UNKNOWN.values()):
        said.add(UNKNOWN["en"])
    for one in read:
        if one.kind == "name" and one.text not in allowed:
            return f"“{one.text}” is not in that claim"
        if one.kind == "date" and one.text not in days:
            return f"{one.text} is not its day"
    needed: dict[ClaimKind, set[str]] = {
        "influence": {claim.title},
        "share": {claim.title},
        "affinity": {claim.feature, claim.feature_value} - {""},
        "profile": {claim.feature_value},
        "item": {claim.title},
        "contrast": {claim.candidate, claim.other},
        "counterfactual": {claim.candidate, *claim.titles},
        "disagreement": {claim.title},
    }
    missing = needed.get(claim.kind, set()) - said
    return f"“{min(missing)}” is not named" if missing else ""


_COMMON = {
    "suggest", "because", "hedge", "break", "whole", "ago", "days", "same_day", "also", "most",
    "all", "times", "give", "up", "down",
}  # fmt: skip
_NEEDS: dict[ClaimKind, set[str]] = {
    "influence": {"influence", "depend", "remove", "up"},
    "share": {"count", "give", "up", "down", "part"},
    "affinity": {"give", "up", "down", "count"},
    "repetition": {"repeat", "purchase"},
    "interval": {"interval"},
    "item": {"remove"},
    "profile": {"profile"},
    "popularity": {"popular"},
    "order": {"order"},
    "contrast": {"versus_up", "versus_down", "up", "down"},
    "counterfactual": {"remove"},
    "disagreement": {"look", "count"},
    "tested": {"test", "newest"},
    "weak": {"weak", "partly", "diffuse", "empty"},
}
_WEAKNESS: dict[Weakness, str] = {
    "no history": "empty",
    "no single event": "diffuse",
    "newest do as well": "weak",
    "only in part": "partly",
}
_DOUBT = {"weak": "weak", "mixed": "partly"}
"""How the doubt is called that a test left."""
_ALSO: dict[ClaimKind, set[str]] = {
    "influence": {"influence", "depend", "remove", "would", "second", "count_as"},
    "share": {"count", "part", "influence"},
    "affinity": {"count", "part", "purchase", "view"},
    "repetition": {"repeat", "purchase", "count", "influence"},
    "interval": {"interval", "purchase", "repeat", "count", "influence"},
    "item": {"remove", "influence", "depend", "would", "rank", "change", "together", "purchase",
             "view", "cart"},
    "profile": {"profile", "count", "part", "influence", "change"},
    "popularity": {"popular", "count", "part", "influence", "change"},
    "order": {"order", "count", "part", "influence", "change"},
    "contrast": {"versus_up", "versus_down", "lead", "part"},
    "counterfactual": {"remove", "would", "rank", "top", "other"},
    "disagreement": {"disagree", "influence", "look", "count"},
    "tested": {"test", "newest", "named", "remove", "change", "rank", "influence", "would"},
    "weak": {
        "weak", "partly", "diffuse", "empty", "remove", "change", "newest", "named", "test",
        "influence", "popular", "profile", "not", "least", "depend",
    },
}  # fmt: skip


def _wrong_topic(read: tuple[Token, ...], claim: Claim) -> str:
    """Words that belong to something else than this kind of claim."""
    allowed = _COMMON | _ALSO[claim.kind]
    by_feature = {AGAIN: {"repeat", "purchase"}, TOGETHER: {"together"}, ANY: {"any"}}
    allowed |= by_feature.get(claim.feature, set())
    if claim.event_type in ("purchase", "view", "cart"):
        allowed |= {claim.event_type}
    if claim.trust in _DOUBT:
        allowed |= {_DOUBT[claim.trust]}
    if claim.kind == "disagreement":
        allowed -= {"count"} if claim.lens == "attention" else {"look"}
    for one in read:
        if one.kind == "word" and one.classes and not one.classes & allowed:
            if one.does("not"):
                continue
            return f"“{one.text}” is not what that claim is about"
    needed = _NEEDS[claim.kind]
    if claim.kind == "weak":
        needed = {_WEAKNESS[claim.weakness]}
    if claim.kind == "disagreement":
        needed = {"look"} if claim.lens == "attention" else {"count"}
    if not any(one.does(*needed) for one in read):
        return f"it does not say {claim.kind}"
    removed = any(one.does("remove") for one in read)
    if claim.kind == "tested" and removed and not any(one.does("named", "newest") for one in read):
        return "it does not say which events were left out"
    if claim.kind == "item" and not any(one.does("all") for one in read):
        return "it does not take all of them away"
    if claim.weakness in ("newest do as well", "only in part") and not any(
        one.does("because") for one in read
    ):
        return "it does not say that this is said of the reason"
    if any(one.does("would") for one in read) and not removed:
        return "it says what would be, but not without what"
    return ""


def _wrong_denial(read: tuple[Token, ...], claim: Claim) -> str:
    """A denial turns a sentence round; only claims of weakness have one of their own."""
    denials = [one for i, one in enumerate(read) if one.does("not") and not takes_away(read, i)]
    if claim.kind == "counterfactual" and claim.leaves:
        text = " ".join(one.text for one in read)
        if denials and re.search(r"\bno longer\b|不再", text):
            denials = denials[1:]
    if claim.kind == "weak":
        if claim.weakness in ("newest do as well", "only in part"):
            return "it denies the weakness" if denials else ""
        return "it denies twice" if len(denials) > 1 else ""
    return f"“{denials[0].text}” denies what is claimed" if denials else ""


def _wrong_order(read: tuple[Token, ...], claim: Claim) -> str:
    """What is said to come first must come first."""
    ranked = claim.kind in ("influence", "affinity")
    if ranked and claim.rank > 1 and any(one.does("most") for one in read):
        return f"it comes in place {claim.rank}, not first"
    if ranked and claim.rank == 1 and any(one.does("second") for one in read):
        return "it comes first"
    whole = claim.kind in ("repetition", "item", "profile", "popularity", "order", "interval")
    if whole and any(one.does("most") for one in read):
        return "nothing says that it comes first"
    if claim.kind != "weak" and any(one.does("least") for one in read):
        return "nothing says that it is small"
    because = [i for i, one in enumerate(read) if one.does("because")]
    acts = [i for i, one in enumerate(read) if one.does("purchase", "view", "cart")]
    if because and acts and acts[0] < because[0] and claim.kind not in ("repetition", "interval"):
        return "it gives a reason for what a person did"
    return ""
