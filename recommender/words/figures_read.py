"""The numbers of a sentence against those of a claim: each has to be the right one for its role."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.explain.claims import Claim
from recommender.words.facts import Role, facts
from recommender.words.reading import Token

_NEAR, _FAR = 4, 14


def wrong_number(read: Sequence[Token], claim: Claim) -> str:
    """The first number that the claim does not back in the role it has in the sentence."""
    backed, roles = facts(claim), _roles(read, claim)
    seen: set[Role] = set()
    for place, one in enumerate(read):
        if one.does("same_day") and backed.get("ago") != 0:
            return "it was not the same day"
        if one.kind != "number":
            continue
        role = roles[place]
        if role not in backed:
            return f"{one.text} has no place in that claim"
        if not _same(one, backed[role]):
            return f"{one.text} is not its number"
        if role in ("value", "part") and not _sign_fits(read, one, backed[role], claim):
            return f"{one.text} has the wrong sign"
        seen.add(role)
    return ""


def _same(said: Token, value: float) -> bool:
    """Equal as far as it is written out; scores need at least one decimal."""
    return abs(said.value - abs(value)) <= 0.5 * 10**-said.decimals + 1e-6 and (
        said.decimals > 0 or abs(abs(value) - round(abs(value))) < 1e-6
    )


def _sign_fits(read: Sequence[Token], said: Token, value: float, claim: Claim) -> bool:
    if abs(value) < 0.005:
        return True
    removed = any(one.does("remove") for one in read)
    if not said.sign:
        falls = any(one.does("down", "versus_down") for one in read)
        plain = claim.kind in ("influence", "counterfactual", "contrast") or (
            claim.kind == "weak" and claim.weakness != "newest do as well"
        )
        return plain or value >= 0 or falls
    negative = said.sign == "-"
    if claim.kind == "influence" and removed:
        return negative
    return negative == (value < 0)


def _roles(read: Sequence[Token], claim: Claim) -> dict[int, Role]:
    """What each number of the sentence is, by the words around it."""
    numbers = [i for i, one in enumerate(read) if one.kind == "number"]
    roles: dict[int, Role] = {}
    for i in numbers:
        roles[i] = _by_unit(read, i, claim)
    ranks = [i for i in numbers if roles[i] == "before"]
    for place, i in enumerate(ranks):
        alone = len(ranks) == 1
        before = read[i - 1].text in ("from", "now", "is", "从") or _word(read, i - 2) == "从"
        roles[i] = "before" if (before if alone else place == 0) else "after"
    plain = [i for i in numbers if roles[i] == "value"]
    if "part" in facts(claim):
        for i in _parts(read, plain, claim):
            roles[i] = "part"
    return roles


def _word(read: Sequence[Token], i: int) -> str:
    return read[i].text if 0 <= i < len(read) else ""


def _does(read: Sequence[Token], i: int, *classes: str) -> bool:
    return 0 <= i < len(read) and read[i].does(*classes)


def _by_unit(read: Sequence[Token], i: int, claim: Claim) -> Role:
    one = read[i]
    if one.does("percent"):
        return "percent"
    if _does(read, i + 1, "days"):
        if _does(read, i + 2, "ago") or (_word(read, i + 1) == "天" and _does(read, i + 2, "ago")):
            return "ago"
        if _word(read, i + 2) == "since":
            return "ago"
        return "interval"
    if one.does("times") or _does(read, i + 1, "times", "purchase", "view", "cart"):
        return "times"
    if _does(read, i + 2, "times", "purchase") and _does(read, i + 1, "named", "newest", "most"):
        return "times"
    if one.decimals == 0 and not one.sign and claim.ranks is not None:
        if _does(read, i - 1, "top"):
            return "top"
        ranked = any(token.does("rank") for token in read) or one.does("ordinal")
        return "before" if ranked else "value"
    return "value"


def _parts(read: Sequence[Token], plain: list[int], claim: Claim) -> list[int]:
    """The numbers that a cue calls the second one."""
    cue = {
        "share": ("part",),
        "popularity": ("whole",),
        "order": ("whole",),
        "tested": ("newest",),
        "weak": ("newest",),
        "contrast": ("lead", "part"),
    }[claim.kind]
    reach = _NEAR if claim.kind in ("share", "popularity", "order") else _FAR
    if claim.kind in ("popularity", "order"):
        reach = 4
    found: list[int] = []
    for i, one in enumerate(read):
        if not one.does(*cue):
            continue
        ahead = [n for n in plain if i < n <= i + reach]
        back = [n for n in plain if i - reach <= n < i]
        if claim.kind in ("popularity", "order"):
            ahead = [
                n
                for n in ahead
                if not any(t.does("up", "down") or t.text == "by" for t in read[i:n])
            ]
        if ahead:
            found += [n for n in ahead[:1] if n not in found]
        elif back and back[-1] not in found and claim.kind != "popularity":
            found.append(back[-1])
    return found
