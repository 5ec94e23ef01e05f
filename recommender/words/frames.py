"""Who moves whom, and which way: a sentence's subjects, removals and directions against a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recommender.explain.claims import Claim
from recommender.words.reading import Token

_JOINTS = (",", "，", "、", "and", "和", "与", "及", "以及", "or")
_POINTED = (
    "它",
    "它们",
    "这次",
    "这",
    "这次行为",
    "这个事件",
    "该事件",
    "历史记录",
    "it",
    "them",
    "this",
    "that",
)
_SKIPPED = 5
"""Words that may stand between *without* and what is taken away."""


def wrong_direction(read: Sequence[Token], claim: Claim) -> str:
    """Something is said to raise that lowers, or the other way round."""
    if claim.kind in ("weak", "tested", "interval", "disagreement"):
        return ""
    if claim.kind == "contrast":
        return _wrong_comparison(read, claim)
    if claim.kind == "counterfactual":
        return _wrong_outcome(read, claim)
    for clause in _clauses(read):
        removed = any(one.does("remove") for one in clause)
        for one in clause:
            way = _way(one)
            if way and (way if not removed else -way) != (1 if claim.value >= 0 else -1):
                return f"“{one.text}” says the opposite"
    gives = any(one.does("give") for one in read)
    signed = any(one.kind == "number" and one.sign == "-" for one in read)
    lowered = any(one.does("down") for one in read)
    if claim.value < 0 and gives and not (signed or lowered):
        return "it does not say that it lowers"
    return ""


def _way(one: Token) -> int:
    """1 for up, -1 for down, 0 for neither, or for a word that can be both."""
    return int(one.does("up", "versus_up")) - int(one.does("down", "versus_down"))


def _clauses(read: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for one in read:
        if one.does("break"):
            yield clause
            clause = []
        else:
            clause.append(one)
    yield clause


def _wrong_comparison(read: Sequence[Token], claim: Claim) -> str:
    """Who is named first is the one who scores above or below."""
    named = [one.text for one in read if one.kind == "name"]
    named = [one for one in named if one in (claim.candidate, claim.other)]
    expected = 1 if claim.value >= 0 else -1
    if named[0] == claim.other and claim.other != claim.candidate:
        expected = -expected
    for i, one in enumerate(read):
        if one.does("lead", "part") and _led_by(read, i, claim) not in ("", claim.title):
            return f"“{_led_by(read, i, claim)}” is not what speaks most"
    ways = [(one, _way(one)) for one in read if _way(one)]
    for one, way in ways:
        if way != expected:
            return f"“{one.text}” says the opposite"
    return "" if ways else "it does not say which is above"


def _led_by(read: Sequence[Token], i: int, claim: Claim) -> str:
    """What is said to speak most: the name that follows, or, where that is for whom, the one
    before."""
    ahead = read[i + 1 : i + 2]
    if ahead and ahead[0].text == claim.candidate != claim.title:
        named = [one.text for one in read[:i] if one.kind == "name"]
        return named[-1] if named else ""
    return _near(read, i, 1)


def _wrong_outcome(read: Sequence[Token], claim: Claim) -> str:
    """Without the events the candidate leaves and the other comes in, or the other way round."""
    removed = set().union(*(set(run) for run in _removals(read)))
    if {read[i].text for i in removed} != set(claim.titles):
        return "it does not take away what was taken away"
    moved = False
    for i, one in enumerate(read):
        way = _way(one)
        if not way or one.does("remove"):
            continue
        expected = -1 if claim.leaves else 1
        subject = _subject(read, i, removed)
        if subject == claim.other and claim.other != claim.candidate:
            expected = -expected
        if way != expected:
            return f"“{one.text}” says the opposite"
        moved = True
    numbers = [one for one in read if one.kind == "number"]
    return "" if moved or numbers else "it does not say what changes"


def _subject(read: Sequence[Token], i: int, removed: set[int]) -> str:
    """The nearest name before, in the clause, that is not taken away."""
    for j in range(i - 1, -1, -1):
        if read[j].does("break"):
            break
        if read[j].kind == "name" and j not in removed:
            return read[j].text
    return ""


def takes_away(read: Sequence[Token], i: int) -> bool:
    """Whether this word takes something away; some words do, or deny, by what follows them."""
    if not read[i].does("remove"):
        return False
    if not read[i].does("not"):
        return True
    after = read[i + 1 : i + 2]
    return bool(after) and (after[0].kind == "name" or after[0].text in _POINTED)


def _removals(read: Sequence[Token]) -> Iterator[list[int]]:
    """Places of the names that are taken away, for each word that takes away."""
    for i in range(len(read)):
        if not takes_away(read, i):
            continue
        ahead = next(
            (j for j in range(i + 1, min(i + 2 + _SKIPPED, len(read))) if read[j].kind == "name"),
            None,
        )
        between = read[i + 1 : ahead] if ahead is not None else ()
        if ahead is not None and not any(t.kind == "mark" or t.does("would") for t in between):
            yield _run(read, ahead, 1)
            continue
        back = next(
            (j for j in range(i - 1, max(i - 2 - _SKIPPED, -1), -1) if read[j].kind == "name"), None
        )
        if back is not None:
            yield _run(read, back, -1)


def _run(read: Sequence[Token], start: int, step: int) -> list[int]:
    """Names in a row, with commas and *and* between them."""
    found, at = [start], start + step
    while 0 <= at < len(read):
        joints = 0
        while 0 <= at < len(read) and read[at].text in _JOINTS:
            joints, at = joints + 1, at + step
        if not joints or not 0 <= at < len(read) or read[at].kind != "name":
            break
        if read[at - step].text in (",", "，") and not _goes_on(read, at, step):
            break
        found.append(at)
        at += step
    return found


def _goes_on(read: Sequence[Token], at: int, step: int) -> bool:
    """Whether a list goes on after this name: a comma alone ends a list as often as not."""
    after = read[at + step : at + 4 * step : step]
    joints = [one.text in _JOINTS for one in after]
    return bool(joints) and joints[0] and any(one.kind == "name" for one in after)


def wrong_subject(read: Sequence[Token], claim: Claim) -> str:
    """The event moves the candidate, never the other way; each lens has its own item."""
    if claim.kind == "disagreement":
        return _wrong_lens(read, claim)
    if claim.kind not in ("influence", "item") or claim.title == claim.candidate:
        return ""
    for run in _removals(read):
        if any(read[i].text != claim.title for i in run):
            return "it takes away something else"
    for i, one in enumerate(read):
        if one.does("influence") and read[i + 1 : i + 2] and read[i + 1].text == claim.title:
            return "it says that something moves itself"
        if one.does("influence", "depend"):
            before, after = _near(read, i, -1), _near(read, i, 1)
            passive = one.does("depend")
            pair = (claim.title, claim.candidate) if passive else (claim.candidate, claim.title)
            if (before, after) == pair:
                return "it turns round who moves whom"
    return ""


def _near(read: Sequence[Token], i: int, step: int) -> str:
    at = i + step
    while 0 <= at < len(read) and not read[at].does("break"):
        if read[at].kind == "name":
            return read[at].text
        at += step
    return ""


def _wrong_lens(read: Sequence[Token], claim: Claim) -> str:
    own = "look" if claim.lens == "attention" else "count"
    for clause in _clauses(read):
        for i, one in enumerate(clause):
            names = [(abs(j - i), t.text) for j, t in enumerate(clause) if t.kind == "name"]
            if not names:
                continue
            nearest = min(names)[1]
            if one.does(own) and nearest != claim.title:
                return f"“{nearest}” is not what it {own}ed at"
            if one.does("influence") and nearest != claim.other:
                return f"“{nearest}” is not what mattered most"
    return ""
