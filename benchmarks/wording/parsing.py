# ruff: noqa: E501 - a sentence that is looked for stands whole
"""Sentences parsed back and held against the numbers of the explanation's document.

Shares no code with the templates or the checker: patterns and arithmetic are its own, and it looks
at events, shares and ranks, not at claims.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import Any

Document = dict[str, Any]
NUMBER = r"[+−]?[\d,]+\.\d\d"
KINDS = {
    "purchase": "purchase", "view": "view", "put in the cart": "cart",
    "购买": "purchase", "浏览": "view", "加入购物车": "cart",
}  # fmt: skip
THROUGH = {
    "repetition, being the same product": "+again", "重复购买（同一商品）": "+again",
    "being often bought together with it": "+together", "两者常被一起购买": "+together",
    "being an event at all": "+any", "任何事件本身": "+any",
    "this very product": "item_id", "该商品本身": "item_id",
}  # fmt: skip


def holds(sentence: str, language: str, document: Document) -> bool:
    """Whether the sentence is one that this parser knows and every number in it is right."""
    for pattern, check in PATTERNS[language]:
        found = pattern.fullmatch(sentence)
        if found and check(document, found.groupdict()):
            return True
    return False


Groups = dict[str, str]


def close(text: str, value: float) -> bool:
    """Equal to the last digit that is written."""
    return abs(float(text.replace(",", "").replace("−", "-")) - value) <= 0.00501


def size(text: str, value: float) -> bool:
    return not text.startswith(("+", "−")) and close(text, abs(value))


def whole(text: str, value: float) -> bool:
    return int(text.replace(",", "")) == value


def day_of(event: dict[str, Any]) -> date:
    return datetime.fromisoformat(event["time"]).date()


def ago(text: str, event: dict[str, Any], document: Document) -> bool:
    moments = datetime.fromisoformat(document["as_of"]) - datetime.fromisoformat(event["time"])
    days = max(int(moments.total_seconds() // 86_400), 0)
    if text in ("the same day", "当天"):
        return days == 0
    return int(re.sub(r"[^\d]", "", text)) == days


def about(text: str, event: dict[str, Any], document: Document) -> bool:
    """*purchase, 3 May 2024, 12 days before*, or the same in Chinese."""
    english = re.fullmatch(r"(.+?), (\d+ \w{3} \d{4}), (.+)", text)
    chinese = re.fullmatch(r"(.+?)，(\d+)年(\d+)月(\d+)日，(.+)", text)
    if english:
        kind, said, before = english.groups()
        day = datetime.strptime(said, "%d %b %Y").date()
    elif chinese:
        kind, before = chinese[1], chinese[5]
        day = date(int(chinese[2]), int(chinese[3]), int(chinese[4]))
    else:
        return False
    right_kind = KINDS.get(kind, kind.strip("“”")) == event["event"]
    return right_kind and day == day_of(event) and ago(before, event, document)


def same_value(said: str, value: str) -> bool:
    """Values are data and said as they are, but for the one that nobody knows."""
    return said == value or (said, value) == ("未知", "unknown")


def best(document: Document, lens: str) -> dict[str, Any]:
    return max(document["events"], key=lambda event: event[lens])


def candidates(document: Document, groups: Groups) -> Iterable[dict[str, Any]]:
    title = groups.get("t", document["title"])
    for event in document["events"]:
        if event["title"] == title and about(groups["a"], event, document):
            yield event


def influence(document: Document, groups: Groups) -> bool:
    top = best(document, "influence")["influence"]
    return own(groups, document) and any(
        event["influence"] == top and size(groups["s"], event["influence"])
        for event in candidates(document, groups)
    )


def influence_next(document: Document, groups: Groups) -> bool:
    return any(
        event["influence"] > 0 and size(groups["s"], event["influence"])
        for event in candidates(document, groups)
    )


def named_first(document: Document, groups: Groups) -> bool:
    top = best(document, "influence")["influence"]
    return any(event["influence"] == top for event in candidates(document, groups))


def doubtful(document: Document, groups: Groups) -> bool:
    return named_first(document, groups) and document["trust"]["verdict"] == "weak"


def own(groups: Groups, document: Document) -> bool:
    return groups.get("c", document["title"]) == document["title"]


def share(document: Document, groups: Groups) -> bool:
    top = best(document, "influence")
    through = groups["p"]
    feature = THROUGH.get(through) or through.strip("“”").removeprefix("its “").removeprefix("其“")
    shares = top["features"]
    strongest = max(shares.values()) if top["contribution"] >= 0 else min(shares.values())
    return (
        top["title"] == groups["t"]
        and close(groups["v"], top["contribution"])
        and close(groups["q"], shares[feature])
        and shares[feature] == strongest
    )


def affinity(document: Document, groups: Groups) -> bool:
    name, label = groups["f"], groups.get("w")
    rows = [
        event
        for event in document["events"]
        if label is None or same_value(label, event["values"][name])
    ]
    counted = "n" not in groups or whole(groups["n"], len(rows))
    return counted and close(groups["v"], sum(event["features"][name] for event in rows))


def bought(document: Document) -> list[dict[str, Any]]:
    return [
        event
        for event in document["events"]
        if event["item_id"] == document["item_id"] and event["event"] == "purchase"
    ]


def repetition(document: Document, groups: Groups) -> bool:
    value = sum(event["features"]["+again"] for event in bought(document))
    said = groups.get("v") or groups.get("s")
    if said is not None:
        right = close(said, value) if "v" in groups else value < 0 and size(said, value)
    else:
        right = value > 0
    return right and own(groups, document) and whole(groups["n"], len(bought(document)))


def interval(document: Document, groups: Groups) -> bool:
    days = sorted({day_of(event) for event in bought(document)})
    gaps = [(late - early).days for early, late in pairwise(days)]
    last = max(bought(document), key=lambda event: event["time"])
    stated = float(re.sub(r"[^\d.]", "", groups["i"]))
    return (
        own(groups, document)
        and stated == statistics.median(gaps)
        and ago(groups["g"], last, document)
    )


def rank_or_none(groups: Groups, before: int, after: int) -> bool:
    """The ranks before and after, which are said unless they are the same."""
    if "x" not in groups:
        return before == after
    return whole(groups["b"], before) and whole(groups["x"], after)


def all_of_item(document: Document, groups: Groups) -> bool:
    rows = [event for event in document["events"] if event["title"] == groups["t"]]
    (found,) = [one for one in document["item_deletions"] if one["title"] == groups["t"]]
    return (
        whole(groups["n"], len(rows))
        and [event["position"] for event in rows] == list(found["events"])
        and found["loss"] > 0
        and size(groups["s"], found["loss"])
        and rank_or_none(groups, found["rank_before"], found["rank_after"])
    )


def profile(document: Document, groups: Groups) -> bool:
    for one in document["profile"]:
        if one["feature"] == groups["f"] and same_value(groups["w"], one["value"]):
            value = one["contribution"]
            if "v" in groups:
                return close(groups["v"], value)
            return value < 0 and size(groups["s"], value)
    return False


def term(name: str) -> Callable[[Document, Groups], bool]:
    def check(document: Document, groups: Groups) -> bool:
        value = document[name]
        right = (
            close(groups["v"], value) if "v" in groups else value < 0 and size(groups["s"], value)
        )
        return right and close(groups["l"], document["logit"])

    return check


def contrast(way: int) -> Callable[[Document, Groups], bool]:
    def check(document: Document, groups: Groups) -> bool:
        found = document["contrast"]
        strongest = max(found["events"], key=lambda value: way * value)
        titles = {
            event["title"]
            for event, value in zip(document["events"], found["events"], strict=True)
            if value == strongest
        }
        return (
            own(groups, document)
            and groups["o"] == found["other"]
            and found["difference"] * way >= 0
            and size(groups["s"], found["difference"])
            and groups["t"] in titles
            and close(groups["q"], strongest)
        )

    return check


def counterfactual(document: Document, groups: Groups) -> bool:
    found = document["counterfactual"]
    titles = set(re.findall("“(.*?)”(?=$|, | and |和|、)", groups["ts"]))
    return (
        own(groups, document)
        and titles == set(found["titles"])
        and whole(groups["n"], len(found["events"]))
        and whole(groups["b"], found["rank_before"])
        and whole(groups["x"], found["rank_after"])
        and whole(groups["k"], found["k"])
        and groups.get("o", found["other_title"]) == found["other_title"]
    )


def disagreement(lens: str) -> Callable[[Document, Groups], bool]:
    def check(document: Document, groups: Groups) -> bool:
        top, mattered = best(document, lens), best(document, "influence")
        said = groups["v"].rstrip(" %").replace("−", "-")
        value = 100 * top[lens] if lens == "attention" else top[lens]
        near = abs(float(said.replace(",", "")) - value) <= (
            0.0501 if lens == "attention" else 0.00501
        )
        return near and top["title"] == groups["t"] and mattered["title"] == groups["o"]

    return check


def tested(document: Document, groups: Groups) -> bool:
    found = document["trust"]
    ranks = "n" not in groups or (
        whole(groups["n"], len(found["named"]))
        and rank_or_none(groups, found["rank_before"], found["rank_without_named"])
    )
    values = close(groups["v"], -found["effect_named"]) and close(
        groups["q"], -found["effect_newest"]
    )
    return ranks and values


def weak(document: Document, groups: Groups) -> bool:
    return document["trust"]["verdict"] == "weak" and tested(document, groups)


def partly(document: Document, groups: Groups) -> bool:
    return document["trust"]["verdict"] == "mixed" and tested(document, groups)


def in_part(document: Document, groups: Groups) -> bool:
    return named_first(document, groups) and document["trust"]["verdict"] == "mixed"


def diffuse(document: Document, groups: Groups) -> bool:
    top = max(event["influence_log"] for event in document["events"])
    return "s" not in groups or size(groups["s"], max(top, 0.0))


def empty(document: Document, groups: Groups) -> bool:
    return not document["events"]


def _group(found: re.Match[str]) -> str:
    body = {"N": NUMBER, "I": r"[\d,]+", "P": r"[\d.,]+ ?%", None: ".+?"}[found[2]]
    return f"(?P<{found[1]}>{body})"


_BESIDE_CHINESE = r"(?<=[\u4e00-\u9fff”])(?=<\w+:[NIP]>)|(?<=:[NIP]>)(?=[\u4e00-\u9fff])"
"""Between Chinese and a number, where a space may stand."""


def _compiled(rows: Iterable[tuple[str, Callable[[Document, Groups], bool]]]) -> list[Any]:
    """`<t>` is a name, `<v:N>` a number with its sign, `<s:N>` one without, `<n:I>` a count."""
    made = []
    for text, check in rows:
        pattern = re.sub(_BESIDE_CHINESE, " ?", re.escape(text))
        pattern = re.sub(r"<(\w+)(?::([NIP]))?>", _group, pattern)
        made.append((re.compile(pattern), check))
    return made


ENGLISH = [
    ("What moved the score most is “<t>” (<a>): without it the score falls by <s:N>.", influence),
    ("“<t>” (<a>) mattered most: taking it away lowers the score by <s:N>.", influence),
    ("Most hangs on “<t>” (<a>): without it the score would be <s:N> lower.", influence),
    ("What moved the score most is an earlier event of “<c>” itself (<a>): without it the score "
     "falls by <s:N>.", influence),
    ("“<c>” itself (<a>) mattered most: taking that event away lowers the score by <s:N>.", influence),
    ("“<t>” (<a>) mattered too: without it the score falls by <s:N>.", influence_next),
    ("Also moved by “<t>” (<a>): taking it away lowers the score by <s:N>.", influence_next),
    ("For this customer, what drives “<c>” most is “<t>” (<a>): <s:N> of the score hangs on it.",
     influence),
    ("“<t>” (<a>) drives “<c>” most for this customer: <s:N> of the score hangs on it.", influence),
    ("For this customer, what drives “<c>” most is an earlier event of its own (<a>): <s:N> of the "
     "score hangs on it.", influence),
    ("“<c>” is driven most by itself for this customer (<a>): <s:N> of the score hangs on that "
     "event.", influence),
    ("“<t>” (<a>) drives it too: <s:N> of the score hangs on it.", influence_next),
    ("“<t>” (<a>) adds to the drive: <s:N> of the score hangs on it.", influence_next),
    ("“<t>” (<a>) moved this suggestion most.", named_first),
    ("Suggested mainly on account of “<t>” (<a>).", named_first),
    ("Of your history, “<t>” (<a>) did most for this suggestion.", named_first),
    ("Perhaps on account of “<t>” (<a>), but this reason is weak.", doubtful),
    ("“<t>” (<a>) may have moved this suggestion; the reason is weak.", doubtful),
    ("The exact share of “<t>” is <v:N>; its largest part, <q:N>, comes through <p>.", share),
    ("Counted exactly, “<t>” gives <v:N>, the largest part of it, <q:N>, through <p>.", share),
    ("Events whose “<f>” is “<w>” add <v:N> through it (<n:I> events).", affinity),
    ("Events whose “<f>” is “<w>” add <v:N> through it (<n:I> event).", affinity),
    ("Through “<f>”, those with “<w>” add <v:N> (<n:I> events).", affinity),
    ("Through “<f>”, those with “<w>” add <v:N> (<n:I> event).", affinity),
    ("Through “<f>” the history adds <v:N>.", affinity),
    ("The history adds <v:N> through “<f>”.", affinity),
    ("The customer's events with the “<f>” “<w>” are worth <v:N> to it (<n:I> events).", affinity),
    ("The customer's events with the “<f>” “<w>” are worth <v:N> to it (<n:I> event).", affinity),
    ("Past events with the “<f>” “<w>” lift it by <v:N> (<n:I> events).", affinity),
    ("Past events with the “<f>” “<w>” lift it by <v:N> (<n:I> event).", affinity),
    ("“<c>” was bought before (<n:I> purchases): repetition adds <v:N>.", repetition),
    ("“<c>” was bought before (<n:I> purchase): repetition adds <v:N>.", repetition),
    ("Repetition adds <v:N>: “<c>” was bought before (<n:I> purchases).", repetition),
    ("Repetition adds <v:N>: “<c>” was bought before (<n:I> purchase).", repetition),
    ("“<c>” was bought before (<n:I> purchases), and here repetition takes <s:N> off.", repetition),
    ("“<c>” was bought before (<n:I> purchase), and here repetition takes <s:N> off.", repetition),
    ("Repetition takes <s:N> off: “<c>” was bought before (<n:I> purchases).", repetition),
    ("Repetition takes <s:N> off: “<c>” was bought before (<n:I> purchase).", repetition),
    ("“<c>” is a repeat purchase (<n:I> purchases before), which is worth <v:N>.", repetition),
    ("“<c>” is a repeat purchase (<n:I> purchase before), which is worth <v:N>.", repetition),
    ("Repeat purchase (<n:I> purchases of “<c>” before) is worth <v:N>.", repetition),
    ("Repeat purchase (<n:I> purchase of “<c>” before) is worth <v:N>.", repetition),
    ("Suggested again: you have bought it before (<n:I> purchases).", repetition),
    ("Suggested again: you have bought it before (<n:I> purchase).", repetition),
    ("You have bought this before (<n:I> purchases), and that counted for it here.", repetition),
    ("You have bought this before (<n:I> purchase), and that counted for it here.", repetition),
    ("Suggested again: your purchases lie about <i> apart, the last one <g>.", interval),
    ("Your purchases of this lie about <i> apart, the last one <g>; that counted.", interval),
    ("Purchases of “<c>” lie about <i> apart (median); the last was <g>.", interval),
    ("The median distance between purchases of “<c>” is <i>, and the last was <g>.", interval),
    ("Without all <n:I> events of “<t>” the score falls by <s:N>, and the rank goes from <b:I> to "
     "<x:I>.", all_of_item),
    ("Taking away all <n:I> events of “<t>” lowers the score by <s:N> (rank <b:I> to <x:I>).",
     all_of_item),
    ("All <n:I> events of “<t>” together are worth <s:N> to it: without them its rank goes from "
     "<b:I> to <x:I>.", all_of_item),
    ("Without all <n:I> events of “<t>” it loses <s:N>, and its rank goes from <b:I> to <x:I>.",
     all_of_item),
    ("Without all <n:I> events of “<t>” the score falls by <s:N>.",
     all_of_item),
    ("Taking away all <n:I> events of “<t>” lowers the score by <s:N>.",
     all_of_item),
    ("Without all <n:I> events of “<t>” the score falls by <s:N>, yet the rank rises from <b:I> to "
     "<x:I>.", all_of_item),
    ("Taking away all <n:I> events of “<t>” lowers the score by <s:N>, and yet the rank rises from "
     "<b:I> to <x:I>.", all_of_item),
    ("It loses <s:N> without all <n:I> events of “<t>”.", all_of_item),
    ("Without all <n:I> events of “<t>” it loses <s:N>.", all_of_item),
    ("It loses <s:N> without all <n:I> events of “<t>”, yet its rank rises from <b:I> to <x:I>.",
     all_of_item),
    ("Without all <n:I> events of “<t>” it loses <s:N>, yet its rank rises from <b:I> to <x:I>.",
     all_of_item),
    ("In the profile, “<f>” being “<w>” adds <v:N>.", profile),
    ("The profile's “<f>”, “<w>”, adds <v:N>.", profile),
    ("In the profile, “<f>” being “<w>” takes <s:N> off.", profile),
    ("The profile's “<f>”, “<w>”, takes <s:N> off.", profile),
    ("The product's own popularity gives <v:N> of the score <l:N>.", term("bias")),
    ("Of the score <l:N>, <v:N> is the product's own popularity.", term("bias")),
    ("The product is less popular than the average, which takes <s:N> off; the score is <l:N>.",
     term("bias")),
    ("Low popularity takes <s:N> off, and the score is <l:N>.", term("bias")),
    ("General popularity is worth <v:N> of its score <l:N>.", term("bias")),
    ("Of its score <l:N>, general popularity makes up <v:N>.", term("bias")),
    ("It is less popular than the average, which costs <s:N>; its score is <l:N>.", term("bias")),
    ("Low general popularity costs <s:N> of its score, which is <l:N>.", term("bias")),
    ("Order and combination of the events give <v:N> of the score <l:N>.", term("order_term")),
    ("Of the score <l:N>, <v:N> is order and combination of the events.", term("order_term")),
    ("Order and combination of the events take <s:N> off; the score is <l:N>.", term("order_term")),
    ("Order and combination of the events take <s:N> off, and the score is <l:N>.",
     term("order_term")),
    ("“<c>” scores <s:N> above “<o>”; what speaks most for it there is “<t>” (<q:N>).", contrast(1)),
    ("“<c>” is <s:N> ahead of “<o>”, most of all through “<t>” (<q:N>).", contrast(1)),
    ("“<c>” scores <s:N> below “<o>”; what speaks most against it there is “<t>” (<q:N>).",
     contrast(-1)),
    ("“<c>” is <s:N> behind “<o>”, most of all through “<t>” (<q:N>).", contrast(-1)),
    ("Without <ts> (<n:I> events) “<c>” would fall from rank <b:I> to <x:I>, out of the top <k:I>.",
     counterfactual),
    ("“<c>” would leave the top <k:I>, from rank <b:I> to <x:I>, without <ts> (<n:I> events).",
     counterfactual),
    ("Without <ts> (<n:I> events) “<c>” would fall from rank <b:I> to <x:I>, out of the top <k:I>, "
     "and “<o>” would come in.", counterfactual),
    ("“<c>” would leave the top <k:I> to “<o>”, from rank <b:I> to <x:I>, without <ts> (<n:I> "
     "events).", counterfactual),
    ("The model looked most at “<t>” (<v:P>), but “<o>” mattered most.", disagreement("attention")),
    ("Looked at most was “<t>” (<v:P>), yet “<o>” mattered most.", disagreement("attention")),
    ("“<t>” counted most (<v:N>), but “<o>” mattered most.", disagreement("contribution")),
    ("Counted most was “<t>” (<v:N>), yet “<o>” mattered most.", disagreement("contribution")),
    ("Put to the test: without the <n:I> events of most influence the rank goes from <b:I> to <x:I> "
     "and the log-probability changes by <v:N>; without as many of the newest it changes by <q:N>.",
     tested),
    ("The test: leaving out the <n:I> events of most influence changes the log-probability by <v:N> "
     "(rank <b:I> to <x:I>), leaving out as many of the newest by <q:N>.", tested),
    ("Put to the test: without the <n:I> events of most influence the log-probability changes by "
     "<v:N>; without as many of the newest it changes by <q:N>.", tested),
    ("The test: leaving out the <n:I> events of most influence changes the log-probability by "
     "<v:N>, leaving out as many of the newest by <q:N>.", tested),
    ("The reason is weak: leaving out the events of most influence changes the log-probability by "
     "<v:N>, the newest ones by <q:N>.", weak),
    ("Do not lean on this reason: leaving out the events of most influence changes the "
     "log-probability by <v:N>, the newest ones by <q:N>.", weak),
    ("The reason holds only in part: leaving out the events of most influence changes the "
     "log-probability by <v:N>, the newest ones by <q:N>.", partly),
    ("This reason does not hold fully: leaving out the events of most influence changes the "
     "log-probability by <v:N>, the newest ones by <q:N>.", partly),
    ("Suggested in part on account of “<t>” (<a>).", in_part),
    ("In part, “<t>” (<a>) moved this suggestion.", in_part),
    ("No single event decides this: taking any one away lowers the log-probability by <s:N> at most.",
     diffuse),
    ("Nothing here hangs on a single event: taking any one away lowers the log-probability by no "
     "more than <s:N>.", diffuse),
    ("No single thing in your history decided this suggestion.", diffuse),
    ("This suggestion does not hang on any single thing in your history.", diffuse),
    ("There is no history to go by: popularity and the profile decide.", empty),
    ("Without a history, popularity and the profile decide.", empty),
    ("There is no history to go by: its own popularity and your profile decided.", empty),
    ("Suggested without a history to go by.", empty),
]  # fmt: skip

CHINESE = [
    ("对得分影响最大的是“<t>”（<a>）：去掉它，得分下降<s:N>。", influence),
    ("“<t>”（<a>）影响最大：去掉它会使得分降低<s:N>。", influence),
    ("得分最依赖“<t>”（<a>）：没有它，得分会低<s:N>。", influence),
    ("对得分影响最大的是“<c>”自身的一个事件（<a>）：去掉它，得分下降<s:N>。", influence),
    ("“<c>”自身（<a>）影响最大：去掉这个事件会使得分降低<s:N>。", influence),
    ("“<t>”（<a>）也有影响：去掉它，得分下降<s:N>。", influence_next),
    ("同样有影响的是“<t>”（<a>）：去掉它会使得分降低<s:N>。", influence_next),
    ("对这位顾客，最能带动“<c>”的是“<t>”（<a>）：得分中有<s:N>取决于它。", influence),
    ("“<t>”（<a>）对这位顾客最能带动“<c>”：得分中有<s:N>取决于它。", influence),
    ("对这位顾客，最能带动“<c>”的是它自身的一个事件（<a>）：得分中有<s:N>取决于它。", influence),
    ("“<c>”对这位顾客最受自身的一个事件（<a>）带动：得分中有<s:N>取决于这个事件。", influence),
    ("“<t>”（<a>）也带动它：得分中有<s:N>取决于它。", influence_next),
    ("同样带动它的还有“<t>”（<a>）：得分中有<s:N>取决于它。", influence_next),
    ("“<t>”（<a>）对这条推荐影响最大。", named_first),
    ("这条推荐主要源于“<t>”（<a>）。", named_first),
    ("在您的历史记录中，“<t>”（<a>）对这条推荐作用最大。", named_first),
    ("可能与“<t>”（<a>）有关，但这个理由较弱。", doubtful),
    ("“<t>”（<a>）或许影响了这条推荐，不过理由较弱。", doubtful),
    ("“<t>”的精确份额为<v:N>，其中最大的一部分<q:N>来自<p>。", share),
    ("精确计算，“<t>”贡献<v:N>，其中最大的一部分<q:N>来自<p>。", share),
    ("“<f>”为“<w>”的事件（<n:I>个事件）通过该特征贡献<v:N>。", affinity),
    ("通过“<f>”，取值为“<w>”的事件（<n:I>个事件）贡献<v:N>。", affinity),
    ("历史记录通过“<f>”贡献<v:N>。", affinity),
    ("通过“<f>”，历史记录贡献<v:N>。", affinity),
    ("该顾客“<f>”为“<w>”的事件（<n:I>个事件）为它带来<v:N>。", affinity),
    ("过去“<f>”为“<w>”的事件（<n:I>个事件）使它提高<v:N>。", affinity),
    ("“<c>”以前买过（<n:I>次购买）：重复购买贡献<v:N>。", repetition),
    ("重复购买贡献<v:N>：“<c>”以前买过（<n:I>次购买）。", repetition),
    ("“<c>”以前买过（<n:I>次购买），但重复购买在这里减去<s:N>。", repetition),
    ("重复购买减去<s:N>：“<c>”以前买过（<n:I>次购买）。", repetition),
    ("“<c>”属于复购（以前<n:I>次购买），带来<v:N>。", repetition),
    ("复购（以前<n:I>次购买“<c>”）带来<v:N>。", repetition),
    ("再次推荐：您以前买过它（<n:I>次购买）。", repetition),
    ("您以前买过它（<n:I>次购买），这为它加了分。", repetition),
    ("再次推荐：您大约每隔<i>购买一次，最近一次在<g>。", interval),
    ("您购买它的间隔约为<i>，最近一次在<g>，这影响了推荐。", interval),
    ("“<c>”的购买间隔约为<i>（中位数），最近一次在<g>。", interval),
    ("购买“<c>”的间隔中位数为<i>，最近一次在<g>。", interval),
    ("去掉“<t>”的全部<n:I>个事件，得分下降<s:N>，排名从第<b:I>名变为第<x:I>名。", all_of_item),
    ("如果没有“<t>”的全部<n:I>个事件，得分会降低<s:N>（第<b:I>名到第<x:I>名）。", all_of_item),
    ("“<t>”的全部<n:I>个事件合起来为它带来<s:N>：没有它们，排名从第<b:I>名变为第<x:I>名。", all_of_item),
    ("没有“<t>”的全部<n:I>个事件，它会失去<s:N>，排名从第<b:I>名变为第<x:I>名。", all_of_item),
    ("去掉“<t>”的全部<n:I>个事件，得分下降<s:N>。", all_of_item),
    ("如果没有“<t>”的全部<n:I>个事件，得分会降低<s:N>。", all_of_item),
    ("去掉“<t>”的全部<n:I>个事件，得分下降<s:N>，但排名从第<b:I>名升至第<x:I>名。", all_of_item),
    ("如果没有“<t>”的全部<n:I>个事件，得分会降低<s:N>，但排名从第<b:I>名升至第<x:I>名。", all_of_item),
    ("如果没有“<t>”的全部<n:I>个事件，它会失去<s:N>。", all_of_item),
    ("没有“<t>”的全部<n:I>个事件，它会失去<s:N>。", all_of_item),
    ("如果没有“<t>”的全部<n:I>个事件，它会失去<s:N>，但排名从第<b:I>名升至第<x:I>名。", all_of_item),
    ("没有“<t>”的全部<n:I>个事件，它会失去<s:N>，但排名从第<b:I>名升至第<x:I>名。", all_of_item),
    ("用户画像中，“<f>”为“<w>”贡献<v:N>。", profile),
    ("用户画像的“<f>”（“<w>”）贡献<v:N>。", profile),
    ("用户画像中，“<f>”为“<w>”减去<s:N>。", profile),
    ("用户画像的“<f>”（“<w>”）减去<s:N>。", profile),
    ("商品自身的热度占得分<l:N>中的<v:N>。", term("bias")),
    ("在得分<l:N>中，<v:N>来自商品自身的热度。", term("bias")),
    ("商品热度低于平均，减去<s:N>；得分为<l:N>。", term("bias")),
    ("热度较低，减去<s:N>，得分为<l:N>。", term("bias")),
    ("整体热度占其得分<l:N>中的<v:N>。", term("bias")),
    ("在其得分<l:N>中，整体热度占<v:N>。", term("bias")),
    ("它的热度低于平均，使其失去<s:N>；得分为<l:N>。", term("bias")),
    ("整体热度较低，使其失去<s:N>，得分为<l:N>。", term("bias")),
    ("事件的顺序与组合占得分<l:N>中的<v:N>。", term("order_term")),
    ("在得分<l:N>中，<v:N>来自事件的顺序与组合。", term("order_term")),
    ("事件的顺序与组合减去<s:N>；得分为<l:N>。", term("order_term")),
    ("事件的顺序与组合减去<s:N>，得分为<l:N>。", term("order_term")),
    ("“<c>”的得分比“<o>”高<s:N>；最支持它的是“<t>”（<q:N>）。", contrast(1)),
    ("“<c>”领先“<o>”<s:N>，主要通过“<t>”（<q:N>）。", contrast(1)),
    ("“<c>”的得分比“<o>”低<s:N>；最不利于它的是“<t>”（<q:N>）。", contrast(-1)),
    ("“<c>”落后“<o>”<s:N>，主要通过“<t>”（<q:N>）。", contrast(-1)),
    ("如果没有<ts>（<n:I>个事件），“<c>”会从第<b:I>名降到第<x:I>名，跌出前<k:I>名。", counterfactual),
    ("没有<ts>（<n:I>个事件）时，“<c>”会离开前<k:I>名：从第<b:I>名到第<x:I>名。", counterfactual),
    ("如果没有<ts>（<n:I>个事件），“<c>”会从第<b:I>名降到第<x:I>名，跌出前<k:I>名，“<o>”会进入。",
     counterfactual),
    ("没有<ts>（<n:I>个事件）时，“<c>”会离开前<k:I>名：从第<b:I>名到第<x:I>名，由“<o>”进入。",
     counterfactual),
    ("模型看得最多的是“<t>”（<v:P>），但影响最大的是“<o>”。", disagreement("attention")),
    ("模型看得最多的是“<t>”（<v:P>），而影响最大的是“<o>”。", disagreement("attention")),
    ("份额最大的是“<t>”（<v:N>），但影响最大的是“<o>”。", disagreement("contribution")),
    ("份额最大的是“<t>”（<v:N>），而影响最大的是“<o>”。", disagreement("contribution")),
    ("检验：去掉影响最大的<n:I>个事件，排名从第<b:I>名变为第<x:I>名，对数概率变化<v:N>；"
     "去掉同样多的最新事件，对数概率变化<q:N>。", tested),
    ("经检验，去掉影响最大的<n:I>个事件使对数概率变化<v:N>（第<b:I>名到第<x:I>名），"
     "去掉同样多的最新事件使其变化<q:N>。", tested),
    ("检验：去掉影响最大的<n:I>个事件，对数概率变化<v:N>；去掉同样多的最新事件，对数概率变化<q:N>。", tested),
    ("经检验，去掉影响最大的<n:I>个事件使对数概率变化<v:N>，去掉同样多的最新事件使其变化<q:N>。", tested),
    ("这个理由较弱：去掉影响最大的事件使对数概率变化<v:N>，去掉最新的事件变化<q:N>。", weak),
    ("不要依赖这个理由：去掉影响最大的事件使对数概率变化<v:N>，去掉最新的事件变化<q:N>。", weak),
    ("这个理由只部分成立：去掉影响最大的事件使对数概率变化<v:N>，去掉最新的事件变化<q:N>。", partly),
    ("这个理由不完全成立：去掉影响最大的事件使对数概率变化<v:N>，去掉最新的事件变化<q:N>。", partly),
    ("这条推荐在一定程度上源于“<t>”（<a>）。", in_part),
    ("“<t>”（<a>）在一定程度上影响了这条推荐。", in_part),
    ("没有哪个事件单独决定结果：去掉任何一个，对数概率最多下降<s:N>。", diffuse),
    ("结果不取决于任何单独一个事件：去掉任何一个，对数概率下降都不超过<s:N>。", diffuse),
    ("您的历史记录中没有哪一项单独决定了这条推荐。", diffuse),
    ("这条推荐不取决于您历史记录中的任何单独一项。", diffuse),
    ("没有历史记录可以参考：由热度和用户画像决定。", empty),
    ("没有历史记录，由热度和用户画像决定。", empty),
    ("没有历史记录可以参考：由商品自身的热度和您的画像决定。", empty),
    ("这条推荐没有历史记录可以参考。", empty),
]  # fmt: skip


def _with_singulars(rows: list[Any]) -> list[Any]:
    more = [(text.replace("<n:I> events", "<n:I> event"), check) for text, check in rows]
    return rows + [row for row in more if row not in rows]


PATTERNS = {"en": _compiled(_with_singulars(ENGLISH)), "zh": _compiled(CHINESE)}
