"""Sentences parsed back and held against the numbers of the explanation's document.

A sentence is matched with the wording that it was made by; what stands in a slot is read, and has
to be what the document has where the claim points. What is called first has to be first. Shares no
code with what fills slots or chooses wordings.
"""

from __future__ import annotations

import re
import statistics
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from recommender.words import Sentence

Document = dict[str, Any]
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
LOWERS = "falls|lower|loses|takes?|costs|below|behind|下降|降低|减去|失去|会低|得分比.*低|落后"
"""What is said of a number without a sign that is taken off. (Where a rank falls is no number.)"""


def holds(sentence: Sentence, document: Document) -> bool:
    """Whether every slot of the sentence is right, and what it says of them is."""
    about = _About(document, document["claims"][sentence.claims[0]])
    found = _pattern(sentence.wordings[0]).fullmatch(sentence.text)
    return (
        found is not None
        and all(about.right(slot, text) for slot, text in found.groupdict().items())
        and about.first()
        and about.turned(sentence.wordings[0])
    )


def _pattern(wording: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(wording)))


class _About:
    """What the document has of one of its claims."""

    def __init__(self, document: Document, claim: dict[str, Any]) -> None:
        self.document, self.claim, self.kind = document, claim, claim["kind"]
        self.rows = [document["events"][j] for j in claim.get("events", ())]
        self.found = [_resolved(document, place) for place in claim["evidence"]]
        if self.kind in ("repetition", "affinity"):
            self.found = [sum(self.found)]
        elif self.kind == "interval":
            days = sorted({_day(row) for row in self.rows})
            self.found = [statistics.median((b - a).days for a, b in pairwise(days))]

    def right(self, slot: str, text: str) -> bool:
        """Whether this stands there rightly."""
        document, known = self.document, self.found
        match slot:
            case "size":
                return text[0] not in "+−" and _close(text, abs(known[0]))
            case "value" | "change":
                return _close(text, known[0] if slot == "value" else -known[0])
            case "part" | "whole" | "change_newest":
                return _close(text, -known[1] if slot == "change_newest" else known[1])
            case "weight":
                return abs(float(text.rstrip("%")) - 100 * known[0]) < 0.0501
            case "interval" | "events" | "purchases":
                return _number(text) == (known[0] if slot == "interval" else len(self.rows))
            case "before" | "after":
                return _number(text) == self.ranks()[slot == "after"]
            case "top":
                return _number(text) == document["counterfactual"]["k"]
            case "ago":
                return self.ago(text, max(self.rows, key=lambda row: row["time"]))
            case "about":
                return self.about(text, self.rows[0])
            case "through":
                feature = THROUGH.get(text) or re.sub("^(its |其)?“|”$", "", text)
                return self.rows[0]["features"][feature] == known[1]
            case "titles":
                return all(f"“{row['title']}”" in text for row in self.rows)
            case "feature_value" if text == "未知":
                return bool(self.claim[slot] == "unknown")
        names = {
            "title": self.rows[0]["title"] if self.rows else "",
            "candidate": document["title"],
            "other": self.other(),
        }
        return bool(text == (names.get(slot) or self.claim[slot]))

    def first(self) -> bool:
        """Whether what is singled out is the largest, and what is counted is all there is."""
        events, kind, claim = self.document["events"], self.kind, self.claim
        if kind in ("influence", "share") and claim["rank"] == 1:
            return self.rows[0]["influence"] == max(one["influence"] for one in events)
        if kind == "disagreement":
            return self.found[0] == max(one[claim["lens"]] for one in events)
        if kind == "contrast":
            way = max if self.found[0] >= 0 else min
            return self.found[1] == way(self.document["contrast"]["events"])
        if kind == "affinity" and "feature_value" in claim:
            return len(self.rows) == sum(
                one["values"][claim["feature"]] == claim["feature_value"] for one in events
            )
        if kind == "item":
            return len(self.rows) == sum(one["title"] == self.rows[0]["title"] for one in events)
        if kind == "weak" and "part" in claim:
            verdicts = {"newest do as well": "weak", "only in part": "mixed"}
            return bool(self.document["trust"]["verdict"] == verdicts[claim["weakness"]])
        return kind != "repetition" or len(self.rows) == sum(
            one["item_id"] == self.document["item_id"] and one["event"] == "purchase"
            for one in events
        )

    def turned(self, wording: str) -> bool:
        """Whether a size is said to be taken off where it is, and a rank to rise where it does."""
        if self.kind in ("item", "counterfactual"):
            before, after = self.ranks()
            return bool(re.search("rises? from|enter|升|进入前", wording)) == (after < before)
        signed = self.kind in ("repetition", "profile", "popularity", "order", "contrast")
        return not signed or bool(re.search(LOWERS, wording)) == (self.found[0] < 0)

    def ranks(self) -> tuple[int, int]:
        if self.kind == "item":
            (one,) = (x for x in self.document["item_deletions"] if x["loss"] == self.found[0])
            return one["rank_before"], one["rank_after"]
        before, after = self.found[-2:]
        return before, after

    def other(self) -> str:
        if self.kind == "disagreement":
            return str(max(self.document["events"], key=lambda one: one["influence"])["title"])
        if self.kind == "contrast":
            return str(self.document["contrast"]["other"])
        return str(self.document.get("counterfactual", {}).get("other_title", ""))

    def ago(self, text: str, event: dict[str, Any]) -> bool:
        then, now = (datetime.fromisoformat(one) for one in (event["time"], self.document["as_of"]))
        days = max((now - then).days, 0)
        return days == (0 if text in ("the same day", "当天") else _number(text))

    def about(self, text: str, event: dict[str, Any]) -> bool:
        """*purchase, 3 May 2024, 12 days before*, or the same in Chinese."""
        kind, day, ago = re.split(", |，", text)
        when, named = _day(event), KINDS.get(kind, kind.strip("“”"))
        days = (f"{when.day} {when:%b %Y}", f"{when.year}年{when.month}月{when.day}日")
        return named == event["event"] and day in days and self.ago(ago, event)


def _day(event: dict[str, Any]) -> date:
    return datetime.fromisoformat(event["time"]).date()


def _number(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))


def _close(text: str, value: float) -> bool:
    """Equal to the last digit that is written."""
    return abs(float(text.replace(",", "").replace("−", "-")) - value) <= 0.00501


def _resolved(document: Any, place: str) -> Any:
    """What a JSON pointer points to (RFC 6901)."""
    for part in place.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document
